"""Facts that lead somewhere: a number that dials, an address on the map, a light with its cause."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.icons import paint_icon
from studio_desktop.ui.widgets.enter import pressed_by_enter
from studio_desktop.ui.widgets.marks import LightKind, paint_focus_ring, paint_light, paint_text
from studio_desktop.ui.widgets.plain_label import as_tip


class FactLink(QAbstractButton):
    """An icon and a text in the link colour, cut with an ellipsis where it is long. Copy takes the text."""

    def __init__(
        self,
        text: str,
        icon: str,
        action: str,
        parent: QWidget | None = None,
        *,
        strong: bool = False,
        filled: bool = False,
    ) -> None:
        """`action` says what pressing does: *Dial*, *Show on the map*."""
        super().__init__(parent)
        self.label = text  # not QAbstractButton's own text, which would take "Main & 3rd" for a mnemonic
        self._icon = icon
        self._action = action
        self._strong = strong
        self._filled = filled
        self._whole_up_to = 0
        self.setAccessibleName(f"{action}: {text}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self.label)

    def keep_whole(self, up_to: int) -> None:
        """Be cut only where it is wider than this many pixels at 100 %."""
        self._whole_up_to = up_to
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Icon and text."""
        metrics = QFontMetrics(self._font())
        return QSize(_icon_room() + metrics.horizontalAdvance(self.label) + 4, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        """It may be cut, but what has to be kept whole only beyond that."""
        hint = self.sizeHint()
        least = max(_icon_room() + theme.scaled(48), theme.scaled(self._whole_up_to))
        return QSize(min(least, hint.width()), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tip gives the text where it is cut."""
        super().resizeEvent(event)
        tip = self._action if self.width() >= self.sizeHint().width() else f"{self.label} – {self._action}"
        self.setToolTip(as_tip(tip))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        """Copy means this text while the focus is here, whatever the window does with the key."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if is_key and event.matches(QKeySequence.StandardKey.Copy):  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What it does, and copying."""
        menu = QMenu(self)
        menu.addAction(self._action, self.click)
        menu.addAction(self.tr("Copy"), self.copy)
        menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        paint_icon(painter, self._icon, 0, self.height() / 2, "link", filled=self._filled)
        font = self._font()
        font.setUnderline(self.underMouse())
        paint_text(painter, self.rect().adjusted(_icon_room(), 0, 0, 0), self.label, "link", font)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()).adjusted(_icon_room() - 5, 0, 0, 0), 3)

    def _font(self) -> QFont:
        return theme.font(theme.BASE, theme.STRONG if self._strong else theme.REGULAR)


class LightLink(QAbstractButton):
    """A light, its cause in words and what is added to that; pressing leads to where it is dealt with (S3-41)."""

    asked = Signal(str)
    """Where it leads."""

    def __init__(self, kind: LightKind, cause: str, aside: str, place: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: LightKind = kind
        self.cause = cause
        self._aside = aside
        self.setAccessibleName(" ".join(part for part in (cause, aside) if part))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: self.asked.emit(place))

    def sizeHint(self) -> QSize:
        """18 pixels high at 100 %."""
        return QSize(theme.scaled(160), theme.scaled(18))

    def minimumSizeHint(self) -> QSize:
        """It may be cut."""
        return QSize(theme.scaled(80), theme.scaled(18))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tip says what may be cut."""
        super().resizeEvent(event)
        self.setToolTip(as_tip(self.accessibleName()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        painter = QPainter(self)
        middle = self.height() / 2
        side = theme.scaled(16)
        paint_light(painter, QRectF(0, middle - side / 2, side, side), self._kind)
        paint_icon(painter, "chevron_right", self.width() - theme.scaled(14), middle, "dim", size=12)
        font = theme.font(theme.BASE, theme.STRONG if self._kind == "red" else theme.REGULAR)
        font.setUnderline(self.underMouse())
        place = self.rect().adjusted(_icon_room(), 0, -theme.scaled(18), 0)
        used = paint_text(painter, place, self.cause, self._kind, font)
        place.setLeft(place.left() + used + 6)
        paint_text(painter, place, self._aside, "dim", theme.font(theme.SMALL))
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), 3)



def _icon_room() -> int:
    return theme.scaled(22)
