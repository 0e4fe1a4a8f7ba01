"""The forms of the aims' pages. What is wrong is said beside the field and at the top."""

from collections.abc import Sequence
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from dashboard.academic_year import AcademicYear
from dashboard.plans.aim_words import LONGEST_AIM, AimRefused, AimText
from dashboard.plans.queries.aims import AimFacts
from dashboard.web.fields import DayField, squeezed

_YEAR: Final = {"maxlength": 9, "autocomplete": "off", "placeholder": "2019-20"}


class AimsForm(FlaskForm):  # type: ignore[misc]
    """What every form here can do; by itself nothing but the token."""

    def refuse(self, refusal: AimRefused) -> None:
        """Say why it was refused: beside the field it is about, else at the top."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]


class AimForm(AimsForm):
    """A new aim, or one said anew."""

    text = TextAreaField(
        "What the cluster aims at",
        validators=[InputRequired("Say what the cluster aims at.")],
        render_kw={"rows": 3, "maxlength": LONGEST_AIM},
    )
    agreed_on = DayField(
        "Agreed on",
        description="The day on which the steering group agreed it, if somebody knows.",
        validators=[Optional()],
    )
    first_year = StringField("First year", description="Like 2019-20. Empty: nobody knows since when.", render_kw=_YEAR)
    last_year = StringField("Last year", description="Empty: it still holds.", render_kw=_YEAR)

    def validate_first_year(self, field: Any) -> None:
        """A year, or nothing."""
        _year(field.data)

    def validate_last_year(self, field: Any) -> None:
        """A year, or nothing."""
        _year(field.data)

    @property
    def said(self) -> AimText:
        """The aim as a command takes it."""
        first, last = _year(self.first_year.data), _year(self.last_year.data)
        return AimText(self.text.data or "", self.agreed_on.data, first, last)

    @classmethod
    def of(cls, aim: AimFacts) -> "AimForm":
        """The form as an aim stands."""
        first, last = ((year is not None and str(AcademicYear(year))) or "" for year in (aim.first_year, aim.last_year))
        return cls(formdata=None, text=aim.text, agreed_on=aim.agreed_on, first_year=first, last_year=last)


class SameForm(AimsForm):
    """Which other aim an aim is a wording of."""

    keep = SelectField("The aim that stays", coerce=int)

    def offer(self, others: Sequence[AimFacts]) -> None:
        """Fill in what there is to choose from."""
        self.keep.choices = [SelectChoice(each.aim_id, f"{each.position}. {each.text[:120]}") for each in others]


class PairForm(AimsForm):
    """What somebody says of two aims that look alike: which one stays, or that they are two."""

    first = IntegerField(validators=[InputRequired()])
    second = IntegerField(validators=[InputRequired()])
    keep = IntegerField(validators=[Optional()])

    def validate_keep(self, field: Any) -> None:
        """One of the two, or neither."""
        if field.data not in {None, self.first.data, self.second.data}:
            raise ValidationError("Choose one of the two.")


def _year(written: str | None) -> int | None:
    text = squeezed(written)
    if text is None:
        return None
    try:
        return AcademicYear.parse(text).start
    except ValueError as error:
        raise ValidationError(f"{error}.") from None
