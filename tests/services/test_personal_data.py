"""Everything kept about one person comes out for that person, whatever tables there are (S4-31)."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from studio_desktop.database.tables import metadata
from studio_desktop.database.tables.people import client, family_member
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.records.consents import Answer, ConsentRecord
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.reports.person import write_person
from studio_desktop.services import Services, new_request
from studio_desktop.services.mailing import NameLine, Recipients, RunFacts
from tests.builders import a_client, a_phone, catalog_id, everything


def test_that_every_table_that_points_at_a_client_is_told_of_the_whole_client_and_of_nobody_else(
    services: Services,
) -> None:
    """S4-31: rows, history and mailings; lists by their names. RELIABILITY 107."""
    secret = "Somebody else's secret"
    other = a_client(services, last_name="Else", call_warning=secret)
    services.notes.add(NoteRecord(client_id=other.id, text=secret), new_request())
    anna = services.clients.create(everything(services), new_request()).result
    mobile = catalog_id(services, "phone_labels", "Mobile")
    twin = a_client(services, last_name="Twin", phones=[a_phone("330 555 9999", label_id=mobile)])
    services.notes.add(NoteRecord(client_id=anna.id, text="likes sage"), new_request())
    services.consents.record(anna.id, [ConsentRecord(answer=Answer.GIVEN, wording="May we?")], new_request())
    services.merges.merge(services.clients.get(anna.id), twin, {}, new_request())
    mailing = services.mailings.gather(Recipients(client_ids=(anna.id, other.id)))
    facts = RunFacts("two", "avery-5160", NameLine.PERSON, services.desk.clock.today())
    services.mailings.keep(facts, mailing, new_request())

    told = services.personal_data.of_client(anna.id)
    pointing = {
        table.name
        for table in metadata.sorted_tables
        for link in table.foreign_keys
        if link.column.table in (client, family_member) and table is not client
    }
    assert pointing < set(told)
    assert [row["last_name"] for row in told["client"]] == ["Adams", "Twin"]
    assert {row["typed"]: row["label_id"] for row in told["phone"]}["330 555 9999"] == "Mobile"
    assert "likes sage" in [row["text"] for row in told["note"]]
    assert [(row["answer"], row["recorded_by"]) for row in told["consent"]] == [("given", "Owner")]
    [run] = told["mailing_run"]
    assert [one[0] for one in run["people"]] == [anna.id]
    given = [row for row in told["history"] if row["table_name"] == "consent" and row["action"] == "create"]
    assert [(row["user_id"], row["new"]["wording"]) for row in given] == [("Owner", "May we?")]
    assert secret not in json.dumps(told)
    with pytest.raises(NotFound):
        services.personal_data.of_client(10**6)


def test_that_the_file_to_hand_over_holds_data_and_a_profile_to_read(services: Services, tmp_path: Path) -> None:
    """S4-31: also of a client without a number."""
    services.preferences.save({"number_clients": "never"}, new_request())
    anna = a_client(services, emails=["anna@example.com"])
    written = write_person(services, anna.id, tmp_path / "anna.zip")
    with zipfile.ZipFile(written.path) as archive:
        assert sorted(archive.namelist()) == ["data.json", "profile.pdf"]
        told = json.loads(archive.read("data.json"))
        assert archive.read("profile.pdf").startswith(b"%PDF")
    assert told["tables"]["email"][0]["address"] == "anna@example.com"
    with pytest.raises(InvalidInput, match=r"\.zip"):
        write_person(services, anna.id, tmp_path / "anna.pdf")
