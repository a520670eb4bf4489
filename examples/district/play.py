"""The quarter, played: ledgers fed on their days, sweeps, the panel, two approvals.

Everything here is a rehearsal: time is what it is told, and nothing leaves the
machine. It prints nothing and judges nothing; what follows from the facts is the
library's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from attrs import define, evolve, field, frozen

from duban_flow import (
    Desk,
    Office,
    Policy,
    Problem,
    WorkCalendar,
    load_notice,
    load_policy,
)
from duban_flow.domain.instants import Span
from duban_flow.domain.ledger import Ledger, LedgerRow
from duban_flow.domain.time.dates import parse_date
from duban_flow.engine.calendar_plan import CalendarPlan
from duban_flow.formats.directory import load_directory
from duban_flow.formats.ledger_csv import read_ledger
from duban_flow.ports import Channel

HERE: Final = Path(__file__).parent
ZONE: Final = ZoneInfo("Asia/Shanghai")
FIRST: Final = date(2009, 10, 1)
LAST: Final = date(2009, 12, 31)
PANEL, COMMITTEE, OVERSEER = "问责领导小组", "区委常委会", "区纪委"
PUBLISHED: Final = date(2009, 12, 8)
"""When the holidays of 2010 become known; the day itself is presumed."""
AGREED: Final = ((date(2009, 12, 28), PANEL), (date(2009, 12, 30), COMMITTEE))

OPENING, MORNING, MEETING = time(8, 30), time(9), time(10)
ISSUING, EVENING, NIGHT = time(15), time(18), time(18, 30)


def at(day: date, clock: time) -> datetime:
    """Give a time of day on a day, in the district."""
    return datetime.combine(day, clock, ZONE)


@frozen
class Fact:
    """One row of a ledger, and the instant from which it can be known."""

    ledger: str
    row: LedgerRow
    known: datetime

    def with_cells(self, **cells: str) -> Fact:
        """Give the fact with some of its cells written otherwise."""
        return evolve(self, row=evolve(self.row, cells={**self.row.cells, **cells}))


def read_facts(folder: Path = HERE / "ledgers") -> tuple[Fact, ...]:
    """Read every ledger of a folder; what a column says was inferred is not read."""
    return tuple(
        Fact(path.stem, row, known_from(row.get("on")))
        for path in sorted(folder.glob("*.csv"))
        for row in read_ledger(path, columns={"推定内容": ""}).rows
    )


def known_from(said: str) -> datetime:
    """Say when a date can be known: a range, once it is over."""
    found = parse_date(said, zone=ZONE, assume="fact")
    if isinstance(found, Span):
        return found.latest
    if isinstance(found, datetime):
        return found
    return at(found, time(17, 30))


def policy_of(text: str | None = None) -> Policy:
    """Load the district's policy, or a text in its place."""
    directory = load_directory(HERE / "directory.toml")
    return load_policy(text or HERE / "policy.toml", directory=directory)


@define(kw_only=True)
class Play:
    """A quarter under way: an office, the facts still to come, what has been seen.

    ``refused`` is what the office said when it was shown the whole quarter's ledgers
    on the first day: a fact in the future is none.
    """

    office: Office
    facts: Sequence[Fact]
    fed: int = 0
    refused: tuple[Problem, ...] = ()
    counts: dict[str, int] = field(factory=dict)

    def desk(self, now: datetime, by: str = OVERSEER) -> Desk:
        """Give a desk of the district's overseer, or of a body."""
        return self.office.desk(by=by, now=now)

    def open(self, now: datetime) -> None:
        """Register who there is."""
        self.desk(now).register(load_directory(HERE / "directory.toml"))

    def show_future(self, now: datetime) -> None:
        """Show the office what has not happened yet; it must refuse every row."""
        ahead = [fact for fact in self.facts if fact.known > now + timedelta(days=1)]
        plan = self.desk(now).plan(ledger_of("未来", ahead))
        self.refused = tuple(p for p in plan.problems if p.code == "date.future")

    def feed(self, now: datetime) -> int:
        """Take in, in one piece, what has become known by now; give how many rows."""
        due = [fact for fact in self.facts if fact.known <= now]
        if not due:
            return 0
        self.facts = [fact for fact in self.facts if fact.known > now]
        desk = self.desk(now)
        desk.apply(desk.plan(ledger_of(f"{now:%Y-%m-%d}", due)))
        self.fed += len(due)
        return len(due)

    def publish(self, now: datetime) -> CalendarPlan:
        """Load the holidays of the next year; give what they made of terms."""
        desk = self.desk(now)
        plan = desk.plan(load_notice(HERE / "notice-2010.toml"))
        desk.apply(plan)
        return plan

    def run(self, now: datetime) -> None:
        """Sweep, then deliver, and count what came of it."""
        result = self.office.run(now=now)
        for word in ("fired", "lapsed", "proposed", "not_sanctioned", "quarantined"):
            self._add(word, getattr(result.sweep, word))
        self._add("sent", result.delivery.sent)
        self._add("cancelled", result.delivery.cancelled)

    def approve(self, now: datetime, body: str) -> None:
        """Let a body agree to everything that waits for it."""
        desk = self.desk(now, body)
        for sanction in desk.sanctions.find(stage="proposed"):
            desk.sanctions.approve(sanction)

    def issue(self, now: datetime) -> None:
        """Issue what both bodies have agreed to, and tell the units."""
        desk = self.desk(now)
        for sanction in desk.sanctions.find(stage="approved"):
            desk.sanctions.issue(sanction)
        self.run(now)

    def last_desk(self) -> Desk:
        """Give the desk at which the quarter is looked back upon."""
        return self.desk(at(LAST, NIGHT))

    def _add(self, word: str, count: int) -> None:
        self.counts[word] = self.counts.get(word, 0) + count


def ledger_of(name: str, facts: Iterable[Fact]) -> Ledger:
    """Put facts of several ledgers on one, their rows numbered anew."""
    rows = [evolve(fact.row, number=n) for n, fact in enumerate(facts, 2)]
    digest = "+".join(f"{fact.ledger}:{fact.row.number}" for fact in facts)
    return Ledger(name=name, digest=digest, rows=rows)


def open_office(
    url: str | None = None,
    *,
    policy: Policy | None = None,
    channels: Iterable[Channel] = (),
) -> Office:
    """Open a rehearsal under the district's policy, in memory or on a database.

    Of holidays it knows what was published by then: those of 2009.
    """
    return Office.rehearsal(
        url,
        policies=[policy or policy_of()],
        calendars=[WorkCalendar.china(2009)],
        channels=channels,
    )


def play_quarter(play: Play, seen: Callable[[date], None] = lambda _: None) -> None:
    """Play 1 October to 31 December 2009, day by day."""
    play.open(at(FIRST, OPENING))
    play.feed(at(FIRST, OPENING))
    play.show_future(at(FIRST, OPENING))
    agreed = dict(AGREED)
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        play.run(at(day, MORNING))
        if day in agreed:
            play.approve(at(day, MEETING), agreed[day])
        if day == AGREED[-1][0]:
            play.issue(at(day, ISSUING))
        if day == PUBLISHED:
            play.publish(at(day, EVENING))
        play.feed(at(day, EVENING))
        seen(day)
    play.run(at(LAST, NIGHT))


def play_sitting(
    play: Play,
    sits: date = date(2009, 12, 25),
    clock: time = MORNING,
) -> None:
    """Play no more than a sitting wants: the facts of the eve, and the day itself."""
    eve = at(sits - timedelta(days=1), EVENING)
    play.open(eve)
    play.feed(eve)
    play.run(eve + timedelta(minutes=30))
    if clock > EVENING:
        play.feed(at(sits, EVENING))
    play.run(at(sits, clock))
