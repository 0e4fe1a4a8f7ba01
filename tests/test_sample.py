"""The sample as a newcomer meets it: seven clusters, real figures and made-up ones kept apart."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, whole_store
from dashboard.db import Store
from dashboard.directory.view import view_cluster
from dashboard.engagement.queries import load_attendance_by_school
from dashboard.funding.checks import CHECKS
from dashboard.importing import load_sample
from dashboard.models import (
    Allocation,
    Appointment,
    ApprovalRequest,
    Benchmark,
    Cluster,
    ContextEvent,
    Contribution,
    ImportBatch,
    LedgerLine,
    LifecycleEvent,
    Membership,
    OutsideMoney,
    School,
    SchoolMark,
    Target,
)
from dashboard.plans.panels import ON_PLAN_PAGE
from dashboard.plans.prompts import RULES
from dashboard.reports.cluster import report_cluster
from dashboard.reports.overview import load_overview, report_overview
from dashboard.settings import PROJECT_ROOT
from dashboard.ui.panel import show
from dashboard.ui.theme import Look
from dashboard.vocabulary import ContributionKind, ContributionState, OutsideKind, Part, Provenance
from tests.conftest import NewStore

TODAY = date(2026, 11, 22)
SIZES = {
    "stonehenge-area-cluster": 6,
    "salisbury-plain-cluster": 6,
    "east-salisbury-rural-cluster": 7,
    "west-salisbury-cluster": 8,
    "east-salisbury-cluster": 10,
    "leamington-north-cluster": 11,
    "cogs-cluster": 2,
}


def test_it_holds_seven_clusters_of_the_right_sizes(sample: Store) -> None:
    with sample.reading() as session:
        overview = report_overview(load_overview(session, EVERYTHING, year=None, as_of=TODAY), year=None, as_of=TODAY)
    assert {row["cluster"]: row["schools"] for row in overview["clusters"]} == SIZES


def test_every_salisbury_school_has_its_number(sample: Store) -> None:
    with sample.reading() as session:
        numbers = session.scalars(
            sa.select(School.urn)
            .join(Membership, Membership.school_id == School.id)
            .join(Cluster, Cluster.id == Membership.cluster_id)
            .where(Cluster.focus == "Science")
        ).all()
    assert len(numbers) == 37
    assert None not in numbers


def test_amounts_that_a_document_gives_are_not_illustrative_and_all_others_are(sample: Store) -> None:
    documented = {Part.LEAD_ALLOWANCE: {30000}, Part.FINANCE_ALLOWANCE: {12000}, Part.RELEASE: {50000}}
    with sample.reading() as session:
        for row in session.scalars(sa.select(Allocation)):
            assert row.illustrative == (row.part not in documented), row.part
            if row.part in documented:
                assert row.amount in documented[row.part]
        assert all(session.scalars(sa.select(LedgerLine.illustrative)))
        assert all(session.scalars(sa.select(SchoolMark.illustrative)))
        sources = session.execute(sa.select(ImportBatch.provenance, ImportBatch.source)).all()
    assert {provenance for provenance, _ in sources} == {Provenance.DOCUMENT, Provenance.ILLUSTRATIVE}
    assert all(source for _, source in sources)


def test_the_cogs_plan_stands_as_printed(sample: Store) -> None:
    with sample.reading() as session:
        view = view_cluster(session, EVERYTHING, "cogs-cluster", year=None, as_of=TODAY)
        assert view is not None
        plan = report_cluster(session, view)["plan"]
        assert not any(session.scalars(sa.select(Target.illustrative).where(Target.cluster_id == view.cluster.id)))  # type: ignore[union-attr]
    assert view.year == AcademicYear(2019)
    assert [target["code"] for target in plan["targets"]] == [
        "PRIMARYARTS-SEPT19",
        "PARLIAMENT-SEPT19",
        "INSET-SEPT19",
        "SCIENCE-SEPT19",
        "GOVERNORS-SEPT19",
    ]
    assert [target["cells_filled"] for target in plan["targets"]] == [8, 8, 8, 5, 8]
    assert [target["criteria"]["total"] for target in plan["targets"]] == [3, 3, 2, 5, 2]
    assert (plan["criteria_met"], plan["criteria_total"]) == (4, 15)


def test_every_plan_of_the_sample_is_told_whole(sample: Store) -> None:
    """Behind each plan of the sample stand sentences that hold, and no panel fails on it."""
    told = {}
    with sample.reading() as session:
        for slug in SIZES:
            view = view_cluster(session, EVERYTHING, slug, year=None, as_of=TODAY)
            assert view is not None
            shown = {panel.id: show(panel, session, view, Look()) for panel in ON_PLAN_PAGE}
            assert not any("could not be shown" in each.headline for each in shown.values())
            told[slug] = shown["plan-board"].headline
    assert told["cogs-cluster"] == "None of five targets are achieved."
    assert told["west-salisbury-cluster"] == (
        "One of four targets is achieved, one has stalled; three are past their due date."
    )
    assert told["leamington-north-cluster"] == "No development plan is recorded for 2009-10."


def test_the_leamington_tables_stand_as_printed(sample: Store) -> None:
    with sample.reading() as session:
        figures = session.scalars(sa.select(Benchmark)).all()
    assert len(figures) == 3 * 10 + 12 * 9
    unmatched = {figure.school_label for figure in figures if figure.school_id is None}
    assert unmatched == {"Fircroft", "Cubbridge", "Netona"}
    netona = {figure.measure: figure.value for figure in figures if figure.school_label == "Netona"}
    assert netona == {"Grant Funding": 3983, "Self Generated Income": 177, "TOTAL INCOME": 4060}
    assert sum(figure.value is None for figure in figures) == 4 * 9 + 3 + 6


@pytest.mark.parametrize(
    ("slug", "year", "rules"),
    [
        ("west-salisbury-cluster", 2016, {"sabbatical_review", "turnover", "induction_due"}),
        ("west-salisbury-cluster", 2015, set()),
        ("east-salisbury-cluster", 2015, set()),
        ("east-salisbury-cluster", 2016, set()),
    ],
)
def test_the_events_raise_the_flags_that_they_are_told_for(
    sample: Store, slug: str, year: int, rules: set[str]
) -> None:
    of_events = {"sabbatical_review", "turnover", "induction_due"}
    with sample.reading() as session:
        view = view_cluster(session, EVERYTHING, slug, year=AcademicYear(year), as_of=TODAY)
        assert view is not None
        flags = report_cluster(session, view)["engagement"]["flags"]
    assert {flag["rule"] for flag in flags} & of_events == rules


def test_the_events_change_no_number_of_the_reports(new_sqlite: NewStore, sample_sqlite: Path) -> None:
    """Nobody who was expected at a meeting is away by them, and the other way round."""
    store = whole_store(new_sqlite(sample_sqlite))
    told = []
    for with_events in (True, False):
        with store.writing() as session:
            if not with_events:
                session.execute(sa.delete(LifecycleEvent))
                session.execute(sa.delete(Appointment))
            numbers = []
            for slug in SIZES:
                for year in (2015, 2016):
                    view = view_cluster(session, EVERYTHING, slug, year=AcademicYear(year), as_of=TODAY)
                    assert view is not None
                    years = view.cluster_years
                    frame = load_attendance_by_school(session, EVERYTHING, years, TODAY)
                    # How many marks are illustrative is no number of a report: of a school away none is counted.
                    numbers.append(frame.drop(columns=["marks", "illustrative"], errors="ignore").to_dict("records"))
            told.append(numbers)
    store.close()
    assert sum(len(rows) for rows in told[0]) == 2 * sum(SIZES.values())
    assert told[0] == told[1]


def test_what_happened_around_leamington_is_told_by_its_year(sample: Store) -> None:
    with sample.reading() as session:
        rows = session.execute(sa.select(ContextEvent.happened_on, ContextEvent.words, ContextEvent.illustrative)).all()
    assert len(rows) == 2
    assert all(row.happened_on == date(2010, 9, 1) and "2010/11" in row.words and not row.illustrative for row in rows)


def test_what_cogs_schools_put_in_is_of_the_document_and_charity_stands_apart(sample: Store) -> None:
    with sample.reading() as session:
        cogs = session.scalars(sa.select(Cluster.id).where(Cluster.slug == "cogs-cluster")).one()
        put_in = session.execute(
            sa.select(Contribution.kind, Contribution.amount, Contribution.state, Contribution.illustrative)
            .where(Contribution.cluster_id == cogs)
            .order_by(Contribution.id)
        )
        agreed = ContributionState.AGREED
        assert [tuple(row) for row in put_in] == [
            *[(ContributionKind.LEVY, 5_000, agreed, False)] * 2, *[(ContributionKind.CASH, None, agreed, False)] * 2,
        ]  # fmt: skip
        grant, charity = session.scalars(
            sa.select(OutsideMoney).where(OutsideMoney.cluster_id == cogs).order_by(OutsideMoney.id)
        )
        assert (grant.kind, grant.asked, grant.won, grant.illustrative) == (OutsideKind.GRANT, None, None, False)
        assert (charity.kind, charity.won, charity.illustrative) == (OutsideKind.CHARITY, 497_600, False)
        elsewhere = sa.select(Contribution.illustrative).where(Contribution.cluster_id != cogs)
        assert all(session.scalars(elsewhere))
        assert all(session.scalars(sa.select(ApprovalRequest.illustrative)))


def test_loading_it_twice_changes_nothing(sample: Store) -> None:
    again = load_sample(sample, PROJECT_ROOT / "data", lambda line: None)
    assert {(result.added, result.changed) for result in again} == {(0, 0)}


@pytest.mark.parametrize("script", ["make_illustrative.py", "make_cogs_plan.py"])
def test_the_script_writes_the_files_that_are_there(script: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for path in (PROJECT_ROOT / "data").iterdir():
        if path.is_file():
            (data / path.name).write_bytes(path.read_bytes())
    subprocess.run([sys.executable, str(data / script)], check=True, cwd=tmp_path)
    made = [path for path in data.rglob("*") if path.is_file()]
    for path in made:
        assert path.read_bytes() == (PROJECT_ROOT / "data" / path.relative_to(data)).read_bytes(), path.name
    assert len(made) >= 10


def test_a_start_that_is_cut_off_leaves_no_half_of_the_sample(store: Store) -> None:
    told: list[str] = []

    def cut_off(line: str) -> None:
        told.append(line)
        if len(told) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_sample(store, PROJECT_ROOT / "data", cut_off)
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count(Cluster.id))) == 0
        assert session.scalar(sa.select(sa.func.count(ImportBatch.id))) == 0


def test_it_shows_every_flag_with_its_rule_its_figure_and_its_rows(sample: Store) -> None:
    shown: dict[str, dict[str, object]] = {}
    with sample.reading() as session:
        for slug in SIZES:
            view = view_cluster(session, EVERYTHING, slug, year=None, as_of=TODAY)
            assert view is not None
            report = report_cluster(session, view)
            for part in ("engagement", "funding", "plan"):
                shown |= {flag["rule"]: flag for flag in report[part]["flags"]}
    assert set(shown) == {
        "low_attendance", "no_recent_attendance", "not_recorded", "too_few_meetings", "missed_half_term",
        "after_school", "cluster_size", "sabbatical_review", "consistency", "turnover", "induction_due",
        "overspent", "unspent", "unallocated", "overdue", "no_evidence", "no_measurable_criterion",
        "activity_without_impact", *CHECKS,
        *(RULES.keys() - {"names_not_roles"}),  # the sample's plan has roles, where the document has names
    }  # fmt: skip
    for flag in shown.values():
        assert all((flag["message"], flag["statement"], flag["figure"], flag["rows"])), flag
