"""The forms of the ledger's pages. What is wrong is said beside the field and at the top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from dashboard.academic_year import AcademicYear
from dashboard.attachments import KINDS, MOST_BYTES
from dashboard.funding.entry import LedgerRefused, LineSaid
from dashboard.funding.lines import LineRow, MeetingChoice, RequestChoice, SchoolChoice, TargetChoice
from dashboard.funding.words import (
    PART_WORDS,
    POT_WORDS,
    PURPOSE_WORDS,
    STATE_WORDS,
    USE_WORDS,
    to_the_penny,
)
from dashboard.kinds import REQUESTS
from dashboard.marks import name_meeting
from dashboard.money import pence_from_text, pounds
from dashboard.vocabulary import LinePurpose, LineState, Part, Pot, UseCode
from dashboard.web.fields import A_DAY, DayField
from dashboard.wording import day, sentence

_NO_PERSONS: Final = "Leave out names of persons."
_NEW_STATES: Final = tuple(state for state in LineState if state is not LineState.REVERSED)
_LONGEST_AMOUNT: Final = 20


class Choice(SelectField):  # type: ignore[misc]
    """One of a list, with a sentence for what is not in it."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list."""
        if self.data not in {value for value, *_ in self.iter_choices()}:
            raise ValidationError("Choose one from the list.")


class AmountField(StringField):  # type: ignore[misc]
    """An amount in pounds as people write it; its `pence` are whole."""

    pence: int | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the amount."""
        written = (self.data or "").strip()
        try:
            self.pence = pence_from_text(written) if written else None
        except ValueError as error:
            raise ValidationError(sentence(f"{error}.")) from error


@dataclass(frozen=True)
class Choices:
    """What the form of a line offers, as the reader may see it."""

    whole: bool
    """Whether the reader keeps all money of the cluster; else that of their own schools."""
    schools: Sequence[SchoolChoice]
    meetings: Sequence[MeetingChoice]
    targets: Sequence[TargetChoice]
    requests: Sequence[RequestChoice]


class LedgerForm(FlaskForm):  # type: ignore[misc]
    """What every form here can do."""

    def refuse(self, refusal: LedgerRefused) -> None:
        """Say why it was refused: beside the field it is about, else at the top."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]


class LineForm(LedgerForm):
    """A line of the ledger, new or changed."""

    spent_on = DayField(
        "Day", description="Of the invoice or the payment; of a promise, the day it is for.", validators=[Optional()]
    )
    pot = Choice(
        "Who holds the money",
        default=Pot.LEAD_HELD.value,
        choices=[SelectChoice(pot.value, words) for pot, words in POT_WORDS.items()],
    )
    part = Choice(
        "Part of the pot",
        validators=[InputRequired("Choose the part of the pot that pays.")],
        choices=[
            SelectChoice("", "Choose a part"),
            *(SelectChoice(part.value, words) for part, words in PART_WORDS.items()),
        ],
    )
    amount = AmountField(
        "Amount before VAT",
        description="In pounds, such as 520.00; a credit with a minus.",
        validators=[InputRequired("Give the amount before VAT.")],
        render_kw={"inputmode": "decimal", "maxlength": _LONGEST_AMOUNT},
    )
    vat = AmountField(
        "VAT", description="Leave it empty where there is none.",
        render_kw={"inputmode": "decimal", "maxlength": _LONGEST_AMOUNT},
    )  # fmt: skip
    state = Choice(
        "How far it has got",
        default=LineState.PAID.value,
        choices=[SelectChoice(state.value, sentence(STATE_WORDS[state])) for state in _NEW_STATES],
    )
    supplier = StringField("Supplier", render_kw={"maxlength": 300})
    description = TextAreaField("What for", description=_NO_PERSONS, render_kw={"rows": 2, "maxlength": 500})
    reference = StringField("Number of the invoice", render_kw={"maxlength": 100})
    purpose = Choice(
        "What it paid for",
        description="Where a rule of the programme asks.",
        default="",
        choices=[
            SelectChoice("", "Anything else"),
            *(SelectChoice(purpose.value, words) for purpose, words in PURPOSE_WORDS.items()),
        ],
    )
    use_code = Choice(
        "Use",
        default="",
        choices=[
            SelectChoice("", "Not said"),
            *(SelectChoice(code.value, f"{code}: {words}") for code, words in USE_WORDS.items()),
        ],
    )
    school = Choice("School", description="The school it is about, if it is about one.", default="")
    meeting = Choice("Meeting", default="")
    target = Choice("Target of the plan", default="")
    request = Choice("Approval it rests on", default="")
    note = TextAreaField(
        "Reason why it is recorded as it happened",
        description=f"Whoever checks the ledger reads it. {_NO_PERSONS}",
        render_kw={"rows": 2, "maxlength": 500},
    )
    sharers = SelectMultipleField("Schools that share the rest", validate_choice=False)
    split_seen = HiddenField()
    version = HiddenField()

    def offer(self, choices: Choices, row: LineRow | None = None) -> None:
        """Fill in what there is to choose from, and on a first look what stands there or what the address says."""
        if not choices.whole:
            self.pot.choices = [SelectChoice(Pot.SCHOOL_HELD.value, POT_WORDS[Pot.SCHOOL_HELD])]
        self.school.choices = [
            *([SelectChoice("", "None")] if choices.whole else []),
            *(SelectChoice(each.school, each.name) for each in choices.schools),
        ]
        self.meeting.choices = [
            SelectChoice("", "None"),
            *(
                SelectChoice(str(each.meeting_id), f"{day(each.held_on)}, {name_meeting(each.kind, None).lower()}")
                for each in choices.meetings
            ),
        ]
        self.target.choices = [
            SelectChoice("", "None"),
            *(
                SelectChoice(str(each.target_id), f"{each.code}, {AcademicYear(each.year)}: {each.title[:60]}")
                for each in choices.targets
            ),
        ]
        self.request.choices = [
            SelectChoice("", "None"),
            *(SelectChoice(str(each.request_id), _name_request(each)) for each in choices.requests),
        ]
        if row is not None:
            self._keep(row)
        if self.is_submitted():
            return
        if row is not None:
            self._show(row)
            return
        self.spent_on.data = date.today()
        if not choices.whole:
            self.pot.data, self.part.data = Pot.SCHOOL_HELD.value, Part.RELEASE.value
        for name in ("pot", "part", "school", "meeting", "target", "request", "purpose", "use_code", "state"):
            field, said = self[name], request.args.get(name)
            if said in {value for value, *_ in field.iter_choices()}:
                field.data = said

    def _keep(self, row: LineRow) -> None:
        """What a line has stays among what there is to choose from, however long ago it was."""
        held = f"{day(row.held_on)}" if row.held_on else "A meeting"
        for field, value, words in (
            (self.school, row.school, row.school_name),
            (self.meeting, row.meeting_id, held),
            (self.target, row.target_id, row.target),
            (self.request, row.request_id, "The approval it rests on"),
        ):
            if value is not None and str(value) not in {each for each, *_ in field.iter_choices()}:
                field.choices.append(SelectChoice(str(value), words or str(value)))

    def _show(self, row: LineRow) -> None:
        self.spent_on.data = row.spent_on
        self.amount.data, self.vat.data = pounds(row.amount), pounds(row.vat) if row.vat else ""
        self.pot.data, self.part.data, self.state.data = row.pot.value, row.part.value, row.state.value
        self.purpose.data, self.use_code.data = row.purpose or "", row.use_code or ""
        self.supplier.data, self.description.data, self.reference.data = row.supplier, row.description, row.reference
        self.school.data, self.note.data, self.version.data = row.school or "", row.note, str(row.version)
        for field, number in (
            (self.meeting, row.meeting_id),
            (self.target, row.target_id),
            (self.request, row.request_id),
        ):
            field.data = str(number or "")

    @property
    def said(self) -> LineSaid:
        """The line as a command takes it."""
        return LineSaid(
            spent_on=self.spent_on.data, pot=Pot(self.pot.data), part=Part(self.part.data),
            amount=self.amount.pence or 0, vat=self.vat.pence or 0, state=LineState(self.state.data),
            use_code=UseCode(self.use_code.data) if self.use_code.data else None,
            purpose=LinePurpose(self.purpose.data) if self.purpose.data else None,
            school=self.school.data or None, supplier=self.supplier.data, description=self.description.data,
            reference=self.reference.data, meeting_id=_number(self.meeting), target_id=_number(self.target),
            request_id=_number(self.request), note=self.note.data,
        )  # fmt: skip


class MoveForm(LedgerForm):
    """A line that has got further."""

    state = Choice("State", choices=[SelectChoice(state.value, words) for state, words in STATE_WORDS.items()])
    note = TextAreaField(
        "Reason why it is recorded as it happened", description=_NO_PERSONS, render_kw={"rows": 2, "maxlength": 500}
    )
    version = HiddenField()


class ReverseForm(LedgerForm):
    """A line that is taken back."""

    on = DayField("Day", description="Not before the line itself.", validators=[InputRequired(A_DAY)])
    note = TextAreaField(
        "Reason",
        description=f"Whoever reads the ledger later will ask for it. {_NO_PERSONS}",
        validators=[InputRequired("Give the reason: whoever reads the ledger later will ask for it.")],
        render_kw={"rows": 2, "maxlength": 500},
    )
    version = HiddenField()


class ReceiptForm(LedgerForm):
    """A file that proves a line."""

    receipt = FileField(
        "Invoice or receipt",
        description=f"{KINDS}, at most {MOST_BYTES // 1024 // 1024} MB. Black out what is about a person.",
        render_kw={"accept": ".pdf,.png,.jpg,.jpeg"},
    )


def version_of(field: Any) -> int:
    """The version that a form saw. What is no number was never shown by us: nothing has that version."""
    written = field.data or ""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else -1


def _number(field: Any) -> int | None:
    return int(field.data) if field.data else None


def _name_request(each: RequestChoice) -> str:
    asked = f"{REQUESTS[each.kind]}, asked on {day(each.asked_on)}, {each.state}"
    return asked if each.amount is None else f"{asked}: {to_the_penny(each.amount)}"
