"""Links of others, charts and exports come from one place each, and no source of ours turns text into mark-up."""

from pathlib import Path
from typing import Final

import pytest

from dashboard.settings import PROJECT_ROOT
from tests.web.sources import (
    MODULES,
    SCRIPTS,
    TEMPLATES,
    addresses,
    calls_of,
    dangers,
    mark_up,
    name_of,
    template_addresses,
)  # fmt: skip

OUR_OWN: Final = {
    "dashboard/main.py": {"item.href"},
    "dashboard/ui/components.py": {"href", "address"},
    "dashboard/ui/links.py": {"address"},
    "dashboard/overview/panels.py": {
        "address", "aria(label=_count_words(kind, band, count))", "f'/{kind}?age={band.name}'",
        "f'/{_OF_A_KIND[kind][2]}/{those.oldest.number}'",
    },
    "dashboard/plans/figures/board.py": {"address"},
    "dashboard/plans/panels/changes.py": {"target_address(changes.cluster, changes.year, code)"},
    "dashboard/screens/cluster.py": {"address"},
    "dashboard/headteacher/panels.py": {"task.href", "aria(label=f'{task.link}: {task.title}')"},
    "dashboard/paper/templates/paper/papers.html": {"base"},
    "dashboard/paper/templates/paper/years.html": {"address"},
    "dashboard/screens/director/__init__.py": {"filters.address(by='' if asked else _BY_PROGRAMME_YEAR)"},
    "dashboard/screens/director/choosing.py": {
        "filters.without(name)", "filters.cleared",
    },
    "dashboard/screens/director/clusters.py": {"filters.cleared"},
    "dashboard/screens/director/pressing.py": {"address_of(row)", "filters.address(flag=flag.rule)", "href"},
    # What a picture is made of, for the page's own script; the rows of a figure and the files of a table are ours.
    "dashboard/ui/panel.py": {
        "_sent(picture=form)", "figure.rows", "file_address(panel.id, view, 'csv')",
        "file_address(panel.id, view, 'xlsx')",
    },
    "dashboard/web/templates/rows.html": {"back[1]", "row.href", "files.csv", "files.xlsx"},
    "dashboard/screens/ways_on.py": {"href", "Filters.read(visit.choices).address('/pack.pdf')"},
    "dashboard/web/templates/message.html": {"href or '/'"},
    "dashboard/web/templates/page.html": {"bootstrap_css", "item.href"},
    "dashboard/accounts/templates/people_fields.html": {"action"},
    "dashboard/approvals/templates/approvals/list.html": {
        "here(state)", "here(search.state)", "here(search.state, clear=true)",
        "here(search.state, search.number - 1)", "here(search.state, search.number + 1)",
    },
    "dashboard/approvals/templates/approvals/request.html": {"leads_on[0]"},
    "dashboard/contributions/templates/contributions/one.html": {"to('change')", "to('waive')", "to('back')"},
    "dashboard/benchmarks/templates/figures/page.html": {"here(each)", "here(as=each)"},
    "dashboard/decisions/templates/decisions/list.html": {"action"},
    "dashboard/evaluation/templates/evaluation/answers.html": {"back"},
    "dashboard/evaluation/templates/evaluation/note.html": {"back"},
    # A link of a piece of evidence is written by somebody: form, file and store take https:// and http:// alone.
    "dashboard/plans/templates/plans/target.html": {"row.link", "place.plan", "ledger"},
    "dashboard/plans/templates/plans/target_parts.html": {"place.plan"},
    "dashboard/working_groups/templates/working_groups/outcome.html": {"back"},
    "dashboard/plans/templates/plans/reviews.html": {"here(course)", "here(course, 'yes')"},
    "dashboard/stages/templates/stages/show.html": {"line.address"},
    "dashboard/decisions/templates/decisions/page.html": {"address"},
    "dashboard/screens/room.py": {  # what a button does and of which panel, for the screen's own script
        "aria(label=name)", "_data(do=do)", "_data(do='keys')", "_data(do='deaf')",
        "_data(do='show', panel=str(number), about=each.item.about.value)",
    },
    "dashboard/concerns/templates/concerns/list.html": {
        "here(state)", "here(asked.state)",
        "here(asked.state, asked.number - 1)", "here(asked.state, asked.number + 1)",
    },
    "dashboard/workgroups/templates/workgroup_parts.html": {"path"},
    "dashboard/accounts/templates/security/two_factor_setup.html": {"authr_qrcode"},
}  # fmt: skip
"""Addresses that are no constants: each was looked at and is made of our own words and slugs, or is the factory's."""


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_component_is_given_an_address_that_somebody_wrote(module: Path) -> None:
    assert set(addresses(module.read_text(encoding="utf-8"))) <= OUR_OWN.get(name_of(module), set())


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_charts_and_exports_come_from_one_place_and_mark_up_from_none(module: Path) -> None:
    source, name = module.read_text(encoding="utf-8"), name_of(module)
    assert not dangers(source)
    assert name == "dashboard/ui/charts.py" or not calls_of(source, "Graph")
    assert name == "dashboard/sheets.py" or not calls_of(source, "to_csv", "to_excel", "to_html")


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_no_script_turns_text_into_mark_up(path: Path) -> None:
    assert not mark_up(path, template=False)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_holds_script_or_style_or_trusts_a_text(path: Path) -> None:
    assert not mark_up(path, template=True)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_is_given_an_address_that_somebody_wrote(path: Path) -> None:
    assert template_addresses(path.read_text(encoding="utf-8")) <= OUR_OWN.get(name_of(path), set())


def test_every_exception_is_still_one() -> None:
    for name, allowed_here in OUR_OWN.items():
        text = (PROJECT_ROOT / name).read_text(encoding="utf-8")
        found = template_addresses(text) if name.endswith(".html") else set(addresses(text))
        assert found == allowed_here, name


@pytest.mark.parametrize(
    "source",
    [
        "html.A('x', href=row.link)",
        "dbc.NavLink('x', href=href)",
        "dbc.Button('x', href=f'{base}/x')",
        "dcc.Link('x', href=f'/{slug}')",
        "dcc.Link('x', href='//other.example')",
        "html.A('x', href='https://other.example')",
        "html.A('x', **values)",
        "html.Iframe(src=address)",
        "Link('x', href=address)",
    ],
)
def test_the_search_for_addresses_finds(source: str) -> None:
    assert list(addresses(source))


@pytest.mark.parametrize("source", ["html.A('x', href='#page')", "dcc.Link('x', href=f'/school/{slug}')", "html.P(x)"])
def test_the_search_for_addresses_leaves_ours(source: str) -> None:
    assert not list(addresses(source))


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("box.innerHTML = name", False),
        ("eval (name)", False),
        ("setTimeout('go()', 1)", False),
        ("new Function(name)", False),
        ("<p>{{ name|safe }}</p>", True),
        ("<script>go()</script>", True),
        ('<p style="color: red">', True),
        ('<a onclick="go()">', True),
        ("{% autoescape false %}", True),
        ("<p class={{ kind }}>", True),
    ],
)
def test_the_search_for_mark_up_finds(text: str, template: bool) -> None:
    assert mark_up(text, template=template)


def test_the_search_for_dangers_finds() -> None:
    assert dangers("dcc.Markdown(text, dangerously_allow_html=True)")
    assert dangers("AgGrid(dangerously_allow_code=True)")
    assert dangers("Markup(text)")
    assert template_addresses('<a href="{{ row.link }}"> <a href="{{ url_for(x) }}">') == {"row.link"}
    assert calls_of("dcc.Graph(figure=f)", "Graph")
    assert calls_of("frame.to_csv(path)", "to_csv")


def test_every_rule_of_the_style_sheet_ends() -> None:
    """A browser passes silently over all that follows a bracket that is not closed."""
    depth = 0
    for number, line in enumerate((PROJECT_ROOT / "assets/dashboard.css").read_text(encoding="utf-8").splitlines(), 1):
        depth += line.count("{") - line.count("}")
        assert depth >= 0, number
        assert not line.startswith("/*") or depth == 0, f"line {number} begins a part within an open rule"
    assert depth == 0
