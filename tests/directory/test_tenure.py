"""Who stood for a school and when, and what figures are to be read with."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Scope
from dashboard.db import Session, Store
from dashboard.directory.queries import cluster_years
from dashboard.directory.tenure import load_context, load_tenure
from dashboard.vocabulary import EventKind, PersonRole
from tests import builders as put
from tests.builders import AS_OF, taken_back


def years(year: int = 2016) -> sa.CTE:
    return cluster_years(EVERYTHING, AS_OF, year=AcademicYear(year))


def told(session: Session, year: int = 2016) -> list[tuple[Any, ...]]:
    frame = load_tenure(session, EVERYTHING, years(year))
    columns = ("school", "person_number", "starts", "ends", "shared", "inducted_on", "handover")
    return list(frame[list(columns)].itertuples(index=False, name=None))


def test_leads_of_a_year_one_after_the_other(store: Store) -> None:
    """A hands over to B with four weeks in which both are there; C and D share; E left before the year."""
    with taken_back(store) as session:
        mill, decoy = put.cluster(session), put.cluster(session, "Decoy Cluster")
        ford, weir = (put.school(session, name, within=mill) for name in ("Ford", "Weir"))
        elsewhere = put.school(session, "Decoy", within=decoy)
        put.appointment(session, decoy, elsewhere, starts=date(2016, 9, 1))
        put.appointment(session, decoy, ford, starts=date(2016, 9, 1), ends=date(2016, 10, 1))
        a, b = put.person(session, "A"), put.person(session, "B")
        put.appointment(session, mill, ford, starts=date(2014, 9, 1), ends=date(2015, 8, 31))  # E, before
        put.appointment(session, mill, ford, b, starts=date(2017, 3, 1))
        put.appointment(session, mill, ford, a, starts=date(2015, 9, 1), ends=date(2017, 3, 28), replaced_by=b)
        put.appointment(session, mill, ford, role=PersonRole.HEADTEACHER)
        put.event(session, mill, ford, EventKind.INDUCTED, date(2017, 4, 20), person=b)
        put.event(session, mill, ford, EventKind.INDUCTED, date(2017, 4, 3), person=b)
        put.appointment(session, mill, weir)
        put.appointment(session, mill, weir, starts=date(2017, 1, 1), role=PersonRole.YEAR_6_TEACHER)
        assert [row for row in told(session) if row[0] != "decoy"] == [
            ("ford", 1, date(2016, 9, 1), date(2016, 10, 1), False, None, False),  # of the Decoy Cluster
            ("ford", 2, date(2015, 9, 1), date(2017, 3, 28), False, None, True),
            ("ford", 3, date(2017, 3, 1), None, False, date(2017, 4, 3), False),
            ("weir", 1, None, None, True, None, False),
            ("weir", 2, date(2017, 1, 1), None, True, None, False),
        ]
        assert [row[1] for row in told(session, 2014) if row[0] == "ford"] == [1], "the number stays from year to year"


def test_the_edges_of_the_year(store: Store) -> None:
    with taken_back(store) as session:
        mill = put.cluster(session)
        ford = put.school(session, within=mill)
        put.appointment(session, mill, ford, ends=date(2016, 8, 31))
        put.appointment(session, mill, ford, starts=date(2016, 8, 1), ends=date(2016, 9, 1))
        put.appointment(session, mill, ford, starts=date(2017, 8, 31))
        put.appointment(session, mill, ford, starts=date(2017, 9, 1))
        assert [row[1] for row in told(session)] == [2, 3]


def test_a_headteacher_sees_the_leads_of_the_own_school(store: Store) -> None:
    with taken_back(store) as session:
        mill = put.cluster(session)
        ford, weir = (put.school(session, name, within=mill) for name in ("Ford", "Weir"))
        for each in (ford, weir):
            put.appointment(session, mill, each)
        frame = load_tenure(session, Scope(school_ids=frozenset({ford.id})), years())
        assert list(frame["school"]) == ["ford"]


def test_context_is_told_of_all_years_in_which_the_reader_sees_totals(store: Store) -> None:
    """One who joined in 2016-17 hears nothing of 31 August 2016, but of 1 September."""
    with taken_back(store) as session:
        mill, decoy = put.cluster(session), put.cluster(session, "Decoy Cluster")
        late = put.school(session, "Late")
        put.membership(session, mill, late, joined=date(2016, 10, 1))
        for day in (date(2016, 9, 1), date(2016, 8, 31), date(2018, 1, 1)):
            put.context(session, mill, day, f"Words of {day}")
        put.context(session, decoy, date(2016, 9, 1))
        of_mill = cluster_years(Scope(cluster_ids=frozenset({mill.id})), AS_OF, year=None)
        seen = [load_context(session, scope, of_mill) for scope in (EVERYTHING, Scope(school_ids=frozenset({late.id})))]
        assert [list(frame["words"]) for frame in seen] == [
            ["Words of 2016-08-31", "Words of 2016-09-01", "Words of 2018-01-01"],
            ["Words of 2016-09-01", "Words of 2018-01-01"],
        ]
        assert list(seen[0].columns) == ["cluster_id", "happened_on", "words"]
        assert seen[0]["happened_on"][0] == date(2016, 8, 31)
