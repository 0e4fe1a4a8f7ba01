"""Charts of attendance. Each is a function of frames; nothing else is in scope."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from textwrap import wrap
from typing import Any, Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard.academic_year import Term
from dashboard.engagement.rates import BINS, Spread, called
from dashboard.engagement.sentences import say_rate, say_term, term_of
from dashboard.marks import SYMBOLS as MARK_SYMBOLS
from dashboard.marks import WORDS as MARK_WORDS
from dashboard.naming import short_names
from dashboard.spread import middle_half
from dashboard.ui.charts import LABEL_LIFT, ROW_HEIGHT, STACKED_ROW_HEIGHT, label_rows, new_figure, plain, write
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look
from dashboard.vocabulary import EventKind, Mark
from dashboard.wording import counted, day, sentence, share


class Tile(StrEnum):
    """What a tile of the register shows: the mark, and for a school that was away, why nobody was expected (3.6)."""

    PRESENT = "present"
    SUBSTITUTE = "substitute"
    APOLOGIES = "apologies"
    ABSENT = "absent"
    NOT_RECORDED = "not_recorded"
    SABBATICAL = "sabbatical"
    CLOSED = "closed"
    NOT_EXPECTED = "not_expected"


SYMBOLS: Final = {Tile(mark): sign for mark, sign in MARK_SYMBOLS.items()} | {Tile.SABBATICAL: "◇", Tile.CLOSED: "×"}
WORDS: Final = {Tile(mark): word for mark, word in MARK_WORDS.items()} | {
    Tile.SABBATICAL: "on sabbatical",
    Tile.CLOSED: "closed",
}
AWAY: Final = (Tile.SABBATICAL, Tile.CLOSED)
"""Tiles that are an outline: nobody was missed."""
_OPEN: Final = frozenset({*AWAY, Tile.NOT_EXPECTED})
"""Tiles that are not filled: they count for nobody and against nobody."""


def tile_of(mark: Mark, away: EventKind | None) -> Tile:
    """The tile of a row of `load_marks`."""
    return Tile(str(away)) if mark is Mark.NOT_EXPECTED and away is not None else Tile(str(mark))


def draw_register(marks: pd.DataFrame, attendance: pd.DataFrame, look: Look, *, linked: bool = False) -> go.Figure:
    """School × meeting tiles, a symbol and a colour for each mark, with "4 of 5" beside each school.

    Takes the frames of `load_marks` and `load_attendance_by_school`, schools in the same order. A time away is an
    outline over all its meetings, a meeting at which a school was not expected a dash. `linked` tiles carry the address
    of their meeting's register.
    """
    short_of = short_names(attendance["name"])
    shorter = [plain(short_of[name]) for name in attendance["name"]]
    meetings = marks[["meeting_id", "held_on"]].drop_duplicates().sort_values(["held_on", "meeting_id"])
    tiles = _tiles(marks, list(attendance["school"]), list(meetings["meeting_id"]))
    figure = new_figure(look, len(shorter), top=34)
    figure.add_heatmap(
        z=[[None if tile in _OPEN else _ORDER.index(tile) for tile in row] for row in tiles],
        x=list(range(len(meetings))),
        y=list(range(len(shorter))),
        text=[["" if tile in _OPEN else SYMBOLS[tile] for tile in row] for row in tiles],
        texttemplate="%{text}",
        textfont={"size": look.size(15)},
        customdata=[
            [
                _told(f"{name}<br>{day(held)}: {WORDS[tile]}", meeting_id, linked)
                for meeting_id, held, tile in zip(meetings["meeting_id"], meetings["held_on"], row, strict=True)
            ]
            for name, row in zip(shorter, tiles, strict=True)
        ],
        hovertemplate=f"%{{customdata{'[0]' if linked else ''}}}<extra></extra>",
        colorscale=_steps([getattr(look.palette, COLOURS[tile]) for tile in _ORDER]),
        zmin=-0.5,
        zmax=len(_ORDER) - 0.5,
        showscale=False,
        xgap=3,
        ygap=_NARROW_GAP if look.narrow else 3,
    )
    _draw_open(figure, look, tiles)
    label_rows(figure, look, dict(enumerate(shorter)))
    figure.update_xaxes(
        side="top",
        range=[-0.5, len(meetings) - 0.5],
        tickvals=list(range(len(meetings))),
        ticktext=[_heading(held, in_two_lines=look.narrow or look.scale > 1) for held in meetings["held_on"]],
        tickangle=0 if len(meetings) <= _MOST_LEVEL else -45,
    )
    for row, school in enumerate(attendance.itertuples()):
        told = f"{school.attended} of {school.expected}" if school.expected else "no marks"
        if look.narrow:
            write(figure, look, told, row=row, at_end=True, lift=LABEL_LIFT)
        else:
            _write_beside(figure, look, told, row)
    return figure


def draw_own_register(
    marks: pd.DataFrame, attendance: pd.DataFrame, others: Mapping[str, Any] | None, look: Look
) -> go.Figure:
    """The tiles of one school and, where it may be told, under them how often it and the others came.

    `others` is a row of `load_others`. Both parts are as wide, but the lower one runs from 0 to 100 %.
    """
    figure = draw_register(marks, attendance, look)
    own = next(iter(attendance.to_dict("records")), None)
    if others is None or own is None or not own["expected"]:
        return figure
    row, beside = STACKED_ROW_HEIGHT if look.narrow else ROW_HEIGHT, _BESIDE - _BESIDE_GAP
    area = row * len(attendance) + _BESIDE
    figure.update_layout(
        height=figure.layout.height + look.size(_BESIDE),
        yaxis={"domain": [1 - row * len(attendance) / area, 1]},
        xaxis={"anchor": "y"},
        yaxis2={"domain": [0, beside / area], "range": [0, 1], "visible": False},
        xaxis2={
            "anchor": "y2", "range": [-0.11, 1.11] if look.narrow else [-0.06, 1.06],
            "tickvals": [0, 0.5, 1], "ticktext": ["0 %", "50 %", "100 %"],
            "fixedrange": True, "zeroline": False, "showgrid": False,
        },
    )  # fmt: skip
    figure.update_yaxes(fixedrange=True)
    _draw_beside(figure, look, own, others)
    return figure


_BESIDE: Final = 60
_BESIDE_GAP: Final = 20
"""Pixels of the part in which a school stands beside the others, and of the gap above it."""


def _draw_beside(figure: go.Figure, look: Look, own: Mapping[str, Any], others: Mapping[str, Any]) -> None:
    palette = look.palette
    ends = [others[name] for name in ("lowest", "highest") if others[name] is not None]
    for places, width, words in (
        (ends, 2, "the other schools, from the lowest to the highest"),
        ([others["lower"], others["upper"]], 14, "the middle half of the other schools"),
    ):
        if places:
            told = f"{words}: {' to '.join(share(place) for place in places)}"
            figure.add_scatter(
                x=places, y=[0.5] * len(places), mode="lines", xaxis="x2", yaxis="y2",
                line={"color": palette.rest_edge, "width": look.size(width)},
                hovertemplate=f"{told}<extra></extra>",
            )  # fmt: skip
    came = own["attended"] / own["expected"]
    for place, symbol, size, colour, words in (
        (others["median"], "line-ns-open", 24, palette.ink, "median of the other schools"),
        (came, "diamond", 16, palette.blue, "your school"),
    ):
        figure.add_scatter(
            x=[place], y=[0.5], mode="markers", xaxis="x2", yaxis="y2",
            marker={
                "symbol": symbol, "size": look.size(size), "color": colour,
                "line": {"color": palette.ink if symbol != "diamond" else palette.rest, "width": look.size(3)},
            },
            hovertemplate=f"{words}: {share(place)}<extra></extra>",
        )  # fmt: skip


def beside_key(others: Mapping[str, Any] | None) -> list[KeyItem]:
    """What stands under the tiles of one school."""
    if others is None:
        return []
    shared = f"their median, {share(others['median'])}"
    half = f"middle half of {counted(others['others'], 'other school')}"
    told = [KeyItem("◆", "blue", "your school, of its own meetings"), KeyItem("▬", "rest_edge", half)]
    ends = [share(others[name]) for name in ("lowest", "highest") if others[name] is not None]
    of_all = [KeyItem("—", "rest_edge", f"all of them, {' to '.join(ends)}")] if ends else []
    return [*told, KeyItem("|", "ink", shared), *of_all]


def register_address(meeting_id: int) -> str:
    """Where the register of a meeting is kept."""
    return f"/register/{meeting_id}"


def _tiles(marks: pd.DataFrame, schools: Sequence[str], meetings: Sequence[int]) -> list[list[Tile]]:
    of = {
        (row.school, row.meeting_id): tile_of(Mark(row.mark), row.away)
        for row in marks[["school", "meeting_id", "mark", "away"]].itertuples()
    }
    return [[of[school, meeting_id] for meeting_id in meetings] for school in schools]


def _told(words: str, meeting_id: int, linked: bool) -> str | list[str]:
    return [f"{words}<br>click for the register", register_address(meeting_id)] if linked else words


_NARROW_GAP: Final = 36
"""Pixels between two rows of tiles on a phone, where each row's words stand."""


def _draw_open(figure: go.Figure, look: Look, tiles: Sequence[Sequence[Tile]]) -> None:
    """The tiles that are not filled: a dashed outline around each time away, and every symbol in its place."""
    places = [(column, row, tile) for row, all_of_it in enumerate(tiles) for column, tile in enumerate(all_of_it)]
    symbols = [(column, row, SYMBOLS[tile]) for column, row, tile in places if tile in _OPEN]
    if not symbols:
        return
    figure.add_scatter(
        x=[column for column, _, _ in symbols],
        y=[row for _, row, _ in symbols],
        mode="text",
        text=[symbol for _, _, symbol in symbols],
        textfont={"size": look.size(15), "color": look.palette.muted},
        hoverinfo="skip",
    )
    tall = 0.5 - (_NARROW_GAP / STACKED_ROW_HEIGHT if look.narrow else 5 / ROW_HEIGHT) / 2
    for row, all_of_it in enumerate(tiles):
        for first, last in _spells(all_of_it):
            figure.add_shape(
                type="rect", x0=first - 0.46, x1=last + 0.46, y0=row - tall, y1=row + tall,
                line={"color": look.palette.rest_edge, "width": look.size(1.5), "dash": "dash"},
            )  # fmt: skip


def _spells(row: Sequence[Tile]) -> list[tuple[int, int]]:
    """The first and last place of each unbroken time away."""
    spells, place = [], 0
    for tile, same in groupby(row):
        length = len(list(same))
        if tile in AWAY:
            spells.append((place, place + length - 1))
        place += length
    return spells


def draw_turnout(turnout: pd.DataFrame, look: Look) -> go.Figure:
    """A bar for each meeting: schools that came, out of those expected, with "5 of 8" beside it.

    Takes the frame of `load_turnout`.
    """
    came, expected = list(turnout["attended"]), list(turnout["expected"])
    bars = [
        _Bar(
            f"{held.day} {held:%b %Y}", some, of_all - some, f"{some} of {of_all}" if of_all else "no marks",
            *(f"{day(held)}: {count} of {of_all} schools {word}"
              for count, word in ((some, "came"), (of_all - some, "did not come"))),
        )
        for held, some, of_all in zip(turnout["held_on"], came, expected, strict=True)
    ]  # fmt: skip
    return _draw_bars(bars, look, most=max(1, *expected) if expected else 1)


def draw_trend(terms: pd.DataFrame, look: Look, context: Sequence[Mapping[str, Any]] = ()) -> go.Figure:
    """A bar for each term: in what share of the times at which they were expected schools came, with both numbers.

    Takes the frame of `load_turnout_by_term` and the rows of `load_context`, which stand under the term in which they
    fall, also under one without a mark.
    """
    told_of = {(row["year"], row["term"]): row for row in terms.to_dict("records")}
    noted: dict[tuple[int, Term], list[str]] = {}
    for event in context:
        noted.setdefault(term_of(event["happened_on"]), []).append(_note(event, look))
    keys = sorted({*told_of, *noted}, key=lambda key: (key[0], list(Term).index(key[1])))
    bars, notes = [], []
    for year, term in keys:
        row = told_of.get((year, term))
        words = sentence(say_term({"year": year, "term": term}))
        bars.append(_bar_of_term(words, row))
        notes.append(noted.get((year, term), []))
    return _draw_bars(bars, look, most=1, notes=notes)


def _bar_of_term(words: str, row: Mapping[str, Any] | None) -> "_Bar":
    label = words.replace(" term", "")
    if row is None:
        return _Bar(label, 0, 0, "no marks", words, words)
    came, told = row["attended"] / row["expected"], say_rate(row["attended"], row["expected"])
    spoken = f"{words}: {told} over {counted(row['meetings'], 'meeting')}"
    return _Bar(label, came, 1 - came, told, spoken, spoken)


def _note(event: Mapping[str, Any], look: Look) -> str:
    """What happened outside, broken into at most three lines; the table holds all of it."""
    words = plain(f"↳ {day(event['happened_on'])}: {event['words']}")
    return "<br>".join(wrap(words, _NARROW_LINE if look.narrow else _LINE, max_lines=3, placeholder=" …"))


_LINE: Final = 100
_NARROW_LINE: Final = 34
"""So many letters fit beside one another under a bar."""
_LINE_HEIGHT: Final = 20


def draw_spread(spread: Spread, look: Look) -> go.Figure:
    """A column for each ten points of attendance: how many clusters lie there. A line under them is the middle half.

    Each column carries the address of its clusters. Where one is chosen the others stand back.
    """
    tallest = max(spread.clusters)
    figure = new_figure(look, 5, top=20, row_height=ROW_HEIGHT)
    figure.add_bar(
        x=list(range(BINS)),
        y=list(spread.clusters),
        width=0.85,
        marker={
            "color": [
                look.palette.blue if spread.chosen in (None, number) else look.palette.rest for number in range(BINS)
            ],
            "line": {"color": look.palette.rest_edge, "width": 1},
        },
        text=[f"{count:,}" if count else "" for count in spread.clusters],
        textposition="outside",
        textfont={"size": look.size(14), "color": look.palette.ink},
        cliponaxis=False,
        customdata=[
            [f"{called(number)}: {counted(count, 'cluster')}<br>click to list them", spread.address(number)]
            for number, count in enumerate(spread.clusters)
        ],
        hovertemplate="%{customdata[0]}<extra></extra>",
    )
    lower, upper = middle_half(spread.rates)
    figure.add_scatter(
        x=[float(lower) * BINS - 0.5, float(upper) * BINS - 0.5],
        y=[-tallest * 0.06] * 2,
        mode="lines",
        line={"color": look.palette.plum, "width": look.size(5)},
        hovertemplate=f"the middle half: {share(float(lower))} to {share(float(upper))}<extra></extra>",
    )
    figure.update_yaxes(range=[-tallest * 0.12, tallest * 1.15], visible=False)
    edges = {-0.5: "0 %", 4.5: "50 %", BINS - 0.5: "100 %"} if look.narrow else dict(enumerate(map(_short, _BINS)))
    air = 1.5 if look.narrow else 0.7
    figure.update_xaxes(range=[-air, BINS - 1 + air], tickvals=list(edges), ticktext=list(edges.values()))
    return figure


def _short(number: int) -> str:
    return called(number).replace(" to ", "–")


_BINS: Final = tuple(range(BINS))
MOST_PROGRAMME_YEARS: Final = 6
"""A programme's own years and one after it (3.15); the table holds the rest."""


def draw_programme_years(cohorts: Mapping[str, Mapping[int, Mapping[str, Any]]], look: Look) -> go.Figure:
    """Cohort × year of the programme: in each tile how often schools came, and of how many clusters that is.

    `cohorts` holds for each by its words the rows of `load_rates_by_programme_year` by their programme year.
    """
    last = min(max(max(years) for years in cohorts.values()), MOST_PROGRAMME_YEARS)
    columns = range(1, last + 1)
    rates = [
        [years[at]["attended"] / years[at]["expected"] if at in years else None for at in columns]
        for years in cohorts.values()
    ]
    figure = new_figure(look, len(cohorts), top=34, row_height=_TALL if look.narrow else 48)
    figure.add_heatmap(
        z=rates,
        x=list(columns),
        y=list(range(len(cohorts))),
        text=[
            [f"{share(rates[row][at - 1])}<br>n {years[at]['clusters']:,}" if at in years else "" for at in columns]
            for row, years in enumerate(cohorts.values())
        ],
        texttemplate="%{text}",
        textfont={"size": look.size(14)},
        customdata=[
            [
                f"{plain(words)}, year {at}: {say_rate(years[at]['attended'], years[at]['expected'])} of "
                f"{counted(years[at]['clusters'], 'cluster')}" if at in years else ""
                for at in columns
            ]
            for words, years in cohorts.items()
        ],
        hovertemplate="%{customdata}<extra></extra>",
        hoverongaps=False,
        colorscale=[[0, look.palette.rest], [1, look.palette.blue]],
        zmin=0,
        zmax=1,
        showscale=False,
        xgap=3,
        ygap=38 if look.narrow else 3,
    )  # fmt: skip
    lifted = 10 / _TALL if look.narrow else 0
    label_rows(figure, look, {row - lifted: plain(words) for row, words in enumerate(cohorts)})
    figure.update_xaxes(side="top", tickvals=list(columns), ticktext=[f"Year {at}" for at in columns])
    return figure


_TALL: Final = 84
"""Pixels of a row of such tiles on a phone, its words above it."""
PROGRAMME_YEARS_KEY: Final = (KeyItem("■", "blue", "the stronger the colour, the more often schools came"),)
SPREAD_KEY: Final = (KeyItem("■", "blue", "clusters"), KeyItem("▬", "plum", "the middle half of them"))


class _Bar(NamedTuple):
    """One row: its label, how long the part that came is and the other, what is said beside them and of each."""

    label: str
    came: float
    missed: float
    told: str
    told_of_came: str
    told_of_missed: str


def _draw_bars(
    bars: Sequence[_Bar], look: Look, *, most: float, notes: Sequence[Sequence[str]] | None = None
) -> go.Figure:
    """Bars under one another, each followed by its notes, if it has any."""
    row_height = STACKED_ROW_HEIGHT if look.narrow else ROW_HEIGHT
    rows: list[float] = []
    noted: list[tuple[float, str]] = []
    place = 0.0
    for number in range(len(bars)):
        rows.append(place)
        place += 1
        for note in notes[number] if notes else ():
            tall = (note.count("<br>") + 1) * _LINE_HEIGHT / row_height
            noted.append((place - 0.5 + tall / 2 - (0.16 if look.narrow else 0.05), note))  # nearer to its own bar
            place += tall
    figure = new_figure(look, place)
    for lengths, colour, told in (
        ([bar.came for bar in bars], "blue", [bar.told_of_came for bar in bars]),
        ([bar.missed for bar in bars], "rest", [bar.told_of_missed for bar in bars]),
    ):
        figure.add_bar(
            orientation="h",
            y=rows,
            x=lengths,
            width=0.5,
            marker={
                "color": getattr(look.palette, colour),
                "line": {"color": look.palette.rest_edge, "width": 1 if colour == "rest" else 0},
            },
            customdata=told,
            hovertemplate="%{customdata}<extra></extra>",
        )
    label_rows(figure, look, {row: bar.label for row, bar in zip(rows, bars, strict=True)})
    figure.update_xaxes(showticklabels=False, range=[0, most])
    widest = max((len(bar.told) for bar in bars), default=0)
    for row, bar in zip(rows, bars, strict=True):
        if look.narrow:
            write(figure, look, bar.told, row=row, at_end=True, lift=LABEL_LIFT)
        else:
            _write_beside(figure, look, bar.told, row, room=max(76, 8 * widest + 12))
    for row, note in noted:
        write(figure, look, note, row=row)
    return figure


TURNOUT_KEY: Final = (KeyItem("■", "blue", "schools that came"), KeyItem("□", "muted", "expected and did not come"))
CONTEXT_KEY: Final = KeyItem("↳", "ink", "what happened outside the cluster")
TREND_KEY: Final = (KeyItem("■", "blue", "came"), KeyItem("□", "muted", "expected and did not come"))


def key_of(marks: pd.DataFrame) -> list[KeyItem]:
    """The tiles that occur, in their order."""
    there = {tile_of(Mark(mark), away) for mark, away in zip(marks["mark"], marks["away"], strict=True)}
    return [
        KeyItem(SYMBOLS[tile], "muted" if COLOURS[tile] == "rest" else COLOURS[tile], WORDS[tile])
        for tile in Tile
        if tile in there
    ]


_MOST_LEVEL: Final = 6
"""With more meetings than this their dates stand aslant."""


def _heading(held: date, *, in_two_lines: bool) -> str:
    return f"{held.day}<br>{held:%b}" if in_two_lines else f"{held.day} {held:%b}"


def _write_beside(figure: go.Figure, look: Look, text: str, row: float, room: int = 76) -> None:
    figure.add_annotation(
        x=1, xref="paper", xshift=look.size(8), y=row, xanchor="left", showarrow=False, text=text,
        font={"size": look.size(14), "color": look.palette.ink},
    )  # fmt: skip
    figure.update_layout(margin_r=look.size(room))


COLOURS: Final = {
    Tile.PRESENT: "blue",
    Tile.SUBSTITUTE: "teal",
    Tile.APOLOGIES: "rest",
    Tile.ABSENT: "plum",
    Tile.NOT_RECORDED: "rest",
    Tile.SABBATICAL: "rest",
    Tile.CLOSED: "rest",
    Tile.NOT_EXPECTED: "rest",
}
_ORDER: Final = tuple(tile for tile in Tile if tile not in _OPEN)


def _steps(fills: list[str]) -> list[list[float | str]]:
    width = 1 / len(fills)
    return [[edge, fill] for turn, fill in enumerate(fills) for edge in (turn * width, (turn + 1) * width)]
