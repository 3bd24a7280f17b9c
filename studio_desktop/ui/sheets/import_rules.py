"""How a file is to be read, and what all its clients join: shown as it is guessed, corrected by a person (B20)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from studio_desktop.domain.dates import DateOrder
from studio_desktop.services.imports.cells import DATED
from studio_desktop.services.imports.mapping import Mapped
from studio_desktop.services.imports.plan import Matching, NameRule, Plan, Rules
from studio_desktop.services.layouts import Named
from studio_desktop.ui.choices import offered
from studio_desktop.ui.form import load_form
from studio_desktop.ui.page import Shell
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.names_line import SEPARATOR, NamesLine

if TYPE_CHECKING:
    from studio_desktop.services.imports.reading import Table

_NAMES = ("name", "first_name")
_PHONES = ("phone", "family_phone")


class ImportRules(QWidget):
    """Gives `rules`; a correction is told once the field is left, or chosen."""

    mapping_combo: QComboBox
    keep_button: FlatButton
    rename_button: FlatButton
    forget_button: FlatButton
    dates_combo: QComboBox
    names_combo: QComboBox
    country_edit: QLineEdit
    update_combo: QComboBox
    groups_edit: NamesLine
    tags_edit: NamesLine

    said = Signal(str, str)
    """What was kept or forgotten, or why not, in a tone."""
    changed = Signal()
    """A person corrected a rule."""
    mapping_chosen = Signal(object)
    """A saved mapping (`Named`) is to be used; None: what the titles say."""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shell = shell
        self._rules = Rules()
        self._kept: Sequence[Named] = ()
        self._idle = True
        self._table: Table | None = None
        self._mapped: Mapped = ()
        load_form(self, "import_rules")
        region = self.tr("{region}, as in the preferences").format(region=shell.formats.phone_region)
        self.country_edit.setPlaceholderText(region)
        self._offer()
        self._connect()
        self.show_mappings(())

    @property
    def rules(self) -> Rules:
        """The rules as they stand in the fields."""
        return self._rules

    def show_rules(self, rules: Rules) -> None:
        """Put these into the fields; nothing is told."""
        self._rules = rules
        self.dates_combo.setCurrentIndex(self.dates_combo.findData(rules.date_order))
        self.names_combo.setCurrentIndex(self.names_combo.findData(rules.names))
        self.update_combo.setCurrentIndex(self.update_combo.findData(rules.update_by))
        self.country_edit.setText(rules.country)
        self.groups_edit.setText(SEPARATOR.join(rules.groups))
        self.tags_edit.setText(SEPARATOR.join(rules.tags))

    def show_guesses(self, plan: Plan) -> None:
        """Say in which order the file's dates are read, where nobody has decided it."""
        if plan.rules.date_order is None:
            self.dates_combo.setItemText(0, {
                DateOrder.DMY: self.tr("as the file shows: day first"),
                DateOrder.MDY: self.tr("as the file shows: month first"),
                DateOrder.YMD: self.tr("as the file shows: year first"),
            }[plan.date_order])  # fmt: skip

    def show_mappings(self, kept: Sequence[Named], chosen: str = "") -> None:
        """Offer what was saved under names; the `chosen` one is used, without one it is what the titles say."""
        self._kept = kept
        self.mapping_combo.clear()
        self.mapping_combo.addItem(self.tr("as the titles say"), None)
        for one in kept:
            whose = self.tr("{name} · by {owner}").format(name=one.name, owner=one.owner)
            self.mapping_combo.addItem(one.name if one.mine else whose, one.name)
        self.mapping_combo.setCurrentIndex(max(self.mapping_combo.findData(chosen), 0) if chosen else 0)
        self._allow()

    def chosen_mapping(self) -> Named | None:
        """The saved mapping that is chosen."""
        place = self.mapping_combo.currentIndex() - 1
        return self._kept[place] if 0 <= place < len(self._kept) else None

    def set_columns(self, table: Table, mapped: Mapped) -> None:
        """Of which file the rules are, and what its columns hold."""
        self._table, self._mapped = table, mapped
        self._allow()

    def set_idle(self, idle: bool) -> None:
        """Whether anything can be corrected now."""
        self._idle = idle
        self._allow()

    def _offer(self) -> None:
        orders = (
            (None, self.tr("as the file shows")),
            (DateOrder.DMY, self.tr("day first, 03/04 = 3 April")),
            (DateOrder.MDY, self.tr("month first, 03/04 = 4 March")),
            (DateOrder.YMD, self.tr("year first, 81/03/04 = 4 March")),
        )
        names = (
            (NameRule.AS_WRITTEN, self.tr("Smith, Ann or Ann & Bob Smith")),
            (NameRule.LAST_FIRST, self.tr("last name first: Smith Ann")),
            (NameRule.WHOLE, self.tr("not split, kept as the last name")),
        )
        matchings = (
            (None, self.tr("stay as they are")),
            (Matching.NUMBER, self.tr("update, found by number")),
            (Matching.NUMBER_NAME, self.tr("update, by number and name")),
            (Matching.NAME, self.tr("update, found by name")),
            (Matching.NAME_COMPANY, self.tr("update, by name and company")),
            (Matching.EMAIL, self.tr("update, found by e-mail")),
        )
        for combo, choices in (
            (self.dates_combo, orders), (self.names_combo, names), (self.update_combo, matchings),
        ):  # fmt: skip
            for value, said in choices:
                combo.addItem(said, value)

        for edit, catalog in ((self.groups_edit, "client_groups"), (self.tags_edit, "client_tags")):
            edit.set_known(partial(self._names_of, catalog))

    def _names_of(self, catalog: str) -> list[str]:
        return [text for _, text, _ in offered(self._shell.choices[catalog])]

    def _connect(self) -> None:
        self.mapping_combo.activated.connect(lambda _: self._choose_mapping())
        self.keep_button.clicked.connect(self._keep)
        self.rename_button.clicked.connect(self._rename)
        self.forget_button.clicked.connect(self._forget)
        for combo in (self.dates_combo, self.names_combo, self.update_combo):
            combo.activated.connect(lambda _: self._read())
        for edit in (self.country_edit, self.groups_edit, self.tags_edit):
            edit.editingFinished.connect(self._read)

    def _choose_mapping(self) -> None:
        self._allow()
        self.mapping_chosen.emit(self.chosen_mapping())

    def _read(self) -> None:
        order, matching = self.dates_combo.currentData(), self.update_combo.currentData()
        typed = Rules(
            date_order=DateOrder(order) if order else None,
            names=NameRule(self.names_combo.currentData()),
            update_by=Matching(matching) if matching else None,
            country=self.country_edit.text().strip(),
            groups=self.groups_edit.several(),
            tags=self.tags_edit.several(),
        )
        if typed != self._rules:
            self._rules = typed
            self.changed.emit()

    # Saved mappings

    def _keep(self) -> None:
        """What the columns hold and how the file is read, for the next file of its kind, at every desk."""
        table, mapped, rules, imports = self._table, self._mapped, self._rules, self._shell.services.imports
        assert table is not None, "the button needs a file"
        chosen = self.chosen_mapping()
        suggested = chosen.name if chosen is not None and chosen.mine else table.path.stem
        name = self._shell.prompts.ask_text(self, self.tr("Save the mapping"), self.tr("&Name"), suggested)
        if name is not None:
            said = self.tr("“{name}” is used by itself when a file with the same columns comes again.")
            self._change(lambda: imports.keep_mapping(name, table, mapped, rules), said)

    def _rename(self) -> None:
        kept, imports = self.chosen_mapping(), self._shell.services.imports
        assert kept is not None, "the button needs one"
        name = self._shell.prompts.ask_text(self, self.tr("Rename the mapping"), self.tr("&Name"), kept.name)
        if name is not None:
            self._change(lambda: imports.rename_mapping(kept.name, name), self.tr("Renamed to “{name}”."))

    def _forget(self) -> None:
        kept, imports = self.chosen_mapping(), self._shell.services.imports
        assert kept is not None, "the button needs one"

        def forget() -> str:
            imports.forget_mapping(kept.name)
            return kept.name

        self._change(forget, self.tr("“{name}” is forgotten; the columns stay as they are."))

    def _change(self, change: Callable[[], str], said: str) -> None:
        imports = self._shell.services.imports

        def done(outcome: tuple[str, list[Named]]) -> None:
            name, kept = outcome
            self.show_mappings(kept, name)
            self.said.emit(said.format(name=name), "dim")

        def work() -> tuple[str, list[Named]]:
            return change(), imports.mappings()

        self._shell.tasks.run(self, work, done, lambda error: self.said.emit(str(error), "red"))

    def _allow(self) -> None:
        kept, targets = self.chosen_mapping(), {one.target for one in self._mapped if one is not None}
        usable = {
            self.mapping_combo: True,
            self.keep_button: self._table is not None,
            self.rename_button: kept is not None and kept.mine,
            self.forget_button: kept is not None and kept.mine,
            self.dates_combo: not targets.isdisjoint(DATED),
            self.names_combo: not targets.isdisjoint(_NAMES),
            self.country_edit: not targets.isdisjoint(_PHONES),
            self.update_combo: True,
            self.groups_edit: True,
            self.tags_edit: True,
        }
        for widget, is_usable in usable.items():
            widget.setEnabled(self._idle and is_usable)
