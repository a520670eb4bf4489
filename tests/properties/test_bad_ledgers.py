"""Every fault put into a good ledger is found where it was put, and nothing else is.

A generator takes one good ledger, spoils one to three of its cells, rows or bytes,
and knows which row, column and code must be named.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.units import Actor, Directory, Unit
from duban_flow.engine.intake import Intake, read_acts
from duban_flow.errors import Problem
from duban_flow.formats.ledger_csv import read_ledger

HEADING = [
    "编号",
    "日期",
    "动作",
    "经办",
    "事项",
    "类别",
    "责任单位",
    "协办单位",
    "督促单位",
    "完成时限",
    "指标",
    "计量单位",
    "目标值",
    "实际值",
    "截至",
    "进度",
    "已完成数",
    "总数",
    "难以完成",
    "上级事项",
    "轮次",
    "测评对象",
    "得分",
    "排名",
    "参评数",
    "角色",
    "单位",
    "理由",
    "说明",
]
ROWS: tuple[dict[str, str], ...] = (
    {"编号": "A-01", "日期": "2009-06-01", "动作": "交办", "事项": "危旧房改造"}
    | {"责任单位": "住建局", "督促单位": "督查室", "完成时限": "2009-12-31"},
    {"编号": "A-02", "日期": "2009-06-01", "事项": "一标段", "上级事项": "A-01"}
    | {"责任单位": "住建局", "督促单位": "督查室", "完成时限": "60日"},
    {"编号": "A-03", "日期": "2009-06-02", "事项": "二标段", "上级事项": "A-01"}
    | {"责任单位": "城管局", "督促单位": "督查室", "完成时限": "15个工作日"},
    {"编号": "A-04", "日期": "2009-06-03", "动作": "assign", "事项": "土地上市"}
    | {"责任单位": "国土局、住建局", "协办单位": "财政局、城管局", "督促单位": "督查室"}
    | {"指标": "面积", "计量单位": "亩", "目标值": "1270.5", "完成时限": "2009年12月"},
    {"编号": "A-05", "日期": "2009-06-04", "事项": "环境整治", "类别": "evaluation"}
    | {"责任单位": "城管局", "督促单位": "督查室"},
    {"编号": "A-06", "日期": "2009-06-05", "事项": "窗口服务", "督促单位": "督查室"}
    | {"责任单位": "财政局", "完成时限": "2009-11-30", "说明": ""},
    {"编号": "A-01", "日期": "2009-07-01", "动作": "签收", "经办": "住建局"},
    {"编号": "A-01", "日期": "2009-08-03", "动作": "反馈", "经办": "住建局"}
    | {"进度": "40", "难以完成": "否", "说明": "已进场,正在拆除"},
    {"编号": "A-02", "日期": "2009-08-03", "动作": "反馈", "经办": "住建局"}
    | {"已完成数": "3", "总数": "8"},
    {"编号": "A-04", "日期": "2009-09-01", "动作": "填报指标", "经办": "国土局"}
    | {"指标": "面积", "实际值": "640.25亩", "截至": "2009-08-31"},
    {"编号": "A-05", "日期": "2009-09-30", "动作": "测评", "经办": "督查室"}
    | {"轮次": "3", "测评对象": "甲街道", "得分": "50.74", "排名": "5", "参评数": "6"},
    {"编号": "A-05", "日期": "2009-09-30", "动作": "测评", "经办": "督查室"}
    | {"轮次": "3", "测评对象": "乙街道", "得分": "61.2", "排名": "2", "参评数": "6"},
    {"编号": "A-06", "日期": "2009-10-12", "动作": "登记查实问题", "经办": "督查室"}
    | {"单位": "财政局", "说明": "未挂牌上岗"},
    {"编号": "A-06", "日期": "2009-11-02", "动作": "改派", "经办": "督查室"}
    | {"单位": "国土局", "角色": "责任单位", "理由": "职责调整"},
    {"编号": "A-03", "日期": "2009-11-20", "动作": "办结", "经办": "督查室"}
    | {"理由": "验收通过"},
)
GIVEN = range(6)
"""Places of the rows that give out an item."""

DIRECTORY = Directory.of(
    [
        Unit("dcs", "督查室", kind="supervisor"),
        Unit("zjj", "住建局", aliases=["建设局"]),
        Unit("cgj", "城管局"),
        Unit("gtj", "国土局"),
        Unit("czj", "财政局"),
    ]
)
NOW = datetime(2009, 12, 25, 18, tzinfo=ZoneInfo("Asia/Shanghai"))

Table = list[list[str]]
Place = tuple[int | None, str, str]
"""The row, the heading and the code of a problem."""


class Fault(NamedTuple):
    """One way to spoil a row: where it may be done, and what must be found."""

    name: str
    places: Sequence[int]
    spoil: Callable[[Table, int], Place]


def table() -> Table:
    """Lay the good ledger out as cells, the heading first."""
    return [list(HEADING), *([row.get(h, "") for h in HEADING] for row in ROWS)]


def written(cells: Table, separator: str = ",", end: str = "\n") -> str:
    """Write cells as text; one that begins with a mark of the tests stays as it is."""
    return "".join(
        separator.join(quoted(cell, separator) for cell in row) + end for row in cells
    )


def quoted(cell: str, separator: str) -> str:
    """Quote a cell where it must be."""
    if cell.startswith(RAW):
        return cell.removeprefix(RAW)
    needs = any(mark in cell for mark in (separator, '"', "\n"))
    return '"' + cell.replace('"', '""') + '"' if needs else cell


RAW = "RAW:"


def read(source: bytes | str) -> tuple[list[Problem], Intake]:
    """Read a ledger; give every problem of form and meaning, and what was read."""
    ledger = read_ledger(source)
    intake = read_acts(
        ledger,
        workflows={"supervision": Supervision},
        directory=DIRECTORY,
        calendar=WorkCalendar.china(),
        importer=Actor("user:7", unit="dcs"),
        now=NOW,
        year=2009,
    )
    return [*ledger.problems, *intake.problems], intake


def put(
    heading: str, said: str, code: str, at: int | None = None
) -> Callable[..., Place]:
    """Spoil by writing something else into one cell."""

    def spoil(cells: Table, place: int) -> Place:
        cells[place + 1][HEADING.index(heading)] = said
        row = place + 2 if at is None else at
        return row, heading, code

    return spoil


def several(
    number: str, heading: str, code: str, places: Sequence[int], said: Sequence[str]
) -> Iterator[Fault]:
    """Make one fault of each thing that may be said."""
    for word in said:
        yield Fault(f"{number} {word[:12]!r}", places, put(heading, word, code))


def longer(cells: Table, place: int) -> Place:
    """Give a row a cell too many."""
    cells[place + 1].append("余")
    return place + 2, "", "row.ragged"


def shorter(cells: Table, place: int) -> Place:
    """Take a cell away from a row."""
    cells[place + 1].pop()
    return place + 2, "", "row.ragged"


def taken(alike: str) -> Callable[[Table, int], Place]:
    """Give a row the code of the first item, differently spelled."""
    return put("编号", alike, "code.duplicate")


ACTS = range(6, len(ROWS))
ALL = range(len(ROWS))
REPORT, COUNTS, MEASURE, ROUND = (7,), (8,), (9,), (10, 11)

FAULTS: tuple[Fault, ...] = (
    *several("B12", "日期", "date.no_such_day", ALL, ["9月31日", "2009年2月29日"]),
    *several("B12", "日期", "date.no_such_day", ALL, ["1900年2月29日", "2009-11-31"]),
    *several("B13", "日期", "date.masked", ALL, ["20xx年12月1日"]),
    *several("B13", "日期", "date.undecided", ALL, ["待定"]),
    *several("B13", "完成时限", "date.two_digit_year", GIVEN, ["09年11月"]),
    *several("B13", "完成时限", "date.no_such_month", GIVEN, ["2009年13月1日"]),
    *several("B13", "完成时限", "term.form", GIVEN, ["尽快", "3月中", "2009-11"]),
    *several("B14", "完成时限", "due.before_assigned", GIVEN, ["2009-05-29", "5月"]),
    *several("B14", "日期", "date.year_range", ALL, ["0009-11-30", "9999-12-31"]),
    *several("B14", "日期", "date.future", ALL, ["2009-12-26", "2010年1月"]),
    *several("B15", "目标值", "quantity.number", (3,), ["²", "①", "NaN", "1.5.1"]),
    *several("B15", "目标值", "quantity.number", (3,), ["1_000", "12,70", "一千"]),
    *several("B15", "目标值", "quantity.form", (3,), ["１e400"]),
    *several("B15", "实际值", "quantity.unit", MEASURE, ["12万", "12平方米"]),
    *several("B15", "得分", "quantity.unit", ROUND, ["28.13点"]),
    *several("B15", "进度", "number.whole", REPORT, ["40.5"]),
    *several("B16", "进度", "progress.range", REPORT, ["101", "-1", "１０１%"]),
    *several("B16", "目标值", "number.negative", (3,), ["-1270.5"]),
    *several("B16", "实际值", "number.negative", MEASURE, ["-3亩"]),
    *several("B16", "得分", "number.negative", ROUND, ["-0.5"]),
    *several("B16", "已完成数", "done.over_total", COUNTS, ["9", "8000"]),
    *several("B16", "排名", "rank.range", ROUND, ["7", "0"]),
    *(
        Fault(f"B17 {alike!r}", (4, 5), taken(alike))
        for alike in ("A-01", "a-01", "Ａ－０１", "A-01 ", "A- 01", "A-\u200b01")
    ),
    *several("B19", "事项", "cell.control", GIVEN, ["危\0房", "危\x07房", "危\x85房"]),
    *several("B19", "说明", "cell.control", ALL, ["已\x1b进场"]),
    *several("B19", "事项", "cell.character", GIVEN, ["危\ufffe房", "危\U0001ffff房"]),
    *several("B18", "事项", "cell.lost", GIVEN, ["危\ufffd房"]),
    *several("B20", "事项", "cell.formula", GIVEN, ["=1+1", "＝ＣＭＤ()", " =A1"]),
    *several("B20", "说明", "cell.formula", ALL, ["=HYPERLINK(1)"]),
    *several("B21", "事项", "cell.long", GIVEN, ["长" * 100_000]),
    *several("B21", "说明", "cell.long", REPORT, ["长" * 131_073]),
    *several("B21", "编号", "csv.quote", ALL, [f'{RAW}"A-01']),
    *several("B21", "理由", "csv.quote", ALL, [f'{RAW}"甲"乙']),
    *several("B21", "说明", "csv.lone_cr", ALL, ["一\r二"]),
    Fault("B21 longer", ALL, longer),
    Fault("B21 shorter", ALL, shorter),
    *several("B24", "上级事项", "parent.unknown", (3, 4, 5), ["A-99", "B-01"]),
    Fault("B24 circle", (0,), put("上级事项", "A-02", "parent.circle")),
    Fault("B24 itself", (5,), put("上级事项", "A-06", "parent.circle")),
    *several(
        "B25", "责任单位", "unit.unknown", GIVEN, ["住建", "房管局", "住建局/城管局"]
    ),
    *several("B25", "督促单位", "unit.several", GIVEN, ["督查室、财政局"]),
    *several("B25", "经办", "unit.unknown", ACTS, ["区住建局", "督査室"]),
    *several("B25", "责任单位", "unit.twice", GIVEN, ["住建局、建设局"]),
    *several("verb", "动作", "action.unknown", ACTS, ["签手", "acknowlege"]),
    *several("verb", "动作", "action.issued", ACTS, ["行政效能告诫"]),
    *several("role", "角色", "role.unknown", (13,), ["负责单位", "boss"]),
    *several("flag", "难以完成", "flag.form", REPORT, ["也许"]),
    *several("void", "事项", "cell.missing", GIVEN, ["", "\u200b"]),
    *several("void", "编号", "cell.missing", ACTS, [""]),
)


class Case(NamedTuple):
    """Faults to put into the ledger, each at its place."""

    faults: tuple[tuple[Fault, int], ...]

    def __str__(self) -> str:
        return " + ".join(f"{fault.name}@{place + 2}" for fault, place in self.faults)


def single_cases() -> Iterator[Case]:
    """Every fault at every place where it may be."""
    for fault in FAULTS:
        for place in fault.places:
            yield Case(((fault, place),))


def joined_cases(count: int = 150) -> Iterator[Case]:
    """Two or three faults at once, on rows of their own."""
    for number in range(count):
        steps = ((7, 0), (11, 3), (17, 5))[: 2 + number % 2]
        chosen: dict[int, Fault] = {}
        for step, start in steps:
            fault = FAULTS[(number * step + start) % len(FAULTS)]
            places = [p for p in fault.places if p not in chosen]
            if places:
                chosen[places[(number + start) % len(places)]] = fault
        yield Case(tuple((fault, place) for place, fault in chosen.items()))


CASES = (*single_cases(), *joined_cases())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_fault_is_found_where_it_was_put(case: Case) -> None:
    """Every fault is named with its row, column and code; other rows stay unblamed."""
    cells = table()
    wanted = {fault.spoil(cells, place) for fault, place in case.faults}

    problems, intake = read(written(cells))

    found = {(p.row, p.column, p.code) for p in problems}
    assert wanted <= found, f"missed {wanted - found} among {found}"
    assert {row for row, _, _ in found} <= {row for row, _, _ in wanted}
    assert intake.acts == ()


def test_there_are_enough_cases() -> None:
    """The search is wide: no fault of the list goes untried."""
    assert len(CASES) >= 400
    assert {f.name.split()[0] for f in FAULTS} >= {
        f"B{n}" for n in (12, 13, 14, 15, 16, 17, 19, 20, 21, 24, 25)
    }


def test_every_problem_can_be_told_in_both_languages() -> None:
    """What is found reads well in Chinese and in English and fits on a screen."""
    for case in CASES[::7]:
        cells = table()
        for fault, place in case.faults:
            fault.spoil(cells, place)
        for problem in read(written(cells))[0]:
            assert problem.zh
            assert problem.en
            assert max(len(problem.text("zh")), len(problem.text("en"))) < 400
            assert problem.text("zh").isprintable()


# --- good files ---------------------------------------------------------------------

DATES: tuple[str, ...] = (
    "2009-06-01",
    "2009年6月1日",
    "２００９．６．１",
    "20090601",
    "2009/6/1",
)
DATES += ("二〇〇九年六月一日", "2009年6月1号", "6月1日", "2009-06-01 09:30", "6月上旬")
ENCODINGS = (
    (b"", "utf-8"),
    (codecs.BOM_UTF8, "utf-8"),
    (b"", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def good_file(number: int) -> bytes:
    """Write the good ledger in one of many ways that mean the same."""
    cells = table()
    cells[1][1] = DATES[number % len(DATES)]
    cells[1][HEADING.index("责任单位")] = ("住建局", "建设局", "zjj", "住建局\u200b")[
        number % 4
    ]
    cells[4][HEADING.index("目标值")] = ("1270.5", "1,270.5", "１２７０．５亩")[
        number % 3
    ]
    cells[8][HEADING.index("进度")] = ("40", "40%", "４０")[number % 3]
    cells[8][HEADING.index("说明")] = ("一,二", '说"好"', "一\n二", "'=1+1", "-5")[
        number % 5
    ]
    if number % 2:
        cells.append(["合计", *[""] * (len(HEADING) - 1)])
    if number % 3 == 0:
        cells.insert(0, ["督办台账", *[""] * (len(HEADING) - 1)])
    if number % 4 == 0:
        cells.insert(len(cells) - 3, list(HEADING))
    if number % 5 == 0:
        cells.append([""] * len(HEADING))
    mark, encoding = ENCODINGS[number % len(ENCODINGS)]
    text = written(cells, (",", "\t", ";")[number % 3], ("\n", "\r\n")[number % 2])
    return mark + text.encode(encoding)


@pytest.mark.parametrize("number", range(60))
def test_a_good_file_raises_no_alarm(number: int) -> None:
    """Encodings, separators, date forms, titles and totals are taken as they come."""
    problems, intake = read(good_file(number))

    assert problems == []
    assert len(intake.acts) == len(ROWS) - 1, "two rows are entries of one round"


# --- bytes --------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(5, 60, 5))
def test_a_file_in_two_encodings_is_refused(place: int) -> None:
    """GB18030 inside UTF-8 is named by its byte, never read as other characters."""
    lines = written(table()).encode().split(b"\n")
    line = 1 + place % (len(lines) - 2)
    lines[line] = lines[line].decode().encode("gb18030")
    if lines[line].isascii():
        lines[line] += "甲".encode("gb18030")

    problems, _ = read(b"\n".join(lines))

    (problem,) = problems
    assert problem.code == "file.encoding"
    first = len(b"\n".join(lines[:line]))
    assert first < int(problem.said.rsplit(" ", 1)[1]) <= first + len(lines[line]) + 1


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_file_cut_off_is_refused_or_read_whole(cut: int) -> None:
    """A byte missing at the end of UTF-8 is named; nothing is replaced."""
    data = (written(table()) + "完").encode()[:-1]
    problems, _ = read(data[: len(data) - 3 * (cut % 2)] + b"\xe4" * (cut % 2))

    assert {p.code for p in problems} & {"file.encoding", "row.ragged"}


def test_the_same_file_has_the_same_digest() -> None:
    """A file is known again by its bytes, whatever it is called."""
    data = good_file(1)

    assert read_ledger(data, name="甲").digest == read_ledger(data, name="乙").digest
    assert read_ledger(data).digest != read_ledger(data + b"\n").digest


def test_a_circle_ten_thousand_deep_is_named() -> None:
    """Wholes are walked by a loop, so that depth does not matter."""
    made = io.StringIO()
    made.write("编号,事项,上级事项\n")
    for number in range(10_000):
        made.write(f"D-{number},事项,D-{(number + 1) % 10_000}\n")

    problems, _ = read(made.getvalue())

    (problem,) = problems
    assert (problem.row, problem.column, problem.code) == (
        2,
        "上级事项",
        "parent.circle",
    )


def test_a_chain_ten_thousand_deep_is_taken() -> None:
    """Wholes come before their parts, however the rows stand."""
    lines = [f"D-{number},事项,D-{number + 1}" for number in range(10_000)]
    problems, intake = read("\n".join(["编号,事项,上级事项", *lines, "D-10000,总,"]))

    assert problems == []
    codes = [act.code for act in intake.acts]
    assert codes == [f"D-{number}" for number in reversed(range(10_001))]
