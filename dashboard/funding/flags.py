"""When money asks for a look, and the sentence that says why. Pure: rows in, flags out.

What a rule asks of one line stands in `checks`; here the lines of a cluster are held against it, each with what stood
before it, and those that break the same rule for the same school or part are one flag.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from dashboard.academic_year import AcademicYear
from dashboard.flags import Flag
from dashboard.funding.checks import ALLOWANCES, Around, Breach, LineFacts, RequestFacts, check_line
from dashboard.funding.words import PART_WORDS, POT_WORDS
from dashboard.money import pounds
from dashboard.rules import RuleSet
from dashboard.vocabulary import COMMITTED_STATES, SPENT_STATES, LinePurpose, Part, Pot, Severity
from dashboard.wording import all_of, counted, day, money, share


def year_gone(year: AcademicYear, as_of: date) -> float:
    """The share of the academic year that has passed, 0 to 1."""
    length = (year.ends - year.starts).days + 1
    return min(max(((as_of - year.starts).days + 1) / length, 0.0), 1.0)


def flag_pots(
    pots: Sequence[Any],
    cluster: str,
    year: AcademicYear,
    as_of: date,
    rules: RuleSet,
    lines: Sequence[Any] = (),
) -> list[Flag]:
    """The flags of one cluster's money: of its pots (rows of `load_pots`), then of its lines (`load_lines_to_check`).

    overspent: more spent and committed than there was; its subject is the part. unspent (3.18): late in the year
    little of the lead-held money is spent; its subject is the cluster. unallocated (3.18): late in the year nobody has
    planned with what came forward in a part. Of lines: the rules of `checks`; their subject is the school, else the
    part. An allowance that is spent beyond what the programme gives is told by its lines alone.
    """
    of_lines = list(flag_lines(lines, pots, as_of, rules))
    told = {flag.subject for flag in of_lines if flag.rule == "over_allowance"}
    return [
        *_overspent([pot for pot in pots if pot.pot != Pot.LEAD_HELD or pot.part not in told]),
        *_unspent(pots, cluster, year, as_of, rules),
        *_unallocated(pots, year, as_of, rules),
        *of_lines,
    ]


def _overspent(pots: Sequence[Any]) -> Iterator[Flag]:
    for pot in pots:
        if pot.remaining < 0:
            part, holder = PART_WORDS[Part(pot.part)], POT_WORDS[Pot(pot.pot)].lower()
            row = _row(pot)
            yield Flag(
                "overspent",
                Severity.ACT,
                f"{part}, {holder}, is overspent by {money(-pot.remaining)}",
                str(pot.part),
                "More is spent and committed than was brought forward and allocated (4.10).",
                {"remaining": row["remaining"]},
                (row,),
            )


def _unspent(pots: Sequence[Any], cluster: str, year: AcademicYear, as_of: date, rules: RuleSet) -> Iterator[Flag]:
    held = [pot for pot in pots if pot.pot == Pot.LEAD_HELD]
    available = sum(pot.brought_forward + pot.allocated for pot in held)
    spent, left = sum(pot.spent for pot in held), sum(pot.remaining for pot in held)
    gone, late, low = year_gone(year, as_of), rules.count("unspent_year_gone"), rules.count("unspent_spent_below")
    if late is None or low is None or available <= 0 or gone * 100 < late or spent * 100 >= available * low:
        return
    days = (year.ends - as_of).days
    when = f"with {counted(days, 'day')} of the year left" if days >= 0 else f"after the end of {year}"
    yield Flag(
        "unspent",
        Severity.LOOK,
        f"{money(left)} held by the lead school is not spent or committed {when}: {share(spent / available)} is spent",
        cluster,
        f"When {late} % of the year are gone, {low} % of the money that the lead school holds should be spent: "
        "clusters are asked to seek every opportunity to allocate and spend (3.18).",
        {"spent": pounds(spent), "available": pounds(available), "remaining": pounds(left)},
        [_row(pot) for pot in held],
    )


def _unallocated(pots: Sequence[Any], year: AcademicYear, as_of: date, rules: RuleSet) -> Iterator[Flag]:
    late = rules.count("unspent_year_gone")
    if late is None or year_gone(year, as_of) * 100 < late:
        return
    for pot in pots:
        idle = not (pot.allocated or pot.spent or pot.committed)
        if pot.pot == Pot.LEAD_HELD and pot.brought_forward > 0 and idle:
            row = _row(pot)
            yield Flag(
                "unallocated",
                Severity.LOOK,
                f"{PART_WORDS[Part(pot.part)]}: {money(pot.brought_forward)} came forward into {year} and nothing is "
                "allocated, spent or committed of it",
                str(pot.part),
                f"When {late} % of the year are gone, what came forward should be planned for: clusters are asked to "
                "seek every opportunity to allocate and spend (3.18).",
                {"brought_forward": row["brought_forward"]},
                (row,),
            )


def _row(pot: Any) -> Mapping[str, str]:
    """What a pot's part adds up to, in pounds."""
    names = ("brought_forward", "allocated", "committed", "spent", "remaining")
    return {"pot": str(pot.pot), "part": str(pot.part), **{name: pounds(int(getattr(pot, name))) for name in names}}


# The lines of the ledger.


def flag_lines(lines: Sequence[Any], pots: Sequence[Any], as_of: date, rules: RuleSet) -> Iterator[Flag]:
    """The flags of one cluster's lines: one for each rule and each school, or part where the line is of no school."""
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for line, breach in breaches_of(lines, pots, as_of, rules):
        groups[breach.rule, line.school or str(line.part)].append(line)
    for rule, tell in _TOLD.items():
        for (name, subject), found in groups.items():
            if name == rule:
                message, statement, figure = tell(found, rules, as_of)
                yield Flag(
                    rule, _SEVERITIES.get(rule, Severity.LOOK), message, subject, statement,
                    {"lines": len(found), **figure}, [_line_row(line) for line in found],
                )  # fmt: skip


def breaches_of(lines: Sequence[Any], pots: Sequence[Any], as_of: date, rules: RuleSet) -> Iterator[tuple[Any, Breach]]:
    """Each line of one cluster (rows of `load_lines_to_check`) that breaks a rule, with the rule; by day and number.

    Of an earlier year than the chosen one only what is still not invoiced is told again.
    """
    asked = [line for line in lines if line.this_year or line.state in COMMITTED_STATES]
    if not asked:
        return
    beside = _Beside(lines, pots, as_of, rules)
    for line in sorted(asked, key=_when):
        for breach in check_line(facts_of(line), beside.around(line), rules):
            if line.this_year or breach.rule == "uninvoiced":
                yield line, breach


def facts_of(line: Any) -> LineFacts:
    """What the rules ask of a stored line."""
    return LineFacts(
        pot=line.pot,
        part=line.part,
        amount=line.amount,
        year=AcademicYear(line.year),
        spent_on=line.spent_on,
        vat=line.vat,
        use_code=line.use_code,
        purpose=line.purpose,
        state=line.state,
        has_school=line.school_id is not None,
        taken_back=bool(line.taken_back),
    )


class _Beside:
    """What stands beside each line of one cluster: the lines before it, and the pots of the year."""

    def __init__(self, lines: Sequence[Any], pots: Sequence[Any], as_of: date, rules: RuleSet) -> None:
        self._as_of = as_of
        counting = [
            line
            for line in sorted(lines, key=_when)
            if line.state in (*COMMITTED_STATES, *SPENT_STATES) and not line.taken_back
        ]
        this_year = [line for line in counting if line.this_year]
        held = [line for line in this_year if line.pot == Pot.SCHOOL_HELD and line.part == Part.RELEASE]
        self._half_days = _before(held, lambda line: line.school_id, lambda line: 1 if line.amount > 0 else -1)
        self._on_request = _before(counting, lambda line: line.request_id)
        led = [line for line in this_year if line.pot == Pot.LEAD_HELD]
        self._in_allowance = _before(led, lambda line: line.part if line.part in ALLOWANCES else None)
        self._allowances = {pot.part: pot for pot in pots if pot.pot == Pot.LEAD_HELD and pot.part in ALLOWANCES}
        self._over = {part for part, pot in self._allowances.items() if _is_over(pot, rules)}
        marks = (line for line in counting if line.purpose is LinePurpose.QUALITY_MARK and line.amount > 0)
        schools = dict.fromkeys(line.school_id for line in marks if line.school_id is not None)
        self._marks_before = {school: number for number, school in enumerate(schools)}

    def around(self, line: Any) -> Around:
        """What must be known to judge a line."""
        pot = self._allowances.get(line.part)
        return Around(
            self._as_of,
            half_days=self._half_days.get(line.line_id, 0),
            mark_since=line.mark_since,
            other_marks=self._marks_before.get(line.school_id, 0),
            request=None if line.request_kind is None else self._request(line),
            request_hidden=bool(line.request_hidden),
            allowance_forward=int(pot.brought_forward) if pot else 0,
            allowance_used=self._used(line, pot),
        )

    def _request(self, line: Any) -> RequestFacts:
        return RequestFacts(
            line.request_kind,
            line.request_state,
            line.decided_on,
            line.granted,
            self._on_request.get(line.line_id, 0),
        )

    def _used(self, line: Any, pot: Any) -> int:
        """What is used of an allowance before a line; where the whole year keeps within it, everything besides."""
        if line.part in self._over:
            return self._in_allowance.get(line.line_id, 0)
        return (int(pot.spent + pot.committed) if pot else 0) - int(line.amount)


def _is_over(pot: Any, rules: RuleSet) -> bool:
    a_year = rules.pence(ALLOWANCES[pot.part][0])
    return a_year is not None and pot.spent + pot.committed > a_year + pot.brought_forward


def _when(line: Any) -> tuple[date, int]:
    return line.spent_on or AcademicYear(line.year).ends, line.line_id


def _before(
    lines: Iterable[Any], group: Callable[[Any], Any], worth: Callable[[Any], int] = lambda line: int(line.amount)
) -> dict[int, int]:
    """For each line by its number what the earlier ones of its group come to, less all credits of the group.

    So of too many the last are the ones too many, and a credit frees one whenever it came.
    """
    credited: dict[Any, int] = defaultdict(int)
    groups: dict[Any, list[Any]] = defaultdict(list)
    for line in lines:
        if group(line) is None:
            continue
        if line.amount < 0:
            credited[group(line)] += worth(line)
        else:
            groups[group(line)].append(line)
    before: dict[int, int] = {}
    for name, found in groups.items():
        come_to = credited[name]
        for line in found:
            before[line.line_id] = come_to
            come_to += worth(line)
    return before


# What a flag on lines says: its message, the rule in words, and the figures besides the number of lines.


class _Told(NamedTuple):
    message: str
    statement: str
    figure: Mapping[str, Any]


def _who(lines: Sequence[Any]) -> str:
    """The school that the lines are of, else their part."""
    name: str = lines[0].school_name or PART_WORDS[Part(lines[0].part)]
    return name


def _sum(lines: Iterable[Any]) -> int:
    return sum(int(line.amount) for line in lines)


def _those(lines: Sequence[Any]) -> str:
    """The lines and what they come to: "one line, £520"; "three lines, £1,200 together"."""
    return f"{counted(len(lines), 'line')}, {money(_sum(lines))}{' together' if len(lines) > 1 else ''}"


def _parts(lines: Sequence[Any]) -> str:
    """Of which parts the lines of a school are; where the flag is of a part it says so already."""
    parts = dict.fromkeys(PART_WORDS[Part(line.part)] for line in lines)
    return f" of {all_of(list(parts))}" if lines[0].school_name else ""


def _wrong_holder(lines: Sequence[Any], _rules: RuleSet, _as_of: date) -> _Told:
    stands = "stands" if len(lines) == 1 else "stand"
    return _Told(
        f"{_who(lines)}: {_those(lines)},{_parts(lines)} {stands} as held by somebody else",
        "Schools hold their release money themselves (4.13); the lead school holds the allowance of the cluster lead "
        "(4.15) and that for the accounts (4.16).",
        {"amount": pounds(_sum(lines))},
    )


def _use_not_allowed(lines: Sequence[Any], _rules: RuleSet, _as_of: date) -> _Told:
    uses = all_of(list(dict.fromkeys(str(line.use_code) for line in lines)))
    return _Told(
        f"{_who(lines)}: {_those(lines)},{_parts(lines)} for a use of another part ({uses})",
        "Part A pays for time together (3.2), Part B for resources, courses and providers (3.3), the coordinator’s "
        "allowance for running the cluster and for visits (3.4); each for its own uses.",
        {"amount": pounds(_sum(lines))},
    )


def _cpd_over_limit(lines: Sequence[Any], rules: RuleSet, _as_of: date) -> _Told:
    limit = rules.pence("cpd_session_max") or 0
    above = _sum(lines) - limit * len(lines)
    return _Told(
        f"{_who(lines)}: {counted(len(lines), 'CPD session')} cost cluster funds more than {money(limit)} before VAT, "
        f"{money(above)} above it{' together' if len(lines) > 1 else ''}",
        f"Of one session’s invoice cluster funds pay at most {money(limit)} and the VAT on it; the schools share the "
        "rest (4.9).",
        {"most_each": pounds(limit), "above": pounds(above)},
    )


def _half_day_over_limit(lines: Sequence[Any], rules: RuleSet, _as_of: date) -> _Told:
    limit = rules.pence("half_day_max") or 0
    above = _sum(lines) - limit * len(lines)
    return _Told(
        f"{_who(lines)}: {counted(len(lines), 'half day')} of cover cost more than {money(limit)}, {money(above)} "
        f"above it{' together' if len(lines) > 1 else ''}",
        f"Release money pays at most {money(limit)} for half a day of cover (4.5).",
        {"most_each": pounds(limit), "above": pounds(above)},
    )


def _half_days_over(lines: Sequence[Any], rules: RuleSet, _as_of: date) -> _Told:
    most = rules.count("release_half_days") or 0
    return _Told(
        f"{_who(lines)} used {counted(most + len(lines), 'half day')} of release in {AcademicYear(lines[0].year)}; "
        f"release money is for {counted(most, 'half day')}",
        f"Release money pays for {counted(most, 'half day')} of cover a year and school (4.5). The lines are those "
        "after that number; half days that are promised count too.",
        {"half_days": most + len(lines), "most": most},
    )


def _psqm_renewal(lines: Sequence[Any], _rules: RuleSet, _as_of: date) -> _Told:
    since = lines[0].mark_since
    return _Told(
        f"{_who(lines)} holds the quality mark since {day(since)}; {_those(lines)}, paid for it after that day",
        "The programme pays a school’s way to its first quality mark, no renewal (4.8).",
        {"since": since.isoformat(), "amount": pounds(_sum(lines))},
    )


def _psqm_places(lines: Sequence[Any], rules: RuleSet, _as_of: date) -> _Told:
    places = rules.count("psqm_places") or 0
    return _Told(
        f"{_who(lines)}: {_those(lines)}, paid for the quality mark; the cluster has {counted(places, 'place')} for it",
        f"The way to the quality mark is paid for {counted(places, 'school')} of a cluster, those who came first "
        "(4.8).",
        {"places": places, "amount": pounds(_sum(lines))},
    )


def _unapproved_time(lines: Sequence[Any], _rules: RuleSet, _as_of: date) -> _Told:
    return _Told(
        f"{_who(lines)}: {_those(lines)}, of extra organising time without an approval that carries it",
        "Organising time from the joint pot needs the advisor’s approval before it is spent, and within the sum that "
        "was approved (4.17).",
        {"amount": pounds(_sum(lines))},
    )


def _unapproved_travel(lines: Sequence[Any], _rules: RuleSet, _as_of: date) -> _Told:
    return _Told(
        f"{_who(lines)}: {_those(lines)}, of travel without an approval that carries it",
        "Travel is decided case by case: the advisor approves it before it is spent, and within the sum that was "
        "approved (4.26).",
        {"amount": pounds(_sum(lines))},
    )


def _over_allowance(lines: Sequence[Any], rules: RuleSet, _as_of: date) -> _Told:
    rule, source = ALLOWANCES[lines[0].part]
    a_year = rules.pence(rule) or 0
    return _Told(
        f"{_who(lines)}: {_those(lines)}, go{'es' if len(lines) == 1 else ''} beyond what the year brought",
        f"{PART_WORDS[lines[0].part]} is {money(a_year)} a year ({source}), and what came forward (4.10); the two "
        "allowances are kept apart. The lines are those after the sum was used.",
        {"a_year": pounds(a_year), "amount": pounds(_sum(lines))},
    )


def _uninvoiced(lines: Sequence[Any], rules: RuleSet, as_of: date) -> _Told:
    most, since = rules.count("uninvoiced_days") or 0, _when(lines[0])[0]
    days = (as_of - since).days
    return _Told(
        f"{_who(lines)}: {_those(lines)}, promised and not invoiced, {'the oldest ' if len(lines) > 1 else ''}since "
        f"{day(since)}",
        f"Schools should be prompt in invoicing the lead school (3.18): it asks for a look at what is approved or "
        f"committed for more than {counted(most, 'day')}.",
        {"since": since.isoformat(), "days": days, "most_days": most, "amount": pounds(_sum(lines))},
    )


_TOLD: Final[Mapping[str, Callable[[Sequence[Any], RuleSet, date], _Told]]] = {
    "over_allowance": _over_allowance,
    "unapproved_time": _unapproved_time,
    "unapproved_travel": _unapproved_travel,
    "cpd_over_limit": _cpd_over_limit,
    "half_day_over_limit": _half_day_over_limit,
    "half_days_over": _half_days_over,
    "psqm_renewal": _psqm_renewal,
    "psqm_places": _psqm_places,
    "use_not_allowed": _use_not_allowed,
    "wrong_holder": _wrong_holder,
    "uninvoiced": _uninvoiced,
}
_SEVERITIES: Final = {
    "over_allowance": Severity.ACT, "unapproved_time": Severity.ACT, "unapproved_travel": Severity.ACT,
}  # fmt: skip


def _line_row(line: Any) -> Mapping[str, Any]:
    """A line behind a flag. Whom it paid is not told: a supplier may be a colleague (3.14); the ledger has it."""
    return {
        "line": line.line_id,
        "day": line.spent_on and line.spent_on.isoformat(),
        "pot": str(line.pot),
        "part": str(line.part),
        "use": line.use_code and str(line.use_code),
        "state": str(line.state),
        "amount": pounds(int(line.amount)),
        "vat": pounds(int(line.vat)),
    }
