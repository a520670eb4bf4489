"""The documents agree with the code, with one another, and with their own rules."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from duban_flow.engine.hooks import Hooks
from tools.reference import PARTS, stale

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "duban_flow"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("README*.md")])
DECISIONS = sorted((DOCS / "explanation" / "adr").glob("0*.md"))
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    """Give a page without its code."""
    return FENCED.sub("", page.read_text("utf-8"))


def test_the_reference_says_what_the_code_says():
    """Generated parts are as `python -m tools.reference` would write them."""
    assert stale() == []


def test_every_generated_part_stands_in_a_page():
    """What can be generated is shown somewhere."""
    pages = "".join(p.read_text("utf-8") for p in (DOCS / "reference").glob("*.md"))
    assert [name for name in PARTS if f"<!-- begin: {name} -->" not in pages] == []


def test_every_hook_is_documented_with_its_arguments():
    """A hook that is called stands in the page of hooks."""
    page = (DOCS / "reference" / "hooks.md").read_text("utf-8")
    hooks = [name for name in vars(Hooks) if name.startswith("duban_")]
    assert hooks
    assert [name for name in hooks if f"def {name}(register: " not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    """Every link to a file of this repository names one that is there."""
    found = re.findall(r"\]\(([^)#\s]+)", prose(page))
    local = [link for link in found if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_term_lives_where_the_glossary_says():
    """The module named beside a term is there."""
    rows = re.findall(r"\| `([\w.]+)` \|$", prose(DOCS / "glossary.md"), re.MULTILINE)
    assert len(rows) > 100
    for module in sorted(set(rows)):
        import_module(f"duban_flow.{module}")


def test_no_term_of_the_glossary_stands_twice():
    """One word has one meaning."""
    page = prose(DOCS / "glossary.md")
    words = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \| `", page, re.MULTILINE)
    assert sorted(set(words)) == sorted(words)


@pytest.mark.parametrize("page", ["road.md", "house.md"])
def test_files_and_functions_named_on_the_road_are_there(page: str):
    """An engineer who follows the page finds each file, and each function in it."""
    named = re.findall(
        r"`([\w/]+\.py)`(?:, `([\w.]+)`)?", prose(DOCS / "explanation" / page)
    )
    assert named
    for path, function in named:
        text = (SOURCE / path).read_text("utf-8")
        last = function.rpartition(".")[2]
        assert not last or re.search(rf"(def|class) {last}\b|{last} =", text), path


def test_every_step_named_on_the_road_is_defined_where_it_is_said():
    """Steps and methods are called as the code calls them, in the class named."""
    texts = [path.read_text("utf-8") for path in SOURCE.rglob("*.py")]
    page = prose(DOCS / "explanation" / "road.md")
    steps = re.findall(r"`(?:([A-Z_]\w+)\.)?(_?\w+)`", page)
    steps = [(owner, name) for owner, name in steps if owner or name[0] == "_"]
    assert steps
    for owner, name in steps:
        here = [t for t in texts if f"class {owner}" in t] if owner else texts
        assert any(f"def {name}(" in text for text in here), f"{owner}.{name}"


@pytest.mark.parametrize("page", DECISIONS, ids=lambda p: p.stem)
def test_a_decision_says_what_it_refused(page: Path):
    """Each page is numbered, dated, and has at least one rejected road."""
    text = page.read_text("utf-8")
    assert text.startswith(f"# {int(page.stem[:4])}. ")
    assert re.search(r"^Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    for part in ("\n## Context\n", "\n## Decision\n", "\n## Consequences\n"):
        assert part in text
    assert "\n**Rejected: " in text


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_a_readme_can_be_read_in_one_go(name: str):
    """Six hundred words at most, code not counted; a Chinese word is two signs."""
    text = re.sub(r"\(\S+\)|<!--.*?-->", "", prose(ROOT / name))
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    others = len(re.findall(r"[A-Za-z0-9_'’-]+", text))
    assert others + chinese / 2 <= 600
