"""Allocations and lines that files bring."""

from collections import Counter, defaultdict

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.changes import Changes, Outcome
from dashboard.funding.commands.line import Line, said_by
from dashboard.models import (
    Allocation,
    Cluster,
    LedgerLine,
    Meeting,
    School,
    Target,
)
from dashboard.money import pounds
from dashboard.vocabulary import (
    LinePurpose,
    LineState,
    Part,
    Pot,
)


class Ledger:
    """The allocations and the ledger of one cluster, loaded once. Every write goes through the changes of a batch."""

    def __init__(self, changes: Changes, cluster: Cluster) -> None:
        self._changes = changes
        self._cluster = cluster
        self._counted: Counter[str] = Counter()
        session = changes.session
        self._allocations: dict[_AllocationKey, Allocation] = {}
        self._paid_in: Counter[_AllocationKey] = Counter()
        for row in session.scalars(sa.select(Allocation).where(Allocation.cluster_id == cluster.id)):
            of = (row.school_id, row.year, row.pot, row.part)
            if row.contribution_id is None:
                self._allocations[of] = row
            else:
                self._paid_in[of] += row.amount
        self._lines: defaultdict[str, list[LedgerLine]] = defaultdict(list)
        self._last: Counter[str] = Counter()
        self._load_lines()

    def _load_lines(self) -> None:
        """The lines by what they say now; behind those, the ones that said it when they came and were changed since.

        So the file that brought a line knows it again, and so does the file that it is written to.
        """
        before: list[LedgerLine] = []
        self._taken_back: set[int | None] = set()
        lines = (
            sa.select(LedgerLine, School)
            .outerjoin(School, School.id == LedgerLine.school_id)
            .where(LedgerLine.cluster_id == self._cluster.id)
            .order_by(LedgerLine.id)
        )
        for row, school in self._changes.session.execute(lines):
            self._taken_back.add(row.reverses_id)
            self._last[row.fingerprint] = max(self._last[row.fingerprint], row.occurrence)
            now = said_by(row, school).fingerprint(self._cluster)
            self._lines[now].append(row)
            if now != row.fingerprint:
                before.append(row)
        for row in before:
            self._lines[row.fingerprint].append(row)

    def equal_line(self, line: Line) -> LedgerLine | None:
        """The line of the store that the next `record_line` of this one would be; None when that would be a new one."""
        print_ = line.fingerprint(self._cluster)
        equal = self._lines[print_]
        return equal[self._counted[print_]] if self._counted[print_] < len(equal) else None

    def allocate(
        self, *, year: AcademicYear, pot: Pot, part: Part, amount: int, school: School | None = None
    ) -> tuple[Allocation | None, Outcome]:
        """Say how much was given (pence). One school, year, pot and part has one allocation: the last word counts.

        What contributions paid in stands beside it and is no file's to change: a sum that includes them changes
        nothing. Raises ValueError for another sum where there is nothing else, and for money that a school holds
        without saying which school (4.13).
        """
        _check_holder(pot, school)
        key = (school.id if school else None, year.start, pot, part)
        found, paid_in = self._allocations.get(key), self._paid_in[key]
        if paid_in and amount == paid_in + (found.amount if found else 0):
            return found, Outcome.UNCHANGED
        if found is not None:
            return found, self._changes.edit(found, amount=amount)
        if paid_in:
            raise ValueError(
                f"contributions of £{pounds(paid_in)} were paid into this part in {year}; a file cannot change them"
            )
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
        purpose: LinePurpose | None = None,
        new: bool = False,
    ) -> tuple[LedgerLine, Outcome]:
        """Record a line of the ledger; state is PAID unless said otherwise.

        The n-th equal line that comes through one Ledger is the n-th in the store: found there, only its state,
        meeting, target and purpose are edited. With `new` (a form, not a file) it is always one more line.
        """
        _check_holder(line.pot, line.school)
        print_ = line.fingerprint(self._cluster)
        equal = self._lines[print_]
        self._counted[print_] = len(equal) + 1 if new else self._counted[print_] + 1
        said = {
            "purpose": purpose,
            "state": state,
            "meeting_id": meeting.id if meeting else None,
            "target_id": target.id if target else None,
        }
        if self._counted[print_] <= len(equal):
            found = equal[self._counted[print_] - 1]
            if found.id in self._taken_back or found.reverses_id or found.state is LineState.REVERSED:
                return found, Outcome.UNCHANGED  # it stays as it is, whatever the file says
            edits = {name: value for name, value in said.items() if value is not None}
            return found, self._changes.edit(found, **edits)
        row = LedgerLine(
            cluster_id=self._cluster.id,
            school_id=line.school.id if line.school else None,
            year=line.year.start,
            spent_on=line.spent_on,
            pot=line.pot,
            part=line.part,
            use_code=line.use_code,
            purpose=purpose,
            supplier=line.supplier,
            description=line.description,
            reference=line.reference,
            amount=line.amount,
            vat=line.vat,
            state=state or LineState.PAID,
            meeting_id=meeting.id if meeting else None,
            target_id=target.id if target else None,
            fingerprint=print_,
            occurrence=self._last[print_] + 1,
        )
        self._last[print_] += 1
        self._changes.add(row)
        equal.append(row)
        return row, Outcome.ADDED


_AllocationKey = tuple[int | None, int, Pot, Part]


def _check_holder(pot: Pot, school: School | None) -> None:
    if pot is Pot.SCHOOL_HELD and school is None:
        raise ValueError("money that a school holds needs the school; say which")
