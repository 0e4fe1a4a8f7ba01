"""Reads one row by meaning, and notes what is wrong with it at its row and column."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from dashboard.intake.columns import Columns
from dashboard.intake.problems import Problem
from dashboard.intake.tables import Cell, Row, Table, is_blank, show

T = TypeVar("T")


class RowReader:
    """One row of a table. `read` and `need` give None once a problem is noted; ask `clean` before you write."""

    def __init__(
        self, table: Table, row: Row, columns: Columns, defaults: Mapping[str, str], note: Callable[[Problem], None]
    ) -> None:
        self._table = table
        self._row = row
        self._columns = columns.by_meaning
        self._defaults = defaults
        self._note = note
        self.clean = True

    @property
    def number(self) -> int:
        """The row as a person sees it in the file."""
        return self._row.number

    def has(self, meaning: str) -> bool:
        """Whether the file has a column for this meaning."""
        return meaning in self._columns

    def cell(self, meaning: str) -> Cell:
        """What stands in the row, else the mapping's default, else None."""
        index = self._columns.get(meaning)
        own = self._row.cells[index] if index is not None else None
        return self._defaults.get(meaning) if is_blank(own) else own

    def read(self, meaning: str, parse: Callable[[Cell], T]) -> T | None:
        """The parsed cell; None when it is blank, or wrong (which is noted)."""
        cell = self.cell(meaning)
        if is_blank(cell):
            return None
        try:
            return parse(cell)
        except ValueError as error:
            self.refuse(meaning, str(error))
            return None

    def need(self, meaning: str, parse: Callable[[Cell], T]) -> T | None:
        """As `read`, but a blank is wrong too."""
        if is_blank(self.cell(meaning)):
            self.refuse(meaning, f"say the {meaning.replace('_', ' ')}; the cell is empty")
            return None
        return self.read(meaning, parse)

    def refuse(self, meaning: str, sentence: str) -> None:
        """Note what is wrong with the cell of a meaning."""
        self.clean = False
        self._note(self.problem(meaning, sentence))

    def problem(self, meaning: str, sentence: str) -> Problem:
        """A problem at this row, in the printed column of a meaning."""
        index = self._columns.get(meaning)
        column = self._table.heading(index) if index is not None else meaning
        emptied = self._table.emptied.get((self.number, index)) if index is not None else None
        return Problem(sentence, self.number, column, show(self.cell(meaning)) or emptied)
