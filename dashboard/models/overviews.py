"""What an account keeps for itself of the overview: the clusters it watches, its views, when it last looked."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.db import Base, UtcTime, now_utc


class WatchedCluster(Base):
    """A cluster that somebody wants to find again. Watching gives no right to see it."""

    __tablename__ = "watched_cluster"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "cluster_id", name="uq_watched_cluster_account_id_cluster_id"),
        sa.Index("ix_watched_cluster_cluster_id", "cluster_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"))
    since: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)


class SavedView(Base):
    """Choices of the overview under a name: what stands behind "?" in its address."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("account_id", "name", name="uq_saved_view_account_id_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(60))
    query: Mapped[str] = mapped_column(sa.String(1000))
    saved_at: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)


class OverviewVisit(Base):
    """When an account last looked at the overview, and when it had looked before that: changes are told from there."""

    __tablename__ = "overview_visit"
    __table_args__ = (sa.UniqueConstraint("account_id", name="uq_overview_visit_account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime] = mapped_column(UtcTime)
    before_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """The end of the visit before this one; None while there was none."""
