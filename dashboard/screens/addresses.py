"""Which address leads to which screen, and what a reader must be allowed to see there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from dashboard.access import Action, Object, Reader, Scope, reading, scope_for
from dashboard.db import Session, Store
from dashboard.directory.queries import find_cluster, find_school, load_own_places
from dashboard.screens import cluster, director, money, plan, room, school
from dashboard.screens.visit import Page, Sight, Visit
from dashboard.web.pages import MenuItem
from dashboard.wording import amid


@dataclass(frozen=True)
class Screen:
    """How the page at an address is made, how to know without making it that it is there for a reader, and which
    object of the access matrix it shows.
    """

    build: Callable[..., Page | None]
    find: Callable[..., object]
    shows: Object
    look: Callable[..., Sight | None] | None = None
    """What it shows of which the tables are files, if of anything."""


@dataclass(frozen=True)
class Place:
    """An address that leads to a screen: of which cluster or school, if of one."""

    screen: Screen
    slug: str | None

    @property
    def values(self) -> tuple[str, ...]:
        """What the screen is asked for besides the visit."""
        return (self.slug,) if self.slug is not None else ()

    def scope(self, reader: Reader) -> Scope:
        """What a reader may see here."""
        return scope_for(reader, Action.SEE, self.screen.shows)

    def is_there(self, session: Session, scope: Scope) -> bool:
        """Whether the screen would find anything for a scope."""
        return bool(self.screen.find(session, scope, *self.values))

    def build(self, session: Session, visit: Visit) -> Page | None:
        """The page; None when there is nothing here for this reader."""
        return self.screen.build(session, visit, *self.values)


def _always(_session: Session, scope: Scope) -> bool:
    return not scope.empty


_SCREENS: Final[Mapping[str, Screen]] = {
    "/": Screen(director.build, _always, Object.OVERVIEW, director.look),
    "/cluster/<slug>": Screen(cluster.build, find_cluster, Object.CLUSTER, cluster.look),
    "/cluster/<slug>/money": Screen(money.build, find_cluster, Object.MONEY, money.look),
    "/cluster/<slug>/plan": Screen(plan.build, find_cluster, Object.PLAN, plan.look),
    "/school/<slug>": Screen(school.build, find_school, Object.SCHOOL, school.look),
    "/screen/<slug>": Screen(room.build, find_cluster, Object.SCREEN),
}
_ROUTES: Final = Map([Rule(address, endpoint=address) for address in _SCREENS], strict_slashes=False)


def find_place(path: str) -> Place | None:
    """Where an address leads; None where it leads nowhere, whoever asks."""
    if "\0" in path:  # no name has it, and PostgreSQL does not take it
        return None
    try:
        address, values = _ROUTES.bind("").match(path)
    except HTTPException:
        return None
    return Place(_SCREENS[address], values.get("slug"))


def places_of(store: Store, reader: Reader) -> list[MenuItem]:
    """The screens that are a reader's own, in the order of their use: the overview of several clusters, then the
    clusters, schools and screens that the roles were given for, and the money or the plan of a cluster whose page is
    not theirs. The first is where the reader lands.
    """
    overview, clusters, schools, screens, moneys, plans = (
        scope_for(reader, Action.SEE, thing)
        for thing in (Object.OVERVIEW, Object.CLUSTER, Object.SCHOOL, Object.SCREEN, Object.MONEY, Object.PLAN)
    )
    items = []
    if overview.everything or overview.programme_ids or len(overview.cluster_ids) > 1:
        items.append(MenuItem("All clusters", "/"))
    own = Scope(
        cluster_ids=clusters.cluster_ids | screens.cluster_ids | moneys.cluster_ids | plans.cluster_ids,
        school_ids=schools.school_ids,
    )
    if own.empty:
        return items
    with reading(store, own) as session:
        found = load_own_places(session, own)
    named = [each for each in found if each.kind == "cluster"]
    return [
        *items,
        *(MenuItem(each.name, f"/cluster/{each.slug}") for each in named if each.id in clusters.cluster_ids),
        *(MenuItem(each.name, f"/school/{each.slug}") for each in found if each.kind == "school"),
        *(
            MenuItem(f"Money of {amid(each.name)}", f"/cluster/{each.slug}/money")
            for each in named
            if each.id in moneys.cluster_ids - clusters.cluster_ids
        ),
        *(
            MenuItem(f"Screen of {amid(each.name)}", f"/screen/{each.slug}")
            for each in named
            if each.id in screens.cluster_ids - clusters.cluster_ids
        ),
        *(
            MenuItem(f"Plan of {amid(each.name)}", f"/cluster/{each.slug}/plan")
            for each in named
            if each.id in plans.cluster_ids - clusters.cluster_ids
        ),
    ]


def choices_of(search: str | None) -> Mapping[str, str]:
    """The choices in a query string; of one that is given twice the last counts."""
    return dict(parse_qsl(search.removeprefix("?"))) if search else {}
