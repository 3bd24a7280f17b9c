"""Clients from files, which `reading.py` opens and `cards.py` if they hold vCards.

`mapping.py` knows columns, `service.py` judges and writes.
"""
