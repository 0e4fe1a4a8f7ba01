"""One world, two databases, the same reports to the letter."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, whole_store
from dashboard.db import Store
from dashboard.directory.view import view_cluster
from dashboard.generate import generate
from dashboard.importing import load_sample
from dashboard.models import Cluster
from dashboard.reports.cluster import report_cluster
from dashboard.reports.overview import load_overview, report_overview
from tests.conftest import NewStore

SAMPLE = Path(__file__).parents[2] / "data"
TODAY = date(2026, 2, 12)


def fill_generated(store: Store) -> None:
    generate(store, clusters=6, schools=40, years=2, seed=7, today=TODAY, report=lambda _line: None)


def fill_with_sample(store: Store) -> None:
    load_sample(store, SAMPLE, lambda _line: None)


def reports(address: str, fill: Callable[[Store], None], years: list[AcademicYear | None]) -> list[str]:
    """Every report of every year asked for, as text."""
    store = whole_store(address)
    fill(store)
    told = []
    with store.reading() as session:
        slugs = list(session.scalars(sa.select(Cluster.slug).order_by(Cluster.slug)))
        for year in years:
            rows = load_overview(session, EVERYTHING, year=year, as_of=TODAY)
            told.append(json.dumps(report_overview(rows, year=year, as_of=TODAY)))
            for slug in slugs:
                view = view_cluster(session, EVERYTHING, slug, year=year, as_of=TODAY)
                assert view is not None
                told.append(json.dumps(report_cluster(session, view)))
    store.close()
    return told


@pytest.mark.parametrize(
    ("fill", "years", "at_least"),
    [
        (fill_generated, [None, AcademicYear(2024)], 14),
        (fill_with_sample, [None, AcademicYear(2015), AcademicYear(2016)], 12),
    ],
)
def test_the_reports_are_the_same(
    new_sqlite: NewStore,
    new_postgresql: NewStore,
    fill: Callable[[Store], None],
    years: list[AcademicYear | None],
    at_least: int,
) -> None:
    one, other = (reports(new(), fill, years) for new in (new_sqlite, new_postgresql))
    assert len(one) >= at_least
    assert one == other
