"""What every test has: both databases, a clock that stands still, a home of its own, and no unnoticed warning."""

from __future__ import annotations

import faulthandler
import logging
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from hypothesis import settings
from sqlalchemy.engine import make_url

from studio_desktop import __version__
from studio_desktop.database import engine
from studio_desktop.database.engine import Database
from studio_desktop.database.migrate import prepare
from studio_desktop.domain.clock import FixedClock
from studio_desktop.services import Services
from studio_desktop.services.users import sit_down
from tests.postgres import OwnServer, Server, running_server
from tests.proxy import Proxy

# Before Qt makes an application: no screen, no desktop theme, the same pixels everywhere.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _theming in ("QT_QPA_PLATFORMTHEME", "QT_STYLE_OVERRIDE", "QT_SCALE_FACTOR", "QT_FONT_DPI"):
    os.environ.pop(_theming, None)
# A person's keyring is not the tests': without one the program must manage as well.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
for _secret in ("STUDIO_DB_PASSWORD", "STUDIO_FAILPOINTS"):
    os.environ.pop(_secret, None)

# A busy machine makes an example slow, not wrong.
settings.register_profile("studio", deadline=None)
settings.load_profile("studio")

ENGINES = ("sqlite", "postgresql")
NOW = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Reports travel between processes as UTF-8, and what a test logs may hold what no name should."""
    report = yield
    report.sections = [(title, said.encode("utf-8", "backslashreplace").decode()) for title, said in report.sections]
    return report


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say on the real standard error where a process died; a log that a test closed has left that to a caught one."""
    stderr = item.config.stash.get(fault_handler_stderr_fd_key, None)
    if stderr is not None:
        faulthandler.enable(stderr)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a test marked `databases("sqlite")` would do on another one."""
    left_out = [item for item in items if not _is_meant(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _is_meant(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("databases")
    engine = getattr(item, "callspec", None) and item.callspec.params.get("studio_url")  # type: ignore[attr-defined]
    return mark is None or engine is None or engine in mark.args


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The PostgreSQL server of this session: `create(template)` and `drop(url)` databases on it."""
    with running_server() as server:
        yield server


@pytest.fixture
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """`fresh_url(kind)` gives the URL of a new, empty database, gone after the test."""
    made: list[str] = []

    def fresh(kind: str, template: str = "template0") -> str:
        if kind == "sqlite":
            return f"sqlite:///{(tmp_path / f'studio-{len(list(tmp_path.iterdir()))}.db').as_posix()}"
        url = request.getfixturevalue("postgres_server").create(template)
        made.append(url)
        return url

    yield fresh
    for url in made:
        request.getfixturevalue("postgres_server").drop(url)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, fresh_url: Callable[[str], str]) -> str:
    """A new, empty database: the test runs once on SQLite and once on PostgreSQL."""
    return fresh_url(request.param)


@pytest.fixture(scope="session")
def _new_sqlite_studio(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("new-studio")
    return _make_studio(f"sqlite:///{(folder / 'studio.db').as_posix()}", folder)


@pytest.fixture(scope="session")
def _new_postgresql_studio(postgres_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = postgres_server.create()
    yield _make_studio(url, tmp_path_factory.mktemp("new-studio"))
    postgres_server.drop(url)


def _make_studio(url: str, folder: Path) -> str:
    prepare(url, program_version=__version__, backup_folder=folder, create=True, clock=FixedClock(NOW)).close()
    return url


@pytest.fixture
def fresh_studio(request: pytest.FixtureRequest, fresh_url: Callable[..., str]) -> Callable[..., str]:
    """`fresh_studio(kind)` gives the URL of a new studio at the newest schema, gone after the test.

    `fresh_studio(kind, "full")` is one with clients, where a fixture `_full_<kind>_studio` makes it.
    """

    def fresh(kind: str, state: str = "new") -> str:
        # Made once and never opened again: every studio of a test is a copy.
        new = make_url(request.getfixturevalue(f"_{state}_{kind}_studio")).database
        if kind == "postgresql":
            return fresh_url(kind, template=new)
        url = fresh_url(kind)
        shutil.copyfile(str(new), str(make_url(url).database))
        return url

    return fresh


@pytest.fixture(params=ENGINES)
def studio_url(request: pytest.FixtureRequest, fresh_studio: Callable[[str], str]) -> str:
    """A new studio at the newest schema: the test runs once on SQLite and once on PostgreSQL."""
    return fresh_studio(request.param)


@pytest.fixture
def database(studio_url: str) -> Iterator[Database]:
    """A new studio's database, open; the test runs once on SQLite and once on PostgreSQL."""
    opened = Database(studio_url)
    yield opened
    opened.close()


@pytest.fixture
def network(
    postgres_server: Server, fresh_studio: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Database, Proxy]]:
    """A studio on the server behind a network that can be broken, and that network."""
    if not isinstance(postgres_server, OwnServer):
        pytest.skip("the network of a server that is not the tests' own is left alone")
    monkeypatch.setattr(engine, "ANSWER_LIMIT", 1.0)
    proxy = Proxy(postgres_server.port)
    url = engine.checked_url(postgres_server.tcp_url(fresh_studio("postgresql"))).set(port=proxy.port)
    database = Database(url, password=postgres_server.password)
    yield database, proxy
    database.close()
    proxy.close()


@pytest.fixture
def services(database: Database, clock: FixedClock) -> Services:
    """The services of the owner at FRONT-1, on either database."""
    return Services(database, sit_down(database, clock, "FRONT-1"))


@pytest.fixture
def other_desk(database: Database, clock: FixedClock) -> Services:
    """Sue at FRONT-2, on the same database."""
    return Services(database, sit_down(database, clock, "FRONT-2", "Sue"))


@pytest.fixture
def clock() -> FixedClock:
    """Tuesday, 10 March 2026, 10:00 in UTC, until the test sets `clock.instant`."""
    return FixedClock(NOW)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workstation of the test's own: settings, drafts and documents of the person at this computer stay untouched."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("STUDIO_HOME", str(folder))
    # Where Qt looks up the folder for documents on Linux.
    (folder / "user-dirs.dirs").write_text(f'XDG_DOCUMENTS_DIR="{folder / "Documents"}"\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _no_unnoticed_warning(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning in the program's log fails the test, unless it asks for `caplog` and so judges the log itself."""
    seen: list[str] = []
    watch = logging.Handler(logging.WARNING)
    watch.emit = lambda record: seen.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("studio_desktop")
    logger.addHandler(watch)
    yield
    logger.removeHandler(watch)
    if seen and "caplog" not in request.fixturenames:
        pytest.fail("The program warned: " + "; ".join(seen))
