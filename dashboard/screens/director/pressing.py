"""What needs the director today: the most pressing things first, each with its reason and the next step."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlencode

from dash import dcc, html

from dashboard.access import Action, Object, Reader, Scope, scope_for
from dashboard.flags import Flag
from dashboard.overview.filters import Filters
from dashboard.reports.overview import ClusterRow
from dashboard.screens.director.clusters import address_of
from dashboard.ui.aria import aria
from dashboard.ui.components import sign_of, unbroken
from dashboard.ui.flag_words import parted
from dashboard.vocabulary import Severity
from dashboard.wording import counted, day, sentence, share_of

MOST: Final = 3

_ATTENDANCE: Final = frozenset({
    "low_attendance", "no_recent_attendance", "not_recorded", "too_few_meetings", "after_school", "missed_half_term",
    "consistency",
})  # fmt: skip
_MONEY: Final = frozenset({
    "overspent", "unspent", "unallocated", "over_allowance", "unapproved_time", "unapproved_travel", "cpd_over_limit",
    "half_day_over_limit", "half_days_over", "psqm_renewal", "psqm_places", "use_not_allowed", "wrong_holder",
    "uninvoiced",
})  # fmt: skip
_PLAN: Final = frozenset({"overdue", "no_evidence", "no_measurable_criterion", "activity_without_impact"})
_OF_A_SCHOOL: Final = frozenset({"low_attendance", "no_recent_attendance", "not_recorded", "consistency"})


@dataclass(frozen=True)
class Pressing:
    """A flag of a cluster, and how many other clusters have one of the same rule and severity."""

    row: ClusterRow
    flag: Flag
    others: int


def ranked(rows: Sequence[ClusterRow]) -> list[ClusterRow]:
    """Most flags that ask for action first, then most that ask for a look, then the lowest attendance."""
    return sorted(
        rows,
        key=lambda row: (
            -_count(row.flags, Severity.ACT),
            -_count(row.flags, Severity.LOOK),
            row.rate if row.rate is not None else 2,
            row.name,
        ),
    )


def headline(rows: Sequence[ClusterRow], of_all: int) -> str:
    """How many of the clusters need action or a look, in a sentence; `of_all` is how many there are to choose from."""
    acting = sum(1 for row in rows if _count(row.flags, Severity.ACT))
    looking = sum(1 for row in rows if not _count(row.flags, Severity.ACT) and _count(row.flags, Severity.LOOK))
    if not rows:
        return "No cluster matches what you chose." if of_all else "No clusters yet."
    one = "cluster" if len(rows) == of_all else "chosen cluster"
    if acting:
        more = f", {counted(looking, 'more is', 'more are')} worth a look" if looking else ""
        return f"{sentence(share_of(acting, len(rows), one))} {'needs' if acting == 1 else 'need'} action{more}."
    if looking:
        some = share_of(looking, len(rows), one)
        return f"No cluster needs action; {some} {'is' if looking == 1 else 'are'} worth a look."
    return f"None of {counted(len(rows), one)} needs you today."


def most_pressing(rows: Sequence[ClusterRow], most: int = MOST) -> list[Pressing]:
    """The most pressing flags of clusters that were ranked: action before a look, each of another kind and of another
    cluster while there is one, so that neither one cluster nor one kind hides the rest.
    """
    chosen: list[tuple[ClusterRow, Flag]] = []
    for takes in (_of_another_kind_and_cluster, _of_another_kind_or_cluster, _any):
        for severity in (Severity.ACT, Severity.LOOK):
            for row, flag in _asking(rows, severity):
                if len(chosen) == most:
                    break
                if not any(row is taken and flag is other for taken, other in chosen) and takes(chosen, row, flag):
                    chosen.append((row, flag))
    first = sorted(chosen, key=lambda each: each[1].severity != Severity.ACT)
    return [Pressing(row, flag, _others(rows, row, flag)) for row, flag in first]


_Chosen = Sequence[tuple[ClusterRow, Flag]]


def _of_another_kind_and_cluster(chosen: _Chosen, row: ClusterRow, flag: Flag) -> bool:
    return all(flag.rule != other.rule and row is not taken for taken, other in chosen)


def _of_another_kind_or_cluster(chosen: _Chosen, row: ClusterRow, flag: Flag) -> bool:
    return all(flag.rule != other.rule or row is not taken for taken, other in chosen)


def _any(_chosen: _Chosen, _row: ClusterRow, _flag: Flag) -> bool:
    return True


def _asking(rows: Sequence[ClusterRow], severity: Severity) -> Iterator[tuple[ClusterRow, Flag]]:
    return ((row, flag) for row in rows for flag in row.flags if flag.severity == severity)


def _others(rows: Sequence[ClusterRow], this: ClusterRow, flag: Flag) -> int:
    return sum(1 for row in rows if row is not this and any(flag.rule == other.rule for other in row.flags))


def say_pressing(pressing: Sequence[Pressing], reader: Reader, filters: Filters) -> Any:
    """The list; nothing where nothing asks for anything."""
    if not pressing:
        return None
    steps = _Steps.of(reader)
    title = f"{sentence(counted(len(pressing), 'thing'))} to look at first"
    return html.Section(
        [
            html.H2(title, id="pressing-title"),
            html.Ol([_item(each, steps, filters) for each in pressing], className="pressing-list"),
        ],
        className="pressing-first",
        **aria(labelledby="pressing-title"),
    )


def _item(each: Pressing, steps: "_Steps", filters: Filters) -> html.Li:
    row, flag = each.row, each.flag
    reason, source = parted(flag.statement)
    since = since_of(flag)
    more = (
        dcc.Link(
            f"{sentence(counted(each.others, 'more cluster'))} with the same", href=filters.address(flag=flag.rule)
        )
        if each.others
        else None
    )
    return html.Li(
        [
            html.P(
                [
                    sign_of(flag),
                    html.Strong(f" {unbroken(flag.message)}."),
                    " ",
                    dcc.Link(f"{row.name}, {row.year}", href=address_of(row)),
                ],
                className="pressing-what",
            ),
            html.P(
                [
                    html.Span(f"Since {day(since)}. ", className="pressing-since") if since else None,
                    f"Why: {unbroken(reason)}",
                    html.Span(f" {sentence(source)}.", className="source") if source else None,
                ],
                className="pressing-why",
            ),
            html.P(
                [*(_step(words, href, flag) for words, href in steps.from_flag(row, flag)), more],
                className="pressing-steps",
            ),
        ]
    )


def _step(words: str, href: str, flag: Flag) -> html.A:
    """A way on to a page that the server brings; a screen reader hears what it is about."""
    return html.A([words, html.Span(f": {flag.message}", className="visually-hidden")], href=href)


def since_of(flag: Flag) -> date | None:
    """Since when it is so, where the flag knows: a date of its figure; of a target the day on which it was due."""
    told = flag.figure.get("since") or (flag.figure.get("due") if flag.rule == "overdue" else None)
    return date.fromisoformat(told) if isinstance(told, str) else None


@dataclass(frozen=True)
class _Steps:
    """Where this reader may go on from a flag."""

    attendance: Scope
    lines: Scope
    plan: Scope
    concerns: Scope

    @classmethod
    def of(cls, reader: Reader) -> "_Steps":
        """What the reader may see and do."""
        return cls(
            scope_for(reader, Action.SEE, Object.CLUSTER),
            scope_for(reader, Action.SEE, Object.LEDGER),
            scope_for(reader, Action.SEE, Object.PLAN),
            scope_for(reader, Action.EDIT, Object.CONCERNS),
        )

    def from_flag(self, row: ClusterRow, flag: Flag) -> Iterator[tuple[str, str]]:
        """The words and the address of each step that this reader may take."""
        for rules, scope, step in (
            (_ATTENDANCE, self.attendance, _see_why),
            (_MONEY, self.lines, _see_lines),
            (_PLAN, self.plan, _open_target),
        ):
            if flag.rule in rules and scope.holds(row.cluster_id, row.programme_id):
                yield step(row, flag)
        if self.concerns.holds(row.cluster_id, row.programme_id):
            about = {"school": flag.subject} if flag.rule in _OF_A_SCHOOL else {}
            asked = urlencode({**about, "rule": flag.rule})
            yield "Note a step", f"/cluster/{row.cluster}/concerns/new?{asked}"


_Way = Callable[[ClusterRow, Flag], tuple[str, str]]


def _see_why(row: ClusterRow, flag: Flag) -> tuple[str, str]:
    about = {"school": flag.subject} if flag.rule in _OF_A_SCHOOL else {}
    return "See why", f"/cluster/{row.cluster}/rows/attendance?{urlencode({'year': str(row.year), **about})}"


def _see_lines(row: ClusterRow, _flag: Flag) -> tuple[str, str]:
    return "See lines", f"/cluster/{row.cluster}/rows/money?year={row.year}"


def _open_target(row: ClusterRow, flag: Flag) -> tuple[str, str]:
    return "Open target", f"/cluster/{row.cluster}/plan/{quote(flag.subject, safe='')}?year={row.year}"


def _count(flags: Sequence[Flag], severity: Severity) -> int:
    return sum(1 for flag in flags if flag.severity == severity)
