"""How figures read in a sentence: money, shares, dates, counts. One place, so that every page says them alike."""

from collections.abc import Sequence
from datetime import date

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def money(pence: int) -> str:
    """Pounds for the screen: £1,234, and pence only where there are any: £1,234.50. A minus stands before the £."""
    sign = "−" if pence < 0 else ""
    whole, rest = divmod(abs(pence), 100)
    return f"{sign}£{whole:,}" + (f".{rest:02d}" if rest else "")


def share(part: float | None) -> str:
    """A share in percent, or "not known" where nothing can be said. Never 100 % while something is missing."""
    if part is None:
        return "not known"
    percent = round(part * 100)
    if percent == 100 and part < 1:
        percent = 99
    if percent == 0 and part > 0:
        percent = 1
    return f"{percent} %"


def of(part: int, whole: int) -> str:
    """Both numbers behind a share: "13 of 15"."""
    return f"{part:,} of {whole:,}"


def day(when: date) -> str:
    """A date as people write it: 12 March 2017."""
    return f"{when.day} {when:%B %Y}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun, small ones in words: "no schools", "one school", "13 schools"."""
    return f"{in_words(number)} {one if number == 1 else many or one + 's'}"


def hours(minutes: int) -> str:
    """Minutes in hours: "3 hours", "1 hour 30 minutes"."""
    whole, rest = divmod(minutes, 60)
    told = [f"{whole:,} hour{'s' * (whole != 1)}"] if whole or not rest else []
    return " ".join([*told, *([f"{rest} minutes"] if rest else [])])


def share_of(part: int, whole: int, one: str) -> str:
    """Some of a whole in words: "three of eight schools", "all eight schools", "none of eight schools"."""
    noun = counted(whole, one)
    if part == whole:
        return f"the one {one}" if whole == 1 else f"all {noun}"
    return f"{'none' if part == 0 else in_words(part)} of {noun}"


def in_words(number: int) -> str:
    """A number in a sentence: small ones in words."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a sentence: "A, B and C", or "A, B and two others"."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {counted(len(names) - most + 1, 'other')}"
    return all_of(names)


def all_of(names: Sequence[str]) -> str:
    """All names in a sentence, however many: "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def amid(name: str) -> str:
    """A name as it stands within a sentence: "The West Salisbury Cluster" → "the West Salisbury Cluster"."""
    return f"t{name[1:]}" if name.startswith("The ") else name
