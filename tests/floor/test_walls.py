"""The second wall: PostgreSQL itself shows a transaction nothing but what it was opened for (case 43)."""

from datetime import date
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.access import EVERYTHING, NOTHING, Scope, reading, wall, writing
from dashboard.db import APPLICATION_ROLE, Base, Session, Store
from dashboard.models import CalendarPeriod, LifecycleEvent, LifecycleReason
from dashboard.vocabulary import AWAY_EVENTS, EventKind, PeriodKind
from tests import builders as put
from tests.floor.whole_world import Ids, Whole, ids_of

OPEN = {
    "account": "read at every request, before anybody knows who asks; it holds no school data",
    "account_grant": "as accounts",
    "audit_event": "everybody who is refused writes one; the page of the audit selects by scope",
    "audit_head": "one row: how many events there are",
    "cohort": "what a programme is made of is nobody's secret",
    "feed_link": "looked up by the digest of its token, before anybody knows whose it is",
    "import_batch": "where figures come from, told beside them; what a batch changed is behind the wall",
    "overview_visit": "as accounts",
    "passkey": "as accounts",
    "programme": "what a programme is made of is nobody's secret",
    "programme_rule": "as programmes",
    "saved_view": "as accounts",
    "screen_link": "looked up by the digest of its token, before anybody knows whose it is",
    "set_up_link": "as accounts",
    "stage": "as programmes",
    "trust": "names of trusts are public",
    "watched_cluster": "as accounts",
    "web_session": "as accounts",
    "workgroup_call": "as programmes",
}
"""The tables without row-level security, each with its reason."""

ONLY_WITH_EVERYTHING = {"batch_change"}
OF_NO_SCHOOL = {
    "approval_request", "concern", "concern_step", "evidence_file", "lifecycle_reason", "open_register", "plan_change",
    "workgroup_return",
}  # fmt: skip
"""A school's wall shows nothing of these, not even what is about the school."""
PEOPLE = {
    "appointment", "lifecycle_event", "person", "person_mark", "receipt", "school_agreement", "school_alias",
    "workgroup_line",
}  # fmt: skip
"""No total is made of these: a school's wall shows its own rows alone. Of events there is more, see below."""
OF_A_SCHOOL = PEOPLE | {
    "allocation", "answered_figure", "benchmark", "carried_balance", "contribution", "ledger_line", "membership",
    "open_book", "participation", "school", "school_commitment", "school_mark", "self_evaluation", "trust_membership",
    "working_group_school",
}  # fmt: skip
"""What a school's wall shows where the totals of its clusters were not admitted."""
NOT_READ_BY_A_CLUSTER = {"batch_change", "lifecycle_reason"}
"""Written by whoever changes a cluster, and read by others."""
NEW_ONES_ARE_NOT_ITS_OWN = {"cluster", "school"}
"""Whoever may change one cluster brings no new cluster or school into the store."""
NEW_ONES_ARE_NOBODYS = {"person"}
"""Somebody new stands in no cluster yet."""


@pytest.fixture
def walled(whole_postgresql: Store) -> Store:
    return whole_postgresql


def tables_behind_the_wall(store: Store) -> set[str]:
    with store.reading() as session:
        found = session.scalars(sa.text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"))
        return set(found)


def seen(store: Store, settings: Any) -> Ids:
    """The rows a wall lets through, of the tables that stand behind one."""
    with store.reading(settings) as session:
        behind = tables_behind_the_wall(store)
        return {table: ids for table, ids in ids_of(session).items() if table in behind}


def only(ids: Ids, tables: set[str]) -> Ids:
    return {table: (numbers if table in tables else set()) for table, numbers in ids.items()}


# Which tables stand behind it


def test_every_table_stands_behind_the_wall_or_is_open_for_a_reason(walled: Store) -> None:
    behind = tables_behind_the_wall(walled)
    assert behind | set(OPEN) == set(Base.metadata.tables)
    assert behind & set(OPEN) == set()


def test_the_world_of_these_tests_has_rows_of_every_cluster_in_every_table(walled: Store, whole: Whole) -> None:
    behind = tables_behind_the_wall(walled)
    for name in ("mill", "weir", "decoy"):
        rows = whole.rows(name)
        assert {table for table in behind if not rows[table]} == set()


# What it shows


def test_without_a_wall_set_nothing_of_any_cluster_or_school_is_seen(walled: Store, whole: Whole) -> None:
    nothing = {table: set() for table in tables_behind_the_wall(walled)}
    assert seen(walled, {}) == nothing
    assert seen(walled, wall(NOTHING)) == nothing
    with Store(walled.engine.url.render_as_string(hide_password=False)) as bare:
        assert seen(bare, None) == nothing


def test_everything_shows_all(walled: Store, whole: Whole) -> None:
    everything = whole.rows("mill", "weir", "decoy")
    behind = tables_behind_the_wall(walled)
    assert seen(walled, wall(EVERYTHING)) == {table: everything[table] for table in behind}


def expected(store: Store, rows: Ids, without: set[str] = NOT_READ_BY_A_CLUSTER) -> Ids:
    behind = tables_behind_the_wall(store)
    return {table: (set() if table in without else rows[table]) for table in behind}


def test_the_wall_of_one_cluster_shows_its_rows_and_never_the_decoys(walled: Store, whole: Whole) -> None:
    scope = Scope(cluster_ids=frozenset({whole.clusters["mill"]}))
    assert seen(walled, wall(scope)) == expected(walled, whole.rows("mill"))


def test_the_wall_of_a_programme_shows_its_clusters_and_never_the_decoys(walled: Store, whole: Whole) -> None:
    scope = Scope(programme_ids=frozenset({whole.river}))
    shown = whole.rows("mill", "weir")
    assert shown["lifecycle_reason"]
    assert seen(walled, wall(scope)) == expected(walled, shown, ONLY_WITH_EVERYTHING)


def test_the_wall_of_a_school_shows_its_own_rows(walled: Store, whole: Whole) -> None:
    scope = Scope(school_ids=frozenset({whole.schools["mill ford"]}))
    own = only(whole.rows("mill ford"), OF_A_SCHOOL)
    assert seen(walled, wall(scope)) == expected(walled, own)


def test_reading_for_a_school_admits_what_totals_are_made_of_and_no_other_schools_people(
    walled: Store, whole: Whole
) -> None:
    scope = Scope(school_ids=frozenset({whole.schools["mill ford"]}))
    own, cluster = whole.rows("mill ford"), whole.rows("mill")
    totals = {table: (own if table in PEOPLE else cluster)[table] for table in cluster.keys() - OF_NO_SCHOOL}
    totals |= {table: set() for table in OF_NO_SCHOOL}
    totals["lifecycle_event"] |= {whole.away["mill ford"], whole.away["mill lake"]}
    with reading(walled, scope) as session:
        found = ids_of(session)
    assert {table: found[table] for table in tables_behind_the_wall(walled)} == expected(walled, totals)


def test_of_what_happened_to_others_totals_admit_when_a_school_was_not_expected_and_nothing_else(
    walled: Store, whole: Whole
) -> None:
    mill, lake = whole.clusters["mill"], whole.schools["mill lake"]
    person = min(whole.rows("mill lake")["person"])
    with walled.writing() as session:
        session.execute(sa.delete(LifecycleReason))
        session.execute(sa.delete(LifecycleEvent))
        for kind, who in product(EventKind, (None, person)):
            event = LifecycleEvent(cluster_id=mill, school_id=lake, kind=kind, happened_on=date(2017, 1, 9))
            event.person_id = who
            session.add(event)
    with reading(walled, Scope(school_ids=frozenset({whole.schools["mill ford"]}))) as session:
        rows = session.execute(sa.select(LifecycleEvent.kind, LifecycleEvent.person_id).order_by(LifecycleEvent.id))
        assert [tuple(row) for row in rows] == [(kind, None) for kind in EventKind if kind in AWAY_EVENTS]
    for scope in (Scope(school_ids=frozenset({whole.schools["weir ford"]})), NOTHING):
        with reading(walled, scope) as session:
            assert session.scalars(sa.select(LifecycleEvent.id)).all() == []


def test_terms_of_everybody_are_public_and_only_who_sees_everything_writes_them(walled: Store, whole: Whole) -> None:
    with walled.writing() as session:
        term = CalendarPeriod(year=2016, kind=PeriodKind.TERM, name="Autumn")
        term.starts, term.ends = date(2016, 9, 1), date(2016, 12, 16)
        number = put.put(session, term).id
    mill = {whole.clusters["mill"]}
    keepers = Scope(
        programme_ids=frozenset({whole.river}),
        cluster_ids=frozenset(mill),
        school_ids=frozenset(whole.schools.values()),
    )
    another = a_row(walled, "calendar_period", whole, "mill") | {"cluster_id": None}
    table = Base.metadata.tables["calendar_period"]
    for scope in (NOTHING, keepers):
        with writing(walled, scope) as session:
            assert number in set(session.scalars(sa.select(CalendarPeriod.id)))
            for statement in (sa.update(table).values(name="Ours"), sa.delete(table)):
                assert session.execute(statement.where(table.c.id == number)).rowcount == 0
        with writing(walled, scope) as session, pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            session.execute(sa.insert(table).inline().values(another))
    with writing(walled, keepers) as session, pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
        session.execute(sa.update(table).where(table.c.cluster_id.in_(mill)).values(cluster_id=None))


def test_walls_add_up(walled: Store, whole: Whole) -> None:
    weir, ford = frozenset({whole.clusters["weir"]}), frozenset({whole.schools["mill ford"]})
    shown = seen(walled, wall(Scope(cluster_ids=weir, school_ids=ford)))
    both, own = whole.rows("weir"), only(whole.rows("mill ford"), OF_A_SCHOOL)
    assert shown == expected(walled, {table: both[table] | own[table] for table in both})


def test_a_school_of_two_clusters_is_seen_in_each_without_the_other(walled: Store, whole: Whole) -> None:
    shared, decoy = whole.schools["mill ford"], whole.clusters["decoy"]
    with walled.writing() as session:
        session.execute(
            sa.text("INSERT INTO membership (cluster_id, school_id, illustrative) VALUES (:c, :s, false)"),
            {"c": decoy, "s": shared},
        )
    mill = seen(walled, wall(Scope(cluster_ids=frozenset({whole.clusters["mill"]}))))
    assert mill == expected(walled, whole.rows("mill"))
    theirs = seen(walled, wall(Scope(cluster_ids=frozenset({decoy}))))
    assert theirs["school"] == whole.rows("decoy")["school"] | {shared}
    assert theirs["ledger_line"] == whole.rows("decoy")["ledger_line"]


# Case 43: text as numbers


TEXTS = [
    "1 OR 1=1", "1) OR (1=1", "'; DROP TABLE school; --", "1'; RESET ROLE; --", "{1}", "{1,2,3}", "ARRAY[1]", "NULL",
    "*", "%", "1,,2", "1;2", "1e0", "1.0", "99999999999", "-1", "true", "on", "all",
]  # fmt: skip
SETTINGS = ("programmes", "clusters", "schools", "totals")


NOT_EVERYTHING = ["ON", "true", "1", "on ", "on' OR '1'='1", "on; --", "yes", "t"]


@pytest.mark.usefixtures("whole")
def test_case_43_text_instead_of_numbers_is_an_error_or_no_rows(walled: Store) -> None:
    nothing = {table: set() for table in tables_behind_the_wall(walled)}
    for setting, text in product(SETTINGS, TEXTS):
        try:
            shown = seen(walled, {f"dashboard.{setting}": text})
        except sa.exc.DBAPIError:
            continue
        assert shown == nothing, (setting, text)


@pytest.mark.usefixtures("whole")
def test_case_43_everything_is_one_word_and_no_other(walled: Store) -> None:
    nothing = {table: set() for table in tables_behind_the_wall(walled)}
    for text in NOT_EVERYTHING:
        assert seen(walled, {"dashboard.everything": text}) == nothing, text


def test_case_43_a_scope_of_text_shows_nothing(walled: Store, whole: Whole) -> None:
    forged: Any = frozenset({f"{whole.clusters['mill']} OR true"})
    for scope in (Scope(cluster_ids=forged), Scope(school_ids=forged), Scope(programme_ids=forged)):
        with pytest.raises(sa.exc.DBAPIError):
            seen(walled, wall(scope))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="0123456789,{} ()'\"-;=Rn\t", max_size=12), setting=st.sampled_from(SETTINGS))
def test_case_43_no_text_shows_more_than_the_numbers_in_it(
    walled: Store, whole: Whole, text: str, setting: str
) -> None:
    try:
        with walled.reading({f"dashboard.{setting}": text}) as session:
            shown = set(session.scalars(sa.text("SELECT id FROM cluster")))
    except sa.exc.DBAPIError:
        return
    numbers = {int(each) for each in text.split(",") if each.strip().lstrip("-").isdecimal()}
    allowed = {
        "programmes": set(whole.clusters.values()) if numbers else set(),
        "schools": set(),
    }.get(setting, numbers)
    assert shown <= allowed


# Who the application is


def test_reading_and_writing_run_as_the_applications_role(walled: Store) -> None:
    for opened in (walled.reading, walled.writing):
        with opened() as session:
            assert session.scalar(sa.text("SELECT current_user")) == APPLICATION_ROLE
            assert session.scalar(sa.text("SELECT row_security_active('meeting')"))


def test_the_applications_role_owns_nothing_and_may_not_go_round_the_wall(walled: Store) -> None:
    with walled.reading() as session:
        ask = sa.text("SELECT * FROM pg_roles WHERE rolname = current_user")
        role = session.execute(ask).mappings().one()
        for right in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolcanlogin", "rolreplication"):
            assert role[right] is False, right
        for owner in ("relowner FROM pg_class", "proowner FROM pg_proc", "nspowner FROM pg_namespace"):
            assert role["oid"] not in set(session.scalars(sa.text(f"SELECT {owner}")))
        assert role["oid"] not in set(session.scalars(sa.text("SELECT member FROM pg_auth_members")))


TAKING_DOWN = [
    "ALTER TABLE meeting DISABLE ROW LEVEL SECURITY",
    "DROP POLICY wall ON meeting",
    "CREATE POLICY door ON meeting USING (true)",
    "ALTER TABLE meeting OWNER TO schools_dashboard",
    "TRUNCATE meeting",
    "DROP TABLE meeting",
    "CREATE TABLE mine (id integer)",
    "CREATE OR REPLACE FUNCTION wall_clusters(boolean) RETURNS SETOF integer LANGUAGE sql AS 'SELECT 1'",
    "UPDATE alembic_version SET version_num = '001'",
    "ALTER ROLE schools_dashboard BYPASSRLS",
]


@pytest.mark.usefixtures("whole")
def test_the_applications_role_cannot_take_the_wall_down(walled: Store) -> None:
    for statement in TAKING_DOWN:
        with walled.writing() as session:
            with pytest.raises(sa.exc.ProgrammingError, match=r"must be owner|permission denied"):
                session.execute(sa.text(statement))
            session.rollback()


def test_row_security_cannot_be_switched_off_by_a_setting(walled: Store, whole: Whole) -> None:
    with walled.reading(wall(Scope(cluster_ids=frozenset({whole.clusters["mill"]})))) as session:
        session.execute(sa.text("SET LOCAL row_security = off"))
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            session.execute(sa.text("SELECT * FROM meeting"))


# What one transaction may see, the next one may not


def settings_of(session: Session) -> dict[str, str | None]:
    asked = ("everything", *SETTINGS)
    return {name: session.scalar(sa.select(sa.func.current_setting(f"dashboard.{name}", True))) for name in asked}


def test_settings_do_not_outlive_their_transaction(walled: Store, whole: Whole) -> None:
    wide = Scope(
        everything=True, programme_ids=frozenset({whole.river}), cluster_ids=frozenset(whole.clusters.values()),
        school_ids=frozenset(whole.schools.values()),
    )  # fmt: skip

    def end_well() -> int:
        with reading(walled, wide) as session:
            assert session.scalar(sa.text("SELECT count(*) FROM school")) == 6
            return backend(session)

    def end_with_a_write() -> int:
        with writing(walled, wide) as session:
            session.execute(sa.text("UPDATE school SET pupils = 1"))
            return backend(session)

    def end_badly() -> int:
        with reading(walled, wide) as session:
            number = backend(session)
            with pytest.raises(sa.exc.ProgrammingError):
                session.execute(sa.text("SELECT nonsense"))
        return number

    for end in (end_well, end_with_a_write, end_badly):
        number = end()
        with walled.reading({}) as session:
            assert backend(session) == number, "the pool hands out the connection again"
            assert set(settings_of(session).values()) <= {"", None}
            assert session.scalar(sa.text("SELECT count(*) FROM school")) == 0


def backend(session: Session) -> int:
    return int(session.scalars(sa.text("SELECT pg_backend_pid()")).one())


def test_a_savepoint_that_is_taken_back_does_not_widen_the_wall(walled: Store, whole: Whole) -> None:
    with walled.writing(wall(Scope(cluster_ids=frozenset({whole.clusters["mill"]})))) as session:
        savepoint = session.begin_nested()
        session.execute(sa.select(sa.func.set_config("dashboard.clusters", "", True)))
        assert ids_of(session)["meeting"] == set()
        savepoint.rollback()
        assert ids_of(session)["meeting"] == whole.rows("mill")["meeting"]


# What it lets in


WALLED = sorted(set(Base.metadata.tables) - set(OPEN) - ONLY_WITH_EVERYTHING)


def a_row(store: Store, name: str, whole: Whole, part: str) -> dict[str, Any]:
    """A row of a part of the world, under a new number."""
    table = Base.metadata.tables[name]
    with store.reading() as session:
        row = session.execute(sa.select(table).where(table.c.id == min(whole.rows(part)[name]))).mappings().one()
        return dict(row) | {"id": 10_000}


def becomes_of(store: Store, whole: Whole, statement: sa.Executable) -> str:
    """What PostgreSQL says to somebody who may change the Mill Cluster alone; nothing of it stays."""
    with writing(store, Scope(cluster_ids=frozenset({whole.clusters["mill"]}))) as session:
        try:
            result = session.execute(statement)
        except sa.exc.DBAPIError as error:
            return str(error.orig).splitlines()[0]
        finally:
            session.rollback()
        return f"{result.rowcount} rows"


def test_rows_of_another_cluster_are_refused_and_own_ones_let_in(walled: Store, whole: Whole) -> None:
    for name in WALLED:
        table = Base.metadata.tables[name]
        for part, refused in (("decoy", True), ("mill", name in NEW_ONES_ARE_NOT_ITS_OWN)):
            said = becomes_of(walled, whole, sa.insert(table).inline().values(a_row(walled, name, whole, part)))
            if name in NEW_ONES_ARE_NOBODYS:
                assert said.endswith(" rows"), (name, part, said)
            elif refused:
                assert "violates row-level security policy" in said, (name, part)
            else:
                assert said.endswith(" rows") or "duplicate key" in said, (name, said)


def test_rows_of_another_cluster_are_neither_changed_nor_taken_out(walled: Store, whole: Whole) -> None:
    for name in WALLED:
        table = Base.metadata.tables[name]
        theirs = table.c.id.in_(whole.rows("decoy")[name])
        for statement in (sa.update(table).values(id=table.c.id).where(theirs), sa.delete(table).where(theirs)):
            assert becomes_of(walled, whole, statement) == "0 rows", name


def test_an_own_row_cannot_be_moved_to_another_cluster(walled: Store, whole: Whole) -> None:
    moved = [name for name in WALLED if "cluster_id" in Base.metadata.tables[name].c]
    assert len(moved) > 10
    for name in moved:
        table = Base.metadata.tables[name]
        mine = table.c.id == min(whole.rows("mill")[name])
        move = sa.update(table).where(mine).values(cluster_id=whole.clusters["decoy"])
        if name in NOT_READ_BY_A_CLUSTER:
            assert becomes_of(walled, whole, move) == "0 rows", name
        else:
            assert "violates row-level security policy" in becomes_of(walled, whole, move), name


def test_what_a_batch_changed_is_written_by_everybody_and_read_by_whoever_sees_everything(
    walled: Store, whole: Whole
) -> None:
    table = Base.metadata.tables["batch_change"]
    row = a_row(walled, "batch_change", whole, "mill")
    with writing(walled, Scope(cluster_ids=frozenset({whole.clusters["mill"]}))) as session:
        session.execute(sa.insert(table).inline().values(row))
        assert session.execute(sa.select(table)).all() == []
        assert session.execute(sa.delete(table)).rowcount == 0
    assert 10_000 in seen(walled, wall(EVERYTHING))["batch_change"]
