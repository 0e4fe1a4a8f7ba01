"""The rules of retention: one table, the same in the code, the documentation and what a day finds due."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from dashboard import audit
from dashboard.accounts.commands import AccountBook
from dashboard.audit import COMMAND_LINE
from dashboard.db import Base, Store
from dashboard.models import (
    NAMELESS,
    Account,
    AccountGrant,
    Appointment,
    ApprovalRequest,
    Cluster,
    Concern,
    FeedLink,
    OpenRegister,
    Person,
    PersonMark,
    ScreenLink,
    SetUpLink,
    WebSession,
    WorkgroupLine,
)
from dashboard.privacy.due import Due, find_due, find_unknown
from dashboard.privacy.rules import RETENTION, Kept, describe_retention
from dashboard.settings import PROJECT_ROOT
from dashboard.vocabulary import Mark, PersonRole, RequestState, Role
from tests import builders as put
from tests.privacy.world import END, TODAY, World, make_world, programme_of


@pytest.fixture
def world(store: Store) -> World:
    return make_world(store)


def due(store: Store, today: date, kept: Kept) -> list[Due]:
    with store.reading() as session:
        return [each for each in find_due(session, today) if each.kept is kept]


def numbers(store: Store, today: date, kept: Kept) -> list[int]:
    return [each.number for each in due(store, today, kept)]


def test_the_documentation_shows_the_table_word_for_word() -> None:
    assert describe_retention() in (PROJECT_ROOT / "docs" / "personal-data.md").read_text(encoding="utf-8")


def test_every_table_with_data_about_people_has_a_rule() -> None:
    covered = {table for rule in RETENTION for table in rule.tables}
    about_people = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.get("personal")
        or any(key.column.table.name in {"person", "account"} for key in column.foreign_keys)
    }
    assert about_people <= covered
    assert len(about_people) > 8
    assert {rule.kept for rule in RETENTION} == set(Kept) - {Kept.ACCOUNTS}
    assert not [rule.kept for rule in RETENTION if ("{days}" in rule.until) != (rule.days is not None)]


def test_a_contact_is_kept_to_the_last_day_of_the_programme_and_not_one_longer(store: Store, world: World) -> None:
    assert numbers(store, END, Kept.CONTACTS) == []
    assert due(store, END + timedelta(days=1), Kept.CONTACTS) == [Due(Kept.CONTACTS, world.person, END)]


def test_a_date_of_its_own_goes_before_the_programme(store: Store, world: World) -> None:
    with store.writing() as session:
        session.get_one(Person, world.namesake).delete_after = date(2016, 1, 1)
    assert numbers(store, date(2016, 1, 1), Kept.CONTACTS) == []
    assert numbers(store, date(2016, 1, 2), Kept.CONTACTS) == [world.namesake]
    assert numbers(store, END + timedelta(days=99), Kept.CONTACTS) == [world.person, world.namesake]
    assert numbers(store, END + timedelta(days=100), Kept.CONTACTS) == [world.person, world.other, world.namesake]


def test_the_latest_programme_counts_where_there_are_two(store: Store, world: World) -> None:
    with store.writing() as session:
        held = put.meeting(session, session.get_one(Cluster, world.decoy), date(2016, 12, 1))
        mark = PersonMark(meeting_id=held.id, school_id=world.school, person_id=world.person, mark=Mark.PRESENT)
        put.put(session, mark)
    assert numbers(store, TODAY, Kept.CONTACTS) == []
    later = END + timedelta(days=366)
    assert due(store, later, Kept.CONTACTS)[0] == Due(Kept.CONTACTS, world.person, END + timedelta(days=365))


def test_nobody_is_due_while_one_programme_has_no_end(store: Store, world: World) -> None:
    with store.writing() as session:
        programme_of(session, world.mill).ends = None
    with store.reading() as session:
        assert find_unknown(session) == [world.person, world.unknown]
    assert not {world.person, world.unknown} & set(numbers(store, date(2099, 1, 1), Kept.CONTACTS))


def test_one_place_without_an_end_leaves_the_day_unknown(store: Store, world: World) -> None:
    with store.writing() as session:
        programme_of(session, world.decoy).ends = None
        role = Appointment(person_id=world.person, role=PersonRole.MENTOR, cluster_id=world.decoy)
        put.put(session, role)
    assert numbers(store, date(2099, 1, 1), Kept.CONTACTS) == [world.other]
    with store.reading() as session:
        assert find_unknown(session) == [world.person, world.namesake, world.unknown]


def test_the_end_of_the_cluster_stands_in_for_that_of_its_programme(store: Store, world: World) -> None:
    with store.writing() as session:
        programme_of(session, world.mill).ends = None
        session.get_one(Cluster, world.mill).ends = date(2017, 1, 31)
    assert due(store, TODAY, Kept.CONTACTS) == [Due(Kept.CONTACTS, world.person, date(2017, 1, 31))]


def test_somebody_without_a_role_or_mark_is_told_of_and_never_due(store: Store, world: World) -> None:
    with store.reading() as session:
        assert find_unknown(session) == [world.unknown]
    assert world.unknown not in numbers(store, date(2999, 1, 1), Kept.CONTACTS)


def test_the_holders_of_nameless_marks_are_no_contacts(store: Store, world: World) -> None:
    with store.writing() as session:
        put.put(session, Person(name="x", purpose=NAMELESS, delete_after=date(2000, 1, 1)))
    assert numbers(store, TODAY, Kept.CONTACTS) == [world.person]
    with store.reading() as session:
        assert find_unknown(session) == [world.unknown]


def account(store: Store, email: str, *, role: Role = Role.COORDINATOR, made: date, active: bool = True) -> int:
    """An account that was made on a day and never used."""
    with store.writing() as session:
        row = Account(email=email, fs_uniquifier=email, created_at=_at(made), active=active)
        put.put(session, row)
        put.put(session, AccountGrant(account_id=row.id, role=role, granted_at=_at(made)))
        return row.id


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_an_account_never_used_goes_after_90_days_and_an_administrators_does_not(store: Store, world: World) -> None:
    made = date(2017, 3, 1)
    invited = account(store, "invited@example.org", made=made)
    account(store, "second@example.org", made=made, role=Role.ADMINISTRATOR)
    stopped = account(store, "third@example.org", made=made, role=Role.ADMINISTRATOR, active=False)
    assert numbers(store, made + timedelta(days=90), Kept.NEVER_USED) == []
    last = made + timedelta(days=90)
    expected = [Due(Kept.NEVER_USED, number, last) for number in (invited, stopped)]
    assert due(store, made + timedelta(days=91), Kept.NEVER_USED) == expected
    assert {world.account, world.administrator}.isdisjoint(numbers(store, date(2099, 1, 1), Kept.NEVER_USED))


def test_a_new_role_gives_an_account_never_used_its_time_again(store: Store, world: World) -> None:
    number = account(store, "invited@example.org", made=date(2017, 3, 1))
    with store.writing() as session:
        grant = AccountGrant(account_id=number, role=Role.HEADTEACHER, school_id=world.school)
        grant.granted_at = _at(date(2017, 6, 1))
        put.put(session, grant)
    assert numbers(store, date(2017, 8, 30), Kept.NEVER_USED) == []
    assert numbers(store, date(2017, 8, 31), Kept.NEVER_USED) == [number]


def test_a_disabled_account_goes_a_year_after_it_was_disabled_and_not_after_it_was_last_used(
    store: Store, world: World
) -> None:
    with store.writing() as session:
        session.get_one(Account, world.account).last_signed_in_at = _at(date(2010, 1, 1))
        AccountBook(session, COMMAND_LINE).disable(world.account)
    today = datetime.now(UTC).date()
    assert numbers(store, today + timedelta(days=365), Kept.DISABLED) == []
    assert due(store, today + timedelta(days=367), Kept.DISABLED)[0].number == world.account
    with store.writing() as session:
        AccountBook(session, COMMAND_LINE).enable(world.account)
    assert numbers(store, date(2099, 1, 1), Kept.DISABLED) == []


def test_the_last_sign_in_counts_where_the_audit_does_not_know_when_an_account_was_disabled(
    store: Store, world: World
) -> None:
    with store.writing() as session:
        session.get_one(Account, world.account).active = False
        audit.record(session, COMMAND_LINE, "disable", "something else", world.account)
        audit.record(session, COMMAND_LINE, "disable", "account", world.administrator)
        audit.record(session, COMMAND_LINE, "rename", "account", world.account)
    assert numbers(store, date(2018, 8, 30), Kept.DISABLED) == []
    expected = [Due(Kept.DISABLED, world.account, date(2018, 8, 30))]
    assert due(store, date(2018, 8, 31), Kept.DISABLED) == expected


def test_sessions_go_30_days_after_they_were_last_seen_those_of_a_screen_too(store: Store, world: World) -> None:
    with store.writing() as session:
        link = session.scalars(sa.select(ScreenLink)).first()
        assert link is not None
        screen = WebSession(token_sha256="screen", screen_link_id=link.id, data=b"")
        screen.created_at, screen.last_seen_at = _at(date(2017, 1, 1)), _at(date(2017, 10, 1))
        screen_id = put.put(session, screen).id
    assert numbers(store, date(2017, 9, 29), Kept.SESSIONS) == []
    found = due(store, date(2017, 9, 30), Kept.SESSIONS)
    assert [each.since for each in found] == [date(2017, 9, 29)] * 2
    assert screen_id not in numbers(store, date(2017, 10, 31), Kept.SESSIONS)
    assert screen_id in numbers(store, date(2017, 11, 1), Kept.SESSIONS)


def test_open_registers_go_a_day_after_they_were_last_seen(store: Store, world: World) -> None:
    with store.writing() as session:
        first, second = session.scalars(sa.select(OpenRegister).order_by(OpenRegister.id))
        second.seen_at = _at(date(2017, 9, 1))
        pages = (first.id, second.id)
    assert numbers(store, date(2017, 9, 1), Kept.OPEN_REGISTERS) == []
    assert due(store, date(2017, 9, 2), Kept.OPEN_REGISTERS) == [Due(Kept.OPEN_REGISTERS, pages[0], date(2017, 9, 1))]
    assert numbers(store, date(2017, 9, 3), Kept.OPEN_REGISTERS) == list(pages)


def test_calendar_addresses_go_90_days_after_they_were_revoked_and_not_before(store: Store, world: World) -> None:
    with store.writing() as session:
        link, _ = session.scalars(sa.select(FeedLink).order_by(FeedLink.id))
        link.revoked_at = _at(date(2017, 9, 1))
        number = link.id
    assert numbers(store, date(2017, 11, 30), Kept.FEED_LINKS) == []
    assert due(store, date(2017, 12, 1), Kept.FEED_LINKS) == [Due(Kept.FEED_LINKS, number, date(2017, 11, 30))]
    assert numbers(store, date(2099, 1, 1), Kept.FEED_LINKS) == [number]


def test_a_concern_is_kept_while_it_is_open_and_1095_days_after(store: Store, world: World) -> None:
    assert numbers(store, date(2099, 1, 1), Kept.CONCERNS) == []
    with store.writing() as session:
        concern = session.scalars(sa.select(Concern).order_by(Concern.id)).first()
        assert concern is not None
        concern.closed_on = date(2017, 9, 1)
        number = concern.id
    last = date(2017, 9, 1) + timedelta(days=1095)
    assert numbers(store, last, Kept.CONCERNS) == []
    assert due(store, last + timedelta(days=1), Kept.CONCERNS) == [Due(Kept.CONCERNS, number, last)]


def test_a_request_keeps_its_words_while_it_waits_and_2190_days_after(store: Store, world: World) -> None:
    assert numbers(store, date(2099, 1, 1), Kept.REQUESTS) == []
    with store.writing() as session:
        row = session.scalars(sa.select(ApprovalRequest).order_by(ApprovalRequest.id)).first()
        assert row is not None
        row.decided_on, row.state = date(2017, 9, 1), RequestState.WITHDRAWN
        number = row.id
    last = date(2017, 9, 1) + timedelta(days=2190)
    assert numbers(store, last, Kept.REQUESTS) == []
    assert due(store, last + timedelta(days=1), Kept.REQUESTS) == [Due(Kept.REQUESTS, number, last)]


def test_a_line_of_a_return_keeps_a_contact_as_a_role_does(store: Store, world: World) -> None:
    with store.writing() as session:
        line = session.scalars(sa.select(WorkgroupLine).where(WorkgroupLine.person_id == world.namesake)).first()
        assert line is not None
        line.person_id = world.unknown
    with store.reading() as session:
        assert find_unknown(session) == [world.unknown], "a role beyond any cluster has no end"
    with store.writing() as session:
        session.execute(sa.delete(Appointment).where(Appointment.person_id == world.unknown))
    last = END + timedelta(days=365)
    assert world.unknown not in numbers(store, last, Kept.CONTACTS)
    assert Due(Kept.CONTACTS, world.unknown, last) in due(store, last + timedelta(days=1), Kept.CONTACTS)


def test_links_go_some_time_after_they_ended_by_themselves_or_by_somebody(store: Store, world: World) -> None:
    with store.writing() as session:
        first, second = session.scalars(sa.select(ScreenLink).order_by(ScreenLink.id))
        first.expires_at, second.revoked_at = _at(date(2017, 10, 1)), _at(date(2017, 9, 1))
        second.expires_at = _at(date(2018, 9, 1))
        (set_up,) = session.scalars(sa.select(SetUpLink))
        set_up.expires_at, set_up.used_at = _at(date(2017, 8, 31)), _at(date(2017, 8, 30))
        numbers_of_links = (first.id, second.id)
    assert numbers(store, date(2017, 11, 30), Kept.SCREEN_LINKS) == []
    assert due(store, date(2017, 12, 1), Kept.SCREEN_LINKS) == [
        Due(Kept.SCREEN_LINKS, numbers_of_links[1], date(2017, 11, 30))
    ]
    assert numbers(store, date(2017, 12, 31), Kept.SCREEN_LINKS) == list(numbers_of_links)
    assert [numbers(store, date(2017, 9, day), Kept.SET_UP_LINKS) for day in (29, 30)] == [[], [1]]


def test_a_receipt_is_kept_for_seven_years_and_its_line_for_good(store: Store, world: World) -> None:
    with store.writing() as session:
        line = put.line(session, session.get_one(Cluster, world.mill), 5_00)
        kept = put.receipt(session, line)
        kept.added_at = datetime(2017, 3, 1, 12, tzinfo=UTC)
        number = kept.id
    assert numbers(store, date(2024, 2, 28), Kept.RECEIPTS) == []
    assert due(store, date(2024, 2, 29), Kept.RECEIPTS) == [Due(Kept.RECEIPTS, number, date(2024, 2, 28))]
