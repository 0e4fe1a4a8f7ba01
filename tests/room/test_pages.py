"""What the screen's script asks, the page of decisions, the minutes: who gets them, what they hold, sent twice."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any, Final

import docx
import pytest
import sqlalchemy as sa
from docx.oxml.ns import qn

from dashboard.access import Grant, Object, Reader
from dashboard.audit import COMMAND_LINE, record
from dashboard.db import Store
from dashboard.decisions.pages import decision_pages
from dashboard.models import AuditEvent, Decision, Meeting
from dashboard.room.pages import room_pages
from dashboard.vocabulary import Attempt, CriterionState, DecisionKind, Mark, MeetingKind, Role, UseCode
from tests import builders as put
from tests import plain_pages
from tests.plain_pages import BEHIND_THE_WALL

pytestmark = BEHIND_THE_WALL
TODAY: Final = date.today()
HELD: Final = date(2017, 3, 8)
SCREEN: Final = "/screen/mill-cluster"
PAGE: Final = "/cluster/mill-cluster/decisions"
SENT: Final = {
    "kind": "action",
    "words": "Buy the reading books together",
    "owner": "bursar",
    "due_on": "",
    "about": "attendance",
    "year": "2016-17",
    "decided_on": TODAY.isoformat(),
    "sent_as": "a1b2c3d4e5",
}


class Browser(plain_pages.Browser):
    pages = (decision_pages, room_pages)
    form_on = f"{SCREEN}/notes?year=2016-17"

    def words(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@dataclass(frozen=True)
class World:
    store: Store
    walled: Store
    cluster: int
    decoy: int

    def reader(self, role: Role = Role.COORDINATOR, **said: Any) -> Reader:
        cluster = None if role is Role.HEADTEACHER else self.cluster
        return Reader("R", (Grant(role, cluster_id=cluster),), known_as=str(role), **said)

    def browser(self, role: Role = Role.COORDINATOR, **said: Any) -> Browser:
        return Browser(self.walled, self.reader(role, **said))

    def rows(self) -> list[Decision]:
        with self.store.reading() as session:
            return list(session.scalars(sa.select(Decision).order_by(Decision.id)))


@pytest.fixture
def world(store: Store) -> Iterator[World]:
    with store.writing() as session:
        mill, decoy = put.cluster(session, "Mill Cluster"), put.cluster(session, "Decoy Cluster")
        for of, marks in ((mill, (Mark.PRESENT, Mark.ABSENT)), (decoy, (Mark.PRESENT, Mark.PRESENT))):
            for name, mark in zip(("Ford", "Weir"), marks, strict=True):
                member = put.school(session, f"{name} School of {of.slug}", within=of)
                held = session.scalar(sa.select(Meeting).where(Meeting.cluster_id == of.id))
                put.mark(session, held or put.meeting(session, of, HELD), member, mark)
            put.allocation(session, of, 90_000)
            put.line(session, of, 5_000, use=UseCode.A1)
            put.target(session, of, "ART", criteria=(CriterionState.MET, CriterionState.NO_EVIDENCE))
            put.meeting(session, of, TODAY + timedelta(30), MeetingKind.STEERING_GROUP)
            put.put(session, Decision(
                cluster_id=of.id, decided_on=HELD, words=f"Meet in {of.slug}", about="meeting", noted_as="x",
                due_on=HELD + timedelta(7), owner="chair", figures=[{"label": "Came", "value": "1 of 2", "unit": "s"}],
            ))  # fmt: skip
            put.put(session, Decision(
                cluster_id=of.id, decided_on=HELD - timedelta(30), words=f"Ask about {of.slug}", about="money",
                noted_as="x", done_on=HELD + timedelta(1), kind=DecisionKind.ACTION,
            ))  # fmt: skip
        numbers = mill.id, decoy.id
    with Store(store.engine.url.render_as_string(hide_password=False)) as walled:
        yield World(store, walled, *numbers)


def test_a_note_is_kept_with_the_figures_of_its_panel_and_sent_twice_it_is_kept_once(world: World) -> None:
    browser = world.browser(Role.STEERING)
    answers = [browser.post(f"{SCREEN}/notes", **SENT) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    (row,) = [each for each in world.rows() if each.sent_as]
    assert (row.kind, row.about, row.owner, row.year, row.cluster_id, row.decided_on) == (
        DecisionKind.ACTION, "attendance", "bursar", 2016, world.cluster, TODAY,
    )  # fmt: skip
    assert row.figures == [
        {"label": "Schools that came on 8 March 2017", "value": "1 of 2", "unit": "schools"},
        {"label": "Attendance in 2016-17", "value": "50 % (1 of 2)", "unit": "meetings come to, of those expected"},
    ]
    with world.store.reading() as session:
        noted = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.object_kind == "decision")).all()
    assert noted == ["note"]
    assert "Buy the reading books together" in browser.words(f"{SCREEN}/notes?year=2016-17")


@pytest.mark.parametrize(
    ("about", "kept"),
    [
        ("money", {"Part A, held by the lead school: spent": "£50", "Part A, held by the lead school: committed": "£0",
                   "Part A, held by the lead school: left to spend": "£850"}),
        ("plan", {"Success criteria met": "1 of 2", "Targets without evidence": "1 of 1"}),
        ("meeting", {"Decisions and actions still open": "1", "Of them overdue": "1"}),
    ],
)  # fmt: skip
def test_each_panel_has_its_own_figures(world: World, about: str, kept: dict[str, str]) -> None:
    world.browser().post(f"{SCREEN}/notes", **{**SENT, "about": about})
    assert {each["label"]: each["value"] for each in world.rows()[-1].figures or ()} == kept


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words": " "}, "words"), ({"words": "x" * 1001}, "words"), ({"owner": "Jo Bloggs"}, "owner"),
        ({"due_on": "soon"}, "due_on"), ({"due_on": "2001-01-01"}, "due_on"), ({"about": "open book"}, "about"),
        ({"sent_as": ""}, "sent_as"), ({"sent_as": "<b>"}, None), ({"decided_on": "1999-12-31"}, "decided_on"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_and_not_kept(world: World, wrong: dict[str, str], field: str | None) -> None:
    before = len(world.rows())
    answer = world.browser().post(f"{SCREEN}/notes", **{**SENT, **wrong})
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert answer.json["sentence"]
    assert len(world.rows()) == before


def test_a_clock_that_is_ahead_puts_no_note_off(world: World) -> None:
    answer = world.browser().post(f"{SCREEN}/notes", **{**SENT, "decided_on": (TODAY + timedelta(1)).isoformat()})
    assert (answer.status_code, world.rows()[-1].decided_on) == (201, TODAY)


def test_a_rooms_link_and_a_guest_note_nothing_and_see_no_form(world: World) -> None:
    for reader in (
        world.reader(Role.STEERING, looks_only=True, sees_only=Object.SCREEN),
        world.reader(Role.STEERING, looks_only=True),
        world.reader(Role.ADVISOR),
        world.reader(Role.HEADTEACHER),
    ):
        browser = Browser(world.walled, reader)
        assert browser.get(f"{SCREEN}/notes").status_code == 403
        token = world.browser().token()
        assert browser.client.post(f"{SCREEN}/notes", data={**SENT, "csrf_token": token}).status_code in {400, 403}
    assert not [each for each in world.rows() if each.sent_as]


def test_the_pulse_is_another_one_after_each_change_and_tells_a_link_too(world: World) -> None:
    link = Browser(world.walled, world.reader(Role.STEERING, looks_only=True, sees_only=Object.SCREEN))

    def pulse() -> str:
        answer = link.get(f"{SCREEN}/pulse")
        assert answer.json["day"] == TODAY.isoformat()
        return str(answer.json["version"])

    seen = [pulse()]
    with world.store.writing() as session:
        record(session, COMMAND_LINE, "change", "meeting", 1, cluster_id=world.decoy)
        record(session, COMMAND_LINE, "see", "screen", 1, cluster_id=world.cluster, outcome=Attempt.REFUSED)
        record(session, COMMAND_LINE, "add", "account", 1)
    assert pulse() == seen[0], "what is another's, refused or about people changes nothing that is shown"
    for said in ({"cluster_id": world.cluster}, {}):
        with world.store.writing() as session:
            record(session, COMMAND_LINE, "change", "batch" if not said else "meeting", 1, **said)
        seen.append(pulse())
    assert len(set(seen)) == 3
    for slug in ("decoy-cluster", "nowhere"):
        assert link.get(f"/screen/{slug}/pulse").status_code == 404
    assert Browser(world.walled, None).get(f"{SCREEN}/pulse").status_code == 302


def test_the_page_lists_all_and_chooses_by_its_address(world: World) -> None:
    browser = world.browser()
    assert "Two are listed; one is open, one of them overdue." in browser.words(PAGE)
    assert "decoy" not in browser.words(PAGE)
    for asked, there, not_there in (
        ("?state=overdue", "Meet in", "Ask about"), ("?state=open&kind=decision", "Meet in", "Ask about"),
        ("?state=done", "Ask about", "Meet in"), ("?kind=action", "Ask about", "Meet in"),
        ("?about=money", "Ask about", "Meet in"),
    ):  # fmt: skip
        words = browser.words(f"{PAGE}{asked}")
        assert there in words, asked
        assert not_there not in words, asked
    assert "None is as you chose" in browser.words(f"{PAGE}?about=plan")
    assert "are listed" in browser.words(f"{PAGE}?kind=nonsense")
    assert browser.get("/cluster/decoy-cluster/decisions").status_code == 404


def test_the_page_takes_a_note_and_ticks_it(world: World) -> None:
    browser = world.browser()
    given = {"decided_on": TODAY.isoformat(), "kind": "action", "about": "plan", "owner": "", "due_on": ""}
    assert browser.post(PAGE, page=PAGE, words="", **given).status_code == 422
    assert browser.post(PAGE, page=PAGE, words="Write the plan", **given).status_code == 303
    row = world.rows()[-1]
    assert (row.words, row.kind, row.about) == ("Write the plan", DecisionKind.ACTION, "plan")
    answer = browser.post(f"{PAGE}/{row.id}/done", page=PAGE)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#decisions")
    assert world.rows()[-1].done_on == TODAY
    reads = world.browser(Role.STEERING, looks_only=True).get(PAGE)
    assert "Note it" not in reads.text
    assert "/done" not in reads.text


def test_the_minutes_hold_what_the_store_holds(world: World) -> None:
    answer = world.browser(Role.STEERING).get(f"/cluster/mill-cluster/minutes.docx?on={HELD}")
    assert answer.headers["Content-Disposition"] == "attachment; filename=minutes-mill-cluster-2017-03-08.docx"
    document = docx.Document(io.BytesIO(answer.data))
    assert (document.core_properties.language, document.core_properties.title) == (
        "en-GB", "Mill Cluster: minutes of 8 March 2017",
    )  # fmt: skip
    heads = [each.text for each in document.paragraphs if each.style.name.startswith("Heading")]
    assert heads == ["Who came", "Decisions and actions", "Open from before", "Next meetings"]
    assert "Cluster meeting: one of two schools came (1 of 2)." in [each.text for each in document.paragraphs]
    came, noted, before, coming = ([[cell.text for cell in row.cells] for row in each.rows] for each in document.tables)
    assert came == [
        ["School", "Mark"], ["Ford School of mill-cluster", "● present"], ["Weir School of mill-cluster", "■ absent"],
    ]  # fmt: skip
    assert noted[1] == ["Decision", "Meet in mill-cluster", "Chair", "15 March 2017", "Came: 1 of 2"]
    assert before[1] == ["Action", "Ask about mill-cluster", "nobody named", "no day named", "6 February 2017"]
    assert coming[1][1] == "Steering group"
    assert all(each.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for each in document.tables)
    assert b"decoy" not in answer.data


def test_minutes_of_made_up_marks_say_so_and_of_no_day_there_are_none(world: World) -> None:
    with world.store.writing() as session:
        of = session.get_one(Meeting, session.scalars(sa.select(Meeting.id).where(Meeting.held_on == HELD)).first())
        put.put(session, Decision(cluster_id=of.cluster_id, decided_on=HELD, words="x", about="plan", noted_as="x"))
        session.execute(sa.text("UPDATE school_mark SET illustrative = true"))
    browser, address = world.browser(), "/cluster/mill-cluster/minutes.docx"
    answer = browser.get(f"{address}?on={HELD}")
    assert "-illustrative.docx" in answer.headers["Content-Disposition"]
    assert any(each.text.startswith("Illustrative") for each in docx.Document(io.BytesIO(answer.data)).paragraphs)
    assert [browser.get(f"{address}?on={on}").status_code for on in ("2017-03-09", "yesterday", "")] == [404] * 3
    assert browser.get(address).status_code == 200, "the last day on which something was noted"
    assert browser.get("/cluster/decoy-cluster/minutes.docx").status_code == 404
