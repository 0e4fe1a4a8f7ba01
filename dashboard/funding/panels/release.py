"""The half days of release of each school (4.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
from sqlalchemy.orm import Session

from dashboard.directory.view import View
from dashboard.funding import queries
from dashboard.funding.figures.release import KEY, Used, draw_release, tell_half_days
from dashboard.funding.panels.shared import (
    OWN_SCHOOL_ONLY,
    column,
    figures_of,
    in_totals,
    lines_at,
    links_of,
    made_up,
)
from dashboard.funding.sentences import say_release_of_schools
from dashboard.naming import short_names
from dashboard.shown_figures import ShownFigure
from dashboard.ui.panel import Message, Panel
from dashboard.ui.rows import rows_at
from dashboard.vocabulary import Part, Pot
from dashboard.wording import money


@dataclass(frozen=True)
class ReleaseOfSchools:
    """The frame of `load_release_by_school` for one cluster, how many half days each school has, and its addresses."""

    frame: pd.DataFrame
    of: int
    addresses: Sequence[str | None]

    @property
    def used(self) -> list[Used]:
        """The schools as they are drawn."""
        shorter = short_names(self.frame["name"])
        return [
            Used(shorter[row.name_], int(row.half_days), int(row.spent), int(row.allocated))
            for row in self.frame.rename(columns={"name": "name_"}).itertuples()
        ]


def load_release(session: Session, view: View) -> ReleaseOfSchools:
    """Of every school that holds release money in the view's year; to a headteacher the own school."""
    frame = queries.load_release_by_school(session, view.scope, view.cluster_years)
    frame = frame[frame["school_id"].notna()].reset_index(drop=True)
    addresses = [lines_at(view, Pot.SCHOOL_HELD, part=Part.RELEASE, school=school) for school in frame["school"]]
    return ReleaseOfSchools(frame, view.rules.count("release_half_days") or 0, addresses)


def _figures(release: ReleaseOfSchools, view: View) -> list[ShownFigure]:
    at = partial(rows_at, view, "money", by="release")
    half_days = [used.half_days for used in release.used]
    told = [
        ("Half days used", sum(half_days), "half days", "half_days"),
        ("Half days there are", release.of * len(half_days), "half days", "half_days_of"),
        ("Schools that hold release money", len(half_days), "schools", "schools"),
        ("Schools that used none", sum(each <= 0 for each in half_days), "schools", "unused"),
        ("Schools that used more than their own", sum(each > release.of for each in half_days), "schools", "beyond"),
    ]
    return [
        ShownFigure("Half days that each school has", f"{release.of:,}", "half days", at("of")),
        *(
            ShownFigure(label, f"{number:,}", unit, at(f"{Pot.SCHOOL_HELD}-{foot}"))
            for label, number, unit, foot in told
        ),
        *(
            ShownFigure(f"{row.name}: {words}", value, "", at(f"{Pot.SCHOOL_HELD}-{foot}", what=row.school))
            for row in release.frame.itertuples()
            for words, value, foot in (
                ("half days used", f"{int(row.half_days):,}", "half_days"),
                ("release money spent", money(int(row.spent)), "spent"),
            )
        ),
    ]


RELEASE = Panel(
    id="funding-release",
    title="Half days of release",
    load=load_release,
    is_empty=lambda release: release.frame.empty,
    headline=lambda release, view: say_release_of_schools(
        [used.half_days for used in release.used], release.of, own=in_totals(view)
    ),
    measure=lambda release, view: (
        f"Half days paid for in {view.year} of the {release.of} that each school has, and its release money.",
        *((OWN_SCHOOL_ONLY,) if in_totals(view) else ()),
    ),
    draw=lambda release, look: draw_release(release.used, release.of, look),
    key=lambda release: KEY if any(used.half_days > release.of for used in release.used) else KEY[:2],
    table=lambda release: pd.DataFrame(
        {
            "School": list(release.frame["name"]),
            "Half days": [tell_half_days(int(each), release.of) for each in release.frame["half_days"]],
            "Allocated": column(release.frame, "allocated"),
            "Spent": column(release.frame, "spent"),
            "Committed": column(release.frame, "committed"),
            "Left": [
                money(int(row.allocated - row.spent - row.committed)) for row in release.frame.itertuples()
            ],
            "Figures": figures_of(release.frame, "rows"),
        }
    ),
    made_up=lambda release: made_up(release.frame, "rows"),
    flags=lambda _release, _view: (),
    empty=lambda view: Message(
        f"No release money is recorded for {view.year}.",
        "It shows here once what each school holds to release its teachers is recorded.",
        other_years=True,
    ),
    explain=(
        "Each school holds money to release its teachers: half days of supply cover at no more than a set price "
        "(4.5). Each line that is invoiced or paid stands for half a day, a credit or reversal takes one back. It is "
        "for its year alone and for release alone. A school with none may have sent somebody without claiming for "
        "it: ask."
    ),
    figures=_figures,
    aside=lambda release: "; ".join(
        f"{used.label}: {tell_half_days(used.half_days, release.of)}, {used.told}" for used in release.used
    ),
    links=lambda release: links_of(release.addresses),
    leads=False,
)  # fmt: skip
"""Used of what each school may use."""
