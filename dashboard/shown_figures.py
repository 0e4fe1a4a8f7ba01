"""A figure as it stands on a page: its name, what is printed, and where the rows are that add up to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShownFigure:
    """One figure as it was shown."""

    label: str
    value: str
    unit: str
    rows: str = ""
    """The address of the rows that add up to it; empty where the reader may not see them, or there are none."""
