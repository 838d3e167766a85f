"""The product's own source, read as a text: which keys, kinds and names it mentions. For tests/test_house.py."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PRODUCT = ("bot", "handlers", "models")
HOLE = "\x00"  # stands where an f-string has a value


@cache
def trees(*folders: str) -> dict[Path, ast.Module]:
    """Every module, parsed once. Migrations are lists, not code of ours."""
    files = [file for folder in folders or PRODUCT for file in (ROOT / folder).rglob("*.py")]
    return {f: ast.parse(f.read_text(encoding="utf-8")) for f in files if "migrations/versions" not in f.as_posix()}


@cache
def nodes(*folders: str) -> tuple[ast.AST, ...]:
    """Walked once: whoever asks for a kind of node a hundred times reads a list."""
    return tuple(node for tree in trees(*folders).values() for node in ast.walk(tree))


@cache
def calls_by_name(*folders: str) -> dict[str, list[ast.Call]]:
    named: dict[str, list[ast.Call]] = {}
    for node in nodes(*folders):
        if isinstance(node, ast.Call):
            named.setdefault(name_of(node.func), []).append(node)
    return named


@cache
def assignments() -> dict[str, list[ast.Assign]]:
    """By the name of the first that is assigned to."""
    named: dict[str, list[ast.Assign]] = {}
    for node in nodes():
        if isinstance(node, ast.Assign):
            named.setdefault(name_of(node.targets[0]), []).append(node)
    return named


def strings(node: ast.AST | None) -> set[str]:
    """What an expression may be as a text: both arms of a condition, f-strings with holes; empty if unknown."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.JoinedStr):
        return {"".join(v.value if isinstance(v, ast.Constant) else HOLE for v in node.values)}  # type: ignore[misc]
    if isinstance(node, ast.IfExp):
        return strings(node.body) | strings(node.orelse)
    return set()


@cache
def pattern(text: str) -> re.Pattern[str]:
    """A text with holes, as something to match with."""
    return re.compile(".+".join(re.escape(part) for part in text.split(HOLE)))


def name_of(function: ast.expr) -> str:
    """`words.speak` and `speak` are both called speak."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def calls(*names: str, folders: tuple[str, ...] = ()) -> Iterator[ast.Call]:
    named = calls_by_name(*folders)
    for name in names:
        yield from named.get(name, [])


def argument(call: ast.Call, position: int, name: str = "") -> ast.expr | None:
    """By place or by name."""
    if position < len(call.args):
        return call.args[position]
    return next((k.value for k in call.keywords if k.arg == name), None)


def functions() -> Iterator[ast.FunctionDef]:
    return (node for node in nodes() if isinstance(node, ast.FunctionDef))


def assigned(inside: ast.AST, name: str) -> set[str]:
    """Texts that a variable of this name may hold."""
    return {
        text
        for node in ast.walk(inside)
        if isinstance(node, ast.Assign) and any(name_of(target) == name for target in node.targets)
        for text in strings(node.value)
    }


def passed(function: ast.FunctionDef, parameter: str) -> set[str]:
    """What callers hand to this parameter, as far as they write it out."""
    names = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args) if arg.arg != "self"]
    if parameter not in names:
        return set()
    at = names.index(parameter)
    return {text for call in calls(function.name) for text in strings(argument(call, at, parameter))}


def looped(inside: ast.AST, name: str) -> set[str]:
    """What a loop variable runs through, where that is a list with a name of its own: `for kind in KINDS`."""
    lists = {
        loop.iter.id
        for loop in ast.walk(inside)
        if isinstance(loop, ast.For | ast.comprehension)
        and name_of(loop.target) == name
        and isinstance(loop.iter, ast.Name)
    }
    found = [node for name in lists for node in assignments().get(name, [])]
    return {text for node in found for inner in ast.walk(node.value) for text in strings(inner)}


def values_of(function: ast.FunctionDef, node: ast.expr | None) -> set[str]:
    """Texts that an expression inside a function may be: written there, assigned, looped over, or handed in."""
    if isinstance(node, ast.Name):
        return assigned(function, node.id) | looped(function, node.id) | passed(function, node.id)
    return strings(node)


@cache
def all_strings() -> frozenset[str]:
    """Every text anywhere in the product, docstrings too."""
    return frozenset(text for node in nodes() for text in strings(node))
