"""What was typed and not saved, kept on this workstation: it is there again after parking, a crash or a power cut.

One file for each draft, readable by its computer's user only. A draft belongs to a person and is kept for seven days.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from studio_desktop.domain import fields
from studio_desktop.domain.clock import Clock
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.domain.fields import FieldSpec, Kind
from studio_desktop.paths import atomic_write

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")

KEPT_FOR = timedelta(days=7)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """One thing somebody had begun.

    `kind` is what it is (a sheet's or page's name), `title` how it is called, `state` all that was typed and chosen
    with the cursor, as JSON values; `base` is the record that was read before, by `pack`, so that saving later still
    merges field by field.
    """

    key: str
    user: str
    kind: str
    title: str
    state: dict[str, Any]
    saved_at: datetime
    record_id: int | None = None
    base: dict[str, Any] | None = None


class Drafts:
    """The drafts in one folder, that of one studio. Every call goes straight to the file, from whatever thread."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    @staticmethod
    def new_key() -> str:
        """The key of a draft to come; the same one each time it is kept."""
        return uuid.uuid4().hex

    def keep(
        self,
        key: str,
        *,
        user: str,
        kind: str,
        title: str,
        state: dict[str, Any],
        record_id: int | None = None,
        base: dict[str, Any] | None = None,
    ) -> Draft:
        """Write a draft in the place of its earlier state; once this returns it survives kill and power cut.

        Raises OSError where it cannot be written.
        """
        draft = Draft(key, user, kind, title, state, self._clock.now(), record_id, base)
        self._folder.mkdir(parents=True, exist_ok=True)
        told = {**dataclasses.asdict(draft), "saved_at": draft.saved_at.isoformat()}
        with atomic_write(self._path(key), private=True) as file:
            file.write(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        return draft

    def discard(self, key: str) -> None:
        """Forget a draft: it was saved, or thrown away."""
        self._path(key).unlink(missing_ok=True)

    def of(self, user: str) -> list[Draft]:
        """This person's drafts, newest first. Those older than seven days are thrown away, whosever they are.

        A file that cannot be read is set aside under another name, never deleted.
        """
        drafts = [draft for path in self._folder.glob("*.json") if (draft := self._read(path)) is not None]
        for draft in drafts:
            if self._is_old(draft):
                self.discard(draft.key)
        mine = [draft for draft in drafts if draft.user == user and not self._is_old(draft)]
        return sorted(mine, key=lambda draft: draft.saved_at, reverse=True)

    def _is_old(self, draft: Draft) -> bool:
        return self._clock.now() - draft.saved_at > KEPT_FOR

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"

    def _read(self, path: Path) -> Draft | None:
        try:
            told = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
            return Draft(**{**told, "saved_at": datetime.fromisoformat(told["saved_at"])})
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError) as error:
            aside = path.with_suffix(".unreadable")
            path.replace(aside)
            log.warning("A draft could not be read and was set aside as %s: %s", aside.name, type(error).__name__)
            return None


def pack(record: DataclassInstance) -> dict[str, Any]:
    """A record as JSON values."""
    return {
        name: _packed(getattr(record, name), spec) for name, spec in fields.specs(type(record)).items()
    }


def unpack(record_class: type[Record], packed: Mapping[str, Any]) -> Record:
    """The record that `pack` took apart, by an earlier version of the program too.

    A field it did not have then, or whose value means nothing now, has its default.
    """
    values = {}
    for name, spec in fields.specs(record_class).items():
        if name in packed:
            try:
                values[name] = _unpacked(packed[name], spec)
            except (ValueError, TypeError, InvalidInput):
                continue
    return record_class(**values)


def _packed(value: Any, spec: FieldSpec) -> Any:
    if value is None:
        return None
    if spec.kind is Kind.ROWS:
        return [pack(row) for row in value]
    if spec.kind is Kind.MEMBERS:
        return sorted(value)
    if spec.kind in (Kind.DAY, Kind.INSTANT):
        return value.isoformat()
    if spec.kind is Kind.PARTIAL_DATE:
        return value.iso()
    if spec.kind is Kind.CHOICE:
        return value.value
    return value


def _unpacked(value: Any, spec: FieldSpec) -> Any:
    if value is None:
        return None
    if spec.kind is Kind.ROWS:
        return tuple(unpack(spec.of, row) for row in value)
    if spec.kind is Kind.MEMBERS:
        return frozenset(value)
    if spec.kind is Kind.DAY:
        return date.fromisoformat(value)
    if spec.kind is Kind.INSTANT:
        return datetime.fromisoformat(value)
    if spec.kind is Kind.PARTIAL_DATE:
        return PartialDate.parse(value)
    if spec.kind is Kind.CHOICE:
        return spec.of(value)
    return value
