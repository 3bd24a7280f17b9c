"""Clients from spreadsheets: `reading.py` opens files, `mapping.py` knows columns, `service.py` judges and writes."""
