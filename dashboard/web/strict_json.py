"""JSON from whoever sends it, read without the liberties that Python's reader takes."""

import json
import math
import re
from collections.abc import Sequence
from typing import Any, Final

DEEPEST: Final = 20
"""Levels of lists and objects within each other."""
LARGEST: Final = 2**53
"""Beyond this a browser cannot tell whole numbers apart, so none sends them."""

_NOT_TEXT: Final = re.compile("[\x00\ud800-\udfff]")
"""What no database stores: NUL, and halves of characters."""


class NotJson(ValueError):
    """A text that is not the JSON we take. The reason holds nothing of the text."""


def read_json(text: bytes) -> Any:
    """The value that a text stands for. Raises NotJson where it stands for none, or not for one alone."""
    try:
        value = json.loads(
            text.decode(),
            object_pairs_hook=_distinct,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_moderate,
        )
    except NotJson:
        raise
    except (ValueError, RecursionError):
        raise NotJson("it is not JSON in UTF-8") from None
    _check(value)
    return value


def _distinct(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotJson("a key stands twice")
    return found


def _no_constant(_word: str) -> None:
    raise NotJson("a number is not finite")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise NotJson("a number is not finite")
    return value


def _moderate(digits: str) -> int:
    if len(digits) > len(str(LARGEST)) + 1 or abs(int(digits)) > LARGEST:
        raise NotJson("a number is too large")
    return int(digits)


def _check(value: Any) -> None:
    """Not too deep, and all text of it text."""
    waiting = [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        if depth > DEEPEST:
            raise NotJson("it is too deep")
        if isinstance(each, str) and _NOT_TEXT.search(each):
            raise NotJson("a text holds what is not text")
        if isinstance(each, dict):
            waiting += [(part, depth + 1) for pair in each.items() for part in pair]
        if isinstance(each, list):
            waiting += [(part, depth + 1) for part in each]
