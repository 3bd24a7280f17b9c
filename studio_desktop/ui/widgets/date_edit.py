"""Fields for dates: typed in any usual way, stepped with + and −, or picked in a calendar (E9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QDate, QEvent, QLocale, QPoint, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QToolButton, QVBoxLayout, QWidget

from studio_desktop.domain.dates import DateOrder, PartialDate
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.formats import Formats
from studio_desktop.ui import theme
from studio_desktop.ui.icons import icon


class DateEdit(QLineEdit):
    """A date or nothing.

    It takes `12/3`, `14 mar`, `+3`; `t` is today; + and − step a date that stands there by a day; Alt+Down or F4 opens
    the calendar. What is understood is shown in the studio's format when the cursor leaves.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = Formats()
        self._today: Callable[[], date] = _no_clock_yet
        self.setTextMargins(3, 0, 0, 0)
        self._pick = self.addAction(icon("calendar", "dim"), QLineEdit.ActionPosition.TrailingPosition)
        self._pick.setText(self.tr("Pick a day"))
        self._pick.setToolTip(self.tr("Pick a day (Alt+Down)"))
        self._pick.triggered.connect(self.open_calendar)

    def use(self, formats: Formats, today: Callable[[], date]) -> None:
        """Take the studio's formats and the desk's clock."""
        self._formats = formats
        self._today = today
        self.setPlaceholderText("yyyy-mm-dd" if formats.date_order is DateOrder.YMD else self.tr("d mmm yyyy"))

    def day(self) -> date | None:
        """The date that stands here; raises `InvalidInput` with the cure for text that is none."""
        text = self.text().strip()
        return self._formats.typed_day(text, self._today()) if text else None

    def set_day(self, day: date | None) -> None:
        """Show a date."""
        self._show("" if day is None else self._formats.day(day))

    def open_calendar(self) -> None:
        """Open the calendar below the field, at its date or today."""
        if self.isReadOnly():
            return
        popup = _CalendarPopup(self, self._start(), self._formats.first_day_of_week)
        popup.calendar.activated.connect(lambda picked: self._picked(picked, popup))
        popup.calendar.clicked.connect(lambda picked: self._picked(picked, popup))
        popup.open_below(self)

    def sizeHint(self) -> QSize:
        """Wide enough for the longest date."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance("30 September 2026") + theme.scaled(34), hint.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a date."""
        opens = event.key() == Qt.Key.Key_F4 or (
            event.key() == Qt.Key.Key_Down and event.modifiers() == Qt.KeyboardModifier.AltModifier
        )
        if opens:
            self.open_calendar()
        elif self.isReadOnly() or event.modifiers() & ~_WITH_ANY_PLUS:
            super().keyPressEvent(event)
        elif event.text().lower() == "t" and (not self.text() or self._stands()):
            self._typed(self._today())
        elif event.text() in _STEPS and self._stands():
            self._step(_STEPS[event.text()])
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show what was understood; what was not stays as it is."""
        super().focusOutEvent(event)
        if self.isModified():
            self._normalise()

    def _normalise(self) -> None:
        try:
            day = self.day()
        except InvalidInput:
            return
        self.set_day(day)

    def _start(self) -> date:
        try:
            return self.day() or self._today()
        except InvalidInput:
            return self._today()

    def _stands(self) -> bool:
        """Whether a whole date stands here that nobody is just typing, so that + and − can step it."""
        return bool(self.text()) and not self.isModified()

    def _step(self, days: int) -> None:
        try:
            self._typed((self.day() or self._today()) + timedelta(days=days))
        except (InvalidInput, OverflowError):
            return  # past the calendar's end, or a year without a day: there is no next one

    def _typed(self, day: date) -> None:
        """As if the person had typed it."""
        self.selectAll()
        self.insert(self._formats.day(day))
        self.setModified(False)

    def _picked(self, picked: QDate, popup: _CalendarPopup) -> None:
        popup.close()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self._typed(date(picked.year(), picked.month(), picked.day()))

    def _show(self, text: str) -> None:
        if text != self.text():
            self.setText(text)
        self.setModified(False)
        if not self.hasFocus():
            self.setCursorPosition(0)


class PartialDateEdit(DateEdit):
    """A birthday or anniversary, of which the year or the day may be unknown: `14 may`, `may 1987`, `1987`."""

    def partial(self) -> PartialDate | None:
        """What stands here; raises `InvalidInput` with the cure for text that is no date."""
        text = self.text().strip()
        return self._formats.typed_partial(text, self._today()) if text else None

    def set_partial(self, partial: PartialDate | None) -> None:
        """Show what is known."""
        self._show("" if partial is None else self._formats.partial(partial))

    def _step(self, days: int) -> None:
        try:
            partial = self.partial()
        except InvalidInput:
            return
        # A step would put this year in where the year is not known.
        if partial is not None and partial.day is not None and partial.year is not None:
            super()._step(days)

    def _normalise(self) -> None:
        try:
            partial = self.partial()
        except InvalidInput:
            return
        self.set_partial(partial)


def _no_clock_yet() -> date:
    raise RuntimeError("A DateEdit needs the desk's clock: call use() first.")


_STEPS = {"+": 1, "-": -1, "−": -1}
_WITH_ANY_PLUS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class _CalendarPopup(QFrame):
    def __init__(self, parent: QWidget, start: date, first_day_of_week: int) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.calendar = QCalendarWidget(self)
        self.calendar.setLocale(QLocale(QLocale.Language.English))
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek(first_day_of_week + 1))
        self.calendar.setSelectedDate(QDate(start.year, start.month, start.day))
        self._calm_down()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.calendar)

    def _calm_down(self) -> None:
        """Red means act now, not Sunday; and the accent marks the chosen day, not the month's name."""
        text = QTextCharFormat()
        text.setForeground(theme.token("text"))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(day, text)
        heading = QTextCharFormat()
        heading.setForeground(theme.token("dim"))
        heading.setBackground(theme.token("base"))
        self.calendar.setHeaderTextFormat(heading)
        bar = self.calendar.findChild(QWidget, "qt_calendar_navigationbar")
        if bar is not None:
            theme.set_colours(bar, Highlight="base", HighlightedText="text")
        for name, drawing in (("prevmonth", "chevron_left"), ("nextmonth", "chevron_right")):
            arrow = self.calendar.findChild(QToolButton, f"qt_calendar_{name}")
            if arrow is not None:
                arrow.setIcon(icon(drawing))

    def open_below(self, field: QWidget) -> None:
        self.adjustSize()
        below = field.mapToGlobal(QPoint(0, field.height() + 2))
        screen = field.screen().availableGeometry()
        if below.y() + self.height() > screen.bottom():
            below = field.mapToGlobal(QPoint(0, -self.height() - 2))
        below.setX(min(below.x(), screen.right() - self.width()))
        self.move(below)
        self.show()
        self.calendar.setFocus()

    def event(self, event: QEvent) -> bool:
        """Alt+Down closes what it opened."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F4)
        ):
            self.close()
            return True
        return super().event(event)
