"""When engagement asks for a look, and the sentence that says why. Pure: rows in, flags out.

Each flag carries its rule in words with the programme's numbers and the source, the figure that was held against it,
and the rows that the figure is made of. A flag is a prompt to ask, never a verdict, and names no colleague (3.14).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from dashboard.academic_year import AcademicYear
from dashboard.flags import Flag
from dashboard.half_terms import HalfTerm
from dashboard.rules import RuleSet
from dashboard.vocabulary import EXPECTED_MARKS, Mark, MeetingKind, Severity
from dashboard.wording import amid, counted, day, sentence, share_of

Row = Mapping[str, Any]
HALF_TERMLY: Final = "half_termly"
"""The word of the rule `steering_group_cadence` (1.2)."""


@dataclass(frozen=True)
class Signs:
    """What besides the marks tells how one cluster gets on in one year. The rows are those of `dashboard.engagement.
    signs`; `size` is that of `load_sizes`.
    """

    cluster_id: int
    size: Any
    half_terms: Sequence[HalfTerm] = ()
    steering: Sequence[date] = ()
    """The days of the steering group's meetings in the year, also those to come."""
    sabbaticals: Sequence[Any] = ()
    regulars: Sequence[Any] = ()
    changes: Sequence[Any] = ()


# One school: from its marks.


def flag_school(school: Any, rules: RuleSet, called: str | None = None, marks: Sequence[Row] = ()) -> Iterator[Flag]:
    """The flags of one row of `load_attendance_by_school`, the most pressing first.

    low_attendance (3.11): attended at most so many of at least so many expected meetings. no_recent_attendance: missed
    the last so many expected meetings. not_recorded: a past meeting has no mark, which is not an absence. `called` is
    what the sentence calls the school; its name unless told otherwise. `marks` are the rows behind it (`rows_of`).
    """
    name = called or school.name
    at_most, of_at_least = rules.count("low_attendance_at_most"), rules.count("low_attendance_of_at_least")
    missed = rules.count("no_recent_attendance_missed")
    expected = [row for row in marks if row["mark"] in EXPECTED_MARKS]
    if (
        at_most is not None
        and of_at_least is not None
        and school.expected >= of_at_least
        and school.attended <= at_most
    ):
        yield Flag(
            "low_attendance",
            Severity.ACT,
            f"{name} came to {school.attended} of {school.expected} meetings",
            school.school,
            f"A school that came to {at_most} or fewer of at least {of_at_least} meetings at which it was expected, "
            "itself or by a substitute (3.11).",
            {"attended": school.attended, "expected": school.expected, "at_most": at_most, "of_at_least": of_at_least},
            expected,
        )
    if missed and school.missed_in_a_row >= missed:
        yield Flag(
            "no_recent_attendance",
            Severity.LOOK,
            f"{name} missed the last {counted(school.missed_in_a_row, 'meeting')} at which it was expected",
            school.school,
            f"A school that missed the last {counted(missed, 'meeting')} at which it was expected, or more (a rule of "
            "this dashboard). Apologies count as missed; a meeting without a mark does not.",
            {"missed_in_a_row": school.missed_in_a_row, "at_least": missed},
            expected[-school.missed_in_a_row :],
        )
    if school.not_recorded:
        yield Flag(
            "not_recorded",
            Severity.INFO,
            f"{name} has no mark for {counted(school.not_recorded, 'past meeting')}",
            school.school,
            "A past meeting at which the school was expected has no mark. That is no absence: it stays out of every "
            "rate until somebody fills it in.",
            {"not_recorded": school.not_recorded},
            [row for row in marks if row["mark"] == Mark.NOT_RECORDED],
        )


def rows_of(marks: pd.DataFrame) -> Mapping[str, Sequence[Row]]:
    """The marks of `load_marks` by school, as the rows behind its flags: meeting, kind, mark."""
    rows: dict[str, list[Row]] = {}
    for each in marks.itertuples():
        told = {"meeting": each.held_on.isoformat(), "kind": str(each.kind), "mark": str(each.mark)}
        rows.setdefault(each.school, []).append(told)
    return rows


def flag_schools(
    attendance: pd.DataFrame,
    rules: RuleSet,
    called: str | None = None,
    marks: Mapping[str, Sequence[Row]] | None = None,
) -> list[Flag]:
    """The flags of every school of one cluster from its marks, in the order of the rows."""
    behind = marks or {}
    return [
        flag
        for school in attendance.itertuples()
        for flag in flag_school(school, rules, called, behind.get(school.school, ()))
    ]


# One school: from what else is known.


def flag_signs_of_schools(signs: Signs, as_of: date, rules: RuleSet, called: str | None = None) -> Iterator[Flag]:
    """sabbatical_review (3.6): nobody looked again at a sabbatical when that was due. consistency (0.10): other
    people each time. induction_due (3.8): a new lead who is not yet known to be up to speed.
    """
    for row in signs.sabbaticals:
        yield from _sabbatical_review(row, called or row.name, as_of)
    for row in signs.regulars:
        yield from _consistency(row, called or row.name, rules)
    for row in signs.changes:
        yield from _induction_due(row, called or row.name, as_of, rules)


def _sabbatical_review(row: Any, name: str, as_of: date) -> Iterator[Flag]:
    over = row.ends_on is not None and row.ends_on < as_of
    if row.reviewed_on is not None or over:
        return
    whose = "A colleague of " + name if row.of_a_person else sentence(name)
    statement = (
        "A sabbatical is for a set period and is looked at again on its review date (3.6). Meetings during it count "
        "for nobody and against nobody."
    )
    figure = {
        "since": row.happened_on.isoformat(),
        "until": row.ends_on and row.ends_on.isoformat(),
        "review_on": row.review_on and row.review_on.isoformat(),
    }
    if row.review_on is not None and row.review_on < as_of:
        late = (as_of - row.review_on).days
        told = f"{whose} is on sabbatical; its review was due on {day(row.review_on)}"
        figure["days_overdue"] = late
    elif row.review_on is None and row.ends_on is None:
        told = f"{whose} is on sabbatical since {day(row.happened_on)}, without an end and without a review date"
    else:
        return
    yield Flag("sabbatical_review", Severity.LOOK, told, row.school, statement, figure, (figure,))


def _consistency(row: Any, name: str, rules: RuleSet) -> Iterator[Flag]:
    least, of_at_least = rules.count("consistency_least"), rules.count("consistency_of_at_least")
    if not least or not of_at_least or row.meetings < of_at_least:
        return
    followed = row.meetings - 1
    figure = {"meetings": row.meetings, "people": row.people, "again": row.again}
    if followed and row.again * 100 < least * followed:
        yield Flag(
            "consistency",
            Severity.LOOK,
            f"{sentence(name)} sent {counted(row.people, 'colleague')} to {counted(row.meetings, 'meeting')}; somebody "
            f"who had been there before came to {row.again} of the {followed} after the first",
            row.school,
            f"Where names are kept of at least {of_at_least} meetings, somebody who had been there before in the year "
            f"should come to {least} % or more of those after the first: what is learnt together needs the same people "
            "(0.10). More than two from a school are welcome, and colleagues who share a role may take turns (0.13).",
            figure | {"of": followed, "least_percent": least},
            (figure,),
        )


def _induction_due(row: Any, name: str, as_of: date, rules: RuleSet) -> Iterator[Flag]:
    weeks = rules.count("induction_weeks")
    if not weeks or row.inducted_on is not None:
        return
    due = row.starts + timedelta(weeks=weeks)
    figure = {"since": row.starts.isoformat(), "due": due.isoformat(), "weeks": weeks}
    late = due < as_of
    yield Flag(
        "induction_due",
        Severity.LOOK if late else Severity.INFO,
        f"{sentence(name)} has a new lead since {day(row.starts)}; an induction {'was' if late else 'is'} due by "
        f"{day(due)} and none is on record",
        row.school,
        f"Whoever takes over is brought up to speed within {counted(weeks, 'week')} (3.8), and the day is noted.",
        figure,
        (figure,),
    )


# The whole cluster.


@dataclass(frozen=True)
class Behind:
    """What the flags of a whole cluster are made of, where it was read."""

    meetings: Sequence[Row] = ()
    """The past cluster meetings: meeting, kind, time ("in school time", "after school" or "not said")."""
    schools: Sequence[Row] = ()
    """The member schools: school."""

    @classmethod
    def of(cls, marks: pd.DataFrame, attendance: pd.DataFrame) -> "Behind":
        """From the frames of `load_marks` and `load_attendance_by_school`."""
        held = marks[marks["kind"] == MeetingKind.CLUSTER].drop_duplicates("meeting_id").sort_values("held_on")
        times = {True: "in school time", False: "after school", None: "not said"}
        return cls(
            [
                {"meeting": each.held_on.isoformat(), "kind": str(each.kind), "time": times[each.in_school_time]}
                for each in held.itertuples()
            ],
            [{"school": name} for name in attendance["name"]],
        )


_NOT_READ: Final = Behind()


def flag_cluster(
    cluster: str,
    name: str,
    year: AcademicYear,
    as_of: date,
    rules: RuleSet,
    signs: Signs,
    behind: Behind = _NOT_READ,
) -> Iterator[Flag]:
    """The flags of one cluster, named by slug and name, in a year.

    too_few_meetings (4.18): fewer are recorded than the programme asks for. A look while the year can still reach
    them and they lag behind an even course; action when it no longer can. missed_half_term (1.2): half terms without a
    meeting of the steering group. after_school (4.20): meetings outside released school time. cluster_size (4.1):
    fewer or more schools than have lasted. turnover (3.8): schools whose lead changed.
    """
    about = _About(cluster, name, year, as_of, rules, behind)
    yield from _too_few_meetings(about, signs.size)
    yield from _missed_half_term(about, signs)
    yield from _after_school(about, signs.size)
    yield from _cluster_size(about, signs.size)
    yield from _turnover(about, signs)


@dataclass(frozen=True)
class _About:
    cluster: str
    name: str
    year: AcademicYear
    as_of: date
    rules: RuleSet
    behind: Behind


def _too_few_meetings(about: _About, size: Any) -> Iterator[Flag]:
    year, as_of, least = about.year, about.as_of, about.rules.count("meetings_minimum")
    if least is None or size.held >= least:
        return
    told = f"{about.name} has {counted(size.held, 'cluster meeting')} recorded in {year}; at least {least} were agreed"
    if least - size.held > weeks_left(year, as_of):
        severity, told = Severity.ACT, f"{told}, and the year can no longer reach them"
    elif size.held < least * _gone(year, as_of):
        to_come = f" ({counted(size.planned, 'is', 'are')} planned)" if size.planned else ""
        severity, told = Severity.LOOK, f"{told}, and the year can still reach them{to_come}"
    else:
        return
    figure = {"held": size.held, "planned": size.planned, "least": least, "weeks_left": weeks_left(year, as_of)}
    yield Flag(
        "too_few_meetings", severity, told, about.cluster,
        f"A cluster meets at least {counted(least, 'time')} in the academic year (4.18). It asks for a look while "
        "fewer were held than an even course from September to July would have, and for action when fewer weeks are "
        "left than meetings.",
        figure, about.behind.meetings or (figure,),
    )  # fmt: skip


def _missed_half_term(about: _About, signs: Signs) -> Iterator[Flag]:
    if about.rules.text("steering_group_cadence") != HALF_TERMLY:
        return
    over = [each for each in signs.half_terms if each.ends < about.as_of]
    rows = [_half_term_row(each, _until(each, signs.half_terms), signs.steering) for each in over]
    missed = [row["half_term"] for row in rows if not row["meetings"]]
    if not missed:
        return
    assumed = " The usual course of a school year was assumed." if any(each.assumed for each in over) else ""
    yield Flag(
        "missed_half_term",
        Severity.LOOK if len(missed) < len(rows) else Severity.INFO,
        f"The steering group of {amid(about.name)} has no meeting on record in {len(missed)} of {len(rows)} half terms",
        about.cluster,
        f"The steering group meets once in every half term (1.2). Only half terms that are over count; a meeting in "
        f"the holiday after one counts for it.{assumed}",
        {"missed": len(missed), "half_terms": len(rows)},
        rows,
    )


def _until(half_term: HalfTerm, all_of_them: Sequence[HalfTerm]) -> date:
    """The last day that counts for a half term: the one before the next begins."""
    later = [each.starts for each in all_of_them if each.starts > half_term.starts]
    return min(later) - timedelta(days=1) if later else max(half_term.ends, date(half_term.ends.year, 8, 31))


def _half_term_row(half_term: HalfTerm, until: date, days: Sequence[date]) -> Row:
    met = [each.isoformat() for each in days if half_term.starts <= each <= until]
    return {"half_term": half_term.name, "from": half_term.starts.isoformat(), "to": until.isoformat(), "meetings": met}


def _after_school(about: _About, size: Any) -> Iterator[Flag]:
    most, known = about.rules.count("after_school_most"), size.in_school + size.after_school
    if not about.rules.yes("in_school_time_expected") or most is None or size.after_school * 100 <= most * known:
        return
    unknown = size.held - known
    left_out = f"; of {counted(unknown, 'other')} nobody said" if unknown else ""
    figure = {
        "after_school": size.after_school, "in_school_time": size.in_school, "not_said": unknown, "most_percent": most,
    }  # fmt: skip
    yield Flag(
        "after_school",
        Severity.LOOK,
        f"{about.name} met after school at {size.after_school} of {known} cluster meetings{left_out}",
        about.cluster,
        f"Meetings are expected in released school time: after school there is less time and less comes of it (4.20). "
        f"It asks for a look where more than {most} % of the meetings of which it is known were after school.",
        figure,
        about.behind.meetings or (figure,),
    )


def _cluster_size(about: _About, size: Any) -> Iterator[Flag]:
    least, most = about.rules.count("cluster_size_min"), about.rules.count("cluster_size_max")
    if size.schools and least is not None and most is not None and not least <= size.schools <= most:
        figure = {"schools": size.schools, "least": least, "most": most}
        schools = counted(size.schools, "school")
        yield Flag(
            "cluster_size",
            Severity.LOOK,
            f"{about.name} has {schools} on record; groups of {least} to {most} have lasted best",
            about.cluster,
            f"Groups of {least} to {most} schools have been the most successful (4.1).",
            figure,
            about.behind.schools or (figure,),
        )


def _turnover(about: _About, signs: Signs) -> Iterator[Flag]:
    most = about.rules.count("turnover_most")
    changed = sorted({row.name for row in signs.changes if AcademicYear.of(row.starts) == about.year})
    leads = max((row.schools_with_leads for row in signs.changes), default=0)
    if most is None or not changed or len(changed) * 100 <= most * leads:
        return
    yield Flag(
        "turnover",
        Severity.LOOK,
        f"{sentence(share_of(len(changed), leads, 'school'))} with a lead on record changed it in {about.year}",
        about.cluster,
        f"A change of lead costs a school time (3.8). It asks for a look where more than {most} % of the schools with "
        "a lead on record changed theirs in the year.",
        {"changed": len(changed), "schools": leads, "most_percent": most},
        [
            {"school": row.school, "since": row.starts.isoformat()}
            for row in signs.changes
            if AcademicYear.of(row.starts) == about.year
        ],
    )


def _last_day(year: AcademicYear) -> date:
    """The last day on which schools meet: in August nobody does."""
    return date(year.start + 1, 7, 31)


def weeks_left(year: AcademicYear, as_of: date) -> int:
    """Whole weeks in which a cluster can still meet, once in each."""
    return max((_last_day(year) - max(as_of, year.starts)).days, 0) // 7


def _gone(year: AcademicYear, as_of: date) -> float:
    """The share of the time for meetings that is over, 0–1."""
    whole, over = (_last_day(year) - year.starts).days, (as_of - year.starts).days
    return min(max(over / whole, 0), 1)
