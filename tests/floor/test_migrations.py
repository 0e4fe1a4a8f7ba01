"""The numbered steps up and down, on both databases."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from dashboard import migrations
from dashboard.access import whole_store
from dashboard.db import Base, Store
from dashboard.models import Membership
from tests.conftest import NewStore
from tests.generate.test_generate import make

VERSIONS = Path(migrations.__file__).parent / "versions"
STEPS = [path.name.split("_")[0] for path in sorted(VERSIONS.glob("[0-9]*.py"))]
"""The numbers in the names of the files, in order."""

Contents = dict[str, list[dict[str, Any]]]


def test_the_steps_lead_to_the_models(store: Store) -> None:
    assert differences(store) == []
    assert migrations.current_revision(store) == migrations.newest_revision()


def test_numbers_are_given_out_once_where_the_models_say_so(new_sqlite: NewStore) -> None:
    with whole_store(new_sqlite()) as store, store.engine.connect() as connection:
        made = dict(connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all())
    once = {name for name, table in Base.metadata.tables.items() if table.dialect_options["sqlite"]["autoincrement"]}
    assert {name for name in Base.metadata.tables if "AUTOINCREMENT" in made[name]} == once
    assert {"meeting", "lifecycle_event", "concern", "account"} <= once


def test_steps_are_numbered_one_after_another_as_their_files_are() -> None:
    assert [int(step) for step in STEPS] == list(range(1, len(STEPS) + 1))
    scripts = {step.revision: step for step in ScriptDirectory(VERSIONS.parent.as_posix()).walk_revisions()}
    assert sorted(scripts) == STEPS
    for before, number in zip([None, *STEPS], STEPS, strict=False):
        assert scripts[number].down_revision == before
        assert Path(scripts[number].path).name.startswith(f"{number}_")
    assert migrations.newest_revision() == STEPS[-1]


def test_up_from_nothing_one_step_at_a_time(bare_store: Store) -> None:
    assert migrations.current_revision(bare_store) is None
    for step in STEPS:
        migrations.upgrade(bare_store, step)
        assert migrations.current_revision(bare_store) == step
    assert differences(bare_store) == []


def test_up_from_nothing_at_once_and_again(bare_store: Store) -> None:
    migrations.upgrade(bare_store)
    before = schema(bare_store)
    migrations.upgrade(bare_store)
    assert schema(bare_store) == before
    assert migrations.current_revision(bare_store) == STEPS[-1]


def test_a_second_upgrade_keeps_every_row(store: Store) -> None:
    fill(store)
    before = contents(store)
    migrations.upgrade(store)
    assert contents(store) == before


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_later_step_down_and_up_keeps_what_it_does_not_own(store: Store, step: str) -> None:
    fill(store)
    migrations.downgrade(store, step)
    full = contents(store)
    migrations.downgrade(store)
    below = contents(store)
    assert set(below) <= set(full)
    for table, rows in below.items():
        assert rows == narrowed(full[table], rows), table
    migrations.upgrade(store, step)
    again = contents(store)
    assert schema(store).keys() - {"alembic_version"} == full.keys()
    for table, rows in below.items():
        assert narrowed(again[table], rows) == rows, table
    migrations.upgrade(store)
    assert differences(store) == []


def test_all_the_way_down_leaves_nothing_and_up_again_works(store: Store) -> None:
    fill(store)
    before = schema(store)
    for step in reversed(STEPS):
        assert migrations.current_revision(store) == step
        migrations.downgrade(store)
    assert set(schema(store)) == {"alembic_version"}
    migrations.upgrade(store)
    assert schema(store) == before
    assert differences(store) == []
    fill(store)


def test_a_step_down_leaves_the_walls_as_they_stood_before_it(new_postgresql: NewStore) -> None:
    with whole_store(new_postgresql()) as store:
        migrations.downgrade(store, "base")
        stood = []
        for step in STEPS:
            stood.append(walls(store))
            migrations.upgrade(store, step)
        assert len(walls(store)) >= len(stood[-1]) > len(stood[0]) == 0  # the last step may build none
        for before in reversed(stood):
            migrations.downgrade(store)
            assert walls(store) == before


def test_reasons_move_to_rows_of_their_own_and_back(store: Store) -> None:
    fill(store)
    migrations.downgrade(store, "005")
    events = [(number, words) for number, words in enumerate(("maternity", None, "", "sickness"), start=901)]
    as_owner(
        store,
        *(
            sa.text(
                "INSERT INTO lifecycle_event (id, cluster_id, kind, happened_on, reason, sensitive)"
                " VALUES (:id, 1, 'sabbatical', '2017-01-09', :reason, :sensitive)"
            ).bindparams(id=number, reason=words, sensitive=bool(words))
            for number, words in events
        ),
    )
    migrations.upgrade(store)
    assert [(row["event_id"], row["cluster_id"], row["reason"]) for row in contents(store)["lifecycle_reason"]] == [
        (901, 1, "maternity"),
        (904, 1, "sickness"),
    ]
    assert [row["illustrative"] for row in contents(store)["lifecycle_event"] if row["id"] > 900] == [False] * 4
    migrations.downgrade(store, "005")
    back = [(row["id"], row["reason"]) for row in contents(store)["lifecycle_event"] if row["id"] > 900]
    assert back == [(901, "maternity"), (902, None), (903, None), (904, "sickness")]
    assert all(row["sensitive"] for row in contents(store)["lifecycle_event"] if row["reason"])


def test_a_clusters_own_days_do_not_become_everybodys_a_step_down(store: Store) -> None:
    fill(store)
    public = len(contents(store)["calendar_period"])
    as_owner(
        store,
        sa.text(
            "INSERT INTO calendar_period (year, cluster_id, kind, name, starts, ends)"
            " VALUES (2016, 1, 'inset', 'Ours alone', '2016-09-01', '2016-09-01')"
        ),
    )
    migrations.downgrade(store, "005")
    left = contents(store)["calendar_period"]
    assert len(left) == public
    assert "Ours alone" not in str(left)


def test_a_step_that_fails_leaves_the_store_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store)
    before, tables = contents(store), schema(store)
    monkeypatch.setattr("alembic.op.drop_table", _fail)
    with pytest.raises(RuntimeError):
        migrations.downgrade(store, "base")
    assert contents(store) == before
    assert schema(store) == tables


def _fail(*_args: object, **_options: object) -> None:
    raise RuntimeError


REBUILD = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "999", "{below}"


def upgrade():
    with op.batch_alter_table("school") as table:
        table.alter_column("name", type_=sa.String(300), existing_nullable=False)
        table.add_column(sa.Column("extra", sa.Integer(), nullable=True))


def downgrade():
    with op.batch_alter_table("school") as table:
        table.drop_column("extra")
"""
BREAK = """
from alembic import op

revision, down_revision = "999", "{below}"


def upgrade():
    op.execute("DELETE FROM school WHERE id = 1")


def downgrade():
    pass
"""


@pytest.fixture
def one_more_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a made-up step on top of the real ones."""
    plain = migrations._config

    def config(connection: object | None = None) -> Config:
        made = plain(connection)
        made.set_main_option("path_separator", "newline")
        made.set_main_option("version_locations", f"{VERSIONS.as_posix()}\n{tmp_path.as_posix()}")
        return made

    def add(text: str) -> None:
        (tmp_path / "999_more.py").write_text(text.format(below=STEPS[-1]), encoding="utf-8")
        monkeypatch.setattr(migrations, "_config", config)

    return add


def test_a_table_that_others_refer_to_can_be_rebuilt(store: Store, one_more_step: Callable[[str], None]) -> None:
    fill(store)
    before = contents(store)
    one_more_step(REBUILD)
    migrations.upgrade(store)
    after = contents(store)
    assert all("extra" in row for row in after["school"])
    assert {table: narrowed(rows, before[table]) for table, rows in after.items()} == before
    migrations.downgrade(store)
    assert contents(store) == before
    with pytest.raises(sa.exc.IntegrityError), store.writing() as session:
        session.add(Membership(cluster_id=1, school_id=99999))


def test_a_step_that_would_leave_orphans_is_refused(store: Store, one_more_step: Callable[[str], None]) -> None:
    fill(store)
    before = contents(store)
    one_more_step(BREAK)
    with pytest.raises((migrations.BrokenReferences, sa.exc.IntegrityError)):
        migrations.upgrade(store)
    assert contents(store) == before
    assert migrations.current_revision(store) == STEPS[-1]


@pytest.fixture
def bare_store(new_store: NewStore) -> Generator[Store]:
    """A store without a schema."""
    store = whole_store(new_store())
    migrations.downgrade(store, "base")
    with store.engine.connect().execution_options(as_owner=True) as connection, connection.begin():
        connection.exec_driver_sql("DROP TABLE alembic_version")
    yield store
    store.close()


def fill(store: Store) -> None:
    make(store, clusters=3, schools=12, years=2)


def differences(store: Store) -> list[Any]:
    """Where the store's schema is not that of the models."""
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return list(compare_metadata(context, Base.metadata))


def schema(store: Store) -> dict[str, tuple[list[str], list[str]]]:
    """Of every table, the names of its columns and of its indexes."""
    with store.engine.connect() as connection:
        found = sa.inspect(connection)
        return {
            table: (
                sorted(column["name"] for column in found.get_columns(table)),
                sorted(str(index["name"]) for index in found.get_indexes(table)),
            )
            for table in found.get_table_names()
        }


def contents(store: Store) -> Contents:
    """Every row as the store has it, whatever the models say."""
    with store.engine.connect() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        return {
            name: [dict(row) for row in connection.execute(sa.select(table).order_by(table.c[0])).mappings()]
            for name, table in tables.tables.items()
            if name != "alembic_version"
        }


def as_owner(store: Store, *statements: sa.Executable) -> None:
    """Write past the models, which may be of another step."""
    with store.engine.connect().execution_options(as_owner=True) as connection, connection.begin():
        for statement in statements:
            connection.execute(statement)


def walls(store: Store) -> set[tuple[str, ...]]:
    """Every policy, whose table is behind it, and every function that they ask."""
    asked = (
        "SELECT tablename, policyname, cmd, coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies",
        "SELECT relname, relrowsecurity::text, relforcerowsecurity::text FROM pg_class WHERE relrowsecurity",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    )
    with store.engine.connect() as connection:
        return {tuple(row) for statement in asked for row in connection.execute(sa.text(statement))}


def narrowed(rows: list[dict[str, Any]], like: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with only those columns that the other rows have."""
    kept = like[0].keys() if like else ()
    return [{column: row[column] for column in kept if column in row} for row in rows] if like else []
