"""The page “Who did what” and its files. Every address carries the whole filter."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple

import flask
import pandas as pd
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object
from dashboard.access.policy import reaches_people
from dashboard.audit_log.forms import FilterForm, as_query, is_number
from dashboard.audit_log.queries import Choices, Filters, count_events, load_choices, load_events
from dashboard.audit_log.words import for_file, in_words
from dashboard.db import Session, now_utc
from dashboard.sheets import to_csv, to_xlsx
from dashboard.web.context import the_reader, the_scope, the_store
from dashboard.web.door import needs
from dashboard.web.pages import page

TITLE: Final = "Who did what"
ON_A_PAGE: Final = 100
MOST_IN_A_FILE: Final = 100_000

pages = Blueprint("audit_log", __name__, template_folder="templates")


class Shown(NamedTuple):
    """What one reading of the store gave."""

    frame: pd.DataFrame
    found: int
    choices: Choices


@pages.get("/audit")
@needs(Action.SEE, Object.AUDIT)
def show() -> ResponseReturnValue:
    """A page of events, the newest first, or those before the number at the end of the page before."""
    form = FilterForm(request.args)
    before = _page_of(request.args.get("before"))
    right = form.validate()
    filters = form.filters() if right else Filters()
    with access.reading(the_store(), the_scope()) as session:
        shown = _read(session, filters, before) if right else Shown(pd.DataFrame(), 0, _choices(session))
    form.offer(shown.choices)
    more = len(shown.frame) > ON_A_PAGE
    events = in_words(shown.frame.head(ON_A_PAGE))
    body = page(
        "audit_log/events.html", TITLE,
        form=form, right=right, events=events, found=shown.found, choices=shown.choices, query=as_query(filters),
        before=before, older=events[-1].id if more else None, most=MOST_IN_A_FILE,
    )  # fmt: skip
    return body, 200 if right else 400


@pages.get("/audit/export.csv")
@needs(Action.SEE, Object.AUDIT)
def export_csv() -> ResponseReturnValue:
    """The events of a filter as a CSV file."""
    return _export(to_csv, "csv", "text/csv")


@pages.get("/audit/export.xlsx")
@needs(Action.SEE, Object.AUDIT)
def export_xlsx() -> ResponseReturnValue:
    """The events of a filter as a workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _export(partial(to_xlsx, title=TITLE), "xlsx", kind)


def _export(make: Callable[[pd.DataFrame], bytes], ending: str, kind: str) -> ResponseReturnValue:
    form = FilterForm(request.args)
    if not form.validate():
        return show()
    with access.reading(the_store(), the_scope()) as session:
        frame = load_events(session, the_scope(), people=_people(), filters=form.filters(), most=MOST_IN_A_FILE)
        found = count_events(session, the_scope(), people=_people(), filters=form.filters())
    rows = for_file(frame)
    if found > len(frame):
        note = f"These are the newest {len(frame):,} of {found:,} events. Narrow the filter for the others."
        rows.loc[len(rows)] = [note, *[None] * (len(rows.columns) - 1)]
    name = f"who-did-what-{now_utc():%Y-%m-%d}.{ending}"
    return flask.Response(make(rows), mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _read(session: Session, filters: Filters, before: int | None) -> Shown:
    asked: dict[str, Any] = {"people": _people(), "filters": filters}
    frame = load_events(session, the_scope(), most=ON_A_PAGE + 1, before=before, **asked)
    return Shown(frame, count_events(session, the_scope(), **asked), _choices(session))


def _choices(session: Session) -> Choices:
    return load_choices(session, the_scope(), people=_people())


def _people() -> bool:
    return reaches_people(the_reader(), Action.SEE, Object.AUDIT)


def _page_of(text: str | None) -> int | None:
    """The number before which a page begins. What is no such number is no page."""
    if text is None:
        return None
    if not is_number(text):
        flask.abort(404)
    return int(text)
