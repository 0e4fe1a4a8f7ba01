"""What the page of one target says of it in words. Pure: plain values in, sentences out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dashboard.plans.words import CRITERION_WORDS, RATING_WORDS, STATUS_WORDS
from dashboard.vocabulary import PLAN_HEADINGS, CriterionState, PlanCell, PlanChangeKind, Rating, TargetStatus
from dashboard.wording import counted, day, in_words, of, sentence

NOTHING: Final = "nothing"


def derive_status(
    own: TargetStatus | None, states: Sequence[CriterionState], evidence: int, due: date | None, as_of: date
) -> TargetStatus:
    """A person's own status, else the one that follows: all criteria met → achieved; any evidence → in progress; past
    its due date with nothing → stalled; else not started.
    """
    if own is not None:
        return own
    if states and all(state is CriterionState.MET for state in states):
        return TargetStatus.ACHIEVED
    if evidence:
        return TargetStatus.IN_PROGRESS
    return TargetStatus.STALLED if due is not None and due < as_of else TargetStatus.NOT_STARTED


def say_why(
    own: TargetStatus | None, reason: str | None, states: Sequence[CriterionState], evidence: int, due: date | None,
    as_of: date,
) -> str:  # fmt: skip
    """Why a target has the status it has: somebody's reason, or how it was derived."""
    derived = derive_status(None, states, evidence, due, as_of)
    if own is not None:
        said = f"Said by a person: {reason.rstrip('.')}." if reason else "Said by a person, no reason given."
        follows = STATUS_WORDS[derived].lower()
        return said if derived is own else f"{said} From its criteria and evidence it would be {follows}."
    if derived is TargetStatus.ACHIEVED:
        return "It follows from the criteria: every one of them is met."
    if derived is TargetStatus.IN_PROGRESS:
        missing = "not every criterion is met" if states else "there is no criterion that could be met"
        return f"It follows from the evidence: there is some, and {missing}."
    if derived is TargetStatus.STALLED and due is not None:
        return f"It follows from the dates: it was due on {day(due)}, and there is no evidence."
    return "There is no evidence yet."


def say_headline(states: Sequence[CriterionState], evidence: int, last: date | None, as_of: date) -> str:
    """How far a target is, in one sentence: "2 of 3 criteria are met; the last evidence is 40 days old."."""
    if states:
        met = sum(state is CriterionState.MET for state in states)
        noun = "criterion" if len(states) == 1 else "criteria"
        start = f"{of(met, len(states))} {noun} {'is' if met == 1 or len(states) == 1 else 'are'} met"
    else:
        start = "No success criterion says when it is reached"
    return f"{start}; {say_last_evidence(evidence, last, as_of)}."


def say_last_evidence(evidence: int, last: date | None, as_of: date) -> str:
    """How old the last piece of evidence is."""
    if not evidence:
        return "there is no evidence yet"
    if last is None:
        return "its evidence has no date"
    days = (as_of - last).days
    if days < 0:
        return f"the last evidence is dated {day(last)}, which is still to come"
    return f"the last evidence is {_age(days)} old" if days else "the last evidence is of today"


def say_due(due: date | None, status: TargetStatus, as_of: date) -> str | None:
    """That a target is overdue, where it is."""
    if due is None or due >= as_of or status is TargetStatus.ACHIEVED:
        return None
    return f"It was due on {day(due)}, {_age((as_of - due).days)} ago, and is not achieved."


def _age(days: int) -> str:
    """Days as people say them: "one day", "40 days", "more than two years"."""
    return counted(days, "day") if days < _TWO_YEARS else f"more than {counted(days // 366, 'year')}"


_TWO_YEARS: Final = 2 * 366


def say_count(text: str, wanted: int | None, reached: int | None) -> str | None:
    """How far a countable criterion is (2.10): "1 of 2", and of what where its text says: "1 of 2 meetings"."""
    if wanted is None:
        return None
    noun = _noun_of(text, wanted)
    if reached is None:
        return f"{wanted:,} {noun} wanted".replace("  ", " ")
    return f"{of(reached, wanted)} {noun}".strip()


def say_schools(met: int, schools: int) -> str:
    """How many schools have met a criterion: "5 of 7 schools"."""
    return f"{of(met, schools)} school{'s' * (schools != 1)}"


def tell_change(kind: PlanChangeKind, cell: PlanCell | None, about: str | None, before: Any, after: Any) -> str:
    """What somebody did, as a sentence without a stop; what stood before and after is said by `tell_states`."""
    quoted = f" “{about}”" if about else ""
    if kind is PlanChangeKind.CELL and cell is not None:
        return f"{PLAN_HEADINGS[cell]} was written anew"
    if kind is PlanChangeKind.STATUS:
        return f"The status was said{f': {about}' if about else ''}" if after else "The own status was taken back"
    if kind is PlanChangeKind.REVIEWED and about:
        return f"The {about} was {'corrected' if before else 'recorded'}"
    return f"{_CHANGES[kind]}{quoted}"


def tell_states(kind: PlanChangeKind, before: Any, after: Any) -> tuple[str, str] | None:
    """What stood there before, and what after, in words; nothing where the sentence says it all."""
    if kind in _SAY_IT_ALL or (before is None and after is None):
        return None
    return _in_words(kind, before), _in_words(kind, after)


_CHANGES: Final[Mapping[PlanChangeKind, str]] = {
    PlanChangeKind.TARGET_ADDED: "The target came into the plan",
    PlanChangeKind.CELL: "A cell was written anew",
    PlanChangeKind.TITLE: "The title was changed",
    PlanChangeKind.DUE: "The due date was changed",
    PlanChangeKind.REVIEW_ON: "The next review was changed",
    PlanChangeKind.OWNER: "The owner was changed",
    PlanChangeKind.STATUS: "The status was changed",
    PlanChangeKind.CRITERION_ADDED: "A criterion was added:",
    PlanChangeKind.CRITERION_GONE: "A criterion was taken out:",
    PlanChangeKind.CRITERION: "What is known of a criterion:",
    PlanChangeKind.EVIDENCE_ADDED: "Evidence was added:",
    PlanChangeKind.EVIDENCE_GONE: "Evidence was taken out:",
    PlanChangeKind.EVIDENCE: "What is known of a piece of evidence:",
    PlanChangeKind.REVIEWED: "It was reviewed",
}
_SAY_IT_ALL: Final = frozenset({
    PlanChangeKind.TARGET_ADDED, PlanChangeKind.CRITERION_ADDED, PlanChangeKind.CRITERION_GONE,
    PlanChangeKind.EVIDENCE_ADDED, PlanChangeKind.EVIDENCE_GONE,
})  # fmt: skip


def _in_words(kind: PlanChangeKind, value: Any) -> str:
    if value is None or value == [] or value == "":
        return NOTHING
    if isinstance(value, dict):
        return _review(value) if kind is PlanChangeKind.REVIEWED else _known(value)
    if isinstance(value, list):
        return "\n".join(f"• {text}" if bullet else str(text) for bullet, text in value)
    if kind in {PlanChangeKind.DUE, PlanChangeKind.REVIEW_ON}:
        return day(date.fromisoformat(value))
    if kind is PlanChangeKind.STATUS:
        return STATUS_WORDS[TargetStatus(value)].lower()
    return str(value)


def _known(value: Mapping[str, Any]) -> str:
    """What was known of a criterion or of a piece of evidence."""
    told = []
    if "state" in value:
        told.append(CRITERION_WORDS[CriterionState(value["state"])])
    if "wanted" in value:
        told.append(of(value.get("reached") or 0, value["wanted"]))
    if "schools" in value:
        told.append(counted(value["schools"], "school has", "schools have") + " met it")
    if "dated" in value:
        told.append(day(date.fromisoformat(value["dated"])) if value["dated"] else "not dated")
    told.extend(str(value[name]) for name in ("criterion", "figure", "link", "file") if value.get(name))
    return ", ".join(told) or NOTHING


def _review(value: Mapping[str, Any]) -> str:
    """What a review found."""
    on = day(date.fromisoformat(value["reviewed_on"]))
    words = f"{RATING_WORDS[Rating(value['rating'])]} on {on}: {value['words']}"
    return f"{words}\nNext on {day(date.fromisoformat(value['next_on']))}." if value["next_on"] else words


def _noun_of(text: str, wanted: int) -> str:
    """What is counted, where a criterion says so: the word behind its number, "Two meetings held" → "meetings"."""
    words = text.replace(",", " ").split()
    numbers = {str(wanted), f"{wanted:,}", in_words(wanted)}
    for place, word in enumerate(words[:-1]):
        behind = words[place + 1].strip(".;:()")
        if word.casefold() in numbers and behind.isalpha():
            return behind.lower()
    return ""


def say_state(state: CriterionState) -> str:
    """A criterion's state, as a word that begins a line."""
    return sentence(CRITERION_WORDS[state])
