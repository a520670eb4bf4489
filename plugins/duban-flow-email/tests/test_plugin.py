"""The distribution as a plugin of an office."""

from __future__ import annotations

from duban_flow.ports import gather
from duban_flow_email import EmailChannel

OPTIONS = {
    "email": {"host": "mail.example.org", "port": 587, "sender": "dc@example.org"}
}


def test_it_is_found_when_it_is_asked_for() -> None:
    """Named and described, the channel is there under its name."""
    found = gather(plugins=["duban-flow-email"], options=OPTIONS)
    channel = found.channels["email"]
    assert isinstance(channel, EmailChannel)
    assert (channel.host, channel.security) == ("mail.example.org", "starttls")
    assert found.origin("channels", "email").startswith("duban-flow-email ")
    assert not found.problems


def test_it_brings_nothing_where_nothing_is_described() -> None:
    """Without options for it there is no channel, and no problem."""
    found = gather(plugins=["duban-flow-email"])
    assert not found.channels
    assert not found.problems


def test_options_it_cannot_use_are_its_own_problem() -> None:
    """The office opens without it, and says why."""
    wrong = {"email": {**OPTIONS["email"], "sender": "nobody"}}
    found = gather(plugins=["duban-flow-email"], options=wrong)
    assert not found.channels
    [problem] = found.problems
    assert "nobody" in problem.text("en")


def test_it_leaves_the_machine() -> None:
    """A rehearsal must not call it."""
    channel = EmailChannel(host="localhost", port=25, sender="dc@example.org")
    assert getattr(channel, "local", False) is False
