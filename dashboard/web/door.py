"""The one door: every request passes here before anything answers it, and what has no rule is refused.

A view says with `needs` what its address is for; addresses that other packages bring stand in `PUBLIC` and
`FOR_EVERYBODY_SIGNED_IN`. A test walks every address and every callback and fails for one without a rule.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import flask
from flask import request
from flask.typing import ResponseReturnValue

from dashboard import access, audit
from dashboard.access import Action, Object, Refused
from dashboard.vocabulary import Attempt
from dashboard.web.context import let_in, set_scope, the_actor, the_reader, the_store

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC: Final = frozenset({
    "static", "bootstrap.static", "_dash_assets.static", "_favicon",
    "healthz", "readyz",
})  # fmt: skip
"""Endpoints that hold no data: style sheets, scripts, whether the process lives."""

FOR_EVERYBODY_SIGNED_IN: Final[frozenset[str]] = frozenset()
"""Endpoints at which the page callback decides, address by address, what the reader may see."""


@dataclass(frozen=True)
class Rule:
    """What an address asks of whoever comes. Without action and object: to be anybody (public) or somebody."""

    public: bool = False
    action: Action | None = None
    thing: Object | None = None


def needs(action: Action, thing: Object) -> Callable[[View], View]:
    """Say of a view that the reader must be allowed to do this; the scope in which they may is `the_scope()`."""

    def mark(view: View) -> View:
        view.rule = Rule(action=action, thing=thing)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Say of a view that everybody may see it."""
    view.rule = Rule(public=True)  # type: ignore[attr-defined]
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


def refuse(action: str, thing: str, key: str | None = None) -> None:
    """Write down that somebody tried what is not theirs."""
    with the_store().writing() as session:
        audit.record(session, the_actor(), action, thing, key, outcome=Attempt.REFUSED)
