"""What may be chosen on the overview, and what is: a plain form, the choices that hold, saved views, what was found."""

from collections.abc import Sequence
from typing import Any, Final

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.access import Action, Object, scope_for
from dashboard.db import Session
from dashboard.overview.filters import LABELS, NARROWING, Filters, Offer
from dashboard.overview.own import KeptView
from dashboard.overview.queries import find_schools
from dashboard.reports.overview import ClusterRow
from dashboard.screens.visit import Visit
from dashboard.ui.aria import aria
from dashboard.ui.components import choices, unbroken
from dashboard.wording import counted, of, sentence

SEARCH_ID = "cluster-search"
_ANY: Final = {
    "programme": "Any programme", "cohort": "Any cohort", "stage": "Any stage", "area": "Any area",
    "flag": "Any flag, or none",
}  # fmt: skip
_KEPT: Final = ("watched", "rate", "by", "sort", "year")
"""Choices that are made elsewhere on the page; the form keeps them."""
MOST_SCHOOLS: Final = 8


def choose(every: Sequence[ClusterRow], filters: Filters, visit: Visit) -> list[Any]:
    """The form, whose choices are those that exist, and whether all clusters are listed or the watched ones."""
    form: Any = html.Div(
        _form(filters.offers(every), filters), role="search", **aria(label="Search and filter clusters")
    )
    if visit.look.narrow:
        form = html.Details([html.Summary("Search and filter"), form], className="record", open=filters.narrows)
    return [_watched_or_all(every, filters, visit), form]


def _form(offers: Any, filters: Filters) -> html.Form:
    return html.Form(
        [
            html.Div(
                [
                    dbc.Label("Search schools and clusters", html_for=SEARCH_ID),
                    dbc.Input(
                        id=SEARCH_ID, name="q", type="search", value=filters.q, maxlength=200, debounce=False,
                        autocomplete="off",
                    ),
                ],
                className="field",
            ),
            *(_select(offer) for offer in offers.values()),
            *(
                dcc.Input(type="hidden", id=f"kept-{name}", name=name, value=written)
                for name in _KEPT
                if (written := filters.written(name))
            ),
            html.Button("Show", type="submit", className="main-button"),
            html.P(
                "The list narrows while you type, by the names of clusters and by flags; “Show” looks for schools too.",
                className="hint",
            ),
        ],
        action="/",
        method="GET",
        className="overview-filters on-screen",
    )  # fmt: skip


def _select(offer: Offer) -> html.Div:
    name = f"filter-{offer.name}"
    chosen = next((option.value for option in offer.options if offer.is_chosen(option)), "")
    options = [
        {"label": _ANY[offer.name], "value": ""},
        *({"label": f"{each.words} ({each.clusters:,})", "value": each.value} for each in offer.options),
    ]
    select = dbc.Select(id=name, name=offer.name, options=options, value=chosen, placeholder=_ANY[offer.name])
    return html.Div([dbc.Label(offer.label, html_for=name), select], className="field")


def _watched_or_all(every: Sequence[ClusterRow], filters: Filters, visit: Visit) -> Any:
    if visit.reader.account_id is None:
        return None
    watched = sum(row.watched for row in every)
    if not watched and not filters.watched:
        return None
    return choices(
        "Clusters",
        [
            ("All", filters.address(watched=False), not filters.watched),
            (f"★ Watched ({watched:,})", filters.address(watched=True), filters.watched),
        ],
    )


def chosen(kept: Sequence[ClusterRow], every: Sequence[ClusterRow], filters: Filters) -> Any:
    """The choices that hold, each with the way to take it back; nothing while all clusters are listed."""
    if not filters.narrows:
        return None
    words = dict(filters.words())
    chips = [
        html.Li(
            dcc.Link(
                [
                    html.Span("Take back: ", className="visually-hidden"),
                    unbroken(f"{LABELS[name]}: {words[LABELS[name]]} "),
                    html.Span("×", **aria(hidden="true")),
                ],
                href=filters.without(name),
                className="chip",
            )
        )
        for name in NARROWING
        if LABELS[name] in words
    ]
    told = f"Only some clusters: {of(len(kept), len(every))}. "
    return html.Div(
        [
            html.P([told, dcc.Link("Show all clusters", href=filters.cleared)], role="status"),
            html.Ul(chips, className="chips", **aria(label="What is chosen")),
        ],
        className="chosen",
    )


def found_schools(session: Session, visit: Visit, filters: Filters) -> Any:
    """The schools whose names match the search, each leading to its page; nothing without a search."""
    if not filters.q:
        return None
    reach = scope_for(visit.reader, Action.SEE, Object.SCHOOL)
    found = find_schools(session, reach, filters.q, MOST_SCHOOLS + 1)
    if not found:
        return html.P(f"No school is called like “{filters.q}”.", className="found")
    title = (
        f"The first {counted(MOST_SCHOOLS, 'school')} called like “{filters.q}”"
        if len(found) > MOST_SCHOOLS
        else f"{sentence(counted(len(found), 'school'))} called like “{filters.q}”"
    )
    links = [html.Li(dcc.Link(each.name, href=f"/school/{each.slug}")) for each in found[:MOST_SCHOOLS]]
    return html.Div([html.H3(title, id="found-schools"), html.Ul(links)], className="found school-links")


def saved_views(views: Sequence[KeptView], visit: Visit, filters: Filters) -> Any:
    """The views of the account, and the form that saves the present choices; a guest is told what it needs."""
    if visit.reader.account_id is None:
        return html.P(
            [
                "Saved views and watched clusters are kept with an account. ",
                html.A("Sign in", href="/sign-in"),
                " to keep yours.",
            ],
            className="needs-account on-screen",
        )
    query = filters.query()
    links = choices("Your views", [(each.name, f"/?{each.query}".rstrip("?"), each.query == query) for each in views])
    return html.Div([links, _save_form(views, query)], className="saved-views on-screen")


def _save_form(views: Sequence[KeptView], query: str) -> html.Details:
    options = [{"label": "A new view", "value": ""}, *({"label": each.name, "value": each.view_id} for each in views)]
    return html.Details(
        [
            html.Summary("Save this view"),
            html.Form(
                [
                    dcc.Input(type="hidden", id="view-token", name="csrf_token", value=""),
                    dcc.Input(type="hidden", id="view-query", name="query", value=query),
                    html.Div(
                        [
                            dbc.Label("Name", html_for="view-name"),
                            dbc.Input(id="view-name", name="name", type="text", maxlength=60, autocomplete="off"),
                        ],
                        className="field",
                    ),
                    html.Div(
                        [
                            dbc.Label("Save as", html_for="view-replaces"),
                            dbc.Select(
                                id="view-replaces", name="replaces", options=options, value="", placeholder="A new view"
                            ),
                        ],
                        className="field",
                    )
                    if views
                    else None,
                    html.Button("Save", type="submit", className="main-button"),
                    html.A("Rename or remove views", href="/views") if views else None,
                ],
                action="/views",
                method="POST",
                className="overview-filters",
            ),
        ],
        className="record",
    )
