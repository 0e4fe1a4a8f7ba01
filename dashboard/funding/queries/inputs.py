"""What the schools and the programme put in, and what came from elsewhere (1.4, 2.4, 2.5, 4.4, 4.21).

For whoever sees a cluster whole; to a headteacher the own school's contributions alone.
"""

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see, visible_clusters
from dashboard.frames import alphabetical, count_where, read_frame, total
from dashboard.funding.counting import rank
from dashboard.models import Allocation, Contribution, OutsideMoney
from dashboard.vocabulary import ContributionKind, ContributionState, OutsideKind, Part, Pot


def load_contributions(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """What schools put in, by kind and state: cluster_id, kind, state, amount (pence, net of VAT), minutes,
    without_figure (entries with neither), illustrative, rows.
    """
    nothing = sa.and_(Contribution.amount.is_(None), Contribution.minutes.is_(None))
    return read_frame(
        session,
        sa.select(
            Contribution.cluster_id,
            Contribution.kind,
            Contribution.state,
            total(Contribution.amount).label("amount"),
            total(Contribution.minutes).label("minutes"),
            count_where(nothing).label("without_figure"),
            count_where(Contribution.illustrative).label("illustrative"),
            sa.func.count().label("rows"),
        )
        .join(years, sa.and_(Contribution.cluster_id == years.c.cluster_id, Contribution.year == years.c.year))
        .where(may_see(scope, Contribution.cluster_id, Contribution.school_id))
        .group_by(Contribution.cluster_id, Contribution.kind, Contribution.state)
        .order_by(
            Contribution.cluster_id,
            rank(Contribution.kind, ContributionKind),
            rank(Contribution.state, ContributionState),
        ),
    )


def load_given(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """What was allocated besides the schools' contributions: cluster_id, pot, part, amount (pence), illustrative,
    rows. A contribution that was paid in is told by `load_contributions` and not again here.
    """
    return read_frame(
        session,
        sa.select(
            Allocation.cluster_id,
            Allocation.pot,
            Allocation.part,
            total(Allocation.amount).label("amount"),
            count_where(Allocation.illustrative).label("illustrative"),
            sa.func.count().label("rows"),
        )
        .join(years, sa.and_(Allocation.cluster_id == years.c.cluster_id, Allocation.year == years.c.year))
        .where(Allocation.contribution_id.is_(None), Allocation.cluster_id.in_(visible_clusters(scope)))
        .group_by(Allocation.cluster_id, Allocation.pot, Allocation.part)
        .order_by(Allocation.cluster_id, rank(Allocation.pot, Pot), rank(Allocation.part, Part)),
    )


def load_outside(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """Money from elsewhere, one row for each entry: cluster_id, kind, party, words, state, asked, won, received (pence
    or None), declared_on, illustrative. In no pot and in no sum of pots.
    """
    return read_frame(
        session,
        sa.select(
            OutsideMoney.cluster_id,
            OutsideMoney.kind,
            OutsideMoney.party,
            OutsideMoney.words,
            OutsideMoney.state,
            OutsideMoney.asked,
            OutsideMoney.won,
            OutsideMoney.received,
            OutsideMoney.declared_on,
            OutsideMoney.illustrative,
        )
        .join(years, sa.and_(OutsideMoney.cluster_id == years.c.cluster_id, OutsideMoney.year == years.c.year))
        .where(OutsideMoney.cluster_id.in_(visible_clusters(scope)))
        .order_by(
            OutsideMoney.cluster_id, rank(OutsideMoney.kind, OutsideKind), alphabetical(OutsideMoney.party),
            OutsideMoney.id,
        ),
    )  # fmt: skip
