"""The e-mail channel against real servers on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve
from tests.servers import (
    Caller,
    Mailbox,
    free_port,
    mail_server,
    scripted_server,
    serving,
    trusting,
)

from duban_flow.errors import Invalid
from duban_flow.ports import Message, Rejected, Retry, Sent, Unknown
from duban_flow.testing.channels import ChannelConformance, message
from duban_flow_email import EmailChannel

SENDER = "督查室 <dc@example.org>"


def channel(port: int, **about: Any) -> EmailChannel:
    """Make a channel to a server on this machine, in the clear."""
    options: dict[str, Any] = {"security": "none", "timeout": 10.0, **about}
    return EmailChannel(host="127.0.0.1", port=port, sender=SENDER, **options)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """Run a server that works."""
    with mail_server() as running:
        yield running


class TestEmailChannel(ChannelConformance):
    """The e-mail channel keeps a channel's promises."""

    @pytest.fixture(autouse=True)
    def _server(self, box: Mailbox) -> None:
        self.box = box

    def channel(self) -> EmailChannel:
        return channel(self.box.port)


# --- what is sent -------------------------------------------------------------------


def test_a_letter_says_everything_in_chinese(box: Mailbox) -> None:
    """Names, subject and text arrive as they were, under the message's own id."""
    told = evolve(message(), html="<p>已到期</p>")
    [outcome] = channel(box.port).send([told])
    assert isinstance(outcome, Sent)
    assert "taken as 1" in outcome.reference
    [letter] = box.letters
    assert letter["From"] == SENDER
    assert letter["To"] == "张三 <officer1@example.org>"
    assert letter["Subject"] == "【催办】2026-001 老旧小区改造"
    assert letter["Message-ID"] == f"<{told.key}@example.org>"
    assert letter["Date"].datetime == datetime(2026, 6, 1, 1, tzinfo=UTC)
    assert letter["Auto-Submitted"] == "auto-generated"
    plain, html = letter.iter_parts()
    assert plain.get_content().splitlines() == told.text.splitlines()
    assert html.get_content().strip() == "<p>已到期</p>"


def test_the_same_message_is_the_same_letter(box: Mailbox) -> None:
    """A repetition can be known by its Message-ID."""
    for _ in range(2):
        channel(box.port).send([message()])
    assert box.envelopes[0].content == box.envelopes[1].content


def test_a_key_that_no_id_can_hold_is_sent_by_its_digest(box: Mailbox) -> None:
    """An odd key makes a sound Message-ID all the same."""
    channel(box.port).send([evolve(message(), key="a b>\r\nc")])
    assert box.letters[0]["Message-ID"].endswith("@example.org>")
    assert " " not in box.letters[0]["Message-ID"]


def test_a_hundred_messages_take_one_connection(box: Mailbox) -> None:
    """A batch is one connection, whatever its size."""
    outcomes = channel(box.port).send([message(place) for place in range(100)])
    assert all(isinstance(outcome, Sent) for outcome in outcomes)
    assert (box.connections, len(box.letters)) == (1, 100)


def test_nothing_to_send_connects_to_nobody(box: Mailbox) -> None:
    """An empty batch, or one without addresses, opens no connection."""
    channel(box.port).send([])
    [outcome] = channel(box.port).send([evolve(message(), address="")])
    assert isinstance(outcome, Rejected)
    assert "住建局" in outcome.why
    assert box.connections == 0


def test_headers_cannot_be_smuggled_in(box: Mailbox) -> None:
    """Line breaks in a subject or a name become spaces; no header is added."""
    told = evolve(
        message(), subject="题\r\nBcc: all@example.org\r\n\r\n正文", name='张"三\nX: y'
    )
    assert isinstance(channel(box.port).send([told])[0], Sent)
    [letter] = box.letters
    assert letter["Subject"] == "题 Bcc: all@example.org 正文"
    assert set(letter.keys()) & {"Bcc", "X"} == set()
    assert box.envelopes[0].rcpt_tos == ["officer1@example.org"]


@pytest.mark.parametrize(
    "said",
    [
        "officer",
        "a@b@c",
        "a@example.org\r\nRCPT TO:<all@example.org>",
        "a@example.org, all@example.org",
        "@example.org",
        "a@",
        "a b@example.org",
        "a@example.org\x00",
        "<a@example.org> trailing",
        "a@-example-.org",
        "a@example..org",
        "@",
    ],
)
def test_what_is_no_address_is_rejected(box: Mailbox, said: str) -> None:
    """It is told why, reaches nobody, and the next message is sent."""
    batch = [evolve(message(1), address=said), message(2)]
    outcomes = channel(box.port).send(batch)
    assert isinstance(outcomes[0], Rejected)
    assert isinstance(outcomes[1], Sent)
    assert [e.rcpt_tos for e in box.envelopes] == [["officer2@example.org"]]


def test_a_text_is_not_read_as_commands(box: Mailbox) -> None:
    """Lone dots, bare line breaks and half characters are text."""
    told = evolve(message(), text=".\r\nQUIT\n..\rx\ud83d")
    assert isinstance(channel(box.port).send([told])[0], Sent)
    assert box.letters[0].get_content().splitlines() == [".", "QUIT", "..", "x?"]


def test_a_chinese_address_wants_a_server_that_takes_it() -> None:
    """With SMTPUTF8 it is sent, without it is rejected."""
    told = evolve(message(), address="张三@例子.中国")
    with mail_server(enable_SMTPUTF8=True) as box:
        assert isinstance(channel(box.port).send([told])[0], Sent)
        assert box.envelopes[0].rcpt_tos == ["张三@例子.中国"]
    with mail_server() as box:
        assert isinstance(channel(box.port).send([told])[0], Rejected)


# --- refusals -----------------------------------------------------------------------


def test_each_recipient_has_an_outcome_of_its_own(box: Mailbox) -> None:
    """A passing refusal is tried again, a lasting one is not, the others are sent."""
    box.rcpt = {
        "officer2@example.org": "451 greylisted, come back",
        "officer3@example.org": "550 no such user",
    }
    outcomes = channel(box.port).send([message(place) for place in range(1, 5)])
    assert [type(outcome) for outcome in outcomes] == [Sent, Retry, Rejected, Sent]
    assert outcomes[1] == Retry("451 greylisted, come back")
    assert outcomes[2] == Rejected("550 no such user")
    assert box.connections == 1


def test_a_refused_letter_is_surely_not_sent(box: Mailbox) -> None:
    """A refusal after the letter counts like one before it."""
    box.data = ["452 mailbox full", "554 looks like spam"]
    outcomes = channel(box.port).send([message(place) for place in range(1, 4)])
    assert [type(outcome) for outcome in outcomes] == [Retry, Rejected, Sent]


def test_a_refused_sender_is_no_fault_of_the_recipient(box: Mailbox) -> None:
    """It is ours to put right, so the notice is tried again."""
    box.mail = ["553 who are you", "451 later"]
    outcomes = channel(box.port).send([message(place) for place in range(1, 4)])
    assert [type(outcome) for outcome in outcomes] == [Retry, Retry, Sent]


# --- connections that fail ------------------------------------------------------------


def test_nobody_there_means_surely_unsent() -> None:
    """A refused connection is asked for once, and all are tried again later."""
    outcomes = channel(free_port()).send([message(1), message(2)])
    assert all(isinstance(outcome, Retry) for outcome in outcomes)
    assert "127.0.0.1" in outcomes[0].why  # type: ignore[union-attr]  # seen above


def drop_in_the_letter(caller: Caller) -> None:
    """Agree to everything, and hang up once the letter has begun."""
    caller.greet()
    caller.until_letter()
    caller.socket.recv(20)


def drop_after_the_letter(caller: Caller) -> None:
    """Take the whole letter, and hang up without an answer."""
    caller.greet()
    caller.until_letter()
    while caller.hear() != ".":
        pass


def drop_before_the_letter(caller: Caller) -> None:
    """Hang up when the letter is announced."""
    caller.greet()
    for answer in ("250 OK", "250 OK"):
        caller.hear()
        caller.say(answer)
    caller.hear()


def drop_when_idle(caller: Caller) -> None:
    """Take one letter and hang up before the next."""
    caller.greet()
    caller.take()


def hang_up_politely(caller: Caller) -> None:
    """Take a sender, then close with 421."""
    caller.greet()
    caller.hear()
    caller.say("250 OK")
    caller.hear()
    caller.say("421 going down")


def take_one(caller: Caller) -> None:
    """Take one letter and the goodbye."""
    caller.greet()
    caller.take()
    caller.hear()
    caller.say("221 bye")


def keep_silent(caller: Caller) -> None:
    """Take the letter and never answer."""
    drop_after_the_letter(caller)
    caller.hear()


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (drop_in_the_letter, Unknown),
        (drop_after_the_letter, Unknown),
        (keep_silent, Unknown),
        (drop_before_the_letter, Retry),
        (hang_up_politely, Retry),
    ],
)
def test_a_dropped_connection_is_told_by_when_it_dropped(
    script: Any, kind: type
) -> None:
    """From the letter's first byte on nobody knows; the rest is sent all the same."""
    with scripted_server(script, take_one) as port:
        outcomes = channel(port, timeout=0.4).send([message(1), message(2)])
    assert [type(outcome) for outcome in outcomes] == [kind, Sent]


def test_a_server_that_hangs_up_between_letters_is_called_again() -> None:
    """Nothing was said of the second letter yet, so it goes by a new connection."""
    with scripted_server(drop_when_idle, take_one) as port:
        outcomes = channel(port).send([message(1), message(2)])
    assert [type(outcome) for outcome in outcomes] == [Sent, Sent]


def test_a_server_that_stays_away_leaves_the_rest_for_later() -> None:
    """After a drop and no new connection, what was not said is tried again."""
    with scripted_server(drop_when_idle) as port:
        outcomes = channel(port, timeout=0.4).send([message(n) for n in (1, 2, 3)])
    assert [type(outcome) for outcome in outcomes] == [Sent, Retry, Retry]


def test_a_server_that_answers_nonsense_is_tried_again() -> None:
    """What greets as no mail server does has been sent nothing."""

    def nonsense(caller: Caller) -> None:
        caller.say("SSH-2.0-OpenSSH")

    with scripted_server(nonsense) as port:
        [outcome] = channel(port, timeout=0.4).send([message()])
    assert isinstance(outcome, Retry)


def test_a_closing_that_gets_no_answer_changes_nothing() -> None:
    """Whoever took the letter and left without a goodbye has taken the letter."""
    with scripted_server(drop_when_idle) as port:
        [outcome] = channel(port, timeout=0.4).send([message()])
    assert isinstance(outcome, Sent)


# --- who and how ----------------------------------------------------------------------


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_a_password_travels_under_tls(security: str) -> None:
    """The user is let in over STARTTLS, or TLS from the first byte."""
    implicit = security == "ssl"
    about = {"auth_require_tls": False} if implicit else {"require_starttls": True}
    with mail_server(context=serving(), implicit=implicit, **about) as box:
        made = channel(
            box.port,
            security=security,
            user="dc",
            password="secret",
            context=trusting(),
        )
        assert isinstance(made.send([message()])[0], Sent)
        assert box.users == ["dc"]


def test_a_wrong_password_leaves_everything_unsent() -> None:
    """It is put right one day, so the messages are tried again."""
    with mail_server(context=serving()) as box:
        made = channel(
            box.port,
            security="starttls",
            user="dc",
            password="wrong",
            context=trusting(),
        )
        outcomes = made.send([message(1), message(2)])
        assert all(isinstance(outcome, Retry) for outcome in outcomes)
        assert (box.connections, box.letters) == (1, [])


def test_a_stranger_is_told_nothing() -> None:
    """A certificate that is not trusted, or no TLS at all, ends the conversation."""
    with mail_server(context=serving()) as box:
        [outcome] = channel(box.port, security="starttls").send([message()])
        assert isinstance(outcome, Retry)
    with mail_server() as box:
        [outcome] = channel(box.port, security="starttls").send([message()])
        assert isinstance(outcome, Retry)
        assert not box.letters


@pytest.mark.parametrize(
    "about",
    [
        {"sender": "nobody"},
        {"sender": "a@example.org\nBcc: b@example.org"},
        {"security": "plain"},
        {"security": "none", "user": "dc", "password": "secret"},
    ],
)
def test_options_that_cannot_be_right_are_refused(about: dict[str, Any]) -> None:
    """A channel that exists can be used."""
    options = {"host": "localhost", "port": 25, "sender": SENDER, **about}
    with pytest.raises(Invalid):
        EmailChannel(**options)


def test_a_password_is_not_shown() -> None:
    """Neither the representation nor an outcome tells it."""
    made = EmailChannel(
        host="127.0.0.1", port=free_port(), sender=SENDER, user="dc", password="secret"
    )
    told: Message = message()
    assert "secret" not in repr(made)
    assert "secret" not in str(made.send([told]))
