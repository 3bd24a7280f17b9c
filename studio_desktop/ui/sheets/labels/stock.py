"""What this workstation knows of its label sheets: the next free cell, and how a printer is off on each."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from studio_desktop.reports.label_sheets import Correction, LabelSheet, sheets, simple
from studio_desktop.settings import shift_key
from studio_desktop.ui.sheets.labels.wish import Wish

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell


class Stock:
    """The sheets there are, and what this workstation's settings say of them."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.sheets = sheets()

    def read_again(self) -> None:
        """Other files of sheets lie there now."""
        self.sheets = sheets()

    def sheet(self, key: str) -> LabelSheet:
        """The sheet of this key."""
        return next(one for one in self.sheets if one.key == key)

    def corrected(self, wish: Wish) -> LabelSheet:
        """The wished sheet as the printer feeds it."""
        return self.sheet(wish.sheet).corrected(Correction(wish.right, wish.down, wish.per_column, wish.per_row))

    def corrected_for(self, printer: str, key: str) -> LabelSheet:
        """A sheet as that printer feeds it."""
        off = self.off_on(printer, key)
        return self.sheet(key).corrected(Correction(off["right"], off["down"], off["per_column"], off["per_row"]))

    def usual_key(self, *, is_single: bool) -> str:
        """The sheet that is proposed: the one used last, for a single label the one meant for such."""
        settings = self._shell.settings
        # The file of the sheet that was used last time may be gone.
        key = next((one.key for one in self.sheets if one.key == settings.label_sheet), self.sheets[0].key)
        if is_single and settings.single_label_sheet:
            wanted = simple(settings.single_label_sheet)
            key = next((one.key for one in self.sheets if wanted in one.simple_names), key)
        return key

    def of_sheet(self, key: str, printer: str) -> dict[str, Any]:
        """The part of a wish that goes along with a sheet: its next free cell, and how the printer is off on it."""
        return {"sheet": key, "start": self.next_free(key), **self.off_on(printer, key)}

    def off_on(self, printer: str, key: str) -> dict[str, Any]:
        """The part of a wish that says how a printer is off on a sheet."""
        settings, at = self._shell.settings, shift_key(printer, key)
        right, down = settings.label_shift.get(at, (0.0, 0.0))
        per_column, per_row = settings.label_pitch.get(at, (0.0, 0.0))
        return {"printer": printer, "right": right, "down": down, "per_column": per_column, "per_row": per_row}

    def next_free(self, key: str) -> int:
        """The first cell that the last run left free."""
        return min(self._shell.settings.label_start.get(key, 1), self.sheet(key).count)

    def keep_start(self, key: str, start: int) -> None:
        """From now on this cell is the first free one."""
        settings = self._shell.settings
        self._shell.save_settings(
            dataclasses.replace(settings, label_start={**settings.label_start, key: start})
        )

    def keep(self, wish: Wish, next_start: int, *, is_single: bool) -> None:
        """What was used is what is proposed next time, from the next free cell."""
        settings, at = self._shell.settings, shift_key(wish.printer, wish.sheet)
        self._shell.save_settings(
            dataclasses.replace(
                settings,
                # A roll for single labels is not what a group is printed on next time.
                label_sheet=settings.label_sheet if is_single and settings.single_label_sheet else wish.sheet,
                label_order=wish.order.value,
                label_name_line=wish.name_line.value,
                label_printer=wish.printer,
                label_start={**settings.label_start, wish.sheet: next_start},
                label_shift={**settings.label_shift, at: (wish.right, wish.down)},
                label_pitch={**settings.label_pitch, at: (wish.per_column, wish.per_row)},
            )
        )
