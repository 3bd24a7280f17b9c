"""Spreadsheets of strangers: read, judged, brought in whole, taken back."""

from __future__ import annotations

import base64
import csv
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import select

from studio_desktop.database.tables.studio import image
from studio_desktop.domain import phones
from studio_desktop.domain.dates import DateOrder, PartialDate
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.records.clients import AddressPurpose, ClientRecord, OrganizationRow
from studio_desktop.reports.listing_file import export_listing
from studio_desktop.services import Services, new_request
from studio_desktop.services.images import cut
from studio_desktop.services.imports.cards import read_cards
from studio_desktop.services.imports.mapping import Assignment, assign, guess
from studio_desktop.services.imports.plan import ImportResult, Plan, Rules, Verdict
from studio_desktop.services.listings.service import Query
from tests.builders import a_client, catalog_id
from tests.pictures import a_bomb, picture

GOOGLE = [
    "Name", "Given Name", "Family Name", "Birthday", "Notes", "Labels", "E-mail 1 - Label", "E-mail 1 - Value",
    "Phone 1 - Label", "Phone 1 - Value", "Address 1 - Label", "Address 1 - Street", "Address 1 - City",
    "Address 1 - Region", "Address 1 - Postal Code", "Address 1 - Country", "Organization Name", "Website 1 - Value",
]  # fmt: skip
OUTLOOK = [
    "Title", "First Name", "Last Name", "Company", "Business Street", "Business City", "Business Postal Code",
    "Home Street", "Home City", "Home Phone", "Mobile Phone", "E-mail Address", "E-mail 2 Address", "Birthday",
    "Spouse", "Categories",
]  # fmt: skip


def write(path: Path, rows: list[list[str]], *, separator: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def judged(services: Services, path: Path, **options: Any) -> Plan:
    return services.imports.judge(services.imports.read(path), **options)


def brought_in(services: Services, path: Path) -> ImportResult:
    return services.imports.carry_out(judged(services, path), new_request()).result


def clients(services: Services) -> dict[str, ClientRecord]:
    found = [services.clients.get(client_id) for client_id in services.listings.ids("clients", Query())]
    return {f"{one.first_name} {one.last_name}".strip() or one.company: one for one in found}


def test_that_a_google_export_comes_in_with_every_value_at_its_place(services: Services, tmp_path: Path) -> None:
    """S4-17."""
    path = write(tmp_path / "contacts.csv", [GOOGLE, [
        "Anna Adams", "Anna", "Adams", "--05-14", "Likes sage", "* myContacts ::: Weddings", "* Home",
        "anna@example.com", "Mobile", "(330) 555-0142 ::: +1 330-555-0177", "Home", "418 Larkspur Lane\nRear",
        "Fairbrook", "OH", "44199", "US", "Adams Garden", "adams.example",
    ]])  # fmt: skip
    assert brought_in(services, path).imported == 1
    anna = clients(services)["Anna Adams"]
    choices = services.catalogs.choices()
    labels = {choice.id: choice.text for choice in choices["phone_labels"]}
    assert [(labels.get(row.label_id or 0), row.e164) for row in anna.phones] == [
        ("Mobile", "+13305550142"), ("Mobile", "+13305550177"),
    ]  # fmt: skip
    (address,) = anna.addresses
    assert (address.line1, address.line2, address.town) == ("418 Larkspur Lane", "Rear", "Fairbrook")
    assert anna.birthday == PartialDate(month=5, day=14)
    assert (anna.company, anna.website) == ("Adams Garden", "adams.example")
    groups = {choice.id: choice.text for choice in choices["client_groups"]}
    assert {groups[group] for group in anna.groups} == {"Weddings"}
    assert [one.text for one in services.notes.of_client(anna.id)] == ["Likes sage"]


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(";", "utf-8-sig"), (",", "cp1252"), ("\t", "utf-16"), (";", "utf-16-le"), ("|", "utf-8")],
)
def test_that_an_outlook_export_comes_in_whatever_its_separator_and_encoding(
    services: Services, tmp_path: Path, separator: str, encoding: str
) -> None:
    """S4-17. RELIABILITY 91."""
    row = [
        "Dr", "Jürgen", "Müller", "Müller GmbH", "Hauptstr. 5", "Köln", "50667", "Am Rhein 1", "Bonn",
        "0221 123456 / 0221 654321", "+49 171 5550142", "j@mueller.example", "jm@mueller.example", "25.12.1970", "Ute",
        "Seniors;Weddings",
    ]  # fmt: skip
    more = ["", "Zoë", "Weiß", "", "", "", "", "", "", "", "", "zoe@example.com", "", "", "", ""]
    path = write(tmp_path / "outlook.csv", [OUTLOOK, row, more], separator=separator, encoding=encoding)
    assert brought_in(services, path).imported == 2
    found = clients(services)
    juergen = found["Jürgen Müller"]
    assert [one.typed for one in juergen.phones] == ["0221 123456", "0221 654321", "+49 171 5550142"]
    assert [one.address for one in juergen.emails] == ["j@mueller.example", "jm@mueller.example"]
    assert [(one.line1, one.town) for one in juergen.addresses] == [("Hauptstr. 5", "Köln"), ("Am Rhein 1", "Bonn")]
    assert juergen.birthday == PartialDate(year=1970, month=12, day=25)
    assert [(one.first_name, one.secondary_contact) for one in juergen.family] == [("Ute", True)]
    assert len(juergen.groups) == 2
    assert "Zoë Weiß" in found


def test_that_a_workbook_with_a_title_row_comes_in_with_real_dates_and_numbers(
    services: Services, tmp_path: Path
) -> None:
    """S4-17."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Our clients 2025"], ["Client name", "Phone number", "Date of birth", "ZIP", "City", "Customer no."],
                ["Adams, Anna", 3305550142, date(1987, 5, 14), 44199, "Fairbrook", 17]):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "clients.xlsx")
    brought_in(services, tmp_path / "clients.xlsx")
    anna = clients(services)["Anna Adams"]
    assert anna.phones[0].e164 == "+13305550142"
    assert anna.birthday == PartialDate(year=1987, month=5, day=14)
    assert (anna.addresses[0].postcode, anna.addresses[0].town, anna.number) == ("44199", "Fairbrook", "17")


def old_workbook(path: Path, rows: list[list[Any]], merged: tuple[tuple[int, int, int, int], ...] = ()) -> Path:
    """A workbook of Excel 97; `merged` are cells by first and last row, first and last column."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Clients")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    spans = {(top, left): (top, bottom, left, right) for top, bottom, left, right in merged}
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if (row, column) in spans:
                sheet.write_merge(*spans[row, column], cell)
            elif cell != "":
                sheet.write(row, column, cell, day if isinstance(cell, date) else xlwt.Style.default_style)
    book.save(str(path))
    return path


def calc_workbook(path: Path, rows: list[list[Any]]) -> Path:
    """A spreadsheet as LibreOffice Calc keeps it."""
    def cell(value: Any) -> str:
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, int):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    name = "urn:oasis:names:tc:opendocument:xmlns:"
    kinds = " ".join(f'xmlns:{kind}="{name}{kind}:1.0"' for kind in ("office", "table", "text"))
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{name}manifest:1.0"/>')
        package.writestr("content.xml", (
            f'<office:document-content {kinds}><office:body><office:spreadsheet><table:table table:name="Clients">'
            f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>"
        ))  # fmt: skip
    return path


@pytest.mark.parametrize(
    ("name", "make"), [("c.xls", old_workbook), ("c.ods", calc_workbook), ("calc, misnamed.xlsx", calc_workbook)]
)
def test_that_old_excel_and_calc_files_come_in_like_the_others(
    services: Services, tmp_path: Path, name: str, make: Callable[[Path, list[list[Any]]], Path]
) -> None:
    """S4-17."""
    path = make(tmp_path / name, [
        ["Our clients", "printed today"], ["Client name", "Phone number", "Date of birth", "ZIP", "City", "Client no"],
        ["Adams, Anna", 3305550142, date(1987, 5, 14), 44199, "Fairbrook", 17],
    ])  # fmt: skip
    brought_in(services, path)
    anna = clients(services)["Anna Adams"]
    assert (anna.phones[0].e164, anna.birthday) == ("+13305550142", PartialDate(year=1987, month=5, day=14))
    assert (anna.addresses[0].postcode, anna.addresses[0].town, anna.number) == ("44199", "Fairbrook", "17")


def test_that_titles_merged_over_others_and_a_familys_merged_name_are_understood(
    services: Services, tmp_path: Path
) -> None:
    """S4-17: titles in two rows, and a name that stands once for the rows of a whole family."""
    path = old_workbook(tmp_path / "c.xls", [
        ["Name", "", "Home address", "", "Work address", "", "Phone", "Spouse", ""],
        ["Last", "First", "Street", "City", "Street", "City", "", "First name", "Birthday"],
        ["Adams", "Anna", "1 Oak St", "Fairbrook", "2 Elm St", "Akron", 3305550142, "Bob", "May 3"],
        ["", "Zoe", "", "", "", "", "", "", ""],
    ], merged=((0, 0, 0, 1), (0, 0, 2, 3), (0, 0, 4, 5), (0, 1, 6, 6), (0, 0, 7, 8), (2, 3, 0, 0)))  # fmt: skip
    brought_in(services, path)
    found = clients(services)
    anna = found["Anna Adams"]
    assert "Zoe Adams" in found
    assert [(one.line1, one.town) for one in anna.addresses] == [("1 Oak St", "Fairbrook"), ("2 Elm St", "Akron")]
    assert (anna.phones[0].e164, anna.birthday) == ("+13305550142", None)
    (note,) = services.notes.of_client(anna.id)
    assert note.text.splitlines() == ["Spouse First name: Bob", "Spouse Birthday: May 3"]


@pytest.mark.parametrize(
    ("typed", "phone"),
    [("3305550142.0", "+13305550142"), ("3.305550142E+09", "+13305550142"), ("3.30555E+09", None)],
)
def test_that_a_phone_that_became_a_quantity_is_a_phone_again_or_kept_in_the_note(
    services: Services, tmp_path: Path, typed: str, phone: str | None
) -> None:
    brought_in(services, write(tmp_path / "c.csv", [["Name", "Phone", "ZIP"], ["Anna Adams", typed, "44199.0"]]))
    anna = clients(services)["Anna Adams"]
    assert [row.e164 for row in anna.phones] == ([phone] if phone else [])
    assert anna.addresses[0].postcode == "44199"
    assert [note.text for note in services.notes.of_client(anna.id)] == ([] if phone else [f"Phone: {typed}"])


@pytest.mark.parametrize("typed", ["31911", "1987-05-14 00:00:00", "5/14/1987 12:00 AM", "1987-05-14T13:30:00Z"])
def test_that_a_date_is_understood_though_it_is_a_number_of_days_or_has_a_time(
    services: Services, tmp_path: Path, typed: str
) -> None:
    brought_in(services, write(tmp_path / "c.csv", [["Name", "Birthday"], ["Anna Adams", typed]]))
    assert clients(services)["Anna Adams"].birthday == PartialDate(year=1987, month=5, day=14)


def cards(path: Path, *bodies: str, encoding: str = "utf-8") -> Path:
    whole = "".join(f"BEGIN:VCARD\r\n{body.strip()}\r\nEND:VCARD\r\n" for body in bodies)
    path.write_bytes(whole.replace("\r\n", "\n").replace("\n", "\r\n").encode(encoding))
    return path


APPLE = """VERSION:3.0
N:Adams;Anna;Marie;Dr.;
FN:Dr. Anna Marie Adams
NICKNAME:Annie
ORG:Adams Garden;Roses
TITLE:Gardener
item1.EMAIL;type=INTERNET;type=pref:anna@example.com
EMAIL;type=INTERNET;type=WORK:work@example.com
item2.TEL:+1 330 555 0142
item2.X-ABLabel:_$!<Mobile>!$_
TEL;type=HOME;type=VOICE:(330) 555-0143
item3.ADR;type=HOME:;;418 Larkspur Lane\\nRear\\, left;Fairbrook;OH;44199;USA
item3.X-ABADR:us
ADR;type=WORK:;Suite 5;2 Elm St;Akron;OH;44301;
BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-14
item4.X-ABDATE;type=pref:2010-06-20
item4.X-ABLabel:_$!<Anniversary>!$_
item5.X-ABRELATEDNAMES:Bob Adams
item5.X-ABLabel:_$!<Spouse>!$_
item6.URL:adams.example
X-SOCIALPROFILE;type=facebook:https://facebook.com/anna
NOTE:Likes sage\\; and a long line that is folded in the mid
 dle\\nsecond line
CATEGORIES:Weddings,"Seniors\\, 2027"
IMPP:xmpp:anna@chat.example
PHOTO;X-ABCROP-RECTANGLE=ABClipRect_1&0&0&9&9&x==;ENCODING=b;TYPE=JPEG:FACE
LOGO;ENCODING=b;TYPE=PNG:iVBORw0KGgo="""
FACE = "\n ".join(re.findall(".{1,74}", base64.b64encode(picture(size=(60, 40))).decode()))


def test_that_an_apple_card_comes_in_with_every_value_at_its_place(services: Services, tmp_path: Path) -> None:
    """S4-17, B20."""
    brought_in(services, cards(tmp_path / "anna.vcf", APPLE.replace('"', "").replace("FACE", FACE)))
    anna = clients(services)["Anna Marie Adams"]
    choices = services.catalogs.choices()
    labels = {choice.id: choice.text for choice in choices["phone_labels"]}
    assert (anna.salutation, anna.nickname, anna.company, anna.job_title) == (
        "Dr.", "Annie", "Adams Garden", "Gardener",
    )  # fmt: skip
    assert [(labels[row.label_id or 0], row.e164) for row in anna.phones] == [
        ("Mobile", "+13305550142"), ("Home", "+13305550143"),
    ]  # fmt: skip
    assert [row.address for row in anna.emails] == ["anna@example.com", "work@example.com"]
    assert [(one.purpose, one.line1, one.line2, one.town, one.postcode) for one in anna.addresses] == [
        (AddressPurpose.HOME, "418 Larkspur Lane", "Rear, left", "Fairbrook", "44199"),
        (AddressPurpose.WORK, "2 Elm St", "Suite 5", "Akron", "44301"),
    ]  # fmt: skip
    assert (anna.birthday, anna.anniversary) == (PartialDate(5, 14), PartialDate(6, 20, 2010))
    assert [(one.first_name, one.last_name, one.secondary_contact) for one in anna.family] == [("Bob", "Adams", True)]
    assert (anna.website, anna.facebook) == ("adams.example", "https://facebook.com/anna")
    groups = {choice.id: choice.text for choice in choices["client_groups"]}
    assert {groups[group] for group in anna.groups} == {"Weddings", "Seniors, 2027"}
    (note,) = services.notes.of_client(anna.id)
    assert note.text.splitlines() == [
        "Likes sage; and a long line that is folded in the middle", "second line",
        "Further details: Department: Roses", "Impp: xmpp:anna@chat.example", "Logo: left in the file",
    ]  # fmt: skip
    assert services.images.load(anna.image_hash) == cut(picture(size=(60, 40))).jpeg


@pytest.mark.parametrize(
    "body",
    [
        ("VERSION:2.1\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=FCr=\ngen\nTEL;CELL:0171 5550142\n"
         "BDAY:19870514\n"
         "ADR;HOME;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;Hauptstra=C3=9Fe 5=3B Hof;K=C3=B6ln;;50667;"),
        ("VERSION:3.0\nN:Müller;Jürgen;;;\nTEL;TYPE=CELL:0171 5550142\nBDAY:1987-05-14T00:00:00Z\n"
         "ADR;TYPE=home:;;Hauptstraße 5\\; Hof;Köln;;50667;"),
        ('VERSION:4.0\nFN:Jürgen Müller\nN:Müller;Jürgen;;;\nTEL;VALUE=uri;TYPE="voice,cell":tel:0171-555-0142\n'
         'BDAY:19870514\nADR;TYPE=home;LABEL="a: b; c":;;Hauptstraße 5\\; Hof;Köln;;50667;'),
        ("version:3.0\nn:Müller;Jürgen\ntel;cell:0171 5550142\nbday:1987-05-14\n"
         "adr;home:;;Hauptstraße 5\\; Hof;Köln;;50667"),
    ],
)  # fmt: skip
def test_that_a_card_says_the_same_in_every_version(services: Services, tmp_path: Path, body: str) -> None:
    """B20."""
    path = cards(tmp_path / "c.vcf", body)
    brought_in(services, path)
    juergen = clients(services)["Jürgen Müller"]
    mobile = catalog_id(services, "phone_labels", "Mobile")
    assert [(row.label_id, phones.digits(row.typed)) for row in juergen.phones] == [(mobile, "01715550142")]
    assert juergen.birthday == PartialDate(5, 14, 1987)
    assert [(one.line1, one.town, one.postcode) for one in juergen.addresses] == [
        ("Hauptstraße 5; Hof", "Köln", "50667")
    ]


def test_that_a_photo_comes_in_from_a_card_of_any_version_and_a_damaged_one_stops_nobody(
    services: Services, tmp_path: Path
) -> None:
    """B20, RELIABILITY 13, 90: no photo stays of an import that was interrupted."""
    flat = FACE.replace("\n ", "")
    photos = (
        f"PHOTO;TYPE=JPEG;ENCODING=BASE64:\n {FACE}\n\nX-MS-OL-DEFAULT:2",
        f"PHOTO;JPEG;BASE64:{flat[:70]}\n{flat[70:]}\n",
        f"PHOTO:data:image/jpeg;base64,{FACE}",
        f"PHOTO;VALUE=uri:data:image/jpeg\\;base64\\,{FACE}",
        "PHOTO;VALUE=uri:https://photos.example/a.jpg",
        f"PHOTO;ENCODING=b:{flat[:300]}",
        "PHOTO;ENCODING=b:no picture at all",
        f"PHOTO;ENCODING=b:{base64.b64encode(a_bomb()).decode()}",
    )
    path = cards(tmp_path / "c.vcf", *(f"VERSION:3.0\nN:P{at}\n{photo}\nTITLE:t" for at, photo in enumerate(photos)))
    plan = judged(services, path)
    assert ["without the photo" in row.why for row in plan.rows] == [False] * 5 + [True] * 3

    def stop(_done: int, _total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        services.imports.carry_out(plan, new_request(), stop)
    assert services.database.read(lambda connection: connection.execute(select(image.c.id)).all()) == []
    services.imports.carry_out(plan, new_request())
    found = clients(services)
    assert [name for name in sorted(found) if found[name].image_hash] == ["P0", "P1", "P2", "P3"]
    assert {one.job_title for one in found.values()} == {"t"}
    for at, said in ((4, "Photo: https://photos.example/a.jpg"), (5, "Photo: in card 6"), (7, "Photo: in card 8")):
        assert said in services.notes.of_client(found[f"P{at}"].id)[0].text


def test_that_cards_are_read_in_the_encoding_of_their_file(services: Services, tmp_path: Path) -> None:
    for number, encoding in enumerate(("utf-8-sig", "utf-16", "cp1252")):
        body = f"VERSION:3.0\nN:Weiß;Zoë {number};;;\nNOTE:Größe und Räume müssen schön sein\nORG:Café Müßig"
        path = cards(tmp_path / f"{encoding}.vcf", body, encoding=encoding)
        brought_in(services, path)
        assert clients(services)[f"Zoë {number} Weiß"].company == "Café Müßig"


def test_that_a_letter_cut_in_two_by_a_folded_line_is_whole_again(services: Services, tmp_path: Path) -> None:
    body = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë Weiß\r\nEND:VCARD\r\n".encode()
    cut = body.index("ë".encode()) + 1
    (tmp_path / "c.vcf").write_bytes(body[:cut] + b"\r\n " + body[cut:])
    brought_in(services, tmp_path / "c.vcf")
    assert "Zoë Weiß" in clients(services)


def test_that_a_faulty_card_stops_no_other_and_is_named_in_the_error_file(
    services: Services, tmp_path: Path
) -> None:
    """B20: one of nobody, one that is a list, one that is empty; one without its end comes in with its neighbours."""
    (tmp_path / "c.vcf").write_bytes(
        b"BEGIN:VCARD\nVERSION:3.0\nFN:Anna Adams\nthis is no line\nTEL;TYPE=CELL:330 555 0100\n"
        b"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=NONE;ENCODING=QUOTED-PRINTABLE:Berg;B=FC\nEND:VCARD\n"
        b"BEGIN:VCARD\nVERSION:4.0\nNOTE:who is this\nEND:VCARD\n"
        b"BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Friends\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD\n"
        b"BEGIN:VCARD\nVERSION:3.0\nFN:anna adams\nTEL:+1 330 555 0100\nEND:VCARD\nBEGIN:VCARD\nFN:Cleo Clark"
    )
    plan = judged(services, tmp_path / "c.vcf")
    assert [(row.number, row.verdict) for row in plan.rows] == [
        (1, Verdict.NEW), (2, Verdict.NEW), (3, Verdict.ERROR), (4, Verdict.ERROR), (5, Verdict.ERROR),
        (6, Verdict.SKIP), (7, Verdict.NEW),
    ]  # fmt: skip
    assert services.imports.write_errors(plan, tmp_path / "errors.csv") == 3
    written = list(csv.DictReader((tmp_path / "errors.csv").read_text("utf-8-sig").splitlines()))
    assert written[0]["Note"] == "who is this"
    assert "list of addresses" in written[1]["Why it was not imported"]
    batch = services.imports.carry_out(plan, new_request()).result
    anna = clients(services)["Anna Adams"]
    assert [note.text for note in services.notes.of_client(anna.id)] == ["Further details: this is no line"]
    services.imports.undo(batch.id, new_request())
    assert clients(services) == {}


@given(st.lists(st.sampled_from([
    b"BEGIN:VCARD", b"END:VCARD", b"VERSION:2.1", b"VERSION:4.0", b"N:", b"ADR;", b"TEL;TYPE=", b"ENCODING=", b"BDAY:",
    b"QUOTED-PRINTABLE:", b"BASE64:", b"CHARSET=idna;", b"NOTE;ENCODING=QUOTED-PRINTABLE:=", b"=3", b'"', b";", b":",
    b"\\", b"\r\n", b"\n ", b"\n", b"\x00", b"\xff\xfe", b"\xc3", b"item1.", b"X-ABLabel:", b"KIND:group", b"AGENT:\n",
]), max_size=40))  # fmt: skip
def test_that_no_garbage_in_cards_stops_the_reader(pieces: list[bytes]) -> None:
    found = read_cards(b"BEGIN:VCARD\n" + b"".join(pieces), 100)
    assert all(len(row) == len(found.header) for row in found.rows)
    assert set(found.faults) <= set(range(1, len(found.rows) + 1))


def test_that_a_hubspot_export_comes_in_with_every_value_at_its_place_or_in_the_note(
    services: Services, tmp_path: Path
) -> None:
    """S4-17."""
    header = ["Record ID", "First Name", "Last Name", "Email", "Phone Number", "Mobile Phone Number", "Lead Status",
              "Lifecycle Stage", "Company name", "Job Title", "Street Address", "City", "State/Region", "Postal Code",
              "Country/Region", "Website URL", "Create Date"]  # fmt: skip
    path = write(tmp_path / "hubspot-crm-exports-all-contacts.csv", [header, [
        "51", "Anna", "Adams", "anna@example.com", "(330) 555-0142", "330.555.0177", "Client", "customer", "Garden",
        "Owner", "418 Larkspur Lane", "Fairbrook", "OH", "44199", "USA", "https://adams.example", "2025-02-03 14:05",
    ]])  # fmt: skip
    brought_in(services, path)
    anna = clients(services)["Anna Adams"]
    assert [row.e164 for row in anna.phones] == ["+13305550142", "+13305550177"]
    (address,) = anna.addresses
    assert (address.line1, address.town, address.region, address.postcode, address.country) == (
        "418 Larkspur Lane", "Fairbrook", "OH", "44199", "USA",
    )  # fmt: skip
    assert (anna.company, anna.job_title, anna.website) == ("Garden", "Owner", "https://adams.example")
    assert anna.status_id == catalog_id(services, "client_statuses", "Client")
    assert str(anna.created_at)[:10] == "2025-02-03"
    (note,) = services.notes.of_client(anna.id)
    assert note.text.splitlines() == ["Record ID: 51", "Lifecycle Stage: customer", "Created: 2025-02-03 14:05"]


def test_that_the_verdict_of_each_row_says_new_known_or_why_not(services: Services, tmp_path: Path) -> None:
    """S4-16, S4-17, DECISIONS 26: the same folded name with the same e-mail or phone digits, also inside the file."""
    a_client(services, last_name="Ádams", first_name="Anna", phones=["(330) 555-0142"], number="7")
    path = write(tmp_path / "list.csv", [
        ["First name", "Last name", "Phone", "E-mail", "Client number", "Notes"],
        ["ANNA", "Adams", "+1 330 555 0142", "", "", ""], ["Bob", "Berg", "", "bob@example.com", "", ""],
        ["bob", "BERG", "", "BOB@example.com", "", ""], ["Cleo", "Clark", "330 555 0142", "", "", ""],
        ["Dora", "Dunn", "", "", "7", ""], ["", "", "", "", "", "only a note"], ["", "", "", "", "", ""],
    ])  # fmt: skip
    plan = judged(services, path)
    assert [(row.number, row.verdict) for row in plan.rows] == [
        (2, Verdict.SKIP), (3, Verdict.NEW), (4, Verdict.SKIP), (5, Verdict.NEW), (6, Verdict.ERROR),
        (7, Verdict.ERROR),
    ]  # fmt: skip
    assert "Ádams, Anna (7)" in plan.rows[0].why
    assert "row 3" in plan.rows[2].why
    assert "Ádams, Anna" in plan.rows[4].why
    assert services.listings.first_page("clients", Query()).total == 1


def test_that_what_no_field_can_hold_is_kept_in_a_note(services: Services, tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", [
        ["Name", "Birthday", "E-mail", "Favourite colour", "Website", "Status", "Kind"],
        ["Anna Adams", "some time in May", "not an address", "sage", "javascript:alert(1)", "VIP", "Godmother"],
    ])  # fmt: skip
    brought_in(services, path)
    (note,) = services.notes.of_client(clients(services)["Anna Adams"].id)
    stranded = ["some time in May", "not an address", "colour: sage", "javascript:alert(1)", "VIP", "Godmother"]
    assert [kept for kept in stranded if kept not in note.text] == []


@pytest.mark.parametrize(
    ("dates", "order"), [(["3/12/1980", "25/12/1980"], DateOrder.DMY), (["3/12/1980", "12/25/1980"], DateOrder.MDY)]
)
def test_that_the_files_own_dates_decide_what_comes_first(
    services: Services, tmp_path: Path, dates: list[str], order: DateOrder
) -> None:
    path = write(tmp_path / "list.csv", [["Name", "Birthday"], *([f"P{n} Q", day] for n, day in enumerate(dates))])
    assert judged(services, path).date_order is order


def test_that_a_title_as_long_as_a_book_is_cut(services: Services, tmp_path: Path) -> None:
    """RELIABILITY B9: a file that is no list of clients must not stop the window that shows its titles."""
    path = tmp_path / "one line.csv"
    path.write_text("Last name;" + "a" * 1_000_000 + "\nAdams;Anna\n", "utf-8")
    table = services.imports.read(path)
    assert table.header[0] == "Last name"
    assert table.header[1] == "a" * len(table.header[1])
    assert len(table.header[1]) <= 200
    assert list(table.rows) == [("Adams", "Anna")]


def test_that_a_corrected_mapping_is_used(services: Services, tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", [["Wer", "Wo"], ["Anna Adams", "Fairbrook"]])
    table = services.imports.read(path)
    with pytest.raises(InvalidInput, match="column"):
        services.imports.judge(table)
    plan = services.imports.judge(table, (Assignment("name"), Assignment("town", "1")))
    services.imports.carry_out(plan, new_request())
    assert clients(services)["Anna Adams"].addresses[0].town == "Fairbrook"


def test_that_an_import_is_undone_but_for_clients_somebody_touched(services: Services, tmp_path: Path) -> None:
    """S4-17, B20."""
    path = write(tmp_path / "list.csv", [["Name", "Phone"], *([f"Person P{n}", f"330 555 01{n:02}"] for n in range(5))])
    batch = brought_in(services, path)
    touched = clients(services)["Person P2"]
    services.clients.save(touched, replace(touched, company="Kept"), new_request())
    left = services.imports.undo(batch.id, new_request()).result
    assert left == (touched.id,)
    assert services.listings.ids("clients", Query()) == [touched.id]
    assert services.listings.find("5550101", Query()) == []
    with pytest.raises(NotFound, match="already"):
        services.imports.undo(batch.id, new_request())
    assert services.imports.batches()[0].undone_at is not None


def test_that_an_import_sent_twice_is_carried_out_once(services: Services, tmp_path: Path) -> None:
    plan = judged(services, write(tmp_path / "list.csv", [["Name"], ["Anna Adams"]]))
    request = new_request()
    assert services.imports.carry_out(plan, request).result == services.imports.carry_out(plan, request).result
    assert len(services.listings.ids("clients", Query())) == 1


def test_that_the_error_file_holds_the_refused_rows_with_the_reason_and_can_be_imported_again(
    services: Services, tmp_path: Path
) -> None:
    rows = [["Name", "Notes"], ["Anna Adams", ""], ["", "who is this"]]
    plan = judged(services, write(tmp_path / "list.csv", rows))
    assert services.imports.write_errors(plan, tmp_path / "errors.csv") == 1
    written = list(csv.reader((tmp_path / "errors.csv").read_text("utf-8-sig").splitlines()))
    assert written[0][:2] == rows[0]
    assert written[1][:2] == rows[2]
    assert "name" in written[1][2]
    assert judged(services, tmp_path / "errors.csv").count(Verdict.ERROR) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.csv", b""), ("old.xls", b"\xd0\xcf\x11\xe0rest"), ("broken.xlsx", b"PK\x03\x04no zip"),
     ("page.xls", b"<html><table><tr><td>Name</td></tr></table></html>"),
     ("picture.csv", bytes(range(256)) * 40), ("title.csv", b"\n\n")],
)  # fmt: skip
def test_that_a_file_that_is_no_spreadsheet_is_refused_in_a_sentence(
    services: Services, tmp_path: Path, name: str, content: bytes
) -> None:
    """RELIABILITY 91."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidInput, match=name):
        judged(services, tmp_path / name)


def test_that_our_own_list_comes_in_again_with_its_guards_taken_off(services: Services, tmp_path: Path) -> None:
    """DECISIONS 22."""
    a_client(services, last_name="=Adams", first_name="Anna", phones=["+1 330 555 0142"], town="Fairbrook")
    export_listing(services, "clients", tmp_path / "ours.csv", keys=("name", "phone", "town", "number"))
    gone = services.listings.ids("clients", Query())
    services.clients.delete(gone, new_request())
    table = services.imports.read(tmp_path / "ours.csv")
    columns = [None if title == "Number" else one for title, one in zip(table.header, guess(table.header), strict=True)]
    services.imports.carry_out(services.imports.judge(table, tuple(columns)), new_request())
    again = clients(services)["Anna =Adams"]
    assert (again.phones[0].e164, again.addresses[0].town) == ("+13305550142", "Fairbrook")


def test_that_custom_fields_tags_household_and_school_come_back_from_our_own_list(
    services: Services, tmp_path: Path
) -> None:
    """B20: what was exported comes in again; tags and schools that are gone meanwhile are made anew."""
    tag, other = (services.catalogs.tag(word, new_request()).result.id for word in ("VIP", "Wall art"))
    school = services.catalogs.add("organizations", {"description": "Central High"}, new_request()).result.id
    texts: dict[str, Any] = {f"custom_text_{n}": f"text {n}" for n in range(1, 15)}
    days: dict[str, Any] = {f"custom_date_{n}": date(2026, n, 20) for n in range(1, 5)}
    at_school = OrganizationRow(uid=new_request(), organization_id=school, graduation_year=2027)
    before = a_client(services, tags=frozenset({tag, other}), household_name="The Adams Family", deceased=True,
                      organizations=(at_school,), **texts, **days)  # fmt: skip
    keys = ("name", "tags", "household", "organization", "graduation_year", "deceased", *texts, *days)
    export_listing(services, "clients", tmp_path / "ours.csv", keys=keys)
    services.clients.delete([before.id], new_request())
    services.catalogs.delete("client_tags", other, new_request())
    brought_in(services, tmp_path / "ours.csv")
    again = clients(services)["Anna Adams"]
    assert {name: getattr(again, name) for name in (*texts, *days)} == texts | days
    assert (again.household_name, again.deceased) == ("The Adams Family", True)
    assert [(row.organization_id, row.graduation_year) for row in again.organizations] == [(school, 2027)]
    assert again.tags == {tag, catalog_id(services, "client_tags", "Wall art")}


def test_that_the_studios_own_names_of_custom_fields_are_understood(services: Services, tmp_path: Path) -> None:
    """B20, S3-18: our lists are exported under those names."""
    services.preferences.save({"custom_text_2": "Favourite colour"}, new_request())
    before = a_client(services, custom_text_2="sage")
    export_listing(services, "clients", tmp_path / "ours.csv", keys=("name", "custom_text_2"))
    services.clients.delete([before.id], new_request())
    brought_in(services, tmp_path / "ours.csv")
    assert clients(services)["Anna Adams"].custom_text_2 == "sage"


def test_that_a_school_is_found_by_its_name_with_grade_and_year_and_memos_keep_their_lines(
    services: Services, tmp_path: Path
) -> None:
    """S3-17, S3-19: a year that is none is kept in the note."""
    header = ["Name", "School", "Grade", "Class of", "Custom memo 1"]
    file = write(tmp_path / "s.csv", [header, ["Anna Adams", "Central High", "12", "2027", "one\ntwo"],
                                      ["Bo Berg", "central high", "", "soon", ""]])  # fmt: skip
    brought_in(services, file)
    anna, bo = clients(services)["Anna Adams"], clients(services)["Bo Berg"]
    school = catalog_id(services, "organizations", "Central High")
    (at,) = anna.organizations
    assert (at.organization_id, at.grade, at.graduation_year) == (school, "12", 2027)
    assert anna.custom_memo_1 == "one\ntwo"
    assert [row.organization_id for row in bo.organizations] == [school]
    assert [note.text for note in services.notes.of_client(bo.id)] == ["Graduation year: soon"]


def test_that_texts_like_formulas_come_back_from_our_own_files_as_they_were(services: Services, tmp_path: Path) -> None:
    """DECISIONS 22."""
    companies = ["=1+1", "'=1+1", "''-2", "@home", "'t Hooft", "Plain"]
    for company in companies:
        a_client(services, company=company)
    export_listing(services, "clients", tmp_path / "ours.csv", keys=("company",))
    table = services.imports.read(tmp_path / "ours.csv")
    assert sorted(cells[0] for cells in table.rows) == sorted(companies)


def test_that_the_error_file_runs_no_formula_and_loses_nothing(services: Services, tmp_path: Path) -> None:
    """DECISIONS 22."""
    rows = [["Name", "Notes", "=Extra"], ["", "=cmd()", "'=kept"]]
    plan = judged(services, write(tmp_path / "list.csv", rows, separator=";", encoding="utf-16"))
    services.imports.write_errors(plan, tmp_path / "errors.csv")
    written = list(csv.reader((tmp_path / "errors.csv").read_text("utf-8-sig").splitlines()))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in written for cell in row)
    again = services.imports.read(tmp_path / "errors.csv")
    assert (again.header[:3], again.rows[0][:3]) == (plan.table.header, plan.table.rows[0])


def test_that_a_person_decides_how_dates_are_read(services: Services, tmp_path: Path) -> None:
    table = services.imports.read(write(tmp_path / "list.csv", [["Name", "Birthday"], ["Anna Adams", "3/4/1981"]]))
    for order, month, day in ((DateOrder.DMY, 4, 3), (DateOrder.MDY, 3, 4)):
        (row,) = services.imports.judge(table, rules=Rules(date_order=order)).rows
        assert row.record is not None
        assert row.record.birthday == PartialDate(year=1981, month=month, day=day)


def test_that_the_preview_names_each_value_that_no_field_takes(services: Services, tmp_path: Path) -> None:
    """D9: nothing goes into a note unseen."""
    rows = [["Last name", "Birthday", "E-mail", "Note"], ["Adams", "31.02.1985", "zoe@@example", "Likes dogs"]]
    rows.append(["Berg", "12.03.1985", "berg@example.com", "Has a cat"])
    plan = services.imports.judge(services.imports.read(write(tmp_path / "list.csv", rows)))
    assert [row.why for row in plan.rows] == ["in the note: Birthday: 31.02.1985; E-mail: zoe@@example", ""]
    assert [note.text for row in plan.rows for note in row.notes] == [
        "Likes dogs\nBirthday: 31.02.1985\nE-mail: zoe@@example", "Has a cat",
    ]  # fmt: skip


def test_that_what_stands_once_moves_to_the_column_that_a_person_names() -> None:
    mapped = guess(["Surname", "First name", "Alias"])
    assert assign(mapped, 2, "last_name") == (None, Assignment("first_name"), Assignment("last_name"))
    assert assign(mapped, 2, "nothing")[2] == Assignment("nothing")
    assert assign(mapped, 0, None) == (None, Assignment("first_name"), None)


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        (
            "Kunden-Nr;Anrede;Vorname;Nachname;Telefon privat;Mobil;E-Mail;Straße;PLZ;Ort;Geburtsdatum;Bemerkung",
            "number salutation first_name last_name phone/Home phone/Mobile email line1 postcode town birthday note",
        ),
        ("Name;Vorname;Rufnummer", "last_name first_name phone"),
        ("Nom;Prénom;Société;Téléphone portable;Code postal;Ville",
         "last_name first_name company phone/Mobile postcode town"),
        ("NOMBRE;APELLIDOS;Móvil;Correo electrónico", "first_name last_name phone/Mobile email"),
        ("Imię i nazwisko;Telefon służbowy;Kod pocztowy", "name phone/Work postcode"),
        ("Name;Company;Phone", "name company phone"),
    ],
)  # fmt: skip
def test_that_titles_of_other_languages_are_understood(header: str, meant: str) -> None:
    """S4-17: a stranger's sheet, typed by hand."""
    found = [f"{one.target}/{one.label}" if one.label else one.target for one in guess(header.split(";")) if one]
    assert found == meant.split()


def test_that_parts_of_phones_and_addresses_join_those_that_lack_them() -> None:
    mapped = guess(["Home Street", "Home City", "Business Street", "x", "y", "z", "Phone"])
    for place, target in ((3, "town"), (4, "postcode"), (5, "town"), (0, "phone")):
        mapped = assign(mapped, place, target)
    parts = [(one.target, one.slot) for one in mapped if one is not None]
    assert parts == [
        ("phone", "2"), ("town", "Home"), ("line1", "Work"), ("town", "Work"), ("postcode", "Home"), ("town", "1"),
        ("phone", "1"),
    ]  # fmt: skip


@pytest.mark.parametrize("until", [0, 1])
def test_that_an_import_stopped_in_the_middle_or_while_all_are_made_findable_leaves_nothing(
    services: Services, tmp_path: Path, until: int
) -> None:
    """RELIABILITY 91."""
    plan = judged(services, write(tmp_path / "list.csv", [["Name", "Groups"], ["Anna Adams", "Brand new"]]))

    def stop(done: int, total: int) -> None:
        assert total == 1
        if done >= until:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        services.imports.carry_out(plan, new_request(), stop)
    assert services.listings.ids("clients", Query()) == []
    assert services.imports.batches() == []
    assert not any(one.text == "Brand new" for one in services.catalogs.choices()["client_groups"])


def test_that_imported_rows_stand_in_the_tables_as_those_typed_by_hand(services: Services, tmp_path: Path) -> None:
    facts: dict[str, Any] = {"contract_date": date(2026, 5, 1), "do_not_call": True, "phones": ["330 555 0100"]}
    a_client(services, last_name="Same", first_name="Anna", number="1", **facts)
    path = write(tmp_path / "list.csv", [["Last name", "First name", "Contract", "Do not call", "Phone", "Client no"],
                                         ["Same", "Anna", "2026-05-01", "yes", "330 555 0101", "2"]])  # fmt: skip
    brought_in(services, path)
    with services.database.snapshot() as connection:
        for table, own in (("client", {"id", "number", "number_key", "number_sort", "import_batch_id"}),
                           ("phone", {"id", "uid", "client_id", "typed", "e164", "digits"})):  # fmt: skip
            typed, imported = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id").mappings()
            differing = {column for column, value in typed.items() if imported[column] != value}
            assert differing == own
