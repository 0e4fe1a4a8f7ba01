"""What stands still on a page: sent as plain elements, so that a browser draws a page of a thousand cells at once.

Dash wraps each element in a component of its own that listens for changes: a millisecond each, two seconds for a page
with its tables, on a phone four times as many. Nothing ever changes the words of a page one by one, only all at once.
So panels go on to be written with `dash.html`, and at the door the whole page becomes one component, with the charts,
the grid, the links between screens and the fields in their places (`assets/still.js` draws it).
"""

from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.ui.links import allowed, own_address

_PLAIN: Final = html.Div()._namespace

_ADDRESSES: Final = frozenset({"href", "src", "action", "formAction"})


class Still(Component):
    """Plain elements with live components among them.

    `tree` is a word or number, None, `[tag, attributes, child, …]` where no tag stands for several things side by
    side, or `{"live": n}`, the n-th of `children`.
    """

    _namespace = "dashboard"
    _type = "Still"
    _prop_names = ["children", "tree"]  # noqa: RUF012 (as every component of Dash has it)
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012

    def __init__(self, tree: Any, children: list[Any]) -> None:
        super().__init__(tree=tree, children=children)  # type: ignore[no-untyped-call]


def still(content: Any) -> Still:
    """The content of a page as one component.

    Elements of `dash.html` lose their callbacks: what a callback reads or writes must be a component of another kind.
    """
    live: list[Any] = []
    tree = _written(content, live)
    return Still(tree=tree, children=live)


def _written(part: Any, live: list[Any]) -> Any:
    if isinstance(part, list | tuple):
        return ["", None, *(_written(each, live) for each in part)]
    if not isinstance(part, Component):
        return part
    if part._namespace != _PLAIN:
        live.append(part)
        return {"live": len(live) - 1}
    names = frozenset(part._prop_names)
    attributes = {
        name: value
        for name, value in vars(part).items()
        if name != "children" and (name in names or name.startswith(("data-", "aria-")))
        if name not in _ADDRESSES or _leads_somewhere(value)
    }
    children = getattr(part, "children", None)
    inside = children if isinstance(children, list | tuple) else () if children is None else (children,)
    return [part._type.lower(), attributes or None, *(_written(each, live) for each in inside)]


def _leads_somewhere(address: Any) -> bool:
    """Whether an address is a place on this page, of ours or of the web, and no script (the second lock: the first is
    `user_link`).
    """
    written = str(address)
    return written.startswith(("#", "?")) or own_address(written) is not None or allowed(written) is not None
