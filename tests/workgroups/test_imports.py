"""Bringing in returns: how they are read, versions, the roles that follow, errors at their cell, undo."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.audit import Actor
from dashboard.db import Store, now_utc
from dashboard.models import (
    Appointment,
    Cluster,
    Meeting,
    Person,
    PersonMark,
    Programme,
    School,
    WorkgroupLine,
    WorkgroupReturn,
)  # fmt: skip
from dashboard.vocabulary import Mark, MeetingKind, PersonRole, Provenance
from dashboard.workgroups.deadline import day_of
from tests.uploads import (
    MILL,
    add_two_clusters,
    assert_idempotent_and_undoable,
    bring,
    brought,
    everything,
    problems,
    undo,
    xlsx_file,
)  # fmt: skip

HEAD = "cluster,school,name,work_email,roles,year_groups,from,to,replaces\n"
WHOLE = (
    HEAD + 'Mill Cluster,Mill Primary School,Ann Alder,ann@example.org,"Year 6 teacher; English lead","5, 6",,,\n'
    "Mill Cluster,The Ford School,Bea Birch,bea@example.org,KS3 lead,,2022-10-03,,\n"
)
IN_2022 = {"year": AcademicYear(2022)}


@pytest.fixture
def clusters(store: Store) -> Store:
    add_two_clusters(store)
    return store


def lines_of(store: Store, version: int | None = None) -> list[tuple[Any, ...]]:
    """The lines of a version (the newest): school, name, roles, years, from, to, whom they replace."""
    replaced = sa.orm.aliased(Person)
    newest = sa.select(sa.func.max(WorkgroupReturn.version)).scalar_subquery()
    with store.reading() as session:
        return [
            tuple(row)
            for row in session.execute(
                sa.select(
                    School.name, Person.name, WorkgroupLine.roles, WorkgroupLine.year_groups, WorkgroupLine.starts,
                    WorkgroupLine.ends, replaced.name,
                )
                .join(WorkgroupReturn, WorkgroupReturn.id == WorkgroupLine.return_id)
                .join(School, School.id == WorkgroupLine.school_id)
                .join(Person, Person.id == WorkgroupLine.person_id)
                .outerjoin(replaced, replaced.id == WorkgroupLine.replaces_id)
                .where(WorkgroupReturn.version == (newest if version is None else version))
                .order_by(School.name, Person.name)
            )
        ]  # fmt: skip


def roles_of(store: Store) -> list[tuple[Any, ...]]:
    """Every role: name, role, years, from, to, replaced by."""
    successor = sa.orm.aliased(Person)
    with store.reading() as session:
        return [
            tuple(row)
            for row in session.execute(
                sa.select(
                    Person.name, Appointment.role, Appointment.year_groups, Appointment.starts, Appointment.ends,
                    successor.name,
                )
                .join(Person, Person.id == Appointment.person_id)
                .outerjoin(successor, successor.id == Appointment.replaced_by_id)
                .order_by(Person.name, Appointment.role, Appointment.id)
            )
        ]  # fmt: skip


def yesterday() -> date:
    return day_of(now_utc()) - timedelta(days=1)


def test_a_return_becomes_a_version_with_its_lines_and_the_roles_that_follow(clusters: Store) -> None:
    first = assert_idempotent_and_undoable(clusters, "workgroup", WHOLE, **IN_2022)
    assert (first.rows_read, first.added, first.changed, first.unchanged, first.warnings) == (2, 2, 0, 0, ())
    brought(clusters, "workgroup", WHOLE, **IN_2022)
    assert lines_of(clusters) == [
        ("Mill Primary School", "Ann Alder", ["year_6_teacher", "english_lead"], [5, 6], None, None, None),
        ("The Ford School", "Bea Birch", ["key_stage_3_lead"], [], date(2022, 10, 3), None, None),
    ]
    assert roles_of(clusters) == [
        ("Ann Alder", PersonRole.ENGLISH_LEAD, [5, 6], date(2022, 9, 1), None, None),
        ("Ann Alder", PersonRole.YEAR_6_TEACHER, [5, 6], date(2022, 9, 1), None, None),
        ("Bea Birch", PersonRole.KEY_STAGE_3_LEAD, None, date(2022, 10, 3), None, None),
    ]
    with clusters.reading() as session:
        people = session.execute(sa.select(Person.name, Person.work_email, Person.purpose).order_by(Person.name))
        assert [tuple(row) for row in people] == [
            ("Ann Alder", "ann@example.org", "workgroup of Mill Cluster"),
            ("Bea Birch", "bea@example.org", "workgroup of Mill Cluster"),
        ]
        version = session.scalars(sa.select(WorkgroupReturn)).one()
        assert (version.year, version.version, version.returned_by_id) == (2022, 1, None)
        assert abs(now_utc() - version.received_at) < timedelta(minutes=5)


def test_a_workbook_says_the_same_as_the_text(clusters: Store) -> None:
    book = xlsx_file([
        ["School", "Name", "E-mail address", "Role(s)", "Year group(s)", "Start date", "Until", "Takes over from"],
        ["Mill Primary School", "Ann Alder", "ANN@example.org", "Y6 teacher, English lead", "Y5/6"],
        ["The Ford School", "Bea Birch", "bea@example.org", "Key Stage 3 lead", None, date(2022, 10, 3)],
    ])  # fmt: skip
    brought(clusters, "workgroup", WHOLE, **IN_2022)
    again = brought(clusters, "workgroup", book, cluster=MILL, **IN_2022)
    assert (again.added, again.changed, again.unchanged, again.batch) == (0, 0, 2, None)


def test_a_mapping_tells_how_a_strange_file_is_read(clusters: Store) -> None:
    file = "Setting,Colleague,What they do,Leaves\nMill Primary,Ann Alder,Year 6 teacher,31/03/2023\n"
    mapping = {
        "columns": {"Setting": "school", "Colleague": "name", "What they do": "roles", "Leaves": "to"},
        "defaults": {"year_groups": "6"}, "dates": "%d/%m/%Y", "aliases": {"Mill Primary": "Mill Primary School"},
    }  # fmt: skip
    brought(clusters, "workgroup", file, cluster=MILL, mapping=mapping, **IN_2022)
    assert lines_of(clusters) == [
        ("Mill Primary School", "Ann Alder", ["year_6_teacher"], [6], None, date(2023, 3, 31), None)
    ]


def test_one_file_is_one_version_for_each_cluster_it_names(clusters: Store) -> None:
    both = WHOLE + "Weir Cluster,Weir School,Cal Cedar,,Headteacher,,,,\n"
    brought(clusters, "workgroup", both, **IN_2022)
    only_weir = "school,name,roles\nWeir School,Cal Cedar,Headteacher; Co-ordinator\n"
    changed = brought(clusters, "workgroup", only_weir, cluster="weir-cluster", **IN_2022)
    assert (changed.added, changed.changed) == (0, 1)
    with clusters.reading() as session:
        versions = session.execute(
            sa.select(Cluster.name, WorkgroupReturn.version)
            .join(Cluster, Cluster.id == WorkgroupReturn.cluster_id)
            .order_by(Cluster.name, WorkgroupReturn.version)
        )
        assert [tuple(row) for row in versions] == [("Mill Cluster", 1), ("Weir Cluster", 1), ("Weir Cluster", 2)]


def test_without_a_year_the_file_is_of_the_year_of_today(clusters: Store) -> None:
    brought(clusters, "workgroup", WHOLE, today=date(2023, 8, 31))
    brought(clusters, "workgroup", WHOLE, today=date(2023, 9, 1))
    with clusters.reading() as session:
        years = session.execute(sa.select(WorkgroupReturn.year, WorkgroupReturn.version).order_by(WorkgroupReturn.year))
        assert [tuple(row) for row in years] == [(2022, 1), (2023, 1)]


def test_a_later_file_is_another_version_and_ends_the_roles_of_those_who_are_not_on_it(clusters: Store) -> None:
    brought(clusters, "workgroup", WHOLE, **IN_2022)
    second = (
        "school,name,roles,year_groups\n"
        "Mill Primary School,Ann Alder,Year 6 teacher,6\n"
        "Mill Primary School,Dan Dale,English lead,\n"
    )
    result = assert_idempotent_and_undoable(clusters, "workgroup", second, cluster=MILL, **IN_2022)
    assert (result.added, result.changed) == (1, 1)
    (warning,) = result.warnings
    assert str(warning) == (
        "row 2, column “cluster”: Mill Cluster: one person of the version before is not in this file and is taken to "
        "have left: Bea Birch"
    )
    brought(clusters, "workgroup", second, cluster=MILL, **IN_2022)
    assert roles_of(clusters) == [
        ("Ann Alder", PersonRole.ENGLISH_LEAD, [5, 6], date(2022, 9, 1), yesterday(), None),
        ("Ann Alder", PersonRole.YEAR_6_TEACHER, [6], date(2022, 9, 1), None, None),
        ("Bea Birch", PersonRole.KEY_STAGE_3_LEAD, None, date(2022, 10, 3), yesterday(), None),
        ("Dan Dale", PersonRole.ENGLISH_LEAD, None, date(2022, 9, 1), None, None),
    ]
    assert [line[1] for line in lines_of(clusters, 1)] == ["Ann Alder", "Bea Birch"], "the version before stays"


def test_an_end_that_stands_is_not_overwritten(clusters: Store) -> None:
    brought(clusters, "workgroup", WHOLE.replace("2022-10-03,,", "2022-10-03,2022-12-16,"), **IN_2022)
    brought(clusters, "workgroup", WHOLE[: WHOLE.rindex("Mill Cluster")], **IN_2022)
    bea = next(role for role in roles_of(clusters) if role[0] == "Bea Birch")
    assert bea[4] == date(2022, 12, 16)


def test_whoever_comes_back_goes_on(clusters: Store) -> None:
    brought(clusters, "workgroup", WHOLE, **IN_2022)
    brought(clusters, "workgroup", WHOLE[: WHOLE.rindex("Mill Cluster")], **IN_2022)
    brought(clusters, "workgroup", WHOLE, **IN_2022)
    bea = [role for role in roles_of(clusters) if role[0] == "Bea Birch"]
    assert bea == [("Bea Birch", PersonRole.KEY_STAGE_3_LEAD, None, date(2022, 10, 3), None, None)]


def test_a_handover_overlaps_and_is_marked(clusters: Store) -> None:
    """0.12: the leaver begins, supports the replacement, who continues from March onwards."""
    file = (
        "school,name,roles,year_groups,from,to,replaces\n"
        "Mill Primary School,Ann Alder,Year 6 teacher,6,,2023-03-31,\n"
        "Mill Primary School,Dan Dale,Year 6 teacher,6,2023-03-01,,ann alder\n"
    )
    assert_idempotent_and_undoable(clusters, "workgroup", file, cluster=MILL, **IN_2022)
    brought(clusters, "workgroup", file, cluster=MILL, **IN_2022)
    assert roles_of(clusters) == [
        ("Ann Alder", PersonRole.YEAR_6_TEACHER, [6], date(2022, 9, 1), date(2023, 3, 31), "Dan Dale"),
        ("Dan Dale", PersonRole.YEAR_6_TEACHER, [6], date(2023, 3, 1), None, None),
    ]
    assert lines_of(clusters)[1][-1] == "Ann Alder"


def test_a_handover_to_somebody_on_a_later_version_marks_whoever_left(clusters: Store) -> None:
    brought(clusters, "workgroup", WHOLE, **IN_2022)
    later = (
        "school,name,roles,from,replaces\n"
        "Mill Primary School,Ann Alder,Year 6 teacher; English lead,,\n"
        "The Ford School,Dan Dale,KS3 lead,2022-11-07,Bea Birch\n"
    )
    brought(clusters, "workgroup", later, cluster=MILL, **IN_2022)
    bea = next(role for role in roles_of(clusters) if role[0] == "Bea Birch")
    assert bea[4:] == (yesterday(), "Dan Dale")


def test_a_return_of_the_next_year_ends_the_roles_of_this_one_when_this_one_ends(clusters: Store) -> None:
    this, following = AcademicYear.of(day_of(now_utc())), AcademicYear(AcademicYear.of(day_of(now_utc())).start + 1)
    brought(clusters, "workgroup", WHOLE.replace("2022-10-03", ""), year=this)
    brought(clusters, "workgroup", WHOLE[: WHOLE.rindex("Mill Cluster")], year=following)
    told = {(name, role): (starts, ends) for name, role, _, starts, ends, _ in roles_of(clusters)}
    assert told["Bea Birch", PersonRole.KEY_STAGE_3_LEAD] == (this.starts, this.ends)
    assert told["Ann Alder", PersonRole.YEAR_6_TEACHER] == (this.starts, None), "one role, not one for each year"


def test_a_return_of_a_year_behind_the_latest_changes_no_role_that_is_known(clusters: Store) -> None:
    brought(clusters, "workgroup", WHOLE, **IN_2022)
    before = roles_of(clusters)
    old = "school,name,roles\nMill Primary School,Ann Alder,Year 6 teacher\nMill Primary School,Eve Elm,Teacher\n"
    brought(clusters, "workgroup", old, cluster=MILL, year=AcademicYear(2021))
    eve = ("Eve Elm", PersonRole.TEACHER, None, date(2021, 9, 1), date(2022, 8, 31), None)
    assert roles_of(clusters) == [*before, eve]


def test_somebody_of_the_register_is_the_same_person(clusters: Store) -> None:
    with clusters.writing() as session:
        mill = session.scalars(sa.select(Cluster).where(Cluster.slug == MILL)).one()
        school = session.scalars(sa.select(School).where(School.name == "Mill Primary School")).one()
        met = Meeting(cluster_id=mill.id, held_on=date(2022, 10, 4), year=2022, kind=MeetingKind.CLUSTER)
        ann = Person(name="Ann Alder", purpose="register of meetings")
        session.add_all([met, ann])
        session.flush()
        number = ann.id
        session.add(PersonMark(meeting_id=met.id, school_id=school.id, person_id=number, mark=Mark.PRESENT))
    brought(clusters, "workgroup", WHOLE, **IN_2022)
    with clusters.reading() as session:
        found = session.scalars(sa.select(Person).where(Person.name == "Ann Alder")).one()
        assert (found.id, found.work_email, found.purpose) == (number, "ann@example.org", "workgroup of Mill Cluster")


def test_one_person_may_work_at_two_schools_and_two_may_share_a_name(clusters: Store) -> None:
    file = (
        "school,name,work_email,roles\n"
        "Mill Primary School,Ann Alder,ann@example.org,Teacher\n"
        "The Ford School,Ann Alder,ann@example.org,Teacher\n"
        "St Joseph's School,Ann Alder,other@example.org,Teacher\n"
    )
    assert_idempotent_and_undoable(clusters, "workgroup", file, cluster=MILL, **IN_2022)
    brought(clusters, "workgroup", file, cluster=MILL, **IN_2022)
    with clusters.reading() as session:
        assert session.scalars(sa.select(Person.work_email).order_by(Person.id)).all() == [
            "ann@example.org", "other@example.org",
        ]  # fmt: skip


def test_another_address_is_written_down_and_no_address_says_nothing(clusters: Store) -> None:
    brought(clusters, "workgroup", WHOLE, **IN_2022)
    moved = brought(clusters, "workgroup", WHOLE.replace("ann@", "a.alder@").replace("bea@example.org", ""), **IN_2022)
    assert (moved.added, moved.changed, moved.unchanged) == (0, 1, 1)
    with clusters.reading() as session:
        addresses = session.scalars(sa.select(Person.work_email).order_by(Person.name)).all()
        assert addresses == ["a.alder@example.org", "bea@example.org"]
        assert session.scalars(sa.select(WorkgroupReturn.version)).all() == [1], "the return says what it said"


def test_contacts_are_held_until_the_programme_ends(clusters: Store) -> None:
    with clusters.writing() as session:
        programme = Programme(slug="river", name="River", ends=date(2023, 7, 31))
        session.add(programme)
        session.flush()
        session.execute(sa.update(Cluster).values(programme_id=programme.id))
    brought(clusters, "workgroup", WHOLE, **IN_2022)
    with clusters.reading() as session:
        assert set(session.scalars(sa.select(Person.delete_after))) == {date(2023, 7, 31)}


def test_what_is_made_up_says_so(clusters: Store) -> None:
    brought(clusters, "workgroup", WHOLE, provenance=Provenance.ILLUSTRATIVE, **IN_2022)
    with clusters.reading() as session:
        assert all(session.scalars(sa.select(WorkgroupLine.illustrative)))
        assert all(session.scalars(sa.select(WorkgroupReturn.illustrative)))


def test_a_dry_run_counts_and_keeps_nothing(clusters: Store) -> None:
    before = everything(clusters)
    told = bring(clusters, "workgroup", WHOLE, dry_run=True, **IN_2022)
    assert (told.added, told.stored, told.batch) == (2, False, None)
    assert everything(clusters) == before


def test_a_batch_on_which_a_later_version_rests_is_not_undone(clusters: Store) -> None:
    first = brought(clusters, "workgroup", WHOLE, **IN_2022)
    brought(clusters, "workgroup", WHOLE.replace('"5, 6"', "6"), actor=Actor("director", "here"), **IN_2022)
    with pytest.raises(Exception, match="changed the same rows later"):
        undo(clusters, first.batch)


HEADINGS = "school,name,work_email,roles,year_groups,from,to,replaces\n"


@pytest.mark.parametrize(
    ("row", "expected", "words"),
    [
        ("Mill Primary School,Ann Alder,,Cook,,,,", (2, "roles", "Cook"), "“Cook” is not a role"),
        ("Mill Primary School,Ann Alder,,,,,,", (2, "roles", None), "say the roles"),
        ("Mill Primary School,,,Teacher,,,,", (2, "name", None), "say the name"),
        (",Ann Alder,,Teacher,,,,", (2, "school", None), "say the school"),
        ("Mill Primary School,=1+1,,Teacher,,,,", (2, "name", "=1+1"), "not a person’s name"),
        ("Mill Primary School,Ann Alder,a@gmail.com,Teacher,,,,", (2, "work_email", "a@gmail.com"), "private address"),
        ("Mill Primary School,Ann Alder,ann,Teacher,,,,", (2, "work_email", "ann"), "not an e-mail address"),
        ("Mill Primary School,Ann Alder,,Teacher,Year 14,,,", (2, "year_groups", "Year 14"), "list of year groups"),
        ("Mill Primary School,Ann Alder,,Teacher,,soon,,", (2, "from", "soon"), "not a date"),
        ("Mill Primary School,Ann Alder,,Teacher,,,01/02/23,", (2, "to", "01/02/23"), "two digits"),
        (
            "Mill Primary School,Ann Alder,,Teacher,,2023-03-01,2023-02-01,", (2, "to", "2023-02-01"),
            r"would end \(2023-02-01\) before they start \(2023-03-01\)",
        ),
        ("Weir School,Ann Alder,,Teacher,,,,", (2, "school", "Weir School"), "is no member of Mill Cluster"),
        (
            "Mill Primary School,Ann Alder,,Teacher,,,,Bea Birch", (2, "replaces", "Bea Birch"),
            "nobody called “Bea Birch” is or was named for this school",
        ),
        (
            "Mill Primary School,Ann Alder,,Teacher,,,,ann  ALDER", (2, "replaces", "ann  ALDER"),
            "cannot take over from themselves",
        ),
        (
            "Mill Primary School,Ann Alder,,Teacher,,,,\nMill Primary School,Ann Alder,,English lead,,,,",
            (3, "name", "Ann Alder"), "stands for this school already",
        ),
        (
            "The Ford School,Bea Birch,,Teacher,,,,\nMill Primary School,Ann Alder,,Teacher,,,,Bea Birch",
            (3, "replaces", "Bea Birch"), "for this school",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_cell_and_nothing_is_stored(
    clusters: Store, row: str, expected: tuple[int, str, str | None], words: str
) -> None:
    before = everything(clusters)
    result = bring(clusters, "workgroup", HEADINGS + row + "\n", cluster=MILL, **IN_2022)
    assert problems(result) == [expected]
    with pytest.raises(AssertionError, match=words):
        assert result.stored, result.errors
    assert everything(clusters) == before


def test_all_errors_of_a_file_are_told_at_once(clusters: Store) -> None:
    file = (
        HEADINGS + "Mill Primary School,Ann Alder,,Cook,Year 20,,,\n"
        "Mill Primary School,Dan Dale,,Teacher,,,,Ann Alder\n"  # she is there, whatever else is wrong with her row
        "Nowhere School,Eve Elm,eve@hotmail.co.uk,Teacher,,,,\n"
    )
    result = bring(clusters, "workgroup", file, cluster=MILL, **IN_2022)
    assert problems(result) == [
        (2, "roles", "Cook"), (2, "year_groups", "Year 20"),
        (4, "school", "Nowhere School"), (4, "work_email", "eve@hotmail.co.uk"),
    ]  # fmt: skip


def test_a_column_about_pupils_is_refused(clusters: Store) -> None:
    file = "school,name,roles,pupil name\nMill Primary School,Ann Alder,Teacher,Some Child\n"
    (problem,) = bring(clusters, "workgroup", file, cluster=MILL, **IN_2022).errors
    assert "about single pupils" in problem.problem


def test_a_teacher_of_other_years_in_the_role_of_a_year_6_teacher_is_told(clusters: Store) -> None:
    file = 'school,name,roles,year_groups\nMill Primary School,Ann Alder,Year 6 teacher,"3, 4"\n'
    (warning,) = brought(clusters, "workgroup", file, cluster=MILL, **IN_2022).warnings
    assert warning.problem == "Ann Alder is named as Year 6 teacher but teaches years 3 and 4"
