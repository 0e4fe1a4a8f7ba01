"""When a target asks for a look, and the sentence that says why. Pure: frames in, flags out."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from dashboard.flags import Flag
from dashboard.vocabulary import Severity, TargetStatus
from dashboard.wording import day


def flag_target(target: Any, as_of: date) -> Iterator[Flag]:
    """The flags of one row of `load_targets`, the most pressing first.

    overdue: past its due date and not achieved. no_evidence (2.8): nothing shows yet whether it works.
    no_measurable_criterion (2.7): nothing to measure it by. activity_without_impact (2.12): evidence is there, the
    impact cell is empty.
    """
    name = _name(target)
    if target.status != TargetStatus.ACHIEVED and target.due is not None and target.due < as_of:
        evidence = "" if target.evidence else " and has no evidence"
        yield Flag("overdue", Severity.ACT, f"{name} was due on {day(target.due)}{evidence}", target.code)
    elif not target.evidence and target.status != TargetStatus.ACHIEVED:
        due = f"; it is due on {day(target.due)}" if target.due is not None else ""
        yield Flag("no_evidence", Severity.LOOK, f"{name} has no evidence yet{due}", target.code)
    if not target.criteria:
        message = f"{name} has no success criterion to measure it by"
        yield Flag("no_measurable_criterion", Severity.LOOK, message, target.code)
    if target.evidence and not target.has_impact:
        message = f"{name} has evidence of what was done, but its impact is empty"
        yield Flag("activity_without_impact", Severity.INFO, message, target.code)


def _name(target: Any) -> str:
    """The code, and the title where it says more."""
    if target.title == target.code:
        return str(target.code)
    title = target.title if len(target.title) <= _LONGEST else f"{target.title[:_LONGEST].rstrip()}…"
    return f"{target.code} (“{title}”)"


_LONGEST = 45


def flag_targets(targets: pd.DataFrame, as_of: date) -> list[Flag]:
    """The flags of every target of one cluster, in the order of the plan."""
    return [flag for target in targets.itertuples() for flag in flag_target(target, as_of)]
