"""How this desk wants its window: colours, text size, what is folded or narrow; and what a small screen leaves."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio_desktop.ui import theme

if TYPE_CHECKING:
    from studio_desktop.settings import Settings
    from studio_desktop.ui.main_window import MainWindow

NARROW_BELOW = 1340
"""Pixels of window width at 100 % below which the navigation shows icons only (DESIGN 4)."""

FOLD_BELOW = 560
"""Pixels of window height at 100 % below which the ribbon is folded: half of what is left would be its own."""


class WindowLook(QObject):
    """Follows the settings, keeps in them what is changed at the window itself, and fits both to its size."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._wants_narrow = False
        self._is_low = self._fits_ribbon = False
        settings, ribbon = window.settings, window.ribbon
        ribbon.set_folded(settings.ribbon_folded)
        ribbon.quick_access.choose(tuple(settings.quick_access.split()))
        ribbon.folded_changed.connect(self._keep_fold)
        ribbon.quick_access.changed.connect(self._keep_quick_access)
        window.navigation.narrowed.connect(self.set_narrow)
        window.theme.changed.connect(self.fit)

    def follow(self, before: Settings) -> None:
        """The settings are others than `before`."""
        now, look = self._window.settings, self._window.theme
        if now.theme != before.theme:
            look.set_scheme(now.theme)
        if now.text_size != before.text_size:
            look.set_text_percent(now.text_size)
        if now.density != before.density:
            look.set_density(now.density)

    def set_narrow(self, narrow: bool) -> None:
        """Icons only beside the pages, or names too; in a small window it stays narrow by itself."""
        self._wants_narrow = narrow
        self._fit_navigation()

    def fit(self) -> None:
        """Give the page what navigation and ribbon can spare."""
        self._fit_navigation()
        self._fit_ribbon()

    def _fit_navigation(self) -> None:
        window = self._window
        narrow = self._wants_narrow or window.width() < theme.scaled(NARROW_BELOW)
        window.navigation.set_narrow(narrow)
        if "narrow_navigation" in window.action_set:
            window.action_set["narrow_navigation"].setChecked(narrow)

    def _fit_ribbon(self) -> None:
        """Where there is little height for so large a text, the page needs it more; Ctrl+F1 unfolds all the same."""
        window = self._window
        is_low = window.height() < theme.scaled(FOLD_BELOW)
        if is_low != self._is_low:
            self._is_low, self._fits_ribbon = is_low, True
            window.ribbon.set_folded(is_low or window.settings.ribbon_folded)
            self._fits_ribbon = False

    def _keep_fold(self, folded: bool) -> None:
        window = self._window
        if not self._fits_ribbon:
            window.save_settings(dataclasses.replace(window.settings, ribbon_folded=folded))
        if "fold_ribbon" in window.action_set:
            window.action_set["fold_ribbon"].setChecked(folded)

    def _keep_quick_access(self, ids: tuple[str, ...]) -> None:
        window = self._window
        window.save_settings(dataclasses.replace(window.settings, quick_access=" ".join(ids)))
