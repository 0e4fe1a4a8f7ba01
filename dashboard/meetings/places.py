"""The cluster and the academic year that an address is about."""

from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object
from dashboard.directory.queries import ClusterFacts, find_whole_cluster, years_with_data
from dashboard.web.asked import named_year
from dashboard.web.context import the_scope, the_store
from dashboard.web.door import not_there


@dataclass(frozen=True)
class Place:
    """A cluster in a year, and the years that can be chosen, newest first."""

    cluster: ClusterFacts
    year: AcademicYear
    years: tuple[AcademicYear, ...]


def today() -> date:
    """The day on which the page is asked for."""
    return date.today()


def find_place(slug: str) -> Place:
    """What the address is about; else the same answer for a cluster out of reach as for one that is not there."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_whole_cluster(reading, the_scope(), slug)
        known = years_with_data(reading, the_scope(), cluster.id) if cluster else []
    if cluster is None:
        nowhere(slug)
    now = AcademicYear.of(today())
    chosen = named_year() or now
    years = sorted({*known, now, AcademicYear(now.start + 1), chosen}, reverse=True)
    return Place(cluster, chosen, tuple(years))


def nowhere(slug: str) -> NoReturn:
    """Nothing is there, or nothing that is the reader's."""
    not_there(Action.EDIT, Object.REGISTER, slug)
