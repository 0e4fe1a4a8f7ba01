"""What pages say of ages, reviews and ends, counted by hand."""

from datetime import date

import pytest

from dashboard.concerns.sentences import say_age, say_closed, say_end, say_open, say_review, say_state
from dashboard.concerns.words import CLOSED_AS, DECISIONS, OUTCOMES, RULES, STEPS, known_rule
from dashboard.vocabulary import ConcernDecision, StepKind, StepOutcome

DAY = date(2017, 3, 1)


@pytest.mark.parametrize(
    ("found", "overdue", "words"),
    [
        (0, 0, "No open concerns"),
        (1, 1, "One open concern; one review is overdue"),
        (3, 1, "Three open concerns; one review is overdue"),
        (1234, 20, "1,234 open concerns; 20 reviews are overdue"),
        (2, 0, "Two open concerns"),
    ],
)
def test_the_headline_of_a_list(found: int, overdue: int, words: str) -> None:
    assert say_open(found, overdue) == words


def test_the_headline_of_closed_ones() -> None:
    assert [say_closed(number) for number in (0, 1, 20)] == [
        "No closed concerns", "One closed concern", "20 closed concerns",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("review", "words"),
    [
        (None, "no review is set"),
        (date(2017, 2, 17), "review was due 12 days ago"),
        (date(2016, 2, 28), "review was due 367 days ago"),
        (date(2017, 2, 28), "review was due 1 day ago"),
        (DAY, "review is due today"),
        (date(2017, 3, 2), "review on 2 March 2017"),
    ],
)
def test_a_review(review: date | None, words: str) -> None:
    assert say_review(review, DAY) == words


def test_ages_and_states() -> None:
    assert [say_age(each, DAY) for each in (DAY, date(2017, 2, 28), date(2016, 3, 1), date(2013, 3, 1))] == [
        "since today", "1 day", "365 days", "1,461 days",
    ]  # fmt: skip
    assert say_state(date(2016, 12, 1), None, DAY) == "Open for 90 days; no review is set"
    assert say_state(DAY, DAY, DAY) == "Open since today; review is due today"


def test_an_end() -> None:
    raised = date(2017, 1, 30)
    assert say_end(raised, DAY, ConcernDecision.EXIT) == (
        "Closed on 1 March 2017 after 30 days: an exit from the cluster"
    )
    assert say_end(DAY, DAY, None) == "Closed on 1 March 2017 after 0 days"


def test_every_word_of_the_field_has_its_plain_one() -> None:
    assert set(STEPS) == set(StepKind)
    assert set(OUTCOMES) == set(StepOutcome)
    assert set(DECISIONS) == set(CLOSED_AS) == set(ConcernDecision)
    assert all(words.endswith(".") for words in RULES.values())


@pytest.mark.parametrize("name", [None, "", "made_up", "low_attendance ", "LOW_ATTENDANCE", "low-attendance", "a" * 61])
def test_a_rule_that_nobody_knows_is_none(name: str | None) -> None:
    assert known_rule(name) is None


def test_rules_are_known_by_their_stable_names() -> None:
    wanted = {
        "low_attendance", "no_recent_attendance", "not_recorded", "too_few_meetings", "missed_half_term",
        "after_school", "cluster_size", "sabbatical_review", "consistency", "turnover", "induction_due",
    }  # fmt: skip
    assert {name for name in wanted if known_rule(name) == name} == wanted
    assert {name for name in RULES if known_rule(name) == name} == set(RULES)
