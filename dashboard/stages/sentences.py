"""What the page of stages says, in sentences. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from dashboard.stages.standing import Countdown, Stage, Time
from dashboard.stages.words import Item, Standing
from dashboard.vocabulary import Commitment, TickState
from dashboard.wording import all_of, counted, day, in_words, sentence

_MOST_DAYS = 366
"""How long ago it was is told in days up to here, then in years."""


def say_year(year: int | None, years: int | None, started: date | None, *, over: bool = False) -> str:
    """Which year of the programme it is: "Year 2 of 2"; before the start, when that is."""
    if year is None or started is None:
        return "The year of the programme is not known, because no start is recorded"
    if year < 1:
        return f"Year 1 begins on {day(started)}"
    if years is None:
        return f"Year {year} of the programme"
    if over or year > years:
        return f"Year {years} of {years} is over"
    return f"Year {year} of {years}"


def say_countdown(left: Countdown) -> str:
    """How long the agreement goes on: "140 days and 17 school weeks until the agreement ends"."""
    if left.ends is None or left.days is None:
        return "when the agreement ends is not recorded"
    if left.days == 0:
        return "the agreement ends today"
    if left.days < 0:
        return f"the agreement ended on {day(left.ends)}, {_ago(-left.days)} ago"
    return f"{_left(left)} until the agreement ends"


def _left(left: Countdown) -> str:
    days = counted(left.days or 0, "day")
    return days if left.school_weeks is None else f"{days} with {counted(left.school_weeks, 'school week')}"


def _ago(days: int) -> str:
    return counted(days, "day") if days < _MOST_DAYS else f"more than {counted(days // 366, 'year')}"


def say_end(left: Countdown) -> str:
    """The same under its own heading, with the day."""
    if left.ends is None:
        return "When the agreement ends is not recorded. It stands in the list of clusters that was brought in."
    if left.days is not None and left.days > 0:
        return f"The agreement ends on {day(left.ends)}, in {_left(left)}."
    return f"{sentence(say_countdown(left))}."


def say_standing(year: str, left: Countdown) -> str:
    """Year and countdown in one sentence: the first message of the page."""
    return f"{year}: {say_countdown(left)}."


def say_current(stages: Sequence[Stage], standings: Sequence[Standing]) -> str:
    """Which stages are current."""
    names = [stage.name for stage, standing in zip(stages, standings, strict=True) if standing is Standing.CURRENT]
    if not stages:
        return "The stages of its programme are not recorded."
    if not names:
        return "No stage is recorded as current."
    return f"{'The current stage is' if len(names) == 1 else 'Current stages are'} {_named(names)}."


def _named(names: Collection[str]) -> str:
    return all_of([f"“{name}”" for name in names])


def count_done(items: Sequence[Item], ticks: Mapping[str, TickState]) -> tuple[int, int]:
    """How many items are done, of how many that are needed."""
    states = [ticks.get(item.key, TickState.OPEN) for item in items]
    return states.count(TickState.DONE), len(states) - states.count(TickState.NOT_NEEDED)


def say_done(items: Sequence[Item], ticks: Mapping[str, TickState]) -> str:
    """How many items of a checklist are done: "three of four done"."""
    done, needed = count_done(items, ticks)
    return f"{in_words(done) if done else 'none'} of {in_words(needed)} done" if needed else "nothing is needed"


def say_missing(items: Sequence[Item], ticks: Mapping[str, TickState]) -> str:
    """What a checklist still lacks."""
    missing = [item.missing for item in items if ticks.get(item.key, TickState.OPEN) is TickState.OPEN]
    return f"Still missing: {all_of(missing)}." if missing else "Nothing is missing."


def say_gate(name: str, items: Sequence[Item], ticks: Mapping[str, TickState], *, alone: bool) -> str:
    """The state of a gate for the top of the page. Where there are several, each says which it is."""
    done, needed = count_done(items, ticks)
    which = "the gate" if alone else f"the gate out of “{name}”"
    if not needed:
        return f"{sentence(which)} needs nothing."
    if not done:
        return f"No step of {which} is recorded as done."
    if done == needed:
        return (
            f"All {in_words(needed)} steps of {which} are done." if needed > 1 else f"The one step of {which} is done."
        )
    return f"{sentence(in_words(done))} of {in_words(needed)} steps of {which} {'is' if done == 1 else 'are'} done."


def say_commitments(answers: Sequence[Commitment | None]) -> str:
    """How many schools go on: each answer in its turn, and those that nobody asked."""
    if not answers:
        return "No school is recorded as a member today."
    if not any(answers):
        return f"Nothing is recorded yet: {counted(len(answers), 'school')} to ask."
    told = [
        f"{in_words(number)} {one if number == 1 else many}"
        for answer, one, many in (
            (Commitment.CONTINUES, "goes on", "go on"),
            (Commitment.LEAVES, "leaves", "leave"),
            (Commitment.UNDECIDED, "is undecided", "are undecided"),
            (None, "is not recorded", "are not recorded"),
        )
        if (number := sum(each is answer for each in answers))
    ]
    return f"Of {counted(len(answers), 'school')}, {all_of(told)}."


def say_asked(schools: int, said: int) -> str:
    """The same for the head of one school: of how many schools an answer is recorded, not which."""
    if not said:
        return f"No answer is recorded yet, of {counted(schools, 'school')}."
    told = "The answer of one" if said == 1 else f"Answers of {in_words(said)}"
    return f"{told} of {counted(schools, 'school')} {'is' if said == 1 else 'are'} recorded."


def say_time(time: Time) -> str:
    """A time in a stage."""
    if time.starts and time.ends:
        return f"{day(time.starts)} to {day(time.ends)}"
    if time.starts:
        return f"Since {day(time.starts)}, no end recorded"
    if time.ends:
        return f"Until {day(time.ends)}, no start recorded"
    return "Dates not known"


def say_years(stage: Stage) -> str | None:
    """Which programme years lie in a stage."""
    first, last = stage.first_year, stage.last_year
    if last == 0:
        return "before year 1"
    if first is None and last is None:
        return None
    if first == last:
        return f"year {first}"
    if last is None:
        return f"from year {first}"
    return f"until year {last}" if first is None else f"years {first} to {last}"
