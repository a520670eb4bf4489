"""The verbs of extensions 延期, as they hang on a desk."""

from __future__ import annotations

from datetime import date, datetime
from typing import Unpack

from duban_flow.domain.items import Item
from duban_flow.domain.supervision import Supervision
from duban_flow.engine.verbs import About, Verbs


class ExtensionDesk:
    """Asking for more time, granting it with a definite date, refusing, overriding.

    Asking does not move the date; while a request waits, no measure is proposed.
    """

    def __init__(self, desk: Verbs) -> None:
        self._desk = desk

    def request(
        self,
        item: Item | str,
        *,
        until: date | datetime,
        reason: str,
        **about: Unpack[About],
    ) -> Item:
        """Ask for an extension until a date 申请延期, by a unit that handles the item.

        Raises:
            Refused: past due or past the policy's window, over its caps, while
                another request waits, or until a date no later than due.
        """
        command = Supervision.request_extension(until=until, reason=reason)
        return self._desk.act(item, command, **about)

    def grant(
        self,
        item: Item | str,
        *,
        until: date | datetime | None = None,
        reason: str = "",
        **about: Unpack[About],
    ) -> Item:
        """Grant it with a definite date 同意延期; without one, as it was asked.

        Granted past due it takes effect from the due instant.

        Raises:
            Refused: nobody asked, the policy names others who grant, the unit or the
                person asked itself, or the date is over the caps.
        """
        command = Supervision.grant_extension(until=until, reason=reason)
        return self._desk.act(item, command, **about)

    def reject(self, item: Item | str, *, reason: str, **about: Unpack[About]) -> Item:
        """Refuse it 不同意延期; the date stays what it was."""
        return self._desk.act(
            item, Supervision.reject_extension(reason=reason), **about
        )

    def withdraw(
        self, item: Item | str, *, reason: str = "", **about: Unpack[About]
    ) -> Item:
        """Take one's own request back 撤回延期申请."""
        command = Supervision.withdraw_extension(reason=reason)
        return self._desk.act(item, command, **about)

    def override(
        self,
        item: Item | str,
        *,
        until: date | datetime,
        reason: str,
        **about: Unpack[About],
    ) -> Item:
        """Set a later date outside the rule 特批延期; a record apart.

        Raises:
            Forbidden: only deciding bodies may.
            Refused: the date is no later than due.
        """
        command = Supervision.override_extension(until=until, reason=reason)
        return self._desk.act(item, command, **about)
