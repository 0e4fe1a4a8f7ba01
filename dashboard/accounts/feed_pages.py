"""Calendar addresses: a page on which everybody looks after their own, and the file that calendar programs read."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from dashboard import access
from dashboard.access import NOTHING, Action, Object, Scope, may, scope_for
from dashboard.accounts.feeds import FeedLinks, FeedRefused, find_feed, load_feed_links, touch_feed
from dashboard.accounts.forms import FeedForm
from dashboard.accounts.people import address
from dashboard.db import Session, now_utc
from dashboard.web.context import the_actor, the_reader, the_store
from dashboard.web.door import not_there, public, signed_in
from dashboard.web.pages import page

MakeFile = Callable[[Session, Scope, datetime, str], bytes]
"""Makes the calendar of a scope at a moment, under the name of this dashboard's host."""

_MAKER: Final = "schools-cluster-calendar"
_NO_HOST: Final = "schools-cluster-dashboard.invalid"
"""What meetings are told apart by where no public address is set."""

feed_pages = Blueprint("feeds", __name__, template_folder="templates")


def add_feeds(server: flask.Flask, make: MakeFile) -> None:
    """Give a server these pages. What is in the file is known to those who know meetings, not here."""
    server.extensions[_MAKER] = make
    server.register_blueprint(feed_pages)


@feed_pages.route("/feeds", methods=["GET", "POST"])
@signed_in
def feeds() -> ResponseReturnValue:
    """The reader's own addresses, and a form for another; a new one is shown on the answer alone."""
    reader, form, made = the_reader(), FeedForm(), None
    if reader.account_id is not None and form.validate_on_submit():
        try:
            with the_store().writing() as writing:
                token = FeedLinks(writing, the_actor()).add(form.label.data)
        except FeedRefused as refusal:
            form.label.errors = [str(refusal)]
        else:
            made, form = f"{address()}/feed/{token}.ics", FeedForm(formdata=None)
    with the_store().reading() as reading:
        rows = load_feed_links(reading, reader.account_id) if reader.account_id is not None else []
    shown = page(
        "feeds.html", "Meetings in your own calendar", rows=rows, form=form, made=made,
        has_account=reader.account_id is not None, sees_meetings=may(reader, Action.SEE, Object.CLUSTER),
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@feed_pages.post("/feeds/<int(max=2147483647):link_id>/revoke")
@signed_in
def revoke(link_id: int) -> ResponseReturnValue:
    """Close an own address for good."""
    try:
        with the_store().writing() as writing:
            FeedLinks(writing, the_actor()).revoke(link_id)
    except FeedRefused:
        not_there("edit", "feed link", str(link_id))
    flask.flash("The address is revoked. A calendar that reads it gets nothing any more.")
    return flask.redirect(flask.url_for("feeds.feeds"), 303)


@feed_pages.get("/feed/<token>.ics")
@public
def read_feed(token: str) -> ResponseReturnValue:
    """The calendar of whoever made the address, with the roles that they hold now.

    A program asks by itself, again and again: what it is refused is not written down, else it would fill the audit.
    """
    now = now_utc()
    with the_store().reading() as reading:
        found = find_feed(reading, token)
    if found is None:
        flask.abort(404)
    link_id, reader = found
    scope = scope_for(reader, Action.SEE, Object.CLUSTER) if may(reader, Action.SEE, Object.CLUSTER) else NOTHING
    make: MakeFile = flask.current_app.extensions[_MAKER]
    with access.reading(the_store(), scope) as reading:
        made = make(reading, scope, now, urlsplit(flask.current_app.config["PUBLIC_URL"]).hostname or _NO_HOST)
    with suppress(OperationalError), the_store().writing(patience=timedelta(milliseconds=200)) as writing:
        touch_feed(writing, link_id, now)  # not worth waiting for while an import holds the store
    named = {"Content-Disposition": "inline; filename=cluster-meetings.ics"}
    return flask.Response(made, mimetype="text/calendar", headers=named)
