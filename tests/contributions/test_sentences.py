"""What the page of contributions says."""

import pytest

from dashboard.contributions import sentences as say
from dashboard.contributions import words
from dashboard.vocabulary import ContributionKind, ContributionState


@pytest.mark.parametrize(
    ("agreed", "paid", "overdue", "told"),
    [
        (0, 0, 0, None),
        (10_000, 10_000, 0, "All £100 that schools agreed to pay is paid"),
        (10_000, 5_000, 0, "£50 of £100 that schools agreed to pay is paid; £50 is open"),
        (10_000, 2_550, 2_000, "£25.50 of £100 that schools agreed to pay is paid; £74.50 is open, £20 of it overdue"),
        (10_000, 0, 10_000, "Nothing of the £100 that schools agreed to pay is recorded as paid, all of it overdue"),
        (10_000, 0, 0, "Nothing of the £100 that schools agreed to pay is recorded as paid"),
    ],
)
def test_how_much_is_paid(agreed: int, paid: int, overdue: int, told: str | None) -> None:
    assert say.say_paid(agreed, paid, overdue) == told


def test_what_is_in_kind_and_what_has_no_figure() -> None:
    assert say.say_in_kind(0, 0) is None
    assert say.say_in_kind(90, 0) == "In kind besides: 1 hour 30 minutes"
    assert say.say_in_kind(180, 4_000) == "In kind besides: 3 hours and £40 where a value is entered"
    assert say.say_in_kind(0, 4_000) == "In kind besides: £40 where a value is entered"
    assert say.say_no_figure(0) is None
    assert say.say_no_figure(2) == "Two contributions are agreed without a figure"
    assert say.say_undeclared(0) is None
    assert say.say_undeclared(1) == "One grant is won and not declared yet"


def test_money_from_outside_and_charity() -> None:
    assert say.say_outside(0, 0, 0) == "Nothing is won yet"
    assert say.say_outside(7_000, 0, 0) == "£70 applied for and not decided"
    assert say.say_outside(7_000, 5_000, 2_000) == (
        "£50 won, £20 of it received; £30 still to come; £70 applied for and not decided"
    )
    assert say.say_charity(497_600).startswith("£4,976 raised for others.")


@pytest.mark.parametrize(
    ("kind", "figures", "told"),
    [
        (ContributionKind.LEVY, (5_000, 0, None), "£50"),
        (ContributionKind.CPD_EXCESS, (4_000, 800, None), "£40 + £8 VAT"),
        (ContributionKind.LEVY, (None, 0, None), "agreed, no figure"),
        (ContributionKind.TIME_IN_KIND, (None, 0, 180), "3 hours"),
        (ContributionKind.TIME_IN_KIND, (4_000, 0, 45), "45 minutes, worth £40"),
        (ContributionKind.RELEASE_IN_KIND, (4_000, 0, None), "worth £40"),
    ],
)
def test_what_a_contribution_comes_to(
    kind: ContributionKind, figures: tuple[int | None, int, int | None], told: str
) -> None:
    assert words.say_figures(kind, *figures) == told


def test_what_is_in_kind_is_given() -> None:
    assert words.say_contribution_state(ContributionKind.LEVY, ContributionState.PAID) == "paid"
    assert words.say_contribution_state(ContributionKind.TIME_IN_KIND, ContributionState.PAID) == "given"
    assert words.say_contribution_state(ContributionKind.TIME_IN_KIND, ContributionState.WAIVED) == "waived"
