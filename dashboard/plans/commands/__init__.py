"""Writes of development plans: what files bring and what somebody keeps by hand go through the same book."""

from dashboard.plans.commands.book import PlanBook, TargetText

__all__ = ["PlanBook", "TargetText"]
