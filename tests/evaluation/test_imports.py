"""Answers and notes that files tell of: long and wide, read leniently and never guessed, undone whole."""

import csv

import pytest
import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.db import Store
from dashboard.evaluation.imports import read_answer, read_note_kind
from dashboard.models import Cluster, CollaborationNote, Membership, Project, School, SelfEvaluation
from dashboard.settings import PROJECT_ROOT
from dashboard.vocabulary import NoteKind
from tests.evaluation.world import IMPROVE, SO_SO, WELL
from tests.uploads import assert_idempotent_and_undoable, bring, brought, problems, undo, xlsx_file

LONG = (
    "cluster,school,year,area,answer,note\n"
    "Mill Cluster,Mill Primary School,2016-17,Writing,Want to improve,Boys above all\n"
    "Mill Cluster,Ford School,2016-17,writing,works well,\n"
    "Mill Cluster,Ford School,2016-17,Maths,,\n"
    "Mill Cluster,Ford School,2015-16,Writing,So-so,\n"
    "Weir Cluster,St Joseph's School,2016-17,Writing,improve,\n"
)
WIDE = (
    "School,Writing,Pupil voice,Use of space\n"
    "Mill Primary School,want to improve,strength,\n"
    "Ford School,So so,OK,Needs improvement\n"
    "St Joseph's School,,,\n"
)
HERE = {"cluster": "mill-cluster", "year": AcademicYear(2016)}


def kept(store: Store) -> dict[tuple[str, int, str], str]:
    with store.reading() as session:
        rows = session.execute(
            sa.select(School.name, SelfEvaluation.year, SelfEvaluation.area, SelfEvaluation.answer).join(
                School, School.id == SelfEvaluation.school_id
            )
        )
        return {(name, year, area): str(answer) for name, year, area, answer in rows}


def test_answers_come_in_as_a_list_and_go_again(two_clusters: Store) -> None:
    result = assert_idempotent_and_undoable(two_clusters, "self-evaluation", LONG)
    assert (result.rows_read, result.added) == (5, 4), "a blank answer says nothing"
    brought(two_clusters, "self-evaluation", LONG)
    assert kept(two_clusters) == {
        ("Mill Primary School", 2016, "Writing"): "want_to_improve", ("The Ford School", 2016, "Writing"): "works_well",
        ("The Ford School", 2015, "Writing"): "so_so", ("St. Joseph's School", 2016, "Writing"): "want_to_improve",
    }  # fmt: skip
    changed = "school,area,answer\nFord School,WRITING,so so\n"
    result = brought(two_clusters, "self-evaluation", changed, **HERE)
    assert (result.added, result.changed) == (0, 1)
    undo(two_clusters, result.batch)
    assert kept(two_clusters)["The Ford School", 2016, "Writing"] == "works_well"


def test_answers_come_in_with_schools_down_and_areas_across(two_clusters: Store) -> None:
    result = assert_idempotent_and_undoable(two_clusters, "self-evaluation", WIDE, **HERE)
    assert (result.rows_read, result.added, result.warnings) == (3, 5, ())
    rows = list(csv.reader(WIDE.splitlines()))
    brought(two_clusters, "self-evaluation", xlsx_file([[*row, ""] for row in rows]), **HERE)
    assert kept(two_clusters) == {
        ("Mill Primary School", 2016, "Writing"): "want_to_improve",
        ("Mill Primary School", 2016, "Pupil voice"): "works_well",
        ("The Ford School", 2016, "Writing"): "so_so", ("The Ford School", 2016, "Pupil voice"): "so_so",
        ("The Ford School", 2016, "Use of space"): "want_to_improve",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("Works well", WELL), ("WORKS WELL!", WELL), ("strength", WELL), ("green", WELL), ("so-so", SO_SO),
        ("SoSo", SO_SO), ("works ok", SO_SO), ("want  to improve", IMPROVE), ("Area for improvement", IMPROVE),
        ("needs improving", IMPROVE),
    ],
)  # fmt: skip
def test_the_three_answers_are_read_leniently(cell: str, answer: str) -> None:
    assert read_answer(cell) is answer


@pytest.mark.parametrize("cell", ["?", "1", "maybe", "not well", "works", "does not work well", "n/a", True])
def test_anything_else_is_no_answer(cell: str | bool) -> None:
    with pytest.raises(ValueError, match="known are works well, so so, want to improve"):
        read_answer(cell)


WRONG = (
    ("Mill Cluster,Ford School,2016-17,Writing,perhaps,", ("answer", "perhaps")),
    ("Mill Cluster,Nobody,2016-17,Writing,so so,", ("school", "Nobody")),
    ("Mill Cluster,,2016-17,Writing,so so,", ("school", None)),
    ("Mill Cluster,Ford School,2016,Writing,so so,", ("year", "2016")),
    ("Mill Cluster,Ford School,2098-99,Writing,so so,", ("year", "2098-99")),
    ("Mill Cluster,Ford School,2016-17,,so so,", ("area", None)),
    ("Mill Cluster,Weir School,2016-17,Writing,so so,", ("school", "Weir School")),
    (f"Mill Cluster,Ford School,2016-17,{'x' * 121},so so,", ("area", "x" * 121)),
    ("Mill Cluster,Mill Primary School,2016-17,WRITING,so so,", ("school", "Mill Primary School")),
)
"""A row, and the column and value at which it is refused."""


def test_what_cannot_be_read_is_an_error_at_its_row_and_column(two_clusters: Store) -> None:
    written = "\n".join(row for row, _ in WRONG)
    result = bring(two_clusters, "self-evaluation", f"{LONG}{written}\n")
    assert problems(result) == [(number, *where) for number, (_, where) in enumerate(WRONG, start=7)]
    assert kept(two_clusters) == {}


def test_a_table_is_refused_at_its_cell_its_pupils_and_its_missing_columns(two_clusters: Store) -> None:
    wrong = WIDE.replace("So so,OK,", "So so,perhaps,")
    assert problems(bring(two_clusters, "self-evaluation", wrong, **HERE)) == [(3, "Pupil voice", "perhaps")]
    twice = f"{WIDE}Ford School,works well,,\n"
    assert problems(bring(two_clusters, "self-evaluation", twice, **HERE)) == [(5, "School", "Ford School")]
    pupils = WIDE.replace("Use of space", "Pupil name")
    assert problems(bring(two_clusters, "self-evaluation", pupils, **HERE)) == [(1, "Pupil name", None)]
    assert problems(bring(two_clusters, "self-evaluation", "school,area\nFord School,Writing\n", **HERE)) == [
        (1, "answer", None)
    ]
    assert problems(bring(two_clusters, "self-evaluation", WIDE, cluster="mill-cluster")) == [(1, "year", None)]
    assert not bring(two_clusters, "self-evaluation", "School\nFord School\n", **HERE).stored


def test_a_school_that_did_not_belong_in_that_year_is_refused(two_clusters: Store) -> None:
    with two_clusters.writing() as session:
        ford = session.scalars(
            sa.select(Membership).join(School, School.id == Membership.school_id).where(School.urn == 100003)
        ).one()
        ford.joined = AcademicYear(2016).starts
    assert problems(bring(two_clusters, "self-evaluation", LONG)) == [(5, "school", "Ford School")]


NOTES = (
    "cluster,year,kind,tag,words,project\n"
    "Mill Cluster,2016-17,Barrier,Timing,In the week of the tests,Stars\n"
    "Mill Cluster,2016-17,positives,timing,Well before the tests,\n"
    "Weir Cluster,2015-16,went well,links,People met,\n"
)


def test_notes_come_in_under_one_spelling_of_a_tag_and_go_again(two_clusters: Store) -> None:
    brought(two_clusters, "working-groups", "cluster,project,name\nMill Cluster,Stars,Numeracy\n")
    result = assert_idempotent_and_undoable(two_clusters, "collaboration-notes", NOTES)
    assert result.added == 3
    brought(two_clusters, "collaboration-notes", NOTES)
    with two_clusters.reading() as session:
        rows = session.scalars(sa.select(CollaborationNote).order_by(CollaborationNote.id)).all()
        (project,) = session.scalars(sa.select(Project.id))
    assert [(row.kind, row.tag, row.project_id) for row in rows] == [
        (NoteKind.BARRIER, "Timing", project), (NoteKind.POSITIVE, "Timing", None), (NoteKind.POSITIVE, "links", None),
    ]  # fmt: skip


def test_notes_that_cannot_be_read_are_errors_at_their_row_and_column(two_clusters: Store) -> None:
    result = bring(
        two_clusters,
        "collaboration-notes",
        "cluster,year,kind,tag,words,project\n"
        "Mill Cluster,2016-17,neither,x,y,\n"
        "Mill Cluster,2016-17,barrier,,y,\n"
        "Mill Cluster,2016-17,barrier,x,,\n"
        "Mill Cluster,2016-17,barrier,x,y,Stars\n"
        "Mill Cluster,2016-17,barrier,x,z,\n"
        "Mill Cluster,2016-17,barrier,y,z,\n",
    )
    assert problems(result) == [
        (2, "kind", "neither"), (3, "tag", None), (4, "words", None), (5, "project", "Stars"), (7, "words", "z"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="positive, barrier"):
        read_note_kind("so so")


def test_the_notes_of_leamington_are_the_seven_and_five_of_the_document(sample: Store) -> None:
    with sample.reading() as session:
        leamington = session.scalars(sa.select(Cluster.id).where(Cluster.slug == "leamington-north-cluster")).one()
        rows = session.scalars(sa.select(CollaborationNote)).all()
        answers = session.execute(sa.select(SelfEvaluation.illustrative, SelfEvaluation.year).distinct()).all()
    printed = [row for row in rows if not row.illustrative]
    assert [sum(row.kind is kind for row in printed) for kind in NoteKind] == [7, 5]
    assert {row.year for row in printed} == {2010}
    assert {row.cluster_id for row in rows} == {leamington}
    assert [tuple(row) for row in answers] == [(True, 2010)], "no document prints what a school answered"
    assert (PROJECT_ROOT / "data" / "leamington-collaboration-notes.csv").is_file()
