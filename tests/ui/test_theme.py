"""The colours: one truth for charts and style sheet, far enough apart from ground and neighbour, also without hues."""

import re
from dataclasses import asdict
from itertools import pairwise
from typing import Final

import pandas as pd
import pytest

from dashboard.engagement.figures import COLOURS, SYMBOLS
from dashboard.funding.figures.pots import draw_pots
from dashboard.settings import PROJECT_ROOT
from dashboard.ui.theme import DARK, LIGHT, Look, Palette
from dashboard.vocabulary import Part, Pot
from tests.web.sources import unused_classes

_SHEET: Final = (PROJECT_ROOT / "assets" / "dashboard.css").read_text(encoding="utf-8")
_DATA: Final = ("blue", "teal", "plum", "orange")
_BOTH: Final = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)

# Linear RGB as people see it who lack one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1).
_BLINDNESS: Final = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def _linear(colour: str) -> list[float]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _luminance(linear: list[float]) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: list[float], other: list[float]) -> float:
    """Contrast of two colours as WCAG 2 measures it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _seen(colour: str, blindness: str) -> list[float]:
    return [
        min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, _linear(colour), strict=True))))
        for row in _BLINDNESS[blindness]
    ]


def _apart(one: str, other: str) -> float:
    return _contrast(_linear(one), _linear(other))


def _tokens(palette: Palette) -> dict[str, str]:
    """The colours of the style sheet as they hold in light or dark."""
    chosen = ":root {\n    --ground" if palette is LIGHT else '[data-bs-theme="dark"] {\n    --ground'
    block = _SHEET[_SHEET.index(chosen) :]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[: block.index("}")]))


def test_the_measure_is_that_of_the_guidelines() -> None:
    assert _apart("#ffffff", "#000000") == pytest.approx(21)
    assert _apart("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@_BOTH
def test_charts_and_style_sheet_have_the_same_colours(palette: Palette) -> None:
    tokens = _tokens(palette)
    named = {name.replace("_", "-"): colour for name, colour in asdict(palette).items() if name != "name"}
    assert {name: tokens.get(name) for name in named} == named


@_BOTH
@pytest.mark.parametrize("colour", [*_DATA, "rest_edge"])
def test_each_data_colour_stands_out_from_the_ground(palette: Palette, colour: str) -> None:
    assert _apart(getattr(palette, colour), palette.ground) >= 3


@_BOTH
def test_neighbours_in_the_order_of_the_palette_stand_apart(palette: Palette) -> None:
    too_near = {
        (one, other): _apart(getattr(palette, one), getattr(palette, other))
        for one, other in pairwise(_DATA)
        if _apart(getattr(palette, one), getattr(palette, other)) < 3
    }
    assert too_near == {}


@_BOTH
@pytest.mark.parametrize("blindness", _BLINDNESS)
def test_neighbours_stand_apart_to_those_who_do_not_see_every_hue(palette: Palette, blindness: str) -> None:
    for one, other in pairwise(_DATA):
        apart = _contrast(_seen(getattr(palette, one), blindness), _seen(getattr(palette, other), blindness))
        assert apart >= 2, f"{one} and {other}: {apart:.2f}"


@_BOTH
def test_words_can_be_read_on_every_ground_that_they_stand_on(palette: Palette) -> None:
    of = _tokens(palette)
    words = ("ink", "muted", "accent", "act", "look", "info", "teal-text")
    pairs = [(word, ground) for word in words for ground in ("ground", "note-ground")]
    pairs += [("ink", "rest"), ("muted", "rest"), ("accent", "rest"), ("act", "rest"), ("look", "rest")]
    pairs += [("on-accent", fill) for fill in ("accent", "act", "muted", "teal-text")]
    low = {pair: _apart(of[pair[0]], of[pair[1]]) for pair in pairs if _apart(of[pair[0]], of[pair[1]]) < 4.5}
    assert low == {}
    assert _apart(of["focus"], of["ground"]) >= 3


@_BOTH
@pytest.mark.parametrize("colour", _DATA)
def test_words_can_be_read_on_marks(palette: Palette, colour: str) -> None:
    assert _apart(palette.on(colour), getattr(palette, colour)) >= 4.5


@_BOTH
def test_tiles_of_one_luminance_differ_by_their_symbol(palette: Palette) -> None:
    """They lie with a gap of ground between them; whoever does not see the hue reads the shape."""
    alike = [
        (one, other)
        for one in COLOURS
        for other in COLOURS
        if one != other and _apart(getattr(palette, COLOURS[one]), getattr(palette, COLOURS[other])) < 3
    ]
    assert alike, "there are more kinds of tiles than steps of luminance"
    assert [pair for pair in alike if SYMBOLS[pair[0]] == SYMBOLS[pair[1]]] == []


@_BOTH
def test_parts_of_a_bar_that_do_not_differ_enough_have_ground_between_them(palette: Palette) -> None:
    frame = pd.DataFrame(
        [
            {
                "pot": Pot.SCHOOL_HELD,
                "part": Part.A,
                "brought_forward": 0,
                "allocated": 1000,
                "available": 1000,
                "spent": 300,
                "committed": 200,
                "remaining": 500,
            }
        ]
    )
    bars = [trace for trace in draw_pots(frame, Look(palette)).data if trace.type == "bar"]
    assert len(bars) == 3
    for one, other in pairwise(bars):
        enough = _apart(one.marker.color, other.marker.color) >= 3
        gap = any(bar.marker.line.color == palette.ground and max(bar.marker.line.width) >= 2 for bar in (one, other))
        assert enough or gap, f"{one.name} and {other.name}"


_SIZES: Final = (14, 16, 20, 28, 40)
_STEPS: Final = (4, 8, 16, 24, 40, 64)
_SPACES: Final = re.compile(r"(?<![\w-])(?:margin|padding|gap|column-gap|row-gap)(?:-\w+)?: ([^;}]+);")


def test_sizes_of_words_are_those_of_the_scale() -> None:
    on_screen = [size for size in re.findall(r"font-size: ([^;}]+);", _SHEET) if not size.endswith("pt")]  # pt: paper
    assert {size for size in on_screen if not size.startswith("var(--text-")} <= {f"{size}px" for size in _SIZES}


def test_space_is_that_of_the_grid() -> None:
    """Hair lines of a pixel or two may be; what is worked out, and millimetres of paper, too."""
    spaces = {each for value in _SPACES.findall(_SHEET) if "(" not in value for each in value.split()}
    on_screen = {each for each in spaces if not each.endswith("mm")}
    assert on_screen <= {"0", "auto", "1px", "2px", *(f"{step}px" for step in _STEPS)}


def test_no_class_of_the_style_sheet_is_left_over() -> None:
    assert unused_classes(_SHEET) == set()
