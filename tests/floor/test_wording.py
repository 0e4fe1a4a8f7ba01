"""Names within sentences."""

import pytest

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
