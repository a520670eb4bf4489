"""How a directory of units and posts is loaded, and what is refused in it."""

from datetime import date

import pytest

from duban_flow.errors import Invalid, Problem
from duban_flow.formats.directory import load_directory

TOML = """
[[unit]]
code = "qzf"
name = "区政府"

[[unit]]
code = "zjj"
name = "住建局"
aliases = ["建设局"]
parent = "区政府"
valid_from = 2009-01-01
valid_until = "2015年12月31日"
successor = "zcj"

[[unit]]
code = "zcj"
name = "住房和城乡建设局"
kind = "department"

[[post]]
unit = "住建局"
name = "head"
officer = "张三"
deputies = ["李四"]
addresses = { sms = "13800000000" }
since = 2009-01-01
"""

CSV = """\
编码,名称,曾用名,上级单位,valid_from,valid_until,successor,post,officer,deputies,since,地址.sms
qzf,区政府,,,,,,,,,,
zjj,住建局,建设局,区政府,2009-01-01,2015-12-31,zcj,head,张三,李四,2009-01-01,13800000000
zcj,住房和城乡建设局,,,,,,,,,,
"""


def faults(source):
    """Load what must be refused; give line, column, code and the nearest name."""
    with pytest.raises(Invalid) as refused:
        load_directory(source)
    found = [p for p in refused.value.problems if isinstance(p, Problem)]
    return [(p.row, p.column, p.code, p.wanted) for p in found]


def test_units_and_posts_are_read():
    """Every field arrives; a unit meant by its name is kept by its code."""
    directory = load_directory(TOML)

    unit = directory.get("建设局")
    assert (unit.code, unit.parent, unit.successor) == ("zjj", "qzf", "zcj")
    assert (unit.valid_from, unit.valid_until) == (date(2009, 1, 1), date(2015, 12, 31))
    post = directory.holder("zjj", "head", date(2009, 10, 1))
    assert post is not None
    assert (post.officer, post.deputies) == ("张三", ("李四",))
    assert dict(post.addresses) == {"sms": "13800000000"}


def test_csv_says_the_same_as_toml():
    """Both forms make one and the same directory."""
    assert load_directory(CSV) == load_directory(TOML)


def test_a_file_is_known_by_its_ending(tmp_path):
    """CSV in GB18030 and TOML in UTF-8, from their paths."""
    (tmp_path / "d.csv").write_bytes(CSV.encode("gb18030"))
    (tmp_path / "d.toml").write_text(TOML, "utf-8")

    assert load_directory(tmp_path / "d.csv") == load_directory(
        str(tmp_path / "d.toml")
    )


def test_every_fault_is_named_with_its_line():
    """Fields, units, dates, periods and tables, all at once and in their order."""
    found = faults(
        """[[unit]]
code = "zjj"
name = "住建局"
parnet = "qzf"
parent = "区政俯"
[[unit]]
code = "qzf"
name = "区政府"
valid_from = "2009-02-30"
kind = 3
[[post]]
unit = "住建居"
name = "head"
since = 2010-01-01
until = 2009-01-01
[[posts]]
unit = "zjj"
"""
    )

    assert found == [
        (4, "unit.parnet", "directory.field", "parent"),
        (5, "unit.parent", "unit.unknown", "区政府"),
        (9, "unit.valid_from", "date.no_such_day", "2009-02-28"),
        (10, "unit.kind", "directory.type", '"…"'),
        (12, "post.unit", "unit.unknown", "住建局"),
        (15, "post.until", "directory.period", "≥ 2010-01-01"),
        (16, "posts", "directory.table", "[[post]]"),
    ]


def test_a_name_means_one_unit():
    """Codes, names and aliases are not shared; a post is told once."""
    found = faults(
        """[[unit]]
code = "a"
name = "甲"
[[unit]]
code = "b"
name = "乙"
aliases = ["甲"]
[[unit]]
code = "a"
name = "丙"
[[post]]
unit = "a"
name = "head"
[[post]]
unit = "甲"
name = "head"
"""
    )

    assert [fault[:3] for fault in found] == [
        (7, "unit.aliases", "unit.duplicate"),
        (9, "unit.code", "unit.duplicate"),
        (16, "post.name", "post.duplicate"),
    ]


def test_units_do_not_stand_above_themselves():
    """A circle is named once, with its way."""
    text = "".join(
        f'[[unit]]\ncode = "u{n}"\nname = "单位{n}"\nparent = "u{(n + 1) % 3}"\n'
        for n in range(3)
    )

    with pytest.raises(Invalid) as refused:
        load_directory(text)

    (problem,) = refused.value.problems
    assert isinstance(problem, Problem)
    assert (problem.row, problem.code) == (4, "unit.circle")
    assert "u0 → u1 → u2 → u0" in problem.text("en")


def test_a_key_that_stands_twice_is_refused():
    """Neither of two values is taken in silence."""
    found = faults('[[unit]]\ncode = "a"\ncode = "b"\nname = "甲"\n')

    assert [(row, code) for row, _, code, _ in found] == [(3, "directory.file")]


def test_faults_of_a_table_of_rows_are_named():
    """Headings, ragged rows, quotes, controls and dates of CSV."""
    found = faults(
        "编码,名称,类型,上级单位,成立日期,地扯.sms\nzjj,住建局,,区正府,2009-13-01,\n"
        'qzf,区政府,,,,\nx,短\ny,"未闭合,,,,\nz,\x07,,,12月中旬,\n'
    )

    assert {(row, column, code) for row, column, code, _ in found} >= {
        (1, "地扯.sms", "column.unknown"),
        (2, "上级单位", "unit.unknown"),
        (2, "成立日期", "date.no_such_month"),
        (4, "", "row.ragged"),
        (5, "名称", "csv.quote"),
        (6, "名称", "cell.control"),
    }


@pytest.mark.parametrize("source", ["/无/此.toml", "[[unit]]\n", "\n\n", "编码,名称\n"])
def test_nothing_is_no_directory(source):
    """A file that is missing or empty of units is refused."""
    assert faults(source)
