"""Rules of a programme: what it set, the default for the rest, and refusals of what nobody knows."""

from dataclasses import FrozenInstanceError

import pytest

from dashboard.rules import DEFAULT_RULES, RULES, RuleSet, check_rule


def test_defaults_fit_their_own_rules_and_names_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        if rule.default is not None:
            check_rule(rule.name, rule.default)


def test_defaults_stand_where_a_programme_says_nothing() -> None:
    assert DEFAULT_RULES.count("low_attendance_at_most") == 2
    assert DEFAULT_RULES.count("low_attendance_of_at_least") == 3
    assert DEFAULT_RULES.count("meetings_minimum") is None
    assert DEFAULT_RULES.pence("half_day_max") == 10000
    assert DEFAULT_RULES.pence("finance_allowance") is None
    assert DEFAULT_RULES.text("lead_phase") is None
    assert DEFAULT_RULES.yes("roll_over")
    assert not DEFAULT_RULES.yes("in_school_time_expected")


def test_a_programme_overrides_what_it_names_and_nothing_else() -> None:
    rules = RuleSet({"low_attendance_at_most": "0", "finance_allowance": "120.50", "roll_over": "no"})
    assert rules.count("low_attendance_at_most") == 0
    assert rules.pence("finance_allowance") == 12050
    assert not rules.yes("roll_over")
    assert rules.count("low_attendance_of_at_least") == 3


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("no_such_rule", "1", "there is no rule “no_such_rule”; known are meetings_minimum"),
        ("meetings_minimum", "five", "not a whole number"),
        ("meetings_minimum", "-1", "not a whole number"),
        ("meetings_minimum", "2.5", "not a whole number"),
        ("meetings_minimum", "", "not a whole number"),
        ("roll_over", "maybe", "neither yes nor no"),
        ("half_day_max", "a lot", "not an amount in pounds"),
        ("half_day_max", "1.005", "parts of a penny"),
    ],
)
def test_values_that_do_not_fit_are_refused(name: str, value: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_rule(name, value)


@pytest.mark.parametrize("value", ["100", "£1,000.00", "100.50"])
def test_an_amount_that_is_accepted_can_be_read(value: str) -> None:
    check_rule("half_day_max", value)
    assert (RuleSet({"half_day_max": value}).pence("half_day_max") or 0) >= 10000


def test_a_name_nobody_knows_is_an_error_not_an_answer() -> None:
    with pytest.raises(KeyError):
        DEFAULT_RULES.text("no_such_rule")


def test_defaults_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        DEFAULT_RULES.values = {"roll_over": "no"}  # type: ignore[misc]
