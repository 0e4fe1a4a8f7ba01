"""The administrator's pages: who can sign in, as what, and everything that ends it.

Every change is a form of its own, asked for once more where it ends something, and undone by another. Whoever signed
in a while ago confirms first that it is them: an open browser must not be enough to give roles away.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import flask
from flask import Blueprint, request, session
from flask.typing import ResponseReturnValue
from flask_security import check_and_update_authn_fresh
from flask_security.utils import set_request_attr

from dashboard import access
from dashboard.access import EVERYTHING, Action, Object
from dashboard.accounts.commands import AccountBook
from dashboard.accounts.forms import NameForm, PersonForm, RoleForm
from dashboard.accounts.grants import AccountRefused
from dashboard.accounts.queries import count_open_links, find_account, load_people, load_places
from dashboard.accounts.rows import AccountRow
from dashboard.accounts.sign_in import password_link
from dashboard.changes import Outcome
from dashboard.db import now_utc
from dashboard.models import Account
from dashboard.vocabulary import Role
from dashboard.web.context import the_actor, the_reader, the_store
from dashboard.web.door import needs
from dashboard.web.pages import page
from dashboard.wording import counted, sentence

MOST_SHOWN: Final = 200
MOST_SUGGESTED: Final = 500
"""More places than that would make the page larger than all the rest of it."""
_ID: Final = "<int(max=2147483647):account_id>"
_ADD: Final = "people.add"
_OLD_LINKS: Final = "Links to choose a password that were given out before are not good any more."

people_pages = Blueprint("people", __name__, template_folder="templates")


class Change(NamedTuple):
    """One thing that can be done to an account, and what is said when it is done."""

    do: Callable[[AccountBook, int], Account]
    said: str
    signs_out: bool = True


_CHANGES: Final[Mapping[str, Change]] = {
    "disable": Change(AccountBook.disable, "The account is disabled. Nobody can sign in with it any more."),
    "enable": Change(AccountBook.enable, "The account is enabled. It has the roles it had.", signs_out=False),
    "end-sessions": Change(
        AccountBook.end_sessions,
        f"Every session has ended. {_OLD_LINKS} Signing in again is possible.",
    ),
    "reset-second-factor": Change(
        AccountBook.reset_second_factor,
        "The second factor is forgotten, and every session has ended. A new one is set up at the next sign-in.",
    ),
}


@people_pages.before_request
def confirm_first() -> ResponseReturnValue | None:
    """Every change, and the form that only leads to one, ask for a fresh sign-in. The door was passed before."""
    if request.method != "POST" and request.endpoint != _ADD:
        return None
    # As Flask-Security notes it when it loads the account. It would open a transaction for that, which is not needed:
    # the door has just read who it is.
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    config = flask.current_app.config
    if check_and_update_authn_fresh(config["SECURITY_FRESHNESS"], config["SECURITY_FRESHNESS_GRACE_PERIOD"]):
        return None
    said = "Nothing was changed yet. Confirm that it is you, then do it again."
    flask.flash(said if request.method == "POST" else "Confirm first that it is you.", "info")
    number = (request.view_args or {}).get("account_id")
    form = flask.url_for(_ADD) if number is None else flask.url_for("people.person", account_id=number)
    return flask.redirect(f"/confirm-it-is-you?{urlencode({'next': form})}", 303)


@people_pages.get("/people")
@needs(Action.EDIT, Object.PEOPLE)
def people() -> ResponseReturnValue:
    """Everybody who has an account, or those who match a text."""
    text = request.args.get("q", "").strip()[:100]
    # Administrators see no school, but a role is told by the name of its place: names only, on these pages only.
    with access.reading(the_store(), EVERYTHING) as reading:
        rows = load_people(reading)
    found = [row for row in rows if row.mentions(text)]
    return page(
        "people.html", "People", headline=headline(rows), rows=found[:MOST_SHOWN], found=len(found), q=text,
        most=MOST_SHOWN,
    )  # fmt: skip


@people_pages.route("/people/add", methods=["GET", "POST"])
@needs(Action.EDIT, Object.PEOPLE)
def add() -> ResponseReturnValue:
    """Give somebody an account and a first role; an address that is known already gets the role."""
    form = PersonForm()
    if not form.validate_on_submit():
        return _form_page("people_add.html", "Add a person", form)
    try:
        with access.writing(the_store(), EVERYTHING) as writing:
            book = AccountBook(writing, the_actor())
            account = book.add(form.email.data, Role(form.role.data), name=form.name.data, **form.places)
            account_id, outcome = account.id, book.outcome
    except AccountRefused as refusal:
        form.refuse(refusal)
        return _form_page("people_add.html", "Add a person", form)
    if outcome is Outcome.ADDED:
        return _show_link(account_id)
    said = "This person holds that role already."
    if outcome is Outcome.CHANGED:
        said = f"This person had an account already, and has the role now. {_OLD_LINKS}"
    return _back(account_id, said, signs_out=outcome is Outcome.CHANGED)


@people_pages.get(f"/people/{_ID}")
@needs(Action.EDIT, Object.PEOPLE)
def person(account_id: int) -> ResponseReturnValue:
    """One account, and what can be done about it."""
    return _person_page(account_id)


@people_pages.post(f"/people/{_ID}/roles")
@needs(Action.EDIT, Object.PEOPLE)
def add_role(account_id: int) -> ResponseReturnValue:
    """Give an account another role."""
    form = RoleForm()
    if not form.validate_on_submit():
        return _person_page(account_id, role_form=form)
    try:
        with access.writing(the_store(), EVERYTHING) as writing:
            row = find_account(writing, account_id) or flask.abort(404)
            book = AccountBook(writing, the_actor())
            book.add(row.email, Role(form.role.data), **form.places)
    except AccountRefused as refusal:
        form.refuse(refusal)
        return _person_page(account_id, role_form=form)
    added = book.outcome is Outcome.CHANGED
    given = f"The role is given. It holds from the next sign-in. {_OLD_LINKS}"
    said = given if added else "This person holds that role already."
    return _back(account_id, said, signs_out=added)


@people_pages.post(f"/people/{_ID}/roles/<int(max=2147483647):grant_id>/withdraw")
@needs(Action.EDIT, Object.PEOPLE)
def withdraw_role(account_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role away."""
    said = f"The role is withdrawn, and every session has ended. {_OLD_LINKS}"
    return _change(account_id, Change(lambda book, number: book.withdraw(number, grant_id), said))


@people_pages.post(f"/people/{_ID}/name")
@needs(Action.EDIT, Object.PEOPLE)
def rename(account_id: int) -> ResponseReturnValue:
    """Say what the person is called."""
    form = NameForm()
    if not form.validate_on_submit():
        return _person_page(account_id, name_form=form)
    change = Change(lambda book, number: book.rename(number, form.name.data), "The name is stored.", signs_out=False)
    return _change(account_id, change)


@people_pages.post(f"/people/{_ID}/<any({', '.join(repr(each) for each in _CHANGES)}):what>")
@needs(Action.EDIT, Object.PEOPLE)
def change(account_id: int, what: str) -> ResponseReturnValue:
    """Disable, enable, end all sessions, or forget the second factor."""
    return _change(account_id, _CHANGES[what])


@people_pages.post(f"/people/{_ID}/password-link")
@needs(Action.EDIT, Object.PEOPLE)
def give_out_link(account_id: int) -> ResponseReturnValue:
    """Make a one-time link to choose a password, and show it on the answer alone. Earlier ones end, and sessions."""
    try:
        with the_store().writing() as writing:
            AccountBook(writing, the_actor()).note_password_link(account_id)
    except AccountRefused as refusal:
        return _refused(account_id, refusal)
    shown = _show_link(account_id)
    if account_id == the_reader().account_id:
        session.clear()  # it has just ended
    return shown


def headline(rows: Sequence[AccountRow]) -> str:
    """How many can sign in, and how many of them without a second factor."""
    able = [row for row in rows if row.active]
    lacking = sum(row.second_factor == "none" for row in able)
    people = sentence(counted(len(able), "person", "people"))
    factor = f"{counted(lacking, 'person', 'people')} {'has' if lacking == 1 else 'have'} no second factor"
    return f"{people} can sign in; {factor if lacking else 'everybody has a second factor'}."


def _change(account_id: int, change: Change) -> ResponseReturnValue:
    try:
        with access.writing(the_store(), EVERYTHING) as writing:  # to tell which screen links end with a role
            change.do(AccountBook(writing, the_actor()), account_id)
    except AccountRefused as refusal:
        return _refused(account_id, refusal)
    return _back(account_id, change.said, signs_out=change.signs_out)


def _refused(account_id: int, refusal: AccountRefused) -> ResponseReturnValue:
    """Back to the person with the reason; to nobody where there is none of that number."""
    with the_store().reading() as reading:
        if find_account(reading, account_id) is None:
            flask.abort(404)
    flask.flash(str(refusal), "error")
    return flask.redirect(flask.url_for("people.person", account_id=account_id), 303)


def _back(account_id: int, said: str, *, signs_out: bool) -> ResponseReturnValue:
    if signs_out and account_id == the_reader().account_id:
        session.clear()  # else this answer would bring back the session that has just ended
        return flask.redirect("/sign-in", 303)
    flask.flash(said)
    return flask.redirect(flask.url_for("people.person", account_id=account_id), 303)


def _person_page(
    account_id: int, *, role_form: RoleForm | None = None, name_form: NameForm | None = None
) -> ResponseReturnValue:
    with access.reading(the_store(), EVERYTHING) as reading:
        row = find_account(reading, account_id)
        places = load_places(reading, MOST_SUGGESTED)
        links = count_open_links(reading, account_id, now_utc())
    if row is None:
        flask.abort(404)
    shown = page(
        "people_person.html", row.called, person=row, places=places, links=links,
        own=row.id == the_reader().account_id,
        role_form=role_form or RoleForm(formdata=None), name_form=name_form or NameForm(formdata=None, name=row.name),
    )  # fmt: skip
    return shown, 422 if role_form or name_form else 200


def _form_page(template: str, title: str, form: Any) -> ResponseReturnValue:
    with access.reading(the_store(), EVERYTHING) as reading:
        places = load_places(reading, MOST_SUGGESTED)
    return page(template, title, form=form, places=places), 422 if form.errors else 200


def _show_link(account_id: int) -> ResponseReturnValue:
    with the_store().reading() as reading:
        row = find_account(reading, account_id)
    link = password_link(account_id, address())
    return page("people_link.html", "A link to choose a password", person=row, link=link)


def address() -> str:
    """How people reach the dashboard: PUBLIC_URL where it is set, else as this request did."""
    public: str = flask.current_app.config.get("PUBLIC_URL") or request.url_root
    return public.rstrip("/")
