"""What the page of a target says in words."""

from datetime import date
from typing import Any

import pytest
from jinja2 import Environment, PackageLoader

from dashboard.models import CellLine
from dashboard.plans.queries.target import (
    ContributionSum,
    CriterionRow,
    LineSum,
    OutsideSum,
    SchoolCount,
)
from dashboard.plans.target_sentences import (
    say_count,
    say_due,
    say_headline,
    say_why,
    tell_change,
    tell_states,
)
from dashboard.plans.target_shown import show_criterion, tell_resources
from dashboard.vocabulary import (
    ContributionKind,
    CriterionState,
    OutsideKind,
    OutsideState,
    PlanCell,
    PlanChangeKind,
    Pot,
    TargetStatus,
)

AS_OF = date(2020, 3, 13)
MET, NOT_MET, NO_EVIDENCE = CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE


@pytest.mark.parametrize(
    ("states", "evidence", "last", "said"),
    [
        ((MET, MET, NOT_MET), 2, date(2020, 2, 2), "2 of 3 criteria are met; the last evidence is 40 days old."),
        ((MET, NO_EVIDENCE), 1, date(2020, 3, 12), "1 of 2 criteria is met; the last evidence is one day old."),
        ((NO_EVIDENCE,), 0, None, "0 of 1 criterion is met; there is no evidence yet."),
        ((), 1, None, "No success criterion says when it is reached; its evidence has no date."),
        ((MET,), 1, AS_OF, "1 of 1 criterion is met; the last evidence is of today."),
        ((MET,), 1, date(2016, 1, 1), "1 of 1 criterion is met; the last evidence is more than four years old."),
        ((MET,), 1, date(2020, 7, 1),
         "1 of 1 criterion is met; the last evidence is dated 1 July 2020, which is still to come."),
    ],
)  # fmt: skip
def test_the_headline_says_how_far_it_is(states: Any, evidence: int, last: date | None, said: str) -> None:
    assert say_headline(states, evidence, last, AS_OF) == said


def test_overdue_is_said_of_what_is_not_achieved() -> None:
    due = date(2020, 3, 3)
    assert say_due(due, TargetStatus.STALLED, AS_OF) == (
        "It was due on 3 March 2020, ten days ago, and is not achieved."
    )
    assert say_due(due, TargetStatus.ACHIEVED, AS_OF) is None
    assert say_due(AS_OF, TargetStatus.NOT_STARTED, AS_OF) is None
    assert say_due(None, TargetStatus.NOT_STARTED, AS_OF) is None


@pytest.mark.parametrize(
    ("own", "reason", "states", "evidence", "due", "said"),
    [
        (None, None, (MET,), 0, None, "It follows from the criteria: every one of them is met."),
        (None, None, (NOT_MET,), 1, None,
         "It follows from the evidence: there is some, and not every criterion is met."),
        (None, None, (), 1, None,
         "It follows from the evidence: there is some, and there is no criterion that could be met."),
        (None, None, (), 0, date(2020, 3, 12),
         "It follows from the dates: it was due on 12 March 2020, and there is no evidence."),
        (None, None, (), 0, AS_OF, "There is no evidence yet."),
        (TargetStatus.ACHIEVED, "All heads agreed.", (MET,), 1, None, "Said by a person: All heads agreed."),
        (TargetStatus.ACHIEVED, None, (NOT_MET,), 1, None,
         "Said by a person, no reason given. From its criteria and evidence it would be in progress."),
    ],
)  # fmt: skip
def test_the_status_says_why(
    own: TargetStatus | None, reason: str | None, states: Any, evidence: int, due: date | None, said: str
) -> None:
    assert say_why(own, reason, states, evidence, due, AS_OF) == said


@pytest.mark.parametrize(
    ("text", "wanted", "reached", "said"),
    [
        ("Two meetings held", 2, 1, "1 of 2 meetings"),
        ("At least 2 meetings, in school time", 2, 2, "2 of 2 meetings"),
        ("Meetings held", 2, 1, "1 of 2"),
        ("Two", 2, 1, "1 of 2"),
        ("25 governors come", 25, None, "25 governors wanted"),
        ("Meetings held", 2, None, "2 wanted"),
        ("Meetings held", None, None, None),
    ],
)
def test_a_count_says_of_what(text: str, wanted: int | None, reached: int | None, said: str | None) -> None:
    assert say_count(text, wanted, reached) == said


def row(state: CriterionState, wanted: int | None = None, reached: int | None = None, **more: Any) -> CriterionRow:
    return CriterionRow(
        1, 1, "Two meetings held", state, wanted, reached, **{"per_school": False, **more}, said_on=None
    )


@pytest.mark.parametrize(
    ("criterion", "count", "symbol", "words"),
    [
        (row(MET), None, "●", "Met"),
        (row(NOT_MET), None, "✕", "Not met"),
        (row(NOT_MET, 2, 1), None, "◉", "1 of 2 meetings"),
        (row(MET, 2, 2), None, "●", "Met: 2 of 2 meetings"),
        (row(NO_EVIDENCE, 2, 0), None, "○", "No evidence: 0 of 2 meetings"),
        (row(NO_EVIDENCE, per_school=True), SchoolCount(1, 7, 5, 0), "◉", "5 of 7 schools"),
        (row(NOT_MET, per_school=True), SchoolCount(1, 7, 5, 1), "✕", "Not met: 5 of 7 schools"),
        (row(MET, per_school=True), SchoolCount(1, 7, 7, 0), "●", "Met: 7 of 7 schools"),
        (row(NO_EVIDENCE, per_school=True), SchoolCount(1, 1, 0, 0), "○", "No evidence: 0 of 1 school"),
    ],
)
def test_a_criterion_on_its_way_is_no_failure(
    criterion: CriterionRow, count: SchoolCount | None, symbol: str, words: str
) -> None:
    shown = show_criterion(criterion, count)
    assert (shown.symbol, shown.words) == (symbol, words)


def test_resources_are_told_by_kind_and_agreed_without_a_figure_says_so() -> None:
    told = tell_resources(
        [
            ContributionSum(ContributionKind.LEVY, 7, 35_000, 0, 20_000, 0, 0, 0),
            ContributionSum(ContributionKind.CASH, 1, 0, 0, 0, 0, 0, 1),
            ContributionSum(ContributionKind.RELEASE_IN_KIND, 2, 9_500, 1_900, 0, 0, 0, 1),
            ContributionSum(ContributionKind.TIME_IN_KIND, 7, 0, 0, 0, 1_260, 90, 0),
        ],
        [LineSum(Pot.LEAD_HELD, 12_345, 0, 1)],
        [
            OutsideSum(OutsideKind.GRANT, OutsideState.APPLIED, "Polar Fund", 0, 0, 0),
            OutsideSum(OutsideKind.CHARITY, OutsideState.RAISED, "a hospice", 0, 497_600, 0),
        ],
    )
    assert [(each.what, each.words, each.apart) for each in told] == [
        ("Levy", "£350 agreed, £200 paid (seven schools)", False),
        ("Other money", "agreed, no figure (one school)", False),
        (
            "Release in kind",
            "£95 and £19 VAT agreed, £0 paid; 1 of them agreed, no figure (two schools)",
            False,
        ),
        ("Time in kind", "21 hours agreed, 1 hour 30 minutes given (seven schools)", False),
        ("From the pot that the lead school holds", "£123.45 spent (one line of the ledger, before VAT)", False),
        ("Grant", "applied for from Polar Fund: no figure", False),
        ("Raised for charity", "£4,976 raised for a hospice", True),
    ]


@pytest.mark.parametrize(
    ("kind", "cell", "about", "before", "after", "said", "states"),
    [
        (PlanChangeKind.CELL, PlanCell.IMPACT, None, None, [[True, "Proud"], [False, "Calm"]],
         "Impact was written anew", ("nothing", "• Proud\nCalm")),
        (PlanChangeKind.DUE, None, None, "2017-02-10", None,
         "The due date was changed", ("10 February 2017", "nothing")),
        (PlanChangeKind.STATUS, None, "No time", None, "stalled",
         "The status was said: No time", ("nothing", "stalled")),
        (PlanChangeKind.STATUS, None, None, "stalled", None, "The own status was taken back", ("stalled", "nothing")),
        (PlanChangeKind.CRITERION, None, "Two held", {"state": "not_met", "reached": 1, "wanted": 2},
         {"state": "met", "reached": 2, "wanted": 2}, "What is known of a criterion: “Two held”",
         ("not met, 1 of 2", "met, 2 of 2")),
        (PlanChangeKind.EVIDENCE, None, "Held", {"dated": None}, {"dated": "2017-02-10", "link": "https://x"},
         "What is known of a piece of evidence: “Held”", ("not dated", "10 February 2017, https://x")),
        (PlanChangeKind.EVIDENCE_ADDED, None, "Held", None, "2017-02-10", "Evidence was added: “Held”", None),
        (PlanChangeKind.REVIEWED, None, "second review", None,
         {"rating": "some_concern", "reviewed_on": "2020-05-04", "next_on": None, "words": "Nobody counted"},
         "The second review was recorded", ("nothing", "Some concern on 4 May 2020: Nobody counted")),
        (PlanChangeKind.REVIEWED, None, "first review",
         {"rating": "off_track", "reviewed_on": "2020-01-22", "next_on": None, "words": "Late"},
         {"rating": "on_track", "reviewed_on": "2020-01-22", "next_on": "2020-05-03", "words": "Held"},
         "The first review was corrected",
         ("Off track on 22 January 2020: Late", "On track on 22 January 2020: Held\nNext on 3 May 2020.")),
        (PlanChangeKind.OWNER, None, None, "Arts lead", "Head", "The owner was changed", ("Arts lead", "Head")),
    ],
)  # fmt: skip
def test_history_is_told_in_words(
    kind: PlanChangeKind, cell: PlanCell | None, about: str | None, before: Any, after: Any, said: str, states: Any
) -> None:
    assert tell_change(kind, cell, about, before, after) == said
    assert tell_states(kind, before, after) == states


@pytest.mark.parametrize("kind", PlanChangeKind)
def test_every_kind_of_change_has_words(kind: PlanChangeKind) -> None:
    assert tell_change(kind, None, None, None, None)


def test_bullets_that_stand_together_are_one_list() -> None:
    lines = [CellLine(True, "a"), CellLine(True, "b"), CellLine(False, "c"), CellLine(True, "d")]
    pages = Environment(loader=PackageLoader("dashboard.plans"), autoescape=True)
    shown = pages.get_template("plans/in_parts.html").module.lines_of(lines)  # type: ignore[attr-defined]
    assert "".join(shown.split()) == "<ul><li>a</li><li>b</li></ul><p>c</p><ul><li>d</li></ul>"
