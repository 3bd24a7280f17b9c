"""More about the person: custom fields, organizations, tags, marketing plans, household, inverse relationships."""

import sqlalchemy as sa
from alembic import op

from studio_desktop.database.migrations import altered
from studio_desktop.database.types import Id, Instant, Key

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _create_catalog("client_tag", _line("colour", 20))
    _create_catalog("marketing_plan", _line("remark", 200))
    _create_catalog("organization", _line("town", 80), _line("remark", 200))
    with altered("relationship") as relationship:
        relationship.add_column(_line("inverse", 80))
        relationship.create_check_constraint("inverse_length", "length(inverse) <= 80")
    with altered("client") as client:
        for number in range(5, 15):
            client.add_column(_line(f"custom_text_{number}", 200))
            client.create_check_constraint(f"custom_text_{number}_length", f"length(custom_text_{number}) <= 200")
        for number in (3, 4):
            client.add_column(sa.Column(f"custom_date_{number}", sa.Date))
        for number in (1, 2):
            client.add_column(sa.Column(f"custom_memo_{number}", sa.Text, nullable=False, server_default=""))
            client.create_check_constraint(f"custom_memo_{number}_length", f"length(custom_memo_{number}) <= 64000")
        client.add_column(_line("household_name", 120))
        client.create_check_constraint("household_name_length", "length(household_name) <= 120")
        client.add_column(sa.Column("deceased", sa.Boolean, nullable=False, server_default=sa.false()))
    _create_link("client_tag_member", "tag_id", "client_tag")
    _create_link("client_plan_member", "plan_id", "marketing_plan")
    op.create_table(
        "client_plan_date",
        sa.Column("id", Id, nullable=False),
        sa.Column("uid", sa.String(36), nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("position", sa.Integer, nullable=False, server_default="0"),
        _line("member_uid", 36),
        sa.Column("occasion", sa.String(20), nullable=False, server_default="birthday"),
        sa.CheckConstraint("length(member_uid) <= 36", name=op.f("ck_client_plan_date_member_uid_length")),
        sa.CheckConstraint("occasion IN ('birthday', 'anniversary')", name=op.f("ck_client_plan_date_occasion_known")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_plan_date_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_plan_date")),
        sa.UniqueConstraint("uid", name=op.f("uq_client_plan_date_uid")),
        sa.UniqueConstraint(
            "client_id", "member_uid", "occasion", name=op.f("uq_client_plan_date_client_id_member_uid_occasion")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "client_organization",
        sa.Column("id", Id, nullable=False),
        sa.Column("uid", sa.String(36), nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("position", sa.Integer, nullable=False, server_default="0"),
        sa.Column("organization_id", Id, nullable=True),
        *(_line(name, limit) for name, limit in _OF_ORGANIZATION.items() if name != "member_number"),
        sa.Column("graduation_year", sa.SmallInteger, nullable=True),
        *(_line(name, limit) for name, limit in _OF_ORGANIZATION.items() if name == "member_number"),
        *(
            sa.CheckConstraint(f"length({name}) <= {limit}", name=op.f(f"ck_client_organization_{name}_length"))
            for name, limit in _OF_ORGANIZATION.items()
        ),
        sa.CheckConstraint("graduation_year BETWEEN 1900 AND 2200", name=op.f("ck_client_organization_year")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_organization_client_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_client_organization_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_organization")),
        sa.UniqueConstraint("uid", name=op.f("uq_client_organization_uid")),
        sqlite_autoincrement=True,
    )
    for column in ("client_id", "organization_id"):
        op.create_index(op.f(f"ix_client_organization_{column}"), "client_organization", [column])


_OF_ORGANIZATION = {"role": 80, "department": 80, "grade": 20, "member_number": 40, "remark": 200}


def _line(name: str, limit: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(limit), nullable=False, server_default="")


def _create_catalog(name: str, *lines: sa.Column[str]) -> None:
    op.create_table(
        name,
        sa.Column("id", Id, nullable=False),
        _line("description", 80),
        sa.Column("description_key", Key, nullable=False, server_default=""),
        sa.Column("position", sa.Integer, nullable=False, server_default="0"),
        sa.Column("inactive", sa.Boolean, nullable=False, server_default=sa.false()),
        *lines,
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", Id, nullable=True),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("updated_by", Id, nullable=True),
        sa.CheckConstraint("length(description) <= 80", name=op.f(f"ck_{name}_description_length")),
        *(
            sa.CheckConstraint(
                f"length({line.name}) <= {line.type.length}", name=op.f(f"ck_{name}_{line.name}_length")
            )
            for line in lines
        ),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f(f"fk_{name}_created_by")),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name=op.f(f"fk_{name}_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("description_key", name=op.f(f"uq_{name}_description_key")),
        sqlite_autoincrement=True,
    )


def _create_link(name: str, column: str, of: str) -> None:
    op.create_table(
        name,
        sa.Column("id", Id, nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column(column, Id, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f(f"fk_{name}_client_id")),
        sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{name}_{column}")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("client_id", column, name=op.f(f"uq_{name}_client_id_{column}")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f(f"ix_{name}_{column}"), name, [column])
