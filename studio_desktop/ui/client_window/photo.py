"""What a person can do with the photo in the header: choose, paste, drop, crop, remove (S2-02)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from studio_desktop.domain.errors import InvalidInput
from studio_desktop.services import new_request
from studio_desktop.ui.actions import MenuEntry
from studio_desktop.ui.icons import icon
from studio_desktop.ui.widgets.photo import Source, bytes_of, choose_picture, picture_in

if TYPE_CHECKING:
    from studio_desktop.domain.records.clients import ClientRecord
    from studio_desktop.services import Saved
    from studio_desktop.ui.page import Shell


class PhotoChanges(QObject):
    """Changes the photo of the client of a page; a new picture goes through the sheet where it is cropped."""

    def __init__(self, shell: Shell, page: QWidget, record: Callable[[], ClientRecord | None]) -> None:
        """`record` gives the client as it stands."""
        super().__init__(page)
        self._shell = shell
        self._page = page
        self._record = record

    def entries(self) -> list[MenuEntry]:
        """Everything that can be done now."""
        record = self._record()
        none = "" if record is not None and record.image_hash else self.tr("There is no photo yet.")
        return [
            MenuEntry(self.tr("Choose a file…"), self.choose, "folder_open"),
            MenuEntry(self.tr("Paste"), self.paste, "clipboard_paste"),
            MenuEntry(self.tr("Crop…"), self.crop, "cut", why_not=none),
            MenuEntry(self.tr("Remove"), self.remove, "delete", why_not=none),
        ]

    def offer(self, place: QPoint) -> None:
        """A menu of it, here on the screen, with the first line chosen for Enter."""
        menu = QMenu(self._page)
        menu.aboutToHide.connect(menu.deleteLater)
        for entry in self.entries():
            action = menu.addAction(icon(entry.icon), entry.text, entry.run)
            action.setEnabled(not entry.why_not)
        menu.setActiveAction(menu.actions()[0])
        menu.popup(place)

    def choose(self) -> None:
        """Ask for a file."""
        path = choose_picture(self._shell, self._page, self.tr("Choose a photo"))
        if path is not None:
            self.take(path)

    def paste(self) -> None:
        """Take what is on the clipboard."""
        self.take(picture_in(QGuiApplication.clipboard().mimeData()))

    def take(self, source: Source | None) -> None:
        """Read a picture off the window's thread, and show it in the sheet where it is cropped."""
        if source is None:
            self._shell.failed(InvalidInput("There is no picture. Copy one, or drop its file here."))
            return

        def read() -> bytes:
            from studio_desktop.services.images import looked_at

            return looked_at(bytes_of(source))

        self._shell.tasks.run(self, read, self._open_sheet, lane="pool")

    def crop(self) -> None:
        """Choose another square of the photo that is there."""
        record, images = self._record(), self._shell.services.images
        if record is not None and record.image_hash:
            self._shell.tasks.run(self, lambda: images.load(record.image_hash), self._open_sheet, lane="read")

    def remove(self) -> None:
        """Take the photo away; Undo brings it back."""
        record, clients, request = self._record(), self._shell.services.clients, new_request()
        if record is None or not record.image_hash:
            return
        name = self._shell.formats.name(record.last_name, record.first_name, record.company) or record.number

        def done(saved: Saved[ClientRecord]) -> None:
            self._shell.saved(self.tr("Photo of {name} removed").format(name=name), saved.changes)

        self._shell.tasks.run(self, lambda: clients.set_photo(record.id, None, request), done)

    def _open_sheet(self, picture: bytes) -> None:
        record = self._record()
        if record is not None:
            self._shell.open_sheet("photo", client_id=record.id, picture=base64.b64encode(picture).decode())
