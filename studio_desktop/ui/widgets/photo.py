"""The photo of a person, read off the window's thread; the initials of one who has none (S2-02)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QEvent,
    QIODevice,
    QMimeData,
    QPoint,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QImageReader,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets.enter import pressed_by_enter
from studio_desktop.ui.widgets.marks import paint_focus_ring, paint_initials
from studio_desktop.ui.widgets.plain_label import as_tip

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell

Source = Path | bytes | QImage
"""Where a new picture comes from: a file, what another program gave, or what Qt has read of it already."""


class Photo(QWidget):
    """Shows a person; nothing is asked of the database for one who has no photo."""

    def __init__(self, shell: Shell, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = _Face(shell, self)
        self.setFixedSize(size, size)

    def show_person(self, name: str, image_hash: str) -> None:
        """Show this person."""
        self.setAccessibleName(_tr("Photo of {name}").format(name=name))
        self._face.show_person(name, image_hash)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it."""
        self._face.paint(QPainter(self))


class PhotoButton(QAbstractButton):
    """The photo as the place where it is changed: a click, Enter or Space asks what to do; it takes what is dropped."""

    menu_wanted = Signal(QPoint)
    """What can be done is to be offered here, in the coordinates of the screen."""
    paste_wanted = Signal()
    given = Signal(object)
    """A `Source` was dropped here; None for something that is no picture."""

    def __init__(self, shell: Shell, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._face = _Face(shell, self)
        self.setFixedSize(size, size)
        self.clicked.connect(lambda: self.menu_wanted.emit(self.mapToGlobal(self.rect().bottomLeft())))
        self.set_changeable(False)

    def show_person(self, name: str, image_hash: str) -> None:
        """Show this person."""
        self.setAccessibleName(_tr("Photo of {name}").format(name=name))
        self._face.show_person(name, image_hash)

    def set_changeable(self, changeable: bool) -> None:
        """Let the photo be changed, or only be seen."""
        self.setEnabled(changeable)
        self.setAcceptDrops(changeable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if changeable else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if changeable else Qt.CursorShape.ArrowCursor)
        tip = self.tr("Click to choose, crop or remove the photo. Ctrl+V pastes one; a picture can be dropped here.")
        self.setToolTip(as_tip(tip) if changeable else "")

    def event(self, event: QEvent) -> bool:
        """Ctrl+V is meant for the photo while it has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and _pastes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter as well as Space, and Ctrl+V."""
        if _pastes(event):
            self.paste_wanted.emit()
        elif not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same as a click."""
        if self.isEnabled():
            self.menu_wanted.emit(event.globalPos())
            event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file, or a picture out of another program."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        event.acceptProposedAction()
        self.given.emit(picture_in(event.mimeData()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Draw it, with the ring of the focus."""
        painter = QPainter(self)
        self._face.paint(painter)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))


def choose_picture(shell: Shell, parent: QWidget, title: str) -> Path | None:
    """Ask for the file of a picture; None for Cancel."""
    from studio_desktop.services.images import KINDS

    endings = " ".join(f"*.{ending}" for ending in KINDS)
    return shell.prompts.choose_file(parent, title, _tr("Pictures ({endings})").format(endings=endings))


def picture_in(mime: QMimeData) -> Source | None:
    """The picture that was copied or dropped: a file of this computer, else the picture itself, else None."""
    for url in mime.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    for kind in ("png", "jpeg", "webp", "gif", "bmp", "tiff"):
        data = bytes(mime.data(f"image/{kind}").data())
        if data:
            return data
    image = QImage(mime.imageData()) if mime.hasImage() else QImage()
    return None if image.isNull() else image


def bytes_of(source: Source) -> bytes:
    """The bytes of a picture, for a lane. Raises InvalidInput for a file that cannot be read."""
    from studio_desktop.services.images import read_file

    if isinstance(source, Path):
        return read_file(source)
    if isinstance(source, bytes):
        return source
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    source.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide 6.11.3 wants bytes of a checker only
    return bytes(buffer.data().data())


def kept_image(jpeg: bytes) -> QImage:
    """A picture that the program has made itself; read as JPEG and nothing else."""
    buffer = QBuffer()
    buffer.setData(jpeg)
    return QImageReader(buffer, QByteArray(b"jpeg")).read()


class _Face:
    """Whom a widget shows: reads the photo, and paints it or the initials."""

    def __init__(self, shell: Shell, widget: QWidget) -> None:
        self._shell = shell
        self._widget = widget
        self._name = self._hash = ""
        self._fitted = QPixmap()
        self._picture: QImage | None = None

    def show_person(self, name: str, image_hash: str) -> None:
        self._name = name
        if image_hash != self._hash:
            self._hash, self._picture = image_hash, None
            images = self._shell.services.images
            if image_hash:
                # The newest question is the one that is answered, so an answer is about this hash.
                self._shell.tasks.latest(
                    self._widget, "photo", lambda: kept_image(images.load(image_hash)), self._take
                )
        self._widget.update()

    def paint(self, painter: QPainter) -> None:
        rect = QRectF(self._widget.rect())
        if not self._hash:
            paint_initials(painter, rect, self._name)
            return
        shape = QPainterPath()
        shape.addRoundedRect(rect, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(shape, theme.token("window"))
        if self._picture is not None:
            painter.setClipPath(shape)
            painter.drawPixmap(0, 0, self._fitting(self._picture))
            painter.setClipping(False)

    def _take(self, picture: QImage) -> None:
        self._picture, self._fitted = picture, QPixmap()
        self._widget.update()

    def _fitting(self, picture: QImage) -> QPixmap:
        """The picture in the size of the widget on its screen; one that is no square loses its edges."""
        ratio = self._widget.devicePixelRatio()
        wanted = self._widget.size() * ratio
        if self._fitted.size() != wanted or self._fitted.devicePixelRatio() != ratio:
            filling = picture.scaled(
                wanted, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
            )
            left, top = (filling.width() - wanted.width()) // 2, (filling.height() - wanted.height()) // 2
            self._fitted = QPixmap.fromImage(filling.copy(left, top, wanted.width(), wanted.height()))
            self._fitted.setDevicePixelRatio(ratio)
        return self._fitted


def _tr(text: str) -> str:
    return QCoreApplication.translate("Photo", text)


def _pastes(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Paste)
