"""The form of a review. What is wrong is said beside the field and at the top."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from dashboard.plans.review_checks import LONGEST_WORDS, AnyReview, ReviewRefused, ReviewSaid, mark_of
from dashboard.plans.words import RATING_WORDS
from dashboard.vocabulary import Rating
from dashboard.web.fields import A_DAY, DayField


class ReviewForm(FlaskForm):  # type: ignore[misc]
    """A review, new or put right."""

    reviewed_on = DayField("Reviewed on", validators=[InputRequired(A_DAY)])
    rating = SelectField(
        "What was found",
        choices=[SelectChoice("", "Choose"), *(SelectChoice(each.value, RATING_WORDS[each]) for each in Rating)],
        validate_choice=False,
        validators=[InputRequired("Choose what was found.")],
    )
    words = TextAreaField(
        "Why",
        description="What was found, and what follows. Roles, not names of persons.",
        validators=[InputRequired("Say what you found, and why it is rated so.")],
        render_kw={"rows": 4, "maxlength": LONGEST_WORDS},
    )
    next_on = DayField("Next review", description="Leave it empty where none is planned.", validators=[Optional()])
    seen = HiddenField()

    @staticmethod
    def validate_rating(form: Any, field: Any) -> None:
        """Refuse what is no rating."""
        if field.data and field.data not in set(Rating):
            raise ValidationError("Choose one from the list.")

    @classmethod
    def after(cls, last: AnyReview | None, **given: Any) -> "ReviewForm":
        """The empty form for the next review."""
        return cls(formdata=None, seen=mark_of(last), **given)

    @classmethod
    def correcting(cls, last: AnyReview) -> "ReviewForm":
        """The form with the last review in it."""
        return cls(
            formdata=None, seen=mark_of(last), reviewed_on=last.reviewed_on, rating=last.rating.value, words=last.words,
            next_on=last.next_on,
        )  # fmt: skip

    def refuse(self, refusal: ReviewRefused, last: AnyReview | None) -> None:
        """Say why it was refused; what is sent next has seen the last review as it stands now."""
        self.seen.data = mark_of(last)
        field = self._fields.get(refusal.field) if refusal.field else None
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]

    @property
    def said(self) -> ReviewSaid:
        """The review as a command takes it."""
        return ReviewSaid(self.reviewed_on.data, Rating(self.rating.data), self.words.data or "", self.next_on.data)
