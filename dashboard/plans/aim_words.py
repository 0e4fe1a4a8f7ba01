"""What must hold of an aim that somebody writes, and which wordings are the same. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.plans.cell_text import clean_line
from dashboard.wording import day

LONGEST_AIM: Final = 500


class AimRefused(Exception):
    """Something about an aim cannot be stored. The text says what is wrong and what to do; `field` is where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NoSuchAim(Exception):
    """The aim or cluster is not there, or not the writer's to change."""


@dataclass(frozen=True)
class AimText:
    """What somebody says of an aim: its words, when it was agreed, and the first and last year in which it holds."""

    text: str
    agreed_on: date | None = None
    first_year: int | None = None
    last_year: int | None = None


def check_aim(said: AimText, today: date) -> AimText:
    """The same in clean words; AimRefused where it cannot be stored."""
    text = " ".join(clean_line(said.text.replace("\r", " ").replace("\n", " ")).split())
    if not text:
        raise AimRefused("Say what the cluster aims at.", "text")
    if len(text) > LONGEST_AIM:
        raise AimRefused(f"This has {len(text)} letters; at most {LONGEST_AIM} fit. Shorten it.", "text")
    if said.agreed_on is not None and said.agreed_on > today:
        raise AimRefused(f"{day(said.agreed_on)} is still to come; give the day on which it was agreed.", "agreed_on")
    if said.first_year is not None and said.last_year is not None and said.last_year < said.first_year:
        raise AimRefused("The last year is before the first; give that year or a later one.", "last_year")
    return AimText(text, said.agreed_on, said.first_year, said.last_year)
