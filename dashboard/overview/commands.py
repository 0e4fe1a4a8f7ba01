"""Writes of what an account keeps of the overview. A view's name is the person's own: no event holds it."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import Scope
from dashboard.audit import Actor
from dashboard.db import now_utc
from dashboard.models import OverviewVisit, SavedView, WatchedCluster
from dashboard.overview.filters import Filters
from dashboard.overview.queries import ONE_VISIT, find_watchable

LONGEST_NAME: Final = 60
LONGEST_QUERY: Final = 1000
MOST_VIEWS: Final = 50
NOTED_EVERY: Final = timedelta(minutes=5)
"""A visit that goes on is written down no more often than this."""


class NeedsAccount(Exception):
    """Whoever looks around has no account that could keep anything."""


class NotThere(Exception):
    """The cluster or the view is not there, or not the writer's."""


class ViewRefused(Exception):
    """A view cannot be saved. The text says what is wrong and what to do."""


class OwnOverview:
    """What one account keeps of the overview, within one transaction."""

    def __init__(self, session: Session, actor: Actor, scope: Scope) -> None:
        if actor.account_id is None:
            raise NeedsAccount
        self._session, self._actor, self._scope, self._account_id = session, actor, scope, actor.account_id

    def watch(self, slug: str, *, wanted: bool) -> None:
        """Watch a cluster that the account may see, or no longer. What is so already stays so."""
        cluster_id = find_watchable(self._session, self._scope, slug)
        if cluster_id is None:
            raise NotThere
        mine = sa.select(WatchedCluster).where(
            WatchedCluster.account_id == self._account_id, WatchedCluster.cluster_id == cluster_id
        )
        row = self._session.scalar(mine)
        if (row is not None) == wanted:
            return
        if row is None:
            self._session.add(WatchedCluster(account_id=self._account_id, cluster_id=cluster_id))
        else:
            self._session.delete(row)
        action = "watch" if wanted else "stop watching"
        audit.record(self._session, self._actor, action, "watched cluster", cluster_id)

    def save(self, name: str, query: str) -> int:
        """Keep the choices of an overview under a name; gives the number of the view.

        Raises ViewRefused where the name is missing, too long or taken, or there are too many.
        """
        held = self._session.scalar(
            sa.select(sa.func.count(SavedView.id)).where(SavedView.account_id == self._account_id)
        )
        if held is not None and held >= MOST_VIEWS:
            raise ViewRefused(f"You have {MOST_VIEWS} views, and more are not kept; remove one first.")
        row = SavedView(account_id=self._account_id, name=self._name(name), query=_choices(query))
        self._session.add(row)
        self._session.flush()
        self._tell("save", row.id)
        return row.id

    def rename(self, view_id: int, name: str) -> None:
        """Give a view another name."""
        row = self._view(view_id)
        row.name = self._name(name, besides=view_id)
        self._tell("rename", view_id)

    def replace(self, view_id: int, query: str) -> None:
        """Keep other choices under the name of a view."""
        row = self._view(view_id)
        row.query, row.saved_at = _choices(query), now_utc()
        self._tell("replace", view_id)

    def remove(self, view_id: int) -> None:
        """Keep a view no longer."""
        self._session.delete(self._view(view_id))
        self._tell("remove", view_id)

    def _view(self, view_id: int) -> SavedView:
        row = self._session.scalar(
            sa.select(SavedView)
            .where(SavedView.id == view_id, SavedView.account_id == self._account_id)
            .with_for_update()
        )
        if row is None:
            raise NotThere
        return row

    def _name(self, written: str, besides: int | None = None) -> str:
        name = " ".join(written.split())
        if not name or not name.isprintable():
            raise ViewRefused("Give the view a name, such as “Wiltshire, needs action”.")
        if len(name) > LONGEST_NAME:
            raise ViewRefused(f"The name has {len(name)} letters; use at most {LONGEST_NAME}.")
        others = self._session.execute(
            sa.select(SavedView.id, SavedView.name).where(SavedView.account_id == self._account_id)
        )
        if any(other.casefold() == name.casefold() for number, other in others if number != besides):
            raise ViewRefused(f"You have a view called “{name}” already; give this one another name, or replace that.")
        return name

    def _tell(self, action: str, view_id: int) -> None:
        audit.record(self._session, self._actor, action, "saved view", view_id)


def _choices(query: str) -> str:
    """The choices of a query string and nothing else that may stand in it."""
    written = Filters.read(dict(parse_qsl(query.removeprefix("?")))).query()
    if len(written) > LONGEST_QUERY:
        raise ViewRefused("So many long choices cannot be kept as one view; choose fewer.")
    return written


def is_to_be_noted(seen_at: datetime | None, now: datetime) -> bool:
    """Whether a look must be written down, given the last one that was."""
    return seen_at is None or now - seen_at >= NOTED_EVERY


def note_visit(session: Session, account_id: int, now: datetime) -> None:
    """Write down that an account looks at the overview; looks within half an hour are one visit.

    It is no event of the record: nothing of any cluster changes, and it would tell when somebody works.
    """
    row = session.scalar(sa.select(OverviewVisit).where(OverviewVisit.account_id == account_id).with_for_update())
    if row is None:
        try:
            with session.begin_nested():
                session.add(OverviewVisit(account_id=account_id, seen_at=now))
        except IntegrityError:
            pass  # the same account looked in another window at the same moment, and that is noted
        return
    if not is_to_be_noted(row.seen_at, now):
        return
    if now - row.seen_at > ONE_VISIT:
        row.before_at = row.seen_at
    row.seen_at = now
