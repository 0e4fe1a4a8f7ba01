"""The rules of money held against one line of a ledger: before it is stored, and of every line that is. Pure.

A breach is explained and offers what is lawful instead. It is no verdict, and what really happened may be recorded.
A credit, a line that was taken back and the line that takes it back break no rule. A request binds nobody and is held
only against what its part and its holder may pay for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.funding.sharing import split_session
from dashboard.funding.words import PART_WORDS
from dashboard.rules import RuleSet
from dashboard.vocabulary import (
    COMMITTED_STATES,
    LinePurpose,
    LineState,
    Part,
    Pot,
    RequestKind,
    RequestState,
    UseCode,
)
from dashboard.wording import counted, day, money

CPD_CODES: Final = (UseCode.A5, UseCode.B6)
"""The uses that are professional development with a provider (3.2, 3.3)."""
PARTS_BY_USES: Final[Mapping[str, Part]] = {"A": Part.A, "B": Part.B, "C": Part.COORDINATOR}
"""The first letter of a use code → the part that it is a use of (3.2–3.4)."""
ALLOWANCES: Final[Mapping[Part, tuple[str, str]]] = {
    Part.LEAD_ALLOWANCE: ("cluster_lead_allowance", "4.15"),
    Part.FINANCE_ALLOWANCE: ("finance_allowance", "4.16"),
}
"""The two allowances of the lead school, kept apart: the rule that says how much a year, and its source."""


@dataclass(frozen=True)
class LineFacts:
    """What the rules ask of one line. Amounts in pence; `amount` is net of VAT."""

    pot: Pot
    part: Part
    amount: int
    year: AcademicYear
    spent_on: date | None = None
    """Unknown where a file lost its days; the rules then read it in favour of the line."""
    vat: int = 0
    use_code: UseCode | None = None
    purpose: LinePurpose | None = None
    state: LineState = LineState.PAID
    has_school: bool = False
    taken_back: bool = False
    """It is reversed by another line, or is itself such a reversal."""


@dataclass(frozen=True)
class RequestFacts:
    """The request for approval on which a line rests."""

    kind: RequestKind
    state: RequestState
    decided_on: date | None = None
    granted: int | None = None
    """Pence approved; where no sum was, what was asked for; nothing where it was never about a sum."""
    other_lines: int = 0
    """Pence of the other lines that rest on it, spent or committed, credits taken off; of stored lines, the earlier."""


@dataclass(frozen=True)
class Around:
    """What else must be known to judge a line. The lines counted here are spent or committed, without reversed ones.

    Of a line that is to be stored, the others are all that are there. Of a stored line they are those before it, by day
    and number (credits always count), so that of too many the last are the ones too many.
    """

    as_of: date
    half_days: int = 0
    """Half days of release that the school has used in that year besides this one (4.5)."""
    mark_since: date | None = None
    """Since when the school holds the quality mark (4.8)."""
    other_marks: int = 0
    """How many other schools of the cluster had their way to the quality mark paid before this one (4.8)."""
    request: RequestFacts | None = None
    request_hidden: bool = False
    """It rests on a request that the reader may not see: then nothing is said of its approval."""
    allowance_forward: int = 0
    """Pence that came forward into this year in the line's allowance (4.10)."""
    allowance_used: int = 0
    """Pence of the line's allowance that are spent or committed in that year besides this one."""


@dataclass(frozen=True)
class Breach:
    """A rule that a line does not keep: its stable name, what is wrong, what is lawful instead, and the source."""

    rule: str
    sentence: str
    remedy: str
    source: str


def check_line(line: LineFacts, around: Around, rules: RuleSet) -> list[Breach]:
    """The rules of a programme that a line does not keep, in the order of `CHECKS`; none where all is well."""
    if line.amount <= 0 or line.taken_back or line.state is LineState.REVERSED:
        return []
    asked = _OF_REQUESTS if line.state is LineState.REQUESTED else CHECKS
    return [breach for check in asked.values() if (breach := check(line, around, rules)) is not None]


def is_cpd_session(line: LineFacts, rules: RuleSet) -> bool:
    """Whether a line of cluster funds pays a provider for a session (4.9).

    What somebody said it is for decides. Where nobody said, its use code does if the programme takes every line of A5
    and B6 for a session (`cpd_by_use_code`); by default it does not, because such a line may pay for several.
    """
    if line.pot is not Pot.LEAD_HELD:
        return False
    if line.purpose is not None:
        return line.purpose is LinePurpose.CPD_SESSION
    return line.use_code in CPD_CODES and rules.yes("cpd_by_use_code")


def _cpd_over_limit(line: LineFacts, _around: Around, rules: RuleSet) -> Breach | None:
    limit = rules.pence("cpd_session_max") if is_cpd_session(line, rules) else None
    if limit is None or line.amount <= limit:
        return None
    split = split_session(line.amount, line.vat, limit)
    return Breach(
        "cpd_over_limit",
        f"The session costs {money(line.amount)} before VAT; cluster funds pay at most {money(limit)} of one session.",
        f"Record {_with_vat(split.net, split.vat)} as paid from cluster funds, and share the other "
        f"{_with_vat(split.excess_net, split.excess_vat)} over the schools as their contributions.",
        "4.9",
    )


def _half_day_over_limit(line: LineFacts, _around: Around, rules: RuleSet) -> Breach | None:
    limit = rules.pence("half_day_max") if line.part is Part.RELEASE else None
    if limit is None or line.amount <= limit:
        return None
    return Breach(
        "half_day_over_limit",
        f"This half day of cover costs {money(line.amount)}; release money pays at most {money(limit)} of one.",
        f"Record {money(limit)} as paid from release money; the school pays the other {money(line.amount - limit)} "
        "itself. Two half days are two lines.",
        "4.5",
    )


def _half_days_over(line: LineFacts, around: Around, rules: RuleSet) -> Breach | None:
    most = rules.count("release_half_days") if is_half_day(line) else None
    if most is None or around.half_days < most:
        return None
    return Breach(
        "half_days_over",
        f"The school has used or booked {counted(around.half_days, 'half day')} of release in {line.year} besides this "
        f"one; release money is for {counted(most, 'half day')} a year.",
        "The school covers further half days itself: record this one as its contribution in kind.",
        "4.5",
    )


def is_half_day(line: LineFacts) -> bool:
    """Whether a line is half a day of release, held by the school that used it (4.5)."""
    return line.pot is Pot.SCHOOL_HELD and line.part is Part.RELEASE and line.has_school


def _psqm_renewal(line: LineFacts, around: Around, rules: RuleSet) -> Breach | None:
    since = around.mark_since
    if line.purpose is not LinePurpose.QUALITY_MARK or since is None or not rules.yes("psqm_first_time_only"):
        return None
    if since >= (line.spent_on or line.year.starts):
        return None
    return Breach(
        "psqm_renewal",
        f"The school holds the quality mark since {day(since)}; only the way to a first one is paid, no renewal.",
        "The school pays its renewal itself; if this was its first way to the mark, correct the day on the school.",
        "4.8",
    )


def _psqm_places(line: LineFacts, around: Around, rules: RuleSet) -> Breach | None:
    if line.purpose is not LinePurpose.QUALITY_MARK or not line.has_school:
        return None
    places = rules.count("psqm_places")
    if places is None or around.other_marks < places:
        return None
    return Breach(
        "psqm_places",
        f"The way to the quality mark was paid for {counted(around.other_marks, 'other school')} already; the cluster "
        f"has {counted(places, 'place')}.",
        "Ask the advisor whether there is another place before it is paid, or let the school pay itself.",
        "4.8",
    )


def _unapproved_time(line: LineFacts, around: Around, rules: RuleSet) -> Breach | None:
    joint = line.pot is Pot.LEAD_HELD and line.part is not Part.LEAD_ALLOWANCE
    if line.purpose is not LinePurpose.EXTRA_TIME or not joint or not rules.yes("extra_coordination_needs_approval"):
        return None
    missing = _missing_approval(line, around, RequestKind.EXTRA_TIME)
    return (
        None
        if missing is None
        else Breach(
            "unapproved_time",
            f"Extra organising time needs the advisor’s approval first; {missing}.",
            _ASK_FIRST,
            "4.17",
        )
    )


def _unapproved_travel(line: LineFacts, around: Around, rules: RuleSet) -> Breach | None:
    if line.purpose is not LinePurpose.TRAVEL or not rules.yes("travel_needs_approval"):
        return None
    missing = _missing_approval(line, around, RequestKind.TRAVEL)
    return (
        None
        if missing is None
        else Breach("unapproved_travel", f"Travel needs the advisor’s approval first; {missing}.", _ASK_FIRST, "4.26")
    )


_ASK_FIRST: Final = "Ask the advisor first and record the line once it is approved, or let the school pay it itself."


def _missing_approval(line: LineFacts, around: Around, kind: RequestKind) -> str | None:
    """What an approval lacks to carry a line, as half a sentence; nothing where it carries it or cannot be seen."""
    request = around.request
    if around.request_hidden:
        return None
    if request is None:
        return "this line rests on no request"
    if request.kind is not kind:
        return "the request it rests on asks for something else"
    if request.state is not RequestState.APPROVED:
        return f"its request is {_STATE_WORDS[request.state]}"
    if request.decided_on is None:
        return "nobody noted on which day its request was approved"
    if request.decided_on > (line.spent_on or line.year.ends):
        return f"its request was approved on {day(request.decided_on)}, after the day of the line"
    together = request.other_lines + line.amount
    if request.granted is None or together <= request.granted:
        return None
    with_others = f", with the other lines {money(together)}" if request.other_lines else ""
    return f"{money(request.granted)} was approved and this line is {money(line.amount)}{with_others}"


_STATE_WORDS: Final = {
    RequestState.WAITING: "not decided yet",
    RequestState.DECLINED: "declined",
    RequestState.WITHDRAWN: "withdrawn",
}


def _use_not_allowed(line: LineFacts, _around: Around, rules: RuleSet) -> Breach | None:
    belongs = PARTS_BY_USES[line.use_code[0]] if line.use_code else line.part
    # Only of these three parts the uses are listed; of any other the code merely describes the line.
    if belongs is line.part or line.part not in _SOURCES_OF_USES or not rules.yes("uses_follow_parts"):
        return None
    return Breach(
        "use_not_allowed",
        f"{line.use_code} is a use of {_part(belongs)}; this line is of {_part(line.part)}.",
        f"Take it from {_part(belongs)}, or choose the use of {_part(line.part)} that fits.",
        _SOURCES_OF_USES[line.part],
    )


_SOURCES_OF_USES: Final = {Part.A: "3.2", Part.B: "3.3", Part.COORDINATOR: "3.4"}


def _over_allowance(line: LineFacts, around: Around, rules: RuleSet) -> Breach | None:
    if line.pot is not Pot.LEAD_HELD or line.part not in ALLOWANCES:
        return None
    rule, source = ALLOWANCES[line.part]
    a_year = rules.pence(rule)
    if a_year is None:
        return None
    available, used = a_year + around.allowance_forward, around.allowance_used + line.amount
    if used <= available:
        return None
    forward = f", {money(around.allowance_forward)} brought forward" if around.allowance_forward else ""
    return Breach(
        "over_allowance",
        f"With this line {money(used)} of {_part(line.part)} is spent or committed in {line.year}; there is "
        f"{money(available)} ({money(a_year)} a year{forward}).",
        "Record what the allowance holds; more organising time from the joint pot needs the advisor’s approval first."
        if line.part is Part.LEAD_ALLOWANCE
        else "Record what the allowance holds; the lead school carries the rest itself.",
        source,
    )


_DAYS_OF_A_YEAR: Final = 366


def _uninvoiced(line: LineFacts, around: Around, rules: RuleSet) -> Breach | None:
    most = rules.count("uninvoiced_days") if line.state in COMMITTED_STATES else None
    since = line.spent_on or line.year.ends
    days = (around.as_of - since).days
    if most is None or days <= most:
        return None
    ago = counted(days, "day") if days < _DAYS_OF_A_YEAR else f"more than {counted(days // _DAYS_OF_A_YEAR, 'year')}"
    when = f"for {day(since)}, {ago} ago" if line.spent_on else f"in {line.year}, for a day that is not known"
    return Breach(
        "uninvoiced",
        f"{money(line.amount)} was promised {when}, and is not invoiced.",
        "Ask for the invoice, or take the line back if nothing will come of it.",
        "3.18",
    )


def _wrong_holder(line: LineFacts, _around: Around, rules: RuleSet) -> Breach | None:
    if line.part not in _HOLDERS or not rules.yes("holders_follow_parts"):
        return None
    holder, who, source = _HOLDERS[line.part]
    if line.pot is holder:
        return None
    return Breach(
        "wrong_holder",
        f"{PART_WORDS[line.part]} is held by {who}; this line says that {_HOLDER_WORDS[line.pot]} pays it.",
        f"Record it as money that {who} holds, or choose the part of the pot that it was taken from.",
        source,
    )


_HOLDERS: Final = {
    Part.RELEASE: (Pot.SCHOOL_HELD, "the school itself", "4.13"),
    Part.LEAD_ALLOWANCE: (Pot.LEAD_HELD, "the lead school", "4.15"),
    Part.FINANCE_ALLOWANCE: (Pot.LEAD_HELD, "the lead school", "4.16"),
}
_HOLDER_WORDS: Final = {
    Pot.LEAD_HELD: "the lead school",
    Pot.SCHOOL_HELD: "a school",
    Pot.TRUST_HELD: "the Trust",
}

Check = Callable[[LineFacts, Around, RuleSet], Breach | None]

CHECKS: Final[Mapping[str, Check]] = {
    "wrong_holder": _wrong_holder,
    "use_not_allowed": _use_not_allowed,
    "cpd_over_limit": _cpd_over_limit,
    "half_day_over_limit": _half_day_over_limit,
    "half_days_over": _half_days_over,
    "psqm_renewal": _psqm_renewal,
    "psqm_places": _psqm_places,
    "unapproved_time": _unapproved_time,
    "unapproved_travel": _unapproved_travel,
    "over_allowance": _over_allowance,
    "uninvoiced": _uninvoiced,
}
"""The stable name of each rule, and what holds a line against it."""
_OF_REQUESTS: Final = {name: CHECKS[name] for name in ("wrong_holder", "use_not_allowed")}


def _with_vat(net: int, vat: int) -> str:
    return f"{money(net)} and {money(vat)} VAT" if vat else money(net)


def _part(part: Part) -> str:
    """A part as it stands within a sentence: "Part A", "the joint pot"."""
    words = PART_WORDS[part]
    return words if words.startswith("Part ") else f"the {words[0].lower()}{words[1:]}"
