"""What pages say of requests: headlines, ages, how much of an approval is left. Pure."""

from datetime import date

from dashboard.vocabulary import RequestState
from dashboard.wording import counted, day, money, sentence


def say_waiting(waiting: int, oldest_on: date | None, as_of: date) -> str:
    """The headline of the inbox."""
    told = counted(waiting, "request is waiting", "requests are waiting")
    if waiting and oldest_on is not None:
        days = (as_of - oldest_on).days
        since = f"for {counted(days, 'day')}" if days > 0 else "since today"
        told += f", {'the oldest ' if waiting > 1 else ''}{since}"
    return sentence(told)


def say_found(state: str, found: int, *, filtered: bool) -> str:
    """The headline of decided or withdrawn requests, all of them or those that were searched for."""
    told = counted(found, f"{state} request")
    return sentence(f"{told} for this search" if filtered else told)


def say_age(asked_on: date, as_of: date) -> str:
    """For how long a request has been waiting, in words."""
    days = (as_of - asked_on).days
    return f"{counted(days, 'day')}" if days > 0 else "since today"


def say_state(state: RequestState, asked_on: date, decided_on: date | None, as_of: date) -> str:
    """How a request stands."""
    if state is RequestState.WAITING:
        age = say_age(asked_on, as_of)
        return sentence(f"waiting {age}" if age == "since today" else f"waiting for {age}")
    on = f" on {day(decided_on)}" if decided_on else ""
    took = f", {_after((decided_on - asked_on).days)}" if decided_on else ""
    return sentence(f"{state}{on}{took}")


def say_granted(amount: int | None, granted: int | None) -> str | None:
    """What was approved against what was asked, in money; nothing where it is about none."""
    if granted is None:
        return None
    if amount is None:
        return f"{money(granted)} approved; no amount was asked for"
    if granted == amount:
        return f"{money(granted)} approved, as asked"
    return f"{money(granted)} approved of {money(amount)} asked for"


def say_left(granted: int | None, spent: int, committed: int) -> str:
    """What was spent and promised against an approval, and what is left of it. Net of VAT."""
    told = f"{money(spent)} spent"
    if committed:
        told += f", {money(committed)} promised"
    if granted is None:
        return f"{told}; no amount was set"
    left = granted - spent - committed
    if left < 0:
        return f"{told}: {money(-left)} more than the {money(granted)} approved"
    return f"{told} of {money(granted)} approved; {money(left)} left"


def _after(days: int) -> str:
    return f"{counted(days, 'day')} after it was asked" if days else "the day it was asked"
