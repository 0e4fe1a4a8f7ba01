"""Writes of the money: what files bring (`Ledger`), and what somebody keeps by hand (`LedgerBook`).

Events hold amounts, states and numbers of rows, never what somebody wrote: a description may name a person.
"""

from dashboard.funding.commands.by_hand import LedgerBook
from dashboard.funding.commands.from_files import Ledger
from dashboard.funding.commands.line import Line

__all__ = ["Ledger", "LedgerBook", "Line"]
