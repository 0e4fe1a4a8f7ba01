"""Decisions out of the store, of the clusters that a scope sees whole."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, visible_clusters
from dashboard.decisions.words import About, State
from dashboard.models import Decision
from dashboard.shown_figures import ShownFigure
from dashboard.vocabulary import DecisionKind


@dataclass(frozen=True)
class DecisionFacts:
    """One decision with the figures that were shown when it was taken."""

    decision_id: int
    cluster_id: int
    kind: DecisionKind
    about: str
    year: int | None
    decided_on: date
    words: str
    owner: str | None
    due_on: date | None
    done_on: date | None
    noted_as: str
    meeting_id: int | None
    figures: tuple[ShownFigure, ...]

    def is_late(self, today: date) -> bool:
        """Whether it should have been done before today."""
        return self.done_on is None and self.due_on is not None and self.due_on < today


def load_decisions(
    session: Session,
    scope: Scope,
    cluster_id: int,
    *,
    about: About | None = None,
    kind: DecisionKind | None = None,
    state: State | None = None,
    today: date | None = None,
    most: int = 200,
) -> list[DecisionFacts]:
    """The decisions of a cluster, what is still to be done first, then the newest; of one page alone, if named.

    Chosen by kind and by how far they are, if asked for; what is overdue is so on `today`.
    """
    chosen = (
        sa.select(Decision)
        .where(Decision.cluster_id == cluster_id, Decision.cluster_id.in_(visible_clusters(scope)))
        .order_by(Decision.done_on.is_not(None), Decision.decided_on.desc(), Decision.id.desc())
        .limit(most)
    )
    if about is not None:
        chosen = chosen.where(Decision.about == about.value)
    if kind is not None:
        chosen = chosen.where(Decision.kind == kind)
    if state is not None:
        chosen = chosen.where(Decision.done_on.is_not(None) if state is State.DONE else Decision.done_on.is_(None))
    if state is State.OVERDUE:
        chosen = chosen.where(Decision.due_on < (today or date.today()))
    return [
        DecisionFacts(
            row.id, row.cluster_id, row.kind, row.about, row.year, row.decided_on, row.words, row.owner,
            row.due_on, row.done_on, row.noted_as, row.meeting_id,
            tuple(ShownFigure(**each) for each in row.figures or ()),
        )
        for row in session.scalars(chosen)
    ]  # fmt: skip


def load_days_of_notes(session: Session, scope: Scope, cluster_id: int, *, most: int = 40) -> list[date]:
    """The days on which something was noted of a cluster, the newest first."""
    days = (
        sa.select(Decision.decided_on)
        .where(Decision.cluster_id == cluster_id, Decision.cluster_id.in_(visible_clusters(scope)))
        .distinct()
        .order_by(Decision.decided_on.desc())
        .limit(most)
    )
    return list(session.scalars(days))
