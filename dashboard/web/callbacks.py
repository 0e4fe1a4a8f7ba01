"""The address at which Dash runs callbacks takes what a callback of this application asked for, and nothing else.

Everything in such a request is written by whoever sends it. Dash answers 500 and a stack in the log where its shape is
wrong, and believes the rest: ids, properties and triggers that nobody registered. Here each is compared with
`app.callback_map`, so that a new callback is covered without a line. What a value says is still only said: the callback
itself decides what its reader may see.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from functools import wraps
from typing import Any, Final

import flask
from dash import Dash
from flask import request
from flask.typing import ResponseReturnValue

from dashboard.web.context import origin
from dashboard.web.strict_json import NotJson, read_json
from dashboard.web.tally import tally

log = logging.getLogger(__name__)

MALFORMED: Final = "malformed callbacks"
"""Under which name `tallied` counts what is refused here."""

_KEYS: Final = frozenset({"output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds"})
_PARAMETERS: Final = frozenset({"endId"})
"""What the renderer adds to the address. It adds more for background callbacks, which this product has none of."""

_SEVERAL: Final = frozenset({"ALL", "ALLSMALLER"})
_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "pathname": (str,), "search": (str,), "hash": (str,), "href": (str,),
    "n_clicks": (int,), "n_submit": (int,), "n_blur": (int,), "n_intervals": (int,),
    "modified_timestamp": (int, float), "n_clicks_timestamp": (int, float),
}  # fmt: skip
"""What a property is wherever it is one; of others the callback itself must expect anything."""


class Malformed(Exception):
    """A request that no callback of ours sends. The reason holds nothing of the request."""


def check_callbacks(app: Dash) -> None:
    """Let nothing through to the callbacks of an application but what they asked for: else 400 and one line."""
    endpoint = f"{app.config.routes_pathname_prefix}_dash-update-component"
    run = app.server.view_functions[endpoint]

    @wraps(run)
    def checked() -> ResponseReturnValue:
        try:
            _check_request(app.callback_map)
        except Malformed as why:
            tally(MALFORMED)
            log.warning("malformed callback from %s: %s", origin(), why)
            return flask.Response("This is not what a page of the dashboard sends.", 400, mimetype="text/plain")
        answer: ResponseReturnValue = run()
        return answer

    app.server.view_functions[endpoint] = checked


def _check_request(callbacks: Mapping[str, Any]) -> None:
    if request.args.keys() - _PARAMETERS:
        raise Malformed("a parameter of the address that no page sends")
    if request.mimetype != "application/json":
        raise Malformed("it does not say that it is JSON")
    try:
        check_body(read_json(request.get_data()), callbacks)
    except NotJson as why:
        raise Malformed(str(why)) from None


def check_body(body: Any, callbacks: Mapping[str, Any]) -> None:
    """Whether a body asks for one of the callbacks, with its outputs, inputs and state. Raises Malformed if not."""
    if not isinstance(body, dict) or body.keys() - _KEYS:
        raise Malformed("it is not the body of a callback")
    output = body.get("output")
    callback = callbacks.get(output) if isinstance(output, str) else None
    if callback is None or "callback" not in callback:  # those that run in the browser have none
        raise Malformed("there is no such callback")
    _check_outputs(body, callback)
    _check_values("inputs", body.get("inputs"), callback["inputs"])
    _check_values("state", body.get("state", []), callback["state"])
    _check_triggers(body)


def _check_outputs(body: Mapping[str, Any], callback: Mapping[str, Any]) -> None:
    given, registered = body.get("outputs"), callback["output"]
    if callback["no_output"]:
        if given:
            raise Malformed("outputs for a callback that has none")
        return
    if not isinstance(registered, (list, tuple)):
        given, registered = [given], [registered]
    wanted = [{"id": each.component_id_str(), "property": each.component_property} for each in registered]
    _check_values("outputs", given, wanted)


def _check_values(part: str, given: Any, wanted: Sequence[Mapping[str, Any]]) -> None:
    if not isinstance(given, list) or len(given) != len(wanted):
        raise Malformed(f"the number of {part} is another")
    for each, registered in zip(given, wanted, strict=True):
        pattern = _pattern(registered["id"])
        several = isinstance(pattern, dict) and any(_wildcard(wild) in _SEVERAL for wild in pattern.values())
        if several and not isinstance(each, list):
            raise Malformed(f"one of {part} is not a list")
        for one in each if several else [each]:
            _check_one(part, one, pattern, registered["property"])


def _check_one(part: str, given: Any, pattern: Any, name: str) -> None:
    if not isinstance(given, dict) or given.keys() - {"id", "property", "value"}:
        raise Malformed(f"one of {part} has another shape")
    said = given.get("property")
    if not isinstance(said, str) or said.partition("@")[0] != name or not _is_of(given.get("id"), pattern):
        raise Malformed(f"one of {part} is not what was registered")
    value, kinds = given.get("value"), _KINDS.get(name, (object,))
    if value is not None and (not isinstance(value, kinds) or (isinstance(value, bool) and object not in kinds)):
        raise Malformed(f"one of {part} is of another kind")


def _pattern(registered: str) -> Any:
    """An id as it was registered: a name, or a dictionary in which ["ALL"], ["MATCH"] … stand for anything."""
    return json.loads(registered) if registered.startswith("{") else registered


def _wildcard(value: Any) -> str | None:
    return str(value[0]) if isinstance(value, list) and value else None


def _is_of(given: Any, pattern: Any) -> bool:
    """Whether an id is the one that was registered, or one of those that its pattern stands for."""
    if not isinstance(pattern, dict):
        return bool(given == pattern)
    if not isinstance(given, dict) or given.keys() != pattern.keys():
        return False
    return all(
        isinstance(given[key], (str, int, float)) if _wildcard(wanted) else given[key] == wanted
        for key, wanted in pattern.items()
    )


def _check_triggers(body: Mapping[str, Any]) -> None:
    """What set a callback off must be among its inputs."""
    there = {
        f"{_written(one['id'])}.{one['property']}"
        for each in body["inputs"]
        for one in (each if isinstance(each, list) else [each])
    }
    triggers, parsed = body.get("changedPropIds"), body.get("parsedChangedPropsIds", [])
    if not isinstance(triggers, list) or not isinstance(parsed, list) or len(parsed) > len(triggers):
        raise Malformed("the triggers are not a list")
    if not all(isinstance(each, str) and each in there for each in triggers):
        raise Malformed("a trigger is none of the inputs")


def _written(given: Any) -> str:
    """An id as the renderer writes it into the name of a trigger."""
    if isinstance(given, dict):
        return json.dumps(given, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return str(given)
