"""``duban circular``: counted, printed, checked."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Duban

LATE = "2026-06-26T10:00"

TYPED = """\
title = "通报"
[[section]]
title = "总体"
text = "共{total}，其中逾期7件。"
[section.figure.total]
count = []
unit = "件"
"""


def test_prints_what_is_counted(sat: Duban) -> None:
    """The starter's outline comes out with the figures of its items."""
    done = sat("circular circular.toml", now=LATE)

    assert done.code == 0
    assert "共交办督办事项4件，已办结0件，占0.00%；逾期未办结3件。" in done.out
    assert "| DB-001 | 老旧小区改造 | 住建局 | 逾期 | 0% |" in done.out


def test_counts_as_of_a_day(sat: Duban) -> None:
    """As of 10 June one item was late."""
    done = sat("circular circular.toml --as-of 2026-06-10", now=LATE)

    assert "逾期未办结1件。" in done.out


def test_writes_a_file_in_the_form_of_its_ending(sat: Duban, tmp_path: Path) -> None:
    """An .html file is a page; the check is told beside it."""
    done = sat("circular circular.toml -o page.html", now=LATE)

    assert (done.code, done.out) == (0, "")
    assert "已写入page.html。" in done.err
    assert "全部相符" in done.err
    text = (tmp_path / "page.html").read_text("utf-8")
    assert text.lower().startswith("<!doctype html>")


def test_an_ending_that_nothing_prints_is_refused(sat: Duban, tmp_path: Path) -> None:
    """A .docx is never Markdown in disguise; what there is, is named."""
    done = sat("circular circular.toml -o c.docx", now=LATE)

    assert done.code == 2
    assert all(word in done.err for word in (".docx", ".html", ".md", "--to"))
    assert not (tmp_path / "c.docx").exists()


def test_a_form_that_is_said_may_go_anywhere(sat: Duban, tmp_path: Path) -> None:
    """With --to, or without an ending, nothing is guessed."""
    assert sat("circular circular.toml --to markdown -o c.txt", now=LATE).code == 0
    assert sat("circular circular.toml -o bare", now=LATE).code == 0
    assert (tmp_path / "bare").read_text("utf-8").startswith("# ")


def test_a_form_that_nothing_prints_is_told(sat: Duban) -> None:
    """An unknown form is named with those there are."""
    done = sat("circular circular.toml --to pdf", now=LATE)

    assert done.code == 1
    assert "markdown" in done.err


def test_a_number_typed_by_hand_is_a_fault(sat: Duban, tmp_path: Path) -> None:
    """A figure that no ledger gives is named, and is exit 1; the text is printed."""
    (tmp_path / "typed.toml").write_text(TYPED, "utf-8")

    done = sat("circular typed.toml", now=LATE)

    assert done.code == 1
    assert "共4件，其中逾期7件。" in done.out
    assert "7件" in done.err


def test_a_program_is_given_figures_and_faults(sat: Duban, tmp_path: Path) -> None:
    """Each figure with its parts and its date; each fault with what follows."""
    (tmp_path / "typed.toml").write_text(TYPED, "utf-8")

    good = sat("circular circular.toml --json", now=LATE)
    bad = sat("circular typed.toml --json", now=LATE)

    assert good.data["figures"]["late"]["value"] == "3"
    assert good.data["figures"]["closed_share"]["denominator"] == "4"
    assert good.data["reconcile"]["faults"] == []
    assert bad.code == 1
    assert bad.data["reconcile"]["faults"][0]["said"] == "7件"


def test_a_fault_in_the_outline_has_its_line(sat: Duban, tmp_path: Path) -> None:
    """An outline that cannot be read is told by file and line."""
    (tmp_path / "odd.toml").write_text(TYPED.replace("count", "cuont"), "utf-8")

    done = sat("circular odd.toml", now=LATE)

    assert (done.code, done.out) == (1, "")
    assert "odd.toml" in done.err
    assert "count" in done.err
