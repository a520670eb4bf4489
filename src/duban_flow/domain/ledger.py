"""A ledger 台账 as rows of named cells, and the columns that a row may have.

Text only: what a cell means is decided where it is read as an act. One row is one
act; a row without an action gives out a new item (``assign``).

    ============  ========================  ==========================================
    column        headings                  what a cell holds
    ============  ========================  ==========================================
    serial        序号                      nothing that is read
    code          编号 事项编号 督办编号    the host's number of the item
    on            日期 交办日期 发生日期    when it happened; without it, now
    action        动作                      assign, or an action of the workflow, by its
                                            English or Chinese name (签收, 办结 …)
    by            经办 经办单位             the unit that acted; else the importer
    title         事项 标题 事项名称        one line
    category      类别 事项类别             a word of the policy
    lead          牵头单位 主办单位         one unit
    responsible   责任单位 承办单位         units, parted by 、
    assisting     协办单位 配合单位         units, parted by 、
    supervising   督促单位                  one unit
    counterparty  接收单位                  units, parted by 、
    term          时限 办理时限             15个工作日, 60日, 3个月, a date,
                                              4个工作小时, 每周二12:00,
                                              or a statutory term by its name
    due           完成时限 办结时限         a date, about or exact; or a term
    source        来源                      批示, 会议, 信访 …
    reference     文号 来源文号             the number of the source
    complainant   信访人 投诉人             who complained
    priority      优先级 紧急程度           a word
    labels        标签                      words, parted by 、
    measure       指标                      a name; on assign several, parted by 、
    measure_unit  计量单位                  its unit, as many as measures
    target        目标值                    a number, as many as measures
    decisive      决定性                    是 or 否, as many as measures
    actual        实际值                    a number
    scheduled     序时值 序时目标           a number: what schedule pace asks for
    as_of         截至 截至日期             a bare date means its 24:00
    progress      进度 办理进度             0 to 100, whole
    done, total   已完成数, 总数            whole numbers that give the progress
    at_risk       难以完成                  是 or 否
    content       反馈内容                  which content came in (plan …)
    note          说明 备注                 free text
    reason        理由 原因                 free text
    text          内容 问题                 free text of a finding or a note
    round         轮次                      3 or 第3轮
    subject       测评对象                  the entry's name in the evaluation
    score         得分                      a number
    rank          排名 名次                 a whole number
    mean          平均分                    a number, or a range 40.63~41.63
    cohort        参评数                    a whole number
    unit          单位 当事单位             one unit
    role          角色                      牵头单位 … or lead …
    replacing     原单位                    one unit
    ruled         已裁定                    是 or 否
    to            移交至                    another authority, in words
    until         中止至 延期至 催办至      a date: of a pause, an extension, a chase
    resumed       恢复日期                  a date, of a pause that is over
    pause         第几次中止                a whole number, of the pause annulled
    authority     依据 批准依据             who or what allows a pause
    waits_for     等待单位 等待对象         whom a pause waits for, in words
    attachment    附件                      the name of a paper
    digest        摘要                      the digest of its bytes
    where         存放处                    where it lies
    parent        上级事项 上级编号         the code of the whole that it is a part of
    mandatory     必办                      是 or 否; without it, 是
    synthetic     推定                      是 or 否: the row says what is not printed
    presumed      推定内容                  what of it is not printed; nothing is read
    workflow      工作流                    a name
    policy        升级规则                  a name
    calendar      工作日历                  a name
    ============  ========================  ==========================================
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, Literal

from attrs import field, frozen

from duban_flow.domain.units import words
from duban_flow.errors import Problem

CellKind = Literal[
    "code", "unit", "units", "word", "words", "text", "number", "date", "flag"
]


@frozen
class Column:
    """A column of a ledger 栏目: its name, its headings, and what its cells hold."""

    name: str
    headings: tuple[str, ...]
    kind: CellKind

    @property
    def longest(self) -> int:
        """How many characters a cell may have."""
        return 100_000 if self.kind == "text" else 1_000


def _columns(*rows: tuple[str, str, CellKind]) -> Mapping[str, Column]:
    return {name: Column(name, tuple(zh.split()), kind) for name, zh, kind in rows}


COLUMNS: Final[Mapping[str, Column]] = _columns(
    ("serial", "序号", "word"),
    ("code", "编号 事项编号 督办编号", "code"),
    ("on", "日期 交办日期 发生日期", "date"),
    ("action", "动作", "word"),
    ("by", "经办 经办单位", "unit"),
    ("title", "事项 标题 事项名称", "word"),
    ("category", "类别 事项类别", "word"),
    ("lead", "牵头单位 主办单位", "unit"),
    ("responsible", "责任单位 承办单位", "units"),
    ("assisting", "协办单位 配合单位", "units"),
    ("supervising", "督促单位", "unit"),
    ("counterparty", "接收单位", "units"),
    ("term", "时限 办理时限", "date"),
    ("due", "完成时限 办结时限", "date"),
    ("source", "来源", "word"),
    ("reference", "文号 来源文号", "word"),
    ("complainant", "信访人 投诉人", "word"),
    ("priority", "优先级 紧急程度", "word"),
    ("labels", "标签", "words"),
    ("measure", "指标", "words"),
    ("measure_unit", "计量单位", "words"),
    ("target", "目标值", "number"),
    ("decisive", "决定性", "flag"),
    ("actual", "实际值", "number"),
    ("scheduled", "序时值 序时目标", "number"),
    ("as_of", "截至 截至日期", "date"),
    ("progress", "进度 办理进度", "number"),
    ("done", "已完成数", "number"),
    ("total", "总数", "number"),
    ("at_risk", "难以完成", "flag"),
    ("content", "反馈内容", "word"),
    ("note", "说明 备注", "text"),
    ("reason", "理由 原因", "text"),
    ("text", "内容 问题", "text"),
    ("round", "轮次", "number"),
    ("subject", "测评对象", "word"),
    ("score", "得分", "number"),
    ("rank", "排名 名次", "number"),
    ("mean", "平均分", "number"),
    ("cohort", "参评数", "number"),
    ("unit", "单位 当事单位", "unit"),
    ("role", "角色", "word"),
    ("replacing", "原单位", "unit"),
    ("ruled", "已裁定", "flag"),
    ("to", "移交至", "word"),
    ("until", "中止至 延期至 催办至", "date"),
    ("resumed", "恢复日期", "date"),
    ("pause", "第几次中止", "number"),
    ("authority", "依据 批准依据", "word"),
    ("waits_for", "等待单位 等待对象", "word"),
    ("attachment", "附件", "word"),
    ("digest", "摘要", "word"),
    ("where", "存放处", "word"),
    ("parent", "上级事项 上级编号", "code"),
    ("mandatory", "必办", "flag"),
    ("synthetic", "推定", "flag"),
    ("presumed", "推定内容", "text"),
    ("workflow", "工作流", "word"),
    ("policy", "升级规则", "word"),
    ("calendar", "工作日历", "word"),
)
"""Every built-in column by its name."""


@frozen(kw_only=True)
class LedgerRow:
    """One row of a ledger 台账的一行: its filled cells by column.

    ``number`` is the spreadsheet's; ``raw`` holds the cells as they were written.
    ``refused`` names columns whose cell was not fit to be read; a ``ragged`` row has
    too many or too few cells, so that nothing but its code may be relied on.
    """

    number: int
    cells: Mapping[str, str]
    raw: tuple[str, ...] = field(default=(), converter=words)
    refused: frozenset[str] = frozenset()
    ragged: bool = False

    def get(self, column: str) -> str:
        """Give the text of a cell, empty where there is none."""
        return self.cells.get(column, "")


def _rows(rows: Iterable[LedgerRow]) -> tuple[LedgerRow, ...]:
    return tuple(rows)


def listed(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Keep problems in their order."""
    return tuple(problems)


@frozen(kw_only=True)
class Ledger:
    """A ledger as it was read 台账, with every fault of its form.

    ``digest`` is the SHA-256 of the file, by which the same file is known again.
    ``headings`` says how each column is called in it; ``totals`` are its 合计 rows,
    which are not imported.
    """

    name: str
    digest: str
    rows: tuple[LedgerRow, ...] = field(default=(), converter=_rows)
    problems: tuple[Problem, ...] = field(default=(), converter=listed)
    warnings: tuple[Problem, ...] = field(default=(), converter=listed)
    headings: Mapping[str, str] = field(factory=dict)
    totals: tuple[LedgerRow, ...] = field(default=(), converter=_rows)

    def heading(self, column: str) -> str:
        """Give the heading of a column as the file writes it, or as it would."""
        if column in self.headings or column not in COLUMNS:
            return self.headings.get(column, column)
        in_english = self.headings.get("code", "").isascii()
        return column if in_english else COLUMNS[column].headings[0]


def code_key(code: str) -> str:
    """Give that by which two codes are the same 编号比对键.

    Width, case, spaces and invisible characters make no difference.

    >>> code_key("Ａ－0１ b") == code_key("a-01B")
    True
    """
    plain = unicodedata.normalize("NFKC", code).casefold()
    return "".join(
        letter
        for letter in plain
        if not letter.isspace() and unicodedata.category(letter) != "Cf"
    )
