"""A plan goes to Word and comes back whole: any plan, and the document of the COGS cluster."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Scope
from dashboard.audit import COMMAND_LINE
from dashboard.db import Store
from dashboard.directory.lifecycle import ByHand
from dashboard.importing import IMPORTERS
from dashboard.intake.files import SourceFile
from dashboard.intake.pipeline import ImportOptions, ImportResult, bring_in
from dashboard.models import CellLine, Cluster, Evidence, EvidenceFile, Target
from dashboard.plans.brackets import CriterionLine, EvidenceLine, join_criteria, join_evidence
from dashboard.plans.commands import PlanBook, TargetText
from dashboard.plans.exports import load_plan_rows
from dashboard.plans.queries import load_plans
from dashboard.plans.record import PlanRecord
from dashboard.plans.word import as_document
from dashboard.sheets import to_csv, to_xlsx
from dashboard.vocabulary import (
    PLAN_HEADINGS,
    ActivityKind,
    CriterionState,
    EvidenceKind,
    FocusArea,
    Horizon,
    PlanCell,
    TargetStatus,
)
from tests import builders as put
from tests.builders import EXAMPLES, taken_back

ROOT = Path(__file__).parents[2]
PLANS = (ROOT / "data" / "cogs-plan.docx", ROOT.parent / "shared" / "data" / "seed" / "cogs_development_plan.docx")
YEAR = AcademicYear(2019)
TODAY = date(2020, 6, 1)
SOMEBODY = COMMAND_LINE

WORDS = st.lists(
    st.sampled_from(
        ["Every school", "held", "a", "(or not)", "£50", "two – three", "Anne’s", "(met) so far", "é", "<b>&"]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
LINES = st.lists(st.builds(CellLine, st.booleans(), WORDS), max_size=3, unique_by=lambda line: line.text).map(tuple)
DAYS = st.one_of(st.none(), st.dates(date(2019, 9, 1), date(2020, 8, 31)))
CODES = st.lists(
    st.sampled_from(["ARTS-SEPT19", "SCIENCE", "Go 1", "READING-JAN20", "the garden"]),
    min_size=1,
    max_size=3,
    unique=True,
)
COUNTS = st.one_of(st.just((None, None)), st.tuples(st.integers(1, 9), st.one_of(st.none(), st.integers(0, 9))))


@st.composite
def criteria_cells(draw: st.DrawFn) -> tuple[CellLine, ...]:
    cell = draw(LINES)
    said = []
    for line in cell:
        wanted, reached = draw(COUNTS)
        state = draw(st.one_of(st.none(), st.sampled_from(list(CriterionState))))
        said.append(CriterionLine(line.text, state, wanted, reached, draw(st.booleans())))
    return join_criteria(cell, said)


@st.composite
def evaluation_cells(draw: st.DrawFn) -> tuple[CellLine, ...]:
    cell = draw(LINES)
    said = [
        EvidenceLine(
            line.text,
            draw(DAYS),
            draw(st.sampled_from([None, 1])),
            draw(st.sampled_from([None, "https://cluster.example.org/?a=1,2"])),
            *draw(st.sampled_from([(None, None), (Decimal(25), "governors"), (Decimal("2.5"), None)])),
        )
        for line in cell
    ]
    return join_evidence(cell, said)


@st.composite
def targets(draw: st.DrawFn, code: str) -> TargetText:
    cells = {cell: draw(LINES) for cell in PlanCell}
    if draw(st.booleans()):
        cells[PlanCell.TARGET] = (CellLine(draw(st.booleans()), code), *cells[PlanCell.TARGET])
    cells[PlanCell.CRITERIA], cells[PlanCell.EVALUATION] = draw(criteria_cells()), draw(evaluation_cells())
    status = draw(st.one_of(st.none(), st.sampled_from(list(TargetStatus))))
    return TargetText(
        code,
        draw(st.sampled_from([code, "What it is called"])),
        cells,
        due=draw(DAYS),
        review_on=draw(DAYS),
        owner=draw(st.sampled_from([None, "Arts lead"])),
        own_status=status,
        own_status_reason=None if status is None else draw(st.sampled_from([None, "The grant came late"])),
        activity=draw(st.one_of(st.none(), st.sampled_from(list(ActivityKind)))),
        horizon=draw(st.one_of(st.none(), st.sampled_from(list(Horizon)))),
        focus_area=draw(st.one_of(st.none(), st.sampled_from(list(FocusArea)))),
    )


PLAN = CODES.flatmap(lambda codes: st.tuples(*(targets(code) for code in codes)))


def plan_of(session: Session, of: Cluster, scope: Scope = EVERYTHING) -> PlanRecord:
    years = sa.select(sa.literal(of.id).label("cluster_id"), sa.literal(YEAR.start).label("year")).cte("years")
    (found,) = load_plans(session, scope, years)
    return found


def what_it_says(plan: PlanRecord) -> PlanRecord:
    """The plan without what no document holds: numbers of rows, who entered what, and when it was changed."""
    told = [
        replace(each, target_id=0, version=0, by_hand=frozenset(), evidence=sorted(each.evidence, key=lambda e: e.text))
        for each in plan.targets
    ]
    return replace(plan, cluster="", name="", changed_on=None, targets=told)


def brought(session: Session, to: Cluster, data: bytes, name: str = "plan.docx") -> ImportResult:
    options = ImportOptions(cluster=to.slug, year=YEAR, today=TODAY)
    result = bring_in(session, IMPORTERS["plan"], SourceFile(name, data), options)
    assert result.stored, result.errors
    return result


def taken_whole(session: Session, of: Cluster, empty: Cluster) -> None:
    """What a cluster's plan is in Word is the same in an empty plan, and changes nothing where it is from."""
    before = plan_of(session, of)
    data = as_document(before)
    again = brought(session, of, data)
    assert (again.added, again.changed, again.batch) == (0, 0, None)
    assert plan_of(session, of) == before
    assert brought(session, empty, data).added == len(before.targets)
    assert what_it_says(plan_of(session, empty)) == what_it_says(before)


@settings(EXAMPLES, max_examples=25)
@given(drawn=PLAN)
def test_any_plan_goes_to_word_and_comes_back(shared_store: Store, drawn: tuple[TargetText, ...]) -> None:
    with taken_back(shared_store) as session:
        mill, weir = put.cluster(session, "Mill Cluster"), put.cluster(session, "Weir Cluster")
        book = PlanBook(ByHand(session), mill, SOMEBODY, TODAY)
        for each in drawn:
            book.put_target(YEAR, each)
        book.put_target(YEAR, TargetText("DRAFT-ONE", "Only a thought"), draft=True)
        session.flush()
        taken_whole(session, mill, weir)


@pytest.mark.parametrize("path", [path for path in PLANS if path.exists()], ids=lambda path: path.stem)
def test_the_plan_of_cogs_goes_to_word_and_comes_back(shared_store: Store, path: Path) -> None:
    with taken_back(shared_store) as session:
        mill, weir = put.cluster(session, "Mill Cluster"), put.cluster(session, "Weir Cluster")
        assert brought(session, mill, path.read_bytes()).added == 5
        plan = plan_of(session, mill)
        assert (plan.dated, len(plan.targets)) == (date(2020, 3, 13), 5)
        assert as_document(plan) == as_document(plan_of(session, mill)), "the same plan is the same bytes"
        taken_whole(session, mill, weir)


def test_the_same_as_a_table(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill, weir = put.cluster(session, "Mill Cluster"), put.cluster(session, "Weir Cluster")
        brought(session, mill, PLANS[0].read_bytes())
        years = sa.select(sa.literal(mill.id).label("cluster_id"), sa.literal(YEAR.start).label("year")).cte("years")
        frame = load_plan_rows(session, EVERYTHING, years)
        for name, data in (("plan.csv", to_csv(frame)), ("plan.xlsx", to_xlsx(frame, "Plan"))):
            result = brought(session, mill, data, name)
            assert (result.added, result.changed, result.unchanged) == (0, 0, 5)
        frame["cluster"] = weir.slug
        brought(session, weir, to_csv(frame), "plan.csv")
        assert what_it_says(plan_of(session, weir)).targets == what_it_says(plan_of(session, mill)).targets
        assert b"'- " in to_csv(frame), "a bullet is no formula"


def test_the_document_as_a_reader_opens_it(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session, "Mill Cluster")
        brought(session, mill, PLANS[0].read_bytes())
        (arts,) = session.query(Target).filter_by(code="PRIMARYARTS-SEPT19")
        arts.illustrative, arts.due = True, date(2020, 7, 1)
        session.flush()
        document = docx.Document(io.BytesIO(as_document(plan_of(session, mill))))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:2] == ["Mill Cluster: development plan 2019-20", "Plan dated 13 March 2020"]
    assert texts[3].startswith("Illustrative: some or all of this was made up")
    section = document.sections[0]
    assert (section.orientation, section.page_width > section.page_height) == (WD_ORIENT.LANDSCAPE, True)
    plan, beside = document.tables
    assert [cell.text for cell in plan.rows[0].cells] == list(PLAN_HEADINGS.values())
    assert [cell.text for cell in beside.rows[0].cells] == ["Code", "Due", "Next review", "Owner", "Status", "Reason"]
    assert [cell.text for cell in beside.rows[1].cells][:2] == ["PRIMARYARTS-SEPT19", "1 July 2020"]
    for table in (plan, beside):
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1"
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
    widths = [round(cell.width.cm, 1) for cell in plan.rows[1].cells]
    assert sum(widths) == pytest.approx(26.7, abs=0.2)
    languages = {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    styles = [paragraph.style.name for paragraph in plan.rows[1].cells[0].paragraphs]
    assert styles == ["List Bullet", "Normal"]


def test_a_file_of_evidence_goes_by_its_name_and_only_to_who_sees_the_cluster_whole(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session, "Mill Cluster")
        ford = put.school(session, within=mill)
        arts = put.target(session, mill, "ARTS-SEPT19", year=YEAR.start)
        arts.cell_evaluation = (CellLine(True, "Hung up"),)
        piece = Evidence(target_id=arts.id, position=1, text="Hung up", kind=EvidenceKind.FILE)
        put.put(session, piece)
        named = EvidenceFile(evidence_id=piece.id, cluster_id=mill.id, file_name="the; wall.jpg", content=b"x")
        named.media_type, named.size, named.sha256 = "image/jpeg", 1, "0" * 64
        put.put(session, named)
        whole = plan_of(session, mill)
        as_head = plan_of(session, mill, Scope(school_ids=frozenset({ford.id})))
        assert whole.targets[0].written()[PlanCell.EVALUATION] == (CellLine(True, "Hung up (file the wall.jpg)"),)
        assert as_head.targets[0].written()[PlanCell.EVALUATION] == (CellLine(True, "Hung up"),)
        again = brought(session, mill, as_document(whole))
        assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
