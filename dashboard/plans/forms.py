"""The forms of a target's pages. What is wrong is said beside the field and at the top."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeVar

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from dashboard.attachments import KINDS, MOST_BYTES
from dashboard.plans.brackets import is_link, state_of_count
from dashboard.plans.cell_text import CellLines, read_lines, write_lines
from dashboard.plans.commands.by_hand import (
    LONGEST_CELL,
    LONGEST_LINE,
    LONGEST_OWNER,
    LONGEST_REASON,
    LONGEST_TITLE,
    CriterionSaid,
    EvidenceSaid,
    TargetRefused,
    UpdateSaid,
    WordsSaid,
)
from dashboard.plans.queries.target import CriterionRow, EvidenceRow, MeetingRow, TargetRow, TickRow
from dashboard.plans.words import (
    ACTIVITY_WORDS,
    CRITERION_SYMBOLS,
    CRITERION_WORDS,
    FOCUS_WORDS,
    HORIZON_WORDS,
    STATUS_SYMBOLS,
    STATUS_WORDS,
)
from dashboard.vocabulary import (
    PLAN_HEADINGS,
    ActivityKind,
    CriterionState,
    FocusArea,
    Horizon,
    PlanCell,
    TargetStatus,
)
from dashboard.web.fields import DayField, at_most, squeezed
from dashboard.wording import sentence

Word = TypeVar("Word", bound=StrEnum)

NO_NAMES: Final = "Roles, never names or initials: “Arts lead”."
_NO_PERSONS: Final = "Leave out names of persons."
_FIGURE: Final = re.compile(r"-?\d{1,12}(?:\.\d{1,3})?")
_COUNT: Final = re.compile(r"\d{1,7}")
_STATES: Final = [
    SelectChoice(state.value, f"{CRITERION_SYMBOLS[state]} {sentence(CRITERION_WORDS[state])}")
    for state in CriterionState
]


class Choice(SelectField):  # type: ignore[misc]
    """One of a list, with a sentence for what is not in it."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list."""
        if self.data not in {value for value, *_ in self.iter_choices()}:
            raise ValidationError("Choose one from the list.")


class OneOf(RadioField):  # type: ignore[misc]
    """One of a few, all of them to be seen; nothing chosen is nothing said."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not among them."""
        if self.data and self.data not in {value for value, *_ in self.iter_choices()}:
            raise ValidationError("Choose one of these.")


class CountField(StringField):  # type: ignore[misc]
    """A whole number, or nothing; its `number`."""

    number: int | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the number."""
        written = (self.data or "").strip().replace(",", "")
        if written and not _COUNT.fullmatch(written):
            raise ValidationError(f"“{written[:40]}” is not a whole number; write it like 12, or leave it empty.")
        self.number = int(written) if written else None


class TargetForm(FlaskForm):  # type: ignore[misc]
    """What every form here can do."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version of the target that the form was made of; 0 where it says none, which no target has."""
        written = self.version.data or ""
        return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0

    def refuse(self, refusal: TargetRefused) -> None:
        """Say why it was refused: beside the field it is about, else at the top."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]


class UpdateForm(TargetForm):
    """A target brought up to date: the fields of its criteria, one new piece of evidence, a next step.

    Made with `update_form`, which gives each criterion its field.
    """

    evidence = TextAreaField(
        "New evidence",
        description=f"What was seen that shows it. {_NO_PERSONS}",
        validators=[at_most(LONGEST_LINE)],
        render_kw={"rows": 2, "maxlength": LONGEST_LINE},
    )
    dated = DayField("Seen on", validators=[Optional()])
    about = Choice("Which criterion it shows", default="")
    next_step = TextAreaField(
        "A next step",
        description=f"It is added to the next steps. {NO_NAMES}",
        validators=[at_most(LONGEST_LINE)],
        render_kw={"rows": 2, "maxlength": LONGEST_LINE},
    )

    def said(self, criteria: Sequence[CriterionRow]) -> UpdateSaid:
        """What is new, as a command takes it."""
        known: dict[int, CriterionState | int | None] = {}
        for row in criteria:
            state, count = (
                self._fields.get(f"state_{row.criterion_id}"),
                self._fields.get(f"reached_{row.criterion_id}"),
            )
            if state is not None and state.data:
                known[row.criterion_id] = CriterionState(state.data)
            if count is not None:
                known[row.criterion_id] = count.number
        return UpdateSaid(
            known, self.evidence.data or "", self.dated.data, _number(self.about.data), self.next_step.data or ""
        )  # fmt: skip

    def of_criterion(self, row: CriterionRow) -> Any:
        """The field of a criterion; none where its schools are ticked."""
        return self._fields.get(f"state_{row.criterion_id}") or self._fields.get(f"reached_{row.criterion_id}")


def update_form(target: TargetRow, criteria: Sequence[CriterionRow], today: date, *, fresh: bool = False) -> UpdateForm:
    """The form that brings a target up to date, as it stands; `fresh` leaves out what was sent."""
    fields: dict[str, Any] = {}
    for row in criteria:
        label = f"{row.number}. {row.text}"
        if row.per_school:
            continue
        if row.wanted is not None:
            fields[f"reached_{row.criterion_id}"] = CountField(
                label, default="" if row.reached is None else str(row.reached),
                render_kw={"inputmode": "numeric", "maxlength": 9, "autocomplete": "off"},
            )  # fmt: skip
        else:
            fields[f"state_{row.criterion_id}"] = OneOf(label, choices=_STATES, default=row.state.value)
    kind = type("UpdateFormOfTarget", (UpdateForm,), fields)
    form: UpdateForm = kind(**({"formdata": None} if fresh else {}))
    form.about.choices = _criteria_to_choose(criteria)
    if fresh or not form.is_submitted():
        form.version.data, form.dated.data = str(target.version), today
    return form


class WordsForm(TargetForm):
    """The words of a target: the eight cells, and what is said beside them."""

    title = StringField(
        "Title", validators=[InputRequired("Give the target a title."), at_most(LONGEST_TITLE)],
        render_kw={"maxlength": LONGEST_TITLE, "autocomplete": "off"},
    )  # fmt: skip
    owner = StringField(
        "Owner, by role", validators=[at_most(LONGEST_OWNER)],
        render_kw={"maxlength": LONGEST_OWNER, "autocomplete": "off"},
    )  # fmt: skip
    due = DayField("Due", validators=[Optional()])
    review_on = DayField("Next review", validators=[Optional()])
    activity = Choice("Kind of work", default="")
    horizon = Choice("Horizon", default="")
    focus_area = Choice("Focus area", default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (("activity", ACTIVITY_WORDS), ("horizon", HORIZON_WORDS), ("focus_area", FOCUS_WORDS)):
            self[name].choices = [SelectChoice("", "Not said"), *(SelectChoice(*each) for each in words.items())]

    @property
    def cells(self) -> list[Any]:
        """The fields of the eight cells in their order."""
        return [self[f"cell_{cell}"] for cell in PlanCell]

    def show(self, target: TargetRow) -> None:
        """Begin with what stands there, unless something was sent."""
        if self.is_submitted():
            return
        self.version.data = str(target.version)
        for name in ("title", "owner", "due", "review_on"):
            self[name].data = getattr(target, name)
        for name in ("activity", "horizon", "focus_area"):
            self[name].data = getattr(target, name) or ""
        for cell in PlanCell:
            self[f"cell_{cell}"].data = write_lines(target.cells[cell])

    @property
    def said(self) -> WordsSaid:
        """The words as a command takes them."""
        cells: Mapping[PlanCell, CellLines] = {cell: read_lines(self[f"cell_{cell}"].data or "") for cell in PlanCell}
        return WordsSaid(
            squeezed(self.title.data) or "", cells, self.due.data, self.review_on.data, squeezed(self.owner.data),
            _word(ActivityKind, self.activity.data), _word(Horizon, self.horizon.data),
            _word(FocusArea, self.focus_area.data),
        )  # fmt: skip


_CELL_HINTS: Final = {
    PlanCell.TARGET: "The code and the target.",
    PlanCell.AIMS: "One aim in each line.",
    PlanCell.CRITERIA: "One criterion in each line, with a number where it can be counted: “- Two meetings (1 of 2)”.",
    PlanCell.ORGANISATION: "What it needs, and who pays.",
    PlanCell.PERSONNEL: NO_NAMES,
    PlanCell.EVALUATION: "What was done and seen, one piece a line: “- Venue booked (6 January 2020; criterion 1)”. "
    "A line written anew is a new piece; the page of a piece changes its words and keeps its day.",
    PlanCell.IMPACT: "What is different for pupils and schools; not what was done.",
    PlanCell.NEXT_STEPS: "What follows from it.",
}
for _cell in PlanCell:
    setattr(
        WordsForm,
        f"cell_{_cell}",
        TextAreaField(
            PLAN_HEADINGS[_cell],
            description=_CELL_HINTS[_cell],
            validators=[at_most(LONGEST_CELL)],
            render_kw={"rows": 6, "maxlength": LONGEST_CELL},
        ),
    )


class NewForm(WordsForm):
    """A new target."""

    code = StringField(
        "Code",
        description="Capitals, figures and hyphens, with the month of its beginning: READING-SEPT26. It never changes.",
        validators=[InputRequired("Give the target a code."), at_most(60)],
        render_kw={"maxlength": 60, "autocomplete": "off", "autocapitalize": "characters"},
    )


class StatusForm(TargetForm):
    """Somebody's own status."""

    status = OneOf(
        "Status",
        validators=[InputRequired("Choose the status.")],
        choices=[
            SelectChoice(status.value, f"{STATUS_SYMBOLS[status]} {STATUS_WORDS[status]}") for status in TargetStatus
        ],
    )
    reason = TextAreaField(
        "Reason", description=f"It stands beside the status. {_NO_PERSONS}",
        validators=[InputRequired("Give the reason: whoever reads the status will ask for it."),
                    at_most(LONGEST_REASON)],
        render_kw={"rows": 3, "maxlength": LONGEST_REASON},
    )  # fmt: skip

    def show(self, target: TargetRow) -> None:
        """Begin with what stands there, unless something was sent."""
        if not self.is_submitted():
            self.version.data = str(target.version)
            self.status.data = target.own_status and target.own_status.value
            self.reason.data = target.own_status_reason


class BareForm(TargetForm):
    """Nothing but the token and the version."""


class CriterionForm(TargetForm):
    """A criterion: how it is measured, and what is known of it. Made with `criterion_form`."""

    wanted = CountField(
        "How many are wanted", description="Of a criterion that can be counted; else leave it empty.",
        render_kw={"inputmode": "numeric", "maxlength": 9, "autocomplete": "off"},
    )  # fmt: skip
    reached = CountField(
        "How many are reached", render_kw={"inputmode": "numeric", "maxlength": 9, "autocomplete": "off"}
    )
    state = OneOf(
        "What is known of it",
        choices=[SelectChoice("", "It follows from the number"), *_STATES],
        default="",
        validate_choice=False,
    )
    per_school = BooleanField("Each school has to meet it")

    def ticks(self, rows: Sequence[TickRow]) -> list[Any]:
        """The fields of the schools, in their order."""
        return [self[f"school_{row.school_id}"] for row in rows]

    def said(self, ticks: Sequence[TickRow]) -> CriterionSaid:
        """What is known, as a command takes it."""
        told = {row.school_id: CriterionState(self[f"school_{row.school_id}"].data) for row in ticks}
        return CriterionSaid(
            _word(CriterionState, self.state.data), self.wanted.number, self.reached.number,
            bool(self.per_school.data), told,
        )  # fmt: skip


def criterion_form(target: TargetRow, row: CriterionRow, ticks: Sequence[TickRow]) -> CriterionForm:
    """The form of a criterion, with a field for each school of the year."""
    fields = {
        f"school_{tick.school_id}": OneOf(
            tick.name, choices=_STATES, default=tick.state.value, validators=[InputRequired("Choose one of these.")]
        )
        for tick in ticks
    }
    kind = type("CriterionFormOfTarget", (CriterionForm,), fields)
    form: CriterionForm = kind()
    if not form.is_submitted():
        form.version.data = str(target.version)
        form.wanted.data = "" if row.wanted is None else str(row.wanted)
        form.reached.data = "" if row.reached is None else str(row.reached)
        # A state that follows from the number goes on following it, whatever number is typed.
        follows = row.wanted is not None and row.state is (
            state_of_count(row.wanted, row.reached) or CriterionState.NO_EVIDENCE
        )
        form.state.data, form.per_school.data = "" if follows else row.state.value, row.per_school
    return form


class EvidenceForm(TargetForm):
    """A piece of evidence."""

    text = TextAreaField(
        "What was seen", description=_NO_PERSONS,
        validators=[InputRequired("Say what was seen."), at_most(LONGEST_LINE)],
        render_kw={"rows": 3, "maxlength": LONGEST_LINE},
    )  # fmt: skip
    dated = DayField("Seen on", description="Leave it empty where nobody knows.", validators=[Optional()])
    about = Choice("Which criterion it shows", default="")
    link = StringField(
        "Where it can be seen", description="An address that begins with https://",
        render_kw={"maxlength": 910, "autocomplete": "off", "inputmode": "url"},
    )  # fmt: skip
    value = StringField(
        "Figure", description="A number that shows it, such as 25.",
        render_kw={"maxlength": 20, "autocomplete": "off", "inputmode": "decimal"},
    )  # fmt: skip
    unit = StringField(
        "Of what", description="Such as “governors”.", render_kw={"maxlength": 60, "autocomplete": "off"}
    )  # fmt: skip

    def validate_link(self, field: Any) -> None:
        """Refuse what is no address on the web."""
        written = (field.data or "").strip()
        if written and not is_link(written):
            raise ValidationError("Give an address that begins with https://, without spaces or round brackets.")

    def validate_value(self, field: Any) -> None:
        """Refuse what is no number."""
        written = (field.data or "").strip().replace(",", "")
        if written and not _FIGURE.fullmatch(written):
            raise ValidationError(f"“{written[:40]}” is not a number; write it like 25 or 62.5.")

    def show(self, target: TargetRow, row: EvidenceRow, criteria: Sequence[CriterionRow]) -> None:
        """Offer the criteria, and begin with what stands there, unless something was sent."""
        self.about.choices = _criteria_to_choose(criteria)
        if self.is_submitted():
            return
        self.version.data = str(target.version)
        for name in ("text", "dated", "link", "unit"):
            self[name].data = getattr(row, name)
        self.value.data = "" if row.value is None else f"{row.value.normalize():f}"
        self.about.data = "" if row.criterion_id is None else str(row.criterion_id)

    @property
    def said(self) -> EvidenceSaid:
        """The piece as a command takes it."""
        figure = (self.value.data or "").strip().replace(",", "")
        return EvidenceSaid(
            self.text.data or "", self.dated.data, _number(self.about.data), (self.link.data or "").strip() or None,
            Decimal(figure) if figure else None, squeezed(self.unit.data) if figure else None,
        )  # fmt: skip


class FileForm(TargetForm):
    """The file of a piece of evidence."""

    file = FileField(
        "File",
        description=f"{KINDS}, at most {MOST_BYTES // 1024 // 1024} MB. No picture of a child, no list of names.",
    )


class MeetingsForm(TargetForm):
    """The meetings at which a target was worked on."""

    meetings = SelectMultipleField("Meetings", validate_choice=False)

    @property
    def chosen(self) -> Collection[int]:
        """The numbers of the ticked ones; what is no number is none that is there."""
        return {_number(each) or 0 for each in self.meetings.data or []}

    def show(self, meetings: Sequence[MeetingRow]) -> None:
        """Begin with what stands there."""
        self.meetings.data = [str(each.meeting_id) for each in meetings if each.ticked]


def _criteria_to_choose(criteria: Sequence[CriterionRow]) -> list[SelectChoice]:
    return [
        SelectChoice("", "None in particular"),
        *(SelectChoice(str(row.criterion_id), f"{row.number}. {row.text}"[:120]) for row in criteria),
    ]


def _number(written: str | None) -> int | None:
    return int(written) if written and written.isascii() and written.isdecimal() and len(written) < 10 else None


def _word(words: type[Word], written: str | None) -> Word | None:
    return words(written) if written else None
