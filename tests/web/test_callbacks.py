"""Malformed requests for callbacks answer 400 with one line in the log; well-formed ones are let through."""

import copy
import json
from typing import Any, Final

import pytest
from dash import Dash
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from dashboard.web.callbacks import MALFORMED
from dashboard.web.strict_json import LARGEST
from dashboard.web.tally import tallied
from tests.web.small_app import (
    CALLBACKS,
    request_for_echo,
    request_for_fields,
    request_for_page,
    request_for_refusal,
    small_app,
)


@pytest.fixture(scope="module")
def app() -> Dash:
    return small_app()


_BY_ITSELF: Final = {"changedPropIds": [], "parsedChangedPropsIds": []}
"""As when a page is new: so that nothing is refused for its triggers alone."""


def post(app: Dash, body: object, address: str = CALLBACKS, kind: str = "application/json") -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return app.server.test_client().post(address, data=data, content_type=kind)


def answer(app: Dash, body: object) -> Any:
    response = post(app, body)
    assert response.status_code == 200
    return json.loads(response.data)["response"]


def assert_refused(app: Dash, caplog: pytest.LogCaptureFixture, response: TestResponse) -> None:
    assert response.status_code == 400
    assert response.mimetype == "text/plain"
    [line] = caplog.records
    assert (line.name, line.levelname, line.exc_info) == ("dashboard.web.callbacks", "WARNING", None)
    assert "\n" not in line.getMessage()


def test_what_the_renderer_sends_is_answered(app: Dash) -> None:
    shown = answer(app, request_for_page())
    assert shown == {"page": {"children": "at /here, 0 clicks"}, "length": {"children": 5}}
    assert answer(app, request_for_fields(1, 2)) == {"all-fields": {"children": "field 1, field 2"}}
    assert answer(app, request_for_fields()) == {"all-fields": {"children": ""}}
    for body in (request_for_page(), request_for_fields(1), request_for_echo()):
        assert answer(app, body | _BY_ITSELF)
    assert answer(app, request_for_echo()) == {'{"kind":"echo","row":1}': {"children": "echo of x"}}
    assert post(app, request_for_page(), f"{CALLBACKS}?endId=abc").status_code == 200


def test_a_callback_without_output_is_answered(app: Dash) -> None:
    [output] = [key for key, callback in app.callback_map.items() if callback["no_output"]]
    inputs = [{"id": "button", "property": "n_clicks", "value": 1}]
    body = {"output": output, "inputs": inputs, "changedPropIds": ["button.n_clicks"]}
    assert post(app, body).status_code == 204
    assert post(app, body | {"outputs": {"id": "page", "property": "children"}}).status_code == 400


def test_a_refusal_inside_a_callback_reaches_the_browser_as_one(app: Dash) -> None:
    response = post(app, request_for_refusal())
    assert response.status_code == 403
    assert response.headers["Cache-Control"] == "no-store"


_PAGE: Final = json.dumps(request_for_page()).encode()

_NOT_BODIES: Final = {
    "nothing": b"",
    "no JSON": b"{",
    "two values": b"{} {}",
    "a list": b"[]",
    "null": b"null",
    "a text": b'"text"',
    "a number": b"1",
    "an empty object": b"{}",
    "a key twice": _PAGE.replace(b'"output":', b'"output": "other", "output":', 1),
    "a key twice, deeper": _PAGE.replace(b'"id":', b'"id": "other", "id":', 1),
    "NaN": _PAGE.replace(b'"/here"', b"NaN"),
    "Infinity": _PAGE.replace(b'"/here"', b"-Infinity"),
    "a float beyond all": _PAGE.replace(b'"/here"', b"1e999"),
    "a huge number": _PAGE.replace(b'"/here"', b"9" * 6000),
    "a large number": _PAGE.replace(b'"/here"', str(LARGEST + 1).encode()),
    "open brackets": b"[" * 60_000,
    "deep lists": _PAGE.replace(b'"/here"', b"[" * 500 + b"]" * 500),
    "Latin-1": _PAGE.replace(b"/here", "/Abbé".encode("latin-1")),
    "UTF-16": json.dumps(request_for_page()).encode("utf-16"),
    "UTF-16 without a mark": json.dumps(request_for_page()).encode("utf-16-le"),
    "a byte order mark": b"\xef\xbb\xbf" + _PAGE,
    "NUL in a text": _PAGE.replace(b"/here", rb"/he\u0000re"),
    "half a character": _PAGE.replace(b"/here", rb"/he\ud800re"),
}


@pytest.mark.parametrize("body", _NOT_BODIES.values(), ids=_NOT_BODIES)
def test_what_is_no_body_is_refused(app: Dash, caplog: pytest.LogCaptureFixture, body: bytes) -> None:
    before = tallied(app.server)[MALFORMED]
    assert_refused(app, caplog, post(app, body))
    assert tallied(app.server)[MALFORMED] == before + 1


_PATHNAME, _SEARCH = request_for_page()["inputs"]
_MISSHAPEN: Final = {
    "an unknown output": {"output": "page.title"},
    "an output that is a list": {"output": ["page.children"]},
    "one output of two": {"output": "page.children", "outputs": {"id": "page", "property": "children"}},
    "a callback of the browser": {
        "output": "pressed.children",
        "outputs": {"id": "pressed", "property": "children"},
        "inputs": [{"id": "button", "property": "n_clicks", "value": 1}],
        "changedPropIds": ["button.n_clicks"],
        "state": [],
    },
    "other outputs": {"outputs": [{"id": "page", "property": "title"}, {"id": "length", "property": "children"}]},
    "outputs the other way round": {"outputs": request_for_page()["outputs"][::-1]},
    "one object for two outputs": {"outputs": {"id": "page", "property": "children"}},
    "no outputs": {"outputs": None},
    "no inputs": {"inputs": []},
    "missing inputs": {"inputs": None},
    "one input of two": {"inputs": [_PATHNAME]},
    "three inputs of two": {"inputs": [_PATHNAME, _SEARCH, _SEARCH]},
    "many inputs": {"inputs": [_PATHNAME] * 800},
    "inputs the other way round": {"inputs": [_SEARCH, _PATHNAME]},
    "inputs as an object": {"inputs": {"0": _PATHNAME, "1": _SEARCH}},
    "inputs as texts": {"inputs": ["address.pathname", "address.search"]},
    "inputs within a list": {"inputs": [[_PATHNAME], _SEARCH]},
    "another id": {"inputs": [_PATHNAME | {"id": "button"}, _SEARCH]},
    "an id that is an object": {"inputs": [_PATHNAME | {"id": {"type": "school", "id": 999}}, _SEARCH]},
    "another property": {"inputs": [_PATHNAME | {"property": "href"}, _SEARCH]},
    "a property that is a list": {"inputs": [_PATHNAME | {"property": ["pathname"]}, _SEARCH]},
    "an input without an id": {"inputs": [{"property": "pathname", "value": "/"}, _SEARCH]},
    "an input with more": {"inputs": [_PATHNAME | {"school": 999}, _SEARCH]},
    "an object for a path": {"inputs": [_PATHNAME | {"value": {"path": "/"}}, _SEARCH]},
    "a list for a path": {"inputs": [_PATHNAME | {"value": ["/"]}, _SEARCH]},
    "a number for a path": {"inputs": [_PATHNAME | {"value": 7}, _SEARCH]},
    "a text for clicks": {"state": [{"id": "button", "property": "n_clicks", "value": "7"}]},
    "true for clicks": {"state": [{"id": "button", "property": "n_clicks", "value": True}]},
    "no state": {"state": []},
    "state of another": {"state": [{"id": "address", "property": "n_clicks"}]},
    "an invented trigger": {"changedPropIds": ["grid.cellValueChanged"]},
    "the state as a trigger": {"changedPropIds": ["button.n_clicks"]},
    "a trigger that is an object": {"changedPropIds": [{"id": "address"}]},
    "triggers as a text": {"changedPropIds": "address.pathname"},
    "missing triggers": {"changedPropIds": None},
    "more parsed triggers than triggers": {"parsedChangedPropsIds": ["address.pathname"] * 2},
    "another key": {"_pages_location": {"pathname": "/admin"}},
}


@pytest.mark.parametrize("changes", _MISSHAPEN.values(), ids=_MISSHAPEN)
def test_what_no_callback_asked_for_is_refused(
    app: Dash, caplog: pytest.LogCaptureFixture, changes: dict[str, Any]
) -> None:
    assert_refused(app, caplog, post(app, request_for_page(**_BY_ITSELF | changes)))


def _echo_of(id_: object) -> dict[str, Any]:
    return request_for_echo() | _BY_ITSELF | {"inputs": [{"id": id_, "property": "value", "value": "x"}]}


_FORGED_IDS: Final = {
    "another kind": _echo_of({"kind": "school", "row": 1}),
    "a key more": _echo_of({"kind": "field", "row": 1, "school": 9}),
    "a key less": _echo_of({"kind": "field"}),
    "a list for a row": _echo_of({"kind": "field", "row": [1]}),
    "an object for a row": _echo_of({"kind": "field", "row": {"in": 1}}),
    "nothing for a row": _echo_of({"kind": "field", "row": None}),
    "a name for an id": _echo_of("field"),
    "an output of another kind": _echo_of({"kind": "field", "row": 1})
    | {"outputs": {"id": {"kind": "field", "row": 1}, "property": "children"}},
    "one field for all": request_for_fields(1) | {"inputs": request_for_fields(1)["inputs"][0]},
    "a number for all": request_for_fields(1) | {"inputs": [7]},
    "an object among all": request_for_fields(1, {"in": 2}),
    "a trigger that is not among them": request_for_fields(1) | {"changedPropIds": ['{"kind":"field","row":2}.value']},
}


@pytest.mark.parametrize("body", _FORGED_IDS.values(), ids=_FORGED_IDS)
def test_ids_that_no_pattern_stands_for_are_refused(
    app: Dash, caplog: pytest.LogCaptureFixture, body: dict[str, Any]
) -> None:
    assert_refused(app, caplog, post(app, body))


@pytest.mark.parametrize("query", ["oldJob=1", "job=1", "cacheKey=x", "cancelJob=1", "endId=a&oldJob=1", "x"])
def test_case_8_handles_of_background_jobs_are_refused(app: Dash, caplog: pytest.LogCaptureFixture, query: str) -> None:
    assert_refused(app, caplog, post(app, request_for_page(), f"{CALLBACKS}?{query}"))


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
def test_another_content_type_is_refused(app: Dash, caplog: pytest.LogCaptureFixture, kind: str) -> None:
    assert_refused(app, caplog, post(app, request_for_page(), kind=kind))


def test_what_was_sent_stands_neither_in_the_answer_nor_in_the_log(app: Dash, caplog: pytest.LogCaptureFixture) -> None:
    response = post(app, request_for_page(output="a made-up\r\noutput"))
    assert_refused(app, caplog, response)
    assert "made-up" not in caplog.text + response.text


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["page", "address", "/"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.just("id"), inner, max_size=3),
    max_leaves=6,
)
_BODIES = (request_for_page(), request_for_fields(1, 2), request_for_echo())


def _places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(place for step, inner in steps for place in _places(inner, (*way, step)))]


@given(data=st.data(), value=_JSON)
def test_no_change_of_a_request_makes_the_server_fail(app: Dash, data: st.DataObject, value: Any) -> None:
    body = {"root": copy.deepcopy(data.draw(st.sampled_from(_BODIES)))}
    *way, last = data.draw(st.sampled_from(_places(body)[1:]))
    where = body
    for step in way:
        where = where[step]
    where[last] = value
    assert post(app, body["root"]).status_code in {200, 400}
