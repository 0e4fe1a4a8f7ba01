"""The tables of open figures as a page shows them: measures down, schools across. Pure.

A row is shown as it was brought in. Pounds per pupil can be turned into pounds in total and back by the number of
pupils that the same table has for the same school; nothing else is computed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from dashboard.benchmarks.checks import Answer, Contradiction, Figure
from dashboard.benchmarks.sentences import say_answer_shortly, say_completeness, say_figure
from dashboard.benchmarks.words import NOT_SUPPLIED, Look, is_number_of_pupils, is_pounds, is_pounds_per_pupil
from dashboard.vocabulary import FigureAnswer, Severity

_STRIP: Final = (4, 116)
"""Where the first and the last dot of a strip of 120 stand."""
_FEWEST_DOTS: Final = 2


@dataclass(frozen=True)
class Cell:
    """One figure of one school. `beside` is what is asked or answered about it."""

    label: str
    value: Decimal | None
    words: str
    beside: str = ""


@dataclass(frozen=True)
class Dot:
    """One school's dot on a strip."""

    x: int
    own: bool


@dataclass(frozen=True)
class Row:
    """One measure of a table."""

    measure: str
    unit: str
    computed: bool
    """Whether it was turned into another form than it was brought in."""
    cells: tuple[Cell, ...]
    dots: tuple[Dot, ...]
    lowest: str
    highest: str

    empty: bool
    """Whether no school gave a figure."""

    @property
    def supplied(self) -> int:
        """How many schools gave a figure."""
        return sum(each.value is not None for each in self.cells)


@dataclass(frozen=True)
class Column:
    """One school of a table: as printed, and as the member it is."""

    label: str
    school: str | None
    school_name: str | None
    own: bool


@dataclass(frozen=True)
class Shown:
    """One table: all rows that came with one file."""

    number: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    completeness: str
    illustrative: bool

    @property
    def units(self) -> tuple[str, ...]:
        """The units of the rows, each once."""
        return tuple(dict.fromkeys(row.unit for row in self.rows))


Told = Mapping[tuple[str, str], tuple[Contradiction, Answer | None]]
"""By printed name and measure: what was found and what the school said of it."""


def pair_up(found: Iterable[Contradiction], answers: Iterable[Answer]) -> list[tuple[Contradiction, Answer | None]]:
    """Each contradiction with the answer of its school, if there is one."""
    said = {(each.cluster_id, each.year, each.school_id, each.name): each for each in answers}
    return [(each, said.get((each.cluster_id, each.year, each.school_id or 0, each.name))) for each in found]


def looks_of(figures: Sequence[Figure]) -> tuple[Look, ...]:
    """The forms in which the figures can be shown. Only pounds, where the same table tells of pupils, can be turned."""
    with_pupils = {each.table for each in figures if is_number_of_pupils(each.measure) and each.value}
    can = [each for each in figures if each.table in with_pupils]
    return (
        Look.PRINTED,
        *([Look.PER_PUPIL] if any(is_pounds(each.unit) for each in can) else []),
        *([Look.TOTAL] if any(is_pounds_per_pupil(each.unit) for each in can) else []),
    )


def build_tables(
    figures: Sequence[Figure],
    told: Sequence[tuple[Contradiction, Answer | None]] = (),
    look: Look = Look.PRINTED,
    own: Collection[int] = (),
) -> list[Shown]:
    """The tables in the order in which they were brought in. `own` are the reader's schools."""
    by_place = {(each.label, each.measure): (each, answer) for each, answer in told}
    tables = dict.fromkeys(each.table for each in figures)
    return [
        _table(number, [each for each in figures if each.table == table], by_place, look, own)
        for number, table in enumerate(tables, start=1)
    ]


def _table(number: int, figures: Sequence[Figure], told: Told, look: Look, own: Collection[int]) -> Shown:
    columns = tuple({
        each.label: Column(each.label, each.school, each.school_name, each.school_id in own) for each in figures
    }.values())  # fmt: skip
    by_cell = {(each.measure, each.label): each for each in figures}
    pupils = {each.label: _used(each, told) for each in figures if is_number_of_pupils(each.measure)}
    rows = tuple(
        _row(measure, [by_cell.get((measure, each.label)) for each in columns], columns, told, pupils, look)
        for measure in dict.fromkeys(each.measure for each in figures)
    )
    supplied = [sum(each.value is not None for each in figures if each.measure == row.measure) for row in rows]
    return Shown(
        number, columns, rows, say_completeness(supplied, len(columns)), any(each.illustrative for each in figures)
    )


def _row(
    measure: str,
    figures: Sequence[Figure | None],
    columns: Sequence[Column],
    told: Told,
    pupils: Mapping[str, Decimal | None],
    look: Look,
) -> Row:
    unit = next(each.unit for each in figures if each is not None)
    can_turn = is_pounds_per_pupil(unit) if look is Look.TOTAL else look is Look.PER_PUPIL and is_pounds(unit)
    turned = can_turn and bool(pupils)
    cells = tuple(
        _turned(figure, column.label, told, pupils.get(column.label), look)
        if turned
        else _printed(figure, column.label, told)
        for figure, column in zip(figures, columns, strict=True)
    )
    values = [
        (_used(figure, told) if not turned else cell.value, column.own)
        for figure, cell, column in zip(figures, cells, columns, strict=True)
    ]
    known = [(value, own) for value, own in values if value is not None]
    lowest, highest = (
        (min(value for value, _ in known), max(value for value, _ in known)) if known else (Decimal(0), Decimal(0))
    )
    return Row(
        measure, ("pounds" if look is Look.TOTAL else "pounds per pupil") if turned else unit, turned, cells,
        tuple(Dot(_place(value, lowest, highest), own) for value, own in sorted(known)) if len(known) >= _FEWEST_DOTS
        else (),
        say_figure(lowest), say_figure(highest), all(each is None or each.value is None for each in figures),
    )  # fmt: skip


def _place(value: Decimal, lowest: Decimal, highest: Decimal) -> int:
    first, last = _STRIP
    if lowest == highest:
        return (first + last) // 2
    return first + round((last - first) * (value - lowest) / (highest - lowest))


def _printed(figure: Figure | None, label: str, told: Told) -> Cell:
    if figure is None or figure.value is None:
        return Cell(label, None, NOT_SUPPLIED)
    found = told.get((label, figure.measure))
    return Cell(label, figure.value, say_figure(figure.value), _beside(*found) if found else "")


def _turned(figure: Figure | None, label: str, told: Told, pupils: Decimal | None, look: Look) -> Cell:
    value = _used(figure, told) if figure is not None else None
    if value is None:
        return Cell(label, None, NOT_SUPPLIED if figure is None or figure.value is None else "not known")
    if not pupils:
        return Cell(label, None, "no number of pupils")
    made = value * pupils if look is Look.TOTAL else value / pupils
    whole = made.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Cell(label, whole, say_figure(whole))


def _used(figure: Figure | None, told: Told) -> Decimal | None:
    """What a figure counts as: the school's correction where it gave one; nothing where nobody is to use it."""
    if figure is None:
        return None
    _, answer = told.get((figure.label, figure.measure), (None, None))
    if answer is None or answer.answer is FigureAnswer.STANDS:
        return figure.value
    return answer.value if answer.answer is FigureAnswer.CORRECTED else None


def _beside(found: Contradiction, answer: Answer | None) -> str:
    if answer is not None:
        return say_answer_shortly(answer)
    return "may be rounding" if found.severity is Severity.INFO else "contradicts another"
