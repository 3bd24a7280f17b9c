"""Label sheets come in from files of gLabels, and what cannot be one of ours is named (B10)."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from studio_desktop.domain.errors import StudioError
from studio_desktop.reports.glabels import LARGEST, add_sheets
from studio_desktop.reports.label_sheets import own_folder, sheet

MILLIMETRE = 72 / 25.4

LIST = """<?xml version="1.0"?>
<Glabels-templates>
  <Template brand="Our" part="33" size="A4" _description="Small labels">
    <Meta category="label"/>
    <Label-rectangle id="0" width="64mm" height="2.43cm" round="3mm">
      <Markup-margin size="3.2mm"/>
      <Layout nx="3" ny="11" x0="6.0mm" y0="14.0mm" dx="66.5mm" dy="24.3mm"/>
    </Label-rectangle>
  </Template>
  <Template brand="Our" part="34" equiv="33"/>
  <Template brand="Our" part="points" size="US-Letter">
    <Label-rectangle id="0" width="189" height="72">
      <Layout nx="3" ny="10" x0="0.1875in" y0="36pt" dx="198" dy="6pc"/>
    </Label-rectangle>
  </Template>
  <Template brand="Our" part="tape" size="roll" roll_width="31mm" width="28mm" height="89mm">
    <Label-rectangle id="0" width="28mm" height="89mm">
      <Layout nx="1" ny="1" x0="0" y0="0" dx="0" dy="0"/>
    </Label-rectangle>
  </Template>
  <Template brand="Our" part="half sheet" size="US-Letter">
    <Label-rectangle id="0" width="8.5in" height="5.5in">
      <Layout nx="1" ny="2" x0="0in" y0="0in" dx="0in" dy="5.5in"/>
    </Label-rectangle>
  </Template>
  <Template brand="Our" part="disc" size="A4">
    <Label-cd id="0" radius="165pt" hole="58pt">
      <Layout nx="1" ny="2" x0="131pt" y0="60pt" dx="349pt" dy="392pt"/>
    </Label-cd>
  </Template>
  <Template brand="Our" part="wide" size="A4">
    <Label-rectangle id="0" width="120mm" height="40mm">
      <Layout nx="2" ny="7" x0="0" y0="0" dx="120mm" dy="40mm"/>
    </Label-rectangle>
  </Template>
  <Template brand="Our" part="poster" size="A0">
    <Label-rectangle id="0" width="70mm" height="40mm">
      <Layout nx="2" ny="7" dx="70mm" dy="40mm"/>
    </Label-rectangle>
  </Template>
  <Template brand="Our" part="ells" size="A4">
    <Label-rectangle id="0" width="70ell" height="40mm">
      <Layout nx="2" ny="7" dx="70mm" dy="40mm"/>
    </Label-rectangle>
  </Template>
  <Template brand="Avery" part="5160" size="US-Letter">
    <Label-rectangle id="0" width="1in" height="1in">
      <Layout nx="2" ny="7" dx="1in" dy="1in"/>
    </Label-rectangle>
  </Template>
</Glabels-templates>
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "our-templates.xml"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_that_the_sheets_of_a_gLabels_list_become_sheets_of_this_workstation(file: Path) -> None:  # noqa: N802
    """B10."""
    brought = add_sheets(file)
    assert [one.name for one in brought.added] == ["Our 33", "Our points", "Our tape", "Our half sheet"]
    small = sheet("our-33")
    assert (small.columns, small.rows, small.description) == (3, 11, "Small labels, 3 × 11, 64 × 24.3 mm")
    lengths = [length / MILLIMETRE for length in small.cell_rect(4)]
    assert lengths == pytest.approx([72.5, 38.3, 64, 24.3], abs=0.01)
    assert sheet("Our 34") == small
    inches = sheet("our points")
    assert inches.cell_rect(0) == pytest.approx((13.5, 36, 189, 72), abs=0.02)
    assert inches.cell_rect(29) == pytest.approx((13.5 + 2 * 198, 36 + 9 * 72, 189, 72), abs=0.05)
    halves = sheet("our half sheet")
    assert halves.cell_rect(1) == pytest.approx((0, 396, 612, 396), abs=0.02)


def test_that_a_roll_is_turned_so_that_an_address_runs_along_it(file: Path) -> None:
    add_sheets(file)
    tape = sheet("our tape")
    assert tape.roll
    assert (tape.page_width / MILLIMETRE, tape.page_height / MILLIMETRE) == pytest.approx((89, 28))


def test_that_what_cannot_be_one_of_our_sheets_is_named_with_the_reason(file: Path) -> None:
    brought = add_sheets(file)
    assert dict(brought.left_out) == {
        "Our disc": "its labels are not rectangles",
        "Our wide": "In the label sheet our-wide.toml, columns is more than the page is wide, with these measures.",
        "Our poster": "its paper A0 is not known here",
        "Our ells": "its width cannot be read: 70ell",
        "Avery 5160": "is there already",
    }
    assert sheet("5160").columns == 3
    kept = sorted(path.stem for path in own_folder().iterdir())
    assert kept == ["our-33", "our-half-sheet", "our-points", "our-tape"]


def test_that_a_list_read_again_replaces_what_it_brought(file: Path) -> None:
    add_sheets(file)
    file.write_text(LIST.replace('width="64mm"', 'width="60mm"'), encoding="utf-8")
    assert "Our 33" in [one.name for one in add_sheets(file).added]
    assert sheet("our 33").label_width / MILLIMETRE == pytest.approx(60)


def test_that_a_packed_document_brings_the_sheet_it_is_made_for(tmp_path: Path) -> None:
    document = tmp_path / "name tags.glabels"
    template = LIST[LIST.index("<Template") : LIST.index('<Template brand="Our" part="34"')]
    document.write_bytes(gzip.compress(f"<Glabels-document>{template}<Objects id='0'/></Glabels-document>".encode()))
    assert [one.name for one in add_sheets(document).added] == ["Our 33"]


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Glabels-templates>&b;</Glabels-templates>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 a workbook", "no file of gLabels"),
        (b"<html><body/></html>", "holds no label sheets"),
        (b"", "no file of gLabels"),
        (b"\x1f\x8b broken", "cannot be read"),
        (BOMB.encode(), "declares entities"),
        (gzip.compress(b" " * (LARGEST + 1)), "too large"),
    ],
)
def test_that_another_file_is_refused_in_a_sentence_and_nothing_is_added(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "other.template"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=said) as refused:
        add_sheets(path)
    assert "other.template" in str(refused.value)
    assert not own_folder().exists()
