"""What a client owes the studio, and what the studio holds for the client (B7)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Balance:
    """Sums in hundredths of the studio's currency, none of them negative.

    What is held for the client, a deposit or a credit, is never set off silently against what is open: people are
    shown both, and `net` beside them.
    """

    past_due: int = 0
    not_yet_due: int = 0
    credit: int = 0

    @property
    def open(self) -> int:
        """All that is to be paid."""
        return self.past_due + self.not_yet_due

    @property
    def net(self) -> int:
        """What would be left to pay if the credit were used; negative where more is held than is open."""
        return self.open - self.credit


NOTHING = Balance()
"""Nobody owes anybody anything."""
