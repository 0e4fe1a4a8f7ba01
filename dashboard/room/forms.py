"""The form of a note that is taken before the screen: short, because a whole room waits for it."""

from datetime import date
from typing import Final

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from dashboard.decisions.commands import LONGEST_WORDS, DecisionSaid
from dashboard.decisions.words import KINDS, OWNERS, About
from dashboard.vocabulary import DecisionKind
from dashboard.web.fields import A_DAY, DayField

_ABOUTS: Final = (About.ATTENDANCE, About.MONEY, About.PLAN, About.MEETING, About.DATES)


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A decision or an action. `sent_as` is the word by which the browser knows it; `decided_on` the day it was typed,
    which is another one than today's where the line was cut until after midnight.
    """

    kind = RadioField(
        "What is it",
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
        default=DecisionKind.ACTION.value,
    )
    words = TextAreaField(
        "In a sentence or two",
        description="Leave out names and private matters of persons.",
        validators=[InputRequired("Say in a sentence or two what was decided.")],
        render_kw={"rows": 3, "maxlength": LONGEST_WORDS},
    )
    owner = SelectField(
        "Who sees to it",
        choices=[SelectChoice("", "Nobody yet"), *(SelectChoice(*each) for each in OWNERS.items())],
        default="",
    )
    due_on = DayField("By when", description="You may leave it empty.", validators=[Optional()])
    about = SelectField("Panel", choices=[SelectChoice(each.value, each.value) for each in _ABOUTS])
    decided_on = DayField("Day", validators=[InputRequired(A_DAY)])
    sent_as = StringField("Sent as", validators=[InputRequired("The note came without the word it is known by.")])

    def said(self, today: date) -> DecisionSaid:
        """The note as a command takes it. A clock in the room that is ahead of ours does not put it off."""
        return DecisionSaid(
            min(self.decided_on.data, today), self.words.data, self.owner.data, self.due_on.data,
            DecisionKind(self.kind.data),
        )  # fmt: skip

    def first_problem(self) -> tuple[str, str]:
        """The field that is wrong, and what is wrong with it."""
        return next((name, str(errors[0])) for name, errors in self.errors.items() if errors)
