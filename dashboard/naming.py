"""Addresses and short forms made from names."""

import re
from collections.abc import Collection, Iterable, Mapping

from slugify import slugify

# Punctuation is dropped, not turned into a gap ("St. Leonard's" → st-leonards), but what joins or parts
# words keeps them apart ("Stratford-sub-Castle", "Infant/Junior").
_DROPPED = str.maketrans(dict.fromkeys(".,'’‘`\"“”()[]{}!?:;*#", ""))


def slug(name: str) -> str:
    """The slug of a name: lower case, accents and punctuation dropped, a leading "the" dropped, words joined by "-"."""
    words = slugify(name.translate(_DROPPED))
    return words.removeprefix("the-") or "unnamed"


def free_slug(name: str, taken: Collection[str]) -> str:
    """The slug of a name that may be taken already: a second one gets "-2", a third "-3"."""
    first = slug(name)
    if first not in taken:
        return first
    number = 2
    while f"{first}-{number}" in taken:
        number += 1
    return f"{first}-{number}"


_KIND_OF_SCHOOL = re.compile(
    r"""\(?\b(church\ of\ england|c\ of\ e|cofe|ce|roman\ catholic|catholic|rc|voluntary|controlled|aided
    |v\.?\s?[ac]\.?|primary|school|academy|primary\ academy)(?!\w)\)?|\band\ \w+(\ \w+)?\ nursery\b|\(\s*\)""",
    re.IGNORECASE | re.VERBOSE,
)


def short_names(names: Iterable[str]) -> Mapping[str, str]:
    """What to call each school where there is little room: its name without the kind of school it is.

    "Dinton Church of England Voluntary Controlled Primary School" → "Dinton". Names that would then be the same, or
    empty, stay whole. Nothing else is left out: "Harnham Infant" and "Harnham Junior" differ.
    """
    shorter = {name: " ".join(_KIND_OF_SCHOOL.sub(" ", name).split()).strip(" .,") for name in names}
    uses = list(shorter.values())
    return {name: short if short and uses.count(short) == 1 else name for name, short in shorter.items()}
