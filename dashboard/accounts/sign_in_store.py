"""The accounts as Flask-Security reads and writes them: within one transaction for each request, with their events."""

from typing import Any, ClassVar, Final

import flask
import sqlalchemy as sa
from flask import g, request
from flask_security import SQLAlchemyUserDatastore, UserMixin
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.audit import Actor
from dashboard.models import Account, Passkey
from dashboard.vocabulary import Attempt
from dashboard.web.context import origin, the_store

_GROUND: Final = "security_session"
_WRITES_WHEN_ASKED: Final = frozenset({"security.oauthresponse"})
"""Endpoints that sign somebody in although they are only asked for."""


class SecurityAccount(Account, UserMixin):  # type: ignore[misc]
    """An account as Flask-Security knows it. Roles are ours alone: to Flask-Security nobody has any."""

    roles: ClassVar[Any] = ()
    tf_phone_number: ClassVar[Any] = None

    @property
    def webauthn(self) -> list[Passkey]:
        """The account's passkeys."""
        return self.passkeys

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """A second factor is asked of everybody who has one, and of those whose role must have one (SECOND_FACTOR)."""
        return bool(tf_setup_methods) or self.check_tf_required_setup(), tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        """Whether one of the roles must have a second factor."""
        required: frozenset[str] = flask.current_app.config["SECOND_FACTOR_ROLES"]
        return any(grant.role in required for grant in self.grants)

    def track_failed_authn(self, auth_type: str, tfa: bool = False) -> None:
        """A wrong password or code."""
        tell_refusal(f"wrong {auth_type}", self)


class _Transactions:
    """What Flask-Security calls a database: one session for each request, begun when it is first asked for."""

    @property
    def session(self) -> Session:
        if _GROUND not in g:
            begin = "IMMEDIATE" if _may_write() else "DEFERRED"
            connection = the_store().engine.connect().execution_options(sqlite_begin=begin)
            g.setdefault(_GROUND, Session(connection))
        session: Session = g.get(_GROUND)
        return session


class Accounts(SQLAlchemyUserDatastore):  # type: ignore[misc]
    """The accounts, each held while a request may change it: a code that two requests bring is taken once."""

    def __init__(self) -> None:
        super().__init__(_Transactions(), SecurityAccount, object, Passkey)

    def find_user(self, case_insensitive: bool = False, **sought: Any) -> SecurityAccount | None:
        """The account of which one column holds a value. Addresses are in lower case on both sides."""
        query = sa.select(SecurityAccount).filter_by(**sought)
        if _may_write():
            query = query.with_for_update(key_share=True)  # a session may still refer to it
        found: SecurityAccount | None = self.db.session.scalar(query)
        return found

    def find_user_from_webauthn(self, webauthn: Passkey) -> SecurityAccount | None:
        """Whose passkey it is."""
        return self.find_user(id=webauthn.user_id)

    def mf_set_recovery_codes(self, user: SecurityAccount, rcs: list[str] | None) -> None:
        """Put other recovery codes in place of those there are."""
        super().mf_set_recovery_codes(user, rcs)
        tell("make recovery codes", user)

    def mf_delete_recovery_code(self, user: SecurityAccount, idx: int) -> bool:
        """Take out a code that was used: as another list, because the store does not look into the one it gave."""
        codes = self.mf_get_recovery_codes(user)
        user.mf_recovery_codes = [code for number, code in enumerate(codes) if number != idx]
        return len(codes) > idx


def _may_write() -> bool:
    return request.method not in {"GET", "HEAD"} or request.endpoint in _WRITES_WHEN_ASKED


def the_transaction() -> Session:
    """The session of this request."""
    session: Session = flask.current_app.extensions["security"].datastore.db.session
    return session


def end_transaction(response: flask.Response) -> flask.Response:
    """Nothing may still hold the store when the browser's session is stored."""
    close_transaction()
    return response


def open_transaction() -> Session | None:
    """The transaction of this request, if one was begun: whoever holds a connection must not wait for another."""
    session: Session | None = g.get(_GROUND)
    return session


def close_transaction(_error: BaseException | None = None) -> None:
    """Throw away what was not stored."""
    session: Session | None = g.pop(_GROUND, None)
    if session is not None:
        session.close()
        session.get_bind().close()  # type: ignore[union-attr]


def tell(action: str, user: SecurityAccount | None, outcome: Attempt = Attempt.DONE, reason: str | None = None) -> None:
    """An event about an account, in the same transaction as what it tells of."""
    actor = Actor(_known_as(user), origin(), user.id if user else None)
    number = user.id if user else None
    audit.record(the_transaction(), actor, action, "account", number, outcome=outcome, reason=reason)


def tell_refusal(reason: str, user: SecurityAccount | None = None, action: str = "sign in") -> None:
    """Somebody was not let in: kept although nothing else of the request is.

    An address without an account is written down too, without the address: else it would be answered sooner.
    """
    tell(action, user, Attempt.REFUSED, reason)
    the_transaction().commit()


def _known_as(user: SecurityAccount | None) -> str:
    if user is None:
        return "nobody signed in"
    return ", ".join(dict.fromkeys(grant.role for grant in user.grants)) or "no role"
