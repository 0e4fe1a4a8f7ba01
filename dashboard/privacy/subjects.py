"""Whom a work address or a number means. One human may be a contact and hold an account; the address joins them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.models import Account, Person
from dashboard.privacy.due import is_somebody

_NUMBERED: Final = re.compile(r"(?:(contact|account)[ -]?)?(\d{1,9})")


class SubjectUnclear(ValueError):
    """Nobody, or more than one, goes by an address or number. The text says so and names nobody."""


@dataclass(frozen=True)
class Subject:
    """One human: a contact, an account, or both."""

    person_id: int | None = None
    account_id: int | None = None

    @property
    def key(self) -> str:
        """What the person is called in addresses of pages and files: "contact-7", "account-3"."""
        return f"contact-{self.person_id}" if self.person_id is not None else f"account-{self.account_id}"


def find_subject(session: Session, text: str) -> Subject:
    """Whom a work address (in any case) or a number means. Raises SubjectUnclear.

    "contact-7" and "account-7" are clear; "7" is where only one of them is there.
    """
    said = text.strip()
    numbered = _NUMBERED.fullmatch(said.casefold())
    if numbered is not None:
        return _by_number(session, numbered[1], int(numbered[2]))
    people, account_id = _held_under(session, said)
    if len(people) > 1:
        keys = ", ".join(f"contact-{number}" for number in people)
        raise SubjectUnclear(f"{len(people)} contacts share this address; give the number of one: {keys}")
    if not people and account_id is None:
        raise SubjectUnclear(f"nobody is held under “{said[:100]}”; give a work e-mail address or a number")
    return Subject(people[0] if people else None, account_id)


def _by_number(session: Session, kind: str | None, number: int) -> Subject:
    people = sa.select(Person.id, Person.work_email).where(Person.id == number, is_somebody())
    accounts = sa.select(Account.id, Account.email).where(Account.id == number)
    person = None if kind == "account" else session.execute(people).one_or_none()
    account = None if kind == "contact" else session.execute(accounts).one_or_none()
    if person is not None and account is not None:
        keys = f"contact-{number} or account-{number}"
        raise SubjectUnclear(f"{number} is the number of a contact and of an account; say {keys}")
    found = person or account
    if found is None:
        raise SubjectUnclear(f"nobody is held under the number {number}")
    sharing, account_id = _held_under(session, found[1])
    # An address that several share, such as an office's, joins nobody.
    if person is not None:
        return Subject(number, account_id if len(sharing) == 1 else None)
    return Subject(sharing[0] if len(sharing) == 1 else None, number)


def _held_under(session: Session, address: str | None) -> tuple[Sequence[int], int | None]:
    """The contacts and the account of an address."""
    if not address:
        return (), None
    same = address.strip().lower()
    people = session.scalars(
        sa.select(Person.id).where(sa.func.lower(Person.work_email) == same, is_somebody()).order_by(Person.id)
    ).all()
    return people, session.scalar(sa.select(Account.id).where(sa.func.lower(Account.email) == same))
