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
from dashboard.models import Account, Appointment, BatchChange, LifecycleEvent, Person, PersonMark
from dashboard.privacy.records import Gone, emptied, is_only_added
from dashboard.privacy.rubbing_out import rub_names_out
from dashboard.privacy.rules import NAMELESS, REMOVED, Kept
from dashboard.privacy.traces import Names, load_names

_AT_A_TIME: Final = 500


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
            self._empty_records(gone)
            self._make_marks_nameless(some)
            self._let_go(some)
            self._session.execute(sa.delete(Appointment).where(Appointment.person_id.in_(some)))
            self._session.execute(sa.delete(Person).where(Person.id.in_(some)))
        self.counts[Kept.CONTACTS] += len(person_ids)
        self.counts[Kept.IMPORTS] += rub_names_out(self._session, names)
        return names

    def of_accounts(self, account_ids: Collection[int], kept: Kept) -> list[Names]:
        """Take accounts out; grants, passkeys and sessions go with them. Gives back what they were called."""
        names = load_names(self._session, (), account_ids)
        self.of_rows(Account, account_ids, kept)
        self.counts[Kept.IMPORTS] += rub_names_out(self._session, names)
        return names

    def of_rows(self, table: type[Base], numbers: Collection[int], kept: Kept) -> None:
        """Take rows out that nothing rests on."""
        number = sa.inspect(table).columns["id"]
        for some in _slices(sorted(numbers)):
            self._session.execute(sa.delete(table).where(number.in_(some)))
        self.counts[kept] += len(numbers)

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
        for table in (Appointment, PersonMark, LifecycleEvent):
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
        refers = [
            column[name].as_integer().in_(gone.people)
            for column in (BatchChange.before, BatchChange.after)
            for name in ("person_id", "replaced_by_id", "replaced_by_person_id")
        ]
        of_people = BatchChange.table_name.in_(("appointment", "person_mark", "lifecycle_event"))
        for row in self._session.execute(statement.where(of_people, sa.or_(*refers))).all():
            if not gone.owns(row.table_name, row.row_id):
                yield row

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
        """What happened stays, without the person, and without the reason where it was about the person."""
        for statement in (
            sa.update(LifecycleEvent)
            .where(LifecycleEvent.person_id.in_(person_ids))
            .values(person_id=None, reason=None),
            sa.update(LifecycleEvent)
            .where(LifecycleEvent.replaced_by_person_id.in_(person_ids))
            .values(replaced_by_person_id=None),
            sa.update(Appointment).where(Appointment.replaced_by_id.in_(person_ids)).values(replaced_by_id=None),
        ):
            self._session.execute(statement)


def _slices(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """A database takes so many numbers in one statement."""
    return (numbers[start : start + _AT_A_TIME] for start in range(0, len(numbers), _AT_A_TIME))
