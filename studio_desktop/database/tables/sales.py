"""What the studio sells: the steps that an invoice passes through."""

from __future__ import annotations

from studio_desktop.database.tables.base import workflow

invoice_status = workflow("invoice_status")
