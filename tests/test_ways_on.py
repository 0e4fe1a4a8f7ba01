"""Where each reader is led on from a screen: only to what is theirs, of the cluster they look at."""

import json
from typing import Any, Final

import pytest

from dashboard.access import Grant, Reader
from dashboard.db import Store
from dashboard.models import Meeting
from dashboard.screens.addresses import find_place
from dashboard.screens.visit import Visit
from dashboard.ui.theme import Look
from dashboard.vocabulary import Part, Pot, Role, UseCode
from tests import builders as put
from tests.builders import AS_OF

CLUSTER: Final = "/cluster/mill-cluster"
ALL_OF_IT: Final = {
    f"{CLUSTER}/{page}"
    for page in (
        "money", "ledger", "plan", "meetings", "concerns", "workgroup", "working-groups", "evaluation", "stages",
        "requests", "contributions", "events", "open-figures", "decisions", "papers",
    )
}  # fmt: skip
OF_THE_MONEY: Final = {f"{CLUSTER}/{page}" for page in ("ledger", "requests", "contributions", "open-figures")}
OF_THE_PLAN: Final = {f"{CLUSTER}/plan/{page}?year=2016-17" for page in ("one-page", "aims", "reviews", "word")}
OF_WHO_EDITS_THE_PLAN: Final = {f"{CLUSTER}/plan/{page}?year=2016-17" for page in ("new", "next-year", "bring-in")}
ALL_CLUSTERS: Final = {"/concerns", "/workgroups", "/requests", "/registers", "/pack.pdf"}


@pytest.fixture
def places(store: Store) -> dict[str, int]:
    """A cluster of a programme with a school that hardly came, and another one in which it is a member, too."""
    with store.writing() as session:
        under = put.programme(session)
        mill, other = put.cluster(session, under=under), put.cluster(session, "Other Cluster")
        ford = put.school(session, within=mill)
        put.membership(session, other, ford)
        put.register(session, mill, ford, "PNNN")
        put.target(session, mill, "ART")
        put.allocation(session, mill, 90_000)
        put.line(session, mill, 5_000, use=UseCode.A1)
        put.allocation(session, mill, 50_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=ford)
        return {
            "mill": mill.id, "other": other.id, "programme": under.id, "ford": ford.id,
            "meeting": session.query(Meeting).order_by(Meeting.id).first().id,  # type: ignore[union-attr]
        }  # fmt: skip


def shown(store: Store, path: str, *grants: Grant, looks_only: bool = False) -> str:
    place, reader = find_place(path), Reader("Somebody", grants, looks_only=looks_only)
    assert place is not None
    visit = Visit(reader, place.scope(reader), AS_OF, path, {}, Look())
    with store.reading() as session:
        page = place.build(session, visit)
    content: Any = page.content if page else None
    return json.dumps(content, default=lambda each: each.to_plotly_json(), ensure_ascii=False)


def led_to(page: str, addresses: set[str]) -> set[str]:
    return {each for each in addresses if f'"href": "{each}"' in page}


def test_who_runs_a_cluster_is_led_to_its_pages_and_its_registers(store: Store, places: dict[str, int]) -> None:
    for grant in (
        Grant(Role.DIRECTOR),
        Grant(Role.ADVISOR, programme_id=places["programme"]),
        Grant(Role.COORDINATOR, cluster_id=places["mill"]),
    ):
        page = shown(store, CLUSTER, grant)
        assert led_to(page, ALL_OF_IT) == ALL_OF_IT
        plan = shown(store, f"{CLUSTER}/plan", grant)
        edits = set() if grant.role is Role.ADVISOR else OF_WHO_EDITS_THE_PLAN
        assert led_to(plan, OF_THE_PLAN | OF_WHO_EDITS_THE_PLAN) == OF_THE_PLAN | edits
        assert f'"/register/{places["meeting"]}"' in page
        assert f'"{CLUSTER}/concerns/new?school=ford-school&rule=low_attendance"' in page
        assert f'"{CLUSTER}/concerns/new?rule=no_evidence"' in page
        assert led_to(shown(store, "/", grant), ALL_CLUSTERS) == ALL_CLUSTERS
        assert "school=ford-school&rule=low_attendance" in shown(store, "/school/ford-school", grant)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_who_has_a_school_there_is_led_to_its_money_and_stages_alone_even_with_a_cluster_elsewhere(
    store: Store, places: dict[str, int], elsewhere: bool
) -> None:
    grants = [Grant(Role.HEADTEACHER, school_id=places["ford"])]
    if elsewhere:
        grants.append(Grant(Role.COORDINATOR, cluster_id=places["other"]))
    page = shown(store, CLUSTER, *grants)
    assert led_to(page, ALL_OF_IT) == {
        f"{CLUSTER}/{each}"
        for each in ("money", "ledger", "contributions", "plan", "stages", "working-groups", "evaluation")
    }
    assert led_to(shown(store, f"{CLUSTER}/plan", *grants), OF_THE_PLAN | OF_WHO_EDITS_THE_PLAN) == OF_THE_PLAN
    assert "/register/" not in page
    assert "concerns/new" not in page + shown(store, "/school/ford-school?cluster=mill-cluster", *grants[:1])
    if elsewhere:
        assert led_to(shown(store, "/cluster/other-cluster", *grants), {"/cluster/other-cluster/meetings"})


def test_who_looks_around_may_read_what_there_is_and_open_no_form(store: Store, places: dict[str, int]) -> None:
    page = shown(store, CLUSTER, Grant(Role.DIRECTOR), looks_only=True)
    assert led_to(page, ALL_OF_IT) == {
        f"{CLUSTER}/{each}"
        for each in (
            "money",
            "ledger",
            "plan",
            "concerns",
            "workgroup",
            "papers",
            "working-groups",
            "evaluation",
            "stages",
            "requests",
            "contributions",
            "open-figures",
            "decisions",
        )
    }
    assert "/register/" not in page
    assert "concerns/new" not in page


def test_a_screen_leads_nowhere(store: Store, places: dict[str, int]) -> None:
    page = shown(store, "/screen/mill-cluster", Grant(Role.STEERING, cluster_id=places["mill"]))
    assert "href" not in page
    assert "/register/" not in page


LEDGER: Final = f"{CLUSTER}/ledger?year=2016-17&pot="
SCHOOL_PAGE: Final = "/school/ford-school?cluster=mill-cluster"


def test_every_amount_leads_to_the_lines_behind_it(store: Store, places: dict[str, int]) -> None:
    """Of who sees the cluster whole, and of the bursar, who sees nothing else of it (R.2)."""
    for grant in (Grant(Role.DIRECTOR), Grant(Role.BURSAR, cluster_id=places["mill"])):
        page = shown(store, f"{CLUSTER}/money", grant)
        assert led_to(page, OF_THE_MONEY) >= {f"{CLUSTER}/ledger", f"{CLUSTER}/requests", f"{CLUSTER}/contributions"}
        for lines in (
            "lead_held&part=A", "school_held&part=release", "lead_held&part=A&use=A1&state=spent,promised",
            "lead_held&part=A&use=A1&purpose=none&state=spent,promised",
            "lead_held&school=none&state=spent,promised", "lead_held&target=none&state=spent,promised",
            "school_held&part=release&school=ford-school",
        ):  # fmt: skip
            assert f'"{LEDGER}{lines}"' in page
        assert (f'"href": "{CLUSTER}?year=2016-17"' in page) is (grant.role is Role.DIRECTOR)
    director = Grant(Role.DIRECTOR)
    assert f'"{LEDGER}lead_held&part=A"' in shown(store, CLUSTER, director)
    assert f'"{LEDGER}school_held&part=release&school=ford-school"' in shown(store, "/school/ford-school", director)


def test_a_headteacher_is_led_to_the_own_schools_lines_alone(store: Store, places: dict[str, int]) -> None:
    head = Grant(Role.HEADTEACHER, school_id=places["ford"])
    for path in (CLUSTER, f"{CLUSTER}/money"):
        page = shown(store, path, head)
        assert f'"{LEDGER}school_held&part=release"' in page
        assert f"{LEDGER}lead_held" not in page
    assert led_to(shown(store, f"{CLUSTER}/money", head), OF_THE_MONEY) == {
        f"{CLUSTER}/ledger",
        f"{CLUSTER}/contributions",
    }
