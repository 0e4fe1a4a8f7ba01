"""What is wrong with a file, at its row and column, in a sentence for the person who has the file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing to put right, or to know. `row` is the row as a person sees it in the file: the header is row 1."""

    problem: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def as_dict(self) -> dict[str, int | str | None]:
        """The form of the contract's JSON."""
        return {"row": self.row, "column": self.column, "value": self.value, "problem": self.problem}

    def __str__(self) -> str:
        where = [f"row {self.row}" if self.row is not None else "", f"column “{self.column}”" if self.column else ""]
        place = ", ".join(part for part in where if part)
        return f"{place}: {self.problem}" if place else self.problem


class Refused(Exception):
    """The file cannot be read any further. Holds the problems that say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems

    @classmethod
    def because(cls, sentence: str) -> "Refused":
        """A refusal of the file as a whole."""
        return cls(Problem(sentence))
