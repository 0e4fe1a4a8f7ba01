"""How a strange file is read: the mapping that stands beside it, or that the browser's import journey has learned."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dashboard.intake.problems import Problem, Refused
from dashboard.vocabulary import Mark


def _plain_text(value: Any) -> Any:
    # {"defaults": {"vat": 0}} is a slip that can only mean one thing.
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_plain_text)]


class Mapping(BaseModel):
    """What a person says about a file. Every key is optional; an unknown one is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[str, str] = Field(default_factory=dict)
    """Heading as printed → meaning, such as {"Paid Date": "date"}."""
    ignore: tuple[str, ...] = ()
    """Headings to pass over without a warning."""
    defaults: dict[str, Text] = Field(default_factory=dict)
    """Meaning → the value of every row that says nothing."""
    blank: tuple[Text, ...] = ()
    """Texts that stand in a cell and mean nothing, such as "00:00:00" where a spreadsheet lost the day."""
    dates: str | None = None
    """The form of the dates, as in strptime: "%d/%m/%Y"."""
    marks: dict[str, Mark] = Field(default_factory=dict)
    """The register's own key, such as {"A": "absent"}; goes before the usual reading."""
    aliases: dict[str, str] = Field(default_factory=dict)
    """Name as printed → name, slug or URN of the school or cluster in the store."""
    sheet: str | None = None
    """The sheet of a workbook; without it, the first one that is not hidden."""
    table: int | None = Field(default=None, ge=1)
    """The table of a document, counted from 1; without it, the first with the right headings."""
    header_row: int = Field(default=1, ge=1, le=1000)
    """The row with the headings, counted from 1."""

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a mapping file. Raises Refused with one problem for each thing that is wrong with it."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise Refused(*(_explain(dict(each)) for each in error.errors())) from error


NO_MAPPING = Mapping()


def _explain(error: dict[str, Any]) -> Problem:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        known = ", ".join(Mapping.model_fields)
        return Problem(f"the mapping has the key “{place}”, which means nothing here; known are {known}")
    if error["type"] == "json_invalid":
        return Problem(f"the mapping is not JSON: {error['msg'].removeprefix('Invalid JSON: ')}")
    where = f"the mapping's “{place}”" if place else "the mapping"
    return Problem(f"{where} cannot be used: {error['msg'][:1].lower()}{error['msg'][1:]}")
