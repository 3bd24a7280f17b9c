"""Pipelines with their stages, why leads are lost, and the leads in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from studio_desktop.database.types import Id, Instant, Key

revision = "0010"
down_revision = "0009"

_ACTIONS = "'none', 'call', 'e-mail', 'letter', 'task', 'meeting'"


def upgrade() -> None:
    _create_catalog(
        "pipeline",
        sa.Column("for_new_leads", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("responsible_id", Id, nullable=True),
        _line("colour", 20),
        _length("pipeline", "colour", 20),
        _link("pipeline", "responsible_id", "user"),
    )
    _create_catalog(
        "pipeline_stage",
        sa.Column("pipeline_id", Id, nullable=False),
        sa.Column("days_allowed", sa.Integer, nullable=True),
        sa.Column("next_action", sa.String(20), nullable=False, server_default="none"),
        _line("next_action_text", 200),
        sa.Column("outcome", sa.String(20), nullable=False, server_default="open"),
        sa.CheckConstraint("days_allowed BETWEEN 0 AND 3650", name=op.f("ck_pipeline_stage_days_allowed")),
        _one_of("pipeline_stage", "next_action", _ACTIONS),
        _length("pipeline_stage", "next_action_text", 200),
        _one_of("pipeline_stage", "outcome", "'open', 'won', 'lost'"),
        _link("pipeline_stage", "pipeline_id", "pipeline"),
        unique=("pipeline_id", "description_key"),
    )
    _create_catalog("lost_reason")
    references = {
        "client_id": "client", "pipeline_id": "pipeline", "stage_id": "pipeline_stage", "responsible_id": "user",
        "lost_reason_id": "lost_reason",
    }  # fmt: skip
    op.create_table(
        "lead",
        sa.Column("id", Id, nullable=False),
        *(sa.Column(name, Id, nullable=name.startswith(("resp", "lost"))) for name in references),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("stage_since", sa.Date, nullable=False),
        sa.Column("next_action", sa.String(20), nullable=False, server_default="none"),
        _line("next_action_text", 200),
        sa.Column("next_action_on", sa.Date, nullable=True),
        sa.Column("closed_on", sa.Date, nullable=True),
        _line("remark", 300),
        _one_of("lead", "next_action", _ACTIONS),
        _length("lead", "next_action_text", 200),
        _length("lead", "remark", 300),
        *(_link("lead", name, of) for name, of in references.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_lead_client_id"), "lead", ["client_id"])
    op.create_index("ix_lead_stage", "lead", ["stage_id", "next_action_on"])
    is_open = sa.text("closed_on IS NULL")
    op.create_index(
        "uq_lead_open", "lead", ["client_id", "pipeline_id"], unique=True, sqlite_where=is_open,
        postgresql_where=is_open,
    )  # fmt: skip


def _create_catalog(name: str, *more: sa.schema.SchemaItem, unique: tuple[str, ...] = ("description_key",)) -> None:
    op.create_table(
        name,
        sa.Column("id", Id, nullable=False),
        _line("description", 80),
        sa.Column("description_key", Key, nullable=False, server_default=""),
        sa.Column("position", sa.Integer, nullable=False, server_default="0"),
        sa.Column("inactive", sa.Boolean, nullable=False, server_default=sa.false()),
        *(item for item in more if isinstance(item, sa.Column)),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", Id, nullable=True),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("updated_by", Id, nullable=True),
        _length(name, "description", 80),
        *(item for item in more if not isinstance(item, sa.Column)),
        _link(name, "created_by", "user"),
        _link(name, "updated_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),
        sqlite_autoincrement=True,
    )


def _line(name: str, limit: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(limit), nullable=False, server_default="")


def _length(table: str, column: str, limit: int) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"length({column}) <= {limit}", name=op.f(f"ck_{table}_{column}_length"))


def _one_of(table: str, column: str, allowed: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({allowed})", name=op.f(f"ck_{table}_{column}_known"))


def _link(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"))
