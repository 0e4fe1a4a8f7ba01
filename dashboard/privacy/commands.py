"""Writes about people: the purge, the erasure of one person, and how long a contact is kept. Each with its event.

Events hold counts and numbers, never a name; a reason that names the person is refused.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access.administrators import LastAdministrator, check_another_administrator, one_at_a_time
from dashboard.audit import Actor
from dashboard.changes import Outcome
from dashboard.db import Base
from dashboard.models import (
    NAMELESS,
    EvidenceFile,
    FeedLink,
    OpenRegister,
    Person,
    Receipt,
    ScreenLink,
    SetUpLink,
    WebSession,
)
from dashboard.privacy.due import find_due, is_somebody
from dashboard.privacy.removal import Removal
from dashboard.privacy.rules import ERASED, PURGE, Kept
from dashboard.privacy.subjects import Subject
from dashboard.privacy.traces import Mention, Names, find_mentions, load_names, tells_of

LONGEST_REASON: Final = 500
LONGEST_PURPOSE: Final = 200

_A_PART_TOO: Final = "A part of the name or the initials count too; if they are also a word, use another."

_ROWS: Final[Mapping[Kept, type[Base]]] = {
    Kept.SESSIONS: WebSession,
    Kept.OPEN_REGISTERS: OpenRegister,
    Kept.RECEIPTS: Receipt,
    Kept.EVIDENCE: EvidenceFile,
    Kept.SCREEN_LINKS: ScreenLink,
    Kept.FEED_LINKS: FeedLink,
    Kept.SET_UP_LINKS: SetUpLink,
}


class PrivacyRefused(Exception):
    """Something about a person cannot be done; the text says why. `field` is what was said wrongly, if anything was."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Erasure:
    """What was taken out, by rule, and the texts that still hold the name: a person has to look at those."""

    counts: Mapping[Kept, int]
    mentions: Sequence[Mention]


class PrivacyBook:
    """The data about people, for one actor, within one transaction that sees the whole store."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session, self._actor = session, actor

    def purge(self, today: date, *, dry_run: bool = False) -> dict[Kept, int]:
        """Take out what is kept no longer, and count it by rule. A dry run does the same and takes it all back."""
        one_at_a_time(self._session)
        savepoint = self._session.begin_nested()
        counts = self._take_out_due(today)
        if dry_run:
            savepoint.rollback()
        else:
            savepoint.commit()
        self._session.expire_all()
        if counts and not dry_run:
            audit.record(self._session, self._actor, PURGE, "personal data", after=_in_words(counts))
        return counts

    def erase(self, subject: Subject, reason: str | None = None) -> Erasure:
        """Take one person out: contact, account and all that hangs on them. Figures and the audit stay whole."""
        one_at_a_time(self._session)
        people = [] if subject.person_id is None else [subject.person_id]
        accounts = [] if subject.account_id is None else [subject.account_id]
        called = load_names(self._session, people, accounts)
        said = _check_reason(reason, called)
        self._keep_an_administrator(accounts)
        removal = Removal(self._session)
        if people:
            removal.of_people(people)
        if accounts:
            removal.of_accounts(accounts, Kept.ACCOUNTS)
        self._session.expire_all()
        counts = +removal.counts
        for kind, numbers in (("contact", people), ("account", accounts)):
            for number in numbers:
                audit.record(self._session, self._actor, ERASED, kind, number, reason=said, after=_in_words(counts))
        return Erasure(counts, find_mentions(self._session, called))

    def set_term(self, person_id: int, *, purpose: str | None, delete_after: date | None) -> Outcome:
        """Say what a contact is held for, and until when; without a date the programme's end counts."""
        person = self._session.scalar(sa.select(Person).where(Person.id == person_id, is_somebody()))
        if person is None:
            raise PrivacyRefused(f"There is no contact {person_id}.")
        words = _check_purpose(purpose, load_names(self._session, [person_id]))
        said = {"purpose": words, "delete_after": delete_after}
        was = {name: getattr(person, name) for name in said}
        # Not by what the event says: of a purpose it says only that there is one.
        if was == said:
            return Outcome.UNCHANGED
        before, after = audit.quote(person, was), audit.quote(person, said)
        person.purpose, person.delete_after = words, delete_after
        audit.record(self._session, self._actor, "set term", "contact", person_id, before=before, after=after)
        return Outcome.CHANGED

    def note_export(self, subject: Subject) -> None:
        """Write down that somebody got everything that is held about a person."""
        for kind, number in (("contact", subject.person_id), ("account", subject.account_id)):
            if number is not None:
                audit.record(self._session, self._actor, "export personal data", kind, number)

    def _take_out_due(self, today: date) -> dict[Kept, int]:
        due: defaultdict[Kept, list[int]] = defaultdict(list)
        for each in find_due(self._session, today):
            due[each.kept].append(each.number)
        removal = Removal(self._session)
        removal.of_records(due[Kept.IMPORTS])
        removal.of_people(due[Kept.CONTACTS])
        for kept in (Kept.NEVER_USED, Kept.DISABLED):
            removal.of_accounts(due[kept], kept)
        removal.of_concerns(due[Kept.CONCERNS])
        removal.of_requests(due[Kept.REQUESTS])
        for kept, table in _ROWS.items():
            removal.of_rows(table, due[kept], kept)
        return {kept: removal.counts[kept] for kept in Kept if removal.counts[kept]}

    def _keep_an_administrator(self, account_ids: Sequence[int]) -> None:
        try:
            check_another_administrator(self._session, account_ids)
        except LastAdministrator as refusal:
            raise PrivacyRefused(str(refusal)) from refusal


def _in_words(counts: Mapping[Kept, int]) -> dict[str, int]:
    return {kept.value: number for kept, number in counts.items()}


def _check_reason(reason: str | None, called: Sequence[Names]) -> str | None:
    said = " ".join((reason or "").split())
    if len(said) > LONGEST_REASON:
        raise PrivacyRefused(f"The reason has {len(said)} letters; at most {LONGEST_REASON} are kept.", "reason")
    if tells_of(called, said):
        raise PrivacyRefused(
            f"Leave the person out of the reason: the reason stays, the person does not. {_A_PART_TOO}", "reason"
        )
    return said or None


def _check_purpose(purpose: str | None, called: Sequence[Names]) -> str | None:
    said = " ".join((purpose or "").split())
    if len(said) > LONGEST_PURPOSE:
        raise PrivacyRefused(f"The purpose has {len(said)} letters; at most {LONGEST_PURPOSE} are kept.", "purpose")
    if tells_of(called, said):
        raise PrivacyRefused(
            f"Leave the person out of the purpose: it says what somebody is held for, not who it is. {_A_PART_TOO}",
            "purpose",
        )
    if said == NAMELESS:
        raise PrivacyRefused("This is what marks without a name are held for; say it in other words.", "purpose")
    return said or None
