"""The channel: one connection a batch, one outcome a message.

It connects when it sends and not before, keeps no connection and tries nothing
twice by itself: the outbox decides what is tried again, and when.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from typing import Literal, Self

from attrs import define, field

from duban_flow.errors import Invalid
from duban_flow.ports import Message, OutcomeOfSending, Rejected, Retry
from duban_flow_email.letter import address, letter
from duban_flow_email.session import BROKEN, Lost, send_letter

Security = Literal["starttls", "ssl", "none"]


@define(kw_only=True, eq=False)
class EmailChannel:
    """Sends messages by SMTP 邮件渠道 to the address of each.

    ``sender`` is an address, with a name or without. ``security`` is ``starttls``
    (the default), ``ssl`` from the first byte, or ``none``, with which no password is
    sent. ``context`` stands in for Python's own ideas of whom to trust. ``timeout``
    is in seconds, for each answer of the server.

    Raises:
        Invalid: the sender is no address, or a password would travel in the clear.
    """

    host: str
    port: int
    sender: str
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0
    name: str = "email"
    context: ssl.SSLContext | None = field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        address(self.sender)
        if self.security not in ("starttls", "ssl", "none"):
            raise _invalid(
                f"security: {self.security!r} was given; starttls, ssl or none.",
                f"security：给的是“{self.security}”，应为starttls、ssl或none。",
            )
        if self.password and self.security == "none":
            raise _invalid(
                "A password is not sent in the clear: security is starttls or ssl.",
                "密码不得明文发送：security应为starttls或ssl。",
            )

    def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
        """Send a batch over one connection, or over another where that one breaks."""
        with _Line(self) as line:
            return [self._one(line, message) for message in batch]

    def _one(self, line: _Line, message: Message) -> OutcomeOfSending:
        if not message.address:
            return Rejected(f"{message.unit_name}{message.post}: no e-mail address")
        try:
            sender = address(self.sender)
            to = address(message.address, message.name or message.unit_name)
            content = letter(message, sender, to).as_bytes()
        except (Invalid, ValueError) as fault:
            return Rejected(str(fault))
        return line.send(sender.addr_spec, to.addr_spec, content)


def _invalid(en: str, zh: str) -> Invalid:
    return Invalid(en, zh=zh, code="email.options")


@define(eq=False)
class _Line:
    """The connection of one batch, made when the first letter wants it."""

    channel: EmailChannel
    smtp: smtplib.SMTP | None = None
    silent: str = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.smtp is not None:
            try:
                self.smtp.quit()
            except BROKEN:
                self.smtp.close()

    def send(self, sender: str, to: str, content: bytes) -> OutcomeOfSending:
        """Send one letter; where the line had gone dead, once more over a new one."""
        why = ""
        for _ in range(2):
            fresh = self.smtp is None
            if fresh and not self._connect():
                return Retry(self.silent)
            try:
                return self._send(sender, to, content)
            except Lost as fault:
                self._hang_up()
                why = str(fault)
            if fresh:
                break
        return Retry(why)

    def _send(self, sender: str, to: str, content: bytes) -> OutcomeOfSending:
        assert self.smtp is not None  # noqa: S101 # connected just before
        answer = send_letter(self.smtp, sender, to, content)
        if not answer.alive:
            self._hang_up()
        return answer.outcome

    def _hang_up(self) -> None:
        if self.smtp is not None:
            self.smtp.close()
            self.smtp = None

    def _connect(self) -> bool:
        """Connect, unless this batch has found nobody there already."""
        if self.silent:
            return False
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._dial()
            if self.channel.user:
                smtp.login(self.channel.user, self.channel.password)
        except BROKEN as fault:
            if smtp is not None:
                smtp.close()
            self.silent = f"{self.channel.host}:{self.channel.port}: {fault}"
            return False
        self.smtp = smtp
        return True

    def _dial(self) -> smtplib.SMTP:
        channel = self.channel
        # The name we greet with: asking the machine for its own may take seconds.
        greeting = address(channel.sender).domain
        context = channel.context or ssl.create_default_context()
        if channel.security == "ssl":
            return smtplib.SMTP_SSL(
                channel.host,
                channel.port,
                local_hostname=greeting,
                timeout=channel.timeout,
                context=context,
            )
        smtp = smtplib.SMTP(
            channel.host,
            channel.port,
            local_hostname=greeting,
            timeout=channel.timeout,
        )
        try:
            if channel.security == "starttls":
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
        except BROKEN:
            smtp.close()
            raise
        return smtp
