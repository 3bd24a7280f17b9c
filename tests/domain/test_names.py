"""How people are called: in lists, on labels, as typed in haste, and as unique keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_desktop.domain.fields import Capitals
from studio_desktop.domain.names import (
    NameOrder,
    SplitName,
    capitalised,
    couple_line,
    full_name,
    household_line,
    key,
    list_name,
    sort_key,
    split_name,
    split_people,
)

NAMES = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


def test_that_a_sort_key_is_folded_words_with_a_tab_between_the_names() -> None:
    assert sort_key("Smith-Jones", "Anna", "") == "smith jones\tanna"
    assert sort_key("O'Brien", "", "Lens & Light") == "obrien\tlens light"
    assert sort_key("", "", "") == ""


def test_that_lists_stand_by_last_name_first_and_a_double_name_after_the_single_one() -> None:
    people = [("Smith-Jones", "Anna"), ("Smith", "Zoe"), ("Smithers", "Al"), ("Šmith", "Ann"), ("smith", "Bob")]
    ordered = sorted(people, key=lambda person: sort_key(*person, ""))
    assert [first for _, first in ordered] == ["Ann", "Bob", "Zoe", "Anna", "Al"]


@given(st.text(), st.text(), st.text())
def test_that_a_sort_key_fits_an_index_row_whatever_the_name(last: str, first: str, company: str) -> None:
    assert len(sort_key(last * 50, first, company)) <= 200


def test_that_a_list_shows_names_in_the_chosen_order_and_else_the_company() -> None:
    assert list_name("Adams", "Anna", "Lens") == "Adams, Anna"
    assert list_name("Adams", "Anna", "Lens", NameOrder.FIRST_LAST) == "Anna Adams"
    assert list_name("Adams", "", "Lens") == "Adams"
    assert list_name(" ", "Anna", "Lens") == "Anna"
    for order in NameOrder:
        assert list_name("", " ", " Lens ", order) == "Lens"


@given(NAMES, NAMES, NAMES, st.sampled_from(NameOrder))
def test_that_a_list_shows_something_of_whoever_has_any_name(
    last: str, first: str, company: str, order: NameOrder
) -> None:
    assert bool(list_name(last, first, company, order)) == any(part.strip() for part in (last, first, company))


def test_that_a_couple_shares_its_surname_on_a_label() -> None:
    assert couple_line("Ann", "Smith", "Bob", "Smith") == "Ann & Bob Smith"
    assert couple_line("Ann", "Müller", "Bob", "MULLER") == "Ann & Bob Müller"
    assert couple_line("Ann", "Smith", "Bob", "") == "Ann & Bob Smith"


def test_that_a_couple_with_two_surnames_is_written_out() -> None:
    assert couple_line("Ann", "Smith", "Bob", "Jones") == "Ann Smith & Bob Jones"


def test_that_one_person_known_stands_alone() -> None:
    assert couple_line("Ann", "Smith", "", "") == "Ann Smith"
    assert couple_line("", "", "Bob", "Jones") == "Bob Jones"
    assert couple_line("", "Smith", "Bob", "Smith") == "Bob Smith"
    assert couple_line("", "", "", "") == ""


def test_that_a_household_is_named_by_its_surname() -> None:
    assert household_line(" Smith ") == "The Smith Family"
    assert household_line("") == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("anna", "Anna"),
        ("o'brien", "O'Brien"),
        ("o’neil", "O’Neil"),
        ("d'angelo", "D'Angelo"),
        ("mcdonald", "McDonald"),
        ("mcdonald-berg", "McDonald-Berg"),
        ("macy", "Macy"),
        ("mack", "Mack"),
        ("van der berg", "van der Berg"),
        ("ann van der berg", "Ann van der Berg"),
        ("ahmed bin khalid", "Ahmed bin Khalid"),
        ("maria de la cruz", "Maria de la Cruz"),
        ("la toya", "La Toya"),
        ("van", "Van"),
        ("bin", "Bin"),
        ("'t hart", "'t Hart"),
        ("smith-jones", "Smith-Jones"),
        ("jean-luc", "Jean-Luc"),
        ("j.r. smith", "J.R. Smith"),
        ("john smith jr.", "John Smith Jr."),
        ("john smith iii", "John Smith III"),
        ("ann and bob", "Ann and Bob"),
        ("ann & bob", "Ann & Bob"),
        ("élodie ÿ", "Élodie Ÿ"),
        ("  anna  adams ", "  Anna  Adams "),
    ],
)
def test_that_names_typed_in_small_letters_get_sensible_capitals(typed: str, meant: str) -> None:
    """S4-23"""
    assert capitalised(typed) == meant


@pytest.mark.parametrize(
    ("typed", "named", "meant"),
    [
        ("studio of light gmbh", Capitals.COMPANY, "Studio of Light GmbH"),
        ("the o'neil bakery, llc", Capitals.COMPANY, "The O'Neil Bakery, LLC"),
        ("ann's prints", Capitals.COMPANY, "Ann's Prints"),
        ("van der berg and sons", Capitals.COMPANY, "Van Der Berg and Sons"),
        ("new york", Capitals.PLACE, "New York"),
        ("frankfurt am main", Capitals.PLACE, "Frankfurt am Main"),
        ("stoke-on-trent", Capitals.PLACE, "Stoke-on-Trent"),
        ("'s-hertogenbosch", Capitals.PLACE, "'s-Hertogenbosch"),
        ("la paz", Capitals.PLACE, "La Paz"),
        ("o'fallon", Capitals.PLACE, "O'Fallon"),
    ],
)
def test_that_companies_and_towns_have_rules_of_their_own(typed: str, named: Capitals, meant: str) -> None:
    """S4-23"""
    assert capitalised(typed, named) == meant


@pytest.mark.parametrize("named", Capitals)
@pytest.mark.parametrize(
    "typed",
    ["deVries", "McLeod", "van Dyke", "iPhone", "BMW", "ADAMS", "李明", "أحمد", "анна", "გიორგი", "1041", "", "ışık"],
)
def test_that_one_capital_other_scripts_and_turkish_i_stay_as_typed(typed: str, named: Capitals) -> None:
    """S4-23"""
    assert capitalised(typed, named) == typed


@given(NAMES)
def test_that_capitals_change_nothing_by_which_a_name_is_found_or_sorted(name: str) -> None:
    assert sort_key(capitalised(name), "", "") == sort_key(name, "", "")
    assert capitalised(capitalised(name)) == capitalised(name)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("ann adams", "ann", "adams"),
        ("Anna Maria Smith-Jones", "Anna Maria", "Smith-Jones"),
        ("Anna van der Berg", "Anna", "van der Berg"),
        ("van der Berg, Anna Maria", "Anna Maria", "van der Berg"),
        ("john smith jr", "john", "smith jr"),
        ("Smith Jr.", "Smith", "Jr."),
        ("Adams", "", "Adams"),
        ("adams,", "", "adams"),
        ("van Berg", "van", "Berg"),
        ("", "", ""),
        (" , ", "", ""),
    ],
)
def test_that_a_name_in_one_piece_is_split(typed: str, first: str, last: str) -> None:
    assert split_name(typed) == (first, last)


@given(NAMES.filter(lambda name: "," not in name))
def test_that_splitting_a_name_loses_none_of_its_words(name: str) -> None:
    assert full_name(*split_name(name)).split() == name.split()


def test_that_a_key_ignores_blanks_around_case_and_form() -> None:
    """S2-18"""
    assert key(" A-1041 ") == key("a-1041")
    assert key("Stra\u00dfe") == key("STRASSE")
    assert key("Zoe\u0308") == key("ZO\u00cb")
    assert key("1041") != key("1 041")


@given(NAMES)
def test_that_the_key_of_a_key_is_itself(name: str) -> None:
    assert key(key(name)) == key(name)
    assert key(name.upper()) == key(name.upper().lower())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Smith, Ann", SplitName("Ann", "Smith")),
        ("Ann Smith", SplitName("Ann", "Smith")),
        ("Dr. Ann van der Berg", SplitName("Ann", "van der Berg", "Dr.")),
        ("Smith, Dr. Ann", SplitName("Ann", "Smith", "Dr.")),
        ("Ann & Bob Smith", SplitName("Ann", "Smith", "", "Bob", "Smith")),
        ("Smith, Ann and Bob", SplitName("Ann", "Smith", "", "Bob", "Smith")),
        ("Ann Smith & Bob Jones", SplitName("Ann", "Smith", "", "Bob", "Jones")),
        ("Mr. & Mrs. John Smith", SplitName("John", "Smith", "Mr. & Mrs.")),
        ("Mr. and Mrs. Smith", SplitName("", "Smith", "Mr. and Mrs.")),
        ("Herr Jürgen und Frau Ute Müller", SplitName("Jürgen", "Müller", "Herr und Frau", "Ute", "Müller")),
        ("Smith & Sons", SplitName("", "", company="Smith & Sons")),
        ("Marks & Spencer", SplitName("", "Marks & Spencer")),
        ("José Ortega y Gasset", SplitName("José Ortega y", "Gasset")),
        ("Cher", SplitName("", "Cher")),
        ("", SplitName("", "")),
    ],
)
def test_that_a_name_in_one_cell_comes_apart_into_title_person_and_partner(text: str, said: SplitName) -> None:
    """B20."""
    assert split_people(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [("Smith Ann Marie", ("Ann Marie", "Smith", "")), ("Smith Ann & Bob", ("Ann", "Smith", "Bob"))],
)
def test_that_a_last_name_may_stand_first(text: str, said: tuple[str, str, str]) -> None:
    found = split_people(text, last_first=True)
    assert (found.first, found.last, found.other_first) == said
