"""What the page of contributions says at its top. Pure: sums in, words out."""

from dashboard.contributions.words import say_money
from dashboard.wording import counted, hours, money, sentence


def say_paid(agreed: int, paid: int, overdue: int) -> str | None:
    """How much of the money that schools agreed to put in is paid; nothing where none was agreed with a figure."""
    if not agreed:
        return None
    left = agreed - paid
    if not left:
        return f"All {money(agreed)} that schools agreed to pay is paid"
    if not paid:
        told = f"Nothing of the {money(agreed)} that schools agreed to pay is recorded as paid"
    else:
        told = f"{money(paid)} of {money(agreed)} that schools agreed to pay is paid; {money(left)} is open"
    if overdue:
        told += ", all of it overdue" if overdue == left else f", {money(overdue)} of it overdue"
    return told


def say_in_kind(minutes: int, value: int) -> str | None:
    """What is given or agreed in kind, apart from money."""
    told = [hours(minutes)] if minutes else []
    if value:
        told.append(f"{say_money(value)} where a value is entered")
    return f"In kind besides: {' and '.join(told)}" if told else None


def say_no_figure(entries: int) -> str | None:
    """How much was agreed without a figure."""
    if not entries:
        return None
    return sentence(f"{counted(entries, 'contribution is', 'contributions are')} agreed without a figure")


def say_outside(asked: int, won: int, received: int) -> str:
    """What was applied for, won and has come from outside."""
    told = [f"{money(won)} won, {money(received)} of it received"] if won else []
    if won > received:
        told.append(f"{money(won - received)} still to come")
    if asked:
        told.append(f"{money(asked)} applied for and not decided")
    return sentence("; ".join(told) or "nothing is won yet")


def say_charity(raised: int) -> str:
    """What was raised for somebody else."""
    return f"{money(raised)} raised for others. It is no money of the cluster and in none of its sums"


def say_undeclared(entries: int) -> str | None:
    """How much money from outside was won and not declared (4.21)."""
    if not entries:
        return None
    return sentence(f"{counted(entries, 'grant is', 'grants are')} won and not declared yet")
