"""Words of the store as they can stand in a document."""

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def fit(text: str) -> str:
    """The text without what nobody sees, such as controls and marks that turn the direction of reading."""
    return "".join(
        letter if unicodedata.category(letter) not in _UNSEEN else " " if letter.isspace() else "" for letter in text
    )
