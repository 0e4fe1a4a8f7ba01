"""The pages of meetings and of the calendar, as somebody who runs a cluster uses them."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from html import unescape
from time import monotonic
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from dashboard.db import Store
from dashboard.models import AuditEvent, CalendarPeriod, LifecycleEvent, Meeting, PersonMark, School, SchoolMark
from dashboard.vocabulary import Attempt, EventKind, Mark, MeetingKind, PeriodKind
from tests import builders as put
from tests.meetings.conftest import MILL, House
from tests.plain_pages import BEHIND_THE_WALL

pytestmark = BEHIND_THE_WALL
MEETINGS = f"{MILL}/meetings?year=2016-17"
SERIES = (
    f"{MILL}/meetings/series?year=2016-17&rhythm=same_week&week=3&weekday=3&kind=network&title=Phonics&starts_at=13:30"
)


def words(answer: TestResponse) -> str:
    """What somebody reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[1])).split())


def heading(answer: TestResponse) -> str:
    return unescape(re.findall(r"<h1>(.*?)</h1>", answer.text, re.DOTALL)[0])


def problems(answer: TestResponse) -> str:
    found = re.search(r'id="problem"(.*?)</div>', answer.text, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split()) if found else ""


def stored(house: House, cluster_id: int | None = None) -> list[tuple[date, MeetingKind]]:
    with house.store.reading() as session:
        rows = session.execute(
            sa.select(Meeting.held_on, Meeting.kind)
            .where(Meeting.cluster_id == (cluster_id or house.mill))
            .order_by(Meeting.held_on)
        )
        return [(held_on, kind) for held_on, kind in rows]


def told(house: House) -> list[tuple[str, str]]:
    with house.store.reading() as session:
        done = sa.select(AuditEvent).where(AuditEvent.outcome == Attempt.DONE).order_by(AuditEvent.id)
        return [(event.action, event.object_kind) for event in session.scalars(done)]


# ---------------------------------------------------------------------------------------------------- the list
def test_the_list_says_what_was_held_planned_and_agreed(house: House) -> None:
    page = house.coordinator().get(MEETINGS)
    said = words(page)
    assert heading(page) == "One cluster meeting held, one planned; at least four were agreed"
    assert "Besides these: steering group (1)." in said
    assert "Whether they are in school time is not said." in said
    assert "Wednesday 9 November 2016 time not said Cluster meeting not said 2 of 3 schools marked" in said
    assert "Tuesday 4 October 2016 time not said Steering group not said 0 of 3 schools marked" in said
    assert f'href="/register/{house.held}"' in page.text
    assert f'href="/register/{house.planned}"' not in page.text, "nobody has come yet"
    assert "Wednesday 10 May 2017" in said.split("Held")[0]
    assert "decoy" not in page.text.lower()


def test_a_school_that_is_away_or_not_a_member_is_not_expected(house: House) -> None:
    with house.store.writing() as session:
        weir = session.scalars(sa.select(School).where(School.slug == "weir-school")).one()
        away = LifecycleEvent(cluster_id=house.mill, school_id=weir.id, kind=EventKind.SABBATICAL)
        away.happened_on, away.ends_on = date(2016, 11, 9), date(2016, 11, 9)
        put.put(session, away)
        late = put.school(session, "Late School")
        put.membership(session, session.get_one(put.Cluster, house.mill), late, joined=date(2016, 11, 10))
    said = words(house.coordinator().get(MEETINGS))
    assert "9 November 2016 time not said Cluster meeting not said 1 of 2 schools marked" in said
    assert "10 May 2017 time not said Cluster meeting not said 4 schools expected" in said


def test_another_year_is_empty_and_says_what_to_do(house: House) -> None:
    page = house.coordinator().get(f"{MILL}/meetings?year=2017-18")
    assert heading(page) == "No cluster meetings held or planned; at least four were agreed"
    assert "No meetings in 2017-18 yet." in words(page)
    assert heading(house.coordinator().get(f"{MILL}/meetings?year=nonsense")).startswith("One cluster meeting")


def test_without_a_rule_nothing_was_agreed_and_after_school_is_marked(house: House) -> None:
    with house.store.writing() as session:
        session.execute(sa.delete(put.ProgrammeRule))
        first, second = session.get_one(Meeting, house.held), session.get_one(Meeting, house.planned)
        first.in_school_time, second.in_school_time = False, True
        first.starts_at, first.ends_at = time(16), time(17, 30)
    page = house.coordinator().get(MEETINGS)
    assert heading(page) == "One cluster meeting held, one planned"
    assert "One of two meetings in school time." in words(page)
    assert "16:00 to 17:30 Cluster meeting ▲ after school" in words(page)


# ------------------------------------------------------------------------------------------ add, move, cancel
FORM: dict[str, Any] = {"held_on": "2017-06-14", "kind": "cluster", "in_school_time": "yes"}


def test_a_meeting_is_added_with_all_that_was_said(house: House) -> None:
    coming = house.coordinator()
    said = {**FORM, "title": " Reading  week ", "starts_at": "13:30", "ends_at": "15:00:00", "note": "Agreed in May"}
    answer = coming.post(f"{MILL}/meetings", said, page=MEETINGS)
    assert (answer.status_code, answer.location) == (303, MEETINGS)
    assert "The meeting of 14 June 2017 is planned." in words(coming.get(MEETINGS))
    with house.store.reading() as session:
        made = session.scalars(sa.select(Meeting).order_by(Meeting.id.desc())).first()
        assert made is not None
        assert (made.cluster_id, made.held_on, made.year) == (house.mill, date(2017, 6, 14), 2016)
        assert (made.title, made.starts_at, made.ends_at) == ("Reading week", time(13, 30), time(15))
        assert made.note == "Agreed in May"
        assert (made.in_school_time, made.batch_id, made.illustrative) == (True, None, False)
        event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event is not None
        assert (event.action, event.object_key, event.cluster_id) == ("add", str(made.id), house.mill)
        assert "Reading" not in str(event.after), "people write there what they like"


NO_MEETINGS: tuple[tuple[dict[str, str], str], ...] = (
    ({"held_on": ""}, "Enter a date such as 2027-07-31."),
    ({"held_on": "14/06/2017"}, "“14/06/2017” is not a date; write it like 2027-07-31."),
    ({"held_on": "0017-06-14"}, "14 June 17 is not a likely date"),
    ({"held_on": "2016-11-09"}, "On 9 November 2016 there is one of this kind already (cluster meeting)"),
    ({"kind": "party"}, "Not a valid choice"),
    ({"in_school_time": "maybe"}, "Not a valid choice"),
    ({"starts_at": "half past"}, "Enter a time such as 13:30"),
    ({"ends_at": "15:00"}, "Say when it starts"),
    ({"starts_at": "15:00", "ends_at": "15:00"}, "It would end at 15:00, not after it starts at 15:00"),
    ({"title": "x" * 201}, "Use at most 200 letters"),
    ({"note": "x" * 501}, "Use at most 500 letters"),
    ({"title": "a\x00b"}, "not a letter"),
)


def test_what_cannot_be_a_meeting_is_refused_in_words(house: House) -> None:
    before, coming = stored(house), house.coordinator()
    for change, problem in NO_MEETINGS:
        answer = coming.post(f"{MILL}/meetings", {**FORM, **change}, page=MEETINGS)
        assert answer.status_code == 422, change
        assert problem in problems(answer)
    assert (stored(house), told(house)) == (before, [])


def test_one_of_each_kind_a_day(house: House) -> None:
    answer = house.coordinator().post(f"{MILL}/meetings", {**FORM, "held_on": "2016-11-09", "kind": "network"})
    assert answer.status_code == 303
    assert (date(2016, 11, 9), MeetingKind.NETWORK) in stored(house)


def test_a_planned_meeting_is_moved_into_another_year_and_cancelled(house: House) -> None:
    coming, path = house.coordinator(), f"{MILL}/meetings/{house.planned}"
    shown = coming.get(path)
    assert heading(shown) == "Change the meeting of 10 May 2017"
    assert 'value="2017-05-10"' in shown.text
    answer = coming.post(path, {**FORM, "held_on": "2017-09-14", "kind": "training"}, page=path)
    assert answer.location == f"{MILL}/meetings?year=2017-18"
    with house.store.reading() as session:
        moved = session.get_one(Meeting, house.planned)
        assert (moved.held_on, moved.year, moved.kind) == (date(2017, 9, 14), 2017, MeetingKind.TRAINING)
    assert coming.post(path, {**FORM, "held_on": "2017-09-14", "kind": "training"}, page=path).status_code == 303
    assert "Nothing was changed." in words(coming.get(MEETINGS))
    assert coming.post(f"{path}/cancel", {}, page=path).status_code == 303
    assert len(stored(house)) == 2
    assert told(house) == [("change", "meeting"), ("cancel", "meeting")]
    assert coming.get(path).status_code == 404


def test_a_note_tells_of_an_agreement_and_is_shown_in_the_list_alone(house: House) -> None:
    coming, path = house.coordinator(), f"{MILL}/meetings/{house.planned}"
    form = {**FORM, "held_on": "2017-05-10", "kind": "sub_group", "note": "All schools agreed on 9 November 2016"}
    assert coming.post(path, form, page=path).status_code == 303
    assert "Sub-group All schools agreed on 9 November 2016 in school time" in words(coming.get(MEETINGS))
    assert 'value="All schools agreed on 9 November 2016"' in coming.get(path).text
    coming.post(path, {**form, "note": ""}, page=path)
    assert "All schools agreed" not in words(coming.get(MEETINGS))
    assert told(house) == [("change", "meeting")] * 2
    with house.store.reading() as session:
        assert "agreed" not in str(list(session.scalars(sa.select(AuditEvent.after))))


def test_a_meeting_is_not_moved_onto_another(house: House) -> None:
    path = f"{MILL}/meetings/{house.planned}"
    answer = house.coordinator().post(path, {**FORM, "held_on": "2016-11-09"}, page=path)
    assert answer.status_code == 422
    assert "On 9 November 2016 there is one of this kind already" in problems(answer)


def test_a_meeting_with_marks_keeps_its_day_and_is_not_cancelled(house: House) -> None:
    coming, path = house.coordinator(), f"{MILL}/meetings/{house.held}"
    assert "Cancel the meeting" not in coming.get(path).text
    answer = coming.post(path, {**FORM, "held_on": "2016-11-10"}, page=path)
    assert "Schools are marked at the meeting of 9 November 2016, so its day and kind stay." in problems(answer)
    assert coming.post(path, {**FORM, "held_on": "2016-11-09", "kind": "event"}, page=path).status_code == 422
    assert coming.post(path, {**FORM, "held_on": "2016-11-09", "in_school_time": "no"}, page=path).status_code == 303
    assert coming.post(f"{path}/cancel", {}, page=MEETINGS).location == path
    assert "has marks in its register, so it is not cancelled" in words(coming.get(path))
    assert (date(2016, 11, 9), MeetingKind.CLUSTER) in stored(house)
    assert told(house) == [("change", "meeting")]


@pytest.mark.parametrize("what", ["mark of a person", "money"])
def test_a_meeting_on_which_something_else_rests_is_not_cancelled(house: House, what: str) -> None:
    with house.store.writing() as session:
        if what == "money":
            put.line(session, session.get_one(put.Cluster, house.mill), 100).meeting_id = house.planned
        else:
            person = put.put(session, put_person())
            mark = PersonMark(meeting_id=house.planned, school_id=house.ford, person_id=person.id, mark=Mark.PRESENT)
            put.put(session, mark)
    coming, path = house.coordinator(), f"{MILL}/meetings/{house.planned}"
    assert "Cancel the meeting" not in coming.get(path).text
    coming.post(f"{path}/cancel", {}, page=MEETINGS)
    assert (date(2017, 5, 10), MeetingKind.CLUSTER) in stored(house)
    said = words(coming.get(MEETINGS))
    assert ("Money was spent on the meeting" if what == "money" else "has marks in its register") in said


def test_a_meeting_whose_marks_were_taken_out_is_moved_and_cancelled(house: House) -> None:
    coming, path = house.coordinator(), f"{MILL}/meetings/{house.held}"
    with house.store.writing() as session:
        person = put.put(session, put_person())
        ticked = PersonMark(meeting_id=house.held, school_id=house.ford, person_id=person.id, mark=Mark.PRESENT)
        put.put(session, ticked)
        for table in (PersonMark, SchoolMark):
            session.execute(sa.update(table).where(table.meeting_id == house.held).values(mark=Mark.NOT_RECORDED))
        noted = sa.update(SchoolMark).where(SchoolMark.meeting_id == house.held, SchoolMark.school_id == house.ford)
        session.execute(noted.values(note="Rang in the morning"))
    coming.post(f"{path}/cancel", {}, page=MEETINGS)
    assert (date(2016, 11, 9), MeetingKind.CLUSTER) in stored(house)  # what somebody wrote is not lost
    with house.store.writing() as session:
        session.execute(noted.values(note=None))
    assert coming.post(path, {**FORM, "held_on": "2016-11-10"}, page=path).status_code == 303
    coming.post(f"{path}/cancel", {}, page=path)
    assert [held for held, kind in stored(house) if kind is MeetingKind.CLUSTER] == [date(2017, 5, 10)]
    with house.store.reading() as session:
        assert session.scalars(sa.select(SchoolMark.meeting_id).distinct()).all() == [house.of_the_decoy]


def test_a_meeting_that_is_being_marked_is_not_moved_meanwhile(house: House) -> None:
    coming, path = house.coordinator(), f"{MILL}/meetings/{house.planned}"
    with ThreadPoolExecutor(1) as pool:
        with house.store.writing() as taking:
            taking.execute(sa.select(Meeting.id).where(Meeting.id == house.planned).with_for_update())
            put.put(taking, SchoolMark(meeting_id=house.planned, school_id=house.ford, mark=Mark.PRESENT))
            moving = pool.submit(coming.post, path, {**FORM, "held_on": "2017-05-11"}, page=path)
            until_somebody_waits(house.store)
        assert "its day and kind stay" in problems(moving.result(30))
    assert (date(2017, 5, 10), MeetingKind.CLUSTER) in stored(house)


def until_somebody_waits(store: Store) -> None:
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
    )
    give_up = monotonic() + 30
    found = 0
    while not found:
        assert monotonic() < give_up
        with store.reading() as session:
            found = session.scalar(waiting) or 0


def put_person() -> Any:
    from dashboard.models import Person

    return Person(name="Somebody Invented")


def test_what_is_anothers_answers_as_what_is_not_there(house: House) -> None:
    coming = house.coordinator()
    for path in (
        "/cluster/decoy-cluster/meetings", "/cluster/no-such-cluster/meetings", "/cluster/a%00b/meetings",
        "/cluster/decoy-cluster/meetings/series", "/cluster/decoy-cluster/calendar",
        f"{MILL}/meetings/{house.of_the_decoy}", f"{MILL}/meetings/999",
        f"/cluster/decoy-cluster/meetings/{house.of_the_decoy}", f"{MILL}/calendar/999",
    ):  # fmt: skip
        assert coming.get(path).status_code == 404, path
    for path in (
        "/cluster/decoy-cluster/meetings", f"{MILL}/meetings/{house.of_the_decoy}",
        f"{MILL}/meetings/{house.of_the_decoy}/cancel", f"/cluster/decoy-cluster/meetings/{house.planned}",
    ):  # fmt: skip
        assert coming.post(path, FORM, page=MEETINGS).status_code == 404, path
    assert stored(house, house.decoy) == [(date(2017, 3, 9), MeetingKind.CLUSTER)]
    assert told(house) == []


# ------------------------------------------------------------------------------------------------------ series
def rows_of(page: TestResponse) -> dict[str, str]:
    """The fields of the dates as a browser would send them."""
    main = page.text.split('id="dates"', 1)[1].split("</form>", 1)[0]
    sent = {}
    for field in re.findall(r"<input[^>]+>", main):
        given = dict(re.findall(r'(\w+)="([^"]*)"', field))
        if given["type"] != "checkbox" or " checked" in field:
            sent[given["name"]] = given.get("value", "")
    sent.pop("csrf_token")
    return sent


def ticked(sent: dict[str, str]) -> list[str]:
    return [sent[f"day-{name[5:]}"] for name in sent if name.startswith("make-")]


def test_a_series_shows_its_dates_with_what_they_clash_with_and_stores_nothing(house: House) -> None:
    before = stored(house)
    with house.store.writing() as session:
        day_off = CalendarPeriod(year=2016, cluster_id=house.mill, kind=PeriodKind.INSET, name="writing day")
        day_off.starts = day_off.ends = date(2017, 6, 22)
        put.put(session, day_off)
    page = house.coordinator().get(SERIES)
    assert heading(page) == "Six dates proposed, one ticked"
    said = words(page)
    for row in (
        "First half of autumn, third week of 8 ▲ Already past",
        "Second half of spring, third week of 8 ▲ One school has a meeting of another cluster",
        "First half of summer, third week of 4 ● Free",
        "Second half of summer, third week of 7 ▲ INSET day: writing day",
        "the usual course of a school year is assumed",
    ):
        assert row in said
    assert "decoy" not in page.text.lower(), "which other cluster is nobody's business here"
    assert ticked(rows_of(page)) == ["2017-05-18"]
    assert stored(house) == before


def test_a_series_is_stored_as_it_was_ticked_and_changed(house: House) -> None:
    coming = house.coordinator()
    sent = rows_of(coming.get(SERIES))
    sent["make-3"] = "yes"  # 9 March, although another cluster meets
    sent["day-4"] = "2017-05-17"  # instead of the 18th
    answer = coming.post(SERIES, sent, page=SERIES)
    assert (answer.status_code, answer.location) == (303, MEETINGS)
    new = [each for each in stored(house) if each[1] is MeetingKind.NETWORK]
    assert [day for day, _ in new] == [date(2017, 3, 9), date(2017, 5, 17), date(2017, 6, 22)]
    with house.store.reading() as session:
        made = session.scalars(sa.select(Meeting).where(Meeting.kind == MeetingKind.NETWORK)).all()
        assert {(each.title, each.starts_at, each.year) for each in made} == {("Phonics", time(13, 30), 2016)}
    assert told(house) == [("add", "meeting")] * 3
    assert "Three meetings are planned." in words(coming.get(MEETINGS))


def test_a_date_that_was_changed_onto_a_clash_is_shown_once_more(house: House) -> None:
    coming = house.coordinator()
    sent = rows_of(coming.get(SERIES)) | {"day-4": "2017-05-29"}
    before = stored(house)
    answer = coming.post(SERIES, sent, page=SERIES)
    assert answer.status_code == 422
    assert "Nothing is stored yet: 29 May 2017 clashes." in problems(answer)
    assert "Public holiday: Spring Bank Holiday; outside every half term" in words(answer)
    assert stored(house) == before
    again = rows_of(answer)
    assert "2017-05-29" not in ticked(again)
    again["make-4"] = "yes"
    assert coming.post(SERIES, again, page=SERIES).status_code == 303
    assert (date(2017, 5, 29), MeetingKind.NETWORK) in stored(house)


WRONG_DATES: tuple[tuple[str, str], ...] = (
    ("2017-06-22", "22 June 2017 is there twice."),
    ("soon", "“soon” is not a date"),
    ("", "“nothing” is not a date"),
    ("1017-06-22", "22 June 1017 is not a likely date"),
    ("2017-03-15", "On 15 March 2017 there is one of this kind already (network)"),
)


def test_of_a_series_nothing_is_stored_by_halves(house: House) -> None:
    coming = house.coordinator()
    sent = rows_of(coming.get(SERIES))
    with house.store.writing() as session:
        put.meeting(session, session.get_one(put.Cluster, house.mill), date(2017, 3, 15), MeetingKind.NETWORK)
    before = stored(house)
    sent["make-5"] = "yes"
    for written, problem in WRONG_DATES:  # whatever a browser says that somebody has seen
        answer = coming.post(SERIES, sent | {"day-4": written, "seen-4": written}, page=SERIES)
        assert answer.status_code == 422, written
        assert problem in problems(answer)
    assert (stored(house), told(house)) == (before, [])


def test_a_series_without_a_tick_and_one_that_is_no_series_are_refused(house: House) -> None:
    coming = house.coordinator()
    sent = {name: value for name, value in rows_of(coming.get(SERIES)).items() if not name.startswith("make-")}
    assert problems(coming.post(SERIES, sent, page=SERIES)).endswith("Tick at least one date.")
    for wrong in ("week=7", "every=0", "weekday=9", "rhythm=never", "kind=party", "first=soon", "week=many"):
        name = wrong.partition("=")[0]
        asked = re.sub(rf"&{name}=[^&]*", "", SERIES) + f"&{wrong}"
        answer = coming.get(asked)
        assert answer.status_code == 422, wrong
        assert f'href="#{name}"' in answer.text
        assert coming.post(asked, sent, page=SERIES).status_code == 422
    assert told(house) == []


def test_every_week_of_a_year_is_at_most_sixty_dates_and_past_the_year_there_is_none(house: House) -> None:
    coming, asked = house.coordinator(), f"{MILL}/meetings/series?year=2017-18&rhythm=every_weeks&kind=event&weekday=2"
    page = coming.get(f"{asked}&every=1")
    assert heading(page).startswith("52 dates proposed")
    for past in ("2018-09-01", "9999-12-31"):
        assert "No date falls into 2017-18." in words(coming.get(f"{asked}&every=4&first={past}"))


# ---------------------------------------------------------------------------------------------------- calendar
CALENDAR = f"{MILL}/calendar?year=2016-17"


def periods(house: House) -> list[tuple[str, date, date]]:
    with house.store.reading() as session:
        own = sa.select(CalendarPeriod).where(CalendarPeriod.cluster_id == house.mill).order_by(CalendarPeriod.starts)
        return [(each.name, each.starts, each.ends) for each in session.scalars(own)]


def test_the_usual_course_is_said_to_be_assumed_until_it_is_copied_and_edited(house: House) -> None:
    coming = house.coordinator()
    page = coming.get(CALENDAR)
    assert heading(page) == "Nobody has entered the half terms: the usual ones are assumed"
    said = words(page)
    assert "First half of autumn 1 September 2016 to 21 October 2016, assumed" in said
    assert "Week of 7 November 2016 9 November 2016: Cluster meeting" in said
    assert "Week of 1 May 2017 1 May 2017: May Day (public holiday)" in said
    assert "Good Friday" not in said, "the half term ends before"
    usual = f"{MILL}/calendar/usual?year=2016-17"
    assert coming.post(usual, {}, page=CALENDAR).location == CALENDAR
    assert len(periods(house)) == 6
    assert coming.post(usual, {}, page=CALENDAR).status_code == 303
    assert len(periods(house)) == 6, "once is enough"
    page = coming.get(CALENDAR)
    assert heading(page) == "Six half terms entered"
    assert "assumed" not in words(page)
    first = re.findall(rf'href="({MILL}/calendar/\d+)"', page.text)[0]
    shown = coming.get(first)
    assert heading(shown) == "Change “first half of autumn”"
    form = {"period_kind": "half_term", "name": "autumn one", "starts": "2016-09-05", "ends": "2016-10-20"}
    assert coming.post(first, form, page=first).location == CALENDAR
    assert periods(house)[0] == ("autumn one", date(2016, 9, 5), date(2016, 10, 20))
    assert coming.post(first, form, page=first).status_code == 303
    assert coming.post(f"{first}/remove", {}, page=CALENDAR).location == CALENDAR
    assert len(periods(house)) == 5
    assert told(house) == [("add", "calendar period")] * 6 + [
        ("change", "calendar period"), ("remove", "calendar period"),
    ]  # fmt: skip


def test_what_is_entered_stands_in_its_week_beside_what_holds_for_all(house: House) -> None:
    with house.store.writing() as session:
        for name, cluster_id, authority in (
            ("everybodys", None, None), ("countys", None, "Fordshire"), ("elsewheres", None, "Decoyshire"),
            ("decoys", house.decoy, None),
        ):  # fmt: skip
            row = CalendarPeriod(year=2016, kind=PeriodKind.HOLIDAY, name=name, cluster_id=cluster_id)
            row.starts, row.ends, row.local_authority = date(2016, 10, 24), date(2016, 10, 28), authority
            put.put(session, row)
        session.get_one(School, house.ford).local_authority = "Fordshire"
    coming = house.coordinator()
    form = {"period_kind": "inset", "name": "Training day", "starts": "2016-09-26", "ends": ""}
    assert coming.post(CALENDAR, form, page=CALENDAR).status_code == 303
    said = words(coming.get(CALENDAR))
    assert "Week of 26 September 2016 26 September 2016: Training day (inset day)" in said
    assert "Everybodys (holiday): 24 October 2016 to 28 October 2016" in said
    assert "Countys (holiday)" in said
    assert "lsewheres" not in said
    assert "decoys" not in said.lower()


NO_PERIODS: tuple[tuple[dict[str, str], str], ...] = (
    ({"name": " "}, "Enter a name"),
    ({"name": "x" * 101}, "Use at most 100 letters"),
    ({"name": "a\x00b"}, "not a letter"),
    ({"starts": "5.9.2016"}, "“5.9.2016” is not a date"),
    ({"period_kind": "feast"}, "Not a valid choice"),
    ({"ends": "2016-09-04"}, "It would end on 4 September 2016, before it starts on 5 September 2016."),
    ({"starts": "2016-08-31"}, "31 August 2016 is not in 2016-17"),
    ({"ends": "2017-09-01"}, "1 September 2017 is not in 2016-17"),
    ({"starts": "2016-10-21"}, "It would overlap another half term: autumn, 1 October 2016 to 21 October 2016."),
)


def test_what_cannot_be_a_period_is_refused_in_words(house: House) -> None:
    with house.store.writing() as session:
        row = CalendarPeriod(year=2016, cluster_id=house.mill, kind=PeriodKind.HALF_TERM, name="autumn")
        row.starts, row.ends = date(2016, 10, 1), date(2016, 10, 21)
        put.put(session, row)
    coming = house.coordinator()
    for change, problem in NO_PERIODS:
        form = {"period_kind": "half_term", "name": "one", "starts": "2016-09-05", "ends": "2016-09-30"}
        form |= {"ends": "2016-10-30"} if "overlap" in problem else {}
        answer = coming.post(CALENDAR, form | change, page=CALENDAR)
        assert answer.status_code == 422, change
        assert problem in problems(answer)
    assert len(periods(house)) == 1


def test_a_period_of_another_cluster_or_of_everybody_is_not_changed(house: House) -> None:
    with house.store.writing() as session:
        rows = [
            CalendarPeriod(year=2016, cluster_id=of, kind=PeriodKind.INSET, name="day", starts=on, ends=on)
            for of in (house.decoy, None)
            for on in (date(2016, 9, 5),)
        ]
        numbers = [put.put(session, row).id for row in rows]
    coming = house.coordinator()
    form = {"period_kind": "inset", "name": "mine", "starts": "2016-09-06", "ends": ""}
    for number in numbers:
        path = f"{MILL}/calendar/{number}"
        assert coming.get(path).status_code == 404
        assert coming.post(path, form, page=CALENDAR).status_code == 404
        assert coming.post(f"{path}/remove", {}, page=CALENDAR).status_code == 404
    with house.store.reading() as session:
        assert set(session.scalars(sa.select(CalendarPeriod.name))) == {"day"}
