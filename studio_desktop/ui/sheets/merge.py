"""Two records of one person side by side, field by field, and made one (B18)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from studio_desktop.domain import joining
from studio_desktop.domain.errors import DatabaseUnavailable, StudioError
from studio_desktop.domain.fields import FieldSpec, Kind, specs
from studio_desktop.domain.joining import Choice, Side
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.ui import theme
from studio_desktop.ui.form import load_form, put_into
from studio_desktop.ui.page import ClientInHand, Sheet, Shell
from studio_desktop.ui.widgets.buttons import FlatButton, PrimaryButton
from studio_desktop.ui.widgets.client_picker import ClientPicker
from studio_desktop.ui.widgets.photo import Photo
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip
from studio_desktop.ui.widgets.small_table import Cell, Head, SmallTable

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved

PHOTO = 40
"""Pixels at 100 %."""

_KEPT, _OTHER = 1, 2


@dataclass(frozen=True, slots=True)
class _Line:
    """A field as both records have it; `choice` is None for what is joined."""

    label: str
    kept: str
    other: str
    choice: Choice | None = None


class MergeSheet(Sheet):
    """The fuller record is kept unless a person swaps them; each field that differs follows one side."""

    name = "merge"

    first_label: PlainLabel
    second_label: PlainLabel
    second_place: QWidget
    kept_place: QWidget
    other_place: QWidget
    kept_label: PlainLabel
    notice_label: PlainLabel
    table_place: QWidget
    swap_button: FlatButton
    not_same_button: FlatButton
    merge_button: PrimaryButton

    def __init__(self, shell: Shell, client_ids: Sequence[int] = (), parent: QWidget | None = None) -> None:
        """The two of them; of one it is asked whom else; without any, the ticked ones or the one in hand."""
        super().__init__(shell, parent)
        self._ids = (list(client_ids) or shell.chosen_clients())[:2]
        self._pair: tuple[ClientRecord, ClientRecord] | None = None
        self._swapped: bool | None = None
        self._picks: dict[str, Side] = {}
        self._lines: list[_Line] = []
        self._attempt: tuple[str, Any] | None = None
        self._is_saving = False
        load_form(self, "merge_sheet")
        heads = (
            Head(self.tr("Field"), 130),
            Head(self.tr("Stays"), 200, stretches=True),
            Head(self.tr("Goes into it"), 200, stretches=True),
        )
        self.table: SmallTable = put_into(self.table_place, SmallTable(heads, self._cell, self.table_place))
        self.table.setAccessibleName(self.tr("The two records, field by field"))
        self.second: ClientPicker = put_into(
            self.second_place, ClientPicker(shell, self.second_place, self._ids[0] if self._ids else 0)
        )
        self.second_label.setBuddy(self.second)
        self.photos: tuple[Photo, Photo] = (
            put_into(self.kept_place, Photo(shell, theme.scaled(PHOTO), self.kept_place)),
            put_into(self.other_place, Photo(shell, theme.scaled(PHOTO), self.other_place)),
        )
        self.second.edited.connect(self._second_chosen)
        self.table.ticked.connect(self._turn)
        self.table.taken.connect(self._turn)
        self.swap_button.clicked.connect(self._swap)
        self.not_same_button.clicked.connect(self._not_the_same)
        self.merge_button.clicked.connect(self.finish)
        self._show()
        self._read()

    def title(self) -> str:
        """What is done."""
        return self.tr("Merge two clients")

    def client_in_hand(self) -> ClientInHand | None:
        """Who stays."""
        kept = self._kept()
        return ClientInHand(kept.id, self._name(kept)) if kept is not None else None

    def takes_client(self) -> bool:
        """Somebody else may be merged instead."""
        return len(self._ids) < 2

    def lacks_client(self) -> bool:
        """Nobody was in hand."""
        return not self._ids

    def set_client(self, client: ClientInHand) -> None:
        """This one, with whomever is chosen."""
        self._ids = [client.id, *self._ids[1:]]
        self._begin()

    def finish(self) -> None:
        """Merge; Undo brings both back as they were."""
        pair = self._sides()
        if pair is None or self._is_saving:
            return
        kept, other = pair
        merges, picks = self.shell.services.merges, dict(self._picks)
        asked = (kept, other, tuple(sorted(picks.items())))
        if self._attempt is None or self._attempt[1] != asked:
            self._attempt = (new_request(), asked)
        request = self._attempt[0]
        self._is_saving = True
        self.merge_button.setEnabled(False)
        self.shell.tasks.run(
            self, lambda: merges.merge(kept, other, picks, request), self._merged, self._failed, always=self._free
        )

    def state(self) -> dict[str, Any]:
        """Who, and what a person chose."""
        chosen = self._picks or self._swapped is not None or len(self._ids) == 2
        return {"ids": self._ids, "picks": self._picks, "swapped": self._swapped} if chosen else {}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back what `state` gave."""
        self._ids, self._picks, self._swapped = list(state["ids"]), dict(state["picks"]), state["swapped"]
        self._read()

    def refresh(self, changes: Changes) -> None:
        """One of them was changed; what was chosen stays."""
        if any(changes.touches("client", one) for one in self._ids) and not self._is_saving:
            self._read()

    def take_focus(self) -> None:
        """Into the table, or where the second one is named."""
        place = self.table if len(self._ids) == 2 else self.second
        place.setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:
        """Room for about fifteen fields."""
        return QSize(theme.scaled(900), theme.scaled(440))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right choose a side of the current field."""
        sides: Mapping[int, Side] = {Qt.Key.Key_Left: "kept", Qt.Key.Key_Right: "other"}
        if event.key() in sides and self.table.hasFocus():
            self._pick(self.table.current(), sides[event.key()])
        else:
            super().keyPressEvent(event)

    # Who

    def _begin(self) -> None:
        self._pair, self._swapped, self._picks = None, None, {}
        self._show()
        self._read()

    def _second_chosen(self) -> None:
        if self.second.client_id is not None and self._ids:
            self._ids = [self._ids[0], self.second.client_id]
            self._begin()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        services, ids = self.shell.services, list(self._ids)
        if ids:
            self.shell.tasks.latest(self, "both", lambda: _read(services, ids), self._take)

    def _take(self, records: list[ClientRecord]) -> None:
        self.first_label.setText(self._name(records[0]))
        self._pair = (records[0], records[1]) if len(records) == 2 else None
        self._show()
        self.chip_changed.emit(self.chip())

    def _sides(self) -> tuple[ClientRecord, ClientRecord] | None:
        """Who is kept and who goes into it."""
        if self._pair is None:
            return None
        one, other = self._pair
        swapped = self._swapped if self._swapped is not None else joining.fuller(one, other) is other
        return (other, one) if swapped else (one, other)

    def _kept(self) -> ClientRecord | None:
        sides = self._sides()
        return sides[0] if sides is not None else None

    def _swap(self) -> None:
        sides = self._sides()
        if sides is not None and self._pair is not None:
            self._swapped = sides[0] is self._pair[0]
            turned: dict[Side, Side] = {"kept": "other", "other": "kept"}
            self._picks = {name: turned[side] for name, side in self._picks.items()}
            self._show()

    # What

    def _show(self) -> None:
        sides = self._sides()
        for place in (self.first_label, self.second_label, self.second_place):
            place.setVisible(self._pair is None)
        for widget in (self.swap_button, self.not_same_button, self.merge_button):
            widget.setEnabled(sides is not None)
        self._lines = [] if sides is None else list(self._compared(*sides))
        self.table.show_rows(len(self._lines))
        self._show_photos()
        if sides is None:
            self.kept_label.setText("")
            return
        kept, other = (self._name(record) for record in sides)
        said = self.tr("{kept} stays; {other} goes into it. Space takes the other side of a field.")
        self.kept_label.setText(said.format(kept=kept, other=other))

    def _show_photos(self) -> None:
        """Both, in the order of the columns, if either has one: which is the better one can only be seen."""
        sides = self._sides() or ()
        has_photo = any(record.image_hash for record in sides)
        for place in (self.kept_place, self.other_place):
            place.setVisible(has_photo)
        for photo, record in zip(self.photos, sides, strict=False):
            name = self._name(record)
            photo.setToolTip(as_tip(name))
            photo.show_person(name, record.image_hash)

    def _compared(self, kept: ClientRecord, other: ClientRecord) -> list[_Line]:
        label = self.shell.preferences.label
        lines = []
        for choice in joining.choices():
            one, two = (self._words(record, choice.fields) for record in (kept, other))
            differs = choice.differs(kept, other)
            if (one or two) and (differs or choice.fields[0].kind is not Kind.CHOICE):
                lines.append(_Line(label(choice.fields[0]), one, two, choice if differs else None))
        for name, spec in specs(ClientRecord).items():
            if spec.kind in (Kind.ROWS, Kind.MEMBERS, Kind.NOTE) or name in joining.STRICT:
                one, two = (self._words(record, (spec,)) for record in (kept, other))
                if one or two:
                    lines.append(_Line(label(spec), one, two))
        return lines

    def _cell(self, row: int, column: int) -> Cell:
        line = self._lines[row]
        if column == 0:
            return Cell(line.label, "dim")
        text = line.kept if column == _KEPT else line.other
        if line.choice is None:
            return Cell(text, icon="merge" if text and line.kept and line.other and line.kept != line.other else "")
        sides = self._sides()
        assert sides is not None
        side = self._picks.get(line.choice.name, line.choice.default(sides[0]))
        is_taken = (side == "kept") == (column == _KEPT)
        return Cell(text, "text" if is_taken else "faint", icon="checkmark" if is_taken else "")

    def _turn(self, row: int) -> None:
        sides, choice = self._sides(), self._lines[row].choice
        if sides is not None and choice is not None:
            now = self._picks.get(choice.name, choice.default(sides[0]))
            self._pick(row, "other" if now == "kept" else "kept")

    def _pick(self, row: int, side: Side) -> None:
        choice = self._lines[row].choice if 0 <= row < len(self._lines) else None
        if choice is not None:
            self._picks[choice.name] = side
            self.table.look_again()

    def _words(self, record: ClientRecord, fields: Sequence[FieldSpec]) -> str:
        parts = [self._word(record, spec) for spec in fields]
        return " · ".join(part for part in parts if part)

    def _word(self, record: ClientRecord, spec: FieldSpec) -> str:
        value, formats = getattr(record, spec.name), self.shell.formats
        if value in (None, "", False, (), frozenset()):
            return ""
        if spec.name == "referred_by_client_id":
            return record.referred_by
        if spec.kind in (Kind.REFERENCE, Kind.MEMBERS):
            ids = value if isinstance(value, frozenset) else {value}
            return ", ".join(one.text for one in self.shell.choices[spec.of] if one.id in ids)
        if spec.kind is Kind.ROWS:
            return self._rows_in_words(spec.name, value)
        if spec.kind is Kind.FLAG:
            return self.tr("yes")
        if spec.kind is Kind.DAY:
            return formats.day(value)
        if spec.kind is Kind.PARTIAL_DATE:
            return formats.partial(value)
        if spec.kind is Kind.IMAGE:
            return self.tr("a picture")
        return str(value.value if spec.kind is Kind.CHOICE else value).replace("\n", " ")

    def _rows_in_words(self, name: str, rows: Sequence[Any]) -> str:
        formats = self.shell.formats
        said: Callable[[Any], str] | None = {
            "phones": lambda row: formats.phone(row.typed, row.e164, row.extension),
            "emails": lambda row: row.address,
            "addresses": lambda row: ", ".join(part for part in (row.line1, row.town) if part),
            "family": lambda row: row.first_name or row.last_name,
        }.get(name)
        count = formats.number(len(rows))
        return ", ".join(said(row) for row in rows) if said else count

    def _name(self, record: ClientRecord) -> str:
        name = self.shell.formats.name(record.last_name, record.first_name, record.company)
        return f"{name} ({record.number})" if record.number and name else name or record.number

    # Done

    def _merged(self, saved: Saved[ClientRecord]) -> None:
        sides = self._sides()
        assert sides is not None
        kept, other = (self._name(record) for record in sides)
        self.shell.saved(self.tr("Merged {other} into {kept}").format(kept=kept, other=other), saved.changes)
        self.finished.emit()
        self.shell.open_client(saved.result.id)

    def _failed(self, error: StudioError) -> None:
        if isinstance(error, DatabaseUnavailable):
            self.shell.failed(error, self.finish)
            return
        self.notice_label.set_look(tone="red")
        self.notice_label.setText(str(error))
        self._read()

    def _free(self) -> None:
        self._is_saving = False
        self.merge_button.setEnabled(self._pair is not None)

    def _not_the_same(self) -> None:
        if self._pair is None:
            return
        duplicates, request = self.shell.services.duplicates, new_request()
        one, other = self._pair

        def done(saved: Saved[None]) -> None:
            said = self.tr("{one} and {other} are two people")
            self.shell.saved(said.format(one=self._name(one), other=self._name(other)), saved.changes)
            self.finished.emit()

        self.shell.tasks.run(self, lambda: duplicates.not_the_same(one.id, other.id, request), done)


def _read(services: Services, ids: Sequence[int]) -> list[ClientRecord]:
    opened = [services.clients.open(client_id) for client_id in ids]
    return [one.record for one in opened if not one.deleted]
