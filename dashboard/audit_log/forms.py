"""The filter of the page, read from the address, so that a copied address shows the same events."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from wtforms import Form, SelectChoice, SelectField, StringField, ValidationError
from wtforms.fields import DateField
from wtforms.validators import Optional

from dashboard.audit_log.queries import Choices, Filters
from dashboard.vocabulary import Attempt

_LARGEST: Final = 2_147_483_647
"""The numbers of rows are no larger; the store would not take one."""


def is_number(text: str) -> bool:
    """Whether a text is the number that a row may have."""
    return text.isascii() and text.isdecimal() and len(text) <= 10 and 1 <= int(text) <= _LARGEST


class Day(DateField):  # type: ignore[misc]
    """A day; what is none is said in a sentence."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what the address says."""
        text = "".join(valuelist).strip()
        try:
            self.data = date.fromisoformat(text) if text else None
        except ValueError:
            raise ValueError(f"“{text[:40]}” is not a day; write it like 2026-11-22.") from None


def _seen(_form: Form, field: StringField) -> None:
    if not field.data.isprintable():
        raise ValidationError("This holds signs that stand in no such name.")


def _number(_form: Form, field: StringField) -> None:
    text = field.data.strip()
    if not is_number(text):
        raise ValidationError(f"“{text[:40]}” is not the number of an account; write it like 12.")


class FilterForm(Form):  # type: ignore[misc]
    """From when, until when, what, where, by whom and with which outcome; each may be left out."""

    since = Day("From", [Optional()])
    until = Day("To", [Optional()])
    action = SelectField("Did what", [Optional(), _seen], validate_choice=False)
    cluster = StringField("Cluster", [Optional(), _seen])
    actor = StringField("Account number", [Optional(), _number])
    outcome = SelectField(
        "Outcome",
        [Optional()],
        choices=[SelectChoice("", "Any"), *(SelectChoice(each.value, each.value) for each in Attempt)],
    )

    def validate_until(self, field: Day) -> None:
        """The last day is not before the first."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError("The last day is before the first.")

    def offer(self, choices: Choices) -> None:
        """Fill the list of actions; one that was asked for stays in it although nobody did it."""
        asked = [self.action.data] if self.action.data and self.action.data not in choices.actions else []
        words = [*choices.actions, *asked]
        self.action.choices = [SelectChoice("", "Anything"), *(SelectChoice(each, each) for each in words)]

    def filters(self) -> Filters:
        """What was asked for, once it was found right."""
        return Filters(
            since=self.since.data,
            until=self.until.data,
            action=self.action.data or None,
            cluster=(self.cluster.data or "").strip() or None,
            actor=int(self.actor.data) if (self.actor.data or "").strip() else None,
            outcome=Attempt(self.outcome.data) if self.outcome.data else None,
        )


def as_query(filters: Filters) -> Mapping[str, Any]:
    """Filters as the end of an address; what was left out is left out there too."""
    said = {
        "since": filters.since.isoformat() if filters.since else None,
        "until": filters.until.isoformat() if filters.until else None,
        "action": filters.action,
        "cluster": filters.cluster,
        "actor": filters.actor,
        "outcome": filters.outcome.value if filters.outcome else None,
    }
    return {name: value for name, value in said.items() if value is not None}
