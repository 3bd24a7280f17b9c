"""A client's photo before it is kept: chosen, turned, and cut to the square that shows (S2-02)."""

from __future__ import annotations

import base64
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from studio_desktop.domain.errors import DatabaseUnavailable, InvalidInput, StudioError
from studio_desktop.services import new_request
from studio_desktop.services.images import Crop, cut, looked_at
from studio_desktop.ui import theme
from studio_desktop.ui.form import load_form, put_into
from studio_desktop.ui.page import ClientInHand, Sheet, Shell
from studio_desktop.ui.widgets.buttons import FlatButton, PrimaryButton
from studio_desktop.ui.widgets.photo import Source, bytes_of, choose_picture, kept_image, picture_in
from studio_desktop.ui.widgets.picture_cutter import PictureCutter
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.domain.records.clients import ClientRecord
    from studio_desktop.services import Saved

PREVIEW = 92
"""Pixels at 100 %: as in the client's header."""


class PhotoSheet(Sheet):
    """A picture with the square that is kept, and how it will look; what is no picture is refused with the reason."""

    name = "photo"

    picture_place: QWidget
    preview_label: PlainLabel
    choose_button: FlatButton
    paste_button: FlatButton
    left_button: FlatButton
    right_button: FlatButton
    said_label: PlainLabel
    use_button: PrimaryButton

    def __init__(
        self, shell: Shell, client_id: int | None = None, picture: str = "", parent: QWidget | None = None
    ) -> None:
        """`picture` is a JPEG as `looked_at` gives it, in base64."""
        super().__init__(shell, parent)
        in_hand = shell.client_in_hand()
        self._client_id = client_id or (in_hand.id if in_hand is not None else 0)
        self._client = in_hand if in_hand is not None and in_hand.id == self._client_id else None
        self._request = new_request()
        self._picture = ""
        self._is_saving = False
        load_form(self, "photo_sheet")
        empty = self.tr("Choose a file, paste a picture, or drop one here.")
        self.cutter: PictureCutter = put_into(self.picture_place, PictureCutter(empty, self.picture_place))
        self.preview_label.setFixedSize(theme.scaled(PREVIEW), theme.scaled(PREVIEW))
        self.setAcceptDrops(True)
        self.choose_button.clicked.connect(self.choose)
        self.paste_button.clicked.connect(self.paste)
        self.left_button.clicked.connect(lambda: self.cutter.turn(-1))
        self.right_button.clicked.connect(lambda: self.cutter.turn(1))
        self.use_button.clicked.connect(self.finish)
        self.cutter.changed.connect(self._tell)
        self._show(picture)

    def title(self) -> str:
        """Photo."""
        return self.tr("Photo")

    def client_in_hand(self) -> ClientInHand | None:
        """Whose photo."""
        return self._client

    def takes_client(self) -> bool:
        """It may be another one's photo."""
        return not self._is_saving

    def lacks_client(self) -> bool:
        """Nobody was in hand."""
        return not self._client_id

    def set_client(self, client: ClientInHand) -> None:
        """It is this one's photo."""
        self._client_id, self._client, self._request = client.id, client, new_request()

    def state(self) -> dict[str, Any]:
        """The picture, and the square."""
        if not self._picture:
            return {}
        client = [self._client.id, self._client.name] if self._client is not None else None
        return {"picture": self._picture, "cut": list(astuple(self.cutter.crop())), "of": client}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back what `state` gave."""
        if state["of"] is not None:
            self.set_client(ClientInHand(*state["of"]))
        self._show(state["picture"], Crop(*state["cut"]))

    def take_focus(self) -> None:
        """Into the picture, or to the choice of one."""
        (self.cutter if self._picture else self.choose_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:
        """A picture at which a face is seen."""
        return QSize(theme.scaled(760), theme.scaled(430))

    def choose(self) -> None:
        """Ask for a file."""
        path = choose_picture(self.shell, self, self.tr("Choose a photo"))
        if path is not None:
            self.take(path)

    def paste(self) -> None:
        """Take what is on the clipboard."""
        self.take(picture_in(QGuiApplication.clipboard().mimeData()))

    def take(self, source: Source | None) -> None:
        """Show another picture, once it is read; nothing else changes when it cannot be."""
        if source is None:
            self._refused(InvalidInput("There is no picture. Copy one, or drop its file here."))
            return
        self.said_label.set_look(tone="dim")
        self.said_label.setText(self.tr("Reading the picture…"))
        self.shell.tasks.latest(
            self, "picture", lambda: base64.b64encode(looked_at(bytes_of(source))).decode(), self._chosen,
            self._refused, lane="pool",
        )  # fmt: skip

    def finish(self) -> None:
        """Keep the square as the client's photo; Undo brings back the one before."""
        if not self._picture or not self._client_id or self._is_saving:
            return
        clients, client_id, request = self.shell.services.clients, self._client_id, self._request
        raw, crop = base64.b64decode(self._picture), self.cutter.crop()
        self._is_saving = True
        self._tell()
        self.shell.tasks.run(
            self, lambda: clients.set_photo(client_id, cut(raw, crop), request), self._saved, self._failed,
            always=self._free,
        )  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V pastes wherever the cursor is: there is no text here."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file, or a picture out of another program."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        event.acceptProposedAction()
        self.take(picture_in(event.mimeData()))

    def _chosen(self, picture: str) -> None:
        self._show(picture)
        self.take_focus()

    def _show(self, picture: str, crop: Crop | None = None) -> None:
        self._picture = picture
        self.cutter.show_picture(kept_image(base64.b64decode(picture)) if picture else QImage(), crop)

    def _refused(self, error: StudioError) -> None:
        self.said_label.set_look(tone="red")
        self.said_label.setText(str(error))

    def _tell(self) -> None:
        """Another square: another request, and another preview."""
        has_picture = bool(self._picture)
        if not self._is_saving:
            self._request = new_request()
        for button in (self.left_button, self.right_button):
            button.setEnabled(has_picture)
        self.use_button.setEnabled(has_picture and not self._is_saving)
        self.preview_label.setVisible(has_picture)
        self.preview_label.setPixmap(self._preview() if has_picture else QPixmap())
        hint = self.tr("Arrows move the square, + and − size it.")
        self.said_label.set_look(tone="dim")
        self.said_label.setText(hint if has_picture else "")

    def _preview(self) -> QPixmap:
        ratio, side = self.devicePixelRatio(), theme.scaled(PREVIEW)
        wanted = round(side * ratio)
        small = self.cutter.inside().scaled(
            wanted, wanted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        drawn = QPixmap(wanted, wanted)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(0, 0, wanted, wanted, 4 * ratio, 4 * ratio)
        painter.setClipPath(shape)
        painter.drawImage(0, 0, small)
        painter.end()
        drawn.setDevicePixelRatio(ratio)
        return drawn

    def _saved(self, saved: Saved[ClientRecord]) -> None:
        record = saved.result
        name = self.shell.formats.name(record.last_name, record.first_name, record.company) or record.number
        self.shell.saved(self.tr("Photo of {name} changed").format(name=name), saved.changes)
        self.finished.emit()

    def _failed(self, error: StudioError) -> None:
        if isinstance(error, DatabaseUnavailable):
            self.shell.failed(error, self.finish)
        else:
            self._refused(error)

    def _free(self) -> None:
        self._is_saving = False
        self.use_button.setEnabled(True)
