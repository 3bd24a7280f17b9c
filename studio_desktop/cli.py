"""The same work without a window: one subcommand per job, exit status 0 done, 1 refused in one line, 2 wrong usage."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from studio_desktop import __version__
from studio_desktop.domain.clock import Clock, FixedClock
from studio_desktop.domain.errors import InvalidInput, StudioError
from studio_desktop.settings import SettingsFile, backup_folder, default_database_url

if TYPE_CHECKING:
    from studio_desktop.database.engine import Database
    from studio_desktop.services import Services
    from studio_desktop.services.imports.mapping import Mapped
    from studio_desktop.services.imports.plan import Rules
    from studio_desktop.services.imports.reading import Table
    from studio_desktop.services.mailing import Recipients

SEED = 20_260_310
"""The demo's seed when none is given."""


def add_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Declare every subcommand that works without a window, each with the `common` options.

    Each sets `run`, which is called with the parsed arguments.
    """
    demo = commands.add_parser("demo", parents=[common], help="fill an empty studio with fictional clients")
    demo.add_argument("--clients", type=_count, default=500, metavar="N", help="how many (500)")
    demo.add_argument("--seed", type=int, default=SEED, metavar="N", help="the same seed makes the same studio")
    demo.add_argument("--today", type=_day, metavar="DATE", help="the day the studio is made for, as 2026-03-10")
    demo.set_defaults(run=_demo)

    files = "bring clients in from a .csv, .xlsx, .xls, .ods or .vcf file, or a .zip with one of them and photos"
    imports = commands.add_parser("import", parents=[common], help=files)
    imports.add_argument("file", type=Path, metavar="FILE")
    imports.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
    imports.add_argument(
        "--update-by", choices=("number", "number-name", "name", "name-company", "email"),
        help="change the clients that rows are found by, instead of skipping them",
    )  # fmt: skip
    imports.add_argument("--dates", choices=("dmy", "mdy", "ymd"), help="their order; else as the file shows it")
    imports.add_argument("--country", metavar="XX", help="of the phone numbers, as US or DE; else the studio's own")
    imports.add_argument("--mapping", metavar="NAME", help="a saved mapping of columns, with the rules saved with it")
    imports.add_argument("--group", metavar="NAME", action="append", default=[], help="that all join; several times")
    imports.add_argument("--tag", metavar="NAME", action="append", default=[], help="that all get; several times")
    imports.set_defaults(run=_import)

    kinds = "write a list as .csv, .xlsx or .pdf, clients also as .vcf"
    export = commands.add_parser("export", parents=[common], help=kinds)
    export.add_argument("listing", metavar="LISTING", help="clients, client-statuses, …")
    export.add_argument("--filter", metavar="NAME", help="a saved filter; without one all rows")
    export.add_argument("--output", type=Path, required=True, metavar="FILE")
    export.add_argument("--whole", action="store_true", help="clients with everything, in a .zip with their photos")
    export.add_argument("--card-version", choices=("3.0", "4.0"), default="3.0", help="of the vCards in a .vcf")
    export.set_defaults(run=_export)

    whole = "write all that is kept about one client as .zip, to hand over"
    person = commands.add_parser("export-person", parents=[common], help=whole)
    person.add_argument("client", metavar="NUMBER", help="the client's number, or a name that only one has")
    person.add_argument("--output", type=Path, required=True, metavar="FILE")
    person.set_defaults(run=_export_person)

    labels = commands.add_parser("labels", parents=[common], help="write mailing labels as PDF")
    labels.add_argument("--output", type=Path, required=True, metavar="FILE")
    labels.add_argument("--sheet", metavar="SHEET", help="avery-5160, l7160, dymo-30252, …; label-sheets lists them")
    labels.add_argument("--start", type=_count, default=1, metavar="N", help="the first free label of the first sheet")
    whom = labels.add_mutually_exclusive_group()
    whom.add_argument("--group", metavar="NAME")
    whom.add_argument("--status", metavar="NAME")
    whom.add_argument("--tag", metavar="NAME")
    whom.add_argument("--plan", metavar="NAME", help="a marketing plan")
    whom.add_argument("--filter", metavar="NAME", help="a saved filter of clients")
    whom.add_argument("--kind", metavar="KIND", help="all active clients, prospects or leads")
    whom.add_argument("--client", metavar="NUMBER", action="append", help="may be given several times; always prints")
    whom.add_argument("--again", type=_count, metavar="RUN", help="print a kept mailing again; mailings lists them")
    labels.add_argument("--names", choices=("person", "couple", "household"), default="couple", help="the name line")
    labels.add_argument("--order", choices=("last name", "postcode"), help="how the labels are sorted")
    labels.add_argument("--copies", type=_count, default=1, metavar="N", help="of each label")
    labels.add_argument("--on", type=_day, metavar="DATE", help="with the addresses in force on that day")
    labels.add_argument("--keep", action="store_true", help="keep the mailing, to print it again")
    labels.set_defaults(run=_labels)

    mailings = commands.add_parser("mailings", parents=[common], help="list the mailings that were kept")
    mailings.set_defaults(run=_mailings)

    label_sheets = commands.add_parser(
        "label-sheets", parents=[common], help="list the label sheets there are, or add some from files of gLabels"
    )
    label_sheets.add_argument("files", type=Path, nargs="*", metavar="FILE", help="a .xml, .template or .glabels")
    label_sheets.set_defaults(run=_label_sheets)

    report = commands.add_parser("report", parents=[common], help="write a report as .pdf or .xlsx")
    report.add_argument("name", nargs="?", metavar="NAME")
    report.add_argument("--output", type=Path, metavar="FILE")
    report.add_argument(
        "--option", action="append", default=[], type=_pair, metavar="NAME=VALUE", help="month=May, client=1042, …"
    )
    report.add_argument("--list", action="store_true", help="name the reports there are")
    report.set_defaults(run=_report)

    backup = commands.add_parser("backup", parents=[common], help="make a verified backup")
    backup.add_argument("file", type=Path, nargs="?", metavar="FILE", help="a .zip fits either database")
    backup.set_defaults(run=_backup)

    restores = "put a backup into the database; what stood there is kept"
    restore = commands.add_parser("restore", parents=[common], help=restores)
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="replace a studio that stands on a server")
    restore.set_defaults(run=_restore)

    pins = commands.add_parser("forget-pin", parents=[common], help="take a forgotten PIN away from somebody")
    pins.add_argument("name", metavar="NAME", help="who works in the studio")
    pins.set_defaults(run=_forget_pin)

    check = commands.add_parser("check", parents=[common], help="prove that everything in the database fits together")
    check.set_defaults(run=_check)


def run(arguments: argparse.Namespace) -> int:
    """Carry out a parsed subcommand. A refusal is one line on standard error and exit status 1."""
    try:
        return int(arguments.run(arguments))
    except StudioError as error:
        _say(f"studio-desktop: {' '.join(str(error).split())}")
        return 1
    except OSError as error:
        _say(f"studio-desktop: {error.filename or 'The file system'}: {error.strerror or error}")
        return 1
    except KeyboardInterrupt:
        _say("studio-desktop: stopped; nothing half-done was kept.")
        return 1


def database_url(arguments: argparse.Namespace) -> str:
    """The database named on the command line, else the workstation's own."""
    return arguments.database or SettingsFile().load().database_url or default_database_url()


@contextmanager
def _studio(
    arguments: argparse.Namespace, *, create: bool = False, reads: bool = False, clock: Clock | None = None
) -> Iterator[Services]:
    """The services on the chosen database. `reads`: the command may run beside the program that has the file open."""
    with _open(arguments, create=create, reads=reads) as database:
        from studio_desktop.services import Services
        from studio_desktop.services.users import sit_down

        yield Services(database, sit_down(database, clock or database.clock(), socket.gethostname()))


@contextmanager
def _open(arguments: argparse.Namespace, *, create: bool = False, reads: bool = False) -> Iterator[Database]:
    from studio_desktop.database.migrate import prepare
    from studio_desktop.domain.errors import AlreadyOpen

    def opened(read_only: bool) -> Database:
        return prepare(
            database_url(arguments),
            program_version=__version__,
            backup_folder=backup_folder(SettingsFile().load()),
            password=os.environ.get("STUDIO_DB_PASSWORD"),
            create=create,
            read_only=read_only,
            progress=_step,
        )

    try:
        database = opened(read_only=False)
    except AlreadyOpen:
        if not reads:
            raise
        database = opened(read_only=True)
    try:
        yield database
    finally:
        database.close()


def _demo(arguments: argparse.Namespace) -> int:
    noon = time(12, tzinfo=UTC)
    clock = FixedClock(datetime.combine(arguments.today, noon)) if arguments.today else None
    with _studio(arguments, create=True, clock=clock) as services:
        count = services.demo.fill(arguments.clients, arguments.seed, _progress("clients"))
        _say(f"{count:,} clients in {services.database.name}.")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from studio_desktop.services import new_request
    from studio_desktop.services.imports.reading import read_table

    # A file that cannot be read must not leave a new studio behind.
    table = read_table(arguments.file)
    with _studio(arguments, create=not arguments.dry_run) as services:
        mapped, rules = _understood(services, table, arguments)
        plan = services.imports.judge(table, mapped, rules=rules)
        told = plan.summary()
        counts = next(told)
        if not (arguments.dry_run or plan.writes):
            raise InvalidInput("{counts} No row is new; nothing was imported.", counts=counts)
        for line in chain((counts,), told):
            _say(line)
        if arguments.dry_run:
            _say("Nothing was written.")
            return 0
        result = services.imports.carry_out(plan, new_request(), _progress("rows")).result
        _say(result.sentence())
    return 0


def _understood(services: Services, table: Table, arguments: argparse.Namespace) -> tuple[Mapped | None, Rules]:
    """How the command line, and a saved mapping that it names, want a file to be read."""
    from studio_desktop.domain import names
    from studio_desktop.domain.dates import DateOrder
    from studio_desktop.services.imports.plan import Matching, Rules
    from studio_desktop.services.imports.service import applied

    mapped, rules = None, Rules()
    if arguments.mapping is not None:
        kept = services.imports.mappings()
        chosen = next((one for one in kept if names.key(one.name) == names.key(arguments.mapping)), None)
        if chosen is None:
            raise InvalidInput(
                "There is no saved mapping “{name}”. There are: {names}.",
                name=arguments.mapping, names=", ".join(one.name for one in kept) or "none",
            )  # fmt: skip
        mapped, rules = applied(table, chosen)
    if arguments.dates:
        rules = replace(rules, date_order=DateOrder(arguments.dates))
    if arguments.update_by:
        rules = replace(rules, update_by=Matching(arguments.update_by))
    if arguments.country:
        rules = replace(rules, country=arguments.country)
    groups, tags = (*rules.groups, *arguments.group), (*rules.tags, *arguments.tag)
    return mapped, replace(rules, groups=groups, tags=tags)


def _export(arguments: argparse.Namespace) -> int:
    from studio_desktop.reports.listing_file import export_listing
    from studio_desktop.services.listings.declaration import SAVED, Query

    with _studio(arguments, reads=True) as services:
        query = Query({SAVED: arguments.filter} if arguments.filter is not None else {})
        if arguments.whole:
            from studio_desktop.reports.whole_clients import write_whole

            if arguments.listing != "clients":
                raise InvalidInput("Only clients can be written whole.")
            ids = services.listings.ids(arguments.listing, query)
            whole = write_whole(services, arguments.output, ids, progress=_progress("rows"))
            _told(f"{whole.rows:,} rows in {whole.path}.", whole.remarks)
            return 0
        written = export_listing(
            services, arguments.listing, arguments.output, query=query, card_version=arguments.card_version,
            progress=_progress("rows"),
        )  # fmt: skip
        _told(f"{written.rows:,} rows in {written.path}.", written.remarks)
    return 0


def _export_person(arguments: argparse.Namespace) -> int:
    from studio_desktop.reports.person import write_person
    from studio_desktop.reports.records import the_client

    with _studio(arguments, reads=True) as services:
        record = the_client(services, arguments.client)
        written = write_person(services, record.id, arguments.output)
        _told(f"{written.rows:,} rows in {written.path}.", written.remarks)
    return 0


def _labels(arguments: argparse.Namespace) -> int:
    from studio_desktop.reports.label_sheets import sheet
    from studio_desktop.reports.mailing_labels import write_mailing
    from studio_desktop.services import new_request
    from studio_desktop.services.mailing import MailingOrder, NameLine, RunFacts

    settings = SettingsFile().load()
    with _studio(arguments, reads=not arguments.keep) as services:
        chosen = sheet(arguments.sheet or settings.label_sheet)
        name_line, day = NameLine(arguments.names), arguments.on or services.desk.clock.today()
        if arguments.again is not None:
            run, mailing = services.mailings.again(arguments.again)
            facts = replace(run.facts, sheet=chosen.key, copies=arguments.copies)
        else:
            order = MailingOrder(arguments.order) if arguments.order else MailingOrder.AS_CHOSEN
            recipients = _recipients(services, arguments)
            mailing = services.mailings.gather(recipients, order=order, name_line=name_line, on=day)
            facts = RunFacts(_said_whom(arguments), chosen.key, name_line, day, arguments.copies)
        result = write_mailing(mailing, arguments.output, chosen, start=arguments.start, copies=arguments.copies)
        if arguments.keep:
            services.mailings.keep(facts, mailing, new_request())
        _told(result.sentence(), result.left_out_lines())
    return 0


def _said_whom(arguments: argparse.Namespace) -> str:
    numbers = ", ".join(arguments.client or ())
    kind = f"all active {arguments.kind or 'clients'}"
    list_row = arguments.group or arguments.status or arguments.tag or arguments.plan
    return list_row or arguments.filter or numbers or kind


def _mailings(arguments: argparse.Namespace) -> int:
    from studio_desktop.services.preferences import formats_of

    with _studio(arguments, reads=True) as services:
        formats = formats_of(services.preferences.get())
        for run in services.mailings.runs():
            sys.stdout.write(
                f"{run.id:6}  {formats.instant(run.at)}  {run.facts.whom}: {run.labels:,} labels, "
                f"{run.left_out:,} left out, {run.facts.sheet}, {run.user}\n"
            )
    return 0


def _label_sheets(arguments: argparse.Namespace) -> int:
    from studio_desktop.reports.label_sheets import faults, sheets

    if not arguments.files:
        for one in sheets():
            sys.stdout.write(f"{one.key:20} {one.name}: {one.description}\n")
        for fault in faults():
            _say(f"studio-desktop: {fault}")
        return 1 if faults() else 0
    from studio_desktop.reports.glabels import add_sheets

    for file in arguments.files:
        brought = add_sheets(file)
        for one in brought.added:
            _say(f"Added {one.key}: {one.description}.")
        for name, why in brought.left_out:
            _say(f"Not added: {name}, {why.rstrip('.')}.")
    return 0


def _recipients(services: Services, arguments: argparse.Namespace) -> Recipients:
    from studio_desktop.domain.records.clients import kind_called
    from studio_desktop.services.mailing import Recipients

    if arguments.group is not None:
        return Recipients(group_id=_choice(services, "client_groups", "group", arguments.group))
    if arguments.status is not None:
        return Recipients(status_id=_choice(services, "client_statuses", "status", arguments.status))
    if arguments.tag is not None:
        return Recipients(tag_id=_choice(services, "client_tags", "tag", arguments.tag))
    if arguments.plan is not None:
        return Recipients(plan_id=_choice(services, "marketing_plans", "plan", arguments.plan))
    if arguments.filter is not None:
        return Recipients(saved_filter=arguments.filter)
    if arguments.kind is not None:
        kind = kind_called(arguments.kind)
        if kind is None:
            raise InvalidInput("“{kind}” is neither clients, prospects nor leads.", kind=arguments.kind)
        return Recipients(kind=kind)
    if arguments.client is not None:
        ids = []
        for number in arguments.client:
            client_id = services.clients.by_number(number)
            if client_id is None:
                raise InvalidInput("There is no client with number {number}.", number=number)
            ids.append(client_id)
        return Recipients(client_ids=tuple(ids), always=frozenset(ids))
    return Recipients()


def _choice(services: Services, catalog: str, word: str, name: str) -> int:
    from studio_desktop.domain import names

    choices = services.catalogs.choices()[catalog]
    for choice in choices:
        if names.key(choice.text) == names.key(name):
            return choice.id
    raise InvalidInput(
        "There is no {word} “{name}”. There are: {names}.",
        word=word, name=name, names=", ".join(choice.text for choice in choices),
    )  # fmt: skip


def _report(arguments: argparse.Namespace) -> int:
    from studio_desktop.reports import REPORTS
    from studio_desktop.reports.report import find_report, options_of, write_report

    if arguments.list:
        for report in REPORTS:
            sys.stdout.write(f"{report.name:20} {report.purpose}\n")
        return 0
    if arguments.name is None or arguments.output is None:
        _say("studio-desktop: name a report and an --output file, or ask for --list.")
        return 2
    report = find_report(REPORTS, arguments.name)
    with _studio(arguments, reads=True) as services:
        options = options_of(report, dict(arguments.option), services)
        written = write_report(report, services, options, arguments.output)
        _told(f"{written.rows:,} rows in {written.path}.", written.remarks)
    return 0


def _backup(arguments: argparse.Namespace) -> int:
    from studio_desktop.database import backup

    with _open(arguments, reads=True) as database:
        where = {"file": arguments.file} if arguments.file else {"folder": backup_folder(SettingsFile().load())}
        result = backup.backup(database, progress=_step, **where)
        _say(f"Verified backup: {result.path}, {result.counts['client']:,} clients.")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from studio_desktop.database.restore import restore

    restored = restore(
        arguments.file,
        database_url(arguments),
        backup_folder=backup_folder(SettingsFile().load()),
        password=os.environ.get("STUDIO_DB_PASSWORD"),
        replace=arguments.replace,
        progress=_step,
    )
    kept = f" What stood there before is {restored.kept}." if restored.kept else ""
    _say(f"Restored {restored.counts['client']:,} clients from {arguments.file}.{kept}")
    return 0


def _forget_pin(arguments: argparse.Namespace) -> int:
    from studio_desktop.domain import names
    from studio_desktop.services import new_request

    with _studio(arguments) as services:
        people = services.users.everyone()
        person = next((one for one in people if names.key(one.name) == names.key(arguments.name)), None)
        if person is None:
            raise InvalidInput(
                "Nobody here is called {name}. There are: {names}.",
                name=arguments.name, names=", ".join(one.name for one in people),
            )  # fmt: skip
        services.users.forget_pin(person.id, new_request())
        _say(f"{person.name} has no PIN now.")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from studio_desktop.database.check import check

    with _open(arguments, reads=True) as database:
        findings = check(database, _step)
    for finding in findings:
        _say(str(finding))
    if findings:
        return 1
    _say("Everything fits together.")
    return 0


def _told(sentence: str, remarks: Sequence[str]) -> None:
    _say(sentence)
    for remark in remarks:
        _say(remark)


def _progress(what: str) -> Callable[[int, int], None]:
    """Counts on one line of a terminal; silent where standard error is a file."""

    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty() and (done % 1000 == 0 or done == total):
            sys.stderr.write(f"\r{done:,} {'of ' + format(total, ',') + ' ' if total else ''}{what} ")
            if done == total:
                sys.stderr.write("\n")
            sys.stderr.flush()

    return tell


def _step(text: str) -> None:
    """A step of long work, for who watches it in a terminal."""
    if sys.stderr.isatty():
        _say(text)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError("is NAME=VALUE, as month=May")
    return name, value


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("is a date as 2026-03-10") from None
