"""What a cluster did for a school, and what the school put in, in words. Pure: rows of `load_done` in, lines out.

Facts of the one school. What was done is activity and no impact (2.12).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.academic_year import AcademicYear
from dashboard.funding.words import PART_WORDS, POT_WORDS
from dashboard.kinds import CONTRIBUTIONS
from dashboard.marks import MEETING_WORDS
from dashboard.vocabulary import ContributionKind, GroupStatus, MeetingKind, Part, Pot
from dashboard.wording import all_of, counted, hours, money, of, sentence

_ORDER: Final = ("meeting", "given", "resources", "visit", "spent", "group", "children", "put in")
_SPENT: Final = {"resources": "Resources for your school", "visit": "Visits", "spent": "Spent for your school"}
_STATUS: Final = {
    GroupStatus.PLANNED: "planned",
    GroupStatus.AT_WORK: "at work",
    GroupStatus.PAUSED: "paused",
    GroupStatus.FINISHED: "finished",
}


@dataclass(frozen=True)
class Line:
    """One fact: what, how much of it, where that is kept, and the address of it."""

    what: str
    amount: str
    source: str
    href: str
    figures: str


def lines_of(rows: Sequence[Any], cluster: str, school: str, year: AcademicYear) -> list[Line]:
    """The facts in the order in which they are told; `cluster` and `school` are slugs."""
    ordered = sorted(rows, key=lambda row: (_ORDER.index(row.kind), list(rows).index(row)))
    ledger, at = f"/cluster/{cluster}/ledger?year={year}", f"/cluster/{cluster}"
    told = {
        "meeting": ("the register", f"/school/{school}?year={year}&cluster={cluster}#school-register-title"),
        "given": ("what was allocated", f"{at}/money?year={year}"),
        **dict.fromkeys(_SPENT, ("the ledger", f"{ledger}&pot={{code}}&school={school}")),
        "group": ("working groups", f"{at}/working-groups"),
        "children": ("projects, counts only", f"{at}/working-groups"),
        "put in": ("contributions", f"{at}/contributions?year={year}"),
    }
    return [
        Line(what, amount, told[row.kind][0], told[row.kind][1].format(code=row.code), _provenance(row))
        for row in ordered
        for what, amount in _say(row)
    ]


def _say(row: Any) -> Iterator[tuple[str, str]]:
    match row.kind:
        case "meeting":
            what = f"{sentence(MEETING_WORDS[MeetingKind(row.code)])}, held for you"
            yield what, f"{of(row.number, row.whole)} attended"
        case "given":
            yield f"{PART_WORDS[Part(row.words)]} for your school", f"{money(row.amount)}, {_held(row)}"
        case "resources" | "visit" | "spent":
            yield _SPENT[row.kind], f"{money(row.amount)} in {counted(row.number, 'line')}, {_held(row)}"
        case "group":
            people = f", {counted(row.number, 'colleague')}" if row.number else ""
            part = "you lead it" if row.whole else "you are in it"
            yield f"Working group “{row.words}”", f"{part}{people}; {_STATUS[GroupStatus(row.code)]}"
        case "children":
            yield f"Project “{row.words}”", f"{row.number:,} of your children, {counted(row.whole, 'year group')}"
        case "put in":
            told = [money(row.amount)] if row.amount else []
            told += [hours(row.number)] if row.number else []
            yield f"You put in: {CONTRIBUTIONS[ContributionKind(row.code)].lower()}", ", ".join(told) or "no figure"


def _held(row: Any) -> str:
    return POT_WORDS[Pot(row.code)].lower().replace("trust", "Trust").replace("the schools", "your school")


def _provenance(row: Any) -> str:
    if not row.illustrative:
        return "real"
    return "illustrative" if row.illustrative >= row.rows else f"{row.illustrative} of {row.rows} illustrative"


@dataclass(frozen=True)
class Said:
    """A sum that the sentence tells: its name, how the sentence says it, and as a figure."""

    name: str
    words: str
    value: str
    of_meetings: bool = False


def sums_of(rows: Sequence[Any]) -> list[Said]:
    """What is told of all lines together, in the order of the sentence. Money of different holders is never added up
    (4.12–4.14).
    """
    found = []
    held = sum(row.whole for row in rows if row.kind == "meeting")
    if held:
        found.append(Said("Meetings held for you", f"held {counted(held, 'meeting')} for you", f"{held:,}", True))
    release = sum(row.amount for row in rows if row.kind == "given" and row.words == Part.RELEASE)
    if release:
        found.append(Said("Release money given", f"gave {money(release)} release money", money(release)))
    spent = [row for row in rows if row.kind in _SPENT]
    if len({row.code for row in spent}) == 1:
        amount = money(sum(row.amount for row in spent))
        found.append(Said("Spent for your school", f"spent {amount} for your school", amount))
    elif spent:
        bills = sum(row.number for row in spent)
        found.append(Said("Bills paid", f"paid {counted(bills, 'bill')} for your school", f"{bills:,}"))
    groups = sum(row.kind == "group" for row in rows)
    if groups:
        found.append(Said("Groups with you", f"worked with you in {counted(groups, 'group')}", f"{groups:,}"))
    children = sum(row.number for row in rows if row.kind == "children")
    if children:
        told = f"had {counted(children, 'child', 'children')} of yours take part"
        found.append(Said("Children of yours who took part", told, f"{children:,}"))
    return found


def say_done(rows: Sequence[Any]) -> str:
    """One sentence: "The cluster held four meetings for you, gave £500 release money and …"."""
    parts = [each.words for each in sums_of(rows)]
    if not parts:
        return "Of the cluster nothing is recorded that it did for you; what you put in is."
    return f"The cluster {all_of(parts)}."
