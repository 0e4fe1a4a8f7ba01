"""How often something may be tried: passwords, codes and links, by the account and the computer that tries.

Only what fails counts. An account is never locked: whoever guesses at its password is slowed down at their own address,
its owner signs in from theirs. Codes are also counted by the account alone: only who knows the password gets there.
"""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from functools import cached_property, wraps
from typing import Any, Final
from urllib.parse import urlsplit

import flask
from flask import g, request, session
from flask.typing import ResponseReturnValue
from flask_security import user_authenticated
from flask_security.utils import uia_email_mapper
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from dashboard.web.pages import page

_LONGEST_ADDRESS: Final = 254
_ONE_COMPUTER, _ONE_SITE = 64, 48
"""Bits of an IPv6 address: a computer chooses what follows the first as it likes, whoever runs a site the second."""
_ACCOUNT_IS_TYPED: Final = frozenset({"security.login", "security.forgot_password"})
"""Endpoints that learn from the form whose account it is about. No other may believe it: whoever tries the codes of one
account would write down another each time."""


def without_port(address: str) -> str:
    """An address alone. Some gateways add the port from which a computer asks, which is another one each time."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def _asking(bits: int) -> str:
    """The address that tries, of an IPv6 address its first bits."""
    try:
        address = ipaddress.ip_address(without_port(request.remote_addr or ""))
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or ipaddress.IPv6Network((int(address), bits), strict=False).network_address
    return str(address)


def _computer() -> str:
    """One computer, or all behind one router."""
    return _asking(_ONE_COMPUTER)


def site() -> str:
    """All computers of one household, school or customer of a data centre, where they can be told (IPv6)."""
    return _asking(_ONE_SITE)


def _account() -> str:
    """The account that is tried, named as accounts are found by it: each has one name, however it is spelt."""
    if request.endpoint not in _ACCOUNT_IS_TYPED:
        return str(session.get("tf_user_id") or session.get("_user_id") or "nobody")
    typed = request.form.get("email", "")
    return uia_email_mapper(typed) or typed.strip().casefold()[:_LONGEST_ADDRESS] or "nobody"


def _account_and_computer() -> str:
    return f"{_account()} {_computer()}"


def _account_and_site() -> str:
    return f"{_account()} {site()}"


class _Full(Enum):
    """What happens when a limit is reached."""

    STOPS = auto()
    """Nothing more is tried."""
    SPARES = auto()
    """Nothing more is tried, except for accounts that were let in at this computer lately.

    A school is one computer to us, and one pupil who types wrong names must not keep the headteacher out. Those
    accounts lose nothing by it: the limit by account and computer still holds, and that is what guards against
    guesses at one of them; the limit by computer guards against one guess at each of many. Who is wrong is told the
    same as everybody there, so that the answer tells nobody whom this spares. (How long it takes could, to somebody in
    the same network: who works with the dashboard at their school. A hash for each refusal would be the worse price.)
    """
    HUSHES = auto()
    """It is answered as ever, and no mail is sent: those sent lately are in the mailbox, and they are good for a day.

    To refuse would let strangers keep an owner from asking, and would tell how often others asked.
    """


@dataclass(frozen=True)
class _Limit:
    """So many failures in a time, counted by a key."""

    times: str
    by: Callable[[], str]
    full: _Full = _Full.STOPS

    @cached_property
    def rates(self) -> list[RateLimitItem]:
        return parse_many(self.times)


_GUESSES: Final = (
    _Limit("5 per minute; 30 per hour", _account_and_computer),
    _Limit("15 per minute; 90 per hour", _account_and_site),
    _Limit("20 per minute; 200 per hour", _computer),
    _Limit("60 per minute; 600 per hour", site),
)
_SIGN_IN: Final = (*_GUESSES[:2], *(_Limit(limit.times, limit.by, _Full.SPARES) for limit in _GUESSES[2:]))
_CODES: Final = (
    _Limit("5 per 5 minutes", _account_and_computer),
    _Limit("20 per 5 minutes", _computer),
    _Limit("60 per 5 minutes", site),
    _Limit("30 per hour", _account),
)
_LINKS: Final = (_Limit("20 per minute", _computer), _Limit("60 per minute", site))
_MAILS: Final = (
    _Limit("5 per hour", _account, _Full.HUSHES),
    _Limit("20 per hour", _computer),
    _Limit("60 per hour", site),
)

LIMITED: Final[Mapping[str, tuple[_Limit, ...]]] = {
    "security.login": _SIGN_IN,
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
    "feeds.read_feed": _LINKS,
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

_LATELY: Final = timedelta(days=30)
_HUSHED: Final = "limits_hushed"


class _Counts:
    """What was tried, in the memory of this process: the server is one process with many threads."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._rates = FixedWindowRateLimiter(self._storage)

    def is_full(self, limit: _Limit, *key: str) -> bool:
        return any(not self._rates.test(rate, *key) for rate in limit.rates)

    def add(self, limit: _Limit, *key: str) -> None:
        for rate in limit.rates:
            self._rates.hit(rate, *key)

    def let_in(self, _sender: Any, user: Any, **_more: Any) -> None:
        """Note who was let in, and where."""
        self._storage.incr(f"let in/{user.email} {_computer()}", int(_LATELY.total_seconds()))

    def was_let_in(self, account_and_computer: str) -> bool:
        return self._storage.get(f"let in/{account_and_computer}") > 0


def add_limits(server: flask.Flask) -> None:
    """Give a server its limits; to be called when all addresses are there."""
    counts = _Counts()
    for endpoint, limits in LIMITED.items():
        view: Any = server.view_functions.get(endpoint)
        if view is not None:  # single sign-on, where there is none
            server.view_functions[endpoint] = _limited(view, endpoint, limits, counts)
    user_authenticated.connect(counts.let_in, server, weak=False)
    server.register_error_handler(429, _too_often)


def may_send_mail() -> bool:
    """Whether this request may send a mail: not to an account for which too many were asked already."""
    return not g.get(_HUSHED, False)


def _limited(
    view: Callable[..., ResponseReturnValue], endpoint: str, limits: tuple[_Limit, ...], counts: _Counts
) -> Callable[..., ResponseReturnValue]:
    """A view that is asked only as long as not too much went wrong, and whose failures count."""

    @wraps(view)  # with its rule
    def tried(**given: Any) -> ResponseReturnValue:
        if request.method != "POST" and endpoint not in _LINKS_ARE_FOLLOWED:
            return view(**given)
        keys = {limit: (endpoint, limit.by.__name__, limit.by()) for limit in limits}  # the view may end the session
        full = {limit.full for limit, key in keys.items() if counts.is_full(limit, *key)}
        spared = _Full.SPARES in full and counts.was_let_in(_account_and_computer())
        if _Full.STOPS in full or (_Full.SPARES in full and not spared):
            flask.abort(429)
        setattr(g, _HUSHED, _Full.HUSHES in full)

        @flask.after_this_request
        def count(response: flask.Response) -> flask.Response:
            if not _failed(response):
                return response
            for limit, key in keys.items():
                counts.add(limit, *key)
            return flask.make_response(_too_often(None)) if spared else response

        return view(**given)

    return tried


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
