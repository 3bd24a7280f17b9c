"""What was kept under a name, in a panel: chosen by first letters and Enter, saved and removed in the same place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from studio_desktop.services.layouts import Named
from studio_desktop.ui import theme
from studio_desktop.ui.widgets.buttons import FlatButton, LinkButton
from studio_desktop.ui.widgets.plain_label import PlainLabel
from studio_desktop.ui.widgets.ticks import TickBox


class KeptPanel(QFrame):
    """Enter or a click takes one; Del removes an own one; below, what stands now is saved under a name."""

    chosen = Signal(object)
    """A `Named` is to be used."""
    forgotten = Signal(object)
    """A `Named` of this person's own is to be removed."""
    edit_wanted = Signal(object)
    """A `Named` is to be changed in a sheet; None: a new one is to be made there."""
    saved = Signal(str, bool)
    """What stands now is to be kept under this name, shared with everybody or not."""

    def __init__(self, title: str, save_words: str, parent: QWidget, edit_words: str = "") -> None:
        """`edit_words` are those of the link that makes a new one in a sheet; without them nothing is edited."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(title)
        self.list = _Lines(self)
        self.list.setAccessibleName(title)
        theme.set_colours(self.list, Highlight="accent_soft", HighlightedText="text")
        self.name_edit = QLineEdit(self)
        self.name_edit.setMaxLength(60)
        self.name_edit.setTextMargins(3, 0, 0, 0)
        self.name_edit.setPlaceholderText(save_words)
        self.name_edit.setAccessibleName(save_words)
        self.shared_box = TickBox(self.tr("For &everybody"), self)
        self.save_button = FlatButton(self.tr("&Save"), parent=self)
        self.save_button.setEnabled(False)
        self._empty = PlainLabel(self.tr("Nothing is kept yet."), self, tone="dim")
        words = self.tr("Enter uses · F2 edits · Del removes") if edit_words else self.tr("Enter uses · Del removes")
        keys = PlainLabel(words, self, tone="dim", px=theme.SMALL)
        self.edit_link = LinkButton(edit_words, self)
        self.edit_link.setVisible(bool(edit_words))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(PlainLabel(title, self, strong=True))
        column.addWidget(self._empty)
        column.addWidget(self.list, 1)
        column.addWidget(keys)
        column.addWidget(self.edit_link)
        column.addWidget(self.name_edit)
        foot = QHBoxLayout()
        column.addLayout(foot)
        foot.addWidget(self.shared_box)
        foot.addStretch(1)
        foot.addWidget(self.save_button)
        self.list.itemClicked.connect(self._take)
        self.list.taken.connect(self._take)
        if edit_words:
            self.list.edited.connect(lambda item: self._edit(item.data(_NAMED)))
            self.edit_link.clicked.connect(lambda: self._edit(None))
        self.list.removed.connect(lambda item: self.forgotten.emit(item.data(_NAMED)))
        self.name_edit.textChanged.connect(lambda text: self.save_button.setEnabled(bool(text.strip())))
        self.name_edit.returnPressed.connect(self._save)
        self.save_button.clicked.connect(self._save)
        self.resize(theme.scaled(_WIDTH), theme.scaled(_HEIGHT))

    def show_kept(self, kept: Sequence[Named]) -> None:
        """Offer these; whose they are stands behind those of others."""
        self.list.clear()
        for one in kept:
            whose = self.tr("{name} · shared by {owner}").format(name=one.name, owner=one.owner)
            own = self.tr("{name} · shared").format(name=one.name) if one.shared else one.name
            item = QListWidgetItem(own if one.mine else whose, self.list)
            item.setData(_NAMED, one)
            item.setSizeHint(QSize(0, theme.row_height(_ROW)))
        self.list.setCurrentRow(0)
        self._empty.setVisible(not kept)
        (self.list if kept else self.name_edit).setFocus(Qt.FocusReason.PopupFocusReason)

    def open_at(self, place: QPoint) -> None:
        """Show it at a place of the screen."""
        screen = self.screen().availableGeometry()
        right, bottom = screen.right() - self.width(), screen.bottom() - self.height()
        self.move(max(min(place.x(), right), screen.left()), max(min(place.y(), bottom), screen.top()))
        self.show()
        self.name_edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def _take(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_NAMED))
        self.close()

    def _edit(self, one: Named | None) -> None:
        self.edit_wanted.emit(one)
        self.close()

    def _save(self) -> None:
        name = self.name_edit.text().strip()
        if name:
            self.saved.emit(name, self.shared_box.isChecked())
            self.close()


_NAMED = Qt.ItemDataRole.UserRole
_ROW, _WIDTH, _HEIGHT = 22, 320, 360


class _Lines(QListWidget):
    taken = Signal(object)
    removed = Signal(object)
    edited = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes, Del removes; letters jump, as in every list."""
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit(item)
        elif item is not None and event.key() == Qt.Key.Key_F2:
            self.edited.emit(item)
        elif item is not None and event.key() == Qt.Key.Key_Delete:
            self.removed.emit(item)
        else:
            super().keyPressEvent(event)
