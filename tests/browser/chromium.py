"""Finds a Chromium for the browser tests and the pictures, fetches one where there is none, and starts it.

Nothing here knows the product, so that `docs/make_screens.py` can use it too.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Playwright
from playwright.sync_api import Error as PlaywrightError

_QUIET: Final = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""A browser under test talks to nobody but the page."""
_ONE_PROCESS: Final = "--process-per-site"
"""Pages of one window share a process and what it compiled of the scripts: else each page takes twice as long."""

_NAMES: Final = (
    # Without windows first: it draws no frame that nobody sees.
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "msedge",
)  # fmt: skip
_USUAL_PLACES: Final = (
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS_ROOTS: Final = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_WINDOWS_PLACES: Final = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
_FETCH_SECONDS: Final = 240
_LONGEST_REASON: Final = 200


class NoBrowser(Exception):
    """No Chromium could be found, fetched or started; the text says what was tried."""


def launch(playwright: Playwright) -> Browser:
    """Start the first Chromium that starts: named, installed, playwright's own, fetched. Raises NoBrowser."""
    named = os.environ.get("CHROMIUM")
    if named:
        return _launch_named(playwright, named)
    tried: list[str] = []
    for look in (_installed, _of_playwright, _fetched_by_playwright, _fetched_by_apt):
        for executable in look(playwright, tried.append):
            try:
                return _start(playwright, executable)
            except PlaywrightError as error:
                tried.append(f"{executable} does not start ({_in_short(error.message)})")
    raise NoBrowser(f"{'; '.join(tried)}. Install Chromium or Chrome, or name one in CHROMIUM.")


def _launch_named(playwright: Playwright, executable: str) -> Browser:
    """A browser that somebody asked for by name must not quietly become another one."""
    try:
        return _start(playwright, Path(executable))
    except PlaywrightError as error:
        raise NoBrowser(f"CHROMIUM names {executable}, which does not start ({_in_short(error.message)})") from error


def _start(playwright: Playwright, executable: Path) -> Browser:
    as_root = ("--no-sandbox",) if _is_root() else ()
    return playwright.chromium.launch(executable_path=executable, args=[*_QUIET, _ONE_PROCESS, *as_root])


def _installed(_playwright: Playwright, tell: Callable[[str], None]) -> Generator[Path]:
    """Browsers of the system: on PATH, else where installers put them."""
    on_path = (shutil.which(name) for name in _NAMES)
    roots = (os.environ.get(root) for root in _WINDOWS_ROOTS)
    usual = [Path(place) for place in _USUAL_PLACES]
    usual += [Path(root) / place for root in roots if root for place in _WINDOWS_PLACES]
    found = [Path(path) for path in on_path if path] + [path for path in usual if path.is_file()]
    if not found:
        tell("no Chromium, Chrome or Edge is installed")
    yield from found


def _of_playwright(playwright: Playwright, tell: Callable[[str], None]) -> Generator[Path]:
    """The browser that playwright downloaded earlier."""
    own = Path(playwright.chromium.executable_path)
    if own.is_file():
        yield own
    else:
        tell("playwright has not downloaded one")


def _fetched_by_playwright(playwright: Playwright, tell: Callable[[str], None]) -> Generator[Path]:
    trouble = _run(sys.executable, "-m", "playwright", "install", "chromium")
    if trouble:
        tell(f"playwright could not download one ({trouble})")
    else:
        yield from _of_playwright(playwright, tell)


def _fetched_by_apt(playwright: Playwright, tell: Callable[[str], None]) -> Generator[Path]:
    """The distribution's own package, where we may install it: a container without a browser, mostly."""
    if not (_is_root() and shutil.which("apt-get")):
        tell("packages cannot be installed here")
        return
    wait = ("-o", "DPkg::Lock::Timeout=120")
    install = ("apt-get", *wait, "install", "-y", "--no-install-recommends", "fonts-dejavu-core")
    trouble = _run("apt-get", "update")
    if not trouble:
        for package in ("chromium-headless-shell", "chromium"):
            trouble = _run(*install, package)
            if not trouble:
                yield from _installed(playwright, tell)
                return
    tell(f"apt-get could not install one ({trouble})")


def _run(*command: str) -> str:
    """Run a command within the time limit; gives back what went wrong, nothing when all went well."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_FETCH_SECONDS, env=quiet, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return _in_short(str(error))
    return "" if done.returncode == 0 else _in_short(done.stderr or done.stdout)


def _in_short(text: str) -> str:
    """The last words of an outpouring, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_REASON else f"… {line[-_LONGEST_REASON:]}"


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
