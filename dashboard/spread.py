"""How values lie beside one another: the middle one, and the middle half. One plain rule, said wherever it is used."""

from collections.abc import Sequence
from fractions import Fraction


def middle(ordered: Sequence[Fraction]) -> Fraction:
    """The middle one of values in their order; of an even number the mean of the two in the middle."""
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def middle_half(ordered: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """The lowest and highest value when a quarter of all, rounded down, is left out at either end.

    Of four values or more these are never the lowest and the highest of all.
    """
    left_out = len(ordered) // 4
    return ordered[left_out], ordered[-1 - left_out]
