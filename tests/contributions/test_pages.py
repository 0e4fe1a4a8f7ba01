"""The pages of contributions: who opens which, what they say, and what a form changes."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any, Final

import pytest
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from dashboard.academic_year import AcademicYear
from dashboard.access import Grant, Reader, Scope, writing
from dashboard.contributions import pages
from dashboard.contributions.checks import Agreed, Figures, OutsideSaid
from dashboard.models import Cluster, Contribution, OutsideMoney
from dashboard.vocabulary import ContributionKind, ContributionState, OutsideKind, OutsideState, Role
from dashboard.wording import day
from tests import builders as put
from tests import plain_pages
from tests.accounts.places import statements
from tests.contributions.world import LEVY, LEVY_POT, TODAY, YEAR, World
from tests.plain_pages import BEHIND_THE_WALL

pytestmark = BEHIND_THE_WALL
LIST: Final = "/cluster/mill-cluster/contributions"
NEW: Final = f"{LIST}/new?year=2016-17"
OUTSIDE: Final = "/cluster/mill-cluster/outside-money/new?year=2016-17"


class Browser(plain_pages.Browser):
    pages = (pages.pages,)
    form_on = NEW

    def words(self, path: str) -> str:
        """What a page says, without its tags."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return plain(answer)


def plain(answer: TestResponse) -> str:
    main = answer.text.partition('<main id="page"')[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def bursar(world: World) -> Browser:
    return Browser(world.walled, world.bursar)


# Who


@pytest.mark.parametrize("role", [Role.STEERING, Role.ADMINISTRATOR])
def test_whoever_has_no_part_in_it_is_refused(world: World, role: Role) -> None:
    (number, _) = world.agreed()
    reader = Reader("R", (Grant(role, cluster_id=world.mill, school_id=world.ford),), None, str(role))
    for path in (LIST, NEW, f"{LIST}/{number}", OUTSIDE):
        assert Browser(world.walled, reader).get(path).status_code == 403


def test_what_is_anothers_answers_like_what_is_not_there(world: World, bursar: Browser) -> None:
    for theirs, nobodys in (
        ("/cluster/weir-cluster/contributions", "/cluster/nowhere/contributions"),
        ("/cluster/weir-cluster/contributions/new", "/cluster/nowhere/contributions/new"),
        (f"{LIST}/{world.decoy}", f"{LIST}/999"),
        (f"/cluster/weir-cluster/contributions/{world.decoy}", "/cluster/nowhere/contributions/999"),
        (f"/cluster/mill-cluster/outside-money/{world.decoy_outside}", "/cluster/mill-cluster/outside-money/999"),
    ):
        answers = [bursar.get(path) for path in (theirs, nobodys)]
        assert [each.status_code for each in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    for path, sent in (
        (f"{LIST}/paid", {"chosen": str(world.decoy), "paid_on": str(TODAY)}),
        (f"{LIST}/{world.decoy}/back", {}),
        (f"{LIST}/{world.decoy}/waive", {"because": "left"}),
        ("/cluster/weir-cluster/contributions/new", {"kind": "levy", "schools": "weir-school"}),
    ):
        assert bursar.post(path, NEW, **sent).status_code == 404
    assert [row.state for row in world.rows(Contribution)] == [ContributionState.PAID]


def test_a_headteacher_sees_the_own_school_alone_and_changes_nothing(world: World) -> None:
    (number, _) = world.agreed()
    head = Browser(world.walled, world.head)
    words = head.words(f"{LIST}?year=2016-17")
    assert "You see what your own school puts in." in words
    assert "Ford School" in words
    assert "Lock School" not in words
    assert "Nothing of the £50" in words
    assert "Note what schools put in" not in words
    assert "Mark the chosen" not in words
    for path in (NEW, f"{LIST}/{number}", OUTSIDE):
        assert head.get(path).status_code == 404
    assert head.get("/cluster/weir-cluster/contributions").status_code == 404


def test_an_advisor_reads_and_a_guest_sends_nothing(world: World) -> None:
    world.agreed()
    guest = Reader("G", (Grant(Role.DIRECTOR),), looks_only=True)
    for reader in (world.advisor, guest):
        browser = Browser(world.walled, reader)
        words = browser.words(f"{LIST}?year=2016-17")
        assert "Lock School" in words
        assert "Note what schools put in" not in words
        assert "Mark the chosen" not in words
        assert browser.get(NEW).status_code == 403


def test_the_wall_keeps_a_headteacher_to_what_the_own_school_puts_in(world: World) -> None:
    """Behind every query: what a page forgot to ask, the database does not give."""
    theirs = {"cluster_id": world.mill, "year": 2016}
    cash = {"kind": ContributionKind.CASH, "state": ContributionState.AGREED, **theirs}
    scope = Scope(school_ids=frozenset({world.ford}))
    for row, let_in in (
        (Contribution(school_id=world.ford, **cash), True),
        (Contribution(school_id=world.lock, **cash), False),
        (OutsideMoney(kind=OutsideKind.GRANT, party="Fund", state=OutsideState.WON, **theirs), False),
    ):
        refused = None
        try:
            with writing(world.walled, scope) as session:
                session.add(row)
        except DBAPIError as error:
            refused = str(error)
        assert (refused is None) is let_in, refused
        assert refused is None or "row-level security" in refused


# What they say


def test_an_empty_year_says_what_would_stand_there(world: World, bursar: Browser) -> None:
    words = bursar.words(LIST)
    assert "Nothing is noted for" in words
    assert "Note what schools put in" in words
    assert bursar.get(f"{LIST}?year=nonsense").status_code == 200


def test_sums_kinds_and_schools_stand_apart_from_what_is_in_kind(world: World, bursar: Browser) -> None:
    ford, _ = world.agreed()
    world.write(lambda book: book.mark_paid("mill-cluster", [ford], TODAY))
    hours = Figures(4_000, 0, 150, "Planning")
    world.agreed(Agreed(YEAR, ContributionKind.TIME_IN_KIND, ("lock-school",), hours))
    world.agreed(Agreed(YEAR, ContributionKind.CASH, ("lock-school",), Figures()))
    words = bursar.words(LIST)
    assert "£50 of £100 that schools agreed to pay is paid; £50 is open, all of it overdue." in words
    assert "In kind besides: 2 hours 30 minutes and £40 where a value is entered." in words
    assert "One contribution is agreed without a figure." in words
    assert "Money together £100 £50 £50" in words
    assert "agreed, no figure" in words
    assert "1 overdue" in words
    assert day(TODAY) in words
    assert "2 hours 30 minutes, worth £40" in words
    assert "Weir" not in words


def test_the_latest_year_is_shown_first_and_any_can_be_chosen(world: World, bursar: Browser) -> None:
    world.agreed()
    world.agreed(replace(LEVY, year=AcademicYear(2014), figures=Figures(100)))
    assert "Nothing of the £100" in bursar.words(LIST)
    assert "Nothing of the £2" in bursar.words(f"{LIST}?year=2014-15")
    assert 'year=2014-15">2014-15</a>' in bursar.get(LIST).text


def test_money_from_outside_and_charity_stand_apart(world: World, bursar: Browser) -> None:
    for said in (
        OutsideSaid(YEAR, OutsideKind.GRANT, "Polar Fund", OutsideState.WON, "Kits", None, 50_000, 20_000),
        OutsideSaid(YEAR, OutsideKind.CHARITY, "Hospital", OutsideState.RAISED, "Cakes", None, 497_600),
        OutsideSaid(YEAR, OutsideKind.GRANT, "Sea Fund", OutsideState.APPLIED),
    ):
        world.write(lambda book, said=said: book.declare("mill-cluster", said))
    words = bursar.words(LIST)
    assert "£500 won, £200 of it received; £300 still to come." in words
    assert "One grant is won and not declared yet." in words
    assert "£4,976 raised for others. It is no money of the cluster and in none of its sums." in words
    assert "no figure" in words
    assert "5,476" not in words, "never added up"
    assert "Decoy" not in words


# What the forms do


def test_a_levy_for_every_school_and_some_of_them_paid(world: World, bursar: Browser) -> None:
    shown = bursar.get(NEW).text
    assert shown.count("checked") == 2, "every school to begin with"
    sent = {"kind": "levy", "amount": "£50", "words": "Poster", "schools": ["ford-school", "lock-school"]}
    answer = bursar.post(NEW, NEW, **sent)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{LIST}?year=2016-17"
    assert "Two contributions of 2016-17 noted." in bursar.words(answer.headers["Location"])
    first, second = [row.id for row in world.rows(Contribution) if row.cluster_id == world.mill]
    none = bursar.post(f"{LIST}/paid?year=2016-17", LIST, paid_on=str(TODAY))
    assert none.status_code == 422
    assert "Choose at least one contribution." in plain(none)
    late = bursar.post(f"{LIST}/paid?year=2016-17", LIST, chosen=[first], paid_on="2100-01-01")
    assert late.status_code == 422
    assert "1 January 2100 is still to come" in plain(late)
    assert re.search(rf'value="{first}" checked', late.text)
    done = bursar.post(f"{LIST}/paid?year=2016-17", LIST, chosen=[first, second], paid_on=str(TODAY))
    assert done.status_code == 303
    assert "All £100 that schools agreed to pay is paid." in bursar.words(LIST)
    assert [each[3:] for each in world.allocated() if each[0]] == [(*LEVY_POT, 5_000)] * 2


def test_one_contribution_is_changed_waived_and_taken_back(world: World, bursar: Browser) -> None:
    number, _ = world.agreed()
    path = f"{LIST}/{number}"
    assert 'value="50.00"' in bursar.get(path).text
    wrong = bursar.post(f"{path}/change", path, amount="a lot")
    assert wrong.status_code == 422
    assert "“a lot” is not an amount in pounds" in plain(wrong)
    assert bursar.post(f"{path}/change", path, amount="60.50", words="Display").status_code == 303
    assert (world.one(number).amount, world.one(number).due_on) == (6_050, None)
    assert bursar.post(f"{path}/waive", path, because="").status_code == 422
    assert bursar.post(f"{path}/waive", path, because="cannot_pay").status_code == 303
    words = bursar.words(path)
    assert "waived" in words
    assert "Why it was waived stands in the record" in words
    late = bursar.post(f"{path}/change", path, amount="1")
    assert late.status_code == 422
    assert "It is waived already; take that back first." in plain(late)
    assert bursar.post(f"{path}/back", path).status_code == 303
    assert world.one(number).state is ContributionState.AGREED
    assert bursar.post(f"{LIST}/paid?year=2016-17", path, chosen=number, paid_on=str(TODAY)).status_code == 303
    assert "The money of the levy leaves the pot again." in bursar.words(path)
    assert bursar.post(f"{path}/back", path).status_code == 303
    assert [each[0] for each in world.allocated()] == [None, None]


def test_hours_are_entered_as_hours(world: World, bursar: Browser) -> None:
    sent = {"kind": "time_in_kind", "minutes": "1:30", "schools": "lock-school"}
    assert bursar.post(NEW, NEW, **sent).status_code == 303
    row = world.rows(Contribution)[-1]
    assert (row.minutes, row.amount) == (90, None)
    assert 'value="1:30"' in bursar.get(f"{LIST}/{row.id}").text
    assert bursar.post(f"{LIST}/paid", LIST, chosen=row.id, paid_on=str(TODAY)).status_code == 303
    assert f"given on {day(TODAY)}" in bursar.words(f"{LIST}/{row.id}")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"schools": "weir-school"}, "Choose schools from the list."),
        ({"schools": ""}, "Choose schools from the list."),
        ({"kind": "cpd_excess"}, "Choose one from the list."),
        ({"minutes": "many"}, "“many” are no hours"),
        ({"vat": "1"}, "There is no VAT on a levy"),
        ({"due_on": "soon"}, "“soon” is not a date"),
        ({"target": "NONE"}, "Choose one from the list."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    world: World, bursar: Browser, sent: dict[str, str], words: str
) -> None:
    answer = bursar.post(NEW, NEW, **{"kind": "levy", "amount": "50", "schools": "ford-school", **sent})
    assert answer.status_code == 422
    assert words in plain(answer)
    assert [row.id for row in world.rows(Contribution)] == [world.decoy]


def test_money_from_outside_is_declared_and_corrected(world: World, bursar: Browser) -> None:
    with world.store.writing() as session:
        put.target(session, session.get_one(Cluster, world.mill), "SCIENCE", title="Polar science")
    sent = {"kind": "grant", "party": "Polar Fund", "state": "applied", "target": "SCIENCE", "applied_on": "2017-01-09"}
    assert bursar.post(OUTSIDE, OUTSIDE, **sent).status_code == 303
    row = world.rows(OutsideMoney)[-1]
    assert (row.party, row.asked, row.state, row.year) == ("Polar Fund", None, OutsideState.APPLIED, 2016)
    path = f"/cluster/mill-cluster/outside-money/{row.id}"
    shown = bursar.get(path).text
    assert 'value="2017-01-09"' in shown
    assert 'selected value="SCIENCE"' in shown
    wrong = bursar.post(path, path, **{**sent, "won": "5"})
    assert wrong.status_code == 422
    assert "Nothing is won yet" in plain(wrong)
    assert bursar.post(path, path, **{**sent, "state": "won", "won": "500", "received": "250"}).status_code == 303
    row = world.rows(OutsideMoney)[-1]
    assert (row.won, row.received, row.state) == (50_000, 25_000, OutsideState.WON)
    assert "SCIENCE" in bursar.words(f"{LIST}?year=2016-17")


def test_a_form_that_did_not_come_from_the_page_changes_nothing(world: World, bursar: Browser) -> None:
    number, _ = world.agreed()
    sent: dict[str, Any] = {"chosen": number, "paid_on": str(TODAY)}
    assert bursar.client.post(f"{LIST}/paid", data=sent).status_code == 400
    assert world.one(number).state is ContributionState.AGREED


def test_what_was_written_is_text_and_nothing_else(world: World, bursar: Browser) -> None:
    number, _ = world.agreed(replace(LEVY, figures=Figures(1, 0, None, "<script>alert(1)</script>")))
    for path in (LIST, f"{LIST}/{number}"):
        assert "<script>alert" not in bursar.get(path).text


def test_many_contributions_take_no_more_statements(world: World, bursar: Browser) -> None:
    world.agreed()
    with statements(world.walled) as few:
        bursar.get(LIST)
    for number in range(5):
        world.agreed(replace(LEVY, figures=Figures(100, 0, None, f"Poster {number}")))
    with statements(world.walled) as many:
        bursar.get(LIST)
    assert len(many) == len(few)


def test_a_year_without_members_offers_no_form(world: World, bursar: Browser) -> None:
    with world.store.writing() as session:
        for member in session.query(put.Membership):
            member.joined = date(2016, 9, 1)
    assert "No school belongs to this cluster in 2010-11." in bursar.words(f"{LIST}/new?year=2010-11")
