"""Dates as people write them: declared forms, and a refusal that helps."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from duban_flow.domain.instants import TICK, Span
from duban_flow.domain.time.dates import parse_date
from duban_flow.domain.written import Unreadable
from duban_flow.errors import Invalid, Problem

EAST = timezone(timedelta(hours=8))
DAY = date(2009, 11, 30)


def read(text: str, **options: Any) -> date | datetime | Span:
    """Read a text as a ledger of 2009 in Shanghai would have it read."""
    return parse_date(text, **{"zone": "Asia/Shanghai", "year": 2009, **options})


@pytest.mark.parametrize(
    "text",
    [
        "2009-11-30",
        "2009.11.30",
        "2009/11/30",
        "20091130",
        "2009年11月30日",
        "2009年11月30号",
        "2009 年 11 月 30 日",
        " 2009-11-30 ",
        "11月30日",
        "２００９年１１月３０日",
        "２００９．１１．３０",
        "２００９－１１－３０",
        "二〇〇九年十一月三十日",
        "二○○九年十一月三十日",
        "二零零九年十一月三十日",
        "十一月三十日",
    ],
)
def test_one_day_in_every_declared_form(text):
    """All of these are 30 November 2009, and nothing but a date."""
    assert type(read(text)) is date
    assert read(text) == DAY


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2009年9月5日", date(2009, 9, 5)),
        ("九月五日", date(2009, 9, 5)),
        ("十月十日", date(2009, 10, 10)),
        ("十二月二十一日", date(2009, 12, 21)),
        ("二〇一〇年一月八日", date(2010, 1, 8)),
        ("2012-2-29", date(2012, 2, 29)),
        ("1900-1-1", date(1900, 1, 1)),
        ("2200-12-31", date(2200, 12, 31)),
    ],
)
def test_numerals_and_edges(text, wanted):
    """Single digits, Chinese numerals, leap days, the first and the last year."""
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "hour", "minute", "second"),
    [
        ("2009-11-30 17:30", 17, 30, 0),
        ("2009-11-30T17:30", 17, 30, 0),
        ("20091130 17:30", 17, 30, 0),
        ("2009-11-30 9:05:07", 9, 5, 7),
        ("2009年11月30日17时30分", 17, 30, 0),
        ("2009年11月30日 17时", 17, 0, 0),
        ("11月30日17:30", 17, 30, 0),
        ("２００９－１１－３０　１７：３０", 17, 30, 0),
    ],
)
def test_a_time_of_day_makes_an_instant(text, hour, minute, second):
    """With a time it is an instant, on the clocks of the ledger's zone."""
    assert read(text) == datetime(2009, 11, 30, hour, minute, second, tzinfo=EAST)


@pytest.mark.parametrize("text", ["2009-11-30 24:00", "2009年11月30日24时"])
def test_twenty_four_is_the_start_of_the_next_day(text):
    """24:00 exists, and is stored as the next day's beginning."""
    assert read(text) == datetime(2009, 12, 1, tzinfo=EAST)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2009-11-30T09:30:00Z", "2009-11-30T17:30"),
        ("2009-11-30 17:30+08:00", "2009-11-30T17:30"),
        ("2009-11-30T05:30-04:00", "2009-11-30T17:30"),
    ],
)
def test_a_zone_that_is_written_counts(text, wanted):
    """Where a machine wrote the offset, it is obeyed."""
    assert read(text) == datetime.fromisoformat(wanted).replace(tzinfo=EAST)


def test_a_zone_object_will_do():
    """A host may hand over its own zone."""
    assert read("2009-11-30 17:30", zone=EAST) == read("2009-11-30 17:30")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("12月上旬", 1, 10),
        ("12月中旬", 11, 20),
        ("12月下旬", 21, 31),
        ("2009年12月中旬", 11, 20),
        ("十二月中旬", 11, 20),
        ("2009年12月", 1, 31),
        ("12月份", 1, 31),
    ],
)
@pytest.mark.parametrize("assume", ["due", "fact"])
def test_an_approximate_date_is_a_range(text, first, last, assume):
    """A third of a month, or the month, with both bounds and the words kept."""
    span = read(text, assume=assume)
    assert isinstance(span, Span)
    assert span.earliest == datetime(2009, 12, first, tzinfo=EAST)
    after = datetime(2009, 12, last, tzinfo=EAST) + timedelta(days=1)
    assert span.latest == after - TICK
    assert span.text == text


@pytest.mark.parametrize(
    "text", ["12月底", "2009年12月底", "12月末", "12月份底", "年底", "2009年底", "年末"]
)
def test_what_is_due_by_an_end_is_due_on_its_last_day(text):
    """年底 and 12月底, as dates to keep, are 31 December."""
    assert read(text) == date(2009, 12, 31)


@pytest.mark.parametrize(("text", "first"), [("12月底", 21), ("年底", 1)])
def test_what_happened_at_an_end_is_a_range(text, first):
    """As facts they are the last third of the month, or the whole of December."""
    span = read(text, assume="fact")
    assert isinstance(span, Span)
    assert span.earliest == datetime(2009, 12, first, tzinfo=EAST)
    assert span.latest == datetime(2010, 1, 1, tzinfo=EAST) - TICK
    assert span.text == text


def test_february_ends_where_it_ends():
    """2月底 follows the leap year."""
    assert read("2月底", year=2012) == date(2012, 2, 29)
    assert read("2月底") == date(2009, 2, 28)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("11月31日", "2009-11-30"),
        ("2009年2月29日", "2009-02-28"),
        ("1900年2月29日", "1900-02-28"),
        ("2008年9月31日", "2008-09-30"),
        ("2009-11-00", "2009-11-30"),
        ("20091131", "2009-11-30"),
        ("二〇〇九年十一月三十一日", "2009-11-30"),
    ],
)
def test_a_day_that_does_not_exist_names_the_last_that_does(text, last):
    """The refusal says what was said and which day the month ends on."""
    with pytest.raises(Unreadable, match=last) as refused:
        read(text)
    assert isinstance(refused.value, ValueError)
    (problem,) = refused.value.problems
    assert isinstance(problem, Problem)
    assert problem.code == "date.no_such_day"
    assert problem.said == text
    assert problem.wanted == last
    assert f"最后一天是{int(last[-2:])}日" in problem.zh


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("待定", "date.undecided"),
        ("另行通知", "date.undecided"),
        ("20xx年12月", "date.masked"),
        ("20XX年底", "date.masked"),
        ("09年11月", "date.two_digit_year"),
        ("09-11-30", "date.two_digit_year"),
        ("月底", "date.no_month"),
        ("本月底", "date.no_month"),
        ("0009-11-30", "date.year_range"),
        ("1899-12-31", "date.year_range"),
        ("9999年1月1日", "date.year_range"),
        ("2201年底", "date.year_range"),
        ("2009-13-01", "date.no_such_month"),
        ("0月中旬", "date.no_such_month"),
        ("2009-11-30 24:01", "date.no_such_time"),
        ("2009-11-30 25:00", "date.no_such_time"),
        ("2009-11-30 12:60", "date.no_such_time"),
        ("2009-11-30 12:00:60", "date.no_such_time"),
        ("2009-11-30 12:00+99:99", "date.no_such_time"),
        ("", "date.form"),
        ("尽快", "date.form"),
        ("2009", "date.form"),
        ("2009-11/30", "date.form"),
        ("2009-11-301时", "date.form"),
        ("2009-11-3017:30", "date.form"),
        ("2009-11-30 17", "date.form"),
        ("2009-11-30x", "date.form"),
        ("2009年11月30日前", "date.form"),
        ("2009年11月²日", "date.form"),
        ("2009年①月1日", "date.form"),
        ("२००९-११-३०", "date.form"),
        ("2009-11-3\u200b0", "date.form"),
        ("一一月三日", "date.form"),
        ("十一月四十日", "date.form"),
        ("十一月二十零日", "date.form"),
        ("2009-11-30 " + "0" * 10**5, "date.form"),
    ],
)
def test_anything_else_is_refused_with_its_reason(text, code):
    """No guess: what has no declared form is named, under a stable code."""
    with pytest.raises(Invalid) as refused:
        read(text)
    assert refused.value.code == code
    (problem,) = refused.value.problems
    assert isinstance(problem, Problem)
    assert problem.wanted
    assert problem.zh
    assert len(str(refused.value)) < 300


def test_without_a_year_a_year_is_asked_for():
    """9月30日 alone is no date; nobody's clock is asked for the year."""
    for text in ("9月30日", "年底", "12月中旬"):
        with pytest.raises(Invalid) as refused:
            parse_date(text, zone="Asia/Shanghai")
        assert refused.value.code == "date.no_year"
    assert parse_date("9月30日", zone="Asia/Shanghai", year=2009) == date(2009, 9, 30)


def test_an_unknown_zone_is_refused():
    """A zone that does not exist is the caller's mistake, and typed."""
    with pytest.raises(Invalid) as refused:
        read("2009-11-30 17:30", zone="Asia/Atlantis")
    assert refused.value.code == "instant.zone"
