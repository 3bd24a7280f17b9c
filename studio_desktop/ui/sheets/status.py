"""The status of one client or of all that are ticked: Ctrl+J, first letters, Enter (FRONT_DESK job 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from studio_desktop.domain.errors import DatabaseUnavailable, StudioError
from studio_desktop.domain.text import fold
from studio_desktop.services import Services, new_request
from studio_desktop.ui.form import load_form
from studio_desktop.ui.page import ClientInHand, Sheet, Shell
from studio_desktop.ui.widgets.buttons import PrimaryButton
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.plain_list import Line, PlainList

if TYPE_CHECKING:
    from studio_desktop.services import Saved
    from studio_desktop.services.catalogs import Choice

ASKED_ABOVE = 20
"""Clients above which the count is confirmed."""

Chosen = tuple[int, int | None]
"""A status and perhaps a reason, by their ids."""

_LOOKED_AT = 500
_LETTERS_BELONG_TOGETHER = 1000
_MOVING = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End
)  # fmt: skip


class StatusSheet(Sheet):
    """Offers the statuses in their order, the next one chosen; below the chosen one stand its reasons, if it has any.

    Enter on a status sets it without a reason, on a reason both: whoever needs no reason is not asked for one.
    """

    name = "status"

    choice_list: PlainList
    result_label: PlainLabel
    due_label: PlainLabel
    notice_label: PlainLabel
    apply_button: PrimaryButton

    def __init__(self, shell: Shell, client_ids: Sequence[int] = (), parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._ids = list(client_ids) or shell.chosen_clients()
        in_hand = shell.client_in_hand()
        self._whom = in_hand.name if in_hand is not None and self._ids == [in_hand.id] else ""
        self._facts: _Facts | None = None
        self._was_chosen = False
        self._applies_when_known = False
        self._is_confirming = False
        self._is_saving = False
        self._letters = ""
        self._typed_at: Chosen | None = None
        self._requests: dict[Chosen, str] = {}
        load_form(self, "status_sheet")
        self._letters_end = QTimer(self, singleShot=True, interval=_LETTERS_BELONG_TOGETHER)
        self._letters_end.timeout.connect(self._forget_letters)
        self.choice_list.installEventFilter(self)
        self.choice_list.current_changed.connect(self._moved)
        self.choice_list.pressed.connect(lambda _: self._person_chose())
        self.choice_list.taken.connect(lambda _: self.finish())
        self.apply_button.clicked.connect(self.finish)
        self._offer()
        self._read()

    def title(self) -> str:
        """Whose status."""
        if len(self._ids) == 1:
            return self.tr("Status of {name}").format(name=self._whom) if self._whom else self.tr("Status")
        return self.tr("Status of {count} clients").format(count=self._count(len(self._ids)))

    def client_in_hand(self) -> ClientInHand | None:
        """The one client, if it is one."""
        return ClientInHand(self._ids[0], self._whom) if len(self._ids) == 1 and self._whom else None

    def takes_client(self) -> bool:
        """One client may be another one, several stay those who were ticked."""
        return len(self._ids) <= 1 and not self._is_saving

    def lacks_client(self) -> bool:
        """Nobody was in hand."""
        return not self._ids

    def set_client(self, client: ClientInHand) -> None:
        """What a person chose stays chosen."""
        chosen = self._chosen() if self._was_chosen else None
        self._ids, self._whom, self._facts = [client.id], client.name, None
        self._requests.clear()
        self.choice_list.choose(None)
        self._offer(chosen)
        self.apply_button.setEnabled(True)
        self._tell_result()
        self._read()

    def finish(self) -> None:
        """Apply what is chosen; many clients once their number is confirmed."""
        chosen = self._chosen()
        if self._facts is None and not self._was_chosen:
            self._applies_when_known = True
        elif chosen is not None and self._ids and not self._is_saving:
            if len(self._ids) > ASKED_ABOVE and not self._is_confirming:
                self._confirm(chosen)
            else:
                self._apply(chosen)

    def state(self) -> dict[str, Any]:
        """What a person chose; nothing as long as the proposal stands."""
        return {"ids": self._ids, "whom": self._whom, "chosen": self._chosen()} if self._was_chosen else {}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring it back to the choice that was made."""
        if state:
            self._ids, self._whom, self._was_chosen = list(state["ids"]), state.get("whom", ""), True
            self._offer(tuple(state["chosen"]))
            self._read()

    def take_focus(self) -> None:
        """Into the list."""
        self.choice_list.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter applies; letters choose a status, else a reason of the chosen one."""
        if watched is not self.choice_list or not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            if not event.isAutoRepeat():
                self.finish()
            return True
        if event.text().isprintable() and event.text() and held in _LETTER_KEYS:
            self._jump(event.text())
            return True
        if key in _MOVING:
            self._person_chose()
        return False

    def _read(self) -> None:
        services, ids = self.shell.services, self._ids
        statuses = {one.text: one.id for one in self.shell.choices["client_statuses"]}
        self.shell.tasks.latest(self, "facts", lambda: _read(services, ids, statuses), self._take_facts)

    def _take_facts(self, facts: _Facts) -> None:
        self._facts = facts
        self._whom = self._whom or facts.name
        self.chip_changed.emit(self.chip())
        proposed = facts.following or facts.current
        self._offer(self._chosen() if self._was_chosen or proposed is None else (proposed, None))
        self._tell_result()
        if self._applies_when_known:
            self.finish()

    def _offer(self, chosen: Chosen | None = None) -> None:
        """Every status in use, with its reasons below the chosen one; what is in use no longer cannot be chosen."""
        lines = list(self._lines(chosen[0] if chosen is not None else None))
        self.choice_list.show_lines(lines, chosen if chosen in [line.value for line in lines] else None)

    def _lines(self, unfolded: int | None) -> Iterator[Line]:
        current = self._facts.current if self._facts is not None else None
        for status in self.shell.choices["client_statuses"]:
            if status.inactive:
                continue
            now = self.tr("{status} · now").format(status=status.text)
            text = now if status.id == current else status.text
            yield Line((status.id, None), text, dot=status.colour or "slate")
            if status.id == unfolded:
                yield from (Line((status.id, one.id), one.text, indented=True) for one in self._reasons(status.id))

    def _reasons(self, status_id: int) -> list[Choice]:
        reasons = self.shell.choices["client_status_reasons"]
        return [one for one in reasons if one.parent_id == status_id and not one.inactive]

    def _chosen(self) -> Chosen | None:
        line = self.choice_list.current()
        return None if line is None else line.value

    def _person_chose(self) -> None:
        """The proposal no longer replaces it, and what was to be confirmed is another thing."""
        self._was_chosen = True
        self._is_confirming = False

    def _jump(self, letters: str) -> None:
        self._person_chose()
        if not self._letters:
            self._typed_at = self._chosen()
        self._letters += fold(letters)
        self._letters_end.start()
        before = self._typed_at[0] if self._typed_at is not None else None
        for line in sorted(self._lines(before), key=lambda line: line.indented):
            if fold(line.text).startswith(self._letters):
                self._offer(line.value)
                return

    def _forget_letters(self) -> None:
        self._letters = ""

    def _moved(self) -> None:
        self._offer(self._chosen())
        self._tell_result()

    def _words(self, chosen: Chosen) -> str:
        """The status, and the reason if there is one."""
        status_id, reason_id = chosen
        choices = self.shell.choices
        texts = [one.text for one in choices["client_statuses"] if one.id == status_id]
        texts += [one.text for one in choices["client_status_reasons"] if one.id == reason_id]
        return ", ".join(texts)

    def _confirm(self, chosen: Chosen) -> None:
        self._is_confirming = True
        count, status = self._count(len(self._ids)), self._words(chosen)
        asked = self.tr("{count} clients become “{status}”. Press Enter to change them.")
        self._say("text", asked.format(count=count, status=status))
        self.apply_button.setText(self.tr("C&hange {count} clients").format(count=count))

    def _apply(self, chosen: Chosen) -> None:
        self._is_saving = True
        self.apply_button.setEnabled(False)
        services, ids, request = self.shell.services, tuple(self._ids), self._requests.setdefault(chosen, new_request())
        self.shell.tasks.run(
            self,
            lambda: services.statuses.change(ids, chosen[0], request, reason_id=chosen[1]),
            lambda saved: self._done(chosen, saved),
            lambda error: self._failed(chosen, error),
            always=self._end_saving,
        )

    def _end_saving(self) -> None:
        self._is_saving = False
        self.apply_button.setEnabled(True)

    def _done(self, chosen: Chosen, saved: Saved[int]) -> None:
        status = self._words(chosen)
        if saved.result:
            whom = self._whom or self._clients(saved.result)
            self.shell.saved(self.tr("{whom}: {status}").format(whom=whom, status=status), saved.changes)
        else:
            self.shell.say(self.tr("Already {status}; nothing changed.").format(status=status))
        self.finished.emit()

    def _failed(self, chosen: Chosen, error: StudioError) -> None:
        if isinstance(error, DatabaseUnavailable):
            self.shell.failed(error, lambda: self._apply(chosen))
        else:
            self._say("red", str(error))

    def _tell_result(self) -> None:
        """Whom it concerns, and when the chosen status falls due (B4)."""
        chosen = self._chosen()
        if not self._ids:
            self.result_label.setText(self.tr("Nobody is chosen. Tick clients in the list, or open one."))
            self.apply_button.setEnabled(False)
            return
        self._say("text", "")
        self.apply_button.setText(self.tr("C&hange"))
        whom = self._whom or self._clients(len(self._ids))
        arrow = self.tr("{whom} → {status}")
        self.result_label.setText(whom if chosen is None else arrow.format(whom=whom, status=self._words(chosen)))
        due = self._facts.due.get(chosen[0]) if self._facts is not None and chosen is not None else None
        if due is None:
            self.due_label.setText("")
            return
        away = self.shell.formats.in_days(due, self.shell.services.desk.clock.today())
        self.due_label.setText(self.tr("Due {day}, {away}").format(day=self.shell.formats.day(due), away=away))

    def _say(self, tone: str, sentence: str) -> None:
        self.notice_label.set_look(tone=tone)
        self.notice_label.setText(sentence)

    def _clients(self, count: int) -> str:
        return self.tr("1 client") if count == 1 else self.tr("{count} clients").format(count=self._count(count))

    def _count(self, count: int) -> str:
        return self.shell.formats.number(count)


_LETTER_KEYS = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


@dataclass(frozen=True, slots=True)
class _Facts:
    """The name of the one client; the status all are at, the one after that of most, and when each would be due."""

    name: str = ""
    current: int | None = None
    following: int | None = None
    due: Mapping[int, date | None] = field(default_factory=dict)


def _read(services: Services, ids: Sequence[int], statuses: Mapping[str, int]) -> _Facts:
    from studio_desktop.services.listings.service import listing

    keys = [column.key for column in listing("clients").columns]
    rows = services.listings.rows("clients", ids[:_LOOKED_AT])
    name, status = keys.index("name"), keys.index("status")
    counted = Counter(statuses.get(row[status]) for row in rows.values()).most_common()
    commonest = counted[0][0] if counted else None
    calendar, today = services.preferences.calendar(), services.desk.clock.today()
    durations = {row.id: row.values["default_duration"] for row in services.catalogs.rows("client_statuses")}
    return _Facts(
        next(iter(rows.values()))[name] if len(ids) == 1 and rows else "",
        commonest if len(counted) == 1 else None,
        services.statuses.next_after(commonest),
        {status_id: calendar.due(today, days) for status_id, days in durations.items()},
    )
