"""The plan as a chart: a dot for each criterion, the status in words, text that is shown and not obeyed."""

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.plans.figures import draw_progress, key_of
from dashboard.ui.theme import DARK, ROOM_SCALE, Look
from dashboard.vocabulary import CriterionState, TargetStatus

TARGETS = ["target_id", "code", "title", "status", "criteria", "met"]
CRITERIA = ["target_id", "position", "text", "state", "number_wanted", "number_reached"]


def targets(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=TARGETS, dtype=object)


def criteria(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Each with how many are wanted and reached, which is not said of most."""
    return pd.DataFrame([(*row, None, None)[: len(CRITERIA)] for row in rows], columns=CRITERIA, dtype=object)


THREE = targets(
    (71, "A", "Reading", TargetStatus.IN_PROGRESS, 2, 1),
    (72, "B", "B", TargetStatus.NOT_STARTED, 1, 0),
    (73, "C", "Wider life", TargetStatus.STALLED, 0, 0),
)
DOTS = criteria(
    (71, 1, "Every pupil reads", CriterionState.MET),
    (71, 2, "Parents come", CriterionState.NOT_MET),
    (72, 1, "A choir", CriterionState.NO_EVIDENCE),
)


def texts(figure: go.Figure) -> list[str]:
    return [each.text for each in figure.layout.annotations]


def test_a_dot_for_each_criterion_on_the_row_of_its_target() -> None:
    met, not_met, no_evidence = draw_progress(THREE, DOTS, Look()).data
    assert [(trace.name, trace.marker.symbol) for trace in (met, not_met, no_evidence)] == [
        ("met", "circle"), ("not met", "x"), ("no evidence", "circle-open"),
    ]  # fmt: skip
    assert [(list(trace.x), list(trace.y)) for trace in (met, not_met, no_evidence)] == [
        ([1], [0.22]), ([2], [0.22]), ([1], [1.22]),
    ]  # fmt: skip


def test_codes_titles_and_status_in_words() -> None:
    assert texts(draw_progress(THREE, DOTS, Look())) == [
        "A  Reading", "◐ In progress, 1 of 2 met",
        "B", "○ Not started, 0 of 1 met",
        "C  Wider life", "■ Stalled, no criterion",
    ]  # fmt: skip


def test_a_dot_tells_its_criterion() -> None:
    assert draw_progress(THREE, DOTS, Look()).data[0].customdata[0] == "met:<br>Every pupil reads"


@pytest.mark.parametrize("look", [Look(room=True), Look(room=True, narrow=True), Look(room=True, scale=ROOM_SCALE)])
def test_what_somebody_wrote_as_a_criterion_does_not_go_to_the_room(look: Look) -> None:
    """Such a cell may hold initials (2.7), and the steering group's screen names nobody."""
    figure = draw_progress(THREE, DOTS, look)
    assert [list(trace.x) for trace in figure.data] == [[1], [2], [1]]
    assert "Every pupil reads" not in figure.to_json()
    assert {trace.hoverinfo for trace in figure.data} == {"skip"}


def test_a_dot_carries_the_address_of_its_criterion_counted_as_it_stands_in_the_target() -> None:
    """Places in the store have gaps where a criterion was taken out."""
    gaps = criteria((71, 3, "Every pupil reads", CriterionState.MET), (71, 7, "Parents come", CriterionState.MET))
    met = draw_progress(THREE, gaps.assign(code="A"), Look(), lambda code, number: f"/{code}#{number}").data[0]
    assert list(met.x) == [1, 2]
    assert [list(each) for each in met.customdata] == [
        ["met:<br>Every pupil reads", "/A#1"], ["met:<br>Parents come", "/A#2"],
    ]  # fmt: skip
    assert met.hovertemplate == "%{customdata[0]}<extra></extra>"


def test_what_is_counted_and_not_all_there_is_no_failure() -> None:
    dots = criteria(
        (71, 1, "Two meetings", CriterionState.NOT_MET, 2, 1),
        (71, 2, "Three visits", CriterionState.NOT_MET, 3, 0),
        (72, 1, "Six boxes", CriterionState.MET, 6, 7),
    )
    figure = draw_progress(THREE, dots, Look())
    marks = {trace.name: (trace.marker.symbol, list(trace.x)) for trace in figure.data}
    assert marks["counted, not all yet"] == ("circle-open-dot", [1])
    assert marks["not met"] == ("x", [2])
    assert figure.data[0].customdata[0] == "met, 7 of 6:<br>Six boxes"
    assert [each.word for each in key_of(dots)] == ["met", "not met", "no evidence", "counted, not all yet"]
    assert [each.word for each in key_of(DOTS)] == ["met", "not met", "no evidence"]


def test_mark_up_in_titles_and_criteria_is_shown_and_not_obeyed() -> None:
    some = targets((1, "<i>A</i>", "<b>Reading</b>", TargetStatus.STALLED, 1, 0))
    dots = criteria((1, 1, "<a href='x'>Go</a>", CriterionState.MET))
    figure = draw_progress(some, dots, Look())
    assert texts(figure)[0] == "‹i›A‹/i›  ‹b›Reading‹/b›"
    assert figure.data[0].customdata[0] == "met:<br>‹a href='x'›Go‹/a›"


@pytest.mark.parametrize(
    ("look", "line", "length"), [(Look(), 0, 71), (Look(narrow=True), 1, 36), (Look(scale=ROOM_SCALE), 0, 79)]
)
def test_a_long_title_is_cut_with_a_sign(look: Look, line: int, length: int) -> None:
    some = targets((1, "A", "x" * 200, TargetStatus.STALLED, 0, 0))
    title = texts(draw_progress(some, criteria(), look))[line].removeprefix("A  ")
    assert title.endswith("…")
    assert len(title) == length


def test_a_title_that_just_fits_stays_whole() -> None:
    some = targets((1, "A", "x" * 71, TargetStatus.STALLED, 0, 0))
    assert texts(draw_progress(some, criteria(), Look()))[0] == f"A  {'x' * 71}"


def test_long_criteria_are_broken_into_lines() -> None:
    dots = criteria((71, 1, "word " * 40, CriterionState.MET))
    told = draw_progress(THREE, dots, Look()).data[0].customdata[0]
    lines = told.split("<br>")[1:]
    assert len(lines) > 1
    assert all(len(line) <= 61 for line in lines)
    assert " ".join(lines).split() == ["word"] * 40


def test_dots_keep_to_the_left_half() -> None:
    many = criteria(*((71, number, "Done", CriterionState.MET) for number in range(1, 8)))
    some = targets((71, "A", "Reading", TargetStatus.ACHIEVED, 7, 7))
    assert list(draw_progress(some, many, Look()).layout.xaxis.range) == [0.5, 14]
    assert list(draw_progress(THREE, DOTS, Look()).layout.xaxis.range) == [0.5, 8]


def test_in_a_room_everything_grows_and_in_the_dark_it_is_dark() -> None:
    small, large = draw_progress(THREE, DOTS, Look()), draw_progress(THREE, DOTS, Look(DARK, scale=ROOM_SCALE))
    assert large.layout.height > small.layout.height
    assert large.data[0].marker.size > small.data[0].marker.size
    assert large.data[0].marker.color == DARK.blue


def test_an_empty_plan_is_an_empty_chart() -> None:
    figure = draw_progress(targets(), criteria(), Look())
    assert [list(trace.x) for trace in figure.data] == [[], [], []]
    assert texts(figure) == []


@pytest.mark.parametrize(("number", "one_line"), [(4, False), (5, True)])
def test_in_the_room_many_targets_have_a_line_each_with_the_code_before_the_dots(number: int, one_line: bool) -> None:
    many = targets(*((each, f"T{each}", "Reading", TargetStatus.STALLED, 1, 0) for each in range(number)))
    figure = draw_progress(many, criteria((0, 1, "Go", CriterionState.MET)), Look(room=True, scale=ROOM_SCALE))
    assert texts(figure)[0] == ("T0" if one_line else "T0  Reading")
    (dot,) = (at for trace in figure.data for at in trace.y)
    places = {each.y for each in figure.layout.annotations[:2]} | {dot}
    assert (len(places) == 1) == one_line
    assert (figure.layout.xaxis.range[0] < 0) == one_line
