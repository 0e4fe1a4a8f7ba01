"""A small world with people in it: a cluster whose programme is over, and a decoy with a namesake that must stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.db import Store
from dashboard.directory.view import view_cluster
from dashboard.models import (
    Account,
    AccountGrant,
    Aim,
    AimWording,
    Appointment,
    ApprovalRequest,
    Cluster,
    Concern,
    ConcernStep,
    Decision,
    FeedLink,
    LifecycleEvent,
    LifecycleReason,
    Meeting,
    OpenRegister,
    OverviewVisit,
    Passkey,
    Person,
    PersonMark,
    Programme,
    SavedView,
    School,
    SchoolAlias,
    ScreenLink,
    SetUpLink,
    WatchedCluster,
    WebSession,
    WorkgroupLine,
    WorkgroupReturn,
)
from dashboard.reports.cluster import report_cluster
from dashboard.vocabulary import (
    CriterionState,
    EventKind,
    Mark,
    Part,
    PersonRole,
    Pot,
    RequestKind,
    RequestState,
    Role,
    StepKind,
)
from tests import builders as put

END: Final = date(2017, 7, 31)
"""The last day of the programme that is over."""
TODAY: Final = date(2017, 9, 1)
WHEN: Final = datetime(2017, 8, 31, 9, tzinfo=UTC)
"""The day before, when the accounts were last at work."""
NAME: Final = "Zebedee Quill"
EMAIL: Final = "Zebedee.Quill@mill.example.org"
OTHER: Final = "Ottoline Marsh"


@dataclass(frozen=True)
class World:
    """The numbers of what stands in the store."""

    mill: int
    decoy: int
    school: int
    decoy_school: int
    person: int
    """In the cluster whose programme is over, with everything that hangs on a person."""
    other: int
    """Another contact of the same school, kept longer by a date of its own."""
    namesake: int
    """Somebody of the same name and initials in the decoy, whose programme goes on."""
    unknown: int
    """Nobody knows how long this one is kept."""
    account: int
    """Of the person, by the same address."""
    administrator: int


def make_world(store: Store) -> World:
    """Put the world into a store."""
    with store.writing() as session:
        over, going_on = put.programme(session, "Over"), put.programme(session, "Going on")
        over.ends, going_on.ends = END, END + timedelta(days=365)
        mill = put.cluster(session, "Mill Cluster", under=over)
        decoy = put.cluster(session, "Decoy Cluster", under=going_on)
        ford = put.school(session, "Ford School", within=mill)
        weir = put.school(session, "Weir School", within=decoy)
        person, other, namesake, unknown = _people(session)
        _roles(session, mill, ford, decoy, weir, person, other, namesake, unknown)
        _figures(session, mill, ford, (person, other))
        _figures(session, decoy, weir, (namesake,))
        _events(session, mill, ford, person, other)
        _returns(session, mill, ford, person, other)
        _returns(session, decoy, weir, namesake, None)
        account, administrator = accounts(session, mill)
        for cluster, school, who in ((mill, ford, account), (decoy, weir, administrator)):
            _work(session, cluster, school, who)
        return World(
            mill.id,
            decoy.id,
            ford.id,
            weir.id,
            person.id,
            other.id,
            namesake.id,
            unknown.id,
            account.id,
            administrator.id,
        )


def _people(session: Session) -> tuple[Person, Person, Person, Person]:
    return (
        put.put(session, Person(name=NAME, initials="ZQ", work_email=EMAIL, purpose="science leads of the cluster")),
        put.put(
            session,
            Person(name=OTHER, initials="OM", work_email="om@mill.example.org", delete_after=END + timedelta(days=99)),
        ),
        put.put(
            session, Person(name=NAME, initials="ZQ", work_email="zq@weir.example.org", purpose="head of the decoy")
        ),
        put.put(session, Person(name="Una Kerr", work_email="una@example.org")),
    )


def _roles(
    session: Session, mill: Cluster, ford: School, decoy: Cluster, weir: School, person: Person, other: Person,
    namesake: Person, unknown: Person,
) -> None:  # fmt: skip
    for each, role, cluster, school in (
        (person, PersonRole.SUBJECT_LEAD, mill, ford),
        (other, PersonRole.HEADTEACHER, mill, ford),
        (namesake, PersonRole.HEADTEACHER, decoy, weir),
        (unknown, PersonRole.DIRECTOR, None, None),
    ):
        appointment = Appointment(
            person_id=each.id, role=role, cluster_id=cluster and cluster.id, school_id=school and school.id
        )
        put.put(session, appointment)
    former = Appointment(person_id=other.id, role=PersonRole.SUBJECT_LEAD, cluster_id=mill.id, school_id=ford.id)
    former.ends, former.replaced_by_id = date(2016, 8, 31), person.id
    put.put(session, former)
    later = Appointment(person_id=person.id, role=PersonRole.MENTOR, cluster_id=mill.id, year_groups=[5, 6])
    later.starts, later.ends, later.replaced_by_id = date(2016, 9, 1), date(2017, 1, 1), other.id
    put.put(session, later)


def _figures(session: Session, of: Cluster, school: School, people: Sequence[Person]) -> None:
    """A register by person, money and a plan, so that every figure of a report stands for something."""
    for number, said in enumerate((Mark.PRESENT, Mark.APOLOGIES, Mark.ABSENT, Mark.PRESENT), start=4):
        held = put.meeting(session, of, date(2016, 10, number))
        put.mark(session, held, school, said)
        for each in people:
            row = PersonMark(meeting_id=held.id, school_id=school.id, person_id=each.id, mark=said)
            row.note = f"{each.name} came late" if said is Mark.PRESENT else None
            put.put(session, row)
    put.allocation(session, of, 100_000)
    put.line(session, of, 40_025)
    put.allocation(session, of, 50_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=school)
    target = put.target(
        session, of, "SCIENCE", criteria=(CriterionState.MET, CriterionState.NOT_MET), evidence_on=(None,)
    )
    target.owner = "zq"
    named = put.target(session, of, "ARTS", position=2)
    named.owner = f"{NAME}, arts lead"
    put.put(session, SchoolAlias(school_id=school.id, cluster_id=of.id, alias=f"{of.name} alias", confirmed_by=NAME))
    aim = put.put(session, Aim(cluster_id=of.id, position=1, text="Reading"))
    put.put(session, AimWording(aim_id=aim.id, wording="To read", confirmed_by=EMAIL))


def _events(session: Session, mill: Cluster, ford: School, person: Person, other: Person) -> None:
    for who, replaced_by in ((person, other), (other, person)):
        event = LifecycleEvent(
            cluster_id=mill.id, school_id=ford.id, kind=EventKind.SABBATICAL, happened_on=date(2017, 1, 9)
        )
        event.person_id, event.replaced_by_person_id = who.id, replaced_by.id
        put.put(session, event)
        reason = LifecycleReason(event_id=event.id, cluster_id=mill.id, reason=f"{who.initials} was ill")
        put.put(session, reason)


def _returns(session: Session, of: Cluster, school: School, first: Person, second: Person | None) -> None:
    """Two versions of a return. In the first one somebody takes over from the other, in the second one it is turned."""
    for version, pair in ((1, (first, second)), (2, (second, first))):
        sent = WorkgroupReturn(cluster_id=of.id, year=2016, version=version, received_at=WHEN)
        put.put(session, sent)
        for number, who in enumerate(pair):
            if who is None:
                continue
            line = WorkgroupLine(return_id=sent.id, cluster_id=of.id, school_id=school.id, person_id=who.id)
            line.roles, line.year_groups, line.starts = ["subject_lead", "mentor"], [5, 6], date(2016, 9, 1)
            colleague = pair[1] if number == 0 else None
            line.replaces_id = colleague.id if colleague else None
            put.put(session, line)


def _work(session: Session, of: Cluster, school: School, account: Account) -> None:
    """What an account did: a return sent, a concern raised with a step, a register open, a calendar that reads."""
    for sent in session.scalars(sa.select(WorkgroupReturn).where(WorkgroupReturn.cluster_id == of.id)):
        sent.returned_by_id = account.id
    concern = Concern(
        cluster_id=of.id, school_id=school.id, summary="Nobody came twice", raised_on=date(2017, 8, 1),
        raised_by_id=account.id, raised_as="coordinator",
    )  # fmt: skip
    put.put(session, concern)
    decision = Decision(cluster_id=of.id, words="Buy together", about="open book", noted_by_id=account.id)
    decision.decided_on, decision.noted_as = date(2017, 8, 3), "coordinator"
    put.put(session, decision)
    put.put(session, ConcernStep(concern_id=concern.id, kind=StepKind.WROTE_TO_THE_HEAD, taken_on=date(2017, 8, 2)))
    asked = ApprovalRequest(
        cluster_id=of.id, school_id=school.id, kind=RequestKind.TRAVEL, summary="Nobody drives twice",
        asked_on=date(2017, 8, 3), asked_by_id=account.id, asked_as="coordinator", state=RequestState.WITHDRAWN,
        decided_by_id=account.id, decided_as="coordinator",
    )  # fmt: skip
    put.put(session, asked)
    held = session.scalars(sa.select(Meeting).where(Meeting.cluster_id == of.id).order_by(Meeting.id)).first()
    assert held is not None
    page = OpenRegister(meeting_id=held.id, page=f"page {account.id}", account_id=account.id, seen_at=WHEN)
    put.put(session, page)
    link = FeedLink(account_id=account.id, token_sha256=f"feed-secret-{account.id}", label=f"phone of {account.id}")
    link.created_at = WHEN
    put.put(session, link)
    put.put(session, WatchedCluster(account_id=account.id, cluster_id=of.id, since=WHEN))
    put.put(session, SavedView(account_id=account.id, name="mine", query="flag=unspent", saved_at=WHEN))
    put.put(session, OverviewVisit(account_id=account.id, seen_at=WHEN))


def accounts(session: Session, mill: Cluster) -> tuple[Account, Account]:
    """The person's account with everything on it, and an administrator's, which is the only one."""
    when = datetime(2017, 8, 30, 9, tzinfo=UTC)
    mine = Account(
        email=EMAIL.lower(), name=NAME, password="$argon2$secret", fs_uniquifier="unique-secret", created_at=when,
        fs_webauthn_user_handle="handle-secret", tf_primary_method="authenticator", tf_totp_secret="totp-secret",
        mf_recovery_codes=["recovery-secret"], last_signed_in_at=when,
    )  # fmt: skip
    theirs = Account(email="admin@example.org", name="Ada Min", fs_uniquifier="other-secret", created_at=when)
    theirs.last_signed_in_at = when
    for account, role, cluster in ((mine, Role.COORDINATOR, mill.id), (theirs, Role.ADMINISTRATOR, None)):
        put.put(session, account)
        put.put(session, AccountGrant(account_id=account.id, role=role, cluster_id=cluster, granted_at=when))
        _way_in(session, account, mill, when)
    put.put(session, SetUpLink(token_sha256="set-up-digest", created_at=when, expires_at=when + timedelta(days=1)))
    return mine, theirs


def _way_in(session: Session, account: Account, mill: Cluster, when: datetime) -> None:
    passkey = Passkey(
        user_id=account.id, credential_id=f"credential-secret-{account.id}".encode(), public_key=b"public-key-secret",
        backup_state=False, device_type="single", lastuse_datetime=when, create_datetime=when, usage="secondary",
        name=f"key ring of {account.name}",
    )  # fmt: skip
    put.put(session, passkey)
    browser = WebSession(
        token_sha256=f"session-secret-{account.id}", account_id=account.id, data=b"session-data-secret"
    )
    browser.created_at = browser.last_seen_at = when
    browser.user_agent = f"Browser of {account.name}"
    put.put(session, browser)
    link = ScreenLink(cluster_id=mill.id, token_sha256=f"link-secret-{account.id}", label=f"room of {account.id}")
    link.created_at, link.created_by_id, link.expires_at = when, account.id, when + timedelta(days=90)
    put.put(session, link)


def reports(store: Store) -> list[Any]:
    """The figures of both clusters, to the letter."""
    found = []
    with store.reading() as session:
        for slug in ("mill-cluster", "decoy-cluster"):
            view = view_cluster(session, EVERYTHING, slug, year=AcademicYear(2016), as_of=TODAY)
            assert view is not None
            found.append(report_cluster(session, view))
    return found


def programme_of(session: Session, cluster_id: int) -> Programme:
    """The programme of a cluster."""
    return session.get_one(Programme, session.get_one(Cluster, cluster_id).programme_id)
