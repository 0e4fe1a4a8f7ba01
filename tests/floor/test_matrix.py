"""The matrix as a file: read as it stands, shown as it is read, and a word that nobody knows stops the program."""

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from dashboard.access import MATRIX, Action, Object, Range, describe_matrix, policy
from dashboard.vocabulary import Role


def policy_with(folder: Path, *, before: str, after: str) -> ModuleType:
    """The module as it would be imported with another matrix beside it."""
    source = Path(policy.__file__)
    shutil.copy(source, folder / "policy.py")
    text = source.with_name("matrix.csv").read_text(encoding="utf-8")
    assert before in text
    (folder / "matrix.csv").write_text(text.replace(before, after, 1), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("another_policy", folder / "policy.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, spec.name, module)  # dataclasses look their module up
        spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("see,overview", "look,overview"), ("see,overview", "see,overviews"), ("see,overview", ",overview"),
        ("programme,programme", "programmes,programme"), ("totals", "total"), ("totals", "Totals"),
        (",administrator", ",administrators"), ("action,", "actions,"), ("object,", "thing,"),
    ],
)  # fmt: skip
def test_a_matrix_with_a_word_that_nobody_knows_stops_the_program(tmp_path: Path, before: str, after: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        policy_with(tmp_path, before=before, after=after)


def test_the_matrix_is_the_file_beside_the_module(tmp_path: Path) -> None:
    made = policy_with(tmp_path, before="see,screen,programme", after="see,screen,")
    assert {role: str(cell) for role, cell in made.MATRIX[made.Action.SEE, made.Object.SCREEN].items()} == {
        "advisor": "programme", "coordinator": "cluster", "steering": "cluster",
    }  # fmt: skip
    untouched = policy_with(tmp_path, before="see", after="see")
    assert untouched.MATRIX == MATRIX


def test_the_matrix_is_shown_as_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    small = {
        (Action.SEE, Object.SCREEN_LINKS): {Role.DIRECTOR: Range.PROGRAMME, Role.STEERING: Range.CLUSTER},
        (Action.EDIT, Object.PEOPLE): {Role.ADMINISTRATOR: Range.PEOPLE},
    }
    monkeypatch.setattr(policy, "MATRIX", small)
    assert describe_matrix() == (
        "| | director | advisor | coordinator | headteacher | bursar | steering | administrator |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| see screen links | programme | – | – | – | – | cluster | – |\n"
        "| edit people | – | – | – | – | – | – | people |"
    )
