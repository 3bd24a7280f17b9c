"""Two desks changed the same field: what it was, what they saved, what was typed here; one choice each (DESIGN 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio_desktop.domain import fields, merge
from studio_desktop.domain.errors import Conflict
from studio_desktop.domain.fields import FieldSpec, Kind
from studio_desktop.domain.phones import Phone
from studio_desktop.domain.phones import parse as parse_phone
from studio_desktop.domain.records.clients import AddressRow, PhoneRow, PlanDateRow
from studio_desktop.ui import theme
from studio_desktop.ui.elision import elided
from studio_desktop.ui.form import load_form
from studio_desktop.ui.widgets.buttons import FlatButton, LinkButton, PrimaryButton
from studio_desktop.ui.widgets.marks import Avatar, paint_focus_ring
from studio_desktop.ui.widgets.panels import Hairline, Panel, SectionHeading
from studio_desktop.ui.widgets.plain_label import PlainLabel, as_tip

if TYPE_CHECKING:
    from studio_desktop.domain.formats import Formats
    from studio_desktop.services.catalogs import Choice
    from studio_desktop.services.preferences import StudioPreferences
    from studio_desktop.ui.page import Shell

Side = Literal["theirs", "mine"]


def settle_conflict(shell: Shell, parent: QWidget, name: str, conflict: Conflict, save: Callable[[Any], None]) -> None:
    """Ask for one side of each field in conflict, then call `save` with the record that follows.

    That record was made from `conflict.theirs`. What somebody typed and gave up for theirs is on the clipboard then.
    Esc leaves everything as it is typed. `name` is what the record is called.
    """
    dialog = ConflictDialog(shell, name, conflict, parent)

    def answered(result: int) -> None:
        dialog.deleteLater()
        if result == QDialog.DialogCode.Accepted:
            given_up = dialog.given_up()
            if given_up:
                QGuiApplication.clipboard().setText("\n".join(given_up))
                shell.say(dialog.tr("What you had typed and did not keep is on the clipboard."))
            save(dialog.resolved())

    dialog.finished.connect(answered)
    dialog.open()


class ConflictDialog(QDialog):
    """Nothing is chosen at first, and Save waits until everything is; what merged by itself is listed below."""

    who_row: QHBoxLayout
    who_label: PlainLabel
    count_label: PlainLabel
    body_area: QScrollArea
    theirs_button: LinkButton
    mine_button: LinkButton
    back_button: FlatButton
    save_button: PrimaryButton

    def __init__(self, shell: Shell, name: str, conflict: Conflict, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_form(self, "conflict")
        self._conflict = conflict
        self._words = _Words(shell.formats, shell.choices, shell.preferences, conflict)
        self._questions = list(_questions(conflict, shell.preferences))
        self._cards: list[dict[Side, _Card]] = []
        who = conflict.who or self.tr("Another desk")
        moment = shell.formats.time(conflict.when) if isinstance(conflict.when, datetime) else ""
        self.setWindowTitle(self.tr("{name} was changed on another desk").format(name=name))
        self.who_row.insertWidget(0, Avatar(who, 32, self))
        saved = self.tr("{who} saved this record at {time}, while you were editing it")
        if not moment:
            saved = self.tr("{who} saved this record while you were editing it")
        self.who_label.setText(saved.format(who=who, time=moment))
        kept = list(_kept(conflict, self._questions))
        self.count_label.setText(self._counted(len(kept)))
        self.body_area.setWidget(self._body(who, moment, kept))
        self.theirs_button.clicked.connect(lambda: self._choose_all("theirs"))
        self.mine_button.clicked.connect(lambda: self._choose_all("mine"))
        self.back_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self.accept)
        self._follow()
        self._cards[0]["theirs"].setFocus()
        body = self.body_area.widget()
        assert body is not None
        around = self.sizeHint().height() - self.body_area.sizeHint().height()
        self.resize(theme.scaled(820), min(around + body.sizeHint().height() + 2, theme.scaled(700)))

    def choose(self, question: int, side: Side) -> None:
        """Take a side for one field, or fields that belong together; by their place from the top."""
        self._cards[question][side].setChecked(True)

    def resolved(self) -> Any:
        """The record to save: the chosen sides, and everything that merged by itself."""
        choices: dict[str, merge.Side] = {}
        for question, cards in zip(self._questions, self._cards, strict=True):
            side: Side = "mine" if cards["mine"].isChecked() else "theirs"
            choices |= dict.fromkeys(question.names, side)
        return merge.resolve(self._conflict, choices)

    def given_up(self) -> list[str]:
        """What was typed here for the fields that take their side, a line for each, with the field's name."""
        given_up = []
        for question, cards in zip(self._questions, self._cards, strict=True):
            lines = self._words.lines(question, self._conflict, "mine") if cards["theirs"].isChecked() else []
            given_up += [line if len(question.specs) > 1 else f"{question.label}: {line}" for line in lines]
        return given_up

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves; without Ctrl it may have been meant for the form, and nothing happens."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.save_button.isEnabled():
            self.accept()

    def _counted(self, kept: int) -> str:
        asked = len(self._questions)
        choose = self.tr("Choose for this one.") if asked == 1 else self.tr("Choose for these {n}.").format(n=asked)
        if not kept:
            return choose
        others = self.tr("One other change does not overlap and is kept.")
        if kept > 1:
            others = self.tr("{n} other changes do not overlap and are kept.").format(n=kept)
        return f"{others} {choose}"

    def _body(self, who: str, moment: str, kept: list[_Kept]) -> QWidget:
        body = Panel(self, "base")
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 4, 20, 12)
        column.setSpacing(12)
        self._add_grid(column, who, moment)
        if kept:
            heading = self.tr("Kept from both, nothing to choose ({n})").format(n=len(kept))
            column.addWidget(SectionHeading(body, heading))
            column.addWidget(self._table(kept, who))
        column.addStretch(1)
        return body

    def _add_grid(self, below: QVBoxLayout, who: str, moment: str) -> None:
        grid = QGridLayout()
        below.addLayout(grid)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, theme.scaled(96))
        theirs = ", ".join(part for part in (who, moment) if part)
        heads = ((self.tr("Before"), ""), (self.tr("Theirs"), theirs), (self.tr("Yours"), self.tr("not saved yet")))
        for column, (head, aside) in enumerate(heads, 1):
            grid.setColumnStretch(column, 1)
            line = QHBoxLayout()
            grid.addLayout(line, 0, column)
            line.setSpacing(6)
            line.addWidget(PlainLabel(head, self, strong=True))
            line.addWidget(PlainLabel(aside, self, tone="dim", elided=True), 1)
        for row, question in enumerate(self._questions, 1):
            label = PlainLabel(question.label, self)
            label.setWordWrap(True)
            label.setContentsMargins(0, 8, 0, 0)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            before = self._words.lines(question, self._conflict, "base")
            sides = {side: self._words.lines(question, self._conflict, side) for side in _SIDES}
            grid.addWidget(_Card(before, [], "", self), row, 1)
            group, cards = QButtonGroup(self), {}
            for column, side in enumerate(_SIDES, 2):
                spoken = self.tr("{field}, {side}").format(field=question.label, side=heads[column - 1][0])
                card = _Card(sides[side], before, spoken, self)
                card.toggled.connect(self._follow)
                card.arrow_pressed.connect(partial(self._walk, row - 1, side))
                group.addButton(card)
                grid.addWidget(card, row, column)
                cards[side] = card
            self._cards.append(cards)

    def _table(self, kept: list[_Kept], who: str) -> QWidget:
        table = Panel(self, "base", rounded=True)
        grid = QGridLayout(table)
        grid.setContentsMargins(1, 1, 1, 1)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        heads = (self.tr("Field"), self.tr("Before"), self.tr("Now"), self.tr("By"))
        for column, head in enumerate(heads):
            grid.addWidget(self._cell(head, "dim", first=column == 0), 0, column)
        for number, one in enumerate(kept, 1):
            by = {"mine": self.tr("You"), "theirs": who}[one.side]
            before = " · ".join(self._words.of_field(one.spec, getattr(self._conflict.base, one.spec.name)))
            now = " · ".join(self._words.of_field(one.spec, getattr(self._side(one.side), one.spec.name)))
            grid.addWidget(Hairline(table), 2 * number - 1, 0, 1, 4)
            for column, (text, tone) in enumerate(
                ((self._words.label(one.spec), "text"), (before, "dim"), (now, "text"), (by, "dim"))
            ):
                grid.addWidget(self._cell(text, tone, first=column == 0), 2 * number, column)
        for column, stretch in enumerate((2, 3, 3, 1)):
            grid.setColumnStretch(column, stretch)
        return table

    def _cell(self, text: str, tone: str, *, first: bool) -> PlainLabel:
        label = PlainLabel(text, self, tone=tone, elided=True)
        label.setFixedHeight(theme.scaled(22))
        label.setContentsMargins(8 if first else 0, 0, 0, 0)
        return label

    def _side(self, side: Side) -> Any:
        return self._conflict.mine if side == "mine" else self._conflict.theirs

    def _choose_all(self, side: Side) -> None:
        for question in range(len(self._cards)):
            self.choose(question, side)

    def _follow(self) -> None:
        answered = all(any(card.isChecked() for card in cards.values()) for cards in self._cards)
        self.save_button.setEnabled(answered)

    def _walk(self, question: int, side: Side, key: Qt.Key) -> None:
        """Left and Right take a side, Up and Down go to the next field."""
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            side = "theirs" if key == Qt.Key.Key_Left else "mine"
            self.choose(question, side)
        else:
            question = (question + (1 if key == Qt.Key.Key_Down else -1)) % len(self._cards)
        card = self._cards[question][side]
        card.setFocus(Qt.FocusReason.TabFocusReason)
        self.body_area.ensureWidgetVisible(card)


_SIDES: tuple[Side, ...] = ("theirs", "mine")


@dataclass(frozen=True, slots=True)
class _Question:
    """Fields that follow one side together: a field by itself, or those that belong together."""

    label: str
    specs: tuple[FieldSpec, ...]
    names: tuple[str, ...]
    """Those of them that `merge.resolve` asks for."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A field that one side changed, which therefore needs no choice."""

    spec: FieldSpec
    side: Side


def _questions(conflict: Conflict, preferences: StudioPreferences) -> Iterator[_Question]:
    specs = fields.specs(type(conflict.theirs))
    asked: set[str] = set()
    for name in conflict.fields:
        spec = specs[name]
        if name in asked:
            continue
        together = [one for one in specs.values() if spec.couple and one.couple == spec.couple] or [spec]
        names = tuple(one.name for one in together if one.name in conflict.fields)
        asked.update(names)
        yield _Question(preferences.label(spec), tuple(together), names)


def _kept(conflict: Conflict, questions: list[_Question]) -> Iterator[_Kept]:
    asked = {spec.name for question in questions for spec in question.specs}
    mine = merge.changed(conflict.base, conflict.mine)
    theirs = merge.changed(conflict.base, conflict.theirs)
    for name, spec in fields.specs(type(conflict.theirs)).items():
        if name not in asked and (name in mine or name in theirs):
            yield _Kept(spec, "mine" if name in mine and name not in theirs else "theirs")


class _Words:
    """What a value of a record looks like in words."""

    def __init__(
        self, formats: Formats, choices: Mapping[str, list[Choice]], preferences: StudioPreferences, conflict: Conflict
    ) -> None:
        self._formats = formats
        self.label = preferences.label
        self._names = {name: {choice.id: choice.text for choice in rows} for name, rows in choices.items()}
        sides = (conflict.base, conflict.theirs, conflict.mine)
        self._people = {one.uid: one.first_name for side in sides for one in getattr(side, "family", ())}

    def lines(self, question: _Question, conflict: Conflict, side: Literal["base", "theirs", "mine"]) -> list[str]:
        """The lines of a card; of fields that belong together only those that are not the same everywhere."""
        record = getattr(conflict, side)
        others = [getattr(conflict, one) for one in ("base", "theirs", "mine")]
        lines: list[str] = []
        for spec in question.specs:
            value = getattr(record, spec.name)
            if spec.kind is Kind.ROWS:
                value = _differing_rows(value, [getattr(other, spec.name) for other in others])
            elif len({getattr(other, spec.name) for other in others}) == 1:
                continue
            shown = self.of_field(spec, value)
            lines += [f"{self.label(spec)}: {line}" for line in shown] if len(question.specs) > 1 else shown
        return lines or ["–"]

    def of_field(self, spec: FieldSpec, value: Any) -> list[str]:
        """The value's lines; nothing for an empty one."""
        if value in (None, "", (), frozenset()):
            return []
        if spec.kind is Kind.ROWS:
            return [line for row in value for line in self._of_row(row)]
        if spec.kind is Kind.MEMBERS:
            return [", ".join(sorted(self._names.get(spec.of, {}).get(one, "?") for one in value))]
        if spec.kind is Kind.REFERENCE:
            return [self._names.get(spec.of, {}).get(value) or f"#{value}"]
        if spec.kind is Kind.FLAG:
            return ["yes" if value else "no"]
        if spec.kind is Kind.DAY:
            return [self._formats.day(value)]
        if spec.kind is Kind.PARTIAL_DATE:
            return [self._formats.partial(value)]
        if spec.kind is Kind.CHOICE:
            return [str(value.value).replace("_", " ")]
        if spec.kind is Kind.IMAGE:
            return ["a picture"]
        return str(value).splitlines()

    def _of_row(self, row: Any) -> list[str]:
        if isinstance(row, PhoneRow):
            label = self._names.get("phone_labels", {}).get(row.label_id or 0, "")
            number: Phone = parse_phone(row.typed, self._formats.phone_region)
            shown = self._formats.phone(number.typed, number.e164, number.extension)
            kind = ", ".join(part for part in (label, "SMS" if row.sms else "") if part)
            return [shown, kind] if kind else [shown]
        if isinstance(row, AddressRow):
            place = ", ".join(part for part in (row.town, f"{row.region} {row.postcode}".strip()) if part)
            return [line for line in (row.line1, row.line2, place, row.country) if line]
        if isinstance(row, PlanDateRow):
            who = self._people.get(row.member_uid, "")
            return [", ".join(part for part in (who, row.occasion.value) if part)]
        parts = [
            part
            for spec in fields.specs(type(row)).values()
            if not spec.derived and spec.kind not in (Kind.IDENTITY, Kind.FLAG)
            for part in self.of_field(spec, getattr(row, spec.name))
        ]
        return [", ".join(parts)]


def _differing_rows(rows: tuple[Any, ...], everywhere: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The rows that are not on all sides the same."""
    return tuple(row for row in rows if not all(any(_same(row, other) for other in side) for side in everywhere))


def _same(row: Any, other: Any) -> bool:
    return bool(row.uid == other.uid and not merge.changed(row, other))


class _Card(QAbstractButton):
    """The lines of one side; those that are not as before stand out. Without a name it can only be read."""

    arrow_pressed = Signal(object)
    """A `Qt.Key`. Left to Qt, the group of buttons or the scroll bar would take it."""

    def __init__(self, lines: list[str], before: list[str], name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = lines
        self._before = before
        self._can_be_chosen = bool(name)
        self.setCheckable(self._can_be_chosen)
        self.setEnabled(self._can_be_chosen)
        self.setAccessibleName(f"{name}: {', '.join(lines)}" if name else ", ".join(lines))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._can_be_chosen else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setToolTip(as_tip("\n".join(lines)))

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(160), len(self._lines) * theme.scaled(18) + 14)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(120), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.arrow_pressed.emit(Qt.Key(event.key()))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        chosen = self.isChecked()
        painter.setPen(QPen(theme.mark_colour() if chosen else theme.token("line")))
        painter.setBrush(theme.token("accent_soft" if chosen else "base" if self._can_be_chosen else "alternate"))
        painter.drawRoundedRect(outline, 4, 4)
        left = 10
        if self._can_be_chosen:
            self._paint_radio(painter, chosen)
            left = theme.scaled(13) + 19
        line = theme.scaled(18)
        for number, text in enumerate(self._lines):
            new = self._can_be_chosen and text not in self._before
            font = theme.font(theme.BASE, theme.STRONG if new else theme.REGULAR)
            painter.setFont(font)
            painter.setPen(theme.token("text" if self._can_be_chosen else "dim"))
            room = self.width() - left - 8
            shown = elided(QFontMetrics(font), text, room)
            place = QRectF(left, 7 + number * line, room, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        if self.hasFocus():
            paint_focus_ring(painter, outline)

    def _paint_radio(self, painter: QPainter, chosen: bool) -> None:
        side = theme.scaled(13)
        spot = QRectF(10, 7 + (theme.scaled(18) - side) / 2, side, side)
        painter.setPen(QPen(theme.token("field_edge")))
        painter.setBrush(theme.token("field"))
        painter.drawEllipse(spot)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.token("text"))
            painter.drawEllipse(spot.center(), side / 4, side / 4)
