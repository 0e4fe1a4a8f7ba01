"""What is read of one target: by whom, and that it adds up to the penny."""

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any, Final, TypeVar

import pytest
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Reader, Scope, reading
from dashboard.db import Store
from dashboard.directory.queries import cluster_years
from dashboard.models import Criterion, CriterionSchool, PlanReview, Target
from dashboard.plans.commands.by_hand import CriterionSaid, UpdateSaid
from dashboard.plans.queries import load_lineage, load_targets
from dashboard.plans.queries.target import (
    ContributionSum,
    LineSum,
    OutsideSum,
    SchoolCount,
    TargetRow,
    find_evidence_file,
    find_last_review,
    find_target,
    load_contributions_of_target,
    load_criteria_of_target,
    load_evidence_of_target,
    load_history,
    load_lines_of_target,
    load_meetings_of_target,
    load_outside_of_target,
    load_school_counts,
    load_ticks,
)
from dashboard.plans.target_sentences import derive_status, say_why
from dashboard.vocabulary import (
    ContributionKind,
    CriterionState,
    OutsideKind,
    OutsideState,
    PlanCell,
    Pot,
    Rating,
    TargetStatus,
)
from tests import builders as put
from tests.plans.target_world import ARTS, PNG, TODAY, YEAR, World, make_world

MET, NOT_MET, NO_EVIDENCE = CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE
Answer = TypeVar("Answer")
NEXT: Final = AcademicYear(2017)


@pytest.fixture
def world(store: Store, walled: Store) -> World:
    return make_world(store, walled)


def ask(world: World, query: Callable[[Session, Scope, int], Answer], by: Reader | None = None) -> Answer:
    """What a query about the target of Mill Cluster answers somebody, behind the second wall."""
    scope = world.scope(by or world.coordinator, Action.SEE)
    with reading(world.walled, scope) as session:
        return query(session, scope, world.target)


def find(world: World, by: Reader, year: AcademicYear | None = YEAR, code: str = ARTS) -> TargetRow | None:
    return ask(world, lambda session, scope, _: find_target(session, scope, world.mill, code, year), by)


def test_a_target_is_found_with_its_cells_by_those_whose_plan_it_is(world: World) -> None:
    for reader in (world.coordinator, world.headteacher):
        row = find(world, reader)
        assert row is not None
        assert (row.target_id, row.title, row.due, row.version) == (
            world.target, "Put on an exhibition", date(2017, 2, 10), 1,
        )  # fmt: skip
        assert [line.text for line in row.cells[PlanCell.EVALUATION]] == ["First meeting held", "Families were told"]
        assert row.cells[PlanCell.IMPACT] == ()
        assert find(world, reader, NEXT) is None
        assert find(world, reader, code="ARTS") is None
    for reader in (world.neighbour, world.stranger):
        assert find(world, reader) is None


def test_a_draft_is_found_by_those_alone_who_see_the_cluster_whole(world: World) -> None:
    with world.store.writing() as session:
        mill = session.get_one(put.Cluster, world.mill)
        for code, year, draft in ((ARTS, 2017, True), ("OLD-SEPT15", 2015, False)):
            row = put.target(session, mill, code, title="Go on", year=year, draft=draft)
            if draft:
                row.came_from_id = world.target
            else:
                session.get_one(Target, world.target).came_from_id = row.id
        # A link into another cluster is no lineage.
        decoy = put.target(session, session.get_one(put.Cluster, world.mill + 1), "DECOY-SEPT17", year=2017)
        decoy.came_from_id = world.target
    assert find(world, world.coordinator, NEXT) is not None
    assert find(world, world.headteacher, NEXT) is None
    newest = find(world, world.coordinator, None)
    assert newest is not None
    assert newest.year == 2016, "a target before a draft"
    lineage = [(row.code, row.place, row.draft) for row in ask(world, load_lineage)]
    assert lineage == [("OLD-SEPT15", -1, False), (ARTS, 0, False), (ARTS, 1, True)]
    assert [row.code for row in ask(world, load_lineage, world.headteacher)] == ["OLD-SEPT15", ARTS]
    assert ask(world, load_lineage, world.neighbour) == []


def test_criteria_and_evidence_are_read_in_their_order(world: World) -> None:
    for reader in (world.coordinator, world.headteacher):
        criteria = ask(world, load_criteria_of_target, reader)
        assert [(row.number, row.text, row.state, row.wanted, row.reached, row.per_school) for row in criteria] == [
            (1, "An exhibition is open to families", NO_EVIDENCE, None, None, False),
            (2, "Two meetings held", NOT_MET, 2, 1, False),
            (3, "Every school hangs a picture", NO_EVIDENCE, None, None, True),
        ]
        evidence = ask(world, load_evidence_of_target, reader)
        assert [(row.text, row.dated, row.criterion_id) for row in evidence] == [
            ("First meeting held", date(2016, 10, 4), world.criteria[1]), ("Families were told", None, None),
        ]  # fmt: skip
    for query in (load_criteria_of_target, load_evidence_of_target):
        assert ask(world, query, world.neighbour) == []


def test_a_file_is_for_those_alone_who_see_the_cluster_whole(world: World) -> None:
    piece = world.evidence[0]
    world.do(lambda desk: desk.attach(world.target, piece, "hall.png", PNG))
    files = {
        reader.name: [row.file_name for row in ask(world, load_evidence_of_target, reader)]
        for reader in (world.coordinator, world.headteacher)
    }
    assert files == {"C": ["hall.png", None], "H": [None, None]}

    def content(reader: Reader, number: int = piece) -> Any:
        return ask(world, lambda session, scope, target: find_evidence_file(session, scope, target, number), reader)

    assert content(world.coordinator) == ("hall.png", "image/png", PNG)
    assert content(world.coordinator, world.evidence[1]) is None
    for reader in (world.headteacher, world.neighbour, world.stranger):
        assert content(reader) is None
    assert ask(world, lambda session, scope, _: find_evidence_file(session, scope, world.other_target, piece)) is None


def test_schools_are_counted_and_a_headteacher_is_told_of_the_own_alone(world: World) -> None:
    ford, lock, weir = world.schools
    third = world.criteria[2]
    said = CriterionSaid(per_school=True, ticks={ford: MET, lock: NOT_MET})
    world.do(lambda desk: desk.say_criterion(world.target, third, said, 1))
    with world.store.writing() as session:  # a school that left before the year counts no more
        gone = session.query(put.School).filter_by(slug="gone-school").one()
        session.add(CriterionSchool(criterion_id=third, school_id=gone.id, state=MET))
    for reader in (world.coordinator, world.headteacher):
        assert ask(world, load_school_counts, reader) == [SchoolCount(third, 3, 1, 1)]
    assert ask(world, load_school_counts, world.neighbour) == []
    ticks = {
        reader.name: [(row.school_id, row.state) for row in ask(world, load_ticks, reader) if row.criterion_id == third]
        for reader in (world.coordinator, world.headteacher, world.neighbour)
    }
    assert ticks == {"C": [(ford, MET), (lock, NOT_MET), (weir, NO_EVIDENCE)], "H": [(ford, MET)], "N": []}


def test_resources_add_up_to_the_penny(world: World) -> None:
    for reader, of_schools, source in (
        (world.coordinator, LineSum(Pot.SCHOOL_HELD, 8_000, 0, 2), "Polar Fund"),
        (world.headteacher, LineSum(Pot.SCHOOL_HELD, 4_000, 0, 1), None),
    ):
        assert ask(world, load_contributions_of_target, reader) == [
            ContributionSum(ContributionKind.LEVY, 2, 10_000, 0, 5_000, 0, 0, 0),
            ContributionSum(ContributionKind.CASH, 1, 0, 0, 0, 0, 0, 1),
            ContributionSum(ContributionKind.TIME_IN_KIND, 1, 0, 0, 0, 180, 180, 0),
        ]
        in_the_ledger = [LineSum(Pot.LEAD_HELD, 12_345, 1_000, 2), of_schools]
        assert ask(world, load_lines_of_target, reader) == in_the_ledger
        won = OutsideSum(OutsideKind.GRANT, OutsideState.WON, source, 40_000, 30_000, 10_050)
        assert ask(world, load_outside_of_target, reader) == [won]
    for query in (load_contributions_of_target, load_lines_of_target, load_outside_of_target):
        assert ask(world, query, world.neighbour) == []


def test_two_schools_are_no_number_to_one_of_them(world: World) -> None:
    third = world.criteria[2]
    with world.store.writing() as session:
        weir = session.query(put.Membership).filter_by(school_id=world.schools[2]).one()
        weir.left = date(2015, 1, 1)
    assert ask(world, load_school_counts) == [SchoolCount(third, 2, 0, 0)]
    assert ask(world, load_school_counts, world.headteacher) == []


def test_meetings_reviews_and_history(world: World) -> None:
    world.do(lambda desk: desk.worked_on_at(world.target, world.meetings[:1]))
    world.do(lambda desk: desk.update(world.target, UpdateSaid({world.criteria[0]: MET}), 1))
    with world.store.writing() as session:
        for number, on in ((1, date(2016, 12, 1)), (2, date(2017, 2, 1))):
            row = PlanReview(cluster_id=world.mill, year=2016, target_id=world.target, number=number, reviewed_on=on)
            row.rating, row.words, row.known_as = Rating.ON_TRACK, f"Review {number}", "coordinator"
            put.put(session, row)
    for reader in (world.coordinator, world.headteacher):
        assert [(row.meeting_id, row.ticked) for row in ask(world, load_meetings_of_target, reader)] == [
            (world.meetings[0], True), (world.meetings[1], False),
        ]  # fmt: skip
        review = ask(world, find_last_review, reader)
        assert review is not None
        assert (review.number, review.words) == (2, "Review 2")
    assert [row.about for row in ask(world, load_history)] == [
        "An exhibition is open to families", "Put on an exhibition",
    ]  # fmt: skip
    for reader in (world.headteacher, world.neighbour, world.stranger):
        assert ask(world, load_history, reader) == []
    assert ask(world, load_meetings_of_target, world.neighbour) == []
    assert ask(world, find_last_review, world.neighbour) is None


def test_the_status_of_the_page_is_that_of_every_sum(world: World) -> None:
    """Derived in words here and in SQL there: every way in which a target can stand."""
    ways = list(
        product(
            (None, TargetStatus.STALLED),
            ((), (MET,), (MET, NOT_MET), (NO_EVIDENCE,)),
            (0, 1),
            (None, date(2017, 2, 28), TODAY),
        )
    )
    with world.store.writing() as session:
        mill = session.get_one(put.Cluster, world.mill)
        for number, (own, states, pieces, due) in enumerate(ways):
            put.target(
                session, mill, f"WAY-{number}", own=own, criteria=states, evidence_on=(None,) * pieces, due=due,
                position=number + 2,
            )  # fmt: skip
    scope = world.scope(world.coordinator, Action.SEE)
    with reading(world.walled, scope) as session:
        frame = load_targets(session, scope, cluster_years(scope, TODAY, year=YEAR), TODAY)
    in_sql = dict(zip(frame["code"], frame["status"], strict=True))
    for number, (own, states, pieces, due) in enumerate(ways):
        assert derive_status(own, states, pieces, due, TODAY) is in_sql[f"WAY-{number}"]
        assert say_why(own, None, states, pieces, due, TODAY).endswith(".")


def test_where_rows_of_two_clusters_meet_nothing_is_taken_over(world: World) -> None:
    """A line of the decoy that names the target by mistake counts nowhere; nor does its criterion."""
    with world.store.writing() as session:
        decoy = session.get_one(put.Cluster, world.mill + 1)
        put.line(session, decoy, 77_777).target_id = world.target
    assert [row.spent for row in ask(world, load_lines_of_target)] == [12_345, 8_000]
    assert len(world.rows(Criterion)) == 6
    assert len(ask(world, load_criteria_of_target)) == 3
