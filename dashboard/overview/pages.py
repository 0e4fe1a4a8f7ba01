"""Watching clusters and keeping views: forms that stand on the overview, and the list of one's views."""

import logging
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import NOTHING, Action, Object
from dashboard.db import Store, now_utc
from dashboard.overview.commands import NeedsAccount, NotThere, OwnOverview, ViewRefused, is_to_be_noted, note_visit
from dashboard.overview.filters import Filters
from dashboard.overview.forms import ViewForm
from dashboard.overview.own import find_seen, load_views
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page

log = logging.getLogger(__name__)

overview_pages: Final = Blueprint("overview", __name__, template_folder="templates")
_OURS: Final = re.compile(r"/(?![/\\])[^\s\\]{0,2000}")
"""An address on this server to go back to."""


@overview_pages.post("/watch/<slug>")
@needs(Action.SEE, Object.OVERVIEW)
def watch(slug: str) -> ResponseReturnValue:
    """Watch a cluster, or no longer, and go back to the page on which that was said."""
    wanted = request.form.get("wanted") == "1"
    try:
        with access.writing(the_store(), the_scope()) as writing:
            OwnOverview(writing, the_actor(), the_scope()).watch(slug, wanted=wanted)
    except NeedsAccount:
        return _needs_account()
    except NotThere:
        not_there("see", Object.OVERVIEW, slug)
    back = request.form.get("back", "")
    return flask.redirect(back if _OURS.fullmatch(back) else "/", 303)


@overview_pages.get("/views")
@needs(Action.SEE, Object.OVERVIEW)
def views() -> ResponseReturnValue:
    """The views of the account, each to be opened, renamed or removed."""
    if the_reader().account_id is None:
        return _needs_account(200)
    return _list_views(ViewForm(formdata=None))


@overview_pages.post("/views")
@needs(Action.SEE, Object.OVERVIEW)
def save() -> ResponseReturnValue:
    """Save the choices of an overview as a view, or in place of those of another."""
    form = ViewForm()
    query, replaces = form.query.data or "", form.replaces.data or ""

    def command(own: OwnOverview) -> None:
        if not replaces:
            own.save(form.name.data or "", query)
            return
        own.replace(_number(replaces), query)
        if (form.name.data or "").strip():
            own.rename(_number(replaces), form.name.data)

    refused = _do(command, form)
    if refused is not None:
        return refused
    # The overview shows the view as the one that holds.
    return flask.redirect(Filters.read(dict(parse_qsl(query))).address(), 303)


@overview_pages.post("/views/<int(max=2147483647):view_id>/<any(rename, remove):what>")
@needs(Action.SEE, Object.OVERVIEW)
def change(view_id: int, what: str) -> ResponseReturnValue:
    """Rename a view or remove it."""
    form = ViewForm()

    def command(own: OwnOverview) -> None:
        if what == "rename":
            own.rename(view_id, form.name.data or "")
        else:
            own.remove(view_id)

    refused = _do(command, form)
    if refused is not None:
        return refused
    flask.flash("The view has its new name." if what == "rename" else "The view is removed.")
    return flask.redirect("/views", 303)


def _do(command: Callable[[OwnOverview], None], form: ViewForm) -> ResponseReturnValue | None:
    """Carry out a command; what to answer where it was refused."""
    try:
        with access.writing(the_store(), the_scope()) as writing:
            command(OwnOverview(writing, the_actor(), the_scope()))
    except NeedsAccount:
        return _needs_account()
    except NotThere:
        flask.abort(404)
    except ViewRefused as refusal:
        form.form_errors = [str(refusal)]
        return _list_views(form), 400
    return None


def _number(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) < 10):
        raise NotThere
    return int(written)


def _list_views(form: ViewForm) -> str:
    with access.reading(the_store(), the_scope()) as reading:
        found = load_views(reading, the_reader().account_id)
    told = [(each, Filters.read(dict(parse_qsl(each.query)))) for each in found]
    return page("overview/views.html", "Your views of all clusters", views=told, form=form)


def _needs_account(status: int = 403) -> ResponseReturnValue:
    text = (
        "Watched clusters and saved views are kept with an account, and nobody is signed in. Nothing was changed; what "
        "you chose stands in the address of the page, which you can keep or send."
    )
    return page("message.html", "This needs an account", text=text, href="/sign-in", link="Sign in"), status


def note_after_answer(store: Store, account_id: int, now: Callable[[], datetime] = now_utc) -> None:
    """Write down, once the answer is on its way, that an account looks at the overview: no page waits for it."""

    def note() -> None:
        try:
            with access.reading(store, NOTHING) as reading:
                seen_at = find_seen(reading, account_id)
            if is_to_be_noted(seen_at, now()):
                with access.writing(store, NOTHING) as writing:
                    note_visit(writing, account_id, now())
        except Exception:  # the page was shown, and is none the worse
            log.exception("that account %s looked at the overview could not be noted", account_id)

    def when_sent(response: Any) -> Any:
        response.call_on_close(note)
        return response

    flask.after_this_request(when_sent)
