"""Every kind of file that can be written, and in which forms: the ways out that mirror `importing`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import pandas as pd
import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, clusters_in_totals
from dashboard.db import Session
from dashboard.directory.queries import cluster_years, find_cluster, years_with_data
from dashboard.funding.exports import load_allocations, load_spend
from dashboard.models import Cluster
from dashboard.plans.exports import load_plan_rows
from dashboard.plans.queries import load_plans
from dashboard.plans.word import as_document
from dashboard.sheets import TooManyRows, to_csv, to_json, to_xlsx


class ExportRefused(Exception):
    """Nothing was written; the text says why and what to ask for instead."""


@dataclass(frozen=True)
class Asked:
    """What a person asks for."""

    kind: str
    ending: str
    """Of the file, without its dot: it chooses the form."""
    cluster: str | None = None
    """A slug; without one, every cluster that is seen."""
    year: AcademicYear | None = None
    """Without one, each cluster's latest with any data."""
    every_year: bool = False


@dataclass(frozen=True)
class Written:
    """A file, and how many rows stand in it."""

    content: bytes
    rows: int


Form = Callable[[Session, Scope, sa.CTE], Written]
"""Writes what a scope sees of the chosen cluster-years."""
Load = Callable[[Session, Scope, sa.CTE], pd.DataFrame]


def _tables(title: str, load: Load) -> Mapping[str, Form]:
    """The forms of a table."""

    def form(write: Callable[[pd.DataFrame], bytes]) -> Form:
        def written(session: Session, scope: Scope, years: sa.CTE) -> Written:
            frame = load(session, scope, years)
            return Written(write(frame), len(frame))

        return written

    return {"csv": form(to_csv), "xlsx": form(lambda frame: to_xlsx(frame, title)), "json": form(to_json)}


def _plan_document(session: Session, scope: Scope, years: sa.CTE) -> Written:
    plans = load_plans(session, scope, years)
    if len(plans) != 1:
        found = "these are more" if plans else "there is none for this year"
        raise ExportRefused(f"A document holds one plan, and {found}; choose a cluster and a year.")
    return Written(as_document(plans[0]), len(plans[0].targets))


EXPORTERS: Final[Mapping[str, Mapping[str, Form]]] = MappingProxyType(
    {
        "spend": _tables("Spend", load_spend),
        "allocations": _tables("Allocations", load_allocations),
        "plan": {**_tables("Plan", load_plan_rows), "docx": _plan_document},
    }
)
"""Kind → ending → what writes it. A kind that is more than a table adds its own endings here."""


def export(session: Session, scope: Scope, asked: Asked, as_of: date) -> Written:
    """Write what a scope sees of a kind. Raises ExportRefused for what cannot be had."""
    forms = EXPORTERS.get(asked.kind)
    if forms is None:
        raise ExportRefused(f"There is no kind of file “{asked.kind}”; known are {', '.join(EXPORTERS)}.")
    form = forms.get(asked.ending)
    if form is None:
        ending = f"“.{asked.ending}”" if asked.ending else "a name without an ending"
        raise ExportRefused(f"{ending} is no form of {asked.kind}; name the file .{', .'.join(forms)}.")
    try:
        return form(session, scope, _years(session, scope, asked, as_of))
    except TooManyRows as error:
        raise ExportRefused(f"{error}; choose a cluster or a year, or CSV.") from error


def _years(session: Session, scope: Scope, asked: Asked, as_of: date) -> sa.CTE:
    cluster_id = None
    if asked.cluster is not None:
        cluster = find_cluster(session, scope, asked.cluster)
        if cluster is None:
            raise ExportRefused(f"There is no cluster “{asked.cluster}”.")
        cluster_id = cluster.id
    if not asked.every_year:
        return cluster_years(scope, as_of, year=asked.year, cluster_id=cluster_id)
    each = years_with_data(session, scope, cluster_id) or [AcademicYear.of(as_of)]
    clusters = clusters_in_totals(scope)
    if cluster_id is not None:
        clusters = clusters.where(Cluster.id == cluster_id)
    chosen = clusters.subquery()
    pairs = [sa.select(chosen.c.id.label("cluster_id"), sa.literal(year.start).label("year")) for year in each]
    return sa.union_all(*pairs).cte("every_year")
