"""The forms of the page of stages. What is wrong is said beside the field and at the top."""

from collections.abc import Sequence
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from dashboard.stages.checks import LONGEST_NOTE, StageRefused
from dashboard.stages.commands import TickSaid
from dashboard.stages.queries import CommitmentRow
from dashboard.stages.words import COMMITMENTS, TICKS
from dashboard.vocabulary import Checklist, Commitment, TickState
from dashboard.web.fields import A_DAY, DayField
from dashboard.wording import sentence

_CHOOSE: Final = SelectChoice("", "Choose")


class _Choice(SelectField):  # type: ignore[misc]
    """One of a list, with a sentence for what is not in it."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list, and what asks to choose."""
        if not self.data or self.data not in {value for value, *_ in self.iter_choices()}:
            raise ValidationError("Choose one from the list.")


class StageForm(FlaskForm):  # type: ignore[misc]
    """What every form here can do."""

    def refuse(self, refusal: StageRefused) -> None:
        """Say why it was refused: beside the field it is about, else at the top."""
        field = self._fields.get(f"{refusal.field}") if refusal.field else None
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]


class TimeForm(StageForm):
    """A time in a stage."""

    starts = DayField("First day", validators=[Optional()])
    ends = DayField("Last day", validators=[Optional()])


class RemoveForm(StageForm):
    """Nothing but the token."""


class TickForm(StageForm):
    """What is known of an item of a checklist."""

    seen = HiddenField()
    state = _Choice("State", choices=[SelectChoice(each.value, sentence(look[1])) for each, look in TICKS.items()])
    dated = DayField("Since when", validators=[Optional()])
    note = TextAreaField("Note", render_kw={"rows": 2, "maxlength": LONGEST_NOTE})

    def said(self, checklist: Checklist, stage_id: int | None, item: str) -> TickSaid:
        """The tick as a command takes it."""
        return TickSaid(
            checklist, item, TickState(self.state.data), stage_id, self.dated.data, self.note.data, self.seen.data or ""
        )


class AnswerForm(StageForm):
    """Whether a school goes on."""

    school = _Choice("School")
    answer = _Choice(
        "Does it go on with the cluster?",
        choices=[_CHOOSE, *(SelectChoice(each.value, sentence(words)) for each, (_, words, _) in COMMITMENTS.items())],
    )
    said_on = DayField("Day on which it said so", validators=[InputRequired(A_DAY)])

    def offer(self, schools: Sequence[CommitmentRow]) -> None:
        """Fill in the members to choose from."""
        members = [SelectChoice(each.school, each.name) for each in schools if each.member]
        self.school.choices = [_CHOOSE, *members]

    @property
    def said(self) -> Commitment:
        """The answer."""
        return Commitment(self.answer.data)
