"""What a paper about a cluster is made from, read once: the figures of the report and the sentences of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.decisions.queries import DecisionFacts, load_decisions
from dashboard.directory.queries import ClusterFacts
from dashboard.directory.view import View
from dashboard.engagement import panels as engagement
from dashboard.engagement.queries import load_turnout
from dashboard.funding import panels as funding
from dashboard.meetings.queries import MeetingRow, load_meeting_rows
from dashboard.plans import panels as plans
from dashboard.reports.cluster import report_cluster
from dashboard.ui.panel import Panel

ATTENDANCE: Final = engagement.REGISTER.id
MONEY: Final = funding.SPEND_AGAINST_ALLOCATION.id
PLAN: Final = plans.PROGRESS.id
_ON_THE_PAGE: Final = (*engagement.ON_CLUSTER_PAGE, *funding.ON_CLUSTER_PAGE, *plans.ON_CLUSTER_PAGE)


@dataclass(frozen=True)
class Said:
    """What a panel of the page says: its message, what it measures, what the figure is, and whether it is made up.

    `data` is what the panel read; None where there is nothing to show, and the message says that.
    """

    headline: str
    measure: Sequence[str]
    explain: str
    made_up: bool
    all_made_up: bool
    data: Any


@dataclass(frozen=True)
class Facts:
    """One cluster in one year. `report` is the contract's; `decisions` None where they are not the reader's to see."""

    view: View
    cluster: ClusterFacts
    report: Mapping[str, Any]
    said: Mapping[str, Said]
    headlines: Sequence[str]
    decisions: Sequence[DecisionFacts] | None
    meetings: Sequence[MeetingRow]
    turnout: pd.DataFrame

    @property
    def made_up(self) -> bool:
        """Whether any figure is illustrative."""
        return any(each.made_up for each in self.said.values())

    @property
    def open_decisions(self) -> list[DecisionFacts]:
        """The decisions and actions that are still to be carried out."""
        return [each for each in self.decisions or () if each.done_on is None]


def load_facts(session: Session, view: View, *, decisions: bool) -> Facts:
    """Everything of a view of one cluster that is seen whole."""
    if view.cluster is None:
        raise ValueError("a paper needs a view of a cluster")
    said = {panel.id: _said(panel, session, view) for panel in _ON_THE_PAGE}
    return Facts(
        view,
        view.cluster,
        report_cluster(session, view),
        said,
        [each.headline for each in said.values() if each.headline],
        load_decisions(session, view.scope, view.cluster.id) if decisions else None,
        load_meeting_rows(session, view.scope, view.cluster.id, year=view.year),
        load_turnout(session, view.scope, view.cluster_years, view.as_of),
    )


def _said(panel: Panel[Any], session: Session, view: View) -> Said:
    data = panel.load(session, view)
    if panel.is_empty(data):
        return Said("" if panel.quiet else panel.empty(view).title, (), panel.explain, False, False, None)
    some, every = panel.made_up(data)
    return Said(panel.headline(data, view), panel.measure(data, view), panel.explain, some, every, data)
