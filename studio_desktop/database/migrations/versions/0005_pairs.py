"""What holds of two clients: linked, merged, or not the same; and e-mails that a family shares."""

import sqlalchemy as sa
from alembic import op

from studio_desktop.database.migrations import altered
from studio_desktop.database.types import Id

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with altered("client") as client:
        client.add_column(sa.Column("former_numbers", sa.String(200), nullable=False, server_default=""))
        client.create_check_constraint("former_numbers_length", "length(former_numbers) <= 200")
        client.add_column(sa.Column("merged_into_id", Id))
        client.create_foreign_key(op.f("fk_client_merged_into_id"), "client", ["merged_into_id"], ["id"])
        client.create_check_constraint("not_into_itself", "merged_into_id <> id")
    op.create_index("ix_client_merged", "client", ["merged_into_id"])
    numbered = sa.text("former_numbers != ''")
    op.create_index(
        "ix_client_former_numbers", "client", ["former_numbers"], sqlite_where=numbered, postgresql_where=numbered
    )
    with altered("email") as email:
        email.add_column(sa.Column("shared", sa.Boolean, nullable=False, server_default=sa.false()))
    _create_pair(
        "client_link",
        ("client_id", "other_id"),
        sa.Column("relationship_id", Id, nullable=True),
        sa.Column("inverse", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["relationship_id"], ["relationship.id"], name=op.f("fk_client_link_relationship_id")),
        sa.CheckConstraint("client_id <> other_id", name=op.f("ck_client_link_not_to_itself")),
    )
    _create_pair(
        "duplicate_verdict",
        ("first_id", "second_id"),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_verdict_in_order")),
    )


def _create_pair(name: str, pair: tuple[str, str], *more: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", Id, nullable=False),
        *(sa.Column(column, Id, nullable=False) for column in pair),
        *more,
        *(sa.ForeignKeyConstraint([column], ["client.id"], name=op.f(f"fk_{name}_{column}")) for column in pair),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(*pair, name=op.f(f"uq_{name}_{pair[0]}_{pair[1]}")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{name}_{pair[1]}"), name, [pair[1]])
