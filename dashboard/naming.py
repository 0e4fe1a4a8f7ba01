"""Addresses made from names: the slug rule of the product."""

from collections.abc import Collection

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
