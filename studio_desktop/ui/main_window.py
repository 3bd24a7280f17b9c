"""What fills the window: ribbon, places, pages, status; and the `Shell` that pages and sheets work in.

It is there before the database layer is loaded; `work` gives it a studio to work in.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from studio_desktop.domain.errors import DatabaseUnavailable, StudioError
from studio_desktop.domain.permissions import Permission
from studio_desktop.ui import places
from studio_desktop.ui.actions import ActionSet
from studio_desktop.ui.background import BackgroundTasks
from studio_desktop.ui.caller_box import CallerBox
from studio_desktop.ui.command_palette import CommandPalette
from studio_desktop.ui.connection_watch import ConnectionWatch
from studio_desktop.ui.daily_backup import DailyBackup
from studio_desktop.ui.desk_lock import DeskLock
from studio_desktop.ui.documents import save_elsewhere
from studio_desktop.ui.incoming import IncomingCalls
from studio_desktop.ui.message_bar import MessageBar, Ways
from studio_desktop.ui.navigation import Navigation
from studio_desktop.ui.opening import Opening
from studio_desktop.ui.page import ClientInHand, Page, ParkedSheet
from studio_desktop.ui.page_book import PageBook
from studio_desktop.ui.presence import PresenceWatch
from studio_desktop.ui.ribbon import Ribbon
from studio_desktop.ui.sheet_host import ChipBar, SheetHost
from studio_desktop.ui.status_bar import StatusBar
from studio_desktop.ui.studio import Studio
from studio_desktop.ui.tidying import Tidying
from studio_desktop.ui.title_row import TitleRow
from studio_desktop.ui.trail import Place, Trail
from studio_desktop.ui.undo import UndoBar, UndoStack
from studio_desktop.ui.window_actions import WindowActions
from studio_desktop.ui.window_look import WindowLook

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.domain.formats import Formats
    from studio_desktop.services import Services
    from studio_desktop.services.catalogs import Choice
    from studio_desktop.services.preferences import StudioPreferences
    from studio_desktop.settings import Settings, SettingsFile
    from studio_desktop.ui.documents import Document
    from studio_desktop.ui.drafts import Draft, Drafts
    from studio_desktop.ui.prompts import Prompts
    from studio_desktop.ui.theme import Theme

_STATUS = "studio_page_status"


class MainWindow(QWidget):
    """One window on one studio; what a studio has is there from `work` on. It fills a `Frame`, or stands by itself."""

    parked_changed = Signal()
    """Other sheets are parked than before."""
    user_change_wanted = Signal(str)
    """This person, who proved it, sits down in the place of who was there."""
    restore_wanted = Signal(object)
    """The backup at this path is to stand in the place of the studio; everything typed is saved."""
    closed = Signal(bool)
    """The window is gone; whether its lanes came to rest."""

    services: Services
    formats: Formats
    preferences: StudioPreferences
    choices: Mapping[str, list[Choice]]
    drafts: Drafts

    def __init__(
        self,
        settings_file: SettingsFile,
        settings: Settings,
        look: Theme,
        prompts: Prompts,
        on_unexpected: Callable[[BaseException], None],
        frame: QWidget | None = None,
    ) -> None:
        super().__init__(frame)
        self.settings = settings
        self.theme = look
        self.prompts = prompts
        self.tasks = BackgroundTasks(self.failed, on_unexpected, self)
        self._settings_file = settings_file
        self._studio: Studio | None = None
        self._place = ""
        self._last_caller: ClientInHand | None = None
        self._previews = 0
        self._own_requests: set[str] = set()
        self._untold: list[Changes] = []
        self._reading = False
        self._walking = False
        self._may_close = False
        self._closes_later = False
        self._trail: Trail | None = None
        self._build()
        self._connect()

    def work(self, studio: Studio, place: str, drafts: Drafts) -> None:
        """Work in this studio from now on: at the start, or because somebody else sits down, or after a restore.

        `place` is what the database is called.
        """
        first = self._studio is None
        if not first:
            self.clear()
            self.desk_lock.open_desk()
        self._take(studio)
        self.drafts = drafts
        self._place = place
        self.sheets.start(self)
        self.caller_box.start(self, self._ways)
        self._title_row.set_user(self.services.desk.user_name, self._user_menu)
        if first:
            WindowActions(self).bind()
            self._title_row.add_arrows(self.action_set["previous_record"], self.action_set["next_record"])
        self.undo_stack.clear()
        self._watch.start(place)
        self._own_requests.add(self._presence.start())
        if self.services.is_read_only:
            self.messages.show_message("look", self.services.why_read_only, closable=False)
        else:
            self.backups.start()
        self.open_page("home")
        self.opening.hide()
        self.rest()
        user = self.services.desk.user_name
        self.tasks.run(self, lambda: drafts.of(user), self._offer_again, lane="pool")
        self._calls.begin()

    def clear(self) -> None:
        """Take every page and sheet away; what was typed waits as a draft of who typed it."""
        self.sheets.stand_up()
        for page in list(self.book):
            page.set_aside()
            self.book.remove(page)
        self._presence.stop()
        self._tidying.stop()
        self._trail = None
        self.notice_abilities()  # nothing may ask a page that is gone

    def apply(self, changes: Changes) -> None:
        """Something changed, at this desk or another: every screen looks again at what it shows."""
        assert self._studio is not None
        self._untold.append(changes)
        if any(changes.touches(kind) for kind in {"preference", *self._studio.catalog_kinds}):
            self._read_again()
        elif not self._reading:
            self._tell()

    def hear(self, changes: Changes) -> None:
        """What another desk changed, from the feed; this desk's own changes are known already."""
        if changes.request not in self._own_requests:
            self.apply(changes)

    # What pages and sheets see of it: the Shell.

    def open_client(self, client_id: int, neighbours: list[int] | None = None) -> None:
        """Show the client's page, raising it when it is open; `neighbours` is the list it was opened from."""
        self._open(("client", client_id), lambda: places.client_page(self, client_id, neighbours))

    def open_page(self, name: str, **wish: Any) -> None:
        """Show a page of `places.PAGES`, and in it what is wished for."""
        place = places.page_place(name)
        page = self._open(name, lambda: place.make(self), stays=place.stays)
        if wish:
            page.wish(**wish)

    def open_sheet(self, name: str, **arguments: Any) -> None:
        """Show a sheet of `places.SHEETS` over the page in front."""
        self.sheets.open(name, arguments)

    def new_client(self) -> None:
        """A new client, who begins with what was typed to find somebody (FRONT_DESK 5)."""
        page = self.book.current()
        if self.caller_box.hasFocus():
            typed = self.caller_box.take_sought()
        else:
            typed = page.sought() if page is not None else ""
        self.open_sheet("new_client", **({"typed": typed} if typed else {}))

    def parked_sheets(self) -> list[ParkedSheet]:
        """The sheets that were put aside, newest first."""
        front = self.sheets.front_number()
        return [
            ParkedSheet(begun.number, begun.chip, self._moment(begun.since))
            for begun in reversed(self.sheets.begun())
            if begun.number != front
        ]

    def go_on_with(self, number: int) -> None:
        """Bring a parked sheet back to where it was left."""
        self.sheets.unpark(number)

    def client_in_hand(self) -> ClientInHand | None:
        """The sheet's client, else the record in front or the chosen row, else the last caller."""
        sheet, page = self.sheets.front(), self.book.current()
        of_sheet = sheet.client_in_hand() if sheet is not None else None
        of_page = page.client_in_hand() if page is not None else None
        return of_sheet or of_page or self._last_caller

    def chosen_clients(self) -> list[int]:
        """The ticked or selected clients of the page in front, else the client in hand."""
        page = self.book.current()
        chosen = page.chosen_clients() if page is not None else []
        client = self.client_in_hand()
        return chosen or ([client.id] if client is not None else [])

    def saved(self, text: str, changes: Changes, *, undoable: bool = True) -> None:
        """A write of this desk succeeded: tell every screen, and offer Undo for ten seconds under `text`."""
        self._own_requests.add(changes.request)
        self._say_saved()
        if undoable and changes.changes and self._may(Permission.UNDO):
            self.undo_stack.did(text, changes.request)
            self.undo_bar.offer(text, self.undo_stack.undo)
        else:
            self.say(text)
        self.apply(changes)

    def say(self, text: str) -> None:
        """A sentence in the status bar."""
        self.status.say(text)

    def written(self, text: str, path: Path) -> None:
        """A document lies at `path`: a banner over the page says where for a while and offers *Save elsewhere*."""
        ways = [(self.tr("Save e&lsewhere…"), lambda: save_elsewhere(self, self, path))]
        self.say("")
        self.messages.show_message("document", text, tone="green", ways=ways, passing=True)

    def offer(self, key: str, text: str, ways: Ways) -> None:
        """A banner over the page with something to press, for a while."""
        self.messages.show_message(key, text, ways=ways, passing=True)

    def backed_up(self) -> None:
        """There are other backups than before: the status bar looks again."""
        self.backups.look_again()

    def restore(self, backup: Path) -> None:
        """Put a backup in the place of the studio, and open it; all that is typed is saved first."""
        self.sheets.park()
        self._leave_all(list(self.book), lambda: self.restore_wanted.emit(backup))

    def preview(self, document: Document, path: Path | None = None) -> None:
        """Show a document page by page, on a page of its own; `path` is where it lies already."""
        from studio_desktop.ui.preview import PreviewPage

        self._previews += 1
        if not self._answers_the_phone():
            # Whoever does not like what she sees goes back to where she chose it.
            self.sheets.park(untouched_too=True)
        self._open(("preview", self._previews), lambda: PreviewPage(self, document, path))

    def failed(self, error: StudioError, retry: Callable[[], None] | None = None) -> None:
        """A failure that no field can show: a banner over the page that stays until it is solved."""
        self.desk_lock.complain(str(error))
        if isinstance(error, DatabaseUnavailable) and self._studio is not None:
            self._watch.failed(error, retry)
        else:
            self.messages.show_error(str(error), retry)

    def save_settings(self, settings: Settings) -> None:
        """Keep changed workstation settings, and look as they say."""
        before, self.settings = self.settings, settings
        changed = {
            field.name: getattr(settings, field.name)
            for field in dataclasses.fields(settings)
            if getattr(settings, field.name) != getattr(before, field.name)
        }
        try:
            if changed:
                self.settings = self._settings_file.change(**changed)
        except OSError as error:
            self.failed(StudioError("The settings of this desk could not be kept: {why}.", why=error.strerror))
        self.look.follow(before)
        if self.settings.lock_after != before.lock_after:
            self.desk_lock.watch(self.settings.lock_after)

    # What the window's own actions do.

    def place(self) -> str:
        """What the database is called."""
        return self._place

    @property
    def works(self) -> bool:
        """Whether a studio is open in it."""
        return self._studio is not None

    def come_to_front(self) -> None:
        """The program was started a second time on the same file."""
        window = self.window()
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()

    def back(self) -> None:
        """To the page before, or to what was parked."""
        if self._trail is not None:
            self._go(self._trail.back())

    def forward(self) -> None:
        """To the page after."""
        if self._trail is not None:
            self._go(self._trail.forward())

    def find_caller(self) -> None:
        """The phone rings: park what is in front at once and put the cursor into the caller box.

        A caller whom another program announced is opened, one whose number was just copied is shown. Whoever was
        being sought there already comes back with the page.
        """
        self.sheets.park(untouched_too=True)
        if self._trail is not None:
            self._trail.seek(self.caller_box.half_typed())
        self._calls.answer()

    def announce(self, told: str) -> None:
        """Another program says whose phone rings: come to the front with the caller in the box; F12 opens.

        Whoever is typing in a field goes on typing there.
        """
        self._calls.announce(told)

    def rest(self) -> None:
        """Put the cursor in the place of rest: the search box of the page in front if it has one, else the caller's."""
        page = self.book.current()
        if self.sheets.front() is None and page is not None and self._finds(page):
            page.take_focus()
        else:
            self.caller_box.take_focus()

    def close_page(self, page: Page) -> None:
        """Let a page save what was typed, then take it away."""
        if page is self.book.current():
            self.sheets.park()
        self._leave(page, lambda: self._remove(page))

    def notice_abilities(self) -> None:
        """What can be done may be something else now: another page, sheet or selection is in front."""
        page, sheet = self.book.current(), self.sheets.front()
        of_page = page.handlers() if page is not None else {}
        of_sheet = {"finish": sheet.finish, **sheet.handlers()} if sheet is not None else {}
        if sheet is not None and sheet.takes_client():
            of_sheet["change_client"] = self.sheets.ask_client

        def why_not(action_id: str) -> str:
            return page.why_not(action_id) if page is not None and action_id not in of_sheet else ""

        menus = page.menus() if page is not None else {}
        self.action_set.set_page(page.context if page is not None else "", {**of_page, **of_sheet}, why_not, menus)
        ticked = page.ticked() if page is not None else ()
        for action_id in of_page:
            if self.action_set.row(action_id).checkable:
                self.action_set[action_id].setChecked(action_id in ticked)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that nobody needed leads to the place of rest."""
        if event.key() == Qt.Key.Key_Escape and self._studio is not None and not self.desk_lock.is_closed:
            self.rest()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the page what the navigation can spare."""
        super().resizeEvent(event)
        self.look.fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let every page save; close when the last one has, and stay where one cannot.

        While the desk is locked nobody can be asked: what is typed waits as a draft.
        """
        if self.desk_lock.is_closed:
            self.clear()
            self._may_close = True
        self.sheets.park()
        if not self._may_close:
            self._leave_all(list(self.book), self._close_at_last)
        if not self._may_close:
            self._closes_later = True
            event.ignore()
            return
        self._keep_geometry()
        self._presence.stop()
        event.accept()
        idle = self.tasks.close()
        self.sheets.flush()
        self.closed.emit(idle)

    # The parts and what joins them.

    def _build(self) -> None:
        self.setWindowTitle(QApplication.applicationName())
        self.action_set = ActionSet(self, self._may)
        self.caller_box = CallerBox(self)
        self._calls = IncomingCalls(self, self.caller_box)
        self.ribbon = Ribbon(self.action_set, self)
        self._title_row = TitleRow(self.ribbon.quick_access, self.caller_box, self)
        self.navigation = Navigation(self)
        self.book = PageBook(self)
        self._chips = ChipBar(self)
        self.book.add_to_strip(self._chips)
        self.messages = MessageBar(self)
        self.book.add_above_pages(self.messages)
        self.sheets = SheetHost(self.book.area, self._height_of_head)
        self.undo_bar = UndoBar(self.book.area)
        self.opening = Opening(self.book.area)
        self.status = StatusBar(self)
        self.backups = DailyBackup(self, self.status, self.messages, self)
        self.undo_stack = UndoStack(self, self._undone, self)
        self.commands = CommandPalette(self.action_set, self)
        self.desk_lock = DeskLock(self)
        self._watch = ConnectionWatch(self, self.status, self.messages, self)
        self._presence = PresenceWatch(self, self.book, self)
        self._tidying = Tidying(self, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title_row)
        column.addWidget(self.ribbon)
        body = QHBoxLayout()
        column.addLayout(body, 1)
        body.setSpacing(0)
        body.addWidget(self.navigation)
        body.addWidget(self.book, 1)
        column.addWidget(self.status)
        for place in places.PAGES:
            if place.listed:
                self.navigation.add(place.name, self.tr(place.text), place.icon)
        self.look = WindowLook(self)
        self.desk_lock.watch(self.settings.lock_after)

    def _connect(self) -> None:
        self.navigation.chosen.connect(lambda name: self.open_page(name))
        self.book.current_changed.connect(self._page_came_to_front)
        self.book.close_wanted.connect(self.close_page)
        self.caller_box.client_wanted.connect(self.open_client)
        self.caller_box.new_client_wanted.connect(lambda typed: self.open_sheet("new_client", typed=typed))
        self.caller_box.action_wanted.connect(lambda action_id: self.action_set[action_id].trigger())
        self.caller_box.left.connect(self._work_on)
        self.sheets.opened.connect(self._sheet_came_to_front)
        self.sheets.parked.connect(self._sheet_was_parked)
        self.sheets.ended.connect(self._sheet_ended)
        self.sheets.discarded.connect(
            lambda chip, bring_back: self.undo_bar.offer(self.tr("Discarded: {what}").format(what=chip), bring_back)
        )
        self.sheets.client_chosen.connect(self._move_sheet)
        self.sheets.chips_changed.connect(self._show_chips)
        self._chips.chosen.connect(self.sheets.unpark)
        self._chips.discard_wanted.connect(self.sheets.discard)
        self.undo_stack.changed.connect(self.action_set.refresh)
        self._watch.regained.connect(self._hear_missed)
        self.desk_lock.changed.connect(self._show_title)
        self.desk_lock.changed.connect(lambda: self.action_set.suspend(self.desk_lock.is_closed))

    def _may(self, permission: Permission) -> bool:
        return self._studio is not None and self._studio.services.desk.may(permission)

    def _take(self, studio: Studio) -> None:
        self._studio = studio
        self.services = studio.services
        self.preferences = studio.preferences
        self.formats = studio.formats
        self.choices = studio.choices

    def _read_again(self) -> None:
        services = self.services
        self._reading = True
        self.tasks.latest(self, "studio", lambda: Studio.read(services), self._was_read, self._was_not_read)

    def _was_read(self, studio: Studio) -> None:
        self._reading = False
        self._take(studio)
        self._tell()

    def _was_not_read(self, error: StudioError) -> None:
        """What is untold is told once the database answers again."""
        self._reading = False
        self.failed(error)

    def _tell(self) -> None:
        untold, self._untold = self._untold, []
        for changes in untold:
            for page in list(self.book):
                page.refresh(changes)
            self.sheets.refresh(changes)
            self._presence.refresh(changes)
        self.notice_abilities()

    def _hear_missed(self) -> None:
        """The database is back: what could not be read meanwhile is told now."""
        if self._untold:
            self._read_again()

    def _undone(self, changes: Changes) -> None:
        self._own_requests.add(changes.request)
        self._say_saved()
        self.apply(changes)

    def _say_saved(self) -> None:
        self._watch.solved()
        self._tidying.soon()
        now = self.formats.time(self.services.desk.clock.now())
        self.status.set_saved(self.tr("Saved {time}").format(time=now))

    # Pages

    def _open(self, key: Hashable, make: Callable[[], Page], *, stays: bool = False) -> Page:
        if self._answers_the_phone() and self._trail is not None:
            # What she had asked for before waits behind: Back leads to it.
            self._trail.go(Place(key))
            return self.book.open(key, lambda: self._made(make()), stays=stays, behind=True)
        if key not in self.book or self.book.key_of(self.book.current()) != key:  # type: ignore[arg-type]
            self.sheets.park()
        page = self.book.open(key, lambda: self._made(make()), stays=stays)
        if not self._walking:
            self._enter(page)
        return page

    def _answers_the_phone(self) -> bool:
        """Whether a result came while somebody is about to say who calls: it must not take the cursor away."""
        return self.tasks.delivers and self.caller_box.is_asked()

    def _enter(self, page: Page) -> None:
        """Put the cursor where work begins: on Home that is the place of rest."""
        if self.book.key_of(page) == "home":
            self.caller_box.take_focus()
        else:
            page.take_focus()

    def _made(self, page: Page) -> Page:
        page.status_changed.connect(lambda text: self._show_page_status(page, text))
        page.actions_changed.connect(lambda: self.notice_abilities() if page is self.book.current() else None)
        page.close_wanted.connect(lambda: self.close_page(page))
        page.title_changed.connect(self._presence.notice)
        page.status_changed.connect(self._presence.notice)
        return page

    def _show_page_status(self, page: Page, text: str) -> None:
        page.setProperty(_STATUS, text)
        if page is self.book.current():
            self.status.set_page(text)

    def _remove(self, page: Page) -> None:
        if page not in list(self.book):
            return
        key = self.book.key_of(page)
        is_passing = page.context == "preview" and self._trail is not None
        if is_passing and page is self.book.current():
            self.back()
        self.book.remove(page)
        self._presence.notice()
        if is_passing and self._trail is not None:
            self._trail.forget(key)

    def _page_came_to_front(self) -> None:
        page = self.book.current()
        if page is None:
            return
        key = self.book.key_of(page)
        if self._trail is None:
            self._trail = Trail(Place(key))
        elif self._trail.here.page != key:
            self.sheets.park()
            if not self._walking:
                self._trail.go(Place(key))
        client = page.client_in_hand() if page.context == "client" else None
        self._last_caller = client or self._last_caller
        place = "clients" if page.context == "client" else ""
        self.navigation.mark(key if isinstance(key, str) else place)
        self.status.set_page(str(page.property(_STATUS) or ""))
        self._show_title()
        self._title_row.set_place(page.place_in_list())
        self.notice_abilities()

    def _show_title(self) -> None:
        """What is open; on the taskbar too, so not while the desk is locked."""
        page, program = self.book.current(), QApplication.applicationName()
        title = f"{page.title()} – {program}" if page is not None else program
        self._title_row.set_title(title)
        self.setWindowTitle(program if self.desk_lock.is_closed else title)

    def _go(self, place: Place | None) -> None:
        """To a place of the trail, with the sheet that lay over it."""
        if place is None:
            return
        self._walking = True
        try:
            self.sheets.park()
            if place.page in self.book:
                self.book.open(place.page, _never_made)
            elif isinstance(place.page, tuple):
                self.open_client(place.page[1])
            else:
                self.open_page(str(place.page))
            if place.sheet is not None:
                self.sheets.unpark(place.sheet)
        finally:
            self._walking = False
        page = self.book.current()
        if place.sought is not None and self._trail is not None:
            self._trail.seek(None)
            self.caller_box.go_on_with(place.sought)
        elif place.sheet is None and page is not None:
            self._return_to(page)

    def _return_to(self, page: Page) -> None:
        """Put the cursor where it was on this page (FRONT_DESK 6.7)."""
        last = page.focusWidget()
        if last is not None and last.isVisible() and last.isEnabled():
            last.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._enter(page)

    def _finds(self, page: Page) -> bool:
        key = self.book.key_of(page)
        return isinstance(key, str) and places.page_place(key).finds

    def _work_on(self) -> None:
        """Out of the caller box, back to the page."""
        page = self.book.current()
        if page is not None and not self._answers_the_phone():
            page.take_focus()

    # Sheets

    def _height_of_head(self) -> int:
        page = self.book.current()
        return page.head_height() if page is not None else 0

    def _sheet_came_to_front(self, number: int) -> None:
        if self._trail is not None and not self._walking:
            self._trail.cover(number)
        self.notice_abilities()

    def _sheet_was_parked(self, number: int) -> None:  # noqa: ARG002
        if self._trail is not None and not self._walking:
            self._trail.park()
        self.notice_abilities()
        self._work_on()

    def _sheet_ended(self, number: int) -> None:
        if self._trail is not None:
            self._trail.end(number)
        if self.sheets.front() is None:
            self.notice_abilities()
            self._work_on()

    def _move_sheet(self, client: ClientInHand) -> None:
        """The sheet in front is about this client now, whose record comes up behind it where another's was."""
        sheet, number, page = self.sheets.front(), self.sheets.front_number(), self.book.current()
        if sheet is None or number is None:
            return
        sheet.set_client(client)
        self.sheets.tell_client()
        if page is not None and page.context == "client" and self.book.key_of(page) != ("client", client.id):
            self._walking = True  # Back leads to the wrong one's record as it stood before the sheet
            self.sheets.park(untouched_too=True)
            self._walking = False
            if self._trail is not None:
                self._trail.end(number)
            self.open_client(client.id)
            self.sheets.unpark(number)
        self._last_caller = client
        self.notice_abilities()

    def _moment(self, moment: datetime) -> str:
        """The time, and the day if it was not today."""
        today = self.services.desk.clock.today()
        if moment.astimezone().date() == today:
            return self.formats.time(moment)
        return self.formats.instant(moment, today)

    def _offer_again(self, drafts: list[Draft]) -> None:
        """What this person had typed and not saved when the program ended, or somebody else sat down."""
        self.sheets.offer_again(drafts)
        records = {draft.record_id: draft.title for draft in drafts if draft.kind == "client" and draft.record_id}
        if not records:
            return

        def open_them() -> None:
            for client_id in records:
                self.open_client(client_id)

        sentence = self.tr("You typed this and did not save it: {names}.")
        sentence = sentence.format(names="; ".join(records.values()))
        self.messages.show_message("drafts", sentence, ways=[(self.tr("&Open"), open_them)])

    def _show_chips(self) -> None:
        self._chips.show_chips(self.parked_sheets())
        self.parked_changed.emit()

    # Closing

    def _leave_all(self, pages: list[Page], then: Callable[[], None]) -> None:
        """One page after the other saves what was typed; the first that cannot stays in front and ends it."""
        if not pages:
            then()
            return
        page, *others = pages
        self._leave(page, lambda: self._leave_all(others, then))

    def _leave(self, page: Page, then: Callable[[], None]) -> None:
        """Let a page save what was typed; it comes to the front where that takes a while or cannot be done."""
        is_left = False

        def go_on() -> None:
            nonlocal is_left
            is_left = True
            then()

        page.leave(go_on)
        if not is_left and page is not self.book.current():
            self.book.open(self.book.key_of(page), _never_made)
            self._return_to(page)

    def _close_at_last(self) -> None:
        self._may_close = True
        if self._closes_later:
            QTimer.singleShot(0, self, self.window().close)

    # Settings

    def _keep_geometry(self) -> None:
        kept = bytes(self.window().saveGeometry().toBase64().data()).decode("ascii")
        self.save_settings(dataclasses.replace(self.settings, window_geometry=kept))

    def _ways(self) -> list[tuple[str, str, str, str]]:
        """The actions that lead somewhere, for the caller box."""
        of_pages = [one for page in places.PAGES for one in (page.action, *page.views)]
        ids = [*of_pages, *(sheet.action for sheet in places.SHEETS), "new_client"]
        here = [action_id for action_id in ids if action_id in self.action_set]
        rows = [self.action_set.row(action_id) for action_id in here if self.action_set[action_id].isEnabled()]
        return [(row.id, row.text, row.icon, row.also) for row in rows]

    def _user_menu(self) -> list[QAction]:
        wanted = ("change_user", "users", "appearance", "settings", "about")
        return [self.action_set[action_id] for action_id in wanted if action_id in self.action_set]


def _never_made() -> Page:
    raise AssertionError("the page is open")
