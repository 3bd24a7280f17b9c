"""Clients from files, which `reading.py` opens and `cards.py` if they hold vCards.

`mapping.py` knows columns, `rows.py` makes a record of a row with `contacts.py` and `values.py`, `matching.py` gives
it its verdict, `updating.py` says what it makes of a client that the studio has, `writing.py` carries out; `service.py`
is what others call. What a long file holds, and what became of each row, lies in temporary files (`spool.py`,
`judged.py`): a million rows would not fit into the memory of a front desk.
"""
