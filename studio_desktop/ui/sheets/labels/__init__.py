"""Mailing labels: the sheet that people see, and what it is made of.

`wish.py` is what a person chooses, `stock.py` what this workstation knows of its label sheets, `line.py` what the
line understands, `people.py` who gets a label, `printing.py` what becomes of it, `sheet.py` the whole.
"""

from studio_desktop.ui.sheets.labels.sheet import LabelsSheet

__all__ = ["LabelsSheet"]
