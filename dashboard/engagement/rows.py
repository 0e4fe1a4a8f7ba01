"""The rows beneath the attendance figures of a cluster: marks, and what they come to by meeting, school and term.

The queries are those of the panels, with the same scope, so that the foot says what the panels say. Who sees only
totals of a cluster gets the marks of the own school, and of all schools together what each meeting came to (R.4).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear, Term
from dashboard.directory.tenure import load_tenure
from dashboard.directory.view import View
from dashboard.engagement import queries
from dashboard.engagement.figures import WORDS, register_address, tile_of
from dashboard.engagement.flags import flag_schools, rows_of
from dashboard.engagement.sentences import DRIFTING, say_rate, say_term
from dashboard.marks import MEETING_WORDS
from dashboard.ui.rows import Column, Row, Sheet, Table, WorkedOut, counts, provenance, real_or_not, rows_at
from dashboard.vocabulary import ATTENDED_MARKS, EXPECTED_MARKS, Mark, MeetingKind
from dashboard.wording import amid, counted, day, sentence, share

_MARKS: Final = counts(expected="Expected", came="Came", missing="Not recorded")
_RATE: Final = Column("rate", "Rate")


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `by` is "" for single marks, else what they are added up by."""

    by: str = ""
    school: str | None = None
    """Of this school alone."""
    without: str | None = None
    """Of all schools but this."""
    meeting: int | None = None
    term: Term | None = None


BY: Final = ("", "meeting", "school", "term", "lead")


def load_rows(session: Session, view: View, asked: Asked) -> Sheet | None:
    """The rows that are asked for; None where there are none that the reader may see."""
    load = {"": _marks, "meeting": _meetings, "school": _schools, "term": _terms, "lead": _leads}[asked.by]
    return load(session, view, asked)


def _rate_of(came: int, expected: int) -> WorkedOut:
    return WorkedOut("rate", "Attendance", say_rate(came, expected), "Came out of expected.")


def _sums(rows: list[dict[str, Any]]) -> tuple[int, int]:
    return sum(row["came"] for row in rows), sum(row["expected"] for row in rows)


def _sheet(view: View, table: Table, *notes: str, told: str = "") -> Sheet:
    name = view.cluster.name if view.cluster else ""
    foot = table.foot
    headline = told or f"Attendance {say_rate(foot['came'], foot['expected'])}."
    return Sheet(f"Attendance of {amid(name)}, {view.year}" if name else "Attendance", headline, [table], notes=notes)


# ------------------------------------------------------------------------------------------------ school by meeting
def _marks(session: Session, view: View, asked: Asked) -> Sheet | None:
    marks = queries.load_marks(session, view.scope, view.cluster_years, view.as_of)
    rows = [row for row in marks.itertuples() if _is_asked_for(row, asked)]
    if not rows:
        return None
    told = [_mark(row, view) for row in rows]
    meetings = len({row.meeting_id for row in rows})
    table = Table(
        f"{sentence(counted(len({row.school_id for row in rows}), 'school'))} at {counted(meetings, 'meeting')}",
        (Column("school", "School"), Column("meeting", "Meeting"), Column("mark", "Mark"), *_MARKS),
        told,
        within="school" if asked.meeting is None else "",
        worked_out=(
            _rate_of(*_sums(told)),
            WorkedOut("meetings", "Meetings", f"{meetings:,}", "Each counts once, whoever came."),
        ),
    )
    return _sheet(view, table, *_whose(view))


def _whose(view: View) -> Iterator[str]:
    yield "A substitute counts as having come. A mark that is not recorded is no absence: it is in no rate."
    if view.cluster is not None and not view.cluster.whole:
        yield (
            "Here stand the marks of your school and of those that keep an open book with it. Single marks of other "
            "schools are theirs; what a meeting came to in all is in the rows by meeting."
        )


def _is_asked_for(row: Any, asked: Asked) -> bool:
    return (
        asked.school in (None, row.school)
        and asked.without != row.school
        and asked.meeting in (None, row.meeting_id)
        and asked.term in (None, Term.of(row.held_on))
    )


def _mark(row: Any, view: View) -> dict[str, Any]:
    return {
        "school": row.name, "meeting": _called(row.held_on, row.kind), "mark": WORDS[tile_of(row.mark, row.away)],
        "expected": int(row.mark in EXPECTED_MARKS), "came": int(row.mark in ATTENDED_MARKS),
        "missing": int(row.mark is Mark.NOT_RECORDED),
        "href": register_address(row.meeting_id) if view.keeps_registers else None,
        "figures": real_or_not(row.illustrative and row.mark is not Mark.NOT_EXPECTED),
    }  # fmt: skip


def _called(held_on: Any, kind: Any) -> str:
    return f"{day(held_on)}, {MEETING_WORDS[MeetingKind(kind)]}"


# ------------------------------------------------------------------------------------------------------- by meeting
def _meetings(session: Session, view: View, asked: Asked) -> Sheet | None:
    turnout = queries.load_turnout(session, view.scope, view.cluster_years, view.as_of)
    whole = view.cluster is not None and view.cluster.whole
    rows = [
        {
            "meeting": _called(row.held_on, row.kind), **_totals(row), "meetings": 1,
            "href": rows_at(view, "attendance", meeting=row.meeting_id) if whole else None,
        }
        for row in turnout.itertuples()
        if asked.meeting in (None, row.meeting_id) and asked.term in (None, Term.of(row.held_on))
    ]  # fmt: skip
    if not rows:
        return None
    table = Table(
        sentence(counted(len(rows), "meeting")),
        (Column("meeting", "Meeting"), *counts(meetings="Meetings"), *_MARKS, _RATE),
        rows,
        worked_out=(_rate_of(*_sums(rows)),),
    )
    left_out = () if whole else ("A meeting is left out where its total would name a school.",)
    return _sheet(view, table, "A substitute counts as having come.", *left_out)


def _totals(row: Any) -> dict[str, Any]:
    """What a row of totals comes to."""
    return {
        "expected": int(row.expected), "came": int(row.attended), "missing": int(row.not_recorded),
        "rate": say_rate(int(row.attended), int(row.expected)),
        "figures": provenance(int(row.illustrative), int(row.marks)),
    }  # fmt: skip


# -------------------------------------------------------------------------------------------------------- by school
def _schools(session: Session, view: View, asked: Asked) -> Sheet | None:
    years = view.cluster_years
    every = queries.load_attendance_by_school(session, view.scope, years, view.as_of)
    marks = queries.load_marks(session, view.scope, years, view.as_of)
    drifting = {flag.subject for flag in flag_schools(every, view.rules, None, rows_of(marks)) if flag.rule in DRIFTING}
    asked_for = [asked.school in (None, school) and school != asked.without for school in every["school"]]
    rows = [
        {
            "school": row.name, "schools": 1, **_totals(row), "rated": int(row.expected > 0),
            "every": int(row.expected > 0 and row.attended == row.expected),
            "drifting": int(row.school in drifting),
            "href": rows_at(view, "attendance", school=row.school),
        }
        for row in every[asked_for].itertuples()
    ]  # fmt: skip
    if not rows:
        return None
    table = Table(
        sentence(counted(len(rows), "school")),
        (
            Column("school", "School"),
            *counts(schools="Schools"), *_MARKS, _RATE,
            *counts(rated="With a mark", every="Came to all", drifting="Drifting"),
        ),
        rows,
        worked_out=(_rate_of(*_sums(rows)), *_spread(session, view, every, asked)),
    )  # fmt: skip
    return _sheet(view, table, *_whose(view))


def _spread(session: Session, view: View, every: pd.DataFrame, asked: Asked) -> list[WorkedOut]:
    """How the rates of the schools of a cluster that is seen whole lie beside one another."""
    if view.cluster is None or not view.cluster.whole or asked.school is not None:
        return []
    ids = [int(row.school_id) for row in every.itertuples() if row.school == asked.without]
    others = queries.load_others(session, view.scope, view.cluster_years, view.as_of, ids[0] if ids else None)
    if others.empty:
        return []
    told = others.iloc[0].to_dict()
    how = "By the rates of the schools with a mark, a quarter of them, rounded down, left out at either end."
    return [
        WorkedOut("median", "Median of the rates", share(told["median"]), "The school in the middle."),
        WorkedOut("middle-half", "Middle half of the rates", say_span(told["lower"], told["upper"]), how),
        WorkedOut("span", "All rates", say_span(told["lowest"], told["highest"]), "From the lowest to the highest."),
        WorkedOut("others", "Schools with a rate", f"{told['others']:,}"),
    ]


def say_span(first: float | Fraction, last: float | Fraction) -> str:
    """Two shares as a span: "60 % to 100 %"."""
    return f"{share(float(first))} to {share(float(last))}"


# ---------------------------------------------------------------------------------------------------------- by term
def _terms(session: Session, view: View, _asked: Asked) -> Sheet | None:
    terms = queries.load_turnout_by_term(session, view.scope, view.all_years, view.as_of)
    rows = [
        {
            "term": sentence(say_term({"year": row.year, "term": row.term})), "terms": 1,
            "meetings": int(row.meetings), **_totals(row), "href": term_address(view, row.year, row.term),
        }
        for row in terms.itertuples()
    ]  # fmt: skip
    if not rows:
        return None
    table = Table(
        sentence(counted(len(rows), "term")),
        (Column("term", "Term"), *counts(terms="Terms", meetings="Meetings"), *_MARKS, _RATE),
        rows,
        worked_out=(_rate_of(*_sums(rows)),),
    )
    return _sheet(view, table, "All years on record. Terms without a mark are not here.")


def term_address(view: View, year: int, term: Term) -> str:
    """The rows of one term; to who sees totals by meeting."""
    by = None if view.cluster is not None and view.cluster.whole else "meeting"
    return rows_at(view, "attendance", "rate", year=AcademicYear(year), by=by, term=term)


# --------------------------------------------------------------------------------------------------------- by leads
def _leads(session: Session, view: View, _asked: Asked) -> Sheet | None:
    tenure = load_tenure(session, view.scope, view.all_years).drop_duplicates()
    rows: list[Row] = []
    for _, of_one in tenure.groupby("school_id", sort=False):
        most = int(of_one["person_number"].max())
        rows.append(
            {
                "school": of_one["name"].iloc[0], "schools": 1, "leads": most, "several": int(most > 1),
                "figures": real_or_not(any(of_one["illustrative"])),
            }
        )  # fmt: skip
    if not rows:
        return None
    heads = counts(schools="Schools", leads="Leads so far", several="More than one")
    table = Table("Leads of each school", (Column("school", "School"), *heads), rows)
    several, schools = table.foot["several"], table.foot["schools"]
    told = f"{several:,} of {schools:,} schools with a lead on record have had more than one."
    note = "Over all years on record; leads are numbered in turn and not named."
    return _sheet(view, table, note, told=told)


# ------------------------------------------------------------------------------------- clusters by programme year
UNKNOWN: Final = "unknown"


def load_programme_years(
    session: Session, view: View, nth: str | None, cohort: str | None
) -> Sheet | None:  # fmt: skip
    """How often the schools of each cluster came in each year of its programme, for who sees clusters whole."""
    found = queries.load_rates_by_programme_year(session, view.scope, view.as_of, each=True).to_dict("records")
    names = cohort_words(found)
    rows = [
        {
            "cluster": row["name"], "cohort": words, "nth": _nth(row), "came": int(row["attended"]),
            "expected": int(row["expected"]), "rate": say_rate(int(row["attended"]), int(row["expected"])),
            "figures": real_or_not(row["illustrative"]),
        }
        for row, words in zip(found, names, strict=True)
        if nth in (None, _nth(row)) and cohort in (None, words) and (nth or row["programme_year"] is not None)
    ]  # fmt: skip
    if not rows:
        return None
    table = Table(
        f"{sentence(counted(len({row['cluster'] for row in rows}), 'cluster'))} by year of the programme",
        (Column("cluster", "Cluster"), Column("cohort", "Cohort"), Column("nth", "Year of the programme"),
         *counts(expected="Expected", came="Came"), _RATE),
        rows,
        worked_out=(
            _rate_of(*_sums(rows)),
            WorkedOut("clusters", "Clusters", f"{len({row['cluster'] for row in rows}):,}"),
            WorkedOut("cohorts", "Cohorts", f"{len({row['cohort'] for row in rows}):,}"),
        ),
    )  # fmt: skip
    return _sheet(view, table, "A cluster’s first year is the academic year in which it began.")


def _nth(row: Mapping[str, Any]) -> str:
    return UNKNOWN if row["programme_year"] is None else str(int(row["programme_year"]))


def cohort_words(rows: list[dict[str, Any]]) -> list[str]:
    """What the cohort of each row of `load_rates_by_programme_year` is called; with its programme where two have one
    name.
    """
    pairs = [
        (row["cohort"], row["programme"]) if row["cohort"]
        else (f"Began in {AcademicYear(row['started'])}" if row["started"] is not None else "Start not known", None)
        for row in rows
    ]  # fmt: skip
    known = {pair for pair, row in zip(pairs, rows, strict=True) if row["programme_year"] is not None}
    named = [name for name, _ in known]
    return [f"{name}, {programme}" if named.count(name) > 1 else name for name, programme in pairs]
