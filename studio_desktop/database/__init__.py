"""Tables, connections, migrations, the search index and backups, on SQLite and PostgreSQL."""
