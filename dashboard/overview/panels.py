"""The panels of the overview: clusters side by side, on a map, what waits by age, what changed.

Their `load` is given by the page (`compared`, `mapped`, `waiting`, `changed`), which has the clusters already and knows
what the reader may see of each kind of thing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import pandas as pd
from dash import html

from dashboard.ages import BANDS
from dashboard.directory.view import View
from dashboard.kinds import REQUESTS
from dashboard.overview.changes import MOST, News, Since, say_news, say_since
from dashboard.overview.figures import comparison_key, draw_comparison, draw_map, map_key
from dashboard.overview.multiples import Comparison, Small, say_apart, say_comparison, say_shown, say_small
from dashboard.overview.places import STATES, Map, say_beside, say_map
from dashboard.overview.queries_of_ages import Waiting
from dashboard.shown_figures import ShownFigure
from dashboard.ui.aria import aria
from dashboard.ui.panel import Message, Panel, not_from_the_store
from dashboard.wording import all_of, amid, counted, day, sentence, share

# Clusters side by side


def _comparison_table(comparison: Comparison) -> pd.DataFrame:
    rows = comparison.shown
    return pd.DataFrame(
        {
            "Cluster": [small.name for small in rows],
            "Year": [str(small.year) for small in rows],
            "Came": [small.attended for small in rows],
            "Expected": [small.expected for small in rows],
            "Not recorded": [small.not_recorded for small in rows],
            "Rate": [share(small.rate) if small.enough else say_small(small) for small in rows],
            "Meetings": [_meeting_words(small) for small in rows],
            "Figures": [_whether_made_up(small) for small in rows],
        }
    )


def _meeting_words(small: Small) -> str:
    told = [
        f"{day(each.held_on)}: {f'{each.attended} of {each.expected}' if each.expected else 'not recorded'}"
        for each in small.meetings
    ]
    return "; ".join(told) or "none"


def _whether_made_up(small: Small) -> str:
    made_up = [each.illustrative for each in small.meetings if each.expected]
    return "illustrative" if any(made_up) else "recorded" if made_up else ""


def _comparison_made_up(comparison: Comparison) -> tuple[bool, bool]:
    made_up = [each.illustrative for small in comparison.shown for each in small.meetings if each.expected]
    return any(made_up), bool(made_up) and all(made_up)


def _comparison_figures(comparison: Comparison, _view: View) -> Sequence[ShownFigure]:
    return [
        ShownFigure(
            small.name, f"{share(small.rate)} ({small.attended} of {small.expected})", "times that schools came",
            f"/cluster/{small.cluster}/rows/attendance?year={small.year}",
        )
        for small in comparison.shown
        if small.enough
    ]  # fmt: skip


COMPARISON: Panel[Comparison] = Panel(
    id="overview-compare",
    title="Clusters side by side",
    load=not_from_the_store,
    is_empty=lambda comparison: not comparison.rated,
    headline=lambda comparison, _view: say_comparison(comparison),
    measure=lambda comparison, _view: (
        f"Schools that came to each meeting, of those expected; all charts on the same scale. {say_shown(comparison)}",
        say_apart(comparison),
    ),
    draw=draw_comparison,
    key=comparison_key,
    table=_comparison_table,
    made_up=_comparison_made_up,
    flags=lambda _comparison, _view: (),
    empty=lambda _view: Message(
        "There is nothing to compare.",
        "None of the clusters listed below has a register with three marks or more in its year. Choose another year, "
        "or take a filter away.",
    ),
    explain=(
        "Each small chart is one cluster: one column for each meeting, at its day in the academic year, as high as the "
        "share of schools that came, itself or by a substitute, out of those that were expected and have a mark. A "
        "mark that is not recorded is left out and is not absence. All charts have the same axes, so that they can be "
        "compared by eye; the number of marks stands in each, because a cluster of four schools swings more than one "
        "of twelve. The dotted line is the median of the clusters shown. A cluster with fewer than three marks is not "
        "drawn. A difference is a reason to ask, not a judgement."
    ),
    links=lambda comparison: {number: small.address for number, small in enumerate(comparison.shown)},
    figures=_comparison_figures,
)
"""Small charts of at most 24 clusters on the same axes."""


# On a map


def _map_table(told: Map) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Cluster": [spot.name for spot in told.spots],
            "Year": [str(spot.year) for spot in told.spots],
            "State": [" ".join(STATES[spot.known_as]) for spot in told.spots],
            "Why": [spot.reason for spot in told.spots],
            "Schools with coordinates": [
                f"{spot.place.located} of {spot.place.schools}" if spot.place else "no schools" for spot in told.spots
            ],
            "Latitude, longitude": [_degrees(spot.place) for spot in told.spots],
        }
    )


def _degrees(place: Any) -> str:
    if place is None or place.latitude is None:
        return "not on the map"
    return f"{place.latitude:.3f}, {place.longitude:.3f}"


NO_BOUNDARIES: Final = "Outlines join the outermost schools of an authority; they are no boundaries."

MAP: Panel[Map] = Panel(
    id="overview-map",
    title="Where the clusters are",
    load=not_from_the_store,
    is_empty=lambda told: not told.drawn,
    headline=lambda told, _view: say_map(told),
    measure=lambda told, _view: (
        f"{sentence(counted(len(told.drawn), 'cluster'))}, each in the middle of its schools. {NO_BOUNDARIES}",
        say_beside(told),
    ),
    draw=draw_map,
    key=map_key,
    table=_map_table,
    made_up=lambda _told: (False, False),
    flags=lambda _told, _view: (),
    empty=lambda _view: Message(
        "No school of these clusters has coordinates.",
        "Bring in a list of schools with the columns “latitude” and “longitude”, as the open register of schools has "
        "them; the clusters then stand here.",
    ),
    explain=(
        "A cluster stands where the mean of the coordinates of its schools is, of those that have any. Outlines join "
        "the outermost schools of each local authority that are in this store: they are no boundaries, and a school "
        "outside them may belong to the same authority. Shape and colour say how the cluster stands by its most "
        "pressing flag; the table says it in words."
    ),
    links=lambda told: {number: spot.address for number, spot in enumerate(told.spots)},
)  # fmt: skip
"""Clusters where their schools have coordinates. Drawn from the store alone: nothing is asked of a map server."""


# What waits, by age


@dataclass(frozen=True)
class Ages:
    """What is open, of the kinds that the reader may see; None of a kind that is not theirs to see."""

    requests: Waiting | None
    concerns: Waiting | None
    as_of: date
    kinds: tuple[str, ...] = ("requests", "concerns")
    """Those that the reader may see, as the first part of an address says them."""

    @property
    def rows(self) -> Sequence[tuple[str, Waiting | None]]:
        """Each kind that is told of."""
        return [(kind, self.requests if kind == "requests" else self.concerns) for kind in self.kinds]


_OF_A_KIND: Final = {
    "requests": ("request waits for a decision", "requests wait for a decision", "request", "Requests waiting"),
    "concerns": ("concern is open", "concerns are open", "concern", "Open concerns"),
}  # fmt: skip


def _ages_headline(ages: Ages) -> str:
    told = [counted(those.all if those else 0, *_OF_A_KIND[kind][:2]) for kind, those in ages.rows]
    return f"{sentence(all_of(told))}."


def say_oldest(kind: str, those: Waiting, as_of: date) -> str:
    """What has been open for longest: "the oldest request, travel, in Mill Cluster, since 3 March 2017 (94 days)"."""
    oldest = those.oldest
    what = f", {_in_sentence(REQUESTS[oldest.kind])}," if oldest.kind else ""
    days = (as_of - oldest.since).days
    age = f" ({counted(days, 'day')})" if days > 0 else ""
    return f"The oldest {_OF_A_KIND[kind][2]}{what} in {amid(oldest.cluster_name)}, since {day(oldest.since)}{age}"


def _in_sentence(words: str) -> str:
    return words[:1].lower() + words[1:]


def _ages_cards(ages: Ages) -> Any:
    """For each kind a row of counts, each leading to what it counts; and the oldest in words."""
    return html.Div(
        [_ages_of(kind, those, ages.as_of) for kind, those in ages.rows if those is not None], className="ages"
    )


def _ages_of(kind: str, those: Waiting, as_of: date) -> Any:
    most = max(those.counts.values())
    bars = [
        html.Li(
            [
                html.Span(sentence(band.words), className="age-words"),
                html.Span(
                    html.Span(className="age-bar", style={"width": f"{100 * count / most:.0f}%"}),
                    className="age-room", **aria(hidden="true"),
                ),
                html.A(f"{count:,}", href=f"/{kind}?age={band.name}", **aria(label=_count_words(kind, band, count)))
                if count
                else html.Span("none", className="age-none"),
            ],
            className=f"age age-{band.name}",
        )
        for band in BANDS
        for count in [those.counts[band.name]]
    ]  # fmt: skip
    oldest = html.A(say_oldest(kind, those, as_of), href=f"/{_OF_A_KIND[kind][2]}/{those.oldest.number}")
    return html.Div([html.H3(_OF_A_KIND[kind][3]), html.Ul(bars), html.P([oldest, "."])])


def _count_words(kind: str, band: Any, count: int) -> str:
    return f"{count:,} {kind if count > 1 else kind[:-1]}, {band.words}"


def _ages_table(ages: Ages) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Age": [sentence(band.words) for band in BANDS],
            **{
                _OF_A_KIND[kind][3]: [those.counts[band.name] if those else 0 for band in BANDS]
                for kind, those in ages.rows
            },
        }
    )


def _ages_figures(ages: Ages, _view: View) -> Sequence[ShownFigure]:
    return [
        ShownFigure(f"{_OF_A_KIND[kind][3]}, {band.words}", f"{those.counts[band.name]:,}", kind,
                    f"/{kind}?age={band.name}")
        for kind, those in ages.rows
        if those is not None
        for band in BANDS
    ]  # fmt: skip


AGES: Panel[Ages] = Panel(
    id="overview-ages",
    title="What waits, by age",
    load=not_from_the_store,
    is_empty=lambda ages: not any(those for _, those in ages.rows),
    headline=lambda ages, _view: _ages_headline(ages),
    measure=lambda _ages, _view: (
        "In all your clusters, whatever is chosen in the list; each count leads to its list.",
    ),
    draw=None,
    key=lambda _ages: (),
    table=_ages_table,
    made_up=lambda _ages: (False, False),
    flags=lambda _ages, _view: (),
    empty=lambda _view: Message(
        "Nothing waits.", "No request waits for a decision, and no concern is open in the clusters that you see."
    ),
    explain=(
        "The age of a request is the time since it was asked, of one that waits for a decision; that of a concern the "
        "time since it was raised, of one that nobody has closed. Up to a week is 0 to 7 days, up to a month 8 to 31, "
        "about a term 32 to 92."
    ),
    shows=_ages_cards,
    links=lambda ages: {_OF_A_KIND[kind][3]: f"/{kind}" for kind, _ in ages.rows},
    figures=_ages_figures,
)
"""Open requests and concerns in bands of age."""


# What changed


MOST_KINDS: Final = 4
"""So many kinds are told of a cluster in a sentence; the table has all."""


def _news_list(news: News) -> Any:
    clusters = news.clusters
    items = [
        html.Li(
            [
                html.A(those[0].name, href=f"/cluster/{those[0].cluster}"),
                ": ",
                *_linked([(each.words, each.address) for each in those[:MOST_KINDS]], len(those) - MOST_KINDS),
                ".",
            ]
        )
        for those in clusters[:MOST]
    ]
    more = len(clusters) - MOST
    rest = [html.P(f"And {counted(more, 'more cluster')}: see the table.")] if more > 0 else []
    return html.Div([html.Ul(items, className="news"), *rest])


def _linked(parts: Sequence[tuple[str, str]], more: int) -> list[Any]:
    """Words that lead somewhere in a sentence, and how many more kinds there are."""
    told: list[Any] = []
    for number, (words, address) in enumerate(parts):
        joint = "" if not number else " and " if number == len(parts) - 1 and more < 1 else ", "
        told += [joint, html.A(words, href=address)]
    return [*told, f" and {counted(more, 'other kind')}"] if more > 0 else told


def _news_table(news: News) -> pd.DataFrame:
    rows = [each for those in news.clusters for each in those]
    return pd.DataFrame(
        {
            "Cluster": [each.name for each in rows],
            "What": [each.words for each in rows],
            "Written down": [f"{each.times:,} {'time' if each.times == 1 else 'times'}" for each in rows],
        }
    )


def _news_links(news: News) -> Mapping[Any, str]:
    rows = [each for those in news.clusters for each in those]
    return {number: each.address for number, each in enumerate(rows)}


def changed(since: Since) -> Panel[News]:
    """The panel of news, which says since when where there are none."""
    nothing = Message(
        f"Nothing has changed {say_since(since)}.",
        "Registers, money lines, plans, concerns and decisions that are entered from now on are told here.",
    )
    return replace(NEWS, empty=lambda _view: nothing)


def _news_figures(news: News, _view: View) -> Sequence[ShownFigure]:
    things = sum(each.things for each in news.changes)
    return (
        ShownFigure("Things that changed", f"{things:,}", "", why="The rows of the table add up to it."),
        ShownFigure("Clusters", f"{len(news.clusters):,}", "", why="Each stands in the table with its kinds."),
    )


NEWS: Panel[News] = Panel(
    id="overview-news",
    title="What changed",
    load=not_from_the_store,
    is_empty=lambda news: not news.changes,
    headline=lambda news, _view: say_news(news),
    measure=lambda _news, _view: ("Counted from what was written down, by cluster and kind; nobody is named.",),
    draw=None,
    key=lambda _news: (),
    table=_news_table,
    made_up=lambda _news: (False, False),
    flags=lambda _news, _view: (),
    empty=lambda _view: Message("Nothing has changed.", "What is entered from now on is told here."),
    explain=(
        "Every entry and every correction is written down with its time. Here things are counted, not entries: a money "
        "line that was corrected twice is one money line. Only kinds that you may see are counted, and only clusters "
        "that you see whole. An import of many clusters at once is not told here."
    ),
    shows=_news_list,
    figures=_news_figures,
    links=_news_links,
)
"""What changed since the last visit."""
