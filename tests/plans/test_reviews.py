"""Reviews of a plan and its targets: numbers, dates, corrections and what is overdue, on both databases."""

import json
from dataclasses import dataclass, replace
from datetime import date
from operator import methodcaller
from typing import Any, Final

import pytest
import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Action, Grant, Object, Reader, Scope, reading, scope_for, writing
from dashboard.audit import Actor
from dashboard.changes import Outcome
from dashboard.db import Base, Store
from dashboard.directory.queries import cluster_years
from dashboard.models import AuditEvent, PlanChange, PlanReview, Target
from dashboard.plans.commands.reviews import ReviewBook
from dashboard.plans.courses import courses_of
from dashboard.plans.figures.reviews import draw_reviews
from dashboard.plans.panels import REVIEWS
from dashboard.plans.queries import reviews as queries
from dashboard.plans.review_checks import (
    NothingToReview,
    ReviewedMeanwhile,
    ReviewRefused,
    ReviewSaid,
    mark_of,
    name_review,
    ordinal,
)
from dashboard.plans.review_sentences import Course, say_found, say_headline, say_next, say_overdue, say_whole
from dashboard.ui.theme import Look
from dashboard.vocabulary import PlanChangeKind, Rating, Role
from tests import builders as put
from tests.builders import look_at

TODAY: Final = date(2020, 5, 4)
YEAR: Final = AcademicYear(2019)
GOOD, UNSURE, BAD = Rating.ON_TRACK, Rating.SOME_CONCERN, Rating.OFF_TRACK
FIRST: Final = ReviewSaid(date(2020, 1, 22), GOOD, "Held in January", date(2020, 5, 3))
SECOND: Final = ReviewSaid(date(2020, 5, 4), UNSURE, "Nobody counted the feedback")


@dataclass(frozen=True)
class World:
    """The COGS plan of one year with three targets, one of them a draft, and a decoy of the same code."""

    store: Store
    walled: Store
    cogs: int
    weir: int
    inset: int
    school: int
    coordinator: Reader

    def write(self, do: Any, *, reader: Reader | None = None, cluster: int | None = None, today: date = TODAY) -> Any:
        who = reader or self.coordinator
        scope = scope_for(who, Action.EDIT, Object.PLAN)
        with writing(self.walled, scope) as session:
            book = ReviewBook(session, Actor.of(who, "203.0.113.9"), scope, cluster or self.cogs, YEAR, today)
            given = do(book)
            return given if isinstance(given, Outcome) else mark_of(given)

    def record(self, code: str | None, said: ReviewSaid, seen: str = "0", **more: Any) -> str:
        """The mark of the review that was recorded."""
        mark: str = self.write(methodcaller("record", code, said, seen), **more)
        return mark

    def rows(self, model: type[Base]) -> list[Any]:
        with reading(self.walled, EVERYTHING) as session:
            found = list(session.scalars(sa.select(model).order_by(sa.literal_column("id"))))
            session.expunge_all()
            return found

    def reviews(self) -> list[tuple[Any, ...]]:
        return [
            (each.target_id, each.number, each.reviewed_on, each.rating, each.words, each.next_on, each.known_as)
            for each in self.rows(PlanReview) if each.cluster_id == self.cogs
        ]  # fmt: skip

    def target(self) -> Target:
        return next(each for each in self.rows(Target) if each.id == self.inset)


@pytest.fixture
def world(store: Store, walled: Store) -> World:
    with store.writing() as session:
        cogs, weir = put.cluster(session, "COGS Cluster"), put.cluster(session, "Weir Cluster")
        school = put.school(session, within=cogs)
        inset = put.target(session, cogs, "INSET", title="Hold a day", year=2019, position=2)
        put.target(session, cogs, "ART", title="Paint", year=2019, position=1)
        put.target(session, cogs, "NEXT", year=2019, position=3, draft=True)
        put.corrected_review(session, put.target(session, weir, "INSET", year=2019))
        return World(
            store, walled, cogs.id, weir.id, inset.id, school.id,
            Reader("C", (Grant(Role.COORDINATOR, cluster_id=cogs.id),), None, "coordinator"),
        )  # fmt: skip


def test_reviews_are_numbered_and_set_the_next_date(world: World) -> None:
    seen = world.record("INSET", FIRST)
    assert world.target().review_on == date(2020, 5, 3)
    assert world.target().version == 2
    world.record("INSET", SECOND, seen)
    assert world.target().review_on is None, "no next review was set"
    world.record(None, replace(FIRST, words=" All have begun. \n"))
    assert world.reviews() == [
        (world.inset, 1, date(2020, 1, 22), GOOD, "Held in January", date(2020, 5, 3), "coordinator"),
        (world.inset, 2, date(2020, 5, 4), UNSURE, "Nobody counted the feedback", None, "coordinator"),
        (None, 1, date(2020, 1, 22), GOOD, "All have begun.", date(2020, 5, 3), "coordinator"),
    ]
    told = [
        (each.target_id, each.kind, each.about, each.before, each.after)
        for each in world.rows(PlanChange) if each.cluster_id == world.cogs
    ]  # fmt: skip
    second = {"rating": "some_concern", "reviewed_on": "2020-05-04", "next_on": None, "words": SECOND.words}
    first = {"rating": "on_track", "reviewed_on": "2020-01-22", "next_on": "2020-05-03", "words": "Held in January"}
    assert [each[1:] for each in told] == [
        (PlanChangeKind.REVIEW_ON, None, None, "2020-05-03"),
        (PlanChangeKind.REVIEWED, "first review", None, first),
        (PlanChangeKind.REVIEW_ON, None, "2020-05-03", None),
        (PlanChangeKind.REVIEWED, "second review", None, second),
        (PlanChangeKind.REVIEWED, "first review of the plan for 2019-20", None, first | {"words": "All have begun."}),
    ]  # fmt: skip
    assert [each[0] for each in told] == [world.inset] * 4 + [None]
    events = world.rows(AuditEvent)
    assert [(each.action, each.object_kind) for each in events] == [("record", "plan review")] * 3
    assert "feedback" not in json.dumps([each.after for each in events])


def test_a_correction_leaves_what_stood_in_the_history(world: World) -> None:
    seen = world.record("INSET", FIRST)
    right = replace(FIRST, rating=BAD, words="It was not held")
    assert world.write(methodcaller("correct", "INSET", right, seen)) is Outcome.CHANGED
    assert world.target().review_on == date(2020, 5, 3)
    whole = world.record(None, SECOND)
    assert world.write(methodcaller("correct", None, replace(SECOND, words="Most began"), whole)) is Outcome.CHANGED
    with reading(world.walled, EVERYTHING) as session:
        stood = queries.load_corrections(session, EVERYTHING, world.cogs)
    assert [(each.target_id, each.about, each.before["rating"], each.before["words"]) for each in stood] == [
        (world.inset, "first review", "on_track", "Held in January"),
        (None, "first review of the plan for 2019-20", "some_concern", "Nobody counted the feedback"),
    ]
    assert [each[3:5] for each in world.reviews()] == [(BAD, "It was not held"), (UNSURE, "Most began")]
    assert [each.action for each in world.rows(AuditEvent)] == ["record", "correct", "record", "correct"]


def test_a_correction_moves_the_next_date_only_where_it_says_another(world: World) -> None:
    seen = world.record("INSET", FIRST)
    with world.store.writing() as session:
        session.get_one(Target, world.inset).review_on = date(2020, 6, 1)
    seen = _corrected(world, replace(FIRST, words="Held"), seen)
    assert world.target().review_on == date(2020, 6, 1), "somebody set it by hand since"
    seen = _corrected(world, replace(FIRST, words="Held", next_on=date(2020, 7, 1)), seen)
    assert world.target().review_on == date(2020, 7, 1)
    same = replace(FIRST, words="Held", next_on=date(2020, 7, 1))
    assert world.write(methodcaller("correct", "INSET", same, seen)) is Outcome.UNCHANGED


def _corrected(world: World, said: ReviewSaid, seen: str) -> str:
    assert world.write(methodcaller("correct", "INSET", said, seen)) is Outcome.CHANGED
    return mark_of(next(each for each in world.rows(PlanReview) if each.target_id == world.inset))


def test_whoever_would_write_over_what_they_did_not_see_is_told(world: World) -> None:
    seen = world.record("INSET", FIRST)
    with pytest.raises(ReviewedMeanwhile, match="is a first review, of 22 January 2020, noted by: coord"):
        world.record("INSET", SECOND, "0")
    _corrected(world, replace(FIRST, rating=BAD), seen)
    for do in (methodcaller("record", "INSET", SECOND, seen), methodcaller("correct", "INSET", SECOND, seen)):
        with pytest.raises(ReviewedMeanwhile):
            world.write(do)
    with pytest.raises(ReviewRefused, match="no longer there"):
        world.record("ART", FIRST, seen)
    assert len(world.reviews()) == 1


def test_reviews_that_make_no_sense_are_refused(world: World) -> None:
    seen = world.record("INSET", FIRST)
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"words": " \n"}, "words", "Say what you found"),
        ({"words": "x" * 1001}, "words", "1,001 letters"),
        ({"reviewed_on": date(2020, 5, 5)}, "reviewed_on", "5 May 2020 is still to come"),
        ({"reviewed_on": date(2019, 8, 31)}, "reviewed_on", "before the plan for 2019-20"),
        ({"reviewed_on": date(2020, 1, 21)}, "reviewed_on", "The first review was on 22 January 2020"),
        ({"next_on": date(2020, 5, 4)}, "next_on", "4 May 2020 is not after this review"),
        ({"next_on": date(2120, 5, 4)}, "next_on", "give a later day, or none"),
    ]
    for changed, field, words in cases:
        with pytest.raises(ReviewRefused, match=words) as refusal:
            world.record("INSET", replace(SECOND, **changed), seen)
        assert refusal.value.field == field
    assert len(world.reviews()) == 1
    later = date(2020, 9, 2)
    world.record(
        "INSET", replace(SECOND, reviewed_on=later), seen, today=later
    )  # a plan is looked at after its year, too


def test_what_is_not_there_or_anothers_is_never_reviewed(world: World) -> None:
    for code in ("NEXT", "NOWHERE", ""):
        with pytest.raises(NothingToReview):
            world.record(code, FIRST)
    with pytest.raises(NothingToReview):
        world.write(methodcaller("correct", "INSET", FIRST, "0"))
    head = Reader("H", (Grant(Role.HEADTEACHER, school_id=world.school),))
    for reader, cluster in ((world.coordinator, world.weir), (head, world.cogs), (Reader("N", ()), world.cogs)):
        with pytest.raises(NothingToReview):
            world.record("INSET", FIRST, reader=reader, cluster=cluster)
    with world.store.writing() as session:
        bare = put.cluster(session, "Bare Cluster").id
    keeper = Reader("K", (Grant(Role.COORDINATOR, cluster_id=bare),))
    with pytest.raises(NothingToReview):
        world.record(None, FIRST, reader=keeper, cluster=bare)
    assert world.reviews() == []


def test_who_reads_them(world: World) -> None:
    seen = world.record("INSET", FIRST)
    world.record(None, FIRST)
    _corrected(world, replace(FIRST, rating=BAD), seen)
    head, gone = Scope(school_ids=frozenset({world.school})), Scope(cluster_ids=frozenset({world.weir}))
    for scope, count in ((head, 2), (EVERYTHING, 2), (gone, 0)):
        years, before = (
            cluster_years(scope, TODAY, year=each, cluster_id=world.cogs) for each in (YEAR, AcademicYear(2018))
        )
        with reading(world.walled, scope) as session:
            rows = queries.load_reviews(session, scope, years)
            assert [each.code for each in rows] == [None, "INSET"][:count], "the plan as a whole comes first"
            targets = queries.load_targets_to_review(session, scope, years)
            assert [each.code for each in targets] == ["ART", "INSET"][:count], "and no draft"
            assert bool(queries.load_corrections(session, scope, world.cogs)) is (scope == EVERYTHING)
            assert queries.load_reviews(session, scope, before) == []


def test_the_panel_tells_the_course(world: World) -> None:
    world.record(None, replace(FIRST, next_on=None))
    seen = world.record("INSET", FIRST)
    world.record("INSET", replace(SECOND, rating=BAD, next_on=date(2020, 7, 1)), seen)
    with world.store.reading() as session:
        view = look_at(session, "cogs-cluster", as_of=date(2020, 7, 2))
        picture = REVIEWS.load(session, view)
        empty = REVIEWS.load(session, look_at(session, "cogs-cluster", year=2018, as_of=TODAY))
    assert REVIEWS.headline(picture, view) == "One of two targets is reviewed: one off track. One review is overdue."
    assert [each.name for each in picture.courses] == ["The plan as a whole", "INSET"]
    assert "INSET: ● On track, ■ Off track." in REVIEWS.aside(picture)
    assert REVIEWS.table(picture).to_numpy().tolist() == [
        ["The plan as a whole", "First review", "22 January 2020", "● On track", "Held in January"],
        ["ART", "none yet", "not reviewed yet", "not known", "none"],
        ["INSET", "First review", "22 January 2020", "● On track", "Held in January"],
        ["INSET", "Second review", "4 May 2020", "■ Off track", "Nobody counted the feedback"],
        ["INSET", "Next", "1 July 2020", "not known yet", "none"],
    ]
    assert REVIEWS.is_empty(empty)
    for look in (Look(), Look(narrow=True), Look(room=True)):
        figure = draw_reviews(picture.courses, YEAR, look)
        marks = {each.name: (list(each.x), list(each.y), each.marker.symbol) for each in figure.data}
        assert marks == {
            "On track": ([date(2020, 1, 22).toordinal()] * 2, [0, 1], "circle"),
            "Some concern": ([], [], "triangle-up"),
            "Off track": ([date(2020, 5, 4).toordinal()], [1], "square"),
            "Next review": ([date(2020, 7, 1).toordinal()], [1], "circle-open"),
        }


# ------------------------------------------------------------------------------------------------- without a store
def course(code: str | None, *ratings: Rating, next_on: date | None = None) -> Course:
    reviews = tuple(
        queries.ReviewRow(1, number, 2019, 1, code, code, number, date(2020, 1, number), rating, "x", None, "c", False)
        for number, rating in enumerate(ratings, start=1)
    )
    return Course(code, code, reviews, next_on)


@pytest.mark.parametrize(
    ("courses", "found"),
    [
        ([course(None, GOOD), course("A"), course("B")], "No target is reviewed yet."),
        ([course("A", BAD, GOOD), course("B"), course("C", UNSURE)],
         "Two of three targets are reviewed: one on track and one with some concern."),
        ([course("A", GOOD), course("B", BAD)], "All two targets are reviewed: one on track and one off track."),
        ([course("A", UNSURE)], "The one target is reviewed: one with some concern."),
    ],
)  # fmt: skip
def test_what_was_found_last_counts(courses: list[Course], found: str) -> None:
    assert say_found(courses) == found


def test_overdue_reviews_are_said_by_their_number_and_name() -> None:
    day = date(2020, 5, 3)
    inset = course("INSET", GOOD, next_on=day)
    assert [inset.is_overdue(on) for on in (date(2020, 5, 2), day, date(2020, 5, 4))] == [False, False, True]
    assert say_overdue([inset, course("A", next_on=TODAY), course("B")], TODAY) == [
        "The second review of INSET was due on 3 May 2020.",
    ]  # fmt: skip
    late = [course(code, next_on=day) for code in "ABCD"]
    assert say_overdue(late, TODAY) == ["Four reviews are overdue, the oldest since 3 May 2020."]
    assert say_overdue([course(None, next_on=day)], TODAY) == [
        "The first review of the plan as a whole was due on 3 May 2020.",
    ]  # fmt: skip
    assert say_next(inset, day) == "The second review of INSET is due on 3 May 2020"
    assert say_next(course("A"), TODAY) == "The first review of A has no date yet"
    assert say_headline(late, TODAY) == "No target is reviewed yet. Four reviews are overdue."
    assert say_whole([course(None, GOOD, BAD)]) == "The plan as a whole: off track on 2 January 2020."
    assert say_whole([course(None), course("A", GOOD)]) is None


def test_the_date_that_stands_at_the_target_is_the_next_one() -> None:
    review = course("A", GOOD).reviews[0]
    assert isinstance(review, queries.ReviewRow)
    target = queries.ReviewedTarget(1, 1, "A", "A", date(2020, 6, 1))
    whole = replace(review, target_id=None, next_on=date(2020, 9, 1))
    assert [each.next_on for each in courses_of([target], [whole, review])] == [date(2020, 9, 1), date(2020, 6, 1)]
    assert [each.next_on for each in courses_of([target], [])] == [None, date(2020, 6, 1)]


def test_numbers_in_words() -> None:
    assert [ordinal(number) for number in (1, 2, 3, 10, 11, 12, 13, 21, 22, 103, 111)] == [
        "first", "second", "third", "tenth", "11th", "12th", "13th", "21st", "22nd", "103rd", "111th",
    ]  # fmt: skip
    assert name_review(2, YEAR) == "second review of the plan for 2019-20"
