"""Attendance by year of the programme: against a slow answer on drawn worlds, and by hand."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, NOTHING, Grant, Reader, Scope
from dashboard.db import Session, Store
from dashboard.directory.view import View
from dashboard.engagement.panels import PROGRAMME_YEARS, CohortPicture, load_cohorts
from dashboard.engagement.queries import load_rates_by_programme_year
from dashboard.models import Cohort, Meeting
from dashboard.screens.addresses import choices_of, find_place
from dashboard.screens.visit import Visit
from dashboard.ui.theme import Look
from dashboard.vocabulary import Mark, Role
from tests import builders as put
from tests.builders import AS_OF, EXAMPLES, MOMENTS, DrawnWorld, taken_back, worlds
from tests.slow_answers import SlowAnswers

STARTS = st.lists(
    st.sampled_from((None, date(2014, 9, 1), date(2015, 8, 31), date(2015, 9, 1), date(2016, 1, 10))),
    min_size=3, max_size=3,
)  # fmt: skip
VIEW = View(EVERYTHING, AS_OF, AcademicYear(2016), ())


@EXAMPLES
@given(drawn=worlds(), starts=STARTS, as_of=MOMENTS, together=st.booleans())
def test_the_years_of_any_world(
    store: Store, drawn: DrawnWorld, starts: list[date | None], as_of: date, together: bool
) -> None:
    with taken_back(store) as session:
        world = put.build(session, drawn)
        cohort = put.put(session, Cohort(programme_id=put.programme(session, "Named").id, name="2015"))
        for cluster, begins in zip(world.clusters, starts, strict=True):
            cluster.starts = begins
        world.clusters[0].cohort_id = cohort.id if together else None
        session.flush()
        slow: dict[Any, list[int]] = {}
        answers = SlowAnswers.of(session)
        for cluster in world.clusters[:-1]:
            first = AcademicYear.of(cluster.starts).start if cluster.starts else None
            for year in range(2010, 2020):
                rows = [
                    row for row in answers.load_attendance_by_school([(cluster.id, year)], as_of) if row["expected"]
                ]
                if not rows or (first is not None and year < first):
                    continue
                nth = None if first is None else year - first + 1
                key = ("2015" if cluster.cohort_id else None, None if cluster.cohort_id else first, nth)
                came, expected = (sum(row[name] for row in rows) for name in ("attended", "expected"))
                found = slow.setdefault(key, [0, 0])
                found[0] += came
                found[1] += expected
        told = load_rates_by_programme_year(session, world.scope, as_of)
        assert {
            (row.cohort, row.started, row.programme_year): [row.attended, row.expected] for row in told.itertuples()
        } == slow
        assert load_rates_by_programme_year(session, NOTHING, as_of).empty
        head = Scope(school_ids=frozenset(each.id for each in world.schools))
        assert load_rates_by_programme_year(session, head, as_of).empty


def fill(session: Session) -> None:
    """Two clusters of two programmes' cohorts "2015", one without a cohort, one without a start."""
    for number, (began, cohort) in enumerate(
        ((date(2015, 9, 1), True), (date(2015, 9, 1), True), (date(2016, 6, 1), False), (None, False))
    ):
        under = put.programme(session, f"Programme {'AB'[number % 2]}")
        cluster = put.cluster(session, f"Cluster {number}", under=under)
        cluster.starts = began
        if cohort:
            cluster.cohort_id = put.put(session, Cohort(programme_id=under.id, name="2015")).id
        school = put.school(session, f"School {number}", within=cluster)
        put.meeting(session, cluster, date(2015, 10, 1), **{f"school_{number}": Mark.PRESENT})
        put.meeting(session, cluster, date(2016, 10, 1), illustrative=True, **{f"school_{number}": Mark.PRESENT})
        at = put.meeting(session, cluster, date(2016, 11, 1))
        put.mark(session, at, school, Mark.ABSENT, illustrative=number == 0)
    session.flush()


def picture(store: Store) -> CohortPicture:
    with taken_back(store) as session:
        fill(session)
        assert session.query(Meeting).count() == 12
        return load_cohorts(session, VIEW)


def test_cohorts_of_one_name_are_told_apart_and_clusters_without_one_stand_by_their_start(store: Store) -> None:
    told = picture(store)
    assert sorted(told.cohorts) == ["2015, Programme A", "2015, Programme B", "Began in 2015-16"]
    assert told.totals == {1: (3, 3), 2: (3, 6)}
    assert told.unknown == 1
    assert PROGRAMME_YEARS.headline(told, VIEW) == (
        "Schools came 100 % of the times in year 1 of their programme and 50 % in year 2."
    )
    assert list(PROGRAMME_YEARS.measure(told, VIEW)) == [
        "Attendance by year of the programme, three cohorts; n is the number of clusters.",
        "One cluster without a start is left out.",
    ]
    assert PROGRAMME_YEARS.made_up(told) == (True, False)
    table = PROGRAMME_YEARS.table(told).set_index("Cohort")
    assert table.loc["2015, Programme A", "Year 2"] == "50 % (1 of 2), one cluster, illustrative"
    assert not PROGRAMME_YEARS.is_empty(told)


def row(year: int, attended: int = 3, expected: int = 4) -> dict[str, Any]:
    return {"programme_year": year, "attended": attended, "expected": expected, "clusters": 1200, "illustrative": 0,
            "marks": expected}  # fmt: skip


def test_a_tile_for_each_cohort_and_year_and_a_gap_where_there_is_no_mark() -> None:
    told = CohortPicture({"<2015>": {1: row(1), 2: row(2, 0)}, "2016": {1: row(1, 4)}}, 0)
    (tiles,) = PROGRAMME_YEARS.draw(told, Look()).data
    assert [list(each) for each in tiles.z] == [[0.75, 0.0], [1.0, None]]
    assert [list(each) for each in tiles.text] == [["75 %<br>n 1,200", "0 %<br>n 1,200"], ["100 %<br>n 1,200", ""]]
    assert tiles.customdata[0][0] == "‹2015›, year 1: 75 % (3 of 4) of 1,200 clusters"
    narrow = PROGRAMME_YEARS.draw(told, Look(narrow=True))
    assert [each.text for each in narrow.layout.annotations] == ["‹2015›", "2016"]


def test_later_years_are_in_the_table_alone() -> None:
    told = CohortPicture({"2010": {at: row(at) for at in range(1, 9)}}, 0)
    figure = PROGRAMME_YEARS.draw(told, Look())
    assert list(figure.layout.xaxis.ticktext)[-1] == "Year 6"
    assert "Year 8" in PROGRAMME_YEARS.table(told).columns
    assert PROGRAMME_YEARS.measure(told, VIEW)[-1] == "Years after the 6th are in the table."


@pytest.mark.parametrize("cohorts", [{}, {"2015": {2: row(2)}}])
def test_fewer_than_two_years_are_no_axis(cohorts: Any) -> None:
    assert PROGRAMME_YEARS.is_empty(CohortPicture(cohorts, 0))
    assert "not two years" in PROGRAMME_YEARS.empty(VIEW).title


def shown(store: Store, search: str) -> str:
    place, reader = find_place("/"), Reader("A director", (Grant(Role.DIRECTOR),))
    assert place is not None
    visit = Visit(reader, place.scope(reader), AS_OF, "/", choices_of(search), Look())
    with store.reading() as session:
        page = place.build(session, visit)
    return str(page.content) if page else ""


def test_the_overview_shows_it_when_it_is_asked_for(store: Store) -> None:
    with store.writing() as session:
        fill(session)
    plain, asked = shown(store, "?year=2016-17"), shown(store, "?year=2016-17&by=programme-year")
    assert "overview-programme-years" not in plain
    assert "/?by=programme-year&year=2016-17" in plain
    assert "overview-programme-years" in asked
    assert "Close the years of the programme" in asked
