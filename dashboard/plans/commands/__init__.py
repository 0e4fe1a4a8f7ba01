"""Writes of development plans: what files bring and what somebody keeps by hand go through the same book."""

from dashboard.plans.commands.book import PlanBook, TargetText
from dashboard.plans.commands.by_hand import TargetsByHand

__all__ = ["PlanBook", "TargetText", "TargetsByHand"]
