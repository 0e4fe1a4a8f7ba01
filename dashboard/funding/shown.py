"""What the pages of a ledger show of lines, sums, events and filters, in words. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dashboard.academic_year import AcademicYear
from dashboard.funding.asked import GROUPS
from dashboard.funding.entry import LineSaid
from dashboard.funding.forms import Choices
from dashboard.funding.lines import LineRow, StoryRow, Sums
from dashboard.funding.words import PART_WORDS, POT_WORDS, PURPOSE_WORDS, STATE_WORDS, USE_WORDS, to_the_penny
from dashboard.wording import counted, day, sentence


def title_of(row: LineRow) -> str:
    """What a line is called at the top of its page."""
    return f"Line {row.line_id}: {to_the_penny(row.amount)}{f', {row.supplier}' if row.supplier else ''}"


def tell_event(event: StoryRow) -> str:
    """What an event changed, in words: "amount £52.00, before £50.00"."""
    after, before = event.after or {}, event.before or {}
    told = []
    for name, words in _TOLD.items():
        if name in after and event.action in _CHANGES:
            was = f", before {_value(name, before[name])}" if name in before else ""
            told.append(f"{words} {_value(name, after[name])}{was}")
    written = after.get("written_anew")
    if written:
        told.append(f"written anew: {', '.join(_COLUMNS[name] for name in written)}")
    return "; ".join(told)


_CHANGES: Final = frozenset({"change", "move on", "withdraw"})
_TOLD: Final = {
    "state": "state", "amount": "amount", "vat": "VAT", "spent_on": "day", "pot": "holder", "part": "part",
    "use_code": "use", "purpose": "purpose",
}  # fmt: skip
_COLUMNS: Final = {"supplier": "supplier", "description": "what for", "reference": "number", "note": "reason"}
_CALLED: Final[Mapping[str, Mapping[Any, str]]] = {
    "state": STATE_WORDS, "pot": POT_WORDS, "part": PART_WORDS, "purpose": PURPOSE_WORDS,
}  # fmt: skip


def _value(name: str, value: Any) -> str:
    if value is None:
        return "none"
    if name in {"amount", "vat"}:
        return to_the_penny(int(value))
    if name == "spent_on":
        return day(value if isinstance(value, date) else date.fromisoformat(value))
    return _CALLED.get(name, {}).get(value, str(value))


def differences(row: LineRow, said: LineSaid, choices: Choices) -> list[tuple[str, str, str]]:
    """Where what stands there now differs from what was typed: the field, theirs, mine."""
    meetings = {each.meeting_id: day(each.held_on) for each in choices.meetings}
    targets = {each.target_id: each.code for each in choices.targets}
    schools = {each.school: each.name for each in choices.schools}
    pairs = [
        *((words, _value(name, getattr(row, name)), _value(name, getattr(said, name)))
          for name, words in _TOLD.items() if name != "state"),
        *((words, getattr(row, name) or "none", getattr(said, name) or "none") for name, words in _COLUMNS.items()),
        ("school", schools.get(row.school or "", "none"), schools.get(said.school or "", "none")),
        ("meeting", meetings.get(row.meeting_id or 0, "none"), meetings.get(said.meeting_id or 0, "none")),
        ("target", targets.get(row.target_id or 0, "none"), targets.get(said.target_id or 0, "none")),
    ]  # fmt: skip
    return [(sentence(words), theirs, mine) for words, theirs, mine in pairs if theirs != mine]


def say_sums(each: Sums) -> str:
    """What the lines of one holder come to: "Held by the lead school: £1,234.00 spent and £50.00 committed …"."""
    promised = f" and {to_the_penny(each.committed)} committed" if each.committed_lines else ""
    return f"{POT_WORDS[each.pot]}: {to_the_penny(each.spent)} spent{promised} in {counted(each.lines, 'line')}"


def options_of(
    years: Sequence[AcademicYear], choices: Choices, said: Mapping[str, str]
) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers, as pairs of a value and its words. What was asked for and is no single one of them, such
    as several at once, is offered as it is.
    """
    uses = [(code.value, f"{code}: {words}") for code, words in USE_WORDS.items()]
    targets = [(str(each.target_id), f"{each.code}, {AcademicYear(each.year)}") for each in choices.targets]
    offered = {
        "year": [(str(year), str(year)) for year in years],
        "pot": [(pot.value, words) for pot, words in POT_WORDS.items()],
        "part": [(part.value, words) for part, words in PART_WORDS.items()],
        "state": [
            ("spent", "Spent: invoiced or paid"), ("promised", "Committed: approved or committed"),
            *((state.value, f"Only {words}") for state, words in STATE_WORDS.items()),
        ],
        "school": [*((each.school, each.name) for each in choices.schools), ("none", "No school")],
        "use": [*uses, ("none", "No use said")],
        "purpose": [*((purpose.value, words) for purpose, words in PURPOSE_WORDS.items()), ("none", "Nothing said")],
        "target": [*targets, ("none", "No target")],
        "meeting": [*((str(each.meeting_id), day(each.held_on)) for each in choices.meetings), ("none", "No meeting")],
    }  # fmt: skip
    if not choices.whole:
        offered["pot"], offered["school"] = [], []
    for name, values in offered.items():
        asked = said.get(name)
        group = next((word for word, states in GROUPS.items() if asked and set(asked.split(",")) == set(states)), None)
        if asked and asked not in {value for value, _ in values} and name == "state" and group:
            values.append((asked, "Spent" if group == "spent" else "Committed"))
        elif asked and asked not in {value for value, _ in values}:
            values.append((asked, asked.replace(",", ", ") if len(asked) < 40 else "Several"))
    return offered
