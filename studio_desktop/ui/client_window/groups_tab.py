"""The Groups tab: the client's tags, and below them all groups at the left, the client's own right (S0-22, S2-49)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.ui import theme
from studio_desktop.ui.client_window.record_form import RecordForm
from studio_desktop.ui.client_window.tab import Tab, tr
from studio_desktop.ui.client_window.tags_editor import TagsEditor
from studio_desktop.ui.form import dress_form
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.rows_editor import Faults
from studio_desktop.ui.widgets.two_panel_picker import PickerWords, TwoPanelPicker

if TYPE_CHECKING:
    from studio_desktop.domain.errors import StudioError
    from studio_desktop.services.clients import OpenClient
    from studio_desktop.ui.page import Shell


class GroupsTab(Tab):
    """Tags and membership in groups; both are saved with the client."""

    name = "groups"

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        super().__init__(shell, client_id, parent)
        self.form = RecordForm(self, shell.formats, shell.services.desk.clock.today)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.tags = TagsEditor(shell, self)
        tags_row = QHBoxLayout()
        column.addLayout(tags_row)
        tags_row.setContentsMargins(16, 8, 16, 0)
        tags_row.setSpacing(8)
        self.tags_label = PlainLabel(self.tr("T&ags"), self)
        self.tags_label.setBuddy(self.tags.line)
        tags_row.addWidget(self.tags_label, 0, Qt.AlignmentFlag.AlignTop)
        tags_row.addWidget(self.tags, 1)
        self.picker = GroupsPicker(self)
        column.addWidget(self.picker, 1)
        self.form.add(self.tags, self.picker)
        dress_form(self)
        self._fit()
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
        self.tags.set_choices(self.shell.choices["client_tags"])
        choices = self.shell.choices["client_groups"]
        self.picker.set_rows([(one.id, one.text, "") for one in choices], {one.id for one in choices if one.inactive})
        super().show_client(opened, keep)

    def is_settled(self) -> bool:
        """Whether no word is typed that is no tag yet."""
        return self.tags.is_settled()

    def settle(self, done: Callable[[], None], failed: Callable[[StudioError], None]) -> None:
        """Make tags of new words."""
        self.tags.settle(done, failed)

    def take_focus(self) -> None:
        """Begin in the filter of the groups."""
        self.picker.take_focus()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "tags_label"):
            self._fit()

    def _fit(self) -> None:
        self.tags_label.setFixedHeight(theme.scaled(24))  # as high as the first row of chips


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
