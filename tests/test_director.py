"""The overview's three columns of the plan: what each cluster is told by, and the orders one may ask for."""

from datetime import date, timedelta
from typing import Any, Final

import pytest
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Grant, Reader
from dashboard.db import Store
from dashboard.flags import Flag
from dashboard.models import ClusterStage, Cohort, SavedView, Stage, WatchedCluster
from dashboard.overview.filters import Filters
from dashboard.reports.facts import ChosenBy
from dashboard.reports.overview import ClusterRow, load_overview, report_overview
from dashboard.screens import director
from dashboard.screens.director.pressing import most_pressing, say_pressing, since_of
from dashboard.screens.visit import Visit
from dashboard.ui.theme import Look
from dashboard.vocabulary import CriterionState, Role, Severity, TargetStatus
from tests import builders as put
from tests.builders import AS_OF, taken_back
from tests.visitors import account

MET, NOT_MET = CriterionState.MET, CriterionState.NOT_MET
PAST: Final = date(2017, 2, 1)
DIRECTOR: Final = Reader("A director", (Grant(Role.DIRECTOR),))


def fill(session: Session) -> None:
    """Each cluster is called by what is known of its plan."""
    half = put.cluster(session, "Half")
    put.target(session, half, "A", criteria=(MET, NOT_MET), evidence_on=(date(2017, 2, 18), None), due=PAST)
    put.target(session, half, "B", evidence_on=(date(2016, 10, 1),), position=2, due=PAST, own=TargetStatus.ACHIEVED)
    put.target(session, half, "C", evidence_on=(AS_OF,), position=3, due=PAST, draft=True)
    late = put.cluster(session, "Late")
    for position in (1, 2):
        put.target(session, late, f"T{position}", criteria=(NOT_MET,), position=position, due=PAST)
    put.target(session, put.cluster(session, "Old"), criteria=(MET,), evidence_on=(date(2016, 9, 2),))
    put.target(session, put.cluster(session, "Undated"), evidence_on=(None,))
    put.allocation(session, put.cluster(session, "Without"), 100)


def shown(session: Session, reader: Reader = DIRECTOR, **choices: str) -> list[Any]:
    """Every part of the page, as far as it has a name or words."""
    page = director.build(session, Visit(reader, EVERYTHING, AS_OF, "/", choices, Look()))
    return [each for part in page.content if part is not None for each in (part, *part._traverse())]


def grid(session: Session, **choices: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = next(
        (each.rowData for each in shown(session, **choices) if getattr(each, "id", None) == director.GRID_ID), []
    )
    return found


def test_what_each_cluster_is_told_by(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        fill(session)
        rows = {row["name"]: row for row in grid(session)}
    told = {
        name: (row["plan_words"], row["overdue"], row["overdue_words"], row["evidence_words"])
        for name, row in rows.items()
    }
    assert told == {
        "Half": ("1 of 2 met", 1, "1 of 2", "11 days"),
        "Late": ("0 of 2 met", 2, "2 of 2", "no evidence"),
        "Old": ("1 of 1 met", 0, "none", "180 days"),
        "Undated": ("no criteria", 0, "none", "not dated"),
        "Without": ("no plan", None, "no plan", "no plan"),
    }
    # What the grid sorts by: no evidence presses most, then evidence without a day, then the oldest; no plan is apart.
    days = [rows[name]["evidence"] for name in ("Late", "Undated", "Old", "Half")]
    assert days == sorted(days, reverse=True)
    assert days[2:] == [180, 11]
    assert rows["Without"]["evidence"] is None


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("progress", ["Late", "Half", "Old", "Undated", "Without"]),
        ("overdue", ["Late", "Half", "Undated", "Old", "Without"]),
        ("evidence", ["Late", "Undated", "Old", "Half", "Without"]),
    ],
)
def test_the_orders_one_may_ask_for(shared_store: Store, sort: str, names: list[str]) -> None:
    with taken_back(shared_store) as session:
        fill(session)
        assert [row["name"] for row in grid(session, sort=sort)] == names
        assert [row["name"] for row in grid(session, sort="nothing")] == [row["name"] for row in grid(session)]


def test_the_report_says_no_more_than_its_contract_names(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        fill(session)
        told = report_overview(load_overview(session, EVERYTHING, year=None, as_of=AS_OF), year=None, as_of=AS_OF)
    assert {name for row in told["clusters"] for name in row} == {
        "cluster", "name", "year", "schools", "rate", "expected", "spent_share", "allocated", "spent", "progress",
        "criteria_met", "criteria_total", "flags",
    }  # fmt: skip


def test_evidence_of_yesterday_and_of_days_to_come(shared_store: Store) -> None:
    ahead = {"Yesterday": -1, "Tomorrow": 1, "Later": 2}
    with taken_back(shared_store) as session:
        for name, days in ahead.items():
            put.target(session, put.cluster(session, name), evidence_on=(AS_OF + timedelta(days=days),))
        told = {row["name"]: row["evidence_words"] for row in grid(session)}
    assert told == {"Yesterday": "1 day", "Tomorrow": "in 1 day", "Later": "in 2 days"}


def test_what_clusters_are_chosen_by(shared_store: Store) -> None:
    """By programme, cohort, stage, area, flag, star and search; a school finds its cluster."""
    with taken_back(shared_store) as session:
        programme = put.programme(session, "PSTT")
        cohort = put.put(session, Cohort(programme_id=programme.id, name="2014", starts=date(2014, 9, 1)))
        stages = [
            put.put(session, Stage(programme_id=programme.id, position=number, name=name, first_programme_year=first,
                                   last_programme_year=last))
            for number, (name, first, last) in enumerate((("Begin", 1, 2), ("Grow", 3, 4), ("Stand", 4, None)))
        ]  # fmt: skip
        by_year, by_time = (
            put.cluster(session, "By Year", under=programme),
            put.cluster(session, "By Time", under=programme),
        )
        by_year.cohort_id = cohort.id
        put.put(session, ClusterStage(cluster_id=by_time.id, stage_id=stages[2].id, starts=date(2017, 1, 1)))
        put.put(session, ClusterStage(cluster_id=by_time.id, stage_id=stages[1].id, ends=date(2016, 12, 31)))
        bare = put.cluster(session, "Bare")
        ford, weir = put.school(session, "Ford 100%", within=by_year), put.school(session, "Weir", within=by_time)
        ford.local_authority, weir.local_authority = "Wiltshire", "Swindon"
        put.membership(session, by_time, ford)
        mine, other = account(session, Role.DIRECTOR).id, account(session, Role.DIRECTOR).id
        put.put(session, WatchedCluster(account_id=mine, cluster_id=bare.id))
        put.put(session, WatchedCluster(account_id=other, cluster_id=by_year.id))
        session.flush()

        def named(account_id: int | None = mine, **choices: str) -> list[str]:
            filters = Filters.read(choices)
            rows = load_overview(session, EVERYTHING, year=None, as_of=AS_OF, account_id=account_id, search=filters.q)
            return [row.name for row in filters.keep(rows)]

        assert named() == ["Bare", "By Time", "By Year"]
        assert named(programme="PSTT") == ["By Time", "By Year"]
        assert named(cohort="2014") == named(stage="Grow") == ["By Year"]
        assert named(stage="Stand") == ["By Time"]
        assert named(stage="Begin") == named(programme="pst") == []
        assert named(area="Wiltshire") == ["By Time", "By Year"]
        assert named(area="Swindon") == ["By Time"]
        assert named(watched="1") == ["Bare"]
        assert named(None, watched="1") == []
        assert named(q="ford") == ["By Time", "By Year"]
        assert named(q="100%") == ["By Time", "By Year"]
        assert named(q="y by") == ["By Time", "By Year"], "each word, in any order"
        assert named(q="weir") == ["By Time"]
        assert named(q="100_") == []


def words_of(parts: list[Any]) -> set[str]:
    said = [*parts, *(getattr(part, "children", None) for part in parts)]
    return {part for part in said if isinstance(part, str)}


def test_the_page_says_what_holds_and_leads_back(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        fill(session)
        mine = account(session, Role.DIRECTOR).id
        put.put(session, SavedView(account_id=mine, name="Late ones", query="flag=overdue"))
        session.flush()
        me = Reader("Me", (Grant(Role.DIRECTOR),), account_id=mine)
        every, some = shown(session, me), shown(session, me, flag="overdue", sort="overdue")
        none, guest = shown(session, me, watched="1"), shown(session, q="nobody")
    assert next(each.children for each in every if type(each).__name__ == "H1") == (
        "Two of five clusters need action, one more is worth a look."
    )
    assert {"Your views", "Late ones"} <= words_of(every)
    assert "All two chosen clusters need action." in words_of(some)
    assert "Only some clusters: 2 of 5. " in words_of(some)
    links = {getattr(each, "href", None) for each in some}
    assert {"/?sort=overdue", "/?flag=overdue", "/?flag=overdue&sort=evidence"} <= links
    assert not any(getattr(each, "id", None) == director.GRID_ID for each in none)
    assert "You watch no cluster yet." in words_of(none)
    assert "No school is called like “nobody”." in words_of(guest)
    assert "Saved views and watched clusters are kept with an account. " in words_of(guest)


def row(name: str, *flags: Flag) -> ClusterRow:
    facts = ChosenBy(1, None, (), (), watched=False, found=True)
    return ClusterRow(name, name, AcademicYear(2016), 1, *[0] * 11, None, False, True, flags, facts)


def flag(rule: str, severity: Severity = Severity.ACT) -> Flag:
    return Flag(rule, severity, rule, "subject", "Because (3.11).")


def test_neither_one_cluster_nor_one_kind_hides_all_others() -> None:
    late, low, look = flag("overdue"), flag("low_attendance"), flag("unspent", Severity.LOOK)
    many = [
        row("A", late, late, low),
        *(row(name, late) for name in "BCD"),
        row("E", look),
        row("F", flag("x", Severity.INFO)),
    ]

    def told(rows: list[ClusterRow]) -> list[tuple[str, str, int]]:
        return [(each.row.name, each.flag.rule, each.others) for each in most_pressing(rows)]

    # Of another kind and another cluster each, as long as there are some; then of another kind or another cluster.
    assert told(many) == [("A", "overdue", 3), ("A", "low_attendance", 0), ("E", "unspent", 0)]
    assert told(many[1:4]) == [("B", "overdue", 2), ("C", "overdue", 2), ("D", "overdue", 2)]
    assert told([row("A", late, low, look)]) == [("A", "overdue", 0), ("A", "low_attendance", 0), ("A", "unspent", 0)]
    assert told([row("A", late), row("B", low), row("C", look)]) == [
        ("A", "overdue", 0), ("B", "low_attendance", 0), ("C", "unspent", 0),
    ]  # fmt: skip
    assert told([row("F", flag("x", Severity.INFO))]) == []


def test_a_step_is_offered_where_the_reader_may_take_it() -> None:
    facts = ChosenBy(7, None, (), (), watched=False, found=True)
    flags = (
        Flag("low_attendance", Severity.ACT, "Ford came to 1 of 4 meetings", "ford", "Few (3.11)."),
        Flag("unspent", Severity.LOOK, "£5 is unspent", "mill", "Late.", {"since": "2017-01-05"}),
        Flag("overdue", Severity.ACT, "T/1 was due", "T/1", "Late.", {"due": "2017-02-01"}),
    )
    mill = ClusterRow("mill", "Mill", AcademicYear(2016), 1, *[0] * 11, None, False, True, flags, facts)

    def hrefs(reader: Reader) -> set[str]:
        said = say_pressing(most_pressing([mill]), reader, Filters())
        return {each.href for each in said._traverse() if hasattr(each, "href")} - {"/cluster/mill?year=2016-17"}

    steps = {
        "/cluster/mill/rows/attendance?year=2016-17&school=ford", "/cluster/mill/rows/money?year=2016-17",
        "/cluster/mill/plan/T%2F1?year=2016-17",
    }  # fmt: skip
    notes = {
        "/cluster/mill/concerns/new?school=ford&rule=low_attendance", "/cluster/mill/concerns/new?rule=unspent",
        "/cluster/mill/concerns/new?rule=overdue",
    }  # fmt: skip
    assert hrefs(Reader("", (Grant(Role.COORDINATOR, cluster_id=7),))) == steps | notes
    assert hrefs(Reader("", (Grant(Role.DIRECTOR),), looks_only=True)) == steps
    assert hrefs(Reader("", (Grant(Role.COORDINATOR, cluster_id=8),))) == set()
    assert [since_of(each) for each in flags] == [None, date(2017, 1, 5), date(2017, 2, 1)]
