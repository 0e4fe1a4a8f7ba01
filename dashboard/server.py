"""Puts together what stands around the pages: the door, sign-in, plain pages, and what every answer gets."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import flask
from dash import Dash
from flask import g, request
from flask.typing import ResponseReturnValue
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard.access import Reader, reading
from dashboard.accounts import first_start, link_pages, own_account, people
from dashboard.accounts.feed_pages import add_feeds
from dashboard.accounts.readers import find_reader
from dashboard.accounts.sessions import StoredSessions
from dashboard.accounts.sign_in import add_sign_in
from dashboard.accounts.staying import stay_pages
from dashboard.approvals.pages import pages as approval_pages
from dashboard.audit_log.pages import pages as audit_pages
from dashboard.benchmarks.open_book_pages import open_book_pages
from dashboard.benchmarks.pages import figure_pages
from dashboard.concerns.pages import concern_pages
from dashboard.contributions.pages import pages as contribution_pages
from dashboard.db import Store, StoreError, UnstorableError
from dashboard.decisions.pages import decision_pages
from dashboard.engagement.pages import row_pages as attendance_rows
from dashboard.evaluation.pages import pages as evaluation_pages
from dashboard.funding.download_pages import download_pages
from dashboard.funding.pages import pages as ledger_pages
from dashboard.funding.paste_pages import paste_pages
from dashboard.funding.row_pages import row_pages as money_rows
from dashboard.headteacher.pages import headteacher_pages
from dashboard.help.pages import help_pages
from dashboard.lifecycle.pages import pages as lifecycle_pages
from dashboard.meetings.calendar_pages import pages as calendar_pages
from dashboard.meetings.feed import calendar_file
from dashboard.meetings.pages import pages as meeting_pages
from dashboard.overview.pages import overview_pages
from dashboard.paper.pages import pages as paper_pages
from dashboard.plans.pages.aims import pages as aim_pages
from dashboard.plans.pages.bring_in import bring_in_pages
from dashboard.plans.pages.next_year import pages as next_year_pages
from dashboard.plans.pages.one_page import one_page
from dashboard.plans.pages.reviews import review_pages
from dashboard.plans.pages.rows import row_pages as plan_rows
from dashboard.plans.pages.target import target_pages
from dashboard.plans.pages.target_parts import part_pages as target_part_pages
from dashboard.plans.pages.word import word_pages
from dashboard.privacy.pages import pages as privacy_pages
from dashboard.registers.pages import pages as register_pages
from dashboard.room.pages import room_pages
from dashboard.screens.addresses import find_place, places_of
from dashboard.screens.files import table_files
from dashboard.screens.questions import questions
from dashboard.settings import Settings
from dashboard.stages.pages import pages as stage_pages
from dashboard.web.bodies import limit_bodies
from dashboard.web.callbacks import check_callbacks
from dashboard.web.compression import compress
from dashboard.web.context import set_store, the_reader
from dashboard.web.door import guard, refuse
from dashboard.web.headers import add_headers
from dashboard.web.health import add_health
from dashboard.web.limits import add_limits, without_port
from dashboard.web.pages import MenuItem, menu_of, page, teach
from dashboard.web.violations import csp_report
from dashboard.workgroups.pages import workgroup_pages
from dashboard.working_groups.pages import pages as working_group_pages

log = logging.getLogger(__name__)

_DRAWN_WITHIN = frozenset({"security", own_account.pages.name})
_PAGES = ("/", "/<path:path>")
"""The endpoints at which Dash answers with its shell, whatever the address."""


def dress(app: Dash, store: Store, settings: Settings) -> None:
    """Add to Dash's server what it does not bring. The order counts: whoever is added first is asked first."""
    server = app.server
    set_store(server, store)
    server.config["PUBLIC_URL"] = settings.public_url
    server.config["IDLE_MINUTES"] = settings.session_idle_minutes
    server.config["HELP_CONTACT"] = settings.help_contact
    server.config["ORGANISATION"] = settings.organisation
    server.config[first_start.LOOK_AROUND_ALLOWED] = settings.loopback and not settings.public_url
    server.session_interface = StoredSessions(
        server,
        store,
        idle=timedelta(minutes=settings.session_idle_minutes),
        longest=timedelta(hours=settings.session_hours),
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        server.wsgi_app = ProxyFix(_addresses_alone(server.wsgi_app), x_for=count, x_proto=count, x_host=count)
    guard(server, find_reader)
    check_callbacks(app)
    limit_bodies(server)
    CSRFProtect(server).exempt(csp_report)  # browsers send it, without a page's token
    Bootstrap5(server)
    teach(server, lambda reader: _places(store, reader))
    for blueprint in (
        first_start.pages, own_account.pages, people.people_pages, link_pages.link_pages,
        open_book_pages, audit_pages, privacy_pages, register_pages, concern_pages, meeting_pages, calendar_pages,
        workgroup_pages, lifecycle_pages, ledger_pages, paste_pages, download_pages, approval_pages,
        contribution_pages, figure_pages, decision_pages, target_pages, target_part_pages, aim_pages, next_year_pages,
        stage_pages, review_pages, word_pages, bring_in_pages, working_group_pages, evaluation_pages, one_page,
        stay_pages, help_pages(questions), overview_pages, headteacher_pages, attendance_rows, money_rows, plan_rows,
        table_files, room_pages, paper_pages,
    ):  # fmt: skip
        server.register_blueprint(blueprint)
    add_feeds(server, calendar_file)
    add_sign_in(server, settings)  # after our own templates, which are found first
    _look_up_the_menu_first(server, store)
    add_health(server, store)
    add_limits(server)
    _answer_addresses(server, store)
    _answer_failures(server)
    server.after_request(_give_token)
    compress(server)
    add_headers(app, _single_sign_on(settings))


def _addresses_alone(application: Callable[..., Any]) -> Callable[..., Any]:
    """Behind gateways that add the port from which a computer asks: it is the same computer with the next request."""

    def called(environ: dict[str, Any], start_response: Any) -> Any:
        environ["REMOTE_ADDR"] = without_port(environ.get("REMOTE_ADDR") or "")
        return application(environ, start_response)

    return called


def _places(store: Store, reader: Reader) -> Sequence[MenuItem]:
    """The reader's places for the menu, looked up once for each request."""
    if "places" not in g:
        g.places = places_of(store, reader)
    places: Sequence[MenuItem] = g.places
    return places


def _look_up_the_menu_first(server: flask.Flask, store: Store) -> None:
    """Pages about somebody's own account are drawn while a transaction is open: none may wait for a second one."""

    def look() -> None:
        if request.blueprint in _DRAWN_WITHIN and the_reader().grants:
            _places(store, the_reader())

    server.before_request(look)


def _single_sign_on(settings: Settings) -> list[str]:
    """The site that a form of ours may lead to."""
    issuer = urlsplit(settings.oidc_issuer)
    return [f"{issuer.scheme}://{issuer.netloc}"] if issuer.netloc else []


def _answer_addresses(server: flask.Flask, store: Store) -> None:
    """Dash answers every address with its shell; one where nothing is to be seen must say so instead."""

    def look() -> ResponseReturnValue | None:
        if request.endpoint not in _PAGES:
            return None
        reader, place = the_reader(), find_place(request.path)
        if place is None:
            return _nothing()
        scope = place.scope(reader)
        if request.path == "/":
            home = _home(store)
            return flask.redirect(home) if home != "/" else None
        with reading(store, scope) as session:
            there = not scope.empty and place.is_there(session, scope)
        if there:
            return None
        if not scope.everything:
            refuse("see", place.screen.shows, place.slug)
        return _nothing()

    server.before_request(look)


def _home(store: Store) -> str:
    """The first of the places that are the reader's own; for somebody without any, their account."""
    reader = the_reader()
    own = [*places_of(store, reader), *menu_of(reader)]
    return own[0].href if own else "/account"


def _nothing() -> ResponseReturnValue:
    text = "The address may be mistyped, or what it showed has been renamed or taken away, or it is not yours to see."
    return page("message.html", "There is nothing at this address", text=text), 404


def _answer_failures(server: flask.Flask) -> None:
    """No bare error: what is so, and what to do."""

    def not_found(_error: Any) -> ResponseReturnValue:
        return _nothing()

    def forged(_error: CSRFError) -> ResponseReturnValue:
        text = "This page was open too long, or the form did not come from it. Go back, load the page again and retry."
        return page("message.html", "Nothing was changed", text=text), 400

    def away(_error: StoreError) -> ResponseReturnValue:
        log.exception("the store cannot be reached")
        return flask.Response(_AWAY, 503, mimetype="text/html")

    def failed(_error: Any) -> ResponseReturnValue:
        return flask.Response(_FAILED, 500, mimetype="text/html")

    def other(error: HTTPException) -> ResponseReturnValue:
        return page("message.html", error.name, text=error.description), error.code or 500

    server.register_error_handler(404, not_found)
    server.register_error_handler(CSRFError, forged)
    server.register_error_handler(StoreError, away)
    server.register_error_handler(UnstorableError, not_found)  # what no store can hold is not in ours
    server.register_error_handler(500, failed)
    for code in (400, 403, 405, 415):
        server.register_error_handler(code, other)


def _plain(title: str, text: str) -> str:
    """A page that asks nothing of the store or of templates; style sheet and script are files like any other."""
    return (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{title} – Schools Cluster Dashboard</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="stylesheet" href="/assets/dashboard.css">'
        '<script src="/assets/frame.js" defer></script><script src="/assets/plain.js" defer></script></head>'
        '<body><div class="shell"><a class="skip" href="#page">Skip to the content</a>'
        '<header class="top"><a class="brand" href="/">Schools Cluster Dashboard</a></header>'
        f'<main id="page" tabindex="-1"><div class="page-head"><h1>{title}</h1></div><p>{text}</p>'
        '<p><a href="/">Go to the first page</a></p></main></div></body></html>'
    )


_AWAY = _plain("The dashboard cannot reach its store", "Nothing was lost or changed. Try again in a few minutes.")
_FAILED = _plain("Something went wrong", "Nothing was lost or changed. If it stays so, tell whoever runs it.")


def _give_token(response: flask.Response) -> flask.Response:
    """The token that Dash's script sends with every callback, in a cookie that our pages' scripts may read."""
    if response.mimetype == "text/html" and request.endpoint in _PAGES and response.status_code == 200:
        response.set_cookie(
            "_csrf_token", generate_csrf(), secure=request.is_secure, httponly=False, samesite="Strict", path="/"
        )
    return response
