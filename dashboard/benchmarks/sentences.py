"""What the pages of the open figures say in words. Numbers stand as printed, and so do the names of measures."""

from collections.abc import Sequence
from decimal import Decimal

from dashboard.academic_year import AcademicYear
from dashboard.benchmarks.checks import WITHIN_PERCENT, Answer, Check, Contradiction
from dashboard.benchmarks.names import PrintedName, Standing
from dashboard.benchmarks.words import is_pounds_per_pupil
from dashboard.vocabulary import FigureAnswer, Severity
from dashboard.wording import all_of, counted, day, in_words, of, sentence

Told = Sequence[tuple[Contradiction, Answer | None]]


def say_figure(value: Decimal) -> str:
    """A figure as people write it: 3,184 or 87.5, with a real minus."""
    text = f"{abs(value):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"−{text}" if value < 0 else text


def say_completeness(supplied: Sequence[int], schools: int) -> str:
    """How many rows are full, partly filled and empty (1.8)."""
    full, empty = sum(each == schools for each in supplied), sum(each == 0 for each in supplied)
    partly = [of(each, schools) for each in supplied if 0 < each < schools]
    parts = [
        *([f"{in_words(full)} full"] if full else []),
        *([f"{in_words(len(partly))} partly filled ({all_of(partly)})"] if partly else []),
        *([f"{in_words(empty)} empty"] if empty else []),
    ]
    if full == len(supplied):
        parts = ["all full"]
    return f"{sentence(counted(len(supplied), 'row'))} for {counted(schools, 'school')}: {', '.join(parts)}."


def say_headlines(
    year: AcademicYear, schools: int, own: int | None, told: Told, names: Sequence[PrintedName]
) -> list[str]:
    """What the page comes to. `own` is how many of the schools are the reader's own, where it sees no more by right."""
    lines = [_say_schools(year, schools, own)]
    if told:
        lines.append(say_told(told))
    asking = sum(each.asks for each in names)
    if asking:
        lines.append(
            f"{sentence(counted(asking, 'printed name'))} {'waits' if asking == 1 else 'wait'} for a person to say "
            "whose."
        )
    return lines


def _say_schools(year: AcademicYear, schools: int, own: int | None) -> str:
    if own is None:
        return f"Figures of {year} from {counted(schools, 'school')} stand side by side."
    others = schools - own
    mine = "Your school’s figures" if own == 1 else f"The figures of your {counted(own, 'school')}"
    if not others:
        return f"{mine} of {year}; no other school’s are open to you."
    return f"{mine} of {year} beside those of {counted(others, 'school')} whose book is open to you."


def say_told(told: Told) -> str:
    """How many contradictions there are, how many of them may be rounding, and how many have been answered."""
    number = len(told)
    rounding = sum(each.severity is Severity.INFO for each, _ in told)
    answered = sum(answer is not None for _, answer in told)
    said = f"{sentence(counted(number, 'printed figure'))} {'contradicts' if number == 1 else 'contradict'} others"
    if rounding:
        said += f", {in_words(rounding) if rounding < number else 'all'} by what may be rounding"
    if answered == number:
        return f"{said}; {'it has' if number == 1 else 'all have'} been answered."
    return f"{said}; {in_words(number - answered) if answered else 'none'} " + (
        "not answered yet." if answered else "has been answered yet."
    )


def say_contradiction(found: Contradiction) -> str:
    """What does not agree, with its numbers."""
    others = all_of([f"{measure} {say_figure(value)}" for measure, value in found.parts])
    printed, expected = say_figure(found.printed), say_figure(found.expected)
    if found.check is Check.SUM:
        off = say_figure(abs(found.off))
        return (
            f"{others} add up to {expected}; {found.measure} is printed as {printed}. "
            f"The sum is {off} {'short' if found.off > 0 else 'over'}."
        )
    percent = f"{found.percent}".replace("-", "−")  # with its place, were it a nought
    if len(found.parts) > 1:
        (total, whole), (pupils, count) = found.parts
        return (
            f"{found.measure} is printed as {printed}; {total} {say_figure(whole)} for {pupils} {say_figure(count)} "
            f"makes {expected}. The first differs by {percent} %."
        )
    both = "Both are per pupil, and" if is_pounds_per_pupil(found.unit) else "If both are per pupil,"
    return (
        f"{found.measure} is printed as {printed}, {found.parts[0][0]} as {expected}. "
        f"{both} the first differs by {percent} %."
    )


def say_severity(found: Contradiction) -> str:
    """How much a contradiction asks for."""
    if found.severity is Severity.INFO:
        return "may be rounding"
    return "look" if found.check is Check.SUM else f"more than {WITHIN_PERCENT} % apart"


def say_answer(answer: Answer) -> str:
    """What a school said, and when."""
    return f"{_say(answer)} (answered on {day(answer.answered_on)})"


def say_answer_shortly(answer: Answer) -> str:
    """What a school said, beside the printed figure."""
    if answer.answer is FigureAnswer.CORRECTED and answer.value is not None:
        return f"the school: {say_figure(answer.value)}"
    return "the school: it stands" if answer.answer is FigureAnswer.STANDS else "the school: not known to be right"


def _say(answer: Answer) -> str:
    if answer.answer is FigureAnswer.CORRECTED and answer.value is not None:
        return f"The right figure is {say_figure(answer.value)}"
    return "The printed figure stands" if answer.answer is FigureAnswer.STANDS else "Neither is known to be right"


def say_name(name: PrintedName) -> str:
    """What is known of a printed name."""
    when = f", on {day(name.confirmed_at)}" if name.confirmed_at else ""
    by = f" by the {name.confirmed_as}" if name.confirmed_as else ""
    said = {
        Standing.SAME: f"the name of {name.school_name}",
        Standing.CONFIRMED: f"{name.school_name}; confirmed{by}{when}",
        Standing.VARIANT: f"{name.school_name}, as the file’s mapping says; nobody has confirmed it",
        Standing.NOBODY: f"no member’s name; confirmed{by}{when}",
        Standing.UNMATCHED: "matches no member",
    }
    return said[name.standing]
