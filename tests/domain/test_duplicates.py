"""When two records are probably one person, and what is said about it (B17)."""

from __future__ import annotations

from typing import Any

import pytest

from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.duplicates import LISTED_FROM, SHOWN_FROM, Reason, compare, keys, street_key, traits

ANNA: dict[str, Any] = {
    "last_name": "Adams",
    "first_name": "Anna",
    "phone_digits": ["13305550142"],
    "emails": ["anna@example.com"],
    "places": [("12 North Street", "Fairbrook", "44281")],
    "birthday": PartialDate(month=4, day=3, year=1986),
}


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"first_name": "ANNA", "last_name": "Ádams", "phone_digits": ["13305550142"]}, Reason.SAME_NAME),
        ({"first_name": "Anne", "last_name": "Adams", "phone_digits": ["13305550142"]}, Reason.SIMILAR_NAME),
        ({"first_name": "Adams", "last_name": "Anna", "emails": ["ANNA@example.com"]}, Reason.SWAPPED_NAMES),
        ({"first_name": "Anna", "last_name": "Adms", "emails": ["anna@example.com"]}, Reason.SIMILAR_NAME),
        ({"first_name": "Anna", "last_name": "Adams-Reed", "phone_digits": ["13305550142"]}, Reason.SIMILAR_NAME),
        ({"first_name": "Anna", "last_name": "Reed", "emails": ["anna@example.com"]}, Reason.SAME_FIRST_NAME),
        ({"first_name": "A", "last_name": "Adams", "phone_digits": ["13305550142"]}, Reason.SIMILAR_NAME),
        ({"last_name": "Adams", "phone_digits": ["13305550142"]}, Reason.SAME_LAST_NAME),
        (
            {"first_name": "Anna", "last_name": "Adams", "places": [("12 north st.", "FAIRBROOK", "")]},
            Reason.SAME_ADDRESS,
        ),
        (
            {"first_name": "Anna", "last_name": "Adams", "birthday": PartialDate(month=4, day=3, year=1986)},
            Reason.SAME_BIRTHDAY,
        ),
        ({"phone_digits": ["13305550142"], "emails": ["anna@example.com"]}, Reason.SAME_EMAIL),
    ],
)
def test_that_one_person_written_in_another_way_is_listed_with_the_reason(
    other: dict[str, Any], reason: Reason
) -> None:
    """B17: case, accents, slips, St/Street, and the phone's digits; S4-16: under another e-mail, too."""
    one, two = traits(**ANNA), traits(**other)
    likeness = compare(one, two)
    assert likeness.score >= LISTED_FROM
    assert reason in likeness.reasons
    assert compare(two, one) == likeness
    assert set(keys(one)) & set(keys(two)), "they would never be compared"


def test_that_a_nickname_is_the_same_name() -> None:
    """B17: the nickname table."""
    robert = traits(first_name="Robert", last_name="Hill", phone_digits=["13305550177"])
    bob = traits(first_name="Bob", last_name="Hill", phone_digits=["13305550177"])
    likeness = compare(robert, bob)
    assert likeness.score >= LISTED_FROM
    assert likeness.reasons == (Reason.SAME_PHONE, Reason.NICKNAME)


@pytest.mark.parametrize(
    "other",
    [
        ANNA | {"first_name": "Peter", "birthday": None},
        ANNA | {"first_name": "Mia", "birthday": PartialDate(month=6, day=5, year=2021)},
        {"first_name": "Anna", "last_name": "Adams", "places": [("7 Hill Road", "Fairbrook", "44281")]},
        {"first_name": "Tim", "last_name": "Reed", "phone_digits": ["13305550142"]},
        {"first_name": "Anna", "last_name": "Adams"},
    ],
    ids=["husband", "daughter", "same name, same town", "the phone's next owner", "same name"],
)
def test_that_relatives_and_namesakes_are_not_listed(other: dict[str, Any]) -> None:
    """B17: few false ones, or nobody reads the list."""
    assert compare(traits(**ANNA), traits(**other)).score < LISTED_FROM


def test_that_the_same_name_alone_is_shown_while_typing() -> None:
    """B17."""
    assert compare(traits(**ANNA), traits(first_name="Ann", last_name="Ada")).score >= SHOWN_FROM


def test_that_a_company_is_known_by_its_name_and_its_people_are_told_apart() -> None:
    """B17."""
    mill = {"company": "Mill & Sons", "phone_digits": ["13305550100"]}
    assert compare(traits(**mill), traits(company="MILL and Sons", phone_digits=["13305550100"])).score < LISTED_FROM
    assert compare(traits(**mill), traits(company="Mill  & sons", phone_digits=["13305550100"])).score >= LISTED_FROM
    one, two = traits(first_name="Al", last_name="Hay", **mill), traits(first_name="Jo", last_name="Lee", **mill)
    assert compare(one, two).score < LISTED_FROM


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 North St.", "12 north street"),
        ("Hauptstr. 5", "Hauptstraße 5"),
        ("Haupt-Str. 5", "hauptstrasse 5"),
        ("5th Ave, Apt 3", "5th Avenue Apartment 3"),
        ("12, N. Mill Rd", "12 North Mill Road"),
    ],
)
def test_that_a_street_is_one_however_it_is_shortened(one: str, other: str) -> None:
    """B17: "St/Street"."""
    assert street_key(one) == street_key(other)


def test_that_other_house_numbers_are_other_addresses() -> None:
    """B17."""
    assert street_key("12 North St") != street_key("21 North St")
