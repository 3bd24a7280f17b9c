"""The check finds every breach of what must always hold, and nothing in a healthy studio (DATA, invariants)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from studio_desktop.database import migrate
from studio_desktop.database.check import check
from studio_desktop.database.engine import Database
from studio_desktop.domain.errors import DatabaseUnavailable
from studio_desktop.services import Services
from studio_desktop.services.users import sit_down
from tests.builders import a_client, a_member, catalog_id

LOST_LOGO = (
    "INSERT INTO preference (key, value, created_at, updated_at) "
    "VALUES ('logo', '\"lost\"', '2026-01-01', '2026-01-01')"
)


@pytest.fixture
def studio(services):
    """A studio in which people have been added, changed, given a status, undone and removed."""
    upset = catalog_id(services, "client_statuses", "Upset Client")
    ann = a_client(services, last_name="Adams", first_name="Anna", phones=["555 0123"], emails=["ann@example.com"],
                   town="Brookfield", family=(a_member("Peter"),), status_id=upset)  # fmt: skip
    request = str(uuid.uuid4())
    services.clients.save(ann, replace(ann, nickname="Annie", contract_date=date(2026, 1, 2), phones=()), request)
    services.history.undo(request, str(uuid.uuid4()))
    bob = a_client(services, company="Brown & Co")
    services.statuses.change([bob.id], upset, str(uuid.uuid4()))
    ann = services.clients.get(ann.id)
    services.clients.save(ann, replace(ann, last_name="Ames"), str(uuid.uuid4()))
    return services.database


@pytest.fixture
def harm(studio, studio_url):
    """`harm(statements)` changes the tables behind the program's back, references and triggers off."""

    def harmed(*statements):
        studio.close()
        owner = Database(studio_url, as_owner=True)
        with migrate.changing_tables(owner) as connection:
            if owner.dialect == "postgresql":
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for statement in statements:
                connection.execute(text(statement))
        return owner

    opened = []
    yield lambda *statements: opened.append(harmed(*statements)) or opened[-1]
    for database in opened:
        database.close()


@pytest.mark.databases("sqlite")
def test_that_a_value_no_program_of_ours_wrote_is_called_damage_and_not_a_fault_of_the_program(harm, clock):
    """RELIABILITY 21, C16: as a flipped byte leaves it."""
    studio = harm("UPDATE client SET updated_at = '2026-11-22T16:$9:26.586001+00:00' WHERE last_name = 'Ames'")
    clients = Services(studio, sit_down(studio, clock, "FRONT-1")).clients
    with pytest.raises(DatabaseUnavailable, match=r"cannot be read .* it is damaged"):
        clients.get(1)
    assert any("it is damaged" in str(finding) for finding in check(studio))


def test_that_a_healthy_studio_has_no_findings(studio):
    told = []
    assert check(studio, told.append) == []
    assert len(told) > 5


@pytest.mark.parametrize(
    ("statement", "wrong", "table"),
    [
        ("UPDATE client SET company = '' WHERE id = 2", "neither a name", "client"),
        ("INSERT INTO phone (uid, client_id) VALUES ('x', 4711)", "client_id names a row", "phone"),
        ("INSERT INTO client_group_member (client_id, group_id) VALUES (1, 9)", "names a row", "client_group_member"),
        ("UPDATE client SET archive_reason_id = 99 WHERE id = 1", "archive_reason_id names a row", "client"),
        ("UPDATE client SET status_id = 1 WHERE id = 2", "another status", "client"),
        ("UPDATE client SET status_due_on = NULL WHERE id = 2", "another status", "client"),
        ("UPDATE client SET status_id = NULL WHERE id = 2", "another status", "client"),
        ("DELETE FROM status_assignment WHERE client_id = 1", "another status", "client"),
        ("UPDATE client SET sort_key = 'zzz' WHERE id = 1", "computed values", "client"),
        ("UPDATE phone SET digits = '99' WHERE client_id = 1", "computed values", "phone"),
        ("UPDATE client SET last_name = 'Other' WHERE id = 1", "newest history", "client"),
        ("UPDATE client SET last_name = 'Other' WHERE id = 1", "search index", "client"),
        ("DELETE FROM client_search WHERE client_id = 2", "search index", "client"),
        ("UPDATE email SET address = 'other@example.org'", "search index", "client"),
        ("DELETE FROM client WHERE id = 1", "client_id names a row", "phone"),
        ("UPDATE client SET image_hash = 'lost' WHERE id = 1", "photo that is not there", "client"),
        ("INSERT INTO image (hash, width, height, data, created_at) VALUES ('x', 1, 1, 'AAAA', '2026-01-01')",
         "not what was kept", "image"),
        (LOST_LOGO, "logo is not there", "preference"),
    ],
)  # fmt: skip
def test_that_the_check_finds(harm, statement, wrong, table):
    findings = check(harm(statement))
    assert any(wrong in finding.wrong and finding.table == table for finding in findings), list(map(str, findings))


def test_that_two_current_statuses_are_found(harm):
    findings = check(
        harm(
            "DROP INDEX uq_status_assignment_current",
            "INSERT INTO status_assignment (client_id, status_id, from_on, set_at) "
            "SELECT client_id, status_id, from_on, set_at FROM status_assignment WHERE client_id = 2",
        )
    )
    assert [finding.ids for finding in findings if "more than one current" in finding.wrong] == [(2,)]


@pytest.mark.parametrize("studio_url", ["postgresql"], indirect=True)
def test_that_a_number_held_twice_is_found(harm):
    """On SQLite no statement can take the unique index away."""
    findings = check(
        harm(
            "ALTER TABLE client DROP CONSTRAINT uq_client_number_key",
            "UPDATE client SET number = '1001', number_key = '1001'",
        )
    )
    assert [finding.ids for finding in findings if "share a number" in finding.wrong] == [(1, 2)]


def test_that_a_finding_counts_and_names_only_the_first_rows(harm):
    many = ", ".join(f"('{number}', 9999, '1', '1')" for number in range(25))
    finding = next(
        finding
        for finding in check(harm(f"INSERT INTO phone (uid, client_id, typed, digits) VALUES {many}"))
        if "client_id names" in finding.wrong
    )
    assert finding.count == 25
    assert len(finding.ids) == 10
    assert str(finding).startswith("client_id names a row that is not there (phone: 25; ")


def test_that_values_an_erasure_removed_are_no_finding(harm):
    assert check(harm("DELETE FROM history_value")) == []
