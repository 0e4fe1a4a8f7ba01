"""What the panels of a plan have in common: the picture of its targets, and what is said where there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.directory.view import View
from dashboard.plans import queries
from dashboard.plans.addresses import target_address
from dashboard.plans.sentences import overdue, say_age, say_due
from dashboard.plans.words import STATUS_SYMBOLS, STATUS_WORDS
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message
from dashboard.ui.rows import rows_at
from dashboard.wording import of


@dataclass(frozen=True)
class PlanPicture:
    """The targets of a cluster's year and their criteria, where their pages stand, and the day."""

    targets: pd.DataFrame
    criteria: pd.DataFrame
    cluster: str
    year: AcademicYear
    as_of: date

    def address(self, code: str, criterion: int | None = None) -> str:
        """The page of a target, or of one of its criteria."""
        return target_address(self.cluster, self.year, code, criterion)

    @property
    def links(self) -> Mapping[int, str]:
        """The page of the target in each row of a table of targets."""
        return {row: self.address(code) for row, code in enumerate(self.targets["code"])}

    @property
    def made_up(self) -> tuple[bool, bool]:
        """Whether some of it is illustrative, and whether all is."""
        return bool(self.targets["illustrative"].any()), bool(self.targets["illustrative"].all())


def load_plan(session: Session, view: View) -> PlanPicture:
    """The plan of the view's cluster and year."""
    years = view.cluster_years
    return PlanPicture(
        queries.load_targets(session, view.scope, years, view.as_of),
        queries.load_criteria(session, view.scope, years),
        view.cluster.slug if view.cluster else "",
        view.year,
        view.as_of,
    )


def name_of(code: str, title: str) -> str:
    """A target as a table names it: the code, and the title where it says more."""
    return code if title == code else f"{code}: {title}"


def targets_table(plan: PlanPicture) -> pd.DataFrame:
    """A row for each target."""
    targets = plan.targets
    return pd.DataFrame(
        {
            "Target": [name_of(row.code, row.title) for row in targets.itertuples()],
            "Status": [f"{STATUS_SYMBOLS[status]} {STATUS_WORDS[status]}" for status in targets["status"]],
            "Criteria met": [of(row.met, row.criteria) for row in targets.itertuples()],
            "Not met": list(targets["not_met"]),
            "No evidence": list(targets["no_evidence"]),
            "Last evidence": [say_age(row, plan.as_of) for row in targets.itertuples()],
            "Due": [say_due(row, plan.as_of) for row in targets.itertuples()],
            "Owner": [owner or "nobody named" for owner in targets["owner"]],
            "Cells filled": [of(filled, queries.CELLS_TOTAL) for filled in targets["cells_filled"]],
        }
    )


def progress_figures(plan: PlanPicture, view: View) -> list[ShownFigure]:
    """How many success criteria are met and how many targets lack evidence, then target by target."""
    targets = plan.targets
    criteria, met = int(targets["criteria"].sum()), int(targets["met"].sum())
    at = partial(rows_at, view, "plan")
    of_criteria = [
        ("Success criteria met", of(met, criteria), "criteria", "met-of"),
        ("Not met", f"{int(targets['not_met'].sum()):,}", "criteria", "not_met"),
        ("No evidence", f"{int(targets['no_evidence'].sum()):,}", "criteria", "no_evidence"),
    ]
    return [
        *(ShownFigure(label, value, unit, at(foot)) for label, value, unit, foot in of_criteria if criteria),
        *target_figures(plan, view),
        *(
            ShownFigure(
                f"{row.code}: success criteria met", of(row.met, row.criteria), "", at("met-of", target=row.code)
            )
            for row in targets.itertuples()
            if row.criteria
        ),
    ]


def target_figures(plan: PlanPicture, view: View) -> list[ShownFigure]:
    """How many targets stand where."""
    targets, at = plan.targets, partial(rows_at, view, "plan", by="target")
    told = [
        ("Targets", len(targets), "targets"),
        ("Targets without evidence yet", int((targets["evidence"] == 0).sum()), "bare"),
        ("Targets that are overdue", overdue(targets, view.as_of), "overdue"),
        *((f"Targets: {words.lower()}", int((targets["status"] == status).sum()), str(status))
          for status, words in STATUS_WORDS.items()),
    ]  # fmt: skip
    return [ShownFigure(label, f"{number:,}", "targets", at(foot)) for label, number, foot in told]


def no_plan(view: View) -> Message:
    """What is said of a year without a plan."""
    return Message(
        f"No development plan is recorded for {view.year}.",
        "It shows here once the Word table of the plan is brought in.",
        other_years=True,
    )


STATUS_EXPLAINED = (
    "A target’s status is the one a person gave, else: achieved when all criteria are met, in progress when there is "
    "any evidence, stalled when its due date has passed without any, else not started. What was done is never shown as "
    "impact."
)
