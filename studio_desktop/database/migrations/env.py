"""Alembic's way in: the connection comes from `database/migrate.py`, inside its transaction."""

from alembic import context

from studio_desktop.database.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
