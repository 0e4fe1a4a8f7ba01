"""Who is told which answers: hand tables, and overlaps and sums beside a slow answer in plain Python."""

from collections import Counter, defaultdict
from datetime import date

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Scope
from dashboard.db import Store
from dashboard.evaluation.overlap import find_overlaps, find_recurring
from dashboard.evaluation.queries import (
    load_answered,
    load_answers,
    load_area_sums,
    load_areas,
    load_evaluation_years,
    load_notes,
    load_project_choices,
    load_schools,
    load_tags,
)
from dashboard.models import Membership
from dashboard.vocabulary import NoteKind, SelfAnswer
from tests import builders as put
from tests.builders import EXAMPLES, taken_back
from tests.evaluation.world import IMPROVE, SO_SO, WELL, YEAR, World

ANSWERS = {
    "ford": {"Writing": IMPROVE, "Maths": WELL, "Own idea": SO_SO},
    "lock": {"Writing": IMPROVE, "Maths": WELL, "Secret worry": IMPROVE},
    "weir": {"Writing": WELL, "Music": SO_SO},
}  # dam said nothing


def fill(world: World) -> None:
    for school, said in ANSWERS.items():
        world.answer(*said.items(), school=f"{school}-school", reader=world.coordinator)


def test_whoever_holds_the_cluster_reads_every_answer_and_what_is_shared(world: World) -> None:
    fill(world)
    rows = world.read(load_answers, world.coordinator, YEAR)
    assert len(rows) == 8
    overlaps = find_overlaps(rows)
    assert [(each.area, each.wanting, each.of(WELL), len(each.answers)) for each in overlaps] == [
        ("Writing", ("Ford School", "Lock School"), ("Weir School",), 3),
        ("Secret worry", ("Lock School",), (), 1),
        ("Music", (), (), 1),
        ("Own idea", (), (), 1),
        ("Maths", (), ("Ford School", "Lock School"), 2),
    ]
    sums = world.read(load_area_sums, world.coordinator, YEAR)
    assert [(each.area, each.answered, each.want_to_improve) for each in sums] == [
        ("Writing", 3, 2), ("Secret worry", 1, 1), ("Music", 1, 0), ("Own idea", 1, 0), ("Maths", 2, 0),
    ]  # fmt: skip
    (answered,) = world.read(load_answered, world.coordinator, YEAR)
    assert (answered.answered, answered.members) == (3, 4)
    assert [each.school for each in world.read(load_schools, world.coordinator, YEAR)] == [
        "dam-school", "ford-school", "lock-school", "weir-school",
    ]  # fmt: skip
    assert len(world.read(load_areas, world.coordinator)) == 5


def test_a_headteacher_reads_the_own_answers_and_numbers_of_enough_schools(world: World) -> None:
    fill(world)
    assert {each.school_name for each in world.read(load_answers, world.head, YEAR)} == {"Ford School"}
    sums = {each.area: each for each in world.read(load_area_sums, world.head, YEAR)}
    assert set(sums) == {"Writing", "Maths", "Own idea"}, "an area of one other school is not told apart"
    writing, maths = sums["Writing"], sums["Maths"]
    assert (writing.answered, writing.want_to_improve, writing.works_well, writing.own) == (3, 2, 1, True)
    assert (maths.answered, maths.works_well, maths.own) == (None, None, True), "of two the other one would be known"
    (answered,) = world.read(load_answered, world.head, YEAR)
    assert (answered.answered, answered.members) == (3, 4)
    assert [each.school for each in world.read(load_schools, world.head, YEAR)] == ["ford-school"]
    assert {each.area for each in world.read(load_areas, world.head)} == {"Writing", "Maths", "Own idea"}
    assert world.read(load_notes, world.head) == world.read(load_project_choices, world.head) == []


def test_an_area_of_three_others_is_told_to_a_school_that_did_not_name_it(world: World) -> None:
    for school in ("lock", "weir", "dam"):
        world.answer(("Music", IMPROVE), school=f"{school}-school", reader=world.coordinator)
    (music,) = world.read(load_area_sums, world.head, YEAR)
    assert (music.own, music.answered, music.want_to_improve) == (False, 3, 3)


def test_answers_of_a_school_that_did_not_belong_in_that_year_count_nowhere(world: World) -> None:
    fill(world)
    with world.store.writing() as session:
        for name, joined in (("lock", date(2017, 9, 1)), ("ford", date(2017, 9, 1))):
            of = sa.select(Membership).where(
                Membership.school_id == world.schools[name], Membership.cluster_id == world.mill
            )
            session.scalars(of).one().joined = joined
    assert {each.school_name for each in world.read(load_answers, world.coordinator, YEAR)} == {"Weir School"}
    (answered,) = world.read(load_answered, world.coordinator, YEAR)
    assert (answered.answered, answered.members) == (1, 2)
    for query in (load_answers, load_area_sums, load_answered, load_schools):
        assert world.read(query, world.head, YEAR) == []
    assert world.read(load_evaluation_years, world.head) == []
    assert world.read(load_evaluation_years, world.coordinator) == [YEAR]


def test_what_comes_back_over_the_years(world: World) -> None:
    with world.store.writing() as session:
        mill = session.get_one(put.Cluster, world.mill)
        for tag, year, kind in (
            ("timing", 2014, NoteKind.BARRIER), ("timing", 2016, NoteKind.BARRIER), ("timing", 2016, NoteKind.BARRIER),
            ("size", 2016, NoteKind.BARRIER), ("size", 2015, NoteKind.BARRIER), ("once", 2016, NoteKind.BARRIER),
            ("timing", 2016, NoteKind.POSITIVE),
        ):  # fmt: skip
            put.note(session, mill, tag, kind, year=year)
    tags, notes = world.read(load_tags, world.coordinator), world.read(load_notes, world.coordinator)
    found = find_recurring(tags, notes, NoteKind.BARRIER)
    assert [(each.tag, each.by_year, len(each.notes)) for each in found] == [
        ("timing", {2014: 1, 2016: 2}, 3), ("size", {2015: 1, 2016: 1}, 2), ("once", {2016: 1}, 1),
    ]  # fmt: skip
    assert [(each.tag, each.by_year) for each in find_recurring(tags, notes, NoteKind.POSITIVE)] == [
        ("timing", {2016: 1})
    ]
    told = world.read(load_tags, world.head)
    assert [(each.tag, each.notes) for each in find_recurring(told, [], NoteKind.BARRIER)] == [
        ("timing", ()), ("size", ()), ("once", ()),
    ]  # fmt: skip
    assert world.read(load_evaluation_years, world.head) == [AcademicYear(year) for year in (2016, 2015, 2014)]


DRAWN = st.dictionaries(
    st.tuples(st.integers(0, 4), st.sampled_from(("Writing", "Maths", "Music"))), st.sampled_from(SelfAnswer)
)


@EXAMPLES
@given(drawn=DRAWN, own=st.sets(st.integers(0, 4), max_size=2))
def test_overlaps_and_sums_beside_a_slow_answer(
    shared_sqlite: Store, drawn: dict[tuple[int, str], SelfAnswer], own: set[int]
) -> None:
    """Schools that said nothing count for nothing, and the decoy's answers on the same areas nowhere."""
    with taken_back(shared_sqlite) as session:
        mill, decoy = put.cluster(session), put.cluster(session, "Decoy Cluster")
        schools = [put.school(session, f"School {place}", within=mill) for place in range(5)]
        for each in schools:
            put.membership(session, decoy, each)
            put.self_evaluation(session, decoy, each, "Writing", IMPROVE)
        for (place, area), said in drawn.items():
            put.self_evaluation(session, mill, schools[place], area, said)
            put.self_evaluation(session, mill, schools[place], area, WELL, year=2015)
        by_area: defaultdict[str, dict[int, SelfAnswer]] = defaultdict(dict)
        for (place, area), said in drawn.items():
            by_area[area][place] = said
        overlaps = find_overlaps(load_answers(session, EVERYTHING, mill.id, YEAR))
        assert {each.area: {row.school_name for row in each.answers.values()} for each in overlaps} == {
            area: {f"School {place}" for place in said} for area, said in by_area.items()
        }
        counts = {area: Counter(said.values()) for area, said in by_area.items()}
        assert [each.area for each in overlaps] == sorted(
            counts, key=lambda area: (-counts[area][IMPROVE], -counts[area][SO_SO], -counts[area][WELL], area)
        )
        for each in overlaps:
            wanting = {f"School {place}" for place, said in by_area[each.area].items() if said is IMPROVE}
            assert set(each.wanting) == wanting
        whole = load_area_sums(session, EVERYTHING, mill.id, YEAR)
        assert [each.area for each in whole] == [each.area for each in overlaps]
        assert {each.area: (each.want_to_improve, each.so_so, each.works_well) for each in whole} == {
            area: (count[IMPROVE], count[SO_SO], count[WELL]) for area, count in counts.items()
        }
        scope = Scope(school_ids=frozenset(schools[place].id for place in own))
        told = {each.area: each for each in load_area_sums(session, scope, mill.id, YEAR)}
        assert set(told) == {
            area for area, said in by_area.items() if own and (own & set(said) or len(said) >= 3)
        }  # fmt: skip
        for area, each in told.items():
            assert each.answered == (len(by_area[area]) if len(by_area[area]) >= 3 else None)
        (answered,) = load_answered(session, EVERYTHING, mill.id, YEAR)
        assert (answered.answered, answered.members) == (len({place for place, _ in drawn}), 5)
