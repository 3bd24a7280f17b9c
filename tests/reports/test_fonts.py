"""Text of any script becomes runs of shipped fonts, in the order in which it is drawn (DECISIONS 27)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_desktop.paths import RESOURCES
from studio_desktop.reports import fonts
from tests.reports.reading import NAUGHTY, SCRIPTS, plain_letters

MIXED = "aßłéאבגدمحلا陳 琳-\t\n\u200f\u202e🙂"
ANY_TEXT = st.text(alphabet=st.one_of(st.characters(), st.sampled_from(MIXED)))


def drawn(text: str) -> str:
    return "".join(run.text for run in fonts.typeset(text).runs)


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("bold", [False, True])
def test_that_every_letter_of_a_supported_script_is_drawn(text: str, bold: bool) -> None:
    """RELIABILITY row 75."""
    line = fonts.typeset(text, bold)
    assert line.replaced == 0
    assert line.width > 0
    assert fonts.REPLACEMENT not in drawn(text)


@pytest.mark.parametrize("text", NAUGHTY)
def test_that_markup_and_formulas_are_drawn_as_they_are(text: str) -> None:
    """RELIABILITY row 76."""
    assert drawn(text) == text


def test_that_arabic_letters_are_joined_and_run_from_right_to_left() -> None:
    """RELIABILITY 75."""
    line = fonts.typeset("محمد علي")
    assert line.right_to_left
    assert plain_letters(drawn("محمد علي"))[::-1] == "محمد علي"
    assert all(unicodedata.name(c).split()[-1] == "FORM" for c in drawn("محمد"))


def test_that_numbers_inside_right_to_left_text_keep_their_order() -> None:
    assert drawn("רחוב הרצל 125") == "125 לצרה בוחר"


def test_that_brackets_around_right_to_left_text_open_and_close_as_they_should() -> None:
    assert drawn("Anna (שרה) Cohen") == "Anna (הרש) Cohen"


def test_that_brackets_inside_a_right_to_left_line_are_mirrored() -> None:
    assert drawn("שרה (אחות) כהן") == "ןהכ (תוחא) הרש"


def test_that_facts_side_by_side_keep_their_places_whatever_their_directions() -> None:
    facts = fonts.beside(("אחות", "2 Jun 1985 (41)", "+972 3 555 0149"))
    assert drawn(facts) == "תוחא, 2 Jun 1985 (41), +972 3 555 0149"
    assert not fonts.typeset(facts).right_to_left
    assert drawn(fonts.beside(("רחוב הרצל 5", "תל אביב"))) == "ביבא לת ,5 לצרה בוחר", "all of one direction run in it"
    first, second = fonts.wrap(facts, fonts.width("תוחא, 2 Jun 1985"), 2)
    assert (drawn(first), drawn(second)[:5]) == ("תוחא, 2 Jun 1985", "(41),")


def test_that_a_line_takes_the_direction_of_its_paragraph() -> None:
    assert not fonts.typeset("Cohen שרה").right_to_left
    assert fonts.typeset("Cohen שרה", right_to_left=True).right_to_left
    assert "".join(run.text for run in fonts.typeset("Cohen שרה", right_to_left=True).runs) == "הרש Cohen"


@pytest.mark.parametrize(
    ("text", "count"),
    [("😀 Smile", 1), ("ไทย", 3), ("हिन्दी", 6), ("a\x00b\x07", 2), ("\ud800x", 1), ("Anna", 0)],
)
def test_that_what_no_font_holds_becomes_a_visible_replacement_and_is_counted(text: str, count: int) -> None:
    assert fonts.typeset(text).replaced == count
    assert drawn(text).count(fonts.REPLACEMENT) == count


@pytest.mark.parametrize("text", ["An\u00adna", "An\u200bna", "An\u200dna", "\ufeffAnna", "Anna\ufe0f"])
def test_that_invisible_signs_are_neither_drawn_nor_counted(text: str) -> None:
    assert drawn(text) == "Anna"
    assert fonts.typeset(text).replaced == 0


def test_that_an_override_cannot_turn_a_name_round() -> None:
    """RELIABILITY row 73."""
    assert drawn("Anna \u202egpj.exe\u202c") == "Anna gpj.exe"


def test_that_letters_with_loose_accents_look_like_those_with_fixed_ones() -> None:
    assert fonts.typeset("Rene\u0301 Łódź") == fonts.typeset("René Łódź")


def test_that_a_mark_without_a_letter_of_its_own_stays_in_the_font_of_its_letter() -> None:
    assert len(fonts.typeset("x\u030c y").runs) == 1


@pytest.mark.parametrize("blank", ["\t", "\n", "\r", "\v", "\u2028", "\x85"])
def test_that_breaks_and_tabs_are_blanks(blank: str) -> None:
    assert drawn(f"Anna{blank}Adams") == "Anna Adams"


@given(ANY_TEXT, st.booleans())
def test_that_any_text_can_be_set_and_measures_what_its_runs_measure(text: str, bold: bool) -> None:
    line = fonts.typeset(text, bold)
    assert line.width == pytest.approx(
        sum(fonts.load(run.font).widths[char] for run in line.runs for char in run.text)
    )
    assert fonts.width(text, bold) == pytest.approx(line.width)


@given(ANY_TEXT, st.floats(1.5, 40), st.integers(1, 6))
def test_that_wrapped_lines_fit_and_lose_nothing_but_blanks_and_what_is_announced(
    text: str, limit: float, at_most: int
) -> None:
    lines = fonts.wrap(text, limit, at_most)
    assert 1 <= len(lines) <= at_most
    assert all(fonts.width(line) <= limit + 0.001 or len(line) == 1 for line in lines)
    kept = "".join("".join(lines).split())
    whole = "".join(text.split())
    assert kept == whole or (lines[-1].endswith(fonts.ELLIPSIS) and whole.startswith(kept[:-1]))


@given(ANY_TEXT, st.floats(1.5, 40))
def test_that_what_is_elided_fits_and_begins_as_the_text_does(text: str, limit: float) -> None:
    short = fonts.elide(text, limit)
    assert fonts.width(short) <= limit + 0.001
    assert short == text or (short.endswith(fonts.ELLIPSIS) and text.startswith(short[:-1]))


@given(st.sampled_from([*SCRIPTS.values(), *NAUGHTY]), st.floats(0.6, 200))
def test_that_what_just_fits_at_a_size_is_neither_cut_nor_wrapped(text: str, size: float) -> None:
    limit = fonts.width(text) * size / size
    assert fonts.elide(text, limit) == text
    assert fonts.wrap(text, limit, 3) == [text]


def test_that_lines_break_between_words_after_hyphens_and_between_ideographs() -> None:
    assert fonts.wrap("Anna Featherstonehaugh", fonts.width("Featherstonehaugh"), 5) == ["Anna", "Featherstonehaugh"]
    assert fonts.wrap("Featherstonehaugh-Bennett", fonts.width("Featherstonehaugh-"), 5) == [
        "Featherstonehaugh-",
        "Bennett",
    ]
    assert fonts.wrap("上海市黄浦区", 3, 5) == ["上海市", "黄浦区"]


def test_that_a_phone_number_is_not_broken_at_its_hyphen() -> None:
    assert fonts.wrap("call 555-0119", fonts.width("555-0119"), 5) == ["call", "555-0119"]


def test_that_each_shipped_font_has_its_licence_beside_it() -> None:
    shipped = {path.name.split("-")[0] for path in (RESOURCES / "fonts").glob("*.ttf")}
    licences = "\n".join(path.read_text("utf-8") for path in (RESOURCES / "licenses").glob("*.txt"))
    assert shipped == {"NotoSans", "NotoSansArabic", "NotoSansHebrew", "DroidSansFallbackFull.ttf"}
    for owner in ("notofonts/latin-greek-cyrillic", "notofonts/arabic", "notofonts/hebrew", "Droid Sans Fallback"):
        assert owner in licences
    assert "SIL OPEN FONT LICENSE Version 1.1" in licences
    assert "Apache License" in licences
