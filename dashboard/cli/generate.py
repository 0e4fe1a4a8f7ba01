"""The command that fills an empty store with illustrative data."""

import json
from datetime import date
from typing import Annotated

import typer

from dashboard import migrations
from dashboard.cli.opening import named_store
from dashboard.generate import GeneratedCounts, GenerateRefused, generate


def register(app: typer.Typer) -> None:
    """Add `generate` to the command line."""
    app.command("generate")(_generate)


def _generate(
    clusters: Annotated[int, typer.Option(help="How many clusters to make.")],
    schools: Annotated[int, typer.Option(help="How many schools to make; each belongs to one cluster.")],
    years: Annotated[int, typer.Option(help="How many academic years, the last being the present one.")] = 3,
    seed: Annotated[int, typer.Option(help="Another seed makes other data; the same one the same.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Fill an empty store with illustrative data of a size you choose."""
    store = named_store()
    try:
        migrations.upgrade(store)
        counts = generate(
            store, clusters=clusters, schools=schools, years=years, seed=seed, today=date.today(), report=_progress
        )
    except GenerateRefused as refused:
        typer.echo(f"Nothing was stored: {refused}.", err=True)
        raise typer.Exit(2) from refused
    finally:
        store.close()
    typer.echo(json.dumps(_as_json(counts, seed)) if as_json else _as_text(counts))


def _progress(line: str) -> None:
    typer.echo(line, err=True)


def _as_json(counts: GeneratedCounts, seed: int) -> dict[str, object]:
    return {
        "batch": counts.batch_id,
        "stored": True,
        "seed": seed,
        "years": [counts.first_year, counts.last_year],
        "added": counts.total,
        "rows": counts.rows,
    }


def _as_text(counts: GeneratedCounts) -> str:
    lines = [f"Batch {counts.batch_id}: {counts.total:,} illustrative rows, {counts.first_year} to {counts.last_year}"]
    return "\n".join([*lines, *(f"  {table}: {number:,}" for table, number in counts.rows.items())])
