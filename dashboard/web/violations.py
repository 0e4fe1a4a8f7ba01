"""Where browsers report what the content policy stopped: one line in the log for each report, and a count."""

import json
import logging
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import flask
from flask import request

from dashboard.web.door import public
from dashboard.web.tally import tally

log = logging.getLogger(__name__)

REPORTS: Final = "/csp-report"
VIOLATION: Final = "reports of the content policy"
"""Under which name `tallied` counts them."""

_LONGEST: Final = 10 * 1024
_LONGEST_WORD: Final = 100
_KEYWORDS: Final = frozenset({"inline", "eval", "data", "blob"})


@public
def csp_report() -> flask.Response:
    """Take a report. Nobody is signed in here: nothing of it is sent back."""
    request.max_content_length = _LONGEST
    report = _report(request.get_data())
    tally(VIOLATION)
    log.warning("the content policy stopped %s from %s on %s", *_in_short(report))
    return flask.Response(status=204)


def _report(body: bytes) -> Mapping[str, Any]:
    """What stands in a body; nothing where it is no report."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    report = found.get("csp-report") if isinstance(found, dict) else None
    return report if isinstance(report, dict) else {}


def _in_short(report: Mapping[str, Any]) -> tuple[str, str, str]:
    """The rule that was broken, who broke it, on which kind of page. No address in full: some are secret."""
    rule = report.get("effective-directive") or report.get("violated-directive")
    page = _parts(report.get("document-uri"))
    return _word(rule), _source(report.get("blocked-uri")), _word(_first_step(page))


def _source(value: object) -> str:
    if isinstance(value, str) and value in _KEYWORDS:
        return value
    parts = _parts(value)
    return _word(f"{parts.scheme}://{parts.hostname or ''}")


def _first_step(page: SplitResult) -> str:
    return "/" + page.path.removeprefix("/").partition("/")[0]


def _parts(address: object) -> SplitResult:
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
        parts.hostname  # noqa: B018  (raises where the host cannot be one)
    except ValueError:
        return urlsplit("")
    return parts


def _word(value: object) -> str:
    return repr(value[:_LONGEST_WORD]) if isinstance(value, str) else "nothing named"
