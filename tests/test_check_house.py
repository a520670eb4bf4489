"""The house check finds what it says it finds, and only that."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tools.check_house import check, check_module, check_text

ADAPTER = "src/duban_flow/formats/ledger.py"
PURE = "src/duban_flow/domain/items.py"
TEST = "tests/domain/test_items.py"


def wrongs(path: str, text: str) -> list[str]:
    """What is found wrong with one module."""
    return [finding.wrong for finding in check_module(path, text)]


def test_module_in_order_has_no_findings() -> None:
    """A module with its sentence and short functions passes."""
    assert wrongs(PURE, '"""Items."""\n\n\ndef f() -> None:\n    pass\n') == []


def test_broken_module_is_a_finding_like_others() -> None:
    """A file that is not Python is named, and the others are still judged."""
    assert wrongs(PURE, "def f(:\n") == ["is not Python: invalid syntax"]


def test_test_without_sentence_is_named() -> None:
    """A test must say what it tests; its helpers need not."""
    text = '"""T."""\n\n\ndef test_f() -> None: ...\n\n\ndef f() -> None: ...\n'

    assert wrongs(TEST, text) == ["test_f does not say what it tests"]


def test_long_function_is_measured_without_its_words() -> None:
    """Blank lines, comments and docstrings do not make a function long."""
    words = '    """Say.\n\n    More.\n    """\n    # why\n\n' + "    # and\n" * 50
    short = '"""M."""\n\n\ndef f() -> None:\n' + words + "    x = 1\n" * 39
    long = short + "    x = 1\n"

    assert wrongs(PURE, short) == []
    assert wrongs(PURE, long) == ["f has 41 code lines, wanted 40"]


def test_long_module_is_named() -> None:
    """A module over four hundred code lines has a second thing inside it."""
    text = '"""M."""\n' + "x = 1\n" * 401

    assert wrongs(PURE, text) == ["401 code lines, wanted 400"]


@pytest.mark.parametrize(
    "call", ["open('x')", "print('x')", "Path('x').read_text()", "Path('x').open()"]
)
def test_files_are_for_the_adapters(call: str) -> None:
    """A call that reaches a file is refused in the domain, allowed in formats."""
    text = f'"""M."""\n\n{call}\n'

    assert len(wrongs(PURE, text)) == 1
    assert wrongs(ADAPTER, text) == []


def test_opening_an_office_is_not_opening_a_file() -> None:
    """A method called open on something of ours is no file access."""
    assert wrongs(PURE, '"""M."""\n\nOffice.open("x")\n') == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("x = 1  # noqa: E501", 1),
        ("x = 1  # noqa: E501  # the law's own sentence", 0),
        ("x = 1  # noqa: E501, RUF001 - the law's own sentence", 0),
        ("x = 1  # noqa", 1),
        ("x = 1  # type: ignore[misc]", 1),
        ("x = 1  # type: ignore[misc]  # the library's stub is wrong", 0),
        ("x = 1  # type: ignore", 1),
    ],
)
def test_exemption_carries_code_and_reason(line: str, found: int) -> None:
    """An exemption without a code or without its reason is a finding."""
    assert len(wrongs(PURE, f'"""M."""\n\n{line}\n')) == found


def test_machine_path_is_foreign() -> None:
    """A path of somebody's machine is found in any kind of file."""
    findings = list(check_text("docs/a.md", "fine\nsee /" + "home/me/x\n"))

    assert [finding.line for finding in findings] == [2]


@pytest.mark.parametrize("with_git", [True, False])
def test_folder_is_read_as_git_keeps_it(with_git: bool, tmp_path: Path) -> None:
    """What tools made is not judged; new files that git would keep are."""
    if with_git and not shutil.which("git"):
        pytest.skip("git is not installed")
    if with_git:
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("build/\n", "utf-8")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "misc.py").write_text("x = 1\n", "utf-8")
    (tmp_path / "misc.py").write_text('"""M."""\n', "utf-8")

    assert [finding.path for finding in check(tmp_path)] == ["misc.py"]
