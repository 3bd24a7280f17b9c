"""What clients agreed to: every answer is kept as it was given, the newest holds and is respected (D11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.completeness import still_to_ask
from studio_desktop.domain.errors import InvalidFields, InvalidInput, StudioError
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.records.consents import Answer, Channel, ConsentRecord, Purpose, Way
from studio_desktop.reports.records import IncompleteOptions, IncompleteRecords
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.declaration import Query, column_filter
from studio_desktop.services.mailing import LeftOutBecause, Recipients
from tests.builders import a_client, client_record

LETTERS = ConsentRecord(channel=Channel.LETTER, purpose=Purpose.MARKETING)
REFUSED = replace(LETTERS, answer=Answer.REFUSED, way=Way.PHONE, wording="May we write to you?")
GIVEN = replace(LETTERS, answer=Answer.GIVEN, way=Way.PAPER)


def say(services: Services, client: ClientRecord, *answers: ConsentRecord) -> str:
    request = new_request()
    services.consents.record(client.id, answers, request)
    return request


def test_that_every_answer_is_kept_with_who_when_and_how_and_the_newest_comes_first(
    services: Services, other_desk: Services, clock: FixedClock
) -> None:
    """S4-25, D11. RELIABILITY 111."""
    anna = a_client(services)
    say(services, anna, REFUSED)
    first = clock.now()
    clock.instant += timedelta(days=1)
    say(other_desk, anna, GIVEN)
    newest, before = services.consents.of_client(anna.id)
    assert (newest.answer, newest.way, newest.by, newest.at) == (Answer.GIVEN, Way.PAPER, "Sue", clock.now())
    assert (before.answer, before.way, before.by, before.at) == (Answer.REFUSED, Way.PHONE, "Owner", first)
    assert before.wording == "May we write to you?"


def test_that_an_answer_is_never_changed_by_the_program_the_database_or_an_undo(
    services: Services, database: Database
) -> None:
    """D11: appended, never changed. RELIABILITY 111."""
    anna = a_client(services)
    request = say(services, anna, REFUSED)
    for change in ("answer = 'given'", "wording = ''", "way = 'on paper'"):
        with pytest.raises(DBAPIError):
            database.write(lambda connection, change=change: connection.execute(text(f"UPDATE consent SET {change}")))
    with pytest.raises(StudioError, match="stays as it was given"):
        services.history.undo(request, new_request())
    assert [one.answer for one in services.consents.of_client(anna.id)] == [Answer.REFUSED]


def test_that_an_answer_must_fit_its_channel_and_its_words_their_place(services: Services) -> None:
    """D11"""
    anna = a_client(services)
    with pytest.raises(InvalidInput, match="another purpose") as refused:
        say(services, anna, replace(REFUSED, channel=Channel.PHOTOS))
    assert refused.value.field == "purpose"
    with pytest.raises(InvalidFields) as too_long:
        say(services, anna, replace(REFUSED, wording="x" * 501))
    assert set(too_long.value.faults) == {"wording"}
    assert services.consents.of_client(anna.id) == []


def test_that_who_refused_letters_gets_none_with_a_group_and_is_counted_with_the_reason(services: Services) -> None:
    """S4-25, D11, B10: consent to service letters says nothing about marketing; the newest answer holds."""
    anna = a_client(services, street="1 Main Street", town="Fairbrook")
    bea = a_client(services, last_name="Berg", street="2 Main Street", town="Fairbrook")

    def left_out() -> dict[int, LeftOutBecause | None]:
        return {one.client_id: one.because for one in services.mailings.gather(Recipients()).left_out}

    say(services, bea, replace(REFUSED, purpose=Purpose.SERVICE))
    say(services, anna, GIVEN, REFUSED)
    assert left_out() == {anna.id: LeftOutBecause.REFUSED_LETTERS}
    single = services.mailings.gather(Recipients(client_ids=(anna.id,), always=frozenset({anna.id})))
    assert [one.client_id for one in single.addressees] == [anna.id]
    say(services, anna, GIVEN)
    assert left_out() == {}


def test_that_the_list_shows_and_filters_the_answer_that_holds(services: Services) -> None:
    """S4-25"""
    anna, bea = a_client(services), a_client(services, last_name="Berg")
    say(services, anna, GIVEN, REFUSED)
    rows = list(services.listings.stream("clients", Query(), ["name", "consent_letter"]))
    assert rows == [("Adams, Anna", "refused"), ("Berg", "")]
    assert services.listings.ids("clients", Query({column_filter("consent_letter"): "=refused"})) == [anna.id]
    assert services.listings.ids("clients", Query({column_filter("consent_letter"): "empty"})) == [bea.id]


def test_that_a_studio_that_asks_keeps_for_everybody_what_was_said_or_that_nobody_asked(services: Services) -> None:
    """S4-29: before anything else is stored, in the same write; the incomplete records name it."""
    assert services.consents.of_client(a_client(services).id) == []
    services.preferences.save({"ask_consent": True}, new_request())
    unasked = a_client(services, last_name="Berg")
    assert [(one.channel, one.answer) for one in services.consents.of_client(unasked.id)] == [
        (Channel.DATA, Answer.NOT_ASKED)
    ]
    assert "consent" in still_to_ask(unasked)
    given = ConsentRecord(answer=Answer.GIVEN, way=Way.IN_PERSON, wording="May we keep your data?")
    clara = services.clients.create(client_record(last_name="Clark"), new_request(), (given,)).result
    assert [(one.answer, one.wording) for one in services.consents.of_client(clara.id)] == [
        (Answer.GIVEN, "May we keep your data?")
    ]
    assert "consent" not in still_to_ask(clara)
    wanted = IncompleteOptions(address=False, phone=False, email=False, status=False, lead_source=False)
    rows = list(IncompleteRecords().gather(services, wanted).rows)
    assert [(row[0], row[2]) for row in rows] == [("Berg", "Consent")]
    say(services, unasked, replace(given, answer=Answer.REFUSED))
    assert "consent" not in still_to_ask(services.clients.get(unasked.id))


def test_that_answers_go_along_with_a_merge_and_its_undo_and_leave_with_an_erasure(services: Services) -> None:
    """D11, B18, S4-31: nothing is dropped, the newest of both holds."""
    kept, other = a_client(services), a_client(services, last_name="Berg")
    say(services, other, REFUSED)
    say(services, kept, GIVEN)
    merge = new_request()
    services.merges.merge(services.clients.get(kept.id), services.clients.get(other.id), {}, merge)
    assert [one.answer for one in services.consents.of_client(kept.id)] == [Answer.GIVEN, Answer.REFUSED]
    services.history.undo(merge, new_request())
    assert [one.answer for one in services.consents.of_client(other.id)] == [Answer.REFUSED]
    services.clients.delete([other.id], new_request())
    services.trash.erase([other.id], new_request())
    assert services.consents.of_client(other.id) == []
    assert len(services.consents.of_client(kept.id)) == 1
