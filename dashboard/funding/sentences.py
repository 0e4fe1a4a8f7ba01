"""What the money figures say, in a sentence. Pure: frames in, words out."""

import pandas as pd

from dashboard.funding.words import PART_WORDS
from dashboard.vocabulary import Part, Pot
from dashboard.wording import listed, money, share


def say_money(pots: pd.DataFrame) -> str:
    """One sentence on the lead-held pot; what the schools or the Trust hold is another pot and is named as such."""
    held = pots[pots["pot"] == Pot.LEAD_HELD]
    if held.empty:
        held = pots
    available = int(held["brought_forward"].sum() + held["allocated"].sum())
    spent, left = int(held["spent"].sum()), int(held["remaining"].sum())
    if not available:
        return f"{money(spent)} is spent; no allocation is recorded."
    over = [PART_WORDS[Part(row.part)] for row in held.itertuples() if row.remaining < 0]
    tail = f"; {listed(over)} {'is' if len(over) == 1 else 'are'} overspent" if over else ""
    return f"{money(left)} of {money(available)} is left to spend ({share(spent / available)} spent){tail}."


def say_release(allocated: int, spent: int, half_days: int, half_days_of: int | None) -> str:
    """A school's release money: "£400 of £500 used: four of five half days."."""
    if not allocated:
        return "No release money is recorded for your school."
    days = f": {half_days} of {half_days_of} half days" if half_days_of else ""
    return f"{money(spent)} of {money(allocated)} release money used{days}."
