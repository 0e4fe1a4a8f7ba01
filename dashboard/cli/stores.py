"""Commands on the store as a whole: make it, move its schema, look after it, serve it."""

import json
import sys
from typing import Annotated

import typer

from dashboard import migrations
from dashboard.audit import find_head
from dashboard.cli.opening import named_store
from dashboard.db import Store
from dashboard.directory.queries import holds_any_cluster
from dashboard.importing import SampleRefused, load_sample
from dashboard.integrity import find_faults
from dashboard.serving import SAMPLE
from dashboard.serving import serve as serve_until_stopped
from dashboard.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(init)
    app.command()(upgrade)
    app.command()(serve)
    app.command()(check)


def init(
    sample: Annotated[bool, typer.Option("--sample/--empty", help="Load the sample from data/, or nothing.")] = True,
) -> None:
    """Make the store named by DATABASE_URL, with the sample or empty."""
    with named_store() as store:
        migrations.upgrade(store)
        if sample:
            _load_sample(store)
        else:
            print("The store is ready and empty.")


def _load_sample(store: Store) -> None:
    with store.reading() as session:
        if holds_any_cluster(session):
            print("The store holds clusters already; the sample is only for an empty one.", file=sys.stderr)
            raise typer.Exit(2)
    try:
        load_sample(store, SAMPLE, print)
    except SampleRefused as refusal:
        print(refusal, file=sys.stderr)
        raise typer.Exit(2) from refusal


def upgrade() -> None:
    """Bring the store's schema up to date."""
    with named_store() as store:
        migrations.upgrade(store)
        print(f"The schema stands at {migrations.current_revision(store)}.")


def serve() -> None:
    """Serve on HOST and PORT with the production server."""
    serve_until_stopped(Settings())


def _head(store: Store) -> tuple[int, str]:
    with store.reading() as session:
        return find_head(session)


def check(
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check the integrity of the store; exit 1 if it falls short."""
    with named_store() as store:
        faults = find_faults(store)
        events, digest = (0, "") if faults else _head(store)
    if as_json:
        said = {"sound": not faults, "faults": faults, "audit": {"events": events, "sha256": digest}}
        print(json.dumps(said, indent=2, ensure_ascii=False))
    else:
        print("\n".join(faults) or f"The store is sound. Audit: {events:,} events, the last is {digest}.")
    if faults:
        raise typer.Exit(1)
