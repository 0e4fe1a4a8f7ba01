"""Before anybody has an account: looking around on this computer, or the link that makes the first administrator.

There is no account that comes with the product. As soon as the first one exists, both ways are closed.
"""

import ipaddress
import secrets
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import flask
import sqlalchemy as sa
from flask import Blueprint, request, session
from flask.typing import ResponseReturnValue
from flask_security import hash_password
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SubmitField, ValidationError
from wtforms.validators import EqualTo, InputRequired

from dashboard import audit
from dashboard.access import EVERYTHING, Grant, Reader, wall
from dashboard.accounts.commands import AccountBook
from dashboard.accounts.grants import AccountRefused
from dashboard.accounts.passwords import find_problem, normal
from dashboard.accounts.queries import Examples, any_account, find_examples
from dashboard.accounts.sessions import digest
from dashboard.accounts.sign_in_store import close_transaction, open_transaction
from dashboard.audit import COMMAND_LINE, Actor
from dashboard.db import Session, Store, now_utc
from dashboard.models import SetUpLink
from dashboard.ui.links import own_address
from dashboard.vocabulary import Role
from dashboard.web.context import origin, the_store
from dashboard.web.door import public
from dashboard.web.pages import page

LOOK_AROUND: Final = "look_around"
"""The key under which a session keeps as what somebody looks around."""
_PLACE: Final = "look_around_at"
LOOK_AROUND_ALLOWED: Final = "LOOK_AROUND_ALLOWED"
"""The setting of the server: it serves this computer alone."""
_LINK_LASTS: Final = timedelta(hours=24)
_PROXIED: Final = ("forwarded", "x-forwarded", "x-real-ip", "x-original-host", "true-client-ip", "cf-", "via")
"""How the names of headers begin that only a proxy adds."""
_HERE: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})

_WORDS: Final[Mapping[Role, str]] = {
    Role.DIRECTOR: "a director",
    Role.HEADTEACHER: "a headteacher",
    Role.STEERING: "a steering group",
}

pages = Blueprint("first_start", __name__, template_folder="templates")


def may_look_around() -> bool:
    """Whether this request comes from this computer, to a server for this computer, while nobody has an account.

    A proxy before the server, or a name that somebody made to point here, ends it.
    """
    if not flask.current_app.config[LOOK_AROUND_ALLOWED] or _came_by_proxy():
        return False
    if request.host.rpartition(":")[0] not in _HERE and request.host not in _HERE:
        return False
    try:
        near = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return near and nobody_yet()


def _came_by_proxy() -> bool:
    """Whether somebody else stands between the browser and the server, as far as a request tells.

    One that was set up with nothing but our address passes itself off as this computer. What the browser says of the
    page that it shows gives it away, and so does the old HTTP that nginx speaks if it is told nothing else.
    """
    if any(name.lower().startswith(_PROXIED) for name in request.headers.keys()):  # noqa: SIM118  (pairs otherwise)
        return True
    own = request.host_url.rstrip("/")
    return request.headers.get("Origin", own) != own or request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0"


def nobody_yet() -> bool:
    """Whether nobody has an account."""
    with _asking() as reading:
        return not any_account(reading)


@contextmanager
def _asking() -> Generator[Session]:
    """The transaction of a sign-in where one is under way."""
    under_way = open_transaction()
    if under_way is not None:
        yield under_way
        return
    with the_store().reading() as reading:
        yield reading


def look_around_choices() -> list[tuple[Role, str]]:
    """As what somebody may look around: role and words for the button."""
    examples = _examples()
    if examples is None:
        return [(Role.DIRECTOR, _WORDS[Role.DIRECTOR])]
    return [
        (Role.DIRECTOR, _WORDS[Role.DIRECTOR]),
        (Role.HEADTEACHER, f"the headteacher of {examples.school_name}"),
        (Role.STEERING, f"the steering group of {examples.cluster_name}"),
    ]


def guest() -> Reader | None:
    """Whoever looks around in this session, if that is still allowed."""
    chosen = session.get(LOOK_AROUND, "")
    if chosen not in _WORDS or not may_look_around():
        return None
    role = Role(chosen)
    return Reader(
        name=_WORDS[role],
        grants=(_grant(role, session.get(_PLACE)),),
        known_as=f"looking around as {role}",
        looks_only=True,
    )


def _grant(role: Role, place: int | None) -> Grant:
    if role is Role.HEADTEACHER:
        return Grant(role, school_id=place)
    return Grant(role, cluster_id=place if role is Role.STEERING else None)


def _place(role: Role) -> int | None:
    """Which school or cluster of the sample somebody looks around in; asked once, when they choose."""
    examples = None if role is Role.DIRECTOR else _examples()
    if examples is None:
        return None
    return examples.school_id if role is Role.HEADTEACHER else examples.cluster_id


def _examples() -> Examples | None:
    close_transaction()  # of a sign-in, which found nobody: there is nobody. A request has one connection at a time
    with the_store().reading(wall(EVERYTHING)) as reading:
        return find_examples(reading)


@pages.post("/look-around")
@public
def look_around() -> ResponseReturnValue:
    """Take one of the choices, and go where the visitor wanted to go."""
    chosen = request.form.get("role", "")
    if chosen not in _WORDS or not may_look_around():
        flask.abort(404)
    wanted = own_address(request.form.get("next", "")) or "/"
    session.clear()
    session[LOOK_AROUND], session[_PLACE] = chosen, _place(Role(chosen))
    return flask.redirect(wanted, 303)


class SetUpForm(FlaskForm):  # type: ignore[misc]
    """The first administrator."""

    email = EmailField("Your work e-mail address", validators=[InputRequired("Enter your work e-mail address.")])
    password = PasswordField("A password for this dashboard", validators=[InputRequired("Choose a password.")])
    again = PasswordField(
        "The password again", validators=[EqualTo("password", "The two passwords are not the same.")]
    )  # fmt: skip
    submit = SubmitField("Make the first administrator")

    def validate_password(self, field: PasswordField) -> None:
        """The rules of `passwords`."""
        problem = find_problem(field.data or "", self.email.data)
        if problem:
            raise ValidationError(problem)


@pages.route("/set-up/<token>", methods=["GET", "POST"])
@public
def set_up(token: str) -> ResponseReturnValue:
    """Make the first administrator by the link from the console; once that is done there is nothing here."""
    with the_store().reading() as reading:
        if _open_link(reading, token, now_utc()) is None:
            flask.abort(404)
    form = SetUpForm()
    if form.validate_on_submit():
        try:
            _make_administrator(token, form.email.data, form.password.data)
        except AccountRefused as refusal:
            form.email.errors = [str(refusal)]
        else:
            flask.flash("The first administrator is made. Sign in with the address and password you have chosen.")
            return flask.redirect("/sign-in", 303)
    return page("set_up.html", "Set up the dashboard", form=form)


def _make_administrator(token: str, email: str, password: str) -> None:
    hashed = hash_password(normal(password))  # before the store is held: it takes a while on purpose
    with the_store().writing() as writing:
        book = AccountBook(writing, Actor("set-up link", origin()))  # from here on, one at a time
        link = _open_link(writing, token, now_utc())
        if link is None:  # somebody was faster
            flask.abort(404)
        link.used_at = now_utc()
        book.add(email, Role.ADMINISTRATOR).password = hashed


def _open_link(reading: Session, token: str, now: datetime) -> SetUpLink | None:
    link = reading.scalar(
        sa.select(SetUpLink).where(
            SetUpLink.token_sha256 == digest(token), SetUpLink.used_at.is_(None), SetUpLink.expires_at > now
        )
    )
    return None if link is None or any_account(reading) else link


def make_set_up_link(store: Store, address: str) -> str | None:
    """A fresh link that makes the first administrator; None when somebody has an account. Earlier links end.

    It goes to the console of whoever starts the server: to the audit that is the command line.
    """
    token = secrets.token_urlsafe(32)
    with store.writing() as writing:
        if any_account(writing):
            return None
        now = now_utc()
        writing.execute(sa.update(SetUpLink).where(SetUpLink.used_at.is_(None)).values(expires_at=now))
        link = SetUpLink(token_sha256=digest(token), created_at=now, expires_at=now + _LINK_LASTS)
        writing.add(link)
        writing.flush()
        expires = audit.quote(link, {"expires_at": link.expires_at})
        audit.record(writing, COMMAND_LINE, "make", "set-up link", link.id, after=expires)
    return f"{address}/set-up/{token}"
