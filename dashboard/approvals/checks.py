"""What must hold of a request and of its decision, whether a form or a file brings them. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.vocabulary import RequestKind, RequestState
from dashboard.wording import day, money

LONGEST_SUMMARY: Final = 1000
LONGEST_REASON: Final = 1000
LONGEST_CANDIDATE: Final = 200
LONGEST_AS: Final = 60
ABOUT_MONEY: Final = frozenset({RequestKind.EXTRA_TIME, RequestKind.TRAVEL, RequestKind.OTHER})
"""The kinds that may ask for an amount."""
DECIDED: Final = frozenset({RequestState.APPROVED, RequestState.DECLINED})
MOST_PENCE: Final = 10**12


class RequestRefused(Exception):
    """Something about a request cannot be stored. The text says what is wrong and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NoSuchRequest(Exception):
    """The request or cluster is not there, or not the writer's to change."""


@dataclass(frozen=True)
class Asked:
    """What is asked of the advisor; `school` is the slug of a member, `amount` is pence."""

    kind: RequestKind
    summary: str
    amount: int | None = None
    school: str | None = None
    candidate: str | None = None
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class Verdict:
    """What the advisor decided, with the reason; `granted` is pence."""

    state: RequestState
    reason: str
    decided_on: date
    granted: int | None = None


def check_asked(said: Asked) -> None:
    """What each kind of request needs, and what it cannot have."""
    if not said.summary:
        raise RequestRefused("Say what you ask for, and why.", "summary")
    if said.amount is not None:
        if said.kind not in ABOUT_MONEY:
            raise RequestRefused("Nothing is paid by this kind of request; leave the amount empty.", "amount")
        _check_pence(said.amount, "amount")
    _check_joining(said)
    _check_days(said)


def check_verdict(said: Verdict, kind: RequestKind, amount: int | None, asked_on: date, today: date) -> None:
    """A decision has a reason, a day between the request and today, and grants no more than was asked."""
    if said.state not in DECIDED:
        raise RequestRefused("Choose whether it is approved or declined.", "state")
    if not said.reason:
        raise RequestRefused("Give the reason: the next one who asks for the like will read it.", "reason")
    if said.decided_on > today:
        raise RequestRefused(f"{day(said.decided_on)} is still to come; give the day of the decision.", "decided_on")
    if said.decided_on < asked_on:
        raise RequestRefused(
            f"{day(said.decided_on)} is before the request ({day(asked_on)}); give that day or a later one.",
            "decided_on",
        )
    _check_granted(said, kind, amount)


def check_text(text: str | None, most: int, field: str) -> str:
    """Text without blanks around it, at most so long."""
    clean = "\n".join(line.rstrip() for line in (text or "").strip().splitlines())
    if len(clean) > most:
        raise RequestRefused(f"This has {len(clean):,} letters; at most {most:,} fit. Shorten it.", field)
    return clean


def _check_granted(said: Verdict, kind: RequestKind, amount: int | None) -> None:
    granted = said.granted
    if said.state is RequestState.DECLINED:
        if granted is not None:
            raise RequestRefused("What is declined grants nothing; leave the amount empty.", "granted")
        return
    if granted is None:
        if amount is not None:
            raise RequestRefused(f"Say how much is approved; {money(amount)} was asked for.", "granted")
        return
    if kind not in ABOUT_MONEY:
        raise RequestRefused("Nothing is paid by this kind of request; leave the amount empty.", "granted")
    _check_pence(granted, "granted")
    if amount is not None and granted > amount:
        raise RequestRefused(
            f"{money(granted)} is more than the {money(amount)} that was asked for; approve that or less.", "granted"
        )


def _check_pence(pence: int, field: str) -> None:
    if not 0 < pence <= MOST_PENCE:
        raise RequestRefused(f"{money(pence)} cannot be asked for; give an amount such as 45.00.", field)


def _check_joining(said: Asked) -> None:
    if said.kind is RequestKind.JOINING:
        if not said.candidate:
            raise RequestRefused("Say which school would like to join.", "candidate")
        if said.school:
            raise RequestRefused("It is about a school that is no member yet; leave this empty.", "school")
    elif said.candidate:
        raise RequestRefused("A school is named here only when it would like to join.", "candidate")


def _check_days(said: Asked) -> None:
    if said.kind is RequestKind.SABBATICAL:
        if not said.school:
            raise RequestRefused("Say which school would be away.", "school")
        for field, what in (("starts", "first"), ("ends", "last")):
            if getattr(said, field) is None:
                raise RequestRefused(f"Give the {what} day: a sabbatical is for a set time, then reviewed.", field)
    elif said.ends is not None or (said.starts is not None and said.kind is not RequestKind.JOINING):
        raise RequestRefused(
            "Days belong to a sabbatical, and a first day to a school that would join; leave them empty.",
            "ends" if said.ends else "starts",
        )
    if said.starts and said.ends and said.ends < said.starts:
        raise RequestRefused(
            f"{day(said.ends)} is before the first day ({day(said.starts)}); give that day or a later one.", "ends"
        )
