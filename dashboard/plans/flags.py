"""When a target asks for a look, and the sentence that says why. Pure: frames in, flags out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from dashboard.flags import Flag
from dashboard.plans.prompts import RULES, Prompt
from dashboard.vocabulary import PLAN_HEADINGS, Severity, TargetStatus
from dashboard.wording import day, sentence


def flag_target(target: Any, as_of: date) -> Iterator[Flag]:
    """The flags of one row of `load_targets`, the most pressing first.

    overdue: past its due date and not achieved. no_evidence (2.8): nothing shows yet whether it works.
    no_measurable_criterion (2.7): nothing to measure it by. activity_without_impact (2.12): evidence is there, the
    impact cell is empty.
    """
    name, row = _name(target), _row(target)

    def flag(rule: str, severity: Severity, message: str) -> Flag:
        return Flag(rule, severity, message, target.code, _STATEMENTS[rule], row, (row,))

    if target.status != TargetStatus.ACHIEVED and target.due is not None and target.due < as_of:
        evidence = "" if target.evidence else " and has no evidence"
        yield flag("overdue", Severity.ACT, f"{name} was due on {day(target.due)}{evidence}")
    elif not target.evidence and target.status != TargetStatus.ACHIEVED:
        due = f"; it is due on {day(target.due)}" if target.due is not None else ""
        yield flag("no_evidence", Severity.LOOK, f"{name} has no evidence yet{due}")
    if not target.criteria:
        yield flag("no_measurable_criterion", Severity.LOOK, f"{name} has no success criterion to measure it by")
    if target.evidence and not target.has_impact:
        message = f"{name} has evidence of what was done, but its impact is empty"
        yield flag("activity_without_impact", Severity.INFO, message)


_STATEMENTS: Final = {
    "overdue": "A target is past its due date and not achieved.",
    "no_evidence": "A target that is not achieved has no piece of evidence: nothing shows yet whether it works (2.8).",
    "no_measurable_criterion": "A target has no success criterion, so that nobody can tell when it is reached (2.7).",
    "activity_without_impact": "There is evidence of what was done, and nothing is written under impact: activity is "
    "not impact (2.12).",
}


def _row(target: Any) -> Mapping[str, Any]:
    """What the rules look at, as JSON knows it."""
    return {
        "code": target.code,
        "status": str(target.status),
        "due": target.due and target.due.isoformat(),
        "criteria": int(target.criteria),
        "evidence": int(target.evidence),
        "impact": bool(target.has_impact),
    }


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


def flag_prompts(prompts: Sequence[Prompt], cluster: str, told: Collection[Flag] = ()) -> list[Flag]:
    """What a careful reader would ask of a cluster's plan, as flags: of a target by its code, of the plan by the
    cluster's slug. What other flags tell of the same target under the same name (`told`) is not told again.

    No name of a person stands in them.
    """
    said = {(flag.rule, flag.subject) for flag in told}
    return [_flag_prompt(each, cluster) for each in prompts if (each.rule, each.code) not in said]


def _flag_prompt(prompt: Prompt, cluster: str) -> Flag:
    rule = RULES[prompt.rule]
    sources = " ".join(f"({point})" for point in rule.point.split(", "))
    figure: dict[str, Any] = {"cell": PLAN_HEADINGS[prompt.cell] if prompt.cell else None}
    if prompt.rule == "names_not_roles":
        figure["named"] = len(prompt.words)
    else:
        figure["words"] = list(prompt.words)
    message = f"{prompt.code}: {prompt.message}" if prompt.code else sentence(prompt.message)
    statement = f"{rule.statement.removesuffix('.')} {sources}."
    return Flag(prompt.rule, rule.severity, message, prompt.code or cluster, statement, figure, (figure,))
