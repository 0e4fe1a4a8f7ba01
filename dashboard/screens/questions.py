"""What the panels of the screens explain of their figures, for the page of help: the same words, from the panels."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from dashboard.engagement.panels import PROGRAMME_YEARS, SPREAD
from dashboard.funding.panels import ON_MONEY_PAGE
from dashboard.help.pages import Explained
from dashboard.overview.panels import AGES, COMPARISON, MAP, NEWS
from dashboard.plans.panels import ON_PLAN_PAGE
from dashboard.screens import cluster, school
from dashboard.ui.panel import Panel

_PAGES: Final[tuple[tuple[str, Iterable[Panel[Any]]], ...]] = (
    ("All clusters", (NEWS, AGES, COMPARISON, MAP, SPREAD, PROGRAMME_YEARS)),
    ("A cluster", cluster.PANELS),
    ("A cluster’s money", ON_MONEY_PAGE),
    ("A cluster’s plan", ON_PLAN_PAGE),
    ("A school", school.PANELS),
)


@cache
def questions() -> tuple[Explained, ...]:
    """Each panel once, under the first page that shows it."""
    found: dict[tuple[str, str], Explained] = {}
    for where, panels in _PAGES:
        for panel in panels:
            found.setdefault((panel.title, panel.explain), Explained(where, panel.title, panel.explain))
    return tuple(found.values())
