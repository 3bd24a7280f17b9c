"""Rows of the studio's lists by name, for what an import brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from studio_desktop.database.tables.activity import pipeline_stage
from studio_desktop.database.tables.people import (
    archive_reason,
    client_group,
    client_status,
    client_status_reason,
    client_tag,
    lead_source,
    marketing_plan,
    organization,
    phone_label,
    relationship,
)
from studio_desktop.domain import names, text
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.domain.records.leads import Outcome
from studio_desktop.services.imports.plan import Judged
from studio_desktop.services.imports.rows import ids_by_name
from studio_desktop.services.unit import Unit


@dataclass
class ListRows:
    """Rows of the studio's lists by name, added where it lacks them, in the import's own transaction."""

    unit: Unit
    inverses: Mapping[str, str] = field(default_factory=dict)
    """The other side of relationships, by the keys of their words."""
    found: dict[str, dict[str, int]] = field(default_factory=dict)
    reasons: dict[tuple[int, str], int] = field(default_factory=dict)
    stages: dict[tuple[int, str], int] = field(default_factory=dict)

    def resolved(self, row: Judged) -> ClientRecord:
        """The row's record with the ids of what it names."""
        record, words = row.record, row.words
        assert record is not None, "only a row with its record is written"
        named: dict[str, Any] = {}
        for name, table, described in (
            ("groups", client_group, words.groups), ("tags", client_tag, words.tags),
            ("plans", marketing_plan, words.plans),
        ):  # fmt: skip
            if described:
                named[name] = frozenset(self.ensure(table, one) for one in described)
        if words.lead_source:
            named["lead_source_id"] = self.ensure(lead_source, words.lead_source)
        if words.archive_reason:
            named["archive_reason_id"] = self.ensure(archive_reason, words.archive_reason)
        if words.status:
            named["status_id"] = self.ensure(client_status, words.status)
        status_id = named.get("status_id", record.status_id)
        if words.status_reason and status_id is not None:
            named["status_reason_id"] = self.reason(status_id, words.status_reason)
        if words.labels:
            named["phones"] = self._labelled(record.phones, words.labels)
        if words.relations or words.labels:
            named["family"] = tuple(
                replace(
                    member,
                    phones=self._labelled(member.phones, words.labels),
                    relationship_id=self.ensure(relationship, words.relations[member.uid])
                    if member.uid in words.relations else member.relationship_id,
                )
                for member in record.family
            )  # fmt: skip
        if words.organizations:
            named["organizations"] = tuple(
                replace(at, organization_id=self.ensure(organization, words.organizations[at.uid]))
                if at.uid in words.organizations else at
                for at in record.organizations
            )  # fmt: skip
        return replace(record, **named) if named else record

    def relation(self, word: str) -> int:
        """A relationship by its word."""
        return self.ensure(relationship, word)

    def _labelled(self, phones: tuple[Any, ...], labels: Any) -> tuple[Any, ...]:
        return tuple(
            replace(one, label_id=self.ensure(phone_label, labels[one.uid])) if one.uid in labels else one
            for one in phones
        )

    def ensure(self, table: Any, description: str) -> int:
        """A row of a list by its name."""
        cleaned = text.clean_line(description, 80)[:80]
        if table.name not in self.found:
            self.found[table.name] = ids_by_name(self.unit.connection, table)
        ids = self.found[table.name]
        key = names.key(cleaned)
        if key not in ids:
            more = {"colour": "slate"} if "colour" in table.c else {}
            if table is relationship:
                more = {"inverse": text.clean_line(self.inverses.get(key, ""), 80)[:80]}
            ids[key] = self.unit.insert(table, {"description": cleaned, "position": len(ids) + 1, **more})
        return ids[key]

    def reason(self, status_id: int, description: str) -> int:
        """A reason of a status by its name."""
        table = client_status_reason
        if not self.reasons:
            rows = self.unit.connection.execute(select(table.c.status_id, table.c.description_key, table.c.id))
            self.reasons = {(row.status_id, row.description_key): row.id for row in rows}
        key = (status_id, names.key(description))
        if key not in self.reasons:
            values = {"status_id": status_id, "description": description, "position": len(self.reasons) + 1}
            self.reasons[key] = self.unit.insert(table, values)
        return self.reasons[key]

    def stage(self, pipeline_id: int, description: str, outcome: Outcome) -> int:
        """A stage of a pipeline by its name."""
        table = pipeline_stage
        if not self.stages:
            rows = self.unit.connection.execute(select(table.c.pipeline_id, table.c.description_key, table.c.id))
            self.stages = {(row.pipeline_id, row.description_key): row.id for row in rows}
        key = (pipeline_id, names.key(description))
        if key not in self.stages:
            values = {"pipeline_id": pipeline_id, "description": description, "outcome": outcome.value,
                      "position": len(self.stages) + 1}  # fmt: skip
            self.stages[key] = self.unit.insert(table, values)
        return self.stages[key]
