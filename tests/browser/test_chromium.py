"""Which browser is taken, and what is said when there is none. No browser is started here."""

from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError

from tests.browser import chromium


class _Browsers:
    """Stands in for playwright: starts what is on its list and remembers what it was asked for."""

    def __init__(self, *working: Path) -> None:
        self.working = working
        self.asked: list[Path] = []
        self.chromium = self
        self.executable_path = "/nowhere/chromium"

    def launch(self, executable_path: Path, args: list[str]) -> Path:
        self.asked.append(executable_path)
        if executable_path not in self.working:
            raise PlaywrightError("no such thing")
        return executable_path


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one browser of a computer that nothing can be fetched for."""
    executable = tmp_path / "google-chrome"
    executable.touch(mode=0o755)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "_installed", lambda _playwright, _tell: iter([executable]))
    monkeypatch.setattr(chromium, "_run", lambda *command: f"{command[0]} is out of reach")
    return executable


def _launch(browsers: _Browsers) -> object:
    return chromium.launch(browsers)  # type: ignore[arg-type]


def test_a_named_browser_is_taken_before_an_installed_one(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = Path("/opt/own/chromium")
    monkeypatch.setenv("CHROMIUM", str(named))
    assert _launch(_Browsers(named, installed)) == named


def test_a_named_browser_that_does_not_start_is_not_replaced(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/opt/own/chromium")
    with pytest.raises(chromium.NoBrowser, match=r"CHROMIUM names .*chromium, which does not start"):
        _launch(_Browsers(installed))


def test_an_installed_browser_is_taken_before_anything_is_fetched(installed: Path) -> None:
    browsers = _Browsers(installed)
    assert _launch(browsers) == installed
    assert browsers.asked == [installed]


def test_a_download_of_playwright_is_the_next_choice(installed: Path, tmp_path: Path) -> None:
    own = tmp_path / "own-chromium"
    own.touch()
    browsers = _Browsers(own)
    browsers.executable_path = str(own)
    assert _launch(browsers) == own
    assert browsers.asked == [installed, own]


def test_without_any_browser_it_says_all_that_was_tried(installed: Path) -> None:
    with pytest.raises(chromium.NoBrowser) as refusal:
        _launch(_Browsers())
    for tried in (
        "does not start",
        "playwright has not downloaded one",
        "could not download one",
        "name one in CHROMIUM",
    ):
        assert tried in str(refusal.value)


def test_a_command_that_fails_or_is_not_there_gives_its_reason() -> None:
    assert chromium._run("no-such-command-here")
    assert len(chromium._in_short("words " * 500)) < 300
