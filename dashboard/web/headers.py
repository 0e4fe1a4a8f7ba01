"""What every answer carries, errors and redirects too: what a browser may do with it, and that nobody keeps it.

Dash sends none of this. The policy of scripts needs the hashes of the inline scripts that Dash writes, some of them at
the first request only, so that it is put together when an answer is.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import flask
from dash import Dash

from dashboard.web.files import is_fetched_by_script, names_its_version
from dashboard.web.violations import REPORTS, csp_report

SECRET: Final = ("/link/", "/feed/")
"""Addresses that begin so hold a secret, which no other site may read in a Referer."""

_YEAR: Final = 365 * 24 * 60 * 60

_ALWAYS: Final = MappingProxyType({
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
})  # fmt: skip


def add_headers(app: Dash, forms_lead_to: Sequence[str] = ()) -> None:
    """Give the answers of an application their headers, and browsers an address to report violations to.

    A form may lead nowhere but to this server and to `forms_lead_to`: Chromium wants the site of single sign-on named
    even where the server only redirects to it.
    """

    def complete(response: flask.Response) -> flask.Response:
        response.headers.update(_ALWAYS)
        response.headers["Content-Security-Policy"] = content_policy(app.csp_hashes(), forms_lead_to)
        is_secret = flask.request.path.startswith(SECRET)
        response.headers["Referrer-Policy"] = "no-referrer" if is_secret else "same-origin"
        if flask.request.is_secure:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
        if not (response.status_code in {200, 304} and names_its_version(flask.request)):
            response.headers["Cache-Control"] = "no-cache" if _is_asked_for_again(response) else "no-store"
        return response

    app.server.add_url_rule(REPORTS, view_func=csp_report, methods=["POST"])
    # Flask calls these backwards: the first of them has the last word, over the answers of all the others.
    app.server.after_request_funcs.setdefault(None, []).insert(0, complete)


def _is_asked_for_again(response: flask.Response) -> bool:
    """Browsers ask again each time for what names no version, and plotly's 5 MB need not be sent again for each page:
    they are told that it is the same.
    """
    is_there = response.status_code in {200, 304}
    return is_there and is_fetched_by_script(flask.request) and bool(response.get_etag()[0])


def content_policy(script_hashes: Sequence[str], forms_lead_to: Sequence[str] = ()) -> str:
    """What a page may load and run. plotly and AG Grid put style elements into the page, hence 'unsafe-inline' there;
    the styles of single elements they set by script, which `style-src-attr` does not mean.
    """
    return "; ".join([
        "default-src 'self'",
        " ".join(["script-src 'self'", *script_hashes]),
        "style-src-elem 'self' 'unsafe-inline'",
        "style-src-attr 'none'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        " ".join(["form-action 'self'", *forms_lead_to]),
        "frame-ancestors 'none'",
        f"report-uri {REPORTS}",  # beside `report-to` Chromium would not use it, and that sends late or, by http, never
    ])  # fmt: skip
