"""The form about a meeting, and what the taps of a register must look like."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Final, Self

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import NumberRange, Optional

from dashboard.registers.commands import LONGEST_NOTE, OF_A_PERSON, SETTABLE
from dashboard.registers.queries import Sheet
from dashboard.vocabulary import Mark
from dashboard.web.fields import ClockField, at_most

MOST_PEOPLE: Final = 10_000
_PAGE: Final = re.compile(r"[a-z0-9]{8,40}")
_KEY: Final = re.compile(r"s(?P<school>[0-9]{1,9})|p(?P<of>[0-9]{1,9})-(?P<person>[0-9]{1,9})")
_LARGEST: Final = 2**31 - 1
_SAID: Final[Mapping[str, bool | None]] = {"yes": True, "no": False, "": None}


class Malformed(Exception):
    """What was sent is no tap that a page of ours makes."""


@dataclass(frozen=True)
class Tap:
    """One tap: what a page sets for a school or for a person of it, and what it believes to stand there."""

    school_id: int
    person_id: int | None
    mark: Mark | None
    was: Mark | None
    school_was: Mark | None
    page: str = ""
    """The random word of the page."""

    @classmethod
    def read(cls, body: object) -> Self:
        """The tap in a body of JSON. Raises Malformed."""
        if not isinstance(body, dict):
            raise Malformed
        person_id = body.get("person_id")
        settable = SETTABLE if person_id is None else OF_A_PERSON
        return cls(
            _number(body.get("school_id")),
            None if person_id is None else _number(person_id),
            read_mark(body.get("mark"), settable),
            read_mark(body.get("was")),
            read_mark(body.get("school_was")),
            read_page(body.get("page")),
        )


def read_mark(text: object, among: frozenset[Mark] = SETTABLE) -> Mark | None:
    """A mark as a page sends it; nothing is none. Raises Malformed."""
    if text is None or text == "":
        return None
    mark = next((each for each in among if each == text), None)
    if mark is None:
        raise Malformed
    return mark


def read_page(text: object) -> str:
    """The random word of a page. Raises Malformed."""
    if isinstance(text, str) and _PAGE.fullmatch(text):
        return text
    raise Malformed


def _number(value: object) -> int:
    if type(value) is int and 0 < value <= _LARGEST:
        return value
    raise Malformed


def read_taps(sent: Mapping[str, str]) -> Iterator[tuple[str, Tap]]:
    """What the form of a whole page changes, each under its key: "s5" is a school, "p5-7" a person of it. Raises
    Malformed.

    Schools come first. Whoever ticks a person of a school whose mark they change too knows of that mark.
    """
    changed = set()
    for key in sorted((name.removeprefix("was-") for name in sent if name.startswith("was-")), key=_schools_first):
        numbers = _KEY.fullmatch(key)
        if numbers is None:
            raise Malformed
        school, person_id = numbers["school"] or numbers["of"], numbers["person"]
        was = read_mark(sent[f"was-{key}"])
        chosen = read_mark(sent[key], SETTABLE if person_id is None else OF_A_PERSON) if key in sent else was
        wanted = None if f"clear-{key}" in sent else chosen
        if wanted == was:
            continue
        changed.add(key)
        believed = read_mark(sent.get(f"s{school}" if f"s{school}" in changed else f"was-s{school}"))
        yield key, Tap(int(school), int(person_id) if person_id else None, wanted, was, believed)


def _schools_first(key: str) -> tuple[bool, str]:
    return not key.startswith("s"), key


class CountField(IntegerField):  # type: ignore[misc]
    """A whole number, with a sentence for what is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number of a request."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter a whole number such as 25, or leave it empty.") from None


class AboutForm(FlaskForm):  # type: ignore[misc]
    """When a meeting was, whether in school time, how many came, and a note."""

    starts_at = ClockField("Began at", validators=[Optional()])
    ends_at = ClockField("Ended at", validators=[Optional()])
    in_school_time = RadioField(
        "Time",
        choices=[
            SelectChoice("yes", "in school time"),
            SelectChoice("no", "after school"),
            SelectChoice("", "not said"),
        ],
        default="",
        validators=[Optional()],
    )
    headcount = CountField(
        "People who came, where only a number was kept",
        validators=[Optional(), NumberRange(0, MOST_PEOPLE, f"Enter a number from 0 to {MOST_PEOPLE:,}.")],
    )
    note = TextAreaField("Note", validators=[at_most(LONGEST_NOTE)])

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        """The form as the meeting stands."""
        said = next(word for word, value in _SAID.items() if value is sheet.in_school_time)
        form: Self = cls(
            formdata=None, starts_at=sheet.starts_at, ends_at=sheet.ends_at, in_school_time=said,
            headcount=sheet.headcount, note=sheet.note,
        )  # fmt: skip
        return form

    @property
    def wanted(self) -> dict[str, Any]:
        """What was entered, in the words of the store."""
        return {
            "starts_at": self.starts_at.data,
            "ends_at": self.ends_at.data,
            "in_school_time": _SAID[self.in_school_time.data or ""],
            "headcount": self.headcount.data,
            "note": (self.note.data or "").strip().replace("\r\n", "\n") or None,
        }


def write_details(sheet: Sheet) -> str:
    """The details of a meeting as a page keeps them, to say later what it believes to stand there."""
    return json.dumps({
        "starts_at": sheet.starts_at and sheet.starts_at.isoformat(),
        "ends_at": sheet.ends_at and sheet.ends_at.isoformat(),
        "in_school_time": sheet.in_school_time,
        "headcount": sheet.headcount,
        "note": sheet.note,
    })  # fmt: skip


def read_details(text: str) -> dict[str, Any]:
    """The details that `write_details` wrote. Raises Malformed."""
    try:
        said = json.loads(text)
        return {
            "starts_at": said["starts_at"] and time.fromisoformat(said["starts_at"]),
            "ends_at": said["ends_at"] and time.fromisoformat(said["ends_at"]),
            "in_school_time": said["in_school_time"],
            "headcount": said["headcount"],
            "note": said["note"],
        }
    except (ValueError, TypeError, KeyError):
        raise Malformed from None
