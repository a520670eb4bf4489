"""The screen at the end of the demo: what happened, in eighty columns.

It reads what it is given and prints it; it computes nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rich.box import SIMPLE
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from examples.district.play import Play
from examples.district.summary import Outcome

WIDTH: Final = 80
BAR: Final = 16
MANY: Final = 10

SHOWN: Final = (
    ("livelihood_share", "livelihood_done", "livelihood_total"),
    ("revenue_total_share", "revenue_total", "revenue_total_target"),
    ("revenue_local_share", "revenue_local", "revenue_local_target"),
    ("petitions_share", "petitions_closed", "petitions_handled"),
    ("insurance_share", "insurance_moved", "insurance"),
    ("parcels_share", "parcels_listed", "parcels"),
)
"""Shares that are drawn, with their parts and their wholes."""


FILES: Final = {
    "circular.html": "通报，请用浏览器打开",
    "circular.md": "通报，纯文本",
    "summary.json": "问责、原因、数字、核对",
    "ledger.csv": "全部事项的期末台账",
    "notices.jsonl": "发出的每一条通知",
    "console.txt": "同样的通知，写给人看",
    "duban.db": "数据库，可用 duban 命令查看",
}
"""What the demo writes."""


def show(console: Console, play: Play, outcome: Outcome, folder: Path) -> None:
    """Print the whole screen."""
    console.print()
    console.print(Rule(f"[bold]{outcome.circular.title}[/bold]", style="red"))
    console.print(_course(play))
    console.print(_figures(outcome))
    console.print(_sanctions(outcome))
    console.print(_spared(outcome))
    console.print(_checks(play, outcome))
    console.print(_files(folder))


def _course(play: Play) -> Padding:
    counts = play.counts
    text = Text.assemble(
        ("10月1日", "cyan"),
        f" 开账，台账{play.fed}行逐日入账",
        ("  →  ", "dim"),
        f"提醒催办{counts['fired']}次，逾期{counts['lapsed']}件\n",
        ("12月25日", "cyan"),
        f" 问责领导小组研究，拟予问责{counts['proposed']}件\n",
        ("12月28日", "cyan"),
        " 问责领导小组同意",
        ("  →  ", "dim"),
        ("12月30日", "cyan"),
        f" 区委常委会同意，下发；全季通知{counts['sent']}条次",
    )
    return Padding(text, (1, 0, 0, 1))


def _table(title: str, *columns: str) -> Table:
    table = Table(
        box=SIMPLE,
        title=f"[bold]{title}[/bold]",
        title_justify="left",
        width=WIDTH,
        pad_edge=False,
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _figures(outcome: Outcome) -> Table:
    table = _table("进展（各注明截止日期）", "指标", "完成", "", "占比", "截至")
    table.columns[3].justify = "right"
    figures = outcome.circular.figures
    for share, part, whole in SHOWN:
        figure = figures[share]
        value = float(str(figure.value))
        filled = round(BAR * min(value, 100) / 100)
        bar = Text("█" * filled, "green") + Text("░" * (BAR - filled), "dim")
        of = f"{figures[part].number_text}/{figures[whole]}"
        when = figure.to_dict()["as_of"]
        table.add_row(figure.label, of, bar, str(figure), when[5:])
    return table


def _sanctions(outcome: Outcome) -> Table:
    table = _table("问责（两级同意后下发）", "措施", "单位", "角色", "事由", "件")
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    for one in outcome.sanctions:
        style = "yellow" if one.level == 1 else "bold red"
        table.add_row(
            Text(one.kind_name.removeprefix("行政效能"), style),
            outcome.name(one.unit),
            one.role.zh.removesuffix("单位"),
            one.reason,
            str(len(one.citations)),
        )
    return table


def _spared(outcome: Outcome) -> Table:
    table = _table("未予问责，原因在案", "事项", "单位", "原因")
    for sitting in outcome.sittings:
        for record in sitting.not_sanctioned:
            said = "、".join(record.titles)
            if len(record.titles) > MANY:
                said = f"{record.titles[0]}等{len(record.titles)}件"
            reason = record.reason if record.unit else record.reason.split("；")[0]
            table.add_row(said, outcome.name(record.unit), reason)
    return table


def _checks(play: Play, outcome: Outcome) -> Padding:
    lines = []
    good = Text("✓ ", "bold green")
    bad = Text("✗ ", "bold red")
    ahead = f"未发生的{len(play.refused)}行在开账当日全部拒收"
    lines.append((good if play.refused else bad) + Text(ahead))
    lines.append((bad if outcome.checked else good) + Text(str(outcome.checked)))
    recount = "；".join(fault.zh for fault in outcome.recounted) or "全部一致"
    count = len(outcome.circular.figures)
    lines.append(
        (bad if outcome.recounted else good)
        + Text(f"{count}个数字各按截止日期向台账复算：{recount}")
    )
    return Padding(Text("\n").join(lines), (0, 0, 1, 1))


def _files(folder: Path) -> Padding:
    width = max(map(len, FILES))
    lines = [
        Text(f"{name:{width}}  ", "cyan") + Text(what, "dim")
        for name, what in FILES.items()
    ]
    where = Text.assemble("文件在 ", (f"{folder}/", "bold cyan"))
    return Padding(Text("\n").join([where, *lines]), (0, 0, 1, 1))
