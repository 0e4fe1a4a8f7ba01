"""The forms of the concerns' pages. What is wrong is said beside the field and at the top."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from dashboard.concerns.checks import LONGEST_NOTE, LONGEST_SUMMARY, ConcernRefused
from dashboard.concerns.commands import StepSaid
from dashboard.concerns.departures import NEWCOMER, Away, Leaving
from dashboard.concerns.queries import Member
from dashboard.concerns.words import DECISIONS, OUTCOMES, RULES, STEPS, WHOLE_CLUSTER
from dashboard.vocabulary import ConcernDecision, StepKind, StepOutcome
from dashboard.web.fields import A_DAY, DayField
from dashboard.wording import sentence

_NO_PERSONS: Final = "Keep to what was done. Leave out names and private matters of persons."
_STEPS: Final = [SelectChoice(kind.value, words) for kind, words in STEPS.items()]


class Choice(SelectField):  # type: ignore[misc]
    """One of a list, with a sentence for what is not in it."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list."""
        if self.validate_choice and self.data not in {value for value, *_ in self.iter_choices()}:
            raise ValidationError("Choose one from the list.")


class ConcernForm(FlaskForm):  # type: ignore[misc]
    """What every form here can do."""

    def refuse(self, refusal: ConcernRefused) -> None:
        """Say why it was refused: beside the field it is about, else at the top."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]


def _day(label: str, hint: str = "", *, needed: bool = True) -> DayField:
    return DayField(label, description=hint, validators=[InputRequired(A_DAY) if needed else Optional()])


def _note(label: str, hint: str = _NO_PERSONS) -> TextAreaField:
    return TextAreaField(label, description=hint, render_kw={"rows": 2, "maxlength": LONGEST_NOTE})


class RaiseForm(ConcernForm):
    """A new concern, with a first step if one was taken already."""

    school = Choice("About", default="")
    rule = Choice("What prompted it", default="")
    summary = TextAreaField(
        "What worries you",
        description="A sentence or two. Leave out names and private matters of persons.",
        validators=[InputRequired("Say in a sentence or two what worries you.")],
        render_kw={"rows": 3, "maxlength": LONGEST_SUMMARY},
    )
    review_on = _day("Next review", "When it is to be looked at again. You may leave it empty.", needed=False)
    kind = Choice("Log one", default="", choices=[SelectChoice("", "No step yet"), *_STEPS])
    taken_on = _day("Day of the step", "Only where a step was taken.", needed=False)
    note = _note("Note about the step")

    def offer(self, members: Sequence[Member], school: str | None, rule: str | None, today: date) -> None:
        """Fill in what there is to choose from, and on a first look what the address says."""
        self.school.choices = [
            SelectChoice("", sentence(WHOLE_CLUSTER)),
            *(SelectChoice(member.school, member.name) for member in members),
        ]
        self.rule.choices = [
            SelectChoice("", "Nothing on these pages"),
            *(SelectChoice(*each) for each in RULES.items()),
        ]
        if self.is_submitted():
            return
        self.school.data = school if school in {member.school for member in members} else ""
        self.rule.data = rule or ""
        self.summary.data = RULES[rule] if rule else ""
        self.taken_on.data = today

    @property
    def first(self) -> StepSaid | None:
        """The first step, where one is told."""
        if not self.kind.data:
            return None
        if self.taken_on.data is None:
            raise ConcernRefused("Give the day on which the step was taken.", "taken_on")
        return StepSaid(StepKind(self.kind.data), self.taken_on.data, self.note.data or "")


class StepForm(ConcernForm):
    """A step that was taken."""

    kind = Choice("What was done", choices=_STEPS)
    taken_on = _day("Day")
    note = _note("Note")

    @property
    def said(self) -> StepSaid:
        """The step as a command takes it."""
        return StepSaid(StepKind(self.kind.data), self.taken_on.data, self.note.data or "")


class OutcomeForm(ConcernForm):
    """What came of a step."""

    outcome = Choice(
        "What came of it",
        choices=[SelectChoice(each.value, sentence(words)) for each, words in OUTCOMES.items()],
    )
    outcome_on = _day("Known since", needed=False)
    outcome_note = _note("Note")

    @property
    def said(self) -> StepOutcome:
        """What came of it."""
        return StepOutcome(self.outcome.data)


class ReviewForm(ConcernForm):
    """When the concern is to be looked at again."""

    review_on = _day("Next review", "Empty means that no review is planned.", needed=False)


class CloseForm(ConcernForm):
    """The decisions that change nothing but the concern."""

    decision = Choice(
        "Decision",
        choices=[
            SelectChoice(each.value, DECISIONS[each]) for each in (ConcernDecision.SETTLED, ConcernDecision.WATCHED)
        ],
    )
    closed_on = _day("Day of the decision")
    decision_note = _note("Note")


class SabbaticalForm(ConcernForm):
    """A time away, and when it is looked at again (3.6)."""

    starts = _day("First day away")
    ends = _day("Last day away", "Leave it empty while nobody knows.", needed=False)
    review_on = _day("Review on")
    reason = TextAreaField(
        "Reason",
        description="Only the director reads it again; nobody else sees it on any page. You may leave it out.",
        render_kw={"rows": 2, "maxlength": LONGEST_NOTE},
    )
    closed_on = _day("Day of the decision")
    decision_note = _note("Note that everybody here may read")

    @property
    def said(self) -> Away:
        """The sabbatical as a command takes it."""
        return Away(self.starts.data, self.review_on.data, self.ends.data, self.reason.data or "")


class ExitForm(ConcernForm):
    """The end of a membership, and the school that comes instead, if one does (4.22, 4.23)."""

    last_day = _day("Last day as a member", "What was recorded until then stays as it is.")
    replaced_by = StringField(
        "School that comes instead",
        description="Its name, or the end of its address. Not necessary, and not always appropriate.",
        render_kw={"maxlength": 200},
    )
    joins_on = _day("First day of that school", "Empty means the day after the last day of the other.", needed=False)
    new_lead = Choice("New lead school")
    closed_on = _day("Day of the decision")
    decision_note = _note("Note")

    def offer(self, members: Sequence[Member], leaver_id: int | None) -> None:
        """Fill in the schools that may lead from then on."""
        self.new_lead.choices = [
            SelectChoice("", "Choose a school"),
            *(SelectChoice(member.school, member.name) for member in members if member.school_id != leaver_id),
            SelectChoice(NEWCOMER, "The school that comes instead"),
        ]

    @property
    def said(self) -> Leaving:
        """The exit as a command takes it."""
        return Leaving(self.last_day.data, self.replaced_by.data or "", self.joins_on.data, self.new_lead.data or "")
