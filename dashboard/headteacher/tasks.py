"""What waits for a school: one list of tasks, each with its date, why it is the school's, and where it is done. Pure.

Nothing is invented: a task has the date that the store knows, or none.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object
from dashboard.kinds import CONTRIBUTIONS
from dashboard.marks import name_meeting
from dashboard.plans.addresses import target_address
from dashboard.vocabulary import Commitment, ContributionKind, MeetingKind, Part, Pot
from dashboard.wording import all_of, counted, day, hours, money, sentence

SOON: Final = timedelta(days=14)
MOST_MEETINGS: Final = 3
"""The rest are in the calendar file."""
_LONDON: Final = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Task:
    """One thing that waits: until when, what, why it is this school's, where it is done, and what one must be allowed
    to do to be led there.
    """

    due: date | None
    title: str
    why: str
    href: str
    link: str
    asks: tuple[Action, Object]
    appointment: bool = False
    """Whether it is a day to come to, and so never overdue."""

    def overdue(self, as_of: date) -> bool:
        """Whether its day has passed."""
        return self.due is not None and self.due < as_of

    def soon(self, as_of: date) -> bool:
        """Whether its day is near."""
        return self.due is not None and as_of <= self.due <= as_of + SOON


@dataclass(frozen=True)
class Facts:
    """What tasks are made of: rows of the queries, of one school in one cluster and year."""

    school: str
    cluster: str
    """The slugs."""
    year: AcademicYear
    as_of: date
    meetings: Sequence[Any] = ()
    """Of `load_next_meetings`."""
    waiting: Sequence[Any] = ()
    """Of `load_waiting`."""
    calls: Sequence[Any] = ()
    """Of `load_call`."""
    targets: Sequence[Any] = ()
    """Of `load_own_targets`."""
    achieved: Collection[int] = field(default_factory=frozenset)
    """The ids of the targets that are achieved."""
    questions: int = 0
    """Figures of the school that contradict one another and that it has not answered (1.9)."""
    release_left: int = 0
    """Pence of release money that are neither spent nor promised (4.5)."""
    half_days_left: int | None = None
    uninvoiced_days: int | None = None
    """Days after which what is promised should have been invoiced (3.18)."""

    @property
    def is_over(self) -> bool:
        """Whether the year has ended: then nothing can be answered or claimed in it any more."""
        return self.year.ends < self.as_of


def list_tasks(facts: Facts) -> list[Task]:
    """All tasks of a school, the soonest first, those without a date at the end."""
    found = [
        *_meetings(facts), *_targets(facts), *(task for row in facts.waiting for task in _waits(facts, row)),
        *_release(facts), *_calls(facts), *_questions(facts),
    ]  # fmt: skip
    return sorted(found, key=lambda task: (task.due is None, task.due or date.max))


def say_tasks(tasks: Sequence[Task], as_of: date) -> str:
    """The one message of a school's page: what is overdue, else what comes next."""
    late = sum(task.overdue(as_of) for task in tasks)
    dated = [task for task in tasks if task.due is not None and not task.overdue(as_of)]
    following = f"next, {_amid(dated[0].title)} on {day(dated[0].due)}" if dated and dated[0].due else ""
    if late:
        told = f"{sentence(counted(late, 'thing'))} {'is' if late == 1 else 'are'} overdue"
        return f"{told}; {following}." if following else f"{told}."
    if following:
        return f"{sentence(following.replace('next, ', 'next: ', 1))}."
    return f"{sentence(counted(len(tasks), 'thing'))} {'waits' if len(tasks) == 1 else 'wait'} for you, without a date."


def _amid(title: str) -> str:
    """A title as it stands in a sentence; what begins with a code or a name in capitals stays as it is."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _meetings(facts: Facts) -> Iterator[Task]:
    for row in facts.meetings[:MOST_MEETINGS]:
        time = f"At {row.starts_at:%H:%M}. " if row.starts_at else ""
        yield Task(
            row.held_on, name_meeting(MeetingKind(row.kind), row.title), f"{time}Your school is expected.",
            f"/school/{facts.school}/meetings.ics?cluster={facts.cluster}", "Add to calendar",
            (Action.SEE, Object.SCHOOL), appointment=True,
        )  # fmt: skip


def _targets(facts: Facts) -> Iterator[Task]:
    """Ticks that wait (2.13), and targets for which the school leads a group; what is achieved waits for nobody."""
    for row in facts.targets:
        waiting = row.ticks - row.ticked
        if row.target_id in facts.achieved or not (waiting or row.leads):
            continue
        why = []
        if row.leads:
            why.append("your school leads a group for it")
        if waiting:
            why.append(f"{counted(waiting, 'criterion waits', 'criteria wait')} for your school’s tick")
        yield Task(
            row.due, f"{row.code}, target of the plan", f"{sentence(all_of(why))}.",
            target_address(facts.cluster, facts.year, row.code), "Open the target", (Action.SEE, Object.PLAN),
        )  # fmt: skip


def _release(facts: Facts) -> Iterator[Task]:
    if facts.release_left <= 0 or facts.is_over:
        return
    days = f", {counted(facts.half_days_left, 'half day')}" if facts.half_days_left else ""
    yield Task(
        facts.year.ends, "Use your release money",
        f"{money(facts.release_left)}{days} left; it is for this year alone.",
        _ledger(facts, Pot.SCHOOL_HELD, part=Part.RELEASE.value), "See the lines", (Action.SEE, Object.LEDGER),
    )  # fmt: skip


def _calls(facts: Facts) -> Iterator[Task]:
    for row in facts.calls:
        due = row.due_at.astimezone(_LONDON)
        yield Task(
            due.date(), "Name your people for the workgroup",
            f"The programme asks for the return by {due:%H:%M}; it names nobody of this school yet.",
            f"/cluster/{facts.cluster}/workgroup?year={facts.year}", "Open the return",
            (Action.EDIT, Object.WORKGROUP),
        )  # fmt: skip


def _questions(facts: Facts) -> Iterator[Task]:
    if facts.questions:
        does = "contradicts" if facts.questions == 1 else "contradict"
        yield Task(
            None, "Answer for your figures",
            f"{sentence(counted(facts.questions, 'printed figure'))} of your school {does} others.",
            "/open-book#figures", "Answer", (Action.EDIT, Object.OPEN_BOOK),
        )  # fmt: skip


def _waits(facts: Facts, row: Any) -> Iterator[Task]:
    """The tasks of a row of `load_waiting`: none where the year they are of has ended."""
    of_cluster = f"/cluster/{facts.cluster}"
    match row.kind:
        case "contribution":
            kind = ContributionKind(row.code)
            yield Task(
                row.due, f"{CONTRIBUTIONS[kind]}: {_say_contribution(row)}",
                f"Agreed for {facts.year}{f', for {row.words}' if row.words else ''}.",
                f"{of_cluster}/contributions?year={facts.year}", "Open contributions", (Action.SEE, Object.LEDGER),
            )  # fmt: skip
        case "invoice":
            due = row.due + timedelta(days=facts.uninvoiced_days) if row.due and facts.uninvoiced_days else None
            yield Task(
                due, f"Invoice {money(row.amount)}",
                f"{sentence(counted(row.number, 'line'))} of your school {'is' if row.number == 1 else 'are'} "
                "promised and not invoiced; prompt invoices keep the money in its year.",
                _ledger(facts, Pot(row.code), state="promised"), "See the lines", (Action.SEE, Object.LEDGER),
            )  # fmt: skip
        case "evaluation" if not facts.is_over:
            yield Task(
                None, f"Say how your school sees itself in {facts.year}",
                "Other schools of the cluster have answered; yours has not.",
                f"{of_cluster}/evaluation/schools/{quote(facts.school)}?year={facts.year}", "Answer",
                (Action.EDIT, Object.EVALUATION),
            )  # fmt: skip
        case "commitment":
            undecided = row.code == Commitment.UNDECIDED
            yield Task(
                row.due, "Say whether your school goes on after the programme",
                "Your answer is “undecided” so far." if undecided else "Other schools have said it; yours has not.",
                f"{of_cluster}/stages", "See the stages", (Action.SEE, Object.STAGES),
            )  # fmt: skip
        case "open book":
            yield Task(
                None, "Say whether your book is open",
                f"{sentence(counted(row.number, 'other school'))} of the cluster {'lays' if row.number == 1 else 'lay'}"
                " figures open to those that do the same. It is yours to decide.",
                "/open-book", "Decide", (Action.EDIT, Object.OPEN_BOOK),
            )  # fmt: skip
        case "sabbatical":
            yield Task(
                row.due, "Look at your school’s sabbatical again", "Its review is agreed for this day.",
                f"{of_cluster}/events", "Open events", (Action.EDIT, Object.LIFECYCLE),
            )  # fmt: skip


def _say_contribution(row: Any) -> str:
    told = [money(row.amount)] if row.amount is not None else []
    told += [hours(row.number)] if row.number is not None else []
    return ", ".join(told) or "agreed, no figure"


def _ledger(facts: Facts, pot: Pot, **chosen: str) -> str:
    said = {"year": str(facts.year), "pot": pot.value, **chosen, "school": facts.school}
    return f"/cluster/{facts.cluster}/ledger?{urlencode(said)}"
