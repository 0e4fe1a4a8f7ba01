"""The pages of self-evaluation behind the wall: who opens which, what they say, and what a form changes."""

import re
from html import unescape
from typing import Any, Final

import pytest
from werkzeug.test import TestResponse

from dashboard.access import Grant, Reader
from dashboard.evaluation import pages
from dashboard.evaluation.checks import NoteSaid
from dashboard.models import CollaborationNote
from dashboard.vocabulary import NoteKind, Role
from tests import builders as put
from tests import plain_pages
from tests.accounts.places import statements
from tests.evaluation.test_queries import fill
from tests.evaluation.world import IMPROVE, SO_SO, WELL, YEAR, World
from tests.plain_pages import BEHIND_THE_WALL

pytestmark = BEHIND_THE_WALL
AT: Final = "/cluster/mill-cluster/evaluation"
PAGE: Final = f"{AT}?year=2016-17"
OWN: Final = f"{AT}/schools/ford-school?year=2016-17"
NEW: Final = f"{AT}/notes/new?year=2016-17"


class Browser(plain_pages.Browser):
    pages = (pages.pages,)
    form_on = NEW


def plain(answer: TestResponse) -> str:
    assert answer.status_code in {200, 422}, answer.text
    main = answer.text.partition('<main id="page"')[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def coordinator(world: World) -> Browser:
    return Browser(world.walled, world.coordinator)


@pytest.fixture
def head(world: World) -> Browser:
    return Browser(world.walled, world.head)


def lines(*said: tuple[str, str, str]) -> dict[str, Any]:
    return {
        f"{name}_{place}": value
        for place, each in enumerate(said)
        for name, value in zip(("area", "answer", "note"), each, strict=True)
    }


def seen(browser: Browser, page: str = OWN) -> str:
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]*)"', browser.get(page).text)
    assert found is not None
    return found[1]


def test_whoever_runs_the_cluster_sees_which_schools_share_which_need(world: World, coordinator: Browser) -> None:
    fill(world)
    words = plain(coordinator.get(PAGE))
    for told in (
        "Two of three schools that answered want to improve “Writing”; they could learn from Weir School, where it",
        "Three of four schools have answered.",
        "Area Want to improve Dam Ford Lock Weir",
        "Writing 2 of 3 that answered – nothing said ▲ improve ▲ improve ● well",
        "○ Not yet : Dam School",
        "● Answered three areas: Ford School",
        "Nothing is noted yet of what went well",
    ):  # fmt: skip
        assert told in words, words
    assert "Decoy" not in words
    assert words.index("Writing 2 of 3") < words.index("Secret worry 1 of 1") < words.index("Maths 0 of 2")


def test_a_headteacher_sees_the_own_answers_and_numbers(world: World, head: Browser) -> None:
    fill(world)
    answer = head.get(PAGE)
    words = plain(answer)
    for told in (
        "Three of four schools have answered.",
        "Writing ▲ Want to improve Two of three schools that answered want to improve it, yours among them.",
        "Maths ● Works well Too few schools have answered to say how many see it alike.",
    ):
        assert told in words, words
    assert not re.search("Lock School|Weir School|Dam School|Secret worry|Music|learn from|Decoy", answer.text)
    assert "Writing" in head.get(OWN).text
    assert "Secret worry" not in head.get(OWN).text
    for school in ("lock-school", "decoy-school", "nowhere"):
        assert head.get(f"{AT}/schools/{school}?year=2016-17").status_code == 404


def test_an_area_of_enough_other_schools_is_told_in_numbers(world: World, head: Browser) -> None:
    for school, said in (("lock", IMPROVE), ("weir", IMPROVE), ("dam", SO_SO)):
        world.answer(("Music", said), school=f"{school}-school", reader=world.coordinator)
    words = plain(head.get(PAGE))
    assert "Music: Two want to improve it and one so so, of three schools that answered on it." in words
    assert "Your school has not answered for 2016-17 yet. That counts as nothing said, not as “so so”." in words


def test_a_form_of_more_areas_than_fit_holds_all_of_the_school_itself(world: World, coordinator: Browser) -> None:
    for school in ("lock", "weir"):
        said = ((f"{school} {number}", WELL) for number in range(40))
        world.answer(*said, school=f"{school}-school", reader=world.coordinator)
    form = coordinator.get(f"{AT}/schools/weir-school?year=2016-17")
    assert {f"weir {number}" for number in range(40)} <= set(re.findall(r"<legend>([^<]*)</legend>", form.text))
    assert form.text.count("<legend>Another area</legend>") == 3


def test_what_is_made_up_is_said_to_every_reader(world: World, coordinator: Browser, head: Browser) -> None:
    with world.store.writing() as session:
        mill = session.get_one(put.Cluster, world.mill)
        for name in ("lock", "weir", "dam"):
            row = put.self_evaluation(session, mill, session.get_one(put.School, world.schools[name]), "Music", WELL)
            row.illustrative = True
        put.note(session, mill, "timing").illustrative = True
    world.answer(("Maths", WELL))
    for browser in (coordinator, head):
        words = plain(browser.get(PAGE))
        assert "Some of these answers are illustrative" in words
        assert "Some of these notes are illustrative" in words
    weir, ford = (plain(coordinator.get(f"{AT}/schools/{name}-school?year=2016-17")) for name in ("weir", "ford"))
    assert "Some of these answers are illustrative" in weir
    assert "illustrative" not in ford, "they are the school's own"


def test_pages_of_nothing_say_so(world: World, coordinator: Browser, head: Browser) -> None:
    assert "No school has answered for 2016-17." in plain(coordinator.get(PAGE))
    assert "None of four schools has answered yet." in plain(head.get(PAGE))
    assert "Nothing is noted yet" in plain(head.get(f"{AT}?year=never"))


def test_whoever_has_no_part_in_it_is_refused(world: World) -> None:
    for role in (Role.STEERING, Role.BURSAR, Role.ADMINISTRATOR):
        reader = Reader("R", (Grant(role, cluster_id=world.mill),), None, str(role))
        assert {Browser(world.walled, reader).get(path).status_code for path in (PAGE, OWN, NEW)} == {403}


def test_what_is_anothers_answers_like_what_is_not_there(world: World, coordinator: Browser, head: Browser) -> None:
    decoys, nobodys = "/cluster/decoy-cluster/evaluation", "/cluster/nowhere/evaluation"
    for theirs, nothing in (
        (decoys, nobodys), (f"{decoys}/schools/decoy-school", f"{nobodys}/schools/nowhere"),
        (f"{AT}/schools/decoy-school", f"{AT}/schools/nowhere"), (f"{decoys}/notes/new", f"{nobodys}/notes/new"),
        (f"{AT}/notes/{world.decoy_note}", f"{AT}/notes/999"),
    ):  # fmt: skip
        answers = [coordinator.get(path) for path in (theirs, nothing)]
        assert [each.status_code for each in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    for cluster in ("mill-cluster", "nowhere", "mill-cluster%00"):
        there = f"/cluster/{cluster}/evaluation/notes/{world.decoy_note}/remove"
        assert coordinator.post(there).status_code == 404
    for path in (NEW, f"{AT}/notes/{world.decoy_note}"):
        assert head.get(path).status_code == 404, "notes are of those who run the cluster"
    assert head.post(f"{AT}/notes/{world.decoy_note}/remove", OWN).status_code == 404
    assert len(world.rows(CollaborationNote)) == 1


def test_a_headteacher_answers_and_nobody_writes_over_what_they_did_not_see(
    world: World, head: Browser, coordinator: Browser
) -> None:
    first = seen(head)
    said = lines(("Writing", "want_to_improve", "Above all in Year 4"), ("", "", ""), ("Music", "works_well", ""))
    assert head.post(OWN, OWN, seen=first, **said).status_code == 303
    assert world.kept() == {("ford", "Writing"): "want_to_improve", ("ford", "Music"): "works_well"}
    late = coordinator.post(OWN, OWN, seen=first, **lines(("Writing", "so_so", "Typed by the coordinator")))
    words = plain(late)
    assert late.status_code == 422
    assert "Somebody stored other answers of this school meanwhile." in words
    assert "Writing: want to improve – Above all in Year 4" in words, "what stands there now"
    assert "Typed by the coordinator" in late.text, "and what was sent"
    (again,) = re.findall(r'name="seen"[^>]*value="([0-9a-f]*)"', late.text)
    assert coordinator.post(OWN, OWN, seen=again, **lines(("Writing", "so_so", ""))).status_code == 303
    assert world.kept()["ford", "Writing"] == "so_so"
    assert head.post(OWN, OWN, seen=seen(head), **lines(("Writing", "", ""))).status_code == 303
    assert world.kept() == {("ford", "Music"): "works_well"}


def test_what_is_wrong_is_said_and_nothing_is_stored(world: World, head: Browser) -> None:
    for said, told in (
        (("", "so_so", ""), "Name the area that this answer is about."),
        (("Writing", "", "A note"), "Choose an answer for “Writing”, or take the note out."),
        (("Writing", "perhaps", ""), "Choose one of the three answers, or that nothing is said."),
    ):
        answer = head.post(OWN, OWN, seen=seen(head), **lines(("Maths", "works_well", ""), said))
        assert answer.status_code == 422
        assert told in plain(answer)
    assert world.kept() == {}


def noted(browser: Browser, page: str) -> str:
    """The sign that the form of a note sends."""
    (found,) = re.findall(r'name="seen"[^>]*value="([0-9a-f]*)"', browser.get(page).text)
    return str(found)


def test_a_note_is_added_changed_and_taken_out(world: World, coordinator: Browser) -> None:
    sent = {"kind": "barrier", "tag": "timing", "words": "In the week of <tests>", "year": "2015-16"}
    assert coordinator.post(NEW, **sent).status_code == 303
    (row,) = [each for each in world.rows(CollaborationNote) if each.cluster_id == world.mill]
    page = f"{AT}/notes/{row.id}"
    assert "In the week of &lt;tests&gt;" in coordinator.get(page).text
    assert '<option value="timing">' in coordinator.get(NEW).text, "tags used before are proposed"
    first = noted(coordinator, page)
    with_project = sent | {"project": str(world.project), "seen": first}
    assert coordinator.post(page, page, **with_project).status_code == 303
    # Who opened it before that is told what stands there now, and what was typed is still there.
    late = coordinator.post(page, page, **(with_project | {"words": "Typed late"}))
    assert "Somebody changed this note meanwhile." in plain(late)
    assert "What is stored now Got in the way, timing: In the week of <tests> (Stars)" in plain(late)
    assert "Typed late" in late.text
    sent["seen"] = noted(coordinator, page)
    for more, told in (
        ({"tag": ""}, "Give it a tag of a word or two"),
        ({"words": " "}, "Say in a sentence"),
        ({"year": "2090-91"}, "Choose one from the list."),
        ({"project": str(world.decoy_project)}, "Choose one from the list."),
    ):
        assert told in plain(coordinator.post(page, page, **(sent | more)))
    assert coordinator.post(f"{page}/remove", page).status_code == 303
    assert len(world.rows(CollaborationNote)) == 1


def test_what_comes_back_is_told_with_its_words_to_those_who_run_the_cluster(
    world: World, coordinator: Browser, head: Browser
) -> None:
    with world.store.writing() as session:
        mill = session.get_one(put.Cluster, world.mill)
        for year in (2014, 2016):
            put.note(session, mill, "timing", year=year, words=f"Words of {year}")
        put.note(session, mill, "size", year=2015)
        put.note(session, mill, "links", NoteKind.POSITIVE, year=2016)
    world.write(lambda book: book.add(YEAR, NoteSaid(NoteKind.BARRIER, "timing", "Said twice", world.project)))
    words = plain(coordinator.get(PAGE))
    assert "What got in the way in two of three years: timing." in words
    assert "Words of 2014 2014-15" in words
    assert "Said twice 2016-17, Stars" in words
    assert re.search("■ timing .* 1 – none 2 2 of 3", words)
    told = head.get(PAGE)
    assert "■ timing 1 – none 2 2 of 3" in plain(told)
    assert not re.search("Words of|Said twice|Stars|Change", told.text.partition('id="together"')[2])


def test_the_page_asks_as_often_for_many_answers_as_for_one(world: World, coordinator: Browser) -> None:
    world.answer(("Writing", WELL))
    coordinator.get(PAGE)
    counts = []
    for areas in (("A",), ("B", "C", "D")):
        for area in areas:
            for school in ("ford", "lock", "dam"):
                world.answer((area, WELL), school=f"{school}-school", reader=world.coordinator)
        with statements(world.walled) as sent:
            coordinator.get(PAGE)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 12
