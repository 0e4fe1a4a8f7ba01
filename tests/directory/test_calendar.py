"""Which half terms hold for which cluster."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, NOTHING, Scope, reading
from dashboard.db import Store
from dashboard.directory.calendar import load_calendars
from dashboard.directory.queries import cluster_years
from dashboard.half_terms import HalfTerm, half_terms_of
from dashboard.models import CalendarPeriod, Cluster, School
from dashboard.vocabulary import PeriodKind
from tests import builders as put
from tests.builders import AS_OF, YEAR, taken_back
from tests.test_query_counts import statements

OWN, OF_THE_COUNTY, OF_ALL = ((date(2016, 9, day), date(2016, 10, day)) for day in (5, 6, 7))


def half_term(
    session: Session,
    days: tuple[date, date],
    *,
    of: Cluster | None = None,
    within: str | None = None,
    kind: PeriodKind = PeriodKind.HALF_TERM,
    year: int = YEAR,
) -> CalendarPeriod:
    starts, ends = days
    row = CalendarPeriod(year=year, kind=kind, name="autumn one", starts=starts, ends=ends, local_authority=within)
    row.cluster_id = of.id if of else None
    return put.put(session, row)


def school_in(session: Session, name: str, county: str | None, *clusters: Cluster) -> School:
    made = put.school(session, name)
    made.local_authority = county
    for each in clusters:
        put.membership(session, each, made)
    return made


def calendars(
    session: Session, scope: Scope = EVERYTHING, *, year: int | None = YEAR
) -> Mapping[tuple[int, int], tuple[HalfTerm, ...]]:
    years = cluster_years(scope, AS_OF, year=AcademicYear(year) if year is not None else None)
    return load_calendars(session, scope, years)


def days(calendar: tuple[HalfTerm, ...]) -> list[tuple[date, date]]:
    assert not any(each.assumed for each in calendar)
    return [(each.starts, each.ends) for each in calendar]


def test_own_half_terms_come_before_the_countys_and_those_before_everybodys(store: Store) -> None:
    with taken_back(store) as session:
        names = ("Own", "Of the county", "Elsewhere", "Nowhere")
        own, county, elsewhere, nowhere = (put.cluster(session, name) for name in names)
        school_in(session, "One", "Fordshire", own, county)
        school_in(session, "Two", " fordshire", county)
        school_in(session, "Three", "Millshire", elsewhere, county)
        school_in(session, "Four", None, nowhere)
        half_term(session, OWN, of=own)
        half_term(session, OF_THE_COUNTY, within="Fordshire")
        before = calendars(session)
        assert before[nowhere.id, YEAR] == before[elsewhere.id, YEAR] == half_terms_of(AcademicYear(YEAR))
        half_term(session, OF_ALL)
        found = calendars(session)
        assert set(found) == {(each.id, YEAR) for each in (own, county, elsewhere, nowhere)}
        assert days(found[own.id, YEAR]) == [OWN]
        assert days(found[county.id, YEAR]) == [OF_THE_COUNTY]
        assert days(found[elsewhere.id, YEAR]) == days(found[nowhere.id, YEAR]) == [OF_ALL]


def test_only_half_terms_of_the_same_year_count(store: Store) -> None:
    with taken_back(store) as session:
        mill = put.cluster(session)
        put.school(session, within=mill)
        put.meeting(session, mill, date(2016, 10, 5))
        half_term(session, OWN, of=mill, kind=PeriodKind.TERM)
        half_term(session, OF_ALL, kind=PeriodKind.HOLIDAY)
        half_term(session, (date(2015, 9, 1), date(2015, 10, 20)), of=mill, year=2015)
        half_term(session, (date(2015, 9, 2), date(2015, 10, 20)), year=2015)
        assert calendars(session, year=None) == {(mill.id, YEAR): half_terms_of(AcademicYear(YEAR))}
        assert days(calendars(session, year=2015)[mill.id, 2015]) == [(date(2015, 9, 1), date(2015, 10, 20))]


def test_the_county_is_that_of_most_schools_of_the_year_and_of_several_the_first(store: Store) -> None:
    with taken_back(store) as session:
        mill = put.cluster(session)
        half_term(session, OF_THE_COUNTY, within="Fordshire")
        half_term(session, OF_ALL)
        school_in(session, "One", "Fordshire", mill)
        assert days(calendars(session)[mill.id, YEAR]) == [OF_THE_COUNTY]
        gone = school_in(session, "Gone", "Abbotshire")
        put.membership(session, mill, gone, left=date(2016, 8, 31))
        assert days(calendars(session)[mill.id, YEAR]) == [OF_THE_COUNTY], "left before the year began"
        school_in(session, "Two", "Abbotshire", mill)
        assert days(calendars(session)[mill.id, YEAR]) == [OF_ALL], "as many in each: the first by name"
        back = school_in(session, "Three", "Fordshire", mill)
        put.membership(session, mill, back, joined=date(2017, 1, 1))
        assert days(calendars(session)[mill.id, YEAR]) == [OF_THE_COUNTY]


def test_half_terms_come_in_order_with_their_names(store: Store) -> None:
    with taken_back(store) as session:
        mill = put.cluster(session)
        later = (date(2016, 10, 31), date(2016, 12, 16))
        half_term(session, later, of=mill).name = "autumn two"
        half_term(session, OWN, of=mill)
        session.flush()
        found = calendars(session)[mill.id, YEAR]
        assert [(each.name, each.starts) for each in found] == [("autumn one", OWN[0]), ("autumn two", later[0])]


def test_a_scope_brings_its_own_clusters_alone(store: Store) -> None:
    with store.writing() as session:
        mill, decoy = put.cluster(session, "Mill"), put.cluster(session, "Decoy")
        mine = school_in(session, "Mine", "Fordshire", mill)
        school_in(session, "Other", "Millshire", mill)
        school_in(session, "More", "Millshire", mill, decoy)
        half_term(session, OWN, of=decoy)
        half_term(session, OF_THE_COUNTY, within="Millshire")
        mill_id, decoy_id, mine_id = mill.id, decoy.id, mine.id
    scopes = Scope(cluster_ids=frozenset({mill_id})), Scope(school_ids=frozenset({mine_id}))
    for scope in scopes:
        with reading(store, scope) as session:
            assert {pair: days(each) for pair, each in calendars(session, scope).items()} == {
                (mill_id, YEAR): [OF_THE_COUNTY]
            }
            wider = cluster_years(EVERYTHING, AS_OF, year=AcademicYear(YEAR))
            assert set(load_calendars(session, scope, wider)) == {(mill_id, YEAR)}
    with reading(store, Scope(cluster_ids=frozenset({decoy_id}))) as session:
        assert days(calendars(session, Scope(cluster_ids=frozenset({decoy_id})))[decoy_id, YEAR]) == [OWN]
    with reading(store, NOTHING) as session:
        assert calendars(session, NOTHING) == {}


def test_many_clusters_take_no_more_statements_than_one(store: Store) -> None:
    with taken_back(store) as session:
        for number in range(12):
            made = put.cluster(session, f"Cluster {number}")
            school_in(session, f"School {number}", "Fordshire", made)
        with statements(store) as sent:
            assert len(calendars(session)) == 12
        assert len(sent) == 1
        half_term(session, OF_THE_COUNTY, within="Fordshire")
        with statements(store) as sent:
            assert {tuple(days(each)) for each in calendars(session).values()} == {(OF_THE_COUNTY,)}
        assert len(sent) == 2
