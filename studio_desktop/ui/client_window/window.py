"""The page of one client: shows the record, lets it be edited, and keeps up with the other desks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QStackedWidget, QVBoxLayout, QWidget

from studio_desktop.domain import merge
from studio_desktop.domain.errors import (
    DatabaseUnavailable,
    InvalidInput,
    StudioError,
)
from studio_desktop.domain.fields import specs
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientKind, ClientRecord, Stage
from studio_desktop.services import new_request
from studio_desktop.services.clients import OpenClient
from studio_desktop.ui.actions import MenuEntry
from studio_desktop.ui.alike import deletion_in_words
from studio_desktop.ui.client_window import TABS, header
from studio_desktop.ui.client_window.contact_links import ContactLinks
from studio_desktop.ui.client_window.counting import offer_to_count_on
from studio_desktop.ui.client_window.direct_changes import DirectChanges
from studio_desktop.ui.client_window.hand_over import export_person
from studio_desktop.ui.client_window.header import ClientHeader, shown_name
from studio_desktop.ui.client_window.kind_and_stage import KindAndStage
from studio_desktop.ui.client_window.page_draft import PageDraft, Typed
from studio_desktop.ui.client_window.page_saving import PageSaving
from studio_desktop.ui.client_window.photo import PhotoChanges
from studio_desktop.ui.client_window.tab import Tab
from studio_desktop.ui.client_window.typed_record import TypedRecord
from studio_desktop.ui.documents import Document, make_document
from studio_desktop.ui.form import tab_after
from studio_desktop.ui.lead_actions import LEAD_ACTIONS, LeadActions
from studio_desktop.ui.page import ClientInHand, Page
from studio_desktop.ui.presence import present_in_words
from studio_desktop.ui.ribbon.plan import read_plan
from studio_desktop.ui.widgets.detail_tabs import PER_ROW, DetailTabs
from studio_desktop.ui.widgets.panels import Panel

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.services import Saved
    from studio_desktop.services.presence import Place, Present
    from studio_desktop.services.trash import Deletion
    from studio_desktop.ui.page import Shell

_SHOWN_KINDS = (
    "note", "preference", "client_status", "client_status_reason", "lead_source", "client_group", "phone_label",
    "relationship", "archive_reason", "organization", "client_tag", "marketing_plan",
)  # fmt: skip
"""What stands on this page besides the client itself."""

_OF_WHO_IS_THERE = (
    "archive", "hide", "delete", "new_note", "photo", *(f"to_{kind.value}" for kind in ClientKind), *LEAD_ACTIONS,
)  # fmt: skip
"""What can only be done with a client who is not deleted."""

_FILES = {"pdf": ".pdf", "excel": ".xlsx", "csv": ".csv"}
"""The kinds of file that what a tab lists is written to."""


class ClientPage(Page):
    """Header and detail tabs of a client. `neighbours` is the list it was opened from (S3-08)."""

    context = "client"

    def __init__(
        self, shell: Shell, client_id: int, neighbours: list[int] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(shell, parent)
        self.client_id = client_id
        self._neighbours = neighbours or []
        self._opened: OpenClient | None = None
        self._direct = DirectChanges(shell, self, self._record)
        self._direct.saved.connect(self._directly_changed)
        self._direct.refused.connect(self.read_again)
        self._photo = PhotoChanges(shell, self, self._record)
        self._kind_and_stage = KindAndStage(self, self._direct, self._record)
        self._own_requests: set[str] = set()
        self._gone = False
        self._entered = False
        self._cursor: QWidget | None = None
        self._state = ""
        self._others = ""
        self._built: dict[str, Tab] = {}
        self._hidden_tabs = ""
        self._asked_for: set[str] = set()
        self._links = ContactLinks(shell, self._record)
        self._lead_actions = LeadActions(self, lambda _: self.title())
        self._build()
        self._typed = TypedRecord(self.header, self._built)
        self._draft = PageDraft(shell, self, client_id, self._unsaved_texts)
        self._saving = PageSaving(self, self._typed, self._draft)
        self._read(self._first_read)

    # What the window asks of a page.

    def title(self) -> str:
        """The client's name."""
        return shown_name(self.shell, self._opened.record) if self._opened is not None else "…"

    def icon_name(self) -> str:
        """A person."""
        return "person"

    def handlers(self) -> Mapping[str, Callable[..., object]]:
        """What can be done with the record in front."""
        tabs = {
            f"detail_tab_{number}": partial(self.show_tab, name)
            for number, name in enumerate(self.tabs.ids(), 1)
            if number <= 2 * PER_ROW
        }
        return {
            "save": self.save,
            "finish": self._save_and_close,
            "finish_and_new": self._save_and_new,
            "revert": self.revert,
            "delete": self._delete,
            "previous_record": partial(self._step, -1),
            "next_record": partial(self._step, 1),
            "history": lambda: self.shell.open_sheet("history", client_id=self.client_id),
            **self._kind_and_stage.handlers(),
            "client_label": lambda: self.shell.open_sheet("labels", client_ids=[self.client_id]),
            "print": self._preview_profile,
            **{name: partial(self._write_list, ending) for name, ending in _FILES.items()},
            "export_person": lambda: export_person(self.shell, self, self.client_id, self.title()),
            **self._links.handlers(),
            "groups": partial(self.show_tab, "groups"),
            **self._lead_actions.handlers(),
            "next_stage": lambda: self.save(self._lead_actions.advance),
            "new_note": self._new_note,
            "edit_header": self.edit_header,
            "photo": self._photo.choose,
            "refresh": self.read_again,
            **tabs,
        }

    def why_not(self, action_id: str) -> str:
        """Why something cannot be done with this client just now."""
        if self._opened is None:
            return self.tr("The client is being read.")
        record, may = self._opened.record, self.shell.services.desk.may
        if action_id in ("previous_record", "next_record"):
            at = self._place() + (-1 if action_id == "previous_record" else 1)
            return "" if 0 <= at < len(self._neighbours) else self.tr("There is no further client in the list.")
        if action_id in _FILES:
            return "" if self._listed() is not None else self.tr("There is no list on this part of the client.")
        # A label needs an address as the map does.
        lacking = self._links.why_not("open_map" if action_id == "client_label" else action_id)
        if lacking:
            return lacking
        if action_id == "delete" and not may(Permission.DELETE_CLIENTS):
            return self.tr("You may not delete clients. The owner of the studio can change that.")
        if action_id == f"to_{record.kind.value}":
            return self.tr("It is one already.")
        if action_id in _OF_WHO_IS_THERE and self._opened.deleted:
            return self.tr("This client was deleted.")
        if action_id in ("next_stage", "assign_lead") and not self._opened.leads:
            return self.tr("No lead of this client is open.")
        if action_id in ("edit_header", "new_note") and self._read_only():
            return self.tr("This client can only be read.")
        if action_id == "save" and not may(Permission.CHANGE_CLIENTS):
            return self.tr("This client can only be read.")
        return ""

    def menus(self) -> Mapping[str, Callable[[], Iterable[MenuEntry]]]:
        """What several of these actions can be done with or how: a number, a reason, a photo."""
        return {
            **self._kind_and_stage.menus(),
            **self._links.menus(),
            "photo": self._photo.entries,
            **self._lead_actions.menus(),
        }

    def head_height(self) -> int:
        """The header stays in sight under a sheet."""
        return self.header.sizeHint().height()

    def place_in_list(self) -> tuple[int, int] | None:
        """Which one of the list it was opened from."""
        place = self._place()
        return (place + 1, len(self._neighbours)) if place >= 0 else None

    def client_in_hand(self) -> ClientInHand | None:
        """This client."""
        return ClientInHand(self.client_id, self.title())

    def record(self) -> Place | None:
        """This client, once it was read."""
        return ("client", self.client_id) if self._opened is not None and not self._gone else None

    def is_changed(self) -> bool:
        """Whether something is typed here that is not saved."""
        return bool(self.unsaved())

    def show_present(self, others: Sequence[Present]) -> None:
        """Badges in the header, and the status bar while the header is edited."""
        self.header.show_present(others)
        self._others = "; ".join(present_in_words(one, self.shell.formats) for one in others)
        self._tell_status()

    def take_focus(self) -> None:
        """Back to where the cursor was; at first to the tabs, where no key changes anything."""
        last = self._cursor if self._cursor is not None else self.focusWidget()
        self._cursor = None
        if not self._entered or last is None or not shiboken6.isValid(last) or not last.isVisibleTo(self):
            last = next(tab for tab in self.tabs.findChildren(QAbstractButton) if tab.isChecked())
        self._entered = True
        last.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, changes: Changes) -> None:
        """Read again what is shown; what somebody typed stays."""
        if changes.touches("client", self.client_id) or any(changes.touches(kind) for kind in _SHOWN_KINDS):
            self.read_again(is_own=changes.request in self._own_requests)
        elif changes.touches("duplicate_verdict"):
            self._look_for_duplicates()
        for tab in self._built.values():
            tab.refresh(changes)

    def leave(self, then: Callable[[], None]) -> None:
        """Save what was typed, then go; what cannot be saved may wait as a draft."""
        if self._opened is None or self._gone:
            then()
            return
        self._saving.leave(then)

    def set_aside(self) -> None:
        """What is typed is a draft of who typed it, and not saved by anybody else's hand."""
        self._draft.keep()
        self._draft.flush()

    # What a person does here.

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Save everything that was typed on this page, then call `then`; pressed twice it is saved once."""
        if self._opened is not None:
            self._saving.save(then)

    def revert(self) -> None:
        """Back to what is saved (RELIABILITY E5)."""
        if self._opened is None:
            return
        for tab in self._built.values():
            tab.forget()
        self._typed.base = self._opened.record
        for form in self._typed.forms():
            form.clear_marks()
        self._fill(self._opened, frozenset())
        self.set_editing(False)
        self._draft.drop()
        self.say_state("")
        self._tell_counts()

    def read_again(self, *, is_own: bool = False) -> None:
        """Read the client anew: it may be another one by now. What was never read is still read for the first time."""
        self._read(self._first_read if self._opened is None else partial(self._show, is_own=is_own))

    def show_tab(self, name: str, *, focus: bool = True) -> Tab:
        """Show a detail tab, made when it is shown first; one that the studio hides is there once it is asked for."""
        if name not in self.tabs.ids():
            self._asked_for.add(name)
            self._leave_out_tabs()
        tab = self._tab(name)
        if self._opened is not None:
            tab.follow(self._typed.in_progress())
        self._stack.setCurrentWidget(tab)
        self.tabs.set_current(name)
        if focus:
            tab.take_focus()
        self.actions_changed.emit()
        return tab

    def edit_header(self) -> None:
        """Edit name, company, addresses, phones and e-mails in place (F2)."""
        if not self._read_only():
            self.set_editing(True)
            self.header.editor.take_focus()

    def set_editing(self, editing: bool) -> None:
        """Show the header's fields, or its facts."""
        self.header.set_editing(editing)

    def unsaved(self) -> tuple[str, ...]:
        """The labels of the fields that hold what is not saved."""
        labels = self._labels(self._typed.changed())
        return (*labels, *(label for tab in self._built.values() for label in tab.unsaved()))

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 edits the header, wherever a list or field has no use for it."""
        if event.key() == Qt.Key.Key_F2 and not event.modifiers():
            self.edit_header()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Everything the ribbon offers for a client (S3-48)."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group in self._ribbon_groups():
            menu.addSeparator()
            menu.addActions(group)
        menu.popup(event.globalPos())
        event.accept()

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember where the cursor is: Qt now gives it to whatever comes next."""
        self._cursor = self.focusWidget()
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Say again what the status bar said of this page."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._tell_status)

    # How it is made.

    def _build(self) -> None:
        self.header = ClientHeader(self.shell, self)
        self.tabs = DetailTabs(self)
        self._stack = QStackedWidget(self)
        ground = Panel(self, "base")
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.tabs)
        column.addWidget(ground, 1)
        for tab in TABS:
            self.tabs.add(tab.name, tab.text())
        self._leave_out_tabs()
        self.tabs.chosen.connect(lambda name: self.show_tab(name, focus=False))
        self.header.set_editing(False)
        self.header.edit_wanted.connect(self.edit_header)
        self.header.done.connect(self._leave_header)
        self.header.edited.connect(self._was_edited)
        self.header.link_wanted.connect(self._links.open)
        self.header.sms_ticked.connect(self._tick_sms)
        self.header.place_wanted.connect(self._go_to)
        self.header.view.photo.menu_wanted.connect(self._photo.offer)
        self.header.view.photo.paste_wanted.connect(self._photo.paste)
        self.header.view.photo.given.connect(self._photo.take)

    def _leave_out_tabs(self) -> None:
        """S3-09: the tabs that the studio or this client does without close up; one that somebody is at stays."""
        if self.shell.preferences.hidden_tabs != self._hidden_tabs:
            self._hidden_tabs = self.shell.preferences.hidden_tabs
            self._asked_for = {self.tabs.current()}
        opened, current = self._opened, self.tabs.current()
        unneeded = {tab.name for tab in TABS if opened is None or not tab.is_needed(opened)} - {current}
        left_out = (unneeded | set(self._hidden_tabs.split(","))) - self._asked_for
        if set(self.tabs.ids()) != {tab.name for tab in TABS} - left_out:
            self.tabs.leave_out(left_out)
            self.actions_changed.emit()

    def _tab(self, name: str) -> Tab:
        tab = self._built.get(name)
        if tab is None:
            made = next(kind for kind in TABS if kind.name == name)
            tab = self._built[name] = made(self.shell, self.client_id, self._stack)
            self._stack.addWidget(tab)
            tab_after(self.tabs, tab)
            tab.edited.connect(self._was_edited)
            tab.counted.connect(self._tell_counts)
            tab.tab_wanted.connect(self.show_tab)
            tab.listed.connect(self.actions_changed)
            if tab.form is not None:
                tab.form.edited.connect(lambda _: self._was_edited())
            if self._opened is not None:
                tab.show_client(self._opened)
                tab.set_read_only(self._read_only())
        return tab

    def _ribbon_groups(self) -> Iterator[list[QAction]]:
        """The actions as the ribbon has them while a client is in front, each once."""
        actions = {action.objectName(): action for action in self.window().actions()}
        seen: set[str] = set()
        for tab in read_plan().tabs:
            if tab.id != "home" and tab.page != self.context:
                continue
            for group in tab.groups:
                ids = [one for one in group.actions if one in actions and one not in seen]
                if not group.pages or self.context in group.pages:
                    seen.update(ids)
                    yield [actions[one] for one in ids]

    # Reading and showing.

    def _read(self, done: Callable[[OpenClient], None]) -> None:
        clients, client_id = self.shell.services.clients, self.client_id

        def failed(error: StudioError) -> None:
            self.shell.failed(error, (lambda: self._read(done)) if isinstance(error, DatabaseUnavailable) else None)

        self.shell.tasks.latest(self, "open", lambda: clients.open(client_id), done, failed)

    def _first_read(self, opened: OpenClient) -> None:
        self._show(opened, is_own=True)
        if self._gone:
            return
        self.show_tab(TABS[0].name, focus=False)
        if self.shell.settings.flash_call_warning:
            self.header.view.warning.flash()
        self._draft.look(self._bring_back)

    def _show(self, opened: OpenClient, *, is_own: bool = False) -> None:
        """Show what stands now, but for what the person touched since."""
        if opened.merged_into is not None and not self.unsaved():
            self._lead_on(opened.merged_into)
            return
        before, self._opened = self._opened, opened
        self._leave_out_tabs()
        touched = self._typed.follow(opened.record)
        self._fill(opened, touched)
        if before is not None and not is_own:
            self._tell_changed(before.record, opened.record, touched)
        if before is None or shown_name(self.shell, before.record) != self.title():
            self.title_changed.emit(self.title())
        self.actions_changed.emit()
        self._look_for_duplicates()

    def _lead_on(self, client_id: int) -> None:
        """B18: this client is part of another one, who is shown instead."""
        self._gone = True
        self.shell.say(self.tr("This client was merged into the one that is open now."))
        self.shell.open_client(client_id)
        self.close_wanted.emit()

    def _look_for_duplicates(self) -> None:
        """B17: somebody may be the same person, also after a change; the header says so."""
        duplicates, client_id = self.shell.services.duplicates, self.client_id
        if self._opened is not None and not self._opened.deleted:
            self.shell.tasks.latest(
                self, "duplicates", lambda: duplicates.of_client(client_id), self.header.show_duplicates, lane="pool"
            )

    def _fill(self, opened: OpenClient, touched: frozenset[str]) -> None:
        """Show the record in the header and every tab that is made, but for the fields touched."""
        self.header.show_client(opened, touched)
        read_only = self._read_only()
        for tab in self._built.values():
            tab.show_client(opened, touched)
            tab.set_read_only(read_only)
        if self.tabs.current() in self._built:
            self._built[self.tabs.current()].follow(self._typed.in_progress())
        self._tell_counts()

    def _tell_changed(self, before: ClientRecord, now: ClientRecord, touched: frozenset[str]) -> None:
        """Somebody else changed the record: say what, and let it light up where it is shown (DESIGN 5)."""
        changed = merge.changed(before, now)
        self._typed.flash(name for name in changed if name not in touched)
        if changed and now.updated_by != self.shell.services.desk.user_name:
            labels = ", ".join(dict.fromkeys(self._labels(changed)))
            self.shell.say(self.tr("{who} changed {fields}.").format(who=now.updated_by, fields=labels))

    def _tell_counts(self) -> None:
        if self._opened is None:
            return
        shown = replace(self._opened, record=self._typed.in_progress())
        for tab in TABS:
            self.tabs.set_count(tab.name, tab.count(shown))
            light = tab.light(self._opened)
            self.tabs.set_light(tab.name, *light if light is not None else (None, ""))

    def _record(self) -> ClientRecord | None:
        """The record as it is saved, once it was read."""
        return self._opened.record if self._opened is not None else None

    def _read_only(self) -> bool:
        opened = self._opened
        if opened is None or opened.deleted or opened.record.stage is Stage.ARCHIVED:
            return True
        return not self.shell.services.desk.may(Permission.CHANGE_CLIENTS)

    def _labels(self, names: Iterable[str]) -> list[str]:
        return [self.shell.preferences.label(specs(ClientRecord)[name]) for name in names]

    # Saving.

    def made_tabs(self) -> Iterable[Tab]:
        """The tabs that somebody saw so far."""
        return self._built.values()

    def take_saved(self, sent: ClientRecord, saved: Saved[ClientRecord]) -> None:
        """The record was saved; what was typed since it was sent stays, and is not saved yet."""
        assert self._opened is not None
        typed_number = sent.number if sent.number != self._typed.base.number else ""
        self._typed.base = sent
        typed_since = self._typed.touched()
        self._typed.base = saved.result
        self._opened = replace(self._opened, record=saved.result)
        self._fill(self._opened, typed_since)
        self.title_changed.emit(self.title())
        self._own_requests.add(saved.changes.request)
        self._look_for_duplicates()
        self.shell.saved(self.tr("Saved {name}").format(name=self.title()), saved.changes)
        offer_to_count_on(self.shell, self, typed_number)

    def mark(self, error: InvalidInput) -> None:
        """Show each fault at its field, wherever that is; a banner has what no field here can show."""
        if not self._typed.mark(error, self._bring_up):
            self.shell.failed(error)

    def give_up(self) -> None:
        """The page is about to go, with nothing left to save."""
        self._gone = True

    def say_state(self, state: str) -> None:
        """Whether what is typed is saved, for the status bar."""
        if state != self._state:
            self._state = state
            self._tell_status()

    def _was_edited(self) -> None:
        self.say_state(self.tr("Not saved yet"))
        self._draft.keep_soon()

    def _bring_up(self, tab: Tab | None) -> None:
        if tab is None:
            self.set_editing(True)
        else:
            self.show_tab(tab.name, focus=False)

    def _tell_status(self) -> None:
        self.status_changed.emit(" · ".join(filter(None, (self._state, self._others))))

    # Changes that are saved at once.

    def _directly_changed(self, saved: Saved[ClientRecord], said: str) -> None:
        assert self._opened is not None
        self._own_requests.add(saved.changes.request)
        self._show(replace(self._opened, record=saved.result), is_own=True)
        self.shell.saved(said, saved.changes)

    def _tick_sms(self, uid: str, on: bool) -> None:
        """S2-12: the ticks of the header work directly."""

        def ticked(record: ClientRecord) -> ClientRecord:
            phones = tuple(replace(row, sms=on) if row.uid == uid else row for row in record.phones)
            return replace(record, phones=phones)

        said = self.tr("Text messages to {name}: on") if on else self.tr("Text messages to {name}: off")
        self._direct.change(ticked, said.format(name=self.title()))

    # What else can be done.

    def _save_and_close(self) -> None:
        self.save(self.close_wanted.emit)

    def _save_and_new(self) -> None:
        self.save(lambda: self.shell.open_sheet("new_client"))

    def _delete(self) -> None:
        """What is selected where the cursor is, else the client; Undo brings either back."""
        focus = QApplication.focusWidget()
        tab = self._built.get(self.tabs.current())
        if tab is not None and focus is not None and tab.isAncestorOf(focus) and tab.delete():
            return
        services, client_id, request = self.shell.services, self.client_id, new_request()
        name = self.title()

        def deleted(saved: Saved[Deletion]) -> None:
            said = deletion_in_words(name, saved.result)
            if saved.result.deleted:
                self._gone = True
                self._draft.drop()
            self.shell.saved(said, saved.changes)
            if saved.result.deleted:
                self.close_wanted.emit()

        self.shell.tasks.run(self, lambda: services.clients.delete([client_id], request), deleted)

    def _step(self, by: int) -> None:
        """The next client of the list takes the place of this one, which is saved first."""
        at = self._place() + by
        if not 0 <= at < len(self._neighbours):
            return
        wanted = self._neighbours[at]

        def go() -> None:
            self.shell.open_client(wanted, self._neighbours)
            self.close_wanted.emit()

        self.leave(go)

    def _place(self) -> int:
        return self._neighbours.index(self.client_id) if self.client_id in self._neighbours else -1

    def _listed(self) -> Document | None:
        """What is listed on the tab in front."""
        tab = self._built.get(self.tabs.current())
        return tab.document(self.title()) if tab is not None else None

    def _write_list(self, ending: str) -> None:
        document = self._listed()
        if document is not None:
            make_document(self.shell, self, document, ending)

    def _preview_profile(self) -> None:
        """Everything on the record as it is saved, on paper (B24)."""
        from studio_desktop.reports import REPORTS
        from studio_desktop.reports.report import find_report
        from studio_desktop.ui.sheets.report import report_document

        if self._opened is not None:
            profile = find_report(REPORTS, "client-profile")
            self.shell.preview(report_document(self.shell, profile, profile.options(client=self._opened.record.number)))

    def _new_note(self) -> None:
        from studio_desktop.ui.client_window.notes_tab import NotesTab

        tab = self.show_tab(NotesTab.name, focus=False)
        assert isinstance(tab, NotesTab)
        tab.begin_new()

    def _go_to(self, place: str) -> None:
        """Where a light of the header leads."""
        if place == header.NOTES:
            self.show_tab("notes")
        elif place == header.STATUS:
            self.show_tab("general")
        elif place == header.SUMMARY:
            self.show_tab("summary")
        elif place == header.DUPLICATES:
            self.shell.open_sheet("duplicates", client_id=self.client_id)
        else:
            self.edit_header()

    def _leave_header(self) -> None:
        """Done with the header's fields: what was typed there is saved, so that nothing unsaved is out of sight."""
        if self.header.form is not None and self.header.form.changed(self._typed.base):
            self.save()
        else:
            self.set_editing(False)
            self.take_focus()

    # Drafts.

    def _unsaved_texts(self) -> Typed | None:
        """All that is typed and not saved, as the draft keeps it; None for nothing."""
        if not self.unsaved():
            return None
        state = {"tab": self.tabs.current(), "editing": self.header.editing, **self._typed.texts()}
        return Typed(state, self._typed.base, self.title())

    def _bring_back(self, typed: Mapping[str, Any], base: ClientRecord, when: datetime) -> bool:
        """Let what was typed before the program ended stand here again, unsaved; False if there is nothing to it."""
        if self._opened is None or self.unsaved():
            return True
        now, self._typed.base = self._opened, base
        old = replace(now, record=base)
        if typed["header"] is not None:
            self.header.editor.form.show(base)
            self.header.editor.form.restore(typed["header"])
        for name, texts in typed["forms"].items():
            tab = self._tab(name)
            tab.show_client(old)
            assert tab.form is not None
            tab.form.restore(texts)
        for name, texts in typed["tabs"].items():
            self._tab(name).restore(texts)
        self._show(now, is_own=True)
        if not any(form.changed(now.record) for form in self._typed.forms()) and not typed["tabs"]:
            self.revert()
            return False
        self.set_editing(typed["editing"])
        self.show_tab(typed["tab"], focus=False)
        self.say_state(self.tr("Not saved yet"))
        time = self.shell.formats.time(when)
        self.shell.say(self.tr("What was typed at {time} and not saved is here again.").format(time=time))
        return True
