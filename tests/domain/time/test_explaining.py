"""Deadlines told line by line: day by day where they are short."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from duban_flow.domain.instants import Span
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.reckoning import reckon
from duban_flow.domain.time.term import Fixed, Stop, Term

CHINA = WorkCalendar.china()
EAST = timezone(timedelta(hours=8))


def at(text: str) -> datetime:
    """Read a local time in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=EAST)


def told(term: Term, start: str, lang: str = "zh") -> list[str]:
    """Explain a term, but for the line that names the calendar."""
    return term.deadline(at(start), CHINA).explain(lang)[:-1]


def test_a_short_term_is_walked_day_by_day():
    """Each working day has its number, the rest days are named and have none."""
    assert told(Term.workdays(3), "2009-09-25T10:00") == [
        "自2009年9月25日（周五）10:00起，3个工作日，首日不计（民法典第二百零一条）。",
        "2009年9月26日（周六）休息，不计入。",
        "2009年9月27日（周日）调休上班（国庆节），第1个工作日。",
        "2009年9月28日（周一），第2个工作日。",
        "2009年9月29日（周二），第3个工作日。",
        "2009年9月29日（周二）17:30届满。",
    ]


def test_days_off_in_a_row_are_one_line():
    """Eight days of holiday are told at once, between the days that count."""
    lines = told(Term.workdays(2), "2009-09-29T10:00", "en")
    assert lines[1:4] == [
        "2009-09-30 (Wed): working day 1.",
        (
            "2009-10-01 (Thu) to 2009-10-08 (Thu), 8 days: off (国庆节、中秋), "
            "not counted."
        ),
        "2009-10-09 (Fri): working day 2.",
    ]


def test_the_numbers_end_with_the_count():
    """Ten days are numbered to ten; the rest that follows is not."""
    lines = told(Term.days(10, roll=2, roll_at=time(12)), "2009-09-21T09:00")
    assert lines[10] == "2009年10月1日（周四）放假（国庆节、中秋），第10天。"
    assert lines[11].endswith("共7天放假（国庆节、中秋），不计入。")
    assert lines[-2:] == [
        (
            "最后一日2009年10月1日（周四），顺延至休息日结束后的第2个工作日"
            "2009年10月10日（周六）。"
        ),
        "2009年10月10日（周六）12:00届满。",
    ]


def test_a_roll_past_the_first_working_day_says_which():
    """Moved to the second working day after the rest, in English as well."""
    term = Term.until(date(2009, 10, 8), roll=2)
    assert told(term, "2009-09-01T09:00", "en")[-2] == (
        "The last day 2009-10-08 (Thu): moved to working day 2 after the rest, "
        "2009-10-10 (Sat)."
    )


def test_a_calendar_with_another_week_is_told_by_it():
    """Where Friday is at rest, Friday is told as such."""
    cairo = WorkCalendar(
        name="cairo", version="1", zone="Africa/Cairo", rest_weekdays=[4, 5]
    )
    start = datetime.fromisoformat("2026-06-03T12:00+03:00")
    lines = Term.workdays(2).deadline(start, cairo).explain("en")
    weekend = "2026-06-05 (Fri) to 2026-06-06 (Sat), 2 days: at rest, not counted."
    assert lines[2] == weekend


def test_a_long_term_is_told_by_its_stretches():
    """Twenty working days name the holidays on the way and no other day."""
    lines = told(Term.workdays(20), "2009-09-25T10:00")
    assert len(lines) == 5
    assert not any("第1个工作日" in line for line in lines)


def test_receipt_after_hours_is_told():
    """The cut-off is named, and the day that counts as that of receipt."""
    lines = told(Term.workdays(1, cutoff=time(17)), "2026-06-05T18:00")
    assert lines[1] == (
        "当日17:00后或休息日收到的视为下一工作日收到：2026年6月8日（周一）。"
    )
    assert lines[2] == "2026年6月9日（周二），第1个工作日。"
    english = told(Term.workdays(1, cutoff=time(17)), "2026-06-05T18:00", "en")
    assert "counted as received on 2026-06-08 (Mon)" in english[1]


def test_working_time_is_told_as_such():
    """A term in hours says that only working time runs."""
    term = Term.workdays(3, day_hours=7)
    assert told(term, "2026-06-03T15:00") == [
        "自2026年6月3日（周三）15:00起，3个工作日（每日按7小时计），只计工作时间。",
        "2026年6月8日（周一）15:00届满。",
    ]
    assert told(term, "2026-06-03T15:00", "en")[0] == (
        "From 2026-06-03 (Wed) 15:00: 3 working days of 7 hours, in working time alone."
    )


def test_a_recurring_term_is_told_with_the_holiday_that_moved_it():
    """The Tuesday that was a holiday is named, and the day it gave way to."""
    lines = told(Term.every("week", day=2, at=time(12)), "2009-09-30T18:00", "en")
    assert lines == [
        "From 2009-09-30 (Wed) 18:00: every Tuesday, 12:00.",
        (
            "2009-10-06 (Tue) to 2009-10-08 (Thu), 3 days: days off (国庆节、中秋), "
            "not counted."
        ),
        (
            "The last day 2009-10-06 (Tue) is at rest: moved to 2009-10-09 (Fri) "
            "(Civil Code, article 203)."
        ),
        "It ends at 2009-10-09 (Fri) 12:00.",
    ]


AWAY = Stop(since=at("2026-06-04T09:00"), until=at("2026-06-08T09:00"))


def test_a_stop_is_told_where_it_falls():
    """The days that it took out have no number; what came too late is said to be."""
    late = Stop(since=at("2026-09-01T09:00"), until=at("2026-09-02T09:00"))
    start = at("2026-06-03T15:00")
    found = reckon(Term.workdays(3), start, CHINA, [AWAY, late])
    assert found.explain()[1:-1] == [
        "2026年6月4日（周四），第1个工作日。",
        "2026年6月4日（周四）09:00至2026年6月8日（周一）09:00中止，不计入。",
        "2026年6月6日（周六）至2026年6月7日（周日）共2天休息，不计入。",
        "2026年6月9日（周二），第2个工作日。",
        "2026年6月10日（周三），第3个工作日。",
        (
            "2026年9月1日（周二）09:00至2026年9月2日（周三）09:00中止，"
            "届满之后，不影响时限。"
        ),
        "2026年6月10日（周三）17:30届满。",
    ]


def test_each_date_that_was_set_is_told_in_its_order():
    """A pause, an extension and a new target, by the time of each."""
    extended = Fixed(at=at("2026-06-09T09:00"), term=Term.until(date(2026, 7, 1)))
    target = Fixed(
        at=at("2026-06-20T09:00"), term=Term.until(date(2026, 8, 3)), kind="target"
    )
    start = at("2026-06-03T15:00")
    found = reckon(Term.workdays(5), start, CHINA, [AWAY], [target, extended])
    lines = found.explain("en")
    assert lines[-5:-1] == [
        "From 2026-06-04 (Thu) 09:00 to 2026-06-08 (Mon) 09:00: stopped, not counted.",
        "2026-06-09 (Tue) 09:00: extended, until 2026-07-01 (Wed).",
        "2026-06-20 (Sat) 09:00: set anew, until 2026-08-03 (Mon).",
        "It ends at 2026-08-03 (Mon) 17:30.",
    ]


def test_a_stop_that_runs_on_leaves_no_end_to_name():
    """While nobody can say when it goes on, no end is told."""
    away = Stop(since=at("2026-06-04T09:00"))
    found = reckon(Term.workdays(5), at("2026-06-03T15:00"), CHINA, [away])
    zh, en = found.explain(), found.explain("en")
    assert zh[-2] == "中止尚未结束，恢复后方可确定届满时间。"
    assert "自2026年6月4日（周四）09:00起中止，不计入。" in zh
    assert en[-2] == "It is stopped still: its end is known once it goes on."
    assert not any("届满。" in line for line in zh)


def test_a_range_is_not_walked():
    """Of a start that is itself unsure no day has a number."""
    span = Span.of_days(date(2026, 6, 1), date(2026, 6, 3), CHINA.tz, "6月初")
    lines = Term.workdays(3).deadline(span, CHINA).explain()
    assert lines[0].startswith("自6月初起")
    assert "提醒从早，问责从迟" in lines[1]
