"""`/screen/SLUG`: the steering group's screen. An agenda of panels, all in the page, of which the browser shows one.

So turning from one to the next asks nobody, and goes on while the network is away. What changes them stands in
`assets/room.js`: keys, rotation, the look for changes and the notes.
"""

from typing import Any, Final

from dash import html

from dashboard.access import Action, Object, scope_for
from dashboard.db import Session
from dashboard.directory.queries import ClusterFacts
from dashboard.directory.view import view_cluster
from dashboard.room.agenda import Told, agenda_of
from dashboard.room.queries import find_version
from dashboard.screens.visit import Page, Visit
from dashboard.ui.aria import aria
from dashboard.wording import day

LOOKS_EVERY: Final = 15
"""Seconds after which the browser asks whether anything changed: so long it takes at most until a change shows."""

_KEYS: Final = (
    ("← →", "the panel before, the next one"),
    ("Space", "the next panel"),
    ("1 – 5", "the panel of that number"),
    ("P", "pause the rotation, or go on with it"),
    ("R", "begin or end the rotation"),
    ("N", "note a decision or an action, for who may"),
    ("F", "full screen"),
    ("?", "these keys"),
)


def build(session: Session, visit: Visit, slug: str) -> Page | None:
    """The screen of a cluster; None when there is none the reader may see."""
    view = view_cluster(session, visit.scope, slug, year=visit.year, as_of=visit.as_of)
    if view is None or view.cluster is None:
        return None
    cluster = view.cluster
    told = agenda_of(session, view, visit.look, words_too=_may(visit, Action.SEE, cluster))
    return Page(
        f"{cluster.name}: screen",
        html.Div(
            [
                _head(cluster.name, f"Academic year {view.year} · as of {day(view.as_of)}"),
                _controls(told, may_note=_may(visit, Action.EDIT, cluster)),
                html.Div([_panel(number, each) for number, each in enumerate(told, 1)], className="room-panels"),
                _keys(may_note=_may(visit, Action.EDIT, cluster)),
            ],
            id="room",
            className="meeting",
            **_data(
                cluster=slug,
                year=str(view.year),
                version=find_version(session, visit.scope, cluster.id) or "",
                every=str(LOOKS_EVERY),
            ),
        ),
        bare=True,
    )


def _may(visit: Visit, action: Action, cluster: ClusterFacts) -> bool:
    """Whether the reader may read what was decided, or note more. A room's link may neither, whatever its role."""
    return scope_for(visit.reader, action, Object.DECISIONS).holds(cluster.id, cluster.programme_id)


def _data(**values: str) -> Any:
    return {f"data-{name}": value for name, value in values.items()}


def _head(name: str, about: str) -> html.Header:
    """The cluster, the year, and the line that says how fresh it all is, which the browser writes."""
    return html.Header(
        [
            html.H1(name),
            html.Div(
                [
                    html.P([about, html.Span(id="room-as-of")]),
                    html.P(id="room-line", className="room-line", role="status"),
                    html.P(id="room-said", className="visually-hidden", role="status"),
                ],
                className="room-about",
            ),
        ],
        className="room-head",
    )


def _panel(number: int, told: Told) -> html.Div:
    return html.Div(told.shown.card, id=f"room-panel-{number}", className="room-panel", **_data(panel=str(number)))


def _controls(told: list[Told], *, may_note: bool) -> html.Nav:
    """Buttons for all that keys do: a button for each panel, then what else there is to do."""
    steps = [
        html.Button(
            [html.Span(f"{number}/{len(told)}", className="room-number"), f" {each.item.short}"],
            type="button",
            className="room-button room-to",
            **_data(do="show", panel=str(number), about=each.item.about.value),
        )
        for number, each in enumerate(told, 1)
    ]
    return html.Nav(
        [
            html.Div(steps, className="room-steps"),
            html.Div(
                [
                    _button("previous", "◀", "Previous panel"),
                    _button("pause", "❚❚", "Pause", kind="room-pause"),
                    _button("next", "▶", "Next panel"),
                    _button("rotate", "Rotate", "Rotate through the panels"),
                    _button("note", "Note", "Note a decision or an action") if may_note else None,
                    _button("full", "Full screen", "Full screen"),
                    _button("keys", "Keys", "Keys"),
                ],
                className="room-doing",
            ),
        ],
        className="room-controls",
        **aria(label="Agenda"),
    )


def _button(do: str, words: str, name: str, kind: str = "") -> html.Button:
    return html.Button(
        words,
        type="button",
        className=f"room-button {kind}".strip(),
        title=name,
        **aria(label=name),
        **_data(do=do),
    )


def _keys(*, may_note: bool) -> html.Dialog:
    """The keys in words. Whoever speaks to the computer, or leans on a key, can turn them off (WCAG 2.1.4)."""
    rows = [
        html.Tr([html.Th(html.Kbd(key), scope="row"), html.Td(words)]) for key, words in _KEYS if may_note or key != "N"
    ]
    return html.Dialog(
        [
            html.H2("Keys"),
            html.Table(html.Tbody(rows), className="room-keys"),
            html.P(f"A change that somebody makes shows here within {LOOKS_EVERY} seconds.", className="room-more"),
            html.Div(
                [
                    html.Button("Turn the keys off", type="button", className="room-button", **_data(do="deaf")),
                    html.Button("Close", type="button", className="room-button", **_data(do="keys")),
                ],
                className="room-doing",
            ),
        ],
        id="room-keys",
        className="room-over",
        **aria(label="Keys"),
    )
