"""The money as tables that leave the product: the columns of an import, so that what goes out comes in again.

No row is a sum, and nothing stands in them that the store does not hold.
"""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, visible_clusters
from dashboard.frames import alphabetical, read_frame, total
from dashboard.funding.lines import ALL_LINES, Filters, lines_asked_for
from dashboard.funding.reach import lines_within
from dashboard.models import Allocation, Cluster, LedgerLine, Meeting, Membership, School, Target
from dashboard.naming import slug
from dashboard.vocabulary import Pot

SPEND: Final = (
    "cluster", "school", "date", "pot", "part", "use_code", "supplier", "description", "reference", "amount", "vat",
    "state", "meeting", "target",
)  # fmt: skip
"""The columns of a ledger."""
SPEND_IF_ANY: Final = ("purpose", "year")
"""Columns of a ledger that are left out where no line has anything to say in them; a year has only a line whose day is
lost.
"""
ALLOCATIONS: Final = ("cluster", "school", "year", "pot", "part", "amount")
"""The columns of allocations."""


def load_spend(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """The lines of the ledger of the chosen cluster-years, as a file of the kind `spend`: `SPEND`, `SPEND_IF_ANY`.

    Amounts are pounds with two places; a cluster and a school stand by name, or by slug where two have that name.
    """
    chosen = sa.select(LedgerLine.id).join(
        years, sa.and_(years.c.cluster_id == LedgerLine.cluster_id, years.c.year == LedgerLine.year)
    )
    return _lines(session, scope, LedgerLine.id.in_(chosen))


def load_listed(session: Session, scope: Scope, cluster_id: int, filters: Filters = ALL_LINES) -> pd.DataFrame:
    """The lines of a cluster that its ledger lists for some filters, as a file of the kind `spend`.

    `attrs["illustrative"]` says whether any of them is made up.
    """
    return _lines(session, scope, lines_asked_for(cluster_id, filters))


def _lines(session: Session, scope: Scope, chosen: sa.ColumnElement[bool]) -> pd.DataFrame:
    frame = read_frame(
        session,
        sa.select(
            LedgerLine.cluster_id.label("cluster"),
            LedgerLine.school_id.label("school"),
            LedgerLine.spent_on.label("date"),
            LedgerLine.pot.label("pot"),
            LedgerLine.part.label("part"),
            LedgerLine.use_code.label("use_code"),
            LedgerLine.supplier.label("supplier"),
            LedgerLine.description.label("description"),
            LedgerLine.reference.label("reference"),
            LedgerLine.amount.label("amount"),
            LedgerLine.vat.label("vat"),
            LedgerLine.state.label("state"),
            Meeting.held_on.label("meeting"),
            Target.code.label("target"),
            LedgerLine.purpose.label("purpose"),
            LedgerLine.year.label("year"),
            LedgerLine.illustrative.label("illustrative"),
        )
        .join(Cluster, Cluster.id == LedgerLine.cluster_id)
        .outerjoin(Meeting, Meeting.id == LedgerLine.meeting_id)
        .outerjoin(Target, Target.id == LedgerLine.target_id)
        .where(lines_within(scope), chosen)
        # Equal lines by number, as the importer counts them; without a day behind all others, on both databases.
        .order_by(alphabetical(Cluster.slug), LedgerLine.spent_on.is_(None), LedgerLine.spent_on, LedgerLine.id),
    )
    _spell(session, frame)
    frame["amount"], frame["vat"] = frame["amount"].map(_pounds), frame["vat"].map(_pounds)
    undated = frame["date"].isna()
    frame["year"] = [
        str(AcademicYear(start)) if lost else None for start, lost in zip(frame["year"], undated, strict=True)
    ]
    frame.attrs["illustrative"] = bool(frame.pop("illustrative").any())
    return frame.drop(columns=[name for name in SPEND_IF_ANY if frame[name].isna().all()])


def load_allocations(session: Session, scope: Scope, years: sa.CTE) -> pd.DataFrame:
    """What was given in the chosen cluster-years, as a file of the kind `allocations`: `ALLOCATIONS`.

    One row for each school, year, pot and part, with what contributions paid into it.
    """
    by = (Allocation.cluster_id, Allocation.school_id, Allocation.year, Allocation.pot, Allocation.part)
    frame = read_frame(
        session,
        sa.select(
            Allocation.cluster_id.label("cluster"),
            Allocation.school_id.label("school"),
            Allocation.year.label("year"),
            Allocation.pot.label("pot"),
            Allocation.part.label("part"),
            total(Allocation.amount).label("amount"),
        )
        .join(years, sa.and_(years.c.cluster_id == Allocation.cluster_id, years.c.year == Allocation.year))
        .where(_allocations_within(scope))
        .group_by(*by)
        .order_by(
            Allocation.cluster_id, Allocation.year, Allocation.school_id.is_not(None), Allocation.school_id,
            alphabetical(Allocation.pot), alphabetical(Allocation.part),
        ),
    )  # fmt: skip
    _spell(session, frame)
    frame["amount"] = frame["amount"].map(_pounds)
    frame["year"] = frame["year"].map(lambda start: str(AcademicYear(start)))
    return frame


def _allocations_within(scope: Scope) -> sa.ColumnElement[bool]:
    if scope.everything:
        return sa.true()
    return sa.or_(
        Allocation.cluster_id.in_(visible_clusters(scope)),
        sa.and_(Allocation.pot == Pot.SCHOOL_HELD, Allocation.school_id.in_(scope.school_ids)),
    )


def _spell(session: Session, frame: pd.DataFrame) -> None:
    """Put the spelling of clusters and schools, by which an import finds exactly them, in the place of their ids."""
    clusters = session.execute(sa.select(Cluster.id, Cluster.slug, Cluster.name))
    spelt = _spelling({row.id: (row.slug, row.name) for row in clusters})
    members: defaultdict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    for row in session.execute(
        sa.select(Membership.cluster_id, School.id, School.slug, School.name)
        .join(School, School.id == Membership.school_id)
        .where(Membership.cluster_id.in_({int(each) for each in frame["cluster"]}))
    ):
        members[row.cluster_id][row.id] = (row.slug, row.name)
    schools = {cluster_id: _spelling(places) for cluster_id, places in members.items()}
    frame["school"] = [
        schools[cluster_id][school_id] if school_id else None
        for cluster_id, school_id in zip(frame["cluster"], frame["school"], strict=True)
    ]
    frame["cluster"] = [spelt[cluster_id] for cluster_id in frame["cluster"]]


def _spelling(places: dict[int, tuple[str, str]]) -> dict[int, str]:
    """The name of each place where no other goes by it, else its slug."""
    taken = Counter(word for address, name in places.values() for word in {address, slug(name)})
    return {number: name if taken[slug(name)] == 1 else address for number, (address, name) in places.items()}


def _pounds(pence: Any) -> Decimal:
    return Decimal(int(pence)).scaleb(-2)
