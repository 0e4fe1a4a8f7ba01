"""What waits for a school: which dates, why, in which order; worked out by hand, and over drawn rows."""

from dataclasses import replace
from datetime import date, time, timedelta
from types import SimpleNamespace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope
from dashboard.db import Store
from dashboard.directory.queries import cluster_years
from dashboard.directory.view import view_school
from dashboard.headteacher import queries
from dashboard.headteacher.panels import TASKS, load_tasks
from dashboard.headteacher.tasks import MOST_MEETINGS, Facts, list_tasks, say_tasks
from dashboard.vocabulary import (
    ContributionKind,
    EventKind,
    Mark,
    SelfAnswer,
)
from tests import builders as put
from tests.builders import AS_OF, EXAMPLES, taken_back
from tests.headteacher.world import Mill

FACTS: Final = Facts(school="ford-school", cluster="mill-cluster", year=AcademicYear(2016), as_of=AS_OF)


def row(**values: Any) -> Any:
    return SimpleNamespace(**values)


def meeting(day: date, at: time | None = None) -> Any:
    return row(held_on=day, kind="cluster", title=None, starts_at=at, ends_at=None)


def waits(kind: str, due: date | None = None, **more: Any) -> Any:
    return row(**{"code": None, "words": None, "number": None, "amount": None, **more, "kind": kind, "due": due})


def target(code: str, due: date | None, *, leads: int = 0, ticks: int = 0, ticked: int = 0, number: int = 1) -> Any:
    return row(code=code, due=due, leads=leads, works=0, ticks=ticks, ticked=ticked, target_id=number)


ALL: Final = replace(
    FACTS,
    meetings=[meeting(date(2017, 3, 8), time(13, 30)), meeting(date(2017, 5, 10))],
    targets=[
        target("SCIENCE", date(2017, 2, 1), ticks=2, ticked=1),
        target("ARTS", date(2017, 6, 1), leads=1, number=2),
        target("DONE", date(2017, 1, 1), ticks=1, number=3),
        target("TICKED", date(2017, 1, 1), ticks=1, ticked=1, number=4),
    ],
    achieved={3},
    waiting=[
        waits("contribution", date(2017, 2, 28), code="levy", amount=5_000),
        waits("invoice", date(2017, 1, 30), code="lead_held", number=2, amount=34_000),
        waits("evaluation"),
        waits("commitment", date(2017, 7, 31)),
        waits("open book", number=3),
    ],
    questions=1,
    release_left=20_000,
    half_days_left=2,
    uninvoiced_days=30,
)
BY_HAND: Final = [
    ("Overdue", date(2017, 2, 1), "SCIENCE, target of the plan", "One criterion waits for your school’s tick."),
    ("Overdue", date(2017, 2, 28), "Levy: £50", "Agreed for 2016-17."),
    ("", date(2017, 3, 1), "Invoice £340", "Two lines of your school are promised and not invoiced"),
    ("", date(2017, 3, 8), "Cluster meeting", "At 13:30. Your school is expected."),
    ("", date(2017, 5, 10), "Cluster meeting", "Your school is expected."),
    ("", date(2017, 6, 1), "ARTS, target of the plan", "Your school leads a group for it."),
    ("", date(2017, 7, 31), "Say whether your school goes on after the programme", "Other schools have said it; yours"),
    ("", date(2017, 8, 31), "Use your release money", "£200, two half days left; it is for this year alone."),
    ("", None, "Say how your school sees itself in 2016-17", "Other schools of the cluster have answered; yours"),
    ("", None, "Say whether your book is open", "Three other schools of the cluster lay figures open to those"),
    ("", None, "Answer for your figures", "One printed figure of your school contradicts others."),
]  # fmt: skip


def test_every_task_has_its_day_its_reason_and_its_place_in_the_list() -> None:
    tasks = list_tasks(ALL)
    told = [("Overdue" if task.overdue(AS_OF) else "", task.due, task.title) for task in tasks]
    assert told == [each[:3] for each in BY_HAND]
    assert all(task.why.startswith(why) for task, (_, _, _, why) in zip(tasks, BY_HAND, strict=True))
    assert say_tasks(tasks, AS_OF) == "Two things are overdue; next, invoice £340 on 1 March 2017."
    assert [task.href for task in tasks[:3]] == [
        "/cluster/mill-cluster/plan/SCIENCE?year=2016-17",
        "/cluster/mill-cluster/contributions?year=2016-17",
        "/cluster/mill-cluster/ledger?year=2016-17&pot=lead_held&state=promised&school=ford-school",
    ]


def test_a_year_that_is_over_asks_for_nothing_more_but_what_was_due() -> None:
    later = replace(ALL, as_of=date(2017, 9, 1), meetings=[])
    titles = [task.title for task in list_tasks(later)]
    assert "Use your release money" not in titles
    assert not any("sees itself" in title for title in titles)
    assert "Levy: £50" in titles


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (replace(FACTS, meetings=[meeting(date(2017, 3, 8))]), "Next: cluster meeting on 8 March 2017."),
        (replace(FACTS, questions=2), "One thing waits for you, without a date."),
        (replace(FACTS, targets=[target("ARTS", date(2017, 2, 1), leads=1)]), "One thing is overdue."),
    ],
)
def test_one_message_says_what_presses(facts: Facts, said: str) -> None:
    assert say_tasks(list_tasks(facts), AS_OF) == said


DAYS = st.one_of(st.none(), st.dates(AS_OF - timedelta(days=40), AS_OF + timedelta(days=40)))


@EXAMPLES
@given(
    meetings=st.lists(st.integers(0, 60), max_size=6),
    contributions=st.lists(DAYS, max_size=4),
    targets=st.lists(st.tuples(DAYS, st.integers(0, 1), st.integers(0, 2), st.booleans()), max_size=4),
)
def test_whatever_waits_stands_in_the_order_of_its_days(
    meetings: list[int], contributions: list[date | None], targets: list[tuple[date | None, int, int, bool]]
) -> None:
    days = sorted(AS_OF + timedelta(days=each) for each in meetings)
    facts = replace(
        FACTS,
        meetings=[meeting(each) for each in days],
        waiting=[waits("contribution", each, code="cash") for each in contributions],
        targets=[
            target(f"T{n}", due, leads=led, ticks=ticks, number=n) for n, (due, led, ticks, _) in enumerate(targets)
        ],
        achieved={number for number, each in enumerate(targets) if each[3]},
    )
    tasks = list_tasks(facts)
    open_targets = [due for due, led, ticks, done in targets if (led or ticks) and not done]
    expected = [*days[:MOST_MEETINGS], *contributions, *open_targets]
    assert sorted(task.due or date.max for task in tasks) == sorted(day or date.max for day in expected)
    assert [task.due or date.max for task in tasks] == sorted(task.due or date.max for task in tasks)
    assert sum(task.overdue(AS_OF) for task in tasks) == sum(day is not None and day < AS_OF for day in expected)


OF_FORD: Final = [
    (date(2017, 1, 9), "Look at your school’s sabbatical again"),
    (date(2017, 1, 29), "Invoice £340"),
    (date(2017, 2, 1), "T-mill-cluster, target of the plan"),
    (date(2017, 2, 28), "Levy: £50"),
    (date(2017, 3, 8), "Cluster meeting"),
    (date(2017, 5, 10), "Training"),
    (date(2017, 6, 1), "L-mill-cluster, target of the plan"),
    (date(2017, 7, 31), "Say whether your school goes on after the programme"),
    (date(2017, 8, 31), "Use your release money"),
    (None, "Say how your school sees itself in 2016-17"),
    (None, "Say whether your book is open"),
]


def test_the_store_tells_each_school_what_is_its_own(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        world = Mill(session)
        head = Scope(school_ids=frozenset({world.ford.id}))
        assert world.titles(head) == OF_FORD
        cluster = Scope(cluster_ids=frozenset({world.mill.id}))
        call = (date(2016, 9, 30), "Name your people for the workgroup")
        assert world.titles(cluster) == [call, *OF_FORD], "who sends the return is told of it"
        of_weir = world.titles(Scope(school_ids=frozenset({world.weir.id})), "weir-school")
        assert (date(2017, 2, 27), "Levy: £50") in of_weir
        assert (date(2017, 4, 5), "Cluster meeting") in of_weir, "there it is expected"
        assert not any("sabbatical" in title or "sees itself" in title for _, title in of_weir)
        for scope in (
            Scope(school_ids=frozenset({world.decoys[0].id})),
            Scope(cluster_ids=frozenset({world.decoy.id})),
        ):
            assert world.view(scope) is None
            years = cluster_years(scope, AS_OF, year=None)
            for query in (queries.load_waiting, queries.load_next_meetings, queries.load_done):
                assert query(session, scope, years, AS_OF, world.ford.id).empty


def test_a_school_that_answered_paid_and_decided_is_asked_for_nothing(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        cluster = put.cluster(session)
        ford = put.school(session, within=cluster)
        put.meeting(session, cluster, date(2017, 2, 1), ford_school=Mark.PRESENT)
        put.open_book(session, cluster, ford)
        put.self_evaluation(session, cluster, ford, "Writing", SelfAnswer.WORKS_WELL)
        put.contribution(session, cluster, ford, ContributionKind.LEVY, 5_000)
        scope = Scope(school_ids=frozenset({ford.id}))
        view = view_school(session, scope, "ford-school", year=None, as_of=AS_OF)
        assert view is not None
        found = load_tasks(session, view)
        assert list(found.tasks) == []
        assert TASKS.empty(view).title == "No task waits for you."


def test_a_school_that_is_away_is_expected_at_no_meeting(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        cluster = put.cluster(session)
        ford = put.school(session, within=cluster)
        put.event(session, cluster, ford, EventKind.SABBATICAL, date(2017, 2, 1), date(2017, 4, 30))
        for day in (date(2017, 3, 8), date(2017, 5, 10)):
            put.meeting(session, cluster, day)
        scope = Scope(school_ids=frozenset({ford.id}))
        years = cluster_years(scope, AS_OF, year=None)
        found = queries.load_next_meetings(session, scope, years, AS_OF)
        assert list(found["held_on"]) == [date(2017, 5, 10)]
