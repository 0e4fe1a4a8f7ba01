"""The page of a cluster's stages behind the wall: who reads what, what a form changes, what nobody else is told."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any, Final

import pytest
from werkzeug.test import TestResponse

from dashboard.academic_year import AcademicYear
from dashboard.access import Grant, Reader
from dashboard.models import ChecklistTick, ClusterStage, SchoolCommitment
from dashboard.stages import pages
from dashboard.stages.commands import TickSaid
from dashboard.vocabulary import Attempt, Checklist, Commitment, Role, TickState
from tests import builders as put
from tests import plain_pages
from tests.accounts.places import events, statements
from tests.plain_pages import BEHIND_THE_WALL
from tests.stages.world import World, make_world

pytestmark = BEHIND_THE_WALL
TODAY: Final = date.today()
PLACE: Final = "/cluster/mill-cluster/stages"
GATE, ALONE = Checklist.STAGE_GATE, Checklist.INDEPENDENCE


class Browser(plain_pages.Browser):
    pages = (pages.pages,)
    form_on = PLACE

    def words(self, path: str = PLACE) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return plain(answer)


def plain(answer: TestResponse) -> str:
    """What a page says, without its tags."""
    main = answer.text.partition('<main id="page"')[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def world(store: Any, walled: Any) -> World:
    """As the other tests have it, but today: the second year of an agreement that ends in ten days."""
    this_year = AcademicYear.of(TODAY)
    return make_world(store, walled, starts=date(this_year.start - 1, 9, 1), ends=TODAY + timedelta(10))


@pytest.fixture
def coordinator(world: World) -> Browser:
    return Browser(world.walled, world.coordinator)


def test_the_page_says_where_the_cluster_stands(world: World, coordinator: Browser) -> None:
    two = world.stages["Two"]
    for item, state in (("review", TickState.DONE), ("report", TickState.DONE)):
        said = TickSaid(GATE, item, state, two, TODAY)
        world.write(lambda book, said=said: book.tick(said), today=TODAY)
    words = coordinator.words()
    years = "3" if TODAY + timedelta(10) > AcademicYear.of(TODAY).ends else "2"
    assert re.search(rf"Year 2 of {years}: ten days with (no|one|two) school weeks? until the agreement ends\.", words)
    assert "Current stages are “Two” and “Three”." in words
    assert "Two of four steps of the gate are done." in words, "nothing comes after the last stage"
    assert "● Done One By programme years: year 1" in words
    assert "◐ Current Two By programme years: years 2 to 3" in words
    assert "Gate out of “Two”: two of four done Still missing: the application and a yes to the application." in words
    assert "Ready to go on alone: none of four done" in words
    assert "Nothing is recorded yet: three schools to ask." in words
    assert "Gone" not in words
    assert "Decoy" not in words


def test_forms_change_what_they_say(world: World, coordinator: Browser) -> None:
    two, day = world.stages["Two"], (TODAY - timedelta(1)).isoformat()
    for path, data in (
        (f"{PLACE}/{two}/times", {"new-starts": day, "new-ends": ""}),
        (f"{PLACE}/{two}/gate/review", {f"{two}-review-state": "done", f"{two}-review-dated": day}),
        (f"{PLACE}/independence/finances", {"alone-finances-state": "not_needed", "alone-finances-note": "A gift"}),
        (f"{PLACE}/schools", {"school-school": "lock-school", "school-answer": "leaves", "school-said_on": day}),
    ):
        answer = coordinator.post(path, **data)
        assert (answer.status_code, answer.location) == (303, PLACE), answer.text
    words = coordinator.words(f"{PLACE}?stage={two}")
    assert "Stored." in words
    assert "no end recorded Programme years: years 2 to 3" in words
    assert "Gate out of “Two”: one of four done" in words
    assert "– Not needed The money for years 5 and 6 is in place A gift" in words
    assert "Of three schools, one leaves and two are not recorded." in words
    alone = f"{PLACE}/independence/finances"
    late = coordinator.post(alone, **{"alone-finances-state": "done", "alone-finances-note": "Typed late"})
    assert "Somebody changed this item meanwhile" in plain(late)
    assert "– Not needed The money for years 5 and 6 is in place A gift" in plain(late), "what stands there now"
    assert "Typed late" in late.text
    (seen,) = re.findall(r'name="alone-finances-seen"[^>]*value="([0-9a-f]+)"', late.text)
    sent = {"alone-finances-state": "not_needed", "alone-finances-note": "A gift of two", "alone-finances-seen": seen}
    assert coordinator.post(alone, **sent).status_code == 303
    number = max(each.id for each in world.rows(ClusterStage))
    changed = {f"time-{number}-starts": "", f"time-{number}-ends": day}
    answer = coordinator.post(f"{PLACE}/{two}/times/{number}?stage={two}", **changed)
    assert answer.location == f"{PLACE}?stage={two}", "back to where it was opened"
    assert "no start recorded" in coordinator.words()
    assert coordinator.post(f"{PLACE}/{two}/times/{number}/remove").status_code == 303
    assert len(world.rows(ClusterStage)) == 1


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(world: World, coordinator: Browser) -> None:
    two, tomorrow = world.stages["Two"], (TODAY + timedelta(1)).isoformat()
    for path, data, field, words in (
        (f"{PLACE}/{two}/times", {"new-starts": "2017-02-30"}, "new-starts", "“2017-02-30” is not a date"),
        (f"{PLACE}/{two}/times", {"new-starts": "2017-02-02", "new-ends": "2017-02-01"}, "new-ends",
         "1 February 2017 is before"),
        (f"{PLACE}/{two}/gate/review", {f"{two}-review-state": "done", f"{two}-review-dated": tomorrow},
         f"{two}-review-dated", "is still to come"),
        (f"{PLACE}/{two}/gate/review", {f"{two}-review-state": "perhaps"}, f"{two}-review-state", "Choose one"),
        (f"{PLACE}/independence/finances", {"alone-finances-state": "not_needed"}, "alone-finances-note",
         "Say in the note"),
        (f"{PLACE}/schools", {"school-school": "decoy-school", "school-said_on": "2017-02-01"}, "school-school",
         "Choose one from the list"),
        (f"{PLACE}/schools", {"school-school": "ford-school", "school-answer": "", "school-said_on": tomorrow},
         "school-answer", "Choose one from the list"),
    ):  # fmt: skip
        answer = coordinator.post(path, **data)
        assert answer.status_code == 422
        assert f'<a href="#{field}">' in answer.text
        assert words in plain(answer)
    one = world.stages["One"]
    answer = coordinator.post(f"{PLACE}/{one}/gate/report", **{f"{one}-report-state": ""})
    assert "Gate out of “One”" in plain(answer), "the gate of a stage that is over, too"
    assert "When the cluster was in" not in plain(answer)
    assert len(world.rows(ClusterStage)) == 1
    assert len(world.rows(ChecklistTick)) == 1
    assert len(world.rows(SchoolCommitment)) == 1


def test_what_is_anothers_answers_like_what_is_not_there(world: World, coordinator: Browser) -> None:
    decoy, two = world.stages["decoy"], world.stages["Two"]
    answers = [coordinator.get(path) for path in ("/cluster/weir-cluster/stages", "/cluster/nowhere/stages")]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    theirs = next(each.id for each in world.rows(ClusterStage))
    for path in (
        "/cluster/weir-cluster/stages/independence/finances", f"{PLACE}/{decoy}/times", f"{PLACE}/{decoy}/gate/report",
        f"{PLACE}/{two}/times/{theirs}", f"{PLACE}/{two}/times/{theirs}/remove", f"{PLACE}/{two}/gate/nothing",
        f"{PLACE}/independence/report", f"{PLACE}/999/gate/report", "/cluster/nowhere/stages/schools",
    ):  # fmt: skip
        sent = {"state": "done", f"{decoy}-report-state": "done", f"{two}-nothing-state": "done"}
        sent |= {"alone-report-state": "done", "alone-finances-state": "done", "999-report-state": "done"}
        sent |= {"school-school": "ford-school", "school-answer": "leaves", "school-said_on": TODAY.isoformat()}
        assert coordinator.post(path, **sent).status_code == 404, path
    assert "Decoy" not in coordinator.words(f"{PLACE}?stage={decoy}")
    assert len(world.rows(ChecklistTick)) == 1
    refused = {each.object_kind for each in events(world.store) if each.outcome is Attempt.REFUSED}
    assert refused == {"stages"}


def test_the_head_of_a_school_sees_the_own_answer_and_nobody_elses(world: World) -> None:
    note = TickSaid(GATE, "review", TickState.DONE, world.stages["Two"], TODAY, "At Lock School")
    world.write(lambda book: book.tick(note), today=TODAY)
    world.write(lambda book: book.tick(TickSaid(ALONE, "finances", TickState.DONE)), today=TODAY)
    world.write(lambda book: book.say("lock-school", Commitment.LEAVES, TODAY), today=TODAY)
    ford, lock = (Browser(world.walled, world.head_of(name)) for name in ("Ford", "Lock"))
    told = ford.words()
    assert "Current stages are “Two” and “Three”." in told
    assert "Gate out of “Two”: one of four done" in told
    assert "The answer of one of three schools is recorded. Ford School: · Not recorded" in told
    for secret in ("Lock", "Leaves", "Ready to go on alone", "coordinator .", "Change"):
        assert secret not in told
    assert "Lock School: ■ Leaves , said on" in lock.words()
    assert "Ford" not in lock.words()
    for path in (f"{PLACE}/schools", f"{PLACE}/independence/finances"):
        assert ford.client.post(path).status_code in {400, 403}
    assert ford.get("/cluster/weir-cluster/stages").status_code == 404


def test_the_head_of_a_school_that_left_is_told_so(world: World) -> None:
    told = Browser(world.walled, world.head_of("Gone")).words()
    assert "Your school does not belong to this cluster this year." in told
    assert "Two" not in told


@pytest.mark.parametrize(("role", "sees"), [(Role.STEERING, True), (Role.BURSAR, False), (Role.ADMINISTRATOR, False)])
def test_who_else_reads_it(world: World, role: Role, sees: bool) -> None:
    browser = Browser(world.walled, Reader("R", (Grant(role, cluster_id=world.mill),), None, str(role)))
    answer = browser.get(PLACE)
    assert answer.status_code == (200 if sees else 403)
    assert "Change" not in answer.text
    if sees:
        assert 'href="/cluster/mill-cluster"' not in answer.text, "the cluster's page is not for a steering group"


def test_a_page_takes_the_same_few_statements_however_much_there_is(world: World, coordinator: Browser) -> None:
    with statements(world.walled) as few:
        coordinator.get(PLACE)
    for school in ("ford", "lock", "mill"):
        world.write(lambda book, school=school: book.say(f"{school}-school", Commitment.CONTINUES, TODAY), today=TODAY)
    world.write(lambda book: book.set_time(world.stages["One"], None, TODAY), today=TODAY)
    with statements(world.walled) as more:
        coordinator.get(PLACE)
    assert len(more) == len(few) <= 6


def test_a_cluster_without_programme_dates_or_schools_says_so(world: World) -> None:
    with world.store.writing() as session:
        alone = put.cluster(session, "Alone Cluster").id
    browser = Browser(world.walled, Reader("C", (Grant(Role.COORDINATOR, cluster_id=alone),), None, "coordinator"))
    words = browser.words("/cluster/alone-cluster/stages")
    assert "No stages are recorded. They are those of a programme, and this cluster belongs to none" in words
    assert "no start is recorded: when the agreement ends is not recorded." in words
    assert "No school is recorded as a member today." in words
