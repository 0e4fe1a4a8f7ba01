"""The wall is never too tight: behind the wall of a scope, a query for that scope gives what it gives without one."""

import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, NOTHING, Scope, reading, wall, whole_store
from dashboard.access.wall import _admit_totals
from dashboard.db import Session, Store
from dashboard.directory.queries import cluster_years
from dashboard.models import (
    AimWording,
    Cluster,
    Concern,
    ConcernStep,
    EvidenceFile,
    LifecycleReason,
    Membership,
    OpenBook,
    PlanReview,
    Programme,
    Receipt,
    School,
    Target,
    TargetMeeting,
    WorkgroupCall,
    WorkgroupReturn,
)
from dashboard.vocabulary import EventKind, PlanChangeKind, SelfAnswer, StepKind
from tests.any_query import Keys, every_answer
from tests.builders import (
    AS_OF,
    EXAMPLES,
    DrawnWorld,
    aim,
    build,
    carried,
    change,
    context,
    corrected_review,
    event,
    keep_accounts,
    keep_plan,
    lay_open,
    note,
    on_the_way,
    put,
    review,
    self_evaluation,
    signs,
    taken_back,
    target,
    workgroup,
    working_groups,
    worlds,
)
from tests.conftest import NewStore
from tests.generate.test_generate import TODAY, make
from tests.test_scoping import QUERIES, as_rows, ids


@dataclass(frozen=True)
class World:
    """What there is to ask about."""

    clusters: tuple[int, ...]
    schools: tuple[int, ...]
    programmes: tuple[int, ...]
    slugs: tuple[str, ...]
    """Some of them."""
    lines: tuple[int, ...] = (1, 2)
    """Lines of the ledger, with a receipt where there is any."""
    targets: tuple[int, ...] = (1, 2)
    """Targets, with a history where there is any."""
    pieces: tuple[int, ...] = (1, 2)
    """Pieces of evidence, with a file where there is any."""
    codes: tuple[str, ...] = ("T0", "T1")

    @classmethod
    def of(cls, session: Session) -> "World":
        return cls(
            *(tuple(session.scalars(sa.select(model.id).order_by(model.id))) for model in (Cluster, School, Programme)),
            tuple(
                slug
                for model, most in ((Cluster, 2), (School, 3))
                for slug in session.scalars(sa.select(model.slug).order_by(model.id).limit(most))
            ),
            tuple(session.scalars(sa.select(Receipt.line_id).order_by(Receipt.id).limit(2))) or (1, 2),
            (
                session.scalar(sa.select(sa.func.min(TargetMeeting.target_id))) or 1,
                session.scalar(sa.select(sa.func.max(PlanReview.target_id))) or 2,
                session.scalar(sa.select(sa.func.min(Target.id)).where(Target.draft)) or 3,
            ),
            tuple(session.scalars(sa.select(EvidenceFile.evidence_id).order_by(EvidenceFile.id).limit(2))) or (1, 2),
            tuple(session.scalars(sa.select(Target.code).order_by(Target.id).limit(2))) or ("T0", "T1"),
        )

    def scopes(self) -> dict[str, Scope]:
        """Scopes of every shape, by what they are."""
        one = frozenset(self.clusters[:1])
        school, schools = frozenset(self.schools[:1]), frozenset(self.schools[::3])
        programme = frozenset(self.programmes[:1])
        return {
            "everything": EVERYTHING,
            "a programme": Scope(programme_ids=programme),
            "a cluster": Scope(cluster_ids=one),
            "a school": Scope(school_ids=school),
            "several schools": Scope(school_ids=schools),
            "of each": Scope(programme_ids=programme, cluster_ids=frozenset(self.clusters[-1:]), school_ids=schools),
        }


_PAST_THE_WALL: Final = {"meetings.load_busy_days"}
"""It counts what other clusters do on a day: its session has to see them."""


def _keys(world: World) -> Keys:
    """Some that are there and, in a small world, some that are not: a wall must not tell them apart."""
    return {
        "slug": world.slugs[::3], "written": world.slugs[-3:], "meeting_id": (1, 33), "line_id": world.lines,
        "target_id": world.targets, "evidence_id": world.pieces, "code": world.codes,
        **dict.fromkeys(
            (
                "cluster_id", "aim_id", "concern_id", "period_id", "receipt_id", "request_id", "contribution_id",
                "outside_id",
            ),
            (1, 2),
        ),
    }  # fmt: skip


def ask(session: Session, scope: Scope, query: Callable[..., Any], world: World, as_of: date) -> list[Any]:
    """The rows a query gives a scope, for each cluster's latest year and for a chosen one."""
    rows = []
    yearly = {"years", "year"} & set(inspect.signature(query).parameters)
    for year in (None, AcademicYear.of(as_of)) if yearly else (None,):
        years = cluster_years(scope, as_of, year=year)
        for answer in every_answer(query, session, scope, years, as_of, _keys(world), year=year):
            # By what they say: among rows that a query orders alike, the database may choose.
            rows.append(answer if _is_one_row(answer) else sorted(as_rows(session, answer), key=repr))
    return rows


def asked_for(scope: Scope) -> list[tuple[str, Callable[..., Any]]]:
    """Every query by its name, but for the overview where a school asks: the matrix gives it to none; and for reasons
    where a cluster does: whoever keeps one writes them and never reads them.
    """
    queries = zip(ids, QUERIES, strict=True)
    return [
        (name, query)
        for name, query in queries
        if name not in _PAST_THE_WALL
        and not (scope.school_ids and "overview" in name)
        and not (scope.cluster_ids and name == "lifecycle.load_reasons")
    ]


def _is_one_row(answer: Any) -> bool:
    return answer is None or hasattr(answer, "__dataclass_fields__")


@pytest.fixture
def generated(new_postgresql: NewStore) -> Generator[Store]:
    """Made-up clusters; some schools belong to two, and some lay their books open."""
    with whole_store(new_postgresql()) as store:
        make(store, clusters=5, schools=20, years=2)
        with store.writing() as session:
            world = World.of(session)
            for school in world.schools[::4]:
                put(session, Membership(cluster_id=world.clusters[1], school_id=school))
            for school in world.schools[:12]:
                for cluster in session.scalars(sa.select(Membership.cluster_id).where(Membership.school_id == school)):
                    put(session, OpenBook(cluster_id=cluster, school_id=school, agreed_on=date(2025, 9, 1)))
            for cluster in world.clusters:
                row = Concern(cluster_id=cluster, summary="A", raised_on=date(2025, 9, 1), raised_as="advisor")
                put(session, row)
                put(session, ConcernStep(concern_id=row.id, kind=StepKind.OTHER, taken_on=date(2025, 9, 1)))
                of = session.get_one(Cluster, cluster)
                members = sa.select(School).join(Membership).where(Membership.cluster_id == cluster).order_by(School.id)
                first, second = session.scalars(members).all()[:2]
                signs(session, of, (first, second), year=2025)
                told = event(session, of, first, EventKind.DISENGAGED, date(2025, 10, 1))
                put(session, LifecycleReason(event_id=told.id, cluster_id=cluster, reason="Moved"))
                context(session, of, date(2025, 10, 1))
                lay_open(session, of, (first, second), year=2025)
                keep_accounts(session, of, first, year=2025)
                carried(session, of, 1_000, year=2025)
                audit.record(session, audit.COMMAND_LINE, "change", "concern", row.id, cluster_id=cluster)
                newest_first = sa.select(Target).order_by(Target.year.desc(), Target.id)
                kept = session.scalars(newest_first.where(Target.cluster_id == cluster)).all()
                served = aim(session, of, 99, *kept)
                put(session, AimWording(aim_id=served.id, wording="Another", confirmed_by="coordinator"))
                keep_plan(session, of, kept[0], first)
                target(session, of, "DRAFT", year=2025, position=98, draft=True).came_from_id = kept[0].id
                on_the_way(session, of, (first, second))
                corrected_review(session, target(session, of, "REVIEWED", year=2025, position=99))
                working_groups(session, of, (first, second))
                for member in dict.fromkeys(session.scalars(members)):
                    self_evaluation(session, of, member, "Writing", SelfAnswer.SO_SO, year=2025)
                note(session, of, "timing", year=2025)
                review(session, of, TODAY, year=2025)
                for each in kept:
                    change(session, each, PlanChangeKind.TITLE, TODAY, after=each.title)
            for row in session.scalars(sa.select(Membership).order_by(Membership.id)).all()[::6]:
                cluster, school = session.get_one(Cluster, row.cluster_id), session.get_one(School, row.school_id)
                if not session.query(WorkgroupCall).filter_by(programme_id=cluster.programme_id).count():
                    due = datetime(2025, 9, 30, 15, tzinfo=UTC)
                    put(session, WorkgroupCall(programme_id=cluster.programme_id, year=2025, due_at=due))
                if not session.query(WorkgroupReturn).filter_by(cluster_id=cluster.id).count():
                    workgroup(session, cluster, school, f"Alder of {school.slug}", year=2025)
        yield store


@pytest.fixture
def without_a_wall(generated: Store) -> Generator[Session]:
    with (
        generated.engine.connect().execution_options(as_owner=True) as connection,
        Session(connection) as session,
    ):
        yield session


def test_every_query_gives_the_same_behind_the_matching_wall(generated: Store, without_a_wall: Session) -> None:
    world = World.of(without_a_wall)
    assert (len(world.clusters), len(world.schools)) == (5, 20)
    found = dict.fromkeys([name for name in ids if name not in _PAST_THE_WALL], 0)
    scopes = world.scopes()
    del scopes["several schools"]  # "of each" has several
    for words, scope in scopes.items():
        with reading(generated, scope) as session:
            for name, query in asked_for(scope):
                bare = ask(without_a_wall, scope, query, world, TODAY)
                assert ask(session, scope, query, world, TODAY) == bare, (words, name)
                found[name] += sum(bool(rows) for rows in bare)
    silent = [name for name, rows in found.items() if not rows]
    assert silent == [], f"asked for nothing that is there: {', '.join(silent)}"


def test_a_wall_that_is_narrower_than_the_scope_is_felt(generated: Store) -> None:
    with generated.reading(wall(NOTHING)) as session:
        for query in QUERIES:
            assert not any(ask(session, EVERYTHING, query, World((), (), (), ()), TODAY))


@settings(EXAMPLES, max_examples=2)
@given(drawn=worlds(), words=st.sampled_from(("a programme", "a cluster", "a school", "several schools", "of each")))
def test_no_world_is_seen_differently_through_its_wall(one_store: Store, drawn: DrawnWorld, words: str) -> None:
    with taken_back(one_store) as session:
        build(session, drawn)
        world = World.of(session)
        scope = world.scopes()[words]
        for name, query in asked_for(scope):
            put_behind(session, EVERYTHING)
            bare = ask(session, scope, query, world, AS_OF)
            put_behind(session, scope)
            assert ask(session, scope, query, world, AS_OF) == bare, name


@pytest.fixture
def one_store(new_postgresql: NewStore) -> Generator[Store]:
    with whole_store(new_postgresql()) as store:
        yield store


def put_behind(session: Session, scope: Scope) -> None:
    """Put the rest of a transaction behind the wall of a scope, as `access.reading` does."""
    for name, value in wall(scope).items():
        session.execute(sa.select(sa.func.set_config(name, value, True)))
    if scope.school_ids:
        _admit_totals(session, scope)
