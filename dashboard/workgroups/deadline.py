"""When a return is due and how late it came. Clocks are those of schools in England, summer time and all (0.3)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.wording import day, of

LONDON: Final = ZoneInfo("Europe/London")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def moment(on: date, at: time) -> datetime:
    """The moment, in UTC, of a day and a time on the clock.

    In the night in which the clocks go back a time comes twice: the later is meant, so that nobody is late who need not
    be. Raises ValueError for a time that the night of spring leaves out.
    """
    found = datetime.combine(on, at, LONDON).replace(fold=1).astimezone(UTC)
    if on_the_clock(found).replace(tzinfo=None) != datetime.combine(on, at):
        raise ValueError(f"there is no {clock(at)} on {day(on)}: the clocks go forward; choose another time")
    return found


def on_the_clock(when: datetime) -> datetime:
    """A moment as clocks in England show it."""
    return when.astimezone(LONDON)


def day_of(when: datetime) -> date:
    """The day on which a moment falls in England."""
    return on_the_clock(when).date()


def clock(at: time) -> str:
    """A time of day as people write it: 4 pm, 9.30 am, noon. It never breaks over two lines."""
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    if (at.hour, at.minute) == (0, 0):
        return "midnight"
    minutes = f".{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}\N{NO-BREAK SPACE}{'am' if at.hour < 12 else 'pm'}"


def told(when: datetime) -> str:
    """A moment as people say it: 4 pm on Friday 30 September 2022."""
    there = on_the_clock(when)
    return f"{clock(there.time())} on {there:%A} {day(there.date())}"


def is_late(received_at: datetime, due_at: datetime) -> bool:
    """Whether a return came after it was due. At the very moment it is on time."""
    return received_at > due_at


def how_long(span: timedelta) -> str:
    """A stretch of time in one unit, rounded down: 1 minute, 2 hours, 3 days."""
    if span >= 2 * _DAY:
        return f"{span // _DAY:,} days"
    if span >= _HOUR:
        hours = span // _HOUR
        return f"{hours} hour{'s' * (hours != 1)}"
    minutes = span // timedelta(minutes=1)
    return f"{minutes} minute{'s' * (minutes != 1)}" if minutes else "less than a minute"


def lateness(received_at: datetime, due_at: datetime) -> str:
    """How a return stands to its deadline: "on time", "2 hours late"."""
    return f"{how_long(received_at - due_at)} late" if is_late(received_at, due_at) else "on time"


def standing(due_at: datetime, now: datetime) -> str:
    """How a return that has not come stands to its deadline: "due in 3 days", "2 hours overdue"."""
    return f"{how_long(now - due_at)} overdue" if now > due_at else f"due in {how_long(due_at - now)}"


def returns_in(received: int, asked: int) -> str:
    """The figure of the director: "4 of 7 returns are in"."""
    return f"{of(received, asked)} {'return is' if asked == 1 else 'returns are'} in"
