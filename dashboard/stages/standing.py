"""Where a cluster stands on its way through its programme. Pure: no store, no clock.

A stage is done, current or still to come by the times recorded for the cluster; where none is, by the programme years
that lie in it. Stages may overlap (year 4 lies in two, 3.15), so more than one may be current.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.academic_year import AcademicYear
from dashboard.half_terms import HalfTerm
from dashboard.stages.words import Standing


@dataclass(frozen=True)
class Time:
    """A time in a stage, first and last day included; nothing is known of a date that is missing."""

    starts: date | None
    ends: date | None
    number: int = 0
    """By which it is changed."""


@dataclass(frozen=True)
class Stage:
    """One stage of a cluster's programme with the times that the cluster spent in it."""

    stage_id: int
    name: str
    times: tuple[Time, ...] = ()
    words: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    programme: str = ""
    is_present: bool = True
    """Whether it is of the programme that the cluster belongs to now."""


def programme_year(started: date | None, today: date) -> int | None:
    """The how-manieth year of the programme it is (3.16): 1 for the academic year of the start; 0 or less before it."""
    return None if started is None else AcademicYear.of(today).start - AcademicYear.of(started).start + 1


def years_of_agreement(started: date | None, ends: date | None) -> int | None:
    """How many academic years the agreement covers, counted from the start."""
    counted = programme_year(started, ends) if started and ends else None
    return counted if counted is not None and counted > 0 else None


def standing_of(stage: Stage, year: int | None, today: date) -> Standing:
    """Where the cluster stands with one stage in programme year `year`: by its recorded times, else by the years."""
    if stage.times:
        return _by_times(stage.times, today)
    first, last = stage.first_year, stage.last_year
    if not stage.is_present or year is None or (first is None and last is None):
        return Standing.NOT_KNOWN
    if last is not None and year > last:
        return Standing.DONE
    if first is None:
        return Standing.NOT_KNOWN  # it is not over, and when it begins nobody says
    return Standing.CURRENT if year >= first else Standing.TO_COME


def _by_times(times: Iterable[Time], today: date) -> Standing:
    """Current if any time covers the day; else to come if one begins later; else done if any has an end."""
    known = [each for each in times if each.starts or each.ends]
    if any((each.starts or date.min) <= today <= (each.ends or date.max) for each in known):
        return Standing.CURRENT
    if any(each.starts and each.starts > today for each in known):
        return Standing.TO_COME
    return Standing.DONE if known else Standing.NOT_KNOWN


def gates_of(stages: Sequence[Stage], standings: Sequence[Standing]) -> list[Stage]:
    """The stages whose gate is before the cluster: the current ones, else the last that is done. Of the last stage of
    all there is none.
    """
    leading_on = [
        (stage, standing) for stage, standing in zip(stages, standings, strict=True) if leads_on(stages, stage)
    ]
    current = [stage for stage, standing in leading_on if standing is Standing.CURRENT]
    done = [stage for stage, standing in leading_on if standing is Standing.DONE]
    return current or done[-1:]


def leads_on(stages: Sequence[Stage], stage: Stage) -> bool:
    """Whether another stage of the cluster's programme comes after one."""
    return stage.is_present and stage is not [each for each in stages if each.is_present][-1]


@dataclass(frozen=True)
class Countdown:
    """How far it is to the end of the agreement."""

    ends: date | None
    today: date
    school_weeks: int | None = None
    """Those left, this one included; None where too much of the calendar is needed to say so."""
    assumed: bool = False
    """Whether some of the half terms are the usual ones because nobody entered any."""

    @property
    def days(self) -> int | None:
        """Days left: 0 on the last day itself, less than that afterwards."""
        return (self.ends - self.today).days if self.ends else None


MOST_YEARS = 6
"""Of so many academic years the school weeks are counted; further ahead nobody asks for weeks."""


def years_between(today: date, ends: date | None) -> list[AcademicYear]:
    """The academic years whose weeks lie between two days; none where it is over, not known or too far away."""
    if ends is None or ends < today:
        return []
    first, last = AcademicYear.of(today).start, AcademicYear.of(ends).start
    return [] if last - first >= MOST_YEARS else [AcademicYear(start) for start in range(first, last + 1)]


def count_down(today: date, ends: date | None, half_terms: Sequence[HalfTerm]) -> Countdown:
    """The countdown; `half_terms` are those of the years between. A school week is left until its Friday is over."""
    if not years_between(today, ends) or ends is None:
        return Countdown(ends, today)
    mondays = {monday for each in half_terms for monday in each.weeks()}
    left = [monday for monday in mondays if (today - monday).days <= _FRIDAY and monday <= ends]
    return Countdown(ends, today, len(left), any(each.assumed for each in half_terms))


_FRIDAY = 4
