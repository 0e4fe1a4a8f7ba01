"""Links that open one cluster's screen on a meeting room's computer: made, found, revoked.

Whoever has the link has the screen, so the store keeps only its digest, and it is shown once.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import Scope, visible_clusters
from dashboard.accounts.queries import is_open
from dashboard.audit import Actor
from dashboard.changes import Outcome
from dashboard.db import now_utc
from dashboard.models import Cluster, ScreenLink, WebSession

USUAL_DAYS: Final = 90
MOST_DAYS: Final = 366
"""A link that nobody remembers should not outlive the year's steering group."""
LONGEST_LABEL: Final = 100
_TOUCHED_EVERY: Final = timedelta(minutes=5)


class LinkRefused(Exception):
    """A screen link cannot be made or revoked; the text says why, and is the same for "not there" and "not yours"."""


class ScreenLinks:
    """The screen links, for one actor, within one transaction. `outcome` tells what became of the last call."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session, self._actor = session, actor
        self.outcome = Outcome.UNCHANGED

    def add(
        self, cluster_slug: str, *, scope: Scope, label: str | None = None, days: int = USUAL_DAYS
    ) -> tuple[ScreenLink, str]:
        """Make a link for a cluster of the scope. The token is given back once and stored nowhere."""
        said = _check_label(label)
        if not 1 <= days <= MOST_DAYS:
            raise LinkRefused(f"A link lasts from 1 to {MOST_DAYS} days, not {days}.")
        cluster_id = self._session.scalar(
            sa.select(Cluster.id).where(Cluster.slug == cluster_slug, Cluster.id.in_(visible_clusters(scope)))
        )
        if cluster_id is None:
            raise LinkRefused(f"There is no cluster “{cluster_slug}”.")
        token, now = secrets.token_urlsafe(32), now_utc()
        link = ScreenLink(
            cluster_id=cluster_id, token_sha256=_digest(token), label=said, created_at=now,
            created_by_id=self._actor.account_id, expires_at=now + timedelta(days=days),
        )  # fmt: skip
        self._session.add(link)
        self._session.flush()
        self._tell("add", link, None, "open")
        return link, token

    def revoke(self, link_id: int, *, scope: Scope, reason: str | None = None) -> ScreenLink:
        """Close a link of a cluster of the scope; the screens it opened go dark at once."""
        link = self._session.scalar(
            sa.select(ScreenLink).where(ScreenLink.id == link_id, ScreenLink.cluster_id.in_(visible_clusters(scope)))
        )
        if link is None:
            raise LinkRefused(f"There is no screen link {link_id}.")
        if link.revoked_at is not None:
            self.outcome = Outcome.UNCHANGED
            return link
        link.revoked_at = now_utc()
        self._session.execute(sa.delete(WebSession).where(WebSession.screen_link_id == link.id))
        self._tell("revoke", link, "open", "revoked", reason)
        return link

    def open(self, token: str, now: datetime) -> ScreenLink | None:
        """The link of a token, if it opens its screen, with a note that it was used; None otherwise."""
        link = find_link(self._session, token, now)
        if link is not None:
            link.last_used_at = now
            self._tell("open", link, None, None)
        return link

    def _tell(
        self, action: str, link: ScreenLink, before: str | None, after: str | None, reason: str | None = None
    ) -> None:
        expires = audit.quote(link, {"expires_at": link.expires_at})
        audit.record(
            self._session, self._actor, action, "screen link", link.id, cluster_id=link.cluster_id, reason=reason,
            before={"state": before, **expires} if before else None,
            after={"state": after, **expires} if after else None,
        )  # fmt: skip
        self.outcome = Outcome.CHANGED


def find_link(session: Session, token: str, now: datetime) -> ScreenLink | None:
    """The open link of a token. Looked up by digest: how long it takes tells nothing of a token that is near."""
    return session.scalar(sa.select(ScreenLink).where(ScreenLink.token_sha256 == _digest(token), is_open(now)))


def find_closed_link(session: Session, token: str, now: datetime) -> int | None:
    """The number of the link of a token that opened a screen once and does so no more."""
    return session.scalar(
        sa.select(ScreenLink.id).where(ScreenLink.token_sha256 == _digest(token), sa.not_(is_open(now)))
    )


def touch(session: Session, link_id: int, now: datetime) -> None:
    """Note that a screen is still looked at: no more often than every few minutes, because each note is a write."""
    session.execute(
        sa.update(ScreenLink)
        .where(
            ScreenLink.id == link_id,
            sa.or_(ScreenLink.last_used_at.is_(None), ScreenLink.last_used_at < now - _TOUCHED_EVERY),
        )
        .values(last_used_at=now)
    )


def _check_label(text: str | None) -> str | None:
    label = " ".join((text or "").split())
    if len(label) > LONGEST_LABEL:
        raise LinkRefused(f"The label has {len(label)} letters; at most {LONGEST_LABEL} are kept.")
    if not label.isprintable():
        raise LinkRefused("The label holds something that is not a letter.")
    return label or None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
