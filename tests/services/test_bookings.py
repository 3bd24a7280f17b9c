"""Guest or Existing, new or old: derived, combined, saved and targeted (S4-04 to S4-12, S4-37, B16)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from studio_desktop.database.tables.people import note
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.fields import specs
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.records.notes import NoteRecord
from studio_desktop.reports.listing_file import export_listing
from studio_desktop.services import Services, new_request
from studio_desktop.services.bookings import BOOKED_BY
from studio_desktop.services.layouts import Kept
from studio_desktop.services.listings.declaration import SAVED, Query, column_filter
from studio_desktop.services.mailing import Recipients
from tests.builders import a_client

BOOKED = "Booked a session"


@pytest.fixture
def _notes_are_bookings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source as photo sessions will be one: what is deleted is no booking."""
    source = select(note.c.client_id).where(note.c.deleted_at.is_(None), note.c.text == BOOKED)
    monkeypatch.setitem(BOOKED_BY, "notes", source)


def book(services: Services, client: ClientRecord) -> NoteRecord:
    return services.notes.add(NoteRecord(client_id=client.id, text=BOOKED), new_request()).result


def ids(services: Services, **filters: Any) -> list[int]:
    return services.listings.ids("clients", Query(filters))


@pytest.mark.usefixtures("_notes_are_bookings")
def test_that_a_guest_becomes_existing_by_the_first_booking_and_a_guest_again_without_it(services: Services) -> None:
    """S4-04, S4-05, S4-06, S4-07, S4-08, B16: nobody sets it."""
    anna = a_client(services, phones=["330 555 0142"], emails=["anna@example.com"])
    assert (ids(services, booked="guest"), ids(services, booked="existing")) == ([anna.id], [])
    services.notes.add(NoteRecord(client_id=anna.id, text="Asked for prices"), new_request())
    first, second = book(services, anna), book(services, anna)
    assert (ids(services, booked="guest"), ids(services, booked="existing")) == ([], [anna.id])
    assert ids(services, **{column_filter("booked"): "=Existing"}) == [anna.id]
    services.notes.delete(first.id, new_request())
    assert ids(services, booked="existing") == [anna.id]
    services.notes.delete(second.id, new_request())
    assert ids(services, booked="guest") == [anna.id]
    assert not {"booked", "age"} & set(specs(ClientRecord))
    with pytest.raises(InvalidInput):
        services.batch.change([anna.id], "booked", "existing", new_request())


def test_that_without_a_source_everybody_is_a_guest(services: Services) -> None:
    """S4-04."""
    anna = a_client(services)
    assert (ids(services, booked="guest"), ids(services, booked="existing")) == ([anna.id], [])
    assert services.listings.find("adams", Query({"booked": "guest"}))[0].id == anna.id


@pytest.mark.usefixtures("_notes_are_bookings")
def test_that_new_and_old_and_guest_and_existing_combine_and_are_exported_and_targeted(
    services: Services, clock: FixedClock, tmp_path: Any
) -> None:
    """S4-02, S4-03, S4-09, S4-10, S4-11, S4-12, S4-37: thirty days are new, one more is old."""
    home = {"street": "1 Mill Street", "town": "Fairbrook", "region": "OH", "postcode": "44199"}
    old_guest = a_client(services, last_name="Older", **home)
    clock.instant += timedelta(days=1)
    guest = a_client(services, last_name="Guest", **home)
    booked = a_client(services, last_name="Booked", **home)
    book(services, booked)
    clock.instant += timedelta(days=30)
    assert set(ids(services, age="new")) == {guest.id, booked.id}
    assert ids(services, age="old") == [old_guest.id]
    assert ids(services, age="new", booked="guest") == [guest.id]
    assert ids(services, **{column_filter("age"): "new", column_filter("booked"): "guest"}) == [guest.id]
    offer = {"alternatives": [[["booked", "guest"], ["age", "new"]]]}
    services.layouts.keep_named(Kept.FILTER, "clients", "First booking offer", offer)
    assert ids(services, **{SAVED: "first booking offer"}) == [guest.id]
    mailing = services.mailings.gather(Recipients(saved_filter="First booking offer"))
    assert [one.client_id for one in mailing.addressees] == [guest.id]
    export_listing(
        services, "clients", tmp_path / "guests.xlsx", query=Query({"booked": "guest"}), keys=["name", "booked", "age"]
    )
    lines = list(load_workbook(tmp_path / "guests.xlsx").active.iter_rows(values_only=True))
    assert [line for line in lines if "Guest" in line] == [("Guest", "Guest", "New"), ("Older", "Guest", "Old")]
