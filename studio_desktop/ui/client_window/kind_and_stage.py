"""What a client is and where it stands: client, prospect or lead; in the lists, hidden or archived. Saved at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio_desktop.domain.records.clients import ClientKind, ClientRecord, Stage
from studio_desktop.ui.actions import MenuEntry
from studio_desktop.ui.choices import offered

if TYPE_CHECKING:
    from studio_desktop.ui.client_window.direct_changes import DirectChanges
    from studio_desktop.ui.page import Page


class KindAndStage(QObject):
    """These as actions of a client's page; `record` gives the record that it shows, None before it is read."""

    def __init__(self, page: Page, direct: DirectChanges, record: Callable[[], ClientRecord | None]) -> None:
        super().__init__(page)
        self._page = page
        self._direct = direct
        self._record = record

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """The actions by their ids."""
        return {
            "archive": self._archive,
            "hide": lambda: self._set_stage(Stage.HIDDEN, self.tr("Hidden: {name}")),
            **{f"to_{kind.value}": partial(self._set_kind, kind) for kind in ClientKind},
        }

    def menus(self) -> Mapping[str, Callable[[], Iterable[MenuEntry]]]:
        """Archiving can say why (S0-26)."""
        return {"archive": self._archive_reasons}

    def _archive(self, reason_id: int | None = None) -> None:
        self._set_stage(Stage.ARCHIVED, self.tr("Archived {name}"), reason_id)

    def _set_stage(self, stage: Stage, said: str, reason_id: int | None = None) -> None:
        """Put the client there, or bring it back if it is there already (S0-14 to S0-18)."""
        record = self._record()
        if record is None:
            return
        if record.stage is stage and reason_id is None:
            stage, said = Stage.ACTIVE, self.tr("{name} is in the lists again")
        self._direct.change(
            lambda record: replace(record, stage=stage, archive_reason_id=reason_id),
            said.format(name=self._page.title()),
        )

    def _set_kind(self, kind: ClientKind) -> None:
        """S0-08 to S0-12: the same record, all else kept."""
        said = self.tr("{name}: now {kind}").format(name=self._page.title(), kind=kind.value)
        self._direct.change(lambda record: replace(record, kind=kind), said)

    def _archive_reasons(self) -> list[MenuEntry]:
        record = self._record()
        if record is not None and record.stage is Stage.ARCHIVED:
            return [MenuEntry(self.tr("Bring back into the lists"), self._archive, "arrow_undo")]
        reasons = offered(self._page.shell.choices["archive_reasons"])
        return [MenuEntry(text, partial(self._archive, reason_id)) for reason_id, text, _ in reasons]
