"""A ticket's way through a workflow of one's own, with sweeps and a policy.

Run it: ``python examples/hotline/demo.py``.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from duban_flow import NewItem, Office, Role, Term, Unit, load_policy

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
if str(ROOT) not in sys.path:  # run as a script, it stands alone
    sys.path.insert(0, str(ROOT))

from examples.hotline.workflow import Hotline  # noqa: E402  # as above

CHINA = ZoneInfo("Asia/Shanghai")


def open_office() -> Office:
    """Open a rehearsal that knows the hotline and its policy."""
    return Office.rehearsal(
        workflows=[Hotline], policies=[load_policy(HERE / "policy.toml")]
    )


def main() -> list[str]:
    """Play one ticket from the call to the call back; give what was seen."""
    office = open_office()
    monday = datetime(2026, 6, 1, 9, tzinfo=CHINA)
    desk = office.desk(by="12345热线", now=monday)
    desk.register(
        Unit("12345热线", "12345热线", kind="supervisor"),
        Unit("热线办主任会", "热线办主任会", kind="body"),
        Unit("szj", "市政局"),
    )
    seen = [
        str(
            desk.assign(
                NewItem(
                    "H-1",
                    "路灯不亮",
                    category="ticket",
                    term=Term.workdays(5),
                    parties={Role.SUPERVISING: "12345热线"},
                )
            )
        )
    ]
    tuesday = monday + timedelta(days=1, hours=1)
    seen.append(f"sweep: {office.sweep(now=tuesday).fired} said")
    seen.append(str(desk.at(tuesday).act("H-1", Hotline.dispatch(unit="市政局"))))
    late = monday + timedelta(days=21)
    swept = office.sweep(now=late)
    seen.append(f"sweep: {swept.fired} said, {swept.proposed} proposed")
    bureau = office.desk(by="市政局", now=late)
    seen.append(str(bureau.act("H-1", Hotline.handle(result="已更换灯泡"))))
    seen.append(str(desk.at(late).act("H-1", Hotline.call_back(satisfied=True))))
    seen.append(str(desk.at(late).explain("H-1")))
    return seen


if __name__ == "__main__":
    sys.stdout.write("\n".join(main()) + "\n")
