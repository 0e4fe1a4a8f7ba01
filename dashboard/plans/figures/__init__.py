"""Charts of the plan. Each is a function of frames; nothing else is in scope."""

from dashboard.plans.figures.progress import KEY, draw_progress

__all__ = ["KEY", "draw_progress"]
