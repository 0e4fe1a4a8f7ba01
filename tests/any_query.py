"""Asking any query whatever it needs: for tests that find the queries by looking at the modules."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope
from dashboard.directory.queries import load_rule_sets
from dashboard.funding.queries import load_pots
from dashboard.models import (
    Aim,
    ApprovalRequest,
    CalendarPeriod,
    Cluster,
    Concern,
    Contribution,
    Evidence,
    LedgerLine,
    Meeting,
    OutsideMoney,
    Receipt,
    School,
    Target,
)

Keys = Mapping[str, Sequence[Any]]
"""What a query may ask for one of: its parameter → the values to try."""


def keys_of(session: Session, most: int | None = None) -> Keys:
    """Every one there is, or of each at most so many."""
    slugs = [*session.scalars(sa.select(Cluster.slug)), *session.scalars(sa.select(School.slug))]
    keys = {
        "slug": slugs,
        "written": slugs,
        "cluster_id": list(session.scalars(sa.select(Cluster.id))),
        "meeting_id": list(session.scalars(sa.select(Meeting.id))),
        "concern_id": list(session.scalars(sa.select(Concern.id))),
        "line_id": list(session.scalars(sa.select(LedgerLine.id))),
        "receipt_id": list(session.scalars(sa.select(Receipt.id))),
        "request_id": list(session.scalars(sa.select(ApprovalRequest.id))),
        "contribution_id": list(session.scalars(sa.select(Contribution.id))),
        "outside_id": list(session.scalars(sa.select(OutsideMoney.id))),
        "target_id": list(session.scalars(sa.select(Target.id))),
        "evidence_id": list(session.scalars(sa.select(Evidence.id))),
        "code": list(session.scalars(sa.select(Target.code))),
        "aim_id": list(session.scalars(sa.select(Aim.id))),
        "period_id": list(session.scalars(sa.select(CalendarPeriod.id))),
    }
    return {name: values[:most] for name, values in keys.items()}


def every_answer(
    query: Callable[..., Any],
    session: Session,
    scope: Scope,
    years: sa.CTE,
    as_of: date,
    keys: Keys,
    *,
    year: AcademicYear | None = None,
) -> Iterator[Any]:
    """What a query answers a scope, once for each combination of the keys that it has to be given."""
    parameters = inspect.signature(query).parameters
    needed = {name for name, each in parameters.items() if each.default is inspect.Parameter.empty}
    ones = {name: values for name, values in keys.items() if name in needed}
    given: dict[str, Any] = {
        "session": session, "scope": scope, "as_of": as_of, "years": years, "rules": load_rule_sets(session),
        "year": AcademicYear.of(as_of) if "cluster_id" in ones else year,
        "school_id": None, "cluster_id": None, "cluster_ids": None, "pot": None, "on": as_of, "page": "nobody",
        "since": as_of - timedelta(days=400), "seen_since": datetime.combine(as_of, time(), UTC),
        "kinds": ["concern"], "stretches": [as_of, AcademicYear.of(as_of).ends], "search": "e", "most": 9,
        "academic_years": [AcademicYear.of(as_of)],
        "days": list(session.scalars(sa.select(Meeting.held_on).distinct())),
    }  # fmt: skip
    if "pots" in needed:
        given["pots"] = load_pots(session, scope, years, given["rules"])
    told = {name: given[name] for name in parameters if name in given and name not in ones}
    for values in product(*ones.values()):
        yield query(**told, **dict(zip(ones, values, strict=True)))
