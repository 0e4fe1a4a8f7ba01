"""What `export` writes beside tables: the board pack of a cluster, as `export report … --to FILE.pdf`."""

from datetime import date

from dashboard.access import EVERYTHING
from dashboard.db import Session
from dashboard.directory.view import view_cluster
from dashboard.exporting import Asked, ExportRefused, Written, export
from dashboard.paper.facts import load_facts
from dashboard.paper.pack import pack_of_cluster
from dashboard.paper.typesetting import PaperRefused, typeset


def write(session: Session, asked: Asked, as_of: date) -> Written:
    """A table, or the report of one cluster and year as a board pack: its rows are those of its tables."""
    if asked.kind != "report":
        return export(session, EVERYTHING, asked, as_of)
    if asked.ending != "pdf":
        ending = f"“.{asked.ending}”" if asked.ending else "a name without an ending"
        raise ExportRefused(f"{ending} is no form of report; name the file .pdf.")
    if asked.cluster is None or asked.every_year:
        raise ExportRefused("A report is of one cluster and one year; name the cluster, and a year or none.")
    view = view_cluster(session, EVERYTHING, asked.cluster, year=asked.year, as_of=as_of)
    if view is None:
        raise ExportRefused(f"There is no cluster “{asked.cluster}”.")
    paper = pack_of_cluster(load_facts(session, view, decisions=True))
    try:
        return Written(typeset(paper, as_of), paper.rows)
    except PaperRefused as refusal:
        raise ExportRefused(str(refusal)) from refusal
