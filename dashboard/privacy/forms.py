"""The forms of the contacts' pages. What is wrong is said beside the field and at the top."""

from datetime import date
from typing import Final

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from dashboard.privacy.commands import LONGEST_PURPOSE, LONGEST_REASON, PrivacyRefused
from dashboard.privacy.subjects import SubjectUnclear
from dashboard.web.fields import DayField, at_most

_LONGEST_SEARCH: Final = 254


class FindForm(FlaskForm):  # type: ignore[misc]
    """Whom somebody asks about."""

    who = StringField(
        "Work e-mail address or number",
        validators=[
            InputRequired("Enter a work e-mail address, or a number such as contact-7."),
            Length(max=_LONGEST_SEARCH, message="This is too long to be an address."),
        ],
    )

    def refuse(self, unclear: SubjectUnclear) -> None:
        """Say beside the field why nobody was found."""
        text = str(unclear)
        self.who.errors = [f"{text[:1].upper()}{text[1:]}."]


class TermForm(FlaskForm):  # type: ignore[misc]
    """What a contact is held for, and until when."""

    purpose = StringField(
        "Held for",
        validators=[at_most(LONGEST_PURPOSE)],
    )
    delete_after = DayField("Last day", validators=[Optional()])

    @property
    def day(self) -> date | None:
        """The last day, if one was given."""
        found: date | None = self.delete_after.data
        return found

    def refuse(self, refusal: PrivacyRefused) -> None:
        """Say beside the field why it was refused."""
        self.purpose.errors = [str(refusal)]


class EraseForm(FlaskForm):  # type: ignore[misc]
    """Why somebody is taken out."""

    reason = TextAreaField(
        "Reason",
        validators=[
            InputRequired("Say why, for the record: “asked for it by letter of 3 May”, “left the programme”."),
            at_most(LONGEST_REASON),
        ],
    )

    def refuse(self, refusal: PrivacyRefused) -> None:
        """Say beside the field why it was refused."""
        self.reason.errors = [str(refusal)]
