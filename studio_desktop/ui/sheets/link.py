"""Links a client with another one who is related, with a word for each side (B23)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QWidget

from studio_desktop.domain.errors import DatabaseUnavailable, InvalidInput, StudioError
from studio_desktop.services import new_request
from studio_desktop.ui import theme
from studio_desktop.ui.choices import offered
from studio_desktop.ui.form import load_form, put_into
from studio_desktop.ui.page import ClientInHand, Sheet, Shell
from studio_desktop.ui.widgets.buttons import PrimaryButton
from studio_desktop.ui.widgets.client_picker import ClientPicker
from studio_desktop.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from studio_desktop.services import Saved


class LinkSheet(Sheet):
    """Who, and what this one is to the client; the other side is said before it is saved."""

    name = "link"

    who_label: PlainLabel
    who_place: QWidget
    relation_combo: QComboBox
    said_label: PlainLabel
    link_button: PrimaryButton

    def __init__(self, shell: Shell, client_id: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(shell, parent)
        in_hand = shell.client_in_hand()
        self._client = in_hand if in_hand is not None and client_id in (None, in_hand.id) else None
        self._client_id = client_id or (in_hand.id if in_hand is not None else 0)
        self._request = new_request()
        load_form(self, "link_sheet")
        self.who: ClientPicker = put_into(self.who_place, ClientPicker(shell, self.who_place, self._client_id))
        self.who_label.setBuddy(self.who)
        self.relation_combo.addItem("", None)
        for relation_id, text, _ in offered(shell.choices["relationships"]):
            self.relation_combo.addItem(text, relation_id)
        self._inverse: dict[int, str] = {}
        self.who.edited.connect(self._tell)
        self.relation_combo.currentIndexChanged.connect(lambda _: self._tell())
        self.link_button.clicked.connect(self.finish)
        services = shell.services
        shell.tasks.latest(
            self,
            "inverse",
            lambda: {row.id: row.values["inverse"] for row in services.catalogs.rows("relationships")},
            self._take_inverse,
        )
        self._tell()

    def title(self) -> str:
        """Whose relative."""
        return self.tr("Link a relative")

    def client_in_hand(self) -> ClientInHand | None:
        """Whose relative it is."""
        return self._client

    def takes_client(self) -> bool:
        """It may be another one's relative."""
        return True

    def lacks_client(self) -> bool:
        """Nobody was in hand."""
        return not self._client_id

    def set_client(self, client: ClientInHand) -> None:
        """It is this one's relative."""
        self._client_id, self._client = client.id, client
        self._tell()

    def state(self) -> dict[str, Any]:
        """Who and what."""
        if not self.who.name():
            return {}
        client = [self._client.id, self._client.name] if self._client is not None else None
        return {"who": [self.who.client_id, self.who.name()], "what": self.relation_combo.currentData(), "of": client}

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back what `state` gave."""
        if state["of"] is not None:
            self.set_client(ClientInHand(*state["of"]))
        self.who.show_choice(*state["who"])
        self.relation_combo.setCurrentIndex(max(self.relation_combo.findData(state["what"]), 0))

    def take_focus(self) -> None:
        """Begin with who it is."""
        self.who.setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(theme.scaled(700), theme.scaled(150))

    def finish(self) -> None:
        """Link the two; Undo takes it back."""
        other = self.who.client_id
        if other is None:
            self.who.mark_name(self.tr("Choose an existing client: type, Down, Enter."))
            self.take_focus()
            return
        family, client_id, request = self.shell.services.family, self._client_id, self._request
        relation, said = self.relation_combo.currentData(), self.said_label.text()

        def done(saved: Saved[None]) -> None:
            self.shell.saved(said, saved.changes)
            self.finished.emit()

        self.shell.tasks.run(self, lambda: family.link(client_id, other, relation, request), done, self._failed)

    def _failed(self, error: StudioError) -> None:
        self._request = new_request()
        if isinstance(error, InvalidInput):
            self.who.mark_name(str(error))
            self.take_focus()
        else:
            self.shell.failed(error, self.finish if isinstance(error, DatabaseUnavailable) else None)

    def _take_inverse(self, words: dict[int, str]) -> None:
        self._inverse = words
        self._tell()

    def _tell(self) -> None:
        """What will hold, from both sides."""
        name, client = self.who.name(), self._client.name if self._client is not None else ""
        relation = self.relation_combo.currentText()
        if not name or not client:
            self.said_label.setText("")
        elif not relation:
            self.said_label.setText(self.tr("{name} and {client} are related").format(name=name, client=client))
        else:
            inverse = self._inverse.get(self.relation_combo.currentData()) or relation
            said = self.tr("{name}: {relation} of {client}; {client}: {inverse} of {name}")
            self.said_label.setText(said.format(name=name, relation=relation, client=client, inverse=inverse))
