"""What hosts and plugins build against: ports, their values, and the mark of a hook.

Everything here is promised: it changes with a line in the changelog only. Nothing
inside duban_flow imports this module.
"""

from duban_flow.channels.console import Console
from duban_flow.channels.jsonlines import JsonLines
from duban_flow.domain.policies.lint import lint
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.policies.words import Vocabulary
from duban_flow.domain.sanctions import Stage
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
from duban_flow.storage.memory import MemoryStorage
from duban_flow.storage.sql import SqlStorage

__all__ = [
    "STANDARD",
    "Channel",
    "Claim",
    "Console",
    "Delivery",
    "JsonLines",
    "LedgerFormat",
    "MemoryStorage",
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
    "SqlStorage",
    "Stage",
    "Storage",
    "StorageOpener",
    "Unknown",
    "Vocabulary",
    "Work",
    "gather",
    "hookimpl",
    "lint",
]
