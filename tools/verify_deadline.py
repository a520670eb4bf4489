"""Verify the certificate of a deadline 复核期限凭证, by counting it out once more.

A second implementation of the counting rules: it imports nothing but the standard
library and walks from day to day. A firm deadline must come out to the microsecond. Of
a provisional one it counts plain weekdays where no notice has been published, and the
result must lie in the range that is certified.

    python verify_deadline.py CERTIFICATE.json CALENDAR.json

Either may stand alone, as ``Deadline.certificate`` and ``WorkCalendar.to_dict`` give
them, or in what `duban deadline --json` (or `show`) and `duban calendar show --json`
print. Exit status: 0 agrees, 1 differs, 2 it cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import sys
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

DAY, TICK, NONE = timedelta(days=1), timedelta(microseconds=1), timedelta()
HOURS = (("09:00:00", "12:00:00"), ("13:30:00", "17:30:00"))
MONTHS = {"month": 1, "quarter": 3, "year": 12}
RANK = ("restart", "target", "extension")
Told = dict[str, Any]
Stretch = tuple[datetime, datetime | None]
Away = list[Stretch]


def text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(data: Any) -> str:
    return hashlib.sha256(text(data).encode()).hexdigest()


def instant(said: Any, late: bool) -> datetime:
    """Read an instant, or one end of a range."""
    one = said["latest" if late else "earliest"] if isinstance(said, dict) else said
    return datetime.fromisoformat(one).astimezone(UTC)


def months_on(day: date, n: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class Counting:
    """One counting by one calendar; of what is a range it reads the late end or not."""

    def __init__(self, told: Told, late: bool) -> None:
        self.told, self.late, self.sure = told, late, True
        self.counted: date | None = None
        self.received: date | None = None
        self.tz = ZoneInfo(told.get("zone", "Asia/Shanghai"))
        self.first = date.fromisoformat(told.get("known_from") or "1900-01-01")
        self.last = date.fromisoformat(told.get("known_until") or "2200-12-31")

    def works(self, day: date) -> bool:
        """Whether a day is worked, as far as listed."""
        rests = day.weekday() in self.told.get("rest_weekdays", (5, 6))
        off = rests or day.isoformat() in self.told.get("holidays", ())
        return not off or day.isoformat() in self.told.get("make_up_days", ())

    def touch(self, first: date, last: date) -> None:
        """Note that the result rests on these days; are they published?"""
        self.sure &= first > last or (self.first <= first and last <= self.last)

    def nth(self, day: date, n: int) -> date:
        """The n-th working day after a day, before it where n is negative."""
        while n:
            day += DAY if n > 0 else -DAY
            n -= self.works(day) * (1 if n > 0 else -1)
        return day

    def clock(self, day: date, said: str) -> datetime:
        """The instant at which the clocks show a time of a day."""
        return datetime.combine(day, time.fromisoformat(said), self.tz).astimezone(UTC)

    def midnight(self, day: date) -> datetime:
        """The 24:00 of a day."""
        return self.clock(day + DAY, "00:00")

    def day(self, moment: datetime) -> date:
        """The date that the clocks show."""
        return moment.astimezone(self.tz).date()

    def hours(self, day: date) -> list[tuple[datetime, datetime]]:
        """From when to when the office is open, were the day worked."""
        said = self.told.get("half_days", {}).get(day.isoformat())
        turn = [day.month, day.day]
        for one in self.told.get("seasons", ()):
            begun, left = one["first"] <= turn, turn <= one["last"]
            held = begun and left if one["first"] <= one["last"] else begun or left
            said = one["hours"] if held and said is None else said
        free, end, made = self.clock(day, "00:00"), self.midnight(day), []
        for opens, closes in said or self.told.get("office_hours", HOURS):
            begins = min(max(self.clock(day, opens), free), end)
            ends = end if closes == "00:00:00" else self.clock(day, closes)
            free = max(begins, min(ends, end))
            made.append((begins, free))
        return made

    def work(self, since: datetime, until: datetime | None, left: timedelta) -> Any:
        """How long is worked until an instant; without one, when so much is over."""
        day, total, found = self.day(since) - DAY, NONE, since
        while (until and day <= self.day(until) + DAY) or (not until and total < left):
            for opens, closes in self.hours(day):
                begins = max(opens, since)
                length = (min(closes, until) if until else closes) - begins
                if length > NONE and (until or total < left):
                    self.touch(day, day)
                    length = (
                        length if until else min(length, left - total)
                    ) * self.works(day)
                    total, found = total + length, begins + length
            day += DAY
        return total if until else found

    def ends(self, term: Told, start: datetime) -> datetime:
        """Count a term out from an instant."""
        self.counted = None
        moment, unit, begun = term.get("moment"), term["unit"], self.day(start)
        if isinstance(moment, dict) or len(moment or "") > len("2009-12-31"):
            return instant(moment, self.late)
        if unit == "every":
            return self.occurrence(term, start)
        if moment:
            return self.end_of(term, self.moved(term, date.fromisoformat(moment)))
        if "cutoff" in term:
            in_time = start <= self.clock(begun, term["cutoff"])
            begun = self.nth(begun - DAY if in_time else begun, 1)
            self.touch(self.day(start), begun)
            self.received = begun if begun > self.day(start) else None
        if unit == "hour" or "day_hours" in term:
            if "cutoff" in term:
                start = max(start, self.hours(begun)[0][0])
            hours = term.get("count", 0) * term.get("day_hours", 1)
            spent = timedelta(hours=hours, minutes=term.get("minutes", 0))
            over: datetime = self.work(start, None, spent)
            return over
        return self.end_of(term, self.last_day(term, begun), start)

    def last_day(self, term: Told, begun: date) -> date:
        """The last day of a count, from the day of receipt."""
        count, excluded = term.get("count", 0), not term.get("first_day", False)
        if term["unit"] == "workday" and count:
            before = begun if excluded else begun - DAY
            found = self.nth(before, count)
            self.touch(before + DAY, found)
            return found
        nominal = begun + count * DAY
        if term["unit"] == "month":
            nominal = months_on(begun, count)
        if not excluded and (term["unit"] != "month" or nominal.day == begun.day):
            nominal -= DAY
        n, day = int(term.get("roll", True)), nominal
        last: date = nominal
        if n <= 1:
            return self.moved(term, nominal)
        while (waited := self.nth(day, n)) > nominal:
            last = last if self.works(day) else max(last, waited)
            day -= DAY
        self.touch(day + DAY, last)
        self.counted = nominal
        return last

    def moved(self, term: Told, nominal: date) -> date:
        """Move a day at rest to the n-th working day after it."""
        n, self.counted = int(term.get("roll", True)), nominal
        last = nominal if self.works(nominal) else self.nth(nominal, n)
        if n:
            self.touch(nominal, last)
        return last

    def end_of(self, term: Told, day: date, start: datetime | None = None) -> datetime:
        """The instant at which a last day ends."""
        end = self.midnight(day)
        if term.get("at"):
            end = min(end, self.clock(day, term["at"]))
        elif term.get("end", "close") == "close":
            end = self.hours(day)[-1][1]
        if term.get("roll_at") and self.counted and day > self.counted:
            end = min(end, self.clock(day, term["roll_at"]))
        return self.midnight(day) if start and end < start else end

    def occurrence(self, term: Told, after: datetime) -> datetime:
        """The first occurrence that ends after an instant, of all that are near."""
        cycle, day, found, sure = term["cycle"], self.day(after), [], self.sure
        for n in range(-60, 60):
            if cycle["period"] == "week":
                first = day + (7 * n - day.weekday()) * DAY
                last = first + 6 * DAY
            else:
                size, month = MONTHS[cycle["period"]], cycle.get("month")
                first = months_on(day.replace(day=1), n * size - (day.month - 1) % size)
                first = months_on(first, (month or 1) - 1)
                last = months_on(first, 1 if month else size) - DAY
            self.counted = None
            if "workday" in cycle:
                nth = cycle["workday"]
                ends = self.nth(first - DAY if nth > 0 else last + DAY, nth)
            else:
                nth = cycle["day"]
                named = first + (nth - 1) * DAY if nth > 0 else last + (nth + 1) * DAY
                ends = self.moved(term, max(first, min(named, last)))
            found.append((self.end_of(term, ends), self.counted))
        end, self.counted = min(one for one in found if one[0] > after)
        self.sure = sure  # Most of these it does not rest on.
        return end


def reckon(proof: Told, counting: Counting) -> tuple[datetime, bool]:
    """Count a term out, and on past every stop and every date that was set."""
    late, term = counting.late, proof["term"]
    start = instant(proof["start"], late)
    at = counting.ends(term, start)
    received = counting.received
    dates = sorted(
        proof.get("fixed", ()),
        key=lambda f: (instant(f["at"], True), RANK.index(f.get("kind", "extension"))),
    )
    for n in [n for n, one in enumerate(dates) if one.get("kind") == "restart"][-1:]:
        term, dates, counting.sure = dates[n]["term"], dates[n + 1 :], True
        at = counting.ends(term, start)
    since = instant(proof["start"], False)
    away = merged(proof.get("stops", ()), late)
    for one in dates:
        until = instant(one["at"], True)
        at, _ = stopped(term, at, away, (since, until), counting)
        before, counting.sure = (counting.sure, counting.counted), True
        reached = counting.ends(one["term"], instant(one["at"], late))
        if one.get("kind", "extension") == "extension" and at >= reached:
            counting.sure, counting.counted = before
        else:
            at = reached
        since = max(since, until)
    counting.received = received
    return stopped(term, at, away, (since, None), counting)


def stopped(
    term: Told, at: datetime, away: Away, within: Stretch, counting: Counting
) -> tuple[datetime, bool]:
    """Move a deadline on past the stops that begin before it; does one still run?"""
    for since, resumed in away:
        begins, until = max(since, within[0]), within[1]
        ends = min(resumed or until or at, until or resumed or at)
        if begins >= at:
            break
        if resumed is until is None:
            return at, True
        if begins < ends:
            at = past(term, at, begins, ends, counting)
    return at, False


def merged(stops: list[Told], late: bool) -> Away:
    """Read stops in order, those that touch as one; one without an end runs on."""
    made: Away = []
    read: Away = [
        (
            instant(s["since"], not late),
            instant(s["until"], late) if "until" in s else None,
        )
        for s in stops
    ]
    for since, until in sorted(read, key=lambda pair: pair[0]):
        if until and until <= since:
            continue
        begun, left = made[-1] if made else (since, since - TICK)
        if left and left < since:
            made.append((since, until))
        elif left:
            made[-1] = (begun, max(left, until) if until else None)
    return made


def past(
    term: Told, at: datetime, since: datetime, until: datetime, counting: Counting
) -> datetime:
    """Move a deadline on by what a stop holds, measured as the term counts."""
    unit, named = term["unit"], len(term.get("moment") or "") == len("2009-12-31")
    first, last, day = counting.day(since), counting.day(until), counting.day(at - TICK)
    if unit in ("day", "month"):
        if first == last:
            return at
        given = max(counting.counted or day, first) + (last - first)
        return counting.end_of(term, counting.moved(term, given))
    counting.counted = None
    if "day_hours" in term or not (unit == "workday" or named):
        over: datetime = counting.work(at, None, counting.work(since, until, NONE))
        return over
    days = [first + n * DAY for n in range(1, (last - first).days + 1)]
    moved = counting.nth(day, sum(map(counting.works, days)))
    counting.touch(first + DAY, last)
    counting.touch(day, moved)
    if at == counting.hours(day)[-1][1]:
        return counting.hours(moved)[-1][1]
    if at == counting.midnight(day):
        return counting.midnight(moved)
    return counting.clock(moved, at.astimezone(counting.tz).time().isoformat())


def faults(proof: Told, calendar: Told) -> list[str]:
    """Say where a certificate and its calendar do not come to what they say."""
    body = {name: said for name, said in proof.items() if name != "digest"}
    if proof["digest"] != digest(body):
        return ["its digest is not that of its content"]
    if proof["calendar"]["digest"] != digest(calendar):
        return [f"it was not reckoned by {calendar['name']}@{calendar['version']}"]
    if proof["semantics"] not in (1, 2):
        return [f"it counts by rules of version {proof['semantics']}"]
    said = {name: instant(proof[name], True) for name in ("earliest", "at", "latest")}
    wrong = []
    for name, value in counted_again(proof, calendar, said).items():
        shown = str(value) if type(value) is date else value
        stated = said.get(name, proof.get(name) or (None if shown is None else False))
        if stated != shown:
            wrong.append(f"{name} is {stated}; counted again, it is {shown}")
    zone = ZoneInfo(calendar.get("zone", "Asia/Shanghai"))
    local = said["at"].astimezone(zone).isoformat()
    return wrong if proof["local"] == local else [*wrong, f"the local time is {local}"]


def counted_again(proof: Told, calendar: Told, said: dict[str, datetime]) -> Told:
    """Count once more whatever can be told of a certificate from its calendar."""
    early, late = (Counting(calendar, end) for end in (False, True))
    (first, one), (last, other) = reckon(proof, early), reckon(proof, late)
    first, firm = min(first, last), not proof["provisional"]
    found: Told = {"at": said["latest"]}
    moves = proof.get("stops") or proof.get("fixed")
    if firm:
        found |= {"earliest": first, "latest": last}
        found |= {"deferred": one or other, "counted": late.counted}
    else:
        found["earliest"] = min(first, said["earliest"])
        found["latest"] = max(last, said["latest"])
    if firm and not moves:
        found["received"] = late.received
    # Which occurrence, or which of the dates that were set, may itself be unsure.
    if proof["term"]["unit"] != "every" and (firm or not moves):
        found["provisional"] = not (early.sure and late.sure)
    return found


def main(*paths: str) -> int:
    try:
        proof, by = (json.loads(Path(path).read_text("utf-8")) for path in paths)
        proof, by = proof.get("certificate", proof), by.get("record", by)
        wrong = faults(proof, by)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as fault:
        print(f"cannot be read: {fault!r}", __doc__, sep="\n\n", file=sys.stderr)
        return 2
    print("\n".join(["differs:", *wrong]) if wrong else "agrees")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
