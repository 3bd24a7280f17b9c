"""The header's fields while they are edited: who, address, phones, e-mails, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from studio_desktop.domain.names import NameOrder
from studio_desktop.domain.records.clients import EmailRow, PhoneRow
from studio_desktop.ui import theme
from studio_desktop.ui.choices import offered
from studio_desktop.ui.client_window.address_editor import AddressEditor
from studio_desktop.ui.client_window.record_form import RecordForm
from studio_desktop.ui.client_window.row_fields import RowsField
from studio_desktop.ui.form import load_form, put_into
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.call_warning import CallWarning
from studio_desktop.ui.widgets.date_edit import DateEdit
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.rows_editor import EmailRows, PhoneRows

if TYPE_CHECKING:
    from studio_desktop.services.catalogs import Choice
    from studio_desktop.ui.page import Shell


class HeaderEditor(QWidget):
    """Name, company, addresses, phones and e-mails of the record (S2-01 to S2-12)."""

    done = Signal()
    """Esc, or its button: nobody wants to type here any more."""

    columns: QGridLayout
    who_column: QWidget
    address_column: QWidget
    phones_column: QWidget
    emails_column: QWidget
    last_name_label: PlainLabel
    first_name_label: PlainLabel
    last_name_edit: QLineEdit
    first_name_edit: QLineEdit
    who_grid: QGridLayout
    address_choice_combo: QComboBox
    new_address_button: FlatButton
    line1_edit: QLineEdit
    phones_label: PlainLabel
    phones_place: QWidget
    emails_label: PlainLabel
    emails_place: QWidget
    done_button: FlatButton

    def __init__(self, shell: Shell, parent: QWidget) -> None:
        super().__init__(parent)
        load_form(self, "client_header")
        self._columns = 4
        formats, today = shell.formats, shell.services.desk.clock.today
        self.form = RecordForm(self, formats, today)
        addresses = AddressEditor(self, shell)
        self.phones: PhoneRows = put_into(self.phones_place, PhoneRows(self.phones_place, formats, today, self))
        self.warning = CallWarning(self.phones_place)
        self.phones_place.installEventFilter(self)
        phones_column = self.phones_place.layout()
        assert isinstance(phones_column, QVBoxLayout)
        phones_column.insertWidget(0, self.warning)
        self.emails: EmailRows = put_into(self.emails_place, EmailRows(self.emails_place, formats, today, self))
        self.address_choice_combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.address_choice_combo.setMinimumContentsLength(12)
        self._fit()
        self.phones_label.setBuddy(self.phones.first_field())
        self.emails_label.setBuddy(self.emails.first_field())
        if formats.name_order is NameOrder.FIRST_LAST:
            self._put_first_name_first()
        self.form.add(
            addresses, RowsField[PhoneRow](self.phones, "phones"), RowsField[EmailRow](self.emails, "emails")
        )
        self.done_button.clicked.connect(self.done)

    def set_choices(self, choices: Mapping[str, list[Choice]]) -> None:
        """Offer the studio's phone labels."""
        self.phones.set_labels(offered(choices["phone_labels"]))

    def take_focus(self) -> None:
        """Begin with the name."""
        first = self.first_name_edit if self._first_comes_first() else self.last_name_edit
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        first.selectAll()

    def fit_into(self, width: int) -> None:
        """Stand in one row where so many pixels are enough for it, else in two."""
        parts = (self.who_column, self.address_column, self.phones_column, self.emails_column)
        edges = self.columns.contentsMargins()
        needed = sum(part.minimumSizeHint().width() for part in parts) + 3 * self.columns.horizontalSpacing()
        columns = 4 if needed + edges.left() + edges.right() <= width else 2
        if columns == self._columns:
            return
        self._columns = columns
        for place, part in enumerate(parts):
            self.columns.removeWidget(part)
            self.columns.addWidget(part, place // columns, place % columns)
        for column, stretch in enumerate((3, 3, 3, 2)):
            self.columns.setColumnStretch(column, stretch if column < columns else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it; what is typed stays until it is saved."""
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The warning breaks its lines by the width of its place."""
        if watched is self.phones_place and event.type() == QEvent.Type.Resize:
            self.warning.updateGeometry()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "form"):
            self._fit()

    def _fit(self) -> None:
        self.last_name_edit.setMinimumWidth(theme.scaled(140))
        for dated in self.findChildren(DateEdit):
            dated.setFixedWidth(theme.scaled(120))

    def _first_comes_first(self) -> bool:
        return self.first_name_edit.y() < self.last_name_edit.y()

    def _put_first_name_first(self) -> None:
        """S2-04: the order of the fields follows the order of the names."""
        for row, (label, field) in enumerate(
            ((self.first_name_label, self.first_name_edit), (self.last_name_label, self.last_name_edit))
        ):
            self.who_grid.addWidget(label, row, 0)
            self.who_grid.addWidget(field, row, 1, 1, 3)
        QWidget.setTabOrder(self.first_name_edit, self.last_name_edit)
