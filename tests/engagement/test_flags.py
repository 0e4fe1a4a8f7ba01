"""When attendance asks for a look: at each threshold and just beside it."""

from datetime import date
from typing import Any, Final, NamedTuple

import pandas as pd
import pytest

from dashboard.academic_year import AcademicYear
from dashboard.engagement.flags import Signs, flag_cluster, flag_school, flag_schools
from dashboard.flags import Flag, most_pressing_first
from dashboard.rules import DEFAULT_RULES, RuleSet
from dashboard.vocabulary import Severity


class Row(NamedTuple):
    """The columns of `load_attendance_by_school` that flags look at."""

    expected: int = 0
    attended: int = 0
    missed_in_a_row: int = 0
    not_recorded: int = 0
    school: str = "ford"
    name: str = "Ford"


def rules_of(row: Any, rules: RuleSet = DEFAULT_RULES) -> list[str]:
    return [flag.rule for flag in flag_school(row, rules)]


@pytest.mark.parametrize(
    ("attended", "expected", "flagged"),
    [
        (0, 0, False),
        (0, 2, False),
        (2, 2, False),
        (0, 3, True),
        (1, 3, True),
        (2, 3, True),
        (3, 3, False),
        (2, 4, True),
        (3, 4, False),
        (2, 12, True),
        (3, 12, False),
    ],
)
def test_at_most_two_of_at_least_three(attended: int, expected: int, flagged: bool) -> None:
    assert ("low_attendance" in rules_of(Row(expected, attended))) is flagged


@pytest.mark.parametrize(
    ("attended", "expected", "flagged"), [(0, 4, False), (0, 5, True), (1, 5, True), (2, 5, False), (1, 6, True)]
)
def test_both_numbers_belong_to_the_programme(attended: int, expected: int, flagged: bool) -> None:
    rules = RuleSet({"low_attendance_at_most": "1", "low_attendance_of_at_least": "5"})
    assert ("low_attendance" in rules_of(Row(expected, attended), rules)) is flagged


# A whole cluster


class Size(NamedTuple):
    """The columns of `load_sizes` that flags look at."""

    schools: int = 6
    held: int = 0
    planned: int = 0
    in_school: int = 0
    after_school: int = 0


FOUR = RuleSet({"meetings_minimum": "4"})
YEAR = AcademicYear(2016)


def of_cluster(size: Size, as_of: date, rules: RuleSet = FOUR) -> list[Flag]:
    return list(flag_cluster("mill-cluster", "Mill Cluster", YEAR, as_of, rules, Signs(1, size)))


MET: Final[list[tuple[date, int, Severity | None]]] = [
    (date(2016, 9, 1), 0, None),
    (date(2016, 9, 2), 0, Severity.LOOK),
    (date(2016, 11, 23), 1, None),  # 83 of 333 days are over: a quarter is not
    (date(2016, 11, 24), 1, Severity.LOOK),
    (date(2017, 2, 13), 2, None),
    (date(2017, 2, 15), 2, Severity.LOOK),
    (date(2017, 2, 15), 3, None),
    (date(2017, 7, 3), 0, Severity.LOOK),  # 28 days are left: one meeting in each week
    (date(2017, 7, 4), 0, Severity.ACT),
    (date(2017, 7, 24), 3, Severity.LOOK),
    (date(2017, 7, 25), 3, Severity.ACT),
    (date(2017, 7, 31), 3, Severity.ACT),
    (date(2017, 8, 31), 3, Severity.ACT),
    (date(2019, 1, 1), 3, Severity.ACT),
    (date(2019, 1, 1), 0, Severity.ACT),
    (date(2019, 1, 1), 4, None),
    (date(2017, 7, 31), 5, None),
]
"""The day, how often the cluster met, and what that asks for where four meetings are the least (4.18)."""


@pytest.mark.parametrize(("as_of", "held", "severity"), MET)
def test_a_look_while_the_year_can_still_reach_the_least_and_action_when_it_cannot(
    as_of: date, held: int, severity: Severity | None
) -> None:
    flags = of_cluster(Size(held=held), as_of)
    assert [(flag.rule, flag.severity) for flag in flags] == ([("too_few_meetings", severity)] if severity else [])


def test_too_few_meetings_in_words() -> None:
    told = "Mill Cluster has one cluster meeting recorded in 2016-17; at least 4 were agreed, and the year can"
    assert [flag.message for flag in of_cluster(Size(held=1), date(2017, 3, 1))] == [f"{told} still reach them"]
    [flag] = of_cluster(Size(held=1, planned=1), date(2017, 3, 1))
    assert flag.message == f"{told} still reach them (one is planned)"
    [flag] = of_cluster(Size(held=1, planned=2), date(2017, 3, 1))
    assert flag.message.endswith("(two are planned)")
    [flag] = of_cluster(Size(held=1), date(2017, 9, 1))
    assert flag == Flag("too_few_meetings", Severity.ACT, f"{told} no longer reach them", "mill-cluster")


def test_without_a_least_number_no_cluster_met_too_seldom() -> None:
    assert of_cluster(Size(), date(2019, 1, 1), DEFAULT_RULES) == []


@pytest.mark.parametrize(
    ("schools", "flagged"), [(0, False), (1, True), (2, True), (3, False), (12, False), (13, True)]
)
def test_groups_of_three_to_twelve(schools: int, flagged: bool) -> None:
    """Of a cluster of which no member is known nothing is said (4.1)."""
    flags = of_cluster(Size(schools=schools), date(2017, 3, 1), DEFAULT_RULES)
    assert [flag.rule for flag in flags] == ["cluster_size"] * flagged


def test_the_size_belongs_to_the_programme_and_is_said_in_words() -> None:
    rules = RuleSet({"cluster_size_min": "7", "cluster_size_max": "9"})
    assert of_cluster(Size(schools=6), date(2017, 3, 1), rules) == [
        Flag("cluster_size", Severity.LOOK, "Mill Cluster has six schools on record; groups of 7 to 9 have lasted best",
             "mill-cluster")
    ]  # fmt: skip


# Recent meetings


@pytest.mark.parametrize(("missed", "flagged"), [(0, False), (1, False), (2, True), (3, True)])
def test_two_missed_in_a_row(missed: int, flagged: bool) -> None:
    assert ("no_recent_attendance" in rules_of(Row(9, 9, missed))) is flagged


@pytest.mark.parametrize(
    ("rule", "missed", "flagged"), [("1", 1, True), ("3", 2, False), ("3", 3, True), ("0", 9, False)]
)
def test_how_many_missed_belongs_to_the_programme(rule: str, missed: int, flagged: bool) -> None:
    rules = RuleSet({"no_recent_attendance_missed": rule})
    assert ("no_recent_attendance" in rules_of(Row(9, 9, missed), rules)) is flagged


@pytest.mark.parametrize(("not_recorded", "flagged"), [(0, False), (1, True), (5, True)])
def test_a_meeting_without_a_mark(not_recorded: int, flagged: bool) -> None:
    assert rules_of(Row(not_recorded=not_recorded)) == (["not_recorded"] if flagged else [])


def test_the_sentences_and_subjects() -> None:
    assert list(flag_school(Row(3, 1, 2, 1), DEFAULT_RULES)) == [
        Flag("low_attendance", Severity.ACT, "Ford came to 1 of 3 meetings", "ford"),
        Flag(
            "no_recent_attendance", Severity.LOOK, "Ford missed the last two meetings at which it was expected", "ford"
        ),
        Flag("not_recorded", Severity.INFO, "Ford has no mark for one past meeting", "ford"),
    ]


def test_a_cluster_has_the_flags_of_its_schools_in_their_order() -> None:
    frame = pd.DataFrame([Row(3, 0, 3), Row(3, 3), Row(not_recorded=2, school="weir", name="Weir")], dtype=object)
    assert [(flag.subject, flag.rule) for flag in flag_schools(frame, DEFAULT_RULES)] == [
        ("ford", "low_attendance"),
        ("ford", "no_recent_attendance"),
        ("weir", "not_recorded"),
    ]


def test_the_most_pressing_come_first_and_equals_keep_their_order() -> None:
    flags = [
        Flag(name, severity, "", "")
        for name, severity in zip("abcde", map(Severity, ("info", "act", "look", "act", "info")), strict=True)
    ]
    assert "".join(flag.rule for flag in most_pressing_first(flags)) == "bdcae"


def test_a_flag_in_a_report_is_plain_text() -> None:
    told = Flag("low_attendance", Severity.ACT, "Ford came", "ford").as_dict()
    assert told == {"rule": "low_attendance", "severity": "act", "message": "Ford came", "subject": "ford"}
    assert {type(value) for value in told.values()} == {str}
