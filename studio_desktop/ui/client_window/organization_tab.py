"""The Organization tab: the schools and companies a client belongs to, as what, and until when (S3-19)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from studio_desktop.domain.fields import specs
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import OrganizationRow
from studio_desktop.ui import theme
from studio_desktop.ui.choices import offered
from studio_desktop.ui.client_window.record_form import RecordForm
from studio_desktop.ui.client_window.row_fields import RowsField
from studio_desktop.ui.client_window.tab import Tab, scrolled, tr
from studio_desktop.ui.widgets.buttons import LinkButton
from studio_desktop.ui.widgets.combo_box import ComboBox
from studio_desktop.ui.widgets.panels import SectionHeading
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.rows_editor import RowLine, RowsEditor

if TYPE_CHECKING:
    from studio_desktop.services.catalogs import Choice
    from studio_desktop.services.clients import OpenClient
    from studio_desktop.ui.page import Shell

_SHARES = {
    "organization_id": 26,
    "role": 15,
    "department": 18,
    "grade": 8,
    "graduation_year": 9,
    "member_number": 14,
    "remark": 26,
}
"""The columns with their shares of the width."""


class OrganizationTab(Tab):
    """One line for each organization; the blank last line takes the next."""

    name = "organization"

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        super().__init__(shell, client_id, parent)
        formats, today = shell.formats, shell.services.desk.clock.today
        self.form = RecordForm(self, formats, today)
        body = QWidget()
        lines = QVBoxLayout(body)
        lines.setContentsMargins(16, 6, 16, 8)
        lines.setSpacing(4)
        self.rows = OrganizationRows(body, formats, today)
        lines.addWidget(SectionHeading(body, self.tr("Schools, companies and other organizations")))
        lines.addWidget(_Head(body))
        lines.addWidget(self.rows)
        lines.addWidget(self._foot(body))
        lines.addStretch(1)
        self.form.add(RowsField[OrganizationRow](self.rows, "organizations"))
        self.form.edited.connect(lambda _: self.counted.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(body, self))

    @classmethod
    def text(cls) -> str:
        """Organization."""
        return tr("Organization")

    @classmethod
    def count(cls, opened: OpenClient) -> int:
        """How many organizations the client belongs to."""
        return len(opened.record.organizations)

    def show_client(self, opened: OpenClient, keep: Iterable[str] = ()) -> None:
        """Show the client's organizations, with those that the studio has by now to choose from."""
        self.rows.set_choices(self.shell.choices["organizations"])
        super().show_client(opened, keep)

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read."""
        super().set_read_only(read_only)
        self.hint_label.setVisible(not read_only)

    def take_focus(self) -> None:
        """Begin in the first line."""
        self.rows.take_focus()

    def _foot(self, parent: QWidget) -> QWidget:
        foot = QWidget(parent)
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self.hint_label = PlainLabel(
            self.tr("Type into the last line for one more; a line that is emptied goes."),
            foot, tone="dim", px=theme.SMALL,
        )  # fmt: skip
        self.list_button = LinkButton(self.tr("The studio's list of organizations"), foot)
        self.list_button.clicked.connect(lambda: self.shell.open_page("maintenance", catalog="organizations"))
        self.list_button.setVisible(self.shell.services.desk.may(Permission.VIEW_MAINTENANCE))
        row.addWidget(self.hint_label)
        row.addWidget(self.list_button)
        row.addStretch(1)
        return foot


class OrganizationLine(RowLine):
    """What the client is in one organization."""

    fact = "organization_id"

    choices: Sequence[Choice] = ()
    """The studio's organizations."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        labels = specs(OrganizationRow)
        for name, share in _SHARES.items():
            field: QComboBox | QLineEdit = ComboBox(self) if name == self.fact else QLineEdit(self)
            field.setObjectName(f"{name}_combo" if name == self.fact else f"{name}_edit")
            field.setAccessibleName(labels[name].label)
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._line.addWidget(field, share)
        self._line.addWidget(self.remove_button)

    def show_row(self, row: OrganizationRow) -> None:
        """Show this row; an organization no longer in use is offered where it is the client's."""
        self.binder.set_choices(self.fact, offered(self.choices, row.organization_id))
        super().show_row(row)

    def is_blank(self) -> bool:
        """Whether nothing at all is given."""
        return not any(self.binder.texts().values())

    def text(self) -> str:
        """The organization's name."""
        found = self.field()
        assert isinstance(found, QComboBox)
        return found.currentText().casefold()


class OrganizationRows(RowsEditor[OrganizationRow]):
    """The lines of all organizations of a client."""

    row_class = OrganizationRow
    line_class = OrganizationLine

    _choices: Sequence[Choice] = ()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer these; what is chosen stays chosen."""
        self._choices = choices
        for line in self._lines:
            self._dress(line)
            line.binder.set_choices(line.fact, offered(choices, line.binder.texts()[line.fact]))

    def _dress(self, line: RowLine) -> None:
        assert isinstance(line, OrganizationLine)
        line.choices = self._choices


class _Head(QWidget):
    """The titles of the columns, as wide as the fields below them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        labels: Any = specs(OrganizationRow)
        for name, share in _SHARES.items():
            title = _TITLES.get(name, labels[name].label)
            label = PlainLabel(tr(title), self, tone="dim", px=theme.SMALL, elided=True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            row.addWidget(label, share)
        row.addSpacing(theme.scaled(24))  # above the crosses


_TITLES = {"department": "Class, department", "graduation_year": "Graduates", "member_number": "Student number"}
"""What is shorter above a column than by itself."""
