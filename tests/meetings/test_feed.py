"""The calendar feed: what is in the file, whose meetings, and when an address opens nothing any more."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from dashboard.access import EVERYTHING
from dashboard.accounts.commands import AccountBook
from dashboard.audit import COMMAND_LINE
from dashboard.db import now_utc
from dashboard.meetings import feed
from dashboard.meetings.queries import FeedMeeting
from dashboard.models import Account, AccountGrant, AuditEvent, FeedLink, Meeting, Membership
from dashboard.vocabulary import Attempt, MeetingKind, Role
from tests import builders as put
from tests.meetings.conftest import House
from tests.visitors import Visitor

LONDON = ZoneInfo("Europe/London")
MOMENT = datetime(2017, 3, 1, 9, 30, tzinfo=UTC)


def make(monkeypatch: pytest.MonkeyPatch, *meetings: FeedMeeting) -> icalendar.Calendar:
    """The file of some meetings, as a calendar program reads it."""
    monkeypatch.setattr(feed, "load_feed", lambda *_given: list(meetings))
    text = feed.calendar_file(None, EVERYTHING, MOMENT, "dashboard.example.org")  # type: ignore[arg-type]
    assert all(len(line) <= 75 for line in text.split(b"\r\n")), "RFC 5545, 3.1"
    read = icalendar.Calendar.from_ical(text)
    assert isinstance(read, icalendar.Calendar)
    assert read.to_ical() == text
    return read


def meeting(**change: Any) -> FeedMeeting:
    usual = {
        "id": 7, "cluster_id": 1, "cluster": "Mill Cluster", "held_on": date(2017, 5, 10),
        "kind": MeetingKind.CLUSTER, "title": None, "starts_at": time(13, 30), "ends_at": time(15),
    }  # fmt: skip
    return FeedMeeting(**(usual | change))


def test_the_file_says_how_it_is_to_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    read = make(monkeypatch)
    assert (read["VERSION"], read["METHOD"], read["NAME"]) == ("2.0", "PUBLISH", "Cluster meetings")
    assert read["REFRESH-INTERVAL"].to_ical() == b"P1D"
    assert read["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert read["X-PUBLISHED-TTL"] == "P1D"
    assert [str(zone["TZID"]) for zone in read.timezones] == ["Europe/London"]


def test_a_meeting_has_its_time_in_london_in_summer_and_winter(monkeypatch: pytest.MonkeyPatch) -> None:
    summer, winter = make(monkeypatch, meeting(), meeting(id=8, held_on=date(2017, 1, 18))).events
    assert summer["SUMMARY"] == "Mill Cluster: Cluster meeting"
    assert summer["UID"] == "meeting-7@dashboard.example.org"
    assert summer["DTSTAMP"].dt == MOMENT
    assert summer["DTSTART"].params["TZID"] == "Europe/London"
    assert summer["DTSTART"].dt.astimezone(UTC) == datetime(2017, 5, 10, 12, 30, tzinfo=UTC)
    assert summer["DTEND"].dt.astimezone(UTC) == datetime(2017, 5, 10, 14, 0, tzinfo=UTC)
    assert winter["DTSTART"].dt.astimezone(UTC) == datetime(2017, 1, 18, 13, 30, tzinfo=UTC)


def test_the_rule_of_the_clocks_is_that_of_london(monkeypatch: pytest.MonkeyPatch) -> None:
    zone = make(monkeypatch).timezones[0].to_tz()
    for month in range(1, 13):
        for day in (1, 15, 28):
            at = datetime(2027, month, day, 12)
            assert zone.utcoffset(at) == at.replace(tzinfo=LONDON).utcoffset()


def test_without_a_time_it_is_a_whole_day_and_without_an_end_it_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, begun = make(monkeypatch, meeting(starts_at=None, ends_at=None), meeting(ends_at=None)).events
    assert whole["DTSTART"].dt == date(2017, 5, 10)
    assert whole["TRANSP"] == "TRANSPARENT"
    assert "DTEND" not in whole
    assert isinstance(begun["DTSTART"].dt, datetime)
    assert "DTEND" not in begun


def test_it_holds_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    (event,) = make(monkeypatch, meeting(title="Phonics")).events
    assert set(event) == {"UID", "DTSTAMP", "SUMMARY", "CATEGORIES", "DTSTART", "DTEND"}
    assert event["SUMMARY"] == "Mill Cluster: Cluster meeting: Phonics"


HOSTILE = (
    "a;b,c\\d\\n\"e\"", "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged", "\x00\x07\x1b[2J", "\u202etxt.exe",
    "ü" * 200,    "BEGIN:VALARM", "{{ 7 * 7 }} <script>", "\u2028line", "DTSTART:19970101", "=cmd|' /C calc'!A0",
)  # fmt: skip


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_stays_a_title(monkeypatch: pytest.MonkeyPatch, title: str) -> None:
    read = make(monkeypatch, meeting(title=title, cluster=title))
    (event,) = read.events
    said = " ".join("".join(each if each.isprintable() else " " for each in title).split())
    assert str(event["SUMMARY"]) == " ".join(f"{said}: Cluster meeting: {said}".split())
    assert len(read.walk()) == 5, "the calendar, the zone with its two rules, the meeting"


@given(st.text(max_size=60))
def test_whatever_people_write_comes_back_as_text(title: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        (event,) = make(patch, meeting(title=title)).events
    assert str(event["SUMMARY"]).isprintable()


# ------------------------------------------------------------------------------------------------ over the web
def subscribe(coming: Visitor, label: str = "phone") -> str:
    """Make an address and give back its path."""
    made = coming.post("/feeds", {"label": label}, page="/feeds")
    found = re.search(r'value="http://localhost(/feed/[\w-]{43}\.ics)"', made.text)
    assert found is not None, made.text
    return found[1]


def read(house: House, path: str) -> TestResponse:
    return Visitor.nobody(house.app).get(path)


def titles(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200
    calendar = icalendar.Calendar.from_ical(answer.data)
    return [f"{event['SUMMARY']} {event['DTSTART'].dt:%-d %b %Y}" for event in calendar.events]


MILLS = (
    "Mill Cluster: Steering group 4 Oct 2016", "Mill Cluster: Cluster meeting 9 Nov 2016",
    "Mill Cluster: Cluster meeting 10 May 2017",
)  # fmt: skip
DECOYS = "Decoy Cluster: Cluster meeting: Decoy business 9 Mar 2017"


@pytest.fixture
def in_2017(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr("dashboard.accounts.feed_pages.now_utc", lambda: MOMENT)
    return house


@pytest.mark.usefixtures("in_2017")
def test_each_reads_the_meetings_of_their_own_clusters(house: House) -> None:
    for role in (Role.COORDINATOR, Role.HEADTEACHER):
        assert titles(read(house, subscribe(house.comes(house.account(role))))) == list(MILLS), role
    for role in (Role.DIRECTOR, Role.ADVISOR):
        assert titles(read(house, subscribe(house.comes(house.account(role))))) == [*MILLS[:2], DECOYS, MILLS[2]]
    for role in (Role.STEERING, Role.ADMINISTRATOR):
        coming = house.comes(house.account(role))
        assert "Your roles show no meetings." in coming.get("/feeds").text
        assert titles(read(house, subscribe(coming))) == []


@pytest.mark.usefixtures("in_2017")
def test_a_headteacher_reads_of_the_years_in_which_the_school_is_a_member(house: House) -> None:
    with house.store.writing() as session:
        mill = session.get_one(put.Cluster, house.mill)
        for day in (date(2015, 8, 31), date(2015, 9, 1), date(2018, 6, 1)):
            put.meeting(session, mill, day)
    path = subscribe(house.comes(house.account(Role.HEADTEACHER)))
    assert [each[-11:] for each in titles(read(house, path))] == [
        " 1 Sep 2015", " 4 Oct 2016", " 9 Nov 2016", "10 May 2017", " 1 Jun 2018",
    ]  # fmt: skip
    with house.store.writing() as session:
        ford = sa.update(Membership).where(Membership.school_id == house.ford)
        session.execute(ford.values(joined=date(2016, 9, 5), left=date(2017, 1, 1)))
    assert titles(read(house, path)) == list(MILLS), "of that year, and of no other"


def test_an_address_is_shown_once_stored_as_a_digest_and_told_to_the_audit(house: House) -> None:
    person = house.account(Role.COORDINATOR)
    coming = house.comes(person)
    assert "You have no calendar address yet." in coming.get("/feeds").text
    path = subscribe(coming, " my  phone ")
    shown = coming.get("/feeds").text
    token = path.removeprefix("/feed/").removesuffix(".ics")
    assert "my phone" in shown
    assert "never" in shown
    assert token not in shown
    answer = read(house, path)
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    assert "never" not in coming.get("/feeds").text
    with house.store.reading() as session:
        link = session.scalars(sa.select(FeedLink)).one()
        assert token not in repr(vars(link))
        assert link.last_read_at is not None
        event = session.scalars(sa.select(AuditEvent).where(AuditEvent.outcome == Attempt.DONE)).one()
        assert (event.action, event.object_kind, event.actor_id) == ("add", "feed link", person.id)
        assert "phone" not in str(event.after)


def test_that_it_was_read_is_noted_every_few_minutes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    path, start = subscribe(house.coordinator()), now_utc()
    noted = []
    for minutes in (0, 4, 6):
        monkeypatch.setattr("dashboard.accounts.feed_pages.now_utc", lambda m=minutes: start + timedelta(minutes=m))
        read(house, path)
        with house.store.reading() as session:
            noted.append(session.scalars(sa.select(FeedLink.last_read_at)).one() - start)
    assert noted == [timedelta(), timedelta(), timedelta(minutes=6)]


@pytest.mark.usefixtures("in_2017")
def test_what_was_taken_away_is_gone_from_the_next_reading(house: House) -> None:
    person = house.account(Role.COORDINATOR)
    coming = house.comes(person)
    path, other = subscribe(coming), subscribe(coming)
    with house.store.writing() as session:
        session.delete(session.get_one(Meeting, house.planned))
    assert titles(read(house, path)) == list(MILLS[:2])
    with house.store.writing() as session:
        session.execute(sa.delete(AccountGrant).where(AccountGrant.account_id == person.id))
    assert titles(read(house, path)) == []
    nobodys = read(house, f"/feed/{'x' * 43}.ics")
    form = re.findall(r'action="(/feeds/\d+/revoke)"', coming.get("/feeds").text)
    assert len(form) == 2
    assert coming.post(form[1], {}, page="/feeds").status_code == 303
    assert coming.post(form[1], {}, page="/feeds").status_code == 303, "twice is once"
    assert "revoked on" in coming.get("/feeds").text
    assert read(house, other).status_code == 200
    with house.store.writing() as session:
        AccountBook(session, COMMAND_LINE).disable(person.id)
    for gone in (path, other):
        answer = read(house, gone)
        assert (answer.status_code, answer.text) == (404, nobodys.text)
        assert dict(answer.headers) == dict(nobodys.headers)
    with house.store.writing() as session:
        session.execute(sa.delete(Account).where(Account.id == person.id))
    assert read(house, other).status_code == 404
    with house.store.reading() as session:
        refused = sa.select(AuditEvent.id).where(AuditEvent.outcome == Attempt.REFUSED)
        assert session.scalars(refused).all() == [], "a program asks again and again: that would fill the audit"
        done = [event.action for event in session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id))]
        assert done == ["add", "add", "revoke", "disable"]


def test_nobody_revokes_anothers_address_or_has_one_without_an_account(house: House) -> None:
    path = subscribe(house.coordinator())
    with house.store.reading() as session:
        number = session.scalars(sa.select(FeedLink.id)).one()
    other = house.coordinator()
    assert f"/feeds/{number}/" not in other.get("/feeds").text
    for wrong in (number, 999):
        assert other.post(f"/feeds/{wrong}/revoke", {}, page="/feeds").status_code == 404
    assert read(house, path).status_code == 200
    for wrong_path in ("/feed/.ics", "/feed/%00.ics", f"{path}x", path.removesuffix(".ics"), f"/feed/{'ü' * 3000}.ics"):
        assert read(house, wrong_path).status_code in {302, 404}, wrong_path
    assert Visitor.nobody(house.app).get("/feeds").status_code == 302


def test_a_meetings_screen_has_no_address(house: House) -> None:
    from tests.visitors import screen_link

    with house.store.writing() as session:
        number = screen_link(session, session.get_one(put.Cluster, house.mill)).id
    coming = Visitor.by_link(house.app, house.store, number)
    shown = coming.get("/feeds").text
    assert "Only somebody with an account has a calendar address." in shown
    assert "Make an address" not in shown
    coming.post("/feeds", {"label": "x"}, page="/feeds")
    with house.store.reading() as session:
        assert session.scalars(sa.select(FeedLink.id)).all() == []


def test_there_is_an_end_to_addresses_and_to_labels(house: House) -> None:
    coming = house.coordinator()
    for label in ("x" * 101, "a\x00b"):
        answer = coming.post("/feeds", {"label": label}, page="/feeds")
        assert answer.status_code == 422
        assert 'href="#label"' in answer.text
    for _ in range(10):
        subscribe(coming)
    answer = coming.post("/feeds", {"label": "one more"}, page="/feeds")
    assert answer.status_code == 422
    assert "You have 10 addresses already; revoke one that you do not use." in answer.text
    with house.store.reading() as session:
        assert session.scalars(sa.select(sa.func.count(FeedLink.id))).one() == 10
