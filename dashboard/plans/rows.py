"""The rows beneath the figures of a plan: success criteria, targets, aims, days, changes, questions and reviews.

The pictures are those of the panels, so that each foot says what they say. The plan is the whole cluster's: a
headteacher gets the same rows, but none of what is for those who hold the cluster whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from dashboard.directory.view import View
from dashboard.plans.panels.balance import load_balance
from dashboard.plans.panels.changes import load_changes
from dashboard.plans.panels.coverage import load_coverage
from dashboard.plans.panels.prompts import load_questions
from dashboard.plans.panels.reviews import load_review_picture
from dashboard.plans.panels.shared import PlanPicture, load_plan, name_of
from dashboard.plans.panels.timeline import KINDS, load_days
from dashboard.plans.sentences import is_overdue, say_criterion, say_due
from dashboard.plans.words import ACTIVITY_WORDS, FOCUS_WORDS, HORIZON_WORDS, NOT_SAID, RATING_WORDS, STATUS_WORDS
from dashboard.ui.rows import Column, Row, Sheet, Table, WorkedOut, amounts, counts, real_or_not, rows_at
from dashboard.vocabulary import CriterionState, Pot, Rating, TargetStatus
from dashboard.wording import amid, counted, day, of, sentence

_STATUS: Final = {
    TargetStatus.ACHIEVED: "achieved", TargetStatus.IN_PROGRESS: "in_progress", TargetStatus.STALLED: "stalled",
    TargetStatus.NOT_STARTED: "not_started",
}  # fmt: skip
_STATUS_COLUMNS: Final = counts(**{key: STATUS_WORDS[status] for status, key in _STATUS.items()})


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `by` is "" for single criteria; `target` is a code, `what` one aim or kind of work."""

    by: str = ""
    target: str | None = None
    what: str | None = None


def load_rows(session: Session, view: View, asked: Asked) -> Sheet | None:
    """The rows that are asked for; None where there are none that the reader may see."""
    return _LOADS[asked.by](session, view, asked)


def _sheet(
    view: View, tables: Sequence[Table], told: str, *notes: str, worked_out: Sequence[WorkedOut] = ()
) -> Sheet:  # fmt: skip
    name = view.cluster.name if view.cluster else ""
    return Sheet(f"Plan of {amid(name)}, {view.year}", told, tables, worked_out, notes)


# -------------------------------------------------------------------------------------------------------- criteria
def _criteria(session: Session, view: View, asked: Asked) -> Sheet | None:
    plan = load_plan(session, view)
    targets = {row.target_id: row for row in plan.targets.itertuples() if asked.target in (None, row.code)}
    if not targets:
        return None
    rows: list[Row] = [
        {
            "criterion": f"{row.number}. {row.text}", "target": row.code, "state": say_criterion(row),
            "status": STATUS_WORDS[targets[row.target_id].status], "criteria": 1,
            **_one_of(row.state, {state: str(state) for state in CriterionState}), "evidence": int(row.evidence),
            "href": plan.address(row.code, row.number), "figures": real_or_not(targets[row.target_id].illustrative),
        }
        for row in plan.criteria.itertuples()
        if row.target_id in targets
    ]  # fmt: skip
    table = Table(
        f"{sentence(counted(len(rows), 'success criterion', 'success criteria'))} of {counted(len(targets), 'target')}",
        (
            Column("criterion", "Success criterion"), Column("target", "Target"), Column("state", "State"),
            Column("status", "Target’s status"),
            *counts(criteria="Criteria", met="Met", not_met="Not met", no_evidence="No evidence", evidence="Evidence"),
        ),
        rows,
        within="target",
    )  # fmt: skip
    met, every = table.foot["met"], table.foot["criteria"]
    told = f"{of(met, every)} success criteria {'is' if met == 1 else 'are'} met."
    return _sheet(
        view, [table], told, "A criterion without evidence is not counted as failed.",
        worked_out=(WorkedOut("met-of", "Success criteria met", of(met, every)),),
    )  # fmt: skip


def _one_of(value: Any, keys: Mapping[Any, str]) -> dict[str, int]:
    """A 1 in the column of a value, 0 in the others."""
    return {key: int(value == each) for each, key in keys.items()}


# --------------------------------------------------------------------------------------------------------- targets
def _targets(session: Session, view: View, _asked: Asked) -> Sheet | None:
    plan = load_plan(session, view)
    if plan.targets.empty:
        return None
    rows = [_target(row, plan, view) for row in plan.targets.itertuples()]
    heads = (
        Column("target", "Target"), Column("due", "Due"), *counts(targets="Targets"), *_STATUS_COLUMNS,
        *counts(bare="No evidence yet", overdue="Overdue", criteria="Criteria", met="Met", evidence="Evidence"),
    )  # fmt: skip
    table = Table(sentence(counted(len(rows), "target")), heads, rows)
    told = f"{of(table.foot['achieved'], len(rows))} targets are achieved; {table.foot['overdue']:,} overdue."
    return _sheet(view, [table], told, "Overdue: past the due date and not achieved.")


def _target(row: Any, plan: PlanPicture, view: View) -> dict[str, Any]:
    return {
        "target": name_of(row.code, row.title), "due": say_due(row, view.as_of), "targets": 1,
        **_one_of(row.status, _STATUS), "bare": int(row.evidence == 0), "overdue": int(is_overdue(row, view.as_of)),
        "criteria": int(row.criteria), "met": int(row.met), "evidence": int(row.evidence),
        "href": rows_at(view, "plan", target=row.code) if row.criteria else plan.address(row.code),
        "figures": real_or_not(row.illustrative),
    }  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ aims
def _aims(session: Session, view: View, asked: Asked) -> Sheet | None:
    coverage = load_coverage(session, view)
    if coverage.aims.empty or coverage.targets.empty:
        return None
    made_up = dict(zip(coverage.aims["position"], coverage.aims["illustrative"], strict=True))
    aims: list[Row] = [
        {
            "aim": f"{row.place}. {row.text}", "aims": 1, "served": int(bool(row.targets)),
            "unserved": int(not row.targets), "targets": len(row.targets),
            "href": rows_at(view, "plan", by="served", what=row.place), "figures": real_or_not(made_up[row.place]),
        }
        for row in coverage.rows
        if row.place is not None
    ]  # fmt: skip
    serving = set(coverage.served["target_id"])
    targets: list[Row] = [
        {
            "target": row.code, "targets": 1, "serving": int(row.target_id in serving),
            "without": int(row.target_id not in serving), "figures": real_or_not(row.illustrative),
        }
        for row in coverage.targets.itertuples()
    ]  # fmt: skip
    of_aims = (
        Column("aim", "Aim"),
        *counts(aims="Aims", served="Served", unserved="Served by none", targets="Targets that serve it"),
    )
    of_targets = (Column("target", "Target"), *counts(targets="Targets", serving="Serve an aim", without="Serve none"))
    tables = [Table("Aims", of_aims, aims, "aims"), Table("Targets", of_targets, targets, "targets")]
    return _sheet(view, tables, coverage.headline, "A target may serve several aims.")


def _served(session: Session, view: View, asked: Asked) -> Sheet | None:
    """The targets of one aim with their money and meetings; of `none`, those that serve none."""
    coverage = load_coverage(session, view)
    found = next((row for row in coverage.rows if str(row.place or "none") == asked.what), None)
    if found is None:
        return None
    rows: list[Row] = [
        {
            "target": row.code, "targets": 1, "spent": int(row.spent), "committed": int(row.committed),
            "href": rows_at(view, "money", pot=Pot.LEAD_HELD, target=row.target_id)
            if view.cluster is not None and view.cluster.whole and (row.spent or row.committed)
            else None,
            "figures": real_or_not(row.illustrative),
        }
        for row in coverage.targets.itertuples()
        if row.target_id in found.targets
    ]  # fmt: skip
    heads = (Column("target", "Target"), *counts(targets="Targets"), *amounts(spent="Spent", committed="Committed"))
    told = WorkedOut("meetings", "Meetings", f"{found.meetings:,}", "At which one of them was worked on.")
    table = Table(sentence(counted(len(rows), "target")), heads, rows, worked_out=(told,))
    return _sheet(view, [table], f"{found.text}.", "Money is what the lead school spent and promised on them.")


# --------------------------------------------------------------------------------------------------- kinds of work
def _work(session: Session, view: View, asked: Asked) -> Sheet | None:
    balance = load_balance(session, view)
    rows = [
        {
            "kind": _kind(row["activity"]), "horizon": HORIZON_WORDS.get(row["horizon"], NOT_SAID),
            "focus": FOCUS_WORDS.get(row["focus_area"], NOT_SAID), "targets": int(row["targets"]),
            "silent": int(row["targets"]) if row["activity"] is None else 0,
            "figures": real_or_not(row["illustrative"]),
        }
        for row in balance.frame[balance.frame["year"] == view.year.start].to_dict("records")
        if asked.what in (None, str(row["activity"] or "none"))
    ]  # fmt: skip
    if not rows:
        return None
    heads = (
        Column("kind", "Kind of work"), Column("horizon", "How far it looks ahead"), Column("focus", "Focus"),
        *counts(targets="Targets", silent="Not said"),
    )  # fmt: skip
    kinds = {row["kind"] for row in rows if not row["silent"]}
    table = Table("Targets by what they are about", heads, rows)
    told = f"{sentence(counted(table.foot['targets'], 'target'))}, {counted(len(kinds), 'kind')} of work."
    return _sheet(
        view, [table], told,
        worked_out=(
            WorkedOut("kinds", "Kinds of work", f"{len(kinds):,}"),
            WorkedOut("all-kinds", "Kinds of work that there are", f"{len(ACTIVITY_WORDS):,}"),
        ),
    )  # fmt: skip


def _kind(activity: Any) -> str:
    return ACTIVITY_WORDS[activity] if activity is not None else sentence(NOT_SAID)


# ------------------------------------------------------------------------------------------------------------ days
def _days(session: Session, view: View, _asked: Asked) -> Sheet | None:
    days = load_days(session, view)
    if days.days.empty:
        return None
    keys = {kind: kind.replace(" ", "_") for kind in KINDS}
    rows = [
        {
            "what": row.told, "day": day(row.when), "days": 1, **_one_of(row.what, keys),
            "href": days.address(row.code) if row.code else None,
        }
        for row in days.days.itertuples()
    ]  # fmt: skip
    heads = (
        Column("what", "What"), Column("day", "Day"), *counts(days="Days"),
        *counts(**{keys[kind]: sentence(words) for kind, words in KINDS.items()}),
    )  # fmt: skip
    table = Table(sentence(counted(len(rows), "day")), heads, rows)
    return _sheet(view, [table], f"{sentence(counted(len(rows), 'day'))} of the plan of {view.year}.")


# ------------------------------------------------------------------------------ changes, questions and reviews (whole)
def _changes(session: Session, view: View, _asked: Asked) -> Sheet | None:
    changes = load_changes(session, view)
    rows: list[Row] = [
        {"target": code, "targets": 1, "told": len(sentences), "what": " ".join(sentences)}
        for code, sentences in changes.told.items()
        if sentences
    ]
    heads = (Column("target", "Target"), Column("what", "What changed"), *counts(targets="Targets", told="Changes"))
    told = f"{sentence(counted(len(rows), 'target'))} changed {changes.since.why}."
    return _sheet(view, [Table("What changed", heads, rows)], told, "What was changed and changed back is left out.")


def _questions(session: Session, view: View, _asked: Asked) -> Sheet | None:
    asked = load_questions(session, view)
    if asked.plan is None:
        return None
    rows: list[Row] = [
        {
            "about": each.code or "The whole plan", "question": sentence(each.message), "questions": 1,
            "figures": real_or_not(asked.plan.illustrative),
        }
        for each in asked.prompts
    ]  # fmt: skip
    about = len({each.code for each in asked.prompts if each.code})
    heads = (
        Column("about", "About"),
        Column("question", "What a careful reader would ask"),
        *counts(questions="Questions"),
    )
    return _sheet(
        view, [Table("Questions", heads, rows)], f"{sentence(counted(len(rows), 'question'))}.",
        worked_out=(WorkedOut("about", "Targets they are about", f"{about:,}"),),
    )  # fmt: skip


_RATINGS: Final = {rating: str(rating) for rating in Rating}


def _reviews(session: Session, view: View, _asked: Asked) -> Sheet | None:
    picture = load_review_picture(session, view)
    if not picture.courses:
        return None
    rows: list[Row] = [
        {
            "name": each.name, "targets": int(each.code is not None),
            "reviewed": int(each.code is not None and each.last is not None),
            **_one_of(each.last.rating if each.last and each.code is not None else None, _RATINGS),
            "overdue": int(each.is_overdue(view.as_of)), "reviews": len(each.reviews),
            "figures": real_or_not(picture.illustrative and each.reviews),
        }
        for each in picture.every
    ]  # fmt: skip
    heads = (
        Column("name", "Reviewed"), *counts(targets="Targets", reviewed="Reviewed"),
        *counts(**{key: f"{RATING_WORDS[rating]}, last" for rating, key in _RATINGS.items()}),
        *counts(overdue="Overdue", reviews="Reviews"),
    )  # fmt: skip
    table = Table("Targets and the plan as a whole", heads, rows)
    told = f"{of(table.foot['reviewed'], table.foot['targets'])} targets are reviewed."
    return _sheet(view, [table], told, "The plan as a whole is no target; its reviews and its next one count.")


_LOADS: Final[Mapping[str, Callable[[Session, View, Asked], Sheet | None]]] = {
    "": _criteria, "target": _targets, "aim": _aims, "served": _served, "work": _work, "day": _days,
    "change": _changes, "question": _questions, "review": _reviews,
}  # fmt: skip
BY: Final = frozenset(_LOADS)
"""What an address may ask for."""
WHOLE_ONLY: Final = frozenset({"change", "question", "review"})
"""Of these only who sees the cluster whole has a panel."""
