"""The forms of workgroups. A line is read by the same readers as a row of a file; what was typed is never lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, TypeVar

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from dashboard.intake.cells import read_date
from dashboard.intake.work_email import check_work_email
from dashboard.roles import ROLE_WORDS
from dashboard.vocabulary import PersonRole
from dashboard.wording import sentence
from dashboard.workgroups.cells import read_name, read_year_groups
from dashboard.workgroups.commands import Line, LineProblem
from dashboard.workgroups.deadline import moment
from dashboard.workgroups.versions import ReturnLine
from dashboard.workgroups.words import ROLES, USUAL, in_order, year_figures

T = TypeVar("T")

MOST_LINES: Final = 120
"""More would not fit into what an address of ours takes; a cluster so large sends a file."""
SIGNERS: Final = (PersonRole.HEADTEACHER, PersonRole.GOVERNOR, PersonRole.CHAIR)
_COLUMNS: Final = {"from": "starts", "to": "ends"}
"""Columns of a file that go by another name here."""


class Roles(SelectMultipleField):  # type: ignore[misc]
    """Boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Whatever else is sent is passed over when it is read."""


class LineForm(Form):  # type: ignore[misc]
    """One person of one school."""

    school = SelectField("School", validate_choice=False)
    name = StringField("Name")
    work_email = StringField("Work e-mail address")
    roles = Roles("Roles", choices=[SelectChoice(role.value, label) for role, label in ROLES.items()])
    year_groups = StringField("Year groups taught")
    starts = StringField("From")
    ends = StringField("Until")
    replaces = StringField("Takes over from")
    out = BooleanField("Take out of the workgroup")

    @property
    def is_blank(self) -> bool:
        """Whether nobody typed anything about a person."""
        texts = (self.name, self.work_email, self.year_groups, self.starts, self.ends, self.replaces)
        return not any((field.data or "").strip() for field in texts) and not self.roles.data

    @property
    def offered(self) -> list[Any]:
        """The boxes of the usual roles, and of others that this person has."""
        held = self.roles.data or []
        return [box for box in self.roles if box.data in USUAL or box.data in held]

    @property
    def title(self) -> str:
        """How the line is called."""
        return (self.name.data or "").strip() or "Somebody new"


@dataclass(frozen=True)
class Wrong:
    """One thing to put right: the field, and the sentence."""

    field_id: str
    sentence: str


class ReturnForm(FlaskForm):  # type: ignore[misc]
    """The whole return of a cluster."""

    seen = HiddenField(default="0")
    lines = FieldList(FormField(LineForm))

    @classmethod
    def of(cls, lines: Sequence[ReturnLine], version: int, silent: Sequence[str]) -> "ReturnForm":
        """The form with the lines of a version, and an empty line for each school (slug) that names nobody."""
        filled: list[dict[str, Any]] = [
            {
                "school": line.slug, "name": line.name, "work_email": line.work_email, "roles": list(line.roles),
                "year_groups": year_figures(line.year_groups), "starts": _iso(line.starts), "ends": _iso(line.ends),
                "replaces": line.replaces,
            }
            for line in lines
        ]  # fmt: skip
        empty: list[dict[str, Any]] = [{"school": school} for school in silent]
        return cls(formdata=None, data={"seen": str(version), "lines": [*filled, *empty]})

    def offer(self, schools: Mapping[str, str]) -> None:
        """Say which schools (slug → name) there are to choose from."""
        for entry in self.lines:
            entry.form.school.choices = [SelectChoice(slug, name) for slug, name in schools.items()]

    def add_one(self) -> None:
        """Another empty line, for the school of the last."""
        last = self.lines[-1].form.school.data if len(self.lines) else None
        self.lines.append_entry({"school": last})

    @property
    def version_seen(self) -> int:
        """The version that whoever typed had before them. What is no number is none that ever stood."""
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1

    def read(self, school_ids: Mapping[str, int]) -> tuple[list[Line], list[int], list[Wrong]]:
        """The lines, the place of each in the form, and what is wrong; empty lines and those taken out are none."""
        lines: list[Line] = []
        places: list[int] = []
        wrong: list[Wrong] = []
        for place, entry in enumerate(self.lines):
            if entry.form.out.data or entry.form.is_blank:
                continue
            reader = _Reader(entry.form, wrong)
            line = reader.line(school_ids)
            if line is not None:
                lines.append(line)
                places.append(place)
        return lines, places, wrong

    def refuse(self, problems: Sequence[LineProblem], places: Sequence[int]) -> list[Wrong]:
        """Put problems of the whole return beside the fields that they are about."""
        wrong: list[Wrong] = []
        for problem in problems:
            form = self.lines[places[problem.index]].form
            _note(form[_COLUMNS.get(problem.column, problem.column)], form, problem.sentence, wrong)
        return wrong


class _Reader:
    """Reads one line of the form, and notes what is wrong beside its field."""

    def __init__(self, form: Any, wrong: list[Wrong]) -> None:
        self._form, self._wrong = form, wrong

    def line(self, school_ids: Mapping[str, int]) -> Line | None:
        """The line as far as it can be read; None without a name or a school."""
        form = self._form
        school_id = school_ids.get(form.school.data or "")
        if school_id is None:
            self._note(form.school, "choose a school of this cluster")
        name = self._read(form.name, read_name)
        if not (form.name.data or "").strip():
            self._note(form.name, "say the name, or empty the other fields")
        known = {role.value for role in ROLES}
        roles = in_order([role for role in form.roles.data or [] if role in known])
        if not roles:
            self._note(form.roles, "say what they do: at least one role")
        address = self._read(form.work_email, check_work_email)
        years = self._read(form.year_groups, read_year_groups) or ()
        starts, ends = self._read(form.starts, read_date), self._read(form.ends, read_date)
        replaces = self._read(form.replaces, read_name)
        if school_id is None or name is None:
            return None
        return Line(school_id, name, roles, address, years, starts, ends, replaces)

    def _read(self, field: Any, parse: Callable[[str], T]) -> T | None:
        text = (field.data or "").strip()
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self._note(field, str(error))
            return None

    def _note(self, field: Any, said: str) -> None:
        _note(field, self._form, said, self._wrong)


def _note(field: Any, form: Any, said: str, wrong: list[Wrong]) -> None:
    field.errors = [*field.errors, sentence(said)]
    wrong.append(Wrong(field.id if field.name != form.roles.name else f"{field.id}-0", f"{form.title}: {said}"))


def _iso(when: date | None) -> str:
    return when.isoformat() if when else ""


class AgreementForm(FlaskForm):  # type: ignore[misc]
    """That a school has signed its agreement."""

    signed_on = StringField("Signed on")
    signed_by = SelectField("Signed by the", choices=[SelectChoice(role.value, ROLE_WORDS[role]) for role in SIGNERS])

    def read(self) -> tuple[date, PersonRole]:
        """When, and by whom by role. Raises ValueError, in a sentence."""
        if self.signed_by.data not in {role.value for role in SIGNERS}:
            raise ValueError("Choose the role of whoever signed.")
        if not (self.signed_on.data or "").strip():
            raise ValueError("Say on which day the agreement was signed.")
        return read_date(self.signed_on.data), PersonRole(self.signed_by.data)


class DeadlineForm(FlaskForm):  # type: ignore[misc]
    """By when a programme asks for its returns, on clocks in England (0.3)."""

    programme = SelectField("Programme", validate_choice=False)
    on = StringField("Day")
    at = StringField("Time", default="16:00")

    def offer(self, programmes: Mapping[int, str]) -> None:
        """Say which programmes there are to choose from."""
        self.programme.choices = [SelectChoice(str(number), name) for number, name in programmes.items()]

    def read(self) -> tuple[int, datetime]:
        """The number of the programme, and the moment. Raises ValueError, in a sentence."""
        number = self.programme.data or ""
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            raise ValueError("Choose a programme.")
        if not (self.on.data or "").strip():
            raise ValueError("Say the day by which the returns are due.")
        return int(number), moment(read_date(self.on.data), _read_time(self.at.data or ""))


def _read_time(text: str) -> time:
    try:
        return datetime.strptime(text.strip(), "%H:%M").time()
    except ValueError:
        raise ValueError(f"“{text}” is not a time of day; write it like 16:00") from None
