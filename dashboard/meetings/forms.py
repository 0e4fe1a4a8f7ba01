"""The forms of meetings, series and the calendar. What is wrong is said beside the field and at the top."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from flask import request
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from dashboard.meetings.commands import LONGEST_NAME, LONGEST_NOTE, LONGEST_TITLE, MeetingPlan, MeetingRefused
from dashboard.meetings.queries import MeetingRow
from dashboard.meetings.series import MOST_WEEKS, Rhythm, Series
from dashboard.meetings.words import KINDS, PERIODS, WEEKDAYS
from dashboard.vocabulary import MeetingKind, PeriodKind
from dashboard.web.fields import A_DAY, ClockField, DayField, at_most, squeezed

MOST_EVERY: Final = 12
_RELEASED: Final[Mapping[str, bool | None]] = {"": None, "yes": True, "no": False}
_RHYTHMS: Final[Mapping[Rhythm, str]] = {
    Rhythm.HALF_TERMLY: "Half-termly: once in each half term, in its middle week",
    Rhythm.SAME_WEEK: "In the same week of each half term",
    Rhythm.EVERY_WEEKS: "Every so many weeks",
}


def _printable(_form: object, field: Any) -> None:
    if field.data and not field.data.isprintable():
        raise ValidationError("This holds something that is not a letter.")


class _What(FlaskForm):  # type: ignore[misc]
    """What is the same of one meeting and of a series."""

    kind = SelectField("Kind", choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()])
    title = StringField(
        "Title",
        filters=[squeezed],
        validators=[at_most(LONGEST_TITLE), _printable],
    )
    starts_at = ClockField("Starts at", validators=[Optional()])
    ends_at = ClockField("Ends at", validators=[Optional()])
    in_school_time = SelectField(
        "Time of day",
        default="",
        choices=[
            SelectChoice("", "Not said"),
            SelectChoice("yes", "In school time: staff are released for it"),
            SelectChoice("no", "After school"),
        ],
    )

    def plan_on(self, held_on: date) -> MeetingPlan:
        """What was said, on a day."""
        released = _RELEASED[self.in_school_time.data]
        return MeetingPlan(
            held_on, MeetingKind(self.kind.data), self.title.data, self.starts_at.data, self.ends_at.data, released
        )

    def refuse(self, refusal: MeetingRefused) -> None:
        """Say why it was refused, beside the field it is about."""
        field = getattr(self, refusal.field, self.kind)
        field.errors = [str(refusal)]


class MeetingForm(_What):
    """One meeting."""

    held_on = DayField("Date", validators=[InputRequired(A_DAY)])
    note = StringField(
        "Note",
        filters=[squeezed],
        validators=[at_most(LONGEST_NOTE), _printable],
    )

    @classmethod
    def of(cls, row: MeetingRow) -> "MeetingForm":
        """The form with what stands in the store."""
        released = next(said for said, value in _RELEASED.items() if value is row.in_school_time)
        form = cls(
            formdata=None, held_on=row.held_on, kind=row.kind.value, title=row.title, starts_at=row.starts_at,
            ends_at=row.ends_at, in_school_time=released, note=row.note,
        )  # fmt: skip
        assert isinstance(form, MeetingForm)  # noqa: S101 (WTForms says of nothing what it is)
        return form

    @property
    def plan(self) -> MeetingPlan:
        """What was said."""
        return replace(self.plan_on(self.held_on.data), note=self.note.data)


class SeriesForm(_What):
    """A series. It is asked for by its address, so that a copied one shows the same dates; asking stores nothing."""

    class Meta:
        """No token: nothing is changed by it."""

        csrf = False

    rhythm = SelectField("How often", choices=[SelectChoice(each.value, words) for each, words in _RHYTHMS.items()])
    week = IntegerField(
        "Week of the half term",
        default=3,
        validators=[Optional(), NumberRange(1, MOST_WEEKS, f"Enter a week from 1 to {MOST_WEEKS}.")],
    )
    every = IntegerField(
        "Weeks from one to the next",
        default=2,
        validators=[Optional(), NumberRange(1, MOST_EVERY, f"Enter a number of weeks from 1 to {MOST_EVERY}.")],
    )
    first = DayField("Not before", validators=[Optional()])
    weekday = SelectField(
        "Weekday", choices=[SelectChoice(str(number), name) for number, name in enumerate(WEEKDAYS)], default="3"
    )

    @property
    def series(self) -> Series:
        """What was said."""
        usual = Series(Rhythm(self.rhythm.data), int(self.weekday.data))
        return Series(
            usual.rhythm, usual.weekday, self.week.data or usual.week, self.every.data or usual.every, self.first.data
        )

    @classmethod
    def asked(cls) -> "SeriesForm":
        """The form as the address fills it in; empty where it asks for no series yet."""
        form = cls(formdata=request.args if "rhythm" in request.args else None)
        assert isinstance(form, SeriesForm)  # noqa: S101 (WTForms says of nothing what it is)
        return form


class PeriodForm(FlaskForm):  # type: ignore[misc]
    """A stretch of the calendar."""

    period_kind = SelectField("Kind", choices=[SelectChoice(kind.value, words) for kind, words in PERIODS.items()])
    name = StringField(
        "Name",
        filters=[squeezed],
        validators=[
            DataRequired("Enter a name, such as “October half term”."),
            at_most(LONGEST_NAME),
            _printable,
        ],
    )
    starts = DayField("First day", validators=[InputRequired(A_DAY)])
    ends = DayField("Last day", validators=[Optional()])

    @property
    def said(self) -> tuple[PeriodKind, str, date, date]:
        """What was said; a period without a last day is one day."""
        return PeriodKind(self.period_kind.data), self.name.data, self.starts.data, self.ends.data or self.starts.data

    def refuse(self, refusal: MeetingRefused) -> None:
        """Say why it was refused, beside the field it is about."""
        field = getattr(self, refusal.field, self.name)
        field.errors = [str(refusal)]
