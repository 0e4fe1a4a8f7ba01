"""The target that an address is about, as the reader may see it."""

from dataclasses import dataclass
from typing import Any, NoReturn

import flask
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object, Scope, scope_for
from dashboard.db import Session
from dashboard.directory.queries import ClusterFacts, find_cluster
from dashboard.plans.queries.target import CriterionRow, TargetRow, find_target, load_criteria_of_target
from dashboard.web.asked import asked_year
from dashboard.web.context import the_reader, the_scope, the_store
from dashboard.web.door import not_there


@dataclass(frozen=True)
class Place:
    """A target in a cluster's plan, with its criteria in their order."""

    cluster: ClusterFacts
    target: TargetRow
    criteria: list[CriterionRow]

    @property
    def year(self) -> AcademicYear:
        """The year of the plan."""
        return AcademicYear(self.target.year)

    @property
    def where(self) -> dict[str, Any]:
        """What the addresses of the target's pages are made of."""
        return {"slug": self.cluster.slug, "code": self.target.code, "year": self.year}

    @property
    def plan(self) -> str:
        """The address of the whole plan."""
        return f"/cluster/{self.cluster.slug}/plan?year={self.year}"

    def back(self, anchor: str | None = None) -> ResponseReturnValue:
        """The way to the target's page after a form."""
        return flask.redirect(flask.url_for("target.show", _anchor=anchor, **self.where), 303)


def find_place(session: Session, scope: Scope, action: Action, slug: str, code: str) -> Place:
    """The target of an address. To change one, the reader must keep the whole cluster."""
    year = asked_year()
    cluster = find_cluster(session, scope, slug) if slug.isprintable() else None
    if cluster is None or (action is Action.EDIT and not cluster.whole):
        nowhere(action, slug)
    target = find_target(session, scope, cluster.id, code, year) if code.isprintable() else None
    if target is None:
        nowhere(action, slug)
    return Place(cluster, target, load_criteria_of_target(session, scope, target.target_id))


def place_to_edit(slug: str, code: str) -> Place:
    """The target that a form changes."""
    with access.reading(the_store(), the_scope()) as reading:
        return find_place(reading, the_scope(), Action.EDIT, slug, code)


def keeps_plan(cluster: ClusterFacts) -> bool:
    """Whether the reader may change the plan of a cluster."""
    return scope_for(the_reader(), Action.EDIT, Object.PLAN).holds(cluster.id, cluster.programme_id)


def nowhere(action: Action, slug: str) -> NoReturn:
    """The one answer for what is another's and for what is not there."""
    not_there(action, Object.PLAN, slug)
