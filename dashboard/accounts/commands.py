"""Writes about accounts: who there is, what they are trusted with, and that it ends at once when it is taken away.

Each is stored together with its event. Events know people by number and never hold a name or an address.
"""

import uuid
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import EVERYTHING, NOTHING, Action, Object, Reader, Scope, scope_for
from dashboard.access.administrators import LastAdministrator, check_another_administrator, one_at_a_time
from dashboard.accounts.grants import AccountRefused, as_read, describe, new_grant, same
from dashboard.accounts.queries import open_links_out_of_reach
from dashboard.accounts.rows import second_factor_in_words
from dashboard.accounts.screen_links import ScreenLinks
from dashboard.audit import Actor
from dashboard.changes import Outcome
from dashboard.db import now_utc
from dashboard.intake.work_email import is_private
from dashboard.models import Account, AccountGrant, Passkey, WebSession
from dashboard.vocabulary import Role

LONGEST_NAME: Final = 200
_OUT_OF_REACH: Final = "whoever made it no longer looks after the cluster"


class AccountBook:
    """The accounts, for one actor, within one transaction. `outcome` tells what became of the last call.

    Where a role or an account ends, the transaction has to see every cluster: screen links may end with it.
    """

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session, self._actor = session, actor
        self.outcome = Outcome.UNCHANGED
        one_at_a_time(session)

    def add(
        self,
        email: str,
        role: Role,
        *,
        name: str | None = None,
        programme: str | None = None,
        cluster: str | None = None,
        school: str | None = None,
    ) -> Account:
        """Give somebody a role, and an account if the address has none. Places are named by their slugs.

        The same again changes nothing. A disabled account stays disabled. Another role ends sessions and links, and a
        sign-in that is under way: it was begun with what the roles of before ask for.
        """
        address, called = _check_email(email), _check_name(name)
        grant = new_grant(self._session, role, {"programme": programme, "cluster": cluster, "school": school})
        account = self._session.scalar(sa.select(Account).where(Account.email == address))
        if account is None:
            return self._open(address, called, grant)
        self.outcome = Outcome.UNCHANGED
        if called and called != account.name:
            self.rename(account.id, called)
        if not any(same(grant, held) for held in account.grants):
            before = describe(account)
            account.grants.append(grant)
            self._end_everything(account)
            self._tell("add role", account, before)
        return account

    def withdraw(self, account_id: int, grant_id: int) -> Account:
        """Take a role away, and the screen links that rested on it. The account stays, even without any role."""
        account = self._get(account_id)
        grant = next((each for each in account.grants if each.id == grant_id), None)
        if grant is None:
            raise AccountRefused("This account does not hold that role (any more).")
        if grant.role is Role.ADMINISTRATOR:
            self._keep_an_administrator(account)
        before = describe(account)
        account.grants.remove(grant)
        self._end_everything(account)
        self._revoke_links(account)
        self._tell("withdraw role", account, before)
        return account

    def disable(self, account_id: int) -> Account:
        """Let nobody sign in with this account any more, and end what is open: sessions, and links of every kind."""
        account = self._get(account_id)
        if not account.active:
            return self._unchanged(account)
        if any(grant.role is Role.ADMINISTRATOR for grant in account.grants):
            self._keep_an_administrator(account)
        before = describe(account)
        account.active = False
        self._end_everything(account)
        self._revoke_links(account)
        self._tell("disable", account, before)
        return account

    def enable(self, account_id: int) -> Account:
        """Let a disabled account sign in again, with the roles it had."""
        account = self._get(account_id)
        if account.active:
            return self._unchanged(account)
        before = describe(account)
        account.active = True
        self._tell("enable", account, before)
        return account

    def rename(self, account_id: int, name: str | None) -> Account:
        """Set what the person is called; nothing takes the name out."""
        account, called = self._get(account_id), _check_name(name)
        if account.name == called:
            return self._unchanged(account)
        before = audit.quote(account, {"name": account.name})
        account.name = called
        self._tell("rename", account, before, audit.quote(account, {"name": called}))
        return account

    def end_sessions(self, account_id: int) -> Account:
        """Sign the person out everywhere; links to choose a password that were given out before die too."""
        account = self._get(account_id)
        ended = self._end_everything(account)
        self._tell("end sessions", account, {"sessions": ended}, {"sessions": 0})
        return account

    def reset_second_factor(self, account_id: int) -> Account:
        """Forget the authenticator app, recovery codes and passkeys: for somebody who lost them."""
        account = self._get(account_id)
        held = second_factor_in_words(app=account.tf_totp_secret is not None, passkeys=len(account.passkeys))
        account.tf_primary_method = account.tf_totp_secret = account.mf_recovery_codes = None
        account.tf_last_counter = None
        self._session.execute(sa.delete(Passkey).where(Passkey.user_id == account.id))
        self._session.expire(account, ["passkeys"])
        self._end_everything(account)
        self._tell("reset second factor", account, {"second factor": held}, {"second factor": "none"})
        return account

    def note_password_link(self, account_id: int) -> Account:
        """Write down that a link to choose a password is given out; who makes it is `sign_in`.

        Links that were given out before die. They carry the mark of the account, and sessions do, so these end too.
        """
        account = self._get(account_id)
        if not account.active:
            raise AccountRefused("This account is disabled. Enable it first.")
        self._end_everything(account)
        self._tell("give out password link", account, None, describe(account))
        return account

    def _open(self, address: str, name: str | None, grant: AccountGrant) -> Account:
        account = Account(email=address, name=name, active=True, fs_uniquifier=_new_mark(), grants=[grant])
        self._session.add(account)
        self._session.flush()
        self._tell("add", account, None)
        self.outcome = Outcome.ADDED
        return account

    def _get(self, account_id: int) -> Account:
        account = self._session.get(Account, account_id)
        if account is None:
            raise AccountRefused(f"There is no account {account_id}.")
        return account

    def _keep_an_administrator(self, account: Account) -> None:
        try:
            check_another_administrator(self._session, {account.id})
        except LastAdministrator as refusal:
            raise AccountRefused(str(refusal)) from refusal

    def _end_everything(self, account: Account) -> int:
        """Another mark for the account: no session, no link and no sign-in under way is good any more.

        Gives back how many sessions there were.
        """
        account.fs_uniquifier = _new_mark()
        mine = sa.delete(WebSession).where(WebSession.account_id == account.id)
        return len(self._session.scalars(mine.returning(WebSession.id)).all())

    def _revoke_links(self, account: Account) -> None:
        """Close the screen links that the person made for clusters they look after no more.

        Before the account's own event: the links' rows are held before the audit is, as everywhere.
        """
        links = ScreenLinks(self._session, self._actor)
        for link_id in open_links_out_of_reach(self._session, account.id, _links_scope(account), now_utc()):
            links.revoke(link_id, scope=EVERYTHING, reason=_OUT_OF_REACH)

    def _unchanged(self, account: Account) -> Account:
        self.outcome = Outcome.UNCHANGED
        return account

    def _tell(
        self,
        action: str,
        account: Account,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        after = after or describe(account)
        audit.record(self._session, self._actor, action, "account", account.id, before=before, after=after)
        self.outcome = Outcome.CHANGED


def _links_scope(account: Account) -> Scope:
    """The clusters whose screen links an account may look after."""
    if not account.active:
        return NOTHING
    return scope_for(Reader(grants=as_read(account.grants)), Action.EDIT, Object.SCREEN_LINKS)


def _check_email(text: str) -> str:
    try:
        address = validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise AccountRefused(f"“{text.strip()[:100]}” is not an e-mail address. {error}", "email") from error
    if is_private(address):
        raise AccountRefused(f"“{address}” is a private address. Give the one at work; no other is held.", "email")
    return address


def _check_name(text: str | None) -> str | None:
    name = " ".join((text or "").split())
    if len(name) > LONGEST_NAME:
        raise AccountRefused(f"The name has {len(name)} letters; at most {LONGEST_NAME} are kept.", "name")
    if not name.isprintable():
        raise AccountRefused("The name holds something that is not a letter.", "name")
    return name or None


def _new_mark() -> str:
    return uuid.uuid4().hex
