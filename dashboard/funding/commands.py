"""Writes of the money: allocations, and the lines of the ledger."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.changes import Changes, Outcome
from dashboard.models import Allocation, Cluster, LedgerLine, Meeting, School, Target
from dashboard.vocabulary import LineState, Part, Pot, UseCode


@dataclass(frozen=True)
class Line:
    """What identifies a line of the ledger. How far it has got is no part of that: the same line may be paid later."""

    school: School | None
    spent_on: date
    pot: Pot
    part: Part
    amount: int
    """Pence, net of VAT; a credit is negative."""
    vat: int = 0
    use_code: UseCode | None = None
    supplier: str | None = None
    description: str | None = None
    reference: str | None = None

    def fingerprint(self, cluster: Cluster) -> str:
        """The digest by which the line is known again."""
        parts = (
            cluster.slug,
            self.school.slug if self.school else None,
            self.spent_on.isoformat(),
            self.pot,
            self.part,
            self.use_code,
            self.supplier,
            self.description,
            self.reference,
            self.amount,
            self.vat,
        )
        return sha256("\x1f".join("" if part is None else str(part) for part in parts).encode()).hexdigest()


class Ledger:
    """The allocations and the ledger of one cluster, loaded once. Every write goes through the changes of a batch."""

    def __init__(self, changes: Changes, cluster: Cluster) -> None:
        self._changes = changes
        self._cluster = cluster
        self._counted: Counter[str] = Counter()
        session = changes.session
        self._allocations = {
            (row.school_id, row.year, row.pot, row.part): row
            for row in session.scalars(
                # A levy that a school paid in is no allocation of a file, and none overwrites it.
                sa.select(Allocation).where(Allocation.cluster_id == cluster.id, Allocation.contribution_id.is_(None))
            )
        }
        self._lines = {
            (row.fingerprint, row.occurrence): row
            for row in session.scalars(sa.select(LedgerLine).where(LedgerLine.cluster_id == cluster.id))
        }

    def allocate(
        self, *, year: AcademicYear, pot: Pot, part: Part, amount: int, school: School | None = None
    ) -> tuple[Allocation, Outcome]:
        """Say how much was given (pence). One school, year, pot and part has one allocation: the last word counts.

        Raises ValueError for money that a school holds without saying which school (4.13).
        """
        _check_holder(pot, school)
        key = (school.id if school else None, year.start, pot, part)
        found = self._allocations.get(key)
        if found is not None:
            return found, self._changes.edit(found, amount=amount)
        row = Allocation(
            cluster_id=self._cluster.id, school_id=key[0], year=year.start, pot=pot, part=part, amount=amount
        )
        self._changes.add(row)
        self._allocations[key] = row
        return row, Outcome.ADDED

    def record_line(
        self,
        line: Line,
        *,
        state: LineState | None = None,
        meeting: Meeting | None = None,
        target: Target | None = None,
        new: bool = False,
    ) -> tuple[LedgerLine, Outcome]:
        """Record a line of the ledger; state is PAID unless said otherwise.

        The n-th equal line that comes through one Ledger is the n-th in the store: found there, only its state, meeting
        and target are edited. With `new` (a form, not a file) it is always one more line.
        """
        _check_holder(line.pot, line.school)
        print_ = line.fingerprint(self._cluster)
        self._counted[print_] += 1
        while new and (print_, self._counted[print_]) in self._lines:
            self._counted[print_] += 1
        key = (print_, self._counted[print_])
        said = {
            "state": state,
            "meeting_id": meeting.id if meeting else None,
            "target_id": target.id if target else None,
        }
        found = self._lines.get(key)
        if found is not None:
            edits = {name: value for name, value in said.items() if value is not None}
            return found, self._changes.edit(found, **edits)
        row = LedgerLine(
            cluster_id=self._cluster.id,
            school_id=line.school.id if line.school else None,
            year=AcademicYear.of(line.spent_on).start,
            spent_on=line.spent_on,
            pot=line.pot,
            part=line.part,
            use_code=line.use_code,
            supplier=line.supplier,
            description=line.description,
            reference=line.reference,
            amount=line.amount,
            vat=line.vat,
            state=state or LineState.PAID,
            meeting_id=said["meeting_id"],
            target_id=said["target_id"],
            fingerprint=key[0],
            occurrence=key[1],
        )
        self._changes.add(row)
        self._lines[key] = row
        return row, Outcome.ADDED


def _check_holder(pot: Pot, school: School | None) -> None:
    if pot is Pot.SCHOOL_HELD and school is None:
        raise ValueError("money that a school holds needs the school; say which")
