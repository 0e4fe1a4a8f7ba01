"""How a name may be written, and where it stands in a text. Pure.

It is the same name in capitals, with an accent as a sign of its own, with its words joined by anything, and turned
round ("Quill, Zebedee"). Without its accents it may be somebody else's: that is told of, and not taken out.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from typing import Final

_APART: Final = r"[\W_]+"
_COMMA: Final = r"[\W_]*,[\W_]*"
_APOSTROPHE: Final = re.compile("['’ʼ`]")
_SHORTEST_PART: Final = 3
_NO_NAMES: Final = frozenset({"the", "and", "for"})
"""Words in what an office is called, such as "Head of the Federation"."""
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Small letters that no accent can be taken from."""


def same(text: str) -> str:
    """A text as names are compared: in small letters, each accent within its letter."""
    return _compared(text)[0]


def bare(text: str) -> str:
    """A text in small letters without accents: "Zoë" → "zoe"."""
    return _without_marks(text.casefold()).translate(_PLAIN)


def parts(text: str) -> list[str]:
    """The words and numbers of a text, whatever joins them."""
    return [part for part in re.split(_APART, text) if part]


def take_out(wholes: Iterable[str], text: str, instead: str) -> str:
    """A text with something else instead of every name and address; all around them stays, sign for sign."""
    forms = {form for whole in wholes for form in _forms(same(whole), _COMMA)}
    if not forms:
        return text
    compared, places = _compared(text)
    left, last = [], 0
    for found in re.finditer(rf"(?<![^\W_])(?:{_any_of(forms)})(?![^\W_])", compared):
        left += [text[last : places[found.start()][0]], instead]
        last = places[found.end() - 1][1]
    return "".join([*left, text[last:]])


def stands_in(wholes: Iterable[str], text: str) -> bool:
    """Whether a name or address stands in a text, with its accents or without, within a longer word too."""
    forms = {form for whole in wholes for form in _forms(bare(whole), _APART)}
    return bool(forms) and re.search(_any_of(forms), bare(text)) is not None


def hints_at(name: str | None, initials: str | None, text: str) -> bool:
    """Whether a part of a name of three letters or more, or the initials in capitals, are a word of a text."""
    known = {part for part in _words(bare(name or "")) if len(part) >= _SHORTEST_PART} - _NO_NAMES
    said = _words(bare(text))
    if known & (said | {word.removesuffix("s") for word in said}):
        return True
    short = [r"\.?\s?".join(map(re.escape, letters)) for letters in sorted(_initials(name, initials))]
    return bool(short) and re.search(rf"(?<![^\W_])(?:{'|'.join(short)})(?![^\W_])", _without_marks(text)) is not None


def _initials(name: str | None, initials: str | None) -> set[str]:
    """The initials that are held, and those that the name gives: "Mary Ann Smith" → MAS, MA, AS, MS."""
    first = [part[0].upper() for part in parts(_APOSTROPHE.sub("", _without_marks(name or "")))]
    runs = {"".join(first[begin:end]) for end in range(len(first) + 1) for begin in range(end)}
    held = "".join(parts(_without_marks(initials or "")))
    return {each for each in {*runs, "".join([*first[:1], *first[-1:]]), held, held.upper()} if len(each) > 1}


def _words(text: str) -> set[str]:
    """The words of a text, those with an apostrophe whole and in halves."""
    return {*parts(text), *parts(_APOSTROPHE.sub("", text))}


def _forms(word: str, turned: str) -> Iterator[str]:
    """The patterns of a name as it stands and turned round, with what joins its halves then; of an address only one."""
    names = word.split()
    front, comma, back = word.partition(",")
    ways = [parts(word), parts(f"{back} {front}") if comma else []]
    yield from (_APART.join(map(re.escape, way)) for way in ways if len(way) > 1)
    for place in range(1, len(names)):
        halves = [parts(" ".join(half)) for half in (names[place:], names[:place])]
        if all(halves):
            yield turned.join(_APART.join(map(re.escape, half)) for half in halves)


def _any_of(forms: Collection[str]) -> str:
    # The longest first: the name may be the beginning of the address.
    return "|".join(sorted(forms, key=len, reverse=True))


def _compared(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text as names are compared, and for each sign of it from where to where it stood in the text."""
    if text.isascii():
        return text.lower(), [(number, number + 1) for number in range(len(text))]
    begins = [number for number, sign in enumerate(text) if number == 0 or not _joins_the_last(sign)]
    signs, places = [], []
    for begin, end in zip(begins, [*begins[1:], len(text)], strict=True):
        whole = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text[begin:end]).casefold())
        signs.append(whole)
        places += [(begin, end)] * len(whole)
    return "".join(signs), places


def _joins_the_last(sign: str) -> bool:
    """Whether a sign is an accent on the one before, or the later part of a Korean syllable."""
    return unicodedata.category(sign).startswith("M") or "\u1160" <= sign <= "\u11ff"


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.category(sign).startswith("M"))
