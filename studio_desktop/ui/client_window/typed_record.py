"""One record in many forms: what a person typed in the header and on the tabs of a client's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from studio_desktop.domain.errors import InvalidFields, InvalidInput
from studio_desktop.domain.fields import specs
from studio_desktop.domain.records.clients import ClientRecord

if TYPE_CHECKING:
    from studio_desktop.ui.client_window.header import ClientHeader
    from studio_desktop.ui.client_window.record_form import RecordForm
    from studio_desktop.ui.client_window.tab import Tab


class TypedRecord:
    """What a person touched is never replaced.

    `base`, which the typed record is compared with, keeps for each field touched the value from before, so that
    saving merges or says where two desks want different things.
    """

    def __init__(self, header: ClientHeader, tabs: Mapping[str, Tab]) -> None:
        """`tabs` are those that are made so far; they become more."""
        self.base = ClientRecord()
        self._header = header
        self._tabs = tabs

    def forms(self) -> Iterator[RecordForm]:
        """The forms that there are by now."""
        if self._header.form is not None:
            yield self._header.form
        yield from (tab.form for tab in self._tabs.values() if tab.form is not None)

    def changed(self) -> tuple[str, ...]:
        """The fields that hold something else than `base`."""
        return tuple(name for form in self.forms() for name in form.changed(self.base))

    def touched(self) -> frozenset[str]:
        """The fields a person changed, with those that belong to them."""
        changed, known = set(self.changed()), specs(ClientRecord)
        couples = {known[name].couple for name in changed} - {""}
        return frozenset(changed | {name for name, spec in known.items() if spec.couple in couples})

    def follow(self, record: ClientRecord) -> frozenset[str]:
        """The record stands so now: `base` is that but for what was touched, which this gives."""
        touched = self.touched()
        self.base = replace(record, **{name: getattr(self.base, name) for name in touched})
        return touched

    def read(self) -> ClientRecord:
        """The record as it is typed; raises InvalidFields with the faults of all forms."""
        record, faults = self.base, dict[str, InvalidInput]()
        for form in self.forms():
            try:
                record = form.read(record)
            except InvalidFields as unclean:
                faults |= unclean.faults
        if faults:
            raise InvalidFields(faults)
        return record

    def in_progress(self) -> ClientRecord:
        """The record as far as what is typed can be understood."""
        record = self.base
        for form in self.forms():
            for read in (form.binder.read, *(editor.read_into for editor in form.editors)):
                with suppress(InvalidFields):
                    record = read(record)
        return record

    def flash(self, names: Iterable[str]) -> None:
        """Let fields that somebody else changed light up."""
        shown = frozenset(names)
        for form in self.forms():
            form.flash(shown)

    def mark(self, error: InvalidInput, bring_up: Callable[[Tab | None], None]) -> bool:
        """Show each fault at its field and put the cursor into the first; False if one has no field here.

        `bring_up` is called before with the tab that the first is on, None for the header.
        """
        faults = error.faults if isinstance(error, InvalidFields) else {error.field or "": error}
        known = InvalidFields(faults)
        left = {path.partition(".")[0] for path in faults}
        tabs = [tab for tab in self._tabs.values() if tab.form is not None and left & set(tab.form.fields)]
        left -= {name for tab in tabs if tab.form is not None for name in tab.form.fields}
        marked = False
        in_header = left & set(self._header.editor.form.fields)
        if in_header:
            left -= in_header
            bring_up(None)
            marked = self._header.editor.form.mark(known)
        for tab in tabs:
            assert tab.form is not None
            if not marked:
                bring_up(tab)
            marked = tab.form.mark(known, focus=not marked) or marked
        return marked and not left

    def texts(self) -> dict[str, Any]:
        """All that stands in the forms, and what tabs hold beside them, as the draft keeps it."""
        return {
            "header": self._header.form.texts() if self._header.form is not None else None,
            "forms": {name: tab.form.texts() for name, tab in self._tabs.items() if tab.form is not None},
            "tabs": {name: texts for name, tab in self._tabs.items() if (texts := tab.texts()) is not None},
        }
