"""What the window does itself, whatever page is in front; pages and sheets carry out the rest."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from studio_desktop.ui import places
from studio_desktop.ui.actions import MenuEntry
from studio_desktop.ui.ribbon.tab_bar import RibbonTabBar

if TYPE_CHECKING:
    from studio_desktop.ui.main_window import MainWindow

OF_WHAT_IS_IN_FRONT = (
    "save", "finish", "finish_and_new", "delete", "previous_record", "next_record", "print", "pdf", "excel",
)  # fmt: skip
"""Actions that always stand in their places and that only pages and sheets carry out."""

Scheme = Literal["system", "light", "dark"]
_SCHEMES: tuple[Scheme, ...] = ("system", "light", "dark")
_Text = QLineEdit | QTextEdit | QPlainTextEdit


def tr(text: str) -> str:
    """The text in the language of the window."""
    return QCoreApplication.translate("WindowActions", text)


class WindowActions:
    """Binds the window's own actions."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def bind(self) -> None:
        """Once, when the first studio is there."""
        window, bind = self._window, self._window.action_set.bind
        for page in places.PAGES:
            bind(page.action, partial(window.open_page, page.name))
            for action_id, wish in page.views.items():
                bind(action_id, partial(self._open_view, page.name, wish))
        for sheet in places.SHEETS:
            if sheet.action:
                bind(sheet.action, partial(window.open_sheet, sheet.name))
        bind("new_client", window.new_client)
        for action_id in OF_WHAT_IS_IN_FRONT:
            bind(action_id, lambda: None, why_not=lambda: tr("There is nothing here to do it with."))
        bind("find", window.find_caller)
        bind("back", window.back)
        bind("forward", window.forward)
        bind("next_page", lambda: window.book.turn(1))
        bind("previous_page", lambda: window.book.turn(-1))
        bind("close_page", self._close_page)
        bind("next_pane", lambda: self._turn_pane(1))
        bind("previous_pane", lambda: self._turn_pane(-1))
        bind("undo", self._undo, why_not=self._why_no_undo)
        bind("redo", self._redo, why_not=self._why_no_redo)
        bind("undo_last", window.undo_stack.undo, why_not=self._why_no_undo)
        for name in ("cut", "copy", "paste"):
            bind(name, partial(self._edit, name))
        bind("change_user", window.desk_lock.close_desk)
        bind("key_tips", window.ribbon.key_tips.show_first)
        bind("fold_ribbon", window.ribbon.set_folded)
        window.action_set["fold_ribbon"].setChecked(window.ribbon.folded)
        bind("narrow_navigation", window.look.set_narrow)
        bind("larger_text", lambda: self._resize_text(window.theme.enlarge))
        bind("smaller_text", lambda: self._resize_text(window.theme.shrink))
        bind("normal_text", lambda: self._resize_text(lambda: window.theme.set_text_percent(100)))
        bind("full_screen", self._full_screen)
        bind("appearance", self._next_scheme, menu=self._schemes)
        bind("back_up", window.backups.make)
        bind("status_report_pdf", partial(self._status_report, ".pdf"))
        bind("status_report_excel", partial(self._status_report, ".xlsx"))
        bind("about", self._about)
        bind("palette", window.commands.open)
        bind("quit", lambda: window.window().close())

    def _open_view(self, name: str, wish: Mapping[str, Any], _ticked: bool = True) -> None:
        self._window.open_page(name, **wish)

    def _close_page(self) -> None:
        page = self._window.book.current()
        if page is not None and not self._window.book.stays(page):
            self._window.close_page(page)

    def _turn_pane(self, step: int) -> None:
        """Put the cursor into the next part of the window that can take it."""
        window = self._window
        page, sheet = window.book.current(), window.sheets.front()
        panes: list[tuple[QWidget, Callable[[], None]]] = []
        if sheet is not None:
            panes.append((sheet, sheet.take_focus))
        elif page is not None:
            panes.append((page, page.take_focus))
        if window.messages.can_take_focus():
            panes.append((window.messages, window.messages.take_focus))
        panes += [
            (window.caller_box, window.caller_box.take_focus),
            (window.ribbon, self._enter_ribbon),
            (window.navigation, window.navigation.take_focus),
            (window.book.strip, window.book.take_tab_focus),
        ]
        focus = QApplication.focusWidget()
        around = [pane is focus or (focus is not None and pane.isAncestorOf(focus)) for pane, _ in panes]
        here = around.index(True) if True in around else -step
        panes[(here + step) % len(panes)][1]()

    def _enter_ribbon(self) -> None:
        tabs = self._window.ribbon.findChild(RibbonTabBar)
        assert isinstance(tabs, RibbonTabBar)
        tabs.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _undo(self) -> None:
        field = _text_field()
        if field is not None and _can(field, "undo"):
            field.undo()
        else:
            self._window.undo_stack.undo()

    def _redo(self) -> None:
        field = _text_field()
        if field is not None and _can(field, "redo"):
            field.redo()
        else:
            self._window.undo_stack.redo()

    def _why_no_undo(self) -> str:
        return "" if self._window.undo_stack.next_undo() else tr("Nothing was done that can be undone.")

    def _why_no_redo(self) -> str:
        return "" if self._window.undo_stack.next_redo() else tr("Nothing was undone.")

    def _edit(self, name: str) -> None:
        field = _text_field()
        if field is not None:
            getattr(field, name)()

    def _resize_text(self, change: Callable[[], None]) -> None:
        change()
        window = self._window
        window.save_settings(dataclasses.replace(window.settings, text_size=window.theme.text_percent))

    def _full_screen(self, full: bool) -> None:
        window = self._window.window()
        state = window.windowState()
        full_screen = Qt.WindowState.WindowFullScreen
        window.setWindowState(state | full_screen if full else state & ~full_screen)

    def _next_scheme(self) -> None:
        at = _SCHEMES.index(self._window.settings.theme)
        self._set_scheme(_SCHEMES[(at + 1) % len(_SCHEMES)])

    def _schemes(self) -> list[MenuEntry]:
        chosen = self._window.settings.theme
        names = {"system": tr("As the system"), "light": tr("Light"), "dark": tr("Dark")}
        return [
            MenuEntry(names[scheme], partial(self._set_scheme, scheme), "checkmark" if scheme == chosen else "")
            for scheme in _SCHEMES
        ]

    def _set_scheme(self, scheme: Scheme) -> None:
        window = self._window
        window.save_settings(dataclasses.replace(window.settings, theme=scheme))

    def _status_report(self, ending: str) -> None:
        from studio_desktop.ui.sheets.report import write_as_last_time

        write_as_last_time(self._window, self._window, "client-statuses", ending)

    def _about(self) -> None:
        from studio_desktop import __version__

        window = self._window
        text = tr("Version {version}\nDatabase: {database}\nLicensed under the MIT licence.").format(
            version=__version__, database=window.place()
        )
        window.prompts.inform(window, QApplication.applicationName(), text)


def _text_field() -> _Text | None:
    """The field with the cursor."""
    focus = QApplication.focusWidget()
    return focus if isinstance(focus, QLineEdit | QTextEdit | QPlainTextEdit) else None


def _can(field: _Text, what: str) -> bool:
    if isinstance(field, QLineEdit):
        return field.isUndoAvailable() if what == "undo" else field.isRedoAvailable()
    document = field.document()
    return document.isUndoAvailable() if what == "undo" else document.isRedoAvailable()
