"""The ways from a client to a telephone, a mail program, a map and web pages, all of which lie outside the program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from PySide6.QtCore import QCoreApplication

from studio_desktop.domain import addresses
from studio_desktop.domain.errors import StudioError
from studio_desktop.domain.fields import specs
from studio_desktop.domain.records.clients import AddressRow, ClientRecord, PhoneRow
from studio_desktop.ui.actions import MenuEntry

if TYPE_CHECKING:
    from studio_desktop.ui.page import Shell

SITES = ("website", "facebook", "linkedin", "twitter")
"""The fields of the record that are pages of the client's own."""


def dial_link(row: PhoneRow) -> str:
    """What the phone program is given."""
    number = row.e164 or re.sub(r"[^\d+*#]", "", row.typed)
    return f"tel:{number};ext={row.extension}" if row.extension else f"tel:{number}"


def mail_link(address: str) -> str:
    """What the mail program is given."""
    return f"mailto:{quote(address, safe='@+')}"


def map_link(address: AddressRow, home_region: str) -> str:
    """The address on a map in the browser (S2-08)."""
    lines = ", ".join(addresses.postal_lines(address, home_region))
    return f"https://www.google.com/maps/search/?api=1&query={quote(lines)}"


class ContactLinks:
    """These ways as actions of a client's page; `record` gives the record that it shows, None before it is read."""

    def __init__(self, shell: Shell, record: Callable[[], ClientRecord | None]) -> None:
        self._shell = shell
        self._record = record

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """The actions by their ids."""
        return {
            "dial": self._dial,
            "dial_other": partial(self._dial, 1),
            "email": self._write_email,
            "open_map": self._open_map,
            **{f"open_{site}": partial(self._open_site, site) for site in SITES},
        }

    def menus(self) -> Mapping[str, Callable[[], Iterable[MenuEntry]]]:
        """A client may have several numbers."""
        return {"dial_other": self._other_numbers}

    def why_not(self, action_id: str) -> str:
        """What is lacking for an action; empty if nothing is."""
        record = self._record()
        if record is None or action_id not in self.handlers():
            return ""
        site = action_id.removeprefix("open_")
        if site in SITES:
            label = specs(ClientRecord)[site].label
            return "" if getattr(record, site) else _tr("{site} is not known.").format(site=label)
        is_there, lacking = {
            "dial": (bool(record.phones), _tr("No phone number is known.")),
            "dial_other": (len(record.phones) > 1, _tr("No other phone number is known.")),
            "email": (bool(record.emails), _tr("No e-mail address is known.")),
            "open_map": (self.address() is not None, _tr("No address is known.")),
        }[action_id]
        return "" if is_there else lacking

    def address(self) -> AddressRow | None:
        """The address in force today."""
        record = self._record()
        if record is None:
            return None
        return addresses.current(record.addresses, self._shell.services.desk.clock.today())

    def open(self, link: str) -> None:
        """Give a link to the program that is for it."""
        try:
            self._shell.prompts.open_external(link)
        except StudioError as error:
            self._shell.failed(error)

    def _dial(self, place: int = 0) -> None:
        record = self._record()
        if record is not None and place < len(record.phones):
            self.open(dial_link(record.phones[place]))

    def _other_numbers(self) -> list[MenuEntry]:
        """The numbers after the main one, each with the call warning (S2-35)."""
        record = self._record()
        if record is None:
            return []
        labels = {one.id: one.text for one in self._shell.choices["phone_labels"]}
        look = ("warning", "red") if record.call_warning else ("call", "text")
        entries = []
        for place, row in enumerate(record.phones[1:], 1):
            number = self._shell.formats.phone(row.typed, row.e164, row.extension)
            said = (labels.get(row.label_id or 0, ""), number, record.call_warning)
            entries.append(MenuEntry("  ".join(part for part in said if part), partial(self._dial, place), *look))
        return entries

    def _write_email(self) -> None:
        record = self._record()
        if record is not None and record.emails:
            self.open(mail_link(record.emails[0].address))

    def _open_map(self) -> None:
        address = self.address()
        if address is not None:
            self.open(map_link(address, self._shell.formats.phone_region))

    def _open_site(self, site: str) -> None:
        record = self._record()
        if record is not None:
            self.open(getattr(record, site))


def _tr(text: str) -> str:
    return QCoreApplication.translate("ContactLinks", text)
