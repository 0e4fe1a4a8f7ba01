"""When attendance asks for a look: at each threshold and just beside it."""

from typing import Any, NamedTuple

import pandas as pd
import pytest

from dashboard.engagement.flags import flag_school, flag_schools
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
