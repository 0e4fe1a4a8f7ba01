"""The forms of the open figures: a school's answer, and whose a printed name is."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import TextInput

from dashboard.benchmarks.checks import FiguresRefused
from dashboard.benchmarks.commands import LONGEST_NOTE, AnswerSaid
from dashboard.benchmarks.names import Member, PrintedName
from dashboard.benchmarks.words import ANSWERS
from dashboard.intake.cells import read_decimal
from dashboard.vocabulary import FigureAnswer

NOBODYS = "+nobody"
"""Said instead of a member's slug: it is no member's name. No slug has a plus."""


class FigureField(Field):  # type: ignore[misc]
    """A figure as people write it: 4160, 4,160 or £4,160."""

    widget = TextInput()

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else str(self.data or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the figure of a request."""
        written = valuelist[0].strip() if valuelist else ""
        self.data: Decimal | None = None
        if written:
            try:
                self.data = read_decimal(written[:40])
            except ValueError as error:
                raise ValueError(f"{str(error).partition(';')[0]}.") from None


class FigureForm(FlaskForm):  # type: ignore[misc]
    """What every form here can do."""

    def refuse(self, refusal: FiguresRefused) -> None:
        """Say why it was refused: beside the field it is about, else at the top."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]


class AnswerForm(FigureForm):
    """What a school says of a printed figure that does not agree with others."""

    answer = RadioField(
        "What is right",
        choices=[SelectChoice(each.value, words) for each, words in ANSWERS.items()],
        validators=[InputRequired("Choose one of the answers.")],
    )
    value = FigureField("The right figure", description="Only where it is another one.", validators=[Optional()])
    note = TextAreaField(
        "Note",
        description="For your school, the coordinator and the director. You may leave it empty; leave out names.",
        render_kw={"rows": 2, "maxlength": LONGEST_NOTE},
    )

    @property
    def said(self) -> AnswerSaid:
        """The answer as a command takes it."""
        return AnswerSaid(FigureAnswer(self.answer.data), self.value.data, self.note.data or "")


class NameForm(FigureForm):
    """Whose a printed name is."""

    school = SelectField("It is the name of", default="", validate_choice=False)  # the command looks it up

    def offer(self, name: PrintedName, members: Sequence[Member]) -> None:
        """Fill in what there is to choose from: what comes near first, and nothing chosen beforehand."""
        self.school.choices = [
            SelectChoice("", "Choose"),
            SelectChoice(NOBODYS, "No member’s name"),
            *(SelectChoice(each.school, each.name, optgroup="Comes near") for each in name.near),
            *(SelectChoice(each.school, each.name, optgroup="Members") for each in members if each not in name.near),
        ]

    @property
    def chosen(self) -> str | None:
        """The slug of the school; None for no member's name."""
        return None if self.school.data == NOBODYS else self.school.data
