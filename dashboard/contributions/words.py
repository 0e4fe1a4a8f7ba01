"""What contributions, money from outside and their states are called."""

from collections.abc import Mapping
from typing import Final

from dashboard.contributions.checks import MONEY
from dashboard.vocabulary import ContributionKind, ContributionState, OutsideState
from dashboard.wording import counted, hours, money

BY_HAND: Final = tuple(kind for kind in ContributionKind if kind is not ContributionKind.CPD_EXCESS)
"""The kinds that a form makes; shares of a session are made with the session's line in the ledger (4.9)."""
OUTSIDE_LOOKS: Final[Mapping[OutsideState, str]] = {
    OutsideState.APPLIED: "state-look",
    OutsideState.WON: "state-ok",
    OutsideState.DECLINED: "state-info",
    OutsideState.RAISED: "state-ok",
}
WAIVED_BECAUSE: Final[Mapping[str, str]] = {
    "cannot_pay": "The school cannot pay it",
    "gives_otherwise": "The school gives something else instead",
    "left": "The school left the cluster",
    "agreed": "The cluster agreed to do without it",
    "mistake": "It was entered by mistake",
}
"""Why a contribution is waived: fixed words, because the record of it keeps no text."""


def say_contribution_state(kind: ContributionKind, state: ContributionState) -> str:
    """How far a contribution has got: what is in kind is given where money is paid."""
    if state is ContributionState.PAID and kind not in MONEY:
        return "given"
    return str(state)


def say_money(net: int, vat: int = 0) -> str:
    """An amount, with its VAT apart where there is any: "£40 + £8 VAT"."""
    return f"{money(net)} + {money(vat)} VAT" if vat else money(net)


def say_figures(kind: ContributionKind, amount: int | None, vat: int, minutes: int | None) -> str:
    """What a contribution comes to; what was agreed without a figure says so (2.4)."""
    told = [hours(minutes)] if minutes is not None else []
    if amount is not None:
        told.append(f"worth {say_money(amount, vat)}" if kind not in MONEY else say_money(amount, vat))
    return ", ".join(told) or "agreed, no figure"


def say_number(schools: int) -> str:
    """How many schools."""
    return counted(schools, "school")
