"""The house rules that no linter knows: sizes, sentences, files, foreign words.

Reads the files that git would keep and prints one line a finding, as
`path:line: what is wrong`. It judges text and syntax only: it imports nothing it
checks and mends nothing it finds.

    python -m tools.check_house [FOLDER]
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MODULE_LINES = 400
FUNCTION_LINES = 40

SOURCE = re.compile(r"(plugins/[^/]+/)?src/")
TEST = re.compile(r"(plugins/[^/]+/)?tests/(.+/)?test_[^/]+\.py")
FILES_ALLOWED = re.compile(
    r"src/duban_flow/(formats/|storage/|channels/|cli/)|plugins/"
)
FILE_NAMES = frozenset({"open", "print"})
FILE_METHODS = frozenset(
    {"mkdir", "open", "read_bytes", "read_text", "rename", "rmdir", "touch", "unlink"}
    | {"write_bytes", "write_text", "iterdir"}
)
MADE = frozenset({"__pycache__", "build", "dist"})
VAGUE = frozenset({"utils", "util", "helpers", "helper", "manager", "common", "misc"})

# Written in pieces, so that this file passes its own check.
FOREIGN = re.compile(
    "|".join(
        (
            r"\bpypi" + r"\.org",
            r"python" + r"hosted\.org",
            r"registry\.npm" + r"js\.org",
            r"deb\.debian" + r"\.org",
            r"(?<![\w.])/(work|root|home)" + r"/\w",
            r"\.\./" + r"shared\b",
        )
    )
)
EXCUSE = re.compile(
    r"#\s*(?:noqa|type:\s*ignore)\b"
    r"(?P<codes>:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[^\]]+\])?(?P<why>.*)"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Finding(NamedTuple):
    """What is wrong, and where."""

    path: str
    line: int
    wrong: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.wrong}"


def check_text(path: str, text: str) -> Iterator[Finding]:
    """Name every registry host and machine path."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := FOREIGN.search(line):
            yield Finding(path, number, f"`{found[0]}` is this machine's, not ours")


def check_module(path: str, text: str) -> Iterator[Finding]:
    """Judge one Python file by its syntax tree."""
    try:
        tree = ast.parse(text, path)
    except SyntaxError as fault:
        yield Finding(path, fault.lineno or 1, f"is not Python: {fault.msg}")
        return
    code = code_lines(tree, text)
    if Path(path).stem in VAGUE:
        yield Finding(path, 1, "the name says nothing: what is in it?")
    if len(code) > MODULE_LINES:
        yield Finding(path, 1, f"{len(code)} code lines, wanted {MODULE_LINES}")
    if text.strip() and not ast.get_docstring(tree):
        yield Finding(path, 1, "the module does not say what it is")
    if "typing_tests/" not in path:
        yield from check_excuses(path, text)
    for function in functions(tree):
        yield from check_function(path, function, code)
    if SOURCE.match(path) and not FILES_ALLOWED.match(path):
        yield from check_files(path, tree)


def check_function(path: str, function: Function, code: set[int]) -> Iterator[Finding]:
    """Ask a function to be short, and a test for its sentence."""
    first, last = function.lineno, function.end_lineno or function.lineno
    size = len(code.intersection(range(first, last + 1)))
    if size > FUNCTION_LINES:
        wrong = f"{function.name} has {size} code lines, wanted {FUNCTION_LINES}"
        yield Finding(path, first, wrong)
    is_test = TEST.fullmatch(path) and function.name.startswith("test_")
    if is_test and not ast.get_docstring(function):
        yield Finding(path, first, f"{function.name} does not say what it tests")


def check_excuses(path: str, text: str) -> Iterator[Finding]:
    """Ask every exemption from a linter for its code and its reason."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        found = EXCUSE.search(token.string) if token.type == tokenize.COMMENT else None
        if found and not (found["codes"] and found["why"].strip("# -")):
            wrong = "an exemption without its code and its reason"
            yield Finding(path, token.start[0], wrong)


def check_files(path: str, tree: ast.Module) -> Iterator[Finding]:
    """Name every call that would reach a file from a layer that must not."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id=name) if name in FILE_NAMES:
                yield Finding(path, node.lineno, f"{name}() outside the adapters")
            case ast.Attribute(attr=name) if name in FILE_METHODS and not _ours(node):
                yield Finding(path, node.lineno, f".{name}() outside the adapters")


def _ours(call: ast.Call) -> bool:
    """Tell `Office.open(...)` and the like, which open no file."""
    match call.func:
        case ast.Attribute(attr="open", value=ast.Name(id=owner)):
            return owner not in {
                "io",
                "os",
                "path",
                "Path",
                "codecs",
                "gzip",
                "zipfile",
            }
    return False


def functions(tree: ast.Module) -> Iterator[Function]:
    """Every function and method, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def code_lines(tree: ast.Module, text: str) -> set[int]:
    """The numbers of the lines that hold code: no blanks, comments or docstrings."""
    lines = enumerate(text.splitlines(), 1)
    code = {
        n for n, line in lines if line.strip() and not line.lstrip().startswith("#")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and node.body:
            match node.body[0]:
                case ast.Expr(value=ast.Constant(value=str()), lineno=a, end_lineno=b):
                    code.difference_update(range(a, (b or a) + 1))
    return code


def kept_files(root: Path) -> list[str]:
    """The files that git keeps or would keep, as paths below the root."""
    if not (root / ".git").exists():
        files = (path for path in root.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(root)) for path in files if kept(path, root))
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    return sorted(path for path in listed.stdout.split("\0") if path)


def kept(path: Path, root: Path) -> bool:
    """Guess what git would say where there is no git: nothing made by a tool."""
    folders = path.relative_to(root).parts[:-1]
    return not any(name.startswith(".") or name in MADE for name in folders)


def check(root: Path) -> Iterator[Finding]:
    """Every finding of the house, file by file."""
    for path in kept_files(root):
        try:
            text = (root / path).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, or a file another hand has just moved
        yield from check_text(path, text)
        if path.endswith(".py"):
            yield from check_module(path, text)


def main(arguments: list[str]) -> int:
    """Print what is wrong; 1 if anything is."""
    findings = list(check(Path(arguments[0] if arguments else ".")))
    for finding in findings:
        print(finding)
    print(f"house: {len(findings)} findings" if findings else "house: in order")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
