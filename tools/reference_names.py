"""Public names as Markdown: signature, docstring, members.

What is said of a name is its docstring, no more. Examples stand as ``pycon``: they are
run where they are written, in the source.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeGuard

import attrs

WIDTH: Final = 80
_ROLE: Final = re.compile(r":\w+:`~?([^`]+)`")
_RAISES: Final = re.compile(r"(Raises|Args|Returns):")


def names_of(module: str) -> Iterator[str]:
    """Document every name a module promises, by alphabet."""
    promised = import_module(module)
    for name in sorted(promised.__all__, key=str.lower):
        yield from _entry(name, getattr(promised, name), module)


def _entry(name: str, thing: Any, module: str) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    if inspect.isclass(thing):
        yield from _class(name, thing)
    elif inspect.isroutine(thing):
        yield from _fenced(signature(name, thing))
        yield from prose(inspect.getdoc(thing) or "")
    else:
        yield from prose(_said_below(module, name))


def _class(name: str, kind: type) -> Iterator[str]:
    if issubclass(kind, Enum):
        yield from prose(inspect.getdoc(kind) or "")
        yield ", ".join(f"`{member.name}` = `{member.value}`" for member in kind)
        yield ""
        return
    if not issubclass(kind, Exception) and not getattr(kind, "_is_protocol", False):
        yield from _fenced(signature(name, kind))
    yield from prose(inspect.getdoc(kind) or "")
    members = dict(_members(kind))
    for member, made in members.items():
        if not member.startswith("test_"):
            yield from _member(f"{name}.{member}", made)
    for member, made in members.items():
        if member.startswith("test_"):
            yield f"- {plain((inspect.getdoc(made) or '').splitlines()[0])}"
    yield ""


def _member(name: str, made: Any) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    if isinstance(made, property) or not callable(_plain(made)):
        yield "Read, not called."
        yield ""
        yield from prose(inspect.getdoc(made) or "")
        return
    yield from _fenced(signature(name, _plain(made)))
    yield from prose(inspect.getdoc(_plain(made)) or "")


def _members(kind: type) -> Iterator[tuple[str, Any]]:
    """Give the public methods and properties that are ours, in their order."""
    seen: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if not base.__module__.startswith("duban_flow") or base.__name__ == "Value":
            continue
        for name, made in vars(base).items():
            public = not name.startswith("_") and inspect.getdoc(_plain(made))
            if public and (callable(_plain(made)) or isinstance(made, property)):
                seen[name] = made
    for name, made in seen.items():
        if not inspect.isclass(made):
            yield name, made


def _plain(made: Any) -> Any:
    made = getattr(made, "func", made) if not callable(made) else made
    return getattr(made, "__func__", made)


def signature(name: str, thing: Any) -> str:
    """Write a call as it is written, one parameter a line where it is long."""
    try:
        told = inspect.signature(thing)
    except (TypeError, ValueError):
        return name
    given = list(told.parameters.values())
    words = [_parameter(p) for p in given if p.name not in ("self", "cls")]
    kinds = [p.kind for p in given if p.name not in ("self", "cls")]
    keyword = inspect.Parameter.KEYWORD_ONLY
    if keyword in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        words.insert(kinds.index(keyword), "*")
    back = told.return_annotation
    tail = "" if back is told.empty or inspect.isclass(thing) else f" -> {_type(back)}"
    line = f"{name}({', '.join(words)}){tail}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {word}," for word in words), f"){tail}"])


def _parameter(given: inspect.Parameter) -> str:
    said = given.name.lstrip("_")
    if given.kind is given.VAR_POSITIONAL:
        said = f"*{said}"
    if given.kind is given.VAR_KEYWORD:
        said = f"**{said}"
    if given.annotation is not given.empty:
        said += f": {_type(given.annotation)}"
    if given.default is given.empty:
        return said
    return f"{said} = {_default(given.default)}"


def _type(annotation: Any) -> str:
    if isinstance(annotation, str):
        return annotation
    if annotation is None:
        return "None"
    return str(getattr(annotation, "__name__", annotation))


def _default(value: Any) -> str:
    if value is attrs.NOTHING or isinstance(value, attrs.Factory):  # type: ignore[arg-type]  # attrs types the class as a function
        return "..."
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if hasattr(value, "name") and not isinstance(value, str):
        return str(value.name)
    said = repr(value)
    return "..." if " at 0x" in said or len(said) > 40 else said


def _fenced(text: str, language: str = "pyi") -> Iterator[str]:
    yield f"```{language}"
    yield text
    yield "```"
    yield ""


def prose(doc: str) -> Iterator[str]:
    """Turn a docstring into Markdown: examples fenced, what is raised as a list."""
    lines = doc.splitlines()
    place = 0
    while place < len(lines):
        end = place + 1
        if lines[place].lstrip().startswith(">>>"):
            while end < len(lines) and lines[end].strip():
                end += 1
            yield from _fenced("\n".join(lines[place:end]), "pycon")
        elif _RAISES.fullmatch(lines[place].strip()):
            while end < len(lines) and (not lines[end] or lines[end][0] == " "):
                end += 1
            yield from _listed(lines[place].strip(), lines[place + 1 : end])
        else:
            yield plain(lines[place])
        place = end
    yield ""


def _listed(heading: str, lines: list[str]) -> Iterator[str]:
    yield heading
    yield ""
    deep = min((len(x) - len(x.lstrip()) for x in lines if x.strip()), default=0)
    for line in filter(str.strip, lines):
        fresh = len(line) - len(line.lstrip()) == deep
        yield ("- " if fresh else "  ") + plain(line.strip())
    yield ""


def plain(line: str) -> str:
    """Write the marks of docstrings as those of Markdown."""
    return _ROLE.sub(r"`\1`", line).replace("``", "`")


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(Path(str(import_module(module).__file__)).read_text("utf-8"))


def _said_below(module: str, name: str) -> str:
    """Find what is written below an assignment, where the name comes from."""
    for node in ast.walk(_tree(module)):
        if _imports(node, name):
            return _said_below(str(node.module), name)
    body = _tree(module).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        if name in _targets(node) and isinstance(after, ast.Expr):
            return inspect.cleandoc(str(ast.literal_eval(after.value)))
    value = getattr(import_module(module), name)
    return inspect.getdoc(type(value)) or ""


def _imports(node: ast.AST, name: str) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and name in {a.name for a in node.names}


def _targets(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return {node.target.id}
    if isinstance(node, ast.Assign):
        return {t.id for t in node.targets if isinstance(t, ast.Name)}
    return set()
