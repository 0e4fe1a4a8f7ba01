"""What a view may know of the request it answers: the store, who reads, what the door let them see."""

from flask import current_app, g, request, session

from dashboard.access import NOTHING, Reader, Scope
from dashboard.audit import Actor
from dashboard.db import Store

_STORE = "schools-cluster-store"


def set_store(server: object, store: Store) -> None:
    """Give a server its store; done once, when it is put together."""
    server.extensions[_STORE] = store  # type: ignore[attr-defined]


def the_store() -> Store:
    """The store of this server."""
    store: Store = current_app.extensions[_STORE]
    return store


def the_reader() -> Reader:
    """Whoever asks. Without any grant unless the door found some."""
    reader: Reader = g.get("reader", Reader())
    return reader


def let_in(reader: Reader) -> None:
    """Note who asks, for the rest of this request."""
    g.reader = reader


def the_scope() -> Scope:
    """What the rule of this address lets the reader act on. Nothing unless the door said otherwise."""
    scope: Scope = g.get("scope", NOTHING)
    return scope


def set_scope(scope: Scope) -> None:
    """Note what the door lets the reader act on, for the rest of this request."""
    g.scope = scope


def the_actor() -> Actor:
    """The reader as the audit knows them."""
    return Actor.of(the_reader(), origin())


def origin() -> str:
    """The address of the computer that asks."""
    return request.remote_addr or "unknown"


def session_ends() -> int | None:
    """When the session ends whatever is done, in seconds since 1970; None if it has just begun, or goes by the link of
    a screen alone.

    The moment and not what is left until then: two pages that say the same must be the same to the byte.
    """
    ends_at = getattr(session, "ends_at", None)
    return None if ends_at is None else int(ends_at.timestamp())
