"""Where clusters lie: made of the coordinates of their schools. Pure; no map of any maker is in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

from dashboard.academic_year import AcademicYear
from dashboard.flags import SIGNS, Flag
from dashboard.overview.hulls import Point, hull
from dashboard.vocabulary import Severity
from dashboard.wording import counted, listed, sentence, share_of


@dataclass(frozen=True)
class Place:
    """The middle of a cluster's schools that have coordinates, and of how many of its schools that is."""

    cluster_id: int
    cluster: str
    """A slug."""
    latitude: float | None
    longitude: float | None
    located: int
    schools: int


@dataclass(frozen=True)
class Outline:
    """The outermost schools of a local authority as (longitude, latitude), of how many schools: no boundary."""

    name: str
    corners: tuple[Point, ...]
    schools: int


@dataclass(frozen=True)
class Spot:
    """A cluster on the map, or beside it where it has no coordinates. `state` is its most pressing flag's severity."""

    cluster: str
    name: str
    year: AcademicYear
    state: Severity | None
    recorded: bool
    reason: str
    """The most pressing flag in words; "" for none."""
    place: Place | None

    @property
    def located(self) -> bool:
        """Whether it can be drawn."""
        return self.place is not None and self.place.latitude is not None

    @property
    def where(self) -> tuple[float, float]:
        """Longitude and latitude, of a cluster that can be drawn."""
        place = self.place
        if place is None or place.longitude is None or place.latitude is None:
            raise ValueError(f"{self.cluster} has no coordinates")
        return place.longitude, place.latitude

    @property
    def address(self) -> str:
        """The page of the cluster."""
        return f"/cluster/{self.cluster}?year={self.year}"

    @property
    def known_as(self) -> str:
        """How it stands: the name of a `STATES` entry."""
        if self.state is Severity.ACT:
            return "act"
        if self.state is Severity.LOOK:
            return "look"
        return "none" if self.recorded else "unknown"


STATES = {
    "unknown": SIGNS[Severity.INFO], "none": ("●", "Nothing pressing"), "look": SIGNS[Severity.LOOK],
    "act": SIGNS[Severity.ACT],
}  # fmt: skip
"""Shape and word of each state, the least pressing first."""


@dataclass(frozen=True)
class Map:
    """Everything that is drawn, and what cannot be."""

    spots: tuple[Spot, ...]
    outlines: tuple[Outline, ...]

    @property
    def drawn(self) -> Sequence[Spot]:
        """The clusters with coordinates, the most pressing last, so that they lie on top."""
        order = list(STATES)
        return sorted((spot for spot in self.spots if spot.located), key=lambda spot: order.index(spot.known_as))

    @property
    def beside(self) -> Sequence[Spot]:
        """The clusters without."""
        return [spot for spot in self.spots if not spot.located]


def spot_of(
    cluster: str, name: str, year: AcademicYear, flags: Sequence[Flag], place: Place | None, *, recorded: bool
) -> Spot:
    """A cluster of the overview and its place; `flags` come the most pressing first."""
    first = flags[0] if flags else None
    pressing = first if first is not None and first.severity is not Severity.INFO else None
    return Spot(
        cluster, name, year, pressing.severity if pressing else None, recorded, pressing.message if pressing else "",
        place,
    )  # fmt: skip


def outlines_of(schools: Iterable[tuple[str, float, float]]) -> list[Outline]:
    """The outline of each local authority by name, from (authority, longitude, latitude) of its schools."""
    points: dict[str, list[Point]] = {}
    for name, longitude, latitude in schools:
        points.setdefault(name, []).append((longitude, latitude))
    return [Outline(name, tuple(hull(those)), len(those)) for name, those in sorted(points.items())]


def squeeze(latitudes: Sequence[float]) -> float:
    """By how much a degree of longitude is shorter than one of latitude in the middle of a map."""
    return cos(radians((min(latitudes) + max(latitudes)) / 2))


def say_map(told: Map) -> str:
    """How clusters lie: how many of those drawn need something."""
    drawn, acting = told.drawn, sum(1 for spot in told.drawn if spot.known_as == "act")
    looking = sum(1 for spot in drawn if spot.known_as == "look")
    if acting:
        needs = "needs" if acting == 1 else "need"
        return f"{sentence(share_of(acting, len(drawn), 'cluster'))} on the map {needs} action."
    if looking:
        are = "is" if looking == 1 else "are"
        return f"{sentence(share_of(looking, len(drawn), 'cluster'))} on the map {are} worth a look; none needs action."
    return f"Nothing presses in the {counted(len(drawn), 'cluster')} on the map."


def say_beside(told: Map) -> str:
    """The clusters that are not on the map, in words; "" where all are."""
    names = [spot.name for spot in told.beside]
    return f"Not on the map, because no school of theirs has coordinates: {listed(names, 6)}." if names else ""
