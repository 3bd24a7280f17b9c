"""One screen per kind of record, and the day."""
