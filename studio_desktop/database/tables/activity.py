"""What the studio does with its clients: the steps that messages, photo sessions, tasks and orders pass through."""

from __future__ import annotations

from studio_desktop.database.tables.base import workflow

communication_status = workflow("communication_status")
photo_session_status = workflow("photo_session_status")
task_status = workflow("task_status")
production_status = workflow("production_status")
