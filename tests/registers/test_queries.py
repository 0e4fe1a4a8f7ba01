"""Who is expected and how many marks there are, against a slow plain answer."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dashboard.access import Scope
from dashboard.db import Store
from dashboard.models import PersonMark, School
from dashboard.registers.queries import find_sheet, load_registers
from dashboard.vocabulary import EventKind, Mark
from tests import builders as put
from tests.builders import EXAMPLES, taken_back
from tests.registers.hall import DAY, event, person

_NEAR = st.sampled_from([None, *(DAY + timedelta(days=days) for days in (-30, -1, 0, 1, 30))])
_SPELL = st.tuples(_NEAR, _NEAR).filter(lambda each: None in each or each[0] <= each[1])  # type: ignore[operator]
_AWAY = st.tuples(
    _SPELL.filter(lambda each: each[0] is not None), st.sampled_from(list(EventKind)), st.booleans(), st.booleans()
)
"""When, what, whether it is a person's, whether it is of the decoy."""
_SCHOOL = st.tuples(
    st.lists(_SPELL, max_size=2), st.lists(_AWAY, max_size=2), st.sampled_from([None, *Mark]), st.booleans()
)
"""Memberships, events, the mark, and whether it belongs to the decoy too."""


def _covers(first: date | None, last: date | None) -> bool:
    return (first is None or first <= DAY) and (last is None or last >= DAY)


@EXAMPLES
@given(schools=st.lists(_SCHOOL, min_size=1, max_size=4))
def test_expected_and_marked_are_counted_as_by_hand(store: Store, schools: list) -> None:  # type: ignore[type-arg]
    expected, away, marked = set(), set(), set()
    with taken_back(store) as session:
        mill, decoy = put.cluster(session, "Mill Cluster"), put.cluster(session, "Decoy Cluster")
        held, elsewhere = put.meeting(session, mill, DAY), put.meeting(session, decoy, DAY)
        for number, (spells, events, mark, in_decoy) in enumerate(schools):
            school: School = put.school(session, f"School {number}", within=decoy if in_decoy else None)
            for joined, left in spells:
                put.membership(session, mill, school, joined, left)
            for (begins, ends), kind, of_person, of_decoy in events:
                who = person(session, "Ann Example", (mill.id, school.id)) if of_person else None
                event(session, (decoy if of_decoy else mill).id, school.id, begins, ends, kind=kind, person_id=who)
            if mark is not None:
                put.mark(session, held, school, mark)
                put.mark(session, elsewhere, school, Mark.ABSENT)
            if not any(_covers(*each) for each in spells):
                continue
            is_away = any(
                _covers(*when) and kind in {EventKind.SABBATICAL, EventKind.CLOSED} and not of_person and not of_decoy
                for when, kind, of_person, of_decoy in events
            )
            (away if is_away else expected).add(school.id)
            if not is_away and mark not in {None, Mark.NOT_RECORDED}:
                marked.add(school.id)
        scope = Scope(cluster_ids=frozenset({mill.id}))
        (row,) = load_registers(session, scope, DAY, DAY)
        sheet = find_sheet(session, scope, held.id)
        assert (row.meeting_id, row.expected, row.marked) == (held.id, len(expected), len(marked))
        assert sheet is not None
        assert {each.school_id for each in sheet.schools} == expected
        assert {each.school_id for each in sheet.away} == away
        assert {each.school_id for each in sheet.schools if each.mark} == marked
        assert sheet.marked == len(marked)
        assert find_sheet(session, scope, elsewhere.id) is None


def test_during_a_handover_both_are_asked_for(store: Store) -> None:
    """March: who goes begins, who comes continues (0.12)."""
    with taken_back(store) as session:
        mill = put.cluster(session, "Mill Cluster")
        ford = put.school(session, "Ford School", within=mill)
        begins, ends = date(2017, 3, 1), date(2017, 3, 31)
        person(session, "Ann Example", (mill.id, ford.id), starts=date(2014, 9, 1), ends=ends)
        person(session, "Bea Sample", (mill.id, ford.id), starts=begins)
        scope = Scope(cluster_ids=frozenset({mill.id}))

        def asked(day: date) -> list[tuple[str, date | None, date | None]]:
            sheet = find_sheet(session, scope, put.meeting(session, mill, day).id)
            assert sheet is not None
            return [(each.name, each.new_since, each.ends) for each in sheet.schools[0].people]

        assert asked(date(2017, 2, 28)) == [("Ann Example", None, ends)]
        assert asked(begins) == [("Ann Example", None, ends), ("Bea Sample", begins, None)]
        assert asked(ends) == [("Ann Example", None, ends), ("Bea Sample", begins, None)]
        assert asked(date(2017, 4, 1)) == [("Bea Sample", begins, None)]
        assert asked(date(2017, 6, 2)) == [("Bea Sample", None, None)], "not new any more"


def test_who_has_a_mark_is_shown_although_nobody_expected_them(store: Store) -> None:
    with taken_back(store) as session:
        mill = put.cluster(session, "Mill Cluster")
        ford = put.school(session, "Ford School", within=mill)
        held = put.meeting(session, mill, DAY)
        gone = person(session, "Eve Gone", (mill.id, ford.id), ends=date(2016, 7, 31))
        put.put(session, PersonMark(meeting_id=held.id, school_id=ford.id, person_id=gone, mark=Mark.PRESENT))
        sheet = find_sheet(session, Scope(cluster_ids=frozenset({mill.id})), held.id)
        assert sheet is not None
        assert [(each.name, each.roles, each.mark) for each in sheet.schools[0].people] == [
            ("Eve Gone", (), Mark.PRESENT)
        ]
