"""Plans as people keep them in Word: merged cells, other headings, several tables, and what is no plan at all.

What a document says has nothing to do with the database: these run on one.
"""

import io
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from typing import Any

import docx
import pytest
import sqlalchemy as sa
from docx.oxml import parse_xml

from dashboard.academic_year import AcademicYear
from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.intake.files import SourceFile
from dashboard.models import CellLine, ImportBatch
from tests.conftest import NewStore
from tests.plans.test_imports import ARTS, CSV_HEAD, HEADINGS, ROOT, SHIFTED
from tests.uploads import MILL, bring, brought, docx_file, everything, problems, undo, xlsx_file


@pytest.fixture
def store(new_sqlite: NewStore) -> Generator[Store]:
    with whole_store(new_sqlite()) as opened:
        yield opened


def table_of(*rows: tuple[str, ...]) -> tuple[Any, Any]:
    """A document with one table, to be changed before it is brought in."""
    document = docx.Document(io.BytesIO(docx_file(list(rows)).data))
    return document, document.tables[0]


def as_file(document: Any) -> SourceFile:
    out = io.BytesIO()
    document.save(out)
    return SourceFile("plan.docx", out.getvalue())


def cells_of(store: Store, code: str) -> dict[str, Any]:
    (row,) = [row for row in everything(store)["target"] if row["code"] == code]
    return {name.removeprefix("cell_"): value for name, value in row.items() if name.startswith("cell_")}


def told(result: Any) -> str:
    return " / ".join(str(each) for each in (*result.errors, *result.warnings))


def test_an_empty_first_heading_holds_the_targets(two_clusters: Store) -> None:
    bare = ("", *HEADINGS[1:])
    result = brought(two_clusters, "plan", docx_file([bare, ARTS]), cluster=MILL)
    assert (result.added, "the first column has no heading; it was read as Target" in told(result)) == (1, True)
    rows = [bare, tuple(text.replace("* ", "- ") for text in ARTS)]
    again = brought(two_clusters, "plan", xlsx_file(rows), cluster=MILL)
    assert (again.added, again.changed) == (0, 0)


def test_other_headings_are_said_in_a_mapping(two_clusters: Store) -> None:
    others = ("What", "Why", "Done when", "How", "Who", "Seen", "Impact", "Then")
    file = docx_file([others, ARTS])
    assert "table 1 has “What”, “Why”" in told(bring(two_clusters, "plan", file, cluster=MILL))
    words = ("target", "aims", "criteria", "organisation", "personnel", "evaluation", "impact", "next_steps")
    mapping = {"columns": dict(zip(others, words, strict=True))}
    brought(two_clusters, "plan", file, cluster=MILL, mapping=mapping)
    assert cells_of(two_clusters, "ARTS-SEPT19")["next_steps"] == (CellLine(True, "Do it again"),)
    (batch,) = batches(two_clusters)
    assert batch["mapping"] == mapping


def batches(store: Store) -> list[dict[str, Any]]:
    with store.reading() as session:
        chosen = sa.select(ImportBatch.__table__).where(ImportBatch.kind == "plan")
        return [dict(row) for row in session.execute(chosen).mappings()]


def test_empty_rows_and_headings_that_stand_again_make_no_targets(two_clusters: Store) -> None:
    empty = ("", "*", "", "", "*", "", "", "")
    band = ("Spring", *[""] * 7)
    document, table = table_of(HEADINGS, empty, ARTS, HEADINGS, empty, SHIFTED, band)
    table.rows[6].cells[0].merge(table.rows[6].cells[7])
    result = brought(two_clusters, "plan", as_file(document), cluster=MILL)
    assert (result.rows_read, result.added) == (2, 2)
    assert "“Spring” stands across the whole table and was passed over" in told(result)
    file = CSV_HEAD + "Go on,ARTS,One,,,,,,\n,,,,,,,,\n - ,,,,,,,,\n"
    result = brought(two_clusters, "plan", file, cluster="weir-cluster")
    assert (result.rows_read, result.added) == (1, 1)
    nothing = brought(two_clusters, "plan", docx_file([HEADINGS, empty]), cluster=MILL)
    assert (nothing.added, nothing.batch, "there is no target to store" in told(nothing)) == (0, None, True)


def test_merged_cells_are_read_once_and_a_merged_target_goes_on(two_clusters: Store) -> None:
    second = ("", "* Another aim", "* Every parent comes", "", "", "* Heard in June", "", "* Then rest")
    document, table = table_of(HEADINGS, ARTS, second, ("* MUSIC-SEPT19\nSing", *[""] * 7))
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(1, 3).merge(table.cell(1, 4))
    table.cell(2, 6).merge(table.cell(3, 6))
    result = brought(two_clusters, "plan", as_file(document), cluster=MILL)
    assert (result.rows_read, result.added) == (2, 2)
    arts = cells_of(two_clusters, "ARTS-SEPT19")
    assert arts["aims"] == tuple(CellLine(True, text) for text in ("Work together", "Smooth transition", "Another aim"))
    assert arts["next_steps"] == (CellLine(True, "Do it again"), CellLine(True, "Then rest"))
    assert (len(arts["organisation"]), arts["personnel"]) == (2, None), "the text of a merged cell stands once"
    assert "its text counts for the target above alone" in told(result)


def test_every_table_with_the_headings_is_read_and_the_one_beside_gives_the_dates(two_clusters: Store) -> None:
    beside = [
        ("Code", "Due", "Owner", "Status", "Reason", "Next review"),
        ("ARTS-SEPT19", "1 May 2020", "Arts lead", "In progress", "Work has begun", ""),
        ("MATHS-JAN20", "", "", "stalled", "", "2020-03-01"),
        ("GONE", "", "", "", "", ""),
    ]
    file = docx_file([HEADINGS, ARTS], [("Agenda", "Who"), ("Minutes", "Chair")], [HEADINGS, SHIFTED], beside)
    result = brought(two_clusters, "plan", file, cluster=MILL)
    assert (result.rows_read, result.added) == (2, 2)
    arts, maths = everything(two_clusters)["target"]
    assert (arts["due"], arts["owner"], arts["own_status"]) == (date(2020, 5, 1), "Arts lead", "in_progress")
    assert (arts["own_status_reason"], maths["review_on"]) == ("Work has begun", date(2020, 3, 1))
    assert (maths["own_status"], maths["own_status_reason"]) == ("stalled", None)
    assert "MATHS-JAN20: no reason is given for the status" in told(result)
    assert "ARTS-SEPT19: no reason" not in told(result)
    assert "table 2 has not the headings of a plan and was passed over" in told(result)
    assert "there is no target “GONE” in the plan above" in told(result)
    other = [beside[0], ("ARTS-SEPT19", "", "", "stalled", "", "")]
    result = brought(two_clusters, "plan", docx_file([HEADINGS, ARTS], other), cluster=MILL)
    arts = everything(two_clusters)["target"][0]
    assert (arts["own_status"], arts["own_status_reason"]) == ("stalled", None), "the reason was that of another status"
    assert "ARTS-SEPT19: no reason is given for the status" in told(result)
    wrong = bring(
        two_clusters, "plan", docx_file([HEADINGS, ARTS], [beside[0], ("ARTS-SEPT19", "soon", *[""] * 4)]), cluster=MILL
    )
    assert problems(wrong) == [(2, "Due", "soon")]
    assert "table 2: “soon” is not a date" in told(wrong)


def test_a_plan_within_another_table_and_one_under_a_title_across_it(two_clusters: Store) -> None:
    document = docx.Document()
    inner = document.add_table(1, 1).cell(0, 0).add_table(2, 8)
    titled = document.add_table(3, 8)
    titled.cell(0, 0).merge(titled.cell(0, 7))
    titled.cell(0, 0).text = "Our plan"
    for table, first, code in ((inner, 0, "ONE-SEPT19"), (titled, 1, "TWO-SEPT19")):
        for column, heading in enumerate(HEADINGS):
            table.cell(first, column).text = heading
            table.cell(first + 1, column).text = f"{code}\nGo on" if column == 0 else "As agreed"
    result = brought(two_clusters, "plan", as_file(document), cluster=MILL)
    assert (result.added, "passed over" in told(result)) == (2, False)


def test_text_in_tables_within_cells_links_and_tracked_changes(two_clusters: Store) -> None:
    document, table = table_of(HEADINGS, ARTS)
    inner = table.cell(1, 5).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Seen by parents", "- typed bullet"
    paragraph = table.cell(1, 6).paragraphs[0]._p
    for markup in (
        '<w:hyperlink {0}><w:r><w:t xml:space="preserve"> of their work</w:t></w:r></w:hyperlink>',
        '<w:ins {0}><w:r><w:t xml:space="preserve"> and</w:t><w:noBreakHyphen/></w:r></w:ins>',
        "<w:del {0}><w:r><w:delText> not</w:delText></w:r></w:del>",
        "<w:moveFrom {0}><w:r><w:t> moved away</w:t></w:r></w:moveFrom>",
        '<w:smartTag {0}><w:r><w:t xml:space="preserve"> voices</w:t></w:r></w:smartTag>',
    ):
        paragraph.append(
            parse_xml(markup.format('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'))
        )
    brought(two_clusters, "plan", as_file(document), cluster=MILL)
    cells = cells_of(two_clusters, "ARTS-SEPT19")
    assert cells["evaluation"][2:] == (CellLine(False, "Seen by parents"), CellLine(True, "typed bullet"))
    assert cells["impact"] == (CellLine(True, "Pupils are proud of it of their work and- voices"),)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("A/B", "has a slash"),
        ("A\\B", "has a slash"),
        ("Bring-In", "is the name of a page of the plan"),
        ("..", "is no code"),
    ],
)
def test_a_code_that_cannot_be_an_address_is_refused_with_its_row(two_clusters: Store, code: str, words: str) -> None:
    result = bring(two_clusters, "plan", f"target,code\nGo on,FINE\nGo on,{code}\n", cluster=MILL)
    assert problems(result) == [(3, "code", code)]
    assert words in told(result)


def test_a_target_without_a_code_is_offered_one_and_a_row_without_a_target_told(two_clusters: Store) -> None:
    lost = ("", "", "* One more", *[""] * 5)
    file = docx_file([HEADINGS, ("To put on an exhibition", *ARTS[1:]), lost])
    result = bring(two_clusters, "plan", file, cluster=MILL, year=AcademicYear(2020))
    assert "put one such as PUT-EXHIBITION-SEPT20 in the first line of the cell" in told(result)
    assert "row 3, column “Target”: this row says something, but names no target" in told(result)


def test_the_date_of_a_plan_is_that_of_its_title(two_clusters: Store) -> None:
    for written, dated in (("Plan 13/3/20", date(2020, 3, 13)), ("Minutes of 1 May 2020", None), ("Plan 1/1/99", None)):
        document, _ = table_of(HEADINGS, ARTS)
        document.add_paragraph(written)
        with taken_away(two_clusters, as_file(document)) as stored:
            assert [row["dated"] for row in stored["plan"]] == [dated], written


@contextmanager
def taken_away(store: Store, file: SourceFile) -> Generator[dict[str, list[dict[str, Any]]]]:
    result = brought(store, "plan", file, cluster=MILL)
    yield everything(store)
    undo(store, result.batch)


def test_the_year_of_the_code_is_held_against_the_year_asked_for(two_clusters: Store) -> None:
    result = brought(two_clusters, "plan", "target,code,year\nGo on,A-SEPT19,2020-21\n", cluster=MILL)
    assert "A-SEPT19: the code reads like 2019-20, and the plan is that of 2020-21" in told(result)
    wrong = bring(two_clusters, "plan", "target,code,year\nGo on,B,2020-21\n", cluster=MILL, year=AcademicYear(2019))
    assert problems(wrong) == [(2, "year", "2020-21")]


# The templates that lie beside the checkout

TEMPLATES = ROOT.parent / "shared" / "data" / "plans"
NO_HEADINGS = "no table in this document has the headings of a plan"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param(name, words, id=name)
        for name, words in (
            ("dfe_leadership_weekly_agenda.docx", (NO_HEADINGS, "table 2 has “Agenda Item”")),
            ("dfe_review_school_communications.docx", (NO_HEADINGS, "“Who we communicate with:”")),
            ("dfe_safeguarding_planner_template.docx", (NO_HEADINGS, "table 1 has one without words, “Action(s)”")),
            ("dfe_share_progress_with_staff_template.docx", (NO_HEADINGS, "“We found (impact)”")),
            ("dfe_safeguarding_planner_template.odt", ("save it as a Word document (.docx)",)),
            ("nif_2018_annex_b_extract.txt", ("this is running text, not a table",)),
            ("nif_2019_annex_b_extract.txt", ("this is running text, not a table",)),
        )
        if (TEMPLATES / name).exists()
    ],
)
def test_what_is_no_plan_is_declined_with_a_reason(two_clusters: Store, name: str, words: tuple[str, ...]) -> None:
    before = everything(two_clusters)
    result = bring(two_clusters, "plan", SourceFile(name, (TEMPLATES / name).read_bytes()), cluster=MILL)
    (error,) = result.errors
    assert [each for each in words if each not in error.problem] == []
    assert everything(two_clusters) == before


def test_a_planner_by_term_is_read_with_a_mapping_and_asks_for_codes(two_clusters: Store) -> None:
    """As the one of the Department: no heading over the terms, several items in a cell. Its terms are no targets until
    somebody gives them a code; then each is one.
    """
    head, columns = ("", "Action(s)", "Action owner", "Date"), {
        "": "target", "Action(s)": "organisation", "Action owner": "owner", "Date": "due",
    }  # fmt: skip
    rows = [("Autumn term\nFirst Half\nUpdate the policy", "", "", ""), ("Spring term", "Train staff", "Lead", "")]
    assert NO_HEADINGS in told(bring(two_clusters, "plan", docx_file([head, *rows]), cluster=MILL))
    options: dict[str, Any] = {"cluster": MILL, "mapping": {"columns": columns}, "year": AcademicYear(2019)}
    result = bring(two_clusters, "plan", docx_file([head, *rows]), **options)
    assert "put one such as AUTUMN-TERM-SEPT19" in told(result)
    assert "put one such as SPRING-TERM-SEPT19" in told(result)
    coded = [(f"{code}\n{row[0]}", *row[1:]) for code, row in zip(("AUTUMN", "SPRING"), rows, strict=True)]
    assert brought(two_clusters, "plan", docx_file([head, *coded]), **options).added == 2
    assert everything(two_clusters)["target"][1]["owner"] == "Lead"


def test_a_table_of_empty_rows_is_no_plan_with_targets(two_clusters: Store) -> None:
    """As the template for sharing progress: three headings, empty rows."""
    head = ("We discovered\n(identified issues)", "We did or are doing\n(action)", "We found\n(impact)")
    columns = {
        "We discovered (identified issues)": "target", "We did or are doing (action)": "organisation",
        "We found (impact)": "impact",
    }  # fmt: skip
    file = docx_file([head, *[("\n\n\n", "", "")] * 5])
    result = brought(two_clusters, "plan", file, cluster=MILL, mapping={"columns": columns})
    assert (result.rows_read, result.added, result.batch) == (0, 0, None)
