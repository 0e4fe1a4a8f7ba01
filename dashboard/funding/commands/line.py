"""What identifies a line of the ledger."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from dashboard.academic_year import AcademicYear
from dashboard.models import (
    Cluster,
    LedgerLine,
    School,
)
from dashboard.sheets import clean
from dashboard.vocabulary import (
    Part,
    Pot,
    UseCode,
)


@dataclass(frozen=True)
class Line:
    """What identifies a line of the ledger. How far it has got and what a rule asks of it (the purpose) are no part of
    that: the same line may be paid later.
    """

    school: School | None
    spent_on: date | None
    """None where a file lost its days; then somebody has said the year."""
    pot: Pot
    part: Part
    amount: int
    """Pence, net of VAT; a credit is negative."""
    vat: int = 0
    use_code: UseCode | None = None
    supplier: str | None = None
    description: str | None = None
    reference: str | None = None
    said_year: AcademicYear | None = None
    """The year of a line without a day."""

    @property
    def year(self) -> AcademicYear:
        """The year it counts in. Raises ValueError for a line with neither a day nor a year."""
        if self.spent_on is not None:
            return AcademicYear.of(self.spent_on)
        if self.said_year is None:
            raise ValueError("a line without a day needs the year it is of; say which")
        return self.said_year

    def fingerprint(self, cluster: Cluster) -> str:
        """The digest by which the line is known again."""
        parts = (
            cluster.slug,
            self.school.slug if self.school else None,
            self.spent_on.isoformat() if self.spent_on else self.year,
            self.pot,
            self.part,
            self.use_code,
            self.supplier,
            self.description,
            self.reference,
            self.amount,
            self.vat,
        )
        return sha256("\x1f".join("" if part is None else _flat(str(part)) for part in parts).encode()).hexdigest()


def _flat(text: str) -> str:
    """Text without what a file may change on the way: line breaks, spaces, signs that no file holds."""
    return " ".join(clean(text).split())


def said_by(row: LedgerLine, school: School | None) -> Line:
    """What a stored line says now."""
    return Line(
        school,
        row.spent_on,
        row.pot,
        row.part,
        row.amount,
        row.vat,
        row.use_code,
        row.supplier,
        row.description,
        row.reference,
        AcademicYear(row.year),
    )
