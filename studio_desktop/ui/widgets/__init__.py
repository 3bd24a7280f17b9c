"""The pieces that windows are made of; those a Designer form may name are listed in `ui/form.py`."""
