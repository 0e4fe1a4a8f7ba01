"""When a target asks for a look, and why."""

from datetime import date
from typing import NamedTuple

import pandas as pd
import pytest

from dashboard.flags import Flag
from dashboard.plans.flags import flag_target, flag_targets
from dashboard.vocabulary import Severity, TargetStatus

AS_OF = date(2017, 3, 1)
PAST, FUTURE = date(2017, 2, 28), date(2017, 3, 2)


class Row(NamedTuple):
    """The columns of `load_targets` that flags look at."""

    status: TargetStatus = TargetStatus.IN_PROGRESS
    due: date | None = None
    evidence: int = 1
    criteria: int = 3
    has_impact: bool = True
    code: str = "T1"
    title: str = "T1"


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        (Row(), []),
        (Row(due=FUTURE), []),
        (Row(due=AS_OF), []),
        (Row(due=PAST), ["overdue"]),
        (Row(TargetStatus.ACHIEVED, PAST), []),
        (Row(TargetStatus.STALLED, PAST, evidence=0), ["overdue"]),
        (Row(TargetStatus.NOT_STARTED, evidence=0), ["no_evidence"]),
        (Row(TargetStatus.NOT_STARTED, FUTURE, evidence=0), ["no_evidence"]),
        (Row(TargetStatus.ACHIEVED, evidence=0), []),
        (Row(criteria=0), ["no_measurable_criterion"]),
        (Row(TargetStatus.ACHIEVED, criteria=0), ["no_measurable_criterion"]),
        (Row(has_impact=False), ["activity_without_impact"]),
        (Row(TargetStatus.ACHIEVED, has_impact=False), ["activity_without_impact"]),
        (Row(TargetStatus.NOT_STARTED, evidence=0, has_impact=False), ["no_evidence"]),
        (
            Row(due=PAST, criteria=0, has_impact=False),
            ["overdue", "no_measurable_criterion", "activity_without_impact"],
        ),
    ],
)
def test_which_flags_a_target_has(row: Row, rules: list[str]) -> None:
    assert [flag.rule for flag in flag_target(row, AS_OF)] == rules


@pytest.mark.parametrize(
    ("row", "flag"),
    [
        (Row(due=PAST), Flag("overdue", Severity.ACT, "T1 was due on 28 February 2017", "T1")),
        (
            Row(due=PAST, evidence=0),
            Flag("overdue", Severity.ACT, "T1 was due on 28 February 2017 and has no evidence", "T1"),
        ),
        (Row(evidence=0), Flag("no_evidence", Severity.LOOK, "T1 has no evidence yet", "T1")),
        (
            Row(due=FUTURE, evidence=0),
            Flag("no_evidence", Severity.LOOK, "T1 has no evidence yet; it is due on 2 March 2017", "T1"),
        ),
        (
            Row(criteria=0),
            Flag("no_measurable_criterion", Severity.LOOK, "T1 has no success criterion to measure it by", "T1"),
        ),
        (
            Row(has_impact=False),
            Flag(
                "activity_without_impact",
                Severity.INFO,
                "T1 has evidence of what was done, but its impact is empty",
                "T1",
            ),
        ),
    ],
)
def test_the_sentence_of_each_flag(row: Row, flag: Flag) -> None:
    assert list(flag_target(row, AS_OF)) == [flag]


def test_a_plan_has_the_flags_of_its_targets_in_their_order() -> None:
    frame = pd.DataFrame([Row(criteria=0, code="B"), Row(), Row(due=PAST, code="A")], dtype=object)
    told = [(flag.subject, flag.rule) for flag in flag_targets(frame, AS_OF)]
    assert told == [("B", "no_measurable_criterion"), ("A", "overdue")]
