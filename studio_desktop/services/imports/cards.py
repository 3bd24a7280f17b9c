"""vCards of any version and maker (2.1, 3.0, 4.0) as rows under the titles that a spreadsheet would have (B20).

The reader is our own: vobject, the library for it, gives up a whole file for one line that is none, one unknown
charset or one card without its end, and takes a millisecond a card.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from studio_desktop.domain.text import words

MOST_OF_A_KIND = 12
"""Phones, e-mails and addresses of a card that get columns; what is beyond is kept in the note."""

_KEPT = "Further details"
_ORDER = (
    "Last name", "First name", "Middle name", "Name", "Company", "Salutation", "Job title", "Nickname", "Former names",
    "Phone", "E-mail", "Address", "Birthday", "Anniversary", "Spouse", "Child", "Groups", "Do not market",
    "Do not call", "Website", "Facebook", "LinkedIn", "Twitter", "Photo", "Note", _KEPT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of a file as rows; `faults` names the rows, from 1, that are no person, with the reason.

    `photos` are the pictures in them, in base64, by what the rows call them.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    faults: Mapping[int, str]
    versions: tuple[str, ...]
    photos: Mapping[str, str]


def is_vcard(start: bytes) -> bool:
    """Whether a file that begins like this holds vCards."""
    return _BEGINNING.match(start.replace(b"\x00", b"")) is not None


def read_cards(raw: bytes, most: int) -> Cards:
    """Read all cards, of which none can make the others unreadable; at most one more than `most` of them."""
    fallback = _fallback(raw)
    found: list[dict[str, str]] = []
    faults: dict[int, str] = {}
    versions: dict[str, None] = {}
    photos: dict[str, str] = {}
    for lines in _cards(raw):
        card = _Card(lines, fallback)
        versions[card.version] = None
        found.append(card.cells)
        if card.photo:
            card.cells["Photo"] = f"in card {len(found)}"
            photos[card.cells["Photo"]] = card.photo
        if card.fault:
            faults[len(found)] = card.fault
        if len(found) > most:
            break
    titles = {title for cells in found for title in cells}
    header = tuple(sorted(titles or {"Name"}, key=_place))
    rows = tuple(tuple(cells.get(title, "") for title in header) for cells in found)
    return Cards(header, rows, faults, tuple(filter(None, versions)), photos)


_BEGINNING = re.compile(rb"[\xef\xbb\xbf\xff\xfe\s]*BEGIN\s*:\s*VCARD", re.IGNORECASE)
_BEGIN = re.compile(rb"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)
_END = re.compile(rb"\s*END\s*:\s*VCARD\s*", re.IGNORECASE)
_LINE = re.compile(rb'\s*(?:([\w-]+)\.)?([\w-]+)((?:;(?:[^":;]|"[^"]*")*)*):(.*)', re.DOTALL)
_PARAMETER = re.compile(r'(?:[^";]|"[^"]*")+')
_ENCODINGS = {"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"}
_RUNS_ON = {b"NOTE", b"ADR", b"LABEL"}
_NUMBER = re.compile(r"(.+?) (\d+) - (.+)")
_PARTS = ("Label", "Value", "Street", "Extended Address", "City", "Region", "Postal Code", "Country")


def _place(title: str) -> tuple[int, int, int]:
    numbered = _NUMBER.fullmatch(title)
    if numbered is None:
        return _ORDER.index(title), 0, 0
    return _ORDER.index(numbered[1]), int(numbered[2]), _PARTS.index(numbered[3])


def _fallback(raw: bytes) -> str:
    """In what the file is written where no charset is named and it is no UTF-8."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(b"\n".join(line for line in raw.splitlines() if not line.isascii())[: 256 * 1024]).best()
        return best.encoding if best is not None else "cp1252"
    return "utf-8"


def _cards(raw: bytes) -> Iterator[list[bytes]]:
    """The lines of each card. One that has no end stops where the next begins; one inside another is its agent."""
    card: list[bytes] | None = None
    is_agent = False
    for line in _lines(raw):
        if _BEGIN.fullmatch(line):
            if card and card[-1].upper().startswith(b"AGENT") and card[-1].rstrip().endswith(b":"):
                is_agent = True
                continue
            if card is not None:
                yield card
            card, is_agent = [], False
        elif _END.fullmatch(line) and is_agent:
            is_agent = False
        elif _END.fullmatch(line):
            if card is not None:
                yield card
            card = None
        elif card is not None:
            card.append(b"AGENT:" + line if is_agent else line)
    if card is not None:
        yield card


def _lines(raw: bytes) -> Iterator[bytes]:
    """Whole lines, whatever folded them. They are joined as bytes: many a maker cuts a letter in two."""
    line: list[bytes] = []
    is_printable = is_binary = runs_on = is_old = False
    for part in raw.splitlines():
        if line and is_printable and line[-1].endswith(b"="):
            line[-1] = line[-1][:-1]
            line.append(part)
        elif line and is_binary and (part[:1] in (b" ", b"\t") or b":" not in part):
            line.append(part.strip())
        elif line and part[:1] in (b" ", b"\t"):
            line.append(b" " + part.lstrip() if is_old else part[1:])
        elif not part.strip():
            continue
        elif runs_on and not _LINE.match(part):
            line += (b"=0A" if is_printable else b"\\n", part)
        else:
            if line:
                yield b"".join(line)
            line = [part]
            head = part.partition(b":")[0].upper()
            is_printable = b"QUOTED-PRINTABLE" in head
            is_binary = b"BASE64" in head or b"ENCODING=B" in head
            runs_on = re.split(rb"[;.]", head)[0].strip() in _RUNS_ON
            is_old = part.strip().upper() == b"VERSION:2.1" or (is_old and head.strip() != b"VERSION")
    if line:
        yield b"".join(line)


@dataclass(frozen=True, slots=True)
class _Property:
    """A line of a card. `value` still has its escapes; `types` are lower case."""

    name: str
    group: str
    types: frozenset[str]
    parameters: Mapping[str, str]
    value: str

    @classmethod
    def read(cls, line: bytes, fallback: str) -> _Property | None:
        """The line's parts; None for what is no line of a card."""
        match = _LINE.match(line)
        if match is None:
            return None
        group, name, written, value = match.groups()
        parameters: dict[str, str] = {}
        types: set[str] = set()
        for parameter in _PARAMETER.findall(_decoded(written, "", fallback)):
            key, equals, said = (piece.strip() for piece in parameter.partition("="))
            if not equals:
                key, said = ("ENCODING" if key.upper() in _ENCODINGS else "TYPE"), key
            said = said.replace('"', "")
            if key.upper() == "TYPE":
                types.update(piece.strip().lower() for piece in said.split(","))
            parameters.setdefault(key.upper(), said)
        if parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
            # A semicolon that is written as =3B separates nothing, unless its maker wrote all of them so.
            value = quopri.decodestring(re.sub(rb"=3[bB]", rb"\\;", value) if b";" in value else value)
        text = _decoded(value, parameters.get("CHARSET", ""), fallback).replace("\r\n", "\n").replace("\r", "\n")
        return cls(
            _decoded(name, "", fallback).upper(), _decoded(group or b"", "", fallback).lower(),
            frozenset(types), parameters, text.strip(),
        )  # fmt: skip

    @property
    def text(self) -> str:
        """The value without its escapes."""
        return _unescaped(self.value).strip()

    def fields(self, separator: str = ";", *, comma: str = ",") -> list[str]:
        """The parts of a value that has several, without their escapes; `comma` is put for one that lists."""
        pieces = [""]
        for sign in _SIGNS.findall(self.value):
            if sign == separator:
                pieces.append("")
            else:
                pieces[-1] += comma if sign == "," else sign
        return [_unescaped(piece).strip() for piece in pieces]


_SIGNS = re.compile(r"\\.|.", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\,;:nN])")


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], value)


def _decoded(value: bytes, charset: str, fallback: str) -> str:
    for encoding in filter(None, (charset, "utf-8")):
        try:
            return value.decode(encoding).replace("\x00", "")
        except (LookupError, ValueError):
            continue
    return value.decode("cp1252" if fallback == "utf-8" else fallback, "replace").replace("\x00", "")


_SILENT = {
    "VERSION", "PRODID", "UID", "REV", "SORT-STRING", "SOURCE", "PROFILE", "NAME", "CLASS", "MAILER", "CLIENTPIDMAP",
    "X-ABLABEL", "X-ABADR", "X-ABUID", "X-ABSHOWAS", "X-PRODID", "KIND", "X-ADDRESSBOOKSERVER-KIND",
}  # fmt: skip
_PLAIN = {
    "TITLE": "Job title", "ROLE": "Job title", "NICKNAME": "Nickname", "X-MAIDENNAME": "Former names",
    "X-DO-NOT-MARKET": "Do not market", "X-DO-NOT-CALL": "Do not call",
}  # fmt: skip
_BINARY = {"PHOTO": "Photo", "LOGO": "Logo", "SOUND": "Sound", "KEY": "Key"}
_DATA_URI = re.compile(r"data:image/[\w.+-]+;base64,", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?:https?|ftp|file|cid|urn|content):", re.IGNORECASE)
_PHONE_LABELS = (
    ("fax", "Fax"), ("pager", "Pager"), ("cell", "Mobile"), ("iphone", "Mobile"), ("car", "Mobile"), ("work", "Work"),
    ("home", "Home"), ("main", "Main"), ("other", "Other"),
)  # fmt: skip
_ADDRESS_LABELS = (("postal", "Mailing"), ("work", "Work"), ("home", "Home"))
_NETWORKS = (("facebook", "Facebook"), ("linkedin", "LinkedIn"), ("twitter", "Twitter"), ("//x.com/", "Twitter"))
_RELATIVES = {"spouse": "Spouse", "partner": "Spouse", "husband": "Spouse", "wife": "Spouse", "child": "Child",
              "son": "Child", "daughter": "Child"}  # fmt: skip
_APPLES_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_DAY = re.compile(r"(\d{4}|-)-?(\d\d)-?(\d\d)(?:T.*)?", re.DOTALL)
_NO_PERSON = "this card is a list of addresses, no person."
_EMPTY = "this card has nothing in it."


@dataclass
class _Card:
    """Fills the cells of one card's row."""

    lines: list[bytes]
    fallback: str
    cells: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    version: str = ""
    photo: str = ""

    def __post_init__(self) -> None:
        self._kept: list[str] = []
        self._counts: dict[str, int] = {}
        self._shown_name = ""
        self._delivery: list[str] = []
        properties: list[_Property] = []
        for line in self.lines:
            found = _Property.read(line, self.fallback)
            if found is None:
                self._kept.append(_decoded(line, "", self.fallback).strip())
            else:
                properties.append(found)
        self._labels = {
            one.group: _APPLES_LABEL.sub(r"\1", one.text)
            for one in properties if one.group and one.name == "X-ABLABEL"
        }  # fmt: skip
        for one in properties:
            self._take(one)
        self._finish()

    def _take(self, one: _Property) -> None:
        if one.name == "VERSION":
            self.version = one.text
        elif one.name in ("KIND", "X-ADDRESSBOOKSERVER-KIND") and one.text.lower() == "group":
            self.fault = _NO_PERSON
        elif one.name in _BINARY:
            self._picture(one)
        elif one.value.strip(";, ") and one.name not in _SILENT:
            if one.name in _PLAIN:
                self._once(_PLAIN[one.name], one.text)
            else:
                self._TAKERS.get(one.name, _Card._keep)(self, one)

    def _finish(self) -> None:
        named = ("Last name", "First name", "Middle name", "Salutation", "Company", "Nickname")
        has_name = any(self.cells.get(title) for title in ("Last name", "First name"))
        if not has_name and self._shown_name:
            self.cells["Name"] = self._shown_name
        said = set(words(" ".join([*(self.cells.get(title, "") for title in named), *self._kept])))
        if has_name and not set(words(self._shown_name)) <= said:
            self._kept.insert(0, f"Shown as: {self._shown_name}")
        if self._delivery and not self._counts.get("Address"):
            self._address([(self._delivery[0], "Street")], "")
            self._delivery = []
        if self._kept:
            self.cells[_KEPT] = "\n".join(self._kept)
        if not self.cells and not self.photo and not self.fault:
            self.fault = _EMPTY

    # What each property says

    def _picture(self, one: _Property) -> None:
        """The first photo is the client's. One that is elsewhere is not fetched: nothing here reaches for the net."""
        what = _BINARY[one.name]
        if _ELSEWHERE.match(one.text):
            self._kept.append(f"{what}: {one.text}")
        elif one.name != "PHOTO" or self.photo:
            self._kept.append(f"{what}: left in the file")
        else:
            self.photo = _DATA_URI.sub("", one.text, count=1)

    def _name(self, one: _Property) -> None:
        parts = [" ".join(part.split()) for part in one.fields(comma=" ")]
        titles = ("Last name", "First name", "Middle name", "Salutation")
        for title, part in zip(titles, parts, strict=False):
            self._once(title, part)
        if suffix := " ".join(filter(None, parts[4:])):
            self._kept.append(f"Suffix: {suffix}")

    def _formatted(self, one: _Property) -> None:
        self._shown_name = self._shown_name or " ".join(one.text.split())

    def _company(self, one: _Property) -> None:
        company, *departments = one.fields()
        self._once("Company", company)
        if department := ", ".join(filter(None, departments)):
            self._kept.append(f"Department: {department}")

    def _phone(self, one: _Property) -> None:
        number = re.sub(r";ext=(\d+)", r" ext. \1", re.sub(r"^tel:", "", one.text, flags=re.IGNORECASE))
        cells = [(number, "Value"), (self._label(one, _PHONE_LABELS), "Label")]
        self._numbered("Phone", cells, one)

    def _email(self, one: _Property) -> None:
        self._numbered("E-mail", [(re.sub(r"^mailto:", "", one.text, flags=re.IGNORECASE), "Value")], one)

    def _postal(self, one: _Property) -> None:
        box, extended, street, *rest = (*one.fields(), "", "", "")
        more = ", ".join(filter(None, (box, *extended.splitlines())))
        cells = [(street, "Street"), (more, "Extended Address")]
        cells += zip(rest[:4], ("City", "Region", "Postal Code", "Country"), strict=False)
        self._address(cells, self._label(one, _ADDRESS_LABELS), one)

    def _address(self, cells: list[tuple[str, str]], label: str, one: _Property | None = None) -> None:
        self._numbered("Address", [*cells, (label, "Label")], one)

    def _deliver(self, one: _Property) -> None:
        self._delivery.append(one.text)

    def _birthday(self, one: _Property) -> None:
        self._once("Birthday", _day(one))

    def _anniversary(self, one: _Property) -> None:
        self._once("Anniversary", _day(one))

    def _apples_day(self, one: _Property) -> None:
        if self._labels.get(one.group, "").casefold() == "anniversary":
            self._anniversary(one)
        else:
            self._keep(one)

    def _web(self, one: _Property) -> None:
        url, hints = one.text, " ".join((one.text, *one.types, self._labels.get(one.group, ""))).casefold()
        title = next((title for sign, title in _NETWORKS if sign in hints), "")
        if not title and one.name == "URL":
            title = "Website"
        if title and title not in self.cells:
            self.cells[title] = url
        else:
            self._keep(one)

    def _relative(self, one: _Property) -> None:
        said = [*one.types, self._labels.get(one.group, "").casefold(), one.name.removeprefix("X-").lower()]
        title = next((_RELATIVES[word] for word in said if word in _RELATIVES), "")
        if title and not re.match(r"(urn|https?|mailto|tel):", one.text, re.IGNORECASE):
            before = self.cells.get(title)
            self.cells[title] = f"{before}\n{one.text}" if before else one.text
        else:
            self._keep(one)

    def _categories(self, one: _Property) -> None:
        before = [piece for piece in self.cells.get("Groups", "").split(" ::: ") if piece]
        # The mark of several keeps one with a comma whole.
        self.cells["Groups"] = " ::: ".join([*before, *filter(None, one.fields(","))]) + " ::: "

    def _note(self, one: _Property) -> None:
        before = self.cells.get("Note")
        self.cells["Note"] = f"{before}\n{one.text}" if before else one.text

    def _keep(self, one: _Property) -> None:
        label = self._labels.get(one.group, "") or one.name.removeprefix("X-").replace("-", " ").capitalize()
        self._kept.append(f"{label}: {one.text}")

    _TAKERS: ClassVar[Mapping[str, Callable[[_Card, _Property], None]]] = {
        "N": _name, "FN": _formatted, "ORG": _company, "TEL": _phone, "EMAIL": _email, "ADR": _postal,
        "LABEL": _deliver, "BDAY": _birthday, "ANNIVERSARY": _anniversary, "X-ANNIVERSARY": _anniversary,
        "X-EVOLUTION-ANNIVERSARY": _anniversary, "X-ABDATE": _apples_day, "URL": _web, "X-SOCIALPROFILE": _web,
        "SOCIALPROFILE": _web, "RELATED": _relative, "X-ABRELATEDNAMES": _relative, "X-SPOUSE": _relative,
        "X-EVOLUTION-SPOUSE": _relative, "CATEGORIES": _categories, "NOTE": _note,
    }  # fmt: skip

    # Cells

    def _once(self, title: str, value: str) -> None:
        if value and self.cells.setdefault(title, value) != value:
            self._kept.append(f"{title}: {value}")

    def _numbered(self, stem: str, cells: list[tuple[str, str]], one: _Property | None) -> None:
        count = self._counts[stem] = self._counts.get(stem, 0) + 1
        if count > MOST_OF_A_KIND and one is not None:
            self._keep(one)
            return
        for value, part in cells:
            if value:
                self.cells[f"{stem} {count} - {part}"] = value

    def _label(self, one: _Property, known: tuple[tuple[str, str], ...]) -> str:
        return self._labels.get(one.group) or next((label for kind, label in known if kind in one.types), "")


def _day(one: _Property) -> str:
    """The day as studios store it: a year that is none is Apple's way to leave it out."""
    match = _DAY.fullmatch(one.text)
    if match is None:
        return one.text
    year, month, day = match.groups()
    return f"{'-' if year == one.parameters.get('X-APPLE-OMIT-YEAR') else year}-{month}-{day}"
