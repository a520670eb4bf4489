"""Mail servers on 127.0.0.1 to send to: one that works, one that follows a script."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from attrs import define, field

CERTIFICATE = Path(__file__).parent / "localhost.pem"
"""A certificate of localhost, with its key: worth nothing, and signed by itself."""


def trusting() -> ssl.SSLContext:
    """Trust that certificate and no other."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def serving() -> ssl.SSLContext:
    """Be the server that has it."""
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(CERTIFICATE)
    return made


@define
class Mailbox:
    """What a server took, and how it answers."""

    port: int = 0
    letters: list[EmailMessage] = field(factory=list)
    envelopes: list[Envelope] = field(factory=list)
    connections: int = 0
    users: list[str] = field(factory=list)
    rcpt: dict[str, str] = field(factory=dict)
    mail: list[str] = field(factory=list)
    data: list[str] = field(factory=list)

    async def handle_MAIL(  # noqa: N802 # aiosmtpd names it
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take a sender, unless there are refusals to give first."""
        if self.mail:
            return self.mail.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 # aiosmtpd names it
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take a recipient, unless it is one that is refused."""
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 # aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a letter, unless there are refusals to give first."""
        if self.data:
            return self.data.pop(0)
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        self.letters.append(letter)
        self.envelopes.append(envelope)
        return f"250 taken as {len(self.letters)}"

    def authenticate(self, *given: Any) -> AuthResult:
        """Let in whoever knows the word."""
        said = given[-1]
        assert isinstance(said, LoginPassword)
        self.users.append(said.login.decode())
        return AuthResult(success=said.password == b"secret", handled=False)


@contextmanager
def mail_server(
    *, context: ssl.SSLContext | None = None, implicit: bool = False, **about: Any
) -> Iterator[Mailbox]:
    """Run a real server on a free port of 127.0.0.1 until the block ends."""
    box = Mailbox()
    loop = asyncio.new_event_loop()

    def protocol() -> SMTP:
        box.connections += 1
        starttls = None if implicit else context
        return SMTP(
            box,
            hostname="localhost",
            loop=loop,
            tls_context=starttls,
            authenticator=box.authenticate,
            **about,
        )

    server = loop.run_until_complete(
        loop.create_server(protocol, "127.0.0.1", 0, ssl=context if implicit else None)
    )
    box.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield box
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(server: asyncio.AbstractServer) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@define
class Caller:
    """One connection to a scripted server."""

    socket: socket.socket
    lines: Any

    def say(self, text: str) -> None:
        """Say a line."""
        self.socket.sendall(f"{text}\r\n".encode())

    def hear(self) -> str:
        """Hear a line; nothing once the other end has gone."""
        return str(self.lines.readline().decode().strip())

    def greet(self) -> None:
        """Say hello and hear it."""
        self.say("220 localhost")
        self.hear()
        self.say("250 localhost")

    def until_letter(self) -> None:
        """Agree to everything up to the letter."""
        for answer in ("250 OK", "250 OK", "354 go on"):
            self.hear()
            self.say(answer)

    def take(self) -> None:
        """Take a whole letter."""
        self.until_letter()
        while self.hear() != ".":
            pass
        self.say("250 taken")


@contextmanager
def scripted_server(*scripts: Callable[[Caller], None]) -> Iterator[int]:
    """Follow one script for each connection, then hang up; gives the port."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = int(listening.getsockname()[1])
    over = threading.Event()

    def serve() -> None:
        for script in scripts:
            heard, _ = listening.accept()
            if over.is_set():
                heard.close()
                return
            with heard, heard.makefile("rb") as lines:
                heard.settimeout(10)
                script(Caller(heard, lines))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield port
    finally:
        over.set()
        if thread.is_alive():
            # Whoever still waits for a call gets one, and sees that it is over.
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
        thread.join(10)
        listening.close()


def free_port() -> int:
    """Give a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
