"""A field for a person who may be a client: any name is taken, and an existing client is found by typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.drop_down import DropDownLine, DropDownList, Entry
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.enter import is_enter
from studio_desktop.ui.widgets.fault_mark import FaultMark
from studio_desktop.ui.widgets.plain_label import as_tip

if TYPE_CHECKING:
    from studio_desktop.domain.formats import Formats
    from studio_desktop.services import Services
    from studio_desktop.ui.page import Shell

OFFERED = 8
"""Clients offered at once."""


@dataclass(frozen=True, slots=True)
class Known:
    """A client that exists."""

    id: int
    name: str


def known_clients(services: Services, formats: Formats, typed: str) -> list[Entry]:
    """The clients that the text means, best first; the value of each entry is a `Known`."""
    from studio_desktop.services.listings.service import Query

    hits = services.listings.hits(typed, Query(), limit=OFFERED)
    return list(_entries(formats, [hit.id for hit in hits.found], hits.rows).values())


def entries_of(services: Services, formats: Formats, ids: Sequence[int]) -> dict[int, Entry]:
    """These clients by their ids, in this order, as lists offer them; the value of each entry is a `Known`."""
    return _entries(formats, ids, services.listings.rows("clients", ids))


def _entries(formats: Formats, ids: Sequence[int], rows: Mapping[int, tuple[Any, ...]]) -> dict[int, Entry]:
    from studio_desktop.services.listings.service import listing

    keys = [column.key for column in listing("clients").columns]
    entries = {}
    for client_id in ids:
        if client_id in rows:
            row = dict(zip(keys, rows[client_id], strict=True))
            phone = row["phone"]
            shown = formats.phone(phone.typed, phone.e164, phone.extension) if phone is not None else ""
            company = row["company"] if row["company"] != row["name"] else ""
            known = Known(client_id, row["name"])
            warning = row["call_warning"] or ""
            entries[client_id] = Entry(row["name"], known, company, shown, row["town"] or "", warning=warning)
    return entries


class ClientPicker(QWidget):
    """A name, and the client behind it if there is one. While typing, Down and Enter take an existing client.

    The button, Alt+Down and F4 look for the text that stands there.
    """

    edited = Signal()
    open_wanted = Signal(int)
    """Somebody wants to see the client."""

    def __init__(self, shell: Shell, parent: QWidget, other_than: int = 0) -> None:
        """The client `other_than` is not offered: nobody refers herself."""
        super().__init__(parent)
        self._shell = shell
        self._other_than = other_than
        self._client_id: int | None = None
        self._list: DropDownList | None = None
        self._mark: FaultMark | None = None
        self.name_edit = _NameField(self)
        self.more_button = FlatButton("…", self, compact=True)
        self.more_button.setAccessibleName(self.tr("Choose an existing client"))
        self.more_button.setFixedWidth(theme.scaled(34))
        self.more_button.setToolTip(self.tr("Choose an existing client (Alt+Down)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.name_edit, 1)
        row.addWidget(self.more_button)
        self.name_edit.textEdited.connect(self._typed)
        self.more_button.clicked.connect(self.look)
        self.setFocusProxy(self.name_edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def client_id(self) -> int | None:
        """The client; None for a name without one."""
        return self._client_id

    def name(self) -> str:
        """What stands there."""
        return self.name_edit.text().strip()

    def show_choice(self, client_id: int | None, name: str) -> None:
        """Show a client, or a name without one."""
        self._client_id = client_id
        if self.name_edit.text() != name:
            self.name_edit.setText(name)
            self.name_edit.setCursorPosition(0)
        self._tell()

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        self.name_edit.setReadOnly(read_only)
        self.more_button.setVisible(not read_only)

    def mark_name(self, sentence: str) -> None:
        """Say what is wrong with the name; an empty sentence says that nothing is."""
        self.clear_marks()
        if sentence:
            self._mark = FaultMark(self.name_edit, sentence, self.parentWidget())

    def clear_marks(self) -> None:
        """Nothing is wrong."""
        if self._mark is not None:
            self._mark.remove()
            self._mark = None

    def look(self) -> None:
        """Offer the clients that the text means."""
        self.name_edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._find(choose_first=True)

    def offered(self) -> list[Entry]:
        """What hangs below now."""
        return self._list.entries() if self._list is not None and self._list.isVisible() else []

    def handle_key(self, event: QKeyEvent) -> bool:
        """A key pressed in the name; whether it was for the list below."""
        key, drop_down = event.key(), self._list
        if key == Qt.Key.Key_F4 or (
            key == Qt.Key.Key_Down and event.modifiers() == Qt.KeyboardModifier.AltModifier
        ):
            self.look()
            return True
        if drop_down is None or not drop_down.isVisible():
            return False
        if key == Qt.Key.Key_Escape:
            drop_down.hide()
            return True
        chosen = drop_down.chosen()
        if is_enter(event) and chosen is not None:
            self._take(chosen.value)
            return True
        return drop_down.move_choice(event)

    def close_list(self) -> None:
        """Take the list below away."""
        if self._list is not None:
            self._list.hide()

    def _typed(self) -> None:
        self._client_id = None
        self.clear_marks()
        self._tell()
        self.edited.emit()
        self._find(choose_first=False)

    def _find(self, *, choose_first: bool) -> None:
        typed, services, formats = self.name(), self._shell.services, self._shell.formats
        if not typed:
            self.close_list()
            return
        self._shell.tasks.latest(
            self,
            "clients",
            lambda: known_clients(services, formats, typed),
            lambda entries: self._offer(typed, entries, choose_first),
        )

    def _offer(self, typed: str, entries: list[Entry], choose_first: bool) -> None:
        others = [entry for entry in entries if entry.value.id != self._other_than]
        if typed != self.name() or not self.name_edit.hasFocus():
            return
        if self._list is None:
            self._list = DropDownList(self.window())
            self._list.setAccessibleName(self.tr("Existing clients"))
            self._list.taken.connect(self._take)
        if choose_first and not others:
            others = [Entry(self.tr("Nobody is found"), None, enabled=False)]
        self._list.show_entries(others)
        if not choose_first:
            self._list.setCurrentIndex(QModelIndex())
        self._list.place_under(self.name_edit, theme.scaled(440))

    def _take(self, known: Known) -> None:
        self.show_choice(known.id, known.name)
        self.close_list()
        self.edited.emit()

    def _tell(self) -> None:
        known = self._client_id is not None
        theme.set_colours(self.name_edit, **({"Text": "link"} if known else {}))
        tip = self.tr("An existing client; typing makes it a name alone") if known else ""
        self.name_edit.setToolTip(as_tip(tip))


class _NameField(DropDownLine):
    def __init__(self, picker: ClientPicker) -> None:
        super().__init__(picker, picker.handle_key, picker.close_list)
        self._picker = picker

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        client_id = self._picker.client_id
        if client_id is not None:
            menu.addSeparator()
            menu.addAction(self.tr("Open this client"), lambda: self._picker.open_wanted.emit(client_id))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())
