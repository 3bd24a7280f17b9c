"""The command line through its front door: what it writes, how it refuses, and that a refusal leaves nothing behind."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.engine import make_url

from studio_desktop import __version__
from studio_desktop.__main__ import main
from studio_desktop.database.engine import Database
from studio_desktop.database.migrate import prepare
from studio_desktop.database.tables.people import client
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.records.clients import ClientKind
from studio_desktop.services import Services, new_request
from studio_desktop.services.imports.mapping import assign, guess
from studio_desktop.services.imports.plan import Rules
from studio_desktop.services.users import sit_down
from tests.builders import a_client, catalog_id
from tests.reports.reading import page_texts

HOME = {"street": "1 Mill Street", "town": "Fairbrook", "region": "OH", "postcode": "44199"}
DEMO = ("demo", "--clients", "200", "--seed", "7", "--today", "2026-03-10")
LISTS = ("clients", "client-statuses", "client-groups", "lead-sources", "phone-labels")


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


Command = Callable[..., Ran]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """`command(url, "export", "clients", …)` runs it in this process as the shell would."""

    def run(url: str | None, *arguments: object) -> Ran:
        options = ["--database", url] if url is not None else []
        capsys.readouterr()
        try:
            status = main([*options, *map(str, arguments)])
        except SystemExit as usage:
            status = int(usage.code or 0)
        said = capsys.readouterr()
        return Ran(status, said.out, said.err)

    return run


@contextmanager
def working_in(url: str, clock: FixedClock) -> Iterator[Services]:
    """The services on a studio, closed again before a command opens it."""
    with closing(Database(url)) as database:
        yield Services(database, sit_down(database, clock, "FRONT-1"))


@pytest.fixture
def mailed_url(studio_url: str, clock: FixedClock) -> str:
    """A studio with three clients, two of whom may be written to, in the group Weddings."""
    with working_in(studio_url, clock) as services:
        facts = {"groups": frozenset({catalog_id(services, "client_groups", "Weddings")}), **HOME}
        prospect = catalog_id(services, "client_statuses", "Prospect")
        a_client(services, last_name="Adams", first_name="Anna", number="11", status_id=prospect, **facts)
        a_client(services, last_name="Berg", first_name="Bob", number="12", **facts)
        a_client(services, last_name="Quiet", first_name="Quinn", number="13", do_not_market=True, **facts)
    return studio_url


@pytest.fixture
def prospects_url(mailed_url: str, clock: FixedClock) -> str:
    """The same with two prospects, Carr and Dietz; Carr wears the tag VIP, and so does the client Evers."""
    with working_in(mailed_url, clock) as services:
        tag = frozenset({services.catalogs.tag("VIP", new_request()).result.id})
        a_client(services, last_name="Carr", first_name="Cleo", kind=ClientKind.PROSPECT, tags=tag, **HOME)
        a_client(services, last_name="Dietz", first_name="Dora", kind=ClientKind.PROSPECT, **HOME)
        a_client(services, last_name="Evers", first_name="Ed", tags=tag, **HOME)
    return mailed_url


def clients_in(url: str) -> list[str]:
    with closing(Database(url)) as database:
        query = select(client.c.last_name).where(client.c.deleted_at.is_(None)).order_by(client.c.id)
        return database.read(lambda connection: list(connection.execute(query).scalars()))


def spreadsheet(folder: Path, *names: str, title: str = "Last name") -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join((title, *names)) + "\n", "utf-8")
    return path


def assert_refused(ran: Ran, *said: str) -> None:
    """Exit status 1, and one clear line on standard error."""
    assert ran.status == 1, ran.err
    (line,) = ran.err.splitlines()
    assert line.startswith("studio-desktop: ")
    for words in said:
        assert words in line
    assert "Traceback" not in line
    assert ran.out == ""


# demo


def test_that_the_demo_is_the_same_for_a_seed_and_a_day_and_another_for_another(
    command: Command, database_url: str, tmp_path: Path
) -> None:
    again, other = (f"sqlite:///{(tmp_path / name).as_posix()}" for name in ("again.db", "other.db"))
    assert command(database_url, *DEMO).status == 0
    assert command(again, *DEMO).status == 0
    assert command(other, "demo", "--clients", 200, "--seed", 8, "--today", "2026-03-10").status == 0

    def exported(url: str, name: str, folder: str) -> bytes:
        path = tmp_path / folder / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        ran = command(url, "export", name, "--output", path)
        assert ran.status == 0, ran.err
        return path.read_bytes()

    for name in LISTS:
        assert exported(database_url, name, "one") == exported(again, name, "two")
    assert exported(other, "clients", "three") != exported(again, "clients", "four")
    assert len(clients_in(database_url)) == 200


def test_that_clients_go_out_as_vcards_and_come_into_another_studio(
    command: Command, database_url: str, tmp_path: Path
) -> None:
    """B20."""
    assert command(database_url, *DEMO).status == 0
    path, other = tmp_path / "all.vcf", f"sqlite:///{(tmp_path / 'other.db').as_posix()}"
    assert command(database_url, "export", "clients", "--output", path, "--card-version", "4.0").status == 0
    assert "VERSION:4.0" in path.read_text(encoding="utf-8")
    ran = command(other, "import", path)
    assert ran.status == 0, ran.err
    cards = path.read_text(encoding="utf-8").count("BEGIN:VCARD")
    assert cards == len(clients_in(database_url)) == len(clients_in(other))


def test_that_all_data_of_one_client_goes_out_as_one_file(command: Command, mailed_url: str, tmp_path: Path) -> None:
    """S4-31"""
    path = tmp_path / "anna.zip"
    ran = command(mailed_url, "export-person", 11, "--output", path)
    assert ran.status == 0, ran.err
    with ZipFile(path) as archive:
        assert '"Anna"' in archive.read("data.json").decode()
    assert_refused(command(mailed_url, "export-person", 99, "--output", tmp_path / "none.zip"), "no client “99”")
    assert_refused(command(mailed_url, "export-person", 11, "--output", tmp_path / "anna.txt"), "has to end in .zip")


def test_that_the_demo_fills_only_an_empty_studio(command: Command, mailed_url: str) -> None:
    """DECISIONS 26."""
    before = clients_in(mailed_url)
    assert_refused(command(mailed_url, *DEMO), "holds clients already")
    assert clients_in(mailed_url) == before


@pytest.mark.parametrize("wrong", [("--clients", 0), ("--clients", "many"), ("--today", "10.3.2026"), ("--seeds", 1)])
def test_that_wrong_arguments_of_the_demo_are_wrong_usage(
    command: Command, tmp_path: Path, wrong: tuple[object, ...]
) -> None:
    ran = command(f"sqlite:///{tmp_path / 'new.db'}", "demo", *wrong)
    assert ran.status == 2
    assert "usage:" in ran.err
    assert not (tmp_path / "new.db").exists()


def test_that_more_than_a_million_demo_clients_are_refused(command: Command, studio_url: str) -> None:
    assert_refused(command(studio_url, "demo", "--clients", 1_000_001), "1000000")


# import


def test_that_an_import_brings_clients_in_and_says_how_many(
    command: Command, database_url: str, tmp_path: Path
) -> None:
    """S4-17. A SQLite file that is not there is made."""
    ran = command(database_url, "import", spreadsheet(tmp_path, "Adams", "Berg"))
    assert ran.status == 0, ran.err
    assert "2 clients imported from people.csv" in ran.err
    assert clients_in(database_url) == ["Adams", "Berg"]


def test_that_a_dry_run_says_what_would_happen_and_writes_nothing(
    command: Command, mailed_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("First name,Last name,Phone,E-mail\nCleo,Clark,330 555 0100,\n,,,nobody\n", "utf-8")
    before = clients_in(mailed_url)
    ran = command(mailed_url, "import", path, "--dry-run")
    assert ran.status == 0
    assert "1 new, 0 skipped as known, 1 with errors" in ran.err
    assert "Row 3" in ran.err
    assert "Nothing was written." in ran.err
    assert clients_in(mailed_url) == before


def test_that_the_command_line_updates_by_saved_mapping_rules_groups_and_tags_and_a_dry_run_says_the_same(
    command: Command, studio_url: str, tmp_path: Path, clock: FixedClock
) -> None:
    """B20."""
    path = tmp_path / "people.csv"
    path.write_text("No,Alias,Tel,Born\n7,Annie,0171 5550142,3.4.1981\n,Bo,0171 5550143,\n", "utf-8")
    with working_in(studio_url, clock) as services:
        anna = a_client(services, last_name="Adams", number="7")
        table = services.imports.read(path)
        columns = assign(guess(table.header), 1, "first_name")
        services.imports.keep_mapping("Old program", table, columns, Rules())
    asked = ("import", path, "--mapping", "old program", "--update-by", "number", "--dates", "dmy", "--country", "DE",
             "--group", "Newsletter", "--tag", "VIP")  # fmt: skip
    dry = command(studio_url, *asked, "--dry-run")
    assert (dry.status, "1 new, 1 updated, 0 skipped as known, 0 with errors" in dry.err) == (0, True), dry.err
    assert "Row 2, Annie: First name: + Annie; Birthday: + 3 Apr 1981; Phone: + +49 171 5550142" in dry.err
    ran = command(studio_url, *asked)
    assert "1 clients imported from people.csv, 1 updated" in ran.err
    with working_in(studio_url, clock) as services:
        after = services.clients.get(anna.id)
        assert (after.first_name, after.phones[0].e164) == ("Annie", "+491715550142")
        assert after.groups == {catalog_id(services, "client_groups", "Newsletter")}
        assert after.tags == {catalog_id(services, "client_tags", "VIP")}
    assert_refused(command(studio_url, "import", path, "--mapping", "Other"), "There are: Old program")
    assert_refused(command(studio_url, "import", path, "--country", "XX"), "no country")
    whole = command(studio_url, "export", "clients", "--whole", "--output", tmp_path / "whole.csv")
    assert (whole.status, "2 rows" in whole.err) == (0, True)
    assert_refused(command(studio_url, "export", "client-statuses", "--whole", "--output", "x.csv"), "Only clients")


def test_that_a_dry_run_makes_no_database(command: Command, tmp_path: Path) -> None:
    ran = command(f"sqlite:///{tmp_path / 'new.db'}", "import", spreadsheet(tmp_path, "Adams"), "--dry-run")
    assert_refused(ran, "new.db")
    assert not (tmp_path / "new.db").exists()


def test_that_an_import_with_nothing_new_is_refused_with_the_counts(
    command: Command, mailed_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Client number,Last name\n11,Somebody\n,\n", "utf-8")
    before = clients_in(mailed_url)
    assert_refused(command(mailed_url, "import", path), "nothing was imported", "1 with errors")
    assert clients_in(mailed_url) == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.csv", None, "There is no file"),
        ("empty.csv", b"", "is empty"),
        ("old.xls", b"\xd0\xcf\x11\xe0old", "Save it as .xlsx"),
        ("broken.xlsx", b"PK\x03\x04", "cannot be read as a workbook"),
        ("colours.csv", b"Hue,Shade\nred,dark\n", "No column"),
    ],
)
def test_that_a_file_that_is_no_client_list_is_refused_and_writes_nothing(
    command: Command, mailed_url: str, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    before = clients_in(mailed_url)
    assert_refused(command(mailed_url, "import", tmp_path / name), said)
    assert clients_in(mailed_url) == before


def test_that_a_file_that_cannot_be_read_makes_no_database(command: Command, tmp_path: Path) -> None:
    assert_refused(command(f"sqlite:///{tmp_path / 'new.db'}", "import", tmp_path / "gone.csv"), "There is no file")
    assert not (tmp_path / "new.db").exists()


# export


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".pdf"])
def test_that_a_list_is_written_as_what_its_name_says(
    command: Command, mailed_url: str, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"clients{ending}"
    ran = command(mailed_url, "export", "clients", "--output", path)
    assert ran.status == 0, ran.err
    assert "3 rows" in ran.err
    if ending == ".csv":
        shown = [row[1] for row in csv.reader(path.read_text("utf-8-sig").splitlines())][1:]
    elif ending == ".xlsx":
        sheet = load_workbook(path).worksheets[0]
        shown = [str(row[1]) for row in sheet.iter_rows(values_only=True)][1:]
    else:
        shown = [name for name in ("Adams", "Berg", "Quiet") if name in "".join(page_texts(path))]
    assert [name.partition(",")[0] for name in shown] == ["Adams", "Berg", "Quiet"]


@pytest.mark.parametrize(
    ("listing", "name", "said"),
    [
        ("cliens", "list.csv", "There is no list “cliens”"),
        ("clients", "list.docx", ".pdf, .xlsx, .csv"),
        ("clients", "no-folder/list.csv", "there is no folder"),
        ("clients", "list", ".pdf, .xlsx, .csv"),
    ],
)
def test_that_a_list_that_cannot_be_written_is_refused_and_leaves_no_file(
    command: Command, mailed_url: str, tmp_path: Path, listing: str, name: str, said: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert_refused(command(mailed_url, "export", listing, "--output", folder / name), said)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("arguments", [("export", "clients"), ("export", "--output", "x.csv"), ("exprot",)])
def test_that_a_command_half_said_is_wrong_usage(
    command: Command, studio_url: str, arguments: tuple[str, ...]
) -> None:
    assert command(studio_url, *arguments).status == 2


# labels


@pytest.mark.parametrize(
    ("whom", "names"),
    [
        ((), ("Adams", "Berg")),
        (("--group", "weddings"), ("Adams", "Berg")),
        (("--status", "Prospect"), ("Adams",)),
        (("--client", "13", "--client", "11"), ("Quinn Quiet", "Adams")),
    ],
)
def test_that_labels_are_written_for_whom_they_were_asked(
    command: Command, mailed_url: str, tmp_path: Path, whom: tuple[str, ...], names: tuple[str, ...]
) -> None:
    """S2-36 to S2-38; an explicit client always prints (DECISIONS 26)."""
    path = tmp_path / "labels.pdf"
    ran = command(mailed_url, "labels", "--output", path, "--start", 4, *whom)
    assert ran.status == 0, ran.err
    (page,) = page_texts(path)
    assert all(name in page for name in names)
    left_out = "Quiet" not in page
    assert ("1 left out: 1 do not market" in ran.err) == (left_out and "--status" not in whom)
    assert f"{len(names)} label" in ran.err


@pytest.mark.parametrize(
    ("whom", "names"),
    [
        (("--tag", "vip"), ["Cleo Carr", "Ed Evers"]),
        (("--kind", "prospects"), ["Cleo Carr", "Dora Dietz"]),
        (("--kind", "client"), ["Anna Adams", "Bob Berg", "Ed Evers"]),
    ],
)
def test_that_labels_are_written_for_a_tag_or_a_kind(
    command: Command, prospects_url: str, tmp_path: Path, whom: tuple[str, ...], names: list[str]
) -> None:
    """S0-05, S0-06."""
    path = tmp_path / "labels.pdf"
    ran = command(prospects_url, "labels", "--output", path, *whom)
    assert ran.status == 0, ran.err
    (page,) = page_texts(path)
    everybody = ("Anna Adams", "Bob Berg", "Cleo Carr", "Dora Dietz", "Ed Evers")
    assert [name for name in everybody if name in page] == names


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--tag", "Nobody's"), "There is no tag “Nobody's”"),
        (("--kind", "friends"), "“friends” is neither clients, prospects nor leads"),
        (("--group", "Nobody's"), "There is no group “Nobody's”"),
        (("--status", "Nobody's"), "There is no status “Nobody's”"),
        (("--client", "99"), "There is no client with number 99"),
        (("--sheet", "avery-1"), "avery-5160"),
        (("--start", "31"), "31"),
        (("--status", "Upset Client"), "Nobody gets a label"),
    ],
)
def test_that_labels_that_cannot_be_printed_are_refused_and_leave_no_file(
    command: Command, mailed_url: str, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert_refused(command(mailed_url, "labels", "--output", folder / "labels.pdf", *arguments), said)
    assert list(folder.iterdir()) == []


def test_that_a_reports_options_are_given_as_name_and_value(
    command: Command, mailed_url: str, tmp_path: Path
) -> None:
    """B24."""
    path = tmp_path / "profile.pdf"
    ran = command(mailed_url, "report", "client-profile", "--option", "client=11", "--output", path)
    assert ran.status == 0, ran.err
    assert "Client profile: Adams" in page_texts(path)[0]
    asked = ("report", "birthdays", "--output", tmp_path / "b.pdf", "--option")
    assert_refused(command(mailed_url, *asked, "moon=full"), "has no option moon")
    assert command(mailed_url, *asked, "moon").status == 2


def test_that_a_mailing_is_kept_listed_and_printed_again(command: Command, mailed_url: str, tmp_path: Path) -> None:
    """B10."""
    first, again = tmp_path / "labels.pdf", tmp_path / "again.pdf"
    asked = ("--group", "weddings", "--names", "person", "--copies", 2, "--on", "2026-04-01", "--keep")
    assert command(mailed_url, "labels", "--output", first, *asked).status == 0
    listed = command(mailed_url, "mailings").out
    assert "weddings: 2 labels, 1 left out, avery-5160" in listed
    number = listed.split()[0]
    ran = command(mailed_url, "labels", "--output", again, "--again", number, "--copies", 2)
    assert ran.status == 0, ran.err
    assert again.read_bytes() == first.read_bytes()
    assert_refused(command(mailed_url, "labels", "--output", again, "--again", 999), "no longer there")


def test_that_label_sheets_are_listed_and_come_in_from_files_of_glabels(command: Command, tmp_path: Path) -> None:
    """B10."""
    listed = command(None, "label-sheets")
    assert listed.status == 0
    assert "avery-5160           Avery 5160: Address labels, 3 × 10, 2⅝ × 1 in\n" in listed.out
    assert "our-12" not in listed.out
    file = tmp_path / "ours.template"
    file.write_text(
        '<Glabels-templates><Template brand="Our" part="12" size="A4"><Label-rectangle width="90mm" height="40mm">'
        '<Layout nx="2" ny="6" x0="12mm" y0="10mm" dx="95mm" dy="45mm"/></Label-rectangle></Template>'
        '<Template brand="Our" part="disc" size="A4"><Label-cd radius="9pt"/></Template></Glabels-templates>',
        encoding="utf-8",
    )
    added = command(None, "label-sheets", file)
    assert added.status == 0
    assert added.err.splitlines() == [
        "Added our-12: Labels, 2 × 6, 90 × 40 mm.",
        "Not added: Our disc, its labels are not rectangles.",
    ]
    assert "our-12               Our 12: Labels" in command(None, "label-sheets").out
    assert_refused(command(None, "label-sheets", tmp_path / "none.xml"), "none.xml cannot be read")


def test_that_labels_are_pdf_only(command: Command, mailed_url: str, tmp_path: Path) -> None:
    assert_refused(command(mailed_url, "labels", "--output", tmp_path / "labels.xlsx"), "does not end in .pdf")
    assert not (tmp_path / "labels.xlsx").exists()


@pytest.mark.parametrize("arguments", [("--start", "0"), ("--group", "a", "--status", "b"), ("--group",)])
def test_that_labels_wrongly_asked_for_are_wrong_usage(
    command: Command, mailed_url: str, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert command(mailed_url, "labels", "--output", tmp_path / "labels.pdf", *arguments).status == 2
    assert not (tmp_path / "labels.pdf").exists()


# report


def test_that_the_reports_are_listed_without_a_database(command: Command, tmp_path: Path) -> None:
    ran = command(f"sqlite:///{tmp_path / 'none.db'}", "report", "--list")
    assert ran.status == 0
    names = [line.split()[0] for line in ran.out.splitlines()]
    assert names == [
        "client-statuses", "clients-by-status", "client-list", "lead-sources", "leads", "client-profile",
        "check-your-details", "birthdays", "date-calls", "referrals", "overdue-statuses", "members",
        "incomplete-records",
    ]  # fmt: skip


@pytest.mark.parametrize("ending", [".pdf", ".xlsx"])
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("client-statuses", "Prospect"), ("clients-by-status", "Prospect"), ("client-list", "Adams, Anna"),
        ("lead-sources", "Wedding fair"),
    ],
)  # fmt: skip
def test_that_every_report_is_written(
    command: Command, mailed_url: str, tmp_path: Path, name: str, wanted: str, ending: str
) -> None:
    """S1-19 to S1-21, S2-24."""
    path = tmp_path / f"report{ending}"
    ran = command(mailed_url, "report", name, "--output", path)
    assert ran.status == 0, ran.err
    if ending == ".pdf":
        assert wanted in "".join(page_texts(path))
    else:
        cells = [cell for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)
                 for cell in row]  # fmt: skip
        assert wanted in cells


@pytest.mark.parametrize(
    ("name", "file", "said"),
    [("client-status", "report.pdf", "client-statuses, clients-by-status"), ("client-list", "report.txt", ".xlsx")],
)
def test_that_a_report_that_cannot_be_written_is_refused(
    command: Command, mailed_url: str, tmp_path: Path, name: str, file: str, said: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert_refused(command(mailed_url, "report", name, "--output", folder / file), said)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("arguments", [(), ("client-list",), ("--output", "x.pdf")])
def test_that_a_report_without_name_or_file_is_wrong_usage(
    command: Command, mailed_url: str, arguments: tuple[str, ...]
) -> None:
    assert command(mailed_url, "report", *arguments).status == 2


# backup, restore, check


def test_that_a_backup_is_made_and_put_back(command: Command, mailed_url: str, tmp_path: Path) -> None:
    """S4-34."""
    file = tmp_path / "studio.zip"
    ran = command(mailed_url, "backup", file)
    assert ran.status == 0, ran.err
    assert "3 clients" in ran.err
    assert command(mailed_url, "import", spreadsheet(tmp_path, "Newcomer")).status == 0
    ran = command(mailed_url, "restore", file, "--replace")
    assert ran.status == 0, ran.err
    assert clients_in(mailed_url) == ["Adams", "Berg", "Quiet"]


def test_that_a_backup_without_a_name_goes_into_this_workstations_folder(
    command: Command, mailed_url: str, home: Path
) -> None:
    assert command(mailed_url, "backup").status == 0
    assert len([path for path in (home / "backups").iterdir() if path.suffix in (".zip", ".db")]) == 1


def test_that_a_backup_or_restore_that_cannot_be_is_refused(
    command: Command, mailed_url: str, tmp_path: Path
) -> None:
    before = clients_in(mailed_url)
    assert_refused(command(mailed_url, "backup", tmp_path / "no-folder" / "studio.zip"), "studio.zip")
    assert_refused(command(mailed_url, "restore", tmp_path / "gone.zip"), "There is no file")
    (tmp_path / "letter.zip").write_bytes(b"Dear Anna")
    assert_refused(command(mailed_url, "restore", tmp_path / "letter.zip"), "letter.zip")
    assert clients_in(mailed_url) == before


def test_that_a_studio_on_a_server_is_replaced_only_when_told(
    command: Command, fresh_studio: Callable[[str], str], clock: FixedClock, tmp_path: Path
) -> None:
    url = fresh_studio("postgresql")
    with working_in(url, clock) as services:
        a_client(services, last_name="Adams")
    assert command(url, "backup", tmp_path / "studio.zip").status == 0
    assert_refused(command(url, "restore", tmp_path / "studio.zip"), "is to be replaced")
    assert clients_in(url) == ["Adams"]


def test_that_a_sound_database_passes_the_check(command: Command, mailed_url: str) -> None:
    """RELIABILITY E17."""
    ran = command(mailed_url, "check")
    assert (ran.status, ran.err.strip()) == (0, "Everything fits together.")


def test_that_the_check_says_what_does_not_fit(command: Command, mailed_url: str) -> None:
    """RELIABILITY E17."""
    with closing(Database(mailed_url)) as database:
        database.write(lambda connection: connection.exec_driver_sql("UPDATE client SET number_key = 'x' || id"))
    ran = command(mailed_url, "check")
    assert ran.status == 1
    assert len(ran.err.splitlines()) >= 1


# The database


READING = (
    ("export", "clients", "--output", "{folder}/clients.csv"),
    ("labels", "--output", "{folder}/labels.pdf"),
    ("mailings",),
    ("report", "client-list", "--output", "{folder}/list.pdf"),
    ("backup", "{folder}/studio.zip"),
    ("check",),
)
WRITING = (("import", "{folder}/people.csv"), DEMO, ("restore", "{folder}/studio.zip"))


def filled(arguments: tuple[str, ...], folder: Path) -> list[str]:
    return [one.format(folder=folder) for one in arguments]


@pytest.mark.parametrize("arguments", READING, ids=lambda arguments: arguments[0])
def test_that_a_file_that_is_not_there_is_refused_and_not_made(
    command: Command, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert_refused(command(f"sqlite:///{folder / 'none.db'}", *filled(arguments, folder)), "none.db")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("arguments", READING, ids=lambda arguments: arguments[0])
def test_that_what_only_reads_runs_beside_the_window(
    command: Command, fresh_studio: Callable[[str], str], clock: FixedClock, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """DECISIONS 18."""
    url = fresh_studio("sqlite")
    with working_in(url, clock) as services:
        a_client(services, last_name="Adams", **HOME)
        ran = command(url, *filled(arguments, tmp_path))
    assert ran.status == 0, ran.err
    if len(arguments) > 1:
        assert Path(filled(arguments, tmp_path)[-1]).exists()


@pytest.mark.parametrize("arguments", WRITING, ids=lambda arguments: arguments[0])
def test_that_what_writes_is_refused_beside_the_window(
    command: Command, fresh_studio: Callable[[str], str], clock: FixedClock, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """DECISIONS 18."""
    url = fresh_studio("sqlite")
    spreadsheet(tmp_path, "Newcomer")
    assert command(url, "backup", tmp_path / "studio.zip").status == 0
    with working_in(url, clock) as services:
        a_client(services, last_name="Adams")
        assert_refused(command(url, *filled(arguments, tmp_path)), "Studio Desktop has", "open")
    assert clients_in(url) == ["Adams"]


def test_that_a_password_in_the_address_is_refused_before_anything_is_tried(command: Command) -> None:
    """DECISIONS 19. RELIABILITY 101."""
    ran = command("postgresql://anna:secret@127.0.0.1:1/studio", "check")
    assert_refused(ran, "STUDIO_DB_PASSWORD")
    assert "secret" not in ran.err


@pytest.mark.parametrize("url", ["mysql://server/studio", "studio.db", "postgresql://127.0.0.1:1/studio"])
def test_that_a_database_that_cannot_be_is_one_clear_line(command: Command, url: str) -> None:
    assert_refused(command(url, "check"))


def test_that_a_forgotten_pin_is_taken_away_by_who_can_reach_the_database(
    command: Command, studio_url: str, clock: FixedClock
) -> None:
    """E19: the owner's own too."""
    with working_in(studio_url, clock) as services:
        me = services.users.all()[0]
        services.users.save(me, new_request(), pin="2468")
    assert_refused(command(studio_url, "forget-pin", "Nobody"), "Nobody here is called Nobody", me.name)
    assert command(studio_url, "forget-pin", me.name.lower()).status == 0
    with working_in(studio_url, clock) as services:
        assert not services.users.all()[0].has_pin


def test_that_the_option_may_stand_before_or_behind_the_command(
    command: Command, fresh_studio: Callable[[str], str]
) -> None:
    url = fresh_studio("sqlite")
    assert command(None, "check", "--database", url).status == 0
    assert command("sqlite:///nowhere.db", "check", "--database", url).status == 0


def test_that_without_one_the_workstations_own_database_is_meant(command: Command, home: Path) -> None:
    own = f"sqlite:///{(home / 'studio.db').as_posix()}"
    prepare(own, program_version=__version__, backup_folder=home, create=True).close()
    assert command(None, "check").status == 0
    assert make_url(own).database
    (home / "studio.db").unlink()
    assert_refused(command(None, "check"), "studio.db")


def test_that_wrong_usage_is_told_by_status_2(command: Command) -> None:
    assert command(None, "nonsense").status == 2
    assert command(None, "--nonsense").status == 2


def test_that_help_and_version_are_no_refusals(command: Command) -> None:
    ran = command(None, "--version")
    assert (ran.status, ran.out.strip()) == (0, f"Studio Desktop {__version__}")
    assert command(None, "labels", "--help").status == 0
