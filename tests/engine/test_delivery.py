"""Delivery: what leaves, what does not, and that nothing is sent twice by mistake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import define, evolve, field
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.batch import batch_of
from duban_flow.domain.calendar import WorkCalendar
from duban_flow.domain.columns import item_columns
from duban_flow.domain.events import Event, Notice, Subject, SubjectKind
from duban_flow.domain.items import Closing, Item, Party
from duban_flow.domain.policies.plain import PLAIN
from duban_flow.domain.rows import post_rows
from duban_flow.domain.sanctions import Approval, Citation, Sanction, Stage
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.term import Term
from duban_flow.domain.units import Post, Role, Unit
from duban_flow.engine.delivery import LEASE, NO_CHANNEL_WAIT, DeliveryResult, deliver
from duban_flow.engine.draft import Draft
from duban_flow.engine.ports import (
    Delivery,
    Message,
    OutcomeOfSending,
    Queued,
    Rejected,
    Retry,
    Sent,
    Unknown,
)
from duban_flow.engine.sending import ATTEMPTS, LONGEST_WAIT, next_attempt
from duban_flow.engine.settings import Settings
from duban_flow.errors import Invalid
from duban_flow.storage.memory import MemoryStorage

START = datetime(2026, 6, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 25, 1, tzinfo=UTC)
CHINA = WorkCalendar.china()

Answer = Callable[[Message], OutcomeOfSending]


@define
class Line:
    """A channel that remembers what it was sent, and answers as it is told."""

    name: str = "line"
    answer: Answer = lambda message: Sent(message.key)
    local: bool = False
    sent: list[Message] = field(factory=list)

    def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
        self.sent += batch
        return [self.answer(message) for message in batch]


@define
class House:
    """An office's storage with a few units, and what is wanted to deliver from it."""

    storage: MemoryStorage = field(factory=MemoryStorage)
    rehearsal: bool = False
    lang: str = "zh"

    def __attrs_post_init__(self) -> None:
        draft = Draft()
        for unit in (
            Unit("zjj", "住建局"),
            Unit("czj", "财政局"),
            Unit("panel", "问责领导小组", kind="body"),
        ):
            event = event_of(Subject(SubjectKind.UNIT, unit.code), "register")
            draft.unit(unit, 0, [event])
        self.write(draft)

    @property
    def settings(self) -> Settings:
        return Settings(
            workflows={"supervision": Supervision},
            policies={PLAIN.id: PLAIN},
            calendars={"china": CHINA},
            read_ledger=unread,
            read_outline=unread,
            rehearsal=self.rehearsal,
            lang=self.lang,
        )

    def write(self, draft: Draft, *posts: Post) -> None:
        rows = [post_rows(posts)] if posts else []
        with self.storage.begin("default") as work:
            work.write(batch_of(draft.changes(), now=START, rows=rows))

    def deliver(
        self, *channels: Any, now: datetime = NOW, **more: Any
    ) -> DeliveryResult:
        named = {channel.name: channel for channel in channels}
        return deliver(self.storage, self.settings, channels=named, now=now, **more)

    def notices(self) -> tuple[Queued, ...]:
        with self.storage.begin("default") as work:
            return work.notices()

    def notice(self) -> Queued:
        [only] = self.notices()
        return only

    def put(
        self,
        item: Item,
        *notices: Notice,
        action: str = "urge",
        rung: str | None = "urge",
        cycle: str | None = "due:1",
        **data: Any,
    ) -> None:
        """Register an item with one event that these notices tell of."""
        event = event_of(Subject(SubjectKind.ITEM, item.id), action, **data)
        event = evolve(event, rung=rung, cycle=cycle)
        draft = Draft()
        changed = Subject(SubjectKind.ITEM, item.id)
        draft.subject(changed, 0, item_columns(item), [event])
        [change] = draft.changes()
        change = evolve(change, notices=tuple((0, notice) for notice in notices))
        with self.storage.begin("default") as work:
            work.write(batch_of([change], now=START))

    def change(self, item: Item, action: str, **event: Any) -> None:
        """Let something happen to an item."""
        made = event_of(Subject(SubjectKind.ITEM, item.id), action)
        draft = Draft()
        changed = Subject(SubjectKind.ITEM, item.id)
        draft.subject(changed, 1, item_columns(item), [evolve(made, **event)])
        self.write(draft)

    def sanction(self, sanction: Sanction, notice: Notice, action: str) -> None:
        """Put a sanction with one event and its notice."""
        event = event_of(
            Subject(SubjectKind.SANCTION, sanction.id), action, reason="事实有误"
        )
        draft = Draft()
        draft.sanction(sanction, 0, [event], [(0, notice)])
        self.write(draft)


def event_of(subject: Subject, action: str, **data: Any) -> Event:
    return Event(
        subject=subject,
        seq=0,
        action=action,
        actor="engine",
        effective_at=START,
        recorded_at=START,
        data=data,
    )


def unread(*given: Any, **more: Any) -> Any:
    """Stand where a delivery never looks."""
    raise AssertionError


def item_of(code: str = "2026-031", **changed: Any) -> Item:
    """Make an item of 住建局, due on 23 June at the close of business."""
    made = Item(
        id=f"id-{code}",
        code=code,
        title="老旧小区改造",
        state="in_progress",
        version=1,
        assigned_at=START,
        entered_at=START,
        parties={Role.RESPONSIBLE: (Party("zjj"),)},
        due=Term.workdays(15).deadline(START, CHINA),
        progress=40,
    )
    return evolve(made, **changed)


def urge(unit: str = "zjj", channel: str = "line", **more: Any) -> Notice:
    return Notice(unit=unit, channel=channel, template="urge", **more)


def sanction_of(**changed: Any) -> Sanction:
    made = Sanction(
        id="s-1",
        version=1,
        kind="prompt",
        kind_name="行政效能提示",
        unit="zjj",
        role=Role.RESPONSIBLE,
        citations=tuple(
            Citation(
                item=f"id-{code}", rung="late", cycle="due:1", code=code, title=title
            )
            for code, title in (("2026-031", "老旧小区改造"), ("2026-032", "安置房"))
        ),
        policy="district@1",
        reason="逾期未办结",
        basis=("实施细则第八条",),
        moves="prompt",
        bodies=("问责领导小组",),
        proposed_at=START,
    )
    return evolve(made, **changed)


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
    assert "规则：urge" in message.text
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


# --- what does not, and why -------------------------------------------------------


def test_a_reminder_of_what_has_closed_is_cancelled_with_its_reason() -> None:
    """Nobody is urged to do what is done; a formal act goes out all the same."""
    house, line = House(), Line()
    item = item_of()
    house.put(
        item, urge(), Notice(unit="czj", channel="line", template="x", formal=True)
    )
    closing = Closing.of("close", NOW, item.due)
    house.change(evolve(item, state="closed", closing=closing, version=2), "close")
    result = house.deliver(line)
    assert (result.cancelled, result.sent) == (1, 1)
    assert [message.unit for message in line.sent] == ["czj"]
    assert any("已办结" in notice.detail for notice in house.notices())


def test_a_reminder_of_a_deadline_that_has_moved_is_cancelled() -> None:
    """The new deadline has reminders of its own."""
    house, line = House(), Line()
    item = item_of()
    house.put(item, urge(), cycle="due:1/2")
    house.change(evolve(item, due_ordinal=2, version=2), "extend")
    assert house.deliver(line).cancelled == 1
    assert "时限已调整" in house.notice().detail


def test_a_reminder_about_a_unit_that_gave_it_away_is_cancelled() -> None:
    """After a reassignment nobody is urged for what is not theirs."""
    house, line = House(), Line()
    item = item_of()
    house.put(item, urge(), unit="zjj")
    parties = {Role.RESPONSIBLE: (Party("czj"),)}
    house.change(evolve(item, parties=parties, version=2), "reassign")
    assert house.deliver(line).cancelled == 1
    assert "住建局" in house.notice().detail


def test_a_reminder_that_a_later_fact_overtook_is_cancelled() -> None:
    """An event that was overtaken is not told any more."""
    house, line = House(), Line()
    item = item_of()
    house.put(item, urge())
    house.change(evolve(item, version=2), "report", overtakes=(1,))
    assert house.deliver(line).cancelled == 1


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


# --- to whom ----------------------------------------------------------------------


def test_a_post_is_resolved_when_the_notice_leaves() -> None:
    """Who holds the post on the day is named, with the address for this channel."""
    house, line = House(), Line()
    house.put(item_of(), urge(post="head"))
    old = Post(unit="zjj", name="head", officer="李四", until=date(2026, 6, 10))
    new = Post(
        unit="zjj",
        name="head",
        officer="张三",
        since=date(2026, 6, 11),
        addresses={"line": "zhang@example.org", "sms": "0"},
    )
    house.write(Draft(), old, new)
    result = house.deliver(line)
    assert not result.alarms
    [message] = line.sent
    assert (message.post, message.name) == ("head", "张三")
    assert message.address == "zhang@example.org"


def test_an_empty_post_falls_back_to_its_unit_with_an_alarm() -> None:
    """The unit is told by its own address, and a person that the post is empty."""
    house, line = House(), Line()
    house.put(item_of(), urge(post="head"))
    office = Post(unit="zjj", name="", addresses={"line": "office@example.org"})
    house.write(Draft(), office)
    result = house.deliver(line)
    assert (result.sent, result.exit_code) == (1, 0)
    assert [alarm.code for alarm in result.alarms] == ["post.empty"]
    [message] = line.sent
    assert (message.post, message.address) == ("", "office@example.org")


def test_a_unit_that_is_not_declared_is_told_by_the_name_it_was_given() -> None:
    """In a rehearsal any name will do."""
    house, line = House(), Line()
    house.put(item_of(), urge("规划局"))
    house.deliver(line)
    assert line.sent[0].unit_name == "规划局"


def test_the_successor_of_a_unit_is_told() -> None:
    """A bureau that has been merged is not written to any more."""
    house, line = House(), Line()
    draft = Draft()
    gone = Unit("jwj", "建委", valid_until=date(2026, 6, 20), successor="zjj")
    draft.unit(gone, 0, [event_of(Subject(SubjectKind.UNIT, "jwj"), "register")])
    house.write(draft)
    house.put(item_of(), urge("jwj"))
    house.deliver(line)
    assert line.sent[0].unit == "zjj"


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


# --- sanctions ----------------------------------------------------------------------


def formal(template: str, unit: str = "zjj") -> Notice:
    return Notice(unit=unit, channel="line", template=template, formal=True)


def test_a_sanction_is_one_notice_with_all_its_matters() -> None:
    """It names every cited matter, the reason, the basis, who agreed and the number."""
    house, line = House(), Line()
    issued = sanction_of(
        stage=Stage.ISSUED,
        issued_at=START,
        number="2026-7",
        approvals=(Approval(body="问责领导小组", actor="a", on=START),),
        rectify_by=NOW,
        measures=("约谈",),
    )
    house.sanction(issued, formal("prompt"), "issue")
    assert house.deliver(line).sent == 1
    [message] = line.sent
    assert message.subject == "【行政效能提示】住建局，2026-031 老旧小区改造等2项"
    assert (message.kind, message.rung, message.item) == ("prompt", "late", None)
    for said in ("2026-031《老旧小区改造》", "2026-032《安置房》", "责任单位"):
        assert said in message.text
    for said in (
        "逾期未办结",
        "实施细则第八条",
        "问责领导小组",
        "2026-7",
        "约谈",
        "整改期限",
    ):
        assert said in message.text


def test_a_revocation_goes_out_with_its_reason() -> None:
    """Who was told of the act is told that it is gone, and why."""
    house, line = House(), Line()
    revoked = sanction_of(stage=Stage.REVOKED, issued_at=START, revoked_at=NOW)
    house.sanction(revoked, formal("revoke"), "revoke")
    house.deliver(line)
    assert line.sent[0].subject.startswith("【撤销行政效能提示】")
    assert "事实有误" in line.sent[0].text


def test_a_body_is_asked_while_it_is_its_turn() -> None:
    """A request for approval goes out, unless the body has decided by then."""
    house, line = House(), Line()
    ask = Notice(unit="panel", channel="line", template="approval")
    house.sanction(sanction_of(), ask, "propose")
    decided = sanction_of(id="s-2", stage=Stage.REJECTED)
    house.sanction(decided, ask, "propose")
    result = house.deliver(line)
    assert (result.sent, result.cancelled) == (1, 1)
    assert line.sent[0].subject.startswith("【请审批】行政效能提示：住建局")


@pytest.mark.parametrize("template", ["prompt", "revoke", "approval"])
def test_sanctions_are_told_in_english_too(template: str) -> None:
    """The same facts stand in the English text."""
    house, line = House(lang="en"), Line()
    house.sanction(sanction_of(), formal(template, "panel"), "propose")
    house.deliver(line)
    assert "To 问责领导小组:" in line.sent[0].text
    assert "2026-032 安置房" in line.sent[0].text
    assert "2 matters" in line.sent[0].subject


# --- other words ----------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("template", ["remind", "urge", "lapse", "alarm", "of my own"])
def test_every_word_names_the_matter(template: str, lang: str) -> None:
    """Code, title and deadline stand in each text, of whatever template."""
    house, line = House(lang=lang), Line()
    notice = Notice(unit="zjj", channel="line", template=template)
    house.put(item_of(), notice, rung=None)
    house.deliver(line, now=START)
    [message] = line.sent
    assert "2026-031" in message.subject
    assert "老旧小区改造" in message.text
    assert "6" in message.text.partition("2026-031")[2]
    assert "\n\n" not in message.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_has_no_deadline_is_told_without_one(lang: str) -> None:
    """An item without a term has nothing to be late for."""
    house, line = House(lang=lang), Line()
    house.put(item_of(due=None), urge())
    house.deliver(line)
    assert ("未定办理时限" if lang == "zh" else "has no deadline") in line.sent[0].text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_deadline_known_as_a_range_is_told_with_both_ends(lang: str) -> None:
    """Until the latest has passed, both readings are said."""
    house, line = House(lang=lang), Line()
    due = item_of().due
    assert due is not None
    wide = evolve(due, earliest=due.earliest - timedelta(days=3), provisional=True)
    house.put(item_of(due=wide), urge())
    house.deliver(line, now=START)
    assert ("之间" if lang == "zh" else "between") in line.sent[0].text
    assert ("暂定" if lang == "zh" else "provisional") in line.sent[0].text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_event_of_the_office_is_told_plainly(lang: str) -> None:
    """An alarm that hangs on the office says its reason."""
    house, line = House(lang=lang), Line()
    office = Subject(SubjectKind.UNIT, "zjj-x")
    draft = Draft()
    event = event_of(office, "alarm", reason="巡检已停")
    draft.unit(Unit("zjj-x", "住建局分局"), 0, [event])
    [change] = draft.changes()
    notice = Notice(unit="zjj", channel="line", template="alarm")
    with house.storage.begin("default") as work:
        work.write(batch_of([evolve(change, notices=((0, notice),))], now=START))
    house.deliver(line)
    assert "巡检已停" in line.sent[0].subject
