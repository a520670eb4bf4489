"""duban audit: what it tells, what a program reads, and its exit codes."""

from __future__ import annotations

import contextlib
import sqlite3

from tests.cli.conftest import Duban


def test_an_audit_of_what_is_as_it_should_be(filled: Duban) -> None:
    """It says what was looked at, finds nothing and exits 0."""
    filled("sweep", now="2026-06-09T09:00")

    done = filled("audit", now="2026-06-09T10:00")

    assert done.code == 0
    assert done.out.startswith("2026-06-09 10:00 核验4件（在办4件，已终结0件）")
    assert done.out.rstrip().endswith("差异0处。")


def test_an_item_that_was_tampered_with_is_named(filled: Duban) -> None:
    """Exit 3, and the code with what is stored and what it should be."""
    filled("sweep", now="2026-06-09T09:00")
    with contextlib.closing(sqlite3.connect("duban.db")) as there, there:
        there.execute(
            "UPDATE duban_item SET next_at = -1 WHERE id = "
            "(SELECT id FROM duban_item_detail WHERE code = 'DB-002')"
        )

    done = filled("audit --lang en", now="2026-06-09T10:00")
    told = filled("audit --json", now="2026-06-09T10:00")

    assert done.code == told.code == told.data["exit_code"] == 3
    assert "! DB-002: the next instant: stored nothing, recomputed 2026-" in done.out
    assert told.data["faulty"] == 1
    assert told.data["faults"][0]["code"] == "DB-002"
    assert told.data["faults"][0]["check"] == "next_at"
