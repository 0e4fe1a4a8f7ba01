"""The pages of registers, behind the door and the wall."""

import json
import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from dashboard.access import Grant, Reader
from dashboard.db import Store
from dashboard.models import Cluster, Meeting, School
from dashboard.registers.pages import pages
from dashboard.vocabulary import EventKind, Mark, MeetingKind, Role
from tests import builders as put
from tests.accounts.places import refusals, statements
from tests.plain_pages import BEHIND_THE_WALL, Browser
from tests.registers.hall import Hall, coordinator, event, furnish, marks, person, ticks

pytestmark = BEHIND_THE_WALL
TODAY = date.today()


class Phone(Browser):
    """A browser at the pages of registers, which also sends what their script does."""

    pages = (pages,)

    def __init__(self, store: Store, reader: Reader | None) -> None:
        super().__init__(store, reader)
        self.app.register_error_handler(404, lambda _error: ("nothing at this address", 404))

    def say(self, path: str, said: Any, *, page: str) -> TestResponse:
        return self.client.post(path, json=said, headers={"X-CSRFToken": self.token(page)})


@pytest.fixture
def hall(store: Store) -> Hall:
    with store.writing() as session:
        return furnish(session, TODAY)


@pytest.fixture
def phone(walled: Store, hall: Hall) -> Phone:
    return Phone(walled, coordinator(hall.mill))


def at(hall: Hall) -> str:
    return f"/register/{hall.meeting}"


def tapped(hall: Hall, school_id: int, wanted: str | None, was: str | None = None, **more: Any) -> dict[str, Any]:
    return {"school_id": school_id, "mark": wanted, "was": was, "page": "0123456789ab", **more}


def standing(store: Store, hall: Hall) -> dict[int, Mark]:
    with store.reading() as session:
        return marks(session, hall.meeting)


# The list.


def test_the_list_tells_what_is_still_to_be_taken(store: Store, hall: Hall, phone: Phone) -> None:
    with store.writing() as session:
        cluster, decoy = (session.get_one(Cluster, number) for number in (hall.mill, hall.decoy))
        ford, weir, lock = (session.get_one(School, number) for number in (hall.ford, hall.weir, hall.lock))
        put.mark(session, session.get_one(Meeting, hall.meeting), ford, Mark.PRESENT)
        put.mark(session, session.get_one(Meeting, hall.meeting), weir, Mark.NOT_RECORDED)
        whole = put.meeting(session, cluster, TODAY - timedelta(days=60), MeetingKind.TRAINING)
        for school in (ford, weir, lock):
            put.mark(session, whole, school, Mark.ABSENT)
        event(session, cluster.id, lock.id, whole.held_on, whole.held_on)
        put.meeting(session, cluster, TODAY - timedelta(days=61), MeetingKind.REVIEW)
        put.meeting(session, cluster, TODAY + timedelta(days=1), MeetingKind.EVENT)
        put.meeting(session, decoy, TODAY - timedelta(days=1), MeetingKind.NETWORK)
    shown = phone.get("/registers").text
    assert "Today: one register to take" in shown
    assert "1 of 3 marked" in shown
    assert "all 2 marked" in shown, "Lock School was away, its mark does not count"
    assert "Training" in shown
    for other in ("Review", "Event", "Network", "Decoy"):
        assert other not in shown


def test_the_list_takes_one_statement_and_ends(store: Store, walled: Store, hall: Hall) -> None:
    with store.writing() as session:
        for number in range(60):
            for name in ("One", "Two"):
                of = put.cluster(session, f"{name} Cluster {number}")
                put.school(session, f"{name} School {number}", within=of)
                put.meeting(session, of, TODAY - timedelta(days=1 + number // 2))
    phone = Phone(walled, Reader("Director", (Grant(Role.DIRECTOR),), known_as="director"))
    with statements(walled) as sent:
        shown = phone.get("/registers").text
    assert len(sent) == 1
    assert shown.count("<li>") == 100
    assert "the newest 100" in shown
    assert "Mill Cluster" in shown, "the newest"


def test_an_empty_list_says_what_will_come(store: Store, walled: Store) -> None:
    with store.writing() as session:
        number = put.cluster(session, "Bare Cluster").id
    shown = Phone(walled, coordinator(number)).get("/registers").text
    assert "No register to take" in shown
    assert "There was no meeting in the last 60 days." in shown


# The register.


def test_it_opens_with_those_who_are_expected(store: Store, hall: Hall, phone: Phone) -> None:
    with store.writing() as session:
        gone = put.school(session, "Gone School")
        put.membership(session, session.get_one(Cluster, hall.mill), gone, left=TODAY - timedelta(days=1))
        event(session, hall.mill, hall.weir, TODAY, date(2099, 8, 31))
        event(session, hall.mill, hall.lock, TODAY, kind=EventKind.CLOSED)
        event(session, hall.mill, hall.lock, TODAY)
        leaving = person(session, "Ann Example", (hall.mill, hall.ford), ends=date(2099, 3, 31))
        person(session, "Bea Sample", (hall.mill, hall.ford), starts=TODAY)
        away = person(session, "Cat Away", (hall.mill, hall.ford))
        event(session, hall.mill, None, TODAY, person_id=away)
        person(session, "Dan Decoy", (hall.decoy, hall.ford))
    shown = phone.get(at(hall)).text
    assert "Ford School" in shown
    assert "Weir School: on sabbatical until 31 August 2099" in shown
    assert "Lock School: closed" in shown
    assert re.findall(r'data-school="s(\d+)"', shown) == [str(hall.ford)]
    assert "Gone School" not in shown
    assert re.findall(r'data-person="[^"]+" data-name="([^"]+)"', shown) == ["Ann Example", "Bea Sample"]
    assert "until 31 March 2099" in shown
    assert f'name="p{hall.ford}-{leaving}"' in shown
    assert "Dan Decoy" not in shown
    assert "0</strong> of 1 school" in shown


def test_a_register_takes_a_fixed_number_of_statements(store: Store, walled: Store, hall: Hall, phone: Phone) -> None:
    with statements(walled) as few:
        phone.get(at(hall))
    with store.writing() as session:
        for number in range(12):
            school = put.school(session, f"School {number}", within=session.get_one(Cluster, hall.mill))
            person(session, f"Person {number}", (hall.mill, school.id))
    with statements(walled) as many:
        phone.get(at(hall))
    assert len(few) == len(many) == 5


def test_a_cluster_without_schools_says_so(store: Store, walled: Store) -> None:
    with store.writing() as session:
        bare = put.cluster(session, "Bare Cluster")
        number, held = bare.id, put.meeting(session, bare, TODAY).id
    assert "No school is expected at this meeting." in Phone(walled, coordinator(number)).get(f"/register/{held}").text


def test_before_its_day_it_says_when_it_opens(store: Store, hall: Hall, phone: Phone) -> None:
    with store.writing() as session:
        later = put.meeting(session, session.get_one(Cluster, hall.mill), date(2099, 3, 8)).id
    shown = phone.get(f"/register/{later}").text
    assert "This register opens on 8 March 2099, the day of the meeting." in shown
    assert "<fieldset" not in shown
    answer = phone.say(f"/register/{later}/mark", tapped(hall, hall.ford, "present"), page=at(hall))
    assert (answer.status_code, answer.json) == (
        422, {"problem": "This register opens on 8 March 2099, the day of the meeting."},
    )  # fmt: skip
    assert phone.post(f"/register/{later}", at(hall), **{f"s{hall.ford}": "present"}).status_code == 303


def test_another_clusters_register_answers_as_one_that_does_not_exist(store: Store, hall: Hall, phone: Phone) -> None:
    said = tapped(hall, hall.decoy_school, "present")
    asked = []
    for number in (hall.decoy_meeting, 999):
        path = f"/register/{number}"
        answers = [
            phone.get(path), phone.get(f"{path}/state"), phone.post(path, at(hall)),
            phone.say(f"{path}/mark", said, page=at(hall)),
            phone.say(f"{path}/here", {"page": "0123456789ab"}, page=at(hall)),
            phone.post(f"{path}/note", at(hall), school_id=str(hall.ford), note="x"),
            phone.post(f"{path}/colleague", at(hall), school_id=str(hall.ford), name="Jo"),
            phone.post(f"{path}/about", at(hall)),
        ]  # fmt: skip
        assert {(answer.status_code, answer.text) for answer in answers} == {(404, "nothing at this address")}
        asked += [("edit", "register", f"meeting {number}")] * len(answers)
    assert phone.say(f"{at(hall)}/mark", said, page=at(hall)).status_code == 404
    assert refusals(store) == [*asked, ("edit", "register", f"meeting {hall.meeting}")]
    assert standing(store, hall) == {}


@pytest.mark.parametrize("role", [Role.HEADTEACHER, Role.STEERING, Role.ADMINISTRATOR])
def test_registers_are_not_for_others(walled: Store, hall: Hall, role: Role) -> None:
    reader = Reader("Reader", (Grant(role, cluster_id=hall.mill, school_id=hall.ford),))
    for path in ("/registers", at(hall), f"{at(hall)}/state"):
        assert Phone(walled, reader).get(path).status_code == 403


# What the script sends.


def test_a_tap_is_answered_with_what_stands(store: Store, hall: Hall, phone: Phone) -> None:
    answer = phone.say(f"{at(hall)}/mark", tapped(hall, hall.ford, "present"), page=at(hall))
    assert (answer.status_code, answer.json) == (
        200, {"stands": {f"s{hall.ford}": "present"}, "others": 0, "own": 0},
    )  # fmt: skip
    assert phone.get(f"{at(hall)}/state").json == answer.json
    again = phone.say(f"{at(hall)}/mark", tapped(hall, hall.ford, "present"), page=at(hall))
    assert (again.status_code, again.json) == (200, answer.json)
    other = phone.say(f"{at(hall)}/mark", tapped(hall, hall.ford, "absent"), page=at(hall))
    assert (other.status_code, other.json) == (409, answer.json)
    assert standing(store, hall) == {hall.ford: Mark.PRESENT}
    undone = phone.say(f"{at(hall)}/mark", tapped(hall, hall.ford, None, "present"), page=at(hall))
    assert (undone.status_code, undone.json) == (200, {"stands": {}, "others": 0, "own": 0})


def test_a_tick_of_a_person_brings_the_schools_mark(store: Store, hall: Hall, phone: Phone) -> None:
    with store.writing() as session:
        ann = person(session, "Ann Example", (hall.mill, hall.ford))
    said = tapped(hall, hall.ford, "present", person_id=ann, school_was=None)
    answer = phone.say(f"{at(hall)}/mark", said, page=at(hall))
    assert answer.json == {
        "stands": {f"s{hall.ford}": "present", f"p{hall.ford}-{ann}": "present"}, "others": 0, "own": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        None, [], "text", {}, {"school_id": "1"}, {"school_id": True}, {"mark": "late"}, {"was": "late"},
        {"mark": "not_recorded"}, {"page": "no word!"}, {"page": None}, {"person_id": "x"}, {"school_id": 2**40},
        {"person_id": 1, "mark": "apologies"}, {"mark": 5}, {"mark": ["present"]},
    ],
)  # fmt: skip
def test_what_no_page_sends_is_refused(store: Store, hall: Hall, phone: Phone, said: Any) -> None:
    if isinstance(said, dict) and said:
        said = tapped(hall, hall.ford, "present") | said
    answer = phone.say(f"{at(hall)}/mark", said, page=at(hall))
    assert (answer.status_code, answer.json) == (422, {"problem": "This is no tap of a register."})
    assert standing(store, hall) == {}


def test_without_the_token_nothing_is_written(store: Store, hall: Hall, phone: Phone) -> None:
    phone.get(at(hall))
    answer = phone.client.post(f"{at(hall)}/mark", json=tapped(hall, hall.ford, "present"))
    assert answer.status_code == 400
    assert standing(store, hall) == {}


def test_who_else_has_it_open_is_told(walled: Store, hall: Hall, phone: Phone) -> None:
    other = Phone(walled, coordinator(hall.mill))
    for who, word in ((phone, "aaaaaaaa"), (other, "bbbbbbbb")):
        assert who.say(f"{at(hall)}/here", {"page": word}, page=at(hall)).status_code == 204
    seen = phone.get(f"{at(hall)}/state?page=aaaaaaaa").json
    assert seen is not None
    assert (seen["others"], seen["own"]) == (1, 0)
    other.say(f"{at(hall)}/here", {"page": "bbbbbbbb", "leaves": True}, page=at(hall))
    seen = phone.get(f"{at(hall)}/state?page=aaaaaaaa").json
    assert seen is not None
    assert (seen["others"], seen["own"]) == (0, 0)


# Without a script.


def test_without_a_script_all_marks_are_sent_at_once(store: Store, hall: Hall, phone: Phone) -> None:
    with store.writing() as session:
        ann, bea = (person(session, name, (hall.mill, hall.ford)) for name in ("Ann Example", "Bea Sample"))
        put.mark(session, session.get_one(Meeting, hall.meeting), session.get_one(School, hall.lock), Mark.ABSENT)
    form = {
        f"was-s{hall.ford}": "", f"was-s{hall.weir}": "", f"s{hall.weir}": "apologies",
        f"was-s{hall.lock}": "absent", f"s{hall.lock}": "absent", f"clear-s{hall.lock}": "on",
        f"was-p{hall.ford}-{ann}": "", f"p{hall.ford}-{ann}": "present",
        f"was-p{hall.ford}-{bea}": "", f"p{hall.ford}-{bea}": "present",
    }  # fmt: skip
    assert phone.post(at(hall), at(hall), **form).status_code == 303
    assert "The register is saved." in phone.get(at(hall)).text
    with store.reading() as session:
        assert marks(session, hall.meeting) == {
            hall.ford: Mark.PRESENT, hall.weir: Mark.APOLOGIES, hall.lock: Mark.NOT_RECORDED,
        }  # fmt: skip
        assert ticks(session, hall.meeting) == {ann: Mark.PRESENT, bea: Mark.PRESENT}


def test_without_a_script_what_stands_otherwise_is_told_and_the_rest_is_saved(
    store: Store, hall: Hall, phone: Phone
) -> None:
    with store.writing() as session:
        put.mark(session, session.get_one(Meeting, hall.meeting), session.get_one(School, hall.ford), Mark.ABSENT)
        event(session, hall.mill, hall.lock, TODAY)
    form = {f"was-s{number}": "" for number in (hall.ford, hall.weir, hall.lock)}
    form |= {f"s{number}": "present" for number in (hall.ford, hall.weir, hall.lock)}
    answer = phone.post(at(hall), at(hall), **form)
    assert answer.status_code == 409
    assert "Ford School was set to absent by somebody else; you had chosen present." in answer.text
    assert "A school of this register is not expected any more." in answer.text
    assert standing(store, hall) == {hall.ford: Mark.ABSENT, hall.weir: Mark.PRESENT}


def test_without_a_script_a_tick_whose_school_stands_otherwise_is_not_stored_either(
    store: Store, hall: Hall, phone: Phone
) -> None:
    with store.writing() as session:
        ann = person(session, "Ann Example", (hall.mill, hall.ford))
        put.mark(session, session.get_one(Meeting, hall.meeting), session.get_one(School, hall.ford), Mark.ABSENT)
    form = {
        f"was-s{hall.ford}": "", f"was-p{hall.ford}-{ann}": "", f"p{hall.ford}-{ann}": "present",
        f"was-s{hall.weir}": "", f"s{hall.weir}": "present",
    }  # fmt: skip
    assert phone.post(at(hall), at(hall), **form).status_code == 409
    assert standing(store, hall) == {hall.ford: Mark.ABSENT, hall.weir: Mark.PRESENT}
    with store.reading() as session:
        assert ticks(session, hall.meeting) == {}


@pytest.mark.parametrize("name", ["was-s", "was-sx", "was-p1-", "was-q", "was-"])
def test_a_form_that_no_page_has_is_refused(hall: Hall, phone: Phone, name: str) -> None:
    assert phone.post(at(hall), at(hall), **{name: "", name[4:]: "present"}).status_code in {404, 422}


# Notes, colleagues, the meeting.


def test_a_note_and_a_colleague_come_back_to_their_school(store: Store, hall: Hall, phone: Phone) -> None:
    place = f"{at(hall)}?open={hall.ford}#school-{hall.ford}"
    answer = phone.post(f"{at(hall)}/note", at(hall), school_id=str(hall.ford), note="Snow", was="")
    assert (answer.status_code, answer.location) == (303, place)
    answer = phone.post(
        f"{at(hall)}/colleague", at(hall), school_id=str(hall.ford), name="Jo Newcomer", came_as="substitute"
    )
    assert (answer.status_code, answer.location) == (303, place)
    shown = phone.get(place).text
    assert "Snow" in shown
    assert "Jo Newcomer" in shown
    assert "<details open>" in shown
    assert standing(store, hall) == {hall.ford: Mark.SUBSTITUTE}
    phone.post(f"{at(hall)}/note", at(hall), school_id=str(hall.ford), note="Ice", was="")
    assert "Somebody else changed this school a moment ago" in phone.get(at(hall)).text
    phone.post(f"{at(hall)}/colleague", at(hall), school_id=str(hall.ford), name=" ")
    assert "Enter the colleague’s name" in phone.get(at(hall)).text
    for number in ("", "x", "0", str(hall.decoy_school), "9" * 30):
        assert phone.post(f"{at(hall)}/note", at(hall), school_id=number, note="x").status_code == 404


def _details(phone: Phone, hall: Hall) -> str:
    found = re.search(r'name="was" value="(\{[^"]+\})"', phone.get(at(hall)).text)
    assert found is not None
    return found[1].replace("&#34;", '"')


def test_the_meeting_is_described(store: Store, hall: Hall, phone: Phone) -> None:
    was = _details(phone, hall)
    said = {
        "starts_at": "13:30:00",
        "ends_at": "15:00",
        "in_school_time": "yes",
        "headcount": "25",
        "note": "Hall\r\n2",
    }
    assert phone.post(f"{at(hall)}/about", at(hall), was=was, **said).status_code == 303
    shown = phone.get(at(hall)).text
    assert "13:30 to 15:00, in school time" in shown
    assert "What you said of the meeting is stored." in shown
    with store.reading() as session:
        row = session.get_one(Meeting, hall.meeting)
        assert (row.starts_at, row.headcount, row.note) == (time(13, 30), 25, "Hall\n2")
    assert json.loads(_details(phone, hall))["headcount"] == 25
    phone.post(f"{at(hall)}/about", at(hall), was=was, **{**said, "headcount": "20"})
    assert "Somebody else changed this a moment ago" in phone.get(at(hall)).text
    now = _details(phone, hall)
    assert phone.post(f"{at(hall)}/about", at(hall), was=now, headcount="").status_code == 303
    with store.reading() as session:
        row = session.get_one(Meeting, hall.meeting)
        assert (row.starts_at, row.headcount, row.note, row.in_school_time) == (None, None, None, None)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("starts_at", "half past", "Enter a time such as 13:30"),
        ("headcount", "many", "Enter a whole number such as 25"),
        ("headcount", "-1", "Enter a number from 0 to 10,000."),
        ("note", "x" * 501, "Use at most 500 letters."),
        ("ends_at", "09:00", "The meeting would end before it starts."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    store: Store, hall: Hall, phone: Phone, field: str, value: str, words: str
) -> None:
    said = {"starts_at": "13:30", "headcount": "3", field: value}
    answer = phone.post(f"{at(hall)}/about", at(hall), was=_details(phone, hall), **said)
    assert answer.status_code == 422
    assert words in answer.text
    with store.reading() as session:
        row = session.get_one(Meeting, hall.meeting)
        assert (row.starts_at, row.headcount) == (None, None)
