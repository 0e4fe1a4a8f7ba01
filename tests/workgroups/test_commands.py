"""Two who write at once, what a form may not do, and files that read back as they were written."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from dashboard import access, sheets
from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.changes import Changes, Outcome
from dashboard.db import Session, Store
from dashboard.directory.queries import cluster_years
from dashboard.intake.files import SourceFile
from dashboard.intake.pipeline import ImportOptions, bring_in
from dashboard.models import Appointment, Cluster, ImportBatch, Person, School, WorkgroupLine, WorkgroupReturn
from dashboard.vocabulary import PersonRole
from dashboard.workgroups.board import lines_by_version
from dashboard.workgroups.commands import ByFile, ByForm, Desk, Line, NotTheirs, ReturnBook, Stale
from dashboard.workgroups.files import as_file
from dashboard.workgroups.imports import Workgroups
from dashboard.workgroups.queries import load_lines
from dashboard.workgroups.versions import ReturnLine
from dashboard.workgroups.words import ROLES
from tests import builders as put
from tests.builders import EXAMPLES, taken_back
from tests.workgroups.places import (
    ACTOR,
    ENGLISH,
    KS3,
    SEPTEMBER,
    Y6,
    YEAR,
    Places,
    of_cluster,
    received,
    settle,
    whole,
)  # fmt: skip


def test_of_two_who_save_at_once_one_is_stored_and_the_other_told(store: Store, walled: Store, at: Places) -> None:
    received(store, at.mill, whole(at))
    both = Barrier(2)

    def save(name: str) -> str:
        both.wait()
        try:
            with access.writing(walled, of_cluster(at.mill)) as session:
                desk = Desk(session, ACTOR, of_cluster(at.mill))
                lines = [*whole(at), Line(at.lock, name, (Y6,))]
                desk.enter("mill-cluster", YEAR, lines, seen=1, received_at=SEPTEMBER + timedelta(days=1))
        except Stale as stale:
            return f"told of version {stale.newest}"
        return "stored"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(save, ["Lou Larch", "Moe Maple"]))
    assert sorted(told) == ["stored", "told of version 2"]
    with store.reading() as session:
        assert session.scalars(sa.select(WorkgroupReturn.version).order_by(WorkgroupReturn.version)).all() == [1, 2]
        names = session.scalars(sa.select(Person.name).where(Person.name.in_(["Lou Larch", "Moe Maple"]))).all()
        assert names == ["Lou Larch" if told[0] == "stored" else "Moe Maple"]


def test_two_first_returns_at_once_make_one_version_each_after_the_other(
    store: Store, walled: Store, at: Places
) -> None:
    both = Barrier(2)

    def save(roles: tuple[PersonRole, ...]) -> int:
        both.wait()
        with access.writing(walled, of_cluster(at.mill)) as session:
            cluster = session.get_one(Cluster, at.mill)
            book = ReturnBook(ByForm(session), cluster, YEAR)
            return book.receive(
                [Line(at.ford, "Ann Alder", roles)], received_at=SEPTEMBER, account_id=None
            ).version  # fmt: skip

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, [(Y6,), (Y6, ENGLISH)])) == [1, 2]
    with store.reading() as session:
        assert session.scalars(sa.select(Person.name)).all() == ["Ann Alder"]


def test_a_scope_without_the_cluster_writes_nothing(store: Store, walled: Store, at: Places) -> None:
    scope = of_cluster(at.weir)
    with access.writing(walled, scope) as session:
        desk = Desk(session, ACTOR, scope)
        with pytest.raises(NotTheirs):
            desk.enter("mill-cluster", YEAR, whole(at), seen=0, received_at=SEPTEMBER)
        with pytest.raises(NotTheirs):
            desk.note_agreement(
                "mill-cluster", at.ford, signed_on=date(2022, 9, 1), signed_by=PersonRole.HEADTEACHER,
                today=date(2022, 9, 2),
            )  # fmt: skip
    with store.reading() as session:
        assert session.scalars(sa.select(WorkgroupLine.id)).all() == []


def test_behind_the_wall_a_version_is_written_whole(store: Store, walled: Store, at: Places) -> None:
    scope = of_cluster(at.mill)
    with access.writing(walled, scope) as session:
        made = Desk(session, ACTOR, scope).enter("mill-cluster", YEAR, whole(at), seen=0, received_at=SEPTEMBER)
        assert (made.version, made.outcomes) == (1, [Outcome.ADDED, Outcome.ADDED])
    with access.writing(walled, scope) as session:
        desk = Desk(session, ACTOR, scope)
        later = desk.enter(
            "mill-cluster", YEAR, whole(at)[1:], seen=1, received_at=SEPTEMBER + timedelta(days=10)
        )  # fmt: skip
        assert later.dropped == ["Kit Kale"]
    with store.reading() as session:
        told = session.execute(
            sa.select(Person.name, Person.delete_after, Appointment.role, Appointment.starts, Appointment.ends)
            .join(Appointment, Appointment.person_id == Person.id)
            .order_by(Person.name, Appointment.role)
        )
        assert [tuple(row) for row in told] == [
            ("Ann Alder", date(2023, 7, 31), ENGLISH, date(2022, 9, 1), None),
            ("Ann Alder", date(2023, 7, 31), Y6, date(2022, 9, 1), None),
            ("Kit Kale", date(2023, 7, 31), KS3, date(2022, 9, 1), date(2022, 9, 29)),
        ]


def test_a_longer_term_of_a_contact_stands(store: Store, at: Places) -> None:
    received(store, at.mill, whole(at))
    with store.writing() as session:
        session.execute(sa.update(Person).values(delete_after=date(2025, 1, 1)))
    received(store, at.mill, whole(at)[:1])
    with store.reading() as session:
        assert set(session.scalars(sa.select(Person.delete_after))) == {date(2025, 1, 1)}


# ------------------------------------------------------------------------------------- what was written reads the same
NAMES = st.sampled_from([
    "Ann Alder", "Bo Beech", "Cy Cedar-Cole", "Di O'Dogwood", "Ed Élan", "Fay, Fir", "’t Gorse", "Hal “Hazel” Holm",
])  # fmt: skip
DAYS = st.one_of(st.none(), st.dates(date(2022, 9, 1), date(2023, 8, 31)))


@st.composite
def returns(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """Lines: school (0–2), name, address, roles, years, from, to, replaces."""
    people = draw(st.lists(st.tuples(st.integers(0, 2), NAMES), min_size=1, max_size=8, unique=True))
    lines = []
    for number, (school, name) in enumerate(people):
        colleagues = [other for at_school, other in people if at_school == school and other != name]
        starts, ends = sorted((draw(DAYS), draw(DAYS)), key=lambda day: day or date.min)
        lines.append((
            school, name, draw(st.sampled_from([None, f"person.{number}@example.org"])),
            tuple(draw(st.sets(st.sampled_from(tuple(ROLES)), min_size=1, max_size=3))),
            tuple(sorted(draw(st.sets(st.integers(0, 13), max_size=4)))), starts, ends,
            draw(st.sampled_from([None, *colleagues])),
        ))  # fmt: skip
    return lines


@pytest.fixture(scope="module")
def one_store(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    copy = tmp_path_factory.mktemp("returns") / "store.sqlite"
    copy.write_bytes(sqlite_template.read_bytes())
    opened = access.whole_store(f"sqlite:///{copy.as_posix()}")
    yield opened
    opened.close()


def newest(session: Session, cluster_id: int) -> list[ReturnLine]:
    years = cluster_years(EVERYTHING, date(2023, 1, 1), year=AcademicYear(2022), cluster_id=cluster_id)
    by_version = lines_by_version(load_lines(session, EVERYTHING, years))
    return by_version[max(by_version)]


@EXAMPLES
@given(said=returns(), ending=st.sampled_from(["csv", "xlsx"]))
def test_a_return_that_was_written_as_a_file_reads_the_same(
    one_store: Store, said: list[tuple[Any, ...]], ending: str
) -> None:
    with taken_back(one_store) as session:
        at = settle(session)
        schools = (at.high, at.ford, at.lock)
        lines = [Line(schools[n], name, roles, mail, *rest) for n, name, mail, roles, *rest in said]
        cluster = session.get_one(Cluster, at.mill)
        writer = ByFile(Changes(session, ImportBatch(kind="test", file_name="test")))
        ReturnBook(writer, cluster, YEAR).receive(lines, received_at=SEPTEMBER, account_id=None)
        first = newest(session, at.mill)
        assert {(line.school_id, line.name, line.work_email, line.year_groups) for line in first} == {
            (line.school_id, line.name, line.work_email, line.year_groups) for line in lines
        }
        frame = as_file(cluster.name, first)
        data = sheets.to_csv(frame) if ending == "csv" else sheets.to_xlsx(frame, "Return")
        file = SourceFile(f"return.{ending}", data)
        again = bring_in(session, Workgroups(), file, ImportOptions(year=YEAR))
        assert again.errors == ()
        assert (again.added, again.changed, again.unchanged) == (0, 0, len(lines))
        # Into a store that knows nothing of it:
        for table in (WorkgroupLine, WorkgroupReturn, Appointment, Person):
            session.execute(sa.delete(table))
        session.expire_all()
        fresh = bring_in(session, Workgroups(), file, ImportOptions(year=YEAR))
        assert (fresh.errors, fresh.added) == ((), len(lines))
        told = [as_told(line) for line in newest(session, at.mill)]
        assert told == [as_told(line) for line in first]


def as_told(line: ReturnLine) -> tuple[Any, ...]:
    return (
        line.slug, line.name, line.work_email, line.roles, line.year_groups, line.starts, line.ends, line.replaces
    )  # fmt: skip


def test_two_schools_of_one_name_go_by_their_addresses(store: Store, at: Places) -> None:
    with store.writing() as session:
        twin = put.put(session, School(slug="ford-primary-2", name="The Ford Primary"))
        put.membership(session, session.get_one(Cluster, at.mill), twin)
        number = twin.id
    received(store, at.mill, [Line(at.ford, "Ann Alder", (Y6,)), Line(number, "Bo Beech", (Y6,))])
    with store.writing() as session:
        frame = as_file("Mill Cluster", newest(session, at.mill))
        assert sorted(frame["school"]) == ["ford-primary", "ford-primary-2"]
        again = bring_in(session, Workgroups(), SourceFile("a.csv", sheets.to_csv(frame)), ImportOptions(year=YEAR))
        assert (again.errors, again.unchanged) == ((), 2)
