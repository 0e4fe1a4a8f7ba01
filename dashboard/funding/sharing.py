"""How money is divided, to the penny. Pure: whole pence in, whole pence out."""

from dataclasses import dataclass


def share(pence: int, number: int) -> tuple[int, ...]:
    """An amount in so many parts that add up to exactly it and differ by at most a penny, the largest first.

    The same amount and number always give the same parts; a credit is divided in the same way. Raises ValueError
    without anybody to share it.
    """
    if number < 1:
        raise ValueError(f"{number} cannot share an amount; name at least one school")
    least, more_by_a_penny = divmod(pence, number)
    return (least + 1,) * more_by_a_penny + (least,) * (number - more_by_a_penny)


@dataclass(frozen=True)
class SessionSplit:
    """The invoice of one session, divided: what the pot pays, and what is above it, each net and VAT (pence)."""

    net: int
    vat: int
    excess_net: int
    excess_vat: int


def split_session(net: int, vat: int, limit: int) -> SessionSplit:
    """Divide the invoice of one CPD session: the pot pays at most `limit` net and the VAT on that part, the schools
    the rest (4.9).

    VAT goes in proportion to the net amounts. The pot's part is rounded to the nearest penny, half a penny down, so
    that the pot never pays more than its part asks; the schools' VAT is what is left, so both add up to the invoice.
    An invoice within the limit, or a credit, is the pot's alone.
    """
    if net <= max(limit, 0):
        return SessionSplit(net, vat, 0, 0)
    pays = max(limit, 0)
    pays_vat = _nearest(vat * pays, net)
    return SessionSplit(pays, pays_vat, net - pays, vat - pays_vat)


def _nearest(of: int, by: int) -> int:
    """A quotient as the nearest whole number, a half towards nothing."""
    sign = -1 if of < 0 else 1
    return sign * ((2 * abs(of) + by - 1) // (2 * by))
