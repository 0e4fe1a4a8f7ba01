"""Nobody sees what their scope does not name: every query that reads for a person, found by looking at the modules."""

import inspect
import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import EVERYTHING, NOTHING, Scope
from dashboard.approvals import queries as approvals
from dashboard.benchmarks import queries as benchmarks
from dashboard.concerns import queries as concerns
from dashboard.contributions import queries as contributions
from dashboard.db import Store
from dashboard.decisions import queries as decisions
from dashboard.directory import calendar, members, tenure
from dashboard.directory import queries as directory
from dashboard.directory.queries import cluster_years, load_rule_sets
from dashboard.engagement import queries as engagement
from dashboard.engagement import signs
from dashboard.evaluation import queries as evaluation
from dashboard.funding import exports, lines
from dashboard.funding.queries import behind, inputs, pots, spending, to_check
from dashboard.funding.queries import meetings as meeting_costs
from dashboard.headteacher import queries as headteacher
from dashboard.lifecycle import queries as lifecycle
from dashboard.meetings import queries as meetings
from dashboard.models import (
    AimWording,
    ApprovalRequest,
    Cluster,
    Concern,
    ConcernStep,
    Contribution,
    LifecycleEvent,
    LifecycleReason,
    Meeting,
    OutsideMoney,
    School,
    WorkgroupCall,
)
from dashboard.overview import queries as found_by_search
from dashboard.overview import queries_of_ages, queries_of_changes, queries_of_places
from dashboard.plans import exports as plan_exports
from dashboard.plans.queries import aims, coverage, next_year, own, reviews
from dashboard.plans.queries import changes as plan_changes
from dashboard.plans.queries import document as plan_documents
from dashboard.plans.queries import progress as plans
from dashboard.plans.queries import target as one_target
from dashboard.plans.queries import timeline as plan_days
from dashboard.plans.queries import words as plan_words
from dashboard.registers import queries as registers
from dashboard.reports import facts, overview
from dashboard.room import queries as room
from dashboard.settings import PROJECT_ROOT
from dashboard.stages import queries as stages
from dashboard.vocabulary import (
    ContributionKind,
    ContributionState,
    CriterionState,
    EventKind,
    Mark,
    OutsideKind,
    OutsideState,
    Part,
    PlanChangeKind,
    Pot,
    RequestKind,
    RequestState,
    SelfAnswer,
    StepKind,
)
from dashboard.workgroups import queries as workgroups
from dashboard.working_groups import queries as working_groups
from tests import builders as put
from tests.any_query import every_answer, keys_of
from tests.builders import AS_OF, taken_back

MODULES = (
    directory, calendar, members, tenure, engagement, signs, pots, spending, meeting_costs, inputs, to_check, lines,
    behind, exports, meetings, plans, one_target, registers, concerns, workgroups, lifecycle, benchmarks, decisions,
    approvals,
    contributions, overview, aims, coverage, next_year, stages, reviews, plan_documents, plan_exports, working_groups,
    evaluation, plan_changes, plan_days, plan_words, facts, found_by_search, queries_of_ages, queries_of_changes,
    queries_of_places, own, headteacher, room,
)  # fmt: skip
UNSCOPED = {
    "load_rule_sets", "holds_any_cluster", "members_in", "report_overview", "load_own_places", "expected_at",
    "load_signs", "said", "same_authority", "lines_asked_for", "called_like",
}  # fmt: skip
"""Rules of programmes are nobody's secret; the second gives yes or no; `said` and `same_authority` read no store, nor
do `lines_asked_for` and `called_like`, conditions whose one caller adds the scope; the others work on what was scoped
before or put answers of scoped queries together. `load_own_places` gives what a scope names, and of everything nothing:
it has a test of its own below."""
ABOUT_PEOPLE = {"accounts", "privacy", "audit_log"}
"""Accounts, contacts and who did what are for administrators, who see no school; their own tests hold them to it."""


def queries_of(module: ModuleType) -> list[Callable[..., Any]]:
    made_here = [
        each for _, each in inspect.getmembers(module, inspect.isfunction) if each.__module__ == module.__name__
    ]
    return [each for each in made_here if not each.__name__.startswith("_") and each.__name__ not in UNSCOPED]


QUERIES = [query for module in MODULES for query in queries_of(module)]
ids = [f"{query.__module__.split('.')[1]}.{query.__name__}" for query in QUERIES]


@dataclass(frozen=True)
class Places:
    """Two clusters with everything in them; one school is a member of both."""

    session: Session
    mill: Cluster
    decoy: Cluster
    mine: School
    shared: School
    other: School

    @property
    def only_mill(self) -> Scope:
        return Scope(cluster_ids=frozenset({self.mill.id}))


_GOES_ON = sa.and_(LifecycleEvent.kind == EventKind.SABBATICAL, LifecycleEvent.ends_on.is_(None))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> Generator[Places]:
    """Put together once for each kind of store: a thousand tests read it."""
    store: Store = request.getfixturevalue(f"shared_{request.param}")
    with taken_back(store) as session:
        mill, decoy = (
            put.cluster(session, name, under=put.programme(session)) for name in ("Mill Cluster", "Decoy Cluster")
        )
        mine = put.school(session, "Mine", within=mill)
        shared = put.school(session, "Shared", within=mill)
        other = put.school(session, "Decoy School", within=decoy)
        put.membership(session, decoy, shared)
        mine.local_authority = shared.local_authority = "Fordshire"
        other.local_authority = "Decoyshire"
        for each, schools in ((mill, (mine, shared)), (decoy, (shared, other))):
            _fill(session, each, schools)
            asked = WorkgroupCall(
                programme_id=each.programme_id, year=2016, due_at=datetime(2016, 9, 30, 15, tzinfo=UTC)
            )
            put.put(session, asked)
        # The sabbaticals end before the meetings that are to come: somebody is expected there.
        session.execute(sa.update(LifecycleEvent).values(ends_on=date(2017, 4, 30)).where(_GOES_ON))
        yield Places(session, mill, decoy, mine, shared, other)


@pytest.fixture
def places(world: Places) -> Generator[Places]:
    """The same, and without what a test adds to it."""
    savepoint = world.session.begin_nested()
    yield world
    savepoint.rollback()


def _fill(session: Session, of: Cluster, schools: tuple[School, ...]) -> None:
    for day in (10, 11):
        held = put.meeting(session, of, date(2016, 10, day))
        for each in schools:
            put.mark(session, held, each, Mark.PRESENT)
    put.allocation(session, of, 1_000)
    for each in schools:
        put.allocation(session, of, 500, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=each)
        put.carried(session, of, 5, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=each)
        put.line(session, of, 100, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=each, at=held)
        put.line(session, of, 15_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=each)  # more than half a day may cost
        put.contribution(session, of, each, ContributionKind.LEVY, 5_000)
        put.appointment(session, of, each, put.person(session, f"Colleague of {of.name}"), starts=date(2016, 9, 1))
        told = put.event(session, of, each, EventKind.DISENGAGED, date(2016, 10, 1))
        put.put(session, LifecycleReason(event_id=told.id, cluster_id=of.id, reason=f"Quarrel in {of.name}"))
    put.keep_accounts(session, of, schools[0])
    target = put.target(session, of, f"T of {of.slug}", criteria=(CriterionState.MET,), evidence_on=(None, AS_OF))
    put.plan(session, of).dated = AS_OF
    put.change(session, target, PlanChangeKind.TARGET_ADDED, about=target.title)
    put.keep_plan(session, of, target, schools[0])
    aim = put.aim(session, of, 1, target)
    put.put(session, AimWording(aim_id=aim.id, wording=f"Aim of {of.name}", confirmed_by="coordinator"))
    put.target(session, of, f"D of {of.slug}", title=f"Draft of {of.name}", draft=True).came_from_id = target.id
    session.flush()
    put.line(session, of, 40, for_=target, by=schools[-1])
    put.outside(session, of, f"Fund of {of.name}")
    concern = Concern(cluster_id=of.id, school_id=schools[0].id, summary=f"About {of.slug}", raised_on=AS_OF)
    concern.raised_as = "coordinator"
    put.put(session, concern)
    put.put(session, ConcernStep(concern_id=concern.id, kind=StepKind.OTHER, taken_on=AS_OF))
    put.signs(session, of, schools)
    asked = ApprovalRequest(cluster_id=of.id, school_id=schools[0].id, kind=RequestKind.TRAVEL, asked_on=AS_OF)
    asked.summary, asked.asked_as, asked.state = f"Coach of {of.slug}", "coordinator", RequestState.WAITING
    put.put(session, asked)
    put.line(session, of, 300).request_id = asked.id
    for each in schools:
        paid = Contribution(cluster_id=of.id, school_id=each.id, year=2016, kind=ContributionKind.LEVY, amount=5_000)
        paid.state = ContributionState.PAID
        put.put(session, paid)
        won = OutsideMoney(cluster_id=of.id, school_id=each.id, year=2016, kind=OutsideKind.GRANT, won=100)
        won.party, won.state = f"Fund of {of.slug}", OutsideState.WON
        put.put(session, won)
    put.workgroup(session, of, schools[0], f"Alder of {of.slug}")
    put.context(session, of, date(2016, 10, 1), f"New service around {of.name}")
    put.lay_open(session, of, schools)
    put.on_the_way(session, of, schools)
    put.corrected_review(session, target)
    put.working_groups(session, of, schools)
    for each in schools:
        put.self_evaluation(session, of, each, "Writing", SelfAnswer.SO_SO)
    put.self_evaluation(session, of, schools[-1], f"Area of {of.name}", SelfAnswer.SO_SO)
    put.note(session, of, f"Tag of {of.name}")
    for each in schools:
        each.latitude, each.longitude = 51.0, -1.0
    audit.record(session, audit.COMMAND_LINE, "change", "concern", 1, cluster_id=of.id)


def ask(query: Callable[..., Any], places: Places, scope: Scope, years_of: Scope) -> list[dict[str, Any]]:
    """The rows a query gives a scope, whatever the query needs besides."""
    years = cluster_years(years_of, AS_OF, year=None)
    answers = every_answer(query, places.session, scope, years, AS_OF, keys_of(places.session))
    return [row for answer in answers if answer is not None for row in as_rows(places.session, answer)]


def as_rows(session: Session, answer: Any) -> list[dict[str, Any]]:
    if isinstance(answer, pd.DataFrame):
        rows: list[dict[str, Any]] = answer.to_dict("records")
        return rows
    if isinstance(answer, sa.CTE):
        return [dict(row) for row in session.execute(sa.select(answer)).mappings()]
    if isinstance(answer, Mapping):
        return [{"value": item} for item in answer.items()]
    if is_dataclass(answer) and not isinstance(answer, type):
        return [asdict(answer)]
    return [asdict(each) if is_dataclass(each) and not isinstance(each, type) else {"value": each} for each in answer]


def named(rows: list[dict[str, Any]]) -> str:
    return repr([list(row.values()) for row in rows]).lower()


def test_no_query_goes_untested() -> None:
    """Found a second way: every `queries.py` there is, and every public function that stands in its text."""
    files = {Path(module.__file__ or "") for module in MODULES}
    feature = PROJECT_ROOT / "dashboard"
    written_down = {*feature.rglob("queries.py"), *feature.glob("*/queries/[!_]*.py")}
    assert {file for file in written_down if file.parent.name not in ABOUT_PEOPLE} <= files
    written = {name for file in files for name in re.findall(r"^def ([a-z]\w*)\(", file.read_text(), re.MULTILINE)}
    assert {query.__name__ for query in QUERIES} == written - UNSCOPED
    assert all(queries_of(module) for module in MODULES)


@pytest.mark.parametrize("query", QUERIES, ids=ids)
def test_every_query_takes_a_scope(query: Callable[..., Any]) -> None:
    assert inspect.signature(query).parameters["scope"].default is inspect.Parameter.empty


@pytest.mark.parametrize("query", QUERIES, ids=ids)
def test_everything_brings_rows_of_both_clusters(places: Places, query: Callable[..., Any]) -> None:
    rows = ask(query, places, EVERYTHING, EVERYTHING)
    assert rows
    assert {row["cluster_id"] for row in rows if "cluster_id" in row} in (set(), {places.mill.id, places.decoy.id})


@pytest.mark.parametrize("query", QUERIES, ids=ids)
def test_nothing_brings_no_rows(places: Places, query: Callable[..., Any]) -> None:
    for years_of in (NOTHING, EVERYTHING):
        assert ask(query, places, NOTHING, years_of) == []


@pytest.mark.parametrize("query", QUERIES, ids=ids)
def test_one_cluster_brings_its_own_rows_and_never_the_decoys(places: Places, query: Callable[..., Any]) -> None:
    rows = ask(query, places, places.only_mill, places.only_mill)
    assert rows
    assert "decoy" not in named(rows)
    assert {row["cluster_id"] for row in rows if "cluster_id" in row} <= {places.mill.id}
    assert not {row["school_id"] for row in rows if "school_id" in row} - {places.mine.id, places.shared.id, None}


@pytest.mark.parametrize("query", QUERIES, ids=ids)
def test_years_that_name_more_clusters_do_not_widen_a_scope(places: Places, query: Callable[..., Any]) -> None:
    rows = ask(query, places, places.only_mill, EVERYTHING)
    assert "decoy" not in named(rows)
    assert {row["cluster_id"] for row in rows if "cluster_id" in row} <= {places.mill.id}
    meetings = {each.id for each in places.session.query(Meeting).filter_by(cluster_id=places.mill.id)}
    assert {row["meeting_id"] for row in rows if "meeting_id" in row} - {None} <= meetings


@pytest.mark.parametrize("query", QUERIES, ids=ids)
def test_one_school_brings_no_other_school(places: Places, query: Callable[..., Any]) -> None:
    scope = Scope(school_ids=frozenset({places.mine.id}))
    for years_of in (scope, EVERYTHING):
        rows = ask(query, places, scope, years_of)
        assert "decoy" not in named(rows)
        assert "shared" not in named(rows)
        assert {row["cluster_id"] for row in rows if "cluster_id" in row} <= {places.mill.id}
        assert {row["school_id"] for row in rows if "school_id" in row} <= {places.mine.id}


def test_the_places_that_a_scope_names_are_its_own(places: Places) -> None:
    scope = Scope(cluster_ids=frozenset({places.mill.id}), school_ids=frozenset({places.other.id}))
    found = directory.load_own_places(places.session, scope)
    assert [(each.kind, each.slug) for each in found] == [("cluster", places.mill.slug), ("school", places.other.slug)]
    assert directory.load_own_places(places.session, NOTHING) == []


def test_an_open_book_names_a_school_to_those_that_opened_theirs(places: Places) -> None:
    scope = Scope(school_ids=frozenset({places.mine.id}))
    years = cluster_years(scope, AS_OF, year=None)

    def named_schools() -> set[str]:
        return set(directory.load_members(places.session, scope, years, AS_OF)["school"])

    assert named_schools() == {"mine"}
    theirs = put.open_book(places.session, places.mill, places.shared)
    assert named_schools() == {"mine"}, "only among one another"
    mine = put.open_book(places.session, places.mill, places.mine)
    put.open_book(places.session, places.decoy, places.other)
    assert named_schools() == {"mine", "shared"}
    marks = engagement.load_marks(places.session, scope, years, AS_OF)
    assert set(marks["school"]) == {"mine", "shared"}
    figures = benchmarks.load_figures(places.session, scope, AS_OF)
    assert {figure.school for figure in figures} == {"mine", "shared"}
    theirs.covers_figures = False
    places.session.flush()
    assert named_schools() == {"mine", "shared"}, "attendance was agreed to"
    assert {figure.school for figure in benchmarks.load_figures(places.session, scope, AS_OF)} == {"mine"}
    theirs.withdrawn_on = date(2017, 1, 1)
    places.session.flush()
    assert named_schools() == {"mine"}
    theirs.withdrawn_on, mine.withdrawn_on = None, date(2017, 1, 1)
    places.session.flush()
    assert named_schools() == {"mine"}


def test_a_total_of_too_few_schools_is_for_those_who_see_the_cluster(places: Places) -> None:
    mine = Scope(school_ids=frozenset({places.mine.id}))
    years = cluster_years(EVERYTHING, AS_OF, year=None)
    assert len(engagement.load_turnout(places.session, places.only_mill, years, AS_OF)) == 2
    assert engagement.load_turnout(places.session, mine, years, AS_OF).empty, "two schools: the other's mark is known"
    third = put.school(places.session, "Third", within=places.mill)
    assert engagement.load_turnout(places.session, mine, years, AS_OF).empty, "a school without a mark hides nobody"
    for held in places.session.query(Meeting).filter_by(cluster_id=places.mill.id):
        put.mark(places.session, held, third, Mark.ABSENT)
    turnout = engagement.load_turnout(places.session, mine, years, AS_OF)
    assert list(zip(turnout["attended"], turnout["expected"], turnout["not_recorded"], strict=True)) == [(2, 3, 0)] * 2


def test_totals_are_of_the_years_in_which_the_school_was_a_member(places: Places) -> None:
    late = put.school(places.session, "Late")
    put.membership(places.session, places.mill, late, joined=date(2017, 9, 1))
    scope = Scope(school_ids=frozenset({late.id}))
    assert directory.years_with_data(places.session, scope) == []
    years = cluster_years(EVERYTHING, AS_OF, year=None)
    assert plans.load_targets(places.session, scope, years, AS_OF).empty
    assert pots.load_pots(places.session, scope, years, load_rule_sets(places.session)).empty


def test_what_other_schools_hold_is_not_in_a_schools_totals(places: Places) -> None:
    scope = Scope(school_ids=frozenset({places.mine.id}))
    years = cluster_years(scope, AS_OF, year=None)
    found = pots.load_pots(places.session, scope, years, load_rule_sets(places.session))
    assert dict(zip(found["pot"], found["allocated"], strict=True)) == {
        Pot.LEAD_HELD: 1_000, Pot.SCHOOL_HELD: 500,
    }  # fmt: skip
