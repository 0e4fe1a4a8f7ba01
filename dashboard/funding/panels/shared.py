"""What the panels of money share: where amounts lead, and how real and made-up ones are told apart."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd

from dashboard.directory.view import View
from dashboard.ui.rows import rows_at
from dashboard.vocabulary import Pot
from dashboard.wording import money

NONE: Final = "none"
"""The choice, in the address of the ledger, of lines for which nobody said."""
COUNTING: Final = "spent,promised"
"""The choice, there, of lines that count: those that are spent and those that are committed."""


def lines_at(view: View, pot: Pot, **chosen: Any) -> str | None:
    """The address of the lines of the view's year in one pot, further chosen; None where they are not the reader's.

    Of a cluster that is not seen whole they are those that the own school holds.
    """
    if view.cluster is None or not view.opens_ledger or not (view.cluster.whole or pot is Pot.SCHOOL_HELD):
        return None
    said = {"year": view.year, "pot": pot, **chosen}
    told = urlencode({name: str(value) for name, value in said.items() if value is not None}, safe=",")
    return f"/cluster/{view.cluster.slug}/ledger?{told}"


def rows_of_lines(address: str | None) -> str | None:
    """The rows of the same lines, with their foot, as the ledger lists at an address."""
    return address.replace("/ledger?", "/rows/money?") if address else None


def money_at(view: View, pot: Pot, foot: str, **asked: Any) -> str:
    """The rows that add up to a sum of one holder: single entries where they are the reader's to see, else parts."""
    whole = view.cluster is not None and view.cluster.whole
    if whole or pot is Pot.SCHOOL_HELD:
        return rows_at(view, "money", f"{pot}-{foot}", pot=pot, **asked)
    return rows_at(view, "money", f"{pot}-{foot}", by="part", pot=pot, **asked)


def links_of(addresses: Sequence[str | None]) -> dict[int, str]:
    """Where the rows of a table lead, by their number."""
    return {number: address for number, address in enumerate(addresses) if address}


def provenance(illustrative: int, rows: int) -> str:
    """Whether the entries behind a figure are real."""
    if not illustrative:
        return "real"
    return "illustrative" if illustrative == rows else f"{illustrative} of {rows} entries illustrative"


def made_up(frame: pd.DataFrame, rows: str = "lines") -> tuple[bool, bool]:
    """Whether some of the figures of a frame are made up, and whether all are; `rows` is the column that counts."""
    some, every = int(frame["illustrative"].sum()), int(frame[rows].sum())
    return some > 0, some >= every


def column(frame: pd.DataFrame, name: str) -> list[str]:
    """A column of pence in pounds."""
    return [money(int(amount)) for amount in frame[name]]


def figures_of(frame: pd.DataFrame, rows: str = "lines") -> list[str]:
    """Of each row of a frame whether it is real."""
    return [provenance(int(row["illustrative"]), int(row[rows])) for row in frame.to_dict("records")]


def in_totals(view: View) -> bool:
    """Whether the reader sees the cluster's totals and the own school alone."""
    return view.cluster is not None and not view.cluster.whole


OWN_SCHOOL_ONLY: Final = "Of what schools hold, only your school’s is shown."
