"""The clients hub: one search line, chips that say what they hide, the list, and who this is (S0-15, S4-01, S4-02)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from studio_desktop.domain import names
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import Stage
from studio_desktop.services.layouts import Kept, Named
from studio_desktop.services.listings.clients import CLIENTS
from studio_desktop.services.listings.declaration import SAVED, Query
from studio_desktop.ui import theme
from studio_desktop.ui.actions import ACTIONS, MenuEntry
from studio_desktop.ui.documents import Document, make_document
from studio_desktop.ui.form import load_form
from studio_desktop.ui.hubs.chosen_clients import CLIENT_ACTIONS, ChosenClients
from studio_desktop.ui.hubs.client_card import ClientCard
from studio_desktop.ui.hubs.client_counts import Counts, count
from studio_desktop.ui.hubs.client_filters import AT_FIRST, LISTS, ClientFilters
from studio_desktop.ui.icons import icon
from studio_desktop.ui.lead_actions import LEAD_ACTIONS, LeadActions
from studio_desktop.ui.page import ClientInHand, Page, Shell
from studio_desktop.ui.widgets.buttons import BarButton
from studio_desktop.ui.widgets.filter_chips import FilterChips
from studio_desktop.ui.widgets.kept_panel import KeptPanel
from studio_desktop.ui.widgets.listing_view import ListingView
from studio_desktop.ui.widgets.panels import Panel
from studio_desktop.ui.widgets.search_sign import add_search_sign

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes

NAME = "clients"
"""The listing, and the page."""

CARD_FROM = 1100
"""Pixels of window width at 100 % from which the card has room."""

_BAR, _SEARCH = 36, 262
_CARD_AFTER, _COUNT_AFTER = 60, 250


class ClientsPage(Page):
    """Finds clients as somebody types, leaves out what the chips say, and does things with the chosen ones."""

    context = "clients"

    bar: Panel
    bar_row: QHBoxLayout
    columns: QHBoxLayout
    list_column: QVBoxLayout
    search_edit: QLineEdit
    filter_button: BarButton
    saved_button: BarButton

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        self.filters = ClientFilters(shell, self)
        self._counts = Counts()
        self._hidden_by: Mapping[str, int] = {}
        self._saved: list[str] = []
        self._opens_when_found = False
        self._wants_card = True
        self._told_abilities: tuple[Any, ...] = ()
        load_form(self, "clients_hub")
        self.list = ListingView(shell, NAME, self, typing_goes_elsewhere=True)
        self._chosen = ChosenClients(self, self.list)
        self._lead_actions = LeadActions(self, self._chosen.named)
        self.card = ClientCard(shell, self)
        self.chips = FilterChips(self.filter_button, self.bar)
        self._card_timer = QTimer(self, singleShot=True, interval=_CARD_AFTER)
        self._count_timer = QTimer(self, singleShot=True, interval=_COUNT_AFTER)
        self._clear_action = QAction(icon("dismiss", "dim"), self.tr("Clear the search"), self)
        self._build()
        self._connect()
        self._read_saved()
        self._ask()

    def title(self) -> str:
        """Clients."""
        return self.tr("Clients")

    def icon_name(self) -> str:
        """Two people."""
        return "people"

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """What the ribbon does here."""
        return {
            "open": self._open_current,
            "filter": self._show_filter_menu,
            "filter_row": self._show_filter_row,
            "columns": self.list.arrange_columns,
            "group_by": lambda: self._pop_up(self._menu_of("group_by"), self.mapToGlobal(self.list.pos())),
            "totals": self.list.show_totals,
            "layouts": self.list.open_layouts,
            "saved_filters": self._open_saved_filters,
            "change_status": lambda: self.shell.open_sheet("status", client_ids=self.chosen_clients()),
            "change_many": lambda: self.shell.open_sheet("change_many", client_ids=self.chosen_clients()),
            "labels": lambda: self.shell.open_sheet("labels", client_ids=self._whom()),
            "groups": lambda: self._pop_up(self._menu_of("groups"), self.mapToGlobal(self.list.pos())),
            **self._chosen.handlers(),
            **self._lead_actions.handlers(),
            "copy": self._copy,
            "excel": partial(self._write, ".xlsx"),
            "csv": partial(self._write, ".csv"),
            "vcard": partial(self._write, ".vcf"),
            "whole": lambda: self._pop_up(self._menu_of("whole"), self.mapToGlobal(self.list.pos())),
            "pdf": partial(self._write, ".pdf"),
            "print": lambda: self.shell.preview(self._document()),
            "refresh": self._read_again,
            "who_is_this": self._show_card,
            "show_hidden": partial(self.filters.show_stage, Stage.HIDDEN),
            "show_archived": partial(self.filters.show_stage, Stage.ARCHIVED),
            **{f"list_{name}": partial(self._show_list, name) for name in LISTS},
        }

    def why_not(self, action_id: str) -> str:
        """Nothing is chosen, nothing is shown, or it may not be done."""
        if action_id == "delete" and not self.shell.services.desk.may(Permission.DELETE_CLIENTS):
            return self.tr("You may not delete clients.")
        if action_id in _NEED_SOMEBODY and not self.list.is_anybody_chosen():
            return self.tr("Choose a client first.")
        return self.tr("The list is empty.") if action_id in _NEED_ROWS and self._is_empty() else ""

    def ticked(self) -> Collection[str]:
        """The card, the filter row, and the stages that are listed too."""
        stages = self.filters.stages
        on = {"who_is_this": self._wants_card, "filter_row": self.list.has_filter_row, "totals": self.list.has_totals}
        on.update({f"list_{name}": self.filters.values == filters for name, filters in LISTS.items()})
        on.update(show_hidden=Stage.HIDDEN in stages, show_archived=Stage.ARCHIVED in stages)
        return [action_id for action_id, ticked in on.items() if ticked]

    def menus(self) -> Mapping[str, Callable[[], Iterable[MenuEntry]]]:
        """The groups that the chosen clients can join or leave, why they are archived, what the list is grouped by."""
        return {
            **self._chosen.menus(),
            "group_by": self.list.group_entries,
            "whole": self._whole_entries,
            **self._lead_actions.menus(),
        }

    def client_in_hand(self) -> ClientInHand | None:
        """The client of the current row."""
        current = self.list.current_id()
        name = None if current is None else self.list.model.value(current, "name")
        return None if current is None or name is None else ClientInHand(current, name)

    def chosen_clients(self) -> list[int]:
        """The ticked clients, else the one of the current row."""
        return self.list.chosen()

    def sought(self) -> str:
        """The text of the search box, when it finds nobody."""
        return self._typed() if self._is_empty() else ""

    def wish(self, **wish: Any) -> None:
        """Show one `list` of the studio, or whom `filters` let through, and whom `typed` means."""
        self.filters.replace(LISTS[wish["list"]] if "list" in wish else wish.get("filters", AT_FIRST))
        self.search_edit.setText(wish.get("typed", ""))

    def take_focus(self) -> None:
        """Into the search box: on this page it is the place of rest (FRONT_DESK 2.1)."""
        self.search_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_edit.selectAll()

    def refresh(self, changes: Changes) -> None:
        """Look again, in place."""
        self.list.refresh(changes)
        self.card.refresh(changes)
        self._show_chips()

    def leave(self, then: Callable[[], None]) -> None:
        """Keep how the list is laid out."""
        self.list.flush()
        then()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears the search, then the filters that were added."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.search_edit.text():
            self._find("")
        elif not self.filters.are_as_at_first:
            self.filters.replace(AT_FIRST)
        else:
            event.ignore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the search box that lead into the list."""
        if watched is self.search_edit and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._handle_search_key(event)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The card gives way in a narrow window."""
        super().resizeEvent(event)
        self._show_whether_card()

    def showEvent(self, event: QShowEvent) -> None:
        """The same, when the window's width is known."""
        super().showEvent(event)
        self._show_whether_card()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(event.rect(), theme.token("base"))

    def _build(self) -> None:
        self.bar_row.insertWidget(1, self.chips, 1)
        self.list_column.addWidget(self.list, 1)
        self.columns.addWidget(self.card)
        add_search_sign(self.search_edit)
        self.search_edit.addAction(self._clear_action, QLineEdit.ActionPosition.TrailingPosition)
        self.search_edit.installEventFilter(self)
        self._clear_action.setVisible(False)
        order = (self.search_edit, self.chips, self.saved_button, self.list.grid, self.card)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
        self._follow_theme()

    def _connect(self) -> None:
        for place, name in enumerate(LISTS, start=1):
            key = QShortcut(QKeySequence(f"Ctrl+{place}"), self, context=_IN_THE_PAGE)
            key.activated.connect(partial(self._show_list, name))
        self.search_edit.textChanged.connect(self._ask)
        self._clear_action.triggered.connect(lambda: self._find(""))
        self.filter_button.clicked.connect(self._show_filter_menu)
        self.saved_button.clicked.connect(self._show_saved_menu)
        self.filters.changed.connect(self._ask)
        self.filters.changed.connect(lambda: self.list.filter_row.set_values(self.filters.typed))
        self.list.conditions_typed.connect(lambda: self.filters.set_typed(self.list.filter_row.values()))
        self.chips.removed.connect(lambda name: self.filters.set(name, None))
        self.chips.pressed.connect(self._show_chip_menu)
        self.list.opened.connect(self._open)
        self.list.current_changed.connect(lambda _: self._chose())
        self.list.ticked_changed.connect(self._chose)
        self.list.counts_changed.connect(self._was_read)
        self.list.typed_over.connect(self._type_over)
        self.list.left_upwards.connect(self.take_focus)
        self.list.delete_wanted.connect(lambda: None if self.why_not("delete") else self._chosen.delete())
        self.list.menu_wanted.connect(lambda place: self._pop_up(self._row_menu(), place))
        self.card.open_wanted.connect(self._open)
        self.card.label_wanted.connect(lambda one: self.shell.open_sheet("labels", client_ids=[one]))
        self._card_timer.timeout.connect(lambda: self.card.show_client(self.list.current_id()))
        self._count_timer.timeout.connect(self._count)
        look = QApplication.instance().findChild(theme.Theme)  # type: ignore[union-attr]
        assert isinstance(look, theme.Theme)
        look.changed.connect(self._follow_theme)

    def _follow_theme(self) -> None:
        self.bar.setFixedHeight(theme.scaled(_BAR))
        self.search_edit.setFixedWidth(theme.scaled(_SEARCH))
        self.card.follow_theme()
        self._show_whether_card()

    def _ask(self) -> None:
        """Show whom the box and the chips mean; several numbers mean exactly those clients."""
        typed = self._typed()
        numbers = _numbers(typed)
        self._opens_when_found = False
        self._counts = Counts()
        self._clear_action.setVisible(bool(self.search_edit.text()))
        self.list.set_empty("")
        self._show_chips()
        if numbers:
            self.list.ask(Query({"numbers": numbers}))
        else:
            self.list.ask(Query(self.filters.values), typed)
        self._tell_status()

    def _was_read(self) -> None:
        if self._opens_when_found and self.list.is_loaded:
            self._opens_when_found = False
            self._enter_or_open()
        self._tell_status()
        self._show_empty()
        self._count_timer.start(0 if not self.list.total else _COUNT_AFTER)
        self._tell_abilities()

    def _count(self) -> None:
        services, filters, typed = self.shell.services, self.filters.values, self._typed()
        if not _numbers(typed):
            self.shell.tasks.latest(
                self,
                "counts",
                lambda: count(services, filters, typed),
                lambda counts: self._take_counts(counts, filters, typed),
                lane="pool",
            )

    def _take_counts(self, counts: Counts, filters: Mapping[str, Any], typed: str) -> None:
        if (filters, typed) != (self.filters.values, self._typed()):
            return
        self._counts, self._hidden_by = counts, counts.hidden_by
        self._show_chips()
        self._show_empty()
        self._tell_status()

    def _chose(self) -> None:
        self._card_timer.start()
        self._tell_status()
        self._tell_abilities()

    def _tell_abilities(self) -> None:
        """Every action of the window looks again, so not with each letter but when something else can be done."""
        abilities = (self.list.is_anybody_chosen(), self._is_empty(), tuple(self.ticked()))
        if abilities != self._told_abilities:
            self._told_abilities = abilities
            self.actions_changed.emit()

    def _is_empty(self) -> bool:
        """Whether nobody is listed; while the list is read, a key pressed early still makes its document."""
        return self.list.is_loaded and not self.list.total

    def _typed(self) -> str:
        return self.search_edit.text().strip()

    def _find(self, typed: str) -> None:
        self.search_edit.setText(typed)
        self.take_focus()

    def _handle_search_key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _HELD:
            if self.list.is_loaded:
                self._enter_or_open()
            else:
                self._opens_when_found = True
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown):
            self.list.enter()
        elif event.matches(QKeySequence.StandardKey.SelectAll) and self._means_the_list():
            self.list.tick_all()
        else:
            return False
        return True

    def _means_the_list(self) -> bool:
        """Whether Ctrl+A in the box means the rows: it holds numbers only, or its text is selected already."""
        text = self.search_edit.text()
        return bool(_numbers(text.strip())) or self.search_edit.selectedText() == text

    def _enter_or_open(self) -> None:
        """Enter in the box: the best match; of several numbers, or where there is nobody, on into the list."""
        current = self.list.current_id()
        if current is None or not self._typed() or _numbers(self._typed()):
            self.list.enter()
        else:
            self._open(current)

    def _type_over(self, event: QKeyEvent) -> None:
        self.search_edit.setFocus(Qt.FocusReason.OtherFocusReason)
        QApplication.sendEvent(self.search_edit, event)

    def _open(self, client_id: int) -> None:
        self.shell.open_client(client_id, self.list.model.ids())

    def _open_current(self) -> None:
        current = self.list.current_id()
        if current is not None:
            self._open(current)

    def _whom(self) -> list[int]:
        """Whom labels are for: the ticked, else all that a search or filter has left, else the current row."""
        is_narrowed = bool(self._typed()) or self.filters.added
        ticked = self.list.ticked()
        return ticked or (self.list.model.ids() if is_narrowed else self.list.chosen())

    def _copy(self) -> None:
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit):
            focus.copy()
        else:
            self.list.copy()

    def _write(self, ending: str) -> None:
        """What is shown, as a file (S4-12)."""
        make_document(self.shell, self, self._document(), ending)

    def _document(self) -> Document:
        filters = self.list.shown_query().filters
        return self.list.document(self.title(), [self.filters.label(name, value) for name, value in filters.items()])

    def _write_whole(self, ending: str) -> None:
        """Everything that is known of the clients, for another program or for our own import (B20)."""
        from studio_desktop.reports.whole_clients import write_whole

        services, query = self.shell.services, self._ticked_or_shown()
        document = Document(
            self.tr("Clients whole"),
            "list",
            lambda path, progress: write_whole(services, path, services.listings.ids(NAME, query), progress=progress),
        )
        make_document(self.shell, self, document, ending)

    def _whole_entries(self) -> list[MenuEntry]:
        why_not = self.why_not("whole")
        kinds = (
            (self.tr("With their photos, as a ZIP file"), ".zip"),
            (self.tr("As an Excel workbook"), ".xlsx"),
            (self.tr("As a CSV file"), ".csv"),
        )
        return [MenuEntry(text, partial(self._write_whole, ending), why_not=why_not) for text, ending in kinds]

    def _ticked_or_shown(self) -> Query:
        query, ids = self.list.shown_query(), self.list.ticked()
        return Query(sort=query.sort, ids=tuple(ids), group=query.group) if ids else query

    def _read_again(self) -> None:
        self.list.reload()
        self.card.show_client(self.list.current_id())

    def _show_card(self, shown: bool = True) -> None:
        self._wants_card = shown
        self._show_whether_card()
        services = self.shell.services
        self.shell.tasks.run(self, lambda: services.layouts.keep(_PAGE_LAYOUT, {"card": shown}), lambda _: None)

    def _show_whether_card(self) -> None:
        self.card.setVisible(self._wants_card and self.window().width() >= theme.scaled(CARD_FROM))

    def _show_chips(self) -> None:
        """Numbers mean exactly those clients, whatever the filters."""
        self.chips.set_chips({} if _numbers(self._typed()) else self.filters.texts(self._hidden_by))

    def _show_empty(self) -> None:
        """Why nobody is shown, and what can be done about it (S4-35)."""
        typed, hidden = self._typed(), self._counts.hidden
        show_them = (self.tr("Show them"), lambda: self.filters.replace({}))
        numbers = _numbers(typed)
        if numbers:
            self.list.set_empty(self.tr("Nobody has the number {numbers}.").format(numbers=", ".join(numbers)))
            return
        said, actions = [], []
        if typed:
            said.append(self.tr("No one matches “{typed}”.").format(typed=typed))
        if hidden:
            is_one = self.tr("One is hidden by filters.")
            are_many = self.tr("{count} are hidden by filters.").format(count=self._number(hidden))
            said.append(is_one if hidden == 1 else are_many)
            actions.append(show_them)
        elif not typed and self._counts.are_known:
            said.append(self.tr("No clients yet."))
            if self.shell.services.desk.may(Permission.IMPORT):
                actions.append((self.tr("Import a file"), lambda: self.shell.open_sheet("import")))
        if self.shell.services.desk.may(Permission.ADD_CLIENTS) and said:
            words = self.tr("New client “{typed}”").format(typed=typed) if typed else self.tr("New client")
            actions.insert(len(actions) if typed else 0, (words, partial(self._new_client, typed)))
        self.list.set_empty(" ".join(said), *actions)

    def _new_client(self, typed: str) -> None:
        self.shell.open_sheet("new_client", **({"typed": typed} if typed else {}))

    def _tell_status(self) -> None:
        parts = [self._said_of_rows()]
        ticked = len(self.list.model.ticked())
        if ticked:
            parts.append(self.tr("{count} ticked").format(count=self._number(ticked)))
        elif self.list.current_id() is not None:
            parts.append(self.tr("1 selected"))
        self.status_changed.emit(" · ".join(parts))

    def _said_of_rows(self) -> str:
        typed, total = self._typed(), self._number(self.list.total)
        numbers = _numbers(typed)
        if numbers:
            return self._said_of_numbers(numbers)
        if typed:
            return self._said_of_hits(total)
        if not self.list.model.is_complete:
            return self.tr("Reading the clients …")
        said = self.tr("1 client") if self.list.total == 1 else self.tr("{total} clients").format(total=total)
        if not self._counts.hidden:
            return said
        everyone = self._number(self._counts.everyone)
        return self.tr("{clients} of {everyone}").format(clients=said, everyone=everyone)

    def _said_of_hits(self, total: str) -> str:
        said = self.tr("{total} found").format(total=total)
        if self.list.has_more_hits:
            sorted_first = self.tr("The first {total} found, sorted")
            first = self.tr("The first {total} found, more at the end of the list")
            said = (sorted_first if self.list.sort else first).format(total=total)
        if self._counts.hidden:
            said += " · " + self.tr("{count} hidden by filters").format(count=self._number(self._counts.hidden))
        return said

    def _said_of_numbers(self, numbers: Sequence[str]) -> str:
        found = {names.key(self.list.model.value(one, "number") or "") for one in self.list.model.ids()}
        missing = [number for number in numbers if names.key(number) not in found]
        said = self.tr("{found} of {asked} numbers found").format(found=len(found), asked=len(numbers))
        if missing and self.list.is_loaded:
            said += " · " + self.tr("nobody has {numbers}").format(numbers=", ".join(missing))
        return said

    def _number(self, count: int) -> str:
        return self.shell.formats.number(count)

    def _show_filter_menu(self) -> None:
        menu = self.filters.menu(self)
        row = QAction(self.tr("Filter &row under the header"), menu)
        row.setCheckable(True)
        row.setChecked(self.list.has_filter_row)
        row.triggered.connect(self._show_filter_row)
        menu.insertAction(menu.actions()[0], row)
        menu.insertSeparator(menu.actions()[1])
        self._pop_up_under(menu, self.filter_button)

    def _show_filter_row(self, shown: bool = True) -> None:
        self.list.show_filter_row(shown)
        self._tell_abilities()

    def _show_list(self, name: str, _shown: bool = True) -> None:
        """One of the studio's lists, whatever was filtered before; pressed again it stays."""
        self.filters.replace(LISTS[name])
        self._tell_abilities()

    def _open_saved_filters(self) -> None:
        """The filters kept under a name: used here, saved from what holds now, removed."""
        shell, layouts = self.shell, self.shell.services.layouts
        more = self.tr("&New filter with “and” and “or” …")
        panel = KeptPanel(self.tr("Saved filters"), self.tr("Save these filters as …"), self, more)

        def read() -> None:
            shell.tasks.run(panel, lambda: layouts.named(Kept.FILTER, NAME), panel.show_kept)

        def save(typed: str, shared: bool) -> None:
            said = self.tr("Filter “{name}” is kept.")

            def keep() -> str:
                kept = {one.name: one.value["alternatives"] for one in layouts.named(Kept.FILTER, NAME)}
                value = {"alternatives": self.filters.as_alternatives(kept)}
                return layouts.keep_named(Kept.FILTER, NAME, typed, value, shared=shared)

            shell.tasks.run(self, keep, lambda kept: shell.say(said.format(name=kept)))

        def forget(one: Named) -> None:
            shell.tasks.run(panel, lambda: layouts.forget_named(Kept.FILTER, NAME, one.name), lambda _: read())

        panel.chosen.connect(lambda one: self.filters.use_saved(one.name, one.value["alternatives"]))
        panel.edit_wanted.connect(self._edit_filter)
        panel.saved.connect(save)
        panel.forgotten.connect(forget)
        panel.open_at(self.saved_button.mapToGlobal(QPoint(0, self.saved_button.height())))
        read()

    def _edit_filter(self, one: Named | None) -> None:
        begun = {} if one is None else {"kept_name": one.name, "shared": one.shared, **one.value}
        self.shell.open_sheet("saved_filter", **begun)

    def _show_chip_menu(self, name: str) -> None:
        if name == SAVED:
            self._open_saved_filters()
            return
        column = CLIENTS.filtered_column(name)
        if column is not None:
            self.list.show_filter_row(key=column.key)
            self._tell_abilities()
            return
        self._pop_up_under(self.filters.menu_of(name, self), self.chips.chip(name))

    def _show_saved_menu(self) -> None:
        menu = QMenu(self)
        typed = self._typed()
        for text in self._saved:
            menu.addAction(text.replace("&", "&&")).triggered.connect(partial(self._find, text))
        if self._saved:
            menu.addSeparator()
        menu.addAction(self.tr("Saved &filters …")).triggered.connect(self._open_saved_filters)
        save = menu.addAction(self.tr("&Save this search"))
        save.setEnabled(bool(typed) and typed not in self._saved)
        save.triggered.connect(lambda: self._change_saved(self.shell.services.layouts.save_search, typed))
        if self._saved:
            forget = menu.addMenu(self.tr("&Forget"))
            for text in self._saved:
                line = forget.addAction(text.replace("&", "&&"))
                line.triggered.connect(partial(self._change_saved, self.shell.services.layouts.forget_search, text))
        self._pop_up_under(menu, self.saved_button)

    def _change_saved(self, change: Callable[[str, str], None], text: str, *_: bool) -> None:
        self.shell.tasks.run(self, lambda: change(NAME, text), lambda _: self._read_saved())

    def _read_saved(self) -> None:
        layouts = self.shell.services.layouts
        self.shell.tasks.latest(
            self, "saved", lambda: (layouts.searches(NAME), layouts.get(_PAGE_LAYOUT)), self._take_saved
        )

    def _take_saved(self, kept: tuple[list[str], dict[str, Any]]) -> None:
        self._saved, layout = kept
        self._wants_card = layout.get("card", self._wants_card)
        self._show_whether_card()
        self._tell_abilities()

    def _menu_of(self, action_id: str) -> QMenu:
        menu = QMenu(self)
        for entry in self.menus()[action_id]():
            menu.addAction(entry.text.replace("&", "&&")).triggered.connect(lambda _on=False, run=entry.run: run())
        return menu

    def _row_menu(self) -> QMenu:
        """What the ribbon does with the chosen rows (E5)."""
        menu = QMenu(self)
        rows, handlers = {action.id: action for action in ACTIONS}, self.handlers()
        for action_id in _ROW_ACTIONS:
            if action_id in self.menus():
                lines = self._menu_of(action_id)
                lines.setParent(menu, lines.windowFlags())
                lines.setTitle(rows[action_id].short or rows[action_id].text)
                line = menu.addMenu(lines)
            else:
                line = menu.addAction(rows[action_id].short or rows[action_id].text)
                line.triggered.connect(lambda _on=False, run=handlers[action_id]: run())
            line.setIcon(icon(rows[action_id].icon))
            line.setEnabled(not self.why_not(action_id))
        columns = menu.addMenu(self.tr("Columns"))
        self.list.fill_columns_menu(columns)
        return menu

    def _pop_up_under(self, menu: QMenu, widget: QWidget) -> None:
        self._pop_up(menu, widget.mapToGlobal(QPoint(0, widget.height())))

    def _pop_up(self, menu: QMenu, place: QPoint) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)


_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
_IN_THE_PAGE = Qt.ShortcutContext.WidgetWithChildrenShortcut
_ROW_ACTIONS = (
    "open", "change_status", "change_many", "groups", "lead_stage", "labels", "copy", "archive", "hide", "delete"
)  # fmt: skip
_NEED_SOMEBODY = (
    "open", "change_status", "change_many", "copy", *CLIENT_ACTIONS, *LEAD_ACTIONS,
)  # fmt: skip
_NEED_ROWS = ("excel", "csv", "vcard", "whole", "pdf", "print")
_PAGE_LAYOUT = "clients page"
def _numbers(typed: str) -> tuple[str, ...]:
    """The client numbers in a list separated by commas; nothing else has a comma with digits on all its sides."""
    parts = [part.strip() for part in re.split("[,;]", typed)]
    given = tuple(dict.fromkeys(part for part in parts if part))
    are_numbers = all(re.fullmatch(r"\S*\d\S*", part) for part in given)
    return given if len(parts) > 1 and given and are_numbers else ()
