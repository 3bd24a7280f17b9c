"""What the clients hub leaves out, and how a person chooses it: chips, and menus of what each could let through."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from studio_desktop.domain.records.clients import ClientKind, Stage
from studio_desktop.services.listings.clients import CLIENTS
from studio_desktop.services.listings.declaration import SAVED, Alternatives, column_filter
from studio_desktop.ui.widgets.marks import dot_icon

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell

AT_FIRST: Mapping[str, Any] = {"stage": (Stage.ACTIVE,)}
"""What a list of clients leaves out unless somebody asks for it (S0-16)."""

LISTS: Mapping[str, Mapping[str, Any]] = {
    "all": {},
    "clients": {"kind": ClientKind.CLIENT.value, **AT_FIRST},
    "prospects": {"kind": ClientKind.PROSPECT.value, **AT_FIRST},
    "leads": {"kind": ClientKind.LEAD.value, **AT_FIRST},
    "hidden": {"stage": (Stage.HIDDEN,)},
    "archived": {"stage": (Stage.ARCHIVED,)},
}
"""The lists of the studio, each by one click or key (S0-23); on the keyboard Ctrl with their place, from 1."""


class ClientFilters(QObject):
    """The filters in force, by their names in the listing."""

    changed = Signal()

    def __init__(self, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self._values: dict[str, Any] = dict(AT_FIRST)

    @property
    def values(self) -> Mapping[str, Any]:
        """What each filter lets through."""
        return dict(self._values)

    @property
    def added(self) -> Collection[str]:
        """The filters that somebody set, those of the start left aside."""
        return self._values.keys() - AT_FIRST.keys()

    @property
    def are_as_at_first(self) -> bool:
        """Whether nobody changed them."""
        return self._values == AT_FIRST

    @property
    def stages(self) -> Collection[Stage]:
        """Which clients are listed."""
        return tuple(self._values.get("stage", Stage))

    def replace(self, values: Mapping[str, Any]) -> None:
        """Let only this through."""
        self._values = dict(values)
        stage = self._values.get("stage")
        if isinstance(stage, str):
            self._values["stage"] = (Stage(stage),)
        self.changed.emit()

    def set(self, name: str, value: Any) -> None:
        """Let something else through; None takes the filter away."""
        self.replace({key: one for key, one in {**self._values, name: value}.items() if one is not None})

    @property
    def typed(self) -> Mapping[str, str]:
        """What is typed into the columns' fields."""
        return {name: value for name, value in self._values.items() if CLIENTS.filtered_column(name) is not None}

    def set_typed(self, typed: Mapping[str, str]) -> None:
        """Let through what is typed into the columns' fields, besides the other filters."""
        others = {name: value for name, value in self._values.items() if name not in self.typed}
        self.replace({**others, **typed})

    def use_saved(self, name: str, alternatives: Alternatives) -> None:
        """Let through what a saved filter lets through; of who is not active only where the filter itself says so."""
        says_stage = any(part in ("stage", column_filter("stage")) for parts in alternatives for part, _ in parts)
        self.replace({**({} if says_stage else AT_FIRST), SAVED: name})

    def as_alternatives(self, kept: Mapping[str, Alternatives]) -> list[list[tuple[str, Any]]]:
        """What is let through now, as a saved filter has it; one that is in force is taken apart with `kept`."""
        others = [(name, value) for name, value in self._values.items() if name != SAVED]
        parts = kept.get(self._values.get(SAVED, ""), ((),))
        return [[*alternative, *others] for alternative in parts]

    def show_stage(self, stage: Stage, shown: bool = True) -> None:
        """List clients of a stage too, or no more."""
        stages = tuple(one for one in Stage if (shown if one is stage else one in self.stages))
        self.set("stage", stages if 0 < len(stages) < len(Stage) else None)

    def label(self, name: str, value: Any) -> str:
        """Whom a filter lets through, in words."""
        if name == SAVED:
            return str(value)
        column = CLIENTS.filtered_column(name)
        if column is not None:
            title = self._shell.preferences.named(column.key, column.title)
            return self.tr("{column}: {typed}").format(column=title, typed=value)
        if name in CATALOGS:
            choices = self._shell.choices[CATALOGS[name]]
            return next((one.text for one in choices if one.id == value), self.tr("Gone"))
        if name == "kind":
            return _kinds()[ClientKind(value)]
        if name == "stage":
            return ", ".join(_stages()[stage] for stage in value)
        if name in ("booked", "age"):
            return _derived()[name, value]
        return _flags()[name]

    def texts(self, hidden_by: Mapping[str, int]) -> dict[str, str]:
        """What the chips say: whom each lets through, and how many it hides by itself where that is known."""
        said = {}
        for name, value in self._values.items():
            said[name] = self.label(name, value)
            if hidden_by.get(name):
                count = self._shell.formats.number(hidden_by[name])
                said[name] = self.tr("{label} · hides {count}").format(label=said[name], count=count)
        return said

    def menu(self, parent: QWidget) -> QMenu:
        """Everything that can be filtered by."""
        menu = QMenu(parent)
        titles = {
            "kind": self.tr("&Kind"),
            "stage": self.tr("St&age"),
            "status": self.tr("&Status"),
            "group": self.tr("&Group"),
            "tag": self.tr("&Tag"),
            "plan": self.tr("Marketi&ng plan"),
            "pipeline": self.tr("&Pipeline"),
            "lead_stage": self.tr("Lea&d stage"),
            "responsible": self.tr("Responsi&ble"),
            "booked": self.tr("Guest or &existing"),
            "age": self.tr("Ne&w or old"),
        }
        for name, title in titles.items():
            self._fill(menu.addMenu(title), name)
        menu.addSeparator()
        self._add(menu, self.tr("Status &overdue"), "overdue", True)
        if any(self._shell.preferences.years_kept().values()):
            self._add(menu, self.tr("Kept too &long"), "kept_too_long", True)
        self._add(menu, self.tr("Next a&ction overdue"), "action_overdue", True)
        self._add(menu, self.tr("Leads w&ithout a next action"), "no_action", True)
        self._add(menu, self.tr("May be &marketed to"), "marketable", True)
        return menu

    def menu_of(self, name: str, parent: QWidget) -> QMenu:
        """What one filter can let through."""
        menu = QMenu(parent)
        self._fill(menu, name)
        return menu

    def _fill(self, menu: QMenu, name: str) -> None:
        for title, value, colour in self._choices(name):
            line = self._add(menu, title.replace("&", "&&"), name, value)
            if colour:
                line.setIcon(dot_icon(colour))
        if name in ("kind", "stage", "booked", "age"):
            self._add(menu, self.tr("All"), name, None)

    def _choices(self, name: str) -> Sequence[tuple[str, Any, str]]:
        """Words, value and colour of each."""
        if name == "kind":
            return [(title, kind.value, "") for kind, title in _kinds().items()]
        if name == "stage":
            return [(title, (stage,), "") for stage, title in _stages().items()]
        if name in CATALOGS:
            return [(one.text, one.id, one.colour) for one in self._shell.choices[CATALOGS[name]]]
        if name in ("booked", "age"):
            return [(title, value, "") for (of, value), title in _derived().items() if of == name]
        return [(self.label(name, True), True, "")]

    def _add(self, menu: QMenu, title: str, name: str, value: Any) -> QAction:
        line = menu.addAction(title)
        line.setCheckable(True)
        line.setChecked(self._values.get(name) == value)
        line.triggered.connect(lambda on: self.set(name, value if on else None))
        return line


CATALOGS = {
    "status": "client_statuses", "group": "client_groups", "tag": "client_tags", "plan": "marketing_plans",
    "pipeline": "pipelines", "lead_stage": "pipeline_stages", "responsible": "users",
}  # fmt: skip
"""The maintained list whose rows a filter chooses from, by the filter's name."""

_tr = partial(QCoreApplication.translate, "ClientFilters")


def _kinds() -> Mapping[ClientKind, str]:
    return {ClientKind.CLIENT: _tr("Clients"), ClientKind.PROSPECT: _tr("Prospects"), ClientKind.LEAD: _tr("Leads")}


def _derived() -> Mapping[tuple[str, str], str]:
    """Whom the filters let through that nobody sets by hand (S4-08 to S4-11)."""
    return {
        ("booked", "guest"): _tr("Guests (no booking yet)"),
        ("booked", "existing"): _tr("Existing (have booked)"),
        ("age", "new"): _tr("New (30 days)"),
        ("age", "old"): _tr("Old"),
    }


def _flags() -> Mapping[str, str]:
    return {
        "overdue": _tr("Status overdue"),
        "kept_too_long": _tr("Kept too long"),
        "action_overdue": _tr("Next action overdue"),
        "no_action": _tr("Leads without a next action"),
        "marketable": _tr("May be marketed to"),
    }


def _stages() -> Mapping[Stage, str]:
    return {Stage.ACTIVE: _tr("Active"), Stage.HIDDEN: _tr("Hidden"), Stage.ARCHIVED: _tr("Archived")}
