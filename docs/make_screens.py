"""Takes the pictures in `docs/screens/` from the running product over its sample: `python docs/make_screens.py`.

Names and sizes stay the same from run to run, so that a picture changes only when a screen does.
"""

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

# Taken from the tests, which look at the same pages and need the same browser, so that there is one finder, not two.
from tests.browser.chromium import NoBrowser, launch  # noqa: E402
from tests.browser.pages import DINTON, MONEY, OVERVIEW, PLAN, SCREEN, WEST_SALISBURY, Visits  # noqa: E402
from tests.browser.serving import fill_with_sample, served  # noqa: E402

FOLDER: Final = ROOT / "docs" / "screens"


@dataclass(frozen=True)
class Picture:
    """One picture: its file, what it shows, on how large a window."""

    name: str
    path: str
    width: int = 1280
    height: int = 900
    scheme: Literal["light", "dark"] = "light"
    whole_page: bool = True


PICTURES: Final = (
    Picture("overview", OVERVIEW),
    Picture("overview-phone", OVERVIEW, width=390, height=844, scheme="dark"),
    Picture("overview-side-by-side", f"{OVERVIEW}?show=compare", scheme="dark"),
    Picture("overview-map", f"{OVERVIEW}?show=map"),
    Picture("cluster", WEST_SALISBURY),
    Picture("cluster-dark", WEST_SALISBURY, scheme="dark"),
    Picture("money", MONEY),
    Picture("plan", PLAN),
    Picture("rows", f"{WEST_SALISBURY}/rows/plan?year=2016-17"),
    Picture("annual-review", f"{WEST_SALISBURY}/annual-review?year=2016-17"),
    Picture("school", DINTON, width=390, height=844),
    Picture("school-desk", DINTON, scheme="dark"),
    Picture("school-for-governors", f"{DINTON}/one-page"),
    Picture("screen", SCREEN, width=1920, height=1080, whole_page=False),
    Picture("screen-money", f"{SCREEN}?panel=2", width=1280, height=720, scheme="dark", whole_page=False),
    Picture("screen-plan", f"{SCREEN}?panel=3", width=1920, height=1080, whole_page=False),
    Picture("screen-decisions", f"{SCREEN}?panel=4", width=1920, height=1080, whole_page=False),
    Picture("help", "/help"),
)


def main() -> int:
    """Take every picture and say how large each is."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except NoBrowser as reason:
            sys.stderr.write(f"No pictures: {reason}\n")
            return 2
        store = f"sqlite:///{(Path(folder) / 'store.sqlite').as_posix()}"
        with served(store, fill_with_sample) as base:
            visits = Visits(browser, base)
            for picture in PICTURES:
                path = _take(visits, picture)
                sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB\n")
            visits.close()
        browser.close()
    return 0


def _take(visits: Visits, picture: Picture) -> Path:
    shown = visits.open(picture.path, picture.width, picture.scheme, height=picture.height)
    taken = shown.page.screenshot(full_page=picture.whole_page, animations="disabled", scale="css")
    visits.leave(shown)
    path = FOLDER / f"{picture.name}.png"
    # A third of the size; this method keeps small patches of colour, no dithering keeps the grounds clean.
    small = Image.open(io.BytesIO(taken)).convert("RGB")
    small = small.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    return path


if __name__ == "__main__":
    sys.exit(main())
