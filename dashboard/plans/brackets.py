"""What a line of a cell says in brackets at its end: how far a success criterion is, of when a piece of evidence is.

So a plan goes to Word and comes back whole: "Two meetings held (1 of 2)", "INSET held (6 January 2020; criterion 1)".
Pure text. What is read is written again in the same way, and a text that was read never ends in such a bracket.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from dashboard.models import CellLine
from dashboard.plans.cell_text import CellLines
from dashboard.vocabulary import CriterionState, EvidenceKind
from dashboard.wording import day

_TAIL: Final = re.compile(r"\s*\(([^()]+)\)\s*\.?\s*$")
_DASH: Final = re.compile(r"(\s+[-–—])+$")
"""A dash that stood before a bracket; without one it says nothing either."""
_BETWEEN: Final = re.compile(r"[;,]\s+")
_NOT_IN_A_PART: Final = re.compile(r"[();,\s]+")
_LINK: Final = re.compile(r"https?://[^\s()]{1,900}", re.IGNORECASE)
MOST_COUNTED: Final = 1_000_000


@dataclass(frozen=True)
class CriterionLine:
    """One success criterion as it stands in a cell. What is None is not said there."""

    text: str
    state: CriterionState | None = None
    wanted: int | None = None
    reached: int | None = None
    per_school: bool | None = None

    @property
    def shown_state(self) -> CriterionState | None:
        """The state that is said, else the one that follows from what is counted."""
        return self.state or state_of_count(self.wanted, self.reached)


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of evidence as it stands in a cell. `criterion` is which criterion of the target it shows, from 1."""

    text: str
    dated: date | None = None
    criterion: int | None = None
    link: str | None = None
    value: Decimal | None = None
    unit: str | None = None
    file_name: str | None = None

    @property
    def kind(self) -> EvidenceKind:
        """What sort of evidence it is; the strongest that is said."""
        if self.file_name is not None:
            return EvidenceKind.FILE
        if self.link is not None:
            return EvidenceKind.LINK
        return EvidenceKind.TEXT if self.value is None else EvidenceKind.FIGURE


def state_of_count(wanted: int | None, reached: int | None) -> CriterionState | None:
    """What a count says of a criterion (2.10): 2 of 2 is met, 1 of 2 is not met, 0 of 2 shows nothing yet."""
    if wanted is None or reached is None:
        return None
    if reached >= wanted:
        return CriterionState.MET
    return CriterionState.NOT_MET if reached else CriterionState.NO_EVIDENCE


def split_criteria(lines: CellLines) -> tuple[CellLines, tuple[CriterionLine, ...]]:
    """The cell without brackets such as "(met)" or "(1 of 2)" at the ends of lines, and the criteria in it.

    Criteria are the bullets, or every line where there is no bullet.
    """
    read = [(line.bullet, _criterion(line.text)) for line in lines]
    cell = tuple(CellLine(bullet, each.text) for bullet, each in read)
    bullets = [each for bullet, each in read if bullet]
    return cell, tuple(bullets or [each for _, each in read])


def split_evidence(lines: CellLines) -> tuple[CellLines, tuple[EvidenceLine, ...]]:
    """The evaluation cell without what its lines say in brackets, and the pieces of evidence in it: every line is one,
    the same words twice are one.
    """
    read = [(line.bullet, _evidence(line.text)) for line in lines]
    cell = tuple(CellLine(bullet, each.text) for bullet, each in read)
    return cell, tuple({each.text: each for _, each in reversed(read)}.values())[::-1]


def join_criteria(cell: CellLines, criteria: Sequence[CriterionLine]) -> CellLines:
    """The reverse of `split_criteria`."""
    return _join(cell, [(each.text, _parts_of_criterion(each)) for each in criteria], ", ")


def join_evidence(cell: CellLines, pieces: Sequence[EvidenceLine]) -> CellLines:
    """The reverse of `split_evidence`."""
    return _join(cell, [(each.text, _parts_of_evidence(each)) for each in pieces], "; ")


def is_link(text: str) -> bool:
    """Whether a text is an address on the web as it can stand in a bracket."""
    return _LINK.fullmatch(text) is not None


def fits_a_bracket(text: str) -> str:
    """A unit or the name of a file as it can stand in a bracket."""
    return _NOT_IN_A_PART.sub(" ", text).strip()


def say_figure(value: Decimal | None, unit: str | None) -> str | None:
    """A figure with what it counts, as a bracket says it: "25 governors"."""
    return None if value is None else f"{value.normalize():f} {unit or ''}".strip()


def _join(cell: CellLines, told: Sequence[tuple[str, list[str]]], between: str) -> CellLines:
    left: defaultdict[str, list[list[str]]] = defaultdict(list)
    for text, parts in told:
        left[text].append(parts)
    lines = []
    for line in cell:
        these = left[line.text]
        # Criteria of the same words have a line each; the same piece of evidence twice is one.
        parts = these.pop(0) if len(these) > 1 else these[0] if these else []
        lines.append(CellLine(line.bullet, f"{line.text} ({between.join(parts)})" if parts else line.text))
    return tuple(lines)


def _parts_of_criterion(line: CriterionLine) -> list[str]:
    counted = [] if line.wanted is None else [f"{line.wanted} wanted"]
    if line.wanted is not None and line.reached is not None:
        counted = [f"{line.reached} of {line.wanted}"]
    follows = state_of_count(line.wanted, line.reached) or CriterionState.NO_EVIDENCE
    said = [] if line.state in {None, follows} else [str(line.state).replace("_", " ")]
    return [*(["each school"] if line.per_school else []), *counted, *said]


def _parts_of_evidence(line: EvidenceLine) -> list[str]:
    figure = say_figure(line.value, line.unit)
    parts = (
        line.dated and day(line.dated),
        line.criterion and f"criterion {line.criterion}",
        figure and f"figure {figure}",
        line.link,
        line.file_name and f"file {fits_a_bracket(line.file_name)}",
    )
    return [part for part in parts if part]


def _criterion(text: str) -> CriterionLine:
    bare, said = _read_tails(text, _CRITERION_PARTS)
    return CriterionLine(bare, **said)


def _evidence(text: str) -> EvidenceLine:
    bare, said = _read_tails(text, _EVIDENCE_PARTS)
    return EvidenceLine(bare, **said)


@dataclass(frozen=True)
class _Part:
    """One thing that may stand in a bracket: how it looks, and what it says."""

    looks: re.Pattern[str]
    says: Callable[["re.Match[str]"], dict[str, Any]] = field(compare=False)


def _read_tails(text: str, parts: Sequence[_Part]) -> tuple[str, dict[str, Any]]:
    """A text without the brackets at its end, and what they say; the last one has the last word."""
    said: dict[str, Any] = {}
    bare = _DASH.sub("", text.strip())
    while (found := _TAIL.search(bare)) is not None:
        told = _read_parts(found[1], parts)
        before = _DASH.sub("", bare[: found.start()].strip())
        if told is None or not before:
            break
        bare, said = before, told | said
    return bare, said


def _read_parts(written: str, parts: Sequence[_Part]) -> dict[str, Any] | None:
    """What a bracket says; None unless every part of it is understood, and said once."""
    told: dict[str, Any] = {}
    for each in _BETWEEN.split(written.strip()):
        says = next((part.says(found) for part in parts if (found := part.looks.fullmatch(each.strip()))), None)
        if not says or says.keys() & told.keys():
            return None
        told |= says
    return told


def _count(found: "re.Match[str]") -> dict[str, Any]:
    reached, wanted = int(found[1]), int(found[2])
    return {"wanted": wanted, "reached": reached} if 0 < wanted <= MOST_COUNTED and reached <= MOST_COUNTED else {}


def _wanted(found: "re.Match[str]") -> dict[str, Any]:
    return {"wanted": int(found[1])} if 0 < int(found[1]) <= MOST_COUNTED else {}


def _state(found: "re.Match[str]") -> dict[str, Any]:
    return {"state": CriterionState(re.sub(r"\s+", "_", found[0].casefold()))}


def _dated(found: "re.Match[str]") -> dict[str, Any]:
    try:
        return {"dated": datetime.strptime(" ".join(found[0].split()), "%d %B %Y").date()}
    except ValueError:
        return {}


def _figure(found: "re.Match[str]") -> dict[str, Any]:
    unit = fits_a_bracket(found[2] or "")[:60]
    return {"value": Decimal(found[1]), **({"unit": unit} if unit else {})}


_CRITERION_PARTS: Final = (
    _Part(re.compile(r"met|not\s+met|no\s+evidence", re.IGNORECASE), _state),
    _Part(re.compile(r"(\d{1,7})\s+of\s+(\d{1,7})", re.IGNORECASE), _count),
    _Part(re.compile(r"(\d{1,7})\s+wanted", re.IGNORECASE), _wanted),
    _Part(re.compile(r"each\s+school", re.IGNORECASE), lambda _found: {"per_school": True}),
)
_EVIDENCE_PARTS: Final = (
    _Part(re.compile(r"\d{1,2}\s+[A-Za-z]+\s+\d{4}"), _dated),
    _Part(re.compile(r"criterion\s+([1-9]\d{0,2})", re.IGNORECASE), lambda found: {"criterion": int(found[1])}),
    _Part(re.compile(r"figure\s+(-?\d{1,12}(?:\.\d{1,3})?)(?:\s+(\S.*))?", re.IGNORECASE), _figure),
    _Part(_LINK, lambda found: {"link": found[0]}),
    _Part(re.compile(r"file\s+(\S.{0,199})", re.IGNORECASE), lambda found: {"file_name": found[1]}),
)
