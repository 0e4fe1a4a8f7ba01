"""What a role needs to mean anything, and how a grant reads in the audit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Grant
from dashboard.models import Account, AccountGrant, Cluster, Programme, School
from dashboard.vocabulary import Role


@dataclass(frozen=True)
class Place:
    """Where a role holds: a kind of place, and whether the role means nothing without one."""

    kind: str
    needed: bool


PLACES: Final[Mapping[Role, Place | None]] = {
    Role.DIRECTOR: Place("programme", needed=False),
    Role.ADVISOR: Place("programme", needed=False),
    Role.COORDINATOR: Place("cluster", needed=True),
    Role.BURSAR: Place("cluster", needed=True),
    Role.STEERING: Place("cluster", needed=True),
    Role.HEADTEACHER: Place("school", needed=True),
    Role.ADMINISTRATOR: None,
}
_KINDS: Final[Mapping[str, type[Programme | Cluster | School]]] = {
    "programme": Programme, "cluster": Cluster, "school": School,
}  # fmt: skip


class AccountRefused(Exception):
    """An account cannot be changed that way; the text says why. `option` names what was said wrongly, if anything."""

    def __init__(self, text: str, option: str | None = None) -> None:
        self.option = option
        super().__init__(text)


def new_grant(session: Session, role: Role, said: Mapping[str, str | None]) -> AccountGrant:
    """The grant of a role at exactly the place it needs, of the slugs that were said; anything else is refused."""
    place = PLACES[role]
    for option in (option for option, slug in said.items() if slug):
        if place is None or option != place.kind:
            where = f"for a {place.kind}" if place else "everywhere"
            raise AccountRefused(f"The role {role} holds {where}, not for a {option}.", option)
    grant = AccountGrant(role=role)
    slug = said[place.kind] if place else None
    if place and slug:
        setattr(grant, f"{place.kind}_id", _find(session, place.kind, slug))
    elif place and place.needed:
        raise AccountRefused(f"The role {role} needs a {place.kind}.", place.kind)
    return grant


def _find(session: Session, kind: str, slug: str) -> int:
    table = _KINDS[kind]
    found = session.scalar(sa.select(table.id).where(table.slug == slug))
    if found is None:
        raise AccountRefused(f"There is no {kind} “{slug}”.", kind)
    return found


def same(one: AccountGrant, other: AccountGrant) -> bool:
    """Whether two grants allow the same."""
    return as_read([one]) == as_read([other])


def as_read(grants: Iterable[AccountGrant]) -> tuple[Grant, ...]:
    """Grants as the policy takes them."""
    return tuple(Grant(each.role, each.programme_id, each.cluster_id, each.school_id) for each in grants)


def describe(account: Account) -> dict[str, str]:
    """An account as its events tell of it: roles with the numbers of their places, and whether it is active."""
    roles = "; ".join(_in_words(grant) for grant in account.grants) or "none"
    return {"roles": roles, "active": "yes" if account.active else "no"}


def _in_words(grant: AccountGrant) -> str:
    places = {"programme": grant.programme_id, "cluster": grant.cluster_id, "school": grant.school_id}
    return " ".join([grant.role, *(f"of {kind} {number}" for kind, number in places.items() if number is not None)])
