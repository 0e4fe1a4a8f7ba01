"""JSON is read as browsers write it, and no other way. What is refused is tried in `test_callbacks.py`."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.web.strict_json import DEEPEST, LARGEST, NotJson, read_json

_SENT_BY_BROWSERS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST, LARGEST)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="latin-1", min_codepoint=1)), inner),
    max_leaves=8,
)


@given(_SENT_BY_BROWSERS, st.booleans())
def test_what_a_browser_sends_is_read_as_it_was_meant(value: Any, ascii_only: bool) -> None:
    assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"1 2", b"NaN", b"[Infinity]", b"-Infinity", b"1e999", b"-1e999", b"[1e400]", b"9007199254740993",
        b"-9007199254740993", b"9" * 5000, rb'{"\u0000": 1}', rb'["\ud800"]', rb'{"a": {"b": ["\udfff\ud800"]}}',
        b'{"a": 1, "a": 1}', b'[{"a": {"b": 1, "b": 2}}]', b'"\xe9"', b'\xef\xbb\xbf"a"', b'"a\nb"', b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_no_browser_sends_is_refused(text: bytes) -> None:
    with pytest.raises(NotJson):
        read_json(text)


def test_as_deep_as_it_may_be() -> None:
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST)
    with pytest.raises(NotJson):
        read_json(b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2))
