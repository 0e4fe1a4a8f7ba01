"""`/account`: what somebody's own account holds, and the ways to change it."""

import flask
from flask import Blueprint, session
from flask.typing import ResponseReturnValue

from dashboard.access import EVERYTHING, wall
from dashboard.accounts.commands import AccountBook
from dashboard.accounts.queries import find_account
from dashboard.web.context import the_actor, the_reader, the_store
from dashboard.web.door import signed_in
from dashboard.web.pages import page

pages = Blueprint("own_account", __name__, template_folder="templates")


@pages.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    """The reader's own account; somebody who looks around has none."""
    number = the_reader().account_id
    if number is None:
        return page("account.html", "Your account", account=None)
    with the_store().reading(wall(EVERYTHING)) as reading:  # to name the places of the reader's own roles
        return page("account.html", "Your account", account=find_account(reading, number))


@pages.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of the reader, this one too: for a phone that was lost or a computer that was left open."""
    number = the_reader().account_id
    if number is None:
        flask.abort(404)
    with the_store().writing() as writing:
        AccountBook(writing, the_actor()).end_sessions(number)
    session.clear()
    flask.current_app.session_interface.regenerate(session)  # type: ignore[attr-defined]
    flask.flash("You are signed out everywhere.")
    return flask.redirect("/sign-in", 303)
