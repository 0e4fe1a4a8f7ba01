"""The two panels of the headteacher's page that are of no single feature: what waits, and what the cluster did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd
from dash import html
from sqlalchemy.orm import Session

from dashboard.benchmarks.checks import find_contradictions
from dashboard.benchmarks.figures import pair_up
from dashboard.benchmarks.queries import load_answers, load_figures
from dashboard.directory.view import View
from dashboard.funding.panels.pots import Release, load_own_release
from dashboard.headteacher import queries
from dashboard.headteacher.done import Line, lines_of, say_done, sums_of
from dashboard.headteacher.tasks import Facts, Task, list_tasks, say_tasks
from dashboard.plans.panels.own import OwnPlan, load_own_plan
from dashboard.shown_figures import ShownFigure
from dashboard.ui.aria import aria
from dashboard.ui.panel import Message, Panel
from dashboard.ui.rows import rows_at
from dashboard.wording import counted, day, sentence

Loads = Callable[[Session, View], Any]


@dataclass(frozen=True)
class Tasks:
    """What waits for a school on a day."""

    tasks: Sequence[Task]
    as_of: date


def load_tasks(session: Session, view: View, release: Loads = load_own_release, plan: Loads = load_own_plan) -> Tasks:
    """The tasks of the view's school; `release` and `plan` are given where the page has read them already."""
    if view.cluster is None or view.school is None:
        return Tasks((), view.as_of)
    scope, years, own = view.scope, view.cluster_years, view.school.id
    money: Release = release(session, view)
    promised: OwnPlan = plan(session, view)
    meant = view.rules.count("release_half_days")
    facts = Facts(
        school=view.school.slug,
        cluster=view.cluster.slug,
        year=view.year,
        as_of=view.as_of,
        meetings=_rows(queries.load_next_meetings(session, scope, years, view.as_of, own)),
        waiting=_rows(queries.load_waiting(session, scope, years, view.as_of, own)),
        calls=_rows(queries.load_call(session, scope, years, own)) if view.cluster.whole else (),
        targets=_rows(promised.own),
        achieved=promised.achieved,
        questions=_questions(session, view),
        release_left=int(money.pots["remaining"].sum()),
        half_days_left=max(meant - money.half_days, 0) if meant is not None else None,
        uninvoiced_days=view.rules.count("uninvoiced_days"),
    )
    return Tasks(list_tasks(facts), view.as_of)


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples())


def _questions(session: Session, view: View) -> int:
    """How many figures of the school contradict others and have no answer (1.9)."""
    of = view.cluster.id if view.cluster else -1
    figures = load_figures(session, view.scope, view.as_of, cluster_id=of, others=False)
    answers = load_answers(session, view.scope, view.as_of, cluster_id=of, others=False)
    own = [each for each in figures if each.school_id == view.school_id]
    return sum(answer is None for _, answer in pair_up(find_contradictions(own), answers))


MOST_AT_ONCE: Final = 6
"""More are one click away: the first are those that press."""


def show_tasks(found: Tasks) -> html.Div:
    """The tasks as a list. Each says by word, shape and colour how pressing it is, and leads to where it is done."""
    items = [_item(task, found.as_of) for task in found.tasks]
    first, rest = items[:MOST_AT_ONCE], items[MOST_AT_ONCE:]
    shown = html.Ol(first, className="tasks")
    if not rest:
        return html.Div(shown)
    words = f"{sentence(counted(len(rest), 'more', 'more'))}, later or without a date"
    more = html.Details([html.Summary(words), html.Ol(rest, className="tasks", start=str(len(first) + 1))])
    return html.Div([shown, more], className="tasks-and-more")


def state_of(task: Task, as_of: date) -> tuple[str, str, str]:
    """The shape, the word and the look of a task."""
    if task.overdue(as_of):
        return "■", "Overdue", "state-act"
    if task.soon(as_of):
        return "▲", "Soon", "state-look"
    if task.due is None:
        return "○", "No date", "state-info"
    return "●", "Ahead", "state-ok"


def _item(task: Task, as_of: date) -> html.Li:
    symbol, word, look = state_of(task, as_of)
    when: list[Any] = [html.Span([html.Span(symbol, **aria(hidden="true")), f" {word}"], className=f"state {look}")]
    if task.due is not None:
        when += [" ", html.Time(day(task.due), dateTime=task.due.isoformat())]
    step = html.A(task.link, href=task.href, **aria(label=f"{task.link}: {task.title}"))
    return html.Li(
        [
            html.P(when, className="task-when"),
            html.Div(
                [html.H3(task.title), html.P(task.why), html.P(step, className="task-step")], className="task-what"
            ),
        ]
    )


def _tasks_table(found: Tasks) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "When": [day(task.due) if task.due else "no date" for task in found.tasks],
            "State": [state_of(task, found.as_of)[1] for task in found.tasks],
            "What": [task.title for task in found.tasks],
            "Why": [task.why for task in found.tasks],
        }
    )


TASKS = Panel(
    id="school-tasks",
    title="What waits for you",
    load=load_tasks,
    is_empty=lambda found: not found.tasks,
    headline=lambda found, _view: say_tasks(found.tasks, found.as_of),
    measure=lambda found, _view: (f"As of {day(found.as_of)}, the soonest first.",),
    draw=None,
    shows=show_tasks,
    key=lambda _found: (),
    table=_tasks_table,
    made_up=lambda _found: (False, False),
    flags=lambda _found, _view: (),
    empty=lambda _view: Message(
        "No task waits for you.",
        "Meetings, ticks of the plan, contributions and questions to your school show here once there are any.",
    ),
    explain=(
        "The next meetings at which your school is expected; targets for which it leads a group or which wait for its "
        "tick; contributions that are agreed; lines that are not invoiced; release money that is left while the year "
        "goes on; questions that other schools have answered already. A date is one that somebody recorded or a rule "
        "of the programme sets; where there is none, none is made up."
    ),
)
"""One list, soonest first, each with its date, why it is the school's, and the link where it is done."""


@dataclass(frozen=True)
class Done:
    """What the cluster did for a school: the rows of `load_done`, and the lines they are told in."""

    rows: Sequence[Any]
    lines: Sequence[Line]


def load_done(session: Session, view: View) -> Done:
    """Of the view's school in the view's cluster and year."""
    if view.cluster is None or view.school is None:
        return Done((), ())
    rows = _rows(queries.load_done(session, view.scope, view.cluster_years, view.as_of, view.school.id))
    return Done(rows, lines_of(rows, view.cluster.slug, view.school.slug, view.year))


def _done_table(done: Done) -> pd.DataFrame:
    """The lines; which are made up is said where some are."""
    columns = {
        "What": [line.what for line in done.lines],
        "How much": [line.amount for line in done.lines],
        "Where it is from": [line.source for line in done.lines],
    }
    if any(row.illustrative for row in done.rows):
        columns["Figures"] = [line.figures for line in done.lines]
    return pd.DataFrame(columns)


def _done_figures(done: Done, view: View) -> list[ShownFigure]:
    """What the sentence tells, then each line; the lines of the table lead to where they are kept."""
    meetings = rows_at(view, "attendance", "expected", school=view.school.slug if view.school else None)
    beneath = "Its lines stand in the table; each leads to where it is kept."
    told = [
        ShownFigure(
            each.name, each.value, "", meetings if each.of_meetings else "", "" if each.of_meetings else beneath
        )
        for each in sums_of(done.rows)
    ]
    return [*told, *(ShownFigure(line.what, line.amount, "", why=f"From {line.source}.") for line in done.lines)]


DONE = Panel(
    id="school-done",
    title="What the cluster did for us",
    load=load_done,
    is_empty=lambda done: not done.lines,
    headline=lambda done, _view: say_done(done.rows),
    measure=lambda _done, view: (
        f"What is recorded of your school in {view.year}, net of VAT.",
        "This is what was done; what changed because of it stands under impact in the plan.",
    ),
    draw=None,
    key=lambda _done: (),
    table=_done_table,
    made_up=lambda done: (
        any(row.illustrative for row in done.rows), all(row.illustrative >= row.rows for row in done.rows)
    ),
    flags=lambda _done, _view: (),
    empty=lambda view: Message(
        f"Nothing is recorded that the cluster did for your school in {view.year}.",
        "Meetings, money, working groups and projects show here once they are recorded.",
        other_years=True,
    ),
    explain=(
        "Facts about your school alone: meetings with a mark at which it was expected, money allocated to it or spent "
        "for it, working groups that it is in, children of yours in projects as counts, and what it put in itself. "
        "Money held by different bodies is never added up with other money of theirs. Activity is not impact."
    ),
    links=lambda done: {number: line.href for number, line in enumerate(done.lines)},
    figures=_done_figures,
    quiet=True,
)  # fmt: skip
"""What the school got and gave, each with its amount and where it comes from."""
