"""The grid of a ledger: rows from a spreadsheet are pasted, checked cell by cell, stored as one batch and undone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import EVERYTHING, Action, Object
from dashboard.changes import UndoRefused, undo_batch
from dashboard.directory.queries import ClusterFacts, find_cluster
from dashboard.funding.lines import SchoolChoice, load_schools_to_choose
from dashboard.funding.paste import (
    COLUMNS,
    MOST_ROWS,
    Cells,
    Found,
    Grid,
    PasteBook,
    TooManyRows,
    find_pasted,
    is_empty,
    split,
)
from dashboard.funding.words import PART_WORDS, POT_WORDS, PURPOSE_WORDS, STATE_WORDS, USE_WORDS, to_the_penny
from dashboard.sheets import clean
from dashboard.vocabulary import LineState, Part, Pot
from dashboard.web.bodies import takes_rows
from dashboard.web.context import the_actor, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid, counted, sentence

paste_pages = Blueprint("paste", __name__, template_folder="templates")

_GRID: Final = "/cluster/<slug>/ledger/paste"
_BATCH: Final = f"{_GRID}/<int(max=2147483647):batch_id>"
_FEW: Final = 5
"""Empty rows of a new grid, and how many are added at once."""
_LONGEST_TEXT: Final = 300_000

HEADS: Final[Mapping[str, str]] = {
    "date": "Date", "pot": "Holder", "part": "Part", "use_code": "Use", "purpose": "Purpose", "supplier": "Supplier",
    "description": "Description", "reference": "Reference", "amount": "Net £", "vat": "VAT £", "state": "State",
    "school": "School",
}  # fmt: skip
"""What the grid's columns are called."""


@paste_pages.get(_GRID)
@needs(Action.EDIT, Object.LEDGER)
def grid(slug: str) -> ResponseReturnValue:
    """An empty grid."""
    cluster, schools = _find(slug)
    return _page(cluster, schools, Grid(cluster, _padded([]), _defaults(cluster, schools)))


@paste_pages.post(_GRID)
@takes_rows
@needs(Action.EDIT, Object.LEDGER)
def send(slug: str) -> ResponseReturnValue:
    """Do with the rows what the pressed button says; nothing is stored but by the one that stores."""
    cluster, schools = _find(slug)
    sent = _sent(cluster)
    how = request.form.get("how", "check")
    if how == "split":
        return _split(cluster, schools, sent)
    if how == "add" or how.startswith("remove-"):
        return _page(cluster, schools, _other_rows(sent, how))
    rows = [row for row in sent.rows if not is_empty(row)]
    if not rows:
        return _page(cluster, schools, sent, said="There is nothing in the grid yet. Paste rows, or type them."), 422
    sent = Grid(cluster, rows, sent.defaults, sent.as_it_happened, sent.reason)
    with access.writing(the_store(), the_scope()) as writing:
        book = PasteBook(writing, the_actor(), the_scope(), date.today())
        found = book.store(sent) if how == "store" else book.look_at(sent)
    if found.result.batch is not None:
        return flask.redirect(flask.url_for("paste.stored", slug=slug, batch_id=found.result.batch), 303)
    shown = _page(cluster, schools, sent, found=found, storing=how == "store")
    return shown, 200 if found.clean and not found.breaches else 422


@paste_pages.get(_BATCH)
@needs(Action.EDIT, Object.LEDGER)
def stored(slug: str, batch_id: int) -> ResponseReturnValue:
    """What was stored, and the button that takes it back."""
    cluster, _ = _find(slug)
    with access.reading(the_store(), the_scope()) as reading:
        found = find_pasted(reading, the_scope(), cluster, batch_id, the_actor())
    if found is None:
        not_there("see", "batch", str(batch_id))
    return page(
        "ledger/pasted.html", f"{_lines(len(found.lines))} stored",
        cluster=cluster, pasted=found, net=to_the_penny(sum(row.amount for row in found.lines)),
        vat=to_the_penny(sum(row.vat for row in found.lines)), state_words=STATE_WORDS, part_words=PART_WORDS,
        pot_words=POT_WORDS,
    )  # fmt: skip


@paste_pages.post(f"{_BATCH}/undo")
@needs(Action.EDIT, Object.LEDGER)
def undo(slug: str, batch_id: int) -> ResponseReturnValue:
    """Take the rows out again that the same person stored on this day."""
    cluster, _ = _find(slug)
    with access.reading(the_store(), the_scope()) as reading:
        found = find_pasted(reading, the_scope(), cluster, batch_id, the_actor())
    if found is None:
        not_there("edit", "batch", str(batch_id))
    back = flask.redirect(flask.url_for("paste.stored", slug=slug, batch_id=batch_id), 303)
    if not found.may_undo:
        flask.flash(
            "Rows are taken out on the day they were stored, by whoever stored them. Reverse the lines.", "error"
        )
        return back
    try:
        # What a batch wrote is recorded behind every wall; that all of it is the writer's own was looked at above.
        with access.writing(the_store(), EVERYTHING) as writing:
            undo_batch(writing, batch_id, the_actor())
    except UndoRefused as refusal:
        flask.flash(f"Nothing was taken out: {refusal}.", "error")
        return back
    flask.flash(f"{_lines(len(found.lines))} taken out again.")
    return flask.redirect(flask.url_for("paste.grid", slug=slug), 303)


def _find(slug: str) -> tuple[ClusterFacts, list[SchoolChoice]]:
    """The cluster of an address and the schools that a row may name; what is another's is not there."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_cluster(reading, the_scope(), slug) if slug.isprintable() else None
        if cluster is None:
            not_there("edit", "ledger", slug)
        return cluster, load_schools_to_choose(reading, the_scope(), cluster.id)


def _lines(number: int) -> str:
    return sentence(f"{counted(number, 'line')} {'is' if number == 1 else 'are'}")


def _defaults(cluster: ClusterFacts, schools: Sequence[SchoolChoice]) -> dict[str, str]:
    if cluster.whole:
        return {"pot": Pot.LEAD_HELD, "part": ""}
    return {"pot": Pot.SCHOOL_HELD, "part": Part.RELEASE, "school": schools[0].school if len(schools) == 1 else ""}


def _sent(cluster: ClusterFacts) -> Grid:
    """The grid as it was sent."""
    columns = {name: request.form.getlist(name) for name in COLUMNS}
    heights = {len(cells) for cells in columns.values()}
    if len(heights) > 1 or max(heights) > MOST_ROWS:
        flask.abort(400)
    rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    said = {name: request.form.get(f"all-{name}", "") for name in ("pot", "part", "school")}
    return Grid(
        cluster, rows, {name: value for name, value in said.items() if value}, "as_it_happened" in request.form,
        " ".join(clean(request.form.get("reason", "")).split())[:500] or None,
    )  # fmt: skip


def _split(cluster: ClusterFacts, schools: Sequence[SchoolChoice], sent: Grid) -> ResponseReturnValue:
    text = request.form.get("rows", "")[:_LONGEST_TEXT]
    try:
        new = split(text)
        kept = [row for row in sent.rows if not is_empty(row)]
        if len(kept) + len(new) > MOST_ROWS:
            raise TooManyRows(f"The grid holds at most {MOST_ROWS} rows; store those that are there first.")
    except TooManyRows as refusal:
        return _page(cluster, schools, sent, said=str(refusal), text=text), 422
    return _page(cluster, schools, Grid(cluster, _padded([*kept, *new], 0), sent.defaults))


def _other_rows(sent: Grid, how: str) -> Grid:
    rows = list(sent.rows)
    number = how.removeprefix("remove-")
    if number.isascii() and number.isdecimal() and len(number) < 5 and int(number) < len(rows):
        del rows[int(number)]
    elif how == "add":
        rows = [*rows, *([_empty()] * min(_FEW, MOST_ROWS - len(rows)))]
    return Grid(sent.cluster, _padded(rows, 1), sent.defaults, sent.as_it_happened, sent.reason)


def _padded(rows: list[Cells], least: int = _FEW) -> list[Cells]:
    return [*rows, *([_empty()] * (max(least, 1) - len(rows)))]


def _empty() -> Cells:
    return dict.fromkeys(COLUMNS, "")


def _page(
    cluster: ClusterFacts,
    schools: Sequence[SchoolChoice],
    sent: Grid,
    *,
    found: Found | None = None,
    said: str | None = None,
    text: str = "",
    storing: bool = False,
) -> str:
    offered = {
        "pot": POT_WORDS if cluster.whole else {Pot.SCHOOL_HELD: POT_WORDS[Pot.SCHOOL_HELD]},
        "part": PART_WORDS,
        "use_code": USE_WORDS,
        "purpose": PURPOSE_WORDS,
        "state": {state: words for state, words in STATE_WORDS.items() if state is not LineState.REVERSED},
        "school": {each.name: "" for each in schools},
    }
    return page(
        "ledger/paste.html", f"Paste rows into the ledger of {amid(cluster.name)}",
        cluster=cluster, schools=schools, grid=sent, found=found, said=said, text=text, storing=storing, heads=HEADS,
        columns=COLUMNS, offered=offered, most=MOST_ROWS, pot_words=offered["pot"], part_words=PART_WORDS,
        breaches=sum(map(len, found.breaches.values())) if found else 0,
        new=found.result.added if found else 0, there=found.result.unchanged + found.result.changed if found else 0,
    )  # fmt: skip
