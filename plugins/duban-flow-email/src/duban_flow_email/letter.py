"""A message as a letter 邮件: headers that nothing can be smuggled into, text in UTF-8.

The same message makes the same letter, byte for byte: its id and its date are the
message's own.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, getaddresses

from duban_flow.errors import Invalid
from duban_flow.ports import Message

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LOCAL = re.compile(r"""[^\s@<>(),:;"\\\[\]]{1,64}""")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def address(said: str, name: str = "") -> Address:
    """Read ``user@host`` or ``Name <user@host>``; *name* goes before the name in it.

    Raises:
        Invalid: it is no single address.
    """
    read = getaddresses([said])
    found, spec = read[0] if len(read) == 1 else ("", "")
    local, _, domain = spec.rpartition("@")
    whole = one_line(said) == said.strip() and said.count("@") == 1
    if not (whole and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise Invalid(
            f"An e-mail address was wanted; {said!r} was given.",
            zh=f"应为电子邮件地址：{said!r}。",
            code="email.address",
        )
    return Address(one_line(name or found), local, domain)


def letter(message: Message, sender: Address, to: Address) -> EmailMessage:
    """Write the letter of a message, in UTF-8."""
    plain = f"{sender.addr_spec}{to.addr_spec}".isascii()
    made = EmailMessage(policy=SMTP if plain else SMTPUTF8)
    made["From"] = sender
    made["To"] = to
    made["Subject"] = one_line(message.subject)
    made["Date"] = format_datetime(message.at)
    made["Message-ID"] = f"<{identity(message.key)}@{sender.domain}>"
    made["Auto-Submitted"] = "auto-generated"
    # Base64 keeps every line short and lets no byte of the text be read as SMTP.
    made.set_content(sayable(message.text) + "\n", charset="utf-8", cte="base64")
    if message.html:
        made.add_alternative(
            sayable(message.html), subtype="html", charset="utf-8", cte="base64"
        )
    return made


def identity(key: str) -> str:
    """Give a key as it may stand in a Message-ID; an odd one by its digest.

    >>> identity("n0123abc")
    'n0123abc'
    """
    if _KEY.fullmatch(key):
        return key
    return hashlib.sha256(key.encode("utf-8", "backslashreplace")).hexdigest()


def one_line(text: str) -> str:
    r"""Put a text on one line: controls and line breaks become spaces.

    >>> one_line("题\r\nBcc: all@example.org")
    '题 Bcc: all@example.org'
    """
    shown = (" " if unicodedata.category(c) in _CUT else c for c in sayable(text))
    return " ".join("".join(shown).split())


_CUT = frozenset({"Cc", "Zl", "Zp"})


def sayable(text: str) -> str:
    """Replace what UTF-8 cannot say: halves of a character."""
    return text.encode("utf-8", "replace").decode("utf-8")
