"""Whoever comes to the application in a test: nobody, somebody who looks around, or a person with an account."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any, Final, Self

from dash import Dash
from flask.json.tag import TaggedJSONSerializer
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from dashboard.accounts.sessions import LINK, digest
from dashboard.db import Store, now_utc
from dashboard.models import Account, AccountGrant, Cluster, Programme, School, ScreenLink, WebSession
from dashboard.settings import Settings
from dashboard.vocabulary import Role

SETTINGS: Final = Settings(secret_key="a secret for tests, long enough to sign with")
CALLBACK: Final = "/_dash-update-component"
DISPLAY: Final = {"theme": "light", "narrow": False}
OUTPUTS: Final = (("page", "children"), ("window-title", "data"), ("shell", "className"))
_TOKEN: Final = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
_OF_A_CLUSTER: Final = {Role.COORDINATOR, Role.STEERING, Role.BURSAR}
_numbers = count(1)


def account(
    session: Session,
    *roles: Role,
    programme: Programme | None = None,
    cluster: Cluster | None = None,
    school: School | None = None,
    email: str | None = None,
) -> Account:
    """A person who can sign in, with roles at the given places."""
    number = next(_numbers)
    row = Account(email=email or f"person{number}@example.org", fs_uniquifier=secrets.token_hex(16))
    row.fs_webauthn_user_handle = secrets.token_hex(16)
    for role in roles:
        row.grants.append(
            AccountGrant(
                role=role,
                programme_id=programme.id if programme and role in {Role.DIRECTOR, Role.ADVISOR} else None,
                cluster_id=cluster.id if cluster and role in _OF_A_CLUSTER else None,
                school_id=school.id if school and role is Role.HEADTEACHER else None,
            )
        )
    session.add(row)
    session.flush()
    return row


def screen_link(session: Session, of: Cluster, *, days: int = 30) -> ScreenLink:
    row = ScreenLink(cluster_id=of.id, token_sha256=digest(secrets.token_hex(8)), created_at=now_utc())
    row.expires_at = now_utc() + timedelta(days=days)
    session.add(row)
    session.flush()
    return row


@dataclass
class Visitor:
    """A browser without a screen: asks for pages and callbacks the way Dash's script does."""

    client: FlaskClient

    @classmethod
    def nobody(cls, app: Dash) -> Self:
        """Somebody who has not signed in."""
        return cls(app.server.test_client())

    @classmethod
    def of_session(cls, app: Dash, store: Store, **data: Any) -> Self:
        """Somebody whose session holds this."""
        token = secrets.token_urlsafe(16)
        with store.writing() as session:
            session.add(
                WebSession(
                    token_sha256=digest(token),
                    screen_link_id=data.get(LINK),
                    data=TaggedJSONSerializer().dumps({"_permanent": True, **data}).encode(),
                )
            )
        visitor = cls.nobody(app)
        visitor.client.set_cookie("session", token, domain="localhost")
        return visitor

    @property
    def session(self) -> str:
        """The cookie that makes a browser this visitor."""
        cookie = self.client.get_cookie("session")
        assert cookie is not None
        return cookie.value

    @classmethod
    def signed_in(cls, app: Dash, store: Store, unique: str) -> Self:
        """The person of an account, by its `fs_uniquifier`."""
        return cls.of_session(app, store, _user_id=unique, _fresh=True, fs_paa=now_utc().timestamp())

    @classmethod
    def by_link(cls, app: Dash, store: Store, link_id: int) -> Self:
        """The computer of a meeting room."""
        return cls.of_session(app, store, **{LINK: link_id})

    @classmethod
    def guest(cls, app: Dash, role: Role = Role.DIRECTOR) -> Self:
        """Somebody who looks around, while nobody has an account."""
        visitor = cls.nobody(app)
        answer = visitor.post("/look-around", {"role": role, "next": "/"}, page="/sign-in")
        assert answer.status_code == 303, answer.text
        return visitor

    def get(self, path: str, **options: Any) -> TestResponse:
        """A page or file."""
        return self.client.get(path, **options)

    def token(self, page: str = "/account") -> str:
        """The token that forms of this session carry."""
        found = _TOKEN.search(self.get(page).text)
        return found[1] if found else "none"

    def post(self, path: str, form: Mapping[str, Any], *, page: str = "/account") -> TestResponse:
        """A form of a page, sent."""
        return self.client.post(path, data={**form, "csrf_token": self.token(page)})

    def ask(self, path: str, search: str = "", display: object = DISPLAY, **headers: str) -> TestResponse:
        """What the server's page callback answers to an address."""
        return self.call(body_of(path, search, display), **headers)

    def call(self, body: object, **headers: str) -> TestResponse:
        """A callback with any body."""
        return self.client.post(
            CALLBACK, headers={"Sec-Fetch-Site": "same-origin", "X-CSRFToken": self.token(), **headers}, json=body
        )

    def show(self, path: str, search: str = "", display: object = DISPLAY) -> Any:
        """The content of a page that is there."""
        answer = self.ask(path, search, display)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.data)["response"]


def body_of(path: object, search: object = "", display: object = DISPLAY) -> dict[str, Any]:
    """What the browser sends when it asks for a page."""
    inputs = [("address", "pathname", path), ("address", "search", search), ("display", "data", display)]
    return {
        "output": f"..{'...'.join(f'{each}.{name}' for each, name in OUTPUTS)}..",
        "outputs": [{"id": each, "property": name} for each, name in OUTPUTS],
        "inputs": [{"id": each, "property": name, "value": value} for each, name, value in inputs],
        "changedPropIds": ["address.pathname"],
    }
