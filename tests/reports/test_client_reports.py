"""The reports on clients, read back from what was written (B24, S4-21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.records.clients import (
    AddressPurpose,
    AddressRow,
    ClientRecord,
    Occasion,
    OrganizationRow,
    PlanDateRow,
    Stage,
)
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.reports import REPORTS
from studio_desktop.reports.marketing import Ahead
from studio_desktop.reports.report import find_report, options_of, write_report
from studio_desktop.services import Services, new_request
from studio_desktop.services.images import ON_PAPER, cut
from tests.builders import a_client, a_member, a_phone, catalog_id
from tests.pictures import opened, picture
from tests.reports.reading import SCRIPTS, embedded_fonts, page_texts, pictures, plain_letters

HOME: dict[str, Any] = {"street": "1 Mill Street", "town": "Fairbrook", "region": "OH", "postcode": "44199"}


def grid(services: Services, folder: Path, name: str, **options: Any) -> list[tuple[Any, ...]]:
    """The rows of a report's workbook from the titles on."""
    path = folder / f"{name}.xlsx"
    report = find_report(REPORTS, name)
    write_report(report, services, report.options(**options), path)
    rows = [row for row in load_workbook(path).worksheets[0].iter_rows(values_only=True) if any(row)]
    return rows[next(at for at, row in enumerate(rows) if row[1] is not None) :]


def paper(services: Services, folder: Path, name: str, **options: Any) -> str:
    """The text of a report's PDF."""
    path = folder / f"{name}.pdf"
    report = find_report(REPORTS, name)
    write_report(report, services, report.options(**options), path)
    return "\n".join(page_texts(path))


def test_that_logo_and_photo_are_on_the_studios_paper_and_the_time_is_told_where_it_is_wanted(
    services: Services, tmp_path: Path
) -> None:
    """S2-02, B12, B25: logo, its width, time stamp, paper; a workbook stays text."""
    photographed = services.clients.set_photo(a_client(services, number="7").id, cut(picture()), new_request())
    assert "10 Mar 2026" in paper(services, tmp_path, "client-statuses")
    paper(services, tmp_path, "client-profile", client="7")
    assert PdfReader(tmp_path / "client-profile.pdf").pages[0].mediabox.width == 612
    (photo,) = pictures(tmp_path / "client-profile.pdf")
    assert photo.x > 306
    logo = services.images.store(picture(size=(1200, 300)), longest=ON_PAPER)
    wanted = {"logo": logo, "logo_width": 40, "time_stamp": False, "paper": "a4", "studio_name": "Larkspur Portraits"}
    services.preferences.save(wanted, new_request())
    paper(services, tmp_path, "client-profile", client="7")
    drawn_logo, photo = pictures(tmp_path / "client-profile.pdf")
    page = PdfReader(tmp_path / "client-profile.pdf").pages[0]
    assert round(page.mediabox.width) == 595
    assert drawn_logo.width == pytest.approx(40 * 72 / 25.4, abs=0.1)
    kept = [opened(one.data).size for one in page.images]
    assert sorted(kept) == [(480, 320), (960, 240)]
    for name in ("client-list", "client-statuses"):
        assert "10 Mar 2026" not in paper(services, tmp_path, name)
        assert len(pictures(tmp_path / f"{name}.pdf")) == 1
        assert round(min(PdfReader(tmp_path / f"{name}.pdf").pages[0].mediabox[2:])) == 595
    assert photographed.result.image_hash not in str(grid(services, tmp_path, "client-profile", client="7"))
    book = load_workbook(tmp_path / "client-profile.xlsx").worksheets[0]
    assert book._images == []


@pytest.fixture
def anna(services: Services) -> ClientRecord:
    """A client with something in every part of the record."""
    services.preferences.save({"studio_name": "Larkspur Portraits", "custom_text_1": "Hair"}, new_request())
    groups, sources, labels, relations = (
        catalog_id(services, *of)
        for of in (
            ("client_groups", "Weddings"), ("lead_sources", "Website"), ("phone_labels", "Mobile"),
            ("relationships", "Daughter"),
        )
    )  # fmt: skip
    made = a_client(
        services, last_name="Wiśniewska-Bąk", first_name="Zofia", number="1042", lead_source_id=sources,
        birthday=PartialDate(5, 14, 1987), anniversary=PartialDate(6, 20), call_warning="Only after five",
        do_not_market=True, custom_text_1="red", custom_memo_1="First.\nSecond.", groups=frozenset({groups}),
        phones=(a_phone("(330) 555-0119", label_id=labels, sms=True),), emails=("zofia@example.com",),
        family=(a_member("Ewa", last_name="Bąk", birthday=PartialDate(3, 12, 2019), relationship_id=relations,
                         phones=(a_phone("330 555 0120"),)),),
        organizations=(OrganizationRow(uid=new_request(), role="Senior", grade="12", graduation_year=2027),), **HOME,
    )  # fmt: skip
    new = AddressRow(uid=new_request(), line1="9 Chapel Hill", town="Oakhurst", purpose=AddressPurpose.HOME,
                     effective_from=date(2026, 6, 20))  # fmt: skip
    saved = services.clients.save(made, replace(made, addresses=(*made.addresses, new)), new_request()).result
    long = "word " * 1200 + "END"
    services.notes.add(NoteRecord(client_id=saved.id, text=f"Brings the dog.\n{long}", alert=True), new_request())
    return saved


def test_that_the_profile_holds_everything_on_the_record(
    services: Services, anna: ClientRecord, tmp_path: Path
) -> None:
    """B24: client profile."""
    rows = [(str(part), str(what or ""), str(value)) for part, what, value in grid(
        services, tmp_path, "client-profile", client="1042")]  # fmt: skip
    facts = {(part, what): value for part, what, value in rows}
    assert facts["Person", "Last name"] == "Wiśniewska-Bąk"
    assert facts["Person", "Birthday"] == "14 May 1987"
    assert facts["Person", "Anniversary"] == "20 Jun"
    assert facts["Person", "Lead source"] == "Website"
    assert facts["Person", "Hair"] == "red"
    assert facts["Person", "Do not market"] == "Yes"
    assert facts["Person", "Call warning"] == "Only after five"
    assert ("Person", "Do not call") not in facts
    assert facts["Phones and e-mail", "Mobile"] == "(330) 555-0119, text messages"
    assert facts["Phones and e-mail", "E-mail"] == "zofia@example.com"
    assert facts["Addresses", "Home"] == "1 Mill Street, Fairbrook, OH 44199"
    assert facts["Addresses", "Home from 20 Jun 2026"] == "9 Chapel Hill, Oakhurst"
    assert facts["Family", "Ewa Bąk"] == "Daughter, 12 Mar 2019 (6), (330) 555-0120"
    assert facts["Organizations", ""] == "Senior, 12, 2027"
    assert facts["Groups, tags and plans", "Groups"] == "Weddings"
    notes = [(what, value) for part, what, value in rows if part == "Notes"]
    assert notes[0][0].endswith("ALERT")
    assert notes[0][1] == "Brings the dog."
    assert " ".join(value for _, value in notes[1:]).split() == ["word"] * 1200 + ["END"]
    assert "Created" in {what for part, what, _ in rows if part == "This record"}


def test_that_the_profile_on_paper_loses_nothing_of_a_long_note_and_bears_the_studios_head(
    services: Services, anna: ClientRecord, tmp_path: Path
) -> None:
    """B24: studio name, header, time stamp, page n of m; fonts embedded, title and language in the file."""
    text = paper(services, tmp_path, "client-profile", client="1042")
    assert text.count("word") == 1200
    assert "…" not in text
    assert "END" in text
    for said in ("Larkspur Portraits", "Client profile: Wiśniewska-Bąk, Zofia", "10 Mar 2026", "Page 1 of "):
        assert said in text
    path = tmp_path / "client-profile.pdf"
    assert all(embedded_fonts(path).values())
    reader = PdfReader(path)
    assert reader.metadata is not None
    assert reader.metadata.title == "Client profile: Wiśniewska-Bąk, Zofia"
    assert reader.root_object["/Lang"] == "en"


@pytest.mark.parametrize("script", SCRIPTS)
def test_that_a_profile_reads_right_in_every_script(services: Services, tmp_path: Path, script: str) -> None:
    """B24."""
    a_client(services, last_name=SCRIPTS[script], first_name="", number="7", custom_memo_1=SCRIPTS[script], **HOME)
    text = plain_letters(paper(services, tmp_path, "client-profile", client="7"))
    assert text.count(plain_letters(SCRIPTS[script])) >= 2
    assert "\ufffd" not in text


def test_that_a_client_is_meant_by_number_or_name_and_never_guessed(services: Services, tmp_path: Path) -> None:
    a_client(services, last_name="Berg", first_name="Bob", number="11")
    a_client(services, last_name="Adams", first_name="Anna", number="12")
    a_client(services, last_name="Adams", first_name="Abe", number="13")
    assert "Bob" in paper(services, tmp_path, "client-profile", client="berg")
    for typed, said in (("", "Say which client"), ("Zzyzx", "There is no client"), ("Adams", "Give the number")):
        with pytest.raises(InvalidInput, match=said) as refused:
            paper(services, tmp_path, "client-profile", client=typed)
        assert refused.value.field == "client"
    with pytest.raises(InvalidInput, match=r"\(12\)"):
        paper(services, tmp_path, "client-profile", client="Adams")


def test_that_the_form_shows_what_is_known_and_leaves_room_for_what_is_not(
    services: Services, anna: ClientRecord, tmp_path: Path
) -> None:
    """S4-21."""
    rows = grid(services, tmp_path, "check-your-details", client="1042")
    assert rows[0] == ("Part", "Detail", "What we have", "Correction or addition")
    known = {(part, what): (have, correction) for part, what, have, correction in rows[1:]}
    assert all(correction in (None, "") for _, correction in known.values())
    assert known["You", "Birthday"][0] == "14 May 1987"
    assert known["How we reach you", "Mobile"][0].startswith("(330) 555-0119")
    assert not known["How we reach you", "Phone 2"][0]
    assert not known["How we reach you", "E-mail 2"][0]
    assert known["Where you live", "Street"][0] == "1 Mill Street"
    assert "Ewa Bąk" in {what for part, what in known if part == "Your family"}
    text = paper(services, tmp_path, "check-your-details", client="1042")
    assert "give this back to Larkspur Portraits" in " ".join(text.split())
    # What is nobody's business but the studio's does not stand on it.
    assert "Only after five" not in text
    assert "dog" not in text


def test_that_dates_that_are_plans_are_called_about_so_many_days_before(services: Services, tmp_path: Path) -> None:
    """S3-24, S3-25, B2, the rule: of the family too; who may not be called is listed with the reason. NOW is a Tuesday.

    A call that is due stays so until the day itself, and then waits for next year.
    """
    birthday = Occasion.BIRTHDAY
    peter = a_member("Peter", birthday=PartialDate(3, 12, 2019))

    def plan(of: str = "", occasion: Occasion = birthday) -> PlanDateRow:
        return PlanDateRow(uid=new_request(), member_uid=of, occasion=occasion)

    a_client(
        services, last_name="Adams", first_name="Anna", phones=["330 555 0142"], family=(peter,),
        birthday=PartialDate(3, 25), anniversary=PartialDate(3, 22, 2014),
        plan_dates=(plan(peter.uid), plan(), plan(occasion=Occasion.ANNIVERSARY)),
    )  # fmt: skip
    a_client(services, last_name="Quiet", first_name="Quinn", phones=["330 555 0143"], do_not_call=True,
             birthday=PartialDate(3, 10, 1980), plan_dates=(plan(),))  # fmt: skip
    a_client(services, last_name="Past", birthday=PartialDate(3, 9), plan_dates=(plan(),))
    a_client(services, last_name="Unplanned", birthday=PartialDate(3, 11))
    services.preferences.save({"birthday_days": 3, "anniversary_days": 14}, new_request())
    anniversary, quiet, child = (
        (date(2026, 3, 6), date(2026, 3, 22), "Anniversary", 12, "Adams, Anna", "Adams, Anna", "(330) 555-0142", None,
         None),
        (date(2026, 3, 6), date(2026, 3, 10), "Birthday", 46, "Quiet, Quinn", "Quiet, Quinn", None, None,
         "do not call"),
        (date(2026, 3, 9), date(2026, 3, 12), "Birthday", 7, "Peter", "Adams, Anna", "(330) 555-0142", None, None),
    )  # fmt: skip
    assert told_calls(services, tmp_path) == [quiet, anniversary, child]
    assert told_calls(services, tmp_path, left_out=False) == [anniversary, child]
    later = told_calls(services, tmp_path, ahead=Ahead.FORTNIGHT)
    assert [row[:2] for row in later[3:]] == [(date(2026, 3, 20), date(2026, 3, 25))]
    services.preferences.save({"birthday_days": 1, "call_on_working_days": False}, new_request())
    assert [row[0] for row in told_calls(services, tmp_path)][1:] == [date(2026, 3, 9), date(2026, 3, 11)]


def told_calls(services: Services, folder: Path, **options: Any) -> list[tuple[Any, ...]]:
    """The rows below the titles, days as days."""
    rows = grid(services, folder, "date-calls", **options)[1:]
    return [tuple(one.date() if isinstance(one, datetime) else one for one in row) for row in rows]


def test_that_birthdays_and_anniversaries_stand_by_month_with_the_family(
    services: Services, anna: ClientRecord, tmp_path: Path
) -> None:
    """B24: birthdays and anniversaries by month."""
    a_client(services, last_name="Leap", first_name="Lea", birthday=PartialDate(2, 29))
    a_client(services, last_name="Gone", birthday=PartialDate(1, 1), stage=Stage.ARCHIVED)
    a_client(services, last_name="Late", birthday=PartialDate(1, 2), deceased=True)
    a_client(services, last_name="Year", birthday=PartialDate(None, None, 1990))
    rows = grid(services, tmp_path, "birthdays")
    assert [(row[0], row[2], row[3], row[4], row[5]) for row in rows[1:]] == [
        ("February", "Birthday", None, "Leap, Lea", "Leap, Lea"),
        ("March", "Birthday", 7, "Ewa Bąk", "Wiśniewska-Bąk, Zofia"),
        ("May", "Birthday", 39, "Wiśniewska-Bąk, Zofia", "Wiśniewska-Bąk, Zofia"),
        ("June", "Anniversary", None, "Wiśniewska-Bąk, Zofia", "Wiśniewska-Bąk, Zofia"),
    ]
    text = paper(services, tmp_path, "birthdays", month="May")
    assert "14 May" in text
    assert "20 Jun" not in text
    assert "Ewa" not in paper(services, tmp_path, "birthdays", family=False)


def test_that_who_is_not_to_be_called_or_written_to_stands_without_phone_and_e_mail_and_with_the_reason(
    services: Services, tmp_path: Path
) -> None:
    """B2, S2-43. RELIABILITY 110."""
    known = {"birthday": PartialDate(5, 14), "phones": ["330 555 0142"], "emails": ["a@example.com"]}
    a_client(services, last_name="Anybody", first_name="", **known)
    a_client(services, last_name="Quiet", first_name="", do_not_market=True, **(known | {"emails": ["q@example.com"]}))
    a_client(services, last_name="Uncalled", first_name="", do_not_call=True, **(known | {"emails": ["u@example.com"]}))
    rows = {row[4]: (row[6], row[8], row[9]) for row in grid(services, tmp_path, "birthdays")[1:]}
    assert rows == {
        "Anybody": ("(330) 555-0142", "a@example.com", None),
        "Quiet": (None, None, "no calls or e-mails: do not market"),
        "Uncalled": (None, "u@example.com", "no calls: do not call"),
    }


def test_that_referrals_stand_under_who_sent_them(services: Services, clock: FixedClock, tmp_path: Path) -> None:
    """S2-115, B24."""
    clock.instant = datetime(2026, 3, 9, 12, tzinfo=UTC)
    sender = a_client(services, last_name="Adams", first_name="Anna", number="7")
    a_client(services, last_name="Berg", number="8", referred_by_client_id=sender.id)
    a_client(services, last_name="Carr", number="9", referred_by_client_id=sender.id)
    a_client(services, last_name="Dean", number="10", referred_by_name="The florist")
    gone = a_client(services, last_name="Erased", referred_by_client_id=sender.id)
    services.clients.delete([gone.id], new_request())
    rows = grid(services, tmp_path, "referrals")
    assert [row[:3] for row in rows[1:]] == [
        ("Adams, Anna (7): 2", "Berg", "8"), ("Adams, Anna (7): 2", "Carr", "9"), ("The florist: 1", "Dean", "10"),
    ]  # fmt: skip
    assert rows[1][5] == datetime(2026, 3, 9)  # noqa: DTZ001 - workbooks know no zones


def test_that_overdue_statuses_stand_longest_first(services: Services, tmp_path: Path) -> None:
    """S1-10, S1-11, B24."""
    prospect = catalog_id(services, "client_statuses", "Prospect")
    due = {"Old": date(2026, 1, 10), "New": date(2026, 3, 9), "Ahead": date(2026, 3, 11)}
    for name, day in due.items():
        a_client(services, last_name=name, first_name="", status_id=prospect, status_due_on=day,
                 status_due_set_by_hand=True)  # fmt: skip
    assert [(row[0], row[-1]) for row in grid(services, tmp_path, "overdue-statuses")[1:]] == [("Old", 59), ("New", 1)]
    assert [row[0] for row in grid(services, tmp_path, "overdue-statuses", least=30)[1:]] == ["Old"]


def test_that_groups_and_plans_stand_with_their_members(services: Services, tmp_path: Path) -> None:
    """B13, B24: marketing-plan members."""
    weddings, seniors = (catalog_id(services, "client_groups", name) for name in ("Weddings", "High School Seniors"))
    plan = services.catalogs.choices()["marketing_plans"][0]
    a_client(services, last_name="Adams", first_name="", groups=frozenset({weddings}), plans=frozenset({plan.id}))
    a_client(services, last_name="Berg", first_name="", groups=frozenset({weddings, seniors}))
    a_client(services, last_name="Gone", groups=frozenset({weddings}), stage=Stage.ARCHIVED)
    rows = {(row[0], row[1]) for row in grid(services, tmp_path, "members")[1:]}
    assert rows == {("Weddings: 2", "Adams"), ("Weddings: 2", "Berg"), ("High School Seniors: 1", "Berg")}
    assert len(grid(services, tmp_path, "members", archived=True)) == 5
    report = find_report(REPORTS, "members")
    options = options_of(report, {"of": "marketing plans"}, services)
    write_report(report, services, options, tmp_path / "plans.xlsx")
    cells = list(load_workbook(tmp_path / "plans.xlsx").worksheets[0].iter_rows(values_only=True))
    assert cells[-1][:2] == (f"{plan.text}: 1", "Adams")


def test_that_incomplete_records_say_what_they_lack(services: Services, tmp_path: Path) -> None:
    """B24, S4-22."""
    prospect = catalog_id(services, "client_statuses", "Prospect")
    website = catalog_id(services, "lead_sources", "Website")
    whole = {"phones": ("330 555 0119",), "emails": ("a@example.com",), "status_id": prospect,
             "lead_source_id": website, **HOME}  # fmt: skip
    a_client(services, last_name="Whole", **whole)
    a_client(services, last_name="Half", first_name="", **{**whole, "emails": (), "postcode": "", "town": ""})
    rows = grid(services, tmp_path, "incomplete-records")
    assert [(row[0], row[2], row[3]) for row in rows[1:]] == [("Half", "Address, E-mail", 2)]
    rows = grid(services, tmp_path, "incomplete-records", birthday=True, address=False, email=False)
    assert [(row[0], row[2]) for row in rows[1:]] == [("Half", "Birthday"), ("Whole", "Birthday")]
    nothing = dict.fromkeys(("address", "phone", "email", "status", "lead_source", "consent"), False)
    with pytest.raises(InvalidInput, match="Tick at least one"):
        grid(services, tmp_path, "incomplete-records", **nothing)


@pytest.mark.parametrize("ending", [".pdf", ".xlsx", ".csv"])
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_that_every_report_is_written_for_an_empty_studio_in_every_format(
    services: Services, tmp_path: Path, report: Any, ending: str
) -> None:
    options = {}
    if "client" in options_of(report, {}, services).__slots__:
        a_client(services, last_name="Adams", number="1")
        options = {"client": "1"}
    path = tmp_path / f"report{ending}"
    write_report(report, services, report.options(**options), path)
    assert path.stat().st_size > 0


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("birthdays", {"moon": "full"}, "has no option moon. It has: month, what, family"),
        ("birthdays", {"month": "Brumaire"}, "cannot be “Brumaire”"),
        ("birthdays", {"family": "perhaps"}, "yes, no"),
        ("overdue-statuses", {"least": "many"}, "a whole number"),
        ("clients-by-status", {"status_id": "Nobody's"}, "cannot be “Nobody's”"),
    ],
)
def test_that_an_option_that_means_nothing_is_refused_with_what_there_is(
    services: Services, name: str, typed: dict[str, str], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said.replace("(", r"\(")):
        options_of(find_report(REPORTS, name), typed, services)


def test_that_options_are_understood_as_they_are_typed(services: Services) -> None:
    birthdays, overdue, sources = (
        find_report(REPORTS, name) for name in ("birthdays", "overdue-statuses", "lead-sources")
    )
    options = options_of(birthdays, {"month": "may", "family": "no"}, services)
    assert (options.month, options.family) == ("May", False)
    prospect = catalog_id(services, "client_statuses", "Prospect")
    options = options_of(overdue, {"least": "30", "status_id": "prospect"}, services)
    assert (options.least, options.status_id) == (30, prospect)
    assert options_of(sources, {"first": "1/2/2026"}, services).first == date(2026, 1, 2)
