"""Bringing a plan in, in the browser: looked at side by side, stored behind the wall, undone if nothing rests on it."""

import hashlib
import html
import io
import re
from typing import Any, ClassVar, Final

import pytest
import sqlalchemy as sa
from flask import Blueprint
from werkzeug.test import TestResponse

from dashboard.access import EVERYTHING, Grant, Reader, reading, writing
from dashboard.db import Base, Store
from dashboard.models import Account, AuditEvent, Cluster, Evidence, ImportBatch, Target
from dashboard.plans.pages.bring_in import bring_in_pages
from dashboard.plans.pages.word import word_pages
from dashboard.vocabulary import EvidenceKind, Role
from tests import builders as put
from tests import plain_pages
from tests.plain_pages import BEHIND_THE_WALL
from tests.uploads import docx_file

pytestmark = BEHIND_THE_WALL

PAGE: Final = "/cluster/mill-cluster/plan/bring-in"
HEADINGS: Final = (
    "What we want", "Links to Aims", "Success Criteria", "Organisation/Expenditure", "Monitoring/Personnel",
    "Evaluation/Evidence", "Impact", "Next Steps/Future Targets",
)  # fmt: skip
ARTS: Final = (
    "* ARTS-SEPT19\nPut on an exhibition", "* Work together", "* Most schools hang a picture\n* One show (1 of 2)",
    "£50 from each school", "* Arts lead", "* Held in May <b>2020</b>", "* Pupils are proud", "* Do it again",
)  # fmt: skip
MUSIC: Final = ("* MUSIC-SEPT19\nSing together", *ARTS[1:])


class Browser(plain_pages.Browser):
    pages: ClassVar[tuple[Blueprint, ...]] = (bring_in_pages, word_pages)
    form_on = PAGE
    sent = b""

    def choose(self, *rows: tuple[str, ...], name: str = "plan.docx", year: str = "2019-20") -> TestResponse:
        data = docx_file(list(rows)).data if name.endswith(".docx") else b"\n".join(map(str.encode, rows[0]))
        return self.send(data, name, year)

    def send(self, data: bytes, name: str, year: str = "2019-20") -> TestResponse:
        self.sent = data
        form = {"csrf_token": self.token(), "year": year, "file": (io.BytesIO(data), name)}
        return self.client.post(PAGE, data=form, content_type="multipart/form-data")

    def again(self, shown: str, how: str, **said: str) -> TestResponse:
        """Press a button of a page that was shown, with everything that its form holds."""
        form = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', shown))
        for name, options in re.findall(r'name="(meaning-\d+)">(.*?)</select>', shown, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', options)
            form[name] = chosen[1] if chosen else ""
        written = {name: html.unescape(value) for name, value in form.items()}
        return self.client.post(f"{PAGE}/again", data={**written, "how": how, **said})


@pytest.fixture
def coordinator(store: Store) -> Reader:
    with store.writing() as session:
        mill = put.cluster(session, "Mill Cluster")
        put.target(session, put.cluster(session, "Weir Cluster"), "DECOY-SEPT19", year=2019)
        account = put.put(session, Account(email="c@mill.example.org", name="C", fs_uniquifier="c" * 32))
        return Reader("C", (Grant(Role.COORDINATOR, cluster_id=mill.id),), account.id, "coordinator")


@pytest.fixture
def browser(walled: Store, coordinator: Reader) -> Browser:
    return Browser(walled, coordinator)


def rows(store: Store, table: type[Base]) -> list[Any]:
    with reading(store, EVERYTHING) as session:
        found = list(session.scalars(sa.select(table).order_by(sa.literal_column("id"))))
        session.expunge_all()
        return found


def codes(store: Store) -> list[str]:
    return [each.code for each in rows(store, Target)]


def test_a_plan_of_other_headings_is_looked_at_stored_and_undone(browser: Browser, walled: Store) -> None:
    shown = browser.choose(HEADINGS, ARTS)
    assert (shown.status_code, "no column is known to hold the targets" in shown.text) == (422, True)
    assert "“What we want”" in shown.text
    shown = browser.again(shown.text, "look", **{"meaning-0": "target"})
    assert shown.status_code == 200
    assert "1 new and 0 changed of 1 target in the file; nothing is stored yet." in shown.text
    assert "“Most schools” asks for a number" in shown.text
    assert "Held in May &lt;b&gt;2020&lt;/b&gt;" in shown.text
    assert "<li>Work together</li>" in shown.text
    assert codes(walled) == ["DECOY-SEPT19"]
    stored = browser.again(shown.text, "store")
    assert stored.status_code == 303, stored.text
    done = browser.get(stored.location).text
    assert "“plan.docx” brought 1 new and 0 changed target into the plan of 2019-20" in done
    assert codes(walled) == ["DECOY-SEPT19", "ARTS-SEPT19"]
    (batch,) = rows(walled, ImportBatch)
    assert batch.mapping == {"columns": {"What we want": "target"}}
    assert batch.sha256 == hashlib.sha256(browser.sent).hexdigest(), "the digest of the file that was sent"
    (event,) = [each for each in rows(walled, AuditEvent) if each.action == "import"]
    assert (event.actor, event.batch_id) == ("coordinator", batch.id)

    second = browser.choose(HEADINGS, ARTS)
    assert "The plan says all of this already; there is nothing to store." in second.text, "the heading is known now"
    assert 'value="store"' not in second.text

    undone = browser.post(f"{stored.location}/undo")
    assert "The plan stands as it did before." in browser.get(undone.location).text
    assert codes(walled) == ["DECOY-SEPT19"]
    assert "was taken out again" in browser.get(stored.location).text
    assert browser.post(f"{stored.location}/undo").status_code == 303
    assert "only once" in browser.get(stored.location).text


def test_each_cell_is_marked_and_what_stands_is_beside_it(browser: Browser, walled: Store) -> None:
    head = ("Target", *HEADINGS[1:])
    first = browser.again(browser.choose(head, ARTS, MUSIC).text, "store")
    assert first.status_code == 303
    changed = (*ARTS[:2], "* Every school hangs a picture\n* One show (2 of 2)", *ARTS[3:6], "*", ARTS[7])
    shown = browser.choose(head, changed).text
    assert "0 new and 1 changed of 1 target" in shown
    assert "Not in the file, and left as it is: MUSIC-SEPT19" in shown
    marks = dict(re.findall(r'<th scope="row">([^<]+)</th>.*?data-head="Becomes">(.*?)</td>', shown, re.DOTALL))
    assert {name: re.sub(r"<[^>]+>", "", mark).strip() for name, mark in marks.items()} == {
        "Target": "As it is", "Links to Aims": "As it is", "Success Criteria": "Changed",
        "Organisation/Expenditure": "As it is", "Monitoring/Personnel": "As it is", "Evaluation/Evidence": "As it is",
        "Impact": "Changed", "Next Steps/Future Targets": "As it is",
    }  # fmt: skip
    assert "One show (1 of 2)" in shown
    assert "One show (2 of 2)" in shown
    assert "There is evidence but no impact" in shown


def test_what_somebody_changed_meanwhile_is_told_and_nothing_is_lost(browser: Browser, walled: Store) -> None:
    head = ("Target", *HEADINGS[1:])
    browser.again(browser.choose(head, ARTS).text, "store")
    shown = browser.choose(head, (*ARTS[:7], "* Something else")).text
    with writing(walled, EVERYTHING) as session:
        (arts,) = session.query(Target).filter_by(code="ARTS-SEPT19")
        arts.version += 1
    told = browser.again(shown, "store")
    assert (told.status_code, "has changed since you looked" in told.text) == (422, True)
    assert browser.again(told.text, "store").status_code == 303


def test_a_batch_on_which_something_rests_is_not_undone(browser: Browser, walled: Store) -> None:
    head = ("Target", *HEADINGS[1:])
    stored = browser.again(browser.choose(head, ARTS).text, "store").location
    with writing(walled, EVERYTHING) as session:
        (arts,) = session.query(Target).filter_by(code="ARTS-SEPT19")
        piece = Evidence(target_id=arts.id, position=9, text="Seen", kind=EvidenceKind.TEXT)
        put.put(session, piece)
    browser.post(f"{stored}/undo")
    assert "Nothing was taken out: later entries rest on" in browser.get(stored).text
    assert "ARTS-SEPT19" in codes(walled)


def test_what_cannot_be_read_says_what_to_do(browser: Browser, walled: Store) -> None:
    for data, name, words in (
        (
            b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text",
            "plan.odt",
            "save it as a Word document (.docx)",
        ),
        (b"%PDF-1.7", "plan.pdf", "from which no table can be read"),
        (b"Our plan\n\nWe will sing.", "plan.txt", "this is running text, not a table"),
        (b"", "plan.docx", "the file is empty"),
        (b"target,impact\nGo on,Better\n", "plan.csv", "put one such as GO-SEPT19 in the first line"),
    ):
        shown = browser.send(data, name)
        assert (shown.status_code, words in shown.text) == (422, True), name
        assert 'value="store"' not in shown.text
    assert browser.send(b"x", "plan.csv", year="1066-67").status_code == 422
    assert browser.client.post(PAGE, data={"csrf_token": browser.token(), "year": "2019-20"}).status_code == 422
    forged = browser.post(f"{PAGE}/again", carried="x|y|z.signed", year="2019-20", how="store")
    assert (forged.status_code, "Choose the file again" in forged.text) == (422, True)
    assert codes(walled) == ["DECOY-SEPT19"]


def test_pictures_are_left_behind_and_the_document_comes_out_again(browser: Browser) -> None:
    head = ("Target", *HEADINGS[1:])
    browser.again(browser.choose(head, ARTS).text, "store")
    answer = browser.get("/cluster/mill-cluster/plan/word?year=2019-20")
    assert answer.headers["Content-Disposition"] == "attachment; filename=plan-mill-cluster-2019-20.docx"
    assert "there is nothing to store" in browser.send(answer.data, "out.docx").text
    for path in ("plan/word?year=2018-19", "plan/word?year=then"):
        assert browser.get(f"/cluster/mill-cluster/{path}").status_code == 404


def test_others_plans_answer_as_those_that_are_not_there(browser: Browser, walled: Store, store: Store) -> None:
    stored = browser.again(browser.choose(("Target", *HEADINGS[1:]), ARTS).text, "store").location
    with store.reading() as session:
        weir = session.scalars(sa.select(Cluster.id).where(Cluster.slug == "weir-cluster")).one()
    stranger = Browser(walled, Reader("S", (Grant(Role.COORDINATOR, cluster_id=weir),), 99, "coordinator"))
    stranger.form_on = PAGE.replace("mill", "weir")
    for path in (PAGE, stored, "/cluster/mill-cluster/plan/word", "/cluster/nowhere/plan/word"):
        assert stranger.get(path).status_code == 404, path
    number = stored.rpartition("/")[2]
    assert stranger.get(f"/cluster/weir-cluster/plan/bring-in/{number}").status_code == 404
    assert stranger.post(f"{stored}/undo").status_code == 404
    steering = Browser(walled, Reader("G", (Grant(Role.STEERING, cluster_id=weir),), 98, "steering"))
    assert steering.get(PAGE).status_code == 403
    assert steering.get("/cluster/weir-cluster/plan/word?year=2019-20").status_code == 200
