"""Charts of the plan. Each is a function of frames; nothing else is in scope."""

from dashboard.plans.figures.board import draw_board
from dashboard.plans.figures.progress import draw_progress, key_of
from dashboard.plans.figures.timeline import draw_days, key_of_days

__all__ = ["draw_board", "draw_days", "draw_progress", "key_of", "key_of_days"]
