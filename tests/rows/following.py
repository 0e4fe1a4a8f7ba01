"""Goes from a figure to its rows as a reader does, and adds them up; without pages, over a session."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.academic_year import AcademicYear, Term
from dashboard.directory.view import View
from dashboard.engagement import rows as attendance
from dashboard.funding import rows as money
from dashboard.funding.asked import read_filters
from dashboard.plans import rows as plan
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Panel
from dashboard.ui.rows import Sheet

_ADDRESS: Final = re.compile(r"/cluster/[^/]+/rows/(attendance|money|plan)")


def figures_of(panel: Panel[Any], session: Session, view: View) -> Sequence[ShownFigure]:
    """What a panel shows; nothing where it is empty."""
    data = panel.load(session, view)
    return () if panel.is_empty(data) else panel.figures(data, view)


def sheet_at(session: Session, view: View, address: str) -> Sheet | None:
    """The rows at an address, as the page there loads them for the same reader."""
    parts = urlsplit(address)
    found = _ADDRESS.fullmatch(parts.path)
    assert found is not None, address
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    seen = replace(view, year=AcademicYear.parse(asked["year"]), school=None)
    load: dict[str, Callable[[], Sheet | None]] = {
        "attendance": lambda: attendance.load_rows(
            session, seen, attendance.Asked(
                asked.get("by", ""), asked.get("school"), asked.get("without"),
                int(asked["meeting"]) if "meeting" in asked else None, Term(asked["term"]) if "term" in asked else None,
            ),
        ),
        "money": lambda: money.load_rows(
            session, seen, money.Asked(
                asked.get("by", ""), read_filters(MultiDict(parse_qs(parts.query)))[0], asked.get("what")
            )
        ),
        "plan": lambda: plan.load_rows(
            session, seen, plan.Asked(asked.get("by", ""), asked.get("target"), asked.get("what"))
        ),
    }  # fmt: skip
    return load[found[1]]()


def said_at(sheet: Sheet, foot: str) -> list[str]:
    """What a sheet says under the name of a foot: the sum of a column, or a figure that is worked out."""
    said = [each.value for each in sheet.worked_out if each.key == foot]
    for table in sheet.tables:
        said += [
            column.told(table.foot[column.key])
            for column in table.columns[1:]
            if column.adds_up and table.name(column.key) == foot
        ]
        said += [each.value for each in table.worked_out if table.name(each.key) == foot]
    return said  # fmt: skip


def plain(value: str) -> str:
    """A figure without the pence that it has none of."""
    return value.replace(".00", "")


Known = dict[str, Sheet | None]
"""The sheets that were read already, by their addresses."""


def wrong_with(figure: ShownFigure, session: Session, view: View, known: Known) -> str | None:
    """Why a figure is not what its rows say; None where it is."""
    if not figure.rows:
        return None if figure.why else "has neither rows nor a reason"
    address, _, foot = figure.rows.partition("#")
    if address not in known:
        known[address] = sheet_at(session, view, address)
    sheet = known[address]
    if sheet is None:
        return f"no rows at {address}"
    said = said_at(sheet, foot)
    if [plain(each) for each in said] != [plain(figure.value)]:
        return f"{figure.rows} says {said}, the panel {figure.value}"
    return next(_not_adding_up(sheet), None)


def _not_adding_up(sheet: Sheet) -> Iterator[str]:
    for table in sheet.tables:
        for column in table.columns:
            if column.adds_up and table.found is None:
                added = sum(row[column.key] or 0 for row in table.rows)
                if added != table.foot[column.key]:
                    yield f"{table.caption}, {column.head}: {added} is not {table.foot[column.key]}"
                of_groups = [sums for _, _, sums in table.groups if sums is not None]
                if of_groups and sum(sums[column.key] for sums in of_groups) != added:
                    yield f"{table.caption}, {column.head}: the groups add up to something else"


def everything_wrong(panels: Sequence[Panel[Any]], session: Session, view: View) -> list[str]:
    """All that is wrong with the figures of some panels."""
    known: Known = {}
    return [
        f"{panel.id}, {figure.label}: {wrong}"
        for panel in panels
        for figure in figures_of(panel, session, view)
        if (wrong := wrong_with(figure, session, view, known)) is not None
    ]
