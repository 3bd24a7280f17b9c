"""What was typed is there again, for the person who typed it, for seven days."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_desktop.domain.clock import FixedClock
from studio_desktop.domain.dates import PartialDate
from studio_desktop.domain.records.clients import (
    AddressRow,
    ClientRecord,
    ClientType,
    EmailRow,
    FamilyMember,
    PhoneRow,
    Stage,
)
from studio_desktop.ui.drafts import Drafts, pack, unpack


@pytest.fixture
def drafts(tmp_path: Path, clock: FixedClock) -> Drafts:
    return Drafts(tmp_path / "drafts", clock)


def test_that_a_draft_comes_back_as_it_was(drafts: Drafts, tmp_path: Path, clock: FixedClock) -> None:
    key = drafts.new_key()
    state = {"line": "ann adams 4/3/86", "cursor": 9, "rows": [{"first_name": "Peter"}], "odd": "\ud800"}
    drafts.keep(key, user="Sue", kind="new_client", title="Ann Adams", state=state, record_id=7, base={"version": 3})
    (again,) = Drafts(tmp_path / "drafts", clock).of("Sue")
    assert (again.key, again.kind, again.title, again.state) == (key, "new_client", "Ann Adams", state)
    assert (again.record_id, again.base, again.saved_at) == (7, {"version": 3}, clock.now())


def test_that_keeping_it_again_replaces_what_it_was(drafts: Drafts) -> None:
    key = drafts.new_key()
    drafts.keep(key, user="Sue", kind="new_client", title="A", state={"line": "a"})
    drafts.keep(key, user="Sue", kind="new_client", title="Ann", state={"line": "ann"})
    assert [draft.state for draft in drafts.of("Sue")] == [{"line": "ann"}]


def test_that_nobody_sees_what_another_has_begun(drafts: Drafts) -> None:
    drafts.keep(drafts.new_key(), user="Sue", kind="new_client", title="A", state={})
    drafts.keep(drafts.new_key(), user="Tom", kind="labels", title="B", state={})
    assert [draft.title for draft in drafts.of("Tom")] == ["B"]


def test_that_the_newest_stands_first_and_discarded_ones_are_gone(drafts: Drafts, clock: FixedClock) -> None:
    keys = []
    for title in ("first", "second", "third"):
        keys.append(drafts.new_key())
        drafts.keep(keys[-1], user="Sue", kind="labels", title=title, state={})
        clock.instant += timedelta(minutes=1)
    drafts.discard(keys[1])
    drafts.discard(keys[1])
    assert [draft.title for draft in drafts.of("Sue")] == ["third", "first"]


def test_that_a_draft_is_kept_for_seven_days(drafts: Drafts, clock: FixedClock, tmp_path: Path) -> None:
    drafts.keep(drafts.new_key(), user="Tom", kind="labels", title="old", state={})
    clock.instant += timedelta(days=7)
    assert len(drafts.of("Tom")) == 1
    clock.instant += timedelta(seconds=1)
    drafts.of("Sue")
    assert list((tmp_path / "drafts").iterdir()) == [], "whosever it is: text about clients is not kept for ever"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes; the folder is the user's own there")
def test_that_only_the_computers_user_can_read_it(drafts: Drafts, tmp_path: Path) -> None:
    """RELIABILITY 106."""
    drafts.keep(drafts.new_key(), user="Sue", kind="labels", title="A", state={})
    (file,) = (tmp_path / "drafts").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_that_a_file_that_cannot_be_read_hides_no_other_and_is_not_lost(
    drafts: Drafts, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    drafts.keep(drafts.new_key(), user="Sue", kind="labels", title="A", state={})
    (tmp_path / "drafts" / "broken.json").write_text('{"user": "Sue", "title"', encoding="utf-8")
    (tmp_path / "drafts" / "strange.json").write_text("[1, 2]", encoding="utf-8")
    assert [draft.title for draft in drafts.of("Sue")] == ["A"]
    assert {file.name for file in (tmp_path / "drafts").glob("*.unreadable")} == {
        "broken.unreadable",
        "strange.unreadable",
    }
    assert "broken.unreadable" in caplog.text


KILLED = """
import os, sys
from pathlib import Path
from studio_desktop.domain.clock import SystemClock
from studio_desktop.ui.drafts import Drafts
drafts = Drafts(Path(sys.argv[1]), SystemClock())
for number in range(1_000_000):
    drafts.keep("k", user="Sue", kind="labels", title=str(number), state={"text": "x" * 5000})
    print(number, flush=True)
"""


def test_that_kill_9_leaves_the_last_draft_written_or_the_one_before(tmp_path: Path) -> None:
    """RELIABILITY 10."""
    folder = tmp_path / "drafts"
    with subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        begun = [process.stdout.readline() for _ in range(20)]
        process.kill()
        last = int([*begun, *process.stdout][-1])
    (draft,) = Drafts(folder, FixedClock(datetime.now(UTC))).of("Sue")  # noqa: TID251
    assert int(draft.title) in (last, last + 1)
    assert len(draft.state["text"]) == 5000


FULL = ClientRecord(
    id=4,
    version=2,
    last_name="Adams",
    client_type=ClientType.BUSINESS,
    stage=Stage.HIDDEN,
    status_id=3,
    status_due_on=date(2026, 7, 11),
    birthday=PartialDate(5, 14),
    saturday_only=True,
    phones=(PhoneRow(uid="p", label_id=1, typed="330 555 0142", sms=True),),
    emails=(EmailRow(uid="e", address="anna@example.com"),),
    addresses=(AddressRow(uid="a", line1="418 Larkspur Lane", effective_from=date(2019, 8, 1)),),
    family=(FamilyMember(uid="f", first_name="Lily", birthday=PartialDate(3, 12, 2019)),),
    groups=frozenset({3, 1}),
    created_at=datetime(2019, 8, 14, 9, 0, tzinfo=UTC),
)


def test_that_the_record_a_draft_began_from_comes_back_whole(drafts: Drafts) -> None:
    drafts.keep("k", user="Sue", kind="client", title="Adams", state={}, base=pack(FULL))
    (draft,) = drafts.of("Sue")
    assert draft.base is not None
    again = unpack(ClientRecord, draft.base)
    assert again == FULL
    assert again.created_at == FULL.created_at


def test_that_a_draft_of_another_version_of_the_program_is_read_as_far_as_it_goes() -> None:
    packed = {**pack(FULL), "gone_since": "x", "client_type": "martian", "status_due_on": "31 Feb"}
    del packed["last_name"]
    again = unpack(ClientRecord, packed)
    assert (again.last_name, again.client_type, again.status_due_on) == ("", ClientType.CONSUMER, None)
    assert again.family == FULL.family


@given(st.text(), st.text())
def test_that_any_text_survives(last_name: str, warning: str) -> None:
    record = ClientRecord(last_name=last_name, call_warning=warning)
    assert unpack(ClientRecord, pack(record)) == record
