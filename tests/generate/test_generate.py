"""Generated data: as much as asked for, the same for the same seed, illustrative throughout, and whole."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.access import whole_store
from dashboard.db import Base, Store
from dashboard.generate import GeneratedCounts, SizesRefused, StoreNotEmpty, generate
from dashboard.generate.plan import Sizes, seeded
from dashboard.generate.rows import FILLED
from dashboard.integrity import find_faults
from dashboard.models import (
    Allocation,
    Cluster,
    Cohort,
    Criterion,
    CriterionSchool,
    Evidence,
    ImportBatch,
    LeadSchool,
    LedgerLine,
    Meeting,
    Membership,
    PlanReview,
    Programme,
    ProgrammeRule,
    Provenanced,
    School,
    SchoolMark,
    Target,
)
from dashboard.naming import slug
from dashboard.plans.brackets import state_of_count
from dashboard.rules import check_rule
from dashboard.vocabulary import CriterionState, LineState, MeetingKind, Part, PlanCell, Pot, Provenance
from tests.conftest import NewStore

TODAY = date(2026, 2, 12)
THIS_YEAR = 2025


def make(store: Store, seed: int = 7, clusters: int = 6, schools: int = 40, years: int = 2) -> GeneratedCounts:
    return generate(
        store, clusters=clusters, schools=schools, years=years, seed=seed, today=TODAY, report=lambda _line: None
    )


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with store.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(sa.select(table).order_by(table.c.id))]
            for table in Base.metadata.sorted_tables
            if table.name not in {"audit_event", "audit_head"}  # they tell when it was made
        }


@pytest.fixture
def filled(store: Store) -> Store:
    make(store)
    return store


def test_it_makes_as_much_as_asked_for_and_counts_it(store: Store) -> None:
    counts = make(store)
    stored = {table: len(rows) for table, rows in contents(store).items() if rows}
    assert stored == {**counts.rows, "import_batch": 1}
    assert (counts.rows["cluster"], counts.rows["school"], counts.rows["plan"]) == (6, 40, 12)
    assert (counts.first_year, counts.last_year) == ("2024-25", "2025-26")
    with store.reading() as session:
        batch = session.get_one(ImportBatch, counts.batch_id)
        assert (batch.kind, batch.provenance, batch.added) == ("generate", Provenance.ILLUSTRATIVE, counts.total)
        assert "seed 7" in (batch.source or "")
        assert set(session.scalars(sa.select(LedgerLine.year))) == {2024, 2025}


def test_the_same_seed_makes_the_same_rows_on_both_databases(new_sqlite: NewStore, new_postgresql: NewStore) -> None:
    made = []
    for address, seed in ((new_sqlite(), 7), (new_sqlite(), 7), (new_postgresql(), 7), (new_sqlite(), 8)):
        store = whole_store(address)
        make(store, seed)
        made.append(contents(store))
        store.close()
    assert made[0] == made[1] == made[2]
    assert made[0]["school_mark"] != made[3]["school_mark"]
    assert made[0]["ledger_line"] != made[3]["ledger_line"]
    assert made[0]["school"] != made[3]["school"]


def test_every_row_is_illustrative_and_under_the_batch(filled: Store) -> None:
    with filled.reading() as session:
        for model in FILLED:
            if issubclass(model, Provenanced):
                found = session.execute(sa.select(model.illustrative, model.batch_id).distinct()).all()
                assert found == [(True, 1)], model


def test_nothing_refers_to_what_is_not_there(filled: Store) -> None:
    with filled.reading() as session:
        for table in Base.metadata.sorted_tables:
            for key in table.foreign_keys:
                orphans = (
                    sa.select(sa.func.count())
                    .select_from(table)
                    .where(key.parent.is_not(None), key.parent.not_in(sa.select(key.column)))
                )
                assert session.scalar(orphans) == 0, key


def test_every_school_is_in_exactly_one_cluster_of_usual_size(filled: Store) -> None:
    with filled.reading() as session:
        memberships = session.scalars(sa.select(Membership)).all()
        assert len({m.school_id for m in memberships}) == len(memberships) == 40
        assert all(3 <= size <= 12 for size in Counter(m.cluster_id for m in memberships).values())
        leads = session.scalars(sa.select(LeadSchool)).all()
        always = {(m.cluster_id, m.school_id) for m in memberships if m.joined is None and m.left is None}
        assert len(leads) == 6
        assert {(lead.cluster_id, lead.school_id) for lead in leads} <= always


def test_names_addresses_and_places(filled: Store) -> None:
    with filled.reading() as session:
        schools = session.scalars(sa.select(School)).all()
        named: list[Cluster | School] = [*session.scalars(sa.select(Cluster)), *schools]
        assert all(each.slug.startswith(slug(each.name)) for each in named)
        assert len({each.slug for each in named}) == 46
        assert all(50 < (s.latitude or 0) < 55.8 and -5.7 < (s.longitude or 99) < 1.8 for s in schools)
        assert all(s.phase and s.local_authority for s in schools)
        assert len({s.phase for s in schools}) > 2


def test_programmes_have_cohorts_and_rules_that_exist(filled: Store) -> None:
    with filled.reading() as session:
        assert session.scalar(sa.select(sa.func.count(Programme.id))) == 4
        cohorts = session.scalars(sa.select(Cohort.programme_id)).all()
        assert set(Counter(cohorts).values()) == {2}
        rules = session.scalars(sa.select(ProgrammeRule)).all()
        assert len({rule.programme_id for rule in rules}) == 2
        for rule in rules:
            check_rule(rule.name, rule.value)
        pairs = session.execute(sa.select(Cluster.programme_id, Cohort.programme_id).join(Cohort)).all()
        assert len(pairs) == 6
        assert all(mine == cohorts for mine, cohorts in pairs)


def test_five_cluster_meetings_a_year_and_no_mark_after_today(filled: Store) -> None:
    with filled.reading() as session:
        meetings = session.scalars(sa.select(Meeting)).all()
        held = Counter((m.cluster_id, m.year) for m in meetings if m.kind == MeetingKind.CLUSTER)
        assert len(held) == 12
        assert set(held.values()) == {5}
        assert all(m.held_on.weekday() < 5 and AcademicYear.of(m.held_on).start == m.year for m in meetings)
        assert any(m.held_on > TODAY for m in meetings)
        marked = session.execute(sa.select(Meeting.held_on, SchoolMark.mark).join(SchoolMark)).all()
        assert max(day for day, _ in marked) <= TODAY
        assert {"present", "absent", "apologies", "substitute"} <= {mark for _, mark in marked}
        attended = sum(mark in {"present", "substitute"} for _, mark in marked)
        assert 0.6 < attended / len(marked) < 0.95


def test_marks_only_while_a_school_is_a_member(store: Store) -> None:
    make(store, clusters=20, schools=200)
    with store.reading() as session:
        rows = session.execute(
            sa.select(Meeting.held_on, Meeting.cluster_id, Membership.cluster_id, Membership.joined, Membership.left)
            .join(SchoolMark, SchoolMark.meeting_id == Meeting.id)
            .join(Membership, Membership.school_id == SchoolMark.school_id)
        ).all()
        assert any(joined for *_, joined, _ in rows)
        assert any(left for *_, left in rows)
        for day, cluster, member_of, joined, left in rows:
            assert cluster == member_of
            assert (joined or day) <= day <= (left or day)


def test_some_marks_are_missing_and_some_schools_come_less_and_less(store: Store) -> None:
    make(store, clusters=20, schools=160, years=3)
    with store.reading() as session:
        possible = session.scalar(
            sa.select(sa.func.count())
            .select_from(Meeting)
            .join(Membership, Membership.cluster_id == Meeting.cluster_id)
            .where(Meeting.held_on <= TODAY, Meeting.kind == MeetingKind.CLUSTER)
        )
        marked = session.execute(
            sa.select(SchoolMark.school_id, Meeting.year, SchoolMark.mark)
            .join(Meeting)
            .where(Meeting.kind == MeetingKind.CLUSTER)
        ).all()
    assert possible
    assert 0.85 < len(marked) / possible < 0.99

    def rates(year: int) -> dict[int, float]:
        came, expected = Counter[int](), Counter[int]()
        for school, when, mark in marked:
            if when == year:
                expected[school] += 1
                came[school] += mark in {"present", "substitute"}
        return {school: came[school] / expected[school] for school in expected}

    first, last = rates(2023), rates(THIS_YEAR)
    assert sum(first.get(school, 0) - rate > 0.5 for school, rate in last.items()) >= 5


def test_allocations_of_each_pot(filled: Store) -> None:
    with filled.reading() as session:
        lead_held = session.scalars(sa.select(Allocation).where(Allocation.pot == Pot.LEAD_HELD)).all()
        release = session.scalars(sa.select(Allocation).where(Allocation.pot == Pot.SCHOOL_HELD)).all()
    assert len(lead_held) == 6 * 2 * 5
    assert {a.amount for a in lead_held if a.part == Part.LEAD_ALLOWANCE} == {30000}
    assert {a.amount for a in lead_held if a.part == Part.FINANCE_ALLOWANCE} == {12000}
    assert {a.part for a in lead_held} >= {Part.A, Part.B, Part.COORDINATOR}
    assert {(a.amount, a.part) for a in release} == {(50000, Part.RELEASE)}
    assert len({(a.school_id, a.year) for a in release}) == len(release) <= 80


def test_ledger_lines_are_whole_and_of_their_year(filled: Store) -> None:
    with filled.reading() as session:
        lines = session.scalars(sa.select(LedgerLine)).all()
        targets = {t.id: (t.cluster_id, t.year) for t in session.scalars(sa.select(Target))}
        meetings = {m.id: (m.cluster_id, m.year) for m in session.scalars(sa.select(Meeting))}
    assert len({line.fingerprint for line in lines}) == len(lines)
    for line in lines:
        assert AcademicYear.of(line.spent_on).start == line.year
        assert line.spent_on <= TODAY
        assert line.amount > 0
        assert line.target_id is None or targets[line.target_id] == (line.cluster_id, line.year)
        assert line.meeting_id is None or meetings[line.meeting_id] == (line.cluster_id, line.year)
    still_open = {LineState.REQUESTED, LineState.APPROVED, LineState.COMMITTED}
    assert {line.year for line in lines if line.state in still_open} == {THIS_YEAR}
    of_a_past_year = Counter(line.cluster_id for line in lines if line.pot == Pot.LEAD_HELD and line.year == 2024)
    assert all(12 <= number <= 20 for number in of_a_past_year.values())


def test_plans_have_targets_criteria_and_evidence(filled: Store) -> None:
    with filled.reading() as session:
        targets = session.scalars(sa.select(Target)).all()
        criteria = session.scalars(sa.select(Criterion.target_id)).all()
        evidence = session.execute(
            sa.select(Evidence.dated, Target.year, Criterion.target_id, Target.id)
            .select_from(Evidence)
            .join(Target)
            .join(Criterion, Criterion.id == Evidence.criterion_id)
        ).all()
    assert all(2 <= number <= 4 for number in Counter((t.cluster_id, t.year) for t in targets).values())
    assert all(2 <= number <= 4 for number in Counter(criteria).values())
    assert len(set(criteria)) == len(targets)
    cells = [f"cell_{cell}" for cell in PlanCell]
    assert sum(all(getattr(t, cell) for cell in cells) for t in targets) > len(targets) / 3
    assert any(t.due and t.due < TODAY for t in targets)
    assert any(t.due and t.due > TODAY for t in targets)
    assert evidence
    for dated, year, criterion_of, target in evidence:
        assert criterion_of == target
        assert dated is None or (dated <= TODAY and AcademicYear.of(dated).start == year)


def test_what_plans_say_in_two_places_is_the_same(filled: Store) -> None:
    """Evidence and the lines of its cell, counts and ticks and the state they follow; reviews of what has begun."""
    with filled.reading() as session:
        targets = {each.id: each for each in session.scalars(sa.select(Target))}
        pieces: dict[int, list[str]] = {}
        for piece in session.scalars(sa.select(Evidence).order_by(Evidence.target_id, Evidence.position)):
            pieces.setdefault(piece.target_id, []).append(piece.text)
        criteria = session.scalars(sa.select(Criterion)).all()
        ticks: dict[int, set[CriterionState]] = {}
        for tick in session.scalars(sa.select(CriterionSchool)):
            ticks.setdefault(tick.criterion_id, set()).add(tick.state)
        reviewed = session.scalars(sa.select(PlanReview.reviewed_on)).all()
    for target in targets.values():
        lines = [line.text for line in target.cell_evaluation or ()]
        assert lines == pieces.get(target.id, [])
        assert len(set(lines)) == len(lines)
    for each in criteria:
        if each.number_wanted is not None:
            assert each.state == (state_of_count(each.number_wanted, each.number_reached) or CriterionState.NO_EVIDENCE)
            assert not each.per_school
        assert each.per_school or each.id not in ticks
    ticked = [each for each in criteria if each.id in ticks]
    of_states = {state: [each for each in ticked if each.state == state] for state in CriterionState}
    assert all(of_states.values())
    assert all(ticks[each.id] == {CriterionState.MET} for each in of_states[CriterionState.MET])
    assert all(CriterionState.NOT_MET in ticks[each.id] for each in of_states[CriterionState.NOT_MET])
    assert reviewed
    assert max(reviewed) <= TODAY
    assert find_faults(filled) == [], "there it is known which schools were members"


def test_a_store_that_holds_a_cluster_or_a_school_is_refused(new_store: NewStore) -> None:
    for row in (Cluster(slug="a", name="A"), School(slug="a", name="A")):
        store = whole_store(new_store())
        with store.writing() as session:
            session.add(row)
        before = contents(store)
        with pytest.raises(StoreNotEmpty, match="already"):
            make(store)
        assert contents(store) == before
        store.close()


def test_a_store_with_programmes_and_batches_alone_is_filled(store: Store) -> None:
    with store.writing() as session:
        session.add(ImportBatch(kind="schools", file_name="undone.csv"))
        session.add(Programme(slug="primary-science-clusters", name="Primary Science Clusters"))
    counts = make(store)
    assert counts.batch_id == 2
    with store.reading() as session:
        assert session.scalar(sa.select(Programme.slug).where(Programme.id == 2)) == "primary-science-clusters-2"


def test_a_failure_half_way_stores_nothing(store: Store) -> None:
    def fail(_line: str) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        generate(store, clusters=2, schools=8, years=1, seed=1, today=TODAY, report=fail)
    assert not any(contents(store).values())


def test_later_entries_get_keys_of_their_own(filled: Store) -> None:
    with filled.writing() as session:
        session.add(School(slug="new", name="New"))
        session.add(ImportBatch(kind="schools", file_name="new.csv"))
        cluster = Cluster(slug="new", name="New")
        session.add(cluster)
        session.flush()
        session.add(Meeting(cluster_id=cluster.id, held_on=TODAY, year=THIS_YEAR, kind=MeetingKind.CLUSTER))
        session.add(Programme(slug="new", name="New"))
    with filled.reading() as session:
        assert session.scalar(sa.select(School.id).where(School.slug == "new")) == 41


def test_progress_is_reported(new_sqlite: NewStore) -> None:
    store, lines = whole_store(new_sqlite()), list[str]()
    generate(store, clusters=150, schools=150, years=1, seed=1, today=TODAY, report=lines.append)
    store.close()
    assert lines == ["100 of 150 clusters", "150 of 150 clusters"]


@pytest.mark.parametrize("today", [date(2025, 9, 1), date(2026, 8, 31)])
def test_the_first_and_the_last_day_of_a_year(new_sqlite: NewStore, today: date) -> None:
    store = whole_store(new_sqlite())
    counts = generate(store, clusters=3, schools=9, years=1, seed=1, today=today, report=lambda _line: None)
    assert counts.last_year == "2025-26"
    with store.reading() as session:
        for happened in (
            session.scalar(sa.select(sa.func.max(LedgerLine.spent_on))),
            session.scalar(sa.select(sa.func.max(Meeting.held_on)).join(SchoolMark)),
            session.scalar(sa.select(sa.func.max(Evidence.dated))),
        ):
            assert happened is None or happened <= today
    store.close()


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        (Sizes(0, 5, 1), "at least 1 cluster"),
        (Sizes(5, 4, 1), "too few"),
        (Sizes(5, 20, 0), "years must be"),
        (Sizes(5, 20, 31), "years must be"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(new_sqlite: NewStore, sizes: Sizes, words: str) -> None:
    store = whole_store(new_sqlite())
    with pytest.raises(SizesRefused, match=words):
        make(store, clusters=sizes.clusters, schools=sizes.schools, years=sizes.years)
    assert not any(contents(store).values())
    store.close()


@pytest.mark.parametrize(
    ("clusters", "schools", "smallest", "largest"),
    [(5, 5, 1, 1), (4, 9, 2, 12), (10, 30, 3, 3), (10, 80, 3, 12), (10, 120, 12, 12), (10, 137, 3, 14)],
)
def test_schools_are_spread(clusters: int, schools: int, smallest: int, largest: int) -> None:
    counts = Sizes(clusters, schools, 1).schools_per_cluster(seeded(1, "sizes"))
    assert sum(counts) == schools
    assert len(counts) == clusters
    assert all(smallest <= count <= largest for count in counts)
