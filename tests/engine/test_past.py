"""Cases as they stood: read once, folded as of any instant."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from duban_flow import NewItem, Office, Role, Unit

MONDAY = datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
OUTLINE = """
title = "通报"
[[section]]
title = "进展"
as_of = 2026-06-01
text = "住建局{named}，按编码{coded}，已办结{closed}。"
[section.figure.named]
count = ["responsible is 住建局"]
[section.figure.coded]
count = ["responsible is zjj"]
[section.figure.closed]
count = ["closed"]
[[section.table]]
columns = ["title", "unit"]
"""


def test_units_are_called_by_their_names_as_of_a_day():
    """A circular finds a unit by name or code, prints its name, keeps to its day."""
    office = Office.rehearsal()
    desk = office.desk(by="督查室", now=MONDAY)
    desk.register(Unit("督查室", "督查室", kind="supervisor"), Unit("zjj", "住建局"))
    desk.assign(NewItem("A-1", "修路", parties={Role.RESPONSIBLE: "住建局"}))
    later = office.desk(by="督查室", now=MONDAY + timedelta(days=2))
    later.close("A-1", reason="完工")

    printed = office.render(later.circular(OUTLINE))

    assert "住建局1件，按编码1件，已办结0件" in printed
    assert "| 修路 | 住建局 |" in printed
