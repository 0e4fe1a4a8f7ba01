"""What meetings cost for each school that had something of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.directory.view import View
from dashboard.funding import queries
from dashboard.funding.figures.spending import KEY, Bar, draw_bars
from dashboard.funding.panels.shared import COUNTING, lines_at, links_of, provenance
from dashboard.funding.sentences import HOLDERS, say_meeting_costs
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.ui.rows import rows_at
from dashboard.vocabulary import MeetingKind, Pot
from dashboard.wording import counted, day, money


@dataclass(frozen=True)
class Costs:
    """The frame of `load_meeting_costs` for one cluster, and where its rows lead."""

    frame: pd.DataFrame
    addresses: Sequence[str | None]

    @property
    def meetings(self) -> int:
        """How many meetings there were."""
        return int(self.frame["meeting_id"].nunique())

    @property
    def silent(self) -> int:
        """How many of them have no line."""
        return int((self.frame["lines"] == 0).sum())

    @property
    def each_school(self) -> dict[Pot, list[int]]:
        """What each meeting cost a school present, in pence, by holder."""
        told: dict[Pot, list[int]] = {}
        for row in self.frame.itertuples():
            if row.lines and row.present:
                told.setdefault(Pot(row.pot), []).append(_each(row.spent + row.committed, row.present))
        return {pot: told[pot] for pot in Pot if pot in told}


def load_costs(session: Session, view: View) -> Costs:
    """The past meetings of the view's year."""
    frame = queries.load_meeting_costs(session, view.scope, view.cluster_years, view.as_of)
    addresses = [
        lines_at(view, Pot(row.pot), year=None, meeting=row.meeting_id, state=COUNTING) if row.lines else None
        for row in frame.itertuples()
    ]
    return Costs(frame, addresses)


def _each(pence: int, schools: int) -> int:
    """The share of one school, to the nearest penny."""
    return round(int(pence) / int(schools))


def each_school(row: Any) -> int:
    """What a row of `load_meeting_costs` comes to for each school present, in pence."""
    return _each(row.spent + row.committed, row.present)


def _bars(costs: Costs) -> list[Bar]:
    """Under each holder that paid for any meeting all of them, so that one without a line is seen."""
    rows = {(row.meeting_id, row.pot): (row, address) for row, address in zip(
        costs.frame.itertuples(), costs.addresses, strict=True)}  # fmt: skip
    meetings = costs.frame.drop_duplicates("meeting_id")
    bars = []
    for pot in Pot:
        if not any(of == pot for _, of in rows):
            continue
        for meeting in meetings.itertuples():
            words = _called(meeting.held_on, meeting.kind)
            row, address = rows.get((meeting.meeting_id, pot), (None, None))
            if row is None:
                bars.append(Bar(pot, words, 0, 0, "no line"))
            elif not row.present:
                bars.append(
                    Bar(pot, words, 0, 0, f"{money(int(row.spent + row.committed))}, no marks", address=address)
                )
            else:
                told = f"{money(_each(row.spent + row.committed, row.present))} each for {row.present}"
                each = (_each(row.spent, row.present), _each(row.committed, row.present))
                bars.append(Bar(pot, words, *each, told, address=address))
    return bars


def _called(held: object, kind: MeetingKind) -> str:
    words = f"{held:%-d %b}"
    return words if kind == MeetingKind.CLUSTER else f"{words}, {str(kind).replace('_', ' ')}"


def _table(costs: Costs) -> pd.DataFrame:
    rows = list(costs.frame.itertuples())
    return pd.DataFrame(
        {
            "Meeting": [f"{day(row.held_on)}, {str(row.kind).replace('_', ' ')}" for row in rows],
            "Held by": [HOLDERS[Pot(row.pot)] if row.lines else "no line" for row in rows],
            "Schools present": [row.present if row.marks else "no marks" for row in rows],
            "Spent": [money(int(row.spent)) if row.lines else "not recorded" for row in rows],
            "Committed": [money(int(row.committed)) if row.lines else "not recorded" for row in rows],
            "For each school present": [
                money(_each(row.spent + row.committed, row.present)) if row.lines and row.present else "not known"
                for row in rows
            ],
            "Figures": [provenance(int(row.illustrative), int(row.lines + row.marks)) for row in rows],
        }
    )


def _made_up(costs: Costs) -> tuple[bool, bool]:
    rows = list(costs.frame.itertuples())
    some = any(row.illustrative for row in rows)
    return some, some and all(row.illustrative >= row.lines + row.marks for row in rows)


def _figures(costs: Costs, view: View) -> list[ShownFigure]:
    at = partial(rows_at, view, "money", by="meeting")
    return [
        *(
            ShownFigure(
                f"A meeting for each school present, {HOLDERS[pot]}",
                money(round(median(amounts))), "", at(f"{pot}-each", pot=pot),
            )
            for pot, amounts in costs.each_school.items()
        ),
        ShownFigure("Meetings", f"{costs.meetings:,}", "meetings", at("meetings")),
        ShownFigure("Meetings without a line", f"{costs.silent:,}", "meetings", at("silent")),
        *(
            ShownFigure(
                f"{_called(row.held_on, row.kind)}, {HOLDERS[Pot(row.pot)]}: for each school present",
                money(each_school(row)), "", at(f"{row.pot}-each", pot=row.pot, meeting=row.meeting_id),
            )
            for row in costs.frame.itertuples()
            if row.lines and row.present
        ),
    ]  # fmt: skip


MEETING_COSTS = Panel(
    id="funding-meetings",
    title="What a meeting cost",
    load=load_costs,
    is_empty=lambda costs: costs.frame.empty or costs.silent == costs.meetings,
    headline=lambda costs, _view: say_meeting_costs(costs.each_school, costs.silent, costs.meetings),
    measure=lambda costs, view: (
        f"Lines of {counted(costs.meetings, 'meeting')} in {view.year}, spent and committed, for each school present.",
        "The middle one of the meetings is told above; a share is rounded to the penny.",
    ),
    draw=lambda costs, look: draw_bars(_bars(costs), look),
    key=lambda _costs: KEY,
    table=_table,
    made_up=_made_up,
    flags=lambda _costs, _view: (),
    empty=lambda view: Message(
        f"What the meetings of {view.year} cost is not recorded.",
        "It shows here once lines of the ledger name the meeting that they paid for.",
        other_years=True,
    ),
    explain=(
        "The lines that name a meeting are added up for each holder and divided by the schools that came or sent a "
        "substitute. Money of different holders is not added up: what a meeting took is told beside one another. A "
        "meeting without a line was not free: nobody has recorded what it cost."
    ),
    figures=_figures,
    aside=lambda costs: "; ".join(f"{bar.label}, {HOLDERS[bar.pot]}: {bar.told}" for bar in _bars(costs)),
    links=lambda costs: links_of(costs.addresses),
)  # fmt: skip
"""By meeting, for who sees the cluster whole."""
