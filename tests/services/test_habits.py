"""What the studio's own records teach its forms."""

from __future__ import annotations

from studio_desktop.services import Services
from studio_desktop.services.habits import Place
from tests.builders import a_client, a_member, a_phone


def test_that_a_postcode_brings_the_town_that_most_of_its_addresses_name(services: Services) -> None:
    """C2"""
    assert services.habits.place_of("44199") is None
    a_client(services, town="Fairbrook", region="OH", postcode="44199")
    assert services.habits.place_of("44199-1234") == Place("Fairbrook", "OH", "")
    for _ in range(2):
        a_client(services, town="Lakemont", region="OH", postcode="44199")
    assert services.habits.place_of(" 44199") == Place("Lakemont", "OH", "")
    a_client(services, town="London", postcode="SW1A 1AA", country="United Kingdom")
    assert services.habits.place_of("sw1a1aa") == Place("London", "", "United Kingdom")


def test_that_an_address_without_a_town_teaches_nothing(services: Services) -> None:
    """C2"""
    a_client(services, street="1 Main Street", postcode="44199")
    assert services.habits.place_of("44199") is None
    assert services.habits.place_of("") is None


def test_that_the_countries_called_most_come_first_and_the_own_is_left_out(services: Services) -> None:
    """S4-36"""
    a_client(services, phones=["+48 601 234 567", "(330) 555-0142"], family=(
        a_member("Bob", phones=(a_phone("+44 20 7946 0018"), a_phone("0048 601 234 568"))),
    ))  # fmt: skip
    assert services.habits.phone_countries("US") == ("PL", "GB")
    assert services.habits.phone_countries("PL") == ("GB", "US")
