"""The pages of concerns: who opens which, what they say, what a form changes, and what nobody else is told."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any, Final

import pytest
from werkzeug.test import TestResponse

from dashboard.access import Grant, Reader
from dashboard.concerns import pages
from dashboard.concerns.pages import concern_pages
from dashboard.models import (
    Cluster,
    Concern,
    ConcernStep,
    LeadSchool,
    LifecycleEvent,
    LifecycleReason,
    Membership,
    Programme,
    School,
)
from dashboard.vocabulary import Attempt, ConcernDecision, EventKind, Mark, Role, StepKind, StepOutcome
from dashboard.wording import day
from tests import builders as put
from tests import plain_pages
from tests.accounts.places import statements
from tests.concerns.world import SECRET, World, of
from tests.plain_pages import BEHIND_THE_WALL

pytestmark = BEHIND_THE_WALL
TODAY: Final = date.today()
FORMS: Final = ("steps", "steps/1/outcome", "review", "close", "sabbatical", "exit")


class Browser(plain_pages.Browser):
    pages = (concern_pages,)
    form_on = "/concerns"

    def words(self, path: str) -> str:
        """What a page says, without its tags."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return plain(answer)


def plain(answer: TestResponse) -> str:
    main = answer.text.partition('<main id="page"')[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def coordinator(world: World) -> Browser:
    return Browser(world.walled, world.coordinator)


@pytest.fixture
def director(world: World) -> Browser:
    return Browser(world.walled, world.director)


def raised(world: World, days: int = 0, review: int | None = None, **said: Any) -> int:
    """A concern of Ford School that was raised so many days ago, with a review in so many days."""
    with world.store.writing() as session:
        row = Concern(cluster_id=world.mill, school_id=world.ford_school, summary="Came once", raised_as="coordinator")
        row.raised_on = TODAY - timedelta(days)
        row.review_on = None if review is None else TODAY + timedelta(review)
        for name, value in said.items():
            setattr(row, name, value)
        return put.put(session, row).id


def step(world: World, concern: int, days: int = 0, **said: Any) -> int:
    with world.store.writing() as session:
        row = ConcernStep(concern_id=concern, kind=StepKind.VISITED_THE_HEAD, taken_on=TODAY - timedelta(days))
        for name, value in said.items():
            setattr(row, name, value)
        return put.put(session, row).id


# Who


@pytest.mark.parametrize("role", [Role.HEADTEACHER, Role.STEERING, Role.ADMINISTRATOR])
def test_whoever_has_no_part_in_it_is_refused(world: World, role: Role) -> None:
    reader = Reader("R", (Grant(role, cluster_id=world.mill, school_id=world.ford_school),), None, str(role))
    browser, number = Browser(world.walled, reader), raised(world)
    for path in (
        "/concerns",
        "/cluster/mill-cluster/concerns",
        "/cluster/mill-cluster/concerns/new",
        f"/concern/{number}",
    ):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "Came once" not in answer.text
    refused = [event for event in world.events() if event.outcome is Attempt.REFUSED]
    assert [event.object_kind for event in refused] == ["concerns"] * 4


def test_what_is_anothers_answers_like_what_is_not_there(world: World, coordinator: Browser) -> None:
    pairs = (
        ("/cluster/weir-cluster/concerns", "/cluster/nowhere/concerns"),
        ("/cluster/weir-cluster/concerns/new", "/cluster/nowhere/concerns/new"),
        ("/concern/1", "/concern/999"),
    )
    for theirs, nobodys in pairs:
        answers = [coordinator.get(path) for path in (theirs, nobodys)]
        assert [each.status_code for each in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    told = [(event.action, event.object_kind, event.object_key, event.outcome) for event in world.events()]
    assert told[:2] == [("see", "concerns", key, Attempt.REFUSED) for key in ("weir-cluster", "nowhere")]
    assert told[4:] == [("see", "concerns", key, Attempt.REFUSED) for key in ("concern 1", "concern 999")]
    assert [coordinator.words(f"/concerns?cluster={slug}").replace(slug, "x") for slug in ("weir-cluster",)] == [
        coordinator.words("/concerns?cluster=nowhere").replace("nowhere", "x")
    ]


def test_no_form_changes_what_is_anothers(world: World) -> None:
    boss = Browser(world.walled, world.director)
    before = (world.concern(1), len(world.rows(ConcernStep)))
    for form in FORMS:
        answer = boss.post(f"/concern/1/{form}", **{
            "step-kind": "other", "step-taken_on": TODAY, "outcome-1-outcome": "agreed", "outcome-1-outcome_on": TODAY,
            "review-review_on": TODAY + timedelta(9), "close-decision": "settled", "close-closed_on": TODAY,
            "away-starts": TODAY, "away-review_on": TODAY + timedelta(9), "away-closed_on": TODAY,
            "exit-last_day": TODAY, "exit-closed_on": TODAY,
        })  # fmt: skip
        assert answer.status_code == 404, form
    assert boss.post("/cluster/weir-cluster/concerns/new", summary="A").status_code == 404
    after = (world.concern(1), len(world.rows(ConcernStep)))
    assert (after[0].closed_on, after[0].review_on, after[1]) == (None, before[0].review_on, before[1])


def test_a_guest_who_looks_only_sees_no_form_and_sends_none(world: World) -> None:
    number = raised(world)
    guest = Browser(world.walled, Reader("G", (Grant(Role.DIRECTOR),), looks_only=True))
    words = guest.words(f"/concern/{number}")
    assert "Came once" in words
    assert "Note a step" not in words
    assert "Raise a concern" not in guest.words("/cluster/mill-cluster/concerns")
    assert '<form class="narrow' not in guest.get(f"/concern/{number}").text
    for form in FORMS:
        assert guest.post(f"/concern/{number}/{form}", **leaving()).status_code == 403
    assert world.concern(number).closed_on is None


# The list


def test_the_list_says_how_old_each_is_and_which_review_is_overdue(world: World, coordinator: Browser) -> None:
    old, new = raised(world, 94, -12), raised(world, 5, 9, school_id=None, summary="Held after school")
    step(world, old, 80, kind=StepKind.REMINDED_OF_FUNDING)
    step(world, old, 20, outcome=StepOutcome.HEAD_CAME)
    words = coordinator.words("/concerns")
    assert "Two open concerns; one review is overdue." in words
    assert "Decoy worries" not in words
    last = TODAY - timedelta(20)
    told = (
        f"Came once Ford School Mill Cluster 94 2 Visited the headteacher, {last.day} {last:%B %Y}: "
        "the headteacher came review was due 12 days ago"
    )
    ahead = TODAY + timedelta(9)
    other = f"Held after school The cluster as a group Mill Cluster 5 0 no step yet review on {ahead.day} {ahead:%B %Y}"
    assert words.index(told) < words.index(other)
    assert f'href="/concern/{new}"' in coordinator.get("/concerns").text


def test_open_or_closed_and_the_cluster_stand_in_the_address(world: World) -> None:
    closed = TODAY - timedelta(3)
    raised(world, 30, -12, closed_on=closed, decision=ConcernDecision.WATCHED, summary="Long ago")
    raised(world, 3, summary="Just now")
    boss = Browser(world.walled, Reader("B", (Grant(Role.DIRECTOR),), None, "director"))
    every = boss.words("/concerns")
    assert "Decoy worries" in every
    assert "Just now" in every
    assert "Long ago" not in every
    for written in ("mill-cluster", "Mill%20Cluster"):
        mill = boss.words(f"/concerns?cluster={written}")
        assert "One open concern in Mill Cluster." in mill
        assert "Decoy worries" not in mill
    ended = boss.words("/concerns?cluster=mill-cluster&state=closed")
    assert "One closed concern in Mill Cluster." in ended
    assert f"{closed.day} {closed:%B %Y} 0 no step yet watched, nothing more to do for now" in ended
    assert "overdue" not in ended
    text = boss.get("/concerns?cluster=mill-cluster&state=closed").text
    assert 'href="/concerns?cluster=mill-cluster"' in text, "back to the open ones of the same cluster"
    for wrong in ("state=lost", "page=0", "page=x", "page=99999999999999", f"page={1:09}{9:030}", "page=-1"):
        assert boss.get(f"/concerns?{wrong}").status_code == 404


def test_an_empty_list_says_what_would_stand_there(world: World, coordinator: Browser) -> None:
    words = coordinator.words("/concerns")
    assert "No open concerns." in words
    assert "Nobody is worried at present." in words
    assert "Raise a concern in Mill Cluster" in words
    assert "No concern has been closed yet." in coordinator.words("/concerns?state=closed")
    assert "Raise a concern" in coordinator.words("/cluster/mill-cluster/concerns")
    assert "No cluster of yours goes by “nowhere”." in coordinator.words("/concerns?cluster=nowhere")


def test_a_director_gets_the_button_of_the_chosen_cluster(world: World, director: Browser) -> None:
    assert "Choose a cluster to raise one." in director.words("/concerns")
    assert 'href="/cluster/mill-cluster/concerns/new"' in director.get("/concerns?cluster=mill-cluster").text
    assert "concerns/new" not in director.get("/concerns?cluster=weir-cluster").text


def test_a_long_list_goes_on_on_the_next_page(
    world: World, coordinator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ON_A_PAGE", 2)
    for days in (5, 4, 3):
        raised(world, days, summary=f"Number {days}")
    first = coordinator.get("/concerns")
    assert "Three open concerns." in plain(first)
    assert "Number 3" not in plain(first)
    assert '<a href="/concerns?page=2" rel="next">' in first.text
    of_mill = "/cluster/mill-cluster/concerns"
    second = coordinator.words(f"{of_mill}?page=2")
    assert "Number 3" in second
    assert "Number 5" not in second
    assert (
        'href="/cluster/mill-cluster/concerns" rel="prev"'
        in coordinator.get("/cluster/mill-cluster/concerns?page=2").text
    )
    assert "There is no such page." in coordinator.words("/concerns?page=3")


@pytest.mark.parametrize("clusters", [2, 12])
def test_a_list_takes_the_same_statements_however_many_clusters_there_are(world: World, clusters: int) -> None:
    with world.store.writing() as session:
        river = session.get_one(Programme, world.river)
        for number in range(clusters):
            made = put.cluster(session, f"Cluster {number}", under=river)
            row = Concern(cluster_id=made.id, summary="A", raised_on=TODAY, raised_as="director")
            put.put(session, row)
            put.put(session, ConcernStep(concern_id=row.id, kind=StepKind.OTHER, taken_on=TODAY))
    browser = Browser(world.walled, world.director)
    with statements(world.walled) as sent:
        browser.words("/concerns")
    assert len(sent) == 2, "the list, and the clusters to choose from"


# Raising one


def test_one_is_raised_from_a_flag_with_its_first_step(world: World, coordinator: Browser) -> None:
    form = coordinator.get("/cluster/mill-cluster/concerns/new?school=ford-school&rule=low_attendance")
    assert '<option selected value="ford-school">' in form.text
    assert '<option selected value="low_attendance">' in form.text
    assert "The school came to few of the meetings at which it was expected.</textarea>" in form.text
    assert "Weir School" not in form.text
    answer = coordinator.post(
        "/cluster/mill-cluster/concerns/new", school="ford-school", rule="low_attendance", summary="Came once",
        review_on=TODAY + timedelta(14), kind="visited_the_head", taken_on=TODAY - timedelta(2), note="A good talk",
    )  # fmt: skip
    assert answer.status_code == 303
    words = coordinator.words(answer.headers["Location"])
    assert "Concern about Ford School" in words
    assert "Open since today; review on" in words
    assert f"Raised by: coordinator, account {world.coordinator.account_id}." in words
    assert "Visited the headteacher. A good talk Nothing known yet" in words


def test_a_flag_nobody_knows_and_a_school_of_another_cluster_are_passed_over(coordinator: Browser) -> None:
    for said in ("rule=made_up&school=weir-school", "rule=%00&school=%00", f"rule={'a' * 61}"):
        form = coordinator.get(f"/cluster/mill-cluster/concerns/new?{said}")
        assert form.status_code == 200
        assert '<option selected value="">The cluster as a group' in form.text
        assert "made_up" not in form.text


def test_a_form_that_is_wrong_says_so_and_stores_nothing(world: World, coordinator: Browser) -> None:
    path, before = "/cluster/mill-cluster/concerns/new", len(world.rows(Concern))
    for data, words in (
        ({}, "Say in a sentence or two what worries you."),
        ({"summary": "A", "school": "weir-school"}, "Choose one from the list."),
        ({"summary": "A", "review_on": TODAY}, "does not lie ahead; give a day after"),
        ({"summary": "A", "review_on": "soon"}, "“soon” is not a date; write it like 2027-07-31."),
        ({"summary": "A", "kind": "other"}, "Give the day on which the step was taken."),
        ({"summary": "A", "kind": "other", "taken_on": TODAY + timedelta(1)}, "is still to come"),
        ({"summary": "A" * 1001}, "This has 1,001 letters; at most 1,000 fit. Shorten it."),
    ):
        answer = coordinator.post(path, **data)
        assert answer.status_code == 422, data
        assert "There is a problem" in plain(answer)
        assert words in plain(answer)
    assert len(world.rows(Concern)) == before


def test_what_other_clusters_did_names_no_school_and_counts_within_the_scope(world: World) -> None:
    one, two = raised(world, rule="turnover"), raised(world)
    step(world, one, outcome=StepOutcome.HEAD_CAME)
    step(world, two, outcome=StepOutcome.HEAD_CAME)
    step(world, two, outcome=StepOutcome.NO_CHANGE)
    own = Browser(world.walled, world.coordinator)
    of_the_flag = own.words("/cluster/mill-cluster/concerns/new?rule=turnover")
    assert "About concerns that the same flag prompted in the clusters that you may see." in of_the_flag
    assert "Visited the headteacher 1 the headteacher came: 1" in of_the_flag
    of_all = own.words("/cluster/mill-cluster/concerns/new?rule=low_attendance")
    assert "About all concerns in the clusters that you may see." in of_all
    assert "Visited the headteacher 3 the headteacher came: 2 nothing changed: 1" in of_all
    assert "Something else" not in of_all.partition("What other clusters did")[2], "the decoy's step"
    boss = Browser(world.walled, Reader("B", (Grant(Role.ADVISOR),), None, "advisor"))
    every = boss.words("/cluster/mill-cluster/concerns/new?rule=low_attendance").partition("What other clusters did")[2]
    assert "Something else 1 the school agreed: 1" in every
    for words in (of_the_flag, of_all, every):
        known = words.partition("What other clusters did")[2] or words
        assert "Weir" not in known
        for point in ("(3.12)", "(3.6)", "(3.13)", "(4.22)"):
            assert point in known


# One concern


def test_a_step_its_outcome_and_a_review_are_noted_in_turn(world: World, coordinator: Browser) -> None:
    number = raised(world, 30)
    at = f"/concern/{number}"
    sent = {"step-kind": "wrote_to_the_head", "step-taken_on": TODAY - timedelta(9), "step-note": "By e-mail"}
    assert coordinator.post(f"{at}/steps", **sent).status_code == 303
    (made,) = [row for row in world.rows(ConcernStep) if row.concern_id == number]
    told = {"outcome": "second_person", "outcome_on": TODAY, "outcome_note": "Two of them now"}
    named = {f"outcome-{made.id}-{name}": value for name, value in told.items()}
    assert coordinator.post(f"{at}/steps/{made.id}/outcome", **named).status_code == 303
    assert coordinator.post(f"{at}/review", **{"review-review_on": TODAY + timedelta(30)}).status_code == 303
    words = coordinator.words(at)
    assert "Open for 30 days; review on" in words
    assert "Wrote to the headteacher about the agreement. By e-mail A second person shares the role" in words
    assert "Two of them now" in words
    assert coordinator.post(f"{at}/review", **{"review-review_on": ""}).status_code == 303
    assert "no review is set" in coordinator.words(at)


def test_what_is_wrong_with_a_form_is_said_on_the_page_of_the_concern(world: World, coordinator: Browser) -> None:
    number = raised(world, 30)
    made = step(world, number, 9)
    at, tomorrow = f"/concern/{number}", TODAY + timedelta(1)
    for path, data, words in (
        ("steps", {"step-kind": "other", "step-taken_on": tomorrow}, "note a step once it was taken"),
        ("steps", {"step-kind": "sang", "step-taken_on": TODAY}, "Choose one from the list."),
        ("steps", {"step-kind": "other"}, "Enter a date such as"),
        (f"steps/{made}/outcome", {f"outcome-{made}-outcome": "agreed"}, "Give the day on which it was known."),
        ("review", {"review-review_on": TODAY}, "does not lie ahead"),
        ("close", {"close-decision": "exit", "close-closed_on": TODAY}, "Choose one from the list."),
        ("close", {"close-decision": "settled", "close-closed_on": TODAY - timedelta(10)}, "before the last step"),
        ("sabbatical", {"away-starts": TODAY, "away-review_on": TODAY, "away-closed_on": TODAY}, "does not lie ahead"),
    ):
        answer = coordinator.post(f"{at}/{path}", **data)
        assert (answer.status_code, words in plain(answer)) == (422, True), (path, plain(answer))
        assert re.search(r"<details[^>]* open>", answer.text), "the form that came stands open"
        assert answer.text.count("There is a problem") == 1
        assert answer.text.count('class="field field-wrong"') >= 1, "said beside the field too"
    assert coordinator.post(f"{at}/steps/999/outcome", **{"outcome-999-outcome": "waiting"}).status_code == 404
    assert world.concern(number).closed_on is None


def test_a_closed_concern_says_that_it_stays_closed_and_has_no_form(world: World, coordinator: Browser) -> None:
    number = raised(world, 30)
    at = f"/concern/{number}"
    sent = {"close-decision": "settled", "close-closed_on": TODAY, "close-decision_note": "A new start"}
    assert coordinator.post(f"{at}/close", **sent).status_code == 303
    words = coordinator.words(at)
    assert "after 30 days: settled." in words
    assert "Closed: settled. A new start" in words
    assert "It stays closed and as it is." in words
    assert "Note a step" not in words
    assert "/cluster/mill-cluster/concerns/new?school=ford-school" in coordinator.get(at).text
    again = coordinator.post(f"{at}/close", **sent)
    assert again.status_code == 422
    assert "stays as it is; raise a new one instead" in plain(again)


def test_a_sabbatical_keeps_its_reason_to_itself(world: World, coordinator: Browser, director: Browser) -> None:
    number = raised(world)
    sent = {"starts": TODAY, "review_on": TODAY + timedelta(90), "closed_on": TODAY, "reason": SECRET}
    answer = coordinator.post(f"/concern/{number}/sabbatical", **{f"away-{name}": day for name, day in sent.items()})
    assert answer.status_code == 303
    assert [row.reason for row in world.rows(LifecycleReason)] == [SECRET]
    for browser in (coordinator, director):
        for path in ("/concerns?state=closed", f"/concern/{number}", "/cluster/mill-cluster/concerns?state=closed"):
            assert SECRET not in browser.get(path).text
    assert "a sabbatical" in director.words(f"/concern/{number}")


# An exit


def leaving(**said: Any) -> dict[str, Any]:
    return {f"exit-{name}": value for name, value in {"last_day": TODAY, "closed_on": TODAY, **said}.items()}


def test_a_coordinator_is_told_who_decides_an_exit_and_decides_none(world: World, coordinator: Browser) -> None:
    number = raised(world)
    words = coordinator.words(f"/concern/{number}")
    assert "Whether it is time to call it a day is decided by the director or the advisor." in words
    assert "End the membership" not in words
    assert coordinator.post(f"/concern/{number}/exit", **leaving()).status_code == 403
    assert world.concern(number).closed_on is None
    assert [row.left for row in world.rows(Membership)] == [None] * 3
    told = [event for event in world.events() if event.outcome is Attempt.REFUSED]
    assert [(event.action, event.object_kind) for event in told] == [("edit", "exits")]


def test_a_director_ends_a_membership_and_brings_another_school_in(world: World, director: Browser) -> None:
    number = raised(world)
    with world.store.writing() as session:
        lock = put.school(session, "Lock School")
        put.membership(session, of(session, Cluster, "mill-cluster"), lock, left=TODAY - timedelta(400))
        session.add(LeadSchool(cluster_id=world.mill, school_id=world.ford_school))
    at = f"/concern/{number}"
    assert "is the lead school and holds the cluster’s money" in director.words(at)
    wrong = director.post(f"{at}/exit", **leaving())
    assert wrong.status_code == 422
    assert "say which school leads from" in plain(wrong)
    assert '<option value="mill-school">' in wrong.text
    assert '<option value="ford-school">' not in wrong.text
    assert "Choose a school" in wrong.text
    unknown = director.post(f"{at}/exit", **leaving(replaced_by="Weir School", joins_on=TODAY, new_lead="mill-school"))
    assert unknown.status_code == 422
    assert "There is no school “Weir School” among those you may see" in plain(unknown)
    said = leaving(replaced_by="Lock School", joins_on=TODAY, new_lead="mill-school", decision_note="No answer")
    assert director.post(f"{at}/exit", **said).status_code == 303
    words = director.words(at)
    assert "an exit from the cluster" in words
    assert "Lock School came instead." in words
    assert "No answer" in words
    assert [row.kind for row in world.rows(LifecycleEvent)] == [EventKind.JOINED, EventKind.REPLACED]
    assert [row.left for row in world.rows(Membership)][1] == TODAY


def test_a_meeting_after_the_last_day_is_told_of(world: World, director: Browser) -> None:
    number, met = raised(world), TODAY - timedelta(3)
    with world.store.writing() as session:
        held = put.meeting(session, of(session, Cluster, "mill-cluster"), met)
        put.mark(session, held, of(session, School, "ford-school"), Mark.PRESENT)
    assert director.post(f"/concern/{number}/exit", **leaving(last_day=met - timedelta(1))).status_code == 303
    told = f"The school came to the meeting of {day(met)} after its last day: that is kept, and no longer counted."
    assert told in director.words(f"/concern/{number}")


def test_a_lead_school_is_asked_for_even_where_the_page_did_not_know(world: World, director: Browser) -> None:
    """The leaver is no member any more, but still leads: the form that was refused offers the field."""
    number, left = raised(world), TODAY - timedelta(5)
    with world.store.writing() as session:
        session.query(Membership).filter_by(school_id=world.ford_school).one().left = left
        session.add(LeadSchool(cluster_id=world.mill, school_id=world.ford_school))
    assert "New lead school" not in director.words(f"/concern/{number}")
    refused = director.post(f"/concern/{number}/exit", **leaving(last_day=left))
    assert refused.status_code == 422
    assert "New lead school" in plain(refused)
    assert director.post(f"/concern/{number}/exit", **leaving(last_day=left, new_lead="mill-school")).status_code == 303


def test_about_the_cluster_as_a_group_there_is_neither_sabbatical_nor_exit(world: World, director: Browser) -> None:
    number = raised(world, school_id=None)
    words = director.words(f"/concern/{number}")
    assert "Concern about the cluster as a group" in words
    assert "Agree a sabbatical" not in words
    assert "Call it a day" not in words
    answer = director.post(f"/concern/{number}/exit", **leaving())
    assert answer.status_code == 422
    assert "this concern is about the cluster as a group" in plain(answer)


def test_a_coordinator_who_directs_elsewhere_decides_no_exit_here(world: World) -> None:
    grants = (*world.coordinator.grants, Grant(Role.DIRECTOR, programme_id=10**6))
    browser, number = Browser(world.walled, Reader("M", grants, None, "coordinator")), raised(world)
    assert "End the membership" not in browser.words(f"/concern/{number}")
    assert browser.post(f"/concern/{number}/exit", **leaving()).status_code == 404
    assert world.concern(number).closed_on is None


def test_names_are_shown_as_text(world: World, coordinator: Browser) -> None:
    with world.store.writing() as session:
        session.get_one(School, world.ford_school).name = "<b>Ford</b>"
    number = raised(world, summary="<script>alert(1)</script>\nsecond line")
    for path in ("/concerns", f"/concern/{number}"):
        text = coordinator.get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text
        assert "<b>Ford" not in text
