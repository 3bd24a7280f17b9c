"""The caller box, the window's place of rest: a number or a name, Enter opens (FRONT_DESK 2.1, job 1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio_desktop.domain.names import full_name
from studio_desktop.domain.phones import Phone, search_digits
from studio_desktop.domain.search import Question, parse
from studio_desktop.domain.text import words
from studio_desktop.ui import theme
from studio_desktop.ui.drop_down import DropDownList, Entry
from studio_desktop.ui.trail import Sought
from studio_desktop.ui.widgets.search_sign import add_search_sign

if TYPE_CHECKING:
    from studio_desktop.domain.formats import Formats
    from studio_desktop.domain.records.clients import ClientRecord, PhoneRow
    from studio_desktop.services import Services
    from studio_desktop.ui.page import Shell

ANNOUNCED_FOR = 120_000
"""Milliseconds in which F12 means the caller who was announced: the next one is somebody else."""

SHOWN = 8
"""Clients offered at once."""


def tr(text: str) -> str:
    """The text in the language of the window."""
    return QCoreApplication.translate("CallerBox", text)


@dataclass(frozen=True, slots=True)
class Caller:
    """A client who may be meant."""

    client_id: int


@dataclass(frozen=True, slots=True)
class NewCaller:
    """Nobody was found: a new client with what was typed."""

    typed: str


@dataclass(frozen=True, slots=True)
class Jump:
    """A place of the program, by its action."""

    action_id: str


class CallerBox(QLineEdit):
    """Finds clients as you type; the best match is already chosen and Enter opens it."""

    client_wanted = Signal(int)
    new_client_wanted = Signal(str)
    action_wanted = Signal(str)
    left = Signal()
    """Esc in the empty box: the cursor goes back to where work is."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._shell: Shell | None = None
        self._places: Callable[[], Iterable[tuple[str, str, str, str]]] = lambda: ()
        self._answered = ""
        self._entering = False
        self._announced = ""
        self._since_announced = QElapsedTimer()
        self._opening = False
        self._rung = False
        self._list = DropDownList(window)
        self._list.setAccessibleName(self.tr("Who is meant"))
        self._list.taken.connect(self._take)
        self.setTextMargins(3, 0, 0, 0)
        self.setMaxLength(200)
        self.setClearButtonEnabled(False)
        add_search_sign(self)
        self.setPlaceholderText(self.tr("Find anyone or anything  (F12)"))
        self.setAccessibleName(self.tr("Find anyone or anything"))
        self.setFixedHeight(theme.scaled(24))
        self.textEdited.connect(self._look)

    def start(self, shell: Shell, places: Callable[[], Iterable[tuple[str, str, str, str]]]) -> None:
        """Search from now on; `places` gives id, text and icon of the actions that lead somewhere."""
        self._shell = shell
        self._places = places

    def take_focus(self) -> None:
        """Put the cursor in, all text selected, so that the next caller replaces the last."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def ring(self) -> None:
        """The phone rings: put the cursor in, and keep it until somebody is opened or the box is left."""
        self.take_focus()
        self._rung = True

    def is_asked(self) -> bool:
        """Whether somebody is about to say here who calls."""
        return self.hasFocus() and (self._rung or bool(self.text().strip()))

    def half_typed(self) -> Sought | None:
        """What somebody is in the middle of typing here."""
        is_begun = self.hasFocus() and bool(self.text().strip()) and not self.is_announced()
        return Sought(self.text(), self.cursorPosition()) if is_begun else None

    def go_on_with(self, sought: Sought) -> None:
        """Let somebody type on where the phone interrupted."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setText(sought.typed)
        self.setCursorPosition(sought.cursor)
        self._look(sought.typed)

    def announce(self, number: str) -> None:
        """Somebody calls from this number, says another program: look who that is."""
        self._announced = number
        self._since_announced.start()
        self.setText(number)
        self._look(number)

    def is_announced(self) -> bool:
        """Whether what stands here is the number of a caller announced just now."""
        stands_here = bool(self._announced) and self._announced == self.text()
        return stands_here and self._since_announced.elapsed() <= ANNOUNCED_FOR

    def open_announced(self) -> None:
        """Open the announced caller; where several may be meant, or nobody is known, the list offers them."""
        self.take_focus()
        self._look(self._announced)
        self._opening = True

    def offered(self) -> list[Entry]:
        """What the list below offers now."""
        return self._list.entries() if self._list.isVisible() else []

    def is_answered(self) -> bool:
        """Whether the list answers what is typed now."""
        return self._answered == self.text()

    def take_sought(self) -> str:
        """What is typed, which leaves the box; the text of a new client, say."""
        typed = self.text().strip()
        self._empty()
        return typed

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Down picks or brings the list back; Esc closes it, then empties the box, then leaves it."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif key == Qt.Key.Key_Down and not self._list.isVisible():
            self._look(self.text())
        elif not self._list.move_choice(event):
            super().keyPressEvent(event)
            return
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the list; what is typed stays."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._rung = False
            self._close()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setFixedHeight(theme.scaled(24))

    def _look(self, typed: str) -> None:
        self._entering = self._opening = False
        shell = self._shell
        if shell is None or not typed.strip():
            self._answered = ""
            self._close()
            return
        services, formats = shell.services, shell.formats
        shell.tasks.latest(
            self,
            "callers",
            lambda: _callers(services, formats, typed),
            lambda entries: self._show(typed, entries),
        )

    def _show(self, typed: str, callers: list[Entry]) -> None:
        if typed != self.text():
            return
        self._answered = typed
        entries = callers + self._jumps(typed)
        if not callers:
            unknown = Entry(
                self.tr("New client “{typed}”").format(typed=typed.strip()),
                NewCaller(typed.strip()),
                self.tr("nobody matches"),
                icon="person_add",
            )
            entries.append(unknown)
        self._list.show_entries(entries)
        self._list.place_under(self, theme.scaled(520))
        clients = {entry.value.client_id for entry in callers}
        if not self.hasFocus():
            self._close()
        elif self._opening and len(clients) == 1:
            self._take(callers[0].value)
        elif self._entering:
            self._enter()

    def _jumps(self, typed: str) -> list[Entry]:
        sought = words(typed)
        return [
            Entry(text, Jump(action_id), icon=icon_name)
            for action_id, text, icon_name, also in self._places()
            if all(any(word.startswith(part) for word in words(f"{text} {also}")) for part in sought)
        ][:3]

    def _enter(self) -> None:
        if not self.text().strip():
            return
        if self._answered != self.text():
            self._entering = True  # typed faster than found: open as soon as the answer is there
            if self._shell is not None and not self._list.isVisible():
                self._look_again()
            return
        if not self._list.isVisible():
            self._look_again()
            return
        chosen = self._list.chosen()
        if chosen is not None:
            self._take(chosen.value)

    def _look_again(self) -> None:
        typed = self.text()
        self._look(typed)
        self._entering = self._entering or self._answered != typed

    def _take(self, value: object) -> None:
        self._empty()
        if isinstance(value, Caller):
            self.client_wanted.emit(value.client_id)
        elif isinstance(value, NewCaller):
            self.new_client_wanted.emit(value.typed)
        elif isinstance(value, Jump):
            self.action_wanted.emit(value.action_id)

    def _empty(self) -> None:
        self.clear()
        self._answered = ""
        self._rung = False
        self._close()

    def _escape(self) -> None:
        if self._list.isVisible():
            self._close()
        elif self.text():
            self.clear()
        else:
            self.left.emit()

    def _close(self) -> None:
        self._entering = False
        self._list.hide()


def _callers(services: Services, formats: Formats, typed: str) -> list[Entry]:
    """Who is meant, best first: clients, or the members of their family where it is those who answer."""
    from studio_desktop.services.listings.service import Query, listing

    question = parse(typed)
    hits = services.listings.hits(typed, Query(), limit=SHOWN)
    rows = hits.rows
    keys = [column.key for column in listing("clients").columns]
    entries: list[Entry] = []
    for hit in hits.found:
        if hit.id not in rows:
            continue
        row = dict(zip(keys, rows[hit.id], strict=True))
        own = " ".join(row[key] or "" for key in ("name", "company", "number", "town", "email"))
        if _answers(question, own, [row["phone"]] if row["phone"] else []):
            entries.append(_entry(formats, hit.id, row, row["name"], row["phone"]))
        else:
            # Only these need the whole record: something else than what the list shows has been found.
            entries += _household(formats, row, services.clients.get(hit.id), question)
    return entries[: SHOWN + 4]


def _household(formats: Formats, row: dict[str, Any], record: ClientRecord, question: Question) -> list[Entry]:
    """The client and the family members who answer, each with the phone that does; the client where none does."""
    found = []
    names = f"{row['name']} {record.company} {record.nickname} {record.former_names}"
    if _answers(question, names, record.phones):
        found.append(_entry(formats, record.id, row, row["name"], _phone_that_answers(question, record.phones)))
    for member in record.family:
        name = full_name(member.first_name, member.last_name)
        if _answers(question, name, member.phones):
            phone = _phone_that_answers(question, member.phones) or row["phone"]
            found.append(_entry(formats, record.id, row, name, phone, of=row["name"]))
    return found or [_entry(formats, record.id, row, row["name"], row["phone"])]


def _entry(
    formats: Formats, client_id: int, row: dict[str, Any], name: str, phone: Phone | PhoneRow | None, of: str = ""
) -> Entry:
    company = row["company"] if row["company"] != row["name"] else ""
    return Entry(
        name,
        Caller(client_id),
        tr("family of {name}").format(name=of) if of else company,
        formats.phone(phone.typed, phone.e164, phone.extension) if phone is not None else "",
        row["town"] or "",
        tr("Archived") if row["stage"] == "archived" else "",
        strong=True,
        warning=row["call_warning"] or "",
    )


def _answers(question: Question, names: str, phones: Iterable[Phone | PhoneRow]) -> bool:
    known, numbers = words(names), [_digits(phone) for phone in phones]
    return all(
        any(one.startswith(word) for one in known)
        or (word.isdigit() and any(word.lstrip("0") in number for number in numbers))
        for word in question.words
    )


def _phone_that_answers(question: Question, phones: Sequence[PhoneRow]) -> PhoneRow | None:
    sought = [word.lstrip("0") for word in question.words if word.isdigit()]
    telling = (phone for phone in phones if any(part in _digits(phone) for part in sought))
    return next(telling, phones[0] if phones else None)


def _digits(phone: Phone | PhoneRow) -> str:
    return search_digits(Phone(phone.typed, phone.e164, phone.extension))
