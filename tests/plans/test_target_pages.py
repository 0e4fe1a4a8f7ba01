"""The pages of a target: who opens which, what they say, and that two people on one target lose nothing."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from io import BytesIO
from typing import Any, Final

import pytest
from werkzeug.test import TestResponse

from dashboard.access import Grant, Reader
from dashboard.db import Store
from dashboard.models import Criterion, Evidence, EvidenceFile, Target, TargetMeeting
from dashboard.plans.cell_text import read_lines
from dashboard.plans.commands.by_hand import CriterionSaid, EvidenceSaid, UpdateSaid, WordsSaid
from dashboard.plans.pages import target as target_module
from dashboard.plans.pages.target import Prompt, target_pages
from dashboard.plans.pages.target_parts import part_pages
from dashboard.vocabulary import Attempt, CriterionState, PlanCell, Role, TargetStatus
from tests import plain_pages
from tests.accounts.places import statements
from tests.plain_pages import BEHIND_THE_WALL
from tests.plans.target_world import ARTS, CELLS, PNG, World, make_world

pytestmark = BEHIND_THE_WALL
PAGE: Final = f"/cluster/mill-cluster/plan/{ARTS}"
OTHER: Final = f"/cluster/weir-cluster/plan/{ARTS}"
MET, NOT_MET, NO_EVIDENCE = CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE


class Browser(plain_pages.Browser):
    pages = (target_pages, part_pages)
    form_on = f"{PAGE}/words"


@pytest.fixture
def world(store: Store, walled: Store) -> World:
    return make_world(store, walled)


@pytest.fixture
def coordinator(world: World) -> Browser:
    return Browser(world.walled, world.coordinator)


def words(answer: TestResponse, status: int = 200) -> str:
    """What a page says, without its tags."""
    assert answer.status_code == status, answer.text
    main = answer.text.partition('<main id="page"')[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def typed(**said: Any) -> dict[str, Any]:
    """The form of the words, filled in as it stands."""
    cells = {f"cell_{cell}": CELLS.get(cell, "").replace(" (1 of 2)", "") for cell in PlanCell}
    return {"title": "Put on an exhibition", "due": "2017-02-10", "version": "1", **cells, **said}


def test_the_page_tells_a_coordinator_everything(world: World, coordinator: Browser) -> None:
    world.do(lambda desk: desk.attach(world.target, world.evidence[0], "hall.png", PNG))
    answer = coordinator.get(f"{PAGE}?year=2016-17")
    said = words(answer)
    for told in (
        "0 of 3 criteria are met; the last evidence is", "It was due on 10 February 2017", "In progress It follows",
        "1 of 2 meetings", "0 of 3 schools", "Lock School no evidence", "4 October 2016 First meeting held hall.png",
        "Evidence that shows no particular criterion not dated Families were told",
        "Nothing is written about its impact",
        "Levy £100 agreed, £50 paid", "agreed, no figure", "£123.45 spent, £10 promised", "from Polar Fund",
        "History 2 changes", "Bring up to date", "Links to Aims Work together",
    ):  # fmt: skip
        assert told in said, told
    for number in (1, 2, 3):
        assert f'id="criterion-{number}"' in answer.text
    assert f"/cluster/mill-cluster/ledger?target={world.target}" in answer.text
    assert "/cluster/mill-cluster/plan/reviews?year=2016-17" in answer.text
    assert words(coordinator.get(PAGE)) == said
    for wrong in ("?year=2017-18", "?year=soon"):
        assert coordinator.get(f"{PAGE}{wrong}").status_code == 404


def test_the_page_tells_a_headteacher_of_the_own_school_alone(world: World) -> None:
    world.do(lambda desk: desk.attach(world.target, world.evidence[0], "hall.png", PNG))
    said = CriterionSaid(per_school=True, ticks={world.schools[0]: MET, world.schools[1]: NOT_MET})
    world.do(lambda desk: desk.say_criterion(world.target, world.criteria[2], said, 2))
    head = Browser(world.walled, world.headteacher)
    answer = head.get(PAGE)
    told = words(answer)
    assert "Not met: 1 of 3 schools" in told
    assert "Ford School met" in told
    assert "First meeting held with a file" in told
    for secret in ("Lock School", "Weir School", "hall.png", "Polar Fund", "History", "Bring up to date", "Change"):
        assert secret not in told, secret
    assert "/cluster/mill-cluster/ledger" not in answer.text
    assert head.get(f"{PAGE}/evidence/{world.evidence[0]}/file").status_code == 404
    for path in ("/words", "/status", f"/criteria/{world.criteria[0]}", f"/evidence/{world.evidence[0]}"):
        assert head.get(f"{PAGE}{path}").status_code == 403
    assert head.client.post(PAGE, data={"next_step": "x"}).status_code in {400, 403}


def test_what_is_anothers_answers_like_what_is_not_there(world: World, coordinator: Browser) -> None:
    neighbour = Browser(world.walled, world.neighbour)
    pairs = [
        (coordinator, OTHER, "/cluster/nowhere/plan/ARTS-SEPT16"),
        (neighbour, PAGE, "/cluster/nowhere/plan/ARTS-SEPT16"),
        (coordinator, f"{OTHER}/words", f"{PAGE}-NOT/words"),
        (coordinator, f"{PAGE}/evidence/{world.other_evidence}", f"{PAGE}/evidence/999999"),
        (coordinator, f"{PAGE}/evidence/{world.other_evidence}/file", f"{PAGE}/evidence/999999/file"),
        (coordinator, f"{PAGE}/criteria/{world.criteria[-1] + 1}", f"{PAGE}/criteria/999999"),
        (coordinator, "/cluster/weir-cluster/plan/new", "/cluster/nowhere/plan/new"),
    ]
    for browser, one, other in pairs:
        answers = [browser.get(path) for path in (one, other)]
        assert [each.status_code for each in answers] == [404, 404], one
        assert answers[0].text == answers[1].text
    stranger = Browser(world.walled, world.stranger)
    for path, data in (
        ("", {"next_step": "x", "version": "1"}), ("/words", typed(title="x")),
        ("/status", {"status": "stalled", "reason": "x", "version": "1"}), ("/status/take-back", {"version": "1"}),
        ("/meetings", {"meetings": str(world.meetings[0])}), ("/put-into-plan", {}), ("/remove", {}),
        (f"/criteria/{world.criteria[0]}", {"state": "met", "version": "1"}),
        (f"/evidence/{world.evidence[0]}", {"text": "x", "version": "1"}),
        (f"/evidence/{world.evidence[0]}/take-out", {"version": "1"}),
        (f"/evidence/{world.evidence[0]}/file", {"file-file": (BytesIO(PNG), "a.png")}),
        (f"/evidence/{world.evidence[0]}/file/take-out", {}),
    ):  # fmt: skip
        assert stranger.post(f"{PAGE}{path}", f"{OTHER}/words", **data).status_code == 404, path
    assert {row.version for row in world.rows(Target)} == {1}
    assert {(event.object_kind, event.outcome) for event in world.events()} == {("plan", Attempt.REFUSED)}


@pytest.mark.parametrize("role", [Role.BURSAR, Role.ADMINISTRATOR])
def test_whoever_has_no_part_in_plans_is_refused(world: World, role: Role) -> None:
    reader = Reader("R", (Grant(role, cluster_id=world.mill),), None, str(role))
    assert Browser(world.walled, reader).get(PAGE).status_code == 403


def test_one_form_brings_it_up_to_date(world: World, coordinator: Browser) -> None:
    first, second, _ = world.criteria
    answer = coordinator.post(
        PAGE, PAGE, version="1", evidence="Twelve families came", dated="2017-02-20", about=str(first),
        next_step="Ask the museum", **{f"state_{first}": "met", f"reached_{second}": "2"},
    )  # fmt: skip
    assert answer.status_code == 303
    said = words(coordinator.get(answer.location))
    for told in (
        "The target is up to date.", "2 of 3 criteria are met", "Met: 2 of 2 meetings",
        "20 February 2017 Twelve families came", "Do it again Ask the museum",
    ):  # fmt: skip
        assert told in said, told
    again = coordinator.post(PAGE, PAGE, version="2", **{f"state_{first}": "met", f"reached_{second}": "2"})
    assert "Nothing was new" in words(coordinator.get(again.location))


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(world: World, coordinator: Browser) -> None:
    first, second, _ = world.criteria
    for field, value, sentence in (
        (f"reached_{second}", "two", "“two” is not a whole number"),
        (f"state_{first}", "perhaps", "Choose one of these."),
        ("dated", "soon", "“soon” is not a date"),
        ("dated", "2999-01-01", "is still to come"),
        ("about", "999999", "Choose one from the list."),
        ("evidence", "Families were told", "very same words"),
    ):
        given = {"evidence": "Seen", "dated": "2017-02-20", "next_step": "Kept words", field: value}
        answer = coordinator.post(PAGE, PAGE, version="1", **given)
        said = words(answer, 422)
        assert said.count(sentence) == 2
        assert "Kept words" in said
        assert 'id="update" open' in answer.text
    assert world.version == 1


def test_two_people_on_one_target_are_both_told(world: World, coordinator: Browser) -> None:
    first, second, third = world.criteria
    piece = world.evidence[0]
    world.do(lambda desk: desk.update(world.target, UpdateSaid({second: 2}, next_step="Theirs"), 1))
    mine: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
        "": (
            {"next_step": "Mine", f"reached_{second}": "0", f"state_{first}": "met"},
            ("Criterion 2: Two meetings held 2 0", "No evidence Met", "- Do it again - Theirs To be added: Mine"),
        ),
        "/words": (typed(cell_next_steps="- Mine"), ("Next Steps/Future Targets - Do it again - Theirs - Mine",)),
        "/status": ({"status": "stalled", "reason": "My reason"}, ("Status none said Stalled", "none My reason")),
        f"/criteria/{third}": (
            {"state": "", "per_school": "y", **{f"school_{number}": "met" for number in world.schools}},
            ("What is known No evidence It follows", "Ford School No evidence Met"),
        ),
        f"/evidence/{piece}": ({"text": "My words", "dated": ""}, ("Words First meeting held My words", "no day")),
    }  # fmt: skip
    for path, (data, told) in mine.items():
        answer = coordinator.post(f"{PAGE}{path}", f"{PAGE}{path}", **{**data, "version": "1"})
        said = words(answer, 409)
        assert "Nothing that you typed is lost" in said
        for each in told:
            assert each in said, each
        assert 'name="version" value="2"' in answer.text
    for path, data in (("/status/take-back", {}), (f"/evidence/{piece}/take-out", {})):
        answer = coordinator.post(f"{PAGE}{path}", **{**data, "version": "1"})
        assert "nothing of yours was stored" in words(coordinator.get(answer.location))
    assert world.version == 2
    # Whoever has seen theirs stores their own: theirs is not lost either.
    coordinator.post(PAGE, PAGE, **{**mine[""][0], "version": "2", f"reached_{second}": "2"})
    assert world.cell(PlanCell.NEXT_STEPS) == ["Do it again", "Theirs", "Mine"]


def test_all_that_differs_of_a_part_is_told(world: World, coordinator: Browser) -> None:
    second, piece = world.criteria[1], world.evidence[0]
    theirs = EvidenceSaid("First meeting held", None, None, "https://mill.example.org/one", Decimal("2.50"), "hours")
    world.do(lambda desk: desk.say_criterion(world.target, second, CriterionSaid(wanted=4, reached=1), 1))
    world.do(lambda desk: desk.change_evidence(world.target, piece, theirs, 2))
    mine = {"text": "First  meeting held", "dated": "2016-10-04", "about": str(second), "value": "", "unit": ""}
    said = words(coordinator.post(f"{PAGE}/evidence/{piece}", f"{PAGE}/evidence/{piece}", version="1", **mine), 409)
    for told in (
        "Day no day 4 October 2016", "Which criterion it shows nothing 2. Two meetings held",
        "Where it can be seen https://mill.example.org/one nothing", "Figure 2.5 hours nothing",
    ):  # fmt: skip
        assert told in said, told
    assert "Words First meeting held" not in said
    path = f"{PAGE}/criteria/{second}"
    mine = {"state": "met", "wanted": "3", "reached": "1", "per_school": "y"}
    ticks = {f"school_{number}": "no_evidence" for number in world.schools}
    said = words(coordinator.post(path, path, version="1", **mine, **ticks), 409)
    assert "What is known 1 of 4 Met How many are wanted 4 3 Each school has to meet it no yes" in said
    assert "How many are reached 1" not in said
    assert world.version == 3


def test_a_criterion_that_came_at_the_same_moment_is_asked_for_too(
    world: World, coordinator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = CELLS[PlanCell.CRITERIA].replace(" (1 of 2)", "") + "\n- One film shown\n- Two songs sung (0 of 2)"
    theirs = WordsSaid("Put on an exhibition", {PlanCell.CRITERIA: read_lines(cell)})
    write = target_module.write

    def late(*args: Any) -> Any:
        monkeypatch.setattr(target_module, "write", write)
        world.do(lambda desk: desk.put_words(world.target, theirs, 1))
        return write(*args)

    monkeypatch.setattr(target_module, "write", late)
    answer = coordinator.post(PAGE, PAGE, version="1", next_step="Mine", **{f"reached_{world.criteria[1]}": "2"})
    said = words(answer, 409)
    for told in ("4. One film shown", "5. Two songs sung", "To be added: Mine", "Two meetings held 1 2"):
        assert told in said, told
    kept = coordinator.post(PAGE, PAGE, version="2", next_step="Mine", **{f"reached_{world.criteria[1]}": "2"})
    assert kept.status_code == 303
    assert world.cell(PlanCell.NEXT_STEPS) == ["Do it again", "Mine"]


def test_the_words_are_changed_and_refused(world: World, coordinator: Browser) -> None:
    shown = coordinator.get(f"{PAGE}/words").text
    assert "- First meeting held\n- Families were told</textarea>" in shown
    bare = coordinator.post(f"{PAGE}/words", **typed(title=""))
    assert words(bare, 422).count("Give the target a title.") == 2
    bare = coordinator.post(f"{PAGE}/words", **typed(horizon="far"))
    assert "Choose one from the list." in words(bare, 422)
    same = coordinator.post(f"{PAGE}/words", **typed())
    assert "Nothing was different" in words(coordinator.get(same.location))
    long = "- Proud\r\n" + "x" * 15_000
    answer = coordinator.post(f"{PAGE}/words", **typed(cell_impact=long, horizon="short", review_on="2017-05-01"))
    said = words(coordinator.get(answer.location))
    assert "The words are stored." in said
    assert "Next review 1 May 2017 Horizon Short term" in said
    assert [line.bullet for line in world.now().cell_impact or ()] == [True, False]


def test_a_status_is_said_with_its_reason_and_taken_back(world: World, coordinator: Browser) -> None:
    bare = coordinator.post(f"{PAGE}/status", status="stalled", reason="", version="1")
    assert "Give the reason" in words(bare, 422)
    answer = coordinator.post(f"{PAGE}/status", status="stalled", reason="The hall is shut", version="1")
    said = words(coordinator.get(answer.location))
    assert (
        "■ Stalled Said by a person: The hall is shut. From its criteria and evidence it would be in progress." in said
    )
    answer = coordinator.post(f"{PAGE}/status/take-back", f"{PAGE}/status", version="2")
    assert "In progress It follows from the evidence" in words(coordinator.get(answer.location))
    assert world.now().own_status is None
    assert TargetStatus.STALLED not in {row.own_status for row in world.rows(Target)}


def test_a_criterion_of_each_school_is_ticked(world: World, coordinator: Browser) -> None:
    third, path = world.criteria[2], f"{PAGE}/criteria/{world.criteria[2]}"
    ticks = {f"school_{number}": "met" for number in world.schools}
    wrong = coordinator.post(path, version="1", state="", per_school="y", wanted="", reached="3", **ticks)
    assert "Say how many are wanted" in words(wrong, 422)
    answer = coordinator.post(path, version="1", state="", per_school="y", **ticks)
    assert answer.location.endswith("#criterion-3")
    assert "Met: 3 of 3 schools" in words(coordinator.get(answer.location))
    assert world.row(Criterion, third).state is MET
    # The number of a countable one goes on deciding when only the number is changed.
    second = f"{PAGE}/criteria/{world.criteria[1]}"
    assert re.search(r'<input checked[^>]*name="state"[^>]*value=""', coordinator.get(second).text)
    of_schools = {f"school_{number}": "no_evidence" for number in world.schools}
    coordinator.post(second, version="2", state="", wanted="2", reached="2", **of_schools)
    assert world.row(Criterion, world.criteria[1]).state is MET


def test_evidence_is_changed_gets_a_file_and_is_taken_out(world: World, coordinator: Browser) -> None:
    piece = world.evidence[0]
    path = f"{PAGE}/evidence/{piece}"
    for link in ("javascript:alert(1)", "https://example.org/a b", "https://example.org/(x)"):
        assert "begins with https://" in words(coordinator.post(path, version="1", text="x", link=link), 422)
    assert "is not a number" in words(coordinator.post(path, version="1", text="x", value="many"), 422)
    answer = coordinator.post(
        path, version="1", text="Meeting held", dated="2016-10-05", about="", value="25", unit="governors",
        link="https://example.org/minutes",
    )  # fmt: skip
    shown = coordinator.get(answer.location)
    assert "5 October 2016 Meeting held 25 governors Where it can be seen" in words(shown)
    assert 'href="https://example.org/minutes" rel="noopener noreferrer"' in shown.text
    wrong = coordinator.post(f"{path}/file", path, **{"file-file": (BytesIO(b"MZ\x90"), "photo.png")})
    assert "no PDF, PNG or JPEG" in words(wrong, 422)
    assert "Choose the file." in words(coordinator.post(f"{path}/file", path), 422)
    answer = coordinator.post(f"{path}/file", path, **{"file-file": (BytesIO(PNG), "Hall 2.jpeg")})
    assert "hall-2.png" in words(coordinator.get(answer.location))
    sent = coordinator.get(f"{path}/file")
    assert (sent.data, sent.mimetype) == (PNG, "image/png")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="hall-2.png"'
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    coordinator.post(f"{path}/file/take-out", path)
    assert world.rows(EvidenceFile) == []
    coordinator.post(f"{path}/take-out", path, version=str(world.version))
    assert piece not in {row.id for row in world.rows(Evidence)}


def test_meetings_drafts_and_a_new_target(world: World, coordinator: Browser) -> None:
    answer = coordinator.post(f"{PAGE}/meetings", meetings=str(world.meetings[0]))
    assert "Worked on at 4 October 2016 Last" in words(coordinator.get(answer.location))
    assert coordinator.post(f"{PAGE}/meetings", meetings=str(world.other_meeting)).status_code == 404
    assert [row.meeting_id for row in world.rows(TargetMeeting)] == [world.meetings[0]]
    refused = coordinator.post(f"{PAGE}/remove")
    assert "Only a draft is." in words(coordinator.get(refused.location))
    new = "/cluster/mill-cluster/plan/new"
    assert "Give the target a code." in words(coordinator.post(f"{new}?year=2017-18", new, title="x"), 422)
    made = coordinator.post(f"{new}?year=2017-18", new, **typed(code="arts-sept17"))
    assert made.location.endswith("/plan/ARTS-SEPT17?year=2017-18")
    assert "There is a target" in words(coordinator.post(f"{new}?year=2017-18", new, **typed(code="ARTS-SEPT17")), 422)
    with world.store.writing() as session:
        made_row = session.query(Target).filter_by(code="ARTS-SEPT17").one()
        made_row.draft, made_row.came_from_id = True, world.target
    draft = "/cluster/mill-cluster/plan/ARTS-SEPT17"
    assert "This is a draft." in words(coordinator.get(draft))
    assert "Went on as ARTS-SEPT17 : Put on an exhibition 2017-18, a draft" in words(coordinator.get(PAGE))
    assert Browser(world.walled, world.headteacher).get(draft).status_code == 404
    coordinator.post(f"{draft}/put-into-plan", draft)
    assert "Continues ARTS-SEPT16" in words(coordinator.get(draft))
    with world.store.writing() as session:
        session.query(Target).filter_by(code="ARTS-SEPT17").one().draft = True
    gone = coordinator.post(f"{draft}/remove", draft)
    assert gone.location == "/cluster/mill-cluster/plan?year=2017-18"
    assert coordinator.get(draft).status_code == 404


def test_prompts_stand_on_the_page(coordinator: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = (Prompt("How many are “most”?", "A criterion says “most” (2.8)."),)
    monkeypatch.setattr(target_module, "load_prompts", lambda *_: asked)
    assert "Questions, never a verdict. How many are “most”? A criterion says" in words(coordinator.get(PAGE))


def test_words_are_text_never_markup(world: World, coordinator: Browser) -> None:
    world.do(lambda desk: desk.update(world.target, UpdateSaid(evidence="<script>alert(1)</script>"), 1))
    shown = coordinator.get(PAGE).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_a_longer_plan_asks_no_more(world: World, coordinator: Browser) -> None:
    coordinator.get(PAGE)
    with statements(world.walled) as few:
        coordinator.get(PAGE)
    for number in range(5):
        said = UpdateSaid(evidence=f"Seen {number}", dated=date(2017, 1, 1 + number), about=world.criteria[0])
        world.do(lambda desk, said=said: desk.update(world.target, said, world.version))
    with statements(world.walled) as many:
        coordinator.get(PAGE)
    assert len(many) == len(few)
