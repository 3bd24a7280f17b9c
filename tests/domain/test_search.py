"""How a question is read, and what is known of a client."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_desktop.domain import names
from studio_desktop.domain.search import (
    SearchText,
    digit_grams,
    inner_grams,
    is_one_edit,
    parse,
    search_text,
    typo_forms,
)


def text_of(last: str = "", first: str = "", company: str = "", **more: object) -> SearchText:
    return search_text(7, names.sort_key(last, first, company), last, first, company, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("(555) 012-3", "5550123"),
        ("+1 201.555.0123", "12015550123"),
        ("555/0123", "5550123"),
        ("smith 555-01 23", "5550123"),
        ("５５５0123", "5550123"),
        ("555–0123", "5550123"),
        ("smith ٥٥٥-٠١٢٣", "5550123"),
        ("٥٥٥ ٠١٢٣", "5550123"),
    ],
)
def test_that_digits_are_one_phone_number_however_they_are_grouped(typed: str, digits: str) -> None:
    assert parse(typed).digits == ((digits,),)
    assert digits in parse(typed).words


def test_that_a_trunk_zero_may_be_typed_or_left_out() -> None:
    assert parse("0171 5550142").digits == (("01715550142", "1715550142"),)
    assert parse("0049 171 5550142").digits == (("00491715550142", "491715550142"),)
    assert parse("0123").digits == (("0123",),)


@pytest.mark.parametrize("typed", ["O'Brien", "o’brien", "O`BRIEN", "obrien"])
def test_that_case_and_apostrophes_make_no_difference(typed: str) -> None:
    assert parse(typed).words == ("obrien",)


@pytest.mark.parametrize("typed", ["Müller", "MÜLLER", "Mu\u0308ller", "muller"])
def test_that_accents_make_no_difference(typed: str) -> None:
    """RELIABILITY 74."""
    assert parse(typed).words == ("muller",)


def test_that_an_umlaut_may_be_spelt_out_on_either_side() -> None:
    assert parse("Müller").stand_ins == {"muller": ("mueller",)}
    assert "mueller" in text_of("Müller").alias.split()
    assert "bjoern" in text_of("Adams", former_names="Bjørn").alias.split()


def test_that_nicknames_stand_for_each_other_in_both_directions() -> None:
    assert "robert" in parse("bob").stand_ins["bob"]
    assert "bob" in parse("Robert").stand_ins["robert"]
    assert {"samuel", "samantha"} <= set(parse("sam").stand_ins["sam"])
    assert "samantha" not in parse("samuel").stand_ins["samuel"]
    assert "anna" in parse("annie").stand_ins["annie"]
    assert parse("quimby").stand_ins == {}


def test_that_an_at_sign_asks_for_an_email_only() -> None:
    question = parse("jordan534@ex")
    assert question.letters == ("jordan534@ex",)
    assert not question.asks_words
    assert question.asks_inside


@pytest.mark.parametrize(
    ("typed", "asks"),
    [("smith", True), ("sm", False), ("john sm", False), ("sm 5550", True), ("sm 555", False), ("smith 55", False),
     ("555", True), ("55", False), ("ann 943@gmail", True), ("", False), ("@", False)],
)  # fmt: skip
def test_that_the_middle_of_words_is_searched_only_for_pieces_that_tell_something(typed: str, asks: bool) -> None:
    assert parse(typed).asks_inside is asks


def test_that_slips_are_forgiven_in_long_words_without_digits_only() -> None:
    assert parse("smiht lee a4711 1234").typo_words == ("smiht",)


def test_that_a_leader_is_dropped_when_another_one_includes_it() -> None:
    assert parse("smith john smi").leaders == ("john", "smi")


@given(st.text(max_size=300))
def test_that_any_text_can_be_read_and_stays_within_bounds(typed: str) -> None:
    question = parse(typed)
    assert len(question.words) <= 10
    assert all(0 < len(word) <= 64 for word in question.words)
    assert "\x00" not in question.number
    question.number.encode()


def test_that_a_word_stands_in_one_place_only() -> None:
    known = text_of(
        "Smith-Jones", "Anna", "Smith Ltd",
        nickname="Anna", former_names="Berg", family_names=["Peter Smith"], emails=["anna.berg@gmail.com"],
        towns=["Brookfield", "Berg"], number="4711", phone_digits=["12015550123"],
    )  # fmt: skip
    assert known == SearchText(
        client_id=7, sort_key="smith jones\tanna\tsmith ltd", own="smith jones anna ltd", alias="berg peter",
        other="4711 brookfield com gmail", extra="anna.berg@gmail.com brookfield", digits="12015550123", number="4711",
    )  # fmt: skip


@given(st.permutations(["12015550123", "12015550188", "", "49171"]), st.permutations(["a@x.example", "b@x.example"]))
def test_that_the_order_of_phones_and_emails_makes_no_difference(phones: list[str], emails: list[str]) -> None:
    ordered = text_of("Adams", phone_digits=sorted(phones), emails=sorted(emails))
    assert text_of("Adams", phone_digits=phones, emails=emails) == ordered


_WORD = st.text("abcd", max_size=6)


@given(_WORD, _WORD)
def test_that_one_edit_is_one_insertion_deletion_replacement_or_swap(a: str, b: str) -> None:
    assert is_one_edit(a, b) is (b in _edits(a))


@given(_WORD, _WORD)
def test_that_words_one_edit_apart_share_a_form(a: str, b: str) -> None:
    if is_one_edit(a, b):
        assert typo_forms(a) & typo_forms(b)


@given(st.text("0123", min_size=4, max_size=9), st.text("0123", min_size=4, max_size=12))
def test_that_a_number_that_holds_the_digits_has_all_their_grams(digits: str, number: str) -> None:
    if digits in number:
        assert set(inner_grams(digits)) <= set(digit_grams(number))


@given(st.text("0123", min_size=3, max_size=3), st.text("0123", min_size=3, max_size=8))
def test_that_three_digits_begin_a_gram_wherever_they_stand(digits: str, number: str) -> None:
    assert (digits in number) is any(gram.startswith(digits) for gram in digit_grams(number))


def _edits(word: str) -> set[str]:
    """All words that one edit makes of this one, the word itself left out."""
    made = set()
    for at in range(len(word) + 1):
        made |= {word[:at] + letter + word[at:] for letter in "abcd"}
        if at < len(word):
            made.add(word[:at] + word[at + 1 :])
            made |= {word[:at] + letter + word[at + 1 :] for letter in "abcd"}
        if at < len(word) - 1:
            made.add(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    return made - {word}
