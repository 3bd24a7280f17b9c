"""What every detail tab of a client is. A new one is a class in a file of its own and a name in `TABS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from studio_desktop.ui.client_window.record_form import RecordForm
from studio_desktop.ui.widgets.marks import LightKind

if TYPE_CHECKING:
    from studio_desktop.domain.changes import Changes
    from studio_desktop.domain.errors import StudioError
    from studio_desktop.domain.records.clients import ClientRecord
    from studio_desktop.services.clients import OpenClient
    from studio_desktop.ui.documents import Document
    from studio_desktop.ui.page import Shell


def tr(text: str) -> str:
    """The text in the language of the window; for what a tab is called before it is made."""
    return QCoreApplication.translate("Tab", text)


def scrolled(body: QWidget, parent: QWidget) -> QScrollArea:
    """An area that scrolls `body` where the window is too low for it, and looks as if it were not there."""
    area = QScrollArea(parent)
    area.setWidget(body)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    body.setAutoFillBackground(False)
    return area


class Tab(QWidget):
    """One part of the record. It is made when it is first shown, so that a record opens fast (G8)."""

    name: ClassVar = ""
    """Its key among the tabs."""

    form: RecordForm | None = None
    """The fields of the client's own record that are edited here; the page saves them."""

    edited = Signal()
    """Something that the page does not see by the form was changed by a person."""
    counted = Signal()
    """How many there are, or their light, may be another one than when the client was read."""

    listed = Signal()
    """Other rows are listed than before; perhaps none."""
    tab_wanted = Signal(str)
    """A person wants to see another tab, by its name."""

    def __init__(self, shell: Shell, client_id: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.shell = shell
        self.client_id = client_id

    @classmethod
    def text(cls) -> str:
        """What the tab is called."""
        raise TypeError(f"{cls.__name__} needs a text")

    @classmethod
    def is_needed(cls, opened: OpenClient) -> bool:  # noqa: ARG003
        """Whether this client has the tab."""
        return True

    @classmethod
    def count(cls, opened: OpenClient) -> int | None:  # noqa: ARG003
        """How many there are, known before the tab is made; None where nothing is counted."""
        return None

    @classmethod
    def light(cls, opened: OpenClient) -> tuple[LightKind, str] | None:  # noqa: ARG003
        """The light that the tab causes, with its cause."""
        return None

    def show_client(self, opened: OpenClient, keep: Iterable[str] = ()) -> None:
        """Show the client as it stands; fields in `keep` were touched by the person and stay."""
        if self.form is not None:
            self.form.show(opened.record, frozenset(keep))

    def follow(self, typed: ClientRecord) -> None:
        """The tab comes to the front: `typed` is the record as far as what stands on all tabs can be understood."""

    def set_read_only(self, read_only: bool) -> None:
        """Show everything without letting anybody type."""
        if self.form is not None:
            self.form.set_read_only(read_only)

    def refresh(self, changes: Changes) -> None:
        """Something changed that is not part of the client's own record."""

    def take_focus(self) -> None:
        """Put the cursor where work begins."""
        self.setFocus()

    def is_settled(self) -> bool:
        """Whether the record can be read from here as it stands."""
        return True

    def settle(self, done: Callable[[], None], failed: Callable[[StudioError], None]) -> None:  # noqa: ARG002
        """Make what the record refers to and the studio does not have yet; then call one of the two."""
        done()

    def unsaved(self) -> tuple[str, ...]:
        """The labels of what was typed here and is not saved, beyond the client's own record."""
        return ()

    def save(self, done: Callable[[], None], failed: Callable[[StudioError], None]) -> None:  # noqa: ARG002
        """Save what `unsaved` tells; then call one of the two."""
        done()

    def forget(self) -> None:
        """Throw away what `unsaved` tells."""

    def texts(self) -> Any:
        """What `unsaved` tells, as JSON values for the draft; None for nothing."""
        return None

    def restore(self, texts: Any) -> None:
        """Bring back what `texts` gave."""

    def document(self, client: str) -> Document | None:  # noqa: ARG002
        """What is listed here of the client of this name, for paper and workbooks; None where nothing is."""
        return None

    def delete(self) -> bool:
        """Delete what is selected here; whether there was anything."""
        return False
