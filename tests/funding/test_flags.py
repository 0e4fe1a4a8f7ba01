"""When money asks for a look: at each threshold and just beside it."""

from datetime import date
from typing import NamedTuple

import pytest

from dashboard.academic_year import AcademicYear
from dashboard.flags import Flag
from dashboard.funding.flags import flag_pots, year_gone
from dashboard.rules import DEFAULT_RULES, RuleSet
from dashboard.vocabulary import (
    LinePurpose,
    LineState,
    Part,
    Pot,
    RequestKind,
    RequestState,
    Severity,
    UseCode,
)

YEAR = AcademicYear(2016)
LATE = date(2017, 6, 1)
"""274 of 365 days: just past three quarters of the year."""


class Row(NamedTuple):
    """The columns of `load_pots` that flags look at, in pence."""

    spent: int = 0
    allocated: int = 10_000
    committed: int = 0
    brought_forward: int = 0
    pot: Pot = Pot.LEAD_HELD
    part: Part = Part.A

    @property
    def remaining(self) -> int:
        return self.brought_forward + self.allocated - self.spent - self.committed


def flags(*rows: Row, as_of: date = LATE, rules: RuleSet = DEFAULT_RULES) -> list[Flag]:
    return flag_pots(rows, "mill", YEAR, as_of, rules)


def names(*rows: Row, as_of: date = LATE, rules: RuleSet = DEFAULT_RULES) -> list[str]:
    return [flag.rule for flag in flags(*rows, as_of=as_of, rules=rules)]


@pytest.mark.parametrize(
    ("as_of", "share"),
    [
        (date(2016, 8, 31), 0),
        (date(2016, 9, 1), 1 / 365),
        (date(2017, 8, 30), 364 / 365),
        (date(2017, 8, 31), 1),
        (date(2030, 1, 1), 1),
        (date(2000, 1, 1), 0),
    ],
)
def test_how_much_of_the_year_is_gone(as_of: date, share: float) -> None:
    assert year_gone(YEAR, as_of) == pytest.approx(share)


def test_a_leap_year_has_a_day_more() -> None:
    assert year_gone(AcademicYear(2015), date(2015, 9, 1)) == pytest.approx(1 / 366)


@pytest.mark.parametrize(
    ("spent", "committed", "flagged"),
    [(10_000, 0, False), (10_001, 0, True), (9_999, 1, False), (9_999, 2, True), (0, 10_001, True)],
)
def test_more_spent_and_committed_than_there_was(spent: int, committed: int, flagged: bool) -> None:
    assert ("overspent" in names(Row(spent, committed=committed))) is flagged


def test_each_overspent_part_is_told() -> None:
    told = flags(Row(10_550), Row(20_000, part=Part.RELEASE, pot=Pot.SCHOOL_HELD), Row(10_000, part=Part.B))
    assert told == [
        Flag("overspent", Severity.ACT, "Part A, held by the lead school, is overspent by £5.50", "A"),
        Flag("overspent", Severity.ACT, "Release money, held by the schools, is overspent by £100", "release"),
    ]


@pytest.mark.parametrize(
    ("as_of", "flagged"),
    [
        (date(2017, 5, 31), False),
        (date(2017, 6, 1), True),
        (date(2017, 8, 31), True),
        (date(2017, 9, 1), True),
    ],
)
def test_late_means_three_quarters_of_the_year(as_of: date, flagged: bool) -> None:
    assert (names(Row(1_000), as_of=as_of) == ["unspent"]) is flagged


@pytest.mark.parametrize(("spent", "flagged"), [(0, True), (4_999, True), (5_000, False), (5_001, False)])
def test_little_means_less_than_half(spent: int, flagged: bool) -> None:
    assert (names(Row(spent)) == ["unspent"]) is flagged


def test_both_shares_belong_to_the_programme() -> None:
    rules = RuleSet({"unspent_year_gone": "10", "unspent_spent_below": "90"})
    early = date(2016, 10, 8)
    assert names(Row(8_999), as_of=early, rules=rules) == ["unspent"]
    assert names(Row(9_000), as_of=early, rules=rules) == []
    assert names(Row(8_999), as_of=early) == []


def test_what_came_forward_counts_as_available() -> None:
    assert names(Row(5_000, brought_forward=1)) == ["unspent"]
    assert names(Row(4_000, brought_forward=-2_000)) == []


def test_all_parts_of_the_lead_held_pot_count_together_and_no_other_pot() -> None:
    assert names(Row(0), Row(10_000, part=Part.B)) == []
    assert names(Row(0), Row(10_000, pot=Pot.SCHOOL_HELD)) == ["unspent"]
    assert names(Row(0, pot=Pot.TRUST_HELD)) == []


@pytest.mark.parametrize("allocated", [0, -100])
def test_nothing_available_cannot_be_unspent(allocated: int) -> None:
    assert "unspent" not in names(Row(0, allocated=allocated))


@pytest.mark.parametrize(
    ("as_of", "when"),
    [
        (date(2017, 6, 1), "with 91 days of the year left"),
        (date(2017, 8, 30), "with one day of the year left"),
        (date(2017, 8, 31), "with no days of the year left"),
        (date(2017, 9, 1), "after the end of 2016-17"),
    ],
)
def test_the_sentence_of_unspent_money(as_of: date, when: str) -> None:
    message = f"£85 held by the lead school is not spent or committed {when}: 10 % is spent"
    assert flags(Row(1_000, committed=500), as_of=as_of) == [Flag("unspent", Severity.LOOK, message, "mill")]


@pytest.mark.parametrize(
    ("row", "as_of", "flagged"),
    [
        (Row(allocated=0, brought_forward=500), LATE, True),
        (Row(allocated=0, brought_forward=500), date(2017, 5, 31), False),
        (Row(allocated=1, brought_forward=500), LATE, False),
        (Row(allocated=0, brought_forward=500, committed=1), LATE, False),
        (Row(1, allocated=0, brought_forward=500), LATE, False),
        (Row(allocated=0, brought_forward=-500), LATE, False),
        (Row(allocated=0, brought_forward=500, pot=Pot.SCHOOL_HELD), LATE, False),
    ],
)
def test_what_came_forward_and_nobody_planned_with(row: Row, as_of: date, flagged: bool) -> None:
    assert ("unallocated" in names(row, as_of=as_of)) is flagged


def test_the_sentence_of_unallocated_money() -> None:
    [told] = [flag for flag in flags(Row(allocated=0, brought_forward=4_550)) if flag.rule == "unallocated"]
    assert (told.severity, told.subject) == (Severity.LOOK, "A")
    assert told.message == (
        "Part A: £45.50 came forward into 2016-17 and nothing is allocated, spent or committed of it"
    )
    assert told.figure == {"brought_forward": "45.50"}


# Lines: what is said of those that break a rule. Which ones do stands in test_checks.


class Line(NamedTuple):
    """The columns of `load_lines_to_check`."""

    amount: int
    line_id: int = 1
    this_year: bool = True
    year: int = 2016
    spent_on: date | None = date(2016, 11, 1)
    pot: Pot = Pot.LEAD_HELD
    part: Part = Part.B
    use_code: UseCode | None = None
    purpose: LinePurpose | None = None
    vat: int = 0
    state: LineState = LineState.PAID
    school_id: int | None = None
    school: str | None = None
    school_name: str | None = None
    taken_back: bool = False
    mark_since: date | None = None
    request_id: int | None = None
    request_hidden: bool = False
    request_kind: RequestKind | None = None
    request_state: RequestState | None = None
    decided_on: date | None = None
    granted: int | None = None


OF_FORD = {"school_id": 7, "school": "ford-school", "school_name": "Ford School"}
STRICT = RuleSet(
    {
        "psqm_first_time_only": "yes", "psqm_places": "0", "travel_needs_approval": "yes",
        "extra_coordination_needs_approval": "yes", "cluster_lead_allowance": "300.00",
    }
)  # fmt: skip


def told_of(*lines: Line, pots: tuple[Row, ...] = (), rules: RuleSet = STRICT) -> list[Flag]:
    return flag_pots(pots, "mill", YEAR, date(2017, 3, 1), rules, lines)


def half_day(number: int, amount: int = 9_000) -> Line:
    return Line(amount, number, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, **OF_FORD)


SESSION = Line(52_000, vat=10_400, purpose=LinePurpose.CPD_SESSION)
MARK = Line(45_000, purpose=LinePurpose.QUALITY_MARK, **OF_FORD)
PROMISED = Line(2_000, state=LineState.COMMITTED, spent_on=date(2017, 1, 5))


@pytest.mark.parametrize(
    ("lines", "rule", "severity", "subject", "message"),
    [
        ((SESSION,), "cpd_over_limit", "look", "B",
         "Part B: one CPD session cost cluster funds more than £400 before VAT, £120 above it"),
        ((SESSION, SESSION._replace(line_id=2, amount=45_000)), "cpd_over_limit", "look", "B",
         "Part B: two CPD sessions cost cluster funds more than £400 before VAT, £170 above it together"),
        ((half_day(1, 11_000),), "half_day_over_limit", "look", "ford-school",
         "Ford School: one half day of cover cost more than £100, £10 above it"),
        (tuple(half_day(number) for number in range(1, 8)), "half_days_over", "look", "ford-school",
         "Ford School used seven half days of release in 2016-17; release money is for five half days"),
        ((MARK._replace(mark_since=date(2015, 6, 1)),), "psqm_renewal", "look", "ford-school",
         "Ford School holds the quality mark since 1 June 2015; one line, £450, paid for it after that day"),
        ((MARK,), "psqm_places", "look", "ford-school",
         "Ford School: one line, £450, paid for the quality mark; the cluster has no places for it"),
        ((Line(6_000, part=Part.JOINT, purpose=LinePurpose.EXTRA_TIME),), "unapproved_time", "act", "joint",
         "Joint pot: one line, £60, of extra organising time without an approval that carries it"),
        ((Line(6_000, purpose=LinePurpose.TRAVEL), Line(500, 2, purpose=LinePurpose.TRAVEL)), "unapproved_travel",
         "act", "B", "Part B: two lines, £65 together, of travel without an approval that carries it"),
        ((Line(6_000, use_code=UseCode.A1), Line(500, 2, use_code=UseCode.C1)), "use_not_allowed", "look", "B",
         "Part B: two lines, £65 together, for a use of another part (A1 and C1)"),
        ((Line(6_000, part=Part.RELEASE, **OF_FORD),), "wrong_holder", "look", "ford-school",
         "Ford School: one line, £60, of Release money stands as held by somebody else"),
        ((PROMISED,), "uninvoiced", "look", "B",
         "Part B: one line, £20, promised and not invoiced, since 5 January 2017"),
        ((PROMISED, PROMISED._replace(line_id=2, spent_on=date(2016, 12, 24))), "uninvoiced", "look", "B",
         "Part B: two lines, £40 together, promised and not invoiced, the oldest since 24 December 2016"),
    ],
)  # fmt: skip
def test_what_is_said_of_lines(lines: tuple[Line, ...], rule: str, severity: str, subject: str, message: str) -> None:
    told = [flag for flag in told_of(*lines) if flag.rule == rule]
    assert told == [Flag(rule, Severity(severity), message, subject)]
    assert told[0].statement
    assert told[0].figure["lines"] == len(told[0].rows)


def test_the_lines_stand_behind_a_flag_and_nobody_is_named() -> None:
    [told] = told_of(SESSION)
    assert told.figure == {"lines": 1, "most_each": "400.00", "above": "120.00"}
    assert told.rows == [
        {
            "line": 1, "day": "2016-11-01", "pot": "lead_held", "part": "B", "use": None, "state": "paid",
            "amount": "520.00", "vat": "104.00",
        }
    ]  # fmt: skip


def test_only_the_half_days_beyond_the_number_are_behind_the_flag() -> None:
    [told] = told_of(*(half_day(number) for number in (3, 1, 2, 7, 5, 6, 4)))
    assert [row["line"] for row in told.rows] == [6, 7]
    assert told.figure == {"lines": 2, "half_days": 7, "most": 5}


def test_each_school_has_a_flag_of_its_own() -> None:
    other = {"school_id": 8, "school": "mill-school", "school_name": "Mill School"}
    told = told_of(half_day(1, 11_000), half_day(2, 12_000)._replace(**other))
    assert [flag.subject for flag in told] == ["ford-school", "mill-school"]


def test_an_allowance_is_told_once_by_its_lines_or_by_its_pot() -> None:
    pot, line = Row(35_000, allocated=30_000, part=Part.LEAD_ALLOWANCE), Line(35_000, part=Part.LEAD_ALLOWANCE)
    assert told_of(line, pots=(pot,)) == [
        Flag(
            "over_allowance",
            Severity.ACT,
            "Cluster lead’s allowance: one line, £350, goes beyond what the year brought",
            "lead_allowance",
        )
    ]
    assert [flag.rule for flag in told_of(line, pots=(pot,), rules=DEFAULT_RULES)] == ["overspent"]
    assert [flag.rule for flag in told_of(pots=(pot,))] == ["overspent"]


def test_an_allowance_within_its_year_is_not_told_whatever_is_known_of_its_lines() -> None:
    pot, line = Row(30_000, allocated=30_000, part=Part.LEAD_ALLOWANCE), Line(31_000, part=Part.LEAD_ALLOWANCE)
    assert told_of(line, pots=(pot,)) == []


def test_of_an_earlier_year_only_what_is_still_not_invoiced_is_told() -> None:
    earlier = {"this_year": False, "year": 2015, "spent_on": date(2016, 3, 1)}
    dear_and_promised = SESSION._replace(state=LineState.APPROVED, **earlier)
    assert [flag.rule for flag in told_of(dear_and_promised)] == ["uninvoiced"]
    assert told_of(SESSION._replace(**earlier)) == []
