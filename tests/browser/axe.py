"""Whether everybody can use a page: what axe finds wrong with it (the rules of WCAG 2.0 to 2.2 at A and AA, and what it
calls best practice), and whether it fits the screen.
"""

from pathlib import Path
from typing import Final

import axe_playwright_python
from playwright.sync_api import Page

WCAG: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
_BEST_PRACTICE: Final = "best-practice"
_AXE: Final = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_RUN: Final = """async tags => (await axe.run(document, {
    runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'],
})).violations.map(rule => rule.id + ': ' + rule.nodes.slice(0, 3)
    .map(node => node.target.join(' ') + ' ' + node.html.slice(0, 120)).join(' | '))"""


def broken_rules(page: Page, *, practice: bool = True) -> list[str]:
    """Each rule that a page breaks as it is now, with the first three elements that do; best practice only if asked.

    Only what is broken comes back. The library's own call lists everything that was looked at as well, and takes twice
    as long.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE)
    found: list[str] = page.evaluate(_RUN, [*WCAG, _BEST_PRACTICE] if practice else list(WCAG))
    return found


def check(page: Page, width: int) -> None:
    """Nothing scrolls sideways at a width, and whoever cannot see the page can use it."""
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert broken_rules(page) == []
