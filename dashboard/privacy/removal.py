"""The writes by which people go, row by row; `commands` decides who, and tells the audit. No figure changes by them.

The marks of people become nobody's, so that the marks of schools made of them do not change, now or with the next
register. Undoing an import cannot bring anybody back.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.db import Base
from dashboard.models import (
    NAMELESS,
    Account,
    Appointment,
    ApprovalRequest,
    BatchChange,
    Concern,
    ConcernStep,
    LifecycleEvent,
    LifecycleReason,
    Person,
    PersonMark,
    WorkgroupLine,
)
from dashboard.privacy.records import OF_PEOPLE, REFERENCES, Gone, emptied, is_only_added
from dashboard.privacy.rubbing_out import rub_names_out
from dashboard.privacy.rules import REMOVED, WORDS_REMOVED, Kept
from dashboard.privacy.traces import Names, load_names

_AT_A_TIME: Final = 500
_SENDERS: Final = ("raised_by_id", "returned_by_id", "asked_by_id", "decided_by_id")


class Removal:
    """Takes people, accounts and records out, within one transaction, and counts what went by each rule."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.counts: Counter[Kept] = Counter()

    def of_people(self, person_ids: Collection[int]) -> list[Names]:
        """Take contacts out, with everything that tells of them; gives back what they were called."""
        names = load_names(self._session, person_ids)
        for some in _slices(sorted(person_ids)):
            gone = self._rows_of(some)
            self._forget_reasons(some)
            self._empty_records(gone)
            self._make_marks_nameless(some)
            self._let_go(some)
            for table in (Appointment, WorkgroupLine):
                self._session.execute(sa.delete(table).where(table.person_id.in_(some)))
            self._session.execute(sa.delete(Person).where(Person.id.in_(some)))
        self.counts[Kept.CONTACTS] += len(person_ids)
        self.counts[Kept.IMPORTS] += rub_names_out(self._session, names)
        return names

    def of_accounts(self, account_ids: Collection[int], kept: Kept) -> list[Names]:
        """Take accounts out; grants, passkeys and sessions go with them. Gives back what they were called."""
        names = load_names(self._session, (), account_ids)
        for some in _slices(sorted(account_ids)):
            self._forget_who_sent(some)
        self.of_rows(Account, account_ids, kept)
        self.counts[Kept.IMPORTS] += rub_names_out(self._session, names)
        return names

    def of_rows(self, table: type[Base], numbers: Collection[int], kept: Kept) -> None:
        """Take rows out that nothing rests on."""
        number = sa.inspect(table).columns["id"]
        for some in _slices(sorted(numbers)):
            self._session.execute(sa.delete(table).where(number.in_(some)))
        self.counts[kept] += len(numbers)

    def of_concerns(self, numbers: Collection[int]) -> None:
        """Take closed concerns out with their steps, and what imports kept of either."""
        for some in _slices(sorted(numbers)):
            steps = list(self._session.scalars(sa.select(ConcernStep.id).where(ConcernStep.concern_id.in_(some))))
            for table, rows in ((ConcernStep, steps), (Concern, some)):
                for few in _slices(rows):
                    about = sa.and_(BatchChange.table_name == table.__tablename__, BatchChange.row_id.in_(few))
                    self._session.execute(sa.delete(BatchChange).where(about))
                    self._session.execute(sa.delete(table).where(table.id.in_(few)))
        self.counts[Kept.CONCERNS] += len(numbers)

    def of_requests(self, numbers: Collection[int]) -> None:
        """Take the words out of decided requests, and out of what imports kept of them. Money rests on the rows."""
        for some in _slices(sorted(numbers)):
            wordless = {"summary": WORDS_REMOVED, "candidate": None, "reason": None}
            self._session.execute(sa.update(ApprovalRequest).where(ApprovalRequest.id.in_(some)).values(wordless))
            about = sa.and_(BatchChange.table_name == "approval_request", BatchChange.row_id.in_(some))
            for column in (BatchChange.before, BatchChange.after):
                self._session.execute(sa.update(BatchChange).where(about, column.is_not(None)).values({column.key: {}}))
        self.counts[Kept.REQUESTS] += len(numbers)

    def of_records(self, numbers: Collection[int]) -> None:
        """Empty records of imports whole."""
        for some in _slices(sorted(numbers)):
            for column in (BatchChange.before, BatchChange.after):
                self._session.execute(
                    sa.update(BatchChange).where(BatchChange.id.in_(some), column.is_not(None)).values({column.key: {}})
                )
        self.counts[Kept.IMPORTS] += len(numbers)

    def _rows_of(self, person_ids: Sequence[int]) -> Gone:
        rows = {"person": frozenset(person_ids)}
        for table in (Appointment, PersonMark, LifecycleEvent, WorkgroupLine):
            mine = sa.select(table.id).where(table.person_id.in_(person_ids))
            rows[table.__tablename__] = frozenset(self._session.scalars(mine))
        return Gone(frozenset(person_ids), rows)

    def _empty_records(self, gone: Gone) -> None:
        """Take the people out of what imports changed; a record that they were added goes whole."""
        added, changed = [], []
        for number, table, row_id, before, after in self._records_about(gone):
            if gone.owns(table, row_id) and is_only_added(table, before, after):
                added.append(number)
                continue
            less = emptied(gone, table, row_id, before, after)
            if less != (before, after):
                changed.append({"id": number, "before": less[0], "after": less[1]})
        for some in _slices(added):
            self._session.execute(sa.delete(BatchChange).where(BatchChange.id.in_(some)))
        if changed:
            self._session.execute(sa.update(BatchChange), changed)
        self.counts[Kept.IMPORTS] += len(added) + len(changed)

    def _records_about(self, gone: Gone) -> Iterator[Sequence[Any]]:
        statement = sa.select(
            BatchChange.id, BatchChange.table_name, BatchChange.row_id, BatchChange.before, BatchChange.after
        )
        for table, numbers in gone.rows.items():
            for some in _slices(sorted(numbers)):
                own = sa.and_(BatchChange.table_name == table, BatchChange.row_id.in_(some))
                yield from self._session.execute(statement.where(own)).all()
        of_people = BatchChange.table_name.in_(OF_PEOPLE)
        for row in self._session.execute(statement.where(of_people, _names(gone.people, REFERENCES))).all():
            if not gone.owns(row.table_name, row.row_id):
                yield row

    def _forget_reasons(self, person_ids: Sequence[int]) -> None:
        """Why something happened to a person goes: the row, and what imports kept of it, also from when it was theirs.

        A record that says no more than that a batch added the reason stays with a reason that is now another's.
        """
        events = sa.select(LifecycleEvent.id).where(LifecycleEvent.person_id.in_(person_ids))
        once = sa.select(BatchChange.row_id).where(
            BatchChange.table_name == LifecycleEvent.__tablename__, _names(person_ids, ("person_id",))
        )
        reasons = sa.select(LifecycleReason.id)
        theirs = set(self._session.scalars(reasons.where(LifecycleReason.event_id.in_(events))))
        ever = sorted({*self._session.scalars(events), *self._session.scalars(once)})
        of_reasons = BatchChange.table_name == LifecycleReason.__tablename__
        told, others = set(theirs), set[int]()
        for some in _slices(ever):
            others.update(self._session.scalars(reasons.where(LifecycleReason.event_id.in_(some))))
            taken_out = sa.select(BatchChange.row_id).where(of_reasons, _names(some, ("event_id",)))
            told.update(self._session.scalars(taken_out))
        others -= theirs
        forgotten: list[int] = []
        for some in _slices(sorted(told | others)):
            records = sa.select(BatchChange.id, BatchChange.row_id, BatchChange.before, BatchChange.after)
            forgotten += [
                number
                for number, row_id, before, after in self._session.execute(
                    records.where(of_reasons, BatchChange.row_id.in_(some))
                )
                if row_id not in others or before is not None or after is not None
            ]
        for some in _slices(sorted(forgotten)):
            self._session.execute(sa.delete(BatchChange).where(BatchChange.id.in_(some)))
        for some in _slices(sorted(theirs)):
            self._session.execute(sa.delete(LifecycleReason).where(LifecycleReason.id.in_(some)))
        self.counts[Kept.IMPORTS] += len(forgotten)

    def _forget_who_sent(self, account_ids: Sequence[int]) -> None:
        """Who raised a concern, sent a return, asked or decided: in the rows the database lets go by itself, in records
        it cannot.
        """
        records = self._session.execute(
            sa.select(BatchChange.id, BatchChange.before, BatchChange.after).where(
                BatchChange.table_name.in_(("concern", "workgroup_return", "approval_request")),
                _names(account_ids, _SENDERS),
            )
        ).all()
        changed = [
            {"id": number, "before": _without(before, account_ids), "after": _without(after, account_ids)}
            for number, before, after in records
        ]
        if changed:
            self._session.execute(sa.update(BatchChange), changed)
        self.counts[Kept.IMPORTS] += len(changed)

    def _make_marks_nameless(self, person_ids: Sequence[int]) -> None:
        marks = self._session.execute(
            sa.select(PersonMark.id, PersonMark.meeting_id, PersonMark.school_id)
            .where(PersonMark.person_id.in_(person_ids))
            .order_by(PersonMark.id)
        ).all()
        holders = list(
            self._session.scalars(sa.select(Person.id).where(Person.purpose == NAMELESS).order_by(Person.id))
        )
        held: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
        nameless = sa.select(PersonMark.meeting_id, PersonMark.school_id, PersonMark.person_id)
        for meeting_id, school_id, holder in self._session.execute(nameless.where(PersonMark.person_id.in_(holders))):
            held[meeting_id, school_id].add(holder)
        moved = []
        for number, *place in marks:
            taken = held[place[0], place[1]]
            holder = next((each for each in holders if each not in taken), None) or self._new_holder(holders)
            taken.add(holder)
            moved.append({"id": number, "person_id": holder, "note": None})
        if moved:
            self._session.execute(sa.update(PersonMark), moved)
        self.counts[Kept.MARKS] += len(moved)

    def _new_holder(self, holders: list[int]) -> int:
        """Somebody who is nobody: one more is needed only where more nameless marks meet at one school and meeting."""
        holder = Person(name=f"{REMOVED} {len(holders) + 1}", purpose=NAMELESS)
        self._session.add(holder)
        self._session.flush()
        holders.append(holder.id)
        return holder.id

    def _let_go(self, person_ids: Sequence[int]) -> None:
        """What happened, and who came after whom, stays without the person."""
        for column in (
            LifecycleEvent.person_id, LifecycleEvent.replaced_by_person_id, Appointment.replaced_by_id,
            WorkgroupLine.replaces_id,
        ):  # fmt: skip
            self._session.execute(sa.update(column.class_).where(column.in_(person_ids)).values({column.key: None}))


def _names(numbers: Collection[int], columns: Collection[str]) -> sa.ColumnElement[bool]:
    """Whether a record of an import holds one of these numbers in one of these columns, before or after."""
    sides = (BatchChange.before, BatchChange.after)
    return sa.or_(*(side[name].as_integer().in_(numbers) for side in sides for name in columns))


def _without(columns: dict[str, Any] | None, account_ids: Collection[int]) -> dict[str, Any] | None:
    return columns and {
        name: None if name in _SENDERS and value in account_ids else value for name, value in columns.items()
    }


def _slices(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """A database takes so many numbers in one statement."""
    return (numbers[start : start + _AT_A_TIME] for start in range(0, len(numbers), _AT_A_TIME))
