"""A field for a phone number: anything is taken, and shown as numbers are written here once the cursor has left."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QSizePolicy, QWidget

from studio_desktop.domain import phones
from studio_desktop.domain.formats import Formats
from studio_desktop.ui import theme
from studio_desktop.ui.widgets.country_list import CountryList, code_and_region, country_name
from studio_desktop.ui.widgets.plain_label import as_tip


class PhoneEdit(QLineEdit):
    """A phone number; what was typed is kept beside what is shown (S2-10 to 12).

    It belongs to a country, the studio's own until a number says another: by `+48` or `0048`, or by the list that
    Alt+Down and F4 open (S4-36).
    """

    region_changed = Signal(str)
    """The number belongs to another country: its two letters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = Formats()
        self._typed = ""
        self._shown = ""
        self._region = self._formats.phone_region
        self.setTextMargins(3, 0, 0, 0)
        self.textChanged.connect(self._follow)

    def use(self, formats: Formats) -> None:
        """Take the studio's country for numbers without a prefix."""
        self._formats = formats
        self._set_region(formats.phone_region)

    @property
    def region(self) -> str:
        """The country whose number stands here, or would if it were typed now."""
        return self._region

    def typed(self) -> str:
        """The number as somebody typed it, though it may be shown in another form."""
        if self.text() == self._shown:
            return self._typed
        text, home = self.text().strip(), self._formats.phone_region
        says_itself = self._region == home or phones.named_region(text, home)
        return text if says_itself else phones.in_region(text, self._region, home)

    def set_typed(self, typed: str) -> None:
        """Show a number that was typed before."""
        number = phones.parse(typed, self._formats.phone_region)
        self._typed = typed
        self._shown = self._formats.phone(typed, number.e164, number.extension)
        if self.text() != self._shown:
            self.setText(self._shown)
            if not self.hasFocus():
                self.setCursorPosition(0)
        home = self._formats.phone_region
        self._set_region(phones.named_region(number.e164 or typed, home) or home)

    def draft(self) -> str:
        """What stands here, half typed or not, with the country that was chosen for it."""
        text, home = self.text(), self._formats.phone_region
        chosen = self._region != home and text.strip() and not phones.named_region(text, home)
        return f"+{phones.country_code(self._region)} {text}" if chosen else text

    def choose_country(self) -> None:
        """Open the list of countries; the number becomes one of the country that is taken."""
        if self.isReadOnly():
            return
        countries = CountryList(self, (self._formats.phone_region, *self._formats.phone_countries), self._region)
        countries.taken.connect(self._take_country)
        countries.hang_below(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Down and F4 open the list, as in every field that has one."""
        is_alt_down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        if is_alt_down or (event.key() == Qt.Key.Key_F4 and not event.modifiers()):
            self.choose_country()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show what was typed as numbers are written here."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason and self.text() != self._shown:
            self.set_typed(self.typed())

    def _take_country(self, region: str) -> None:
        moved = phones.in_region(self.typed(), region, self._formats.phone_region)
        self._set_region(region)
        if moved != self.text():
            self.selectAll()
            self.insert(moved)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.end(False)

    def _follow(self, text: str) -> None:
        """A text may name its country by its beginning; with an emptied one the country goes."""
        home = self._formats.phone_region
        self._set_region(phones.named_region(text, home) or (self._region if text else home))

    def _set_region(self, region: str) -> None:
        if region != self._region:
            self._region = region
            self.region_changed.emit(region)


class CountryButton(QAbstractButton):
    """Says before a phone number whose it is, `+1 US`; pressing it opens the number's list of countries.

    Tab passes it by, for few numbers are foreign and the number itself opens the list.
    """

    def __init__(self, number: PhoneEdit, parent: QWidget) -> None:
        super().__init__(parent)
        self._number = number
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(number.choose_country)
        number.region_changed.connect(lambda _: self.follow())
        self.follow()

    def follow(self) -> None:
        """Say the number's country."""
        region = self._number.region
        self.setText(code_and_region(region))
        name = country_name(region)
        self.setAccessibleName(self.tr("Country of the number: {name}").format(name=name))
        self.setToolTip(as_tip(self.tr("{name}; another country: Alt+Down in the number").format(name=name)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Its text and a small arrow."""
        text = QFontMetrics(theme.font(theme.SMALL)).horizontalAdvance(self.text())
        return QSize(text + theme.scaled(16), theme.scaled(24))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Code, letters and an arrow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.token("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.token("dim"))
        place = self.rect().adjusted(2, 0, -theme.scaled(10), 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        middle, half = self.rect().right() - theme.scaled(6), theme.scaled(3)
        top = self.rect().center().y()
        painter.setPen(theme.token("dim"))
        painter.drawPolyline(
            [QPoint(middle - half, top - 1), QPoint(middle, top - 1 + half), QPoint(middle + half, top - 1)]
        )
