"""Clusters side by side, ages and news: read on both databases, counted by hand, with a cluster that is not theirs."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, NOTHING, Grant, Object, Reader, Scope
from dashboard.ages import BANDS, band_called
from dashboard.approvals.queries import load_requests
from dashboard.audit import Actor
from dashboard.audit_log.kinds import ABOUT_DATA
from dashboard.concerns.queries import load_concerns
from dashboard.db import Store
from dashboard.directory.queries import cluster_years
from dashboard.importing import _WITH_PROGRAMMES as FILES
from dashboard.models import ApprovalRequest, Cluster, Concern
from dashboard.overview.changes import NOT_TOLD, TOLD, Change, News, Since, read_since, say_news, told_to
from dashboard.overview.figures import comparison_key, draw_comparison, part_of_year
from dashboard.overview.multiples import MOST, Comparison, Small, Turnout, say_comparison, say_shown, say_small
from dashboard.overview.panels import COMPARISON, NEWS, say_oldest
from dashboard.overview.queries_of_ages import load_open_concerns, load_waiting_requests
from dashboard.overview.queries_of_changes import load_changes
from dashboard.overview.queries_of_places import load_outlines, load_places
from dashboard.reports.comparison import load_comparison
from dashboard.ui.theme import Look
from dashboard.vocabulary import Attempt, RequestKind, RequestState, Role
from tests import builders as put
from tests.builders import AS_OF, YEAR, taken_back

COORDINATOR = Actor("coordinator", "10.0.0.7")
YEAR_2016 = AcademicYear(2016)


def only(*clusters: Cluster) -> Scope:
    return Scope(cluster_ids=frozenset(each.id for each in clusters))


# Clusters side by side


def listed(*clusters: Cluster) -> list[Small]:
    return [Small(each.slug, each.name, AcademicYear(YEAR), (), enough=False) for each in clusters]


def test_small_charts_come_in_the_order_of_the_page_with_n_and_nothing_missing_is_absent(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill, weir, decoy = (put.cluster(session, f"{name} Cluster") for name in ("Mill", "Weir", "Decoy"))
        for of, letters in ((mill, "PN?PS?"), (weir, "P"), (decoy, "PPPP")):
            put.register(session, of, put.school(session, f"School of {of.name}", within=of), letters)
        shown = load_comparison(session, only(mill, weir), listed(weir, decoy, mill), AS_OF)
        assert [(each.name, each.enough, each.attended, each.expected, each.not_recorded) for each in shown.shown] == [
            ("Weir Cluster", False, 1, 1, 0), ("Mill Cluster", True, 3, 4, 2),
        ]  # fmt: skip
        assert say_small(shown.shown[0]) == "one mark: too few to draw"
        assert load_comparison(session, NOTHING, listed(mill), AS_OF) == Comparison((), 0)
    assert say_small(shown.shown[1]) == "75 % · 3 of 4"
    assert say_comparison(shown) == "Schools came 75 % of the times they were expected in Mill Cluster."
    assert shown.median is None


def small(name: str, *meetings: tuple[int, int, int], enough: bool = True) -> Small:
    held = [
        Turnout(date(2016, 10, 1) + timedelta(60 * number), *each, illustrative=name == "B")
        for number, each in enumerate(meetings)
    ]
    return Small(name.lower(), name, YEAR_2016, tuple(held), enough)


def test_the_charts_stand_on_the_same_scale() -> None:
    shown = (small("A", (4, 8, 0), (0, 8, 0), (0, 0, 8)), small("B", (8, 8, 0), (1, 2, 6)), small("C", enough=False))
    comparison = Comparison(shown, 30)
    columns = draw_comparison(comparison, Look()).data[0]
    heights = [round(-each, 6) for each in columns.y]
    assert heights[0] * 2 == heights[2], "half of the schools is half as high, whatever the cluster"
    assert heights[1] == 0
    assert list(columns.marker.pattern.shape) == ["", "", "", "/"], "more missing than recorded"
    assert [each.customdata[0][0] for each in draw_comparison(comparison, Look()).data[1:]] == [
        "A, 30 November 2016: 0 of 8 schools came (0 %)", "A, 29 January 2017: no mark, 8 not recorded",
    ]  # fmt: skip
    assert comparison.median == pytest.approx((0.25 + 0.9) / 2)
    assert say_comparison(comparison) == "Attendance runs from 25 % in A to 90 % in B."
    assert say_shown(comparison) == "The first three clusters in the order of the page, and 27 more, in 2016-17."
    assert [item.shape for item in comparison_key(comparison)] == ["▮", "▨", "▬", "○", "┄"]
    table = COMPARISON.table(comparison)
    assert list(table["Rate"]) == ["25 %", "90 %", "no meetings in 2016-17"]
    assert table["Meetings"][0] == "1 October 2016: 4 of 8; 30 November 2016: 0 of 8; 29 January 2017: not recorded"
    assert list(table["Figures"]) == ["recorded", "illustrative", ""]
    assert COMPARISON.is_empty(Comparison((small("C", enough=False),), 1))
    assert (part_of_year(date(2016, 9, 1), YEAR_2016), part_of_year(date(2018, 9, 1), YEAR_2016)) == (0.5 / 365, 1)


def test_no_more_than_can_be_taken_in(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        clusters = [put.cluster(session, f"Cluster {number}") for number in range(MOST + 2)]
        shown = load_comparison(session, EVERYTHING, listed(*clusters), AS_OF)
    assert (len(shown.shown), shown.more) == (MOST, 2)


# Places


def test_a_cluster_stands_in_the_middle_of_its_schools_that_have_coordinates(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill, decoy = put.cluster(session, "Mill Cluster"), put.cluster(session, "Decoy Cluster")
        for of, coordinates in ((mill, ((51.0, -1.0), (53.0, -2.0), (None, None))), (decoy, ((None, None),))):
            for number, (latitude, longitude) in enumerate(coordinates):
                member = put.school(session, f"{of.name} {number}", within=of)
                member.local_authority, member.latitude, member.longitude = of.name, latitude, longitude
        session.flush()
        places = load_places(session, EVERYTHING, cluster_years(EVERYTHING, AS_OF, year=None))
        assert [(each.cluster, each.latitude, each.longitude, each.located, each.schools) for each in places] == [
            ("mill-cluster", 52.0, -1.5, 2, 3), ("decoy-cluster", None, None, 0, 1),
        ]  # fmt: skip
        assert [
            each.cluster for each in load_places(session, only(decoy), cluster_years(EVERYTHING, AS_OF, year=None))
        ] == ["decoy-cluster"]
        assert [(each.name, each.corners) for each in load_outlines(session, only(mill))] == [
            ("Mill Cluster", ((-2.0, 53.0), (-1.0, 51.0)))
        ]
        assert load_outlines(session, only(decoy)) == []


# Ages


def test_every_age_lies_in_one_band() -> None:
    for days in range(-3, 400):
        began = AS_OF - timedelta(days)
        assert sum(band.holds(began, AS_OF) for band in BANDS) == 1, days
    assert [band.name for days in (7, 8, 31, 32, 92, 93) for band in BANDS if band.holds(AS_OF - timedelta(days), AS_OF)
            ] == ["week", "month", "month", "term", "term", "older"]  # fmt: skip
    assert band_called("nothing") is band_called(None) is None


def waiting(session: Session, of: Cluster, days: int, state: RequestState = RequestState.WAITING) -> ApprovalRequest:
    row = ApprovalRequest(cluster_id=of.id, kind=RequestKind.TRAVEL, summary="A coach", asked_as="coordinator")
    row.asked_on, row.state = AS_OF - timedelta(days), state
    return put.put(session, row)


def worry(session: Session, of: Cluster, days: int, closed: date | None = None) -> Concern:
    row = Concern(cluster_id=of.id, summary="Drifting", raised_on=AS_OF - timedelta(days), raised_as="coordinator")
    row.closed_on = closed
    return put.put(session, row)


def test_each_count_is_the_length_of_the_list_it_leads_to(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill, decoy = put.cluster(session, "Mill Cluster"), put.cluster(session, "Decoy Cluster")
        for days in (-1, 0, 7, 8, 40, 92, 93, 300):
            waiting(session, mill, days)
            worry(session, mill, days)
        waiting(session, decoy, 500)
        worry(session, decoy, 500)
        waiting(session, mill, 600, RequestState.APPROVED)
        worry(session, mill, 600, AS_OF)
        scope = only(mill)
        (requests,) = load_waiting_requests(session, scope, AS_OF)
        (concerns,) = load_open_concerns(session, scope, AS_OF)
        assert requests.counts == concerns.counts == {"week": 3, "month": 1, "term": 2, "older": 2}
        for band in BANDS:
            days = band.days(AS_OF)
            assert len(load_requests(session, scope, asked=days)) == requests.counts[band.name]
            assert len(load_concerns(session, scope, AS_OF, raised=days)) == concerns.counts[band.name]
        assert load_waiting_requests(session, NOTHING, AS_OF) == load_open_concerns(session, NOTHING, AS_OF) == []
        assert say_oldest("requests", requests, AS_OF).startswith("The oldest request, travel, in Mill Cluster, since ")
        assert say_oldest("concerns", concerns, AS_OF).endswith("(300 days)")


# What changed


def test_every_kind_of_event_is_told_or_is_left_out_on_purpose() -> None:
    kinds = {kind for kind in ABOUT_DATA if not isinstance(kind, Object)} | {"register"}
    files = {f"batch {kind}" for kind in FILES}
    assert TOLD.keys() | NOT_TOLD == (kinds - {"batch"}) | files
    assert not TOLD.keys() & NOT_TOLD


def test_a_reader_is_told_of_the_kinds_that_the_matrix_gives() -> None:
    director = told_to(Reader(grants=(Grant(Role.DIRECTOR),)))
    assert director == {EVERYTHING: frozenset(TOLD)}
    bursar = told_to(Reader(grants=(Grant(Role.BURSAR, cluster_id=7),)))
    assert bursar == {Scope(cluster_ids=frozenset({7})): frozenset({
        "ledger line", "contribution", "outside money", "request", "batch allocations", "batch spend",
        "batch contributions", "batch grants", "batch requests",
    })}  # fmt: skip
    guest = told_to(Reader(grants=(Grant(Role.DIRECTOR),), looks_only=True))
    assert "lifecycle event" not in guest[EVERYTHING], "seen by those who may edit it"
    assert told_to(Reader()) == told_to(Reader(grants=(Grant(Role.ADMINISTRATOR),))) == {}


def note(session: Session, of: Cluster | None, kind: str, key: object, **more: object) -> None:
    audit.record(session, COORDINATOR, "do", kind, str(key), cluster_id=of.id if of else None, **more)  # type: ignore[arg-type]


def counts(changes: Sequence[Change]) -> set[tuple[str, str, int, int]]:
    return {(each.cluster, each.kind, each.things, each.times) for each in changes}


def test_things_are_counted_once_by_cluster_and_kind(shared_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with taken_back(shared_store) as session:
        mill, decoy = put.cluster(session, "Mill Cluster"), put.cluster(session, "Decoy Cluster")
        before = datetime(2017, 2, 28, 12, tzinfo=UTC)
        monkeypatch.setattr(audit, "now_utc", lambda: before - timedelta(seconds=1))
        note(session, mill, "concern", 1)
        monkeypatch.setattr(audit, "now_utc", lambda: before)
        for key in ("meeting 3, school 1", "meeting 3, school 2, person 5", "meeting 3", "meeting 4, school 1"):
            note(session, mill, "register", key)
        for key in (1, 1, 2):
            note(session, mill, "ledger line", key)
        note(session, mill, "ledger line", 9, outcome=Attempt.REFUSED)
        note(session, mill, "batch", 5, after={"kind": "attendance"})
        note(session, mill, "batch", 6, after={"kind": "programmes"})
        note(session, mill, "batch", 7)
        note(session, mill, "screen link", 1)
        note(session, None, "concern", 3)
        note(session, decoy, "concern", 2)
        of_mill = {
            ("mill-cluster", "register", 2, 4), ("mill-cluster", "ledger line", 2, 3),
            ("mill-cluster", "batch attendance", 1, 1),
        }  # fmt: skip
        assert counts(load_changes(session, only(mill), list(TOLD), before)) == of_mill
        assert counts(load_changes(session, EVERYTHING, list(TOLD), before)) == of_mill | {
            ("decoy-cluster", "concern", 1, 1)
        }
        assert counts(load_changes(session, EVERYTHING, ["concern"], before)) == {("decoy-cluster", "concern", 1, 1)}
        assert load_changes(session, EVERYTHING, [], before) == []
        assert load_changes(session, NOTHING, list(TOLD), before) == []
        assert load_changes(session, EVERYTHING, list(TOLD), datetime(2100, 1, 1, tzinfo=UTC)) == []


def test_what_is_told_of_them() -> None:
    last = Since(date(2017, 3, 3), "your last visit")
    changes = (
        Change(1, "mill-cluster", "Mill Cluster", "ledger line", 2, 3),
        Change(2, "weir-cluster", "Weir Cluster", "register", 6, 9),
        Change(1, "mill-cluster", "Mill Cluster", "register", 1, 4),
    )
    news = News(last, changes)
    assert say_news(news) == "Nine things changed in two clusters since your last visit, 3 March 2017."
    assert [[each.words for each in those] for those in news.clusters] == [
        ["six registers kept"], ["one register kept", "two money lines"]
    ]  # fmt: skip
    assert list(NEWS.links(news).values()) == [
        "/cluster/weir-cluster", "/cluster/mill-cluster", "/cluster/mill-cluster/ledger",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "before", "told"),
    [
        (None, None, Since(date(2017, 2, 21), "a week ago")),
        (None, date(2017, 2, 3), Since(date(2017, 2, 3), "your last visit")),
        ("2017-01-02", date(2017, 2, 3), Since(date(2017, 1, 2), "the day you chose")),
        ("2018-01-02", None, Since(date(2017, 2, 21), "a week ago")),
        ("soon", date(2017, 2, 3), Since(date(2017, 2, 3), "your last visit")),
    ],
)
def test_from_when_changes_are_told(asked: str | None, before: date | None, told: Since) -> None:
    assert read_since(asked, before, date(2017, 2, 28)) == told
