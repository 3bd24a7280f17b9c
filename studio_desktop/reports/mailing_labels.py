"""A mailing on a sheet of labels, with the list of who was left out (S2-38, B10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.reports.label_sheets import LabelSheet
from studio_desktop.reports.labels import Label, LabelResult, write_labels
from studio_desktop.services.mailing import Mailing


@dataclass(frozen=True, slots=True)
class MailingResult:
    """What was printed and who was not."""

    path: Path
    mailing: Mailing
    labels: LabelResult
    sheet: LabelSheet
    next_start: int
    """The first free label of the last page, for the next run on the same stock."""

    def sentence(self) -> str:
        """What happened, with counts."""
        labels = f"{self.labels.count:,} label{'s' if self.labels.count != 1 else ''}"
        pages = f"{self.labels.pages:,} page{'s' if self.labels.pages != 1 else ''}"
        return f"{labels} on {pages} in {self.path}."

    def left_out_lines(self) -> tuple[str, ...]:
        """One line per reason with its count, then one per person; nothing when nobody was left out."""
        return (*left_out_summary(self.mailing), *(f"  {one.name}: {one.because}" for one in self.mailing.left_out))


def left_out_summary(mailing: Mailing) -> tuple[str, ...]:
    """"12 left out: 7 do not market, 5 no complete address", or nothing."""
    if not mailing.left_out:
        return ()
    reasons = Counter(str(one.because) for one in mailing.left_out)
    parts = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
    return (f"{len(mailing.left_out)} left out: {parts}",)


def write_mailing(
    mailing: Mailing,
    path: Path,
    sheet: LabelSheet,
    *,
    start: int = 1,
    copies: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> MailingResult:
    """Write the labels as PDF. Raises InvalidInput when nobody gets one or the start is not on the sheet.

    `progress` hears how many labels are done, of how many; what it raises ends the work, and then there is no file.
    """
    if path.suffix.lower() != ".pdf":
        raise InvalidInput("Labels are written as PDF; {name} does not end in .pdf.", field="output", name=path.name)
    if not mailing.addressees:
        why = left_out_summary(mailing)
        raise InvalidInput("Nobody gets a label. {why}", why=f"{why[0]}." if why else "No client was meant.")
    result = write_labels(path, _labels(mailing, progress), sheet, start=start, copies=copies)
    used = (start - 1 + result.count) % sheet.count
    return MailingResult(path, mailing, result, sheet, used + 1)


def _labels(mailing: Mailing, progress: Callable[[int, int], None] | None) -> Iterator[Label]:
    addressees = mailing.addressees
    for done, one in enumerate(addressees):
        if progress is not None:
            progress(done, len(addressees))
        yield Label(one.lines)
