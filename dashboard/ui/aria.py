"""Attributes for assistive technology. Dash takes them only as loose keywords, so they are made in one place."""

from typing import Any


def aria(**values: str) -> Any:
    """`aria(label="Clusters")` → {"aria-label": "Clusters"}, to be passed with `**`."""
    return {f"aria-{name}": value for name, value in values.items()}
