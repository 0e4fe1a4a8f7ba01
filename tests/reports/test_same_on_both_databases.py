"""One world, two databases, the same reports to the letter."""

import json
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, whole_store
from dashboard.db import Store
from dashboard.directory.view import view_cluster
from dashboard.generate import generate
from dashboard.models import Cluster
from dashboard.reports.cluster import report_cluster
from dashboard.reports.overview import load_overview, report_overview
from tests.conftest import NewStore

TODAY = date(2026, 2, 12)


def fill_generated(store: Store) -> None:
    generate(store, clusters=6, schools=40, years=2, seed=7, today=TODAY, report=lambda _line: None)


def reports(store: Store, years: list[AcademicYear | None]) -> list[str]:
    """Every report of every year asked for, as text."""
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
    return told


def test_the_reports_of_generated_figures_are_the_same(new_sqlite: NewStore, new_postgresql: NewStore) -> None:
    told = []
    for new in (new_sqlite, new_postgresql):
        with whole_store(new()) as store:
            fill_generated(store)
            told.append(reports(store, [None, AcademicYear(2024)]))
    assert len(told[0]) >= 14
    assert told[0] == told[1]


def test_the_reports_of_the_sample_are_the_same(
    new_sqlite: NewStore, new_postgresql: NewStore, sample_sqlite: Path, sample_postgresql: str
) -> None:
    told = []
    for address in (new_sqlite(sample_sqlite), new_postgresql(sample_postgresql)):
        with whole_store(address) as store:
            told.append(reports(store, [None, AcademicYear(2015), AcademicYear(2016)]))
    assert len(told[0]) >= 12
    assert told[0] == told[1]
