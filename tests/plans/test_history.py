"""What became of a target, in sentences: what was changed and changed back is left out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from dashboard.plans.history import say_changes, say_new, say_one
from dashboard.plans.sentences import say_changed
from dashboard.vocabulary import PlanCell, PlanChangeKind, Rating, TargetStatus

CRITERIA = pd.DataFrame(
    [("ART", 1, "Parents come"), ("ART", 2, "Two meetings")], columns=["code", "number", "text"], dtype=object
)
Told = tuple[PlanChangeKind, PlanCell | None, str | None, Any, Any]
COLUMNS = ["code", "kind", "cell", "about", "before", "after", "happened_at", "known_as"]


def rows(*told: Told) -> pd.DataFrame:
    at = datetime(2017, 2, 28, 9)
    return pd.DataFrame([("ART", *each, at, "coordinator") for each in told], columns=COLUMNS, dtype=object)


def known(state: str, reached: int | None = None, wanted: int | None = None) -> dict[str, Any]:
    return {"state": state, **({"reached": reached, "wanted": wanted} if wanted else {})}


K, C = PlanChangeKind, PlanCell
LINES, OTHERS = [[True, "Was"]], [[True, "Is"]]


@pytest.mark.parametrize(
    ("told", "sentences"),
    [
        ([(K.TARGET_ADDED, None, "Art", None, None)], ["ART is new in the plan."]),
        ([(K.DUE, None, None, None, "2017-06-03")], ["ART is now due on 3 June 2017."]),
        (
            [(K.DUE, None, None, "2017-05-01", "2017-06-01"), (K.DUE, None, None, "2017-06-01", "2017-06-03")],
            ["ART is now due on 3 June 2017 (it was 1 May 2017)."],
        ),
        ([(K.DUE, None, None, "2017-05-01", None)], ["ART has no due date any more."]),
        ([(K.DUE, None, None, "2017-05-01", None), (K.DUE, None, None, None, "2017-05-01")], []),
        ([(K.REVIEW_ON, None, None, None, "2017-06-03")], ["ART is now to be reviewed on 3 June 2017."]),
        ([(K.OWNER, None, None, "Arts lead", "Lead school")], ["ART is now with Lead school."]),
        ([(K.OWNER, None, None, "Arts lead", None)], ["ART has no owner any more."]),
        ([(K.TITLE, None, None, "Art", "Art for all")], ["ART is now called “Art for all”."]),
        ([(K.STATUS, None, None, None, TargetStatus.STALLED.value)], ["ART is now said to be stalled."]),
        (
            [(K.STATUS, None, None, "stalled", None)],
            ["The status of ART follows from its criteria and evidence again."],
        ),
        (
            [(K.CELL, C.IMPACT, None, None, LINES), (K.CELL, C.NEXT_STEPS, None, None, LINES)],
            ["Impact and Next Steps/Future Targets of ART were filled."],
        ),
        ([(K.CELL, C.IMPACT, None, LINES, OTHERS), (K.CELL, C.IMPACT, None, OTHERS, LINES)], []),
        ([(K.CELL, C.IMPACT, None, LINES, OTHERS)], ["Impact of ART was changed."]),
        ([(K.CELL, C.AIMS, None, LINES, None)], ["Links to Aims of ART was emptied."]),
        (
            [(K.CELL, C.EVALUATION, None, None, LINES), (K.EVIDENCE_ADDED, None, "Was", None, None)],
            ["One piece of evidence was added."],
        ),
        (
            [(K.EVIDENCE_ADDED, None, "A", None, None), (K.EVIDENCE_ADDED, None, "B", None, "2017-02-01")],
            ["Two pieces of evidence were added."],
        ),
        (
            [(K.EVIDENCE_ADDED, None, "A", None, None), (K.EVIDENCE_GONE, None, "B", None, None)],
            ["One piece of evidence was added.", "One piece of evidence was taken out."],
        ),
        (
            [(K.EVIDENCE_ADDED, None, "A", None, None), (K.EVIDENCE_GONE, None, "A", None, None)],
            [],
        ),
        ([(K.CRITERION_ADDED, None, "C", None, None)], ["One success criterion was added."]),
        (
            [(K.CRITERION_GONE, None, "C", None, None), (K.CRITERION_GONE, None, "D", None, None)],
            ["Two success criteria were taken out."],
        ),
        (
            [(K.CRITERION, None, "Two meetings", known("no_evidence"), known("met"))],
            ["Criterion 2 of ART is now met."],
        ),
        (
            [
                (K.CRITERION, None, "Two meetings", known("no_evidence", None, 2), known("not_met", 1, 2)),
                (K.CRITERION, None, "Two meetings", known("not_met", 1, 2), known("met", 2, 2)),
            ],
            ["Criterion 2 of ART is now met, 2 of 2."],
        ),
        (
            [(K.CRITERION, None, "Two meetings", known("no_evidence", 0, 2), known("not_met", 1, 2))],
            ["Criterion 2 of ART now stands at 1 of 2."],
        ),
        (
            [(K.CRITERION, None, "Two meetings", known("met", 2, 2), known("met", 3, 2))],
            ["Criterion 2 of ART now stands at 3 of 2."],
        ),
        (
            [(K.CRITERION, None, "Parents come", known("met"), known("no_evidence"))],
            ["Criterion 1 of ART is now without evidence."],
        ),
        ([(K.CRITERION, None, "Parents come", known("met"), known("not_met"))], ["Criterion 1 of ART is now not met."]),
        ([(K.CRITERION, None, "As it was", known("no_evidence"), known("met"))], ["“As it was” is now met."]),
        ([(K.REVIEWED, None, None, None, Rating.ON_TRACK.value)], ["ART was reviewed: on track."]),
        ([(K.REVIEWED, None, None, None, {"rating": "off_track"})], ["ART was reviewed: off track."]),
        ([(K.REVIEWED, None, None, None, None)], ["ART was reviewed."]),
        (
            [
                (K.REVIEWED, None, "first review", None, {"rating": "off_track"}),
                (K.REVIEWED, None, "first review", {"rating": "off_track"}, {"rating": "on_track"}),
                (K.REVIEWED, None, "second review", None, {"rating": "some_concern"}),
            ],
            ["ART was reviewed: on track.", "ART was reviewed: some concern."],
        ),
        (
            [(K.REVIEWED, None, "first review", {"rating": "off_track"}, {"rating": "on_track"})],
            ["The first review of ART was corrected: on track."],
        ),
    ],
)
def test_what_is_said_of_a_target(told: Sequence[Told], sentences: list[str]) -> None:
    assert say_changes(rows(*told), CRITERIA) == sentences


@pytest.mark.parametrize("kind", PlanChangeKind)
def test_every_kind_of_change_is_told_by_itself(kind: PlanChangeKind) -> None:
    """Also what a newer version puts into the history is told, and none fails."""
    after: Any = {K.CRITERION: known("met"), K.DUE: "2017-06-03", K.REVIEW_ON: "2017-06-03", K.STATUS: "stalled"}
    (row,) = rows((kind, C.IMPACT, "Parents come", None, after.get(kind, "on_track"))).itertuples()
    said = say_one(row)
    assert said
    assert said[0].isupper() or said[0] == "“"


def test_how_much_changed() -> None:
    assert say_changed([], "since 1 September 2016") == "Nothing changed in the plan since 1 September 2016."
    assert say_changed(["ART"], "since 1 May 2017") == "One target changed since 1 May 2017: ART."
    assert say_changed(["A", "B"], "since 1 May 2017") == "Two targets changed since 1 May 2017: A and B."
    assert say_changed(["A", "B", "C"], "since 1 May 2017") == "Three targets changed since 1 May 2017."
    assert say_new(["A", "B"]) == "A and B are new in the plan."
