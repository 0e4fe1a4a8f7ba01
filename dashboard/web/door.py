"""The one door: every request passes here before anything answers it, and what has no rule is refused.

A view says with `needs` what its address is for; addresses that other packages bring stand in `PUBLIC` and
`FOR_EVERYBODY_SIGNED_IN`. A test walks every address and every callback and fails for one without a rule.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NoReturn, TypeVar
from urllib.parse import urlencode

import flask
from flask import request
from flask.typing import ResponseReturnValue

from dashboard import access, audit
from dashboard.access import EVERYTHING, Action, Object, Reader, Refused, check
from dashboard.audit import count_refusals
from dashboard.db import Session, now_utc
from dashboard.directory.queries import find_cluster, find_school
from dashboard.vocabulary import Attempt
from dashboard.web.context import let_in, set_scope, the_actor, the_store
from dashboard.web.pages import page

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC: Final = frozenset({
    "static", "bootstrap.static", "_dash_assets.static", "/_favicon.ico",
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
    "security.static", "security.login", "security.forgot_password", "security.reset_password",
    "security.two_factor_token_validation", "security.two_factor_setup", "security.two_factor_setup_validate",
    "security.tf_select", "security.mf_recovery", "security.wan_signin", "security.wan_signin_response",
    "security.oauthstart", "security.oauthresponse",
})  # fmt: skip
"""Endpoints of other packages that hold no data of ours: scripts, style sheets, and the steps of signing in, which
Flask-Security guards itself (setting up a second factor is one of them for those who must have one)."""

FOR_EVERYBODY_SIGNED_IN: Final = frozenset({
    "/", "/<path:path>", "/_dash-layout", "/_dash-dependencies", "/_dash-update-component", "/_reload-hash",
    "security.logout", "security.change_password", "security.verify", "security.mf_recovery_codes",
    "security.wan_register", "security.wan_register_response", "security.wan_delete",
    "security.wan_verify", "security.wan_verify_response", "security.two_factor_rescue",
    "security.oauth_verify_start", "security.oauth_verify_response",
})  # fmt: skip
"""Endpoints of other packages for everybody who is somebody; which page they may see is decided page by page."""


@dataclass(frozen=True)
class Rule:
    """What an address asks of whoever comes: an action on an object; else to be somebody, or (public) nothing."""

    asks: tuple[Action, Object] | None = None
    public: bool = False
    knows: bool = False
    """Of a public address: whether who has signed in is known there all the same, for the menu and the way out."""


def needs(action: Action, thing: Object) -> Callable[[View], View]:
    """Say of a view that the reader must be allowed to do this; the scope in which they may is `the_scope()`."""

    def mark(view: View) -> View:
        view.rule = Rule((action, thing))  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Say of a view that everybody may see it."""
    view.rule = Rule(public=True)  # type: ignore[attr-defined]
    return view


def public_to_known(view: View) -> View:
    """Say of a view that everybody may see it, and that whoever has signed in is known there."""
    view.rule = Rule(public=True, knows=True)  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Say of a view that it is for everybody who is somebody."""
    view.rule = Rule()  # type: ignore[attr-defined]
    return view


def rule_of(server: flask.Flask, endpoint: str) -> Rule | None:
    """The rule of an endpoint; None where nobody has made one, which means: for nobody."""
    if endpoint in PUBLIC:
        return Rule(public=True)
    if endpoint in FOR_EVERYBODY_SIGNED_IN:
        return Rule()
    return getattr(server.view_functions.get(endpoint), "rule", None)


def guard(server: flask.Flask, find_reader: Callable[[], Reader | None]) -> None:
    """Put the door before a server. Call it before anything else that looks at requests."""

    def at_the_door() -> ResponseReturnValue | None:
        rule = rule_of(server, request.endpoint) if request.endpoint else Rule()
        if rule is None:
            log.error("no rule for %s: refused", request.endpoint)
            flask.abort(403)
        if rule.public and not rule.knows:
            return None
        reader = find_reader()
        if reader is None and rule.public:
            return None
        if reader is None:
            return _ask_to_sign_in()
        let_in(reader)
        if rule.asks is not None:
            set_scope(check(reader, *rule.asks))
        return None

    def refused(refusal: Refused) -> ResponseReturnValue:
        refuse(refusal.action, refusal.thing, request.path)
        return page("message.html", "This is not yours to see", text=str(refusal)), 403

    server.before_request(at_the_door)
    server.register_error_handler(Refused, refused)


def _ask_to_sign_in() -> ResponseReturnValue:
    """A person is led to the sign-in page and back; a script is told that it is nobody."""
    if request.method in {"GET", "HEAD"} and not request.path.startswith("/_"):
        address = request.full_path.rstrip("?") if request.path != "/" or request.query_string else ""
        return flask.redirect(f"/sign-in?{urlencode({'next': address})}" if address else "/sign-in")
    return flask.Response("Sign in first.", 401, mimetype="text/plain")


MOST_REFUSALS: Final = 200
"""So many refused attempts of one reader at one computer are written down in a minute; more would fill the store."""

_ADDRESS: Final = re.compile(r"[a-z0-9/_., -]{1,200}")


def refuse(action: str, thing: str, key: str | None = None) -> None:
    """Write down that somebody tried what is not theirs.

    `key` is what they asked for, as they typed it: what no address of ours looks like is not kept. An attempt on a
    cluster or school that is there is told to those who may read of it.
    """
    actor, asked = the_actor(), key if key is not None and _ADDRESS.fullmatch(key) else None
    with access.reading(the_store(), EVERYTHING) as session:
        cluster_id = _cluster_of(session, thing, asked) if asked else None
        if count_refusals(session, actor, since=now_utc() - timedelta(minutes=1)) >= MOST_REFUSALS:
            log.warning("more refused attempts by %s at %s than are written down", actor.known_as, actor.origin)
            return
    with the_store().writing() as session:
        audit.record(session, actor, action, thing, asked, cluster_id=cluster_id, outcome=Attempt.REFUSED)


def not_there(action: str, thing: str, key: str) -> NoReturn:
    """The one answer for what is another's and for what does not exist; that somebody tried is written down."""
    refuse(action, thing, key)
    flask.abort(404)


def _cluster_of(session: Session, thing: str, slug: str) -> int | None:
    """The cluster that an attempt was on: of a school, the one it joined last."""
    if thing == Object.SCHOOL:
        school = find_school(session, EVERYTHING, slug)
        return school.clusters[0].id if school and school.clusters else None
    cluster = find_cluster(session, EVERYTHING, slug)
    return cluster.id if cluster else None
