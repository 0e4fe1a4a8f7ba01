"""The forms of a school's self-evaluation and of notes on working together."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from dashboard.academic_year import AcademicYear
from dashboard.evaluation.checks import (
    LONGEST_AREA,
    LONGEST_NOTE,
    LONGEST_TAG,
    LONGEST_WORDS,
    MOST_AREAS,
    AreaSaid,
    EvaluationRefused,
    NoteSaid,
    sign_of_note,
)
from dashboard.evaluation.queries import AnswerRow, NoteRow, ProjectChoice
from dashboard.evaluation.words import ANSWER_WORDS, NOTE_WORDS
from dashboard.vocabulary import NoteKind, SelfAnswer
from dashboard.web.fields import squeezed
from dashboard.wording import sentence

NEW_AREAS: Final = 3
"""Empty lines for areas that nobody named before."""
_ANSWERS: Final = [
    *(SelectChoice(answer.value, sentence(ANSWER_WORDS[answer])) for answer in SelfAnswer),
    SelectChoice("", "Nothing said"),
]


class _Choice(SelectField):  # type: ignore[misc]
    """One of a list, with a sentence for what is not in it."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list."""
        if self.data not in {value for value, *_ in self.iter_choices()}:
            raise ValidationError("Choose one from the list.")


class _Answer(RadioField):  # type: ignore[misc]
    """One of the three answers, or none."""

    def pre_validate(self, form: Any) -> None:
        """Refuse anything else."""
        if (self.data or "") not in {"", *SelfAnswer}:
            raise ValidationError("Choose one of the three answers, or that nothing is said.")


class EvaluationForm(FlaskForm):  # type: ignore[misc]
    """What every form here can do."""

    def refuse(self, refusal: EvaluationRefused) -> None:
        """Say why it was refused: beside the field it is about, else at the top."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]


class AnswersForm(EvaluationForm):
    """How a school sees itself in each area. `seen` is a sign of what stood there when the form was opened."""

    seen = HiddenField()
    lines_count: int = 0

    def show(self, areas: Sequence[str], answers: Mapping[str, AnswerRow], seen: str) -> None:
        """Begin with what is known, unless something was sent."""
        if self.is_submitted():
            return
        self.seen.data = seen
        for place, area in enumerate(areas[: self.lines_count]):
            self[f"area_{place}"].data = area
            said = answers.get(area)
            self[f"answer_{place}"].data = said.answer.value if said else ""
            self[f"note_{place}"].data = (said.note if said else None) or ""

    @property
    def lines(self) -> list[tuple[Field, Field, Field]]:
        """Each area with its answer and note."""
        return [
            (self[f"area_{place}"], self[f"answer_{place}"], self[f"note_{place}"]) for place in range(self.lines_count)
        ]

    def said(self) -> list[AreaSaid]:
        """The answers as a command takes them, one for each line."""
        return [
            AreaSaid(
                squeezed(area.data) or "", SelfAnswer(answer.data) if answer.data else None, squeezed(note.data)
            )
            for area, answer, note in self.lines
        ]  # fmt: skip


def make_answers_form(lines: int) -> AnswersForm:
    """The form with so many lines."""
    count = min(lines, MOST_AREAS + NEW_AREAS)
    fields: dict[str, Any] = {"lines_count": count}
    for place in range(count):
        fields[f"area_{place}"] = StringField(
            "Another area", render_kw={"maxlength": LONGEST_AREA, "autocomplete": "off"}
        )
        fields[f"answer_{place}"] = _Answer("Answer", choices=_ANSWERS, default="", validate_choice=False)
        fields[f"note_{place}"] = StringField(
            "Note", render_kw={"maxlength": LONGEST_NOTE, "autocomplete": "off", "class": "form-control"}
        )
    form: AnswersForm = type("TheseAnswersForm", (AnswersForm,), fields)()
    return form


class NoteForm(EvaluationForm):
    """Something that went well in working together, or got in the way. `seen`: as above."""

    seen = HiddenField()
    kind = _Choice("What it is", choices=[SelectChoice(kind.value, NOTE_WORDS[kind]) for kind in NoteKind])
    tag = StringField(
        "Tag",
        description="A word or two under which it can be found again next year, such as “timing”.",
        validators=[InputRequired("Give it a tag of a word or two, so that it can be found again next year.")],
        render_kw={"maxlength": LONGEST_TAG, "autocomplete": "off", "list": "tags"},
    )
    words = TextAreaField(
        "In words",
        description="A sentence. Leave out names of persons, and nothing about single pupils.",
        validators=[InputRequired("Say in a sentence what went well, or got in the way.")],
        render_kw={"rows": 3, "maxlength": LONGEST_WORDS},
    )
    year = _Choice("Year")
    project = _Choice("Project it is about", default="")

    def offer(self, years: Sequence[AcademicYear], chosen: AcademicYear, projects: Sequence[ProjectChoice]) -> None:
        """Fill in what there is to choose from."""
        self.year.choices = [SelectChoice(str(each), str(each)) for each in years]
        self.project.choices = [
            SelectChoice("", "No project in particular"),
            *(SelectChoice(str(each.project_id), each.name) for each in projects),
        ]
        if not self.is_submitted():
            self.year.data = str(chosen)

    def show(self, row: NoteRow) -> None:
        """Begin with what is known, unless something was sent."""
        if self.is_submitted():
            return
        self.seen.data = sign_of_note(row)
        self.kind.data, self.tag.data, self.words.data = row.kind.value, row.tag, row.words
        self.year.data, self.project.data = str(AcademicYear(row.year)), str(row.project_id or "")

    def said(self) -> NoteSaid:
        """The note as a command takes it."""
        project = int(self.project.data) if self.project.data else None
        return NoteSaid(
            NoteKind(self.kind.data), squeezed(self.tag.data) or "", squeezed(self.words.data) or "", project
        )  # fmt: skip


class EmptyForm(EvaluationForm):
    """Nothing but the token."""
