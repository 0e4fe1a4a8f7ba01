"""A line as somebody tells it, and what must hold of it whoever brings it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.funding.checks import Breach
from dashboard.funding.words import STATE_WORDS
from dashboard.vocabulary import SPENT_STATES, LinePurpose, LineState, Part, Pot, UseCode
from dashboard.wording import day, money


class LedgerRefused(Exception):
    """Something about a line cannot be stored. The text says what is wrong and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NoSuchLine(Exception):
    """The cluster, line or receipt is not there, or not the writer's to change."""


class BreaksRules(LedgerRefused):
    """A line that keeps not every rule of its programme; each breach says what would be lawful."""

    def __init__(self, breaches: Sequence[Breach]) -> None:
        super().__init__(" ".join(breach.sentence for breach in breaches))
        self.breaches = tuple(breaches)


class ChangedMeanwhile(Exception):
    """Somebody else changed the line since the writer saw it. Nothing is stored; both can be shown."""

    def __init__(self, line_id: int, version: int) -> None:
        super().__init__("Somebody else changed this line meanwhile.")
        self.line_id, self.version = line_id, version


NEXT_STATES: Final[Mapping[LineState, tuple[LineState, ...]]] = {
    LineState.REQUESTED: (
        LineState.APPROVED, LineState.COMMITTED, LineState.INVOICED, LineState.PAID, LineState.REVERSED,
    ),
    LineState.APPROVED: (LineState.COMMITTED, LineState.INVOICED, LineState.PAID),
    LineState.COMMITTED: (LineState.INVOICED, LineState.PAID),
    LineState.INVOICED: (LineState.PAID,),
    LineState.PAID: (),
    LineState.REVERSED: (),
}  # fmt: skip
"""A line goes on, never back: a later state says that the earlier ones are past. A mere request may be withdrawn."""

FIRST_DAY: Final = date(2000, 9, 1)
AHEAD: Final = 366
"""Days that a promise may lie ahead."""
MOST_PENCE: Final = 100_000_000_00
_LONGEST: Final = {"supplier": 300, "description": 500, "reference": 100, "note": 500}
WRITTEN: Final = tuple(_LONGEST)
"""What somebody wrote: events name these columns and do not quote them."""
TOLD: Final = (
    "school_id", "year", "spent_on", "pot", "part", "use_code", "purpose", "amount", "vat", "state", "meeting_id",
    "target_id", "request_id", "reverses_id",
)  # fmt: skip
OF_A_CLOSING: Final = {
    "year": "the year", "pot": "the pot", "part": "the part", "school_id": "the school", "amount": "the amount",
}  # fmt: skip
"""What a line takes from which balance."""


NOT_AT_ENTRY: Final = frozenset({"uninvoiced"})
"""What time alone brings about: a prompt on a line that is there, and nothing to refuse one for."""


@dataclass(frozen=True)
class LineSaid:
    """A line as somebody tells it. `school` is a slug; meeting, target and request are numbers."""

    spent_on: date | None
    pot: Pot
    part: Part
    amount: int
    """Pence, net of VAT; a credit is negative."""
    vat: int = 0
    state: LineState = LineState.PAID
    use_code: UseCode | None = None
    purpose: LinePurpose | None = None
    school: str | None = None
    supplier: str | None = None
    description: str | None = None
    reference: str | None = None
    meeting_id: int | None = None
    target_id: int | None = None
    request_id: int | None = None
    note: str | None = None
    """Why it is recorded although it keeps not every rule."""


def checked_text(written: str | None, field: str) -> str | None:
    """Text without spaces around and lines within; none where nothing was written."""
    clean = " ".join((written or "").split())
    most = _LONGEST[field]
    if len(clean) > most:
        raise LedgerRefused(f"This has {len(clean)} letters; use at most {most}.", field)
    return clean or None


def check_day(state: LineState, on: date | None, today: date) -> None:
    """What is owed or paid has a day that is past; a promise may lie ahead, for a year."""
    if on is None:
        return
    if on < FIRST_DAY:
        raise LedgerRefused(f"{day(on)} is too long ago; give a day from {day(FIRST_DAY)} on.", "spent_on")
    if on > today and state in SPENT_STATES:
        raise LedgerRefused(
            f"{day(on)} is still to come; a line that is {STATE_WORDS[state]} has a day that is past. What is promised "
            "for that day is approved or committed.",
            "spent_on",
        )
    if (on - today).days > AHEAD:
        raise LedgerRefused(f"{day(on)} is more than a year ahead; give an earlier day.", "spent_on")


def check_amounts(amount: int, vat: int) -> None:
    """A line has an amount, and its VAT the same sign."""
    if amount == 0 and vat == 0:
        raise LedgerRefused("A line of nothing says nothing; give an amount.", "amount")
    if max(abs(amount), abs(vat)) > MOST_PENCE:
        raise LedgerRefused(f"{money(max(amount, vat))} is more than any line here can be; check the amount.", "amount")
    if amount * vat < 0:
        raise LedgerRefused("The VAT of a credit is a credit too; give both amounts the same sign.", "vat")
