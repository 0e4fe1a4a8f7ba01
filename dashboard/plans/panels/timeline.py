"""The days of a plan in the order in which they come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.directory.tenure import load_context
from dashboard.directory.view import View
from dashboard.plans import queries
from dashboard.plans.addresses import target_address
from dashboard.plans.figures import draw_days, key_of_days
from dashboard.plans.queries.reviews import ReviewRow
from dashboard.plans.sentences import is_overdue, say_ahead
from dashboard.plans.words import RATING_WORDS
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.ui.rows import rows_at
from dashboard.vocabulary import TargetStatus
from dashboard.wording import day

_COLUMNS = ("row", "code", "when", "what", "told")
_WHOLE = "The plan"
_OUTSIDE = "outside"
Row = tuple[str, str | None, date, str, str]


@dataclass(frozen=True)
class Days:
    """The days of a plan as they come, what happened outside in the same year, and the rows they are drawn in."""

    days: pd.DataFrame
    context: Sequence[Mapping[str, Any]]
    rows: Sequence[str]
    cluster: str
    year: AcademicYear
    as_of: date
    achieved: frozenset[str]
    made_up: tuple[bool, bool]

    def address(self, code: str) -> str:
        """The page of a target."""
        return target_address(self.cluster, self.year, code)

    @property
    def listed(self) -> list[Row]:
        """What the table holds: the days, with what happened outside among them."""
        outside: list[Row] = [
            ("Outside the cluster", None, each["happened_on"], _OUTSIDE, each["words"]) for each in self.context
        ]
        rows = [*self.days.itertuples(index=False, name=None), *outside]
        return sorted(rows, key=lambda row: row[2])


def load_days(session: Session, view: View) -> Days:
    """Everything of the plan of the view's year that has a day."""
    years = view.cluster_years
    targets = queries.load_targets(session, view.scope, years, view.as_of)
    reviews = queries.load_reviews(session, view.scope, years)
    of_the_plan = list(_of_the_plan(queries.load_plan_days(session, view.scope, years), reviews))
    evidence = queries.load_dated_evidence(session, view.scope, years)
    rows = [*of_the_plan, *_of_targets(targets, evidence, reviews, view.as_of)]
    happened = load_context(session, view.scope, years).to_dict("records")
    return Days(
        pd.DataFrame(sorted(rows, key=lambda row: row[2]), columns=list(_COLUMNS), dtype=object),
        [each for each in happened if view.year.starts <= each["happened_on"] <= min(view.year.ends, view.as_of)],
        [*([_WHOLE] if of_the_plan else []), *targets["code"]],
        view.cluster.slug if view.cluster else "",
        view.year,
        view.as_of,
        frozenset(targets[targets["status"] == TargetStatus.ACHIEVED]["code"]),
        (bool(targets["illustrative"].any()), bool(targets["illustrative"].all())),
    )


def _of_the_plan(dated: pd.DataFrame, reviews: Sequence[ReviewRow]) -> Iterator[Row]:
    for when in dated["dated"]:
        if when is not None:
            yield _WHOLE, None, when, "plan dated", "The date that the plan bears"
    own = [row for row in reviews if row.target_id is None]
    yield from _reviews(_WHOLE, None, own)
    if own and own[-1].next_on is not None:
        yield _WHOLE, None, own[-1].next_on, "review planned", "The plan is to be reviewed"


def _of_targets(
    targets: pd.DataFrame, evidence: pd.DataFrame, reviews: Sequence[ReviewRow], as_of: date
) -> Iterator[Row]:
    for target in targets.itertuples():
        code = target.code
        for piece in evidence[evidence["target_id"] == target.target_id].itertuples():
            yield code, code, piece.dated, "evidence", f"{code}: {piece.text}"
        yield from _reviews(code, code, [row for row in reviews if row.target_id == target.target_id])
        if target.review_on is not None:
            yield code, code, target.review_on, "review planned", f"{code} is to be reviewed"
        if target.due is not None:
            late = " and is not achieved" if is_overdue(target, as_of) else ""
            yield code, code, target.due, "due", f"{code} {'was' if target.due < as_of else 'is'} due{late}"


def _reviews(name: str, code: str | None, reviews: Sequence[ReviewRow]) -> Iterator[Row]:
    for row in reviews:
        told = f"Review {row.number} of {code or 'the plan'}: {RATING_WORDS[row.rating].lower()}"
        yield name, code, row.reviewed_on, "reviewed", told


def _table(days: Days) -> pd.DataFrame:
    rows = days.listed
    return pd.DataFrame(
        {
            "What": [told for _, _, _, _, told in rows],
            "Day": [day(when) for _, _, when, _, _ in rows],
            "Kind": [_KINDS[what] for _, _, _, what, _ in rows],
        }
    )


KINDS: Final = {
    "plan dated": "the plan’s own date",
    "evidence": "evidence",
    "reviewed": "review held",
    "review planned": "review planned",
    "due": "due",
}
"""What a day of the plan is, in words."""
_KINDS: Final = {**KINDS, _OUTSIDE: "outside the cluster"}


def _figures(days: Days, view: View) -> list[ShownFigure]:
    at, kinds = partial(rows_at, view, "plan", by="day"), list(days.days["what"])
    return [
        ShownFigure("Days on it", f"{len(kinds):,}", "days", at("days")),
        *(
            ShownFigure(f"Of these: {words}", f"{kinds.count(kind):,}", "days", at(kind.replace(" ", "_")))
            for kind, words in KINDS.items()
            if kind in kinds
        ),
    ]


def _links(days: Days) -> Mapping[int, str]:
    return {place: days.address(code) for place, (_, code, _, _, _) in enumerate(days.listed) if code}


TIMELINE = Panel(
    id="plan-timeline",
    title="The year of the plan",
    load=load_days,
    is_empty=lambda days: days.days.empty,
    headline=lambda days, view: say_ahead(days.days, days.achieved, view.as_of),
    measure=lambda days, view: (
        f"Due dates, reviews and dated evidence of the plan of {view.year}.",
        "Evidence without a date is not on it.",
    ),
    draw=lambda days, look: draw_days(days.days, days.rows, days.year, days.as_of, look, days.address, days.context),
    key=lambda days: key_of_days(days.days, days.year, days.context),
    table=_table,
    made_up=lambda days: days.made_up,
    flags=lambda _days, _view: (),
    empty=lambda view: Message(
        f"Nothing of the plan of {view.year} has a date yet.",
        "It stands here once targets have a due date, and evidence the day it is of.",
    ),
    explain=(
        "Evidence stands on the day it is of, not the day it was entered. A day before or after the academic year "
        "stands at the edge; the table has the date. Reviews that were held are filled, planned ones are open."
    ),
    links=_links,
    figures=_figures,
)
"""What is due, planned and was shown, from September to August."""
