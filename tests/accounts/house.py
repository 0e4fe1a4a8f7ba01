"""The whole application over a store, people who come to it, and browsers that fill in the forms of signing in."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from html import unescape
from typing import Any, Final

import sqlalchemy as sa
from argon2 import PasswordHasher
from dash import Dash
from werkzeug.test import TestResponse

from dashboard.accounts import sign_in_settings
from dashboard.accounts.sessions import StoredSessions, digest
from dashboard.db import Store, now_utc
from dashboard.main import create_app
from dashboard.models import Account, AuditEvent, Cluster, School, WebSession
from dashboard.settings import Settings
from dashboard.vocabulary import Attempt, Role
from tests.accounts.places import Places, settled
from tests.visitors import SETTINGS, Visitor, account

PASSWORD: Final = "correct horse battery"
OTHER: Final = "seven green bottles"
WRONG: Final = "wrong horse battery"

_TOKEN: Final = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
_HEADING: Final = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_SAID: Final = re.compile(
    r'<p class="message[^"]*" role="(?:alert|status)">(.*?)</p>|<li>(?:<a href="#[^"]*">)?([^<]+)'
)
_IMAGE: Final = re.compile(r"<code>([A-Z2-7 -]{32,})</code>")


CHEAP_HASH: Final = {"memory_cost": 64, "time_cost": 1, "parallelism": 1}
"""The cost of a hash in these tests, which hash thousands of times; the real one is in `sign_in_settings.py`."""


REAL_HASH: Final = dict(sign_in_settings.HASH_COST)
"""As it is outside these tests: read before any of them begins."""


@cache
def hashed(password: str) -> str:
    """As the application hashes in these tests."""
    return PasswordHasher(**CHEAP_HASH).hash(password)


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    id: int
    email: str
    unique: str
    secret: str | None = None


class Browser(Visitor):
    """A browser without a screen that reads pages and sends their forms."""

    def fill_in(
        self, path: str, fields: Mapping[str, Any] | None = None, *, at: str | None = None, **options: Any
    ) -> TestResponse:
        """Send a form that stands on the page `at` (else on the page of its own address)."""
        token = _TOKEN.search(self.client.get(at or path, **options).text)
        data = {**(fields or {}), "csrf_token": token[1] if token else ""}
        return self.client.post(path, data=data, **options)

    def sign_in(self, email: str, password: str = PASSWORD, *, next_page: str = "", **options: Any) -> TestResponse:
        path = f"/sign-in?next={next_page}" if next_page else "/sign-in"
        return self.fill_in(path, {"email": email, "password": password}, **options)

    def cookie(self, name: str = "session") -> str | None:
        found = self.client.get_cookie(name, domain="localhost")
        return found.value if found else None

    @property
    def is_in(self) -> bool:
        """Whether the own account opens."""
        return self.client.get("/account").status_code == 200


@dataclass
class House:
    """An application on one of the two databases, with the places of `settled` and whoever is let in."""

    app: Dash
    store: Store
    at: Places
    moment: list[float] = field(default_factory=lambda: [1_700_000_000.0])

    @classmethod
    def over(cls, store: Store, walled: Store, settings: Settings = SETTINGS) -> "House":
        return cls(create_app(walled, settings), store, settled(store))

    def browser(self) -> Browser:
        return Browser(self.app.server.test_client())

    def person(
        self,
        *roles: Role,
        email: str | None = None,
        password: str | None = PASSWORD,
        app: bool = False,
        active: bool = True,
    ) -> Person:
        """An account. With `app`, one whose authenticator app is set up."""
        with self.store.writing() as session:
            cluster, school = session.get_one(Cluster, self.at.mill), session.get_one(School, self.at.mill_school)
            row = account(session, *roles, cluster=cluster, school=school, email=email)
            row.password, row.active = hashed(password) if password else None, active
            if app:
                row.tf_primary_method, row.tf_totp_secret = "authenticator", self._totp.generate_totp_secret()
            session.flush()
            return Person(row.id, row.email, row.fs_uniquifier, row.tf_totp_secret)

    def signed_in(self, person: Person) -> Browser:
        """Somebody who has signed in, without the work of it."""
        return Browser(Visitor.signed_in(self.app, self.store, person.unique).client)

    def session_for(self, person: Person) -> str:
        """Another session of a person, as the server keeps it; gives the token."""
        browser, token = self.signed_in(person), ""
        token = browser.cookie() or ""
        with self.store.writing() as session:
            session.execute(
                sa.update(WebSession).where(WebSession.token_sha256 == digest(token)).values(account_id=person.id)
            )
        return token

    def clock(self, idle: int = 60, longest: int = 12) -> None:
        """Let the sessions go by `moment`; minutes and hours."""
        self.moment[0] = now_utc().timestamp()
        start = now_utc()
        begun = self.moment[0]
        self.app.server.session_interface = StoredSessions(
            self.app.server,
            self.store,
            idle=timedelta(minutes=idle),
            longest=timedelta(hours=longest),
            now=lambda: start + timedelta(seconds=self.moment[0] - begun),
        )

    @property
    def _totp(self) -> Any:
        factory = self.app.server.extensions["security"].totp_factory
        factory._totp.now = staticmethod(lambda: self.moment[0])
        return factory

    def code(self, secret: str, *, steps: int = 0) -> str:
        """What an app shows now, or so many half minutes from now."""
        return str(self._totp._totp.from_source(secret).generate(time=int(self.moment[0]) + 30 * steps).token)

    def code_of_key(self, key: str) -> str:
        """What an app shows into which a key was typed."""
        plain = self._totp._totp(key=key.replace(" ", "").replace("-", ""), format="base32")
        return str(plain.generate(time=int(self.moment[0])).token)

    def later(self, **time: float) -> None:
        self.moment[0] += timedelta(**time).total_seconds()

    def row(self, person: Person) -> Account:
        with self.store.reading() as session:
            row = session.get_one(Account, person.id)
            _ = row.passkeys
            session.expunge_all()
            return row

    def events(self, action: str | None = None) -> Sequence[AuditEvent]:
        with self.store.reading() as session:
            found = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
            session.expunge_all()
            return [each for each in found if action in {None, each.action}]

    def refusals(self) -> list[str | None]:
        """Why somebody was not let in, in turn."""
        return [each.reason for each in self.events() if each.outcome is Attempt.REFUSED]

    def sessions(self) -> int:
        with self.store.reading() as session:
            return session.scalar(sa.select(sa.func.count(WebSession.id))) or 0


def heading(answer: TestResponse) -> str:
    """What a page is called."""
    found = _HEADING.search(answer.text)
    return unescape(found[1].strip()) if found else ""


def said(answer: TestResponse) -> list[str]:
    """What a page tells of what was done or is wrong."""
    main = answer.text.partition('<main id="page"')[2]
    return [unescape(next(part for part in parts if part)).strip() for parts in _SAID.findall(main)]


def shown_key(answer: TestResponse) -> str:
    """The key that a page shows for an authenticator app."""
    found = _IMAGE.search(answer.text)
    assert found, answer.text
    return found[1]


def plain(answer: TestResponse) -> str:
    """A page without what is made anew for each."""
    return re.sub(r'value="[^"]*"', "", answer.text)


def a_token() -> str:
    return secrets.token_urlsafe(32)
