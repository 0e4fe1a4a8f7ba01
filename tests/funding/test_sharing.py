"""Money divided to the penny."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.funding.sharing import SessionSplit, share, split_session

AMOUNTS = st.integers(-(10**12), 10**12)
NUMBERS = st.integers(1, 400)


@pytest.mark.parametrize(
    ("pence", "number", "parts"),
    [
        (10_000, 3, (3_334, 3_333, 3_333)),
        (12_000, 3, (4_000, 4_000, 4_000)),
        (2, 5, (1, 1, 0, 0, 0)),
        (0, 2, (0, 0)),
        (-10, 3, (-3, -3, -4)),
        (7, 1, (7,)),
    ],
)
def test_shares_by_hand(pence: int, number: int, parts: tuple[int, ...]) -> None:
    assert share(pence, number) == parts


@given(AMOUNTS, NUMBERS)
def test_shares_add_up_and_differ_by_at_most_a_penny(pence: int, number: int) -> None:
    parts = share(pence, number)
    assert (len(parts), sum(parts)) == (number, pence)
    assert parts[0] - parts[-1] <= 1
    assert list(parts) == sorted(parts, reverse=True)


@pytest.mark.parametrize("number", [0, -1])
def test_nobody_cannot_share(number: int) -> None:
    with pytest.raises(ValueError, match="name at least one school"):
        share(100, number)


@pytest.mark.parametrize(
    ("net", "vat", "split"),
    [
        (52_000, 10_400, SessionSplit(40_000, 8_000, 12_000, 2_400)),
        (40_000, 8_000, SessionSplit(40_000, 8_000, 0, 0)),
        (40_001, 8_000, SessionSplit(40_000, 8_000, 1, 0)),
        (60_000, 1, SessionSplit(40_000, 1, 20_000, 0)),  # two thirds of a penny
        (80_000, 1, SessionSplit(40_000, 0, 40_000, 1)),  # half a penny: the pot pays no more than its part
        (80_000, -1, SessionSplit(40_000, 0, 40_000, -1)),
        (-52_000, -10_400, SessionSplit(-52_000, -10_400, 0, 0)),
        (0, 0, SessionSplit(0, 0, 0, 0)),
    ],
)
def test_a_session_by_hand(net: int, vat: int, split: SessionSplit) -> None:
    assert split_session(net, vat, 40_000) == split


@given(AMOUNTS, AMOUNTS, st.integers(0, 10**9), NUMBERS)
def test_any_invoice_adds_up_over_any_number_of_schools(net: int, vat: int, limit: int, number: int) -> None:
    split = split_session(net, vat, limit)
    assert split.net + sum(share(split.excess_net, number)) == net
    assert split.vat + sum(share(split.excess_vat, number)) == vat
    assert split.net <= max(limit, 0)
    assert split.excess_net >= 0


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_vat_goes_in_proportion_to_within_half_a_penny(net: int, vat: int, limit: int) -> None:
    split = split_session(net, vat, limit)
    assert 2 * abs(split.vat * net - vat * split.net) <= net
