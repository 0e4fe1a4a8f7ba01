"""Two clusters of two programmes with schools of known phases; the Weir Cluster is the decoy."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from dashboard.academic_year import AcademicYear
from dashboard.access import Grant, Reader, Scope
from dashboard.audit import Actor
from dashboard.db import Store
from dashboard.models import Cluster
from dashboard.vocabulary import PersonRole, Phase, Role
from dashboard.workgroups.commands import ByForm, Line, Received, ReturnBook
from dashboard.workgroups.pages import workgroup_pages
from tests import builders as put
from tests.plain_pages import Browser

YEAR: Final = AcademicYear(2022)
SEPTEMBER: Final = datetime.fromisoformat("2022-09-20T09:00:00+00:00")
DERBY: Final = {
    "workgroup_secondaries": "1", "workgroup_feeder_primaries_min": "1", "workgroup_ks3_lead": "yes",
    "workgroup_year_6_teacher": "yes", "workgroup_english_lead_invited": "yes",
}  # fmt: skip
KS3, Y6, ENGLISH = PersonRole.KEY_STAGE_3_LEAD, PersonRole.YEAR_6_TEACHER, PersonRole.ENGLISH_LEAD


@dataclass(frozen=True)
class Places:
    """The numbers of what `settle` put there."""

    river: int
    hill: int
    mill: int
    weir: int
    high: int
    ford: int
    lock: int
    decoy: int


def settle(session: Session) -> Places:
    """Mill Cluster: Mill High (secondary), Ford Primary and Lock Primary. Weir Cluster: Decoy Primary."""
    river, hill = put.programme(session, "River", **DERBY), put.programme(session, "Hill", **DERBY)
    river.ends = date(2023, 7, 31)
    mill, weir = put.cluster(session, "Mill Cluster", under=river), put.cluster(session, "Weir Cluster", under=hill)
    mill.focus = "reading"
    high = put.school(session, "Mill High", within=mill)
    ford, lock = (put.school(session, name, within=mill) for name in ("Ford Primary", "Lock Primary"))
    decoy = put.school(session, "Decoy Primary", within=weir)
    high.phase = Phase.SECONDARY
    for each in (ford, lock, decoy):
        each.phase = Phase.PRIMARY
    session.flush()
    return Places(river.id, hill.id, mill.id, weir.id, high.id, ford.id, lock.id, decoy.id)


def settled(store: Store) -> Places:
    with store.writing() as session:
        return settle(session)


def whole(at: Places) -> list[Line]:
    """A return that lacks nothing."""
    return [
        Line(at.high, "Kit Kale", (KS3,), "kit@example.org"),
        Line(at.ford, "Ann Alder", (Y6, ENGLISH), "ann@example.org", (5, 6)),
    ]


def received(
    store: Store, cluster_id: int, lines: list[Line], at: datetime = SEPTEMBER, year: AcademicYear = YEAR
) -> Received:
    """A return that came by a form, behind no wall."""
    with store.writing() as session:
        cluster = session.get_one(Cluster, cluster_id)
        return ReturnBook(ByForm(session), cluster, year).receive(lines, received_at=at, account_id=None)


def coordinator(cluster_id: int) -> Reader:
    return Reader("Co-ordinator", (Grant(Role.COORDINATOR, cluster_id=cluster_id),), known_as="coordinator")


def director(programme_id: int | None = None) -> Reader:
    return Reader("Director", (Grant(Role.DIRECTOR, programme_id=programme_id),), known_as="director")


ACTOR: Final = Actor("coordinator", "here")


def of_cluster(cluster_id: int) -> Scope:
    return Scope(cluster_ids=frozenset({cluster_id}))


class Desk(Browser):
    """Reads and sends the pages of workgroups as one reader."""

    pages = (workgroup_pages,)

    def form(self, path: str = "/cluster/mill-cluster/workgroup?year=2022-23&change=yes") -> dict[str, Any]:
        """The fields of the form on a page as a browser would send them, the ticked boxes as lists."""
        return fields(self.get(path).text)

    def send(self, form: dict[str, Any], what: str = "save", slug: str = "mill-cluster") -> TestResponse:
        return self.client.post(f"/cluster/{slug}/workgroup?year=2022-23", data={**form, "what": what})


_INPUT: Final = re.compile(r"<input ([^>]*)>")
_SELECT: Final = re.compile(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
_NAMED: Final = re.compile(r'(\w[\w-]*)="([^"]*)"')


def fields(page: str) -> dict[str, Any]:
    """What a browser would send of the form of a return."""
    part = page[page.index("Never name a pupil") :]
    found: dict[str, Any] = {}
    for each in _INPUT.finditer(part):
        said = dict(_NAMED.findall(each[1]))
        if said.get("type") != "checkbox":
            found[said["name"]] = said.get("value", "")
        elif re.search(r"\bchecked\b", each[1]):
            found.setdefault(said["name"], []).append(said.get("value", "y"))
    for name, options in _SELECT.findall(part):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found
