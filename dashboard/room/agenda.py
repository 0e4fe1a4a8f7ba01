"""The agenda of a steering group's meeting: five panels with one message each, in the order in which they come up.

Who came, money and plan are the panels of their features under a message of the meeting; what is to be decided and the
days to keep stand here. Nothing on them is about a person: no note, no reason, no title that somebody wrote of a
meeting, no owner of a target by name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from dash import html
from sqlalchemy.orm import Session

from dashboard.decisions.queries import DecisionFacts, load_decisions
from dashboard.decisions.words import KINDS, OWNERS, About
from dashboard.directory.view import View
from dashboard.engagement import panels as engagement
from dashboard.engagement.sentences import say_rate
from dashboard.flags import Flag
from dashboard.funding import panels as funding
from dashboard.funding.words import PART_WORDS, POT_WORDS
from dashboard.marks import MEETING_WORDS
from dashboard.plans import panels as plans
from dashboard.plans.figures import draw_progress
from dashboard.plans.panels.shared import PlanPicture, load_plan, name_of
from dashboard.room.queries import NextMeeting, load_next_meetings
from dashboard.room.sentences import (
    QUESTIONS,
    Turnout,
    ask,
    say_dates,
    say_in,
    say_to_decide,
    say_turnouts,
    say_when,
    since_last_time,
)
from dashboard.shown_figures import ShownFigure
from dashboard.ui.aria import aria
from dashboard.ui.components import flag_item
from dashboard.ui.panel import Message, Panel, Shown, share_loads, show
from dashboard.ui.rows import rows_at
from dashboard.ui.theme import Look
from dashboard.vocabulary import ATTENDED_MARKS, EXPECTED_MARKS, Mark, Part, Pot, TargetStatus
from dashboard.wording import counted, day, money, of, sentence

MOST_TARGETS: Final = 10
MOST_DECISIONS: Final = 5
MOST_QUESTIONS: Final = 4
MOST_DAYS: Final = 7
_MOST_LETTERS: Final = 110
"""So much can be read at five metres; the rest is counted and stands on the cluster's own pages."""
_MOST_READ: Final = 200
"""Decisions that are read to be counted."""


@dataclass(frozen=True)
class Item:
    """One panel of the agenda: what it is called in the list of them, and of what a note there is."""

    short: str
    about: About
    panel: Panel[Any]


@dataclass(frozen=True)
class Told:
    """An item with what its panel shows."""

    item: Item
    shown: Shown


def agenda_of(session: Session, view: View, look: Look, *, words_too: bool) -> list[Told]:
    """Every panel of the agenda for one look at a cluster, read once.

    `words_too` says whether what was written of decisions may be read; else only that there are some, and until when.
    """
    flags: list[Flag] = []
    made_up: list[tuple[bool, bool]] = []
    told = []
    for item in items_of(flags, made_up, words_too=words_too):
        shown = show(item.panel, session, view, look, large=True)
        flags += shown.flags
        told.append(Told(item, shown))
    return told


def load_figures(session: Session, view: View, about: About) -> Sequence[ShownFigure]:
    """The figures of one panel as they stand now, for a note that is taken on it; none of a panel without any."""
    item = next((each for each in items_of([], [], words_too=True) if each.about is about), None)
    return () if item is None else _figures_of(item.panel, session, view)


def load_all_figures(session: Session, view: View) -> Mapping[About, Sequence[ShownFigure]]:
    """The same of every panel, each thing read once."""
    return {each.about: _figures_of(each.panel, session, view) for each in items_of([], [], words_too=True)}


def _figures_of(panel: Panel[Any], session: Session, view: View) -> Sequence[ShownFigure]:
    data = panel.load(session, view)
    return () if panel.is_empty(data) else panel.figures(data, view)


def items_of(flags: list[Flag], made_up: list[tuple[bool, bool]], *, words_too: bool) -> list[Item]:
    """The agenda. `flags` and `made_up` are filled while the first panels are shown, and read by the fourth."""
    attendance, money_panel, plan, dates = share_loads([_ATTENDANCE, _MONEY, _PLAN, _DATES])
    still = _read_once(still_open)
    dates = replace(dates, load=lambda session, view: _load_days(session, view, plan.load, still, words_too=words_too))
    return [
        Item("Who came", About.ATTENDANCE, _remembering(attendance, made_up)),
        Item("Money", About.MONEY, _remembering(money_panel, made_up)),
        Item("Plan", About.PLAN, _remembering(plan, made_up)),
        Item("To decide", About.MEETING, _to_decide(flags, made_up, still, words_too=words_too)),
        Item("Dates", About.DATES, dates),
    ]


def _read_once(read: "Still") -> "Still":
    """The same for two panels of one view, asked once."""
    known: list[list[DecisionFacts]] = []

    def read_once(session: Session, view: View) -> list[DecisionFacts]:
        if not known:
            known.append(read(session, view))
        return known[0]

    return read_once


def _remembering(panel: Panel[Any], made_up: list[tuple[bool, bool]]) -> Panel[Any]:
    """The panel, with a note of how far its figures are made up."""

    def tell(data: Any) -> tuple[bool, bool]:
        made_up.append(panel.made_up(data))
        return made_up[-1]

    return replace(panel, made_up=tell)


# Who came, money, plan: panels of their features, with a message of the meeting.


def _turnouts(register: engagement.RegisterPicture) -> list[Turnout]:
    return [
        Turnout(held_on, _count(marks, ATTENDED_MARKS), _count(marks, EXPECTED_MARKS), key)
        for (held_on, key), marks in register.marks.groupby(["held_on", "meeting_id"])["mark"]
    ]


def _count(marks: Any, some: Sequence[Mark]) -> int:
    return int(marks.isin(some).sum())


def _steering(register: engagement.RegisterPicture) -> Sequence[date]:
    return register.signs.steering if register.signs else ()


def _figures_of_attendance(register: engagement.RegisterPicture, view: View) -> list[ShownFigure]:
    told = [each for each in _turnouts(register) if each.expected]
    came, expected = (int(register.attendance[name].sum()) for name in ("attended", "expected"))
    return [
        *(
            ShownFigure(
                f"Schools that came on {day(each.held_on)}", of(each.came, each.expected), "schools",
                rows_at(view, "attendance", meeting=each.meeting_id),
            )
            for each in since_last_time(told, _steering(register))
        ),
        ShownFigure(f"Attendance in {view.year}", say_rate(came, expected), "meetings come to, of those expected",
                    rows_at(view, "attendance")),
    ]  # fmt: skip


def _figures_of_money(found: funding.Money, view: View) -> list[ShownFigure]:
    return [
        ShownFigure(
            f"{PART_WORDS[Part(pot.part)]}, {POT_WORDS[Pot(pot.pot)].lower()}: {words}", money(int(amount)),
            "net of VAT", rows_at(view, "money", pot=pot.pot, part=pot.part),
        )
        for pot in found.pots.itertuples()
        for words, amount in (("spent", pot.spent), ("committed", pot.committed), ("left to spend", pot.remaining))
    ]  # fmt: skip


def _figures_of_plan(plan: PlanPicture, view: View) -> list[ShownFigure]:
    targets = plan.targets
    bare = int((targets["evidence"] == 0).sum())
    met = of(int(targets["met"].sum()), int(targets["criteria"].sum()))
    rows = rows_at(view, "plan")
    return [
        ShownFigure("Success criteria met", met, "success criteria", rows),
        ShownFigure("Targets without evidence", of(bare, len(targets)), "targets", rows),
    ]


def _on_the_wall(plan: PlanPicture) -> PlanPicture:
    """The plan as far as it can be read from afar: what is not achieved first, in the order of the plan."""
    targets = plan.targets
    if len(targets) <= MOST_TARGETS:
        return plan
    rows = range(len(targets))
    done = [status == TargetStatus.ACHIEVED for status in targets["status"]]
    chosen = sorted(sorted(rows, key=lambda row: done[row])[:MOST_TARGETS])
    left = targets.iloc[chosen].reset_index(drop=True)
    return replace(plan, targets=left, criteria=plan.criteria[plan.criteria["target_id"].isin(left["target_id"])])


def _measure_of_plan(plan: PlanPicture, view: View) -> Sequence[str]:
    measured = plans.PROGRESS.measure(plan, view)
    more = len(plan.targets) - MOST_TARGETS
    return (f"{measured[0]} {MOST_TARGETS} are shown, and {more} more stand in the plan.",) if more > 0 else measured


_ATTENDANCE: Final = replace(
    engagement.REGISTER,
    headline=lambda register, _view: say_turnouts(_turnouts(register), _steering(register)),
    figures=_figures_of_attendance,
)
_MONEY: Final = replace(funding.SPEND_AGAINST_ALLOCATION, figures=_figures_of_money)
_PLAN: Final = replace(
    plans.PROGRESS,
    load=load_plan,
    measure=_measure_of_plan,
    draw=lambda plan, look: _draw_plan(_on_the_wall(plan), look),
    key=lambda plan: plans.PROGRESS.key(_on_the_wall(plan)),
    figures=_figures_of_plan,
)


def _draw_plan(plan: PlanPicture, look: Look) -> Any:
    return draw_progress(plan.targets, plan.criteria, look)


# What is to be decided.


@dataclass(frozen=True)
class Waiting:
    """What waits for the group: decisions and actions still to be carried out, the overdue ones first; questions."""

    still: Sequence[DecisionFacts]
    questions: Sequence[Flag]
    as_of: date
    words_too: bool
    made_up: bool = False

    @property
    def overdue(self) -> int:
        """How many should be done by now."""
        return sum(each.is_late(self.as_of) for each in self.still)


def _to_decide(
    flags: Sequence[Flag], made_up: Sequence[tuple[bool, bool]], still: "Still", *, words_too: bool
) -> Panel[Waiting]:
    def load(session: Session, view: View) -> Waiting:
        questions = ask(flags)
        invented = bool(questions) and any(some for some, _ in made_up)
        return Waiting(still(session, view), questions, view.as_of, words_too, invented)

    return Panel(
        id="room-to-decide",
        title="To decide",
        load=load,
        is_empty=lambda waiting: not waiting.still and not waiting.questions,
        headline=lambda waiting, _view: say_to_decide(len(waiting.still), waiting.overdue, len(waiting.questions)),
        measure=lambda _waiting, _view: ("Open from before, the overdue first; and what the figures ask.",),
        draw=None,
        shows=_show_waiting,
        key=lambda _waiting: (),
        table=_no_table,
        made_up=lambda waiting: (waiting.made_up, False),
        flags=lambda _waiting, _view: (),
        empty=lambda _view: Message(
            "Nothing waits for a decision.",
            "What is noted in a meeting stands here until it is done, and what the figures ask to be looked at.",
        ),
        explain="Decisions and actions that nobody has ticked as done; flags as questions to the group.",
        figures=lambda waiting, _view: [
            ShownFigure("Decisions and actions still open", f"{len(waiting.still):,}", "decisions and actions"),
            ShownFigure("Of them overdue", f"{waiting.overdue:,}", "decisions and actions"),
        ],
    )


Still = Callable[[Session, View], list[DecisionFacts]]
"""How what is still to be carried out is read."""


def still_open(session: Session, view: View) -> list[DecisionFacts]:
    """The decisions and actions of a view's cluster that are not carried out: by their day, those without one last."""
    if view.cluster is None:
        return []
    found = load_decisions(session, view.scope, view.cluster.id, most=_MOST_READ)
    return sorted(
        (each for each in found if each.done_on is None),
        key=lambda each: (each.due_on is None, each.due_on or each.decided_on, each.decision_id),
    )


def _show_waiting(waiting: Waiting) -> html.Div:
    asked = [
        flag_item(replace(flag, message=f"{flag.message}."), html.Strong(QUESTIONS[flag.rule]))
        for flag in waiting.questions[:MOST_QUESTIONS]
    ]
    kept = [_show_decision(each, waiting) for each in waiting.still[:MOST_DECISIONS]]
    return html.Div(
        [
            *_part("Open from before", kept, len(waiting.still), "Nothing is open."),
            *_part("What the figures ask", asked, len(waiting.questions), "The figures ask nothing."),
        ],
        className="room-columns",
    )


def _part(title: str, items: Sequence[Any], every: int, nothing: str) -> list[Any]:
    more = every - len(items)
    return [
        html.Div(
            [
                html.H3(title),
                html.Ul(list(items), className="room-list") if items else html.P(nothing),
                html.P(f"and {counted(more, 'more', 'more')}", className="room-more") if more > 0 else None,
            ]
        )
    ]


def _show_decision(decision: DecisionFacts, waiting: Waiting) -> html.Li:
    late = decision.is_late(waiting.as_of)
    symbol, word, look = ("■", "Overdue", "state-act") if late else ("○", "Open", "state-info")
    words = _short(decision.words) if waiting.words_too else _noted(decision)
    owner = f"{OWNERS.get(decision.owner, decision.owner)} to see to it" if decision.owner else "Nobody named yet"
    until = f", by {day(decision.due_on)}" if decision.due_on else ""
    return html.Li(
        [
            html.Span([html.Span(symbol, **aria(hidden="true")), f" {word}"], className=f"state {look}"),
            f" {words}",
            html.Span(f"{owner}{until}.", className="room-who"),
        ]
    )


def _noted(decision: DecisionFacts) -> str:
    """A decision without its words, for a wall that anybody may read."""
    return f"{KINDS[decision.kind]} of {day(decision.decided_on)}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _MOST_LETTERS else f"{words[: _MOST_LETTERS - 1].rstrip()}…"


def _no_table(_data: Any) -> Any:
    raise NotImplementedError("nothing opens on the room's screen")


# Days to keep.


@dataclass(frozen=True)
class Day:
    """A day to keep: when, what, how far away."""

    when: date
    told: str
    what: str


@dataclass(frozen=True)
class Days:
    """The days of a cluster that are still to come, in order."""

    meeting: NextMeeting | None
    days: Sequence[Day]
    as_of: date
    made_up: bool = False


def _load_days(
    session: Session,
    view: View,
    plan_of: Callable[[Session, View], PlanPicture],
    still_of: Still = still_open,
    *,
    words_too: bool,
) -> Days:
    if view.cluster is None:
        return Days(None, (), view.as_of)
    meetings = load_next_meetings(session, view.scope, view.cluster.id, view.as_of)
    targets = plan_of(session, view).targets
    coming = [
        row for row in targets.itertuples()
        if row.due is not None and row.due >= view.as_of and row.status != TargetStatus.ACHIEVED
    ]  # fmt: skip
    still = [
        each for each in still_of(session, view)
        if each.due_on is not None and each.due_on >= view.as_of
    ]  # fmt: skip
    days = [
        *(Day(each.held_on, say_when(each.held_on, each.starts_at), _say_meeting(each)) for each in meetings),
        *(Day(row.due, day(row.due), f"Target due: {_short(name_of(row.code, row.title))}") for row in coming),
        *(
            Day(each.due_on, day(each.due_on), f"Due: {_short(each.words) if words_too else _noted(each)}")
            for each in still
            if each.due_on is not None
        ),
    ]
    if view.as_of <= view.year.ends:
        days.append(Day(view.year.ends, day(view.year.ends), f"The academic year {view.year} ends"))
    return Days(
        meetings[0] if meetings else None,
        sorted(days, key=lambda each: each.when),
        view.as_of,
        any(bool(row.illustrative) for row in coming),
    )


def _say_meeting(meeting: NextMeeting) -> str:
    time = {True: ", in school time", False: ", outside school time", None: ""}[meeting.in_school_time]
    return f"{sentence(MEETING_WORDS[meeting.kind])}{time}"


def _show_days(days: Days) -> html.Div:
    more = len(days.days) - MOST_DAYS
    rows = [
        html.Tr([html.Th(each.told, scope="row"), html.Td(each.what), html.Td(say_in(each.when, days.as_of))])
        for each in days.days[:MOST_DAYS]
    ]
    heads = html.Tr([html.Th(words, scope="col") for words in ("When", "What", "How soon")])
    return html.Div(
        [
            html.Table([html.Thead(heads), html.Tbody(rows)], className="room-days"),
            html.P(f"and {counted(more, 'more', 'more')}", className="room-more") if more > 0 else None,
        ]
    )


_DATES: Final[Panel[Days]] = Panel(
    id="room-dates",
    title="Dates",
    load=lambda session, view: _load_days(session, view, load_plan, words_too=True),
    is_empty=lambda days: not days.days,
    headline=lambda days, _view: say_dates(
        say_when(days.meeting.held_on, days.meeting.starts_at) if days.meeting else None, len(days.days)
    ),
    measure=lambda _days, view: (f"Meetings, due days and the end of the year from {day(view.as_of)} on.",),
    draw=None,
    shows=_show_days,
    key=lambda _days: (),
    table=_no_table,
    made_up=lambda days: (days.made_up, False),
    flags=lambda _days, _view: (),
    empty=lambda _view: Message(
        "No meeting is planned, and nothing is due.",
        "Plan the next meeting on the cluster’s page of meetings, and it shows here.",
    ),
    explain="Planned meetings, targets and actions that are due, and the end of the academic year.",
    figures=lambda days, _view: (
        [ShownFigure("Next meeting", say_when(days.meeting.held_on, days.meeting.starts_at), "day")]
        if days.meeting
        else []
    ),
)
