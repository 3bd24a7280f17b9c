"""The border that text crosses (RELIABILITY B6): what is kept, what is mended, what is refused and how it is said."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_desktop.domain import fields
from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.records.clients import (
    ClientRecord,
    EmailRow,
    FamilyMember,
    OrganizationRow,
    PhoneRow,
    PlanDateRow,
)
from studio_desktop.domain.text import clean_line, clean_note, clean_record, fold, is_email, words

ANY_TEXT = st.text(st.characters(), max_size=60)
KEEPABLE_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=60)


def faults_of(record: ClientRecord) -> dict[str, str]:
    with pytest.raises(InvalidFields) as refused:
        clean_record(record)
    return {name: str(fault) for name, fault in refused.value.faults.items()}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ann  ", "Ann"),
        ("Ann   Adams", "Ann   Adams"),
        ("1 Elm St\r\nAkron", "1 Elm St Akron"),
        ("a\tb\nc\rd\u2028e\u2029f\x85g\vh\fi", "a b c d e f g h i"),
        ("A\x00n\x07n\x9f", "Ann"),
        ("\ufeffAnn", "Ann"),
        ("\u202eAnn\u202c \u2066Adams\u2069", "Ann Adams"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("e\x00\u0301", "\u00e9"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\ue000", "\ue000"),
        ("\x00\t ", ""),
    ],
)
def test_that_a_line_keeps_its_text_and_nothing_that_breaks_a_line(typed: str, kept: str) -> None:
    """RELIABILITY 72, 73."""
    assert clean_line(typed, 100) == kept


@pytest.mark.parametrize("code", [0xD800, 0xDFFF, 0xFDD0, 0xFFFE, 0x1FFFF, 0x10FFFE])
def test_that_damaged_characters_are_refused_with_their_place(code: int) -> None:
    """RELIABILITY 73."""
    with pytest.raises(InvalidInput, match=r"damaged character \(U\+[0-9A-F]+\) after 3 others") as refused:
        clean_line(f"Ann{chr(code)}", 100, "first_name", label="First name")
    assert refused.value.field == "first_name"
    assert str(refused.value).startswith("First name holds")


def test_that_a_text_is_kept_up_to_its_limit_and_the_excess_is_named() -> None:
    """RELIABILITY 71."""
    assert clean_line("x" * 80, 80) == "x" * 80
    with pytest.raises(InvalidInput, match="Last name is 20 characters too long; at most 80 fit"):
        clean_line("x" * 100, 80, label="Last name")
    with pytest.raises(InvalidInput, match="is 1 character too long"):
        clean_line("x" * 81, 80)


def test_that_the_limit_counts_what_is_kept() -> None:
    assert clean_line("  " + "e\u0301" * 80 + "\x00", 80) == "\u00e9" * 80


def test_that_a_note_keeps_its_lines_however_they_were_broken() -> None:
    """RELIABILITY 72."""
    assert clean_note("\none\r\n\r\ntwo\rthree\u2028four\tfive\x00\n", 100) == "one\n\ntwo\nthree\nfour five"


@given(ANY_TEXT)
def test_that_whatever_is_kept_is_plain_and_stays_as_it_is(typed: str) -> None:
    for clean in (clean_line, clean_note):
        try:
            kept = clean(typed, 1000)
        except InvalidInput:
            continue
        assert clean(kept, 1000) == kept
        assert unicodedata.is_normalized("NFC", kept)
        controls = {c for c in kept if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs")}
        assert controls <= ({"\n"} if clean is clean_note else set())
        kept.encode()


def test_that_a_record_is_cleaned_with_its_rows() -> None:
    record = ClientRecord(
        last_name=" Adams\n",
        phones=(PhoneRow("p", typed=" 330\t555 "),),
        family=(FamilyMember("f", first_name=" Mia ", emails=(EmailRow("e", " mia@example.com "),)),),
    )
    cleaned = clean_record(record)
    assert cleaned.last_name == "Adams"
    assert cleaned.phones[0].typed == "330 555"
    assert (cleaned.family[0].first_name, cleaned.family[0].emails[0].address) == ("Mia", "mia@example.com")


def test_that_all_faults_of_a_record_come_at_once_each_under_the_path_of_its_field() -> None:
    faults = faults_of(
        ClientRecord(
            last_name="x" * 81,
            website="javascript:alert(1)",
            phones=(PhoneRow("p"), PhoneRow("q", typed="5" * 61)),
            family=(FamilyMember("f", emails=(EmailRow("e", "mia"),)),),
        )
    )
    assert list(faults) == ["last_name", "website", "phones.1.typed", "family.0.emails.0.address"]
    assert faults["last_name"] == "Last name is 1 character too long; at most 80 fit."


@pytest.mark.parametrize(("year", "is_kept"), [(None, True), (1900, True), (2200, True), (0, False), (2201, False)])
def test_that_a_number_beyond_its_bounds_is_refused_at_its_row(year: int | None, is_kept: bool) -> None:
    """S3-19."""
    record = ClientRecord(organizations=(OrganizationRow(), OrganizationRow(graduation_year=year)))
    if is_kept:
        assert clean_record(record) == record
        return
    assert faults_of(record) == {
        "organizations.1.graduation_year": "Graduation year is a whole number from 1900 to 2200, or empty."
    }


def test_that_what_the_service_computes_is_left_to_the_service() -> None:
    record = ClientRecord(created_by="x" * 500)
    assert clean_record(record) == record


def test_that_every_text_of_a_client_has_a_limit() -> None:
    texts = (fields.Kind.TEXT, fields.Kind.NOTE, fields.Kind.PHONE, fields.Kind.EMAIL, fields.Kind.LINK)
    for record in (ClientRecord, PhoneRow, EmailRow, FamilyMember):
        unlimited = [s.name for s in fields.specs(record).values() if s.kind in texts and s.limit <= 0]
        assert unlimited == []


CARDS = [
    "4111111111111111",
    "4012888888881881",
    "4222222222222",
    "4000056655665556",
    "4242424242424242",
    "4917610000000000",
    "4917610000000000003",
    "5555555555554444",
    "5105105105105100",
    "5200828282828210",
    "2223003122003222",
    "2720992593319364",
    "378282246310005",
    "371449635398431",
    "341111111111111",
    "6011111111111117",
    "6011000990139424",
    "6445644564456445",
    "6500000000000002",
    "30569309025904",
    "36700102000000",
    "38520000023237",
    "3530111333300000",
    "3566002020360505",
    "6200000000000005",
    "6205500000000000004",
    "5000550000000029",
    "6759649826438453",
]


def grouped(card: str, sign: str) -> str:
    if len(card) in (14, 15):
        return sign.join((card[:4], card[4:10], card[10:]))
    return sign.join(card[at : at + 4] for at in range(0, len(card), 4))


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("sign", ["", " ", "-", " - ", "\u00a0"])
def test_that_a_payment_card_number_is_refused_in_any_field_with_advice_and_not_repeated(card: str, sign: str) -> None:
    """RELIABILITY case 103"""
    typed = grouped(card, sign)
    for name in ("last_name", "custom_text_1", "call_warning"):
        fault = faults_of(replace(ClientRecord(), **{name: f"card {typed}, exp 12/27"}))[name]
        assert "last four digits" in fault
        assert card not in fault.replace(" ", "").replace("-", "")


@pytest.mark.parametrize("card", CARDS)
def test_that_the_uid_of_a_relative_may_read_like_a_card_number(card: str) -> None:
    rows = (PlanDateRow(uid="1", member_uid=card),)
    assert clean_record(ClientRecord(plan_dates=rows)).plan_dates == rows


def test_that_a_card_number_in_the_phone_field_is_refused() -> None:
    assert "phones.0.typed" in faults_of(ClientRecord(phones=(PhoneRow("p", typed="4111 1111 1111 1111"),)))


@pytest.mark.parametrize(
    "harmless",
    [
        "4111111111111112",  # wrong check digit
        "1234567812345670",  # right check digit, no issuer
        "+49 1512 3456789",
        "0049 1512 3456789",
        "+4111111111111",
        "(330) 555-0119 / (330) 555-0120",
        "330-555-0119 330-555-0120",
        "2026-03-10 2026-03-12",
        "INV 2026-0001-4711-0815",
        "ISBN 978-3-16-148410-0",
        "EAN 4006381333931 is a pen",
        "order 41111111111111111111111",
        "DE89 3704 0044 0532 0130 00",
        "1041, 1055, 1060, 1077, 1102",
        "https://example.com/?id=4111111111111111",
    ],
)
def test_that_numbers_that_are_no_cards_are_kept(harmless: str) -> None:
    """RELIABILITY case 103"""
    assert clean_record(ClientRecord(custom_text_1=harmless)).custom_text_1 == harmless


def test_that_thirteen_digits_in_the_phone_field_are_a_phone_for_such_german_numbers_exist() -> None:
    typed = "4222222222222"
    assert clean_record(ClientRecord(phones=(PhoneRow("p", typed=typed),))).phones[0].typed == typed


@given(st.from_regex(r"\+?[0-9][0-9 ()./-]{4,22}", fullmatch=True).filter(lambda n: sum(c.isdigit() for c in n) <= 13))
def test_that_no_number_a_phone_can_have_is_refused_in_a_phone_field(typed: str) -> None:
    """RELIABILITY 103."""
    kept = clean_record(ClientRecord(phones=(PhoneRow("p", typed=typed),))).phones[0].typed
    assert kept == typed.strip()


@pytest.mark.parametrize(
    "address",
    ["ann@example.com", "a.b+c@mail.example.co.uk", "o'brien@example.com", "ünn@exämple.de", "ann@xn--bcher-kva.ch"],
)
def test_that_plausible_addresses_are_kept(address: str) -> None:
    """S2-09. RELIABILITY 86."""
    assert is_email(address)
    assert clean_record(ClientRecord(emails=(EmailRow("e", address),))).emails[0].address == address


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("ann", "needs an @"),
        ("ann@", "after the @"),
        ("@example.com", "before the @"),
        ("ann@gmail", "after the @"),
        ("ann@gmail.", "after the @"),
        ("ann@-x.com", "after the @"),
        (".ann@example.com", "before the @"),
        ("a..b@example.com", "before the @"),
        ("a@example.com, b@example.com", "one e-mail address"),
        ("a@example.com;b@example.com", "one e-mail address"),
        ("Ann <ann@example.com>", "one e-mail address"),
        ("ann @example.com", "one e-mail address"),
        ("mailto:ann@example.com", "before the @"),
    ],
)
def test_that_what_is_not_exactly_one_address_is_refused_with_what_is_wrong(typed: str, advice: str) -> None:
    """RELIABILITY 86."""
    assert not is_email(typed)
    fault = faults_of(ClientRecord(emails=(EmailRow("e", typed),)))["emails.0.address"]
    assert advice in fault
    assert "ann@example.com" in fault


@pytest.mark.parametrize(
    "address",
    ["www.example.com", "https://example.com/ann?x=1#y", "HTTP://example.com", "example.com:8080/x", "exämple.de"],
)
def test_that_web_addresses_are_kept_with_or_without_a_scheme(address: str) -> None:
    assert clean_record(ClientRecord(website=address)).website == address


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://example.com", "my site.com", "@ann", "https://"],
)
def test_that_other_links_are_refused(address: str) -> None:
    """RELIABILITY 83."""
    assert "website" in faults_of(ClientRecord(website=address))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("Müller", "muller"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Bjørn Åse", "bjorn ase"),
        ("Þór", "thor"),
        ("Æsop", "aesop"),
        ("İstanbul", "istanbul"),
        ("ı", "i"),
        ("Ａｎｎ", "ann"),
        ("ﬁnn", "finn"),
        ("𝐀nn ℃", "ann °c"),
        ("Έλλη", "ελλη"),
        ("李明", "李明"),
    ],
)
def test_that_folding_takes_case_accents_and_apostrophes_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(KEEPABLE_TEXT)
def test_that_folding_twice_is_folding_once_and_forms_do_not_matter(text: str) -> None:
    """RELIABILITY 74."""
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_that_every_single_character_folds_to_itself_at_last() -> None:
    beyond_are_only_ideographs = 0x20000
    changed = {c: fold(c) for c in map(chr, range(beyond_are_only_ideographs)) if fold(c) != c}
    assert [c for c, folded in changed.items() if fold(folded) != folded] == []


@given(st.from_regex(r"[A-Za-z' `-]{0,20}", fullmatch=True))
def test_that_the_short_way_for_plain_letters_folds_like_the_long_one(text: str) -> None:
    assert fold(text) == fold(text + "é")[:-1]


def test_that_words_are_runs_of_letters_and_digits() -> None:
    assert words("Smith-Jones, O'Brien & Co. 4711_b") == ["smith", "jones", "obrien", "co", "4711", "b"]
    assert words(" ,;") == []
