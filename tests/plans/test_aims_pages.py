"""The pages of aims and of the next year: who opens which, what they say, and what a form changes."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from typing import Any, Final

import pytest
from werkzeug.test import TestResponse

from dashboard.access import EVERYTHING, Grant, Reader, writing
from dashboard.db import Store
from dashboard.models import Aim, AimWording, Cluster, Target, TargetMeeting
from dashboard.plans.pages import aims, next_year
from dashboard.vocabulary import Attempt, Role
from tests import builders as put
from tests import plain_pages
from tests.accounts.places import statements
from tests.plain_pages import BEHIND_THE_WALL
from tests.plans.aims_world import LEARN, SMOOTH, SMOOTHER, World, make_world

pytestmark = BEHIND_THE_WALL
PLAN: Final = "/cluster/mill-cluster/plan"
AIMS: Final = f"{PLAN}/aims?year=2019-20"
NEXT: Final = f"{PLAN}/next-year?year=2019-20"
HELD, WIDER = "Hold it again", "Open it to older children"


class Browser(plain_pages.Browser):
    pages = (aims.pages, next_year.pages)
    form_on = AIMS

    def words(self, path: str) -> str:
        """What a page says, without its tags."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return plain(answer)

    def send(self, path: str, data: Mapping[str, Any] | None = None, page: str | None = None) -> str:
        """Send a form that is taken; what the page says to which it leads."""
        answer = self.client.post(path, data={"csrf_token": self.token(page), **(data or {})})
        assert answer.status_code == 303, plain(answer)
        return self.words(answer.headers["Location"])


def plain(answer: TestResponse) -> str:
    main = answer.text.partition('<main id="page"')[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def world(store: Store, walled: Store) -> World:
    made = make_world(store, walled)
    made.plan(
        ("ART-SEPT19", [SMOOTH, LEARN], [HELD, WIDER]), ("BAND-SEPT19", [SMOOTHER], []),
        ("CHESS-SEPT19", [], ["15 May"]), owner="Arts lead",
    )  # fmt: skip
    with store.writing() as session:
        mill, art = session.get_one(Cluster, made.mill), session.get_one(Target, made.target("ART-SEPT19").id)
        put.line(session, mill, 35_000, for_=art, year=2019)
        held = put.meeting(session, mill, put.date(2019, 10, 15))
        put.put(session, TargetMeeting(target_id=art.id, meeting_id=held.id))
    return made


@pytest.fixture
def coordinator(world: World) -> Browser:
    return Browser(world.walled, world.coordinator)


# Who


def test_a_headteacher_reads_the_aims_and_changes_nothing(world: World) -> None:
    browser = Browser(world.walled, world.headteacher)
    words = browser.words(AIMS)
    for said in (SMOOTH, "Every one of three aims is served; CHESS-SEPT19 serves no aim.", "£350", "ART-SEPT19"):
        assert said in words
    for said in ("Add an aim", "One aim, or two?", "They are two after all", "Decoy"):
        assert said not in words
    aim = world.aim(SMOOTH)
    for path in (f"{PLAN}/aims/{aim}", NEXT, f"{PLAN}/next-year/{world.decoy_draft}"):
        assert browser.get(path).status_code == 403
    for path in (f"{PLAN}/aims", f"{PLAN}/aims/alike", f"{PLAN}/aims/{aim}/up", f"{PLAN}/next-year"):
        assert browser.client.post(path, data={"text": "Mine"}).status_code in {400, 403}
    assert len(world.of_mill()) == 3


def test_of_years_before_the_own_membership_a_headteacher_is_told_so(world: World) -> None:
    with world.store.writing() as session:
        late = put.school(session, "Late School")
        put.membership(session, session.get_one(Cluster, world.mill), late, joined=put.date(2020, 9, 1))
        reader = replace(world.headteacher, grants=(Grant(Role.HEADTEACHER, school_id=late.id),))
    words = Browser(world.walled, reader).words(AIMS)
    assert "Your school did not belong to this cluster in 2019-20." in words
    assert SMOOTH not in words


def test_what_is_anothers_answers_like_what_is_not_there(world: World, coordinator: Browser) -> None:
    mine = world.aim(SMOOTH)
    with world.store.writing() as session:
        theirs = put.put(session, AimWording(aim_id=world.decoy_aim, wording="Decoy words", confirmed_by="x")).id
    gets = (
        ("/cluster/weir-cluster/plan/aims", "/cluster/nowhere/plan/aims"),
        ("/cluster/weir-cluster/plan/next-year", "/cluster/nowhere/plan/next-year"),
        (f"{PLAN}/aims/{world.decoy_aim}", f"{PLAN}/aims/9999"),
        (f"/cluster/weir-cluster/plan/aims/{mine}", "/cluster/nowhere/plan/aims/1"),
        (f"{PLAN}/next-year/{world.decoy_draft}", f"{PLAN}/next-year/9999"),
    )
    for path, nobodys in gets:
        answers = [coordinator.get(each) for each in (path, nobodys)]
        assert [each.status_code for each in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    token = {"csrf_token": coordinator.token(), "text": "Mine now", "first": mine, "second": world.decoy_aim}
    for path in (
        "/cluster/weir-cluster/plan/aims", f"{PLAN}/aims/{world.decoy_aim}", f"{PLAN}/aims/{world.decoy_aim}/up",
        f"{PLAN}/aims/{world.decoy_aim}/same", f"{PLAN}/aims/{world.decoy_aim}/remove", f"{PLAN}/aims/alike",
        f"{PLAN}/aims/wordings/{theirs}/apart", f"/cluster/weir-cluster/plan/aims/wordings/{theirs}/apart",
        "/cluster/weir-cluster/plan/next-year", "/cluster/weir-cluster/plan/next-year/items",
        "/cluster/weir-cluster/plan/next-year/begin", f"{PLAN}/next-year/{world.decoy_draft}",
        f"{PLAN}/next-year/{world.decoy_draft}/begin", f"{PLAN}/next-year/{world.decoy_draft}/remove",
    ):  # fmt: skip
        assert coordinator.client.post(path, data=token).status_code == 404, path
    refused = [event for event in world.events() if event.outcome is Attempt.REFUSED]
    assert len(refused) == len(gets) * 2 + 14
    assert len(world.of_mill()) == 3
    neighbour = Browser(world.walled, world.neighbour)
    assert neighbour.get(AIMS).status_code == 404
    assert neighbour.get(NEXT).status_code == 403


def test_a_guest_who_looks_only_sees_no_form(world: World) -> None:
    guest = Browser(world.walled, Reader("G", (Grant(Role.DIRECTOR),), looks_only=True))
    assert "Add an aim" not in guest.words(AIMS)
    assert guest.get(NEXT).status_code == 403


# Aims


def test_two_aims_that_look_alike_become_one_and_two_again(world: World, coordinator: Browser) -> None:
    words = coordinator.words(AIMS)
    assert "One pair of aims looks like one aim in two wordings." in words
    assert "Seven words in common: make, move, secondary, school, smoother, planning, together." in words
    pair = {"first": world.aim(SMOOTH), "second": world.aim(SMOOTHER)}
    words = coordinator.send(f"{PLAN}/aims/alike", {**pair, "keep": pair["second"]})
    assert "The two are one aim now" in words
    assert f"Also: {SMOOTH}" in words
    assert "One aim, or two?" not in words
    assert world.served()["ART-SEPT19"] == {SMOOTHER, LEARN}
    (wording,) = world.rows(AimWording)
    assert wording.confirmed_by == "coordinator"
    words = coordinator.send(f"{PLAN}/aims/wordings/{wording.id}/apart")
    assert "They are two aims again." in words
    assert "One aim, or two?" not in words
    assert world.served()["ART-SEPT19"] == {SMOOTH, LEARN}


def test_two_aims_stay_two(world: World, coordinator: Browser) -> None:
    pair = {"first": world.aim(SMOOTH), "second": world.aim(SMOOTHER)}
    words = coordinator.send(f"{PLAN}/aims/alike", pair)
    assert "They stay two aims, and nobody is asked again." in words
    assert "One aim, or two?" not in words
    for wrong in ({**pair, "keep": world.aim(LEARN)}, {"first": pair["first"]}, {"first": "x", "second": "y"}):
        assert coordinator.post(f"{PLAN}/aims/alike", **wrong).status_code == 422
    assert len(world.of_mill()) == 3
    own = world.of_mill()[0].id
    assert coordinator.post(f"{PLAN}/aims/alike", first=own, second=own, keep=own).status_code == 422


def test_an_aim_is_added_said_anew_moved_and_taken_out(world: World, coordinator: Browser) -> None:
    said = {"text": "Sing together", "agreed_on": "2019-09-20", "first_year": "2019-20", "last_year": ""}
    words = coordinator.send(f"{PLAN}/aims?year=2019-20", said)
    for told in ("4. Sing together", "20 September 2019", "since 2019-20", "No target serves aim 4"):
        assert told in words
    number = world.aim("Sing together")
    one = f"{PLAN}/aims/{number}"
    assert 'value="2019-20"' in coordinator.get(one).text
    words = coordinator.send(
        f"{one}?year=2019-20", {**said, "text": "Sing & dance together", "last_year": "2020/21"}, one
    )
    assert "4. Sing & dance together" in words
    assert "2019-20 to 2020-21" in words
    assert "Also: Sing together" in words
    assert "3. Sing & dance" in coordinator.send(f"{one}/up?year=2019-20")
    words = coordinator.send(f"{one}/remove?year=2019-20")
    assert "The aim is taken out." in words
    assert "Sing" not in words
    answer = coordinator.post(f"{PLAN}/aims/{world.aim(LEARN)}/remove")
    assert answer.status_code == 422
    assert "Targets serve this aim, so it stays." in plain(answer)


def test_an_aim_is_another_wording_of_one_that_looks_quite_different(world: World, coordinator: Browser) -> None:
    one = f"{PLAN}/aims/{world.aim(LEARN)}"
    assert "It is another wording of …" in coordinator.words(one)
    assert f"Also: {LEARN}" in coordinator.send(f"{one}/same?year=2019-20", {"keep": world.aim(SMOOTH)}, one)
    assert world.served()["ART-SEPT19"] == {SMOOTH}
    one = f"{PLAN}/aims/{world.aim(SMOOTH)}"
    assert coordinator.post(f"{one}/same", one, keep=world.decoy_aim).status_code == 422


WRONG: Final = (
    ({"text": ""}, "Say what the cluster aims at."),
    ({"text": LEARN}, "These are the words of aim 2 already"),
    ({"text": "Sing", "first_year": "20"}, "“20” is not an academic year; write it like 2016-17."),
    ({"text": "Sing", "last_year": "2018-19", "first_year": "2019-20"}, "The last year is before the first"),
    ({"text": "Sing", "agreed_on": "soon"}, "“soon” is not a date"),
)


def test_what_is_wrong_is_said_and_nothing_is_stored(world: World, coordinator: Browser) -> None:
    for path in (f"{PLAN}/aims", f"{PLAN}/aims/{world.aim(SMOOTH)}"):
        for said, why in WRONG:
            answer = coordinator.post(path, **said)
            assert answer.status_code == 422
            assert plain(answer).count(why) == 2, "at the top and beside the field"
    assert {aim.text for aim in world.rows(Aim)} == {SMOOTH, SMOOTHER, LEARN}


def test_aims_of_other_years_are_there_for_who_keeps_them(world: World, coordinator: Browser) -> None:
    coordinator.send(f"{PLAN}/aims", {"text": "Over by then", "last_year": "2017-18"})
    words = coordinator.words(AIMS)
    assert words.index("Aims of other years") < words.index("Over by then")
    assert "until 2017-18" in words
    assert "Over by then" not in Browser(world.walled, world.headteacher).words(AIMS)
    assert "No aim is recorded for 2016-17." not in coordinator.words(f"{PLAN}/aims?year=2016-17")
    assert "Over by then" in coordinator.words(f"{PLAN}/aims?year=2016-17").partition("Add an aim")[0]


# The next year


def test_from_ticked_lines_to_targets(world: World, coordinator: Browser) -> None:
    art, chess = world.target("ART-SEPT19").id, world.target("CHESS-SEPT19").id
    words = coordinator.words(NEXT)
    assert "None of three next steps has become a draft or a target yet." in words
    assert "No next steps: BAND-SEPT19." in words
    assert "Arts lead" not in words
    words = coordinator.send(NEXT, {"step": [f"{art}-0", f"{art}-1"], "together": art}, NEXT)
    assert "One draft made." in words
    assert f"{HELD} became ART-SEPT20 , a draft" in words.replace(",  a", ", a")
    assert "Arts lead" in words
    assert f'value="{chess}-0"' in coordinator.get(NEXT).text
    assert f'value="{art}-0"' not in coordinator.get(NEXT).text
    number = world.target("ART-SEPT20").id
    one = f"{PLAN}/next-year/{number}"
    page = coordinator.get(one).text
    assert f"- {WIDER}" in page
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version is not None
    said = {"code": "FAIR-SEPT20", "title": "An arts fair", "lines": f"- {WIDER}\nIn May", "owner": ""}
    words = coordinator.send(one, {**said, "version": version[1]}, one)
    assert "FAIR-SEPT20" in words
    assert "nobody yet" in words
    answer = coordinator.post(one, one, **{**said, "title": "Mine", "version": version[1]})
    assert answer.status_code == 422
    assert "Somebody changed this draft meanwhile." in plain(answer)
    assert world.target("FAIR-SEPT20").title == "An arts fair"
    words = coordinator.send(f"{one}/begin", page=one)
    assert "FAIR-SEPT20 is a target of 2020-21 now." in words
    assert "Drafts for 2020-21" not in words
    assert "Two of three next steps have become a draft or a target." in words
    assert coordinator.get(one).status_code == 404, "it is a target by now"


def test_all_drafts_at_once_one_removed_and_work_of_ones_own(world: World, coordinator: Browser) -> None:
    items = {"name": "Impact", "items": "Audit\nVisit", "together": "each"}
    assert "Two drafts made." in coordinator.send(f"{PLAN}/next-year/items?year=2019-20", items, NEXT)
    art = world.target("ART-SEPT19").id
    coordinator.send(NEXT, {"step": f"{art}-0"}, NEXT)
    assert "Make all 3 targets of 2020-21" in coordinator.words(NEXT)
    gone = world.target("IMPACT-2-SEPT20").id
    words = coordinator.send(f"{PLAN}/next-year/{gone}/remove", page=NEXT)
    assert "IMPACT-2-SEPT20 is removed" in words
    both = [world.target(code).id for code in ("IMPACT-SEPT20", "ART-SEPT20")]
    answer = coordinator.post(f"{PLAN}/next-year/begin?year=2019-20", NEXT, draft=[*both, gone])
    assert answer.status_code == 404, "one of them is gone: nothing is done by halves"
    words = coordinator.send(f"{PLAN}/next-year/begin?year=2019-20", {"draft": [*both, "x"]}, NEXT)
    assert "Two drafts are targets now." in words
    assert {row.code for row in world.rows(Target) if row.year == 2020 and not row.draft} == {
        "IMPACT-SEPT20", "ART-SEPT20",
    }  # fmt: skip


def test_nothing_is_made_of_nothing(world: World, coordinator: Browser) -> None:
    art = world.target("ART-SEPT19").id
    for data, why in (
        ({}, "Tick at least one next step"), ({"step": f"{art}-9"}, "were changed meanwhile"),
        ({"step": "nonsense"}, "were changed meanwhile"),
    ):  # fmt: skip
        answer = coordinator.post(NEXT, NEXT, **data)
        assert answer.status_code == 422
        assert why in plain(answer)
    answer = coordinator.post(f"{PLAN}/next-year/items", NEXT, name="x", items=" ", together="each")
    assert answer.status_code == 422
    assert "Write at least one item." in plain(answer)
    assert coordinator.post(f"{PLAN}/next-year/begin?year=2019-20", NEXT).status_code == 422
    assert not [row for row in world.rows(Target) if row.draft and row.cluster_id == world.mill]


def test_a_cluster_without_a_plan_is_told_what_to_do(world: World) -> None:
    with writing(world.store, EVERYTHING) as session:
        under = session.get_one(Cluster, world.mill).programme_id
        put.cluster(session, "New Cluster", under=session.get_one(put.Programme, under))
    director = Browser(world.walled, world.director)
    assert "No aim is recorded for" in director.words("/cluster/new-cluster/plan/aims")
    assert "No development plan is recorded for" in director.words("/cluster/new-cluster/plan/next-year")


def test_the_pages_are_whole_in_few_statements_however_much_there_is(world: World, coordinator: Browser) -> None:
    def asked() -> dict[str, int]:
        counts = {}
        for path in (AIMS, NEXT):
            with statements(world.walled) as made:
                coordinator.words(path)
            counts[path] = len(made)
        return counts

    before = asked()
    world.plan(*((f"T{number}-SEPT19", [f"Aim {number}", SMOOTH], [HELD]) for number in range(12)))
    assert asked() == before
