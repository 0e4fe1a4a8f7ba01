"""How often something may be tried: passwords, codes and links, by the account and the computer that tries.

Only what fails counts. An account is never locked: whoever guesses at its password is slowed down at their own address,
its owner signs in from theirs. Codes are also counted by the account alone: only who knows the password gets there.
"""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import flask
from flask import request, session
from flask_limiter import Limiter

from dashboard.web.pages import page

_LONGEST_ADDRESS: Final = 254


def _computer() -> str:
    """The address that tries. Of an IPv6 address the half that names the network: one computer has all the rest."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False).network_address
    return str(address)


def _account() -> str:
    """The account that is tried: an e-mail address in the form, else who is signing in or is signed in."""
    tried = request.form.get("email", "").strip().casefold()[:_LONGEST_ADDRESS]
    return tried or str(session.get("tf_user_id") or session.get("_user_id") or "nobody")


def _account_and_computer() -> str:
    return f"{_account()} {_computer()}"


@dataclass(frozen=True)
class _Limit:
    """So many failures in a time, counted by a key."""

    times: str
    by: Callable[[], str]


_GUESSES: Final = (
    _Limit("5 per minute; 30 per hour", _account_and_computer),
    _Limit("20 per minute; 200 per hour", _computer),
)
_CODES: Final = (
    _Limit("5 per 5 minutes", _account_and_computer),
    _Limit("20 per 5 minutes", _computer),
    _Limit("30 per hour", _account),
)
_LINKS: Final = (_Limit("20 per minute", _computer),)
_MAILS: Final = (_Limit("5 per hour", _account), _Limit("20 per hour", _computer))

LIMITED: Final[Mapping[str, tuple[_Limit, ...]]] = {
    "security.login": _GUESSES,
    "security.verify": _GUESSES,
    "security.change_password": _GUESSES,
    "security.two_factor_token_validation": _CODES,
    "security.mf_recovery": _CODES,
    "security.wan_signin_response": _CODES,
    "security.wan_verify_response": _CODES,
    "security.forgot_password": _MAILS,
    "security.reset_password": _LINKS,
    "security.oauthstart": _LINKS,
    "security.oauthresponse": _LINKS,
    "first_start.set_up": _LINKS,
    "links.open_link": _LINKS,
}
"""Endpoint → its limits. A test tries each of them until it is refused."""

_LINKS_ARE_FOLLOWED: Final = frozenset(endpoint for endpoint, limits in LIMITED.items() if limits is _LINKS)
_ALWAYS_COUNTED: Final = frozenset({"security.forgot_password", "security.oauthstart"})
"""The first answers the same whether the address is known or not; the second asks another server."""

_BACK: Final[Mapping[str, str]] = {
    "security.wan_signin_response": "/passkey",
    "security.wan_verify_response": "/confirm-by-passkey",
    "security.reset_password": "/new-password",
    "security.oauthresponse": "/sign-in",
}
"""Where an endpoint leads back to when it failed; wherever else it leads, it went well."""


def add_limits(server: flask.Flask) -> Limiter:
    """Give a server its limits; to be called when all addresses are there.

    They are counted in this process; the server is one process with many threads.
    """
    limiter = Limiter(_computer, app=server, storage_uri="memory://", headers_enabled=False)
    for endpoint, limits in LIMITED.items():
        view: Any = server.view_functions.get(endpoint)
        if view is None:  # single sign-on, where there is none
            continue
        rule = getattr(view, "rule", None)
        for each in limits:
            limit = limiter.limit(each.times, key_func=each.by, methods=_methods(endpoint), deduct_when=_failed)
            view = limit(view)
        if rule is not None:
            view.rule = rule
        server.view_functions[endpoint] = view
    server.register_error_handler(429, _too_often)
    return limiter


def _methods(endpoint: str) -> list[str]:
    return ["GET", "POST"] if endpoint in _LINKS_ARE_FOLLOWED else ["POST"]


def _failed(response: flask.Response) -> bool:
    if request.endpoint in _ALWAYS_COUNTED:
        return True
    if response.status_code in {302, 303}:
        return urlsplit(response.location or "").path == _BACK.get(request.endpoint or "")
    # To be shown a form is no try.
    return request.method == "POST" or response.status_code >= 400


def _too_often(_error: Any) -> tuple[str, int]:
    text = "This was tried too often from here. Wait a few minutes and try again; nobody is locked out."
    return page("message.html", "Too many tries", text=text, href="/sign-in", link="Back to the sign-in page"), 429
