"""One letter over SMTP, and what each answer of the server means (RFC 5321).

Up to the end of the letter nothing has been sent: whatever fails is tried again. From
the first byte of the letter on, only an answer tells; without one nobody knows.
"""

from __future__ import annotations

import re
import smtplib
from typing import Final

from attrs import frozen

from duban_flow.ports import OutcomeOfSending, Rejected, Retry, Sent, Unknown

BROKEN: Final = (smtplib.SMTPException, OSError)
"""What a connection dies of, time-outs among it."""

CLOSING: Final = 421
"""The server's word that it hangs up, whatever it was asked."""

GO_ON: Final = 354


@frozen
class Answer:
    """What became of a letter, and whether the connection can be used again."""

    outcome: OutcomeOfSending
    alive: bool = True


class Lost(Exception):
    """The connection had gone before anything of the letter was said."""


def send_letter(smtp: smtplib.SMTP, sender: str, to: str, letter: bytes) -> Answer:
    """Send one letter to one recipient.

    Raises:
        Lost: the connection was gone already; another one may do.
    """
    plain = sender.isascii() and to.isascii()
    if not plain and not smtp.has_extn("smtputf8"):
        return Answer(Rejected(f"{to}: the server takes no such address"))
    try:
        code, said = smtp.mail(sender, () if plain else ("SMTPUTF8",))
    except BROKEN as fault:
        raise Lost(str(fault)) from fault
    try:
        if not _taken(code):
            # The sender is ours, not the recipient's: one day it will be put right.
            return _refused(smtp, code, Retry(f"MAIL: {_reply(code, said)}"))
        code, said = smtp.rcpt(to)
        if not _taken(code):
            return _refused(smtp, code, _outcome(code, said))
        code, said = smtp.docmd("DATA")
        if code != GO_ON:
            return _refused(smtp, code, _outcome(code, said))
    except BROKEN as fault:
        return Answer(Retry(f"before the letter: {fault}"), alive=False)
    return _content(smtp, letter)


def _content(smtp: smtplib.SMTP, letter: bytes) -> Answer:
    try:
        smtp.send(dotted(letter))
        code, said = smtp.getreply()
    except BROKEN as fault:
        return Answer(Unknown(f"no answer to the letter: {fault}"), alive=False)
    if _taken(code):
        return Answer(Sent(_reply(code, said)))
    return Answer(_outcome(code, said), alive=code != CLOSING)


def dotted(letter: bytes) -> bytes:
    r"""End a letter with its dot, doubling those that begin a line.

    >>> dotted(b"a\r\n.b\r\n")
    b'a\r\n..b\r\n.\r\n'
    """
    return re.sub(rb"^\.", b"..", letter, flags=re.MULTILINE) + b".\r\n"


def _taken(code: int) -> bool:
    return 200 <= code < 300


def _outcome(code: int, said: bytes) -> OutcomeOfSending:
    """Read a refusal: 5xx is for good, anything else may pass."""
    reply = _reply(code, said)
    return Rejected(reply) if 500 <= code < 600 else Retry(reply)


def _refused(smtp: smtplib.SMTP, code: int, outcome: OutcomeOfSending) -> Answer:
    """Give the outcome of a refusal, and clear the table for the next letter."""
    if code == CLOSING:
        return Answer(outcome, alive=False)
    try:
        smtp.rset()
    except BROKEN:
        return Answer(outcome, alive=False)
    return Answer(outcome)


def _reply(code: int, said: bytes) -> str:
    return f"{code} {said.decode('utf-8', 'replace')}".strip()
