"""Every page and every sheet of the window, named once; each is loaded when it is first shown.

A new page is a row in `PAGES`, a new sheet a row in `SHEETS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio_desktop.ui.page import Page, Sheet, Shell


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A hub or another page of which there is one. `action` leads to it; it stands in the navigation if `listed`.

    A page that `finds` has a search box of its own, which then is the place of rest (FRONT_DESK 2.1).
    """

    name: str
    text: str
    icon: str
    action: str
    make: Callable[[Shell], Page]
    listed: bool = True
    stays: bool = False
    finds: bool = False
    views: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Further actions that lead to it, each with what it wishes to see there."""


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """A sheet, made with the arguments that `Shell.open_sheet` was given. `action` opens it without any.

    `example` gives arguments for a client's id with which it has something to show.
    """

    name: str
    make: Callable[..., Sheet]
    action: str = ""
    example: Callable[[int], dict[str, Any]] = field(default=lambda _: {})


def page_place(name: str) -> PagePlace:
    """The page of that name; StopIteration for an unknown one."""
    return next(place for place in PAGES if place.name == name)


def sheet_place(name: str) -> SheetPlace:
    """The sheet of that name; StopIteration for an unknown one."""
    return next(place for place in SHEETS if place.name == name)


def client_page(shell: Shell, client_id: int, neighbours: list[int] | None) -> Page:
    """The page of one client."""
    from studio_desktop.ui.client_window.window import ClientPage

    return ClientPage(shell, client_id, neighbours)


def _home(shell: Shell) -> Page:
    from studio_desktop.ui.hubs.home import HomePage

    return HomePage(shell)


def _clients(shell: Shell) -> Page:
    from studio_desktop.ui.hubs.clients import ClientsPage

    return ClientsPage(shell)


def _leads(shell: Shell) -> Page:
    from studio_desktop.ui.hubs.leads_board import LeadsBoardPage

    return LeadsBoardPage(shell)


def _status(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.status import StatusSheet

    return StatusSheet(shell, **arguments)


def _change_many(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.change_many import ChangeManySheet

    return ChangeManySheet(shell, **arguments)


def _saved_filter(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.saved_filter import SavedFilterSheet

    return SavedFilterSheet(shell, **arguments)


def _import(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.import_clients import ImportSheet

    return ImportSheet(shell, **arguments)


def _report(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.report import ReportSheet

    return ReportSheet(shell, **arguments)


def _labels(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.labels import LabelsSheet

    return LabelsSheet(shell, **arguments)


def _new_client(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.new_client import NewClientSheet

    return NewClientSheet(shell, **arguments)


def _duplicates(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.duplicates import DuplicatesSheet

    return DuplicatesSheet(shell, **arguments)


def _merge(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.merge import MergeSheet

    return MergeSheet(shell, **arguments)


def _link(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.link import LinkSheet

    return LinkSheet(shell, **arguments)


def _trash(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.trash import TrashSheet

    return TrashSheet(shell, **arguments)


def _history(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.history import HistorySheet

    return HistorySheet(shell, **arguments)


def _photo(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.photo import PhotoSheet

    return PhotoSheet(shell, **arguments)


def _users(shell: Shell, **arguments: Any) -> Sheet:
    from studio_desktop.ui.sheets.users import UsersSheet

    return UsersSheet(shell, **arguments)


def _maintenance(shell: Shell) -> Page:
    from studio_desktop.ui.maintenance.window import MaintenancePage

    return MaintenancePage(shell)


def _settings(shell: Shell) -> Page:
    from studio_desktop.ui.hubs.settings.page import SettingsPage

    return SettingsPage(shell)


def _backups(shell: Shell) -> Page:
    from studio_desktop.ui.hubs.backups import BackupsPage

    return BackupsPage(shell)


def _help(shell: Shell) -> Page:
    from studio_desktop.ui.hubs.help import HelpPage

    return HelpPage(shell)


PAGES: tuple[PagePlace, ...] = (
    PagePlace("home", "Home", "home", "home", _home, stays=True),
    PagePlace(
        "clients", "Clients", "people", "clients", _clients, finds=True,
        views={
            f"list_{name}": {"list": name}
            for name in ("all", "clients", "prospects", "leads", "hidden", "archived")
        },
    ),
    PagePlace("leads", "Leads", "board", "leads_board", _leads),
    PagePlace(
        "maintenance", "Maintained lists", "text_bullet_list_square", "maintained_lists", _maintenance, listed=False,
        views={"client_statuses": {"catalog": "client_statuses"}},
    ),
    PagePlace(
        "settings", "Settings", "settings", "settings", _settings, listed=False,
        views={"preferences": {"section": "studio"}},
    ),
    PagePlace("backups", "Backups", "database", "backups", _backups, listed=False),
    PagePlace("help", "Help", "question_circle", "help", _help, listed=False),
)

SHEETS: tuple[SheetPlace, ...] = (
    SheetPlace("new_client", _new_client),
    SheetPlace("history", _history, "history", lambda client_id: {"client_id": client_id}),
    SheetPlace("photo", _photo, example=lambda client_id: {"client_id": client_id}),
    SheetPlace("duplicates", _duplicates, "find_duplicates"),
    SheetPlace("merge", _merge, "merge_clients"),
    SheetPlace("link", _link, "link_client"),
    SheetPlace("trash", _trash, "trash"),
    SheetPlace("status", _status, "change_status", lambda client_id: {"client_ids": [client_id]}),
    SheetPlace("change_many", _change_many, "change_many", lambda client_id: {"client_ids": [client_id]}),
    SheetPlace("saved_filter", _saved_filter, "new_filter"),
    SheetPlace("labels", _labels, "labels"),
    SheetPlace("report", _report, "report"),
    SheetPlace("import", _import, "import_clients"),
    SheetPlace("users", _users, "users"),
)
