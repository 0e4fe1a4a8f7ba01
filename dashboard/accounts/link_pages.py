"""Screen links: looked after by those who edit the cluster, opened by whoever holds one."""

from typing import Final, NoReturn

import flask
import sqlalchemy as sa
from flask import Blueprint, request, session
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import EVERYTHING, Action, Object
from dashboard.accounts.forms import LinkForm
from dashboard.accounts.people import address
from dashboard.accounts.queries import load_link_reader, load_screen_links
from dashboard.accounts.screen_links import LinkRefused, ScreenLinks, find_closed_link, find_link
from dashboard.accounts.sessions import LINK
from dashboard.audit import Actor
from dashboard.db import Session, now_utc
from dashboard.directory.queries import find_whole_cluster
from dashboard.models import AuditEvent
from dashboard.vocabulary import Attempt
from dashboard.web.context import origin, the_actor, the_scope, the_store
from dashboard.web.door import needs, not_there, public, refuse
from dashboard.web.pages import page

_NO_REFERRER: Final = {"Referrer-Policy": "no-referrer"}
"""The address holds the token: no other site may be told of it."""

link_pages = Blueprint("links", __name__, template_folder="templates")


@link_pages.route("/cluster/<slug>/screen-links", methods=["GET", "POST"])
@needs(Action.EDIT, Object.SCREEN_LINKS)
def screen_links(slug: str) -> ResponseReturnValue:
    """The links of a cluster, and a form for another; a new link is shown on the answer alone."""
    name, form, made = _find_name(slug), LinkForm(), None
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                links = ScreenLinks(writing, the_actor())
                _, token = links.add(slug, scope=the_scope(), label=form.label.data, days=form.days.data)
        except LinkRefused as refusal:
            form.label.errors = [str(refusal)]
        else:
            made, form = f"{address()}/link/{token}", LinkForm(formdata=None)
    with access.reading(the_store(), the_scope()) as reading:
        rows = load_screen_links(reading, the_scope(), cluster=slug)
    shown = page(
        "screen_links.html", f"Screen links of {name}", slug=slug, name=name, rows=rows, form=form, made=made
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@link_pages.post("/cluster/<slug>/screen-links/<int(max=2147483647):link_id>/revoke")
@needs(Action.EDIT, Object.SCREEN_LINKS)
def revoke(slug: str, link_id: int) -> ResponseReturnValue:
    """Close a link for good."""
    _find_name(slug)
    try:
        with access.writing(the_store(), the_scope()) as writing:
            ScreenLinks(writing, the_actor()).revoke(link_id, scope=the_scope())
    except LinkRefused:
        _not_there(slug)
    flask.flash("The link is revoked. The screens it opened show nothing any more.")
    return flask.redirect(flask.url_for("links.screen_links", slug=slug), 303)


@link_pages.get("/link/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """Open the screen on this computer, and get the token out of the address bar. The link stays good."""
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        return "", 503, _NO_REFERRER  # nobody has followed the link yet: a session must not change
    with access.reading(the_store(), EVERYTHING) as reading:  # nobody is let in yet for whom a wall could stand
        link = find_link(reading, token, now_utc())
        found = load_link_reader(reading, link.id, now_utc()) if link else None
        closed = None if found else find_closed_link(reading, token, now_utc())
    if link is None or found is None:
        if closed is not None:  # guesses are not written down: whoever guesses could fill the audit
            refuse("open", "screen link", str(closed))
        return page("screen_links_gone.html", "This link does not open a screen"), 404, _NO_REFERRER
    if request.method != "HEAD":
        _begin(token, link.id)
    return flask.redirect(f"/screen/{found[1]}", 303), _NO_REFERRER


def _begin(token: str, link_id: int) -> None:
    """A session of the link alone, with a token that nobody knew before; the one there is, if it is one already."""
    with access.reading(the_store(), EVERYTHING) as reading:
        is_written_down = _was_opened_here_today(reading, link_id)
    if not is_written_down:
        with the_store().writing() as writing:
            ScreenLinks(writing, Actor(f"screen link {link_id}", origin())).open(token, now_utc())
    if session.get(LINK) == link_id and not {"_user_id", "tf_user_id"} & session.keys():
        return
    session.clear()
    flask.current_app.session_interface.regenerate(session)  # type: ignore[attr-defined]
    session[LINK] = link_id
    session.permanent = True


def _was_opened_here_today(reading: Session, link_id: int) -> bool:
    """Whether the audit has it: whoever holds a link may follow it as often as they like, and must not fill that."""
    opened = sa.select(AuditEvent.id).where(
        AuditEvent.happened_at >= now_utc().replace(hour=0, minute=0, second=0),
        AuditEvent.action == "open",
        AuditEvent.object_kind == "screen link",
        AuditEvent.object_key == str(link_id),
        AuditEvent.origin == origin(),
        AuditEvent.outcome == Attempt.DONE,
    )
    return bool(reading.scalar(sa.select(opened.exists())))


def _find_name(slug: str) -> str:
    """The name of the cluster, if its links are the reader's to look after; else the same answer as for none."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_whole_cluster(reading, the_scope(), slug)
    return cluster.name if cluster is not None else _not_there(slug)


def _not_there(slug: str) -> NoReturn:
    not_there("edit", "screen links", slug)
