"""Secret addresses under which a calendar program reads the meetings that an account may see: made, found, revoked.

Whoever has the address reads what the account may see, so the store keeps only its digest, and it is shown once. What
it shows is decided anew each time it is read, by the roles that the account has then.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import Reader
from dashboard.accounts.queries import load_reader
from dashboard.accounts.sessions import digest
from dashboard.audit import Actor
from dashboard.db import now_utc
from dashboard.models import Account, FeedLink

LONGEST_LABEL: Final = 100
MOST_OPEN: Final = 10
"""Addresses of one account: a phone, a computer, a calendar on the web, and some to spare."""
_TOUCHED_EVERY: Final = timedelta(minutes=5)


class FeedRefused(Exception):
    """A calendar address cannot be made or revoked; the text says why, the same for "not there" and "not yours"."""


@dataclass(frozen=True)
class FeedRow:
    """One address of an account, as its page lists it."""

    id: int
    label: str | None
    created_at: datetime
    last_read_at: datetime | None
    revoked_at: datetime | None


class FeedLinks:
    """The calendar addresses of one account, which is the actor, within one transaction."""

    def __init__(self, session: Session, actor: Actor) -> None:
        if actor.account_id is None:
            raise FeedRefused("Only somebody with an account has a calendar address.")
        self._session, self._actor, self._account_id = session, actor, actor.account_id

    def add(self, label: str | None = None) -> str:
        """Make an address. Its token is given back once and stored nowhere."""
        said = _check_label(label)
        is_open = sa.and_(FeedLink.account_id == self._account_id, FeedLink.revoked_at.is_(None))
        if self._session.scalars(sa.select(sa.func.count(FeedLink.id)).where(is_open)).one() >= MOST_OPEN:
            raise FeedRefused(f"You have {MOST_OPEN} addresses already; revoke one that you do not use.")
        token = secrets.token_urlsafe(32)
        link = FeedLink(
            account_id=self._account_id, token_sha256=digest(token), label=said, created_at=now_utc()
        )  # fmt: skip
        self._session.add(link)
        self._session.flush()
        audit.record(self._session, self._actor, "add", "feed link", link.id, after={"state": "open"})
        return token

    def revoke(self, link_id: int) -> None:
        """Close an own address for good: calendar programs find nothing there any more."""
        link = self._session.scalar(
            sa.select(FeedLink).where(FeedLink.id == link_id, FeedLink.account_id == self._account_id)
        )
        if link is None:
            raise FeedRefused(f"There is no calendar address {link_id}.")
        if link.revoked_at is not None:
            return
        link.revoked_at = now_utc()
        audit.record(
            self._session, self._actor, "revoke", "feed link", link.id,
            before={"state": "open"}, after={"state": "revoked"},
        )  # fmt: skip


def load_feed_links(session: Session, account_id: int) -> list[FeedRow]:
    """The addresses of one account, the newest first."""
    rows = session.execute(
        sa.select(
            FeedLink.id, FeedLink.label, FeedLink.created_at, FeedLink.last_read_at, FeedLink.revoked_at
        )
        .where(FeedLink.account_id == account_id)
        .order_by(FeedLink.id.desc())
    )  # fmt: skip
    return [FeedRow(*row) for row in rows]


def find_feed(session: Session, token: str) -> tuple[int, Reader] | None:
    """The number of the address of a token and the reader it stands for, with the roles held now.

    None for a token that nobody made or that was revoked, and for an account that is disabled. Looked up by digest: how
    long it takes tells nothing of a token that is near.
    """
    found = session.execute(
        sa.select(FeedLink.id, Account.fs_uniquifier)
        .join(Account, Account.id == FeedLink.account_id)
        .where(FeedLink.token_sha256 == digest(token), FeedLink.revoked_at.is_(None))
    ).one_or_none()
    reader = load_reader(session, found.fs_uniquifier) if found else None
    return (found.id, reader) if found and reader else None


def touch_feed(session: Session, link_id: int, now: datetime) -> None:
    """Note that an address was read: no more often than every few minutes, because each note is a write."""
    session.execute(
        sa.update(FeedLink)
        .where(
            FeedLink.id == link_id,
            sa.or_(FeedLink.last_read_at.is_(None), FeedLink.last_read_at < now - _TOUCHED_EVERY),
        )
        .values(last_read_at=now)
    )


def _check_label(text: str | None) -> str | None:
    label = " ".join((text or "").split())
    if len(label) > LONGEST_LABEL:
        raise FeedRefused(f"The label has {len(label)} letters; at most {LONGEST_LABEL} are kept.")
    if not label.isprintable():
        raise FeedRefused("The label holds something that is not a letter.")
    return label or None
