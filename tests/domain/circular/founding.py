"""The circular of a district's fourth quarter of 2009, its facts as figures.

Facts and numbers are those that were printed; the sentences are ours. Bases that were
not printed are ranges: what the printed share allows.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.contents import (
    Bars,
    Cell,
    Content,
    Entries,
    Paragraph,
    Section,
    Table,
)
from duban_flow.domain.circular.figure import Figure
from duban_flow.domain.circular.ranking import Ranking
from duban_flow.domain.circular.relations import Difference, Growth, Listing, Share, Sum
from duban_flow.domain.quantities import Interval


def figure(name: str, value: Any, unit: str, label: str = "", **more: Any) -> Figure:
    """Make a figure with a label."""
    return Figure(name, value, unit, label=label, **more)


def livelihood() -> Section:
    """The livelihood projects as of 30 November."""
    return Section(
        "民生工程",
        [
            figure("livelihood", 65, "项", "惠民项目"),
            figure("livelihood_done", 40, "项", "已完成"),
            figure("livelihood_left", 25, "项", "未完成"),
            figure("livelihood_share", "61.54", "%", "完成率"),
            figure("offices", 8, "个", "派出机构"),
            Sum("livelihood", ["livelihood_done", "livelihood_left"]),
            Share("livelihood_share", part="livelihood_done", whole="livelihood"),
            Paragraph(
                "惠民项目共{livelihood}，由{offices}派出机构督促。"
                "截至{as_of}完成{livelihood_done}，占{livelihood_share}，"
                "余{livelihood_left}定于12月31日前完成。"
            ),
        ],
        date(2009, 11, 30),
    )


def revenue() -> Section:
    """The two revenue measures as of 17 December, against schedule pace."""
    return Section(
        "财税收入",
        [
            figure("revenue", "60.4594", "亿元", "财政总收入"),
            figure("revenue_share", "95.52", "%"),
            figure("revenue_growth", "6.98", "%"),
            figure("local", "19.6679", "亿元", "地方财政收入"),
            figure("local_share", "90.97", "%"),
            figure("local_growth", "1.88", "%"),
            figure("pace", "96.16", "%", "序时进度", numerator=351, denominator=365),
            figure("revenue_behind", "0.64", "个百分点"),
            figure("local_behind", "5.19", "个百分点"),
            Share(
                "revenue_share",
                part="revenue",
                whole=Figure("", Interval("63.2917", "63.2984"), "亿元"),
            ),
            Share(
                "local_share",
                part="local",
                whole=Figure("", Interval("21.6190", "21.6214"), "亿元"),
            ),
            Growth(
                "revenue_growth", now="revenue", before=Figure("", "56.5147", "亿元")
            ),
            Growth("local_growth", now="local", before=Figure("", "19.3050", "亿元")),
            Difference("revenue_behind", minuend="pace", subtrahend="revenue_share"),
            Difference("local_behind", minuend="pace", subtrahend="local_share"),
            Paragraph(
                "截至{as_of}，财政总收入{revenue}，占目标{revenue_share}，"
                "同口径增长{revenue_growth}；地方财政收入{local}，占目标{local_share}，"
                "同口径增长{local_growth}。按日序时进度为{pace}，"
                "两项分别落后{revenue_behind}、{local_behind}。"
            ),
        ],
        date(2009, 12, 17),
    )


def petitions() -> Section:
    """The petitions as of 15 December."""
    return Section(
        "信访维稳",
        [
            figure("petitions", 104, "件", "督办事项"),
            figure("handled", 50, "件", "协调处理"),
            figure("handled_closed", 46, "件", "已办结"),
            figure("handled_open", 4, "件", "正在办理"),
            figure("kept", 54, "件", "包案稳控"),
            figure("kept_moved", 4, "件", "移交外区"),
            figure("kept_here", 50, "件", "继续稳控"),
            Sum("petitions", ["handled", "kept"]),
            Sum("handled", ["handled_closed", "handled_open"]),
            Sum("kept", ["kept_moved", "kept_here"]),
            Paragraph(
                "截至{as_of}纳入督办{petitions}：协调处理{handled}，其中办结"
                "{handled_closed}、在办{handled_open}；稳控{kept}，其中移交"
                "{kept_moved}、留区{kept_here}。"
            ),
            Bars(
                "督办信访事项",
                ["handled_closed", "handled_open", "kept_moved", "kept_here"],
            ),
        ],
        date(2009, 12, 15),
    )


def services() -> Section:
    """The services moved to street centres and community stations."""
    return Section(
        "政务服务下沉",
        [
            figure("moved", 21, "项", "下沉业务"),
            figure("moved_share", "52.5", "%"),
            figure("centres", 13, "家"),
            figure("stations", 26, "家"),
            figure("health", 4, "家"),
            Share("moved_share", part="moved", whole=40),
            Listing("社区卫生服务中心", "health", ["望江", "玉林", "红牌楼", "晋阳"]),
            Paragraph(
                "自2009年10月1日起下沉业务{moved}，下沉率{moved_share}，"
                "涉及街道社事中心{centres}、社区工作站{stations}。"
                "在建社区卫生服务中心{health}。"
            ),
        ],
        date(2009, 10, 1),
    )


def land() -> Section:
    """The parcels as of 21 December."""
    return Section(
        "土地上市",
        [
            figure("parcels", 18, "宗", "督办地块"),
            figure("listed", 11, "宗", "已上市"),
            figure("waiting", 7, "宗", "等待上市"),
            figure("dated", 3, "宗"),
            figure("examined", 3, "宗"),
            figure("filed", 1, "宗"),
            figure("area", "1270.5", "亩"),
            figure("next_parcels", 28, "宗"),
            figure("next_area", 1165, "亩"),
            Sum("parcels", ["listed", "waiting"]),
            Sum("waiting", ["dated", "examined", "filed"]),
            Paragraph(
                "督办地块{parcels}，已上市{listed}，等待上市{waiting}。其中{dated}定于"
                "2010年1月8日拍卖，{examined}已过会审，{filed}资料已送审。"
                "全年上市{area}。明年拟督办{next_parcels}，共{next_area}。"
            ),
        ],
        date(2009, 12, 21),
    )


STRATA = (
    *(("domestic", 138, "个"), ("foreign", 40, "个"), ("traders", 10, "个")),
    *(("institutions", 5, "个"), ("societies", 5, "个")),
    *(("deputies", 8, "人"), ("members", 8, "人"), ("officials", 15, "人")),
)
CALLS = (
    ("letters", 5, "家"),
    ("homes", 604, "户"),
    ("visits", 25, "家"),
    ("desk", 80, "个"),
)


def survey() -> Section:
    """The survey: 943 in five ways, 229 of them in eight kinds."""
    return Section(
        "软环境测评",
        [
            figure("samples", 943, "份"),
            figure("gathered", 229, "个"),
            *(figure(name, value, unit) for name, value, unit in (*STRATA, *CALLS)),
            Sum("samples", ["gathered", *(name for name, _, _ in CALLS)]),
            Sum("gathered", [name for name, _, _ in STRATA]),
            Paragraph(
                "抽样{samples}。集中测评{gathered}：内资企业{domestic}、外资企业{foreign}、"
                "个体工商户{traders}、事业单位{institutions}、群团{societies}、"
                "人大代表和政协委员各{deputies}、机关干部{officials}。"
            ),
        ],
    )


def environment() -> Section:
    """The two rounds of the city's evaluation of one road."""
    return Section(
        "环境整治测评",
        [
            figure("third", "28.13", "分"),
            figure("third_gap", 13, "分", rounding=0),
            figure("fourth", 32, "分"),
            figure("fourth_gap", "10.28", "分"),
            figure("third_district", "50.74", "分"),
            figure("fourth_district", "53.75", "分"),
            Difference(
                "third_gap",
                minuend=Figure("", Interval("40.63", "41.63"), "分"),
                subtrahend="third",
            ),
            Difference(
                "fourth_gap", minuend=Figure("", "42.28", "分"), subtrahend="fourth"
            ),
            Ranking("第三次测评", [(5, "本区", "50.74")], cohort=6),
            Ranking("第四次测评", [(4, "本区", "53.75")], cohort=6),
            Paragraph(
                "全区两次得分{third_district}、{fourth_district}，排第5名、第4名。"
                "一环路南二段第三次得{third}，低于平均{third_gap}；"
                "第四次得{fourth}，低于平均{fourth_gap}。"
            ),
        ],
    )


def housing() -> Section:
    """The three housing hand-overs as of 25 December."""
    titles = ("铁佛新居北一期(6-9栋)移交", "沙竹苑拆迁安置房移交", "核桃小区竣工")
    days: tuple[int | Interval, ...] = (25, 86, Interval(52, 61))
    rows: list[list[Cell]] = [
        [f"H-{i}", title, unit, due, Figure("", late, "天")]
        for i, (title, unit, due, late) in enumerate(
            zip(
                titles,
                ("城投公司", "五花办", "国土分局"),
                ("2009年11月30日", "2009年9月30日", "2009年10月20日"),
                days,
                strict=True,
            ),
            1,
        )
    ]
    columns = ["编号", "事项", "责任单位", "时限", "逾期天数"]
    return Section("农民新居", [Table(columns, rows, "逾期事项")], date(2009, 12, 25))


def accountability() -> Section:
    """The six sanctions: one prompt, five warnings."""
    return Section(
        "效能问责",
        [
            figure("sanctions", 6, "个单位"),
            figure("prompts", 1, "个单位"),
            figure("warnings", 5, "个单位"),
            Sum("sanctions", ["prompts", "warnings"]),
            Paragraph("对{sanctions}问责：提示{prompts}，告诫{warnings}。"),
            Entries(["对信访超时未办结的金花桥街办给予行政效能提示。"]),
        ],
    )


def circular() -> Circular:
    """The whole of it."""
    lines: list[Content] = [
        *(livelihood(), revenue(), petitions(), services()),
        *(land(), survey(), environment()),
    ]
    return Circular(
        "第四季度行政效能督查督办通报",
        [Section("督查情况", lines), Section("问题", [housing()]), accountability()],
        issued_on=date(2009, 12, 31),
        issuer="某区督查办公室",
        addressee="各街道、各部门",
        closing="特此通报。",
        quoted=["铁佛新居北一期(6-9栋)移交"],
    )
