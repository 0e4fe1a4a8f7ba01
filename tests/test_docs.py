"""The README speaks of what is there: every setting, command, picture and file it names."""

import re

import typer

from dashboard.access import describe_matrix
from dashboard.cli import make_app
from dashboard.importing import IMPORTERS
from dashboard.rules import RULES
from dashboard.settings import DEFAULT_DATABASE_URL, PROJECT_ROOT, Settings
from dashboard.web.door import MOST_REFUSALS

README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    table = dict(re.findall(r"^\| `([A-Z_]+)` \|(?: `([^`]*)`)? \|", README, re.MULTILINE))
    assert set(table) == {name.upper() for name in Settings.model_fields}
    assert table["DATABASE_URL"] == "sqlite:///instance/dashboard.sqlite"
    assert DEFAULT_DATABASE_URL.endswith("instance/dashboard.sqlite")
    for name in Settings.model_fields.keys() - {"database_url"}:
        assert table[name.upper()] == str(Settings.model_fields[name].default)


def test_the_access_matrix_stands_in_the_readme() -> None:
    shown = README.split("<!-- matrix -->")[1].split("<!-- end of the matrix -->")[0]
    assert shown.strip() == describe_matrix()


def test_every_command_stands_in_the_readme() -> None:
    group = typer.main.get_command(make_app())
    assert isinstance(group, typer.core.TyperGroup)
    named = set(re.findall(r"`([a-z-]+)[ `]", README)) & set(group.commands)
    assert named == set(group.commands)


def test_every_kind_of_file_stands_in_the_readme() -> None:
    kinds = next(line for line in README.splitlines() if "KIND is" in line)
    assert all(f"`{kind}`" in kinds for kind in IMPORTERS)


def test_every_file_that_the_readme_links_to_is_there() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (PROJECT_ROOT / target).exists(), target


def test_every_part_of_the_tree_in_the_readme_is_there() -> None:
    tree = README.split("```\napp.py")[1].split("```")[0]
    names = re.findall(r"(?:^|\s)([a-z_]+(?:\.py|/))", tree)
    for name in names:
        assert list(PROJECT_ROOT.glob(name)) or list((PROJECT_ROOT / "dashboard").rglob(name.rstrip("/"))), name


def test_nothing_in_the_repository_names_a_person_of_the_documents() -> None:
    """E-mail addresses are the one form of personal data that can be found by its shape."""
    shape = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
    allowed = {"example.org", "example.com", "other.example", "host"}
    for path in [
        *PROJECT_ROOT.glob("data/**/*"),
        *PROJECT_ROOT.glob("docs/**/*.md"),
        *PROJECT_ROOT.glob("dashboard/**/*.py"),
    ]:
        if path.is_file() and path.suffix in {".csv", ".json", ".md", ".py"}:
            found = set(shape.findall(path.read_text(encoding="utf-8")))
            assert not {address for address in found if address.split("@")[1] not in allowed}, path


def test_every_rule_that_a_flag_names_in_the_documentation_is_a_rule_with_that_default() -> None:
    numbers = (PROJECT_ROOT / "docs" / "numbers.md").read_text(encoding="utf-8")
    named = {
        rule: row
        for row in numbers.splitlines()
        if row.startswith("| `")
        for rule in re.findall(r"`([a-z_]+)`", row.split("|")[4])
    }
    defaults = {rule.name: rule.default for rule in RULES}
    assert len(named) == 28
    for rule, row in named.items():
        assert defaults[rule] in {None, *re.findall(r"\d+(?:\.\d\d)?|\b(?:no|yes)\b", row)}, rule


def test_every_case_of_the_security_page_has_its_tests_and_the_count_is_right() -> None:
    """The cases are counted as passed; a run of the tests it names shows it."""
    page = (PROJECT_ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    cases = re.findall(r"^\| (\d+) \|.*\| (`.*`) \|$", page, re.MULTILINE)
    written = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT_ROOT / "tests").rglob("test_*.py"))
    for number, tests in cases:
        for named in re.findall(r"`(test_\w+)`", tests):
            assert f"def {named}" in written, f"case {number}"
    assert f"**{len(cases)} / {len(cases)}**" in page


def test_the_decisions_say_how_many_refused_attempts_are_kept() -> None:
    decisions = (PROJECT_ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    assert f"At most {MOST_REFUSALS} a minute" in decisions
