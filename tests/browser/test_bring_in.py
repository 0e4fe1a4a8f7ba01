"""A plan on its way from Word: chosen, looked at side by side, its headings said, stored and undone."""

from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from dashboard import migrations
from dashboard.academic_year import AcademicYear
from dashboard.db import Store
from dashboard.importing import IMPORTERS
from dashboard.intake.pipeline import ImportOptions, bring_in
from dashboard.main import create_app
from dashboard.models import Target
from dashboard.vocabulary import PLAN_HEADINGS, Role
from tests import builders as put
from tests.browser.axe import broken_rules
from tests.browser.serving import served
from tests.uploads import docx_file
from tests.visitors import SETTINGS, Visitor, account

_ARTS: Final = (
    "* ARTS-SEPT19\nPut on an exhibition of what children of every school have made", "* Work in close partnership",
    "* Most schools hang a picture\n* Two shows (1 of 2)", "* £50 from each school\n* Expenditure has been agreed",
    "* Arts lead", "* Held in May 2020\n* Photographs taken", "* Pupils are proud of it", "* Do it again next year",
)  # fmt: skip
_SCIENCE: Final = (
    "* SCIENCE-SEPT19", "* Work in close partnership", "* Resources\n* Moderation", "A grant", "Science lead",
    "*", "*", "*",
)  # fmt: skip
_OTHER: Final = ("What we want", *list(PLAN_HEADINGS.values())[1:])


def _fill(store: Store) -> str:
    """Mill Cluster with one target; gives the session of its coordinator, who has signed in."""
    migrations.upgrade(store)
    stands = (*_ARTS[:5], "* Held in May 2020", "*", _ARTS[7])
    with store.writing() as session:
        mill = put.cluster(session, under=put.programme(session))
        put.school(session, within=mill)
        file = docx_file([tuple(PLAN_HEADINGS.values()), stands])
        options = ImportOptions(cluster=mill.slug, year=AcademicYear(2019))
        assert bring_in(session, IMPORTERS["plan"], file, options).stored
        unique = account(session, Role.COORDINATOR, cluster=mill).fs_uniquifier
    return Visitor.signed_in(create_app(store, SETTINGS), store, unique).session


@pytest.fixture
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Page, str, Store]]:
    path, kept = tmp_path_factory.mktemp("bring") / "store.sqlite", []

    def fill(store: Store) -> None:
        kept.append((store, _fill(store)))

    with served(f"sqlite:///{path.as_posix()}", fill) as base:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "session", "value": kept[0][1], "url": base}])
        yield context.new_page(), base, kept[0][0]
        context.close()


def test_a_plan_is_looked_at_stored_and_undone(page: tuple[Page, str, Store], tmp_path: Path) -> None:
    shown, base, store = page
    complaints: list[str] = []
    shown.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    shown.on("dialog", lambda question: question.accept())
    file = tmp_path / "plan.docx"
    file.write_bytes(docx_file([_OTHER, _ARTS, _SCIENCE]).data)

    shown.goto(f"{base}/cluster/mill-cluster/plan/bring-in?year=2019-20")
    _check(shown)
    shown.get_by_label("The plan").set_input_files(file)
    shown.get_by_role("button", name="Look at it first").press("Enter")
    expect(shown.get_by_role("alert")).to_contain_text("no column is known to hold the targets")
    _check(shown)
    shown.get_by_label("“What we want”").select_option("is Target")
    shown.get_by_role("button", name="Look again").press("Enter")
    expect(shown.get_by_text("1 new and 1 changed of 2 targets in the file")).to_be_visible()
    criteria = shown.get_by_role("row", name="Success Criteria").first
    expect(criteria).to_contain_text("“Most schools” asks for a number")
    expect(criteria).to_contain_text("As it is")
    expect(shown.get_by_role("row", name="Impact").first).to_contain_text("New")
    _check(shown)
    assert _codes(store) == ["ARTS-SEPT19"]
    shown.get_by_role("button", name="Store these 2 targets").press("Enter")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Two targets stored")
    _check(shown)
    assert _codes(store) == ["ARTS-SEPT19", "SCIENCE-SEPT19"]
    shown.get_by_role("button", name="Undo").press("Enter")
    expect(shown.get_by_text("The plan stands as it did before.")).to_be_visible()
    assert _codes(store) == ["ARTS-SEPT19"]
    assert [each for each in complaints if "422" not in each] == []


def _codes(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(sa.select(Target.code).order_by(Target.id)))


def _check(shown: Page) -> None:
    """Nothing that hinders anybody, wide and narrow, light and dark; and the page does not scroll to the side."""
    for width in (1440, 390):
        shown.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            shown.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert broken_rules(shown) == [], (width, scheme)
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
    shown.set_viewport_size({"width": 1440, "height": 900})
    shown.emulate_media(color_scheme="light")
