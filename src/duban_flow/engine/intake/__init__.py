"""Taking a ledger in 台账导入: rows to acts, every fault at once, nothing written."""

from duban_flow.engine.intake.acts import (
    Intake as Intake,
)
from duban_flow.engine.intake.acts import (
    PlannedAct as PlannedAct,
)
from duban_flow.engine.intake.acts import (
    codes_in as codes_in,
)
from duban_flow.engine.intake.acts import (
    fields_of as fields_of,
)
from duban_flow.engine.intake.reading import read_acts as read_acts
