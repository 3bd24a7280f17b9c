"""How the columns of a table share the width of a page: by what the first rows hold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice
from math import inf
from typing import NamedTuple

from studio_desktop.reports import fonts
from studio_desktop.reports.tables import ColumnKind, ColumnSpec, Group, Rows, TableDocument

MARGIN = 42.0
"""Points that stay free at each edge of the page."""
PADDING = 4.0
"""Points that stay free at both sides of a cell."""


class FirstRows(NamedTuple):
    """What stands in the columns of text of the first rows, in ems: the widest text and the longest word of each.

    `are_all` is whether no more follow.
    """

    texts: list[float]
    words: list[float]
    are_all: bool


def begun(document: TableDocument, rows: Rows) -> tuple[FirstRows, Rows]:
    """A look at the first rows; and all rows, those included."""
    waiting = iter(rows)
    first = list(islice(waiting, _LOOKED_AT))
    texts, words = [0.0] * len(document.columns), [0.0] * len(document.columns)
    for row in first:
        for index, value in enumerate(() if isinstance(row, Group) else row):
            if document.columns[index].kind is ColumnKind.TEXT:
                text = document.shown(value)[:_LOOKED_AT]
                texts[index] = max(texts[index], fonts.width(text) + _HAIR)
                words[index] = max(words[index], *map(fonts.width, text.split()), 0)
    are_all = 0 < len(first) < _LOOKED_AT and not document.handwritten
    return FirstRows(texts, words, are_all), chain(first, waiting)


def laid_out(
    columns: Sequence[ColumnSpec], first: FirstRows, page_size: tuple[float, float]
) -> tuple[tuple[float, float], float, list[float], list[list[int]]]:
    """The page as it is turned, the type size, the width of each column, and which columns stand on each page beside
    the other; lengths in points.

    Dates, phones and numbers get what they need; texts share what is left, and give way a little where it is too
    little, but never so far that a word of their title would break, nor, if that can be, a word of the first rows.
    """
    upright = min(page_size), max(page_size)
    natural = [_natural_width(*column) for column in zip(columns, _most_needed(first), strict=True)]
    titles = [_title_width(column) for column in columns]
    words = [max(title, min(word + _HAIR, _LONGEST_WORD)) for title, word in zip(titles, first.words, strict=True)]
    every = list(range(len(columns)))
    attempts = [(upright, _LARGEST), *((upright[::-1], size) for size in range(_LARGEST, _SMALLEST - 1, -1))]
    for least in (1.0, _LEAST_SHARE):
        for page, size in attempts:
            room = page[0] - 2 * MARGIN
            widths = [width * size + 2 * PADDING for width in natural]
            if _shared(columns, widths, every, room) >= least:
                return page, size, _given(columns, widths, _in_points(size, titles, words), [every], room), [every]
    page, size = upright[::-1], _SMALLEST + 1
    room = page[0] - 2 * MARGIN
    widths = [min(width * size + 2 * PADDING, room * _WIDEST) for width in natural]
    spreads: list[list[int]] = [[0]]
    for index in every[1:]:
        if sum(widths[at] for at in spreads[-1]) + widths[index] > room:
            spreads.append([0])
        spreads[-1].append(index)
    return page, size, _given(columns, widths, _in_points(size, titles, words), spreads, room), spreads


_LARGEST, _SMALLEST = 9, 7
_LEAST_SHARE = 0.75  # of its width that a text may have to make do with
_WIDEST = 0.4  # of the page: a column that takes more wraps
_CHARACTER = 0.56  # ems: the average of names and numbers, with some air
_HAIR = 0.02
_LONGEST_WORD = 9.0  # ems: what is longer is broken where there is little room
_LOOKED_AT = 200  # rows, and characters of each text


def _in_points(size: float, *widths: Sequence[float]) -> list[list[float]]:
    return [[width * size + 2 * PADDING for width in each] for each in widths]


def _shared(columns: Sequence[ColumnSpec], widths: Sequence[float], among: Sequence[int], room: float) -> float:
    """Which share of its width a text gets, when the other columns among these have theirs."""
    texts = sum(widths[index] for index in among if columns[index].kind is ColumnKind.TEXT)
    rest = sum(widths[index] for index in among) - texts
    return (room - rest) / texts if texts else min(1.0, room / rest)


def _given(
    columns: Sequence[ColumnSpec],
    widths: Sequence[float],
    least: Sequence[Sequence[float]],
    spreads: Sequence[Sequence[int]],
    room: float,
) -> list[float]:
    """The widths, with what room is left on each page given to its texts; the first column is as wide on every page.

    No text gets less than the last of its `least` widths for which there is room.
    """
    given = list(widths)
    repeated = spreads[0][:1] if len(spreads) > 1 else []
    for spread in spreads:
        own = [index for index in spread if index not in repeated]
        left = room - sum(widths[index] for index in own if columns[index].kind is not ColumnKind.TEXT)
        left -= sum(widths[index] for index in repeated)
        texts = [index for index in own if columns[index].kind is ColumnKind.TEXT]
        fitting = [each for each in least if sum(each[index] for index in texts) <= left]
        lowest = (fitting or least[:1])[-1]
        texts.sort(key=lambda index: widths[index] / lowest[index])
        for at, index in enumerate(texts):
            share = left / sum(widths[one] for one in texts[at:])
            given[index] = max(widths[index] * share, min(lowest[index], left))
            left -= given[index]
    return given


def _most_needed(first: FirstRows) -> Sequence[float]:
    """What each column of text needs at most: what it holds, if all rows were seen."""
    return first.texts if first.are_all else [inf] * len(first.texts)


def _natural_width(column: ColumnSpec, most: float) -> float:
    usual = column.width * _CHARACTER
    return max(min(usual, most) if column.kind is ColumnKind.TEXT else usual, _title_width(column))


def _title_width(column: ColumnSpec) -> float:
    """The longest word of its title, with a hair for what rounding takes."""
    return max((fonts.width(word, bold=True) for word in column.title.split()), default=0) + _HAIR
