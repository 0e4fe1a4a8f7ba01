"""Sessions on the server: the cookie holds a random token, the store its digest, so that a session ends when we say so.

Flask-Session brings the session itself and when it is stored; its own backend for SQLAlchemy wants an engine of its own
and keeps tokens as they are, so the few lines that read and write a row stand here.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, cast

import flask
import sqlalchemy as sa
from flask.json.tag import TaggedJSONSerializer
from flask_session.base import ServerSideSession, ServerSideSessionInterface
from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from dashboard.db import Session, Store, now_utc
from dashboard.models import Account, WebSession
from dashboard.web.limits import site

log = logging.getLogger(__name__)

LINK: Final = "screen_link"
"""The key under which a session opened by a screen link keeps the number of the link."""
HALF_WAY: Final = "half_way"
"""The key under which a session between password and second factor keeps the moment of the password, and what the
account was then."""
HALF_WAY_LASTS: Final = timedelta(minutes=10)
"""Long enough to fetch a phone, or to set up its app for the first time."""
_HALF_WAY_OF: Final = "tf_user_id"
"""The key under which Flask-Security keeps who gave a password and no second factor yet. No step works without it."""
_IN: Final = "_user_id"
"""The key under which Flask-Login keeps who is signed in."""
_ENDS_AT: Final = "ends at"
"""The key under which what was read says when the session ends; taken out before anybody sees the session."""
_NO_SESSION: Final = ("/_dash-component-suites/", "/assets/", "/bootstrap/", "/healthz", "/readyz")
"""Files and health answers are the same for everybody: no session is looked up for them."""
_TOUCHED_EVERY: Final = timedelta(minutes=1)
_SCREEN_IS_MISSED: Final = timedelta(days=31)
"""A screen that nobody looked at for so long opens its link again: its browser was closed long ago."""
_BEGUN_BY_NOBODY: Final = "600 per minute; 3000 per hour"
"""How many sessions may be begun from one place by those who brought none: each is a row. Past it the pages are still
shown; only their forms are refused."""
_SERIALIZER: Final = TaggedJSONSerializer()


class StoredSession(ServerSideSession):  # type: ignore[misc]
    """A session that knows where it came from."""

    found: bool = False
    """Whether the store holds it. Once it was ended there, nothing brings it back."""
    given_up: tuple[str, ...] = ()
    """The tokens it had before, which must not open it any more."""
    ends_at: datetime | None = None
    """When it ends whatever is done; None for one that has just begun, or goes by its link alone."""


class StoredSessions(ServerSideSessionInterface):  # type: ignore[misc]
    """Sessions as rows of `web_session`. `idle` and `longest` end one by itself; a screen link ends with the link."""

    session_class = StoredSession

    def __init__(
        self,
        server: flask.Flask,
        store: Store,
        *,
        idle: timedelta,
        longest: timedelta,
        now: Callable[[], datetime] = now_utc,
    ) -> None:
        super().__init__(server, key_prefix="", permanent=True)
        self._store, self._idle, self._longest, self._now = store, idle, longest, now
        self._begun, self._may_begin = FixedWindowRateLimiter(MemoryStorage()), parse_many(_BEGUN_BY_NOBODY)

    def get_cookie_name(self, app: flask.Flask) -> str:
        """`__Host-` ties the cookie to this host and to HTTPS; a browser takes it over HTTPS only."""
        return "__Host-session" if flask.request.is_secure else "session"

    def get_cookie_secure(self, app: flask.Flask) -> bool:
        """As secure as the connection it comes over; without HTTPS only on this computer."""
        return flask.request.is_secure

    def get_cookie_httponly(self, app: flask.Flask) -> bool:
        """No script reads it."""
        return True

    def get_cookie_samesite(self, app: flask.Flask) -> str:
        """Sent with a link from elsewhere, which single sign-on needs, but with no form or script from elsewhere."""
        return "Lax"

    def open_session(self, app: flask.Flask, request: flask.Request) -> StoredSession:
        """The session of a request's cookie, or a new one; a token that we did not give is never taken over."""
        token = None if request.path.startswith(_NO_SESSION) else request.cookies.get(self.get_cookie_name(app))
        try:
            data = self._retrieve_session_data(token) if token else None
        except SQLAlchemyError:
            log.exception("the store cannot be reached")  # whoever needs the session will say so to the reader
            data = None
        if token is None or data is None:
            return StoredSession(sid=self._generate_sid(self.sid_length), permanent=self.permanent)
        ends_at = data.pop(_ENDS_AT, None)
        session = StoredSession(data, sid=token)
        session.found, session.ends_at = True, ends_at
        return session

    def save_session(self, app: flask.Flask, session: Any, response: flask.Response) -> None:
        """Store what changed. One that was emptied goes, under every token it had."""
        if not session and session.given_up:
            self._delete_session(session.given_up[0])
        if session and session.modified and _is_begun_by_nobody(session) and self._too_many_begun():
            return
        super().save_session(app, session, response)

    def should_set_storage(self, app: flask.Flask, session: ServerSideSession) -> bool:
        """Only what changed is stored: reading a page writes nothing."""
        return bool(session.modified)

    def should_set_cookie(self, app: flask.Flask, session: Any) -> bool:
        """The cookie goes out when the session is stored; it lasts as long as the browser is open."""
        return bool(session.modified)

    def get_expiration_time(self, app: flask.Flask, session: Any) -> None:
        """None: the cookie goes with the browser's window, the row when its time is up."""
        return

    def regenerate(self, session: Any) -> None:
        """Give a session another token; the old one opens nothing from now on."""
        stored = cast(StoredSession, session)
        if stored.found:
            stored.given_up = (stored.sid,)
        stored.found = False
        stored.sid = self._generate_sid(self.sid_length)
        stored.modified = True

    def go_half_way(self, session: Any, kept: tuple[str, ...], account_as_it_is: str) -> None:
        """A password was right, and a second factor is wanted: nothing of the session before is left but what is
        `kept`, neither its token nor the screen that it opened.
        """
        left = {name: session[name] for name in kept if name in session}
        session.clear()
        session.update(left)
        session[HALF_WAY] = {"since": self._now().timestamp(), "account": account_as_it_is}
        self.regenerate(session)

    def _too_many_begun(self) -> bool:
        counted = [self._begun.hit(rate, site()) for rate in self._may_begin]  # by each of them
        return not all(counted)

    def _retrieve_session_data(self, store_id: str) -> dict[str, Any] | None:
        with self._store.reading() as session:
            row = session.scalar(sa.select(WebSession).where(_is(store_id)))
            if row is None:
                return None
            data: dict[str, Any] = _SERIALIZER.loads(row.data.decode())
            if _ends_by_itself(data):
                if self._is_over(row):
                    return None
                data[_ENDS_AT] = row.created_at + self._longest
            seen = row.last_seen_at
        if _HALF_WAY_OF in data and self._took_too_long(data):
            del data[_HALF_WAY_OF]
        if self._now() - seen > _TOUCHED_EVERY:
            self._touch(store_id, self._now())
        return data

    def _is_over(self, row: WebSession) -> bool:
        now = self._now()
        return now - row.last_seen_at > self._idle or now - row.created_at > self._longest

    def _took_too_long(self, data: dict[str, Any]) -> bool:
        """Whether the password was given too long ago for the second factor to follow; coming back does not help."""
        since: float = data.get(HALF_WAY, {}).get("since", 0)
        return self._now().timestamp() - since > HALF_WAY_LASTS.total_seconds()

    def _touch(self, token: str, now: datetime) -> None:
        """Note that somebody is still there; not worth waiting for while an import holds the store."""
        try:
            with self._store.writing(patience=timedelta(milliseconds=200)) as session:
                session.execute(sa.update(WebSession).where(_is(token)).values(last_seen_at=now))
        except OperationalError:
            return

    def _upsert_session(self, session_lifetime: timedelta, session: ServerSideSession, store_id: str) -> None:
        stored = cast(StoredSession, session)
        with self._store.writing() as writing:
            values = {
                "account_id": _account_of(writing, stored),
                "screen_link_id": stored.get(LINK),
                "data": _SERIALIZER.dumps(dict(stored)).encode(),
                "last_seen_at": self._now(),
                "user_agent": (flask.request.user_agent.string or "")[:200] or None,
            }
            if stored.found:  # if it was ended a moment ago, no row is left to be changed
                writing.execute(sa.update(WebSession).where(_is(store_id)).values(**values))
            else:
                self._take_out(writing, stored.given_up)
                self._take_out_ended(writing)
                writing.add(WebSession(token_sha256=digest(store_id), created_at=self._now(), **values))
        stored.found, stored.given_up = True, ()

    def _delete_session(self, store_id: str) -> None:
        with self._store.writing() as writing:
            self._take_out(writing, (store_id,))

    def _take_out(self, writing: Session, tokens: tuple[str, ...]) -> None:
        for token in tokens:
            writing.execute(sa.delete(WebSession).where(_is(token)))

    def _take_out_ended(self, writing: Session) -> None:
        """Sessions nobody came back to; those of nobody soon, because anybody can begin as many as they like."""
        now, seen = self._now(), WebSession.last_seen_at
        of_nobody = sa.and_(WebSession.account_id.is_(None), WebSession.screen_link_id.is_(None))
        of_screens = WebSession.screen_link_id.is_not(None)
        writing.execute(
            sa.delete(WebSession).where(
                seen < now - min(self._idle, self._longest),  # for the index; which of them is said below
                sa.or_(
                    sa.and_(of_nobody, seen < now - self._idle),
                    sa.and_(of_screens, seen < now - _SCREEN_IS_MISSED),
                    sa.and_(~of_screens, seen < now - self._longest),
                ),
            )
        )


def digest(token: str) -> str:
    """What the store holds of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _is(token: str) -> sa.ColumnElement[bool]:
    return WebSession.token_sha256 == digest(token)


def _ends_by_itself(data: dict[str, Any]) -> bool:
    """A meeting's screen stays open as long as its link; a person who signed in there, or began to, does not."""
    return LINK not in data or _IN in data or _HALF_WAY_OF in data


def _is_begun_by_nobody(session: StoredSession) -> bool:
    """Whether it would be another row of somebody who has not signed in and brought no session that it replaces."""
    return not session.found and not session.given_up and _IN not in session


def _account_of(writing: Session, session: StoredSession) -> int | None:
    unique = session.get(_IN)
    return writing.scalar(sa.select(Account.id).where(Account.fs_uniquifier == unique)) if unique else None
