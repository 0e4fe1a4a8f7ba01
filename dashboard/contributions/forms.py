"""The forms of the pages of contributions. What is wrong is said beside the field and at the top."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from dashboard.academic_year import AcademicYear
from dashboard.contributions.checks import (
    LONGEST_ABOUT,
    LONGEST_PARTY,
    LONGEST_WORDS,
    Agreed,
    ContributionRefused,
    Figures,
    OutsideSaid,
    minutes_from_text,
)
from dashboard.contributions.queries import OutsideRow, TargetChoice
from dashboard.contributions.words import BY_HAND, WAIVED_BECAUSE
from dashboard.directory.members import MemberRow
from dashboard.kinds import CONTRIBUTIONS, OUTSIDE, OUTSIDE_STATES
from dashboard.money import pence_from_text, pounds
from dashboard.vocabulary import ContributionKind, OutsideKind, OutsideState
from dashboard.web.fields import A_DAY, DayField, squeezed
from dashboard.wording import sentence

T = TypeVar("T")
_POUNDS: Final = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 20}
_NO_PERSONS: Final = "Leave out names of persons."


class _Choice(SelectField):  # type: ignore[misc]
    """One of a list, with a sentence for what is not in it."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list."""
        if self.data not in {value for value, *_ in self.iter_choices()}:
            raise ValidationError("Choose one from the list.")


class _Schools(SelectMultipleField):  # type: ignore[misc]
    """A box for each school."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list."""
        if set(self.data or ()) - {value for value, *_ in self.iter_choices()}:
            raise ValidationError("Choose schools from the list.")


class BookForm(FlaskForm):  # type: ignore[misc]
    """What every form here can do."""

    def refuse(self, refusal: ContributionRefused) -> None:
        """Say why it was refused: beside the field it is about, else at the top."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]


def _day(label: str, hint: str = "", *, needed: bool = False) -> DayField:
    return DayField(label, description=hint, validators=[InputRequired(A_DAY) if needed else Optional()])


def _pounds(label: str, hint: str = "") -> StringField:
    return StringField(label, description=hint, render_kw=_POUNDS)


class FiguresForm(BookForm):
    """How much, for what, until when."""

    amount = _pounds("Amount", "In pounds, before VAT. Leave it empty while no figure is agreed.")
    vat = _pounds("VAT on it", "Only where there is some.")
    minutes = StringField(
        "Hours", description="Of what is given in kind, such as 3 or 1:30.", render_kw=_POUNDS
    )  # fmt: skip
    words = StringField(
        "What it is for", description=_NO_PERSONS, render_kw={"maxlength": LONGEST_WORDS, "autocomplete": "off"}
    )
    due_on = _day("To be paid or given by", "You may leave it empty.")

    @property
    def figures(self) -> Figures:
        """The figures as a command takes them."""
        return Figures(
            _read(pence_from_text, self.amount.data, "amount"), _read(pence_from_text, self.vat.data, "vat") or 0,
            _read(minutes_from_text, self.minutes.data, "minutes"), squeezed(self.words.data), self.due_on.data,
        )  # fmt: skip


class AgreeForm(FiguresForm):
    """What some schools agreed to put in: one contribution each."""

    kind = _Choice("What they put in", choices=[SelectChoice(kind.value, CONTRIBUTIONS[kind]) for kind in BY_HAND])
    schools = _Schools("Schools")
    target = _Choice("Target of the plan", default="")

    def offer(self, members: Sequence[MemberRow], targets: Sequence[TargetChoice]) -> None:
        """Fill in what there is to choose from; on a first look every school is chosen."""
        self.amount.label.text, self.minutes.label.text = "Amount each", "Hours each"
        self.schools.choices = [SelectChoice(each.school, each.name) for each in members]
        self.target.choices = _targets(targets)
        if not self.is_submitted():
            self.schools.data = [each.school for each in members]

    def said(self, year: AcademicYear) -> Agreed:
        """The contributions as a command takes them."""
        return Agreed(
            year, ContributionKind(self.kind.data), tuple(self.schools.data or ()), self.figures,
            self.target.data or None,
        )  # fmt: skip


class PayForm(BookForm):
    """Some contributions were paid or given on a day."""

    paid_on = _day("Day", needed=True)


class WaiveForm(BookForm):
    """A contribution is not asked for any more."""

    because = _Choice(
        "Why", choices=[SelectChoice("", "Choose"), *(SelectChoice(*each) for each in WAIVED_BECAUSE.items())]
    )


class BackForm(BookForm):
    """Nothing but the token."""


class OutsideForm(BookForm):
    """Money from outside, or raised for charity."""

    kind = _Choice("Kind", choices=[SelectChoice(kind.value, words) for kind, words in OUTSIDE.items()])
    party = StringField(
        "From whom; of charity, for whom",
        validators=[InputRequired("Say where it comes from, or for whom it is raised.")],
        render_kw={"maxlength": LONGEST_PARTY, "autocomplete": "off"},
    )
    words = StringField(
        "What for", description=_NO_PERSONS, render_kw={"maxlength": LONGEST_ABOUT, "autocomplete": "off"}
    )
    state = _Choice(
        "State", choices=[SelectChoice(state.value, sentence(words)) for state, words in OUTSIDE_STATES.items()]
    )
    school = _Choice("School", default="")
    target = _Choice("Target of the plan", default="")
    asked = _pounds("Applied for", "In pounds. Leave empty what is not known.")
    won = _pounds("Won; of charity, raised")
    received = _pounds("Received", "What has come so far.")
    applied_on = _day("Applied on")
    decided_on = _day("Decided on; of charity, the day it was raised")
    declared_on = _day("Declared on", "When the director or advisor was told of it.")

    def offer(self, members: Sequence[MemberRow], targets: Sequence[TargetChoice]) -> None:
        """Fill in what there is to choose from."""
        self.school.choices = [
            SelectChoice("", "The cluster as a group"),
            *(SelectChoice(each.school, each.name) for each in members),
        ]
        self.target.choices = _targets(targets)

    def show(self, row: OutsideRow) -> None:
        """Begin with what is known, unless something was sent."""
        if self.is_submitted():
            return
        for name in ("party", "words", "applied_on", "decided_on", "declared_on"):
            self[name].data = getattr(row, name)
        for name in ("asked", "won", "received"):
            pence = getattr(row, name)
            self[name].data = "" if pence is None else pounds(pence)
        self.kind.data, self.state.data = row.kind.value, row.state.value
        self.school.data, self.target.data = row.school or "", row.target or ""

    def said(self, year: AcademicYear) -> OutsideSaid:
        """The money as a command takes it."""
        return OutsideSaid(
            year, OutsideKind(self.kind.data), squeezed(self.party.data) or "", OutsideState(self.state.data),
            squeezed(self.words.data), self._pence("asked"), self._pence("won"), self._pence("received"),
            self.applied_on.data, self.decided_on.data, self.declared_on.data, self.school.data or None,
            self.target.data or None,
        )  # fmt: skip

    def _pence(self, name: str) -> int | None:
        return _read(pence_from_text, self[name].data, name)


def _targets(targets: Sequence[TargetChoice]) -> list[SelectChoice]:
    return [
        SelectChoice("", "No target in particular"),
        *(SelectChoice(each.code, f"{each.code}: {each.title}"[:120]) for each in targets),
    ]


def _read(read: Callable[[str], T], text: str | None, field: str) -> T | None:
    written = squeezed(text)
    if written is None:
        return None
    try:
        return read(written)
    except ValueError as error:
        raise ContributionRefused(f"{sentence(str(error))}.", field) from error
