"""A tour in a real browser: of every screen as each role, and of the plain pages too as a headteacher. Nothing is
stopped by the content policy, nothing is asked of another host, and a headteacher’s browser is never told another
school’s name. The sweep (`test_sweep.py`) looks for the same complaints on every plain page.
"""

import secrets
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask.json.tag import TaggedJSONSerializer
from playwright.sync_api import Browser, Page, Response

from dashboard.accounts.sessions import LINK, digest
from dashboard.db import Store, now_utc
from dashboard.models import Cluster, Membership, School, WebSession
from dashboard.naming import short_names
from dashboard.vocabulary import Role
from tests.browser.serving import fill_with_sample, served
from tests.visitors import account, screen_link

OWN_CLUSTER: Final = "east-salisbury-cluster"
OWN_SCHOOL: Final = "exeter-house-school"
VISITORS: Final = (*Role, "screen link")
SCREENS: Final = (
    "/", f"/cluster/{OWN_CLUSTER}", "/cluster/west-salisbury-cluster", f"/school/{OWN_SCHOOL}",
    f"/school/{OWN_SCHOOL}?year=2015-16", "/school/nobody-has-this", f"/screen/{OWN_CLUSTER}",
    "/screen/west-salisbury-cluster", f"/cluster/{OWN_CLUSTER}/plan", "/cluster/west-salisbury-cluster/plan",
)  # fmt: skip
"""Those with charts."""
PLAIN: Final = (
    f"/cluster/{OWN_CLUSTER}/screen-links",
    f"/cluster/{OWN_CLUSTER}/workgroup", "/cluster/west-salisbury-cluster/workgroup", "/workgroups",
    f"/cluster/{OWN_CLUSTER}/events", "/cluster/west-salisbury-cluster/events",
    f"/cluster/{OWN_CLUSTER}/contributions", "/cluster/west-salisbury-cluster/contributions", "/requests",
    f"/cluster/{OWN_CLUSTER}/requests", f"/cluster/{OWN_CLUSTER}/stages", f"/cluster/{OWN_CLUSTER}/working-groups",
    f"/cluster/{OWN_CLUSTER}/evaluation", f"/cluster/{OWN_CLUSTER}/plan/aims", f"/cluster/{OWN_CLUSTER}/plan/one-page",
    f"/cluster/{OWN_CLUSTER}/plan/reviews", f"/cluster/{OWN_CLUSTER}/plan/next-year",
    "/account", "/open-book", "/audit", "/people", "/people/add", "/contacts", "/change-password", "/second-factor",
    "/passkeys", "/recovery-codes", "/nowhere",
)  # fmt: skip
_LOOKED_AT: Final = 2
"""Of pages that are not there for a visitor, who is shown the same instead of each."""
_SETTLED: Final = """() => document.querySelector("#page h1") && !document.querySelector("[data-dash-is-loading]")
    && [...document.querySelectorAll(".dash-graph")].every(graph => graph.querySelector(".main-svg"))"""


@dataclass
class Tour:
    """What one browser was sent and what it complained of."""

    stopped: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)
    seen: int = 0


@dataclass(frozen=True)
class House:
    """The sample, served, with a person for each role at one cluster and school."""

    base: str
    tokens: dict[str, str]
    others: tuple[str, ...]
    """The names of every school but the headteacher's own, long and short."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Generator[House]:
    path = tmp_path_factory.mktemp("tour") / "store.sqlite"
    made: dict[str, Any] = {}

    def fill(store: Store) -> None:
        fill_with_sample(store)
        made.update(_people(store))

    with served(f"sqlite:///{path.as_posix()}", fill) as base:
        yield House(base, **made)


def _people(store: Store) -> dict[str, Any]:
    with store.writing() as session:
        cluster = session.scalars(sa.select(Cluster).where(Cluster.slug == OWN_CLUSTER)).one()
        school = session.scalars(sa.select(School).where(School.slug == OWN_SCHOOL)).one()
        data = {
            role: {"_user_id": account(session, role, cluster=cluster, school=school).fs_uniquifier, "_fresh": True}
            for role in Role
        } | {"screen link": {LINK: screen_link(session, cluster).id}}
        tokens = {who: _session(session, values) for who, values in data.items()}
        schools = session.scalars(sa.select(School.name).join(Membership, Membership.school_id == School.id)).all()
        clusters = " ".join(session.scalars(sa.select(Cluster.name)))
        names = set(schools) - {school.name}
    shorter = {short for short in short_names(sorted(names)).values() if len(short) > 5 and short not in clusters}
    return {"tokens": tokens, "others": tuple(sorted(names | shorter))}


def _session(session: Any, values: dict[str, Any]) -> str:
    token = secrets.token_urlsafe(16)
    data = TaggedJSONSerializer().dumps({"_permanent": True, "fs_paa": now_utc().timestamp(), **values}).encode()
    session.add(WebSession(token_sha256=digest(token), screen_link_id=values.get(LINK), data=data))
    return token


class Desk:
    """A browser of one size, at which one visitor after the other sits down. What the last was sent is still in its
    cache: nobody may be shown that.
    """

    def __init__(self, browser: Browser, width: int, scheme: Literal["light", "dark"]) -> None:
        self.told = Tour()
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.page = self.context.new_page()
        self.page.expose_function("noteStopped", lambda what: self.told.stopped.append(what))
        self.page.add_init_script(
            "addEventListener('securitypolicyviolation', event => window.noteStopped("
            "location.pathname + ': ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))"
        )
        self.page.on("request", lambda request: self.told.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.told.errors.append(f"{self.page.url}: {error}"))
        self.page.on("response", lambda response: _keep(response, self.told))

    def visit_all(self, base: str, token: str, told: Tour, addresses: Sequence[str]) -> None:
        self.page.goto("about:blank")  # what the last visitor began ends before the next begins
        self.told = told
        self.context.clear_cookies()
        self.context.add_cookies([{"name": "session", "value": token, "url": base}])
        missing = 0
        for address in addresses:
            answer = self.context.request.get(base + address)
            told.answers.append((answer.url, answer.text()))
            told.seen += 1
            missing += answer.status == 404
            if answer.status != 404 or missing <= _LOOKED_AT:
                _look(self.page, base + address)


@pytest.fixture(scope="module")
def desks(browser: Browser) -> Generator[tuple[Desk, Desk]]:
    """A phone in the dark for screens, a wide window in the light for plain pages."""
    both = Desk(browser, 390, "dark"), Desk(browser, 1440, "light")
    yield both
    for desk in both:
        desk.context.close()


@pytest.fixture(params=VISITORS)
def tour(request: pytest.FixtureRequest, desks: tuple[Desk, Desk], house: House) -> tuple[str, Tour]:
    """Its addresses, visited as one of the roles."""
    told = Tour()
    for desk, addresses in zip(desks, _addresses(request.param), strict=True):
        desk.visit_all(house.base, house.tokens[request.param], told, addresses)
    return request.param, told


def _addresses(visitor: str) -> tuple[Sequence[str], Sequence[str]]:
    return SCREENS, PLAIN if visitor == Role.HEADTEACHER else ()


def _look(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    page.wait_for_function(_SETTLED)


def _keep(response: Response, told: Tour) -> None:
    kind = response.headers.get("content-type", "")
    if response.status < 300 or response.status >= 400:
        if "javascript" in kind or "css" in kind or "font" in kind or "image" in kind:
            return
        told.answers.append((response.url, response.text()))


def test_a_tour_of_all_pages_as_each_role(tour: tuple[str, Tour], house: House) -> None:
    visitor, told = tour
    assert told.seen == sum(len(addresses) for addresses in _addresses(visitor))
    assert told.errors == []
    assert told.stopped == [], "the content policy stopped something"
    hosts = {urlsplit(address).netloc for address in told.asked if address.startswith("http")}
    assert hosts == {urlsplit(house.base).netloc}
    if visitor == Role.HEADTEACHER:
        assert any("/_dash-update-component" in address for address, _ in told.answers)
        for address, text in told.answers:
            found = [name for name in house.others if name in text]
            assert found == [], address


def test_the_names_that_a_headteacher_must_not_read_are_there_to_be_read(house: House) -> None:
    """Else the tour above could not fail."""
    assert len(house.others) > 40
    assert "Exeter House School" not in house.others
