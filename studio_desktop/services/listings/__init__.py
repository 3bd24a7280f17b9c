"""Every grid of the program, declared once."""
