"""The status of one client or of all that are ticked: Ctrl+J, first letters, Enter (FRONT_DESK job 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from studio_desktop.domain.errors import DatabaseUnavailable, StudioError
from studio_desktop.services import Services, new_request
from studio_desktop.ui import theme
from studio_desktop.ui.form import load_form
from studio_desktop.ui.page import ClientInHand, Sheet, Shell
from studio_desktop.ui.widgets.buttons import PrimaryButton
from studio_desktop.ui.widgets.marks import dot_icon
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.services import Saved
    from studio_desktop.services.catalogs import Choice

ASKED_ABOVE = 20
"""Clients above which the count is confirmed."""

_LOOKED_AT = 500
_ROW = 24
_ID = Qt.ItemDataRole.UserRole
_MOVING = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End
)  # fmt: skip


class StatusSheet(Sheet):
    """Offers the statuses in their order, the next one chosen; asks for a reason only where the status has reasons."""

    name = "status"

    choice_label: PlainLabel
    choice_list: QListWidget
    result_label: PlainLabel
    due_label: PlainLabel
    notice_label: PlainLabel
    apply_button: PrimaryButton

    def __init__(self, shell: Shell, client_ids: Sequence[int] = (), parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self._ids = list(client_ids) or shell.chosen_clients()
        in_hand = shell.client_in_hand()
        self._whom = in_hand.name if in_hand is not None and self._ids == [in_hand.id] else ""
        self._facts = _Facts()
        self._status_id: int | None = None
        self._asks_reason = False
        self._was_chosen = False
        self._is_confirming = False
        self._is_saving = False
        self._requests: dict[tuple[int, int | None], str] = {}
        load_form(self, "status_sheet")
        self.choice_list.installEventFilter(self)
        self.choice_list.setIconSize(QSize(10, 10))
        self.choice_list.currentItemChanged.connect(lambda _current, _before: self._tell_result())
        self.choice_list.itemDoubleClicked.connect(lambda _: self._take())
        self.choice_list.itemPressed.connect(lambda _: self._choose())
        self.apply_button.clicked.connect(self._press)
        self._offer_statuses()
        self._read()

    def title(self) -> str:
        """Whose status."""
        if len(self._ids) == 1 and self._whom:
            return self.tr("Status of {name}").format(name=self._whom)
        return self.tr("Status of {count} clients").format(count=self.shell.formats.number(len(self._ids)))

    def client_in_hand(self) -> ClientInHand | None:
        """The one client, if it is one."""
        return ClientInHand(self._ids[0], self._whom) if len(self._ids) == 1 and self._whom else None

    def finish(self) -> None:
        """Ctrl+Enter: what is chosen now, without asking for a reason any more."""
        chosen = self._chosen_id()
        if self._asks_reason:
            self._apply(chosen)
        elif chosen is not None:
            self._status_id = chosen
            self._apply(None)

    def state(self) -> dict[str, Any]:
        """What a person chose; nothing as long as the proposal stands."""
        if not self._was_chosen:
            return {}
        status_id, reason_id = (self._status_id, self._chosen_id()) if self._asks_reason else (self._chosen_id(), None)
        return {"ids": self._ids, "status": status_id, "asks_reason": self._asks_reason, "reason": reason_id}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring it back to the choice that was made."""
        if not state:
            return
        self._ids, self._was_chosen = list(state["ids"]), True
        if state["asks_reason"]:
            self._ask_reason(state["status"])
            self._set_chosen(state["reason"])
        else:
            self._set_chosen(state["status"])

    def take_focus(self) -> None:
        """Into the list."""
        self.choice_list.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes what is chosen; Left and Backspace lead from the reasons back to the statuses."""
        if watched is not self.choice_list or not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            self._take()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Backspace) and self._asks_reason:
            self._offer_statuses()
            self._set_chosen(self._status_id)
        else:
            if key in _MOVING or (event.text() and event.text().isprintable()):
                self._choose()
            return False
        return True

    def _read(self) -> None:
        services, ids = self.shell.services, self._ids
        statuses = {one.text: one.id for one in self._statuses()}
        self.shell.tasks.run(self, lambda: _read(services, ids, statuses), self._take_facts, lane="read")

    def _take_facts(self, facts: _Facts) -> None:
        self._facts = facts
        self._whom = self._whom or facts.name
        self.chip_changed.emit(self.chip())
        if not self._was_chosen:
            self._offer_statuses()
            self._set_chosen(facts.following or facts.current)
        self._tell_result()

    def _statuses(self) -> list[Choice]:
        return [one for one in self.shell.choices["client_statuses"] if not one.inactive]

    def _reasons(self, status_id: int) -> list[Choice]:
        reasons = self.shell.choices["client_status_reasons"]
        return [one for one in reasons if one.parent_id == status_id and not one.inactive]

    def _offer_statuses(self) -> None:
        self._asks_reason = False
        self.choice_label.setText(self.tr("&New status"))
        self.choice_list.setAccessibleName(self.tr("New status"))
        now = self.tr("{status} · now")
        texts = [now.format(status=one.text) if one.id == self._facts.current else one.text for one in self._statuses()]
        self._fill(list(zip(texts, self._statuses(), strict=True)))

    def _ask_reason(self, status_id: int) -> None:
        self._status_id, self._asks_reason = status_id, True
        status = self._text_of(status_id)
        self.choice_label.setText(self.tr("&Reason for “{status}”").format(status=status.replace("&", "&&")))
        self.choice_list.setAccessibleName(self.tr("Reason for “{status}”").format(status=status))
        self._fill([(self.tr("No reason"), None), *((one.text, one) for one in self._reasons(status_id))])
        self.choice_list.setCurrentRow(0)

    def _fill(self, lines: Sequence[tuple[str, Choice | None]]) -> None:
        self.choice_list.clear()
        for text, choice in lines:
            item = QListWidgetItem(text, self.choice_list)
            item.setData(_ID, None if choice is None else choice.id)
            item.setSizeHint(QSize(0, theme.row_height(_ROW)))
            if choice is not None and choice.colour:
                item.setIcon(dot_icon(choice.colour))

    def _choose(self) -> None:
        """A person is choosing: the proposal no longer replaces it, and what was to be confirmed is another thing."""
        self._was_chosen = True
        self._is_confirming = False

    def _chosen_id(self) -> int | None:
        item = self.choice_list.currentItem()
        chosen: int | None = None if item is None else item.data(_ID)
        return chosen

    def _set_chosen(self, choice_id: int | None) -> None:
        for row in range(self.choice_list.count()):
            if self.choice_list.item(row).data(_ID) == choice_id:
                self.choice_list.setCurrentRow(row)

    def _text_of(self, status_id: int | None) -> str:
        return next((one.text for one in self.shell.choices["client_statuses"] if one.id == status_id), "")

    def _press(self) -> None:
        if self._is_confirming:
            self._apply(self._chosen_id() if self._asks_reason else None)
        else:
            self._take()

    def _take(self) -> None:
        """Enter: the status, then its reason if it has any, then it applies."""
        chosen = self._chosen_id()
        if self._asks_reason:
            self._apply(chosen)
        elif chosen is not None and self._reasons(chosen):
            self._was_chosen = True
            self._ask_reason(chosen)
        elif chosen is not None:
            self._status_id = chosen
            self._apply(None)

    def _apply(self, reason_id: int | None) -> None:
        status_id = self._status_id
        if self._is_saving or status_id is None or not self._ids:
            return
        if len(self._ids) > ASKED_ABOVE and not self._is_confirming:
            self._confirm()
            return
        self._is_saving = True
        self.apply_button.setEnabled(False)
        self.notice_label.setText("")
        services, ids = self.shell.services, tuple(self._ids)
        request = self._requests.setdefault((status_id, reason_id), new_request())
        self.shell.tasks.run(
            self,
            lambda: services.statuses.change(ids, status_id, request, reason_id=reason_id),
            lambda saved: self._done(status_id, saved),
            lambda error: self._failed(error, reason_id),
            always=self._end_saving,
        )

    def _confirm(self) -> None:
        self._is_confirming = True
        count = self.shell.formats.number(len(self._ids))
        status = self._text_of(self._status_id)
        self.notice_label.set_look(tone="text")
        self.notice_label.setText(
            self.tr("{count} clients become “{status}”. Press Enter to change them.").format(count=count, status=status)
        )
        self.apply_button.setText(self.tr("&Change {count} clients").format(count=count))
        self.apply_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_saving(self) -> None:
        self._is_saving = False
        self.apply_button.setEnabled(True)

    def _done(self, status_id: int, saved: Saved[int]) -> None:
        status = self._text_of(status_id)
        whom = self._whom if len(self._ids) == 1 and self._whom else self.tr("{count} clients").format(
            count=self.shell.formats.number(saved.result)
        )  # fmt: skip
        if saved.result:
            self.shell.saved(self.tr("{whom}: {status}").format(whom=whom, status=status), saved.changes)
        else:
            self.shell.say(self.tr("Already {status}; nothing changed.").format(status=status))
        self.finished.emit()

    def _failed(self, error: StudioError, reason_id: int | None) -> None:
        if isinstance(error, DatabaseUnavailable):
            self.shell.failed(error, lambda: self._apply(reason_id))
        else:
            self.notice_label.set_look(tone="red")
            self.notice_label.setText(str(error))

    def _tell_result(self) -> None:
        """Whom it concerns, and when the chosen status falls due (B4)."""
        if not self._ids:
            self.result_label.setText(self.tr("Nobody is chosen. Tick clients in the list, or open one."))
            self.apply_button.setEnabled(False)
            return
        if not self._is_confirming:
            self.notice_label.setText("")
            self.apply_button.setText(self.tr("&Change"))
        whom = self._whom or self.tr("{count} clients").format(count=self.shell.formats.number(len(self._ids)))
        status_id = self._status_id if self._asks_reason else self._chosen_id()
        arrow = self.tr("{whom} → {status}")
        self.result_label.setText(arrow.format(whom=whom, status=self._text_of(status_id)) if status_id else whom)
        due, formats = self._facts.due.get(status_id or 0), self.shell.formats
        if due is None:
            self.due_label.setText("")
            return
        away = formats.in_days(due, self.shell.services.desk.clock.today())
        self.due_label.setText(self.tr("Due {day}, {away}").format(day=formats.day(due), away=away))


@dataclass(frozen=True, slots=True)
class _Facts:
    """The name of the one client; the status most of them are at, the next in order, and when each would be due."""

    name: str = ""
    current: int | None = None
    following: int | None = None
    due: Mapping[int, date | None] = field(default_factory=dict)


def _read(services: Services, ids: Sequence[int], statuses: Mapping[str, int]) -> _Facts:
    from studio_desktop.services.listings.service import listing

    keys = [column.key for column in listing("clients").columns]
    rows = services.listings.rows("clients", ids[:_LOOKED_AT])
    name, status = keys.index("name"), keys.index("status")
    commonest = Counter(row[status] for row in rows.values()).most_common(1)
    current = statuses.get(commonest[0][0]) if commonest else None
    calendar, today = services.preferences.calendar(), services.desk.clock.today()
    durations = {row.id: row.values["default_duration"] for row in services.catalogs.rows("client_statuses")}
    return _Facts(
        next(iter(rows.values()))[name] if len(ids) == 1 and rows else "",
        current,
        services.statuses.next_after(current),
        {status_id: calendar.due(today, days) for status_id, days in durations.items()},
    )
