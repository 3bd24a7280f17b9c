"""The studio's logo in the settings: shown on white as on paper, chosen from a file, removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.widgets.buttons import FlatButton
from studio_desktop.ui.widgets.photo import choose_picture, kept_image
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell


class LogoField(QWidget):
    """The hash of an image that is kept; `changed` hears another one once a person has chosen it."""

    changed: Callable[[str], None]

    def __init__(self, shell: Shell, said: str, parent: QWidget) -> None:
        """`said` explains what it is for."""
        super().__init__(parent)
        self._shell = shell
        self._hash = ""
        self._picture = PlainLabel("", self)
        self._picture.setAccessibleName(self.tr("Logo as it is"))
        self.choose_button = FlatButton(self.tr("Choose…"), self, compact=True)
        self.choose_button.setAccessibleName(self.tr("Choose a logo"))
        self.remove_button = FlatButton(self.tr("Remove"), self, compact=True)
        self.remove_button.setAccessibleName(self.tr("Remove the logo"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words = PlainLabel(said, self, tone="dim", px=theme.SMALL)
        words.setWordWrap(True)
        for widget in (self._picture, self.choose_button, self.remove_button):
            row.addWidget(widget)
        row.addWidget(words, 1)
        self.choose_button.clicked.connect(self._choose)
        self.remove_button.clicked.connect(lambda: self.changed(""))
        self.setFocusProxy(self.choose_button)
        self._show(QImage())

    def show_value(self, image_hash: str) -> None:
        """Show the image of this hash; "" is none."""
        self.remove_button.setVisible(bool(image_hash))
        if image_hash == self._hash:
            return
        self._hash = image_hash
        if not image_hash:
            self._show(QImage())
            return
        images = self._shell.services.images
        self._shell.tasks.latest(self, "logo", lambda: kept_image(images.load(image_hash)), self._show)

    def _choose(self) -> None:
        from studio_desktop.services.images import ON_PAPER, read_file

        path = choose_picture(self._shell, self, self.tr("Choose a logo"))
        if path is not None:
            images = self._shell.services.images
            self._shell.tasks.run(self, lambda: images.store(read_file(path), longest=ON_PAPER), self.changed)

    def _show(self, picture: QImage) -> None:
        self._picture.setVisible(bool(self._hash))
        if picture.isNull():
            self._picture.setPixmap(QPixmap())
            return
        ratio = self.devicePixelRatio()
        room = QSize(theme.scaled(150), theme.scaled(48)) * ratio
        fitted = QPixmap.fromImage(
            picture.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
        fitted.setDevicePixelRatio(ratio)
        self._picture.setPixmap(fitted)
