"""The access matrix, walked: every address and every callback, as every role, at the own place and at another's.

What is expected is read from `matrix.csv` here, by a reader of its own; what happens is what the application answers to
requests. A new address or callback without a rule fails.
"""

import csv
import json
import re
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
from dash import Dash
from werkzeug.routing import Rule as Route

from dashboard import access
from dashboard.access import whole_store
from dashboard.db import Session, Store
from dashboard.funding.paste import PASTED
from dashboard.main import create_app
from dashboard.models import (
    Account,
    AccountGrant,
    Aim,
    AimWording,
    ApprovalRequest,
    AuditEvent,
    CalendarPeriod,
    Cluster,
    ClusterStage,
    Concern,
    ConcernStep,
    Contribution,
    Criterion,
    Decision,
    ImportBatch,
    Meeting,
    OutsideMoney,
    School,
    Target,
)  # fmt: skip
from dashboard.screens.addresses import _SCREENS
from dashboard.vocabulary import (
    Attempt,
    ContributionKind,
    ContributionState,
    CriterionState,
    EventKind,
    Mark,
    OutsideKind,
    OutsideState,
    Part,
    PeriodKind,
    Pot,
    RequestKind,
    RequestState,
    Role,
    StepKind,
)
from dashboard.web import door
from dashboard.web.door import rule_of
from tests import builders as put
from tests.conftest import STEPS, WRONG
from tests.visitors import SETTINGS, Visitor, account, body_of, screen_link

TODAY: Final = date(2017, 3, 1)
SCHOOLS: Final = {
    "own": ("Ford School", "Weir School", "Lock School"),
    "other": ("Decoy North", "Decoy South", "Decoy East"),
}
OWN_SCHOOL: Final = "ford-school"
NEIGHBOUR: Final = "weir-school"

with (Path(access.__file__).parent / "matrix.csv").open(encoding="utf-8") as _file:
    MATRIX: Final = {(row["action"], row["object"]): row for row in csv.DictReader(_file)}

VISITORS: Final = (*Role, "director of all", "advisor of all", "several roles", "no role", "screen link", "nobody")
"""Roles are held at the own place: the programme, cluster or school that the places called "own" belong to."""
ROLES: Final[dict[str, tuple[Role, ...]]] = {
    **{role: (role,) for role in Role},
    "director of all": (Role.DIRECTOR,),
    "advisor of all": (Role.ADVISOR,),
    "several roles": (Role.HEADTEACHER, Role.STEERING, Role.ADMINISTRATOR),
    "no role": (),
    "screen link": (Role.STEERING,),
    "nobody": (),
}
EVERYWHERE: Final = {"director of all", "advisor of all"}


def reach(visitor: str, action: str, thing: str) -> set[str]:
    """How far a visitor reaches, in the words of the matrix. A screen link shows the screen and nothing else."""
    if visitor == "screen link" and (action, thing) != ("see", "screen"):
        return set()
    row = MATRIX.get((action, thing), {})
    return {row[role] for role in ROLES[visitor] if row.get(role)}


def may(visitor: str, action: str, thing: str, where: str) -> bool:
    """Whether the matrix lets a visitor do this at the own place or at another."""
    found = reach(visitor, action, thing)
    return bool(found) and (where == "own" or visitor in EVERYWHERE)


@dataclass(frozen=True)
class World:
    """Two programmes of one cluster each, a person for every role, and the application behind PostgreSQL's wall."""

    app: Dash
    store: Store
    marks: dict[str, str]
    link: int
    numbers: dict[str, dict[str, Any]]
    known: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, name: str) -> Visitor:
        """The same for every step of the walk, which changes nothing."""
        if name not in self.known:
            self.known[name] = self.comes(name)
        return self.known[name]

    def comes(self, name: str) -> Visitor:
        """The visitor with a session of their own."""
        if name == "nobody":
            return Visitor.nobody(self.app)
        if name == "screen link":
            return Visitor.by_link(self.app, self.store, self.link)
        return Visitor.signed_in(self.app, self.store, self.marks[name])


@contextmanager
def world_in(address: str) -> Generator[World]:
    with whole_store(address) as store, Store(address) as walled:
        with store.writing() as session:
            places = {where: _place(session, where) for where in ("own", "other")}
            marks = {name: _person(session, name, places["own"]) for name in VISITORS if name in ROLES}
            victims = {where: account(session, Role.HEADTEACHER, school=places[where][1]) for where in places}
            links = {where: screen_link(session, places[where][0]) for where in places}
            steps = {where: _concern(session, *places[where]) for where in places}
            numbers = {
                where: {
                    "slug": cluster.slug, "cluster_id": cluster.id, "school_id": school.id,
                    "account_id": victims[where].id, "grant_id": victims[where].grants[0].id,
                    "link_id": links[where].id, "token": "x" * 43, "what": "withdraw", "path": "nowhere",
                    "kind": "account", "number": victims[where].id, "ending": "csv",
                    "meeting_id": _first(session, Meeting, cluster),
                    "period_id": _first(session, CalendarPeriod, cluster),
                    "concern_id": steps[where].concern_id, "step_id": steps[where].id,
                    "request_id": _request(session, cluster), **_put_in(session, cluster, school),
                    **_events(session, cluster, school), **_figures(session, cluster, school),
                    **_ledger(session, cluster, school), **_aims(session, cluster),
                    **_plan(session, cluster),
                    "stage_id": put.on_the_way(session, cluster, [school]).id, "item": "report",
                    "time_id": _first(session, ClusterStage, cluster),
                    **put.working_groups(session, cluster, (school,)), "school": school.slug,
                    "note_id": put.note(session, cluster, f"Tag of {cluster.name}").id,
                }
                for where, (cluster, school) in places.items()
            }  # fmt: skip
            own_link = links["own"].id
        # The walk is refused more often in a minute than is written down of anybody.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(door, "MOST_REFUSALS", 100_000)
            # The pages get a store that sees nothing of its own: each request opens it for its reader.
            yield World(create_app(walled, SETTINGS, lambda: TODAY), store, marks, own_link, numbers)


def _place(session: Session, where: str) -> tuple[Cluster, School]:
    under = put.programme(session, f"Programme {where}")
    cluster = put.cluster(session, "Mill Cluster" if where == "own" else "Decoy Cluster", under=under)
    schools = [put.school(session, name, within=cluster) for name in SCHOOLS[where]]
    for day in (4, 11):
        held = put.meeting(session, cluster, date(2016, 10, day))
        for school in schools:
            put.mark(session, held, school, Mark.PRESENT)
            put.allocation(session, cluster, 50_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=school)
    period = CalendarPeriod(year=2016, cluster_id=cluster.id, kind=PeriodKind.INSET, name=f"INSET of {cluster.name}")
    period.starts = period.ends = date(2016, 9, 5)
    put.put(session, period)
    put.contribution(session, cluster, schools[0], ContributionKind.LEVY, 5_000)
    put.allocation(session, cluster, 100_000)
    target = put.target(session, cluster, f"T-{where}", title=f"Plan of {cluster.name}", criteria=(CriterionState.MET,))
    aim = put.aim(session, cluster, 1, target)
    put.put(session, AimWording(aim_id=aim.id, wording=f"Aim of {cluster.name}", confirmed_by="coordinator"))
    put.target(session, cluster, f"D-{where}", title=f"Draft of {cluster.name}", year=2017, draft=True)
    for school in schools:
        put.line(session, cluster, 9_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=school, at=held)
        put.line(session, cluster, 0, by=school, for_=target)
    put.outside(session, cluster, f"Fund of {cluster.name}")
    put.workgroup(session, cluster, schools[0], f"Alder of {cluster.name}")
    return cluster, schools[0]


def _first(session: Session, table: type[Meeting | CalendarPeriod | ClusterStage], of: Cluster) -> int:
    """The number of some row of a cluster."""
    return session.scalars(sa.select(sa.func.min(table.id)).where(table.cluster_id == of.id)).one()


def _concern(session: Session, cluster: Cluster, school: School) -> ConcernStep:
    row = Concern(cluster_id=cluster.id, school_id=school.id, summary="A worry", raised_on=TODAY, raised_as="advisor")
    put.put(session, row)
    return put.put(session, ConcernStep(concern_id=row.id, kind=StepKind.OTHER, taken_on=TODAY))


def _request(session: Session, cluster: Cluster) -> int:
    row = ApprovalRequest(cluster_id=cluster.id, kind=RequestKind.TRAVEL, summary="A coach", asked_on=TODAY)
    row.asked_as, row.state = "coordinator", RequestState.WAITING
    return put.put(session, row).id


def _put_in(session: Session, cluster: Cluster, school: School) -> dict[str, int]:
    row = Contribution(cluster_id=cluster.id, school_id=school.id, year=2016, kind=ContributionKind.LEVY, amount=5_000)
    outside = OutsideMoney(cluster_id=cluster.id, year=2016, kind=OutsideKind.GRANT, party=f"Fund of {cluster.name}")
    row.state, outside.state = ContributionState.AGREED, OutsideState.APPLIED
    return {"contribution_id": put.put(session, row).id, "outside_id": put.put(session, outside).id}


def _events(session: Session, cluster: Cluster, school: School) -> dict[str, int]:
    told = put.event(session, cluster, school, EventKind.DISENGAGED, TODAY)
    return {"event_id": told.id, "context_id": put.context(session, cluster, TODAY).id}


def _ledger(session: Session, cluster: Cluster, school: School) -> dict[str, int]:
    """A line that everybody who sees a ledger sees, whole or of one school, with its receipt; it was pasted."""
    row = put.line(session, cluster, 9_500, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=school)
    row.batch_id = put.put(session, ImportBatch(kind="spend", file_name=PASTED, cluster=cluster.slug)).id
    plan = put.put(session, ImportBatch(kind="plan", file_name="plan.docx", cluster=cluster.slug))
    return {
        "line_id": row.id, "receipt_id": put.receipt(session, row).id, "batch_id": row.batch_id, "brought_id": plan.id,
    }  # fmt: skip


def _aims(session: Session, cluster: Cluster) -> dict[str, Any]:
    """An aim with another wording, and a draft for the next year."""
    aim = session.scalars(sa.select(Aim.id).where(Aim.cluster_id == cluster.id)).one()
    wording = session.scalars(sa.select(AimWording.id).where(AimWording.aim_id == aim)).one()
    draft = session.scalars(sa.select(Target.id).where(Target.cluster_id == cluster.id, Target.draft)).one()
    return {"aim_id": aim, "wording_id": wording, "draft_id": draft, "way": "up"}


def _figures(session: Session, cluster: Cluster, school: School) -> dict[str, Any]:
    """A figure, and a decision taken on it."""
    figure = put.benchmark(session, cluster)
    figure.school_id = school.id
    decision = Decision(cluster_id=cluster.id, decided_on=TODAY, words="Buy together", about="open book", noted_as="x")
    put.put(session, decision)
    return {"decision_id": decision.id, "name": "ford", "year": "2016-17", "key": "0" * 8}


def _plan(session: Session, cluster: Cluster) -> dict[str, Any]:
    """The target of a cluster with its criterion, and a piece of evidence with its file."""
    target = session.scalars(sa.select(Target).where(Target.cluster_id == cluster.id, Target.draft.is_(False))).one()
    criterion = session.scalars(sa.select(Criterion.id).where(Criterion.target_id == target.id)).one()
    file = put.evidence_file(session, put.evidence(session, target), cluster)
    return {"code": target.code, "criterion_id": criterion, "evidence_id": file.evidence_id}


def _person(session: Session, name: str, own: tuple[Cluster, School]) -> str:
    cluster, school = own
    programme = None if name in EVERYWHERE else session.get(put.Programme, cluster.programme_id)
    made = account(session, *ROLES[name], programme=programme, cluster=cluster, school=school)
    return made.fs_uniquifier


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[World]:  # fmt: skip
    if request.param == "sqlite":
        copy = tmp_path_factory.mktemp("matrix") / "store.sqlite"
        copy.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        with world_in(f"sqlite:///{copy.as_posix()}") as made:
            yield made
        return
    server: sa.URL = request.getfixturevalue("postgresql_server")
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE matrix TEMPLATE template STRATEGY file_copy")
        with world_in(server.set(database="matrix").render_as_string(hide_password=False)) as made:
            yield made
        connection.exec_driver_sql("DROP DATABASE matrix WITH (FORCE)")
    engine.dispose()


# ------------------------------------------------------------------------------------------------------- addresses
_BARE: Final = create_app(Store("sqlite://"), SETTINGS)
ROUTES: Final = [route for route in _BARE.server.url_map.iter_rules() if route.endpoint not in {"/", "/<path:path>"}]
"""Every address but those at which Dash answers with its shell: they are walked screen by screen below."""


def methods(route: Route) -> Iterator[str]:
    yield from sorted((route.methods or set()) & {"GET", "POST"})


WALK: Final = [(route, method) for route in ROUTES for method in methods(route)]
"""Each is a test, of so many steps."""


def steps(route: Route) -> Iterator[tuple[str, str]]:
    """Who comes to an address, and to whose."""
    yield from product(VISITORS, ("own", "other") if route.arguments else ("own",))


@pytest.mark.parametrize("route", [*_BARE.server.url_map.iter_rules()], ids=lambda route: route.rule)
def test_every_address_has_a_rule(route: Route) -> None:
    rule = rule_of(_BARE.server, route.endpoint)
    assert rule is not None, f"{route.endpoint} has no rule in dashboard/web/door.py and no decorator"
    if rule.asks is not None:
        assert rule.asks in MATRIX


def test_what_is_public_is_named() -> None:
    """Whoever makes something public changes this list."""
    found = {
        route.rule for route in ROUTES if (rule := rule_of(_BARE.server, route.endpoint)) is not None and rule.public
    }
    assert found == {
        "/static/<path:filename>", "/assets/<path:filename>", "/bootstrap/static/<path:filename>",
        "/fs-static/<path:filename>", "/_favicon.ico",
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
        "/healthz", "/readyz", "/csp-report",
        "/help", "/accessibility", "/sign-in", "/look-around", "/set-up/<token>", "/link/<token>", "/feed/<token>.ics",
        "/new-password", "/new-password/<token>",
        "/code", "/second-factor", "/second-factor/<token>", "/which-second-factor", "/recovery-code",
        "/passkey", "/passkey/<token>",
    }  # fmt: skip


@pytest.mark.parametrize(("route", "method"), WALK, ids=[f"{method} {route.rule}" for route, method in WALK])
def test_cases_1_and_4_an_address_answers_as_the_matrix_says(
    world: World, route: Route, method: str, record_property: Callable[[str, object], None]
) -> None:
    taken = [(visitor, where, *_step(world, route, method, visitor, where)) for visitor, where in steps(route)]
    wrong = [f"as {visitor} at {where}: {status}" for visitor, where, status, is_right in taken if not is_right]
    record_property(STEPS, len(taken))
    record_property(WRONG, len(wrong))
    assert wrong == []


def _step(world: World, route: Route, method: str, visitor: str, where: str) -> tuple[int, bool]:
    """What an address answers, and whether the matrix says so."""
    rule = rule_of(world.app.server, route.endpoint)
    assert rule is not None
    path = path_of(route, world.numbers[where])
    # Without a form's token: whoever the door lets in is stopped there (400), and nothing is changed by the walk.
    coming = world.comes(visitor) if rule.public else world.visitor(visitor)  # a step of signing in may end a session
    status = coming.client.open(path, method=method).status_code
    if rule.public:
        return status, status not in {401, 403, 500}
    if visitor == "nobody":
        return status, status == (302 if method == "GET" and not path.startswith("/_") else 401)
    if rule.asks is None:
        return status, status in {200, 302, 303, 400, 404, 405}
    if not reach(visitor, *rule.asks):
        return status, status == 403
    if method == "POST":
        return status, status == 400
    if _is_elsewhere(route, rule.asks, visitor, where):
        return status, status == 404
    return status, status in {200, 302, 303, 404 if "person" in path or "contacts" in path else 200}


_BY_PLACE: Final = {
    "screen links",
    "open book",
    "cluster",
    "school",
    "screen",
    "register",
    "concerns",
    "exits",
    "workgroup",
    "lifecycle",
    "money",
    "ledger",
    "plan",
    "requests",
    "approvals",
    "open figures",
    "decisions",
    "evaluation",
    "stages",
    "working groups",
}

_OF_WHOLE_CLUSTERS: Final = {
    "contributions.agree", "contributions.one", "contributions.declare", "contributions.edit_outside",
    "target_parts.file", "evaluation.add_note", "evaluation.change_note", "papers.pack_of_cluster",
}  # fmt: skip
"""Addresses of those who keep a cluster's accounts or plan: for a school's own part of them there is nothing."""


def _is_elsewhere(route: Route, asks: tuple[str, str], visitor: str, where: str) -> bool:
    """Whether what an address is about is not the visitor's, though others of its kind are."""
    if route.endpoint in _OF_WHOLE_CLUSTERS and reach(visitor, *asks) <= {"school", "totals"}:
        return True
    return bool(route.arguments) and asks[1] in _BY_PLACE and not may(visitor, *asks, where)


_DONE_BY: Final = {
    "people": "disable", "lifecycle": "remove", "figures": "confirm", "decisions": "done", "contributions": "waive",
    "next_year": "begin", "overview": "rename",
}  # fmt: skip
"""What an address of a blueprint does, where it has a choice."""


def path_of(route: Route, numbers: dict[str, Any]) -> str:
    """The address of a route for such numbers and names."""
    values = {name: numbers.get(name, 1) for name in route.arguments}
    if "filename" in values:
        values["filename"] = "nothing.css"
    if "package_name" in values:
        values.update(package_name="dash", fingerprinted_path="nothing.js")
    if "what" in values:
        values["what"] = _DONE_BY.get(route.endpoint.partition(".")[0], "agree")
    address = _BARE.server.url_map.bind("localhost").build(
        route.endpoint, values, method=next(methods(route)), force_external=False
    )
    return str(address)


_CONCERN: Final = {
    "summary": "x", "step-kind": "other", "step-taken_on": "2017-03-01", "close-decision": "settled",
    "close-closed_on": "2017-03-01", "away-starts": "2017-03-01", "away-review_on": "2100-01-01",
    "away-closed_on": "2017-03-01", "exit-last_day": "2017-03-01", "exit-closed_on": "2017-03-01",
    "kind": "travel", "state": "approved", "reason": "x", "decided_on": "2017-03-01",
}  # fmt: skip
"""Every field that the forms of a concern or a request must have."""


@pytest.mark.parametrize("visitor", VISITORS)
def test_no_form_reaches_anothers_place(world: World, visitor: str) -> None:
    """With a good token: the places themselves refuse, whatever the number in the address says."""
    if visitor == "nobody":
        assert world.visitor(visitor).client.post("/cluster/decoy-cluster/screen-links").status_code == 401
        return
    coming = world.visitor(visitor)
    token, form = coming.token(), {"label": "x", "days": "30", **_CONCERN}
    other = world.numbers["other"]
    group, project = f"/{other['group_id']}", f"/projects/{other['project_id']}"
    of_groups = (
        group, f"{group}/remove", f"{group}/outcomes/new", f"{group}/outcomes/{other['outcome_id']}",
        f"{group}/outcomes/{other['outcome_id']}/remove", project, f"{project}/remove", f"{project}/children",
    )  # fmt: skip
    for path, thing in (
        (f"/cluster/{other['slug']}/screen-links", "screen links"),
        (f"/cluster/{other['slug']}/screen-links/{other['link_id']}/revoke", "screen links"),
        (f"/cluster/mill-cluster/screen-links/{other['link_id']}/revoke", "screen links"),
        (f"/open-book/{other['cluster_id']}/{other['school_id']}/agree", "open book"),
        (f"/register/{other['meeting_id']}", "register"),
        (f"/register/{other['meeting_id']}/mark", "register"),
        (f"/register/{other['meeting_id']}/note", "register"),
        (f"/register/{other['meeting_id']}/colleague", "register"),
        (f"/register/{other['meeting_id']}/about", "register"),
        (f"/cluster/{other['slug']}/concerns/new", "concerns"),
        *(
            (f"/concern/{other['concern_id']}/{what}", "exits" if what == "exit" else "concerns")
            for what in ("steps", f"steps/{other['step_id']}/outcome", "review", "close", "sabbatical", "exit")
        ),
        (f"/cluster/{other['slug']}/meetings", "register"),
        (f"/cluster/{other['slug']}/meetings/series?rhythm=half_termly&kind=cluster&weekday=1", "register"),
        (f"/cluster/{other['slug']}/meetings/{other['meeting_id']}", "register"),
        (f"/cluster/mill-cluster/meetings/{other['meeting_id']}", "register"),
        (f"/cluster/mill-cluster/meetings/{other['meeting_id']}/cancel", "register"),
        (f"/cluster/{other['slug']}/calendar", "register"),
        *(
            (f"/cluster/{slug}/stages/{what}", "stages")
            for slug, what in (
                (other["slug"], "independence/finances"),
                (other["slug"], "schools"),
                (other["slug"], f"{other['stage_id']}/gate/report"),
                ("mill-cluster", f"{other['stage_id']}/times"),
                ("mill-cluster", f"{other['stage_id']}/times/{other['time_id']}/remove"),
            )
        ),
        (f"/cluster/{other['slug']}/calendar/usual", "register"),
        (f"/cluster/mill-cluster/calendar/{other['period_id']}", "register"),
        (f"/cluster/mill-cluster/calendar/{other['period_id']}/remove", "register"),
        (f"/cluster/{other['slug']}/workgroup", "workgroup"),
        (f"/cluster/{other['slug']}/workgroup/agreements/{other['school_id']}", "workgroup"),
        (f"/cluster/{other['slug']}/events?new=stage_gate", "lifecycle"),
        (f"/cluster/{other['slug']}/events/{other['event_id']}/remove", "lifecycle"),
        (f"/cluster/mill-cluster/events/{other['event_id']}/remove", "lifecycle"),
        (f"/cluster/mill-cluster/events/context/{other['context_id']}/remove", "lifecycle"),
        (f"/cluster/{other['slug']}/ledger/new", "ledger"),
        (f"/cluster/{other['slug']}/ledger/paste", "ledger"),
        (f"/cluster/{other['slug']}/ledger/paste/{other['batch_id']}/undo", "ledger"),
        (f"/cluster/mill-cluster/ledger/paste/{other['batch_id']}/undo", "ledger"),
        *(
            (f"/cluster/{slug}/ledger/{other['line_id']}{what}", "ledger")
            for slug in (other["slug"], "mill-cluster")
            for what in ("/change", "/move", "/reverse", "/receipts", f"/receipts/{other['receipt_id']}/take-away")
        ),
        (f"/open-book/{other['cluster_id']}/{other['school_id']}/figures/2016-17/00000000", "open book"),
        (f"/cluster/{other['slug']}/open-figures/names/ford/confirm", "open figures"),
        (f"/cluster/{other['slug']}/open-figures/names/ford/take-back", "open figures"),
        (f"/cluster/{other['slug']}/open-figures/decisions", "decisions"),
        (f"/cluster/{other['slug']}/decisions/{other['decision_id']}/done", "decisions"),
        (f"/cluster/{other['slug']}/decisions", "decisions"),
        (f"/screen/{other['slug']}/notes", "decisions"),
        (f"/cluster/mill-cluster/decisions/{other['decision_id']}/done", "decisions"),
        (f"/cluster/{other['slug']}/requests/new", "requests"),
        (f"/request/{other['request_id']}/withdraw", "requests"),
        (f"/request/{other['request_id']}/decide", "approvals"),
        (f"/cluster/{other['slug']}/contributions/new", "ledger"),
        (f"/cluster/{other['slug']}/contributions/paid", "ledger"),
        *(
            (f"/cluster/{slug}/contributions/{other['contribution_id']}/{what}", "ledger")
            for slug in (other["slug"], "mill-cluster")
            for what in ("change", "waive", "back")
        ),
        *(
            (f"/cluster/{slug}/plan/{other['code']}{what}", "plan")
            for slug in (other["slug"], "mill-cluster")
            for what in (
                "",
                "/words",
                "/status",
                "/status/take-back",
                "/meetings",
                "/put-into-plan",
                "/remove",
                f"/criteria/{other['criterion_id']}",
                f"/evidence/{other['evidence_id']}",
                f"/evidence/{other['evidence_id']}/take-out",
                f"/evidence/{other['evidence_id']}/file",
                f"/evidence/{other['evidence_id']}/file/take-out",
            )
        ),
        (f"/cluster/{other['slug']}/plan/new", "plan"),
        (f"/cluster/{other['slug']}/outside-money/new", "ledger"),
        (f"/cluster/mill-cluster/outside-money/{other['outside_id']}", "ledger"),
        *(
            (f"/cluster/{slug}/working-groups{what}", "working groups")
            for slug, whats in ((other["slug"], ("/new", "/projects/new", *of_groups)), ("mill-cluster", of_groups))
            for what in whats
        ),
        (f"/cluster/{other['slug']}/evaluation/schools/{other['school']}", "evaluation"),
        (f"/cluster/mill-cluster/evaluation/schools/{other['school']}", "evaluation"),
        (f"/cluster/{other['slug']}/evaluation/notes/new", "evaluation"),
        *(
            (f"/cluster/{slug}/evaluation/notes/{other['note_id']}{what}", "evaluation")
            for slug in (other["slug"], "mill-cluster")
            for what in ("", "/remove")
        ),
    ):
        if may(visitor, "edit", thing, "other"):
            continue
        status = coming.client.post(path, data={**form, "csrf_token": token}).status_code
        assert status == (404 if reach(visitor, "edit", thing) else 403), path


# --------------------------------------------------------------------------------------------------------- screens
SCREENS: Final = {
    "overview": {"own": "/", "other": "/"},
    "cluster": {"own": "/cluster/mill-cluster", "other": "/cluster/decoy-cluster"},
    "school": {"own": f"/school/{OWN_SCHOOL}", "other": "/school/decoy-north"},
    "neighbour": {"own": f"/school/{NEIGHBOUR}", "other": "/school/decoy-south"},
    "screen": {"own": "/screen/mill-cluster", "other": "/screen/decoy-cluster"},
    "money": {"own": "/cluster/mill-cluster/money", "other": "/cluster/decoy-cluster/money"},
    "plan": {"own": "/cluster/mill-cluster/plan", "other": "/cluster/decoy-cluster/plan"},
}


HOME: Final = {
    Role.COORDINATOR: "/cluster/mill-cluster",
    Role.HEADTEACHER: f"/school/{OWN_SCHOOL}",
    "several roles": f"/school/{OWN_SCHOOL}",
    Role.STEERING: "/screen/mill-cluster",
    "screen link": "/screen/mill-cluster",
    Role.ADMINISTRATOR: "/people",
    Role.BURSAR: "/cluster/mill-cluster/money",
    "no role": "/account",
}
"""Where the first page leads those who have no use for an overview."""


def sees(visitor: str, screen: str, where: str) -> bool:
    """Whether the matrix shows a visitor a screen. A neighbour's school is one of the own cluster."""
    if screen == "neighbour":
        return bool(reach(visitor, "see", "school") - {"school"}) and (where == "own" or visitor in EVERYWHERE)
    return may(visitor, "see", screen, where)


SCREEN_WALK: Final = [
    pytest.param(screen, visitor, where, id=f"{screen} as {visitor} at {where}")
    for screen in SCREENS
    for visitor in VISITORS
    for where in ("own", "other")
    if not (screen == "overview" and where == "other")
]


def test_every_screen_of_the_matrix_is_walked() -> None:
    assert {screen.shows for screen in _SCREENS.values()} == set(SCREENS) - {"neighbour"}


@pytest.mark.parametrize(("screen", "visitor", "where"), SCREEN_WALK)
def test_case_1_a_screen_is_shown_as_the_matrix_says(world: World, screen: str, visitor: str, where: str) -> None:
    path = SCREENS[screen][where]
    coming = world.visitor(visitor)
    page = coming.get(path)
    if visitor == "nobody":
        assert page.status_code == 302
        assert page.headers["Location"].startswith("/sign-in")
        return
    if screen == "overview" and (visitor == Role.COORDINATOR or not sees(visitor, screen, where)):
        assert page.status_code == 302
        assert page.headers["Location"] == HOME[visitor]  # of one cluster no overview is wanted
        return
    assert page.status_code == (200 if sees(visitor, screen, where) else 404)


# ------------------------------------------------------------------------------------------------------- callbacks
def test_every_callback_has_a_rule() -> None:
    """Those that run in the browser alone have no function here."""
    Visitor.nobody(_BARE).get("/healthz")  # Dash takes in its callbacks with the first request
    found = {output: entry["callback"] for output, entry in _BARE.callback_map.items() if "callback" in entry}
    assert list(found) == [body_of("/")["output"]], "a new callback wants a walk of its own in this file"
    for output, function in found.items():
        assert getattr(function, "rule", None) is not None, output


@pytest.mark.parametrize(("screen", "visitor", "where"), SCREEN_WALK)
def test_cases_2_and_3_the_page_callback_answers_as_the_matrix_says(
    world: World, screen: str, visitor: str, where: str
) -> None:
    """The same address, asked for past the page: with a forged place in the input, the query string or the store."""
    path = SCREENS[screen][where]
    coming = world.visitor(visitor)
    before = _refusals(world)
    answer = coming.ask(path, "?cluster=decoy-cluster&year=2016-17", {"theme": "light", "narrow": True})
    if visitor == "nobody":
        assert answer.status_code == 401
        return
    if screen == "overview" and not sees(visitor, screen, where):
        assert answer.status_code == 200  # the reader's own first page, or that there is none
    else:
        assert answer.status_code == (200 if sees(visitor, screen, where) else 403)
        if answer.status_code == 403:
            assert _refusals(world) == before + 1
    if visitor not in EVERYWHERE:
        assert "decoy" not in answer.text.lower()
    if set(reach(visitor, "see", "school")) <= {"school"} and visitor not in {
        "steering",
        "screen link",
        "several roles",
        Role.BURSAR,
    }:
        for name in SCHOOLS["own"][1:]:
            assert name not in answer.text, "another school by name"


def _refusals(world: World) -> int:
    with world.store.reading() as session:
        counted = session.scalar(sa.select(sa.func.count(AuditEvent.id)).where(AuditEvent.outcome == Attempt.REFUSED))
        return counted or 0


@pytest.mark.parametrize("visitor", [each for each in VISITORS if each != "nobody"])
def test_case_5_no_address_that_nobody_has_can_be_told_from_one_that_is_anothers(world: World, visitor: str) -> None:
    if visitor in EVERYWHERE:
        return
    coming = world.visitor(visitor)
    for kind in ("cluster", "school", "screen"):
        nobodys, anothers = f"/{kind}/nobody-has-this", SCREENS[kind]["other"]
        answers = [coming.get(path) for path in (nobodys, anothers)]
        assert answers[0].status_code == answers[1].status_code == 404
        assert _without_tokens(answers[0].text) == _without_tokens(answers[1].text)
        told = [coming.ask(path) for path in (nobodys, anothers)]
        assert told[0].status_code == told[1].status_code
        assert _without_tokens(told[0].text) == _without_tokens(told[1].text)


def _without_tokens(text: str) -> str:
    return re.sub(r'value="[^"]*"', "", text)


def test_case_6_two_who_ask_the_same_at_the_same_time_each_get_their_own(world: World) -> None:
    asking = {name: world.comes(name) for name in ("director of all", Role.HEADTEACHER, Role.COORDINATOR)}
    path = "/cluster/mill-cluster"
    with ThreadPoolExecutor(len(asking)) as pool:
        for _ in range(3):
            told = dict(zip(asking, pool.map(lambda each: each.show(path), asking.values()), strict=True))
            seen = {name: json.dumps(page) for name, page in told.items()}
            assert "Weir School" in seen["director of all"]
            assert "Weir School" in seen[Role.COORDINATOR]
            assert "Weir School" not in seen[Role.HEADTEACHER]


def test_case_7_what_was_withdrawn_or_given_holds_from_the_next_request(world: World) -> None:
    with world.store.writing() as session:
        cluster = session.scalars(sa.select(Cluster).where(Cluster.slug == "mill-cluster")).one()
        person = account(session, Role.COORDINATOR, cluster=cluster)
        number, mark, grant = person.id, person.fs_uniquifier, person.grants[0].id
    coming = Visitor.signed_in(world.app, world.store, mark)
    path = "/cluster/mill-cluster"
    assert coming.ask(path).status_code == 200
    with world.store.writing() as session:
        session.execute(sa.delete(AccountGrant).where(AccountGrant.id == grant))
    assert coming.ask(path).status_code == 403
    assert coming.get(path).status_code == 404
    with world.store.writing() as session:
        session.add(
            AccountGrant(account_id=number, role=Role.COORDINATOR, cluster_id=world.numbers["own"]["cluster_id"])
        )
    assert coming.ask(path).status_code == 200
    with world.store.writing() as session:
        session.get_one(Account, number).active = False
    assert coming.ask(path).status_code == 401


def test_case_7_a_figure_that_changed_is_shown_with_the_next_request(world: World) -> None:
    coming, path = world.comes(Role.DIRECTOR), "/cluster/mill-cluster"
    before = json.dumps(coming.show(path), ensure_ascii=False)
    with world.store.writing() as session:
        put.line(session, session.get_one(Cluster, world.numbers["own"]["cluster_id"]), 12_345)
    assert "£876.55" not in before
    after = json.dumps(coming.show(path), ensure_ascii=False)
    assert "£876.55" in after, "what is left of £1,000"


def test_the_walk_is_as_large_as_it_looks() -> None:
    """So that nobody halves it unnoticed; the number stands in the last lines of a run (`conftest.py`)."""
    assert len(ROUTES) >= 45
    assert sum(len([*steps(route)]) for route, _ in WALK) + 2 * len(SCREEN_WALK) >= 900
