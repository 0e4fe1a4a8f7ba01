"""What is told of changes since somebody last looked: which kinds of events, to whom, in which words. Pure.

A kind that stands in neither list here is told to nobody. No event names a person, and none is asked who did it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dashboard.access import Action, Object, Reader, Scope, scope_for
from dashboard.wording import counted, day, sentence

SINCE: Final = timedelta(days=7)
"""Where nobody knows when the reader was here last."""
MOST: Final = 6
"""So many clusters are told of in sentences; the table has all."""


@dataclass(frozen=True)
class Told:
    """How a kind of change is told, and what one must be allowed to be told of it."""

    one: str
    many: str
    page: str
    """The page of a cluster on which it can be seen; "" is the cluster's own."""
    thing: Object
    action: Action = Action.SEE


_FILE: Final = "file of {} brought in"
_FILES: Final = "files of {} brought in"


def _file(of: str, page: str, thing: Object, action: Action = Action.SEE) -> Told:
    return Told(_FILE.format(of), _FILES.format(of), page, thing, action)


TOLD: Final[Mapping[str, Told]] = {
    "register": Told("register kept", "registers kept", "", Object.CLUSTER),
    "meeting": Told("meeting set or changed", "meetings set or changed", "", Object.CLUSTER),
    "calendar period": Told("term or holiday entered", "terms or holidays entered", "calendar", Object.REGISTER,
                            Action.EDIT),
    "lifecycle event": Told("event of a member", "events of members", "events", Object.LIFECYCLE, Action.EDIT),
    "context event": Told("event outside", "events outside", "events", Object.LIFECYCLE, Action.EDIT),
    "ledger line": Told("money line", "money lines", "ledger", Object.LEDGER),
    "contribution": Told("contribution", "contributions", "contributions", Object.LEDGER),
    "outside money": Told("grant or bid", "grants or bids", "contributions", Object.LEDGER),
    "request": Told("request for approval", "requests for approval", "requests", Object.REQUESTS),
    "concern": Told("concern", "concerns", "concerns", Object.CONCERNS),
    "decision": Told("decision or action", "decisions or actions", "decisions", Object.DECISIONS),
    "target": Told("target of the plan", "targets of the plan", "plan", Object.PLAN),
    "aim": Told("aim", "aims", "plan/aims", Object.PLAN),
    "plan review": Told("review of the plan", "reviews of the plan", "plan/reviews", Object.PLAN),
    "cluster stage": Told("stage of the programme", "stages of the programme", "stages", Object.STAGES),
    "checklist": Told("point of a checklist", "points of checklists", "stages", Object.STAGES),
    "school commitment": Told("answer on commitment", "answers on commitment", "stages", Object.STAGES),
    "working group": Told("working group", "working groups", "working-groups", Object.WORKING_GROUPS),
    "project": Told("project", "projects", "working-groups", Object.WORKING_GROUPS),
    "self-evaluation": Told("self-evaluation", "self-evaluations", "evaluation", Object.EVALUATION),
    "collaboration note": Told("note on working together", "notes on working together", "evaluation",
                               Object.EVALUATION),
    "workgroup return": Told("answer to the workgroup’s call", "answers to the workgroup’s call", "workgroup",
                             Object.WORKGROUP),
    "school agreement": Told("agreement with a school", "agreements with schools", "workgroup", Object.WORKGROUP),
    "answered figure": Told("printed figure answered", "printed figures answered", "open-figures", Object.OPEN_FIGURES),
    "printed name": Told("printed name settled", "printed names settled", "open-figures", Object.OPEN_FIGURES),
    "open book": Told("open book agreed or taken back", "open books agreed or taken back", "open-figures",
                      Object.OPEN_FIGURES),
    "batch attendance": _file("attendance", "", Object.CLUSTER),
    "batch clusters": _file("clusters", "", Object.CLUSTER),
    "batch schools": _file("schools", "", Object.CLUSTER),
    "batch events": _file("events", "events", Object.LIFECYCLE, Action.EDIT),
    "batch allocations": _file("allocations", "ledger", Object.LEDGER),
    "batch spend": _file("money lines", "ledger", Object.LEDGER),
    "batch contributions": _file("contributions", "contributions", Object.LEDGER),
    "batch grants": _file("grants", "contributions", Object.LEDGER),
    "batch plan": _file("a plan", "plan", Object.PLAN),
    "batch benchmarks": _file("open figures", "open-figures", Object.OPEN_FIGURES),
    "batch workgroup": _file("workgroup members", "workgroup", Object.WORKGROUP),
    "batch concerns": _file("concerns", "concerns", Object.CONCERNS),
    "batch requests": _file("requests", "requests", Object.REQUESTS),
    "batch stages": _file("stages", "stages", Object.STAGES),
    "batch working-groups": _file("working groups", "working-groups", Object.WORKING_GROUPS),
    "batch self-evaluation": _file("self-evaluations", "evaluation", Object.EVALUATION),
    "batch collaboration-notes": _file("notes on working together", "evaluation", Object.EVALUATION),
}  # fmt: skip
"""Kind of thing in the audit → how it is told. A file brought in is "batch" and the kind of the file."""

NOT_TOLD: Final = frozenset({"batch programmes", "school", "screen link", "workgroup call"})
"""Kinds that are no news of a cluster: programmes and schools themselves, links, and a call to all clusters at once."""


def told_to(reader: Reader) -> Mapping[Scope, frozenset[str]]:
    """The kinds a reader may be told of, by where: one scope for most readers, never more than there are roles' ranges.

    A kind that the matrix gives the reader nowhere is in none.
    """
    kinds: dict[Scope, set[str]] = {}
    for kind, told in TOLD.items():
        scope = scope_for(reader, told.action, told.thing)
        if not scope.empty:
            kinds.setdefault(scope, set()).add(kind)
    return {scope: frozenset(those) for scope, those in kinds.items()}


@dataclass(frozen=True)
class Change:
    """How many things of one kind were changed in one cluster, and how often that was written down."""

    cluster_id: int
    cluster: str
    name: str
    kind: str
    things: int
    times: int

    @property
    def words(self) -> str:
        """What changed, as a count: four money lines."""
        told = TOLD[self.kind]
        return counted(self.things, told.one, told.many)

    @property
    def address(self) -> str:
        """Where it can be seen."""
        return f"/cluster/{self.cluster}/{TOLD[self.kind].page}".rstrip("/")


@dataclass(frozen=True)
class Since:
    """The day from which changes are told, and why it is that day."""

    day: date
    why: str


@dataclass(frozen=True)
class News:
    """What changed, the cluster with most first."""

    since: Since
    changes: tuple[Change, ...]

    @property
    def clusters(self) -> Sequence[tuple[Change, ...]]:
        """The changes of each cluster."""
        of: dict[int, list[Change]] = {}
        order = list(TOLD)
        for change in sorted(self.changes, key=lambda each: order.index(each.kind)):
            of.setdefault(change.cluster_id, []).append(change)
        most_first = sorted(of.values(), key=lambda those: (-sum(each.things for each in those), those[0].name))
        return [tuple(those) for those in most_first]


def read_since(asked: str | None, before: date | None, today: date) -> Since:
    """From when changes are told: a day that was asked for, else the last visit, else a week ago.

    A day that is none or is still to come is not asked for.
    """
    try:
        chosen = date.fromisoformat(asked) if asked else None
    except ValueError:
        chosen = None
    if chosen is not None and chosen <= today:
        return Since(chosen, "the day you chose")
    if before is not None:
        return Since(before, "your last visit")
    return Since(today - SINCE, "a week ago")


def say_since(since: Since) -> str:
    """From when: since your last visit, 3 March 2017."""
    return f"since {since.why}, {day(since.day)}"


def say_news(news: News) -> str:
    """How much changed: "Nine things changed in two clusters since your last visit, 3 March 2017."."""
    things, clusters = sum(each.things for each in news.changes), len(news.clusters)
    return sentence(f"{counted(things, 'thing')} changed in {counted(clusters, 'cluster')} {say_since(news.since)}.")
