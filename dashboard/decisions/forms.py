"""The form of a decision. What is wrong is said beside the field and at the top."""

from dataclasses import replace

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from dashboard.decisions.commands import LONGEST_WORDS, DecisionRefused, DecisionSaid
from dashboard.decisions.words import ABOUTS, KINDS, OWNERS, About
from dashboard.vocabulary import DecisionKind
from dashboard.web.fields import A_DAY, DayField


class Boxes(SelectMultipleField):  # type: ignore[misc]
    """Several of a list, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """What was decided, when, and who sees to it until when; `shown` are the rows of figures to be kept with it."""

    decided_on = DayField("Day of the decision", validators=[InputRequired(A_DAY)])
    words = TextAreaField(
        "What was decided",
        description="A sentence or two. Leave out names and private matters of persons.",
        validators=[InputRequired("Say in a sentence or two what was decided.")],
        render_kw={"rows": 3, "maxlength": LONGEST_WORDS},
    )
    owner = SelectField(
        "Who sees to it",
        choices=[SelectChoice("", "Nobody yet"), *(SelectChoice(*each) for each in OWNERS.items())],
        default="",
        validate_choice=False,  # the command looks it up
    )
    due_on = DayField("By when", description="You may leave it empty.", validators=[Optional()])
    shown = Boxes("Figures on which it was taken", validate_choice=False)

    @property
    def said(self) -> DecisionSaid:
        """The decision as a command takes it."""
        return DecisionSaid(self.decided_on.data, self.words.data, self.owner.data or "", self.due_on.data)

    def refuse(self, refusal: DecisionRefused) -> None:
        """Say why it was refused: beside the field it is about, else at the top."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]


class NoteForm(DecisionForm):
    """The same for a decision or an action, about any part of what a cluster looks at."""

    kind = RadioField(
        "What is it",
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
        default=DecisionKind.DECISION.value,
    )
    about = SelectField(
        "What is it about",
        choices=[SelectChoice(about.value, words) for about, words in ABOUTS.items() if about is not About.OPEN_BOOK],
        default=About.MEETING.value,
    )

    @property
    def said(self) -> DecisionSaid:
        """The decision or action as a command takes it."""
        return replace(super().said, kind=DecisionKind(self.kind.data))
