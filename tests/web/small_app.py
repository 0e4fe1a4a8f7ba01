"""A small Dash application with every kind of callback, behind the same guards as the product."""

from contextlib import closing
from typing import Any, Final

import flask
from dash import ALL, MATCH, Dash, Input, Output, State, dcc, html

from dashboard.web.bodies import limit_bodies, takes_files, takes_rows
from dashboard.web.callbacks import check_callbacks
from dashboard.web.closed import ClosedDash
from dashboard.web.headers import add_headers

CALLBACKS: Final = "/_dash-update-component"
INLINE: Final = "function (clicks) { return 'clicked ' + clicks; }"


def small_app(name: str = "small") -> Dash:
    """An application whose callbacks say what they were given."""
    app = ClosedDash(name, suppress_callback_exceptions=True, title="Small")
    app.layout = html.Div(
        [
            dcc.Location(id="address"),
            html.Button("Press", id="button"),
            html.P(id="pressed"),
            html.P(id="page"),
            html.P(id="length"),
            *(dcc.Input(id={"kind": "field", "row": row}, value=f"field {row}") for row in (1, 2)),
            *(html.P(id={"kind": "echo", "row": row}) for row in (1, 2)),
            html.P(id="all-fields"),
            html.P(id="refused"),
        ]
    )
    _connect(app)
    app.server.add_url_rule("/form", view_func=_count_fields, methods=["POST"])
    app.server.add_url_rule("/file", view_func=takes_files(_measure_file), methods=["POST"])
    app.server.add_url_rule("/rows", "rows", view_func=takes_rows(lambda: _count_fields()), methods=["POST"])
    limit_bodies(app.server)
    check_callbacks(app)
    add_headers(app)
    return app


def _count_fields() -> str:
    return str(len(flask.request.form))


def _measure_file() -> str:
    with closing(flask.request.files["file"]) as sent:
        return str(len(sent.read()))


def _connect(app: Dash) -> None:
    def show(path: str | None, search: str | None, clicks: int | None) -> tuple[str, int]:
        return f"at {path}{search or ''}, {clicks or 0} clicks", len(path or "")

    def echo(value: object) -> str:
        return f"echo of {value}"

    def join(values: list[object]) -> str:
        return ", ".join(map(str, values))

    def refuse(_clicks: int | None) -> Any:
        flask.abort(403)

    def note(_clicks: int | None) -> None:
        return None

    app.callback(
        Output("page", "children"), Output("length", "children"),
        Input("address", "pathname"), Input("address", "search"), State("button", "n_clicks"),
    )(show)  # fmt: skip
    app.callback(Output({"kind": "echo", "row": MATCH}, "children"), Input({"kind": "field", "row": MATCH}, "value"))(
        echo
    )
    app.callback(Output("all-fields", "children"), Input({"kind": "field", "row": ALL}, "value"))(join)
    app.callback(Output("refused", "children"), Input("button", "n_clicks"), prevent_initial_call=True)(refuse)
    app.callback(Input("button", "n_clicks"), prevent_initial_call=True)(note)
    app.clientside_callback(INLINE, Output("pressed", "children"), Input("button", "n_clicks"))


def request_for_page(**changes: Any) -> dict[str, Any]:
    """What the renderer sends for the page, with some of it changed."""
    body = {
        "output": "..page.children...length.children..",
        "outputs": [{"id": "page", "property": "children"}, {"id": "length", "property": "children"}],
        "inputs": [
            {"id": "address", "property": "pathname", "value": "/here"},
            {"id": "address", "property": "search", "value": ""},
        ],
        "changedPropIds": ["address.pathname"],
        "parsedChangedPropsIds": ["address.pathname"],
        "state": [{"id": "button", "property": "n_clicks"}],
    }
    return body | changes


def request_for_fields(*rows: object) -> dict[str, Any]:
    """What the renderer sends for the callback over all fields."""
    return {
        "output": "all-fields.children",
        "outputs": {"id": "all-fields", "property": "children"},
        "inputs": [
            [{"id": {"kind": "field", "row": row}, "property": "value", "value": f"field {row}"} for row in rows]
        ],
        "changedPropIds": [],
        "parsedChangedPropsIds": [],
    }


def request_for_echo() -> dict[str, Any]:
    """What the renderer sends for the callback of one field."""
    return {
        "output": '{"kind":"echo","row":["MATCH"]}.children',
        "outputs": {"id": {"kind": "echo", "row": 1}, "property": "children"},
        "inputs": [{"id": {"kind": "field", "row": 1}, "property": "value", "value": "x"}],
        "changedPropIds": ['{"kind":"field","row":1}.value'],
        "parsedChangedPropsIds": [{"kind": "field", "row": 1}],
    }


def request_for_refusal() -> dict[str, Any]:
    """What the renderer sends for the callback that refuses."""
    return {
        "output": "refused.children",
        "outputs": {"id": "refused", "property": "children"},
        "inputs": [{"id": "button", "property": "n_clicks", "value": 1}],
        "changedPropIds": ["button.n_clicks"],
    }
