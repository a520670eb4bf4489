"""Notices just before they leave: whether still, to whom, and in what words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from attrs import evolve

from duban_flow.domain.batch import batch_of
from duban_flow.domain.events import Notice, Subject, SubjectKind
from duban_flow.domain.items import Closing, Party
from duban_flow.domain.policies.plain import PLAIN
from duban_flow.domain.sanctions import Approval, Stage
from duban_flow.domain.units import Directory, Post, Role, Unit
from duban_flow.engine.draft import Draft
from duban_flow.engine.notices import Facts, addressee, stale
from duban_flow.engine.ports import (
    Queued,
)
from duban_flow.testing import Recording
from tests.engine.house import House as District
from tests.engine.house import at
from tests.engine.telling import (
    NOW,
    START,
    House,
    Line,
    event_of,
    item_of,
    sanction_of,
    urge,
)

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


def test_a_backlog_sends_one_urging_and_no_reminder_after_due(storage) -> None:
    """Swept daily for weeks and delivered once, it says only what is still so."""
    line = Recording("paper")
    house = District.open(storage, policies=[PLAIN], channels=[line])
    house.assign("A-1", policy=PLAIN.id)
    for day in range(2, 27):
        house.sweep(f"06-{day:02} 18:00")
    delivered = house.office.deliver(now=at("06-26 18:01"))
    told = [(m.unit, m.kind) for m in line.messages]
    assert len(told) == len(set(told))
    assert {kind for _, kind in told} == {"urge"}
    assert delivered.cancelled > 0


def test_a_reminder_is_cancelled_once_the_item_is_past_due() -> None:
    """It asked to finish in time, and time is over; the reason stands beside it."""
    house, line = House(), Line()
    reminder = Notice(unit="zjj", channel="line", template="remind")
    house.put(item_of(), reminder, action="remind", rung="remind")
    assert house.deliver(line).cancelled == 1
    assert "已过时限" in house.notice().detail


def test_only_the_latest_notice_of_a_rung_goes_out() -> None:
    """A later event of the same rung and action stands in its place, for that unit."""
    house, line = House(), Line()
    item = item_of()
    house.put(item, urge(), unit="zjj")
    later = evolve(item, version=2)
    house.change(later, "urge", rung="urge", cycle="due:1/2", data={"unit": "zjj"})
    assert house.deliver(line).cancelled == 1
    assert "接替" in house.notice().detail


@pytest.mark.parametrize(
    "other",
    [
        {"rung": "other", "data": {"unit": "zjj"}},
        {"rung": "urge", "data": {"unit": "czj"}},
        {"rung": "urge", "action": "alarm", "data": {"unit": "zjj"}},
    ],
)
def test_another_rung_action_or_unit_supersedes_nothing(other) -> None:
    """What is said on another ground, or to another unit, is another thing."""
    house, line = House(), Line()
    item = item_of()
    house.put(item, urge(), unit="zjj")
    house.change(evolve(item, version=2), **{"action": "urge", **other})
    assert house.deliver(line).sent == 1


def test_a_formal_act_is_never_superseded() -> None:
    """It goes out however late, and whatever came after it."""
    house, line = House(), Line()
    item = item_of()
    house.put(item, Notice(unit="zjj", channel="line", template="x", formal=True))
    house.change(evolve(item, version=2), "urge", rung="urge")
    assert house.deliver(line).sent == 1


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


def test_units_that_succeed_each_other_in_a_circle_end_somewhere() -> None:
    """A directory at odds with itself still names somebody."""
    over = date(2026, 1, 1)
    units = [
        Unit(code, code, valid_until=over, successor=after)
        for code, after in (("a", "b"), ("b", "a"))
    ]
    told = addressee(queued(unit="a"), Directory.of(units), date(2026, 6, 1))
    assert told.unit in {"a", "b"}


def test_what_rests_on_a_policy_that_is_gone_goes_out_without_its_basis() -> None:
    """The notice was due; that nobody can say what it rests on does not hold it."""
    house, line = House(), Line()
    house.put(item_of(policy="gone@1"), urge())
    assert house.deliver(line).sent == 1
    [message] = line.sent
    assert message.rung == "urge"
    assert "依据" not in message.text


def test_what_is_about_nothing_is_not_sent() -> None:
    """A notice whose item or event cannot be found is stale."""
    nothing = Facts(items={}, sanctions={}, events={}, directory=Directory())
    reason = stale(queued(), nothing, NOW)
    assert reason is not None
    assert reason.code == "notice.gone"


def queued(unit: str = "zjj") -> Queued:
    return Queued(
        key="n1",
        subject="id-1",
        kind=SubjectKind.ITEM,
        seq=1,
        unit=unit,
        post="",
        channel="line",
        template="urge",
        not_before=NOW,
        created_at=NOW,
    )


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
def test_what_has_no_deadline_says_nothing_of_one(lang: str) -> None:
    """An evaluation has no term and no progress: neither is made up."""
    house, line = House(lang=lang), Line()
    house.put(item_of(due=None, progress=0), urge())
    house.deliver(line)
    [message] = line.sent
    for word in ("时限", "进度", "deadline", "progress 0"):
        assert word not in message.subject + message.text
    assert "老旧小区改造" in message.text


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "已中止"), ("en", "is suspended, its deadline deferred")]
)
def test_what_is_paused_has_no_date_to_tell(lang: str, said: str) -> None:
    """While nobody can say when the pause ends, that is said in place of a date."""
    house, line = House(lang=lang), Line()
    due = item_of().due
    assert due is not None
    house.put(item_of(due=evolve(due, deferred=True)), urge())
    house.deliver(line)
    [message] = line.sent
    assert said in message.text
    assert "17:30" not in message.text


@pytest.mark.parametrize(
    ("lang", "pressed"), [("zh", "请督促责任单位"), ("en", "Please see that it is")]
)
def test_who_only_supervises_is_told_to_press(lang: str, pressed: str) -> None:
    """The unit that handles it is asked to handle it; its supervisor, to see to it."""
    house, line = House(lang=lang), Line()
    parties = {Role.RESPONSIBLE: (Party("zjj"),), Role.SUPERVISING: (Party("czj"),)}
    house.put(item_of(parties=parties), urge(), urge("czj"))
    house.deliver(line)
    texts = {message.unit: message.text for message in line.sent}
    assert pressed in texts["czj"]
    assert pressed not in texts["zjj"]


@pytest.mark.parametrize(
    ("lang", "rung", "shown"),
    [("zh", "urge", False), ("zh", "逾期催办", True), ("en", "urge", True)],
)
def test_a_rung_is_named_where_its_key_says_something(
    lang: str, rung: str, shown: bool
) -> None:
    """A Chinese letter does not quote a key made for machines."""
    house, line = House(lang=lang), Line()
    house.put(item_of(), urge(), rung=rung)
    house.deliver(line)
    assert (rung in line.sent[0].text) is shown


def test_bodies_are_called_by_their_names() -> None:
    """A letter never shows the code of whoever agreed."""
    house, line = House(), Line()
    agreed = (Approval(body="panel", actor="a", on=START),)
    issued = sanction_of(stage=Stage.ISSUED, issued_at=START, approvals=agreed)
    house.sanction(issued, formal("prompt"), "issue")
    house.deliver(line)
    assert "同意：问责领导小组" in line.sent[0].text


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
