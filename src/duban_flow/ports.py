"""What hosts and plugins build against: ports, their values, and the mark of a hook.

Everything here is promised: it changes with a line in the changelog only. Nothing
inside duban_flow imports this module.
"""

from duban_flow.engine.extensions import (
    LedgerFormat,
    Register,
    Renderer,
    StorageOpener,
)
from duban_flow.engine.hooks import Options, gather, hookimpl
from duban_flow.engine.ports import (
    Channel,
    Claim,
    Delivery,
    Message,
    OutcomeOfSending,
    Progress,
    Query,
    Queued,
    Rejected,
    Retry,
    SanctionQuery,
    Sent,
    Settlement,
    Storage,
    Unknown,
    Work,
)

__all__ = [
    "Channel",
    "Claim",
    "Delivery",
    "LedgerFormat",
    "Message",
    "Options",
    "OutcomeOfSending",
    "Progress",
    "Query",
    "Queued",
    "Register",
    "Rejected",
    "Renderer",
    "Retry",
    "SanctionQuery",
    "Sent",
    "Settlement",
    "Storage",
    "StorageOpener",
    "Unknown",
    "Work",
    "gather",
    "hookimpl",
]
