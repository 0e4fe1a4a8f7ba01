"""The star of a cluster on its own page."""

from typing import Any

from dash import dcc, html

from dashboard.access import Action, Object, scope_for
from dashboard.db import Session
from dashboard.directory.queries import ClusterFacts
from dashboard.overview.own import is_watched
from dashboard.screens.visit import Visit


def star(session: Session, visit: Visit, cluster: ClusterFacts) -> Any:
    """Whether the reader watches a cluster, and the form that changes it; nothing for whoever has no overview of it or
    no account.
    """
    account_id = visit.reader.account_id
    reach = scope_for(visit.reader, Action.SEE, Object.OVERVIEW)
    if account_id is None or not reach.holds(cluster.id, cluster.programme_id):
        return None
    watched = is_watched(session, reach, account_id, cluster.id)
    back = visit.path + (f"?year={visit.year}" if visit.year else "")
    return html.Form(
        [
            dcc.Input(type="hidden", id="watch-token", name="csrf_token", value=""),
            dcc.Input(type="hidden", id="watch-wanted", name="wanted", value="0" if watched else "1"),
            dcc.Input(type="hidden", id="watch-back", name="back", value=back),
            html.Button(
                "★ You watch this cluster: stop watching" if watched else "☆ Watch this cluster",
                type="submit",
                className="star",
            ),
        ],
        action=f"/watch/{cluster.slug}",
        method="POST",
        className="star-form on-screen",
    )
