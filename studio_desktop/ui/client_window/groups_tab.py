"""The Groups tab: every group of the studio at the left, the client's own at the right (S2-49)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.ui.client_window.record_form import RecordForm
from studio_desktop.ui.client_window.tab import Tab, tr
from studio_desktop.ui.widgets.rows_editor import Faults
from studio_desktop.ui.widgets.two_panel_picker import PickerWords, TwoPanelPicker

if TYPE_CHECKING:
    from studio_desktop.services.clients import OpenClient
    from studio_desktop.ui.page import Shell


class GroupsTab(Tab):
    """Membership in groups; it is saved with the client."""

    name = "groups"

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        super().__init__(shell, client_id, parent)
        self.form = RecordForm(self, shell.formats, shell.services.desk.clock.today)
        self.picker = GroupsPicker(self)
        self.form.add(self.picker)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.picker)
        self.form.edited.connect(lambda _: self.counted.emit())

    @classmethod
    def text(cls) -> str:
        """Groups."""
        return tr("Groups")

    @classmethod
    def count(cls, opened: OpenClient) -> int:
        """How many groups the client is in."""
        return len(opened.record.groups)

    def show_client(self, opened: OpenClient, keep: Iterable[str] = ()) -> None:
        """Show the client's groups among those the studio has by now."""
        choices = self.shell.choices["client_groups"]
        self.picker.set_rows([(one.id, one.text, "") for one in choices], {one.id for one in choices if one.inactive})
        super().show_client(opened, keep)

    def take_focus(self) -> None:
        """Begin in the filter."""
        self.picker.take_focus()


class GroupsPicker(TwoPanelPicker):
    """Edits the field `groups`."""

    fields = ("groups",)

    def __init__(self, parent: QWidget) -> None:
        words = PickerWords(
            all=tr("All &groups"),
            own=tr("Groups of &this client"),
            put=tr("Put into the group"),
            take=tr("Take out of the group"),
            hint=tr("Enter puts a group to the client, Del takes it away. Double-click does both."),
        )
        super().__init__(words, parent)

    def show_record(self, record: ClientRecord) -> None:
        """Show the client's groups."""
        self.set_chosen(record.groups)

    def read_into(self, record: ClientRecord) -> ClientRecord:
        """The record with these groups."""
        return replace(record, groups=self.chosen())

    def texts(self) -> Any:
        """Their ids (JSON)."""
        return sorted(self.chosen())

    def restore(self, texts: Any) -> None:
        """Bring back what `texts` gave."""
        self.set_chosen(texts)

    def mark(self, faults: Faults, *, focus: bool = True) -> bool:  # noqa: ARG002
        """Only what is offered can be chosen; nothing can be wrong."""
        return False

    def clear_marks(self) -> None:
        """There are none."""
