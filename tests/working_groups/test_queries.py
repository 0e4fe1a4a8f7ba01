"""What each reader is told of groups and of who took part: hand tables, and sums beside a slow answer."""

from datetime import date

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access import EVERYTHING, Scope
from dashboard.db import Store
from dashboard.models import Membership, Participation, Project
from dashboard.working_groups.matrix import put_together
from dashboard.working_groups.queries import (
    load_group_schools,
    load_groups,
    load_outcomes,
    load_participation,
    load_participation_sums,
    load_projects,
    load_targets_to_choose,
)
from tests import builders as put
from tests.builders import EXAMPLES, taken_back
from tests.working_groups.world import TODAY, World


def test_whoever_holds_the_cluster_reads_the_group_whole(world: World) -> None:
    group = world.add(
        lead="Maths lead", lead_school_id=world.lock, target_id=world.target, schools={world.ford: 3, world.lock: None}
    )
    for reader in (world.coordinator, world.steering):
        (row,) = world.read(load_groups, reader, TODAY)
        assert (row.group_id, row.lead_school, row.led_elsewhere, row.schools) == (group, "Lock School", False, 2)
        assert (row.target, row.target_year) == ("READING", 2016)
        schools = world.read(load_group_schools, reader)
        assert [(each.school_name, each.people) for each in schools] == [("Ford School", 3), ("Lock School", None)]
    chosen = world.read(load_targets_to_choose, world.coordinator)
    assert [each.code for each in chosen] == ["READING"], "no draft"


def test_a_headteacher_reads_the_own_school_and_a_number(world: World) -> None:
    world.add(lead="Maths lead", lead_school_id=world.lock, schools={world.ford: 3, world.lock: 2, world.weir: None})
    (row,) = world.read(load_groups, world.head, TODAY)
    assert (row.lead, row.lead_school, row.led_elsewhere, row.schools) == ("Maths lead", None, True, 3)
    assert [(each.school_name, each.people) for each in world.read(load_group_schools, world.head)] == [
        ("Ford School", 3)
    ]
    assert world.read(load_targets_to_choose, world.head) == []


def test_a_headteacher_reads_the_groups_of_the_time_in_which_the_school_belonged(world: World) -> None:
    world.add("Before", starts=date(2014, 9, 1), ends=date(2015, 8, 31))
    world.add("Across", starts=date(2014, 9, 1), ends=date(2015, 9, 1))
    world.add("Goes on", starts=date(2014, 9, 1))
    world.add("After", starts=date(2016, 9, 1))
    world.add("Never dated")
    world.add_project("Old", ends=date(2015, 8, 31))
    with world.store.writing() as session:
        spell = session.scalars(sa.select(Membership).where(Membership.school_id == world.ford)).one()
        spell.joined, spell.left = date(2015, 9, 1), date(2016, 8, 31)
    assert {row.name for row in world.read(load_groups, world.head, TODAY)} == {"Across", "Goes on"}
    assert {row.name for row in world.read(load_groups, world.head, date(2016, 3, 1))} == {
        "Across", "Goes on", "Never dated",
    }  # fmt: skip
    assert world.read(load_projects, world.head, TODAY) == []
    assert len(world.read(load_groups, world.coordinator, TODAY)) == 5
    assert world.read(load_outcomes, world.head, TODAY) == []


def test_a_total_that_would_tell_of_a_neighbour_is_left_out(world: World) -> None:
    number = world.add_project()
    counts = {
        (world.ford, "Year 1"): 10, (world.lock, "Year 1"): 3, (world.weir, "Year 1"): 2,  # 5 of two others
        (world.ford, "Year 2"): 10, (world.lock, "Year 2"): 2, (world.weir, "Year 2"): 2,  # 4 of two others
        (world.ford, "Year 3"): 10, (world.lock, "Year 3"): 30,  # one other
    }  # fmt: skip
    world.record(number, counts)
    told = {}
    for name, reader in (("head", world.head), ("coordinator", world.coordinator)):
        rows = world.read(load_participation, reader)
        told[name] = put_together(rows, world.read(load_participation_sums, reader, TODAY), number)
    whole, own = told["coordinator"], told["head"]
    assert whole.year_groups == own.year_groups == ("Year 1", "Year 2", "Year 3")
    assert (whole.totals, whole.total, whole.hides) == ((15, 14, 40), 69, False)
    assert [(row.school_name, row.counts, row.total) for row in whole.rows] == [
        ("Ford School", (10, 10, 10), 30), ("Lock School", (3, 2, 30), 35), ("Weir School", (2, 2, None), 4),
    ]  # fmt: skip
    assert (own.totals, own.total, own.hides) == ((15, None, None), None, True)
    assert [row.school_name for row in own.rows] == ["Ford School"]


COUNTS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(("Reception", "Year 1", "Year 3/4")), st.integers(0, 9)),
    max_size=12, unique_by=lambda each: each[:2],
)  # fmt: skip


@EXAMPLES
@given(drawn=COUNTS, own=st.sets(st.integers(0, 3), max_size=2))
def test_sums_of_participation_beside_a_slow_answer(
    shared_sqlite: Store, drawn: list[tuple[int, str, int]], own: set[int]
) -> None:
    with taken_back(shared_sqlite) as session:
        mill, decoy = put.cluster(session), put.cluster(session, "Decoy Cluster")
        schools = [put.school(session, f"School {place}", within=mill) for place in range(4)]
        put.working_groups(session, decoy, schools)
        made = put.put(session, Project(cluster_id=mill.id, name="Stars"))
        for place, year_group, children in drawn:
            row = Participation(project_id=made.id, cluster_id=mill.id, school_id=schools[place].id)
            row.year_group, row.children = year_group, children
            session.add(row)
        session.flush()
        for scope, mine in (
            (EVERYTHING, None),
            (Scope(cluster_ids=frozenset({mill.id})), None),
            (Scope(school_ids=frozenset(schools[place].id for place in own)), own),
        ):
            expected = {}
            for named in {year_group for _, year_group, _ in drawn}:
                of = [(place, children) for place, year_group, children in drawn if year_group == named]
                others = [children for place, children in of if mine is not None and place not in mine]
                known = mine is None or (len(others) >= 2 and sum(others) >= 5)
                expected[named] = (len(of), sum(children for _, children in of) if known else None)
            if mine == set():
                expected = {}
            sums = load_participation_sums(session, scope, mill.id, TODAY)
            assert {each.year_group: (each.schools, each.children) for each in sums} == expected
