"""What is done with the leads of the chosen clients, alike on a client's page, in the list and on the board (B14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from studio_desktop.domain.records.leads import Outcome
from studio_desktop.services import Saved, new_request
from studio_desktop.ui.actions import MenuEntry

if TYPE_CHECKING:
    from studio_desktop.services.catalogs import Choice
    from studio_desktop.ui.page import Page

LEAD_ACTIONS = ("next_stage", "lead_stage", "into_pipeline", "assign_lead")
"""The actions that a page with `LeadActions` carries out."""


class LeadActions:
    """The handlers and drop-downs of `LEAD_ACTIONS` for one page; `named` says in words whom they concern."""

    def __init__(self, page: Page, named: Callable[[list[int]], str]) -> None:
        self._page = page
        self._shell = page.shell
        self._named = named

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """What each does; those with a drop-down show it."""
        return {"next_stage": self.advance, **{one: partial(self._pop_up, one) for one in self.menus()}}

    def menus(self) -> Mapping[str, Callable[[], Iterable[MenuEntry]]]:
        """The lines of the drop-downs."""
        return {
            "lead_stage": self._stage_entries,
            "into_pipeline": self._pipeline_entries,
            "assign_lead": self._user_entries,
        }

    def advance(self) -> None:
        """One stage on, in whatever pipeline each is."""
        leads, ids = self._shell.services.leads, self._page.chosen_clients()
        self._do(
            lambda request: leads.advance(ids, request),
            tr("{whom}: one stage on"),
            tr("There is no open lead that could go on."),
        )

    def move(self, stage: Choice, reason: Choice | None = None) -> None:
        """To this stage, whoever is not in its pipeline yet included."""
        leads, ids = self._shell.services.leads, self._page.chosen_clients()
        reason_id = reason.id if reason is not None else None
        self._do(
            lambda request: leads.move_clients(ids, stage.id, request, lost_reason_id=reason_id),
            tr("{whom}: {stage}").format(whom="{whom}", stage=_plain(stage.text)),
            tr("Nothing changed."),
        )

    def _put_in(self, pipeline: Choice) -> None:
        leads, ids = self._shell.services.leads, self._page.chosen_clients()
        self._do(
            lambda request: leads.put_in(ids, pipeline.id, request),
            tr("{whom}: now in {pipeline}").format(whom="{whom}", pipeline=_plain(pipeline.text)),
            tr("There is an open lead already."),
        )

    def _assign(self, user: Choice | None) -> None:
        leads, ids = self._shell.services.leads, self._page.chosen_clients()
        said = tr("{whom}: nobody is responsible") if user is None else tr("{whom}: {user} is responsible")
        self._do(
            lambda request: leads.assign(ids, user.id if user is not None else None, request),
            said.format(whom="{whom}", user=_plain(user.text) if user is not None else ""),
            tr("Nothing changed."),
        )

    def _do(self, write: Callable[[str], Saved[int]], said: str, unchanged: str) -> None:
        request, whom = new_request(), self._named(self._page.chosen_clients())

        def done(saved: Saved[int]) -> None:
            if saved.result:
                self._shell.saved(said.format(whom=whom), saved.changes)
            else:
                self._shell.say(unchanged)

        self._shell.tasks.run(self._page, lambda: write(request), done)

    def _stage_entries(self) -> list[MenuEntry]:
        """Every stage in use, a lost one once for each reason."""
        pipelines = self._pipelines()
        entries = []
        for pipeline in pipelines:
            for stage in self._shell.choices["pipeline_stages"]:
                if stage.parent_id != pipeline.id or stage.inactive:
                    continue
                text = stage.text if len(pipelines) == 1 else f"{pipeline.text}: {stage.text}"
                entries.append(MenuEntry(text, partial(self.move, stage)))
                if stage.outcome == Outcome.LOST:
                    entries += [
                        MenuEntry(tr("{stage}, {reason}").format(stage=text, reason=reason.text),
                                  partial(self.move, stage, reason))
                        for reason in self._shell.choices["lost_reasons"]
                        if not reason.inactive
                    ]  # fmt: skip
        return entries

    def _pipeline_entries(self) -> list[MenuEntry]:
        return [MenuEntry(one.text, partial(self._put_in, one)) for one in self._pipelines()]

    def _user_entries(self) -> list[MenuEntry]:
        users = [one for one in self._shell.choices["users"] if not one.inactive]
        return [
            *(MenuEntry(one.text, partial(self._assign, one)) for one in users),
            MenuEntry(tr("Nobody"), partial(self._assign, None)),
        ]

    def _pipelines(self) -> list[Choice]:
        return [one for one in self._shell.choices["pipelines"] if not one.inactive]

    def _pop_up(self, action_id: str) -> None:
        show_entries(self._page, self.menus()[action_id](), self._page.mapToGlobal(QPoint(24, 24)))


def show_entries(parent: QWidget, entries: Iterable[MenuEntry], place: QPoint) -> None:
    """Lines as a menu at a place of the screen."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for entry in entries:
        menu.addAction(entry.text.replace("&", "&&")).triggered.connect(lambda _on=False, run=entry.run: run())
    menu.popup(place)


def tr(text: str) -> str:
    """The text in the language of the window."""
    return QCoreApplication.translate("LeadActions", text)


def _plain(text: str) -> str:
    """What a person typed, inside a template that is filled once more."""
    return text.replace("{", "{{").replace("}", "}}")
