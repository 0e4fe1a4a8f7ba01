"""The colours and sizes of charts, light and dark.

The style sheet in `assets/` has the same colours as tokens; `tests/ui/test_theme.py` holds the two against each other
and measures their contrast. In the order blue, teal, plum, orange each differs from its neighbours by 3:1 in luminance,
so that charts can be read without seeing hues (WCAG 1.4.11).
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Palette:
    """One set of colours: four for data (Analysis Function palette, or its kin for dark ground), greys for the rest.
    `act` is for words that alarm.
    """

    name: str
    ground: str
    ink: str
    muted: str
    line: str
    rest: str
    rest_edge: str
    blue: str
    teal: str
    plum: str
    orange: str
    act: str

    def on(self, colour: str) -> str:
        """The colour of words on marks of one of the data colours, as the palette calls it: at least 4.5:1."""
        return _DARK_WORDS if colour in _BRIGHT else _LIGHT_WORDS


_BRIGHT: Final = frozenset({"teal", "orange"})
"""The data colours of high luminance."""
_DARK_WORDS: Final = "#10151a"
_LIGHT_WORDS: Final = "#ffffff"

LIGHT: Final = Palette(
    name="light",
    ground="#ffffff",
    ink="#1b1f24",
    muted="#565d66",
    line="#dfe3e8",
    rest="#eceff2",
    rest_edge="#7a828c",
    blue="#12436d",
    teal="#28a197",
    plum="#801650",
    orange="#f46a25",
    act="#801650",
)
DARK: Final = Palette(
    name="dark",
    ground="#14181d",
    ink="#f2f4f6",
    muted="#b4bbc4",
    line="#3a4149",
    rest="#20262c",
    rest_edge="#8b949e",
    blue="#3674b0",
    teal="#8adcd2",
    plum="#b8448a",
    orange="#ffbe90",
    act="#f08ec0",
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
