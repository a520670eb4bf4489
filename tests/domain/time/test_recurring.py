"""What comes round: which day, which occurrence, and what a holiday does to it."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from itertools import islice

import pytest

from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Term
from duban_flow.errors import Invalid

CHINA = WorkCalendar.china()
EAST = timezone(timedelta(hours=8))
NOON = time(12)


def at(text: str) -> datetime:
    """Read a local time in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=EAST)


def occurrences(term: Term, after: str, count: int) -> list[str]:
    """List the local times of the occurrences that follow an instant."""

    def following():
        found = at(after)
        while True:
            found = term.next(found, CHINA).at
            yield found.astimezone(EAST).strftime("%m-%d %H:%M")

    return list(islice(following(), count))


@pytest.mark.parametrize(
    ("term", "after", "found"),
    [
        (Term.every("week", day=2, at=NOON), "2009-09-15T09:00",
         ["09-15 12:00", "09-22 12:00", "09-29 12:00", "10-09 12:00", "10-13 12:00"]),
        (Term.every("week", day=2, at=NOON, roll=2), "2009-09-29T12:00",
         ["10-10 12:00", "10-13 12:00"]),
        (Term.every("month", day=31, roll=False), "2010-01-01T09:00",
         ["01-31 17:30", "02-28 17:30", "03-31 17:30", "04-30 17:30"]),
        (Term.every("month", day=31), "2010-01-01T09:00",
         ["02-01 17:30", "03-01 17:30", "03-31 17:30"]),
        (Term.every("month", workday=-1), "2009-09-01T09:00",
         ["09-30 17:30", "10-30 17:30", "11-30 17:30"]),
        (Term.every("month", workday=3, end="24:00"), "2009-10-01T09:00",
         ["10-13 00:00", "11-05 00:00"]),
        (Term.every("quarter", month=3, day=25), "2009-09-26T09:00",
         ["12-25 17:30", "03-25 17:30"]),
        (Term.every("quarter", day=-1, roll=False), "2009-09-26T09:00",
         ["09-30 17:30", "12-31 17:30", "03-31 17:30"]),
        (Term.every("year", month=2, day=29, roll=False), "2011-01-01T09:00",
         ["02-28 17:30", "02-29 17:30", "02-28 17:30"]),
        (Term.every("week", day=-1, roll=False), "2026-06-01T09:00", ["06-07 17:30"]),
    ],
)  # fmt: skip
def test_each_occurrence_is_reckoned_from_its_own_period(term, after, found):
    """The 31st stays the 31st, a holiday moves one occurrence and not the others."""
    assert occurrences(term, after, len(found)) == found


def test_the_first_occurrence_is_its_deadline():
    """An occurrence at the very instant of the start is not ahead of it."""
    term = Term.every("week", day=2, at=NOON)
    start = at("2009-09-29T12:00")
    assert term.deadline(start, CHINA) == term.next(start, CHINA)
    assert term.deadline(start, CHINA).at == at("2009-10-09T12:00")


def test_a_term_that_does_not_recur_has_no_next():
    """It is refused, and named."""
    with pytest.raises(Invalid) as refused:
        Term.workdays(3).next(at("2026-06-03T15:00"), CHINA)
    assert refused.value.code == "term.not_recurring"
    assert "3 working days" in str(refused.value)


def test_past_the_last_notice_an_occurrence_is_a_range():
    """Whether 1 January 2027 is at rest has not been said."""
    found = Term.every("week", day=5).next(at("2026-12-28T09:00"), CHINA)
    assert found.provisional
    assert found.earliest == CHINA.closes(found.earliest.date())
    assert found.earliest < found.latest


@pytest.mark.parametrize(
    ("term", "zh", "en"),
    [
        (Term.every("week", day=2, at=NOON), "每周二12:00", "every Tuesday, 12:00"),
        (Term.every("week", day=-1), "每周最后一天", "last day of every week"),
        (Term.every("month", day=31), "每月31日", "day 31 of every month"),
        (Term.every("month", day=-2), "每月倒数第2天",
         "day 2 from the end of every month"),
        (Term.every("month", workday=-1), "每月最后一个工作日",
         "last working day of every month"),
        (Term.every("month", workday=3), "每月第3个工作日",
         "working day 3 of every month"),
        (Term.every("quarter", month=3, day=25), "每季度末月25日",
         "day 25 of month 3 of every quarter"),
        (Term.every("quarter", day=40), "每季度第40日", "day 40 of every quarter"),
        (Term.every("year", month=2, day=28), "每年2月28日",
         "day 28 of February of every year"),
    ],
)  # fmt: skip
def test_it_is_said_in_a_few_words(term, zh, en):
    """A recurring term prints as a clerk would write it."""
    assert (term.describe(), term.describe("en")) == (zh, en)


@pytest.mark.parametrize(
    ("told", "code", "named"),
    [
        ({"period": "month", "day": 32}, "term.day", "32"),
        ({"period": "week", "day": 8}, "term.day", "8"),
        ({"period": "month", "day": 0}, "term.day", "0"),
        ({"period": "year", "month": 2, "day": 30}, "term.day", "30"),
        ({"period": "quarter", "month": 2, "day": 32}, "term.day", "32"),
        ({"period": "month", "workday": 21}, "term.workday", "21"),
        ({"period": "week", "workday": 1.5}, "term.workday", "1.5"),
        ({"period": "month", "month": 2, "day": 1}, "term.month", "2"),
        ({"period": "year", "month": 13, "day": 1}, "term.month", "13"),
        ({"period": "fortnight", "day": 1}, "term.period", "fortnight"),
        ({"period": "week"}, "term.day", "names a day"),
        ({"period": "week", "day": 1, "workday": 1}, "term.day", "names a day"),
    ],
)
def test_a_day_that_no_period_has_is_refused_by_name(told, code, named):
    """There is no 32nd of a month and no eighth weekday."""
    with pytest.raises(Invalid) as refused:
        Term.every(**told)
    assert refused.value.code == code
    assert named in str(refused.value)
