"""The Referrals tab: whom this client has sent, to thank them for it (S2-27, S2-115)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio_desktop.ui.client_window.listing_tab import ListingTab
from studio_desktop.ui.client_window.tab import tr

if TYPE_CHECKING:
    from studio_desktop.services.clients import OpenClient


class ReferralsTab(ListingTab):
    """The clients that name this one as who sent them."""

    name = "referrals"
    listing = "referrals"

    @classmethod
    def text(cls) -> str:
        """Referrals."""
        return tr("Referrals")

    @classmethod
    def count(cls, opened: OpenClient) -> int:
        """How many there are."""
        return opened.referred

    def empty_text(self) -> str:
        """How somebody comes into this list."""
        return self.tr("This client has sent nobody yet. Who sent a client is said on that client’s General tab.")

    def open_row(self, row_id: int) -> None:
        """Open the client who was sent; the arrows lead through the others."""
        self.shell.open_client(row_id, self.list.model.ids())
