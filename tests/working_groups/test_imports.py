"""Working groups that a file tells of: stored once, completed, undone whole, and refused at their row and column."""

from datetime import date

import pytest
import sqlalchemy as sa

from dashboard.changes import UndoRefused
from dashboard.db import Store
from dashboard.models import (
    Cluster,
    GroupOutcome,
    Project,
    ProjectStep,
    School,
    WorkingGroup,
    WorkingGroupSchool,
)
from dashboard.settings import PROJECT_ROOT
from dashboard.vocabulary import GroupStatus, ProjectStage
from tests.uploads import assert_idempotent_and_undoable, bring, brought, problems, undo, xlsx_file

HEAD = "cluster,project,name,lead,lead_school,schools,topics,outcomes,status,from,to,stages\n"
FILE = HEAD + (
    'Mill Cluster,Stars,Numeracy,Maths lead,Ford School,"Ford School (3); Mill Primary School","- Solving problems\n'
    '• Learning across subjects",,In progress,2016-09-01,,1; Stage 2; Action planning\n'
    "Mill Cluster,Stars,Literacy,,,,Planning,,,,,\n"
    "Weir Cluster,,Governors,,,,Innovation,Know their role; Learn from others,on hold,,2017-07-21,\n"
)


def test_groups_come_in_and_go_again_with_project_stages_schools_and_outcomes(two_clusters: Store) -> None:
    result = assert_idempotent_and_undoable(two_clusters, "working-groups", FILE)
    assert (result.rows_read, result.added, result.warnings) == (3, 3, ())
    brought(two_clusters, "working-groups", FILE)
    with two_clusters.reading() as session:
        numeracy, literacy, governors = session.scalars(sa.select(WorkingGroup).order_by(WorkingGroup.id))
        assert [topic.text for topic in numeracy.topics or ()] == ["Solving problems", "Learning across subjects"]
        assert (numeracy.status, numeracy.starts, numeracy.lead) == (
            GroupStatus.AT_WORK, date(2016, 9, 1), "Maths lead",
        )  # fmt: skip
        assert (literacy.status, literacy.lead_school_id) == (GroupStatus.PLANNED, None)
        assert (governors.status, governors.ends) == (GroupStatus.PAUSED, date(2017, 7, 21))
        (project,) = session.scalars(sa.select(Project))
        assert numeracy.project_id == literacy.project_id == project.id
        assert governors.project_id is None
        assert list(session.scalars(sa.select(ProjectStep.stage).order_by(ProjectStep.id))) == [
            ProjectStage.SCHOOL_EVALUATION, ProjectStage.SHARED_EVALUATION, ProjectStage.ACTION_PLANNING,
        ]  # fmt: skip
        schools = session.execute(
            sa.select(School.name, WorkingGroupSchool.people)
            .join(School, School.id == WorkingGroupSchool.school_id)
            .order_by(WorkingGroupSchool.id)
        )
        assert [tuple(row) for row in schools] == [("The Ford School", 3), ("Mill Primary School", None)]
        outcomes = session.scalars(sa.select(GroupOutcome).order_by(GroupOutcome.id)).all()
        assert [(row.working_group_id, row.position, row.words) for row in outcomes] == [
            (governors.id, 1, "Know their role"), (governors.id, 2, "Learn from others"),
        ]  # fmt: skip


def test_a_second_file_completes_and_takes_nothing_out(two_clusters: Store) -> None:
    brought(two_clusters, "working-groups", FILE)
    more = "cluster,name,schools,status\nMill Cluster,NUMERACY,Mill Primary School (2);St Joseph's School,done\n"
    result = brought(two_clusters, "working-groups", more)
    assert (result.added, result.changed, result.unchanged) == (0, 1, 0)
    with two_clusters.reading() as session:
        group = session.scalars(sa.select(WorkingGroup).where(WorkingGroup.name == "Numeracy")).one()
        assert (group.status, group.lead, len(group.topics or ())) == (GroupStatus.FINISHED, "Maths lead", 2)
        people = sa.select(WorkingGroupSchool.people).where(WorkingGroupSchool.working_group_id == group.id)
        assert sorted(session.scalars(people), key=str) == [2, 3, None]
    undo(two_clusters, result.batch)
    again = brought(two_clusters, "working-groups", FILE)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)


def test_a_workbook_and_a_cluster_for_the_whole_file(two_clusters: Store) -> None:
    rows = [("Triad", "Topic", "Members"), ("ICT", "Audit of skills", "Mill Primary School")]
    assert brought(two_clusters, "working-groups", xlsx_file(rows), cluster="mill-cluster").added == 1


WRONG = (
    ("Mill Cluster,,,,,,,,,,,", "name", None),
    ("Mill Cluster,,X,,,,,,maybe,,,", "status", "maybe"),
    ("Mill Cluster,,X,,Nobody,,,,,,,", "lead_school", "Nobody"),
    ("Mill Cluster,,X,,,Ford School; Weir School,,,,,,", "schools", "Ford School; Weir School"),
    ("Mill Cluster,,X,,,Ford School; The Ford School,,,,,,", "schools", "Ford School; The Ford School"),
    ("Mill Cluster,,X,,,Ford School (0),,,,,,", "schools", "Ford School (0)"),
    ("Mill Cluster,,X,,,,,,,2017-02-02,2017-02-01,", "to", "2017-02-01"),
    ("Mill Cluster,,X,,,,,,,soon,,", "from", "soon"),
    ("Mill Cluster,Stars,Y,,,,,,,,,stage 7", "stages", "stage 7"),
    ("Mill Cluster,,X,,,,,,,,,stage 1", "project", None),
    ("Nowhere,,X,,,,,,,,,", "cluster", "Nowhere"),
    (f"Mill Cluster,,X,,,,{'x' * 301},,,,,", "topics", "x" * 301),
    (f"Mill Cluster,,X,{'x' * 61},,,,,,,,", "lead", "x" * 61),
)
"""A row, and the column and value at which it is refused."""


def test_what_cannot_be_read_is_an_error_at_its_row_and_column(two_clusters: Store) -> None:
    written = "\n".join(row.replace(",,X,", f",,X{number},", 1) for number, (row, _, _) in enumerate(WRONG))
    result = bring(two_clusters, "working-groups", f"{HEAD}Mill Cluster,,Fine,,,,,,,,,\n{written}\n")
    assert problems(result) == [(number, column, value) for number, (_, column, value) in enumerate(WRONG, start=3)]
    with two_clusters.reading() as session:
        assert session.scalar(sa.select(sa.func.count(WorkingGroup.id))) == 0


def test_a_group_twice_and_a_column_of_pupils_are_refused(two_clusters: Store) -> None:
    twice = "cluster,name\nMill Cluster,Numeracy\nMill Cluster,numeracy\nWeir Cluster,Numeracy\n"
    assert problems(bring(two_clusters, "working-groups", twice)) == [(3, "name", "numeracy")]
    pupils = "cluster,name,pupil name\nMill Cluster,Numeracy,A\n"
    assert problems(bring(two_clusters, "working-groups", pupils)) == [(1, "pupil name", None)]


def test_what_was_changed_by_hand_since_is_not_undone(two_clusters: Store) -> None:
    result = brought(two_clusters, "working-groups", FILE)
    with two_clusters.writing() as session:
        session.scalars(sa.select(WorkingGroup)).first().changed_by_hand()  # type: ignore[union-attr]
    with pytest.raises(UndoRefused, match="by hand"):
        undo(two_clusters, result.batch)


def test_the_groups_of_leamington_are_those_of_the_document(sample: Store) -> None:
    """1.17 names five triads with topics, 1.20 three outcomes and three priorities, 1.21 six outcomes; of none a school
    or a day.
    """
    with sample.reading() as session:
        rows = session.scalars(sa.select(WorkingGroup).order_by(WorkingGroup.id)).all()
        outcomes = session.scalars(sa.select(GroupOutcome)).all()
        (project,) = session.scalars(sa.select(Project))
        leamington = session.scalars(sa.select(Cluster.id).where(Cluster.slug == "leamington-north-cluster")).one()
        steps = session.execute(sa.select(ProjectStep.stage, ProjectStep.started_on, ProjectStep.ended_on)).all()
        assert session.scalar(sa.select(sa.func.count(WorkingGroupSchool.id))) == 0
    assert [row.name for row in rows if row.project_id == project.id] == [
        "Numeracy", "Literacy", "ICT", "Pupils’ Voice", "Inclusion",
    ]  # fmt: skip
    assert [len(row.topics or ()) for row in rows] == [3, 1, 4, 4, 3, 3, 0]
    counts = {row.name: sum(each.working_group_id == row.id for each in outcomes) for row in rows if not row.project_id}
    assert counts == {"Governors": 3, "School Business Manager": 6}
    assert [tuple(step) for step in steps] == [(stage, None, None) for stage in ProjectStage]
    assert {row.cluster_id for row in rows} == {leamington}
    assert not any((row.illustrative, row.starts, row.ends, row.lead) != (False, None, None, None) for row in rows)
    assert (PROJECT_ROOT / "data" / "leamington-working-groups.csv").is_file()
