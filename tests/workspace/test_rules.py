"""The table of rules in the README names tests that exist, and no error that we answer with is without one."""

import ast
import re
from functools import cache
from pathlib import Path

import workspace

HERE, ROOMS = Path(__file__).parent, Path(workspace.__file__).parent
README = (ROOMS / "README.md").read_text(encoding="utf-8")


@cache
def rows() -> list[tuple[str, str, str]]:
    """Rule, file, test."""
    table = README.partition("\n# The rules and their tests\n")[2]
    return re.findall(r"^\| (.+) \| `(\w+\.py)` `(\w+)` \|$", table, re.MULTILINE)


@cache
def functions_of(name: str) -> set[str]:
    tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
    return {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}


def test_every_test_of_the_table_exists() -> None:
    assert len(rows()) > 100
    for rule, name, test in rows():
        assert test in functions_of(name), f"{rule}: {name} has no {test}"


def test_every_row_of_the_table_is_read() -> None:
    table = README.partition("\n# The rules and their tests\n")[2]
    lines = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith(("| **", "| rule"))]
    assert len(lines) == len(rows()) == len({rule for rule, *_ in rows()})


def test_every_error_is_met_by_a_test() -> None:
    answered = {
        node.args[0].value
        for path in ROOMS.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "SlackError"
        and isinstance(node.args[0], ast.Constant)
    }
    tests = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    assert len(answered) > 50
    assert {code for code in answered if f'"{code}"' not in tests} == set()
