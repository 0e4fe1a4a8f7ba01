"""The forms of the page of events. What is wrong is said beside the field and at the top."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from dashboard.directory.lifecycle import EventRefused
from dashboard.lifecycle.queries import SchoolRow
from dashboard.lifecycle.telling import LONGEST_NAME, LONGEST_REASON, LONGEST_WORDS, Telling
from dashboard.lifecycle.words import FORMS
from dashboard.web.fields import A_DAY, DayField, at_most, squeezed
from dashboard.wording import sentence


class _Form(FlaskForm):  # type: ignore[misc]
    """Fields of which a form keeps those that it asks for."""

    def refuse(self, refusal: EventRefused) -> None:
        """Say beside the field why it was refused; at the top where the form has no such field."""
        text = f"{sentence(str(refusal))}."
        others = {"trust": "words", "joins": "date"}
        name = others.get(refusal.about, refusal.about)
        if name not in self and "newcomer" in self:
            name = "newcomer" if name in {"school", "replaced_by"} else name
        if name in self:
            self[name].errors = [text]
        else:
            self.form_errors = [text]

    def said_day(self, name: str) -> date | None:
        """The day in a field, if the form has it and it was filled in."""
        found: date | None = self[name].data if name in self else None
        return found

    def said_text(self, name: str) -> str | None:
        """The text in a field, if the form has it and it was filled in."""
        return squeezed(self[name].data) if name in self else None


class EventForm(_Form):
    """What happened. `asking` leaves the fields that one telling asks for."""

    school = SelectField("School", coerce=str, validators=[InputRequired("Choose a school.")])
    newcomer = StringField(validators=[InputRequired("Say which school."), at_most(LONGEST_NAME)])
    person = StringField(filters=[squeezed], validators=[at_most(LONGEST_NAME)])
    replaced_by = StringField(filters=[squeezed], validators=[at_most(LONGEST_NAME)])
    date = DayField(validators=[InputRequired(A_DAY)])
    until = DayField(validators=[Optional()])
    review = DayField(validators=[Optional()])
    words = StringField(filters=[squeezed], validators=[at_most(LONGEST_WORDS)])
    reason = TextAreaField(filters=[squeezed], validators=[at_most(LONGEST_REASON)])

    @classmethod
    def asking(cls, telling: Telling, schools: Sequence[SchoolRow], chosen: str | None, **more: Any) -> "EventForm":
        """The form for one telling; `schools` are those to choose from, `chosen` the one to begin with."""
        form = cls(**more)
        asked = {each.field: each for each in FORMS[telling].asks}
        for name in [name for name in form.data if name != "csrf_token"]:
            if name not in asked:
                del form[name]
            else:
                form[name].label.text, form[name].description = asked[name].label, asked[name].hint
        if "school" in form:
            named = [(each.school, each.name if each.member else f"{each.name} (left)") for each in schools]
            form.school.choices = [("", "Choose a school"), *named]
            if not form.is_submitted() or form.school.data is None:
                form.school.data = chosen or ""
        return form


class ReviewForm(_Form):
    """A sabbatical was looked at."""

    date = DayField("Reviewed on", validators=[InputRequired(A_DAY)])
    review = DayField("Next review, if there is to be one", validators=[Optional()])


class ReturnForm(_Form):
    """Whoever was away comes back."""

    until = DayField("Last day away", validators=[InputRequired(A_DAY)])


class CorrectForm(_Form):
    """The dates of an event, put right."""

    date = DayField("Date", validators=[InputRequired(A_DAY)])
    until = DayField("Last day", validators=[Optional()])
    review = DayField("Review on", validators=[Optional()])
    reviewed = DayField("Reviewed on", validators=[Optional()])

    @classmethod
    def of(cls, *, lasts: bool, is_reviewed: bool, **values: Any) -> "CorrectForm":
        """The form for an event that lasts, or has one day alone; sabbaticals are reviewed."""
        form = cls(**values)
        if not lasts:
            del form.until
        if not is_reviewed:
            del form.review
            del form.reviewed
        return form


class ReasonForm(_Form):
    """Why it happened."""

    reason = TextAreaField("Reason", filters=[squeezed], validators=[at_most(LONGEST_REASON)])


class RemoveForm(_Form):
    """Nothing but the token."""
