"""Where a cluster stands, by hand: overlapping stages, dates that nobody knows, the days around the agreement's end."""

from datetime import date

import pytest

from dashboard.academic_year import AcademicYear
from dashboard.half_terms import HalfTerm, half_terms_of
from dashboard.stages import sentences
from dashboard.stages.standing import (
    Countdown,
    Stage,
    Time,
    count_down,
    gates_of,
    leads_on,
    programme_year,
    standing_of,
    years_between,
    years_of_agreement,
)
from dashboard.stages.words import GATE, INDEPENDENCE, Standing
from dashboard.vocabulary import Commitment, TickState

TODAY = date(2020, 3, 2)
NATIONAL = (
    Stage(1, "Application", last_year=0),
    Stage(2, "Preparation", last_year=0),
    Stage(3, "Establishing", first_year=1, last_year=1),
    Stage(4, "Developing", first_year=2, last_year=4),
    Stage(5, "Transition", first_year=4, last_year=5),
    Stage(6, "After", first_year=6),
)
"""As the programme says: year 4 lies in two (3.15)."""


@pytest.mark.parametrize(
    ("year", "told"),
    [
        (None, "??????"), (0, "??tttt"), (1, "DDCttt"), (2, "DDDCtt"), (3, "DDDCtt"),
        (4, "DDDCCt"), (5, "DDDDCt"), (6, "DDDDDC"), (9, "DDDDDC"),
    ],
)  # fmt: skip
def test_a_stage_without_dates_stands_where_the_programme_year_says(year: int | None, told: str) -> None:
    letters = {Standing.DONE: "D", Standing.CURRENT: "C", Standing.TO_COME: "t", Standing.NOT_KNOWN: "?"}
    assert "".join(letters[standing_of(each, year, TODAY)] for each in NATIONAL) == told


@pytest.mark.parametrize(
    ("times", "standing"),
    [
        ([(None, None)], Standing.NOT_KNOWN),
        ([(date(2019, 9, 1), date(2020, 3, 1))], Standing.DONE),
        ([(date(2019, 9, 1), date(2020, 3, 2))], Standing.CURRENT),
        ([(date(2020, 3, 2), None)], Standing.CURRENT),
        ([(date(2020, 3, 3), None)], Standing.TO_COME),
        ([(date(2019, 9, 1), None)], Standing.CURRENT),
        ([(None, date(2020, 3, 1))], Standing.DONE),
        ([(None, date(2020, 3, 2))], Standing.CURRENT),
        ([(date(2012, 9, 1), date(2013, 8, 31)), (date(2014, 1, 1), date(2021, 8, 31))], Standing.CURRENT),
        ([(date(2012, 9, 1), date(2013, 8, 31)), (date(2020, 9, 1), None)], Standing.TO_COME),
        ([(date(2012, 9, 1), date(2013, 8, 31)), (None, None)], Standing.DONE),
    ],
)
def test_dates_of_the_cluster_win_over_programme_years(
    times: list[tuple[date | None, date | None]], standing: Standing
) -> None:
    stage = Stage(1, "S", tuple(Time(*each) for each in times), first_year=9, last_year=9)
    assert standing_of(stage, 1, TODAY) is standing
    assert standing_of(stage, None, TODAY) is standing


def test_a_stage_of_another_programme_is_not_judged_by_the_years_of_this_one() -> None:
    assert standing_of(Stage(1, "S", first_year=1, last_year=1, is_present=False), 3, TODAY) is Standing.NOT_KNOWN


@pytest.mark.parametrize(
    ("year", "names"), [(None, []), (1, ["Establishing"]), (4, ["Developing", "Transition"]), (6, ["Transition"])]
)
def test_the_gates_before_a_cluster(year: int | None, names: list[str]) -> None:
    """Out of each current stage; after the last one there is none, so that of the last stage that is done stays."""
    standings = [standing_of(each, year, TODAY) for each in NATIONAL]
    assert [each.name for each in gates_of(NATIONAL, standings)] == names


def test_no_stage_leads_on_from_the_last_or_from_another_programme() -> None:
    before, only = Stage(7, "Before", is_present=False), Stage(8, "Only")
    assert [leads_on([before, only], each) for each in (before, only)] == [False, False]
    assert gates_of([before, only], [Standing.DONE, Standing.CURRENT]) == []
    assert [leads_on(NATIONAL, each) for each in NATIONAL] == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("started", "year"),
    [
        (None, None), (date(2019, 9, 1), 1), (date(2019, 8, 31), 2), (date(2020, 8, 31), 1), (date(2020, 9, 1), 0),
        (date(2016, 1, 10), 5),
    ],
)  # fmt: skip
def test_the_programme_year_counts_academic_years(started: date | None, year: int | None) -> None:
    assert programme_year(started, TODAY) == year


def test_the_years_of_an_agreement() -> None:
    assert years_of_agreement(date(2018, 9, 1), date(2020, 8, 31)) == 2
    assert years_of_agreement(date(2018, 9, 1), None) is None
    assert years_of_agreement(None, date(2020, 8, 31)) is None
    assert years_of_agreement(date(2020, 9, 1), date(2020, 8, 31)) is None


WEEKS = (HalfTerm(date(2020, 2, 24), date(2020, 4, 3), "a"), HalfTerm(date(2020, 4, 20), date(2020, 5, 22), "b"))
"""Six weeks and five, the first of them that of 24 February."""


@pytest.mark.parametrize(
    ("today", "ends", "days", "weeks"),
    [
        (date(2020, 3, 2), date(2020, 5, 22), 81, 10),  # Monday of the second week
        (date(2020, 3, 6), date(2020, 5, 22), 77, 10),  # its Friday
        (date(2020, 3, 7), date(2020, 5, 22), 76, 9),  # the week is over
        (date(2020, 3, 2), date(2020, 3, 9), 7, 2),  # a week that begins with the last day
        (date(2020, 4, 10), date(2020, 4, 12), 2, 0),  # holidays alone
        (date(2020, 8, 31), date(2020, 8, 31), 0, 0),
        (date(2020, 9, 1), date(2020, 8, 31), -1, None),
        (date(2020, 3, 2), None, None, None),
        (date(2020, 3, 2), date(2026, 9, 1), 2374, None),  # too far away for weeks
    ],
)
def test_the_countdown(today: date, ends: date | None, days: int | None, weeks: int | None) -> None:
    left = count_down(today, ends, WEEKS)
    assert (left.days, left.school_weeks) == (days, weeks)
    assert not left.assumed


def test_the_usual_half_terms_are_said_to_be_assumed() -> None:
    assert years_between(date(2020, 3, 2), date(2021, 8, 31)) == [AcademicYear(2019), AcademicYear(2020)]
    half_terms = [each for year in (2019, 2020) for each in half_terms_of(AcademicYear(year))]
    left = count_down(date(2020, 3, 2), date(2021, 8, 31), half_terms)
    assert left.assumed
    assert 50 < (left.school_weeks or 0) < 60


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (date(2020, 4, 13), "Year 2 of 2: 140 days with 17 school weeks until the agreement ends."),
        (date(2020, 8, 30), "Year 2 of 2: one day with 17 school weeks until the agreement ends."),
        (date(2020, 8, 31), "Year 2 of 2: the agreement ends today."),
        (date(2020, 9, 1), "Year 2 of 2 is over: the agreement ended on 31 August 2020, one day ago."),
        (date(2022, 9, 3), "Year 2 of 2 is over: the agreement ended on 31 August 2020, more than two years ago."),
        (
            date(2018, 8, 1),
            "Year 1 begins on 1 September 2018: 761 days with 17 school weeks until the agreement ends.",
        ),
    ],
)
def test_the_first_message_of_the_page(today: date, sentence: str) -> None:
    starts, ends = date(2018, 9, 1), date(2020, 8, 31)
    left = Countdown(ends, today, 17)
    said = sentences.say_year(
        programme_year(starts, today), years_of_agreement(starts, ends), starts, over=(left.days or 0) < 0
    )
    assert sentences.say_standing(said, left) == sentence


def test_what_is_not_known_is_said() -> None:
    nothing = Countdown(None, TODAY)
    assert sentences.say_standing(sentences.say_year(None, None, None), nothing) == (
        "The year of the programme is not known, because no start is recorded: when the agreement ends is not recorded."
    )
    assert "is not recorded" in sentences.say_end(nothing)
    assert sentences.say_year(3, None, date(2017, 9, 1)) == "Year 3 of the programme"
    assert sentences.say_time(Time(None, None)) == "Dates not known"
    assert sentences.say_time(Time(None, date(2020, 1, 1))) == "Until 1 January 2020, no start recorded"
    assert [sentences.say_years(each) for each in NATIONAL] == [
        "before year 1", "before year 1", "year 1", "years 2 to 4", "years 4 to 5", "from year 6",
    ]  # fmt: skip
    assert sentences.say_years(Stage(1, "S")) is None
    assert sentences.say_years(Stage(1, "S", last_year=3)) == "until year 3"
    assert sentences.say_current((), ()) == "The stages of its programme are not recorded."


DONE, NEEDLESS, OPEN = TickState.DONE, TickState.NOT_NEEDED, TickState.OPEN


@pytest.mark.parametrize(
    ("ticks", "done", "missing", "gate"),
    [
        ({}, "none of four done", "the review at its end, the report, the application and a yes to the application",
         "No step of the gate is recorded as done."),
        ({"review": DONE, "report": DONE, "application": OPEN}, "two of four done",
         "the application and a yes to the application", "Two of four steps of the gate are done."),
        ({"review": DONE, "report": NEEDLESS, "application": NEEDLESS}, "one of two done", "a yes to the application",
         "One of two steps of the gate is done."),
        ({"review": DONE, "report": DONE, "application": DONE, "accepted": DONE}, "four of four done", None,
         "All four steps of the gate are done."),
        ({"review": DONE, "report": NEEDLESS, "application": NEEDLESS, "accepted": NEEDLESS}, "one of one done", None,
         "The one step of the gate is done."),
        (dict.fromkeys(("review", "report", "application", "accepted"), NEEDLESS), "nothing is needed", None,
         "The gate needs nothing."),
    ],
)  # fmt: skip
def test_a_checklist_counts_what_is_needed(
    ticks: dict[str, TickState], done: str, missing: str | None, gate: str
) -> None:
    assert sentences.say_done(GATE, ticks) == done
    assert sentences.say_missing(GATE, ticks) == (f"Still missing: {missing}." if missing else "Nothing is missing.")
    assert sentences.say_gate("Developing", GATE, ticks, alone=True) == gate


def test_each_of_two_gates_says_which_it_is() -> None:
    said = sentences.say_gate("Developing", GATE, {"review": DONE}, alone=False)
    assert said == "One of four steps of the gate out of “Developing” is done."
    assert sentences.say_done(INDEPENDENCE, {"finances": DONE}) == "one of four done"


GOES, LEAVES, THINKS = Commitment.CONTINUES, Commitment.LEAVES, Commitment.UNDECIDED


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([], "No school is recorded as a member today."),
        ([None, None], "Nothing is recorded yet: two schools to ask."),
        ([GOES, GOES, LEAVES, None], "Of four schools, two go on, one leaves and one is not recorded."),
        ([THINKS, THINKS, LEAVES, LEAVES], "Of four schools, two leave and two are undecided."),
        ([GOES], "Of one school, one goes on."),
    ],
)
def test_missing_is_not_a_no(answers: list[Commitment | None], sentence: str) -> None:
    assert sentences.say_commitments(answers) == sentence


def test_the_head_of_one_school_is_told_how_many_answered() -> None:
    assert sentences.say_asked(7, 0) == "No answer is recorded yet, of seven schools."
    assert sentences.say_asked(7, 1) == "The answer of one of seven schools is recorded."
    assert sentences.say_asked(7, 5) == "Answers of five of seven schools are recorded."
