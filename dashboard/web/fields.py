"""Fields that forms of several features ask for."""

from typing import Any, Final

from wtforms import DateField

A_DAY: Final = "Enter a date such as 2027-07-31."
"""Said where a day is missing that has to be there."""
_MOST_QUOTED: Final = 40


class DayField(DateField):  # type: ignore[misc]
    """A day, with a sentence for what is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day of a request."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            written = " ".join(valuelist)[:_MOST_QUOTED]
            raise ValueError(f"“{written}” is not a date; write it like 2027-07-31.") from None
