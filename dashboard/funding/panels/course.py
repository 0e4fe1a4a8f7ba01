"""How the year's money goes, and where it is heading."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.directory.calendar import load_calendars
from dashboard.directory.view import View
from dashboard.funding import queries
from dashboard.funding.figures.course import draw_course, key_of
from dashboard.funding.forecast import Course, Forecast, Spending, forecast
from dashboard.funding.panels.shared import in_totals, money_at
from dashboard.funding.sentences import say_course, say_how, say_range
from dashboard.half_terms import HalfTerm, half_terms_of
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.vocabulary import Pot
from dashboard.wording import day, money


def load_course(session: Session, view: View) -> Course:
    """The course of the money that the lead school holds in the view's year."""
    cluster_id = view.cluster.id if view.cluster else -1
    calendars = load_calendars(session, view.scope, view.cluster_years)
    half_terms = calendars.get((cluster_id, view.year.start)) or half_terms_of(view.year)
    ends = [*(term.starts - timedelta(days=1) for term in half_terms[1:]), view.year.ends]
    lines = queries.load_course(session, view.scope, view.cluster_years, ends)
    pots = queries.load_pots(session, view.scope, view.cluster_years, view.rule_sets)
    held = pots[pots["pot"] == Pot.LEAD_HELD]
    spending = _spending(lines, view.as_of, half_terms if in_totals(view) else None)
    return Course(
        view.year,
        view.as_of,
        int(held["brought_forward"].sum() + held["allocated"].sum()),
        spending,
        forecast(spending, half_terms, view.year, view.as_of),
        in_totals(view),
        int(held["illustrative"].sum()),
        int(held["rows"].sum()),
    )


def _spending(lines: pd.DataFrame, as_of: date, stretches: Sequence[HalfTerm] | None) -> Spending:
    """The rows of `load_course` up to a day. Where only `stretches` are told, what lies in the one that is running
    counts as spent by that day.
    """
    by_day: dict[date, int] = {}
    undated = later = 0
    begun = max((term.starts for term in stretches or () if term.starts <= as_of), default=None)
    running = min((row.day for row in lines.itertuples() if row.day and begun and row.day >= begun), default=None)
    for row in lines.itertuples():
        if row.day is None:
            undated += row.spent
        elif row.day <= as_of or row.day == running:
            by_day[min(row.day, as_of)] = by_day.get(min(row.day, as_of), 0) + row.spent
        else:
            later += row.spent
    return Spending(
        {each: pence for each, pence in by_day.items() if pence}, undated, later, int(lines["committed"].sum())
    )


def _table(course: Course) -> pd.DataFrame:
    """What was spent up to the end of each month, then what has no day, what is committed, and the forecast."""
    months: dict[tuple[int, int], tuple[int, int]] = {}
    for when, total in course.running.items():
        before = months.get((when.year, when.month), (0, 0))[0]
        months[when.year, when.month] = before + course.spending.by_day[when], total
    rows = [
        (f"{date(year, month, 1):%B %Y}", money(spent), money(total))
        for (year, month), (spent, total) in months.items()
    ]
    spending, running = course.spending, sum(course.spending.by_day.values())
    for words, amount in (
        ("Without a day", spending.undated),
        (f"Dated after {day(course.as_of)}", spending.later),
        ("Committed", spending.committed),
    ):
        if amount:
            running += amount
            rows.append((words, money(amount), money(running)))
    rows.append(("Left", "–", money(course.left)))
    if isinstance(course.ahead, Forecast):
        rows.append((f"Forecast to {day(course.year.ends)}", "–", say_range(course.ahead)))
    table = pd.DataFrame(rows, columns=["When", "Amount", "Sum"])
    made = "illustrative" if course.illustrative == course.lines else "partly illustrative"
    return table.assign(Figures=made) if course.illustrative else table


def _figures(course: Course, view: View) -> list[ShownFigure]:
    """All of the money that the lead school holds; a forecast is worked out, and its rows say how."""
    spending = course.spending
    told = [
        ("Spent", money(spending.so_far + spending.later), "spent"),
        (f"Spent by {day(course.until)}", money(spending.so_far), "so-far"),
        ("Available", money(course.available), "available"),
        ("Left", money(course.left), "left"),
        ("Committed", money(spending.committed), "committed"),
        ("Spent and committed", money(spending.bound), "bound"),
        *([("Spent, without a day", money(spending.undated), "undated")] if spending.undated else []),
        *([(f"Spent, dated after {day(course.as_of)}", money(spending.later), "later")] if spending.later else []),
        *(
            [(f"Forecast to {day(course.year.ends)}", say_range(course.ahead), "forecast")]
            if isinstance(course.ahead, Forecast)
            else []
        ),
    ]
    return [ShownFigure(label, value, "", money_at(view, Pot.LEAD_HELD, foot)) for label, value, foot in told]


COURSE = Panel(
    id="funding-course",
    title="The year’s course",
    load=load_course,
    is_empty=lambda course: not course.lines,
    headline=lambda course, _view: say_course(course),
    measure=lambda course, _view: (
        f"Spent day by day in {course.year} of the {money(course.available)} that the lead school holds, net of VAT.",
        *say_how(course),
    ),
    draw=draw_course,
    key=key_of,
    table=_table,
    made_up=lambda course: (course.illustrative > 0, course.illustrative == course.lines),
    flags=lambda _course, _view: (),
    empty=lambda view: Message(
        f"The lead school holds no money in {view.year}.",
        "Its course shows here once an allocation or a line of the ledger is recorded.",
        other_years=True,
    ),
    explain=(
        "The line adds up what is invoiced or paid by the day of each line; what is committed stands on top of it on "
        "the last day. The faint line is the straight course: the same each day, to all that is available by 31 "
        "August. The forecast takes what was spent so far by school weeks gone, over the school weeks left; its "
        "range takes the slowest and the fastest half term so far. It is never below what is spent and committed. "
        "There is none before two half terms have three weeks behind them, none after the year, and none where most "
        "lines have no day."
    ),
    figures=_figures,
)  # fmt: skip
"""Spent against available through one year, with a forecast."""
