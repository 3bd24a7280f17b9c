"""What the window shows before there is a studio in it: that it is being opened, or why it cannot be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets.buttons import FlatButton, PrimaryButton
from studio_desktop.ui.widgets.plain_label import PlainLabel


class Opening(QWidget):
    """Covers the place of the pages."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self._area = area
        self._title = PlainLabel("", self, px=theme.TITLE, strong=True)
        self._text = PlainLabel("", self, tone="dim")
        self._text.setWordWrap(True)
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(4)
        self._progress.setAccessibleName(self.tr("Opening"))
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setSpacing(12)
        for widget in (self._title, self._text, self._progress):
            column.addWidget(widget)
        self._row = QHBoxLayout()
        column.addLayout(self._row)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self._buttons: list[FlatButton] = []
        middle.setFixedWidth(theme.scaled(480))
        middle.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addWidget(middle, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(3)
        area.installEventFilter(self)

    def show_progress(self, title: str, text: str) -> None:
        """Something is under way."""
        self._show(title, text, [])
        self._progress.show()

    def show_trouble(self, title: str, text: str, ways: Sequence[tuple[str, Callable[[], None]]]) -> None:
        """It cannot go on by itself; `ways` are what a person can do, the first one the likeliest."""
        self._show(title, text, ways)
        self._progress.hide()
        if self._buttons:
            self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def text(self) -> str:
        """What it says."""
        return f"{self._title.text()} {self._text.text()}".strip()

    def press(self, way: str) -> None:
        """Go the way of this name."""
        next(button for button in self._buttons if button.text() == way).click()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Cover the whole area."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._area.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The ground of a page."""
        QPainter(self).fillRect(self.rect(), theme.token("base"))

    def _show(self, title: str, text: str, ways: Sequence[tuple[str, Callable[[], None]]]) -> None:
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons.clear()
        for number, (name, go) in enumerate(ways):
            button = FlatButton(name) if number else PrimaryButton(name)
            button.clicked.connect(go)
            self._row.insertWidget(number, button)
            self._buttons.append(button)
        self.setGeometry(self._area.rect())
        self.show()
        self.raise_()
