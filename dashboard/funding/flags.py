"""When a pot asks for a look, and the sentence that says why. Pure: rows in, flags out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.academic_year import AcademicYear
from dashboard.flags import Flag
from dashboard.funding.words import PART_WORDS, POT_WORDS
from dashboard.money import pounds
from dashboard.rules import RuleSet
from dashboard.vocabulary import Part, Pot, Severity
from dashboard.wording import counted, money, share


def year_gone(year: AcademicYear, as_of: date) -> float:
    """The share of the academic year that has passed, 0 to 1."""
    length = (year.ends - year.starts).days + 1
    return min(max(((as_of - year.starts).days + 1) / length, 0.0), 1.0)


def flag_pots(pots: Sequence[Any], cluster: str, year: AcademicYear, as_of: date, rules: RuleSet) -> list[Flag]:
    """The flags of one cluster's pots (rows of `load_pots`).

    overspent: more spent and committed than there was; its subject is the part. unspent (3.18): late in the year
    little of the lead-held money is spent; its subject is the cluster.
    """
    return [*_overspent(pots), *_unspent(pots, cluster, year, as_of, rules)]


def _overspent(pots: Sequence[Any]) -> Iterator[Flag]:
    for pot in pots:
        if pot.remaining < 0:
            part, holder = PART_WORDS[Part(pot.part)], POT_WORDS[Pot(pot.pot)].lower()
            row = _row(pot)
            yield Flag(
                "overspent",
                Severity.ACT,
                f"{part}, {holder}, is overspent by {money(-pot.remaining)}",
                str(pot.part),
                "More is spent and committed than was brought forward and allocated (4.10).",
                {"remaining": row["remaining"]},
                (row,),
            )


def _unspent(pots: Sequence[Any], cluster: str, year: AcademicYear, as_of: date, rules: RuleSet) -> Iterator[Flag]:
    held = [pot for pot in pots if pot.pot == Pot.LEAD_HELD]
    available = sum(pot.brought_forward + pot.allocated for pot in held)
    spent, left = sum(pot.spent for pot in held), sum(pot.remaining for pot in held)
    gone, late, low = year_gone(year, as_of), rules.count("unspent_year_gone"), rules.count("unspent_spent_below")
    if late is None or low is None or available <= 0 or gone * 100 < late or spent * 100 >= available * low:
        return
    days = (year.ends - as_of).days
    when = f"with {counted(days, 'day')} of the year left" if days >= 0 else f"after the end of {year}"
    yield Flag(
        "unspent",
        Severity.LOOK,
        f"{money(left)} held by the lead school is not spent or committed {when}: {share(spent / available)} is spent",
        cluster,
        f"When {late} % of the year are gone, {low} % of the money that the lead school holds should be spent: "
        "clusters are asked to seek every opportunity to allocate and spend (3.18).",
        {"spent": pounds(spent), "available": pounds(available), "remaining": pounds(left)},
        [_row(pot) for pot in held],
    )


def _row(pot: Any) -> Mapping[str, str]:
    """What a pot's part adds up to, in pounds."""
    names = ("brought_forward", "allocated", "committed", "spent", "remaining")
    return {"pot": str(pot.pot), "part": str(pot.part), **{name: pounds(int(getattr(pot, name))) for name in names}}
