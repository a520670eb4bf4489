"""Where things stand in a TOML text."""

from __future__ import annotations

from duban_flow.formats.toml_lines import Lines


def test_tables_in_arrays_have_lines_of_their_own():
    """The same key in the second section is on its own line."""
    lines = Lines.of('[[a]]\n[a.b."c d"]\nx = 1\n[[a]]\n[a.b]\nx.y = 2\n')
    assert lines.line(("a", 0, "b", "c d", "x")) == 3
    assert lines.line(("a", 1, "b", "x", "y")) == 6


def test_arrays_in_arrays_are_counted_each_by_itself():
    """The first entry of the second table is its own first."""
    lines = Lines.of("[[a]]\n[[a.b]]\nx = 1\n[[a]]\n[[a.b]]\nx = 2\n[[a.b]]\nx = 3\n")
    assert lines.line(("a", 0, "b", 0, "x")) == 3
    assert lines.line(("a", 1, "b", 0, "x")) == 6
    assert lines.line(("a", 1, "b", 1, "x")) == 8


def test_texts_and_arrays_over_lines_are_stepped_over():
    """What looks like a key inside a text or an array is none."""
    lines = Lines.of("a = '''\nb = 1\n'''\nc = [\n  'd = 2',\n]\nd = 3\n")
    assert ("b",) not in lines.known
    assert lines.line(("d",)) == 7


def test_what_has_no_line_has_that_of_its_table():
    """A key inside an inline table is where the table is; one unknown is nowhere."""
    lines = Lines.of("a = 1\nb = { c = 1 }\n")
    assert lines.line(("b", "c")) == 2
    assert lines.line(("z",)) is None
