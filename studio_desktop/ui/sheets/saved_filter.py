"""A saved filter in full: conditions on every field, joined by “and” and “or”, under a name, one's own or shared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio_desktop.domain.errors import InvalidInput, NotFound, StudioError
from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.services.layouts import Kept
from studio_desktop.services.listings.clients import CLIENTS
from studio_desktop.services.listings.conditions import Terms, condition, offers
from studio_desktop.services.listings.declaration import ANY_OF, Column, Query, column_filter
from studio_desktop.ui import theme
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.hubs.client_filters import CATALOGS
from studio_desktop.ui.page import Sheet, Shell
from studio_desktop.ui.widgets.buttons import BarButton, FlatButton, PrimaryButton
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.fault_mark import FaultMark
from studio_desktop.ui.widgets.listing_filter_row import ConditionEdit
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.ticks import TickBox


class SavedFilterSheet(Sheet):
    """One line for each condition. “and” binds closer: each “or” begins another group of which all must hold."""

    name = "saved_filter"

    def __init__(
        self,
        shell: Shell,
        kept_name: str = "",
        shared: bool = False,
        alternatives: Sequence[Sequence[Sequence[Any]]] = (),
        parent: QWidget | None = None,
    ) -> None:
        """What is to be changed: the name of a kept filter, whether it is shared, and its alternatives."""
        super().__init__(shell, parent)
        self._lines: list[_Line] = []
        self._is_saving = False
        self._soon = QTimer(self, singleShot=True, interval=_COUNT_AFTER)
        self._soon.timeout.connect(self._count)
        self._build()
        self.name_edit.setText(kept_name)
        self.shared_box.setChecked(shared)
        self._show_alternatives(alternatives)

    def title(self) -> str:
        """Which filter."""
        name = self.name_edit.text().strip()
        return self.tr("Filter: {name}").format(name=name) if name else self.tr("New saved filter")

    def finish(self) -> None:
        """Keep it under its name."""
        faulty = next((line for line in self._lines if line.fault()), None)
        if faulty is not None:
            faulty.take_focus()
            return
        if self._is_saving:
            return
        layouts, name, shared = self.shell.services.layouts, self.name_edit.text(), self.shared_box.isChecked()
        value = {"alternatives": self.alternatives()}
        self._is_saving = True
        self.shell.tasks.run(
            self,
            lambda: layouts.keep_named(Kept.FILTER, CLIENTS.name, name, value, shared=shared),
            self._kept,
            self._refuse,
            always=self._end_saving,
        )

    def alternatives(self) -> list[list[list[Any]]]:
        """The conditions as they are kept; lines in which nothing is typed yet are no condition."""
        found: list[list[list[Any]]] = []
        for line in self._lines:
            part = line.condition()
            if part is not None and (line.begins_alternative() or not found):
                found.append([part])
            elif part is not None:
                found[-1].append(part)
        return found or [[]]

    def state(self) -> dict[str, Any]:
        """The name and every line."""
        name, alternatives = self.name_edit.text(), self.alternatives()
        if not name and alternatives == [[]]:
            return {}
        return {"name": name, "shared": self.shared_box.isChecked(), "alternatives": alternatives}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring it back."""
        if state:
            self.name_edit.setText(state["name"])
            self.shared_box.setChecked(state["shared"])
            self._show_alternatives(state["alternatives"])

    def take_focus(self) -> None:
        """Into the name."""
        self.name_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        self.name_edit = QLineEdit(self)
        self.name_edit.setMaxLength(60)
        self.name_edit.setFixedWidth(theme.scaled(_NAME_WIDTH))
        name_label = PlainLabel(self.tr("&Name"), self)
        name_label.setBuddy(self.name_edit)
        self.shared_box = TickBox(self.tr("For &everybody"), self)
        self.add_button = FlatButton(self.tr("&Add a condition"), self, compact=True)
        self.save_button = PrimaryButton(self.tr("&Save the filter"), self)
        self.count_label = PlainLabel("", self, tone="dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        column.addLayout(head)
        head.addWidget(name_label)
        head.addWidget(self.name_edit)
        head.addWidget(self.shared_box)
        head.addStretch(1)
        self._grid = QGridLayout()
        column.addLayout(self._grid)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(4, 1)
        foot = QHBoxLayout()
        column.addLayout(foot)
        foot.addWidget(self.add_button)
        foot.addWidget(self.save_button)
        foot.addWidget(self.count_label)
        foot.addStretch(1)
        column.addStretch(1)
        dress_form(self)
        self.name_edit.textChanged.connect(lambda _: self.chip_changed.emit(self.chip()))
        self.add_button.clicked.connect(lambda: self._add().field_combo.setFocus())
        self.save_button.clicked.connect(self.finish)

    def _add(self, name: str = "", value: Any = None, *, begins_alternative: bool = False) -> _Line:
        line = _Line(self.shell, self, name, value)
        if begins_alternative:
            line.joint_combo.setCurrentIndex(1)
        line.changed.connect(self._soon.start)
        line.removed.connect(lambda: self._remove(line))
        self._lines.append(line)
        self._lay_out()
        self._soon.start()
        return line

    def _remove(self, line: _Line) -> None:
        self._lines.remove(line)
        line.take_away()
        if not self._lines:
            self._add()
        self._lay_out()
        self._lines[-1].field_combo.setFocus()
        self._soon.start()

    def _lay_out(self) -> None:
        before: QWidget = self.shared_box
        for row, line in enumerate(self._lines):
            line.joint_combo.setVisible(row > 0)
            for place, widget in enumerate(line.widgets()):
                self._grid.addWidget(widget, row, place if place < 3 else place - 1)
                QWidget.setTabOrder(before, widget)
                before = widget
        QWidget.setTabOrder(before, self.add_button)

    def _show_alternatives(self, alternatives: Sequence[Sequence[Sequence[Any]]]) -> None:
        for line in self._lines:
            line.take_away()
        self._lines.clear()
        for parts in alternatives:
            for place, (name, value) in enumerate(parts):
                self._add(name, value, begins_alternative=place == 0)
        if not self._lines:
            self._add()

    def _count(self) -> None:
        if any(line.fault() for line in self._lines):
            self.count_label.setText("")
            return
        listings, query = self.shell.services.listings, Query({ANY_OF: self.alternatives()})
        self.shell.tasks.latest(
            self, "count", lambda: listings.totals(CLIENTS.name, query).count, self._tell, self._refuse, lane="pool"
        )

    def _tell(self, count: int) -> None:
        number = self.shell.formats.number(count)
        said = self.tr("1 client") if count == 1 else self.tr("{count} clients").format(count=number)
        self.count_label.set_look(tone="dim")
        self.count_label.setText(said)

    def _refuse(self, error: StudioError) -> None:
        self.count_label.set_look(tone="red")
        self.count_label.setText(str(error))

    def _end_saving(self) -> None:
        self._is_saving = False

    def _kept(self, name: str) -> None:
        self.shell.say(self.tr("Filter “{name}” is kept.").format(name=name))
        self.finished.emit()


class _Line(QWidget):
    """One condition: how it is joined to the one before, its field, and what must hold."""

    changed = Signal()
    removed = Signal()

    def __init__(self, shell: Shell, parent: SavedFilterSheet, name: str, value: Any) -> None:
        super().__init__(parent)
        self.hide()
        self._shell = shell
        self._mark: FaultMark | None = None
        self.joint_combo = ComboBox(parent)
        self.joint_combo.addItems([self.tr("and"), self.tr("or")])
        policy = self.joint_combo.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.joint_combo.setSizePolicy(policy)
        self.joint_combo.setAccessibleName(self.tr("Joined by"))
        self.field_combo = ComboBox(parent)
        self.field_combo.setAccessibleName(self.tr("Field"))
        self.field_combo.setMaxVisibleItems(20)
        self._filters = self._choices()
        if name and name not in self._filters and not name.startswith(column_filter("")):
            self._filters[name] = (name, [])
        for column in CLIENTS.columns:
            if column.chosen:
                title = shell.preferences.named(column.key, column.title)
                self.field_combo.addItem(title, column_filter(column.key))
        for key, (words, _) in self._filters.items():
            self.field_combo.addItem(words, key)
        if name and self.field_combo.findData(name) < 0:
            self.field_combo.addItem(name.removeprefix(column_filter("")), name)
        self.value_edit = ConditionEdit(parent, self._offers)
        self.value_edit.setAccessibleName(self.tr("Condition"))
        self.choice_combo = ComboBox(parent)
        self.choice_combo.setAccessibleName(self.tr("Which"))
        self.remove_button = BarButton("dismiss", "", self.tr("Take this condition away"), parent)
        for widget in (self.field_combo, self.value_edit, self.choice_combo):
            widget.setFixedWidth(theme.scaled(_FIELD_WIDTH))
        self.field_combo.setCurrentIndex(self.field_combo.findData(name or column_filter("name")))
        self._show_editor()
        if name in self._filters:
            values = [chosen for _, chosen in self._filters[name][1]]
            if value not in values:
                self._filters[name][1].append((self._words(value), value))
                self._show_editor()
                values.append(value)
            self.choice_combo.setCurrentIndex(values.index(value))
        elif value is not None:
            self.value_edit.setText(str(value))
        self.joint_combo.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.field_combo.currentIndexChanged.connect(lambda _: self._show_editor())
        self.choice_combo.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.value_edit.textChanged.connect(lambda _: self._judge())
        self.remove_button.clicked.connect(self.removed)
        self._judge()

    def widgets(self) -> Sequence[QWidget]:
        """What stands in the line, from left to right; of the two editors one is shown."""
        return self.joint_combo, self.field_combo, self.value_edit, self.choice_combo, self.remove_button

    def begins_alternative(self) -> bool:
        """Whether it is joined by “or”."""
        return self.joint_combo.currentIndex() == 1

    def condition(self) -> list[Any] | None:
        """The filter's name and value; None while nothing is said."""
        name = self.field_combo.currentData()
        if name in self._filters:
            at = self.choice_combo.currentIndex()
            return [name, self._filters[name][1][at][1]] if at >= 0 else None
        typed = self.value_edit.text().strip()
        return [name, typed] if typed else None

    def fault(self) -> bool:
        """Whether what is typed means nothing, or its field is one that there is not."""
        return self._mark is not None

    def take_focus(self) -> None:
        """To what has to be mended."""
        field = self.value_edit if self._column() is not None else self.field_combo
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_away(self) -> None:
        """It is no longer part of the filter."""
        self._unmark()
        for widget in (*self.widgets(), self):
            widget.hide()
            widget.deleteLater()

    def _choices(self) -> dict[str, tuple[str, list[tuple[str, Any]]]]:
        """What is asked by a choice instead of by words: how it is called, and each choice with its value."""
        found: dict[str, tuple[str, list[tuple[str, Any]]]] = {}
        titles = {
            "status": self.tr("Is at status"), "group": self.tr("Is in group"), "tag": self.tr("Has tag"),
            "plan": self.tr("Is in plan"),
            "pipeline": self.tr("Is in pipeline"), "lead_stage": self.tr("Is a lead at"),
            "responsible": self.tr("Is followed up by"),
        }  # fmt: skip
        for name, catalog in CATALOGS.items():
            choices = self._shell.choices.get(catalog, ())
            found[name] = (titles.get(name, name.capitalize()), [(one.text, one.id) for one in choices])
        found["kind"] = (self.tr("Is a"), [(kind.value.capitalize(), kind.value) for kind in ClientKind])
        found["stage"] = (self.tr("Is listed as"), [(stage.value.capitalize(), [stage.value]) for stage in Stage])
        found["booked"] = (self.tr("Is a"), [(self.tr("Guest"), "guest"), (self.tr("Existing client"), "existing")])
        found["age"] = (self.tr("Was entered"), [(self.tr("In the last 30 days"), "new"), (self.tr("Before"), "old")])
        found["action_overdue"] = (self.tr("Next action overdue"), [(self.tr("Yes"), True)])
        found["no_action"] = (self.tr("Lead without a next action"), [(self.tr("Yes"), True)])
        found["overdue"] = (self.tr("Status overdue"), [(self.tr("Yes"), True)])
        found["marketable"] = (self.tr("May be marketed to"), [(self.tr("Yes"), True)])
        return found

    def _words(self, value: Any) -> str:
        """A value that is not offered, as several stages or a group that is gone."""
        return ", ".join(map(str, value)) if isinstance(value, list) else self.tr("Gone")

    def _column(self) -> Column | None:
        """The column that is asked by words; None where there is none, be it one of another version."""
        try:
            return CLIENTS.filtered_column(self.field_combo.currentData())
        except NotFound:
            return None

    def _offers(self) -> Sequence[str]:
        column = self._column()
        if column is None:
            return ()
        return offers(column, [one.text for one in self._shell.choices.get(column.catalog, ()) if not one.inactive])

    def _show_editor(self) -> None:
        name = self.field_combo.currentData()
        self.value_edit.setVisible(name not in self._filters)
        self.choice_combo.setVisible(name in self._filters)
        self.choice_combo.clear()
        if name in self._filters:
            self.choice_combo.addItems([words for words, _ in self._filters[name][1]])
        self._judge()

    def _judge(self) -> None:
        self._unmark()
        name = self.field_combo.currentData()
        try:
            column = CLIENTS.filtered_column(name)
            if column is None:
                CLIENTS.filter(name)
            else:
                condition(column, self.value_edit.text(), Terms(self._shell.formats, self._shell.services.desk.clock))
        except InvalidInput as fault:
            self._mark = FaultMark(self.value_edit, str(fault))
        except NotFound as fault:
            self._mark = FaultMark(self.field_combo, str(fault))
        self.changed.emit()

    def _unmark(self) -> None:
        if self._mark is not None:
            self._mark.remove()
            self._mark = None


_COUNT_AFTER = 200
_NAME_WIDTH, _FIELD_WIDTH = 260, 260
