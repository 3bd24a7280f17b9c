"""The pages of a PDF one below the other, turned and enlarged by key, wheel and button."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QMargins, QPointF, QSizeF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWheelEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFrame, QWidget

from studio_desktop.ui import theme


class Zoom(StrEnum):
    """How pages are fitted into the view."""

    WIDTH = "width"
    PAGE = "page"


class PdfPages(QPdfView):
    """Shows a document; PgUp and PgDn turn whole pages, Ctrl and the wheel enlarge."""

    page_changed = Signal(int)
    """Another page, counted from 0, is the one in front."""
    zoom_changed = Signal()
    """It is larger or smaller than before."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPageMode(QPdfView.PageMode.MultiPage)
        self.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDocumentMargins(QMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN))
        self.setPageSpacing(_MARGIN)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.set_colours(self, Dark="line")
        self.pageNavigator().currentPageChanged.connect(self.page_changed)

    def show_document(self, document: QPdfDocument) -> None:
        """Show these pages, from the first one."""
        self.setDocument(document)

    def page(self) -> int:
        """The page in front, counted from 0."""
        return self.pageNavigator().currentPage()

    def go_to(self, page: int) -> None:
        """Bring a page to the top."""
        if 0 <= page < self._count():
            self.pageNavigator().jump(page, QPointF())

    def turn(self, step: int) -> None:
        """So many pages on."""
        self.go_to(min(max(self.page() + step, 0), self._count() - 1))

    def bring_into_sight(self, page: int, down: float) -> None:
        """Let a place, so many points below the top of a page, stand in the upper third of the view."""
        tops = _MARGIN + sum(self._page_size(one).height() + self.pageSpacing() for one in range(page))
        place = tops + down * self._page_size(page).height() / max(self._points(page).height(), 1.0)
        self.verticalScrollBar().setValue(round(place - self.viewport().height() / 3))

    def zoom(self) -> Zoom | int:
        """How it is fitted, or how large it is in per cent."""
        modes = {QPdfView.ZoomMode.FitToWidth: Zoom.WIDTH, QPdfView.ZoomMode.FitInView: Zoom.PAGE}
        return modes.get(self.zoomMode()) or round(self.zoomFactor() * 100)

    def set_zoom(self, zoom: Zoom | int) -> None:
        """Fit it, or show it at so many per cent; the page in front stays there."""
        page = self.page()
        if isinstance(zoom, Zoom):
            modes = {Zoom.WIDTH: QPdfView.ZoomMode.FitToWidth, Zoom.PAGE: QPdfView.ZoomMode.FitInView}
            self.setZoomMode(modes[zoom])
        else:
            self.setZoomMode(QPdfView.ZoomMode.Custom)
            self.setZoomFactor(min(max(zoom, _SMALLEST), _LARGEST) / 100)
        self.go_to(page)
        self.zoom_changed.emit()

    def zoom_by(self, steps: int) -> None:
        """Larger, or for a negative number smaller, from how large it is now."""
        natural = self._points(self.page()).width() * self._pixels_per_point()
        now = self._page_size(self.page()).width() / max(natural, 1.0) * 100
        self.set_zoom(round(now * _STEP**steps))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pages by PgUp and PgDn, the first and the last by Home and End; arrows scroll."""
        steps = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1, Qt.Key.Key_Space: 1, Qt.Key.Key_Backspace: -1}
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier:
            super().keyPressEvent(event)
        elif key in steps:
            self.turn(steps[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(0 if key == Qt.Key.Key_Home else self._count() - 1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self.zoom_by(1 if key == Qt.Key.Key_Plus else -1)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl it enlarges."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow another scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    def _count(self) -> int:
        return self.document().pageCount()

    def _points(self, page: int) -> QSizeF:
        return self.document().pagePointSize(page)

    @staticmethod
    def _pixels_per_point() -> float:
        return QGuiApplication.primaryScreen().logicalDotsPerInch() / 72

    def _page_size(self, page: int) -> QSizeF:
        """How large a page is on the screen, as the view lays it out."""
        natural = self._points(page) * self._pixels_per_point()
        if self.zoomMode() is QPdfView.ZoomMode.Custom:
            return natural * self.zoomFactor()
        across = (self.viewport().width() - 2 * _MARGIN) / max(natural.width(), 1.0)
        down = (self.viewport().height() - self.pageSpacing()) / max(natural.height(), 1.0)
        return natural * (across if self.zoomMode() is QPdfView.ZoomMode.FitToWidth else min(across, down))


_MARGIN = 12
_STEP = 1.25
_SMALLEST, _LARGEST = 10, 600
