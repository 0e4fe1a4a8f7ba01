"""When money asks for a look: at each threshold and just beside it."""

from datetime import date
from typing import NamedTuple

import pytest

from dashboard.academic_year import AcademicYear
from dashboard.flags import Flag
from dashboard.funding.flags import flag_pots, year_gone
from dashboard.rules import DEFAULT_RULES, RuleSet
from dashboard.vocabulary import Part, Pot, Severity

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
