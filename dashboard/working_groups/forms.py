"""The forms of working groups, outcomes, projects and participation. What is wrong is said beside the field."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from dashboard.directory.members import MemberRow
from dashboard.money import pence_from_text, pounds
from dashboard.vocabulary import GroupStatus, OutcomeState, ProjectStage
from dashboard.web.fields import DayField, squeezed
from dashboard.wording import day, sentence
from dashboard.working_groups.checks import (
    LONGEST_LEAD,
    LONGEST_NAME,
    LONGEST_OUTCOME,
    LONGEST_WORDS,
    LONGEST_YEAR_GROUP,
    MOST_CHILDREN,
    MOST_PEOPLE,
    ChangedMeanwhile,
    Dates,
    GroupRefused,
    GroupSaid,
    OutcomeSaid,
    ProjectSaid,
    lines_of,
    sign_of_children,
    sign_of_group,
    sign_of_outcome,
    sign_of_project,
)
from dashboard.working_groups.queries import (
    GroupRow,
    GroupSchoolRow,
    OutcomeRow,
    ParticipationRow,
    ProjectRow,
    StepRow,
    TargetChoice,
)
from dashboard.working_groups.words import OUTCOME_WORDS, STAGE_WORDS, STATUS_WORDS

_NO_NAMES: Final = "By role, such as “maths lead”; leave out names of persons."


class _Choice(SelectField):  # type: ignore[misc]
    """One of a list, with a sentence for what is not in it."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list."""
        if self.data not in {value for value, *_ in self.iter_choices()}:
            raise ValidationError("Choose one from the list.")


class CountField(StringField):  # type: ignore[misc]
    """A whole number; empty where nothing is recorded."""

    def __init__(self, label: str, most: int, **more: Any) -> None:
        kwargs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 6}
        super().__init__(label, render_kw=kwargs, **more)
        self.most = most

    @property
    def number(self) -> int | None:
        """The number; None where nothing stands."""
        written = squeezed(self.data)
        return int(written) if written is not None else None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no number."""
        written = squeezed(self.data)
        if written is None:
            return
        if not (written.isascii() and written.isdecimal() and len(written) <= 6 and int(written) <= self.most):
            raise ValidationError(
                f"“{written[:20]}” is not a whole number up to {self.most:,}; leave it empty while it is not known."
            )


class BookForm(FlaskForm):  # type: ignore[misc]
    """What every form here can do. `seen` is the sign of what stood there when it was opened."""

    seen = HiddenField()
    outdated = False
    """Whether it was refused because something else is stored by now."""
    _now: tuple[str, tuple[Any, ...]] = "", ()

    def begin(self, sign: str, *stored: Any) -> None:
        """Begin with what is stored, which has this sign, unless something was sent into the form."""
        self._now = sign, stored
        if self.seen.raw_data is None:
            self.seen.data = sign
            self.fill(*stored)

    def fill(self, *stored: Any) -> None:
        """Put what is stored into the fields."""

    def differing(self) -> list[tuple[str, str]]:
        """What is stored now where something else was sent: the label of each field and what would stand in it."""
        stored = type(self)(formdata=None)
        stored.fill(*self._now[1])
        found = []
        for field in stored:
            choices, sent = getattr(self._fields.get(field.name), "choices", None), self._fields.get(field.name)
            told = _told(field, choices)
            if field.name not in {"seen", "csrf_token"} and (sent is None or told != _told(sent, choices)):
                found.append((field.label.text, told or "empty"))
        return found

    def refuse(self, refusal: GroupRefused) -> None:
        """Say why it was refused: beside the field it is about, else at the top."""
        if isinstance(refusal, ChangedMeanwhile):
            self.outdated, self.seen.data = True, self._now[0]
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]


def _told(field: Field, choices: Sequence[SelectChoice] | None) -> str:
    """What stands in a field, in words."""
    if isinstance(field, BooleanField):
        return "ticked" if field.data else "not ticked"
    if isinstance(field.data, date):
        return day(field.data)
    if choices:
        return next((str(label) for value, label, *_ in choices if value == field.data), "")
    return "; ".join(str(field.data or "").split("\n")).replace("\r", "").strip()


def _day(label: str, hint: str = "") -> DayField:
    return DayField(label, description=hint, validators=[Optional()])


def _words(label: str, most: int, hint: str = "", missing: str = "") -> StringField:
    return StringField(
        label,
        description=hint,
        validators=[InputRequired(missing)] if missing else [],
        render_kw={"maxlength": most, "autocomplete": "off"},
    )


class GroupForm(BookForm):
    """A working group. The schools that may be in it are added for each cluster (`make_group_form`)."""

    name = _words("Name", LONGEST_NAME, missing="Give the group a name.")
    status = _Choice(
        "How far it is", choices=[SelectChoice(each.value, sentence(STATUS_WORDS[each])) for each in GroupStatus]
    )
    lead = _words("Who leads it", LONGEST_LEAD, _NO_NAMES)
    lead_school = _Choice("School of whoever leads it", default="")
    topics = TextAreaField("Topics", description="One on each line.", render_kw={"rows": 4, "maxlength": 4000})
    project = _Choice("Project it belongs to", default="")
    target = _Choice("Target of the plan it works for", default="")
    starts = _day("From", "You may leave the dates empty.")
    ends = _day("Until")
    members: Sequence[MemberRow] = ()

    def offer(self, projects: Sequence[ProjectRow], targets: Sequence[TargetChoice], years: Mapping[int, str]) -> None:
        """Fill in what there is to choose from."""
        self.lead_school.choices = [
            SelectChoice("", "Not known"),
            *(SelectChoice(str(each.school_id), each.name) for each in self.members),
        ]
        self.project.choices = [
            SelectChoice("", "No project"),
            *(SelectChoice(str(each.project_id), each.name) for each in projects),
        ]
        self.target.choices = [
            SelectChoice("", "No target in particular"),
            *(
                SelectChoice(str(each.target_id), f"{each.code} ({years[each.year]}): {each.title}"[:120])
                for each in targets
            ),
        ]

    def show(self, row: GroupRow, schools: Sequence[GroupSchoolRow]) -> None:
        """Begin with what is known, unless something was sent."""
        self.begin(sign_of_group(row, schools), row, schools)

    def fill(self, row: GroupRow, schools: Sequence[GroupSchoolRow]) -> None:
        """Put a group into the fields."""
        for name in ("name", "lead", "starts", "ends"):
            self[name].data = getattr(row, name)
        self.status.data = row.status.value
        self.topics.data = "\n".join(topic.text for topic in row.topics)
        self.lead_school.data = str(row.lead_school_id or "")
        self.project.data, self.target.data = str(row.project_id or ""), str(row.target_id or "")
        for each in schools:
            self[f"school_{each.school_id}"].data = True
            self[f"people_{each.school_id}"].data = "" if each.people is None else str(each.people)

    @property
    def lines(self) -> list[tuple[MemberRow, Field, Field]]:
        """Each school with its box and the number of its people."""
        return [(each, self[f"school_{each.school_id}"], self[f"people_{each.school_id}"]) for each in self.members]

    def said(self) -> GroupSaid:
        """The group as a command takes it. A number of people without a tick is asked about."""
        schools: dict[int, int | None] = {}
        for member, ticked, people in self.lines:
            if people.number is not None and not ticked.data:
                raise GroupRefused(
                    f"Tick {member.name} as well, or leave its number empty.", f"people_{member.school_id}"
                )
            if ticked.data:
                schools[member.school_id] = people.number
        return GroupSaid(
            squeezed(self.name.data) or "", GroupStatus(self.status.data), squeezed(self.lead.data),
            _number(self.lead_school.data), lines_of(self.topics.data or ""), self.starts.data, self.ends.data,
            _number(self.project.data), _number(self.target.data), schools,
        )  # fmt: skip


def make_group_form(members: Sequence[MemberRow], **given: Any) -> GroupForm:
    """The form of a group with a box for each school."""
    fields: dict[str, Any] = {"members": members}
    for each in members:
        fields[f"school_{each.school_id}"] = BooleanField(f"{each.name} takes part")
        fields[f"people_{each.school_id}"] = CountField(f"People of {each.name}", MOST_PEOPLE)
    form: GroupForm = type("ThisGroupForm", (GroupForm,), fields)(**given)
    return form


class OutcomeForm(BookForm):
    """What a group wants to reach, and what became of it."""

    words = TextAreaField(
        "What is to be reached",
        description="A sentence. Leave out names of persons.",
        validators=[InputRequired("Say in a sentence what is to be reached.")],
        render_kw={"rows": 3, "maxlength": LONGEST_OUTCOME},
    )
    state = _Choice(
        "What became of it", choices=[SelectChoice(each.value, sentence(OUTCOME_WORDS[each])) for each in OutcomeState]
    )
    reached_on = _day("Reached on", "Only where it is reached.")
    saved = StringField(
        "Saved or earned",
        description="In pounds, where the outcome is about money. It is never added to a pot.",
        render_kw={"inputmode": "decimal", "autocomplete": "off", "maxlength": 20},
    )

    def show(self, row: OutcomeRow) -> None:
        """Begin with what is known, unless something was sent."""
        self.begin(sign_of_outcome(row), row)

    def fill(self, row: OutcomeRow) -> None:
        """Put an outcome into the fields."""
        self.words.data, self.state.data, self.reached_on.data = row.words, row.state.value, row.reached_on
        self.saved.data = "" if row.saved is None else pounds(row.saved)

    def said(self) -> OutcomeSaid:
        """The outcome as a command takes it."""
        saved, written = None, squeezed(self.saved.data)
        if written is not None:
            try:
                saved = pence_from_text(written)
            except ValueError as error:
                raise GroupRefused(f"{sentence(str(error))}.", "saved") from error
        return OutcomeSaid(
            squeezed(self.words.data) or "", OutcomeState(self.state.data), self.reached_on.data, saved
        )  # fmt: skip


class ProjectForm(BookForm):
    """A project and the stages it has reached; for each a tick, and from when until when as far as known."""

    name = _words("Name", LONGEST_NAME, missing="Give the project a name.")
    words = TextAreaField(
        "What it is about",
        description="You may leave it empty. Leave out names of persons.",
        render_kw={"rows": 3, "maxlength": LONGEST_WORDS},
    )
    starts = _day("From", "You may leave the dates empty.")
    ends = _day("Until")

    @property
    def lines(self) -> list[tuple[str, Field, Field, Field]]:
        """Each stage with its box and its two days."""
        return [
            (STAGE_WORDS[stage], self[f"reached_{stage}"], self[f"started_{stage}"], self[f"ended_{stage}"])
            for stage in ProjectStage
        ]

    def show(self, row: ProjectRow, steps: Sequence[StepRow]) -> None:
        """Begin with what is known, unless something was sent."""
        self.begin(sign_of_project(row, steps), row, steps)

    def fill(self, row: ProjectRow, steps: Sequence[StepRow]) -> None:
        """Put a project into the fields."""
        for name in ("name", "words", "starts", "ends"):
            self[name].data = getattr(row, name)
        for each in steps:
            self[f"reached_{each.stage}"].data = True
            self[f"started_{each.stage}"].data = each.started_on
            self[f"ended_{each.stage}"].data = each.ended_on

    def said(self) -> ProjectSaid:
        """The project as a command takes it: a stage with a day is one that it has reached or will."""
        steps: dict[ProjectStage, Dates] = {}
        for stage in ProjectStage:
            dates = self[f"started_{stage}"].data, self[f"ended_{stage}"].data
            if self[f"reached_{stage}"].data or any(dates):
                steps[stage] = dates
        return ProjectSaid(
            squeezed(self.name.data) or "", (self.words.data or "").strip() or None, self.starts.data, self.ends.data,
            steps,
        )  # fmt: skip


for _stage in ProjectStage:
    setattr(ProjectForm, f"reached_{_stage}", BooleanField(f"{STAGE_WORDS[_stage]}: reached"))
    setattr(ProjectForm, f"started_{_stage}", _day(f"{STAGE_WORDS[_stage]}: from"))
    setattr(ProjectForm, f"ended_{_stage}", _day(f"{STAGE_WORDS[_stage]}: until"))


class ChildrenForm(BookForm):
    """How many children of each school and year group took part."""

    members: Sequence[MemberRow] = ()
    across: int = 0

    def show(self, year_groups: Sequence[str], rows: Sequence[ParticipationRow]) -> None:
        """Begin with what is known, unless something was sent."""
        self.begin(sign_of_children(rows), year_groups, rows)

    def fill(self, year_groups: Sequence[str], rows: Sequence[ParticipationRow]) -> None:
        """Put the figures into the columns, as far as there are columns."""
        counts = {(each.school_id, each.year_group): each.children for each in rows}
        for place, named in enumerate(year_groups[: self.across]):
            self[f"year_group_{place}"].data = named
            for member in self.members:
                known = counts.get((member.school_id, named))
                self[f"count_{member.school_id}_{place}"].data = "" if known is None else str(known)

    @property
    def heads(self) -> list[Field]:
        """The names of the year groups."""
        return [self[f"year_group_{place}"] for place in range(self.across)]

    @property
    def lines(self) -> list[tuple[MemberRow, list[Field]]]:
        """Each school with its figures."""
        return [
            (member, [self[f"count_{member.school_id}_{place}"] for place in range(self.across)])
            for member in self.members
        ]

    def said(self) -> dict[tuple[int, str], int | None]:
        """The figures as a command takes them, empty ones as not recorded."""
        named = [squeezed(head.data) for head in self.heads]
        folded = [name.casefold() for name in named if name is not None]
        for place, name in enumerate(named):
            if name is not None and folded.count(name.casefold()) > 1:
                raise GroupRefused(f"“{name}” stands twice; give each year group one column.", f"year_group_{place}")
            if name is None and any(cells[place].number is not None for _, cells in self.lines):
                raise GroupRefused("Name the year group of this column.", f"year_group_{place}")
        return {
            (member.school_id, name): cells[place].number
            for member, cells in self.lines
            for place, name in enumerate(named)
            if name is not None
        }


def make_children_form(members: Sequence[MemberRow], across: int) -> ChildrenForm:
    """The form of participation: schools down, so many year groups across."""
    fields: dict[str, Any] = {"members": members, "across": across}
    for place in range(across):
        label = f"Year group in column {place + 1}"
        fields[f"year_group_{place}"] = _words(label, LONGEST_YEAR_GROUP)
        for each in members:
            about = f"Children of {each.name}, column {place + 1}"
            fields[f"count_{each.school_id}_{place}"] = CountField(about, MOST_CHILDREN)
    form: ChildrenForm = type("ThisChildrenForm", (ChildrenForm,), fields)()
    return form


class EmptyForm(BookForm):
    """Nothing but the token."""


def _number(text: str | None) -> int | None:
    return int(text) if text else None
