"""Every page, tab, sheet and dialog of the window, shown one after the other: for pictures, and for the self-test."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QDialog, QWidget

from studio_desktop.domain.errors import Conflict
from studio_desktop.ui import places

if TYPE_CHECKING:
    from studio_desktop.domain.records.clients import ClientRecord
    from studio_desktop.ui.main_window import MainWindow

SIZE = (1366, 768)
"""Pixels of the pictures of the window."""

_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_SOON = 1000  # milliseconds: what is set for later says something that passes, or keeps a draft
_GLANCE = 5  # milliseconds between two looks


def take_pictures(window: MainWindow, folder: Path) -> list[Path]:
    """A picture of every view in light and dark, as PNG files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    window.window().resize(*SIZE)
    window.theme.set_scheme("light")
    taken = []
    for name, view in views(window):
        for scheme in _SCHEMES:
            window.theme.set_scheme(scheme)
            settle(window)
            path = folder / f"{name}-{scheme}.png"
            view.grab().save(str(path))
            taken.append(path)
        window.theme.set_scheme("light")
    return taken


def views(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """Each view by its name, at rest; the widget is the window or the dialog over it."""
    record = _telling_client(window)
    yield from _pages(window, record)
    yield from _sheets(window, record)
    yield from _over_the_window(window)
    for name, dialog in _dialogs(window, record):
        dialog.show()
        settle(window)
        yield name, dialog
        dialog.close()
        dialog.deleteLater()
    settle(window)


def settle(window: MainWindow) -> None:
    """Wait until nothing that is shown waits for an answer or, for less than a second, for its moment."""
    calm = 0
    while calm < 2:  # one answer may ask the next question
        loop = QEventLoop()
        QTimer.singleShot(_GLANCE, loop.quit)
        loop.exec()
        calm = 0 if window.tasks.at_work or _waits_for_its_moment(window) else calm + 1


def _waits_for_its_moment(window: MainWindow) -> bool:
    timers = window.window().findChildren(QTimer)
    return any(one.isActive() and one.isSingleShot() and one.interval() < _SOON for one in timers)


def _pages(window: MainWindow, record: ClientRecord | None) -> Iterator[tuple[str, QWidget]]:
    for place in places.PAGES:
        window.open_page(place.name)
        settle(window)
        yield place.name, window.window()
        yield from _further(place.name, window, record)
    window.open_page("maintenance", catalog="client_statuses")
    settle(window)
    window.action_set["print"].trigger()
    settle(window)
    yield "preview", window.window()
    window.action_set["close_page"].trigger()
    if record is None:
        return
    from studio_desktop.services.presence import Present
    from studio_desktop.ui.client_window.window import ClientPage

    window.open_client(record.id)
    settle(window)
    page = window.book.current()
    assert isinstance(page, ClientPage)
    page.edit_header()
    settle(window)
    yield "client-edit", window.window()
    page.set_editing(False)
    for number in range(1, 19):
        name = f"detail_tab_{number}"
        if name in window.action_set and window.action_set[name].isEnabled():
            window.action_set[name].trigger()
            settle(window)
            yield f"client-{number:02d}", window.window()
    now = window.services.desk.clock.now()
    page.show_present((Present("Sue", "FRONT-2", True, now), Present("Kim", "STUDIO-1", False, now)))
    settle(window)
    yield "client-others", window.window()
    page.show_present(())


def _further(page: str, window: MainWindow, record: ClientRecord | None) -> Iterator[tuple[str, QWidget]]:
    """What a page shows besides what it opens with."""
    from studio_desktop.ui.hubs.clients import ClientsPage
    from studio_desktop.ui.hubs.settings.declared import SECTIONS

    if page == "clients" and record is not None:
        hub = window.book.current()
        assert isinstance(hub, ClientsPage)
        hub.list.set_current(hub.list.model.ids().index(record.id))
        settle(window)
        yield "clients-card", window.window()
    if page == "settings":
        for section in SECTIONS[1:]:
            window.open_page("settings", section=section.name)
            settle(window)
            yield f"settings-{section.name}", window.window()


def _sheets(window: MainWindow, record: ClientRecord | None) -> Iterator[tuple[str, QWidget]]:
    for place in places.SHEETS:
        if record is None:
            return
        window.open_sheet(place.name, **place.example(record.id))
        settle(window)
        yield f"sheet-{place.name.replace('_', '-')}", window.window()
        number = window.sheets.front_number()
        if number is not None:
            window.sheets.discard(number)
        window.undo_bar.hide()


def _over_the_window(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    window.open_page("home")
    is_folded = window.ribbon.folded
    window.ribbon.set_folded(False)
    for tab in window.ribbon.visible_tabs():
        if tab != "file":
            window.ribbon.show_tab(tab)
            settle(window)
            yield f"ribbon-{tab}", window.window()
    window.ribbon.show_tab("home")
    window.ribbon.set_folded(is_folded)
    window.ribbon.first_targets()["F"].run()
    settle(window)
    yield "ribbon-file", window.window()
    window.ribbon.close_file_page()
    window.commands.open()
    settle(window)
    yield "palette", window.window()
    window.commands.close_palette()
    window.caller_box.take_focus()
    window.caller_box.setText("an")
    window.caller_box.textEdited.emit("an")
    settle(window)
    yield "caller-box", window.window()
    window.caller_box.clear()
    window.find_caller()
    window.desk_lock.close_desk()
    settle(window)
    yield "locked", window.window()
    window.desk_lock.open_desk()


def _dialogs(window: MainWindow, record: ClientRecord | None) -> Iterator[tuple[str, QDialog]]:
    from studio_desktop.ui.crash_dialog import CrashDialog, crash_report
    from studio_desktop.ui.dialogs.conflict import ConflictDialog
    from studio_desktop.ui.dialogs.first_run import FirstRunDialog
    from studio_desktop.ui.dialogs.who_sits_here import WhoSitsHereDialog

    yield "dialog-first-run", FirstRunDialog(window.tasks, window.prompts, "", Path("studio.db").absolute(), window)
    people, prove = window.services.users.all(), window.services.users.prove
    yield "dialog-who-sits-here", WhoSitsHereDialog(people, prove, window.tasks, None, window)
    if record is not None:
        yield "dialog-conflict", ConflictDialog(window, record.last_name, _conflict(window, record), window)
    yield "dialog-crash", CrashDialog(crash_report(RuntimeError("as an example")), window)


def _conflict(window: MainWindow, record: ClientRecord) -> Conflict:
    mine = dataclasses.replace(record, call_warning="Works nights", saturday_only=not record.saturday_only)
    theirs = dataclasses.replace(record, call_warning="Call after 5", website="studio.example")
    now = window.services.desk.clock.now()
    return Conflict(record, mine, theirs, ("call_warning",), who="Kim", when=now)


def _telling_client(window: MainWindow) -> ClientRecord | None:
    """The client with most to show among the first in the list; None in an empty studio."""
    from studio_desktop.services.listings.service import Query

    services = window.services
    page = services.listings.first_page("clients", Query({"stage": "active"}), 60)
    records = [services.clients.get(row_id) for row_id, _ in page.rows]
    told = ("call_warning", "family", "groups", "tags", "plans", "plan_dates", "organizations", "custom_text_5")

    def worth(one: ClientRecord) -> tuple[int, int]:
        return sum(bool(getattr(one, name)) for name in told), len(one.family)

    return max(records, key=worth, default=None)
