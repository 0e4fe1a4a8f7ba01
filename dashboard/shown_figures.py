"""A figure as it stands on a page: its name, what is printed, and where the rows are that add up to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShownFigure:
    """One figure as it was shown."""

    label: str
    value: str
    unit: str
    rows: str = ""
    """The address of the rows that add up to it, with the foot that says it (`#came`); empty where the reader may not
    see them, or there are none."""
    why: str = ""
    """Why there are no rows to be seen, in words, where the reader may not see them."""
