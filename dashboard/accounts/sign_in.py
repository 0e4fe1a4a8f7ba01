"""Sign-in, by Flask-Security: passwords, second factors, new passwords by a one-time link, single sign-on.

Here it is put together, what of it is not offered is closed, and what it did is told to the audit. Its pages are in
`templates/security`.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import flask
import flask_security
import sqlalchemy as sa
from flask import g, request, session
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out
from flask_login.utils import _user_context_processor
from flask_security import Security
from flask_security.recoverable import generate_reset_password_token
from flask_security.tf_plugin import tf_clean_session
from flask_security.utils import do_flash, get_message

from dashboard.accounts import sign_in_forms as forms
from dashboard.accounts.first_start import LOOK_AROUND, look_around_choices, may_look_around, nobody_yet
from dashboard.accounts.mail import Mail
from dashboard.accounts.one_time_codes import OnceOnly
from dashboard.accounts.passwords import Passwords
from dashboard.accounts.readers import find_reader
from dashboard.accounts.sessions import HALF_WAY, LINK, digest
from dashboard.accounts.sign_in_settings import security_settings
from dashboard.accounts.sign_in_store import (
    Accounts,
    SecurityAccount,
    close_transaction,
    end_transaction,
    tell,
    the_transaction,
)
from dashboard.accounts.single_sign_on import add_single_sign_on
from dashboard.db import Store, now_utc
from dashboard.models import Account, WebSession
from dashboard.settings import Settings
from dashboard.web.context import let_in, set_store, the_store
from dashboard.wording import day

_CLOSED: Final = frozenset({
    "security.two_factor_rescue",  # by mail; who lost everything asks an administrator
    "security.two_factor_setup_validate",  # with the secret of the app in the address
    "security.oauth_verify_start",  # the other site may let in whoever sits at the open browser
    "security.oauth_verify_response",
})  # fmt: skip
"""Addresses that Flask-Security brings and that are not used: there is nothing there."""

_WITH_MENU: Final = frozenset({"security.two_factor_setup", "security.two_factor_token_validation"})
"""Public addresses, because they are part of signing in, that are also used by those who are signed in."""

_BETWEEN: Final = _WITH_MENU | {
    "security.tf_select",
    "security.mf_recovery",
    "security.wan_signin",
    "security.wan_signin_response",
}
"""The steps between password and second factor."""

_STATE: Final = ("tf_user_id", "tf_state", "tf_select", "tf_primary_method", "tf_totp_secret")
"""What Flask-Security keeps in the session from one of these steps to the next."""

_BY: Final[Mapping[str, str]] = {
    "security.login": "password",
    "security.two_factor_token_validation": "code",
    "security.mf_recovery": "recovery code",
    "security.wan_signin_response": "passkey",
    "security.oauthresponse": "single sign-on",
}
"""By what somebody was let in at last, for the audit."""


def add_sign_in(server: flask.Flask, settings: Settings) -> Security:
    """Give a server its sign-in. The store must be set before (`dashboard.web.context.set_store`)."""
    server.config.update(security_settings(settings))
    server.before_request(_before)
    server.after_request(end_transaction)  # the first to be added goes last, just before the session is stored
    server.after_request(_without_greeting)
    server.teardown_request(close_transaction)
    security = Security(
        server,
        Accounts(),
        mail_util_cls=Mail,
        password_util_cls=Passwords,
        totp_cls=OnceOnly,
        **_FORMS,
    )
    add_single_sign_on(server, security, settings)
    for endpoint in _CLOSED & server.view_functions.keys():
        server.view_functions[endpoint] = _nothing
    _narrow(server, security)
    _listen(server)
    security.mail_context_processor(lambda: {"own_address": settings.address})
    server.jinja_env.globals.update(
        look_around_choices=lambda: look_around_choices() if may_look_around() else [],
        nobody_yet=nobody_yet,
        day_of=lambda written: day(datetime.fromisoformat(written)),
    )
    return security


_FORMS: Final[Mapping[str, Any]] = {
    "login_form": forms.SignInForm,
    "verify_form": forms.ConfirmForm,
    "forgot_password_form": forms.ForgottenForm,
    "reset_password_form": forms.ResetForm,
    "change_password_form": forms.ChangeForm,
    "two_factor_setup_form": forms.SetUpAppForm,
    "two_factor_verify_code_form": forms.CodeForm,
    "two_factor_select_form": forms.WhichForm,
    "two_factor_rescue_form": forms.NoRescueForm,
    "mf_recovery_form": forms.RecoveryForm,
    "wan_register_form": forms.PasskeyForm,
    "wan_register_response_form": forms.NewPasskeyForm,
    "wan_signin_form": forms.AskPasskeyForm,
    "wan_signin_response_form": forms.UsePasskeyForm,
}


def password_link(account_id: int, address: str) -> str:
    """The one-time link by which a person chooses a password, within a request or `at_the_desk`.

    Good for a day, and until a password is chosen by it.
    """
    with the_store().reading() as reading:
        account = reading.get_one(Account, account_id)
        return f"{address.rstrip('/')}/new-password/{generate_reset_password_token(account)}"


@contextmanager
def at_the_desk(store: Store, settings: Settings) -> Generator[None]:
    """Sign-in without a server, for the command line."""
    server = flask.Flask(__name__)
    set_store(server, store)
    add_sign_in(server, settings)
    with server.app_context():
        yield


def _narrow(server: flask.Flask, security: Security) -> None:
    """One way in is enough to guard: the session, which ends when we say so. No token, no cookie to be remembered by,
    no answers in JSON.
    """
    security.want_json(lambda _request: False)
    manager = security.login_manager
    manager.session_protection = None  # our sessions end by themselves; networks of schools change
    manager._request_callback = None
    manager._load_user_from_remember_cookie = lambda _cookie: None
    server.after_request_funcs[None].remove(manager._update_remember_cookie)
    enter = security.two_factor_plugins.tf_enter
    security.two_factor_plugins.tf_enter = lambda user, *given, **more: _half_way(user, enter(user, *given, **more))
    # They would load the account for every request and every template; who reads is `the_reader()` here.
    server.before_request_funcs[None].remove(security.principal._on_before_request)
    server.template_context_processors[None].remove(_user_context_processor)


def _before() -> ResponseReturnValue | None:
    """What Flask-Security would answer in a way of its own."""
    endpoint = request.endpoint or ""
    if not endpoint.startswith("security."):
        return None
    if request.is_json:
        flask.abort(415, "This address takes what its form sends, and nothing else.")
    if endpoint == "security.forgot_password" and not flask.current_app.config["MAIL_ADDRESS"]:
        return flask.redirect("/new-password", 303) if request.method == "POST" else None
    if endpoint in _BETWEEN and HALF_WAY in session and not _may_go_on():
        return _from_the_beginning()
    if endpoint in _WITH_MENU and "_user_id" in session:
        return _at_home(endpoint)
    return None


def _half_way(user: SecurityAccount, answer: ResponseReturnValue | None) -> ResponseReturnValue | None:
    """A password was right, here or at the other site; `answer` leads on to the second factor, if one is wanted.

    The session begins anew: whoever knew its token, or finds the meeting's screen it was, is not half-way in.
    """
    if answer is not None:
        sessions: Any = flask.current_app.session_interface
        sessions.go_half_way(session, _STATE, _as_it_is(user))
        g.pop(flask.current_app.config["WTF_CSRF_FIELD_NAME"], None)
    return answer


def _may_go_on() -> bool:
    """Whether the account is as it was when the password was given.

    Flask-Security believes the session: who was told to set up an app would set one up, and be let in by it, although
    the owner has a second factor by now.
    """
    whose = session.get("tf_user_id")  # the session forgets it after a while
    user = flask.current_app.extensions["security"].datastore.find_user(fs_uniquifier=whose) if whose else None
    return user is not None and user.is_active and _as_it_is(user) == session[HALF_WAY].get("account")


def _as_it_is(user: SecurityAccount) -> str:
    """A digest of the second factors of an account: another one as soon as any is added, changed or removed."""
    held = (user.tf_primary_method, user.tf_totp_secret, sorted(key.credential_id.hex() for key in user.webauthn))
    return digest(repr(held))


def _from_the_beginning() -> ResponseReturnValue:
    tf_clean_session()
    session.pop(HALF_WAY, None)
    do_flash(*get_message("TWO_FACTOR_PERMISSION_DENIED"))
    return flask.redirect("/sign-in")


def _at_home(endpoint: str) -> ResponseReturnValue | None:
    """Somebody who is signed in sets up the app: with the menu, and with nothing to enter until it was begun."""
    reader = find_reader()
    if reader is not None:
        let_in(reader)
    if endpoint == "security.two_factor_token_validation" and session.get("tf_state") != "validating_profile":
        return flask.redirect("/second-factor")  # Flask-Security would sign them out
    return None


def _without_greeting(response: flask.Response) -> flask.Response:
    """Whoever sees a page of theirs is signed in; Dash's pages would keep the words for another one, later."""
    if g.pop("just_signed_in", False):
        session.pop("_flashes", None)
    return response


def _nothing(**_more: Any) -> ResponseReturnValue:
    flask.abort(404)


def _listen(server: flask.Flask) -> None:
    """Tell the audit what Flask-Security did. The listeners live as long as the server."""

    def on(signal: Any, listener: Callable[..., None]) -> None:
        signal.connect(listener, server, weak=False)

    def told(action: str) -> Callable[..., None]:
        return lambda _sender, user, **_more: tell(action, user)

    on(flask_security.user_authenticated, _signed_in)
    on(user_logged_out, _signed_out)
    on(flask_security.password_changed, _password_chosen("change password"))
    on(flask_security.password_reset, _password_chosen("choose password by link"))
    on(flask_security.tf_code_confirmed, _code_confirmed)
    on(flask_security.tf_profile_changed, told("set second factor"))
    on(flask_security.tf_disabled, told("remove second factor"))
    on(flask_security.wan_registered, told("add passkey"))
    on(flask_security.wan_deleted, told("remove passkey"))


def _signed_in(_sender: Any, user: SecurityAccount, **_more: Any) -> None:
    """Nothing of the session before is kept: not its token, nor what it opened."""
    tf_clean_session()
    for left in (LINK, LOOK_AROUND, HALF_WAY, flask.current_app.config["WTF_CSRF_FIELD_NAME"]):
        session.pop(left, None)
        g.pop(left, None)
    flask.current_app.session_interface.regenerate(session)  # type: ignore[attr-defined]
    by = _BY.get(request.endpoint or "")
    if by is not None:  # else somebody who is signed in goes on, with another password
        g.just_signed_in = True
        user.last_signed_in_at = now_utc()
        tell("sign in", user, reason=f"by {by}")


def _signed_out(_sender: Any, user: SecurityAccount, **_more: Any) -> None:
    """Nothing of the session is left to be opened."""
    session.clear()
    flask.current_app.session_interface.regenerate(session)  # type: ignore[attr-defined]
    flask.flash("You are signed out.")
    tell("sign out", user)
    the_transaction().commit()


def _password_chosen(action: str) -> Callable[..., None]:
    def listener(_sender: Any, user: SecurityAccount, **_more: Any) -> None:
        """The other sessions ended with the mark of the account; here they go from the list too."""
        the_transaction().execute(sa.delete(WebSession).where(WebSession.account_id == user.id))
        tell(action, user)

    return listener


def _code_confirmed(_sender: Any, user: SecurityAccount, **_more: Any) -> None:
    if session.get("tf_state") == "validating_profile":
        tell("set second factor", user)
