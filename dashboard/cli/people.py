"""Commands about people and screen links, for whoever sits at the server: nobody has to sign in here."""

import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer

from dashboard.access import EVERYTHING
from dashboard.accounts.commands import AccountBook
from dashboard.accounts.grants import AccountRefused
from dashboard.accounts.queries import find_account, find_account_id, load_people, load_screen_links
from dashboard.accounts.rows import AccountRow, LinkRow
from dashboard.accounts.screen_links import USUAL_DAYS, LinkRefused, ScreenLinks
from dashboard.audit import COMMAND_LINE
from dashboard.changes import Outcome
from dashboard.cli.opening import open_store
from dashboard.db import Session, Store
from dashboard.intake.problems import Refused
from dashboard.models import Account
from dashboard.settings import SettingRefused, Settings
from dashboard.vocabulary import Role
from dashboard.wording import day

Email = Annotated[str, typer.Argument(help="The person's work e-mail address.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def register(app: typer.Typer) -> None:
    """Add `user` and `screen-link` to the command line."""
    users = typer.Typer(help="Who can sign in.", no_args_is_help=True)
    users.command("add")(add_user)
    users.command("disable")(disable_user)
    users.command("enable")(enable_user)
    users.command("list")(list_users)
    users.command("link")(link_user)
    app.add_typer(users, name="user")
    links = typer.Typer(help="Links that open a cluster's screen in a meeting room.", no_args_is_help=True)
    links.command("add")(add_link)
    links.command("revoke")(revoke_link)
    links.command("list")(list_links)
    app.add_typer(links, name="screen-link")


def add_user(
    email: Email,
    role: Annotated[Role, typer.Option(help="What the person is trusted with.")],
    programme: Annotated[str | None, typer.Option(help="Of a director or advisor; all programmes without it.")] = None,
    cluster: Annotated[
        str | None, typer.Option(help="The slug of a coordinator's or steering group's cluster.")
    ] = None,
    school: Annotated[str | None, typer.Option(help="The slug of a headteacher's school.")] = None,
    name: Annotated[str | None, typer.Option(help="As the person is called at work.")] = None,
    as_json: AsJson = False,
) -> None:
    """Give somebody an account, or another role. Prints the link by which a new person chooses a password."""
    with _opened() as store:
        _ = Settings().secret  # refused before anything is stored: the link is signed with it
        with store.writing() as session:
            book = AccountBook(session, COMMAND_LINE)
            account = book.add(email, role, name=name, programme=programme, cluster=cluster, school=school)
            account_id, outcome = account.id, book.outcome
        row = _row(store, account_id)
        link = _link_for(store, account_id) if outcome is Outcome.ADDED else None
    said = {
        Outcome.ADDED: "has an account now",
        Outcome.CHANGED: "had an account already; it is changed",
        Outcome.UNCHANGED: "holds that role already; nothing was changed",
    }
    if as_json:
        _print_json({**_account(row), "outcome": outcome.value, "link": link})
        return
    print(f"{row.email} {said[outcome]}{'' if row.active else ' (the account is disabled)'}.")
    if outcome is Outcome.CHANGED and row.active and not row.has_password:
        print(f"No password is chosen yet. A link that was given out before may be dead: user link {row.email}")
    if link:
        print(f"A password can be chosen at this address, once and for a day:\n{link}")


def disable_user(email: Email) -> None:
    """Let nobody sign in with an account any more; every session ends, and every screen link the person made."""
    _change(email, AccountBook.disable, "is disabled")


def enable_user(email: Email) -> None:
    """Let a disabled account sign in again."""
    _change(email, AccountBook.enable, "is enabled")


def list_users(as_json: AsJson = False) -> None:
    """Everybody who has an account."""
    with _opened() as store, store.reading() as session:
        rows = load_people(session)
    if as_json:
        _print_json([_account(row) for row in rows])
        return
    for row in rows:
        roles = ", ".join(f"{held.role}{f' ({held.place})' if held.place else ''}" for held in row.roles) or "no role"
        print(f"{row.email}: {row.state}; {roles}; second factor: {row.second_factor}")


def link_user(email: Email) -> None:
    """Print a fresh one-time link by which a person chooses a password. Earlier links and open sessions end."""
    with _opened() as store:
        _ = Settings().secret
        with store.writing() as session:
            account = AccountBook(session, COMMAND_LINE).note_password_link(_find(session, email))
            account_id = account.id
        print(_link_for(store, account_id))


def add_link(
    slug: Annotated[str, typer.Argument(help="The cluster's slug.")],
    days: Annotated[int, typer.Option(help="How long the link is good.")] = USUAL_DAYS,
    label: Annotated[str | None, typer.Option(help="Where it is used, such as a room; no person's name.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a link that opens one cluster's screen and nothing else. It is printed once and stored nowhere."""
    with _opened() as store, store.writing() as session:
        made, token = ScreenLinks(session, COMMAND_LINE).add(slug, scope=EVERYTHING, label=label, days=days)
        link_id, expires_at = made.id, made.expires_at
    address = f"{Settings().address}/link/{token}"
    if as_json:
        _print_json({"id": link_id, "cluster": slug, "expires_at": expires_at.isoformat(), "link": address})
        return
    print(f"Screen link {link_id}, good until {day(expires_at)}:\n{address}")


def revoke_link(number: Annotated[int, typer.Argument(metavar="ID", help="The link's number.")]) -> None:
    """Close a screen link for good; the screens it opened go dark."""
    with _opened() as store, store.writing() as session:
        links = ScreenLinks(session, COMMAND_LINE)
        links.revoke(number, scope=EVERYTHING)
        again = "already" if links.outcome is Outcome.UNCHANGED else "now"
    print(f"Screen link {number} is revoked {again}.")


def list_links(as_json: AsJson = False) -> None:
    """Every screen link, open or not."""
    with _opened() as store, store.reading() as session:
        rows = load_screen_links(session, EVERYTHING)
    if as_json:
        _print_json([_link(row) for row in rows])
        return
    for row in rows:
        used = day(row.last_used_at) if row.last_used_at else "never"
        print(f"{row.id}: {row.name}; {row.label or 'no label'}; {row.state}; last used: {used}")


def _change(email: str, do: Callable[[AccountBook, int], Account], said: str) -> None:
    with _opened() as store, store.writing() as session:
        book = AccountBook(session, COMMAND_LINE)
        address = do(book, _find(session, email)).email
        again = "already" if book.outcome is Outcome.UNCHANGED else "now"
    print(f"{address} {said} {again}.")


def _find(session: Session, email: str) -> int:
    account_id = find_account_id(session, email)
    if account_id is None:
        raise AccountRefused(f"Nobody has an account with the address {email}.")
    return account_id


def _row(store: Store, account_id: int) -> AccountRow:
    with store.reading() as session:
        row = find_account(session, account_id)
    assert row is not None  # noqa: S101  (it was written a moment ago)
    return row


def _link_for(store: Store, account_id: int) -> str:
    """The link by which a person chooses a password; sign-in is loaded for it alone, because it takes a while."""
    from dashboard.accounts.sign_in import at_the_desk, password_link

    settings = Settings()
    with at_the_desk(store, settings):
        return password_link(account_id, settings.address)


def _account(row: AccountRow) -> dict[str, Any]:
    return {
        "account": row.id,
        "email": row.email,
        "name": row.name,
        "active": row.active,
        "roles": [{"role": held.role.value, "place": held.place or None} for held in row.roles],
        "second_factor": row.second_factor,
        "last_signed_in_at": row.last_signed_in_at and row.last_signed_in_at.isoformat(),
        "sessions": row.sessions,
    }


def _link(row: LinkRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "cluster": row.cluster,
        "label": row.label,
        "state": row.state,
        "open": row.open,
        "expires_at": row.expires_at.isoformat(),
        "last_used_at": row.last_used_at and row.last_used_at.isoformat(),
    }


@contextmanager
def _opened() -> Generator[Store]:
    """The store; whatever is refused is said on standard error, and nothing of it is stored."""
    try:
        with open_store() as store:
            yield store
    except AccountRefused as refusal:
        _refuse(f"{refusal} (--{refusal.option})" if refusal.option not in {None, "email"} else str(refusal))
    except (LinkRefused, Refused, SettingRefused) as refusal:
        _refuse(str(refusal))


def _refuse(reason: str) -> NoReturn:
    print(f"Nothing was stored. {reason}", file=sys.stderr)
    raise typer.Exit(2)


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
