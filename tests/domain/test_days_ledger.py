"""The days ledger: each instant of a matter is charged to exactly one party.

The matter is 住建局's, given out on Monday 1 June 2026 at 09:00 by 督查室; a working
day has seven hours, three before noon and four after.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from duban_flow.domain.case import Case
from duban_flow.domain.codec import unstructure
from duban_flow.domain.days_ledger import Outage, time_spent
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.fold import BIRTH, as_of
from duban_flow.domain.instants import Span, When, latest
from duban_flow.domain.items import NewItem
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Term
from duban_flow.domain.time_spent import TimeSpent, worked_text
from duban_flow.domain.units import Role
from duban_flow.errors import Invalid

CHINA = WorkCalendar.china()
TERM = Term.workdays(10)
PARTIES: dict[Role, Any] = {Role.RESPONSIBLE: "zjj", Role.SUPERVISING: "dcs"}
NAMES = {"zjj": "住建局", "czj": "财政局", "dcs": "督查室"}


def at(text: str) -> datetime:
    """Read an instant of June 2026 on the clocks of Beijing."""
    return datetime.fromisoformat(f"2026-{text}+08:00")


def hours(count: float) -> timedelta:
    """Give so many hours."""
    return timedelta(hours=count)


def birth(parties: dict[Role, Any] | None = None) -> Event:
    """Make the birth of the matter."""
    new = NewItem("A-1", "修路", term=TERM, parties=parties or PARTIES)
    monday = at("06-01 09:00")
    derived = {
        "policy": "plain@1",
        "calendar": "china",
        "registrar": "dcs",
        "due": unstructure(TERM.deadline(monday, CHINA)),
    }
    data = {**unstructure(new), "derived": derived}
    return _event(1, BIRTH, monday, data, state="assigned")


def _event(
    seq: int, action: str, when: When, data: dict[str, Any], **more: Any
) -> Event:
    return Event(
        subject=Subject(SubjectKind.ITEM, "i-1"),
        seq=seq,
        action=action,
        actor="zjj",
        actor_unit="zjj",
        effective_at=when,
        recorded_at=latest(when),
        data=data,
        **more,
    )


def spent(
    now: str,
    *acts: tuple[Any, ...],
    parties: dict[Role, Any] | None = None,
    outages: tuple[Outage, ...] = (),
    calendar: WorkCalendar = CHINA,
) -> TimeSpent:
    """Charge the time of a matter to which this happened: (action, when, data)."""
    events = [birth(parties)]
    for action, when, *rest in acts:
        data = dict(rest[0]) if rest else {}
        moved = {"close": "closed", "reopen": "in_progress"}.get(action)
        moment = at(when) if isinstance(when, str) else when
        events.append(_event(len(events) + 1, action, moment, data, state=moved))
    folded = as_of(Supervision, events, at(now))
    assert folded is not None
    case = Case(
        item=folded.item,
        at=at(now),
        calendar=calendar,
        events=tuple(events),
        names=NAMES,
    )
    return time_spent(case, Supervision, outages)


def told(found: TimeSpent) -> list[tuple[str, str, str, timedelta]]:
    """Give each entry as side, party, reason, and working time."""
    return [(e.side, e.party, e.why, e.worked) for e in found.entries]


def reason(text: str = "原因") -> dict[str, str]:
    """Give the data of what wants a reason."""
    return {"reason": text}


class TestWho:
    """Whom an instant is charged to."""

    def test_the_unit_has_it_from_the_assignment_on(self) -> None:
        """Two working days and a morning, in one entry up to now."""
        found = spent("06-03 12:00")
        assert told(found) == [("unit", "zjj", "handling", hours(17))]
        assert (found.since, found.until) == (at("06-01 09:00"), at("06-03 12:00"))
        assert found.elapsed == timedelta(days=2, hours=3)

    def test_the_lead_has_it_where_nobody_is_responsible(self) -> None:
        """And where nobody handles it at all, who should have named somebody."""
        led = spent("06-01 12:00", parties={Role.LEAD: "czj"})
        nobody = spent("06-01 12:00", parties={Role.ASSISTING: "czj"})
        assert told(led) == [("unit", "czj", "handling", hours(3))]
        assert told(nobody) == [("approver", "dcs", "unassigned", hours(3))]

    def test_a_submit_is_the_approvers_until_it_is_answered(self) -> None:
        """Submitted at noon on Tuesday, sent back on Wednesday at ten."""
        found = spent(
            "06-03 12:00",
            ("submit", "06-02 12:00"),
            ("send_back", "06-03 10:00", reason()),
        )
        assert told(found) == [
            ("unit", "zjj", "handling", hours(10)),
            ("approver", "dcs", "submitted", hours(5)),
            ("unit", "zjj", "handling", hours(2)),
        ]

    def test_a_decline_waits_for_the_ruling(self) -> None:
        """Declined on Monday at noon, ruled on Tuesday at noon: the other unit's."""
        found = spent(
            "06-02 17:30",
            ("decline", "06-01 12:00", reason()),
            ("reassign", "06-02 12:00", {"unit": "czj", "role": "responsible"}),
        )
        assert told(found) == [
            ("unit", "zjj", "handling", hours(3)),
            ("approver", "dcs", "declined", hours(7)),
            ("unit", "czj", "handling", hours(4)),
        ]

    def test_who_hands_over_keeps_its_time(self) -> None:
        """A day for each, whoever has it now."""
        found = spent(
            "06-02 17:30",
            ("reassign", "06-01 17:30", {"unit": "czj", "role": "responsible"}),
        )
        assert (found.of("zjj"), found.of("czj")) == (hours(7), hours(7))

    @pytest.mark.parametrize(
        ("waits_for", "counterparty", "side", "party"),
        [
            ("市规划局", "czj", "counterparty", "市规划局"),
            ("财政局", None, "counterparty", "czj"),
            ("", "czj", "counterparty", "czj"),
            ("", None, "approver", "dcs"),
        ],
    )
    def test_a_pause_is_whose_it_waits_for(
        self, waits_for: str, counterparty: str | None, side: str, party: str
    ) -> None:
        """Whoever it names, else the counterparty, else who allowed it."""
        parties = dict(PARTIES)
        if counterparty:
            parties[Role.COUNTERPARTY] = counterparty
        found = spent(
            "06-02 12:00",
            ("suspend", "06-01 12:00", {**reason(), "waits_for": waits_for}),
            ("resume", "06-02 09:00"),
            parties=parties,
        )
        assert told(found)[1] == (side, party, "paused", hours(4))
        assert found.of("zjj") == hours(6)

    def test_a_pause_that_runs_is_charged_up_to_now(self) -> None:
        """And one that was annulled never was."""
        pause = ("suspend", "06-01 12:00", {**reason(), "waits_for": "市规划局"})
        assert spent("06-03 09:00", pause).of("市规划局") == hours(11)
        annulled = ("annul", "06-02 09:00", {"pause": 1, **reason()})
        assert spent("06-03 09:00", pause, annulled).of("市规划局") == timedelta()

    def test_an_outage_is_nobodys(self) -> None:
        """Down from Tuesday to Thursday; the days ledger charges it to the engine."""
        down = Outage(since=at("06-02 09:00"), until=at("06-04 09:00"))
        found = spent("06-04 17:30", outages=(down,))
        assert told(found) == [
            ("unit", "zjj", "handling", hours(7)),
            ("outage", "", "outage", hours(14)),
            ("unit", "zjj", "handling", hours(7)),
        ]

    def test_an_outage_takes_nothing_from_a_pause(self) -> None:
        """Who is waited for is waited for, engine or no engine."""
        down = Outage(since=at("06-01 12:00"), until=at("06-02 12:00"))
        found = spent(
            "06-02 17:30",
            ("suspend", "06-02 09:00", {**reason(), "waits_for": "市规划局"}),
            outages=(down,),
        )
        assert [(e.side, e.worked) for e in found.entries] == [
            ("unit", hours(3)),
            ("outage", hours(4)),
            ("counterparty", hours(7)),
        ]


class TestWhen:
    """From when to when."""

    def test_it_ends_with_the_matter(self) -> None:
        """What comes after the closing is nobody's."""
        found = spent("06-10 09:00", ("close", "06-02 12:00", reason()))
        assert (found.until, found.worked) == (at("06-02 12:00"), hours(10))

    def test_taken_up_again_the_closed_time_is_the_approvers(self) -> None:
        """Closed on Monday, reopened on Wednesday: due did not move meanwhile."""
        found = spent(
            "06-03 12:00",
            ("close", "06-01 17:30", reason()),
            ("reopen", "06-03 09:00", reason()),
        )
        assert told(found) == [
            ("unit", "zjj", "handling", hours(7)),
            ("approver", "dcs", "closed", hours(7)),
            ("unit", "zjj", "handling", hours(3)),
        ]

    def test_in_a_range_the_latest_reading_counts(self) -> None:
        """Submitted on Monday or Tuesday: the approver's from Tuesday's end on."""
        tuesday = Span(at("06-01 09:00"), at("06-02 17:30"))
        found = spent("06-03 17:30", ("submit", tuesday))
        assert (found.of("zjj"), found.of("dcs")) == (hours(14), hours(7))

    def test_a_late_entry_turns_only_what_it_says(self) -> None:
        """A reassignment written down after the submit it came before."""
        found = spent(
            "06-03 17:30",
            ("submit", "06-02 17:30"),
            ("reassign", "06-01 17:30", {"unit": "czj", "role": "responsible"}),
        )
        assert told(found) == [
            ("unit", "zjj", "handling", hours(7)),
            ("unit", "czj", "handling", hours(7)),
            ("approver", "dcs", "submitted", hours(7)),
        ]

    def test_what_was_overtaken_turns_nothing(self) -> None:
        """A submit that a later entry overtakes was never anybody's to answer."""
        never = _event(2, "submit", at("06-01 12:00"), {})
        note = _event(3, "note", at("06-02 09:00"), {"text": "误报"}, overtakes=(2,))
        events = (birth(), never, note)
        folded = as_of(Supervision, events, at("06-02 12:00"))
        assert folded is not None
        case = Case(
            item=folded.item, at=at("06-02 12:00"), calendar=CHINA, events=events
        )
        found = time_spent(case, Supervision)
        assert told(found) == [("unit", "zjj", "handling", hours(10))]

    def test_nothing_has_passed_at_the_assignment(self) -> None:
        """No entry, and sums of nothing."""
        found = spent("06-01 09:00")
        assert (found.entries, found.worked, found.by_party) == ((), timedelta(), ())


class TestRounds:
    """Sent back twice: each round has its own stretch."""

    FOUND = (
        ("submit", "06-01 17:30"),
        ("send_back", "06-02 12:00", reason("缺件")),
        ("submit", "06-02 17:30"),
        ("send_back", "06-03 12:00", reason("仍缺件")),
    )

    def test_each_round_has_its_own_time(self) -> None:
        """A day, an afternoon, and what is going on."""
        found = spent("06-03 17:30", *self.FOUND)
        assert [(e.round, e.party, e.worked) for e in found.entries] == [
            (1, "zjj", hours(7)),
            (1, "dcs", hours(3)),
            (2, "zjj", hours(4)),
            (2, "dcs", hours(3)),
            (3, "zjj", hours(4)),
        ]
        assert found.returned == 2

    def test_it_is_told_in_both_languages(self) -> None:
        """The whole, each party's share, each stretch with its round."""
        found = spent("06-03 17:30", *self.FOUND)
        zh, en = found.explain(), found.explain("en")
        assert zh[0] == (
            "A-1：2026年6月1日（周一）09:00至2026年6月3日（周三）17:30，"
            "工作时间21小时，历时2天8小时，退回重办2次。"
        )
        assert zh[1] == "承办单位住建局：15小时，占71.4%。"
        assert zh[2] == "审核单位督查室：6小时，占28.6%。"
        assert zh[5] == (
            "- 2026年6月2日（周二）12:00至2026年6月2日（周二）17:30，"
            "承办单位住建局，办理（第2轮），4小时。"
        )
        assert en[0].endswith(
            "21 h of working time, 2 days 8 hours in all; sent back 2 times."
        )
        assert en[1] == "unit 住建局: 15 h, 71.4%."
        assert str(found) == "\n".join(zh)
        assert spent("06-01 09:00").explain("en")[0].endswith("0 seconds in all.")


def test_parties_add_up_to_the_whole() -> None:
    """By party, the most first; as plain data it comes back the same."""
    found = spent("06-03 17:30", ("submit", "06-01 17:30"))
    assert [(p.party, p.worked, p.entries) for p in found.by_party] == [
        ("dcs", hours(14), 1),
        ("zjj", hours(7), 1),
    ]
    assert sum((p.elapsed for p in found.by_party), timedelta()) == found.elapsed
    assert TimeSpent.from_dict(found.to_dict()) == found


def test_of_a_year_not_published_it_adds_up_too() -> None:
    """Only the least is known, of the whole more than of its pieces: it says so."""
    found = spent(
        "06-30 12:00",
        ("reassign", "06-12 12:00", {"unit": "czj", "role": "responsible"}),
        calendar=WorkCalendar.china(2025),
    )
    assert found.provisional
    assert not spent("06-30 12:00").provisional
    assert found.of("zjj") + found.of("czj") == found.worked > timedelta()
    assert "最少" in found.explain()[1]
    assert "the least" in found.explain("en")[1]


def test_minutes_are_told() -> None:
    """Working time is told in hours: a day of it is not one of 24."""
    assert worked_text(hours(37.5)) == "37小时30分钟"
    assert worked_text(hours(37.5), "en") == "37 h 30 min"


def test_an_outage_is_between_instants() -> None:
    """A naive one names none."""
    with pytest.raises(Invalid):
        Outage(since=datetime(2026, 6, 1), until=at("06-02 09:00"))
