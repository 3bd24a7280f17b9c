"""Keeps how a listing is laid out, for whoever laid it out so, and the layouts that were given a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QMenu, QWidget

from studio_desktop.services.layouts import Kept, Named
from studio_desktop.ui.widgets.kept_panel import KeptPanel
from studio_desktop.ui.widgets.listing_columns import ListingColumns
from studio_desktop.ui.widgets.listing_layout import ListingLayout

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell


class LayoutKeeper(QTimer):
    """Keeps a changed layout after a while (`start`), and offers what can be done with it."""

    replaced = Signal()
    """The list is laid out in another way than before; its order or its groups may be others."""

    def __init__(self, shell: Shell, name: str, layout: ListingLayout, view: QWidget) -> None:
        super().__init__(view, singleShot=True, interval=_KEEP_AFTER)
        self._shell = shell
        self._name = name
        self._layout = layout
        self._view = view
        layout.changed.connect(self.start)
        self.timeout.connect(self._keep)

    def flush(self) -> None:
        """Keep a changed layout now, if it waits to be kept."""
        if self.isActive():
            self.stop()
            self._keep()

    def arrange_columns(self, place: QPoint) -> None:
        """Open the panel in which the columns are chosen, ordered and made wider, at a place on the screen."""
        panel = ListingColumns(self._layout, self._view)
        panel.reset_wanted.connect(self._reset)
        panel.open_at(place)

    def fill_columns_menu(self, menu: QMenu) -> None:
        """Add a line for each column there is, ticked if it is shown, and the way back."""
        shown = self._layout.shown_keys()
        for column in self._layout.columns():
            line = menu.addAction(column.title)
            line.setCheckable(True)
            line.setChecked(column.key in shown)
            line.toggled.connect(lambda on, key=column.key: self._layout.set_shown(key, on))
        menu.addSeparator()
        menu.addAction(self.tr("Columns as at first")).triggered.connect(self._reset)

    def open_layouts(self, place: QPoint) -> None:
        """Open the panel of the layouts that were kept under a name: used, saved and removed there."""
        layouts, name, tasks = self._shell.services.layouts, self._name, self._shell.tasks
        panel = KeptPanel(self.tr("Layouts of this list"), self.tr("Save this layout as …"), self._view)

        def read() -> None:
            tasks.run(panel, lambda: layouts.named(Kept.LAYOUT, name), panel.show_kept)

        def save(typed: str, shared: bool) -> None:
            value = self._layout.value()
            said = self.tr("Layout “{name}” is kept.")
            tasks.run(
                self._view,
                lambda: layouts.keep_named(Kept.LAYOUT, name, typed, value, shared=shared),
                lambda kept: self._shell.say(said.format(name=kept)),
            )

        def use(one: Named) -> None:
            self._layout.take(one.value)
            self._replace()

        def forget(one: Named) -> None:
            tasks.run(panel, lambda: layouts.forget_named(Kept.LAYOUT, name, one.name), lambda _: read())

        panel.chosen.connect(use)
        panel.saved.connect(save)
        panel.forgotten.connect(forget)
        panel.open_at(place)
        read()

    def _reset(self) -> None:
        self._layout.reset()
        self._replace()

    def _replace(self) -> None:
        self.start()
        self.replaced.emit()

    def _keep(self) -> None:
        layouts, name, value = self._shell.services.layouts, self._name, self._layout.value()
        layouts.tell(name, value)
        self._shell.tasks.run(self, lambda: layouts.keep(name, value), lambda _: None)


_KEEP_AFTER = 800
