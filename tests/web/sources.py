"""Reads the product's own source for what must stand in one place only: links, charts, exports, mark-up."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dashboard.settings import PROJECT_ROOT

MODULES: Final = sorted((PROJECT_ROOT / "dashboard").rglob("*.py"))
SCRIPTS: Final = sorted((PROJECT_ROOT / "assets").rglob("*.js")) + sorted((PROJECT_ROOT / "dashboard").rglob("*.js"))
TEMPLATES: Final = sorted((PROJECT_ROOT / "dashboard").rglob("*.html")) + sorted(
    (PROJECT_ROOT / "dashboard").rglob("*.txt")
)

_LEADS_SOMEWHERE: Final = frozenset({"href", "src", "action", "formAction", "data", "poster", "cite", "external_link"})
_COMPONENTS: Final = frozenset({
    "A", "Area", "Base", "Embed", "Form", "Iframe", "Img", "Link", "ObjectEl", "Script", "Source", "Video", "Audio",
    "Badge", "Breadcrumb", "Button", "CardImg", "CardLink", "DropdownMenuItem", "ListGroupItem", "Location", "NavLink",
    "NavbarBrand",
})  # fmt: skip
_OURS: Final = re.compile(r"#[a-z-]+|/|/[a-z][a-z/?=&-]*|\?[a-z]+=.*")
"""Addresses, and beginnings of addresses, that cannot become those of another host."""

_DANGEROUS: Final = frozenset({"dangerously_allow_html", "dangerously_allow_code", "Markup", "DangerouslySetInnerHTML"})
_SCRIPT_MARK_UP: Final = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|srcdoc|dangerouslySetInnerHTML"
    r"|\beval\s*\(|\bFunction\s*\(|set(?:Timeout|Interval)\s*\(\s*[\"'`]|javascript:|\.setAttribute\(\s*[\"']on"
)
_TEMPLATE_MARK_UP: Final = re.compile(
    r"\|\s*safe\b|autoescape\s+false|javascript:|<script(?![^>]*\ssrc=)|\sstyle\s*=|\son[a-z]+\s*=|\s[a-z-]+=\{\{",
    re.IGNORECASE,
)
_TEMPLATE_ADDRESS: Final = re.compile(r"""\b(?:href|src|action|formaction)\s*=\s*["']\s*\{\{-?\s*([^}]*?)\s*-?}}""")
_MADE_BY_FLASK: Final = ("url_for(", "url_for_security(", "asset(")


def name_of(path: Path) -> str:
    """A file as the tests name it."""
    return path.relative_to(PROJECT_ROOT).as_posix()


def addresses(source: str) -> Iterator[str]:
    """What components are given as an address and may come from anywhere, as written in the source."""
    for call in _calls(source):
        if _called(call) in _COMPONENTS:
            for keyword in call.keywords:
                if keyword.arg is None or (keyword.arg in _LEADS_SOMEWHERE and not _is_ours(keyword.value)):
                    yield ast.unparse(keyword.value)


def _is_ours(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return isinstance(value.value, str) and _OURS.fullmatch(value.value) is not None
    first = value.values[0] if isinstance(value, ast.JoinedStr) else None
    return isinstance(first, ast.Constant) and first.value != "/" and _OURS.fullmatch(first.value) is not None


def calls_of(source: str, *names: str) -> list[str]:
    """The calls of these functions, methods or components."""
    return [ast.unparse(call.func) for call in _calls(source) if _called(call) in names]


def dangers(source: str) -> list[str]:
    """Ways to put mark-up or code of others into a page."""
    keywords = [keyword.arg for call in _calls(source) for keyword in call.keywords if keyword.arg]
    return [name for name in [*map(_called, _calls(source)), *keywords] if name in _DANGEROUS]


def mark_up(path_or_text: Path | str, *, template: bool) -> list[str]:
    """The same in a script or a template."""
    text = path_or_text.read_text(encoding="utf-8") if isinstance(path_or_text, Path) else path_or_text
    return [found.group() for found in (_TEMPLATE_MARK_UP if template else _SCRIPT_MARK_UP).finditer(text)]


def template_addresses(text: str) -> set[str]:
    """What a template is given as an address and may come from anywhere."""
    return {each for each in _TEMPLATE_ADDRESS.findall(text) if not each.startswith(_MADE_BY_FLASK)}


_CLASS: Final = re.compile(r"\.([a-zA-Z][\w-]*)")
_NAMED_IN_PARTS: Final = ("tap-", "step-", "cell-", "message-", "age-")
"""Beginnings of classes of which the rest is put in when the page is made."""
_OF_OTHERS: Final = ("ag-", "nsewdrag", "form-select")
"""Classes of the grid, of the charts and of Bootstrap's lists."""


def unused_classes(sheet: str) -> set[str]:
    """The classes of a style sheet that nothing of the product names."""
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", sheet, flags=re.DOTALL)
    named = " ".join(path.read_text(encoding="utf-8") for path in (*MODULES, *SCRIPTS, *TEMPLATES))
    words = set(re.findall(r"[\w-]+", named))
    return {
        each for each in _CLASS.findall(selectors)
        if each not in words and not each.startswith((*_NAMED_IN_PARTS, *_OF_OTHERS))
    }  # fmt: skip


def _calls(source: str) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
