"""Delivery: what leaves, and that nothing is sent twice by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import define
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.engine.delivery import LEASE, NO_CHANNEL_WAIT, DeliveryResult
from duban_flow.engine.ports import (
    Delivery,
    Message,
    OutcomeOfSending,
    Rejected,
    Retry,
    Sent,
    Unknown,
)
from duban_flow.engine.sending import ATTEMPTS, LONGEST_WAIT, next_attempt
from duban_flow.errors import Invalid
from tests.engine.telling import (
    NOW,
    House,
    Line,
    item_of,
    urge,
)

# --- what leaves ------------------------------------------------------------------


def test_a_notice_goes_out_once_and_says_what_it_is_about() -> None:
    """It is sent with its facts, settled with the provider's number, and not again."""
    house, line = House(), Line()
    house.put(item_of(), urge(), unit="zjj")
    result = house.deliver(line)
    assert (result.sent, result.left, result.exit_code) == (1, 0, 0)
    [message] = line.sent
    assert (message.item, message.rung, message.kind) == ("2026-031", "urge", "urge")
    assert message.unit_name == "住建局"
    assert message.subject.startswith("【催办】2026-031 老旧小区改造")
    assert "2026年6月23日（周二）" in message.text
    assert "40%" in message.text
    assert "请抓紧办理" in message.text
    kept = house.notice()
    assert (kept.status, kept.detail, kept.attempts) == (
        Delivery.SENT,
        kept.key,
        1,
    )
    again = house.deliver(line)
    assert again == DeliveryResult(at=NOW)
    assert len(line.sent) == 1


def test_english_is_spoken_where_it_is_asked_for() -> None:
    """The office's language is the notice's."""
    house, line = House(lang="en"), Line()
    house.put(item_of(), urge())
    house.deliver(line)
    assert line.sent[0].subject.startswith("Urging: 2026-031")
    assert "was due 2026-06-23 (Tue)" in line.sent[0].text


def test_what_is_held_back_waits() -> None:
    """A notice goes out from its not_before on, not earlier."""
    house, line = House(), Line()
    later = NOW + timedelta(hours=1)
    house.put(item_of(), urge(not_before=later))
    assert house.deliver(line).sent == 0
    assert house.deliver(line, now=later).sent == 1


def test_each_channel_gets_its_notices_in_one_batch() -> None:
    """Two channels are called once each, with everything that is theirs."""

    @define
    class Counting(Line):
        calls: int = 0

        def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
            self.calls += 1
            return Line.send(self, batch)

    house, line, fax = House(), Counting(), Counting("fax")
    for code in ("A-1", "A-2", "A-3"):
        house.put(item_of(code), urge(), urge(channel="fax"))
    assert house.deliver(line, fax).sent == 6
    assert (line.calls, fax.calls) == (1, 1)


def test_a_limit_leaves_the_rest_for_the_next_run() -> None:
    """What is left is counted, and the exit code says to run again."""
    house, line = House(), Line()
    for place in range(5):
        house.put(item_of(f"A-{place}"), urge())
    seen: list[int] = []
    first = house.deliver(
        line, limit=3, progress=lambda what, done, total: seen.append(done)
    )
    assert (first.sent, first.left, first.exit_code) == (3, 2, 4)
    assert seen == [3]
    second = house.deliver(line, limit=3)
    assert (second.sent, second.left, second.exit_code) == (2, 0, 0)


def test_a_time_without_a_zone_is_refused() -> None:
    """A naive datetime names no instant."""
    with pytest.raises(Invalid):
        House().deliver(now=datetime(2026, 6, 25, 9))


def test_a_rehearsal_calls_only_what_stays_on_the_machine() -> None:
    """Of other channels it is recorded what would have gone out."""
    house, away, here = House(rehearsal=True), Line(), Line("here", local=True)
    house.put(item_of(), urge(), urge(channel="here"))
    result = house.deliver(away, here)
    assert (result.recorded, result.sent, result.exit_code) == (1, 1, 0)
    assert not away.sent
    assert len(here.sent) == 1
    recorded = [n for n in house.notices() if n.status is Delivery.RECORDED]
    assert "老旧小区改造" in recorded[0].detail


def test_a_channel_that_is_not_there_leaves_its_notices_pending() -> None:
    """They wait aside with an alarm, hold nobody up, and go out once it is there."""
    house, line = House(), Line()
    house.put(item_of(), urge(channel="sms"), urge())
    result = house.deliver(line)
    assert (result.sent, result.waiting, result.left) == (1, 1, 0)
    assert result.exit_code == 3
    assert [alarm.code for alarm in result.alarms] == ["channel.missing"]
    assert "sms" in result.alarms[0].text("zh")
    sms = Line("sms")
    assert house.deliver(sms, now=NOW + NO_CHANNEL_WAIT).sent == 1


# --- what comes back --------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "status", "word", "code"),
    [
        (Rejected("no such number"), Delivery.REJECTED, "rejected", 0),
        (Unknown("no answer"), Delivery.UNKNOWN, "unknown", 5),
    ],
)
def test_a_final_outcome_is_kept_with_its_reason(
    outcome: OutcomeOfSending, status: Delivery, word: str, code: int
) -> None:
    """Rejected and unknown notices are settled and never sent again."""
    house, line = House(), Line(answer=lambda _: outcome)
    house.put(item_of(), urge())
    result = house.deliver(line)
    assert (getattr(result, word), result.exit_code) == (1, code)
    assert house.notice().status is status
    assert house.notice().detail
    house.deliver(line, now=NOW + timedelta(days=30))
    assert len(line.sent) == 1


def test_a_retry_comes_later_and_at_last_is_laid_aside() -> None:
    """It backs off each time, and after eight attempts a person must look."""
    house, line = House(), Line(answer=lambda _: Retry("busy"))
    house.put(item_of(), urge())
    now, waits = NOW, []
    for _ in range(ATTEMPTS - 1):
        assert house.deliver(line, now=now).retried == 1
        assert house.deliver(line, now=now) == DeliveryResult(at=now)
        due = house.notice().not_before
        waits.append(due - now)
        now = due
    assert waits == sorted(waits)
    assert waits[0] >= timedelta(minutes=1)
    last = house.deliver(line, now=now)
    assert (last.dead, last.exit_code) == (1, 5)
    assert last.alarms[0].code == "delivery.dead"
    assert house.notice().attempts == len(line.sent) == ATTEMPTS


def test_a_channel_that_raises_has_perhaps_sent() -> None:
    """Its batch is unknown and never blindly sent again; other channels go on."""

    class Broken(Line):
        def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
            self.sent += batch
            raise TimeoutError("the far end is silent")

    house, broken, line = House(), Broken("broken"), Line()
    house.put(item_of("A-1"), urge(channel="broken"), urge())
    house.put(item_of("A-2"), urge(channel="broken"))
    result = house.deliver(broken, line)
    assert (result.unknown, result.sent, result.exit_code) == (2, 1, 5)
    assert [alarm.code for alarm in result.alarms] == ["delivery.unknown"]
    assert "the far end is silent" in result.alarms[0].text("en")
    house.deliver(broken, now=NOW + timedelta(days=1))
    assert len(broken.sent) == 2


@pytest.mark.parametrize("answer", [[], [Sent(), Sent(), Sent()], None, ["ok", Sent()]])
def test_an_answer_that_fits_nothing_is_unknown(answer: Any) -> None:
    """Too few outcomes, too many, none at all: nobody knows which were sent."""

    class Odd(Line):
        def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
            return answer  # type: ignore[no-any-return]  # the point of the test

    house = House()
    house.put(item_of("A-1"), urge())
    house.put(item_of("A-2"), urge())
    result = house.deliver(Odd())
    assert result.unknown == (1 if answer and answer[0] == "ok" else 2)


def test_what_a_channel_says_can_always_be_kept() -> None:
    """A broken text in an answer does not keep the notice from being settled."""
    house = House()
    house.put(item_of("A-1"), urge())
    odd = Line(answer=lambda _: Rejected("no\0 such \ud800 number"))
    assert house.deliver(odd).rejected == 1
    assert house.notice().detail == "no such ? number"


def test_a_death_before_settling_sends_again_under_the_same_key() -> None:
    """The lease keeps others away; when it runs out the key is what it was."""

    class Dying(Line):
        def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
            self.sent += batch
            raise KeyboardInterrupt

    house, dying, line = House(), Dying(), Line()
    house.put(item_of(), urge())
    with pytest.raises(KeyboardInterrupt):
        house.deliver(dying)
    waiting = house.deliver(line, now=NOW + timedelta(minutes=1), worker="other")
    assert (waiting.sent, waiting.left, waiting.exit_code) == (0, 1, 4)
    assert house.deliver(line, now=NOW + LEASE).sent == 1
    assert [m.key for m in line.sent] == [m.key for m in dying.sent]


def test_no_channel_is_called_inside_a_transaction() -> None:
    """While a channel sends, others can write."""
    house = House()

    class Nosy(Line):
        def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
            house.put(item_of("B-1"), urge(channel="other"))
            return Line.send(self, batch)

    house.put(item_of(), urge())
    assert house.deliver(Nosy()).sent == 1
    assert len(house.notices()) == 2


@given(
    key=st.text(max_size=40),
    attempts=st.integers(1, 40),
    now=st.datetimes(timezones=st.just(UTC), max_value=datetime(9000, 1, 1)),
)
def test_waiting_grows_within_bounds(key: str, attempts: int, now: datetime) -> None:
    """Each wait is at least the last, never under a minute nor over six hours."""
    wait = next_attempt(key, attempts, now) - now
    assert timedelta(minutes=1) <= wait <= LONGEST_WAIT
    assert wait <= next_attempt(key, attempts + 1, now) - now
    assert next_attempt(key, attempts, now) - now == wait
