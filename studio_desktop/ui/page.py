"""What the window and its screens know of one another: pages as tabs, sheets over pages, and the shell around them.

A *page* is a tab of the window: a hub, a client, maintenance. A *sheet* covers the lower part of the page in front
and edits one thing beside it; it parks itself when the phone rings and comes back to the same character
(FRONT_DESK 2, 6). Both get a `Shell` in their constructor and nothing else; nothing is global.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:  # the window is painted before the database layer is loaded
    from studio_desktop.domain.changes import Changes
    from studio_desktop.domain.errors import StudioError
    from studio_desktop.domain.formats import Formats
    from studio_desktop.services import Services
    from studio_desktop.services.catalogs import Choice
    from studio_desktop.services.preferences import StudioPreferences
    from studio_desktop.services.presence import Place, Present
    from studio_desktop.settings import Settings
    from studio_desktop.ui.actions import MenuEntry
    from studio_desktop.ui.background import BackgroundTasks
    from studio_desktop.ui.documents import Document
    from studio_desktop.ui.drafts import Drafts
    from studio_desktop.ui.message_bar import Ways
    from studio_desktop.ui.prompts import Prompts


@dataclass(frozen=True, slots=True)
class ClientInHand:
    """The client that labels, status and sheets act on: the record in front, else the chosen row, else the caller."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class ParkedSheet:
    """A sheet that waits behind its chip."""

    number: int
    text: str
    """What it is: "New client: Ann"."""
    since: str
    """The time it was begun: "10:42"."""


class Shell(Protocol):
    """What the window offers to its pages and sheets."""

    services: Services
    tasks: BackgroundTasks
    prompts: Prompts
    settings: Settings
    formats: Formats
    preferences: StudioPreferences
    choices: Mapping[str, list[Choice]]
    """The rows of every catalog by its name, kept fresh by the window."""
    drafts: Drafts
    """What is typed and not saved, on this workstation. The window keeps those of sheets, a page those of its own."""

    def open_client(self, client_id: int, neighbours: list[int] | None = None) -> None:
        """Show the client's page, raising it when it is open; `neighbours` is the list it was opened from."""

    def open_page(self, name: str, **wish: Any) -> None:
        """Show a hub or maintenance by its name: "home", "clients", "maintenance"; `wish` goes to its `Page.wish`."""

    def open_sheet(self, name: str, **arguments: Any) -> None:
        """Show a sheet over the page in front: "new_client", "labels", "import", "history", "report", …"""

    parked_changed: SignalInstance
    """Other sheets are parked than before."""

    def parked_sheets(self) -> list[ParkedSheet]:
        """The sheets that were put aside, newest first."""

    def go_on_with(self, number: int) -> None:
        """Bring a parked sheet back to where it was left."""

    def client_in_hand(self) -> ClientInHand | None:
        """Whom an action is about now."""

    def chosen_clients(self) -> list[int]:
        """The ticked or selected clients of the page in front, else the client in hand."""

    def saved(self, text: str, changes: Changes, *, undoable: bool = True) -> None:
        """A write of this desk succeeded: tell every screen, and offer Undo for ten seconds under `text`."""

    def say(self, text: str) -> None:
        """A sentence in the status bar."""

    def written(self, text: str, path: Path) -> None:
        """A document lies at `path`: a banner over the page says where for a while and offers *Save elsewhere*."""

    def offer(self, key: str, text: str, ways: Ways) -> None:
        """A banner over the page with something to press, for a while; another of the same `key` takes its place."""

    def preview(self, document: Document, path: Path | None = None) -> None:
        """Show a document page by page, with ways to print and keep it; `path` is where it lies already."""

    def backed_up(self) -> None:
        """There are other backups than before: the status bar looks again."""

    def restore(self, backup: Path) -> None:
        """Put a backup in the place of the studio, and open it; all that is typed is saved first."""

    def failed(self, error: StudioError, retry: Callable[[], None] | None = None) -> None:
        """A failure that no field can show: a banner over the page that stays until it is solved."""

    def save_settings(self, settings: Settings) -> None:
        """Keep changed workstation settings."""


class Page(QWidget):
    """One tab of the window."""

    context = ""
    """The name of the ribbon's Home content and contextual tabs while this page is in front."""

    title_changed = Signal(str)
    status_changed = Signal(str)
    """What the left of the status bar says about this page."""
    close_wanted = Signal()
    actions_changed = Signal()
    """What can be done here, or how it is ticked, is no longer what it was: another selection, another state."""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shell = shell

    def title(self) -> str:
        """What the tab says."""
        raise TypeError(f"{type(self).__name__} needs a title")

    def icon_name(self) -> str:
        """The tab's icon."""
        return "document_text"

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        """The actions that this page carries out while it is in front, by their ids in `ui/actions.py`.

        A checkable one is given its new state.
        """
        return {}

    def why_not(self, action_id: str) -> str:  # noqa: ARG002
        """Why one of `handlers()` cannot be done just now ("Nothing is selected."); empty when it can."""
        return ""

    def ticked(self) -> Collection[str]:
        """Which of the checkable actions among `handlers()` are on."""
        return ()

    def menus(self) -> Mapping[str, Callable[[], Iterable[MenuEntry]]]:
        """What gives the lines of an action's drop-down, for those of `handlers()` that have one."""
        return {}

    def head_height(self) -> int:
        """How many pixels at the top stay in sight while a sheet lies over the page: a client's header."""
        return 0

    def place_in_list(self) -> tuple[int, int] | None:
        """Which one of how many this is, counted from 1, when it was opened from a list."""
        return None

    def client_in_hand(self) -> ClientInHand | None:
        """The client this page is about, or its chosen row."""
        return None

    def chosen_clients(self) -> list[int]:
        """Ticked or selected clients."""
        client = self.client_in_hand()
        return [client.id] if client is not None else []

    def record(self) -> Place | None:
        """The record that is open here, as other desks know it."""
        return None

    def is_changed(self) -> bool:
        """Whether something is typed here that is not saved."""
        return False

    def show_present(self, others: Sequence[Present]) -> None:
        """Say who else has `record()` open or is changing it."""

    def sought(self) -> str:
        """What was typed here to find somebody whom nobody knows: where a new client begins."""
        return ""

    def wish(self, **wish: Any) -> None:
        """Show what somebody wants to see here: `listing="lead_sources"`, `filters={"overdue": True}`."""
        if wish:
            raise TypeError(f"{type(self).__name__} has nothing to show for {', '.join(wish)}")

    def take_focus(self) -> None:
        """Put the cursor where work begins."""
        self.setFocus()

    def refresh(self, changes: Changes) -> None:
        """Something changed, here or at another desk; look again at what this page shows, in its place."""

    def leave(self, then: Callable[[], None]) -> None:
        """The page is about to close: save what was typed, then call `then`; do not call it when saving fails."""
        then()

    def set_aside(self) -> None:
        """Somebody else sits down, the page goes at once and nobody can be asked: let what was typed wait."""
        self.leave(lambda: None)


class Sheet(QWidget):
    """One thing edited over a page. Everything typed is in `state()`, which drafts and parking keep."""

    name = ""
    """Its key in the window's table of sheets, and of its drafts."""

    finished = Signal()
    """Its work is done and saved; the window takes it away."""
    chip_changed = Signal(str)
    """What its chip says while it is parked: "New client: Ann…"."""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shell = shell

    def title(self) -> str:
        """What the sheet is for, at its head."""
        raise TypeError(f"{type(self).__name__} needs a title")

    def chip(self) -> str:
        """What its chip says while it is parked."""
        return self.title()

    def finish(self) -> None:
        """Ctrl+Enter: save and close. Emits `finished` once the write succeeded."""
        raise TypeError(f"{type(self).__name__} cannot finish")

    def state(self) -> dict[str, Any]:
        """All that a person typed and chose, as JSON values; empty when there is nothing to lose."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back what `state()` gave, after parking or a crash."""

    def client_in_hand(self) -> ClientInHand | None:
        """The client this sheet is about, if it has one of its own."""
        return None

    def takes_client(self) -> bool:
        """Whether it is about one client, who may be changed by Alt+C just now (FRONT_DESK 2.2)."""
        return False

    def lacks_client(self) -> bool:
        """Whether it cannot begin before somebody has said whom it is about."""
        return False

    def set_client(self, client: ClientInHand) -> None:  # noqa: ARG002
        """Be about this client from now on; all that is typed stays (FRONT_DESK 6.2). `state()` keeps who it is."""
        raise TypeError(f"{type(self).__name__} is not about one client")

    def take_focus(self) -> None:
        """Put the cursor in the line."""
        self.setFocus()

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        """The actions that this sheet carries out while it is in front."""
        return {}

    def refresh(self, changes: Changes) -> None:
        """Something changed, here or at another desk."""
