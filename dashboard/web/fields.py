"""Fields that forms of several features ask for."""

from typing import Any, Final

from wtforms import DateField, TimeField
from wtforms.validators import Length

A_DAY: Final = "Enter a date such as 2027-07-31."
"""Said where a day is missing that has to be there."""
_MOST_QUOTED: Final = 40


def squeezed(text: str | None) -> str | None:
    """Text without spaces around and lines within; none where nothing was written."""
    return " ".join((text or "").split()) or None


def at_most(letters: int) -> Length:
    """A check that a text is not too long."""
    return Length(max=letters, message=f"Use at most {letters} letters.")


class DayField(DateField):  # type: ignore[misc]
    """A day, with a sentence for what is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day of a request."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            written = " ".join(valuelist)[:_MOST_QUOTED]
            raise ValueError(f"“{written}” is not a date; write it like 2027-07-31.") from None


class ClockField(TimeField):  # type: ignore[misc]
    """A time of day, with a sentence for what is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the time of a request; browsers may send seconds, which are not kept."""
        if valuelist and valuelist[0].count(":") == 2:
            valuelist = [valuelist[0].rpartition(":")[0]]
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter a time such as 13:30, or leave it empty.") from None
