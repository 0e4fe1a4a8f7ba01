"""What stands behind a flag: its source, its figures by name, its rows as a table. Pure: a flag in, words out.

Flags carry names and values as scripts read them; here each gets the words of the page.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pandas as pd

from dashboard.flags import Flag
from dashboard.money import pence_from_pounds
from dashboard.wording import day, money, sentence

MOST_ROWS: Final = 12
"""More rows than this are counted, not shown: the register, the ledger and the plan hold them all."""

_SOURCE: Final = re.compile(r" \((\d\.\d+(?:[–-]\d\.\d+)?)\)")
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")

_WORDS: Final[Mapping[str, str]] = {
    "a_year": "a year brings",
    "above": "above the most",
    "after_school": "after school",
    "again": "meetings to which somebody came again",
    "allocated": "allocated",
    "amount": "net",
    "at_least": "the rule asks from",
    "at_most": "the rule asks up to",
    "attended": "meetings the school came to",
    "available": "brought forward and allocated",
    "brought_forward": "brought forward",
    "cell": "column of the plan",
    "changed": "schools that changed their lead",
    "code": "target",
    "committed": "committed",
    "criteria": "success criteria",
    "day": "day",
    "days": "days since then",
    "days_overdue": "days overdue",
    "due": "due",
    "evidence": "pieces of evidence",
    "expected": "meetings at which it was expected",
    "from": "from",
    "half_days": "half days of release",
    "half_term": "half term",
    "half_terms": "half terms that are over",
    "held": "cluster meetings on record",
    "impact": "impact is written",
    "in_school_time": "in released school time",
    "kind": "kind",
    "least": "at least",
    "least_percent": "the rule asks for at least",
    "line": "line",
    "lines": "lines",
    "mark": "mark",
    "meeting": "meeting",
    "meetings": "meetings",
    "missed": "half terms without a meeting",
    "missed_in_a_row": "meetings missed in a row",
    "most": "at most",
    "most_days": "the rule allows so many days",
    "most_each": "the most for one",
    "most_percent": "the rule allows up to",
    "named": "people named",
    "not_recorded": "meetings without a mark",
    "not_said": "nobody said",
    "of": "meetings after the first",
    "of_at_least": "of at least so many meetings",
    "part": "part",
    "people": "different colleagues",
    "places": "places",
    "planned": "planned",
    "pot": "held by",
    "remaining": "left to spend",
    "review_on": "review date",
    "school": "school",
    "schools": "schools",
    "since": "since",
    "spent": "spent",
    "state": "state",
    "status": "status",
    "time": "time of day",
    "to": "until",
    "until": "until",
    "use": "use",
    "vat": "VAT",
    "weeks": "weeks for the induction",
    "weeks_left": "weeks left in the year",
    "words": "words of the plan",
}
_MONEY: Final = frozenset(
    {
        "a_year", "above", "allocated", "amount", "available", "brought_forward", "committed", "most_each", "remaining",
        "spent", "vat",
    }
)  # fmt: skip
_HOLDERS: Final[Mapping[str, str]] = {
    "lead_held": "the lead school", "school_held": "the schools", "trust_held": "the Trust",
}  # fmt: skip


def parted(statement: str) -> tuple[str, str]:
    """A rule in words without the points in brackets, and those points: "source 3.11", or nothing."""
    points = list(dict.fromkeys(_SOURCE.findall(statement)))
    return _SOURCE.sub("", statement), f"source {' and '.join(points)}" if points else ""


def figures_of(flag: Flag) -> list[tuple[str, str]]:
    """Each number that the rule was held against: its name in words and its value."""
    return [(sentence(_named(name)), _said(name, value)) for name, value in flag.figure.items()]


def rows_of(flag: Flag) -> tuple[pd.DataFrame | None, int]:
    """The rows behind the figure, at most `MOST_ROWS`, and how many more there are.

    No rows where the only one says again what the figures say.
    """
    rows = list(flag.rows)
    if not rows or (len(rows) == 1 and rows[0].items() <= flag.figure.items()):
        return None, 0
    shown = [{sentence(_named(name)): _said(name, value) for name, value in row.items()} for row in rows[:MOST_ROWS]]
    return pd.DataFrame(shown), len(rows) - len(shown)


def _named(name: str) -> str:
    return _WORDS.get(name, name.replace("_", " "))


def _said(name: str, value: Any) -> str:
    if value is None or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_said(name, each) for each in value)
    if name.endswith("_percent"):
        return f"{value} %"
    if name in _MONEY:
        return money(pence_from_pounds(Decimal(str(value))))
    if name == "line":
        return str(value)
    return f"{value:,}" if isinstance(value, int) else _text(name, str(value))


def _text(name: str, value: str) -> str:
    if _ISO_DAY.fullmatch(value):
        return day(date.fromisoformat(value))
    if name in {"pot", "mark", "kind", "state", "status"}:
        return _HOLDERS.get(value, value.replace("_", " "))
    if name == "school":
        return sentence(value.replace("-", " "))
    return value
