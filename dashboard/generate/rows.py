"""Collects rows with the keys we give them, so that a chunk of a cluster's rows can refer to one another."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from dashboard.db import Base
from dashboard.models import (
    Allocation,
    Cluster,
    Cohort,
    Criterion,
    CriterionSchool,
    Evidence,
    LeadSchool,
    LedgerLine,
    Meeting,
    Membership,
    Plan,
    PlanReview,
    Programme,
    ProgrammeRule,
    Provenanced,
    School,
    SchoolMark,
    Target,
)

FILLED: tuple[type[Base], ...] = (
    Programme,
    ProgrammeRule,
    Cohort,
    School,
    Cluster,
    Membership,
    LeadSchool,
    Meeting,
    SchoolMark,
    Plan,
    Target,
    Criterion,
    CriterionSchool,
    Evidence,
    PlanReview,
    Allocation,
    LedgerLine,
)
"""The tables that are filled, each after those it refers to."""

Row = dict[str, Any]


class Rows:
    """The rows made since the last `take`. Those of tables with provenance are stamped illustrative."""

    def __init__(self, batch_id: int, last_ids: Mapping[str, int]) -> None:
        self._stamp: Row = {"batch_id": batch_id, "illustrative": True}
        self._last_ids = dict(last_ids)
        self._waiting: dict[str, list[Row]] = {}
        self.counts: Counter[str] = Counter()

    def add(self, model: type[Base], **values: Any) -> int:
        """Keep a row for the store, by column names; every row of one table must name the same. Gives its key."""
        table = model.__tablename__
        key = self._last_ids.get(table, 0) + 1
        self._last_ids[table] = key
        values["id"] = key
        if issubclass(model, Provenanced):
            values.update(self._stamp)
        self._waiting.setdefault(table, []).append(values)
        return key

    def next_id(self, model: type[Base]) -> int:
        """The key that the next row of a table will have."""
        return self._last_ids.get(model.__tablename__, 0) + 1

    def take(self) -> dict[str, list[Row]]:
        """What waits to be stored, by table; nothing waits afterwards."""
        taken, self._waiting = self._waiting, {}
        for table, rows in taken.items():
            self.counts[table] += len(rows)
        return taken
