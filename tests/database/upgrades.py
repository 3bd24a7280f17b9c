"""The program of the next release, and programs that start, or die, beside the test.

    python -m tests.database.upgrades start URL FOLDER [SCRIPTS]     one desk that starts
    python -m tests.database.upgrades kills KIND OLD FIRST STRIDE FOLDER [SCRIPTS]   one kill -9 at each statement
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

from sqlalchemy.engine import make_url

from studio_desktop import __version__, failpoints
from studio_desktop.database import migrate
from tests.database.schema import counts, described, fingerprint
from tests.postgres import Server

NEXT = f"{int(migrate.HEAD) + 1:04}"

NEXT_STEP = f"{NEXT}_next.py"

_STEP = f'''
"""Alters tables that others refer to, with a new column, a new check and a new name."""

import sqlalchemy as sa
from alembic import op

from studio_desktop.database.migrations import altered
from studio_desktop.database.types import Id

revision = "{NEXT}"
down_revision = "{migrate.HEAD}"


def upgrade() -> None:
    op.create_table(
        "studio_room",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, server_default=""),
        sqlite_autoincrement=True,
    )
    with altered("client") as client:
        client.add_column(sa.Column("pronoun", sa.String(20), nullable=False, server_default=""))
        client.create_check_constraint("pronoun_length", "length(pronoun) <= 20")
        client.drop_constraint(op.f("ck_client_twitter_length"), type_="check")
        client.alter_column("twitter", new_column_name="x", existing_type=sa.String(300))
        client.create_check_constraint("x_length", "length(x) <= 300")
    with altered("history") as history:
        history.add_column(sa.Column("reason", sa.String(80)))
    op.execute("UPDATE client SET pronoun = 'they'")
'''


def next_scripts(folder: Path) -> Path:
    """The steps of the next release: ours and one more."""
    scripts = folder / "migrations"
    shutil.copytree(migrate.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / NEXT_STEP).write_text(_STEP)
    return scripts


def become_next(scripts: Path) -> None:
    """Turn this process into the program of the next release."""
    migrate.SCRIPTS = scripts
    migrate.HEAD = NEXT


def start(url: str, folder: Path) -> None:
    """Start as a desk does; one line for each sentence that the person at it reads."""
    database = migrate.prepare(url, program_version=__version__, backup_folder=folder, create=True, progress=_say)
    _say("ready")
    database.close()


def kills(kind: str, old: str, first: str, stride: str, folder: Path) -> None:
    """Upgrade copies of the database `old`, killed `stride` statements later each time, until one gets through.

    Prints what was found as JSON: how many were killed, and what was wrong with any of them.
    """
    copy, drop = _copies(kind, old, folder)
    import_module("alembic.command")
    before = fingerprint(copy())
    finished = copy()
    assert _in_a_child(partial(start, finished, folder / "backups"), None) == 0
    after = (described(finished), counts(finished))
    wrong = []
    killed = 0
    statement = int(first)
    ended = -signal.SIGKILL
    while ended:
        url = copy()
        ended = _in_a_child(partial(start, url, folder / "backups"), f"migrate.statement:kill:{statement}")
        if ended:
            killed += 1
            if ended != -signal.SIGKILL or fingerprint(url) != before:
                wrong.append(f"killed at {statement}: ended {ended}, not the old schema whole")
            # What was found is the old database, so one start in ten stands for all.
            complete = partial(_in_a_child, partial(start, url, folder / "backups"), None)
            if killed % 10 == 1 and (complete() or (described(url), counts(url)) != after):
                wrong.append(f"killed at {statement}: the next start did not complete")
        statement += int(stride)
        drop(url)
    _say(json.dumps({"killed": killed, "wrong": wrong}))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _copies(kind: str, old: str, folder: Path) -> tuple[Callable[[], str], Callable[[str], None]]:
    if kind == "postgresql":
        server = Server(old)
        return lambda: server.create(str(make_url(old).database)), server.drop

    def copy() -> str:
        target = folder / "copy.db"
        for leftover in folder.glob("copy.db*"):
            leftover.unlink()
        source = Path(str(make_url(old).database))
        if source.exists():
            shutil.copyfile(source, target)
        return f"sqlite:///{target.as_posix()}"

    return copy, lambda _: None


def _in_a_child(work: Callable[[], None], plan: str | None) -> int:
    """Run `work` in a process of its own, which has everything loaded already; how it ended, below zero by a signal."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if plan is not None:
            os.environ[failpoints.VARIABLE] = plan
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    command, *arguments, last = sys.argv[1:]
    if (Path(last) / "versions").is_dir():
        become_next(Path(last))
    else:
        arguments.append(last)
    (start if command == "start" else kills)(*arguments[:-1], Path(arguments[-1]))
