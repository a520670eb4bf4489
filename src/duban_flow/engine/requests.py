"""What was asked before 重复请求 is answered as it was the first time.

The request and its answer are written in the same batch as what was done. Nothing is
remembered of a request without an id, and of one that was refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from duban_flow.domain.batch import batch_of
from duban_flow.engine.binding import Binding
from duban_flow.engine.draft import Draft
from duban_flow.engine.envelope import Envelope, replayed
from duban_flow.engine.ports import Work
from duban_flow.engine.transactions import Transactions
from duban_flow.engine.waking import wake_readers
from duban_flow.errors import Conflict, Refused, Stale

T = TypeVar("T")


def first_answer(work: Work, envelope: Envelope, what: Any) -> str | None:
    """Give the first answer of a request that was answered before, as JSON.

    Raises:
        Conflict: its id was used for something else.
    """
    if envelope.request_id is None:
        return None
    return replayed(work.request(envelope.request_id), envelope, what)


def write_answered(
    binding: Binding,
    work: Work,
    draft: Draft,
    envelope: Envelope,
    *,
    what: Any,
    result: Any,
) -> None:
    """Write a draft, and with it the answer that a repeat is given.

    Whoever reads what it changes of others is judged again.
    """
    work.write(
        batch_of(
            draft.changes(),
            now=envelope.now,
            rows=draft.rows,
            request=envelope.request(what, result),
        )
    )
    wake_readers(binding.settings, work, draft, envelope.now)


def once(
    transactions: Transactions, job: Callable[[Work], T], request_id: str | None
) -> T:
    """Do a job that answers a repeat, though two that are alike run side by side.

    The slower of two finds the act done and is refused for that; where its request
    has been answered meanwhile, that answer is its own too. In a caller's
    transaction nothing is tried again.
    """
    try:
        return transactions.run(job)
    except (Conflict, Refused, Stale):
        if request_id is None or not transactions.own:
            raise
        if transactions.run(lambda work: work.request(request_id)) is None:
            raise
    return transactions.run(job)
