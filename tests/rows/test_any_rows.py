"""In any world: each figure of each panel is what its rows add up to, for who sees a cluster whole and for a school."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard.access import NOTHING, Scope
from dashboard.db import Store
from dashboard.directory.view import View, view_cluster, view_school
from dashboard.engagement import panels as engagement
from dashboard.funding import panels as funding
from dashboard.plans import panels as plans
from tests import builders as put
from tests.builders import AS_OF, DrawnWorld, taken_back, worlds
from tests.funding.ledgers import LINES, DrawnLine
from tests.funding.ledgers import build as build_ledgers
from tests.rows.following import everything_wrong

WHOLE = (*engagement.ON_CLUSTER_PAGE, *funding.ON_MONEY_PAGE, *plans.ON_CLUSTER_PAGE, *plans.ON_PLAN_PAGE)
IN_TOTALS = (
    *engagement.ON_CLUSTER_PAGE_IN_TOTALS, *engagement.IN_THE_OPEN_BOOK, *funding.ON_MONEY_PAGE_IN_TOTALS,
    *plans.ON_CLUSTER_PAGE, *plans.ON_PLAN_PAGE_IN_TOTALS,
)  # fmt: skip
OF_A_SCHOOL = (*engagement.ON_SCHOOL_PAGE, *funding.ON_SCHOOL_PAGE, *plans.ON_SCHOOL_PAGE)
FEW = put.settings(put.EXAMPLES, max_examples=2)
"""Each asks every figure of some twenty-five panels, for two readers.
"""


def of_each_reader(session: Session, slug: str, school: str, school_id: int, scope: Scope) -> list[str]:
    """What is wrong on the pages of a cluster and of one of its schools, as their director and as its headteacher."""
    head = Scope(school_ids=frozenset({school_id}))
    wrong = []
    for reader, panels in ((scope, WHOLE), (head, IN_TOTALS)):
        view = view_cluster(session, reader, slug, year=None, as_of=AS_OF)
        if view is not None and view.of_a_member:
            wrong += everything_wrong(panels, session, _opened(view))
        own = view_school(session, reader, school, year=None, as_of=AS_OF, cluster=slug)
        if own is not None and own.cluster is not None and own.cluster.slug == slug and own.of_a_member:
            wrong += everything_wrong(OF_A_SCHOOL, session, _opened(own))
    assert view_cluster(session, NOTHING, slug, year=None, as_of=AS_OF) is None
    return wrong


def _opened(view: View) -> View:
    return replace(view, opens_ledger=True)


@FEW
@given(drawn=worlds(), chosen=st.integers(0, 4))
def test_figures_of_any_world_are_what_their_rows_add_up_to(
    shared_store: Store, drawn: DrawnWorld, chosen: int
) -> None:
    with taken_back(shared_store) as session:
        world = put.build(session, drawn)
        school, cluster = world.schools[chosen % len(world.schools)], world.clusters[chosen % 2]
        assert of_each_reader(session, cluster.slug, school.slug, school.id, world.scope) == []


@FEW
@given(drawn=LINES)
def test_figures_of_any_ledger_are_what_their_lines_add_up_to(shared_store: Store, drawn: list[DrawnLine]) -> None:
    with taken_back(shared_store) as session:
        made = build_ledgers(session, drawn)
        slug, own = made.clusters[0].slug, made.own_school
        assert of_each_reader(session, slug, own.slug, own.id, made.scope) == []
