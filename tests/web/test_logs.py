"""No one can write a line of the log but the program, and no secret stands in it (case 49)."""

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.settings import PROJECT_ROOT
from dashboard.web.logs import OneLine, written_out

FORGED: Final = "Ford\r\n2026-01-01 00:00:00,000 INFO dashboard: all is well"


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    """A logger of its own that writes as the product does."""
    logger, handler = logging.Logger("test"), logging.StreamHandler(io.StringIO())
    handler.setFormatter(OneLine("%(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    yield logger
    handler.close()


def lines_of(log: logging.Logger) -> list[str]:
    [handler] = log.handlers
    assert isinstance(handler, logging.StreamHandler)
    written: str = handler.stream.getvalue()
    assert written.endswith("\n")
    return written[:-1].split("\n")


def test_case_49_a_name_with_line_breaks_stays_in_its_line(log: logging.Logger) -> None:
    log.warning("the school %s", FORGED)
    assert lines_of(log) == [
        r"WARNING test: the school Ford\r\n2026-01-01 00:00:00,000 INFO dashboard: all is well",
    ]


@given(st.text())
def test_any_text_is_one_line_that_prints(text: str) -> None:
    written = written_out(text)
    assert written.isprintable()
    assert len(written.splitlines()) <= 1


@pytest.mark.parametrize("sign", ["\x00", "\x1b[2J", "\x85", "\u2028", "\u202e", "\ud800", "\x7f", "\t"])
def test_signs_that_do_not_print_are_written_in_letters(sign: str) -> None:
    assert written_out(f"a{sign}b") == f"a{sign[0].encode('unicode_escape').decode()}{sign[1:]}b"


def test_what_prints_is_left_as_it_is() -> None:
    assert written_out("Café “Zoë” – £1,250 in 50 %") == "Café “Zoë” – £1,250 in 50 %"


def fail_with(words: str) -> None:
    raise ValueError(words)


def test_case_49_the_words_of_an_error_stand_behind_a_margin(log: logging.Logger) -> None:
    try:
        fail_with(FORGED)
    except ValueError:
        log.exception("page %s failed", FORGED, stack_info=True)
    first, *others = lines_of(log)
    assert first.startswith("ERROR test: page Ford")
    assert all(line.startswith("    | ") for line in others)
    assert "    | Traceback (most recent call last):" in others
    assert any(line.startswith("    | 2026-01-01") for line in others)
    assert "    | Stack (most recent call last):" in others


def test_what_another_handler_wrote_before_is_not_taken_over(log: logging.Logger) -> None:
    before = logging.StreamHandler(io.StringIO())
    log.handlers.insert(0, before)
    try:
        fail_with(FORGED)
    except ValueError:
        log.exception("failed")
    log.removeHandler(before)
    assert all(line.startswith("    | ") for line in lines_of(log)[1:])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("GET /link/abc-DEF_123 failed", "GET /link/… failed"),
        ("GET /link/abc/page?x=1", "GET /link/…/page?x=1"),
        ("'/set-up/abc'", "'/set-up/…'"),
        ("/new-password/abc#x", "/new-password/…#x"),
        ("?code=abc&state=def&page=2", "?code=…&state=…&page=2"),
        ("?csrf_token=abc&token=def", "?csrf_token=…&token=…"),
        ("/sign-in?next=%2Flink%2Fabc", "/sign-in?next=%2Flink%2F…"),
        ("/cluster/mill-cluster?year=2016-17", "/cluster/mill-cluster?year=2016-17"),
        ("GET /feed/abc.ics failed", "GET /feed/… failed"),
        ("POST /feeds/3/revoke", "POST /feeds/3/revoke"),
        ("a linking/chain", "a linking/chain"),
    ],
)
def test_case_49_secrets_of_addresses_are_left_out(text: str, written: str) -> None:
    assert written_out(text) == written


def test_a_secret_in_the_words_of_an_error_is_left_out(log: logging.Logger) -> None:
    try:
        fail_with("no such link: /link/abc")
    except ValueError:
        log.exception("failed")
    assert "abc" not in "".join(lines_of(log)[1:]).replace('"/link/abc"', "")


_PROGRAM: Final = """
import logging, sys
from dashboard.web.logs import start_log
start_log()
logging.getLogger("some").info("one\\ntwo %s", sys.argv[1])
logging.getLogger("some").debug("not this")
"""


def test_the_program_s_log_is_written_so() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, "three\nfour"], capture_output=True, text=True, cwd=PROJECT_ROOT, check=True
    )
    [line] = done.stderr.splitlines()
    assert line.endswith(r" INFO some: one\ntwo three\nfour")
