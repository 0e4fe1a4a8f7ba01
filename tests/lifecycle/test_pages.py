"""The page of events: what it shows to whom, what its forms write, and what they refuse. On both databases."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.db import Store
from dashboard.models import Appointment, AuditEvent, LifecycleEvent, LifecycleReason, Person
from dashboard.vocabulary import Attempt, EventKind, Role
from tests import builders as put
from tests.lifecycle.conftest import JOINED, Places, cluster_of, members
from tests.lifecycle.small_app import PAGE, Browser
from tests.plain_pages import BEHIND_THE_WALL

pytestmark = BEHIND_THE_WALL
EDITORS = (Role.DIRECTOR, Role.ADVISOR, Role.COORDINATOR)
SECRET = "bereavement in the family"


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def events(store: Store) -> list[tuple[Any, ...]]:
    columns = (LifecycleEvent.kind, LifecycleEvent.happened_on, LifecycleEvent.ends_on, LifecycleEvent.review_on)
    with store.reading() as session:
        return [tuple(row) for row in session.execute(sa.select(*columns).order_by(LifecycleEvent.id))]


def told(store: Store) -> list[tuple[Any, ...]]:
    with store.reading() as session:
        rows = session.execute(sa.select(AuditEvent).order_by(AuditEvent.id)).scalars()
        return [(row.action, row.object_kind, row.outcome, row.before, row.after) for row in rows]


@pytest.mark.parametrize("role", EDITORS)
def test_a_sabbatical_is_recorded_and_stands_on_the_page(store: Store, walled: Store, at: Places, role: Role) -> None:
    browser = Browser(walled, at.reader(role))
    assert "Nothing is on record of Mill Cluster yet" in browser.get().text
    form = browser.get(f"{PAGE}?new=sabbatical&school=ford-school").text
    assert "First day Last day, if it is known Review on" in text_of(form)
    assert '<option selected value="ford-school">' in form
    dates = {"date": "2017-01-05", "until": "2017-03-31", "review": "2017-03-10"}
    answer = browser.tell("sabbatical", school="ford-school", **dates)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert events(store) == [(EventKind.SABBATICAL, date(2017, 1, 5), date(2017, 3, 31), date(2017, 3, 10))]
    shown = text_of(browser.get().text)
    assert "5 January 2017 – 31 March 2017 Ford School on sabbatical review was due on 10 March 2017" in shown
    assert "No schools of Mill Cluster are away; one review is overdue" in shown
    (entry,) = told(store)
    assert entry[:3] == ("record event", "lifecycle event", Attempt.DONE)
    assert entry[4] == {
        "school_id": at.ford, "kind": "sabbatical", "happened_on": "2017-01-05", "ends_on": "2017-03-31",
        "review_on": "2017-03-10", "reviewed_on": None, "replaced_by_school_id": None,
    }  # fmt: skip


def test_every_form_writes_what_it_asks_for(store: Store, walled: Store, at: Places) -> None:
    """One after the other, with the memberships that follow."""
    browser = Browser(walled, at.reader(Role.COORDINATOR))
    for what, said in (
        ("handover", {"person": "Ada Brook", "replaced_by": "Ben Dale", "date": "2016-03-01", "until": "2016-03-24"}),
        ("inducted", {"person": "Ben Dale", "date": "2016-04-05"}),
        ("job_share", {"person": "Cas Elm", "date": "2016-05-02"}),
        ("substitute_arranged", {"person": "Di Fern", "date": "2016-05-03", "until": "2016-05-20"}),
        ("agreement_signed", {"date": "2016-05-04"}),
        ("joined_trust", {"date": "2016-05-05", "words": "River Trust"}),
        ("left_trust", {"date": "2016-07-31"}),
        ("closed", {"date": "2016-09-05", "until": "2016-09-09"}),
        ("disengaged", {"date": "2016-10-01"}),
        ("left", {"date": "2016-10-31"}),
    ):
        answer = browser.tell(what, school="ford-school", **said)
        assert answer.status_code == 303, text_of(answer.text)
    assert browser.tell("joined", newcomer="Ford School", date="2017-01-09").status_code == 303
    assert browser.tell("replaced", school="weir-school", date="2017-02-28", newcomer="no such").status_code == 422
    assert browser.tell("stage_gate", date="2017-03-01").status_code == 303
    assert browser.tell("independent", date="2017-03-02").status_code == 303
    assert browser.tell("context", date="2010-09-01", words="Services are traded").status_code == 303
    assert [kind for kind, *_ in events(store)] == [
        EventKind.HANDOVER, EventKind.INDUCTED, EventKind.JOB_SHARE, EventKind.SUBSTITUTE_ARRANGED,
        EventKind.AGREEMENT_SIGNED, EventKind.FEDERATED, EventKind.CLOSED, EventKind.DISENGAGED, EventKind.DROPPED_OUT,
        EventKind.JOINED, EventKind.STAGE_GATE, EventKind.INDEPENDENT,
    ]  # fmt: skip
    with store.reading() as session:
        assert members(session, at.mill) == {
            ("ford-school", JOINED, date(2016, 10, 31)), ("ford-school", date(2017, 1, 9), None),
            ("weir-school", JOINED, None), ("lock-school", None, None),
        }  # fmt: skip
    shown = text_of(browser.get().text)
    for words in (
        "1 March 2016 – 24 March 2016 Ada Brook handed over to Ben Dale at Ford School",
        "5 April 2016 Ben Dale of Ford School was brought up to speed",
        "from 2 May 2016 Cas Elm shares the role at Ford School",
        "3 May 2016 – 20 May 2016 Di Fern comes for the usual person of Ford School",
        "4 May 2016 The headteacher of Ford School signed the school agreement",
        "5 May 2016 – 31 July 2016 Ford School in River Trust",
        "5 September 2016 – 9 September 2016 Ford School closed for a time",
        "31 October 2016 Ford School left the cluster",
        "9 January 2017 Ford School joined the cluster",
        "1 March 2017 The cluster passed a stage gate",
        "1 September 2010 Services are traded",
    ):
        assert words in shown, words
    assert shown.index("9 January 2017 Ford") < shown.index("31 October 2016 Ford") < shown.index("1 September 2010")
    of_weir = text_of(browser.get(f"{PAGE}?school=weir-school").text)
    assert "Nothing is on record of Weir School." in of_weir
    assert "Ford School left" not in of_weir
    everything = repr(told(store))
    for name in ("Ada", "Ben", "Cas", "Di Fern", "River Trust", "traded"):
        assert name not in everything, "the audit names nobody"


def test_a_director_of_both_lets_a_school_of_another_cluster_take_the_place(
    store: Store, walled: Store, at: Places
) -> None:
    with store.writing() as session:
        second = put.cluster(session, "Second Cluster", under=session.get_one(put.Programme, at.river))
        put.school(session, "Brook School", within=second)
    browser = Browser(walled, at.reader(Role.DIRECTOR))
    assert browser.tell("replaced", school="weir-school", date="2017-02-28", newcomer="brook school").status_code == 303
    with store.reading() as session:
        assert ("weir-school", JOINED, date(2017, 2, 28)) in members(session, at.mill)
        assert ("brook-school", date(2017, 3, 1), None) in members(session, at.mill)
    assert "Brook School took the place of Weir School" in text_of(browser.get().text)
    of_the_cluster = Browser(walled, at.reader(Role.COORDINATOR))
    refused = of_the_cluster.tell("joined", newcomer="decoy-school", date="2017-02-28")
    assert refused.status_code == 422
    assert "No school “decoy-school” is among those that you see" in text_of(refused.text)


@pytest.mark.parametrize(
    ("what", "said", "sentence"),
    [
        ("left", {"date": "2015-08-31"}, "Ford School was no member of Mill Cluster on 31 August 2015: it joined on "),
        ("sabbatical", {"date": "2017-01-05"}, "Say when the sabbatical is reviewed, or when it ends"),
        ("sabbatical", {"date": "2117-01-05", "until": "2117-02-01"}, "5 January 2117 is too far away to be meant"),
        ("sabbatical", {"date": "2017-01-05", "review": "2017-01-04"}, "would come before the start"),
        ("sabbatical", {"date": "2017-01-05", "until": "2017-01-04"}, "it begins"),
        ("left", {"date": "soon"}, "“soon” is not a date; write it like 2027-07-31."),
        ("left", {"date": ""}, "Enter a date such as 2027-07-31."),
        ("left", {"date": "2017-01-05", "school": ""}, "Choose a school."),
        ("handover", {"date": "2017-01-05", "person": "Ada Brook"}, "Say who takes over, by name"),
        ("handover", {"date": "2017-01-05", "person": "", "replaced_by": "Ben"}, "Say which colleague, by name"),
        ("inducted", {"date": "2017-01-05", "person": "Nobody"}, "Nobody called “Nobody” is known at Ford School"),
        ("left", {"date": "2017-01-05", "reason": "x" * 501}, "Use at most 500 letters."),
        ("context", {"date": "2017-01-05", "words": "x" * 201}, "Use at most 200 letters."),
        ("context", {"date": "2017-01-05", "words": " "}, "Say in a sentence what happened"),
    ],
)
def test_what_contradicts_is_refused_in_a_sentence_and_nothing_is_stored(
    store: Store, walled: Store, at: Places, what: str, said: dict[str, str], sentence: str
) -> None:
    answer = Browser(walled, at.reader(Role.COORDINATOR)).tell(what, **{"school": "ford-school"} | said)
    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    assert 'role="alert"' in answer.text
    assert events(store) == []
    assert told(store) == []
    with store.reading() as session:
        assert session.scalars(sa.select(Person.id)).all() == []


def test_a_sabbatical_is_reviewed_ends_is_corrected_and_removed(store: Store, walled: Store, at: Places) -> None:
    today = date.today()
    with store.writing() as session:
        mill = cluster_of(session, at.mill)
        number = put.event(
            session, mill, session.get(put.School, at.ford), EventKind.SABBATICAL, today - timedelta(40),
            review=today - timedelta(10),
        ).id  # fmt: skip
    browser = Browser(walled, at.reader(Role.COORDINATOR))
    assert "One school of Mill Cluster is away; one review is overdue" in browser.get().text
    one = f"{PAGE}?event={number}"

    def do(what: str, **said: Any) -> int:
        return browser.post(f"{PAGE}/{number}/{what}", one, **said).status_code

    assert do("review", date=str(today - timedelta(41))) == 422
    assert do("review", date=str(today - timedelta(5)), review=str(today + timedelta(30))) == 303
    assert "One school of Mill Cluster is away<" in browser.get().text
    assert do("review", date=str(today)) == 303
    assert do("review", date=str(today)) == 303
    assert "Nothing was changed." in browser.get().text
    assert do("return", until=str(today - timedelta(1))) == 303
    assert "No schools of Mill Cluster are away<" in browser.get().text
    corrected = {"date": str(today - timedelta(39)), "until": str(today - timedelta(2))}
    assert do("correct", **corrected, review=str(today - timedelta(3)), reviewed=str(today - timedelta(3))) == 303
    assert events(store) == [
        (EventKind.SABBATICAL, today - timedelta(39), today - timedelta(2), today - timedelta(3))
    ]  # fmt: skip
    assert do("remove") == 303
    assert events(store) == []
    assert browser.post(f"{PAGE}/{number}/remove", f"{PAGE}?new=left").status_code == 404
    actions = [action for action, _, outcome, *_ in told(store) if outcome is Attempt.DONE]
    assert actions == ["record review", "record review", "record return", "correct event", "remove event"]


def test_context_is_removed(store: Store, walled: Store, at: Places) -> None:
    browser = Browser(walled, at.reader(Role.COORDINATOR))
    browser.tell("context", date="2010-09-01", words="Services are traded")
    with store.reading() as session:
        number = session.scalars(sa.select(put.ContextEvent.id)).one()
    with store.writing() as session:
        foreign = put.context(session, cluster_of(session, at.decoy), date(2010, 9, 1)).id
    assert browser.post(f"{PAGE}/context/{foreign}/remove", PAGE).status_code == 404
    assert browser.post(f"{PAGE}/context/{number}/remove", PAGE).status_code == 303
    assert "Services are traded" not in browser.get().text


def test_what_is_not_the_readers_answers_as_what_is_not_there(store: Store, walled: Store, at: Places) -> None:
    with store.writing() as session:
        decoy = cluster_of(session, at.decoy)
        there = put.event(
            session, decoy, session.get(put.School, at.decoy_school), EventKind.DISENGAGED, date(2017, 1, 1)
        ).id  # fmt: skip
    browser = Browser(walled, at.reader(Role.COORDINATOR))
    pages = [browser.get(f"/cluster/{slug}/events") for slug in ("decoy-cluster", "no-cluster")]
    assert [each.status_code for each in pages] == [404, 404]
    assert pages[0].text == pages[1].text
    form = f"{PAGE}?new=left"
    for path in (
        "/cluster/decoy-cluster/events?new=left", f"/cluster/decoy-cluster/events/{there}/remove",
        f"{PAGE}/{there}/remove", f"{PAGE}/999/remove", f"{PAGE}/{there}/reason",
    ):  # fmt: skip
        answer = browser.post(path, form, school="decoy-school", date="2017-01-01", reason="x")
        assert answer.status_code == 404, path
    assert len(events(store)) == 1
    refused = [entry for entry in told(store) if entry[2] is Attempt.REFUSED]
    assert {entry[:2] for entry in refused} == {("edit", "lifecycle")}
    assert len(refused) == 7
    assert "Decoy" not in browser.get().text
    unknown = browser.tell("left", school="decoy-school", date="2017-01-01")
    assert unknown.status_code == 422
    assert "Not a valid choice" in unknown.text or "Choose a school" in unknown.text


@pytest.mark.parametrize("role", [role for role in Role if role not in EDITORS])
def test_for_all_others_there_is_no_page(walled: Store, at: Places, role: Role) -> None:
    assert Browser(walled, at.reader(role)).get().status_code == 403


def test_a_reason_is_written_by_a_coordinator_and_read_by_the_director_alone(
    store: Store, walled: Store, at: Places
) -> None:
    pages = {}
    for secret in (SECRET, ""):
        coordinator = Browser(walled, at.reader(Role.COORDINATOR))
        said = {"school": "ford-school", "date": "2017-01-05", "until": "2017-02-01", "reason": secret}
        assert coordinator.tell("sabbatical", **said).status_code == 303
        with store.reading() as session:
            assert session.scalars(sa.select(LifecycleReason.reason)).all() == ([SECRET] if secret else [])
            number = session.scalars(sa.select(LifecycleEvent.id)).one()
        for role in EDITORS:
            browser = Browser(walled, at.reader(role))
            both = browser.get().text + browser.get(f"{PAGE}?event={number}").text
            assert (SECRET in both) == (bool(secret) and role is Role.DIRECTOR), role
            pages[role, secret] = re.sub(r'value="[^"]+"|events/\d+|event=\d+', "", both)
        assert SECRET not in repr(told(store))
        coordinator.post(f"{PAGE}/{number}/remove", f"{PAGE}?event={number}")
        with store.reading() as session:
            assert session.scalars(sa.select(LifecycleReason.reason)).all() == []
    for role in (Role.ADVISOR, Role.COORDINATOR):
        recorded, bare = ("Recorded." in each for each in (pages[role, SECRET], pages[role, ""]))
        assert recorded == bare
        assert pages[role, SECRET] == pages[role, ""], "nothing says whether there is a reason"
    assert "For the director only:" in pages[Role.DIRECTOR, SECRET]


def test_a_director_changes_a_reason_and_takes_it_out(store: Store, walled: Store, at: Places) -> None:
    director, coordinator = (Browser(walled, at.reader(role)) for role in (Role.DIRECTOR, Role.COORDINATOR))
    director.tell("disengaged", school="ford-school", date="2017-01-05")
    with store.reading() as session:
        number = session.scalars(sa.select(LifecycleEvent.id)).one()
    for browser, reason, status, stored in (
        (director, "illness", 303, ["illness"]), (director, "OFSTED", 303, ["OFSTED"]),
        (coordinator, "gossip", 404, ["OFSTED"]),
        (director, "", 303, []),
    ):  # fmt: skip
        answer = browser.post(f"{PAGE}/{number}/reason", f"{PAGE}?event={number}", reason=reason)
        assert answer.status_code == status
        with store.reading() as session:
            assert session.scalars(sa.select(LifecycleReason.reason)).all() == stored
    assert all(word not in repr(told(store)) for word in ("illness", "OFSTED", "gossip"))


def test_the_same_again_changes_nothing_and_says_so(store: Store, walled: Store, at: Places) -> None:
    browser = Browser(walled, at.reader(Role.COORDINATOR))
    for _ in range(2):
        browser.tell("handover", school="ford-school", person="Ada", replaced_by="Ben", date="2017-01-05")
    assert "This is on record already. Nothing was changed." in browser.get().text
    assert len(told(store)) == len(events(store)) == 1
    with store.reading() as session:
        rows = session.execute(sa.select(Appointment.starts, Appointment.ends, Appointment.replaced_by_id.is_not(None)))
        assert {tuple(row) for row in rows} == {(date(2017, 1, 5), None, False), (None, date(2017, 1, 4), True)}
