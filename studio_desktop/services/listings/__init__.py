"""Every grid of the program, declared once: `declaration.py` says how, `service.py` reads them."""
