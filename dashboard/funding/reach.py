"""How far a scope reaches into the ledger: the one condition that reading and writing share."""

import sqlalchemy as sa

from dashboard.access import Scope, visible_clusters
from dashboard.models import LedgerLine
from dashboard.vocabulary import Pot


def lines_within(scope: Scope) -> sa.ColumnElement[bool]:
    """The condition on lines of the ledger that a scope names: all of a cluster that is seen whole; of a school that
    is named itself, those of the money that it holds. What the lead school pays for a school is the cluster's (4.12,
    4.13).
    """
    if scope.everything:
        return sa.true()
    return sa.or_(
        LedgerLine.cluster_id.in_(visible_clusters(scope)),
        sa.and_(LedgerLine.pot == Pot.SCHOOL_HELD, LedgerLine.school_id.in_(scope.school_ids)),
    )
