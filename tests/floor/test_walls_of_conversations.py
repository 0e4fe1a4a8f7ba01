"""The second wall before events, reasons, concerns, returns and people: who writes them, and whom nobody sees by it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.access import EVERYTHING, NOTHING, Scope, reading, wall, writing
from dashboard.db import Base, Store
from dashboard.directory.commands import bring_person
from dashboard.models import (
    Account,
    Appointment,
    Cluster,
    Concern,
    ConcernStep,
    FeedLink,
    LifecycleEvent,
    LifecycleReason,
    Meeting,
    OpenRegister,
    Person,
    PersonMark,
    WorkgroupLine,
    WorkgroupReturn,
)
from dashboard.vocabulary import Mark, PersonRole
from tests import builders as put
from tests.floor.test_walls import a_row
from tests.floor.whole_world import Whole

LET_IN = "let in"
REFUSED = "violates row-level security policy"
WRITTEN_BY_WHO_KEEPS_THE_CLUSTER = (
    "calendar_period", "concern", "concern_step", "context_event", "lifecycle_event", "lifecycle_reason",
    "open_register", "workgroup_line", "workgroup_return",
)  # fmt: skip


@pytest.fixture
def walled(whole_postgresql: Store) -> Store:
    return whole_postgresql


def of_cluster(whole: Whole, name: str = "mill") -> Scope:
    return Scope(cluster_ids=frozenset({whole.clusters[name]}))


def of_school(whole: Whole, name: str = "mill ford") -> Scope:
    return Scope(school_ids=frozenset({whole.schools[name]}))


def becomes_of(store: Store, settings: Any, statement: sa.Executable) -> str:
    """What PostgreSQL says of a statement; nothing of it stays. Of a new row it says no number."""
    with store.writing(settings) as session:
        try:
            result = session.execute(statement)
        except sa.exc.DBAPIError as error:
            return str(error.orig).splitlines()[0]
        finally:
            session.rollback()
        return LET_IN if isinstance(statement, sa.Insert) else f"{result.rowcount} rows"


def table_of(name: str) -> sa.Table:
    return Base.metadata.tables[name]


def a_number(store: Store, table: type[Any], **where: Any) -> int:
    """The first row of a table of which something is true."""
    with store.reading() as session:
        return int(session.scalars(sa.select(table.id).filter_by(**where).order_by(table.id).limit(1)).one())


# A headteacher


@pytest.mark.parametrize("part", ["mill", "mill ford", "mill lake"])
def test_a_school_writes_nothing_of_it_even_where_totals_are_admitted(walled: Store, whole: Whole, part: str) -> None:
    admitted = {**wall(of_school(whole)), "dashboard.totals": str(whole.clusters["mill"])}
    tried = 0
    for name in WRITTEN_BY_WHO_KEEPS_THE_CLUSTER:
        table, rows = table_of(name), whole.rows(part)[name]
        if not rows:
            continue
        mine = table.c.id.in_(rows)
        for settings in (wall(of_school(whole)), admitted, wall(NOTHING)):
            new = sa.insert(table).inline().values(a_row(walled, name, whole, part))
            assert REFUSED in becomes_of(walled, settings, new), name
            for statement in (sa.update(table).values(id=table.c.id), sa.delete(table)):
                assert becomes_of(walled, settings, statement.where(mine)) == "0 rows", name
            tried += 1
    assert tried >= 3 * 5


# Why something happened


def test_who_keeps_a_cluster_writes_a_reason_down_and_never_reads_changes_or_takes_it_out(
    walled: Store, whole: Whole
) -> None:
    mill, event = whole.clusters["mill"], whole.away["mill ford"]
    with walled.writing() as session:
        session.execute(sa.delete(LifecycleReason).where(LifecycleReason.event_id == event))
    with writing(walled, of_cluster(whole)) as session:
        new = sa.insert(LifecycleReason).inline().values(event_id=event, cluster_id=mill, reason="maternity")
        session.execute(new)
        assert session.execute(sa.select(LifecycleReason.id)).all() == []
        assert session.execute(sa.update(LifecycleReason).values(reason="none")).rowcount == 0
        assert session.execute(sa.delete(LifecycleReason)).rowcount == 0
    for scope, shown in ((EVERYTHING, True), (Scope(programme_ids=frozenset({whole.river})), True), (NOTHING, False),
                         (of_school(whole), False), (of_cluster(whole), False)):  # fmt: skip
        with reading(walled, scope) as session:
            told = session.scalars(sa.select(LifecycleReason.reason).where(LifecycleReason.event_id == event)).all()
            assert told == (["maternity"] if shown else []), scope


@pytest.mark.parametrize("by", ["the cluster", "the programme"])
def test_a_reason_is_given_to_events_of_the_cluster_it_names_alone(walled: Store, whole: Whole, by: str) -> None:
    """Else a coordinator could put words to another cluster's event, or try out whether it has a reason."""
    scope = of_cluster(whole) if by == "the cluster" else Scope(programme_ids=frozenset({whole.river}))
    mill, decoys = whole.clusters["mill"], whole.away["decoy ford"]
    with walled.writing() as session:
        session.execute(sa.delete(LifecycleReason).where(LifecycleReason.event_id == whole.away["decoy lake"]))
        session.execute(sa.delete(LifecycleReason).where(LifecycleReason.event_id == whole.away["mill lake"]))
    for event in (decoys, whole.away["decoy lake"], 99_999):
        new = sa.insert(LifecycleReason).inline().values(event_id=event, cluster_id=mill, reason="x")
        assert REFUSED in becomes_of(walled, wall(scope), new), event
    own = sa.insert(LifecycleReason).inline().values(event_id=whole.away["mill lake"], cluster_id=mill, reason="x")
    assert becomes_of(walled, wall(scope), own) == LET_IN
    move = sa.update(LifecycleReason).where(LifecycleReason.event_id == whole.away["mill ford"])
    assert becomes_of(walled, wall(scope), move.values(event_id=decoys)) in {
        "0 rows", f'new row {REFUSED} for table "lifecycle_reason"',
    }  # fmt: skip


def test_with_an_event_goes_its_reason_though_nobody_may_see_it(walled: Store, whole: Whole) -> None:
    with writing(walled, of_cluster(whole)) as session:
        gone = session.execute(sa.delete(LifecycleEvent).where(LifecycleEvent.id == whole.away["mill ford"]))
        assert gone.rowcount == 1
    with walled.reading() as session:
        reasons = set(session.scalars(sa.select(LifecycleReason.event_id)))
        assert whole.away["mill ford"] not in reasons
        assert {whole.away["mill lake"], whole.away["decoy ford"]} < reasons


# Concerns and returns


def test_a_step_follows_its_concern_and_cannot_be_put_to_anothers(walled: Store, whole: Whole) -> None:
    mine, theirs = (a_number(walled, Concern, cluster_id=whole.clusters[name]) for name in ("mill", "decoy"))
    step = a_number(walled, ConcernStep, concern_id=mine)
    move = sa.update(ConcernStep).where(ConcernStep.id == step).values(concern_id=theirs)
    new = sa.insert(ConcernStep).inline().values(a_row(walled, "concern_step", whole, "mill") | {"concern_id": theirs})
    for statement in (move, new):
        assert REFUSED in becomes_of(walled, wall(of_cluster(whole)), statement)
    with writing(walled, Scope(programme_ids=frozenset({whole.river}))) as session:
        session.execute(sa.update(Concern).where(Concern.id == mine).values(cluster_id=whole.clusters["weir"]))
    for name, shown in (("mill", False), ("weir", True), ("decoy", False)):
        with reading(walled, of_cluster(whole, name)) as session:
            for table, number in ((Concern, mine), (ConcernStep, step)):
                assert (session.get(table, number) is not None) is shown, (name, table)
    with writing(walled, of_cluster(whole)) as session:
        assert session.execute(sa.delete(ConcernStep).where(ConcernStep.id == step)).rowcount == 0


def test_a_line_stands_on_a_return_of_its_own_cluster(walled: Store, whole: Whole) -> None:
    theirs = a_number(walled, WorkgroupReturn, cluster_id=whole.clusters["weir"])
    line = a_row(walled, "workgroup_line", whole, "mill ford") | {"return_id": theirs}
    move = sa.update(WorkgroupLine).where(WorkgroupLine.cluster_id == whole.clusters["mill"]).values(return_id=theirs)
    both = Scope(programme_ids=frozenset({whole.river}))
    for scope in (of_cluster(whole), both):
        for statement in (sa.insert(WorkgroupLine).inline().values(line), move):
            assert REFUSED in becomes_of(walled, wall(scope), statement), scope


# People


def a_role(whole: Whole, person: int, name: str = "mill") -> sa.Executable:
    values = {"person_id": person, "role": PersonRole.TEACHER, "cluster_id": whole.clusters[name]}
    return sa.insert(Appointment).inline().values(**values, school_id=whole.schools[f"{name} ford"])


def a_mark(store: Store, whole: Whole, person: int) -> sa.Executable:
    held = a_number(store, Meeting, cluster_id=whole.clusters["mill"])
    values = {"meeting_id": held, "school_id": whole.schools["mill ford"], "person_id": person, "mark": Mark.PRESENT}
    return sa.insert(PersonMark).inline().values(**values, illustrative=False)


def test_nobody_is_got_to_see_by_a_role_or_a_mark_that_one_gives(walled: Store, whole: Whole) -> None:
    """A person is seen by a role or a mark: whoever could give one to any number could read everybody's name."""
    stranger, other = min(whole.rows("decoy")["person"]), min(whole.rows("weir")["person"])
    for scope in (of_cluster(whole), of_school(whole)):
        mine = whole.rows("mill ford")
        for number in (stranger, other):
            for statement in (
                a_role(whole, number),
                a_mark(walled, whole, number),
                sa.update(Appointment).where(Appointment.id.in_(mine["appointment"])).values(person_id=number),
                sa.update(PersonMark).where(PersonMark.id.in_(mine["person_mark"])).values(person_id=number),
            ):
                assert REFUSED in becomes_of(walled, wall(scope), statement), (scope, str(statement))
    river = wall(Scope(programme_ids=frozenset({whole.river})))
    assert REFUSED in becomes_of(walled, river, a_role(whole, stranger))
    assert becomes_of(walled, river, a_role(whole, other)) == LET_IN
    assert becomes_of(walled, wall(EVERYTHING), a_role(whole, stranger)) == LET_IN


def test_somebody_who_only_has_a_mark_is_a_stranger_too(walled: Store, whole: Whole) -> None:
    with walled.writing() as session:
        session.execute(sa.delete(Appointment))
    stranger = min(whole.rows("decoy")["person"])
    assert REFUSED in becomes_of(walled, wall(of_cluster(whole)), a_role(whole, stranger))


def test_a_colleague_has_further_roles_and_marks_and_changed_ones(walled: Store, whole: Whole) -> None:
    colleague = min(whole.rows("mill lake")["person"])
    mine = sa.update(Appointment).where(Appointment.person_id == colleague).values(ends=date(2017, 1, 9))
    keeper = wall(of_cluster(whole))
    assert becomes_of(walled, keeper, mine) == "1 rows"
    for statement in (a_role(whole, colleague), a_mark(walled, whole, colleague)):
        assert becomes_of(walled, keeper, statement) == LET_IN


def test_a_new_person_is_seen_by_nobody_until_somebody_gives_a_role(walled: Store, whole: Whole) -> None:
    with writing(walled, of_cluster(whole)) as session:
        number = bring_person(session, "New Colleague", purpose="workgroup").id
        assert session.scalar(sa.select(Person.id).where(Person.id == number)) is None
        session.execute(a_role(whole, number))
        session.execute(a_role(whole, number))
        assert session.scalar(sa.select(Person.name).where(Person.id == number)) == "New Colleague"
        # To find out that nobody has the person, the wall looked past itself; it stands again.
        assert session.scalar(sa.text("SELECT current_setting('dashboard.everything')")) == "off"
        assert set(session.scalars(sa.select(Meeting.cluster_id))) == {whole.clusters["mill"]}
    for name in ("weir", "decoy"):
        with reading(walled, of_cluster(whole, name)) as session:
            assert session.get(Person, number) is None
        assert REFUSED in becomes_of(walled, wall(of_cluster(whole, name)), a_role(whole, number, name))


@pytest.mark.parametrize("who", ["a school", "nobody"])
def test_whoever_keeps_no_cluster_brings_nobody(walled: Store, whole: Whole, who: str) -> None:
    scope = of_school(whole) if who == "a school" else NOTHING
    new = sa.insert(Person).inline().values(name="New Colleague")
    assert REFUSED in becomes_of(walled, wall(scope), new)
    admitted = {**wall(scope), "dashboard.totals": str(whole.clusters["mill"])}
    assert REFUSED in becomes_of(walled, admitted, new)


# What goes with what


def test_what_hangs_on_an_account_or_a_meeting_goes_though_its_keeper_does_not_see_it(
    walled: Store, whole: Whole
) -> None:
    when = datetime(2017, 1, 9, tzinfo=UTC)
    with walled.writing() as session:
        account = put.put(session, Account(email="a@example.org", fs_uniquifier="a")).id
        held = put.meeting(session, session.get_one(Cluster, whole.clusters["mill"]), date(2017, 3, 1)).id
        for page, who in (("one", account), ("two", None)):
            put.put(session, OpenRegister(meeting_id=held, page=page, account_id=who, seen_at=when))
        put.put(session, FeedLink(account_id=account, token_sha256="digest"))
        session.execute(sa.update(Concern).values(raised_by_id=account))
        session.execute(sa.update(WorkgroupReturn).values(returned_by_id=account))
    with writing(walled, NOTHING) as session:
        assert session.execute(sa.delete(Account).where(Account.id == account)).rowcount == 1
    with walled.reading() as session:
        assert session.scalars(sa.select(FeedLink.id)).all() == []
        for column in (Concern.raised_by_id, WorkgroupReturn.returned_by_id):
            assert set(session.scalars(sa.select(column))) == {None}
        pages = sa.select(OpenRegister.page).where(OpenRegister.meeting_id == held)
        assert session.scalars(pages).all() == ["two"]
    with writing(walled, of_cluster(whole)) as session:
        assert session.execute(sa.delete(Meeting).where(Meeting.id == held)).rowcount == 1
    with walled.reading() as session:
        assert session.scalars(pages).all() == []
        assert len(session.scalars(sa.select(OpenRegister.id)).all()) == 3
