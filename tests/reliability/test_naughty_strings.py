"""Every naughty string in every text field: kept as it reads or refused in a sentence, and printed as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from studio_desktop.database import check
from studio_desktop.domain import fields, text
from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.fields import Kind
from studio_desktop.domain.records.clients import AddressRow, ClientRecord, EmailRow, FamilyMember, PhoneRow
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.reports import REPORTS
from studio_desktop.reports.label_sheets import sheet
from studio_desktop.reports.listing_file import export_listing
from studio_desktop.reports.mailing_labels import write_mailing
from studio_desktop.reports.report import write_report
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.service import LISTINGS, Query, listing
from studio_desktop.services.mailing import Recipients
from tests.reliability.naughty import NAUGHTY

_TEXTS = {Kind.TEXT, Kind.NOTE, Kind.PHONE, Kind.EMAIL, Kind.LINK}


def naughty_fields(record: type) -> list[str]:
    """The text fields of a record class, found by its declaration: a new field is covered without a line here."""
    return [name for name, spec in fields.specs(record).items() if spec.kind in _TEXTS and not spec.derived]


def with_text(record: type, name: str, value: str) -> Any:
    """A record of that class with the string in one field; rows get the uid that a form gives them."""
    facts: dict[str, Any] = {name: value}
    if "uid" in fields.specs(record):
        facts["uid"] = new_request()
    return record(**facts)


ROWS = {"phones": PhoneRow, "emails": EmailRow, "addresses": AddressRow, "family": FamilyMember}


def everywhere(value: str) -> dict[str, Any]:
    """The string in every field of a client, and in every field of a row of each kind."""
    facts: dict[str, Any] = dict.fromkeys(naughty_fields(ClientRecord), value)
    for part, row in ROWS.items():
        facts[part] = tuple(with_text(row, name, value) for name in naughty_fields(row))
    return facts


@pytest.mark.parametrize("case", NAUGHTY)
def test_that_each_string_in_each_field_is_kept_as_it_reads_or_refused_in_a_sentence(
    services: Services, case: str
) -> None:
    """RELIABILITY 72, 73."""
    facts = everywhere(NAUGHTY[case])
    saved = None
    while saved is None:
        record = ClientRecord(**{"last_name": "Kept", **facts})
        try:
            saved = services.clients.create(record, new_request()).result
        except InvalidFields as refused:
            sentences = {name.partition(".")[0]: str(fault) for name, fault in refused.faults.items()}
        except InvalidInput as refused:
            sentences = {str(refused.field): str(refused)}
        if saved is None:
            assert all(" " in sentence and "Traceback" not in sentence for sentence in sentences.values())
            # What was refused is left out, and the rest must be kept.
            facts = {name: value for name, value in facts.items() if name not in sentences}
    expected = text.clean_record(record)
    for name in facts:
        kept, wanted = getattr(saved, name), getattr(expected, name)
        if isinstance(wanted, tuple):
            wanted = tuple(row for row in wanted if any(getattr(row, one) for one in naughty_fields(type(row))))
            kept = tuple(replace(row, **_underived(row)) for row in kept)
        if name != "number" or wanted:
            assert kept == wanted, name
    services.listings.find(NAUGHTY[case][:10_000], Query())
    assert check.check(services.database) == []


def _underived(row: Any) -> dict[str, Any]:
    return {"e164": "", "extension": ""} if isinstance(row, PhoneRow) else {}


def test_that_every_string_goes_through_lists_pdf_excel_csv_labels_and_reports(
    services: Services, tmp_path: Path
) -> None:
    """RELIABILITY 76."""
    names = {}
    for case, value in NAUGHTY.items():
        place = AddressRow(uid=new_request(), line1=value[:90], town=value[:70], postcode="44199")
        record = ClientRecord(last_name=value[:70], company=value[:90], call_warning=value[:90], addresses=(place,))
        try:
            saved = services.clients.create(record, new_request()).result
        except InvalidInput:
            continue
        services.notes.add(NoteRecord(client_id=saved.id, text=f"note {value[:2000]}"), new_request())
        names[case] = saved.last_name
    assert len(names) > 40
    columns = [column.key for column in listing("clients").columns if column.chosen]
    for ending in (".pdf", ".xlsx", ".csv"):
        for one in LISTINGS:
            # On paper thirty columns leave no room for a word; there the usual ones are printed.
            keys = columns if one.name == "clients" and ending != ".pdf" else None
            export_listing(services, one.name, tmp_path / f"{one.name}{ending}", keys=keys)
        for report in REPORTS:
            asked = {"client": saved.number} if "client" in fields.specs(report.options) else {}
            write_report(report, services, report.options(**asked), tmp_path / f"{report.name}-report{ending}")
    mailing = services.mailings.gather(Recipients())
    write_mailing(mailing, tmp_path / "labels.pdf", sheet("avery-5160"))

    cells = [cell for row in load_workbook(tmp_path / "clients.xlsx").worksheets[0].iter_rows() for cell in row]
    assert not {cell.data_type for cell in cells} & {"f", "e"}
    shown = {str(cell.value) for cell in cells}
    for case in ("markup", "formula", "closing markup", "image", "sql", "chinese", "arabic"):
        assert names[case] in shown, case
    paper = "".join(page.extract_text() for page in PdfReader(tmp_path / "clients.pdf").pages)
    for case in ("markup", "closing markup", "formula", "polish", "vietnamese"):
        assert names[case].split()[0] in paper, case
