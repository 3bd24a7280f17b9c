"""The window: Qt widgets live here and nowhere else."""
