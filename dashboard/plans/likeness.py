"""Which aims look like two wordings of one aim (2.3). Pure: texts in, pairs with a reason out. A person decides.

Words count without their endings and without those that say nothing; most of the shorter wording has to stand in the
longer one, or the two have to be the same but for a letter here and there.
"""

import re
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import Final

from dashboard.naming import slug
from dashboard.wording import in_words, sentence

_WORD: Final = re.compile(r"[a-z0-9]+(?:[-'’][a-z0-9]+)*")
_SAYING_NOTHING: Final = frozenset({
    "a", "all", "an", "and", "are", "as", "at", "available", "be", "between", "by", "each", "every", "for", "from",
    "in", "into", "is", "it", "its", "more", "of", "on", "or", "our", "so", "than", "that", "the", "their", "these",
    "this", "those", "through", "to", "use", "using", "via", "we", "which", "who", "with", "within",
})  # fmt: skip
_ENDINGS: Final = ("ing", "ed", "er", "es", "s", "e")
_SHORTEST_STEM: Final = 3
FEWEST_IN_COMMON: Final = 3
LEAST_SHARE: Final = 0.6
"""So much of the shorter wording stands in the longer one too."""
LEAST_RATIO: Final = 0.9
"""So alike are two texts that differ by a slip of the pen."""


@dataclass(frozen=True)
class Alike:
    """Two aims that may be one, by their keys, the one that stands first named first; and why somebody should look."""

    first: Hashable
    second: Hashable
    reason: str


def same_words(text: str) -> str:
    """What is the same of two wordings that differ in capitals or stops alone, as an import sees them."""
    return slug(text)


def find_alike(
    aims: Sequence[tuple[Hashable, Sequence[str]]], apart: Collection[frozenset[Hashable]] = ()
) -> list[Alike]:
    """The pairs of aims that look alike, in the order of the aims. Each aim comes with every wording that it has.

    `apart` are pairs of which somebody said already that they are two.
    """
    read = [(key, [(text, _stems(text)) for text in texts]) for key, texts in aims]
    found = []
    for (first, some), (second, others) in combinations(read, 2):
        if frozenset((first, second)) in apart:
            continue
        reasons = (_compare(one, other) for one in some for other in others)
        reason = next((each for each in reasons if each is not None), None)
        if reason is not None:
            found.append(Alike(first, second, reason))
    return found


def _compare(one: tuple[str, Mapping[str, str]], other: tuple[str, Mapping[str, str]]) -> str | None:
    """Why two wordings look alike; None where they do not."""
    (text, stems), (other_text, other_stems) = one, other
    common = [word for stem, word in stems.items() if stem in other_stems]
    fewest = min(len(stems), len(other_stems))
    if len(common) >= FEWEST_IN_COMMON and len(common) >= LEAST_SHARE * fewest:
        return f"{sentence(in_words(len(common)))} words in common: {', '.join(common)}"
    # The matcher is not the same from both sides; whichever stands first, the answer is.
    first, second = sorted(" ".join(_WORD.findall(each.lower())) for each in (text, other_text))
    if first and SequenceMatcher(a=first, b=second, autojunk=False).ratio() >= LEAST_RATIO:
        return "The same words but for a few letters"
    return None


def _stems(text: str) -> dict[str, str]:
    """The words of a text that say something, in their order: what is left without their endings → the word."""
    stems: dict[str, str] = {}
    for word in _WORD.findall(text.lower()):
        if word not in _SAYING_NOTHING:
            stems.setdefault(_stem(word), word)
    return stems


def _stem(word: str) -> str:
    """A word without its ending: "improving" and "improve" are the same."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
