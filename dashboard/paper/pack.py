"""Board packs: one cluster in full, or the clusters that were chosen on the overview, a page for each."""

from collections.abc import Iterator, Sequence
from typing import Final

from dashboard.paper import sections
from dashboard.paper.blocks import Block, Column, Heading, Paper, Points, Table, Text
from dashboard.paper.facts import Facts
from dashboard.paper.sections import say_illustrative
from dashboard.reports.overview import ClusterRow
from dashboard.vocabulary import Severity
from dashboard.wording import counted, day, money, of, share

MOST_CLUSTERS: Final = 25
"""So many have a page of their own in a pack; the table lists all."""


def pack_of_cluster(facts: Facts) -> Paper:
    """The board pack of one cluster and year."""
    view, cluster = facts.view, facts.cluster
    blocks = [
        Heading("In short"), Points(list(facts.headlines)), *sections.attendance(facts), *sections.funding(facts),
        *sections.plan(facts), *sections.flags(facts), *sections.decisions(facts), *sections.dates(facts),
        *sections.how_made(facts),
    ]  # fmt: skip
    return Paper(
        title=f"{cluster.name}: board pack {view.year}",
        running=f"{cluster.name} · {view.year}",
        about=[
            ("Cluster", cluster.name),
            *([("Programme", cluster.programme)] if cluster.programme else []),
            *([("Focus", cluster.focus)] if cluster.focus else []),
            ("Academic year", str(view.year)),
            ("As of", day(view.as_of)),
        ],
        blocks=blocks,
        notes=say_illustrative(facts),
    )


def pack_of_clusters(
    rows: Sequence[ClusterRow], pages: Sequence[Facts], chosen: Sequence[tuple[str, str]], as_of: str, *, of_all: int
) -> Paper:
    """The pack of the clusters that the choices of the overview keep, of `of_all` that the reader sees."""
    how_many = counted(len(rows), "cluster")
    return Paper(
        title=f"Board pack: {how_many}",
        running=f"Board pack: {how_many}",
        about=[
            *(chosen or [("Chosen", "all clusters")]),
            *([] if any(name == "Year" for name, _ in chosen) else [("Year", "each cluster’s latest")]),
            ("Clusters", of(len(rows), of_all)),
            ("As of", as_of),
        ],
        blocks=list(_of_clusters(rows, pages)),
        notes=[_ILLUSTRATIVE] if any(row.illustrative for row in rows) else [],
    )


_ILLUSTRATIVE: Final = (
    "Illustrative: figures of the clusters marked so are made up, in part or in whole, to show how the dashboard works."
)


def _of_clusters(rows: Sequence[ClusterRow], pages: Sequence[Facts]) -> Iterator[Block]:
    yield Heading("Clusters side by side")
    if not rows:
        yield Text(
            "No cluster is as chosen. Take a choice away on the overview, then make the pack again.", strong=True
        )
        return
    acts = sum(any(flag.severity is Severity.ACT for flag in row.flags) for row in rows)
    yield Text(f"{counted(acts, 'cluster has', 'clusters have').capitalize()} a flag that needs action.", strong=True)
    yield Table(
        [Column("Cluster", 3.6), Column("Year", 1.2), Column("Schools", 1.1, number=True),
         Column("Came", 1.5, number=True), Column("Rate", 1.2, number=True), Column("Allocated", 1.5, number=True),
         Column("Spent", 1.5, number=True), Column("Spent of available", 1.3, number=True),
         Column("Criteria met", 1.2, number=True), Column("Flags", 0.9, number=True)],
        [
            [f"{row.name}{' (illustrative)' if row.illustrative else ''}", str(row.year), str(row.schools),
             of(row.attended, row.expected) if row.expected else "no marks", share(row.rate), money(row.allocated),
             money(row.spent), share(row.spent_share), of(row.met, row.criteria) if row.criteria else "none",
             str(len(row.flags))]
            for row in rows
        ],
        "Clusters side by side",
    )  # fmt: skip
    yield Text(
        "Attendance: meetings that schools came to, of those at which they were expected and have a mark. Money: of "
        "the pot that the lead school holds, net of VAT.",
        quiet=True,
    )
    left_out = len(rows) - len(pages)
    if left_out:
        yield Text(
            f"The first {len(pages)} clusters follow on pages of their own; there, "
            f"{counted(left_out, 'cluster is', 'clusters are')} left out. Choose fewer on the overview to have all.",
        )
    for facts in pages:
        yield Heading(f"{facts.cluster.name}, {facts.view.year}", new_page=True)
        yield from (Text(each) for each in say_illustrative(facts))
        yield Points(list(facts.headlines))
        yield from sections.attendance(facts, level=2, short=True)
        yield from sections.funding(facts, level=2, short=True)
        yield from sections.plan(facts, level=2, short=True)
        yield from sections.most_pressing(facts, level=2)


def file_name(kind: str, facts: Facts) -> str:
    """The name of a paper about one cluster, without its ending; it says so where figures are made up."""
    parts = (kind, facts.cluster.slug, str(facts.view.year), "illustrative" if facts.made_up else "")
    return "-".join(part for part in parts if part)
