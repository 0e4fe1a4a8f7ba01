"""The one factory of charts: every figure begins here, and every figure is shown from here."""

from collections.abc import Mapping
from typing import Any, Final

import plotly.graph_objects as go
from dash import dcc, html

from dashboard.ui.aria import aria
from dashboard.ui.theme import FONT, TEXT_SIZE, Look

# plotly offers to upload a chart to its makers' cloud unless told not to; figures here are confidential.
CONFIG: Final[Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
}

REGULAR: Final = 400
BOLD: Final = 700

ROW_HEIGHT: Final = 36
STACKED_ROW_HEIGHT: Final = 62
"""On a phone each row has its words above it, not beside it."""
LABEL_LIFT: Final = 23


def plain(text: str) -> str:
    """Text for a chart: marks of mark-up are shown, not obeyed, because plotly takes some of them as commands."""
    return text.replace("<", "‹").replace(">", "›")


def new_figure(
    look: Look, rows: float, *, top: int = 8, bottom: int = 24, sides: int = 4, row_height: int | None = None
) -> go.Figure:
    """An empty figure in our look, tall enough for so many rows of horizontal marks."""
    row_height = row_height or (STACKED_ROW_HEIGHT if look.narrow else ROW_HEIGHT)
    figure = go.Figure()
    figure.update_layout(
        template="none",
        height=look.size(rows * row_height + top + bottom),
        margin={"l": sides, "r": sides, "t": look.size(top), "b": look.size(bottom), "pad": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": look.size(TEXT_SIZE), "color": look.palette.ink},
        hoverlabel={"font": {"family": FONT, "size": look.size(TEXT_SIZE)}},
        showlegend=False,
        dragmode=False,
        barmode="stack",
    )
    figure.update_xaxes(showgrid=False, zeroline=False, fixedrange=True, automargin=True, showline=False, ticks="")
    figure.update_yaxes(showgrid=False, zeroline=False, fixedrange=True, automargin=True, showline=False, ticks="")
    # Rows count from the top, 0 first, half a row of air on either side.
    figure.update_yaxes(range=[rows - 0.5, -0.5], autorange=False)
    return figure


def label_rows(figure: go.Figure, look: Look, labels: Mapping[float, str]) -> None:
    """The words of each row, by its place: beside it, or above it where there is no room beside."""
    if not look.narrow:
        figure.update_yaxes(tickvals=list(labels), ticktext=[f"{label} " for label in labels.values()])
        return
    figure.update_yaxes(showticklabels=False)
    for place, label in labels.items():
        write(figure, look, label, row=place, lift=LABEL_LIFT)


def write(
    figure: go.Figure,
    look: Look,
    text: str,
    *,
    row: float,
    at_end: bool = False,
    lift: float = 0,
    colour: str | None = None,
    bold: bool = False,
) -> None:
    """Text on a row, at the left or right edge of the chart, lifted by so many pixels.

    Bold by the font and not by mark-up, for which plotly writes a style attribute that the content policy forbids.
    """
    side = "right" if at_end else "left"
    figure.add_annotation(
        x=1 if at_end else 0, xref="paper", y=row, yshift=look.size(lift), xanchor=side, align=side, showarrow=False,
        text=text,
        font={"size": look.size(TEXT_SIZE), "color": colour or look.palette.ink, "weight": BOLD if bold else REGULAR},
    )  # fmt: skip


def chart(
    element_id: str, figure: go.Figure, summary: str, *, fill: bool = False, leads: bool = False, stops: bool = True
) -> html.Figure:
    """A figure on the page, named by its message for those who cannot see it. `fill` lets it take all the height there
    is; `leads` shows the hand over marks that lead somewhere; the keyboard `stops` at it once, and Enter opens the
    table that says the same.
    """
    stop: Any = {"tabIndex": "0"} if stops else {}
    return html.Figure(
        [
            dcc.Graph(
                id=element_id,
                figure=figure,
                config=CONFIG,
                responsive=True,
                style={"height": "100%"} if fill else {"height": figure.layout.height},
                className="chart-graph",
            )
        ],
        className=f"chart{' chart-fill' if fill else ''}{' leads' if leads else ''}",
        role="img",
        **stop,
        **aria(label=summary),
    )
