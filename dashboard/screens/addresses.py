"""Which address leads to which screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from dashboard.access import Scope
from dashboard.db import Session
from dashboard.directory.queries import find_cluster, find_school
from dashboard.screens import cluster, director, room, school
from dashboard.screens.visit import Page, Visit


@dataclass(frozen=True)
class Screen:
    """How the page at an address is made, and how to know, without making it, that it is there for a reader."""

    build: Callable[..., Page | None]
    find: Callable[..., object]


def _always(_session: Session, _scope: Scope) -> bool:
    return True


_SCREENS: Mapping[str, Screen] = {
    "/": Screen(director.build, _always),
    "/cluster/<slug>": Screen(cluster.build, find_cluster),
    "/school/<slug>": Screen(school.build, find_school),
    "/screen/<slug>": Screen(room.build, find_cluster),
}
_ROUTES = Map([Rule(address, endpoint=address) for address in _SCREENS], strict_slashes=False)


def build_page(session: Session, visit: Visit) -> Page | None:
    """The page at the visit's address; None when there is nothing there for this reader."""
    found = _match(visit.path)
    return found[0].build(session, visit, *found[1]) if found else None


def is_there(session: Session, scope: Scope, path: str) -> bool:
    """Whether `build_page` would find anything for this reader."""
    found = _match(path)
    return bool(found and found[0].find(session, scope, *found[1]))


def choices_of(search: str | None) -> Mapping[str, str]:
    """The choices in a query string; of one that is given twice the last counts."""
    return dict(parse_qsl(search.removeprefix("?"))) if search else {}


def _match(path: str) -> tuple[Screen, tuple[str, ...]] | None:
    try:
        address, values = _ROUTES.bind("").match(path)
    except HTTPException:
        return None
    return _SCREENS[address], tuple(values.values())
