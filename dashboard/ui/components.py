"""The small pieces every page is built from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import dcc, html

from dashboard.academic_year import AcademicYear
from dashboard.flags import SIGNS, Flag, most_pressing_first
from dashboard.ui.aria import aria
from dashboard.ui.flag_words import figures_of, parted, rows_of
from dashboard.ui.theme import Palette
from dashboard.wording import sentence


def flag_item(flag: Flag, where: Any = None) -> html.Li:
    """A flag as word, shape and colour with its sentence; `where` is set behind it."""
    return html.Li([*_sentence_of(flag), *([" ", where] if where else [])])


def flag_list(flags: Sequence[Flag], step: Callable[[Flag], str | None] = lambda _flag: None) -> Any:
    """The flags of a panel, the most pressing first; nothing when there are none.

    Each opens to what stands behind it. `step` gives the address at which this reader may do something about one.
    """
    if not flags:
        return None
    return html.Ul([_opening_item(flag, step(flag)) for flag in most_pressing_first(flags)], className="flags")


def _sentence_of(flag: Flag) -> list[Any]:
    return [sign_of(flag), html.Span(f" {unbroken(flag.message)}")]


def sign_of(flag: Flag) -> html.Span:
    """How much a flag asks for, by word, shape and colour."""
    symbol, word = SIGNS[flag.severity]
    return html.Span([html.Span(symbol, **aria(hidden="true")), f" {word}"], className=f"state state-{flag.severity}")


def _opening_item(flag: Flag, address: str | None) -> html.Li:
    """A flag that opens in one click, by mouse or keyboard, to its rule, its figures and the rows behind them."""
    if not flag.statement:
        return flag_item(flag)
    statement, source = parted(flag.statement)
    figures = [html.Div([html.Dt(name), html.Dd(unbroken(value))]) for name, value in figures_of(flag)]
    rows, more = rows_of(flag)
    behind = [
        html.P([unbroken(statement), html.Span(f" {sentence(source)}.", className="source") if source else None]),
        html.Dl(figures, className="figures") if figures else None,
        table(rows, f"Behind it: {flag.message}") if rows is not None else None,
        html.P(f"and {more} more") if more else None,
        html.P(html.A("What other clusters did, and log a step", href=address)) if address else None,
    ]
    return html.Li(
        html.Details(
            [
                html.Summary(_sentence_of(flag)),
                html.Div([part for part in behind if part is not None], className="disclosed why"),
            ]
        )
    )


def unbroken(text: str) -> str:
    """A sentence for a page, in which no line ends between a number and its %."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


@dataclass(frozen=True)
class KeyItem:
    """One entry of a chart's key: the shape, the name of its colour in the palette, the word."""

    shape: str
    colour: str
    word: str


def key_list(items: Sequence[KeyItem], palette: Palette) -> html.Ul:
    """The key of a chart, as text that wraps."""
    return html.Ul(
        [
            html.Li(
                [
                    html.Span(item.shape, style={"color": getattr(palette, item.colour)}, **aria(hidden="true")),
                    f" {item.word}",
                ]
            )
            for item in items
        ],
        className="key",
    )


def table(
    frame: pd.DataFrame, caption: str, links: Mapping[str | int, str] | None = None, *, cards: bool = False
) -> html.Div:
    """A frame as a plain table that scrolls inside its own box. Column names are the headings, in words.

    `links` gives the address to which a heading or a row's first cell leads, by the words or by the row's number from
    0 on. With `cards` each row is a card on a phone, where nobody would scroll to the right.
    """
    to = links or {}
    heads: list[dict[str, Any]] = [{"data-head": str(name)} if cards else {} for name in frame.columns]
    head = html.Thead(html.Tr([html.Th(_led(str(name), to), scope="col") for name in frame.columns]))
    body = html.Tbody(
        [
            html.Tr(
                [
                    html.Th(_led(row[0], to, number), scope="row"),
                    *(html.Td(cell, **head) for head, cell in zip(heads[1:], row[1:], strict=True)),
                ]
            )
            for number, row in enumerate(frame.itertuples(index=False, name=None))
        ]
    )
    return html.Div(
        html.Table(
            [html.Caption(caption, className="visually-hidden"), head, body],
            className="table evidence narrow-cards open-table" if cards else "table evidence",
        ),
        className="table-box",
        tabIndex="0",
        role="region",
        **aria(label=caption),
    )


def _led(words: Any, to: Mapping[str | int, str], number: int | None = None) -> Any:
    """Words that lead somewhere. The address may be one that the server brings, so the whole page is asked for."""
    address = to.get(words) or (to.get(number) if number is not None else None)
    return html.A(words, href=address) if address else words


def disclosure(summary: str, content: Any) -> html.Details:
    """Something that opens in one click, by mouse or keyboard, without a call to the server."""
    return html.Details([html.Summary(summary), html.Div(content, className="disclosed")])


def message(title: str, text: str, *, action: Any = None, kind: str = "empty") -> html.Div:
    """An empty, partial or failed state: what is so, why, and what to do next."""
    return html.Div(
        [html.P(title, className="message-title"), html.P(text), *([html.P(action)] if action else [])],
        className=f"message message-{kind}",
        role="alert" if kind == "error" else "note",
    )


def illustrative_note(some: bool, all_of_it: bool, *, has_table: bool = True) -> Any:
    """Says in words that figures are made up, wherever some of them are."""
    if not some:
        return None
    if all_of_it:
        text = "Illustrative figures: made up to show how this works, not real."
    elif has_table:
        text = "Partly illustrative: real figures from the documents stand beside made-up ones; the table tells which."
    else:
        text = "Partly illustrative: some of these figures are made up."
    return html.P(text, className="illustrative")


def year_links(
    years: Iterable[AcademicYear],
    chosen: AcademicYear | None,
    path: str,
    *,
    latest: bool = False,
    cluster: str | None = None,
) -> Any:
    """The choice of academic year: links, so that the address, the back button and the keyboard just work.

    `cluster` is a choice made beside it, which the links keep.
    """
    links: list[Any] = []
    if latest:
        links.append(_choice("Latest of each", path, chosen is None))
    kept = f"&cluster={cluster}" if cluster else ""
    links += [_choice(str(year), f"{path}?year={year}{kept}", year == chosen) for year in years]
    return _choices("Academic year", links)


def cluster_links(names: Mapping[str, str], chosen: str, path: str) -> Any:
    """The choice of cluster (slug → name) for a school that belongs to several; nothing for one that belongs to one."""
    if len(names) == 1:
        return None
    return _choices(
        "Cluster", [_choice(name, f"{path}?cluster={slug}", slug == chosen) for slug, name in names.items()]
    )


def choices(label: str, options: Sequence[tuple[str, str, bool]]) -> Any:
    """A choice made by links: words, address, and whether it is the one that holds."""
    return _choices(label, [_choice(words, address, chosen) for words, address, chosen in options])


def _choices(label: str, links: list[Any]) -> Any:
    if not links:
        return None
    return html.Nav(
        [html.Span(label, className="choices-label"), *links],
        className="choices",
        **aria(label=label),
    )


def _choice(text: str, href: str, current: bool) -> Any:
    """The current choice is no link: it says so to those who do not see its colour."""
    if current:
        return html.Span(text, className="choice choice-current", **aria(current="page"))
    return dcc.Link(text, href=href, className="choice")


def crumbs(*steps: tuple[str, str]) -> html.Nav:
    """The way back up: pairs of words and address."""
    parts: list[Any] = []
    for text, href in steps:
        parts += [dcc.Link(text, href=href), html.Span(" / ", **aria(hidden="true"))]
    return html.Nav(parts[:-1], className="crumbs", **aria(label="You are here"))
