"""The line (FRONT_DESK 2.3): what labels, a new client and a family member are said in, and what stays unclear."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_desktop.domain.dates import DateOrder, PartialDate
from studio_desktop.domain.fields import Kind
from studio_desktop.domain.formats import Formats
from studio_desktop.domain.line import (
    PERSON,
    RELATIONSHIPS,
    Line,
    Person,
    Vocabulary,
    family_member,
    new_client,
    understand,
)

TODAY = date(2026, 3, 10)
DMY = Formats(date_order=DateOrder.DMY)
GERMAN = Formats(date_order=DateOrder.DMY, phone_region="DE")
RELATIONS = [
    (1, "Spouse"), (2, "Husband"), (3, "Son"), (4, "Daughter"), (5, "Child"), (6, "Mother"), (7, "Grandmother"),
]  # fmt: skip
FAMILY = Vocabulary(PERSON, {RELATIONSHIPS: RELATIONS})
CLIENT = Vocabulary(PERSON)
GROUPS = [(1, "High School Seniors"), (2, "Prospects"), (3, "Class of 2026"), (4, "Class of 2027"), (5, "Weddings")]
STATUSES = [(1, "Prospect"), (2, "Web Inquiry"), (3, "Weddings")]
SHEETS = [("avery-5160", "Avery 5160"), ("avery-5163", "Avery 5163"), ("avery-l7160", "Avery L7160")]
LISTS = {"client_groups": GROUPS, "client_statuses": STATUSES, "label_sheets": SHEETS}
LABELS = Vocabulary(lists=LISTS, numbers=range(1, 31))


def labels(text: str) -> Line:
    return understand(text, LABELS, TODAY, DMY)


def client(text: str, formats: Formats = DMY) -> Person:
    return new_client(understand(text, CLIENT, TODAY, formats))


def relative(text: str, position: int = 1, formats: Formats = DMY) -> Person:
    return family_member(understand(text, FAMILY, TODAY, formats), position, "Adams", FAMILY, TODAY)


def amber(text: str, vocabulary: Vocabulary = CLIENT) -> list[tuple[str, list[str]]]:
    line = understand(text, vocabulary, TODAY, DMY)
    return [(unclear.text, [meaning.label for meaning in unclear.meanings]) for unclear in line.unclear]


def test_that_labels_for_a_group_from_a_cell_are_said_in_two_words() -> None:
    line = labels("seniors 4")
    assert (line.value(Kind.REFERENCE, "client_groups"), line.value(Kind.NUMBER)) == (1, 4)
    assert (line.unclear, line.rest) == ((), ())


@pytest.mark.parametrize(
    ("text", "of", "row"),
    [
        ("4 seniors", "client_groups", 1),
        ("SENIORS, 4", "client_groups", 1),
        ("high s 4", "client_groups", 1),
        ("school sen 4", "client_groups", 1),
        ("class of 2027 4", "client_groups", 4),
        ("prospect 4", "client_statuses", 1),
        ("prospects 4", "client_groups", 2),
        ("inquiry 4", "client_statuses", 2),
        ("5163 4", "label_sheets", "avery-5163"),
        ("l7160 4", "label_sheets", "avery-l7160"),
    ],
)
def test_that_a_row_is_meant_by_its_unique_beginning_or_a_word_further_on(text: str, of: str, row: Any) -> None:
    line = labels(text)
    assert (line.value(Kind.REFERENCE, of), line.value(Kind.NUMBER)) == (row, 4)
    assert line.unclear == ()


def test_that_whom_and_which_sheet_and_cell_come_in_any_order() -> None:
    line = labels("5160 12 web")
    assert [(fact.of, fact.value, fact.label) for fact in line.facts] == [
        ("label_sheets", "avery-5160", "Avery 5160"),
        ("", 12, "12"),
        ("client_statuses", 2, "Web Inquiry"),
    ]


@pytest.mark.parametrize(
    ("text", "unclear", "meanings"),
    [
        ("class 4", "class", ["Class of 2026", "Class of 2027"]),
        ("prosp 4", "prosp", ["Prospects", "Prospect"]),
        ("weddings 4", "weddings", ["Weddings", "Weddings"]),
        ("we 4", "we", ["Weddings", "Web Inquiry", "Weddings"]),
        ("seniors 31", "31", []),
        ("seniors 4 5", "5", ["5"]),
        ("seniors prospects", "prospects", ["Prospects"]),
    ],
)
def test_that_what_may_mean_several_rows_or_none_is_unclear_and_stays(
    text: str, unclear: str, meanings: list[str]
) -> None:
    assert amber(text, LABELS) == [(unclear, meanings)]
    assert labels(text).description == unclear


def test_that_two_letters_are_never_taken_for_a_row_in_silence() -> None:
    assert amber("sc", LABELS) == [("sc", ["High School Seniors"])]
    assert amber("s", LABELS) == []


def test_that_a_group_called_like_a_cell_is_asked_about() -> None:
    vocabulary = Vocabulary(lists={"client_groups": [(9, "4"), (8, "Team 7")]}, numbers=range(1, 31))
    assert amber("4", vocabulary) == [("4", ["4", "4"])]
    assert understand("7", vocabulary, TODAY, DMY).value(Kind.NUMBER) == 7


def test_that_a_chosen_meaning_holds_wherever_the_word_stands() -> None:
    unclear = labels("class, 4").unclear[0]
    line = understand("4 CLASS", LABELS, TODAY, DMY, {unclear.text: unclear.meanings[1]})
    assert line.value(Kind.REFERENCE, "client_groups") == 4
    assert line.unclear == ()
    (fact,) = line.of_kind(Kind.REFERENCE, "client_groups")
    assert line.text[fact.span.start : fact.span.end] == "CLASS"


def test_that_a_family_is_said_in_four_lines() -> None:
    """S2-45, S2-46"""
    assert client("ann adams 4/3/86") == Person("Ann", "Adams", birthday=PartialDate(3, 4, 1986))
    assert relative("bob 0171 5550142 9/9/84", 0, GERMAN) == Person(
        "Bob", "Adams", ("0171 5550142",), birthday=PartialDate(9, 9, 1984), relationship_id=1
    )
    child = {"last_name": "Adams", "relationship_id": 5}
    assert relative("peter 3/12/19", 1) == Person("Peter", birthday=PartialDate(12, 3, 2019), **child)
    assert relative("mia 6/5/21", 2) == Person("Mia", birthday=PartialDate(5, 6, 2021), **child)


def test_that_a_word_for_the_relation_overrides_the_position() -> None:
    assert relative("daughter mia 6/5/21", 0).relationship_id == 4
    assert relative("mia daugh", 0) == Person("Mia", "Adams", relationship_id=4)
    assert relative("mother ann", 3).relationship_id == 6


def test_that_somebody_too_young_for_a_spouse_is_a_child_at_the_first_place_too() -> None:
    assert relative("peter 3/12/19", 0).relationship_id == 5
    assert relative("peter 3/12/86", 0).relationship_id == relative("peter", 0).relationship_id != 5


def test_that_a_relative_with_a_surname_keeps_it() -> None:
    assert relative("bob van der berg", 0).last_name == "van der Berg"


def test_that_a_relation_the_studio_does_not_have_is_left_open() -> None:
    nobody = Vocabulary(PERSON, {RELATIONSHIPS: [(1, "Friend")]})
    assert family_member(understand("bob", nobody, TODAY, DMY), 0, "Adams", nobody, TODAY).relationship_id is None


def test_that_the_clients_surname_is_taken_over_as_it_is_written() -> None:
    line = understand("bob", FAMILY, TODAY, DMY)
    assert family_member(line, 0, "deVRIES", FAMILY, TODAY).last_name == "deVRIES"


def test_that_a_single_word_is_a_clients_last_and_a_relatives_first_name() -> None:
    assert (client("adams").first_name, client("adams").last_name) == ("", "Adams")
    assert (relative("mia").first_name, relative("mia").last_name) == ("Mia", "Adams")


def test_that_names_come_in_either_order_and_keep_their_capitals() -> None:
    assert client("adams, ann 330-555-0119") == client("330-555-0119 ann adams")
    assert client("Ann McLeod-deVries").last_name == "McLeod-deVries"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("ann 3305550119 adams", ["3305550119"]),
        ("ann (330) 555-0119 adams", ["(330) 555-0119"]),
        ("ann 330 555 0119 adams", ["330 555 0119"]),
        ("ann 330-555-0119 x12 adams", ["330-555-0119 x12"]),
        ("ann 330-555-0119 ext 12 adams", ["330-555-0119 ext 12"]),
        ("ann +44 20 7946 0018 adams", ["+44 20 7946 0018"]),
        ("ann 3305550119 3305550120 adams", ["3305550119", "3305550120"]),
        ("ann 330 555 0119, 330 555 0120 adams", ["330 555 0119", "330 555 0120"]),
        ("ann 3305550119 adams 3305550119", ["3305550119"]),
        ("ann 030/123456 adams", ["030/123456"]),
        ("ann 555-0119 adams", ["555-0119"]),
    ],
)
def test_that_phones_are_understood_as_people_write_them(text: str, typed: list[str]) -> None:
    """S2-10"""
    person = client(text)
    assert list(person.phones) == typed
    assert (person.first_name, person.last_name) == ("Ann", "Adams")


def test_that_an_understood_phone_shows_as_the_studio_shows_phones() -> None:
    (phone,) = understand("3305550119", CLIENT, TODAY, DMY).facts
    assert (phone.value, phone.label) == ("3305550119", "(330) 555-0119")


def test_that_e_mail_addresses_may_be_several() -> None:
    """S2-09"""
    assert client("ann@example.com adams a.b@example.org,").emails == ("ann@example.com", "a.b@example.org")


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("ann 14 may 1987", PartialDate(5, 14, 1987)),
        ("ann may 14, 1987", PartialDate(5, 14, 1987)),
        ("14 may ann", PartialDate(5, 14)),
        ("ann 14may87", PartialDate(5, 14, 1987)),
        ("ann 4.3.", PartialDate(3, 4)),
        ("ann 1987-05-14", PartialDate(5, 14, 1987)),
        ("ann may 1987", PartialDate(5, None, 1987)),
        ("ann 1987", PartialDate(None, None, 1987)),
        ("ann 7y", PartialDate(None, None, 2019)),
        ("ann 7 years", PartialDate(None, None, 2019)),
    ],
)
def test_that_a_birthday_is_understood_with_what_is_known_of_it(text: str, born: PartialDate) -> None:
    """S2-29"""
    assert client(text) == Person("", "Ann", birthday=born)


@pytest.mark.parametrize("text", ["may adams", "june may", "t adams", "ann +3", "ann -3", "april o'brien"])
def test_that_names_of_months_and_words_for_today_are_no_birthdays(text: str) -> None:
    assert client(text).birthday is None


@pytest.mark.parametrize(
    ("text", "unclear", "meanings"),
    [
        ("mia 5/13/21", "5/13/21", ["13 May 2021"]),
        ("mia 45/45/45", "45/45/45", []),
        ("mia 5/5/2030", "5/5/2030", ["5 May 2030"]),
        ("mia 1/1/1850", "1/1/1850", ["1 Jan 1850"]),
        ("mia 4/3/21 5/3/21", "5/3/21", ["5 Mar 2021"]),
        ("ann@ adams", "ann@", []),
        ("adams 330", "330", []),
        ("adams 4111111111111111", "4111111111111111", []),
    ],
)
def test_that_doubtful_dates_addresses_and_numbers_stay_among_the_words(
    text: str, unclear: str, meanings: list[str]
) -> None:
    assert amber(text) == [(unclear, meanings)]
    assert unclear in understand(text, CLIENT, TODAY, DMY).description


def test_that_a_name_that_begins_a_relation_is_only_asked_about() -> None:
    assert amber("mo adams", FAMILY) == [("mo", ["Mother"])]
    assert relative("mo").first_name == "Mo"


def test_that_only_the_kinds_of_the_sheet_are_understood() -> None:
    assert labels("ann@example.com 4/3/86").facts == ()
    assert client("daughter").relationship_id is None


PIECES = st.sampled_from(
    [
        "ann", "o'brien", "mo", "daughter", "may", "14", "1987", "4/3/86", "13/5", "45/45/45", "7y", "7", "years",
        "330", "555", "0119", "(330)", "555-0119", "x12", "ext", "+44", "20", "7946", "0018", "3305550119",
        "ann@example.com", "ann@", ",", ";", "-", "'", "seniors", "class", "of", "2026", "prosp", "5160", "31",
        "李明", "\u0301",
    ]
)  # fmt: skip
LINES = st.lists(PIECES, max_size=10).map(" ".join) | st.text(max_size=40)


@given(LINES, st.sampled_from([CLIENT, FAMILY, LABELS]), st.sampled_from([DMY, GERMAN, Formats()]))
def test_that_every_word_of_any_line_is_a_fact_or_among_the_rest(
    text: str, vocabulary: Vocabulary, formats: Formats
) -> None:
    line = understand(text, vocabulary, TODAY, formats)
    said = sorted([fact.span for fact in line.facts] + [word.span for word in line.rest])
    assert all(before.end <= after.start for before, after in pairwise(said))
    values = {fact.value for fact in line.facts if fact.kind in (Kind.PHONE, Kind.EMAIL)}
    left = "".join(c for at, c in enumerate(text) if not any(span.start <= at < span.end for span in said))
    for value in sorted(values, key=len, reverse=True):  # a phone or address said twice stands once
        left = left.replace(value, "")
    assert left.strip(" ,;\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85").split() == []
    for unclear in line.unclear:
        assert unclear.text == text[unclear.span.start : unclear.span.end]
        assert any(unclear.span.start <= word.span.start < unclear.span.end for word in line.rest)


@given(LINES, st.integers(0, 3))
def test_that_any_line_makes_a_person_and_never_an_error(text: str, position: int) -> None:
    line = understand(text, FAMILY, TODAY, DMY)
    name = new_client(line)
    assert sorted(f"{name.first_name} {name.last_name}".casefold().replace(",", " ").split()) == sorted(
        line.description.casefold().replace(",", " ").split()
    )
    assert family_member(line, position, "Adams", FAMILY, TODAY).relationship_id is not None


@given(st.sampled_from([(of, id_, text) for of, rows in LABELS.lists.items() for id_, text in rows]))
def test_that_the_full_text_of_a_row_is_that_row_unless_two_rows_have_it(row: tuple[str, Any, str]) -> None:
    of, id_, text = row
    line = labels(text)
    meant = line.facts or line.unclear[0].meanings
    assert (of, id_) in [(fact.of, fact.value) for fact in meant]
    assert bool(line.facts) == (text != "Weddings")
