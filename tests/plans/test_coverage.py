"""What a plan covers, from hand tables, with a decoy cluster: aims, money, meetings, kinds of work; and as panels."""

from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access import EVERYTHING, Scope
from dashboard.db import Session, Store
from dashboard.directory.view import View
from dashboard.models import Meeting, Target, TargetAim, TargetMeeting
from dashboard.plans import queries
from dashboard.plans.figures.balance import YearOfWork, draw_balance, key_of
from dashboard.plans.panels import BALANCE, COVERAGE
from dashboard.plans.panels.balance import load_balance
from dashboard.plans.panels.coverage import SERVES, Coverage, load_coverage
from dashboard.plans.sentences import say_balance, say_coverage, say_next_steps
from dashboard.ui.theme import DARK, Look
from dashboard.vocabulary import COMMITTED_STATES, SPENT_STATES, ActivityKind, FocusArea, Horizon, LineState, Pot
from tests import builders as put
from tests.builders import AS_OF, EXAMPLES, YEAR, look_at, taken_back

DEV, PROJECT = ActivityKind.DEVELOPMENT, ActivityKind.CLUSTER_PROJECT


class Placed:
    """Three aims and four targets, of which one serves none; a draft that serves the third; a decoy like it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.mill, self.decoy = put.cluster(session, "Mill Cluster"), put.cluster(session, "Decoy Cluster")
        self.ford = put.school(session, within=self.mill)
        put.school(session, "Decoy School", within=self.decoy)
        self.art, self.band, self.chess, self.dance = (
            put.target(session, self.mill, f"{code}-SEPT16", position=place)
            for place, code in enumerate(("ART", "BAND", "CHESS", "DANCE"), start=1)
        )
        self.draft = put.target(session, self.mill, "DRAFT-SEPT16", position=5, draft=True)
        self.old = put.target(session, self.mill, "OLD", year=YEAR - 1)
        put.aim(session, self.mill, 1, self.art, self.band)
        put.aim(session, self.mill, 2, self.art, self.chess, self.old)
        put.aim(session, self.mill, 3, self.draft, self.old)
        theirs = put.target(session, self.decoy, "DECOY")
        put.aim(session, self.decoy, 1, theirs)
        put.line(session, self.decoy, 77_700, for_=theirs)

    def view(self, scope: Scope = EVERYTHING) -> View:
        return look_at(self.session, self.mill.slug, scope=scope)

    @property
    def headteacher(self) -> Scope:
        return Scope(school_ids=frozenset({self.ford.id}))

    def meet(self, day: date, *targets: Target) -> Meeting:
        held = put.meeting(self.session, self.mill, day)
        for each in targets:
            put.put(self.session, TargetMeeting(target_id=each.id, meeting_id=held.id))
        return held


def rows(coverage: Coverage) -> list[tuple[Any, ...]]:
    codes = dict(zip(coverage.targets["target_id"], coverage.targets["code"], strict=True))
    return [
        (row.place, "".join(sorted(codes[each][0] for each in row.targets)), row.spent, row.committed, row.meetings)
        for row in coverage.rows
    ]


def test_what_serves_each_aim_and_what_it_took(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        here = Placed(session)
        first = here.meet(date(2016, 10, 4), here.art, here.band)
        second = put.meeting(session, here.mill, date(2016, 11, 8))
        here.meet(date(2017, 5, 9), here.art)  # still to come
        put.line(session, here.mill, 10_000, for_=here.art)
        put.line(session, here.mill, 2_550, for_=here.art, at=second)
        put.line(session, here.mill, 300, LineState.COMMITTED, for_=here.band, at=first)
        put.line(session, here.mill, 4_000, LineState.REVERSED, for_=here.band, at=second)
        put.line(session, here.mill, 5_000, for_=here.chess, pot=Pot.SCHOOL_HELD, by=here.ford, at=second)
        put.line(session, here.mill, 6_000, for_=here.art, year=YEAR - 1)
        put.line(session, here.mill, 1_200, for_=here.dance)
        put.line(session, here.mill, 999)  # for no target
        expected = [
            (1, "AB", 12_550, 300, 2),
            (2, "AC", 12_550, 0, 2),
            (3, "", 0, 0, 0),
            (None, "D", 1_200, 0, 0),
        ]
        for scope in (EVERYTHING, Scope(cluster_ids=frozenset({here.mill.id})), here.headteacher):
            coverage = load_coverage(session, here.view(scope))
            assert rows(coverage) == expected
            assert (coverage.bare, coverage.without) == ([3], ["DANCE-SEPT16"])
            assert coverage.headline == "No target serves aim 3; DANCE-SEPT16 serves no aim."
        nothing = queries.load_paid_targets(session, Scope(), here.view().cluster_years)
        assert nothing.empty


def test_a_headteacher_sees_the_years_of_the_own_membership(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        here = Placed(session)
        late = put.school(session, "Late School")
        put.membership(session, here.mill, late, joined=date(2017, 9, 1))
        scope = Scope(school_ids=frozenset({late.id}))
        years = here.view().cluster_years
        for query in (queries.load_aims, queries.load_paid_targets, queries.load_served, queries.load_balance):
            assert query(session, scope, years).empty
        assert queries.load_meetings_of_targets(session, scope, years, AS_OF).empty


def test_the_table_and_where_it_leads(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        here = Placed(session)
        view = here.view()
        coverage = COVERAGE.load(session, view)
        table = COVERAGE.table(coverage)
        assert list(table.columns) == ["Aim", "ART", "BAND", "CHESS", "DANCE", "Money", "Meetings"]
        assert list(table["Aim"]) == [*(f"{n}. Aim {n} of Mill Cluster" for n in (1, 2, 3)), "No aim"]
        assert [[cell == SERVES for cell in table[code]] for code in ("ART", "BAND", "CHESS", "DANCE")] == [
            [True, True, False, False], [True, False, False, False], [False, True, False, False],
            [False, False, False, True],
        ]  # fmt: skip
        assert list(table["Money"]) == ["none"] * 4
        assert COVERAGE.links(coverage)["ART"] == f"/cluster/{here.mill.slug}/plan/ART-SEPT16?year=2016-17"
        assert not COVERAGE.is_empty(coverage)
        assert COVERAGE.made_up(coverage) == (False, False)
        here.chess.code, here.art.illustrative = "Money", True
        session.flush()
        coverage = COVERAGE.load(session, view)
        assert list(COVERAGE.table(coverage).columns)[1:5] == [
            "ART-SEPT16",
            "BAND-SEPT16",
            "Money (target)",
            "DANCE-SEPT16",
        ]
        assert COVERAGE.links(coverage)["Money (target)"].endswith("/plan/Money?year=2016-17")
        assert COVERAGE.made_up(coverage) == (True, False)
        assert COVERAGE.measure(coverage, view)[0] == "Three aims and four targets of 2016-17."


def test_a_cluster_without_a_plan_says_so(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session, "Mill Cluster")
        view = look_at(session, mill.slug)
        for panel in (COVERAGE, BALANCE):
            assert panel.is_empty(panel.load(session, view))
            assert str(view.year) in panel.empty(view).title


@pytest.mark.parametrize(
    ("bare", "aims", "without", "said"),
    [
        ([], 0, [], "The cluster has no aims yet that its targets could serve."),
        ([], 1, [], "The one aim is served."),
        ([], 3, [], "Every one of three aims is served."),
        ([3], 5, [], "No target serves aim 3."),
        ([1, 3, 4], 5, [], "No target serves aims 1, 3 or 4."),
        ([1, 2], 2, ["A"], "No target serves an aim."),
        ([], 2, ["A", "B"], "Every one of two aims is served; A and B serve no aim."),
        ([], 1, ["A", "B", "C", "D"], "The one aim is served; A, B and two others serve no aim."),
    ],
)
def test_what_is_not_covered_in_a_sentence(bare: list[int], aims: int, without: list[str], said: str) -> None:
    assert say_coverage(bare, aims, without) == said


@pytest.mark.parametrize(
    ("kinds", "unsaid", "targets", "said"),
    [
        (0, 1, 1, "None of one target says what kind of work it is."),
        (0, 4, 4, "None of four targets says what kind of work it is."),
        (1, 0, 4, "One of the five kinds of work stands in the plan."),
        (3, 2, 5, "Three of the five kinds of work stand in the plan; two targets do not say."),
        (2, 1, 5, "Two of the five kinds of work stand in the plan; one target does not say."),
    ],
)
def test_the_balance_in_a_sentence(kinds: int, unsaid: int, targets: int, said: str) -> None:
    assert say_balance(kinds, 5, unsaid, targets) == said


@pytest.mark.parametrize(
    ("steps", "done", "drafts", "said"),
    [
        (0, 0, 0, "No target names a next step."),
        (0, 0, 2, "No target names a next step; two drafts wait."),
        (10, 0, 0, "None of ten next steps has become a draft or a target yet."),
        (2, 1, 1, "One of two next steps has become a draft or a target; one draft waits."),
        (2, 2, 0, "All two next steps have become a draft or a target."),
        (1, 1, 0, "The one next step has become a draft or a target."),
    ],
)
def test_the_next_steps_in_a_sentence(steps: int, done: int, drafts: int, said: str) -> None:
    assert say_next_steps(steps, done, drafts) == said


def test_kinds_of_work_over_the_years(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        here = Placed(session)
        here.art.activity = here.band.activity = DEV
        here.chess.activity, here.chess.horizon, here.chess.focus_area = PROJECT, Horizon.LONG, FocusArea.ICT
        here.draft.activity, here.old.activity = ActivityKind.ACHIEVEMENT, ActivityKind.BEYOND_THE_CLUSTER
        session.flush()
        view = here.view()
        balance = load_balance(session, view)
        assert balance.years == [YEAR, YEAR - 1]
        assert balance.by_answer("activity", YEAR) == {DEV: 2, PROJECT: 1, None: 1}
        assert balance.by_answer("horizon", YEAR) == {Horizon.LONG: 1, None: 3}
        assert BALANCE.headline(balance, view) == (
            "Two of the five kinds of work stand in the plan; one target does not say."
        )
        table = BALANCE.table(balance).set_index(["Question", "What"])
        assert list(table.columns) == ["2016-17", "2015-16"]
        assert list(table.loc["Kind of work"]["2016-17"]) == [0, 2, 1, 0, 0, 1]
        assert list(table.loc["Kind of work"]["2015-16"]) == [0, 0, 0, 1, 0, 0]
        assert dict(table.loc["Focus"]["2016-17"]) == {"ICT": 1, "Not said": 3}
        assert list(table.loc["How far it looks ahead"]["2016-17"]) == [0, 0, 1, 3]
        assert (table.groupby("Question").sum()["2016-17"] == 4).all()
        assert "2015-16: one target Work beyond the cluster" in BALANCE.aside(balance)
        assert BALANCE.made_up(balance) == (False, False)
        assert not BALANCE.is_empty(balance)
        here.old.activity = here.art.activity = here.band.activity = None
        session.flush()
        assert not BALANCE.is_empty(load_balance(session, view)), "one says it still"
        here.chess.activity = here.chess.horizon = here.chess.focus_area = None
        session.flush()
        assert BALANCE.is_empty(load_balance(session, view))


YEARS: Final = [
    YearOfWork("2016-17", {DEV: 2, PROJECT: 1, None: 1}),
    YearOfWork("2015-16", {DEV: 0, ActivityKind.BEYOND_THE_CLUSTER: 1}),
]


@pytest.mark.parametrize("look", [Look(), Look(DARK, narrow=True)])
def test_the_stacked_bars(look: Look) -> None:
    figure = draw_balance(YEARS, look)
    bars = {bar.name: list(bar.x) for bar in figure.data}
    assert bars == {
        "Professional and curriculum development": [2, 0], "A project of the cluster’s own": [1, 0],
        "Work beyond the cluster": [0, 1], "not said": [1, 0],
    }  # fmt: skip
    assert [item.word for item in key_of(YEARS)] == list(bars)
    assert {"four targets", "one target"} <= {each.text for each in figure.layout.annotations}
    assert len(draw_balance([], look).data) == 0


# ------------------------------------------------------------------------------------------ against a slow plain answer
_LINE: Final = st.tuples(st.integers(-50, 90), st.sampled_from(tuple(LineState)), st.sampled_from(tuple(Pot)))
_TARGETS: Final = st.lists(
    st.tuples(
        st.sets(st.integers(0, 2)),  # aims
        st.lists(
            st.tuples(st.integers(-50, 90), st.sampled_from(tuple(LineState)), st.sampled_from(tuple(Pot))), max_size=2
        ),
        st.sets(st.integers(0, 2)),  # meetings
        st.booleans(),  # draft
    ),
    max_size=4,
)


@EXAMPLES
@given(targets=_TARGETS)
def test_coverage_in_any_plan(shared_store: Store, targets: list[Any]) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session, "Mill Cluster")
        put.target(session, mill, "FIRST")
        aims = [put.aim(session, mill, place) for place in (1, 2, 3)]
        held = [put.meeting(session, mill, date(2016, 10, day)) for day in (4, 5, 6)]
        expected: dict[int | None, list[Any]] = {aim.position: [0, 0, set(), 0] for aim in aims} | {
            None: [0, 0, set(), 1]
        }
        for number, (served, lines, met, draft) in enumerate(targets):
            row = put.target(session, mill, f"T{number}", position=number + 2, draft=draft)
            for each in served:
                put.put(session, TargetAim(target_id=row.id, aim_id=aims[each].id))
            for each in met:
                put.put(session, TargetMeeting(target_id=row.id, meeting_id=held[each].id))
            for pence, state, pot in lines:
                put.line(session, mill, pence, state, pot=pot, for_=row)
            for place in () if draft else ([aims[each].position for each in served] or [None]):
                found = expected[place]
                found[0] += sum(pence for pence, state, pot in lines if state in SPENT_STATES and pot is Pot.LEAD_HELD)
                found[1] += sum(
                    pence for pence, state, pot in lines if state in COMMITTED_STATES and pot is Pot.LEAD_HELD
                )
                found[2] |= met
                found[3] += 1
        coverage = load_coverage(session, look_at(session, mill.slug, year=YEAR))
        assert {row.place: [row.spent, row.committed, row.meetings, len(row.targets)] for row in coverage.rows} == {
            place: [spent, committed, len(met), count] for place, (spent, committed, met, count) in expected.items()
        }
