"""The pages of the open figures: who opens which, what they say, what a form changes."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any, Final

import pytest
from werkzeug.test import TestResponse

from dashboard.access import Grant, Reader
from dashboard.benchmarks.open_book_pages import open_book_pages
from dashboard.benchmarks.pages import figure_pages
from dashboard.decisions.pages import decision_pages
from dashboard.models import AnsweredFigure, Benchmark, Decision, SchoolAlias
from dashboard.vocabulary import Attempt, Role
from tests import plain_pages
from tests.accounts.places import statements
from tests.benchmarks.world import SLUG, STANDS, World
from tests.plain_pages import BEHIND_THE_WALL

pytestmark = BEHIND_THE_WALL
PAGE: Final = f"/cluster/{SLUG}/open-figures"
LILLINGTON: Final = "lillington-primary-school"


class Browser(plain_pages.Browser):
    pages = (figure_pages, open_book_pages, decision_pages)
    form_on = PAGE

    def words(self, path: str = PAGE) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return plain(answer)


def plain(answer: TestResponse) -> str:
    main = answer.text.partition('<main id="page"')[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def rows_of(words: str, head: str, after: str) -> str:
    return words.partition(head)[2].partition(after)[0]


@pytest.fixture
def coordinator(world: World) -> Browser:
    return Browser(world.walled, world.coordinator)


# Who


@pytest.mark.parametrize("role", [Role.STEERING, Role.BURSAR, Role.ADMINISTRATOR])
def test_whoever_has_no_part_in_it_is_refused(world: World, role: Role) -> None:
    browser = Browser(world.walled, Reader("R", (Grant(role, cluster_id=world.cluster),)))
    answer = browser.get(PAGE)
    assert answer.status_code == 403
    assert "TOTAL" not in answer.text


def test_what_is_anothers_answers_like_what_is_not_there(world: World, coordinator: Browser) -> None:
    answers = [coordinator.get(f"/cluster/{slug}/open-figures") for slug in ("decoy-cluster", "nowhere")]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    for slug in ("decoy-cluster", "nowhere"):
        for path in ("names/decoy-school/confirm", "names/decoy-school/take-back", "decisions"):
            sent = coordinator.post(f"/cluster/{slug}/open-figures/{path}", **{"decoy-school-school": "decoy-school"})
            assert sent.status_code == 404, path
    assert (world.rows(SchoolAlias), world.rows(Decision)) == ([], [])
    assert {event.outcome for event in world.events()} == {Attempt.REFUSED}


def test_a_year_without_figures_is_nowhere(coordinator: Browser) -> None:
    for year in ("2010-11", "soon", ""):
        assert coordinator.get(f"{PAGE}?year={year}").status_code == 404
    assert coordinator.get(f"{PAGE}?year=2009-10&as=in-total").status_code == 200, "which cannot be made of these"


def test_a_guest_who_looks_only_sees_no_form(world: World) -> None:
    guest = Browser(world.walled, Reader("G", (Grant(Role.DIRECTOR),), looks_only=True))
    text = guest.get(PAGE).text
    assert "Netona" in text
    assert '<form class="narrow' not in text
    assert "name-form" not in text


# What it says


def test_the_page_lists_precisely_what_contradicts_and_which_names_want_a_person(coordinator: Browser) -> None:
    words = coordinator.words()
    found = rows_of(words, "What was printed stays as it is.", "Printed names of schools")
    assert re.findall(r"The sum is ([\d]+ \w+)\.|differs by (\S+ %)\.", found) == [
        ("1 short", ""), ("1 short", ""), ("1 short", ""), ("2 short", ""), ("100 over", ""),
        ("", "−28.8 %"), ("", "−36.0 %"), ("", "−33.6 %"),
    ]  # fmt: skip
    assert found.count("may be rounding") == 4
    assert found.count("Asked, not answered yet") == 6
    assert found.count("Nobody is asked: no member goes by this name") == 2, "Fircroft, Netona"
    assert "add up to 4,160; TOTAL INCOME is printed as 4,060. The sum is 100 over." in found
    names = rows_of(words, "Printed names of schools", "Decisions taken")
    assert re.findall(r"(\S+(?: [IJ])?) To confirm:", names) == [
        "Fircroft", "Lilington", "Cubbridge", "Telford I", "Telford J", "Netona",
    ]  # fmt: skip
    assert "Six printed names wait for a person to say whose." in words
    assert "six full, two partly filled (6 of 9 and 3 of 9), four empty. Unit: as printed. n = 9." in words
    assert words.count("not supplied by any school") == 4
    assert "Show as brought in" not in words, "no unit says pounds"


def test_what_a_blank_is_and_what_nought_is(world: World, coordinator: Browser) -> None:
    with world.store.writing() as session:
        row = session.query(Benchmark).filter_by(school_label="Milverton", measure="Careworkers - Pay & clothing").one()
        row.value = Decimal(0)
    cells = coordinator.get(PAGE).text
    assert '<td class="number" data-head="Milverton">0</td>' in cells
    assert '<td class="number missing" data-head="Fircroft">not supplied</td>' in cells


def test_pounds_are_shown_per_pupil_and_in_total_where_units_say_so(world: World, coordinator: Browser) -> None:
    with world.store.writing() as session:
        for row in session.query(Benchmark).filter_by(cluster_id=world.cluster):
            row.unit = "pounds per pupil" if row.measure != "number of pupils" else "count"
    assert "Show as brought in in total" in coordinator.words()
    words = coordinator.words(f"{PAGE}?as=in-total")
    assert "In total: pounds per pupil, multiplied by the number of pupils that the same table has" in words
    assert "349,872" in words, "Milverton: 3,152 × 111"
    assert "TOTAL INCOME pounds" not in words


def test_a_headteacher_sees_the_own_school_and_open_books_and_no_other_name_or_number(world: World) -> None:
    head = Browser(world.walled, world.head(LILLINGTON))
    words = head.words()
    assert "Your school’s figures of 2009-10; no other school’s are open to you." in words
    assert "Two printed figures contradict others, one by what may be rounding; none has been answered yet." in words
    assert "n = 1." in words
    others = ("Milverton", "Fircroft", "St Peters", "Our Lady", "Cubbridge", "Telford", "St Pauls", "Netona")
    assert not [name for name in others if name in words]
    for hidden in ("Printed names of schools", "Decisions taken", "ten", "nine schools"):
        assert hidden not in words
    world.open(LILLINGTON, "telford-infant-school")
    words = head.words()
    assert "beside those of one school whose book is open to you" in words
    assert "Telford I" in words
    assert not [name for name in others if name in words.replace("Telford", "")]
    contradictions = rows_of(words, "What was printed stays as it is.", "nothing")
    assert "Telford" not in contradictions, "it is asked at home"
    telford = next(each for each in world.found() if each.label == "Telford I")
    world.answer("telford-infant-school", telford, STANDS)
    assert "the school: it stands" in head.words()
    stranger = Browser(world.walled, world.head("decoy-school"))
    assert stranger.get(PAGE).status_code == 404
    decoy = Browser(world.walled, world.head("trinity-catholic-school"))
    assert "No figures have been brought in that are yours to see." in decoy.words()


def test_it_costs_no_query_per_row(coordinator: Browser, world: World) -> None:
    with statements(world.walled) as sent:
        coordinator.get(PAGE)
    assert len(sent) <= 12


# Names


def test_a_coordinator_confirms_a_name_and_takes_it_back(world: World, coordinator: Browser) -> None:
    before = coordinator.get(PAGE).text
    select = before.partition('id="netona-school"')[2].partition("</select>")[0]
    assert '<option selected value="">Choose</option>' in select, "nobody is chosen before a person does"
    sent = coordinator.post(
        f"{PAGE}/names/netona/confirm?year=2009-10", **{"netona-school": "brookhurst-primary-school"}
    )
    assert (sent.status_code, sent.location) == (303, f"{PAGE}?year=2009-10#names")
    words = coordinator.words()
    today = f"{date.today().day} {date.today():%B %Y}"
    assert f"Netona Brookhurst Primary School; confirmed by the coordinator, on {today} Take back" in words
    assert "Five printed names wait" in words
    head = Browser(world.walled, world.head("brookhurst-primary-school"))
    assert "The sum is 100 over." in head.words("/open-book")
    coordinator.post(f"{PAGE}/names/netona/take-back")
    assert "The confirmation is taken back." in coordinator.words()
    assert "No figures have been brought in that are yours" in head.words()
    coordinator.post(f"{PAGE}/names/fircroft/confirm", **{"fircroft-school": "+nobody"})
    assert "Fircroft no member’s name; confirmed by the coordinator" in coordinator.words()


@pytest.mark.parametrize("school", ["", "decoy-school", "nowhere", LILLINGTON])
def test_a_choice_that_cannot_be_is_refused_with_a_sentence(world: World, coordinator: Browser, school: str) -> None:
    sent = coordinator.post(f"{PAGE}/names/netona/confirm", **{"netona-school": school})
    assert sent.status_code == 422
    assert "There is a problem" in plain(sent)
    problem = "Choose a school of this cluster" if school != LILLINGTON else "already, printed as “Lilington”"
    assert problem in plain(sent)
    assert world.rows(SchoolAlias) == []
    assert coordinator.post(f"{PAGE}/names/nobody-here/confirm").status_code == 404


# Answers


def test_a_headteacher_answers_and_everybody_who_may_sees_it(world: World, coordinator: Browser) -> None:
    head = Browser(world.walled, world.head(LILLINGTON))
    words = head.words("/open-book")
    assert "Figures of Lillington Primary School to confirm" in words
    assert "TOTAL INCOME, 2009-10, printed under “Lilington”, unit: as printed" in words
    assert words.count("What is right") == 2
    across = next(each for each in world.found() if (each.label, each.check) == ("Lilington", "per pupil"))
    path = f"/open-book/{world.cluster}/{world.schools[LILLINGTON]}/figures/2009-10/{across.key}"
    fields = {"answer": "corrected", "value": "£6,360", "note": "The other is without the Nursery"}

    def send(**said: str) -> TestResponse:
        return head.post(path, "/open-book", **{f"{across.key}-{name}": value for name, value in said.items()})

    assert "Choose one of the answers." in plain(send())
    wrong = send(answer="corrected", value="lots")
    assert (wrong.status_code, "“lots” is not a number." in plain(wrong)) == (422, True)
    assert "Give the right figure" in plain(send(answer="corrected"))
    assert world.rows(AnsweredFigure) == []
    sent = send(**fields)
    assert (sent.status_code, sent.location) == (303, "/open-book#figures")
    shown = head.words("/open-book")
    assert "Your school’s answer: The right figure is 6,360 (answered on" in shown
    assert "The other is without the Nursery" in shown
    words = coordinator.words()
    assert "The right figure is 6,360 (answered on" in words
    assert "4,529 the school: 6,360" in words, "the printed figure stays"
    assert "seven not answered yet" in words
    assert rows_of(words, "What was printed stays", "Printed names").count("Asked, not answered yet") == 5


def test_what_is_asked_of_another_school_is_not_there(world: World) -> None:
    head = Browser(world.walled, world.head(LILLINGTON))
    telford = next(each for each in world.found() if each.label == "Telford I")
    mine, other = world.schools[LILLINGTON], world.schools["telford-infant-school"]
    tries = (
        (world.cluster, other, "2009-10"), (world.decoy, mine, "2009-10"), (999, mine, "2009-10"),
        (world.cluster, 999, "2009-10"), (world.cluster, mine, "2010-11"), (world.cluster, mine, "soon"),
    )  # fmt: skip
    for cluster, school, year in tries:
        path = f"/open-book/{cluster}/{school}/figures/{year}/{telford.key}"
        assert head.post(path, "/open-book", **{f"{telford.key}-answer": "stands"}).status_code == 404, path
    old = head.post(
        f"/open-book/{world.cluster}/{mine}/figures/2009-10/{telford.key}", "/open-book",
        **{f"{telford.key}-answer": "stands"},
    )  # fmt: skip
    assert (old.status_code, "These figures have changed since you opened the page." in plain(old)) == (422, True)
    assert world.rows(AnsweredFigure) == []


# Decisions


def decide(browser: Browser, **said: Any) -> TestResponse:
    given = {"decided_on": date.today().isoformat(), "words": "Buy in cleaners together", "shown": ["1-2"], **said}
    return browser.post(f"{PAGE}/decisions", **given)


def test_a_decision_is_kept_with_the_figures_as_they_were_shown(world: World, coordinator: Browser) -> None:
    assert "No decision has been noted" in coordinator.words()
    due = (date.today() + timedelta(30)).isoformat()
    sent = decide(coordinator, owner="business_managers", due_on=due)
    assert (sent.status_code, sent.location) == (303, f"{PAGE}#decisions")
    (row,) = world.rows(Decision)
    assert row.figures[0] == {
        "label": "TOTAL INCOME, Milverton", "value": "3,184 (may be rounding)", "unit": "as printed",
    }  # fmt: skip
    assert len(row.figures) == 10
    assert (row.about, row.year, row.noted_as, row.noted_by_id) == (
        "open book", 2009, "coordinator", world.coordinator.account_id,
    )  # fmt: skip
    with world.store.writing() as session:
        session.query(Benchmark).filter_by(school_label="Milverton", measure="TOTAL INCOME").one().value = Decimal(3183)
    words = coordinator.words()
    assert "Buy in cleaners together School business managers to see to it, by" in words
    assert "The figures on which it was taken (10)" in words
    assert "TOTAL INCOME, Milverton 3,184 (may be rounding) as printed" in words, "as it stood then"
    assert coordinator.post(f"/cluster/{SLUG}/decisions/{row.id}/done").location == f"{PAGE}?year=2009-10#decisions"
    assert "Done on" in coordinator.words()
    coordinator.post(f"/cluster/{SLUG}/decisions/{row.id}/undone")
    assert "Done on" not in coordinator.words()


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"words": " "}, "Say in a sentence or two what was decided."),
        ({"decided_on": "soon"}, "“soon” is not a date"),
        ({"decided_on": "2199-01-01"}, "cannot be the day of the decision"),
        ({"shown": []}, "Choose at least one row of figures"),
        ({"shown": ["9-9"]}, "Choose at least one row of figures"),
        ({"owner": "somebody"}, "Choose who sees to it from the list."),
        ({"due_on": "2001-01-01"}, "is not within five years after the decision"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_with_a_sentence(
    world: World, coordinator: Browser, said: dict[str, Any], problem: str
) -> None:
    sent = decide(coordinator, **said)
    assert (sent.status_code, problem in plain(sent)) == (422, True)
    assert world.rows(Decision) == []


def test_who_may_note_and_who_may_read_decisions(world: World) -> None:
    decide(Browser(world.walled, world.coordinator))
    grant = Grant(Role.ADVISOR, programme_id=world.director.grants[0].programme_id)
    advisor = Browser(world.walled, Reader("A", (grant,)))
    words = advisor.words()
    assert "Buy in cleaners together" in words
    assert "Note a decision" not in words
    head = Browser(world.walled, world.head(LILLINGTON))
    assert "Buy in" not in head.words()
    for browser in (advisor, head):
        page = "/open-book" if browser is head else PAGE
        sent = browser.post(f"{PAGE}/decisions", page, words="x") if browser is head else None
        assert sent is None or sent.status_code == 403
    stranger = Browser(world.walled, world.stranger)
    (row,) = world.rows(Decision)
    sent = stranger.post(f"/cluster/{SLUG}/decisions/{row.id}/done", "/cluster/decoy-cluster/open-figures")
    assert sent.status_code == 404
    assert stranger.post(
        f"/cluster/decoy-cluster/decisions/{row.id}/done", "/cluster/decoy-cluster/open-figures"
    ).status_code == 404  # fmt: skip
    assert world.rows(Decision)[0].done_on is None
