"""Changes the access module in every small way, one at a time, and tells which changes no test notices.

`python tests/mutate_access.py [FOLDER]` works in a copy of the repository in FOLDER, or in a temporary one. It takes an
hour or two, and goes on where it was when begun again with the same FOLDER. It needs `pip install cosmic-ray`: its
operators change what a line says; those below take out what it asks: a condition, a part of one, an argument, a whole
statement.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import parso
from cosmic_ray.commands import execute, init
from cosmic_ray.config import ConfigDict
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import OPERATOR_PROVIDERS
from cosmic_ray.testing import run_tests
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import TestOutcome

ROOT: Final = Path(__file__).resolve().parent.parent
FLOOR: Final = "tests/floor/test_"
PYTEST: Final = f"{sys.executable} -m pytest -q -x -n 0 -p no:cacheprovider"
FIRST: Final = {
    "dashboard/access/policy.py": f"{FLOOR}policy.py {FLOOR}matrix.py",
    "dashboard/access/scope.py": f"{FLOOR}access.py {FLOOR}slow_access.py -k 'not postgresql'",
    "dashboard/access/wall.py": f"{FLOOR}wall_settings.py",
    "dashboard/access/administrators.py": f"{FLOOR}administrators.py",
    "dashboard/web/door.py": f"{FLOOR}door.py {FLOOR}refusals.py -k 'not postgresql'",
}
"""Module → the tests that know it best. What they do not notice is shown to `THEN`, on both databases."""
THEN: Final = " ".join(
    [f"{FLOOR}{name}.py" for name in (
        "policy", "matrix", "access", "slow_access", "wall_settings", "walls", "door", "refusals",
    )] + ["tests/test_scoping.py", "tests/test_docs.py"]
)  # fmt: skip
_SKIPPED: Final = shutil.ignore_patterns(".git", ".venv", ".hypothesis", ".*_cache", "__pycache__", "instance")
_LONGEST: Final = 1800
"""Seconds."""


class Removal(Operator):  # type: ignore[misc]
    """Takes something out of the code: `places` names the part of a node, and what is to stand there instead."""

    def places(self, node: Any) -> Iterator[tuple[Any, str]]:
        raise NotImplementedError

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        for part, _ in self.places(node):
            yield part.start_pos, part.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        part, instead = list(self.places(node))[index]
        place = part.parent.children.index(part)
        part.parent.children[place] = parso.parse(part.get_first_leaf().prefix + instead)
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class RemoveCondition(Removal):
    """`if a` holds never, and always."""

    def places(self, node: Any) -> Iterator[tuple[Any, str]]:
        if node.type == "if_stmt":
            tests = [node.children[at + 1] for at, each in enumerate(node.children) if each in ("if", "elif")]
            yield from ((test, instead) for test in tests for instead in ("False", "True"))
        elif node.type == "test":  # a if b else c
            yield from ((node.children[2], instead) for instead in ("False", "True"))
        elif node.type == "comp_if":
            yield node.children[1], "True"


class RemoveOperand(Removal):
    """`a and b` is `b`, and `a`; so with `or`."""

    def places(self, node: Any) -> Iterator[tuple[Any, str]]:
        if node.type in {"and_test", "or_test"}:
            yield from ((part, "True" if node.type == "and_test" else "False") for part in node.children[::2])


class RemoveStatement(Removal):
    """A statement of a function does nothing, a returning one too."""

    def places(self, node: Any) -> Iterator[tuple[Any, str]]:
        within = node.parent if node.type == "simple_stmt" else None
        of_a_function = within is not None and within.type == "suite" and within.parent.type != "classdef"
        if of_a_function and node.children[0].type != "string":  # that would be a docstring
            yield node.children[0], "pass"


class RemoveArgument(Removal):
    """`f(a, b)` is `f(b)`, and `f(a)`."""

    def places(self, node: Any) -> Iterator[tuple[Any, str]]:
        if node.type == "trailer" and node.children[0] == "(" and len(node.children) == 3:
            yield from ((part, "") for part in self._arguments(node.children[1]))

    def mutate(self, node: Any, index: int) -> Any:
        part = self._arguments(node.children[1])[index]
        if part is node.children[1]:
            del node.children[1]
            return node
        around = part.parent.children
        place = around.index(part)
        del around[place : place + 2]
        return node

    @staticmethod
    def _arguments(inside: Any) -> list[Any]:
        return list(inside.children[::2]) if inside.type == "arglist" else [inside]


def run(folder: Path) -> int:
    """Make every change and try it; gives back how many no test noticed."""
    OPERATOR_PROVIDERS["removal"] = {
        operator.__name__: operator for operator in (RemoveCondition, RemoveOperand, RemoveStatement, RemoveArgument)
    }
    shutil.copytree(ROOT, folder / "copy", ignore=_SKIPPED, dirs_exist_ok=True)
    os.chdir(folder / "copy")
    records = {module: WorkDB(folder / f"{Path(module).stem}.sqlite", WorkDB.Mode.create) for module in FIRST}
    for module, changes in records.items():
        _try_all(changes, module, f"{PYTEST} {FIRST[module]}")
    _try_again(records.values(), f"{PYTEST} {THEN}")
    return sum(_tell(changes, module) for module, changes in records.items())


def _try_all(changes: WorkDB, module: str, command: str) -> None:
    if changes.num_work_items == 0:
        init([Path(module)], changes, {})
    _must_pass(command)
    config = {"test-command": command, "timeout": _LONGEST, "distributor": {"name": "local"}}
    execute(changes, ConfigDict(config))


def _try_again(records: Iterable[WorkDB], command: str) -> None:
    _must_pass(command)
    for changes in records:
        for item, result in changes.completed_work_items:
            if not result.is_killed:
                changes.set_result(item.job_id, mutate_and_test(item.mutations, command, _LONGEST))


def _must_pass(command: str) -> None:
    """Tests that fail without any change would notice all of them."""
    outcome, said = run_tests(command, _LONGEST)
    if outcome is not TestOutcome.SURVIVED:
        raise SystemExit(f"{command}\n{said}")


def _tell(changes: WorkDB, module: str) -> int:
    survivors = [(item, result) for item, result in changes.completed_work_items if not result.is_killed]
    for item, result in survivors:
        sys.stdout.write(f"{item.mutations[0].operator_name}\n{result.diff}\n")
    total = changes.num_work_items
    sys.stdout.write(f"{module}: {total - len(survivors)} of {total} changes were noticed\n")
    return len(survivors)


if __name__ == "__main__":
    raise SystemExit(bool(run(Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp()).resolve())))
