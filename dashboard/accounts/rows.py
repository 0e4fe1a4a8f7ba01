"""Accounts and links as lists show them: no secrets, states in words."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.vocabulary import Role
from dashboard.wording import day


@dataclass(frozen=True)
class HeldRole:
    """One role of an account, and where it holds."""

    id: int
    role: Role
    place: str
    """The name of the programme, cluster or school; "all programmes"; empty for an administrator."""


@dataclass(frozen=True)
class AccountRow:
    """An account as an administrator sees it. Nothing secret is in it."""

    id: int
    email: str
    name: str | None
    active: bool
    has_password: bool
    has_app: bool
    passkeys: int
    sessions: int
    last_signed_in_at: datetime | None
    roles: tuple[HeldRole, ...]

    @property
    def called(self) -> str:
        """The name, or the address where no name was given."""
        return self.name or self.email

    @property
    def state(self) -> str:
        """Whether anybody can sign in with it, in words."""
        return "active" if self.active else "disabled"

    @property
    def second_factor(self) -> str:
        """What the person holds besides the password, in words."""
        return second_factor_in_words(app=self.has_app, passkeys=self.passkeys)

    def mentions(self, text: str) -> bool:
        """Whether a text stands anywhere in the name, the address, a role or a place."""
        told = (self.name or "", self.email, *(f"{held.role} {held.place}" for held in self.roles))
        return any(text.casefold() in each.casefold() for each in told)


@dataclass(frozen=True)
class LinkRow:
    """A screen link as those who look after the cluster see it. The link itself is not known here."""

    id: int
    cluster: str
    name: str
    label: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    open: bool

    @property
    def state(self) -> str:
        """Whether it opens the screen, in words."""
        if self.revoked_at is not None:
            return f"revoked on {day(self.revoked_at)}"
        return f"{'open until' if self.open else 'expired on'} {day(self.expires_at)}"


def second_factor_in_words(*, app: bool, passkeys: int) -> str:
    """What somebody holds besides a password: "authenticator app, 2 passkeys", or "none"."""
    keys = f"{passkeys} passkey{'s' * (passkeys != 1)}" if passkeys else ""
    return ", ".join(each for each in ("authenticator app" if app else "", keys) if each) or "none"
