"""Who is left out of a run for many, by which channel and why."""

from __future__ import annotations

from studio_desktop.domain.records.clients import Stage
from studio_desktop.domain.records.consents import Answer, Channel, ConsentRecord, Purpose
from studio_desktop.services import Services, new_request
from studio_desktop.services.listings.declaration import Query, column_filter
from studio_desktop.services.reach import RUN_CHANNELS
from tests.builders import a_client

COLUMNS = [f"left_out_{channel.name.lower()}" for channel in (Channel.LETTER, Channel.EMAIL, Channel.SMS, Channel.CALL)]


def left_out(services: Services) -> dict[str, tuple[str, ...]]:
    """Why each client gets no letter, e-mail, text or call with a group."""
    rows = services.listings.stream("clients", Query({"stage": list(Stage)}), ["name", *COLUMNS])
    return {name.partition(",")[0]: tuple(why) for name, *why in rows}


def test_that_each_channel_leaves_out_who_is_not_to_be_reached_by_it_and_says_why(services: Services) -> None:
    """S2-37 to S2-43, B10: Do Not Market by letters, e-mails, texts and calls, Do Not Call by calls only.

    RELIABILITY 110.
    """
    a_client(services, last_name="Anybody")
    a_client(services, last_name="Quiet", do_not_market=True)
    a_client(services, last_name="Uncalled", do_not_call=True)
    a_client(services, last_name="Gone", deceased=True, do_not_market=True)
    a_client(services, last_name="Away", stage=Stage.ARCHIVED)
    assert left_out(services) == {
        "Anybody": ("", "", "", ""),
        "Quiet": ("do not market",) * 4,
        "Uncalled": ("", "", "", "do not call"),
        "Gone": ("deceased",) * 4,
        "Away": ("archived",) * 4,
    }


def test_that_the_newest_answer_to_marketing_by_a_channel_counts_for_that_channel_alone(services: Services) -> None:
    """S4-25."""
    for at, channel in enumerate(RUN_CHANNELS):
        made = a_client(services, last_name=f"Refuser{at}")
        for purpose, answer in ((Purpose.SERVICE, Answer.REFUSED), (Purpose.MARKETING, Answer.REFUSED)):
            said = ConsentRecord(channel=channel, purpose=purpose, answer=answer)
            services.consents.record(made.id, (said,), new_request())
        column = f"left_out_{channel.name.lower()}"
        assert services.listings.ids("clients", Query({column_filter(column): "=refused"})) == [made.id]
        agreed = ConsentRecord(channel=channel, purpose=Purpose.MARKETING, answer=Answer.GIVEN)
        services.consents.record(made.id, (agreed,), new_request())
        assert set(left_out(services).values()) == {("", "", "", "")}
