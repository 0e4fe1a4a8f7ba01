"""A sabbatical and an exit: what they change, what they leave as it was, and who decides."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.access import EVERYTHING, Action, Grant, Object, Reader, Refused, reading, writing
from dashboard.concerns.checks import ConcernRefused, NoSuchConcern
from dashboard.concerns.departures import NEWCOMER, Away, Departures, Leaving
from dashboard.directory.view import view_cluster
from dashboard.engagement.queries import load_attendance_by_school
from dashboard.integrity import find_faults
from dashboard.models import (
    Cluster,
    Concern,
    LeadSchool,
    LifecycleEvent,
    LifecycleReason,
    Membership,
    School,
    SchoolMark,
)
from dashboard.reports.cluster import report_cluster
from dashboard.vocabulary import ConcernDecision, EventKind, Mark, Part, Pot, Role
from tests import builders as put
from tests.concerns.world import SECRET, TODAY, World, departures, of

LAST = date(2017, 2, 10)
AWAY = Away(date(2017, 4, 1), date(2017, 9, 15), date(2017, 8, 31))


def decide(world: World, do: Callable[[Departures], object], reader: Reader | None = None) -> None:
    who = reader or world.director
    with writing(world.walled, world.scope(who)) as session:
        do(departures(session, who))


def leave(world: World, number: int, leaving: Leaving, reader: Reader | None = None, **said: Any) -> None:
    decide(world, lambda each: each.close_with_exit(number, leaving, TODAY, **said), reader)


def everything_of(world: World) -> tuple[list[Any], ...]:
    return tuple(
        [(row.id, row.__dict__.get("left"), row.__dict__.get("ends"), row.__dict__.get("closed_on"))
         for row in world.rows(table)]
        for table in (Membership, LifecycleEvent, LeadSchool, Concern, LifecycleReason)
    )  # fmt: skip


def add_school(world: World, name: str, *, within: str | None = None, **dates: date) -> int:
    with world.store.writing() as session:
        school = put.school(session, name)
        if within:
            put.membership(session, of(session, Cluster, within), school, **dates)
        return school.id


def lead(world: World, school_id: int, starts: date | None = None, ends: date | None = None) -> None:
    with world.store.writing() as session:
        session.add(LeadSchool(cluster_id=world.mill, school_id=school_id, starts=starts, ends=ends))


# A sabbatical


def test_a_sabbatical_is_written_down_with_its_review_and_closes_the_concern(world: World) -> None:
    number = world.raised()
    away = replace(AWAY, reason=SECRET)
    decide(world, lambda each: each.close_with_sabbatical(number, away, TODAY, "Until the autumn"), world.coordinator)
    (event,) = world.rows(LifecycleEvent)
    assert (event.cluster_id, event.school_id, event.person_id, event.kind) == (
        world.mill, world.ford_school, None, EventKind.SABBATICAL,
    )  # fmt: skip
    assert (event.happened_on, event.ends_on, event.review_on, event.reviewed_on) == (
        date(2017, 4, 1), date(2017, 8, 31), date(2017, 9, 15), None,
    )  # fmt: skip
    row = world.concern(number)
    assert (row.closed_on, row.decision, row.decision_note) == (TODAY, ConcernDecision.SABBATICAL, "Until the autumn")
    assert [(each.event_id, each.cluster_id, each.reason) for each in world.rows(LifecycleReason)] == [
        (event.id, world.mill, SECRET)
    ]
    told = world.events()[-1]
    assert told.action == "close"
    assert told.after is not None
    assert (told.after["starts"], told.after["ends"], told.after["event"]) == ("2017-04-01", "2017-08-31", event.id)
    assert SECRET not in json.dumps([told.before, told.after, told.reason])


def test_whoever_writes_a_reason_down_does_not_read_it_again_behind_the_wall(world: World) -> None:
    number = world.raised()
    away = replace(AWAY, reason=SECRET, ends=None)
    decide(world, lambda each: each.close_with_sabbatical(number, away, TODAY), world.coordinator)
    found = {}
    for name, reader in (("coordinator", world.coordinator), ("director", world.director)):
        with reading(world.walled, world.scope(reader)) as session:
            found[name] = session.scalars(sa.select(LifecycleReason.reason)).all()
    assert found["director"] == [SECRET]
    assert found["coordinator"] == ([] if world.store.is_postgresql else [SECRET]), "SQLite has no wall"


def test_a_school_on_sabbatical_is_away_only_once(world: World) -> None:
    with world.store.writing() as session:
        event = LifecycleEvent(cluster_id=world.mill, school_id=world.ford_school, kind=EventKind.SABBATICAL)
        event.happened_on, event.ends_on = date(2017, 5, 1), date(2017, 5, 31)
        session.add(event)
    number, review = world.raised(), date(2017, 9, 1)
    for starts, ends in ((date(2017, 5, 31), None), (date(2017, 4, 1), date(2017, 5, 1)), (date(2017, 4, 1), None)):
        away = Away(starts, review, ends)
        with pytest.raises(ConcernRefused, match="is on sabbatical already, from 1 May 2017 until 31 May 2017"):
            decide(world, lambda each, away=away: each.close_with_sabbatical(number, away, TODAY))
    before = Away(date(2017, 4, 1), review, date(2017, 4, 30))
    decide(world, lambda each: each.close_with_sabbatical(number, before, TODAY))
    assert len(world.rows(LifecycleEvent)) == 2


def test_a_sabbatical_that_is_on_record_already_is_completed_and_its_reason_is_not_lost_unsaid(world: World) -> None:
    with world.store.writing() as session:
        event = LifecycleEvent(cluster_id=world.mill, school_id=world.ford_school, kind=EventKind.SABBATICAL)
        event.happened_on, event.ends_on = AWAY.starts, date(2017, 7, 31)
        session.add(event)
    number, again = world.raised(), replace(AWAY, ends=None)
    before = everything_of(world)
    with pytest.raises(ConcernRefused, match="from 1 April 2017 is on record already") as refused:
        decide(world, lambda each: each.close_with_sabbatical(number, replace(again, reason=SECRET), TODAY))
    assert refused.value.field == "reason"
    assert everything_of(world) == before
    decide(world, lambda each: each.close_with_sabbatical(number, again, TODAY))
    (event,) = world.rows(LifecycleEvent)
    assert (event.ends_on, event.review_on) == (date(2017, 7, 31), AWAY.review_on)
    told = world.events()[-1].after
    assert told is not None
    assert (told["ends"], told["event"]) == ("2017-07-31", event.id)


@pytest.mark.parametrize(
    ("away", "field", "words"),
    [
        (replace(AWAY, starts=date(2018, 3, 3)), "starts", "3 March 2018 is more than a year away"),
        (replace(AWAY, starts=date(2016, 2, 28)), "starts", "give a day from 29 February 2016 to 2 March 2018"),
        (
            replace(AWAY, ends=date(2017, 3, 31)),
            "ends",
            "It would end (31 March 2017) before it begins (1",
        ),
        (replace(AWAY, review_on=TODAY), "review_on", "1 March 2017 does not lie ahead"),
        (replace(AWAY, reason="x" * 501), "reason", "This has 501 letters"),
        (
            replace(AWAY, starts=date(2017, 7, 2)),
            "starts",
            "no member of Mill Cluster on 2 July 2017: it left on 1 July",
        ),
    ],
)
def test_a_sabbatical_that_cannot_be_is_refused_and_nothing_is_stored(
    world: World, away: Away, field: str, words: str
) -> None:
    with world.store.writing() as session:
        session.query(Membership).filter_by(school_id=world.ford_school).one().left = date(2017, 7, 1)
    number = world.raised()
    before = everything_of(world)
    with pytest.raises(ConcernRefused) as refused:
        decide(world, lambda each: each.close_with_sabbatical(number, away, TODAY))
    assert (refused.value.field, words in str(refused.value)) == (field, True), str(refused.value)
    assert everything_of(world) == before


def test_only_a_school_goes_away(world: World) -> None:
    number = world.raised(school=None)
    for do in (
        lambda each: each.close_with_sabbatical(number, AWAY, TODAY),
        lambda each: each.close_with_exit(number, Leaving(LAST), TODAY),
    ):
        with pytest.raises(ConcernRefused, match="is of a school, and this concern is about the cluster as a group"):
            decide(world, do)


# An exit


def test_an_exit_ends_the_membership_and_is_told_with_its_days(world: World) -> None:
    number, other = world.raised(), world.raised()
    leave(world, number, Leaving(LAST), note=SECRET)
    spells = {row.school_id: (row.joined, row.left) for row in world.rows(Membership)}
    assert spells == {
        world.mill_school: (None, None), world.ford_school: (None, LAST), world.weir_school: (None, None),
    }  # fmt: skip
    assert [(row.school_id, row.kind, row.happened_on, row.ends_on) for row in world.rows(LifecycleEvent)] == [
        (world.ford_school, EventKind.DROPPED_OUT, LAST, None)
    ]
    row = world.concern(number)
    assert (row.closed_on, row.decision, row.decision_note, row.replaced_by_school_id) == (
        TODAY, ConcernDecision.EXIT, SECRET, None,
    )  # fmt: skip
    assert world.concern(other).closed_on is None, "the other concern about the same school is its own"
    told = world.events()[-1]
    assert (told.action, told.actor_id, told.cluster_id) == ("close", world.director.account_id, world.mill)
    assert told.after is not None
    assert (told.after["decision"], told.after["last_day"]) == ("exit", "2017-02-10")
    assert SECRET not in json.dumps([told.before, told.after, told.reason])
    assert find_faults(world.store) == []


def test_a_replacement_becomes_a_member_and_the_history_stays_with_the_leaver(world: World) -> None:
    lock = add_school(world, "Lock School", within="mill-cluster", left=date(2015, 7, 20))
    number, first = world.raised(), date(2017, 4, 18)
    leave(world, number, Leaving(LAST, " lock SCHOOL ", first))
    spells = [(row.school_id, row.joined, row.left) for row in world.rows(Membership) if row.school_id == lock]
    assert spells == [(lock, None, date(2015, 7, 20)), (lock, first, None)]
    assert [
        (row.school_id, row.kind, row.happened_on, row.replaced_by_school_id) for row in world.rows(LifecycleEvent)
    ] == [
        (lock, EventKind.JOINED, first, None),
        (world.ford_school, EventKind.REPLACED, LAST, lock),
    ]
    assert world.concern(number).replaced_by_school_id == lock
    told = world.events()[-1].after
    assert told is not None
    assert (told["replaced_by_school_id"], told["joins_on"]) == (lock, "2017-04-18")
    assert find_faults(world.store) == []


def test_a_replacement_joins_on_the_day_after_where_nobody_says(world: World) -> None:
    lock = add_school(world, "Lock School", within="mill-cluster", left=date(2015, 7, 20))
    leave(world, world.raised(), Leaving(LAST, "lock-school"))
    assert [row.joined for row in world.rows(Membership) if row.school_id == lock] == [None, date(2017, 2, 11)]
    told = world.events()[-1].after
    assert told is not None
    assert told["joins_on"] == "2017-02-11"


def test_what_a_school_did_after_its_last_day_is_kept_and_not_counted_and_the_decider_is_told(world: World) -> None:
    with world.store.writing() as session:
        mill, ford = of(session, Cluster, "mill-cluster"), of(session, School, "ford-school")
        put.mark(session, put.meeting(session, mill, date(2017, 1, 17)), ford, Mark.PRESENT)
        put.mark(session, put.meeting(session, mill, date(2017, 2, 10)), ford, Mark.PRESENT)
        put.mark(session, put.meeting(session, mill, date(2017, 2, 14)), ford, Mark.SUBSTITUTE)
        put.mark(session, put.meeting(session, mill, date(2017, 2, 21)), ford, Mark.ABSENT)
    number, came = world.raised(), []
    decide(world, lambda each: came.append(each.close_with_exit(number, Leaving(LAST), TODAY)))
    assert came == [date(2017, 2, 14)]
    assert len(world.rows(SchoolMark)) == 4
    with reading(world.walled, EVERYTHING) as session:
        view = put.look_at(session, "mill-cluster", year=2016, as_of=TODAY)
        attendance = load_attendance_by_school(session, EVERYTHING, view.cluster_years, view.as_of)
        (row,) = attendance[attendance["school"] == "ford-school"].itertuples()
        assert (row.expected, row.attended) == (2, 2)


def test_the_figures_of_every_year_before_are_what_they_were(world: World) -> None:
    with world.store.writing() as session:
        mill = of(session, Cluster, "mill-cluster")
        ford, mine = of(session, School, "ford-school"), of(session, School, "mill-school")
        for year in (2015, 2016):
            held = put.register(session, mill, ford, "PNN", year)
            for each in held:
                put.mark(session, each, mine, Mark.PRESENT)
            for school in (ford, mine):
                put.allocation(session, mill, 50_000, year=year, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=school)
                put.line(session, mill, 10_000, year=year, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=school)
            put.allocation(session, mill, 100_000, year=year)
            put.target(session, mill, year=year)
        put.school(session, "Lock School", within=of(session, Cluster, "weir-cluster"))

    def reports() -> list[dict[str, Any]]:
        with reading(world.walled, EVERYTHING) as session:
            views = [put.look_at(session, "mill-cluster", year=year, as_of=TODAY) for year in (2015, 2016)]
            return [report_cluster(session, view) for view in views]

    before, number = reports(), world.raised()
    boss = Reader("B", (Grant(Role.DIRECTOR),), None, "director")
    leave(world, number, Leaving(LAST, "lock-school", date(2017, 4, 18)), boss)
    after = reports()
    assert after[0] == before[0], "of the year before nothing changes at all"
    assert [row for row in after[1]["engagement"]["schools"] if row["school"] == "ford-school"] == [
        row for row in before[1]["engagement"]["schools"] if row["school"] == "ford-school"
    ]
    assert after[1]["funding"] == before[1]["funding"]
    assert after[1]["plan"] == before[1]["plan"]
    assert (after[1]["engagement"]["expected"], after[1]["engagement"]["attended"]) == (6, 4)
    assert "lock-school" not in {row["school"] for row in after[0]["engagement"]["schools"]}
    with reading(world.walled, EVERYTHING) as session:
        view = view_cluster(session, EVERYTHING, "mill-cluster", year=None, as_of=date(2017, 10, 1))
        assert view is not None
        later = put.look_at(session, "mill-cluster", year=2017, as_of=date(2017, 10, 1))
        attendance = load_attendance_by_school(session, EVERYTHING, later.cluster_years, later.as_of)
        assert set(attendance["school"]) == {"mill-school", "lock-school"}


@pytest.mark.parametrize(
    ("leaving", "field", "words"),
    [
        (Leaving(date(2018, 3, 3)), "last_day", "3 March 2018 is more than a year away"),
        (Leaving(date(2016, 8, 31)), "last_day", "on 31 August 2016: it joined on 1 September 2016."),
        (Leaving(date(2017, 2, 8)), "last_day", "Something else is written down of Ford School for 9 February 2017"),
        (Leaving(LAST, "Nobody’s School", LAST), "replaced_by", "There is no school “Nobody’s School” among those"),
        (Leaving(LAST, "weir-school", LAST), "replaced_by", "There is no school “weir-school” among those you may see"),
        (Leaving(LAST, "St Mary’s School", LAST), "replaced_by", "give one of other-one, st-mary-s-school"),
        (Leaving(LAST, "ford-school", LAST), "replaced_by", "Ford School cannot be replaced by itself."),
        (Leaving(LAST, "mill-school", LAST), "replaced_by", "Mill School is a member of Mill Cluster already"),
        (Leaving(LAST, "lock-school", date(2018, 3, 3)), "joins_on", "3 March 2018 is more than a year away"),
        (Leaving(LAST, "  ", LAST), "replaced_by", "Name the school that comes on that day"),
    ],
)  # fmt: skip
def test_an_exit_that_cannot_be_is_refused_and_nothing_is_stored(
    world: World, leaving: Leaving, field: str, words: str
) -> None:
    before_then = {"within": "mill-cluster", "left": date(2015, 7, 20)}
    add_school(world, "Lock School", **before_then)
    for slug in ("st-mary-s-school", "the-other-one"):
        number = add_school(world, slug, **before_then)
        with world.store.writing() as session:
            session.get_one(School, number).name = "St Mary’s School"
    with world.store.writing() as session:
        session.query(Membership).filter_by(school_id=world.ford_school).one().joined = date(2016, 9, 1)
        mill, ford = of(session, Cluster, "mill-cluster"), of(session, School, "ford-school")
        noted = LifecycleEvent(cluster_id=mill.id, school_id=ford.id, kind=EventKind.DISENGAGED)
        noted.happened_on = date(2017, 2, 9)
        session.add(noted)
    number = world.raised()
    before = everything_of(world)
    with pytest.raises(ConcernRefused) as refused:
        leave(world, number, leaving)
    assert (refused.value.field, words in str(refused.value)) == (field, True), str(refused.value)
    assert everything_of(world) == before


def test_a_school_that_has_left_already_is_closed_with_that_day(world: World) -> None:
    number = world.raised()
    with world.store.writing() as session:
        session.query(Membership).filter_by(school_id=world.ford_school).one().left = LAST
    with pytest.raises(ConcernRefused, match="no member of Mill Cluster on 11 February 2017: it left on 10 February"):
        leave(world, number, Leaving(LAST + timedelta(1)))
    leave(world, number, Leaving(LAST))
    assert world.concern(number).decision is ConcernDecision.EXIT


def test_a_director_of_everything_may_bring_in_any_school_of_the_store(world: World) -> None:
    alone = add_school(world, "Lone School")
    number = world.raised()
    with pytest.raises(ConcernRefused, match="There is no school “lone-school”"):
        leave(world, number, Leaving(LAST, "lone-school", LAST))
    boss = Reader("B", (Grant(Role.ADVISOR),), None, "advisor")
    leave(world, number, Leaving(LAST, "lone-school", LAST), boss)
    assert world.concern(number).replaced_by_school_id == alone


# Who decides


def test_a_coordinator_does_not_decide_an_exit(world: World) -> None:
    number = world.raised()
    before = everything_of(world)
    with pytest.raises(Refused) as refused:
        leave(world, number, Leaving(LAST), world.coordinator)
    assert (refused.value.action, refused.value.thing) == (Action.EDIT, Object.EXITS)
    assert everything_of(world) == before
    elsewhere = replace(world.coordinator, grants=(*world.coordinator.grants, Grant(Role.DIRECTOR, programme_id=10**6)))
    with pytest.raises(Refused):
        leave(world, number, Leaving(LAST), elsewhere)


def test_nobody_decides_for_another_programme(world: World) -> None:
    for do in (
        lambda each: each.close_with_exit(1, Leaving(LAST), TODAY),
        lambda each: each.close_with_sabbatical(1, AWAY, TODAY),
    ):
        with pytest.raises(NoSuchConcern):
            decide(world, do)


def test_the_wall_lets_nobody_close_a_membership_of_another_cluster(world: World) -> None:
    with writing(world.walled, world.scope(world.director)) as session:
        done = session.execute(sa.update(Membership).where(Membership.cluster_id == world.weir).values(left=LAST))
        reached = done.rowcount  # type: ignore[attr-defined]
    assert reached == (0 if world.store.is_postgresql else 1), "SQLite has no wall: there the command alone decides"


# The lead school


def test_a_cluster_is_not_left_without_a_lead_school(world: World) -> None:
    lead(world, world.ford_school, starts=date(2015, 9, 1))
    number = world.raised()
    with pytest.raises(ConcernRefused) as refused:
        leave(world, number, Leaving(LAST))
    assert refused.value.field == "new_lead"
    assert str(refused.value) == (
        "Ford School is the lead school and holds the cluster’s money; say which school leads from 11 February 2017 on."
    )
    leave(world, number, Leaving(LAST, new_lead="mill-school"))
    assert [(row.school_id, row.starts, row.ends) for row in world.rows(LeadSchool)] == [
        (world.ford_school, date(2015, 9, 1), LAST), (world.mill_school, date(2017, 2, 11), None),
    ]  # fmt: skip
    told = world.events()[-1].after
    assert told is not None
    assert told["lead_school_id"] == world.mill_school


def test_the_school_that_comes_may_lead_if_it_is_there_in_time(world: World) -> None:
    lock = add_school(world, "Lock School", within="mill-cluster", left=date(2015, 7, 20))
    lead(world, world.ford_school)
    number = world.raised()
    for leaving in (
        Leaving(LAST, "lock-school", LAST + timedelta(2), NEWCOMER),
        Leaving(LAST, new_lead=NEWCOMER),
        Leaving(LAST, new_lead="weir-school"),
        Leaving(LAST, new_lead="ford-school"),
        Leaving(LAST, new_lead="lock-school"),
    ):
        with pytest.raises(ConcernRefused, match="This school is no member on 11 February 2017"):
            leave(world, number, leaving)
    leave(world, number, Leaving(LAST, "lock-school", LAST + timedelta(1), NEWCOMER))
    assert [(row.school_id, row.starts, row.ends) for row in world.rows(LeadSchool)] == [
        (world.ford_school, None, LAST), (lock, date(2017, 2, 11), None),
    ]  # fmt: skip


def test_where_another_school_leads_from_then_nobody_has_to_be_named(world: World) -> None:
    lead(world, world.ford_school, ends=date(2017, 2, 20))
    lead(world, world.mill_school, starts=date(2017, 2, 11))
    leave(world, world.raised(), Leaving(LAST))
    assert [(row.school_id, row.starts, row.ends) for row in world.rows(LeadSchool)] == [
        (world.ford_school, None, LAST), (world.mill_school, date(2017, 2, 11), None),
    ]  # fmt: skip


def test_the_new_lead_goes_on_until_the_next_that_is_named_already(world: World) -> None:
    add_school(world, "Lock School", within="mill-cluster")
    lead(world, world.ford_school, ends=date(2017, 8, 31))
    lead(world, world.mill_school, starts=date(2017, 9, 1))
    leave(world, world.raised(), Leaving(LAST, new_lead="lock-school"))
    assert [(row.starts, row.ends) for row in world.rows(LeadSchool)] == [
        (None, LAST), (date(2017, 9, 1), None), (date(2017, 2, 11), date(2017, 8, 31)),
    ]  # fmt: skip


def test_a_school_that_is_to_lead_later_does_not_leave_before(world: World) -> None:
    lead(world, world.ford_school, starts=date(2017, 9, 1))
    with pytest.raises(ConcernRefused, match="is to be the lead school from 1 September 2017; have another one named"):
        leave(world, world.raised(), Leaving(LAST))


def test_one_that_led_before_leaves_without_more_ado(world: World) -> None:
    lead(world, world.ford_school, ends=date(2016, 8, 31))
    lead(world, world.mill_school, starts=date(2016, 9, 1))
    leave(world, world.raised(), Leaving(LAST))
    assert [row.ends for row in world.rows(LeadSchool)] == [date(2016, 8, 31), None]
