"""What a plan's figures say in words."""

import pandas as pd
import pytest

from dashboard.plans.sentences import say_progress
from dashboard.vocabulary import TargetStatus

DONE, STALLED = TargetStatus.IN_PROGRESS, TargetStatus.STALLED


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([(4, 1, 1, DONE)], "1 of 4 success criteria is met; every target has evidence."),
        ([(4, 2, 1, DONE), (2, 0, 2, DONE)], "2 of 6 success criteria are met; every target has evidence."),
        ([(4, 0, 1, DONE)], "0 of 4 success criteria are met; every target has evidence."),
        (
            [(4, 4, 1, DONE), (3, 0, 0, DONE)],
            "4 of 7 success criteria are met; one of two targets has no evidence yet.",
        ),
        (
            [(1, 0, 0, DONE), (1, 0, 0, DONE), (1, 1, 1, DONE)],
            "1 of 3 success criteria is met; two of three targets have no evidence yet.",
        ),
        (
            [(3, 0, 0, STALLED), (3, 3, 1, DONE)],
            "3 of 6 success criteria are met; one of two targets has no evidence yet and one has stalled.",
        ),
        (
            [(3, 0, 0, STALLED)] * 2 + [(3, 3, 1, DONE)],
            "3 of 9 success criteria are met; two of three targets have no evidence yet and two have stalled.",
        ),
        ([(3, 0, 1, STALLED)], "0 of 3 success criteria are met; one has stalled."),
        ([(0, 0, 1, DONE)], "One target has no success criteria; every target has evidence."),
        ([(0, 0, 1, DONE)] * 2, "Two targets have no success criteria; every target has evidence."),
    ],
)
def test_a_plan_in_one_sentence(rows: list[tuple[int, int, int, TargetStatus]], sentence: str) -> None:
    frame = pd.DataFrame(rows, columns=["criteria", "met", "evidence", "status"], dtype=object)
    assert say_progress(frame) == sentence
