"""The list of a client's family: name, relation, birthday with age, phone or e-mail, and who is secondary contact."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import repeat
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.names import full_name
from studio_desktop.domain.records.clients import FamilyMember, Stage
from studio_desktop.ui import theme
from studio_desktop.ui.widgets.marks import paint_current, paint_focus_ring, paint_text
from studio_desktop.ui.widgets.plain_label import as_tip

if TYPE_CHECKING:
    from studio_desktop.services.family import LinkedClient

_Index = QModelIndex | QPersistentModelIndex

ROW = 24
NAME, RELATION, BIRTHDAY, CONTACT, SECONDARY = range(5)


class Members(QAbstractTableModel):
    """The members with those struck out, as a table."""

    def __init__(self, parent: QWidget, formats: Formats, today: Callable[[], date]) -> None:
        super().__init__(parent)
        self.members: list[FamilyMember] = []
        self.removed: set[str] = set()
        self.links: list[LinkedClient] = []
        self.relations: Mapping[int, str] = {}
        self._formats = formats
        self._today = today

    def staying(self) -> list[FamilyMember]:
        """Those that are not struck out."""
        return [member for member in self.members if member.uid not in self.removed]

    def find(self, uid: str) -> FamilyMember | None:
        """The member of this uid."""
        return next((member for member in self.members if member.uid == uid), None)

    def row_of(self, uid: str) -> int | None:
        """Where the member stands."""
        return next((row for row, member in enumerate(self.members) if member.uid == uid), None)

    def show(self, members: list[FamilyMember], removed: list[str] | None = None) -> None:
        """Show these; of the same people the chosen row stays chosen."""
        removed_now = set(removed or ())
        same_people = [one.uid for one in members] == [one.uid for one in self.members]
        self.removed = removed_now
        if same_people:  # the chosen row stays chosen
            self.members = members
            self.refresh()
            return
        self.beginResetModel()
        self.members = members
        self.endResetModel()

    def show_links(self, links: list[LinkedClient]) -> None:
        """Show these relatives with a record of their own, below the members."""
        if links != self.links:
            self.beginResetModel()
            self.links = links
            self.endResetModel()

    def link_at(self, row: int) -> LinkedClient | None:
        """The linked client of this row; None for a member's."""
        at = row - len(self.members)
        return self.links[at] if 0 <= at < len(self.links) else None

    def refresh(self) -> None:
        """Paint all rows again."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, SECONDARY))

    def add(self, member: FamilyMember) -> None:
        """One more, at the end."""
        self.beginInsertRows(QModelIndex(), len(self.members), len(self.members))
        self.members.append(member)
        self.endInsertRows()

    def put(self, member: FamilyMember) -> None:
        """Another state of a member that is here; there is one secondary contact."""
        row = self.row_of(member.uid)
        if row is not None:
            self.members[row] = member
            if member.secondary_contact:
                self._only(member.uid)
            self.refresh()

    def drop(self, uid: str) -> None:
        """Forget a member that was never saved."""
        row = self.row_of(uid)
        if row is not None:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self.members[row]
            self.endRemoveRows()

    def strike(self, uid: str) -> None:
        """Strike a member out, or bring it back."""
        self.removed ^= {uid}
        self.refresh()

    def set_secondary(self, uid: str, secondary: bool) -> None:
        """Make the member the secondary contact, or nobody."""
        self._only(uid if secondary else "")
        self.refresh()

    def _only(self, uid: str) -> None:
        self.members = [dataclasses.replace(one, secondary_contact=one.uid == uid) for one in self.members]

    def relation(self, member: FamilyMember) -> str:
        """How the member belongs to the client."""
        return self.relations.get(member.relationship_id or 0, "")

    def birthday(self, member: FamilyMember | LinkedClient) -> tuple[str, str]:
        """The birthday, and the age or the coming one."""
        born = member.birthday
        return ("", "") if born is None else (self._formats.partial(born), age(born, self._today(), self._formats))

    def contact(self, member: FamilyMember) -> str:
        """The first phone, else the first e-mail."""
        if member.phones:
            phone = member.phones[0]
            return self._formats.phone(phone.typed, phone.e164, phone.extension)
        return member.emails[0].address if member.emails else ""

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """One for each member and each linked client."""
        return 0 if parent.isValid() else len(self.members) + len(self.links)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: ARG002, B008
        """As many as there are titles."""
        return SECONDARY + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        titles = (self.tr("Name"), self.tr("Relation"), self.tr("Birthday"), self.tr("Phone or e-mail"), self.tr("2nd"))
        return titles[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell; to a screen reader the whole member."""
        linked = self.link_at(index.row())
        if linked is not None:
            return self._of_link(linked, index.column(), role)
        member = self.members[index.row()]
        name = full_name(member.first_name, member.last_name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (name, self.relation(member), " ".join(self.birthday(member)).strip(),
                                               self.contact(member), self._said(member)) if part)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        texts = (name, self.relation(member), " ".join(self.birthday(member)), self.contact(member), "")
        return texts[index.column()]

    def _of_link(self, linked: LinkedClient, column: int, role: int) -> Any:
        name = full_name(linked.first_name, linked.last_name) or linked.company
        stage = "" if linked.stage is Stage.ACTIVE else linked.stage.value
        own = self.tr("own record, {stage}").format(stage=stage) if stage else self.tr("own record")
        texts = (name, linked.word, " ".join(self.birthday(linked)).strip(), own, "")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in texts if part)
        return texts[column] if role == Qt.ItemDataRole.DisplayRole else None

    def _said(self, member: FamilyMember) -> str:
        if member.uid in self.removed:
            return self.tr("will be removed")
        return self.tr("secondary contact") if member.secondary_contact else ""


def age(born: PartialDate, today: date, formats: Formats) -> str:
    """`40`, or in the week before a birthday `7 on Thu`; empty without the year, and beyond the studio's limit."""
    coming = born.next_occurrence(today)
    turns = formats.age(born.turns(today))
    if coming is not None and turns and timedelta() < coming - today <= timedelta(days=7):
        return f"{turns} on {_DAYS[coming.weekday()]}"
    return formats.age(born.age_on(today))


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class MemberList(QTableView):
    """The members; Insert adds, Enter opens, Del removes, Space makes the secondary contact."""

    add_wanted = Signal()
    open_wanted = Signal()
    remove_wanted = Signal()
    secondary_wanted = Signal()

    def __init__(self, model: Members, parent: QWidget) -> None:
        super().__init__(parent)
        self._members = model
        self.setModel(model)
        self.setItemDelegate(_MemberPainter(self, model))
        self.setAccessibleName(self.tr("Family members"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        header = _Headings(self)
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self._size()
        for changed in (model.rowsInserted, model.rowsRemoved, model.modelReset, model.dataChanged):
            changed.connect(self._size)

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        rows = max(self._members.rowCount(), 1)
        return QSize(theme.scaled(420), (rows + 1) * theme.row_height(ROW) + 2)

    def minimumSizeHint(self) -> QSize:
        """Whole rows, always."""
        return QSize(theme.scaled(300), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the list."""
        wanted = {
            Qt.Key.Key_Insert: self.add_wanted,
            Qt.Key.Key_Return: self.open_wanted,
            Qt.Key.Key_Enter: self.open_wanted,
            Qt.Key.Key_F2: self.open_wanted,
            Qt.Key.Key_Delete: self.remove_wanted,
            Qt.Key.Key_Space: self.secondary_wanted,
        }.get(Qt.Key(event.key()))
        if wanted is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            wanted.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click at the end of the row makes the secondary contact."""
        super().mousePressEvent(event)
        if self.indexAt(event.position().toPoint()).column() == SECONDARY:
            self.secondary_wanted.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the member."""
        if self.indexAt(event.position().toPoint()).column() not in (-1, SECONDARY):
            self.open_wanted.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """All that the keys do."""
        menu = QMenu(self)
        menu.addAction(self.tr("Add a family member"), self.add_wanted.emit)
        if self.currentIndex().isValid():
            menu.addAction(self.tr("Open"), self.open_wanted.emit)
            menu.addAction(self.tr("Secondary contact, or no longer"), self.secondary_wanted.emit)
            menu.addAction(self.tr("Remove, or bring back"), self.remove_wanted.emit)
        menu.popup(event.globalPos())
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or what goes here; and the ring."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        if not self._members.rowCount():
            painter.setPen(theme.token("dim"))
            painter.setFont(theme.font(theme.BASE))
            place = self.viewport().rect().adjusted(8, 0, 0, 0)
            painter.drawText(place, _LEFT, self.tr("Nobody yet. Insert adds spouse, children, parents."))
        if self.hasFocus():
            row = self.visualRect(self.currentIndex())
            ring = QRectF(self.viewport().rect())
            if not row.isEmpty():
                ring = QRectF(0, row.y(), ring.width(), row.height())
            paint_focus_ring(painter, ring, 2)

    def _size(self) -> None:
        """Give each column what its texts need, and the names all that is left."""
        self.verticalHeader().setDefaultSectionSize(theme.row_height(ROW))
        for column, widest in ((RELATION, 110), (BIRTHDAY, 160), (CONTACT, 150)):
            needed = max(map(self._needed, range(-1, self._members.rowCount()), repeat(column)))
            self.setColumnWidth(column, min(needed, theme.scaled(widest)))
        self.setColumnWidth(SECONDARY, theme.scaled(36))
        self.updateGeometry()

    def _needed(self, row: int, column: int) -> int:
        """The width of a cell, of the heading for row -1."""
        if row < 0:
            title = str(self._members.headerData(column, Qt.Orientation.Horizontal))
            return QFontMetrics(theme.font(theme.SMALL, theme.STRONG)).horizontalAdvance(title) + _AROUND
        text = str(self._members.index(row, column).data())
        return QFontMetrics(theme.font()).horizontalAdvance(text) + (8 if column == BIRTHDAY else 0) + _AROUND


class _Headings(QHeaderView):
    """Flat headings with a hairline below."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(20)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.row_height(ROW))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.fillRect(rect, theme.token("window"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.token("line"))
        painter.setFont(theme.font(theme.SMALL, theme.STRONG))
        painter.setPen(theme.token("dim"))
        title = self.model().headerData(section, Qt.Orientation.Horizontal)
        painter.drawText(rect.adjusted(8, 0, 0, 0), _LEFT, str(title))


class _MemberPainter(QStyledItemDelegate):
    def __init__(self, view: QTableView, members: Members) -> None:
        super().__init__(view)
        self._view = view
        self._members = members

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        linked = self._members.link_at(index.row())
        member = self._members.members[index.row()] if linked is None else FamilyMember()
        removed = linked is None and member.uid in self._members.removed
        painter.save()
        if index.row() == self._view.currentIndex().row():
            if index.column() == NAME:
                paint_current(painter, rect)
            else:
                painter.fillRect(rect, theme.token("accent_soft"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.token("line"))
        if index.column() == SECONDARY:
            if not removed and linked is None:
                _paint_radio(painter, rect, chosen=member.secondary_contact)
        elif index.column() == BIRTHDAY:
            born, years = self._members.birthday(linked or member)
            used = self._write(painter, rect, born, removed)
            paint_text(painter, rect.adjusted(8 + used + 8, 0, 0, 0), years, "dim", theme.font(theme.SMALL))
        else:
            tone = "link" if linked is not None and index.column() == NAME else "text"
            self._write(painter, rect, str(index.data()), removed, tone)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """The whole text of a cell that is cut."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        text, rect = str(index.data()), QRect(option.rect)
        is_cut = QFontMetrics(theme.font()).horizontalAdvance(text) > rect.width() - _AROUND
        QToolTip.showText(event.globalPos(), as_tip(text) if is_cut else "", view, rect)
        return True

    def _write(self, painter: QPainter, rect: QRect, text: str, removed: bool, tone: str = "text") -> int:
        font = theme.font(theme.BASE)
        font.setStrikeOut(removed)
        return paint_text(painter, rect.adjusted(8, 0, -4, 0), text, "faint" if removed else tone, font)


_AROUND = 13  # the pixels beside the text of a cell
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _paint_radio(painter: QPainter, rect: QRect, *, chosen: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = QPointF(rect.center()) + QPointF(0.5, 0.5)
    painter.setPen(QPen(theme.token("link" if chosen else "field_edge"), 1.5 if chosen else 1))
    painter.setBrush(theme.token("field"))
    painter.drawEllipse(middle, theme.scale() * 7, theme.scale() * 7)
    if chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.mark_colour())
        painter.drawEllipse(middle, theme.scale() * 3.8, theme.scale() * 3.8)
