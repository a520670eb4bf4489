"""Instants and spans: exact, aware, and honest about what is not known."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from duban_flow.domain.instants import (
    DAY,
    TICK,
    Span,
    aware,
    day_end,
    day_start,
    earliest,
    instant,
    latest,
    micros,
    on_clock,
    passed,
)
from duban_flow.errors import Invalid

NOON = datetime(2009, 11, 30, 12, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_microseconds_are_exact_both_ways():
    """A microsecond far from 1970 is neither lost nor rounded."""
    moment = datetime(2199, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert instant(micros(moment)) == moment
    assert micros(moment + TICK) - micros(moment) == 1
    assert instant(-1) == datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


def test_an_instant_may_come_in_any_zone():
    """The same instant counts the same whatever clock it was read on."""
    assert micros(NOON) == micros(NOON.astimezone(SHANGHAI))
    assert aware(NOON.astimezone(SHANGHAI)).tzinfo is UTC


def test_a_naive_datetime_is_refused_by_name():
    """What has no zone names no instant, and the message says whose it was."""
    with pytest.raises(
        Invalid, match="assigned_at: 2009-11-30T12:00:00 has no zone"
    ) as e:
        aware(NOON.replace(tzinfo=None), "assigned_at")
    assert e.value.code == "instant.naive"
    assert "没有时区" in e.value.text("zh")


@pytest.mark.parametrize("given", [None, "2009-11-30", date(2009, 11, 30), 5])
def test_what_is_no_datetime_is_refused(given):
    """A text, a date or a number is not silently made an instant."""
    with pytest.raises(Invalid) as refused:
        aware(given)
    assert refused.value.code == "instant.type"


def test_an_instant_outside_the_years_is_refused():
    """Neither end of the calendar overflows into a foreign error."""
    edge = datetime.max.replace(tzinfo=timezone(-timedelta(hours=12)))
    for raising in (lambda: aware(edge), lambda: instant(10**20)):
        with pytest.raises(Invalid) as refused:
            raising()
        assert refused.value.code == "instant.range"


def test_a_span_runs_forwards_and_is_aware():
    """A span is valid from birth, or it is not born."""
    with pytest.raises(Invalid) as refused:
        Span(NOON, NOON - TICK)
    assert refused.value.code == "span.order"
    with pytest.raises(Invalid) as refused:
        Span(NOON.replace(tzinfo=None), NOON)
    assert refused.value.code == "instant.naive"


def test_a_span_of_days_holds_them_and_nothing_else():
    """12月中旬 begins with the 11th and ends with the last instant of the 20th."""
    span = Span.of_days(date(2009, 12, 11), date(2009, 12, 20), SHANGHAI, "12月中旬")
    assert span.earliest == day_start(date(2009, 12, 11), SHANGHAI)
    assert span.latest + TICK == day_end(date(2009, 12, 20), SHANGHAI)
    assert str(span) == "12月中旬"


def test_a_span_without_words_shows_its_ends():
    """A span that nobody wrote down still says what it holds."""
    assert str(Span(NOON, NOON + DAY)) == (
        "2009-11-30T12:00:00+00:00~2009-12-01T12:00:00+00:00"
    )


def test_the_ends_of_an_instant_are_itself():
    """An instant is a range of one; a span has two ends."""
    span = Span(NOON, NOON + DAY)
    assert earliest(NOON) == latest(NOON) == NOON
    assert (earliest(span), latest(span)) == (NOON, NOON + DAY)


def test_due_is_inclusive():
    """At the due instant nothing has passed; a microsecond later it has."""
    assert passed(NOON, NOON) is False
    assert passed(NOON, NOON + TICK) is True


def test_a_span_leaves_its_inside_undecided():
    """Up to its beginning: no; past its end: yes; between: nobody knows."""
    span = Span(NOON, NOON + DAY)
    assert passed(span, NOON) is False
    assert passed(span, NOON + TICK) is None
    assert passed(span, NOON + DAY) is None
    assert passed(span, NOON + DAY + TICK) is True


def test_two_spans_are_compared_by_their_ends():
    """A closing known as a range against a due date known as a range."""
    due, closed = Span(NOON, NOON + DAY), Span(NOON + 2 * DAY, NOON + 3 * DAY)
    assert passed(due, closed) is True
    assert passed(closed, due) is False
    assert passed(due, Span(NOON + TICK, NOON + 3 * DAY)) is None


def test_a_skipped_local_time_moves_on():
    """02:30 on the night the clocks go forward is 03:30, an hour not lived through."""
    berlin = ZoneInfo("Europe/Berlin")
    moved = on_clock(date(2026, 3, 29), time(2, 30), berlin)
    assert moved.astimezone(berlin).time() == time(3, 30)


def test_a_repeated_local_time_means_the_first():
    """02:30 on the night the clocks go back happens twice; the first is meant."""
    first = on_clock(date(2026, 10, 25), time(2, 30), ZoneInfo("Europe/Berlin"))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_without_midnight_begins_when_it_begins():
    """Where clocks skip midnight, the day before ends at the instant of the change."""
    sao_paulo = ZoneInfo("America/Sao_Paulo")
    end = day_end(date(2018, 11, 3), sao_paulo)
    assert end == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert end.astimezone(sao_paulo).time() == time(1)


def test_shanghai_had_summer_time():
    """On 1988-07-01 clocks in Shanghai were nine hours ahead."""
    assert on_clock(date(1988, 7, 1), time(9), SHANGHAI) == datetime(
        1988, 7, 1, tzinfo=UTC
    )
