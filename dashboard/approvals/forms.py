"""The forms of the requests' pages. What is wrong is said beside the field and at the top."""

from collections.abc import Sequence
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from dashboard.approvals.checks import (
    LONGEST_CANDIDATE,
    LONGEST_REASON,
    LONGEST_SUMMARY,
    Asked,
    RequestRefused,
    Verdict,
)
from dashboard.directory.members import MemberRow
from dashboard.kinds import REQUESTS
from dashboard.money import pence_from_text
from dashboard.vocabulary import RequestKind, RequestState
from dashboard.web.fields import A_DAY, DayField, squeezed

_NO_PERSONS: Final = "Leave out names and private matters of persons."
_POUNDS: Final = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 20}


class _Choice(SelectField):  # type: ignore[misc]
    """One of a list, with a sentence for what is not in it."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list."""
        if self.data not in {value for value, *_ in self.iter_choices()}:
            raise ValidationError("Choose one from the list.")


class RequestForm(FlaskForm):  # type: ignore[misc]
    """What every form here can do."""

    def refuse(self, refusal: RequestRefused) -> None:
        """Say why it was refused: beside the field it is about, else at the top."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]


class AskForm(RequestForm):
    """A new request."""

    kind = _Choice("What it is about", choices=[SelectChoice(kind.value, words) for kind, words in REQUESTS.items()])
    summary = TextAreaField(
        "What you ask for, and why",
        description=f"A sentence or two. {_NO_PERSONS}",
        validators=[InputRequired("Say what you ask for, and why.")],
        render_kw={"rows": 3, "maxlength": LONGEST_SUMMARY},
    )
    amount = StringField(
        "Amount", description="In pounds, before VAT. Leave it empty where it is not about money.", render_kw=_POUNDS
    )
    school = _Choice("School", default="")
    candidate = StringField(
        "Name of the school that would like to join",
        description="Only where a school would like to join.",
        render_kw={"maxlength": LONGEST_CANDIDATE, "autocomplete": "off"},
    )
    starts = DayField(
        "First day", description="Of a sabbatical, or as a member if that is known.", validators=[Optional()]
    )
    ends = DayField("Last day", description="Of a sabbatical.", validators=[Optional()])

    def offer(self, members: Sequence[MemberRow], kind: str | None, school: str | None) -> None:
        """Fill in what there is to choose from, and on a first look what the address says."""
        self.school.choices = [
            SelectChoice("", "The cluster, or a newcomer"),
            *(SelectChoice(each.school, each.name) for each in members),
        ]
        if self.is_submitted():
            return
        self.kind.data = kind if kind in set(RequestKind) else RequestKind.EXTRA_TIME.value
        self.school.data = school if school in {each.school for each in members} else ""

    @property
    def said(self) -> Asked:
        """The request as a command takes it."""
        return Asked(
            RequestKind(self.kind.data), self.summary.data or "", _pence(self.amount.data, "amount"),
            self.school.data or None, squeezed(self.candidate.data), self.starts.data, self.ends.data,
        )  # fmt: skip


class WithdrawForm(RequestForm):
    """Nothing but the token."""


class DecideForm(RequestForm):
    """The decision with its reason."""

    state = _Choice(
        "Decision",
        choices=[
            SelectChoice("", "Choose"),
            SelectChoice(RequestState.APPROVED.value, "Approve"),
            SelectChoice(RequestState.DECLINED.value, "Decline"),
        ],
    )
    granted = StringField("Amount approved", render_kw=_POUNDS)
    reason = TextAreaField(
        "Reason",
        description=f"It is kept as precedent: the next one who asks for the like reads it. {_NO_PERSONS}",
        validators=[InputRequired("Give the reason: the next one who asks for the like will read it.")],
        render_kw={"rows": 3, "maxlength": LONGEST_REASON},
    )
    decided_on = DayField("Day of the decision", validators=[InputRequired(A_DAY)])

    @property
    def said(self) -> Verdict:
        """The decision as a command takes it."""
        if not self.state.data:
            raise RequestRefused("Choose whether it is approved or declined.", "state")
        state = RequestState(self.state.data)
        # What was asked for stands in the field to begin with: whoever declines need not empty it.
        granted = _pence(self.granted.data, "granted") if state is RequestState.APPROVED else None
        return Verdict(state, self.reason.data or "", self.decided_on.data, granted)


def _pence(text: str | None, field: str) -> int | None:
    written = squeezed(text)
    if written is None:
        return None
    try:
        return pence_from_text(written)
    except ValueError as error:
        raise RequestRefused(f"{str(error)[:1].upper()}{str(error)[1:]}.", field) from error
