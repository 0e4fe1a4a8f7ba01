"""Names within sentences."""

import pytest

from dashboard import wording
from dashboard.wording import amid


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("The West Salisbury Cluster", "the West Salisbury Cluster"),
        ("Leamington (North) Cluster", "Leamington (North) Cluster"),
        ("Theale Cluster", "Theale Cluster"),
    ],
)
def test_a_name_within_a_sentence_has_no_capital_article(name: str, within: str) -> None:
    assert amid(name) == within


def test_minutes_in_hours() -> None:
    told = {
        0: "0 hours",
        30: "30 minutes",
        60: "1 hour",
        90: "1 hour 30 minutes",
        180: "3 hours",
        60_060: "1,001 hours",
    }
    assert {minutes: wording.hours(minutes) for minutes in told} == told
