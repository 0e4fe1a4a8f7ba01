"""What the schools put in beside what the programme puts in (4.4): one to the left of the middle, one to the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from dashboard.funding.figures.rows import place, under_headings
from dashboard.ui.charts import LABEL_LIFT, label_rows, new_figure, write
from dashboard.ui.components import KeyItem
from dashboard.ui.theme import Look

SCHOOLS: Final = "The schools put in"
PROGRAMME: Final = "The programme puts in"


@dataclass(frozen=True)
class Input:
    """One kind of input: whose, what it is called, what is given and what is only agreed (pence), and its words."""

    side: str
    label: str
    given: int
    agreed: int
    told: str
    hours: str = ""
    """Time in kind, which has no price."""


def key_of(inputs: Sequence[Input]) -> list[KeyItem]:
    """What the bars mean, as far as there are any."""
    given = {each.side for each in inputs if each.given}
    return [
        *([KeyItem("■", "blue", "the schools’")] if SCHOOLS in given else []),
        *([KeyItem("□", "muted", "agreed, not paid yet")] if any(each.agreed for each in inputs) else []),
        *([KeyItem("■", "teal", "the programme’s")] if PROGRAMME in given else []),
    ]


def draw_inputs(inputs: Sequence[Input], look: Look) -> go.Figure:
    """A bar for each kind: the schools' to the left, the programme's to the right, on one scale. Hours have words."""
    groups = {side: [each for each in inputs if each.side == side] for side in (SCHOOLS, PROGRAMME)}
    headings, rows, height = under_headings(groups, look)
    figure = new_figure(look, height, bottom=8, sides=20 if look.narrow else 4)
    label_rows(figure, look, {row: each.label for row, each in rows})
    for row, words in headings:
        write(figure, look, words, row=row, bold=True)
    palette = look.palette
    signs = [-1 if each.side == SCHOOLS else 1 for _, each in rows]
    for amounts, colours, edges in (
        (
            [each.given for _, each in rows],
            [palette.blue if sign < 0 else palette.teal for sign in signs],
            [palette.ground] * len(rows),
        ),
        ([each.agreed for _, each in rows], [palette.rest] * len(rows), [palette.rest_edge] * len(rows)),
    ):
        figure.add_bar(
            orientation="h",
            x=[sign * amount / 100 for sign, amount in zip(signs, amounts, strict=True)],
            y=[place(look, row)[0] for row, _ in rows],
            width=place(look, 0)[1],
            customdata=[f"{each.label}: {each.told}" for _, each in rows],
            hovertemplate="%{customdata}<extra></extra>",
            marker={"color": colours, "line": {"color": edges, "width": [1 if amount else 0 for amount in amounts]}},
        )
    figure.update_layout(barmode="relative")
    for row, each in rows:
        if look.narrow:
            write(figure, look, each.told, row=row, at_end=True, lift=LABEL_LIFT)
            continue
        left = each.side == SCHOOLS
        figure.add_annotation(
            x=0, y=row, xanchor="left" if left else "right", xshift=look.size(8 if left else -8), showarrow=False,
            text=each.told, font={"size": look.size(14), "color": palette.ink},
        )  # fmt: skip
    if not look.narrow:  # there it would run through the words
        figure.add_shape(
            type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", line={"color": palette.ink, "width": look.size(1)}
        )
    longest = max((each.given + each.agreed for each in inputs), default=0) / 100 or 1
    figure.update_xaxes(showticklabels=False, range=[-longest * 1.03, longest * 1.03])
    return figure
