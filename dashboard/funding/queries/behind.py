"""The single entries behind the sums of the pots, besides the lines of the ledger: allocations, balances that a person
brought in, and what each school put in.
"""

from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see, visible_clusters
from dashboard.frames import alphabetical, read_frame
from dashboard.funding.counting import rank
from dashboard.models import Allocation, CarriedBalance, Contribution, School
from dashboard.vocabulary import ContributionKind, Part, Pot


def load_allocations_given(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """Each allocation of the chosen cluster-years: cluster_id, pot, part, school (slug), name (of the school, or None),
    amount (pence), paid_in (whether it is a contribution that was paid in), illustrative.

    Of a cluster that is not seen whole those that the own school holds.
    """
    return read_frame(
        session, _entries(Allocation, scope, years, Allocation.contribution_id.is_not(None).label("paid_in"))
    )


def load_balances(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """Each balance that a person brought into the chosen cluster-years: as for allocations, with kind and reason."""
    return read_frame(session, _entries(CarriedBalance, scope, years, CarriedBalance.kind, CarriedBalance.reason))


def _entries(table: Any, scope: Scope, years: sa.CTE, *more: Any) -> Any:
    own = sa.and_(table.pot == Pot.SCHOOL_HELD, may_see(scope, table.cluster_id, table.school_id))
    return (
        sa.select(
            table.cluster_id, table.pot, table.part, School.slug.label("school"), School.name, table.amount, *more,
            table.illustrative,
        )
        .join(years, sa.and_(table.cluster_id == years.c.cluster_id, table.year == years.c.year))
        .outerjoin(School, School.id == table.school_id)
        .where(sa.or_(table.cluster_id.in_(visible_clusters(scope)), own))
        .order_by(
            table.cluster_id, rank(table.pot, Pot), rank(table.part, Part),
            alphabetical(sa.func.coalesce(School.name, "")), table.id,
        )
    )  # fmt: skip


def load_contributions_made(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """Each contribution of the chosen cluster-years: cluster_id, kind, state, name (of the school), words, amount
    (pence or None), minutes (or None), illustrative. To a headteacher the own school's.
    """
    return read_frame(
        session,
        sa.select(
            Contribution.cluster_id, Contribution.kind, Contribution.state, School.name, Contribution.words,
            Contribution.amount, Contribution.minutes, Contribution.illustrative,
        )
        .join(years, sa.and_(Contribution.cluster_id == years.c.cluster_id, Contribution.year == years.c.year))
        .join(School, School.id == Contribution.school_id)
        .where(may_see(scope, Contribution.cluster_id, Contribution.school_id))
        .order_by(
            Contribution.cluster_id, rank(Contribution.kind, ContributionKind), alphabetical(School.name),
            Contribution.id,
        ),
    )  # fmt: skip
