"""What must hold of a contribution and of money from outside, whether a form or a file brings them. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.vocabulary import ContributionKind, OutsideKind, OutsideState
from dashboard.wording import day, money

LONGEST_WORDS: Final = 200
LONGEST_PARTY: Final = 200
LONGEST_ABOUT: Final = 500
MOST_PENCE: Final = 10**12
MOST_MINUTES: Final = 60 * 10_000
MONEY: Final = frozenset({ContributionKind.LEVY, ContributionKind.CPD_EXCESS, ContributionKind.CASH})
"""What a school pays; the other kinds are given, and never added to money."""
_CLOCK: Final = re.compile(r"(\d{1,5}):([0-5]\d)")
_HOURS: Final = re.compile(r"(\d{1,5})(?:\.(\d{1,4}))?")


class ContributionRefused(Exception):
    """Something cannot be stored. The text says what is wrong and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NoSuchContribution(Exception):
    """The contribution, the money or the cluster is not there, or not the writer's to change."""


@dataclass(frozen=True)
class Figures:
    """What is agreed: pence net of VAT, the VAT, minutes of time in kind, what it is for, and until when."""

    amount: int | None = None
    vat: int = 0
    minutes: int | None = None
    words: str | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Agreed:
    """One contribution each for some schools (slugs) of a cluster. `target` is the code of a target of that year."""

    year: AcademicYear
    kind: ContributionKind
    schools: tuple[str, ...]
    figures: Figures
    target: str | None = None


@dataclass(frozen=True)
class OutsideSaid:
    """Money from outside as somebody tells it; of charity `won` is what was raised. Amounts are pence."""

    year: AcademicYear
    kind: OutsideKind
    party: str
    state: OutsideState
    words: str | None = None
    asked: int | None = None
    won: int | None = None
    received: int | None = None
    applied_on: date | None = None
    decided_on: date | None = None
    declared_on: date | None = None
    school: str | None = None
    target: str | None = None


def check_figures(kind: ContributionKind, said: Figures) -> None:
    """What each kind may have: money is paid, time is given, and the VAT is never more than what it is on."""
    if said.amount is not None and not 0 < said.amount <= MOST_PENCE:
        raise ContributionRefused(
            f"{money(said.amount)} cannot be agreed; give an amount such as 50.00, or leave it empty while there is "
            "no figure.",
            "amount",
        )
    if said.vat < 0 or said.vat > (said.amount or 0):
        raise ContributionRefused(f"{money(said.vat)} cannot be the VAT on this amount; give it apart.", "vat")
    if said.vat and kind is ContributionKind.LEVY:
        raise ContributionRefused("There is no VAT on a levy; leave it empty.", "vat")
    if said.minutes is not None and kind in MONEY:
        raise ContributionRefused("Hours belong to what is given in kind; leave them empty.", "minutes")
    if said.minutes is not None and not 0 < said.minutes <= MOST_MINUTES:
        raise ContributionRefused("Give hours such as 3, 1.5 or 1:30, or leave them empty.", "minutes")


def check_paid(kind: ContributionKind, amount: int | None, paid_on: date, today: date) -> None:
    """Money is paid once there is a figure, and nothing is paid on a day to come."""
    if kind in MONEY and amount is None:
        raise ContributionRefused("There is no figure yet: say how much it is before it is marked as paid.", "amount")
    if paid_on > today:
        raise ContributionRefused(f"{day(paid_on)} is still to come; give the day on which it was paid.", "paid_on")


def check_outside(said: OutsideSaid, today: date) -> None:
    """What each state of money from outside may have; charity is only ever raised (2.5)."""
    if not said.party:
        raise ContributionRefused("Say where it comes from, or for whom it is raised.", "party")
    for field in ("asked", "won", "received"):
        pence = getattr(said, field)
        if pence is not None and not 0 <= pence <= MOST_PENCE:
            raise ContributionRefused(f"{money(pence)} cannot be stored; give an amount such as 500.00.", field)
    for field in ("applied_on", "decided_on", "declared_on"):
        when = getattr(said, field)
        if when is not None and when > today:
            raise ContributionRefused(f"{day(when)} is still to come; give a day that has passed.", field)
    if said.kind is OutsideKind.CHARITY:
        _check_charity(said)
    else:
        _check_grant(said)


def check_text(text: str | None, most: int, field: str) -> str | None:
    """Text in one line, at most so long; None where nothing was written."""
    clean = " ".join((text or "").split())
    if len(clean) > most:
        raise ContributionRefused(f"This has {len(clean):,} letters; at most {most:,} fit. Shorten it.", field)
    return clean or None


def minutes_from_text(text: str) -> int:
    """Read hours as people write them: "3", "1.5", "1:30". Raises ValueError for parts of a minute and for the rest."""
    written = text.strip()
    clock, hours = _CLOCK.fullmatch(written), _HOURS.fullmatch(written)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    if hours:
        part = hours[2] or ""
        minutes, rest = divmod(int(hours[1] + part) * 60, int("1" + "0" * len(part)))
        if not rest:
            return minutes
        raise ValueError(f"“{written}” has parts of a minute; write it like 1:30")
    raise ValueError(f"“{written}” are no hours; write them like 3, 1.5 or 1:30")


def _check_charity(said: OutsideSaid) -> None:
    if said.state is not OutsideState.RAISED:
        raise ContributionRefused("What is for charity is raised; choose that.", "state")
    for field in ("asked", "received"):
        if getattr(said, field) is not None:
            raise ContributionRefused("Of charity only what was raised is kept; leave this empty.", field)
    if said.applied_on is not None:
        raise ContributionRefused("Nobody applies for what is raised for charity; leave this empty.", "applied_on")


def _check_grant(said: OutsideSaid) -> None:
    if said.state is OutsideState.RAISED:
        raise ContributionRefused("Only what is for charity is raised; choose another state.", "state")
    if said.state is not OutsideState.WON:
        for field in ("won", "received"):
            if getattr(said, field) is not None:
                raise ContributionRefused("Nothing is won yet; leave this empty, or choose “won”.", field)
    if said.state is OutsideState.APPLIED and said.decided_on is not None:
        raise ContributionRefused("Nothing is decided yet; leave this empty, or say what was decided.", "decided_on")
    if said.applied_on and said.decided_on and said.decided_on < said.applied_on:
        raise ContributionRefused(
            f"{day(said.decided_on)} is before the application ({day(said.applied_on)}); give that day or a later one.",
            "decided_on",
        )
    if said.won is not None and said.received is not None and said.received > said.won:
        raise ContributionRefused(
            f"{money(said.received)} is more than the {money(said.won)} that was won; correct one of them.", "received"
        )
