"""What a password must be: long enough and not one that everybody tries first. No rules of composition, no expiry.

These are the NCSC's rules as Cyber Essentials states them: eight characters where common passwords are refused, any
length above, spaces and every script allowed, pasting allowed.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from flask_security import PasswordUtil

SHORTEST: Final = 8
LONGEST: Final = 256
"""Beyond it nothing is gained, and hashing would be work for an attacker to give us."""

TOO_SHORT: Final = f"Use at least {SHORTEST} characters. Three random words make a good password."
TOO_LONG: Final = f"Use at most {LONGEST} characters."
TOO_COMMON: Final = "This password is one of the first that are tried. Three random words make a good one."
TOO_CLOSE: Final = "Do not use your e-mail address or the name of this dashboard as the password."

_OF_THE_FIELD: Final = (
    "school", "schools", "head", "headteacher", "teacher", "teachers", "teaching", "pupil", "pupils", "class",
    "classroom", "education", "learning", "primary", "academy", "cluster", "clusters", "dashboard", "director", "admin",
    "administrator", "coordinator", "welcome", "password", "spring", "summer", "autumn", "winter", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
"""What somebody writes who thinks of school, or of when the password was last changed."""
_ONE_OR_TWO_OF_THEM: Final = re.compile(f"(?:{'|'.join(_OF_THE_FIELD)}){{1,2}}")
_AFTER: Final = re.compile(r"[\W\d_]+\Z")
_BEFORE: Final = re.compile(r"\A[\W\d_]+")
_AGAIN_AND_AGAIN: Final = re.compile(r"(.+?)\1+", re.DOTALL)
_LETTERS_FOR: Final = tuple(str.maketrans("@40$531", f"aaosse{one}") for one in "il")
"""What stands for a letter in words that should look like passwords; 1 for one of two."""
_A_WORD: Final = 4

_OUR_NAME: Final = frozenset({"schools cluster dashboard", "schoolsclusterdashboard"})


class Passwords(PasswordUtil):  # type: ignore[misc]
    """The rules, as Flask-Security asks for them."""

    def normalize(self, password: str) -> str:
        """A password in the one form in which it is hashed and compared."""
        return normal(password)

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """What is wrong with a password, in words (None if nothing), and the password as it is hashed."""
        user = kwargs.get("user")
        problem = find_problem(password, getattr(user, "email", None))
        return ([problem] if problem else None), normal(password)


def normal(password: str) -> str:
    """A password in one form, whichever keyboard it was typed on: é may come as one sign or as two."""
    return unicodedata.normalize("NFKC", password)


def find_problem(password: str, email: str | None = None) -> str | None:
    """What is wrong with a password, in words; None if nothing is."""
    chosen = normal(password)
    if len(chosen) < SHORTEST:
        return TOO_SHORT
    if len(chosen) > LONGEST:
        return TOO_LONG
    plain = chosen.strip().casefold()
    if len(set(plain)) < 3 or any(map(_is_tried_first, _words(plain))):
        return TOO_COMMON
    mailbox = normal(email or "").casefold()
    if plain in {mailbox, mailbox.partition("@")[0], *_OUR_NAME}:
        return TOO_CLOSE
    return None


def _words(plain: str) -> Iterator[str]:
    """A password, and the word it was made of if it was made as most are: Summer2026!, P@ssw0rd1, schoolschool."""
    yield plain
    bare = _AFTER.sub("", plain)
    for word in (plain, bare, _BEFORE.sub("", bare)):
        for spelt in (word, *(word.translate(letters) for letters in _LETTERS_FOR)):
            once = _AGAIN_AND_AGAIN.fullmatch(spelt)
            yield from (each for each in (spelt, once[1] if once else "") if len(each) >= _A_WORD)


def _is_tried_first(word: str) -> bool:
    return word in common_passwords() or _ONE_OR_TWO_OF_THEM.fullmatch(word) is not None


@cache
def common_passwords() -> frozenset[str]:
    """Some 30,000 passwords that were found most often in leaks, from the lists of zxcvbn."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # two megabytes, wanted only where a password is chosen

    return frozenset(FREQUENCY_LISTS["passwords"])
