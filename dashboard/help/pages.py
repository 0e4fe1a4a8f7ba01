"""`/help` and `/accessibility`: for everybody, also before they sign in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from dashboard.help.definitions import load_definitions
from dashboard.help.words import GLOSSARY, KEYS, STATES
from dashboard.web.door import public_to_known
from dashboard.web.pages import page

PREPARED_ON: Final = date(2026, 11, 26)
"""When the accessibility statement was last gone through. Change it with the statement, never alone."""


@dataclass(frozen=True)
class Explained:
    """A question that a page answers, under the page's name, and what its figure is."""

    where: str
    question: str
    answer: str


def help_pages(questions: Callable[[], Sequence[Explained]]) -> Blueprint:
    """The pages of help. `questions` are those of the screens, which know their panels and what these explain."""
    pages = Blueprint("help", __name__, template_folder="templates")

    @pages.get("/help")
    @public_to_known
    def show_help() -> ResponseReturnValue:
        """What each number means, the terms, flags, keys, and whom to ask."""
        return page(
            "help.html", "Help", chapters=load_definitions(), questions=questions(), glossary=GLOSSARY, keys=KEYS,
            states=STATES, contact=current_app.config.get("HELP_CONTACT", ""),
        )  # fmt: skip

    @pages.get("/accessibility")
    @public_to_known
    def accessibility() -> ResponseReturnValue:
        """How accessible the pages are, as the law asks to be told."""
        return page(
            "accessibility.html", "Accessibility statement", prepared_on=PREPARED_ON,
            contact=current_app.config.get("HELP_CONTACT", ""), organisation=current_app.config.get("ORGANISATION", ""),
        )  # fmt: skip

    return pages
