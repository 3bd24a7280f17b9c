"""The line of labels: `seniors 4` is whom they are for and the first free cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from studio_desktop.domain.fields import Kind
from studio_desktop.domain.line import Vocabulary
from studio_desktop.reports.label_sheets import LabelSheet
from studio_desktop.ui.sheets.labels.wish import Whom
from studio_desktop.ui.widgets.fact_line import FactLine

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell

CELL = Kind.NUMBER.value
"""What `said_fields` calls the first free cell."""


class LabelLine(FactLine):
    """Understands groups, statuses, tags, plans, saved filters, sheets, everybody; a number is the first free cell."""

    def use_for(
        self, shell: Shell, sheets: Sequence[LabelSheet], cells: int, filters: Sequence[str], *, has_chosen: bool
    ) -> None:
        """Know what there is now, saved `filters` by name; a sheet has so many cells."""
        whom: list[tuple[str, str]] = [(Whom.ALL, self.tr("All active clients"))]
        if has_chosen:
            whom.append((Whom.CHOSEN, self.tr("Selected clients")))
        lists: dict[str, Sequence[tuple[Any, str]]] = {
            name: [(one.id, one.text) for one in shell.choices[name] if not one.inactive]
            for name in ("client_groups", "client_statuses", "client_tags", "marketing_plans")
        }
        lists["saved_filters"] = [(name, name) for name in filters]
        lists |= {"sheets": [(one.key, one.name) for one in sheets], "whom": whom}
        titles = {
            "client_groups": self.tr("Group"),
            "client_statuses": self.tr("Status"),
            "client_tags": self.tr("Tag"),
            "marketing_plans": self.tr("Marketing plan"),
            "saved_filters": self.tr("Saved filter"),
            "sheets": self.tr("Label sheet"),
        }
        self.blockSignals(True)
        vocabulary = Vocabulary(lists=lists, numbers=range(1, cells + 1))
        self.use(vocabulary, shell.services.desk.clock.today(), shell.formats, titles)
        self.blockSignals(False)

    def said(self, of_sheet: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        """The part of a wish that the facts of the line say; `of_sheet` gives what goes along with a sheet."""
        wished: dict[str, Any] = {}
        for fact in sorted(self.line().facts, key=lambda fact: fact.span):
            if fact.of == "sheets":
                wished = {**of_sheet(fact.value), **wished}
            elif fact.kind is Kind.NUMBER:
                wished["start"] = fact.value
            elif fact.of == "client_groups":
                wished |= {"whom": Whom.GROUP, "group_id": fact.value}
            elif fact.of == "client_statuses":
                wished |= {"whom": Whom.STATUS, "status_id": fact.value}
            elif fact.of == "client_tags":
                wished |= {"whom": Whom.TAG, "tag_id": fact.value}
            elif fact.of == "marketing_plans":
                wished |= {"whom": Whom.PLAN, "plan_id": fact.value}
            elif fact.of == "saved_filters":
                wished |= {"whom": Whom.FILTER, "saved_filter": fact.value}
            else:
                wished["whom"] = Whom(fact.value)
        return wished

    def said_fields(self) -> set[str]:
        """The catalogs, and `CELL`, that the line says something of."""
        return {fact.of or fact.kind.value for fact in self.line().facts}
