"""What every tab is that shows a listing's rows of one client: sorted by its header, opened by Enter (S2-15, S3-29)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_desktop.services.listings.declaration import Query
from studio_desktop.ui.client_window.tab import Tab
from studio_desktop.ui.widgets.listing_view import ListingView

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.ui.documents import Document
    from studio_desktop.ui.page import Shell


class ListingTab(Tab):
    """The rows that the listing's filter `of_client` lets through for this client. Columns are kept as in any list."""

    listing: ClassVar = ""
    """The listing's name."""

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        super().__init__(shell, client_id, parent)
        self.list = ListingView(shell, self.listing, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.list.opened.connect(self.open_row)
        self.list.counts_changed.connect(self.listed)
        self.list.set_empty(self.empty_text())
        self.list.ask(Query({"of_client": client_id}))

    def empty_text(self) -> str:
        """What stands in the place of the rows when there are none."""
        raise TypeError(f"{type(self).__name__} needs a text for no rows")

    def open_row(self, row_id: int) -> None:  # noqa: ARG002
        """Enter or a double click on a row."""
        raise TypeError(f"{type(self).__name__} needs a way to open a row")

    def refresh(self, changes: Changes) -> None:
        """Read again what changed; the current row and the place in the list stay."""
        self.list.refresh(changes)

    def document(self, client: str) -> Document | None:
        """The list as it is shown; None while it is empty."""
        if not self.list.total:
            return None
        return self.list.document(self.tr("{tab} of {client}").format(tab=self.text(), client=client))

    def take_focus(self) -> None:
        """Begin in the list."""
        self.list.enter()
