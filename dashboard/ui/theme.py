"""The colours and sizes of charts, light and dark. The style sheet in `assets/` holds the same values for the page."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Palette:
    """One set of colours: four for data (Analysis Function palette, or its lighter kin on dark ground), greys for the
    rest.
    """

    name: str
    ink: str
    muted: str
    line: str
    rest: str
    rest_edge: str
    blue: str
    teal: str
    plum: str
    orange: str


LIGHT: Final = Palette(
    name="light",
    ink="#1b1f24",
    muted="#565d66",
    line="#dfe3e8",
    rest="#eceff2",
    rest_edge="#7a828c",
    blue="#12436d",
    teal="#1d766f",
    plum="#801650",
    orange="#c2500f",
)
DARK: Final = Palette(
    name="dark",
    ink="#f2f4f6",
    muted="#b4bbc4",
    line="#3a4149",
    rest="#262c33",
    rest_edge="#8b949e",
    blue="#7fb7e6",
    teal="#5cc9c0",
    plum="#f08ec0",
    orange="#ff9d63",
)


@dataclass(frozen=True)
class Look:
    """How charts are drawn for one reader: the colours, whether there is only a phone's width, how large.

    `room` is the steering group's screen: nobody points at a chart there, and words that somebody wrote into a plan may
    name a colleague.
    """

    palette: Palette = LIGHT
    narrow: bool = False
    scale: float = 1.0
    room: bool = False

    def size(self, pixels: float) -> float:
        """A size on paper as it is on this reader's screen."""
        return pixels * self.scale


FONT: Final = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
TEXT_SIZE: Final = 14
ROOM_SCALE: Final = 22 / TEXT_SIZE
"""Legible at five metres."""


def look_of(display: object) -> Look:
    """The look a browser asks for with {"theme": "light" or "dark", "narrow": bool}; else the plain one."""
    if not isinstance(display, dict):
        return Look()
    return Look(DARK if display.get("theme") == DARK.name else LIGHT, narrow=display.get("narrow") is True)
