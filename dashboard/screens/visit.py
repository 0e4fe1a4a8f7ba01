"""One request for a page: who reads, what address and choices, how it is to look. And what a page gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.academic_year import AcademicYear
from dashboard.access import Reader, Scope
from dashboard.directory.view import View
from dashboard.ui.panel import Panel
from dashboard.ui.theme import Look


@dataclass(frozen=True)
class Visit:
    """Everything a screen may know of a request. `choices` are those of the query string.

    `scope` is what the reader may see on this very screen, never more.
    """

    reader: Reader
    scope: Scope
    as_of: date
    path: str
    choices: Mapping[str, str]
    look: Look

    @property
    def year(self) -> AcademicYear | None:
        """The academic year asked for; None when none is, or what is asked for is not a year."""
        try:
            return AcademicYear.parse(self.choices["year"])
        except (KeyError, ValueError):
            return None


@dataclass(frozen=True)
class Sight:
    """What a screen shows to one reader: the view, and its panels in their order. The page and its files use the same,
    so that no file holds what the page does not.
    """

    view: View
    panels: Sequence[Panel[Any]]


@dataclass(frozen=True)
class Page:
    """What a screen made: the title of the window, the content, and whether menus are shown around it."""

    title: str
    content: Any
    bare: bool = False
