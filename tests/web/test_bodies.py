"""No more is read than a form or a callback needs (case 11)."""

import json
import tracemalloc
from io import BytesIO, RawIOBase
from typing import Any, Final

import pytest
from dash import Dash
from werkzeug.test import TestResponse

from dashboard.web.bodies import LONGEST_BODY, LONGEST_ROWS, LONGEST_UPLOAD, MOST_FIELDS
from tests.web.small_app import CALLBACKS, request_for_page, small_app

_MEGABYTE: Final = 1024 * 1024


@pytest.fixture(scope="module")
def app() -> Dash:
    return small_app()


def post(app: Dash, body: object) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return app.server.test_client().post(CALLBACKS, data=data, content_type="application/json")


class _Endless(RawIOBase):
    """A body of any length that counts how much of it was read."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.given += len(buffer)
        buffer[:] = b" " * len(buffer)
        return len(buffer)


def post_endlessly(app: Dash, body: _Endless, address: str, kind: str, **environ: Any) -> TestResponse:
    client = app.server.test_client()
    return client.post(address, content_type=kind, environ_overrides={"wsgi.input": body, **environ})


_ADDRESSES: Final = [
    (CALLBACKS, "application/json"),
    ("/form", "application/x-www-form-urlencoded"),
    ("/form", "multipart/form-data; boundary=x"),
]


@pytest.mark.parametrize("length", [LONGEST_BODY + 1, 5 * _MEGABYTE, 50 * _MEGABYTE])
@pytest.mark.parametrize(("address", "kind"), _ADDRESSES)
def test_case_11_a_long_body_is_not_read(app: Dash, address: str, kind: str, length: int) -> None:
    body = _Endless()
    response = post_endlessly(app, body, address, kind, CONTENT_LENGTH=str(length))
    assert response.status_code == 413
    assert body.given == 0
    assert response.text == "More was sent than this address takes. Nothing was stored."


def test_case_11_a_body_that_hides_its_length_is_left_unread_beyond_the_limit(app: Dash) -> None:
    body = _Endless()
    hidden = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    tracemalloc.start()
    response = post_endlessly(app, body, CALLBACKS, "application/json", **hidden)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert response.status_code == 400  # what was read of it is no JSON
    assert LONGEST_BODY <= body.given <= 2 * LONGEST_BODY
    assert peak < _MEGABYTE


def test_a_view_that_takes_files_reads_more_and_not_without_end(app: Dash) -> None:
    size = 3 * LONGEST_BODY
    sent = {"file": (BytesIO(b"x" * size), "invoice.pdf")}
    assert app.server.test_client().post("/file", data=sent).text == str(size)
    body = _Endless()
    length = str(LONGEST_UPLOAD + 1)
    answer = post_endlessly(app, body, "/file", "multipart/form-data; boundary=x", CONTENT_LENGTH=length)
    assert (answer.status_code, body.given) == (413, 0)


def test_a_view_that_takes_rows_reads_more_and_not_without_end(app: Dash) -> None:
    client = app.server.test_client()
    rows = {f"cell-{number}": "x" * 200 for number in range(1000)}
    assert client.post("/form", data=rows).status_code == 413
    assert client.post("/rows", data=rows).text == "1000"
    body = _Endless()
    length = str(LONGEST_ROWS + 1)
    answer = post_endlessly(app, body, "/rows", "application/x-www-form-urlencoded", CONTENT_LENGTH=length)
    assert (answer.status_code, body.given) == (413, 0)


def test_a_form_of_too_many_parts_is_refused(app: Dash) -> None:
    client = app.server.test_client()
    fields = {f"field-{number}": "x" for number in range(MOST_FIELDS + 1)}
    assert client.post("/form", data=fields, content_type="multipart/form-data").status_code == 413
    fields.popitem()
    assert client.post("/form", data=fields, content_type="multipart/form-data").text == str(MOST_FIELDS)


def test_the_limit_itself_is_accepted(app: Dash) -> None:
    body = json.dumps(request_for_page()).encode()
    assert post(app, body + b" " * (LONGEST_BODY - len(body))).status_code == 200
    assert post(app, body + b" " * (LONGEST_BODY - len(body) + 1)).status_code == 413


def test_case_11_ten_thousand_inputs_are_refused(app: Dash) -> None:
    assert post(app, request_for_page(inputs=request_for_page()["inputs"] * 5_000)).status_code == 413
    assert post(app, request_for_page(inputs=[{}] * 10_000)).status_code == 400
