"""Every import leaves one event, its undoing another, and each row what stood there before and after (case 48)."""

from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.audit import Actor
from dashboard.changes import Changes, undo_batch
from dashboard.db import Store
from dashboard.importing import IMPORTERS
from dashboard.models import Account, AuditEvent, BatchChange, Cluster, ImportBatch, School, Stage
from dashboard.vocabulary import Attempt
from tests import builders as put
from tests.floor.events import events, faults
from tests.uploads import MILL, add_two_clusters, bring, brought, undo

COORDINATOR = Actor("coordinator", "203.0.113.9", 7)


@dataclass(frozen=True)
class Upload:
    """A small file of one kind, one that changes what the first brought, and what a person says beside them."""

    kind: str
    text: str
    changed: str
    options: dict[str, Any] = field(default_factory=dict)


UPLOADS = (
    Upload(
        "schools", "name,urn,cluster,pupils\nMill Two,100009,Mill Cluster,20\n",
        "name,urn,pupils\nMill Two,100009,21\n",
    ),
    Upload("clusters", "name,focus\nMill Cluster,Science\n", "name,focus\nMill Cluster,Arts\n"),
    Upload(
        "attendance", "school,2016-10-05\nMill Primary School,P\n", "school,2016-10-05\nMill Primary School,A\n",
        {"cluster": MILL},
    ),
    Upload(
        "allocations", "year,pot,part,amount\n2016-17,lead_held,A,1200\n",
        "year,pot,part,amount\n2016-17,lead_held,A,1300\n", {"cluster": MILL},
    ),
    Upload(
        "spend", "date,pot,part,amount,state\n2016-10-05,lead_held,A,100.00,committed\n",
        "date,pot,part,amount,state\n2016-10-05,lead_held,A,100.00,paid\n", {"cluster": MILL},
    ),
    Upload(
        "plan", "target,code,criteria\nRead more,READ-SEPT16,Ten books\n",
        "target,code,criteria\nRead much more,READ-SEPT16,Ten books\n", {"cluster": MILL},
    ),
    Upload(
        "benchmarks", "school,year,measure,value,unit\nMill Primary School,2009-10,Pupils,231,count\n",
        "school,year,measure,value,unit\nMill Primary School,2009-10,Pupils,232,count\n", {"cluster": MILL},
    ),
    Upload(
        "workgroup", "school,name,roles,year_groups\nMill Primary School,Tess Reed,science lead,6\n",
        "school,name,roles,year_groups\nMill Primary School,Tess Reed,science lead,5\n",
        {"cluster": MILL, "year": AcademicYear(2016)},
    ),
    Upload(
        "concerns", "school,raised,raised_as,summary\nMill Primary School,2016-10-05,coordinator,Seldom there\n",
        "school,raised,raised_as,summary,closed,decision\n"
        "Mill Primary School,2016-10-05,coordinator,Seldom there,2016-12-01,settled\n", {"cluster": MILL},
    ),
    Upload(
        "events", "school,event,date,until\nMill Primary School,sabbatical,2017-01-09,2017-02-10\n",
        "school,event,date,until\nMill Primary School,sabbatical,2017-01-09,2017-03-10\n", {"cluster": MILL},
    ),
    Upload(
        "requests",
        "cluster,kind,summary,asked,asked_as,state\nMill Cluster,travel,Coach,2017-01-10,coordinator,waiting\n",
        "cluster,kind,summary,asked,asked_as,state,decided,decided_as,reason\n"
        "Mill Cluster,travel,Coach,2017-01-10,coordinator,declined,2017-01-12,advisor,Too far\n",
    ),
    Upload(
        "contributions",
        "cluster,school,year,kind,amount,for\nMill Cluster,Mill Primary School,2016-17,cash,40.00,Kit\n",
        "cluster,school,year,kind,amount,for\nMill Cluster,Mill Primary School,2016-17,cash,45.00,Kit\n",
    ),
    Upload(
        "grants",
        "cluster,kind,funder,for,applied,state\nMill Cluster,grant,Sea Fund,Boats,2016-10-01,applied\n",
        "cluster,kind,funder,for,applied,decided,won,state\n"
        "Mill Cluster,grant,Sea Fund,Boats,2016-10-01,2016-12-01,50.00,won\n",
    ),
    Upload(
        "stages", "stage,start\nStage One,2016-09-01\n", "stage,start,end\nStage One,2016-09-01,2017-08-31\n",
        {"cluster": MILL},
    ),
    Upload("working-groups", "name,status\nNumeracy,planned\n", "name,status\nNumeracy,at work\n", {"cluster": MILL}),
    Upload(
        "self-evaluation", "school,area,answer\nMill Primary School,Writing,so so\n",
        "school,area,answer\nMill Primary School,Writing,works well\n",
        {"cluster": MILL, "year": AcademicYear(2016)},
    ),
    Upload(
        "collaboration-notes", "kind,tag,words\nbarrier,timing,In the week of the tests\n",
        "kind,tag,words\nbarrier,dates,In the week of the tests\n", {"cluster": MILL, "year": AcademicYear(2016)},
    ),
)  # fmt: skip


@pytest.fixture
def two_clusters(store: Store) -> Store:
    add_two_clusters(store)
    with store.writing() as session:
        session.add(Account(id=7, email="coordinator@example.org", fs_uniquifier="7"))
        programme = put.programme(session)
        put.put(session, Stage(programme_id=programme.id, position=1, name="Stage One"))
        session.scalars(sa.select(Cluster).where(Cluster.slug == MILL)).one().programme_id = programme.id
    return store


def cluster_id(store: Store, slug: str) -> int:
    with store.reading() as session:
        return session.scalars(sa.select(Cluster.id).where(Cluster.slug == slug)).one()


def told_since(store: Store, before: int) -> list[AuditEvent]:
    return [event for event in events(store) if event.id > before]


def edits_of(store: Store, batch: int | None) -> list[BatchChange]:
    with store.reading() as session:
        edited = BatchChange.before.is_not(None)
        return list(session.scalars(sa.select(BatchChange).where(BatchChange.batch_id == batch, edited)))


def test_every_kind_of_file_is_tried() -> None:
    assert {each.kind for each in UPLOADS} == set(IMPORTERS)


@pytest.mark.parametrize("upload", UPLOADS, ids=lambda each: each.kind)
def test_an_import_leaves_exactly_one_event_and_undoing_it_one_more(two_clusters: Store, upload: Upload) -> None:
    before = len(events(two_clusters))
    result = brought(two_clusters, upload.kind, upload.text, actor=COORDINATOR, **upload.options)
    (event,) = told_since(two_clusters, before)
    assert (event.action, event.object_kind, event.object_key) == ("import", "batch", str(result.batch))
    assert (event.batch_id, event.outcome) == (result.batch, Attempt.DONE)
    assert (event.actor, event.origin, event.actor_id) == ("coordinator", "203.0.113.9", 7)
    assert event.after is not None
    assert event.after["kind"] == upload.kind
    assert "file.csv" not in repr(event.after), "a file may be named after a person"
    assert (event.after["added"], event.after["changed"]) == (result.added, result.changed)
    mill = cluster_id(two_clusters, MILL) if "cluster" in upload.options else None
    assert event.cluster_id == mill
    undo(two_clusters, result.batch)
    (again,) = told_since(two_clusters, event.id)
    assert (again.action, again.batch_id, again.actor, again.cluster_id) == ("undo", result.batch, "command line", mill)
    assert faults(two_clusters) == []


@pytest.mark.parametrize("upload", UPLOADS, ids=lambda each: each.kind)
def test_what_stores_nothing_leaves_no_event(two_clusters: Store, upload: Upload) -> None:
    brought(two_clusters, upload.kind, upload.text, **upload.options)
    before = len(events(two_clusters))
    bring(two_clusters, upload.kind, upload.text, **upload.options)
    bring(two_clusters, upload.kind, upload.changed, dry_run=True, **upload.options)
    bring(two_clusters, upload.kind, "nothing,of,the,kind\n1,2,3,4\n", **upload.options)
    assert told_since(two_clusters, before) == []


@pytest.mark.parametrize("upload", UPLOADS, ids=lambda each: each.kind)
def test_case_48_an_edit_keeps_what_stood_there_and_what_stands_there_now(two_clusters: Store, upload: Upload) -> None:
    brought(two_clusters, upload.kind, upload.text, **upload.options)
    result = brought(two_clusters, upload.kind, upload.changed, **upload.options)
    assert result.changed
    edits = edits_of(two_clusters, result.batch)
    assert edits
    for edit in edits:
        assert edit.before is not None
        assert edit.after is not None
        assert edit.before.keys() == edit.after.keys()
        assert edit.before != edit.after


def test_an_added_row_has_no_before_and_a_removed_one_no_after(two_clusters: Store) -> None:
    with two_clusters.writing() as session:
        changes = Changes(session, ImportBatch(kind="schools", file_name="a.csv"), COORDINATOR)
        new = School(slug="new", name="New")
        changes.add(new)
        decoy = School(slug="leaves", name="Leaves")
        session.add(decoy)
        session.flush()
        changes.remove(decoy)
        changes.finish()
        batch = changes.batch.id
    with two_clusters.reading() as session:
        rows = session.scalars(sa.select(BatchChange).where(BatchChange.batch_id == batch).order_by(BatchChange.id))
        added, removed = rows
    assert (added.before, added.after) == (None, None)
    assert removed.before is not None
    assert (removed.before["name"], removed.after) == ("Leaves", None)


def test_undoing_is_told_with_who_did_it(two_clusters: Store) -> None:
    result = brought(two_clusters, "clusters", UPLOADS[1].text)
    assert result.batch is not None
    with two_clusters.writing() as session:
        undo_batch(session, result.batch, COORDINATOR)
    assert (events(two_clusters)[-1].actor, events(two_clusters)[-1].actor_id) == ("coordinator", 7)
