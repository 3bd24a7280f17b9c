"""Clients from files, which `reading.py` opens and `cards.py` if they hold vCards.

`mapping.py` knows columns, `rows.py` makes a record of a row, `matching.py` gives it its verdict, `updating.py` says
what it makes of a client that the studio has, `writing.py` carries out; `service.py` is what others call.
"""
