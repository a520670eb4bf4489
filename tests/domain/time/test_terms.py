"""Terms as people write them: counts in digits and numerals, dates, and refusals."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.instants import Span
from duban_flow.domain.time.term import Term
from duban_flow.domain.time.terms import parse_term
from duban_flow.domain.written import Unreadable
from duban_flow.errors import Invalid

ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("said", "term"),
    [
        ("20个工作日", Term.workdays(20)),
        ("十五个工作日内", Term.workdays(15)),
        ("２０ 工作日", Term.workdays(20)),
        ("1 workday", Term.workdays(1)),
        ("60日", Term.days(60)),
        ("60天内", Term.days(60)),
        ("九十个自然日", Term.days(90)),
        ("30 days", Term.days(30)),
        ("3个月", Term.months(3)),
        ("两个月内", Term.months(2)),
        ("12 months", Term.months(12)),
        ("15 working days", Term.workdays(15)),
        ("4个工作小时", Term.hours(4)),
        ("八个工作小时内", Term.hours(8)),
        ("1个工作小时30分钟", Term.hours(1, minutes=30)),
        ("4 working hours", Term.hours(4)),
        ("每周二12:00前", Term.every("week", day=2, at=time(12))),
        ("每周二12时前", Term.every("week", day=2, at=time(12))),
        ("每星期天", Term.every("week", day=7)),
        ("每月31日", Term.every("month", day=31)),
        ("每月五号 17:00", Term.every("month", day=5, at=time(17))),
        ("每月最后一个工作日", Term.every("month", workday=-1)),
        ("每月第三个工作日", Term.every("month", workday=3)),
        ("每月倒数第2个工作日", Term.every("month", workday=-2)),
        ("2009-11-30", Term.until(date(2009, 11, 30))),
        ("2009年12月底", Term.until(date(2009, 12, 31))),
        ("两周内", Term.days(14)),
        ("1个星期", Term.days(7)),
        ("半年", Term.months(6)),
        ("一年内", Term.months(12)),
    ],
)
def test_reads_what_people_write(said, term):
    """Each declared form is that term."""
    assert parse_term(said, zone=ZONE) == term


def test_an_about_date_is_a_range():
    """The middle of December is its ten days."""
    term = parse_term("12月中旬", zone=ZONE, year=2009)
    first, last = date(2009, 12, 11), date(2009, 12, 20)
    assert term.moment == Span.of_days(first, last, ZoneInfo(ZONE), "12月中旬")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "term.form"),
        ("尽快", "term.form"),
        ("20", "term.form"),
        ("24小时", "term.clock_hours"),
        ("2026年", "term.form"),
        ("每周八", "term.form"),
        ("每周二25:00", "term.form"),
        ("每月最后一个工作日12:60", "term.form"),
        ("-3天", "term.form"),
        ("3.5个工作日", "term.form"),
        ("2008年9月31日", "date.no_such_day"),
        ("待定", "date.undecided"),
    ],
)
def test_refuses_by_name(said, code):
    """What is no term is refused, and so is a date that does not exist."""
    with pytest.raises(Unreadable) as refused:
        parse_term(said, zone=ZONE)
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize("said", ["每月百日", "每月第百个工作日", "百日"])
def test_what_only_looks_like_a_number_is_no_term(said):
    """百 stands behind a digit; without one it counts nothing."""
    with pytest.raises(Unreadable) as refused:
        parse_term(said, zone=ZONE)
    assert [problem.code for problem in refused.value.problems] == ["term.form"]


def test_a_count_that_no_term_has_is_refused():
    """A hundred years and more are no term."""
    with pytest.raises(Invalid, match="36600"):
        parse_term("99999日", zone=ZONE)


@pytest.mark.parametrize("said", ["每月32日", "每月第0个工作日"])
def test_what_never_comes_round_is_refused(said):
    """There is no 32nd of a month, and no working day before its first."""
    with pytest.raises(Invalid):
        parse_term(said, zone=ZONE)


TENS = "一二三四五六七八九"


def spelt(n: int) -> str:
    """Write a count up to 99 in Chinese numerals."""
    tens, ones = divmod(n, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{TENS[tens - 1]}十")
    return head + (TENS[ones - 1] if ones else "")


COUNTS = st.integers(1, 250)
HOURS = st.one_of(
    st.none(), st.times().map(lambda t: t.replace(second=0, microsecond=0))
)
TERMS = st.one_of(
    st.builds(Term.workdays, COUNTS),
    st.builds(Term.days, COUNTS),
    st.builds(Term.months, COUNTS),
    st.builds(Term.hours, COUNTS, minutes=st.integers(0, 59)),
    st.builds(Term.every, st.just("week"), day=st.integers(1, 7), at=HOURS),
    st.builds(Term.every, st.just("month"), day=st.integers(1, 31), at=HOURS),
    st.builds(
        Term.every,
        st.just("month"),
        workday=st.one_of(st.integers(1, 15), st.integers(-15, -1)),
        at=HOURS,
    ),
)


@given(TERMS)
def test_what_is_said_of_a_term_is_read_as_that_term(term):
    """A term told in words, in either language where it counts, is the same term."""
    assert parse_term(term.describe(), zone=ZONE) == term
    if term.unit in ("workday", "day", "month"):
        assert parse_term(term.describe("en"), zone=ZONE) == term


@given(st.integers(1, 99))
def test_numerals_say_what_digits_say(n):
    """Written out or in digits, it is the same count."""
    for unit in ("个工作日", "天", "个月"):
        written = parse_term(f"{spelt(n)}{unit}", zone=ZONE)
        assert written == parse_term(f"{n}{unit}", zone=ZONE)
