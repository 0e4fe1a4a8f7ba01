"""A small server behind the real door, with a view for every kind of rule and one that was forgotten."""

from collections.abc import Callable
from typing import Any, Final

import flask
from flask import Blueprint
from werkzeug.test import TestResponse

from dashboard.access import Action, Grant, Object, Reader, check
from dashboard.db import Store
from dashboard.vocabulary import Role
from dashboard.web.context import set_store, the_reader, the_scope
from dashboard.web.door import guard, needs, public, signed_in
from dashboard.web.pages import teach

COORDINATOR: Final = Reader(account_id=4, grants=(Grant(Role.COORDINATOR, cluster_id=7),), known_as="coordinator")
HEADTEACHER: Final = Reader(account_id=5, grants=(Grant(Role.HEADTEACHER, school_id=9),), known_as="headteacher")
NO_ROLE: Final = Reader(account_id=6, known_as="no role")
READERS: Final = (COORDINATOR, HEADTEACHER, NO_ROLE)
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@public
def for_all() -> dict[str, Any]:
    """What a view knows of its request."""
    return {"account": the_reader().account_id, "clusters": sorted(the_scope().cluster_ids)}


@signed_in
def for_somebody() -> dict[str, Any]:
    return for_all()


@needs(Action.EDIT, Object.SCREEN_LINKS)
def for_coordinators() -> dict[str, Any]:
    return for_all()


@signed_in
def asks_later() -> str:
    check(the_reader(), Action.EDIT, Object.SCREEN_LINKS)
    return "let in"


def forgotten() -> str:
    return "nobody thought of a rule"


_VIEWS: Final[dict[str, Callable[[], Any]]] = {
    "/": for_somebody, "/for-all": for_all, "/for-somebody": for_somebody, "/for-coordinators": for_coordinators,
    "/asks-later": asks_later, "/forgotten": forgotten, "/_internal": for_somebody, "/_for-all": for_all,
}  # fmt: skip


def small_server(find_reader: Callable[[], Reader | None], store: Store | None = None) -> flask.Flask:
    """Every view answers every method, but for one that is only read."""
    server = flask.Flask("small")
    if store is not None:
        set_store(server, store)
    guard(server, find_reader)
    teach(server)
    server.register_blueprint(Blueprint("_dash_assets", __name__, static_folder="nowhere", static_url_path="/assets"))
    for address, view in _VIEWS.items():
        server.add_url_rule(address, endpoint=f"at {address}", view_func=view, methods=METHODS)
    server.add_url_rule("/only-read", endpoint="only-read", view_func=for_coordinators, methods=["GET"])
    return server


def come(
    reader: Reader | None, address: str, method: str = "GET", store: Store | None = None, **environment: str
) -> TestResponse:
    """What a reader is answered."""
    client = small_server(lambda: reader, store).test_client()
    return client.open(address, method=method, environ_overrides=environment)
