"""The parts of a paper about one cluster. Pure: facts in, blocks out; every figure is one of the report's."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from dashboard.decisions.queries import DecisionFacts
from dashboard.decisions.words import KINDS, OWNERS
from dashboard.engagement.figures import WORDS as TILE_WORDS
from dashboard.engagement.figures import Tile, tile_of
from dashboard.flags import SIGNS
from dashboard.funding.words import PART_WORDS, POT_WORDS
from dashboard.marks import name_meeting
from dashboard.money import pence_from_text
from dashboard.paper.blocks import (
    Bar,
    Block,
    Cell,
    Column,
    Heading,
    Key,
    Points,
    Shape,
    Swatches,
    Table,
    Text,
    Tiles,
)
from dashboard.paper.facts import ATTENDANCE, MONEY, PLAN, Facts, Said
from dashboard.plans.sentences import is_on_the_way, say_age, say_criterion, say_due
from dashboard.plans.words import CRITERION_WORDS, STATUS_SYMBOLS, STATUS_WORDS
from dashboard.ui.flag_words import parted
from dashboard.vocabulary import CriterionState, Part, Pot, Severity, TargetStatus
from dashboard.wording import counted, day, money, of, share

SEVERITIES: Final = {severity: " ".join(sign) for severity, sign in SIGNS.items()}
_SHAPES: Final = {
    Tile.PRESENT: Shape.FULL,
    Tile.SUBSTITUTE: Shape.HALF,
    Tile.APOLOGIES: Shape.OPEN,
    Tile.ABSENT: Shape.SQUARE,
    Tile.NOT_RECORDED: Shape.QUESTION,
    Tile.SABBATICAL: Shape.DIAMOND,
    Tile.CLOSED: Shape.CLOSED,
    Tile.NOT_EXPECTED: Shape.DASH,
}
_DOTS: Final = {
    CriterionState.MET: Shape.FULL,
    CriterionState.NOT_MET: Shape.CROSS,
    CriterionState.NO_EVIDENCE: Shape.OPEN,
}
_ON_THE_WAY: Final = "counted, not all yet"
_MOST_TILES: Final = 12
_MOST_DOTS: Final = 8
BARS: Final = Swatches([("spent", "spent"), ("committed", "committed"), ("left", "left")])


def pounds(written: str) -> str:
    """An amount of the report as it is printed: "1234.50" → "£1,234.50"."""
    return money(pence_from_text(written))


def say_illustrative(facts: Facts) -> list[str]:
    """What must be said first where figures are made up."""
    if not facts.made_up:
        return []
    shown = [each for each in facts.said.values() if each.data is not None]
    many = "All" if all(each.all_made_up for each in shown) else "Some"
    return [f"Illustrative: {many.lower()} of these figures are made up to show how the dashboard works."]


# ------------------------------------------------------------------------------------------------------- attendance
def attendance(facts: Facts, level: int = 1, *, short: bool = False) -> Iterator[Block]:
    """Who came: the tiles of each school, and unless it is to be `short` what they add up to."""
    said, figures = facts.said[ATTENDANCE], facts.report["engagement"]
    yield from _begin("Who came", said, level, short)
    if said.data is None:
        return
    yield from _register(said.data.marks, figures["schools"])
    if short:
        return
    yield Heading("Attendance of each school", level + 1)
    yield Table(
        [Column("School", 4), *(Column(words, width, number=True) for words, width in _COUNTED.values()),
         Column("Rate", 0.9, number=True), Column("Last came", 1.8)],
        [
            [each["name"], *(f"{each[name]:,}" for name in _COUNTED), share(each["rate"]),
             _last(each["last_attended"])]
            for each in figures["schools"]
        ],
        "Attendance of each school",
        ["All schools", f"{figures['attended']:,}", f"{figures['expected']:,}", "", "", "",
         f"{figures['not_recorded']:,}", share(figures["rate"]), ""],
    )  # fmt: skip


_COUNTED: Final = {
    "attended": ("Came", 0.9), "expected": ("Of", 0.7), "substitute": ("By a substitute", 1.4),
    "apologies": ("Apologies", 1.35), "absent": ("Absent", 1.1), "not_recorded": ("Not recorded", 1.3),
}  # fmt: skip


def _last(written: str | None) -> str:
    return day(date.fromisoformat(written)) if written else "not yet"


def _register(marks: pd.DataFrame, schools: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    meetings = marks[["meeting_id", "held_on"]].drop_duplicates().sort_values(["held_on", "meeting_id"])
    shown = meetings.tail(_MOST_TILES)
    if len(meetings) > len(shown):
        yield Text(f"The last {len(shown)} of {counted(len(meetings), 'meeting')}; the table beneath counts all.")
    place = {meeting_id: number for number, meeting_id in enumerate(shown["meeting_id"])}
    tiles: dict[str, list[tuple[int, date, Tile]]] = {}
    for row in marks.itertuples():
        if row.meeting_id in place:
            told = (place[row.meeting_id], row.held_on, tile_of(row.mark, row.away))
            tiles.setdefault(row.school, []).append(told)
    yield Table(
        [Column("School", 4), Column("Meetings", 5, over_tiles=[f"{each:%-d}\n{each:%b}" for each in shown["held_on"]]),
         Column("Came", 1.2, number=True)],
        [
            [each["name"], _tiles(sorted(tiles.get(each["school"], ())), len(place)),
             of(each["attended"], each["expected"]) if each["expected"] else "no marks"]
            for each in schools
        ],
        "Who came to which meeting",
    )  # fmt: skip
    found = {tile for rows in tiles.values() for _, _, tile in rows}
    yield Key([(_SHAPES[tile], TILE_WORDS[tile]) for tile in Tile if tile in found])


def _tiles(row: Sequence[tuple[int, date, Tile]], width: int) -> Tiles:
    return Tiles(
        [_SHAPES[tile] for _, _, tile in row],
        width,
        "; ".join(f"{day(held)} {TILE_WORDS[tile]}" for _, held, tile in row) or "no meeting",
    )


# ------------------------------------------------------------------------------------------------------------ money
def funding(facts: Facts, level: int = 1, *, short: bool = False) -> Iterator[Block]:
    """Each pot and part with its bar; pots of different holders stand apart and are never added up.

    In a `short` one they stand in one table, which names the holder in each row.
    """
    said, figures = facts.said[MONEY], facts.report["funding"]
    yield from _begin("Money", said, level, short)
    if said.data is None:
        return
    yield BARS
    longest = max((_length(each) for each in figures["pots"]), default=0) or 1
    if short:
        yield _pots(figures["pots"], longest, "Money", named=True)
        return
    for pot in Pot:
        rows = [each for each in figures["pots"] if each["pot"] == pot]
        if rows:
            yield Heading(POT_WORDS[pot], level + 1)
            yield _pots(rows, longest, f"Money {POT_WORDS[pot].lower()}")
            if pot is Pot.LEAD_HELD:
                yield Text(
                    f"In all: {pounds(figures['allocated'])} allocated, {pounds(figures['spent'])} spent, "
                    f"{pounds(figures['remaining'])} left; of what was allocated and brought forward, "
                    f"{share(figures['spent_share'])} is spent."
                )


def _begin(title: str, said: Said, level: int, short: bool) -> Iterator[Block]:
    """The heading of a section with its message; of a short one that has stood above already."""
    yield Heading(title, level)
    if said.data is None or not short:
        yield Text(said.headline, strong=not short)
    if said.data is not None and not short:
        yield Text(" ".join(said.measure), quiet=True)


def _pots(rows: Sequence[Mapping[str, Any]], longest: int, caption: str, *, named: bool = False) -> Table:
    return Table(
        [Column("Part", 3.6 if named else 2.6), Column("Spent, committed, left", 2.4),
         *(Column(words, 1.5, number=True) for words in _AMOUNTS.values())],
        [
            [_part(each, named), bar(each, longest), *(pounds(each[name]) for name in _AMOUNTS)]
            for each in rows
        ],
        caption,
    )  # fmt: skip


def _part(pot: Mapping[str, Any], named: bool) -> str:
    words = PART_WORDS[Part(pot["part"])]
    return f"{words} ({POT_WORDS[Pot(pot['pot'])].removeprefix('Held by ')})" if named else words


_AMOUNTS: Final = {
    "brought_forward": "Brought forward", "allocated": "Allocated", "spent": "Spent", "committed": "Committed",
    "remaining": "Left",
}  # fmt: skip


def bar(pot: Mapping[str, Any], longest: int) -> Bar:
    """A pot of the report as a bar, in hundredths of the longest one (pence). What is overspent has nothing left."""
    spent, committed, left = (
        max(pence_from_text(pot[name]), 0) * 100 / longest for name in ("spent", "committed", "remaining")
    )
    said = ", ".join(f"{pounds(pot[name])} {words}" for name, words in _IN_BARS.items())
    return Bar(spent, committed, left, f"{PART_WORDS[Part(pot['part'])]}: {said}")


_IN_BARS: Final = {"spent": "spent", "committed": "committed", "remaining": "left"}


def _length(pot: Mapping[str, Any]) -> int:
    return sum(max(pence_from_text(pot[name]), 0) for name in _IN_BARS)


# ------------------------------------------------------------------------------------------------------------- plan
def plan(facts: Facts, level: int = 1, *, short: bool = False) -> Iterator[Block]:
    """Each target with its dots; unless it is to be `short` also every success criterion in words."""
    said, figures = facts.said[PLAN], facts.report["plan"]
    yield from _begin("Plan", said, level, short)
    if said.data is None:
        return
    rows = {row.code: row for row in said.data.targets.itertuples()}
    dots = {code: list(some.itertuples()) for code, some in said.data.criteria.groupby("code", sort=False)}
    yield Table(
        [Column("Target", 4), Column("Status", 1.7), Column("Criteria", 2), Column("Met", 0.9, number=True),
         Column("Not met", 0.9, number=True), Column("No evidence", 1.3, number=True),
         Column("Cells filled", 1, number=True), Column("Due", 1.8)],
        [
            [target_name(each), status_words(each["status"]), _dots(dots.get(each["code"], ())),
             of(each["criteria"]["met"], each["criteria"]["total"]), str(each["criteria"]["not_met"]),
             str(each["criteria"]["no_evidence"]), of(each["cells_filled"], each["cells_total"]),
             say_due(rows[each["code"]], facts.view.as_of)]
            for each in figures["targets"]
        ],
        "Targets of the plan",
        ["All targets", "", "", of(figures["criteria_met"], figures["criteria_total"]), "", "", "",
         f"{share(figures['progress'])} met"],
    )  # fmt: skip
    yield Key(_dot_key(said.data.criteria))
    if not short:
        for each in figures["targets"]:
            yield Heading(target_name(each), level + 1)
            yield Text(_state_of(rows[each["code"]], facts.view.as_of), quiet=True)
            yield Points([f"{row.text} ({say_criterion(row)[2:]})" for row in dots.get(each["code"], ())])


def target_name(target: Mapping[str, Any]) -> str:
    """A target of the report: the code, and the title where it says more."""
    return str(target["code"] if target["title"] == target["code"] else f"{target['code']}: {target['title']}")


def status_words(status: str) -> str:
    """A status with its shape."""
    known = TargetStatus(status)
    return f"{STATUS_SYMBOLS[known]} {STATUS_WORDS[known]}"


def _state_of(row: Any, as_of: date) -> str:
    none = " No success criterion." if not row.criteria else ""
    return f"{row.owner or 'Nobody named'}; last evidence: {say_age(row, as_of)}.{none}"


def _dots(criteria: Sequence[Any]) -> Cell:
    if not criteria:
        return "none"
    shapes = [Shape.DOTTED if is_on_the_way(row) else _DOTS[CriterionState(row.state)] for row in criteria]
    said = "; ".join(f"{number} {say_criterion(row)[2:]}" for number, row in enumerate(criteria, start=1))
    return Tiles(shapes, min(len(shapes), _MOST_DOTS), said)


def _dot_key(criteria: pd.DataFrame) -> list[tuple[Shape, str]]:
    way = [(Shape.DOTTED, _ON_THE_WAY)] if any(is_on_the_way(row) for row in criteria.itertuples()) else []
    return [*((_DOTS[state], words) for state, words in CRITERION_WORDS.items()), *way]


# ------------------------------------------------------------------------------------------- flags, decisions, dates
def flags(facts: Facts, level: int = 1) -> Iterator[Block]:
    """What asks for a look, the most pressing first, each with the rule that raised it."""
    found = flags_of(facts)
    yield Heading("What asks for a look", level)
    if not found:
        yield Text("Nothing asks for a look.", strong=True)
        return
    acts = sum(1 for each in found if each["severity"] == Severity.ACT)
    yield Text(f"{counted(len(found), 'flag').capitalize()}, of which {counted(acts, 'needs', 'need')} action.",
               strong=True)  # fmt: skip
    yield Text("A flag is a prompt to ask, not a judgement.", quiet=True)
    yield Table(
        [Column("How pressing", 1.6), Column("What", 4.6), Column("Why it is asked", 5)],
        [[SEVERITIES[Severity(each["severity"])], f"{each['message']}.", parted(each["statement"])[0]]
         for each in found],
        "Flags with their reasons",
    )  # fmt: skip


def most_pressing(facts: Facts, level: int = 1) -> Iterator[Block]:
    """The most pressing flags in a few lines, and how many more there are."""
    found = flags_of(facts)
    yield Heading("What asks for a look", level)
    more = len(found) - _MOST_FLAGS
    rest = [f"{counted(more, 'more flag').capitalize()} on the cluster’s page."] if more > 0 else []
    told = [f"{SEVERITIES[Severity(each['severity'])]}: {each['message']}." for each in found[:_MOST_FLAGS]]
    yield Points([*told, *rest]) if found else Text("Nothing asks for a look.")


_MOST_FLAGS: Final = 6


def flags_of(facts: Facts) -> list[Mapping[str, Any]]:
    """The flags of the report, the most pressing first."""
    listed = [each for part in ("engagement", "funding", "plan") for each in facts.report[part]["flags"]]
    order = list(SEVERITIES)
    return sorted(listed, key=lambda each: order.index(Severity(each["severity"])))


def decisions(facts: Facts, level: int = 1) -> Iterator[Block]:
    """What was decided and is still to be carried out."""
    if facts.decisions is None:
        return
    yield Heading("Open decisions and actions", level)
    still = facts.open_decisions
    if not still:
        yield Text("Nothing is open: no decision or action waits to be carried out.", strong=True)
        return
    late = sum(1 for each in still if each.is_late(facts.view.as_of))
    tail = f", {counted(late, 'is', 'are')} overdue" if late else ""
    yield Text(f"{counted(len(still), 'decision or action', 'decisions and actions').capitalize()} "
               f"{'is' if len(still) == 1 else 'are'} open{tail}.", strong=True)  # fmt: skip
    yield decision_table(still, facts.view.as_of, "Open decisions and actions")


def decision_table(rows: Sequence[DecisionFacts], as_of: date, caption: str) -> Table:
    """Decisions with who sees to them and by when."""
    return Table(
        [Column("What", 6), Column("Noted", 2), Column("Who sees to it", 2), Column("By", 2), Column("State", 1.4)],
        [
            [f"{KINDS[each.kind]}: {each.words}", day(each.decided_on),
             OWNERS.get(each.owner, each.owner) if each.owner else "nobody yet",
             day(each.due_on) if each.due_on else "no date", state_of(each, as_of)]
            for each in rows
        ],
        caption,
    )  # fmt: skip


def state_of(decision: DecisionFacts, as_of: date) -> str:
    """How far a decision has got, in a word."""
    return "done" if decision.done_on else "overdue" if decision.is_late(as_of) else "open"


def dates(facts: Facts, level: int = 1) -> Iterator[Block]:
    """The meetings of the year with who came, and what lies ahead."""
    yield Heading("Dates", level)
    ahead = ahead_of(facts)
    yield Text(
        f"Next: {ahead[0][1]}, {day(ahead[0][0])}." if ahead else "Nothing is in the calendar from today on.",
        strong=True,
    )
    if ahead:
        yield Table(
            [Column("Day", 1), Column("What", 4)], [[day(when), what] for when, what in ahead], "What lies ahead"
        )
    held = {row.meeting_id: row for row in facts.turnout.itertuples()}
    if facts.meetings:
        yield Heading(f"Meetings in {facts.view.year}", level + 1)
        yield Table(
            [Column("Day", 1.4), Column("Meeting", 4), Column("Schools that came", 1.4, number=True)],
            [
                [day(each.held_on), name_meeting(each.kind, each.title), _came(each.held_on, held.get(each.id), facts)]
                for each in facts.meetings
            ],
            "Meetings of the year",
        )


def _came(held_on: date, turnout: Any, facts: Facts) -> str:
    if held_on > facts.view.as_of:
        return "to come"
    if turnout is None or not turnout.expected:
        return "not recorded"
    return of(turnout.attended, turnout.expected)


_MOST_AHEAD: Final = 20


def ahead_of(facts: Facts, *, titles: bool = True) -> list[tuple[date, str]]:
    """What comes from today on, by day: meetings, targets and reviews that are due, decisions, the agreement's end."""
    as_of, found = facts.view.as_of, []
    for each in facts.meetings:
        found.append((each.held_on, name_meeting(each.kind, each.title if titles else None)))
    data = facts.said[PLAN].data
    for row in data.targets.itertuples() if data is not None else ():
        if row.due and row.status != TargetStatus.ACHIEVED:
            found.append((row.due, f"{row.code} is due"))
        if row.review_on:
            found.append((row.review_on, f"{row.code} is to be reviewed"))
    for decision in facts.open_decisions:
        if decision.due_on:
            found.append((decision.due_on, f"{KINDS[decision.kind]} due: {decision.words}"))
    if facts.cluster.ends:
        found.append((facts.cluster.ends, "The cluster’s agreement ends"))
    return sorted(each for each in found if each[0] >= as_of)[:_MOST_AHEAD]


def how_made(facts: Facts, level: int = 1) -> Iterator[Block]:
    """What each figure is, in words."""
    yield Heading("How the figures are made", level)
    for panel, words in ((ATTENDANCE, "Attendance"), (MONEY, "Money"), (PLAN, "Plan")):
        yield Heading(words, level + 1)
        yield Text(facts.said[panel].explain)
