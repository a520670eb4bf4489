"""Terms: from a rule and a start to an instant, told and proved."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import rfc8785

from duban_flow.domain.instants import Span
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.certificate import verify
from duban_flow.domain.time.term import Deadline, Term
from duban_flow.errors import Invalid

CHINA = WorkCalendar.china()
EAST = timezone(timedelta(hours=8))


def at(text: str) -> datetime:
    """Read a local time in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=EAST)


def due(term: Term, start: str) -> datetime:
    """Reckon the assessed instant of a term on the calendar of China."""
    return term.deadline(at(start), CHINA).at


class TestWorkdays:
    """Terms in working days."""

    def test_the_day_of_the_start_is_not_counted(self):
        """Given on a Wednesday at 15:00, three working days end on Monday at 17:30."""
        assert due(Term.workdays(3), "2026-06-03T15:00") == at("2026-06-08T17:30")

    def test_the_day_of_the_start_may_be_counted(self):
        """Where a rule counts it, the same three days end on Friday."""
        term = Term.workdays(3, first_day=True)
        assert due(term, "2026-06-03T15:00") == at("2026-06-05T17:30")

    def test_a_counted_first_day_at_rest_counts_nothing(self):
        """Given on a Saturday, one day that counts the first ends on Monday."""
        term = Term.workdays(1, first_day=True)
        assert due(term, "2026-06-06T10:00") == at("2026-06-08T17:30")

    def test_make_up_days_count_and_holidays_do_not(self):
        """From 25 September 2009 ten working days reach past an eight-day holiday."""
        assert due(Term.workdays(10), "2009-09-25T10:00") == at("2009-10-15T17:30")

    def test_none_at_all_ends_the_same_day(self):
        """随到随办: zero working days end at the close of the day of the start."""
        assert due(Term.workdays(0), "2026-06-03T10:00") == at("2026-06-03T17:30")

    def test_none_at_all_on_a_rest_day_rolls(self):
        """Come in on a Saturday, it ends with the next working day."""
        assert due(Term.workdays(0), "2026-06-06T10:00") == at("2026-06-08T17:30")

    def test_it_never_ends_before_it_starts(self):
        """Received after close of business, a term of that day ends at its 24:00."""
        term = Term.workdays(1, first_day=True)
        assert due(term, "2026-06-03T20:00") == at("2026-06-04T00:00")

    def test_it_may_end_at_midnight(self):
        """Where there are no office hours the last day ends at 24:00 (article 203)."""
        term = Term.workdays(3, end="24:00")
        assert due(term, "2026-06-03T15:00") == at("2026-06-09T00:00")


class TestDaysAndMonths:
    """Terms in calendar days and months."""

    def test_a_last_day_at_rest_gives_way(self):
        """Ending on 1 October 2009, it ends when business closes on the 9th."""
        deadline = Term.days(10).deadline(at("2009-09-21T09:00"), CHINA)
        assert deadline.at == at("2009-10-09T17:30")
        assert deadline.counted == date(2009, 10, 1)
        assert deadline.last_day == date(2009, 10, 9)

    def test_a_last_day_at_rest_may_stand(self):
        """Without rolling it ends on the holiday itself."""
        term = Term.days(10, roll=False)
        assert due(term, "2009-09-21T09:00") == at("2009-10-01T17:30")

    def test_a_make_up_sunday_is_no_rest_day(self):
        """Ending on Sunday 27 September 2009, which is worked, it stays there."""
        assert due(Term.days(6), "2009-09-21T09:00") == at("2009-09-27T17:30")

    def test_a_first_day_that_counts(self):
        """A single day that counts its first is that day."""
        term = Term.days(1, first_day=True)
        assert due(term, "2026-06-03T10:00") == at("2026-06-03T17:30")

    def test_a_month_ends_on_the_matching_day(self):
        """From 16 March, three months are 16 June (article 202)."""
        assert due(Term.months(3), "2026-03-16T10:00") == at("2026-06-16T17:30")

    def test_a_month_without_the_matching_day_ends_with_itself(self):
        """From 31 January, one month is the last of February, rolled off a Sunday."""
        deadline = Term.months(1).deadline(at("2010-01-31T10:00"), CHINA)
        assert deadline.counted == date(2010, 2, 28)
        assert deadline.at == at("2010-03-01T17:30")

    def test_a_month_whose_first_day_counts(self):
        """From 1 June on, one month is June."""
        term = Term.months(1, first_day=True)
        assert due(term, "2026-06-01T10:00") == at("2026-06-30T17:30")


class TestUntil:
    """Terms that name their end."""

    def test_a_date_is_its_close_of_business(self):
        """Until 31 December means 17:30 of that day, working day or not."""
        for day in (date(2009, 12, 31), date(2009, 10, 1)):
            assert Term.until(day).deadline(at("2009-09-01T09:00"), CHINA).at == (
                CHINA.closes(day)
            )

    def test_a_date_may_roll_and_end_at_midnight(self):
        """Both rules can be asked for."""
        term = Term.until(date(2009, 10, 1), roll=True, end="24:00")
        assert due(term, "2009-09-01T09:00") == at("2009-10-10T00:00")

    def test_a_date_past_the_last_notice_is_firm(self):
        """A named day needs no calendar to be known."""
        far = Term.until(date(2150, 5, 1)).deadline(at("2026-06-01T09:00"), CHINA)
        assert not far.provisional
        assert far.when == far.earliest == far.latest == CHINA.closes(date(2150, 5, 1))

    def test_an_instant_is_itself(self):
        """Until an instant, in whatever zone it was said."""
        end = at("2009-12-31T12:00")
        assert due(Term.until(end), "2009-09-01T09:00") == end
        assert Term.until(end) == Term.until(end.astimezone(UTC))

    def test_a_range_is_a_range(self):
        """Until 12月中旬: remind from its beginning, assess by its end."""
        span = Span.of_days(
            date(2009, 12, 11), date(2009, 12, 20), CHINA.tz, "12月中旬"
        )
        deadline = Term.until(span).deadline(at("2009-09-01T09:00"), CHINA)
        assert (deadline.earliest, deadline.latest) == (span.earliest, span.latest)
        assert deadline.at == span.latest
        assert deadline.when == Span(span.earliest, span.latest)
        assert not deadline.provisional

    def test_an_end_before_the_start_is_left_as_said(self):
        """Whether that is a mistake is for the importer to say."""
        day = date(2009, 10, 2)
        deadline = Term.until(day).deadline(at("2009-12-01T09:00"), CHINA)
        assert deadline.at == CHINA.closes(day)
        assert [stretch.first for stretch in deadline.met] == [day]


class TestProvisional:
    """Deadlines that reach past the last notice."""

    def test_an_unpublished_year_gives_a_range(self):
        """Given in October for February, with next year's notice missing."""
        edition = WorkCalendar.china(2025)
        deadline = Term.workdays(80).deadline(at("2025-10-20T09:00"), edition)
        assert deadline.provisional
        assert deadline.earliest < deadline.latest == deadline.at
        firm = Term.workdays(80).deadline(at("2025-10-20T09:00"), CHINA)
        assert deadline.earliest <= firm.at <= deadline.latest
        assert not firm.provisional

    def test_calendar_days_are_unsure_only_of_rolling(self):
        """The last day stands; whether it is at rest is not known."""
        edition = WorkCalendar.china(2025)
        start = at("2025-12-20T09:00")
        deadline = Term.days(30).deadline(start, edition)
        assert deadline.provisional
        assert deadline.earliest == edition.closes(date(2026, 1, 19))
        assert not Term.days(30, roll=False).deadline(start, edition).provisional

    def test_a_start_before_the_first_notice_is_provisional(self):
        """2003 is not covered by any notice either."""
        assert Term.workdays(5).deadline(at("2003-06-02T09:00"), CHINA).provisional

    def test_it_says_so(self):
        """The explanation names the range and why it is one."""
        edition = WorkCalendar.china(2025)
        deadline = Term.workdays(20).deadline(at("2025-12-22T09:00"), edition)
        zh, en = "\n".join(deadline.explain()), "\n".join(deadline.explain("en"))
        assert "尚未公布" in zh
        assert "最早" in zh
        assert "have not been published" in en
        assert "between" in en

    def test_a_start_known_as_a_range_gives_a_range(self):
        """Assigned some time in mid-December: the deadline is as vague."""
        start = Span.of_days(
            date(2009, 12, 11), date(2009, 12, 20), CHINA.tz, "12月中旬"
        )
        deadline = Term.workdays(5).deadline(start, CHINA)
        assert deadline.earliest == CHINA.closes(date(2009, 12, 18))
        assert deadline.latest == CHINA.closes(date(2009, 12, 25))
        assert "12月中旬" in deadline.explain()[0]
        assert verify(deadline.certificate, [CHINA]) == ()


class TestRefused:
    """What is no term, and what is no start."""

    @pytest.mark.parametrize(
        ("given", "codes"),
        [
            ({"unit": "day", "count": -1}, {"term.count"}),
            ({"unit": "day", "count": 10**9}, {"term.count"}),
            ({"unit": "day", "count": 1.5}, {"term.count"}),
            ({"unit": "day", "count": True}, {"term.count"}),
            ({"unit": "day", "first_day": True}, {"term.first_day"}),
            ({"unit": "fortnight", "end": "noon"}, {"term.unit", "term.end"}),
            ({"unit": "until"}, {"term.moment"}),
            ({"unit": "until", "moment": "2009-12-31"}, {"term.moment"}),
            ({"unit": "day", "moment": date(2009, 12, 31)}, {"term.moment"}),
        ],
    )
    def test_a_rule_that_is_none_is_refused(self, given, codes):
        """Every fault is named, under a code that does not change."""
        with pytest.raises(Invalid) as refused:
            Term(**given)
        assert {problem.code for problem in refused.value.problems} == codes

    @pytest.mark.parametrize(
        ("term", "start", "code"),
        [
            (Term.days(1), datetime(2009, 9, 1), "instant.naive"),
            (Term.days(36_600), at("2150-01-01T09:00"), "calendar.out_of_range"),
            (Term.months(36_600), at("2009-01-01T09:00"), "calendar.out_of_range"),
            (Term.months(36_600), at("9998-01-01T09:00"), "calendar.out_of_range"),
            (Term.workdays(36_600), at("2150-01-01T09:00"), "calendar.out_of_range"),
            (Term.until(date(2300, 1, 1)), at("2009-01-01T09:00"),
             "calendar.out_of_range"),
        ],
    )  # fmt: skip
    def test_a_date_beyond_any_calendar_is_refused(self, term, start, code):
        """A naive start, and an end no calendar reaches, are typed errors."""
        with pytest.raises(Invalid) as refused:
            term.deadline(start, CHINA)
        assert refused.value.code == code

    def test_until_a_naive_instant_is_refused(self):
        """An end without a zone is no instant."""
        with pytest.raises(Invalid) as refused:
            Term.until(datetime(2009, 12, 31, 12))
        assert refused.value.code == "instant.naive"


class TestTold:
    """Explanations, as a clerk reads them."""

    def test_each_holiday_and_make_up_day_is_named(self):
        """Ten working days across National Day 2009, line by line."""
        deadline = Term.workdays(10).deadline(at("2009-09-25T10:00"), CHINA)
        assert deadline.explain()[:-1] == [
            "自2009年9月25日（周五）10:00起，10个工作日，首日不计（民法典第二百零一条）。",
            "2009年9月27日（周日）调休上班（国庆节），计入。",
            "2009年10月1日（周四）至2009年10月8日（周四）共8天放假（国庆节、中秋），不计入。",
            "2009年10月10日（周六）调休上班（国庆节），计入。",
            "2009年10月15日（周四）17:30届满。",
        ]

    def test_english_says_the_same(self):
        """Every line has its English."""
        deadline = Term.days(10).deadline(at("2009-09-21T09:00"), CHINA)
        lines = deadline.explain("en")
        assert lines[:2] == [
            (
                "From 2009-09-21 (Mon) 09:00: 10 days, the first day not counted "
                "(Civil Code, article 201)."
            ),
            "2009-09-22 (Tue): day 1.",
        ]
        assert lines[6] == "2009-09-27 (Sun): worked by decree (国庆节), day 6."
        assert lines[10:13] == [
            "2009-10-01 (Thu): off (国庆节、中秋), day 10.",
            (
                "2009-10-02 (Fri) to 2009-10-08 (Thu), 7 days: days off "
                "(国庆节、中秋), not counted."
            ),
            (
                "The last day 2009-10-01 (Thu) is at rest: moved to 2009-10-09 (Fri) "
                "(Civil Code, article 203)."
            ),
        ]
        assert lines[13] == "It ends at 2009-10-09 (Fri) 17:30."
        assert lines[14].startswith("By calendar china@")

    def test_a_rolled_last_day_is_told(self):
        """The day that gave way is named, with the article."""
        lines = Term.days(10).deadline(at("2009-09-21T09:00"), CHINA).explain()
        assert any(
            "顺延至2009年10月9日（周五）（民法典第二百零三条）" in s for s in lines
        )

    def test_the_day_of_the_start_is_not_told_of_unless_it_counts(self):
        """A make-up Sunday on which a matter came in is named only if counted."""
        start = at("2009-09-27T10:00")
        without = Term.workdays(1).deadline(start, CHINA)
        counted = Term.workdays(1, first_day=True).deadline(start, CHINA)
        assert without.met == ()
        assert len(counted.met) == 1
        assert "首日计入" in counted.explain()[0]

    def test_a_range_opens_at_midnight_and_ends_at_twenty_four(self):
        """12月中旬 runs from the 00:00 of the 11th to the 24:00 of the 20th."""
        span = Span.of_days(
            date(2009, 12, 11), date(2009, 12, 20), CHINA.tz, "12月中旬"
        )
        lines = Term.until(span).deadline(at("2009-09-01T09:00"), CHINA).explain()
        assert lines[0] == "自2009年9月1日（周二）09:00起，截至12月中旬。"
        assert (
            "最早2009年12月11日（周五）00:00、最迟2009年12月20日（周日）24:00"
            in lines[1]
        )

    @pytest.mark.parametrize(
        ("term", "zh", "en"),
        [
            (Term.workdays(15), "15个工作日", "15 working days"),
            (Term.days(1), "1天", "1 day"),
            (Term.months(3), "3个月", "3 months"),
            (
                Term.until(date(2009, 12, 31)),
                "截至2009年12月31日（周四）",
                "until 2009-12-31 (Thu)",
            ),
            (
                Term.until(at("2009-12-31T12:00")),
                "截至2009-12-31T04:00:00+00:00",
                "until 2009-12-31T04:00:00+00:00",
            ),
        ],
    )
    def test_a_rule_is_said_in_a_few_words(self, term, zh, en):
        """A term prints as a clerk would write it."""
        assert (str(term), term.describe("en")) == (zh, en)


class TestCertificate:
    """Proofs that hold years and editions later."""

    @pytest.mark.parametrize(
        "term",
        [
            Term.workdays(10),
            Term.days(6, first_day=True, roll=False, end="24:00"),
            Term.months(3),
            Term.until(date(2009, 12, 31)),
            Term.until(at("2009-12-31T12:00")),
            Term.until(Span(at("2009-12-11T00:00"), at("2009-12-20T00:00"), "中旬")),
        ],
    )
    def test_it_holds_after_being_written_down(self, term):
        """Canonical JSON, its own digest, and the same dates reckoned again."""
        deadline = term.deadline(at("2009-09-25T10:00"), CHINA)
        text = rfc8785.dumps(deadline.certificate)
        assert verify(json.loads(text), [WorkCalendar.china(2009), CHINA]) == ()
        assert (
            Deadline.from_dict(json.loads(json.dumps(deadline.to_dict()))) == deadline
        )
        assert hash(Term.from_dict(term.to_dict())) == hash(term)

    def test_it_keeps_the_local_time(self):
        """The intent, close of business in Shanghai, stands beside the instant."""
        proof = Term.workdays(3).deadline(at("2026-06-03T15:00"), CHINA).certificate
        assert proof["local"] == "2026-06-08T17:30:00+08:00"
        assert proof["calendar"]["digest"] == CHINA.digest

    def test_another_edition_does_not_break_it(self):
        """The edition it was made by is found among later ones, by its digest."""
        old = WorkCalendar.china(2025)
        proof = Term.workdays(20).deadline(at("2025-12-22T09:00"), old).certificate
        assert verify(proof, [CHINA, old]) == ()
        (problem,) = verify(proof, [CHINA])
        assert problem.code == "certificate.calendar"

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("at", "2009-12-31T09:30:00Z"),
            ("latest", "2009-12-31T09:30:00Z"),
            ("local", "2009-12-31T17:30:00+08:00"),
            ("provisional", True),
            ("counted", "2009-12-31"),
        ],
    )
    def test_a_changed_part_is_named(self, name, said):
        """Whoever edits a stored date leaves two traces."""
        proof = Term.workdays(10).deadline(at("2009-09-25T10:00"), CHINA).certificate
        found = {problem.code for problem in verify({**proof, name: said}, [CHINA])}
        assert found == {"certificate.digest", f"certificate.{name}"}

    def test_other_rules_of_counting_are_not_judged(self):
        """A certificate of later semantics is named as such and left alone."""
        proof = Term.workdays(10).deadline(at("2009-09-25T10:00"), CHINA).certificate
        codes = [p.code for p in verify({**proof, "semantics": 99}, [CHINA])]
        assert codes == ["certificate.digest", "certificate.semantics"]

    @pytest.mark.parametrize(
        "broken",
        [{}, {"start": "yesterday"}, {"term": {"unit": "day", "count": -1}},
         {"calendar": None}, {"at": float("nan")}, {"at": object()}],
    )  # fmt: skip
    def test_what_is_no_certificate_is_said_to_be_none(self, broken):
        """Nonsense gives a problem, never a traceback."""
        proof = Term.workdays(10).deadline(at("2009-09-25T10:00"), CHINA).certificate
        (problem,) = verify({**proof, **broken} if broken else {}, [CHINA])
        assert problem.code == "certificate.form"


@pytest.mark.parametrize("said", ["china", None, 3])
def test_without_a_calendar_nothing_is_reckoned(said):
    """A calendar's name is no calendar; what was given is named."""
    with pytest.raises(Invalid) as refused:
        Term.days(3).deadline(at("2026-06-03T15:00"), said)
    assert refused.value.code == "term.calendar"
    assert repr(said) in refused.value.text("zh")


def test_the_law_of_china_is_cited_where_it_is_the_law():
    """Elsewhere the same rule is told without it."""
    paris = WorkCalendar(name="mairie", version="1", zone="Europe/Paris")
    start = at("2026-06-05T15:00")
    for term in (Term.workdays(3), Term.days(1)):
        told = "".join(term.deadline(start, paris).explain())
        assert "民法典" not in told
        assert "民法典" in "".join(term.deadline(start, CHINA).explain())


def test_before_its_notice_no_more_days_are_worked_than_there_are():
    """Three days cannot hold five working days, whatever is made up for."""
    start = at("2027-03-01T09:00")
    five = Term.workdays(5).deadline(start, CHINA)
    assert five.provisional
    assert CHINA.date_of(five.earliest) >= date(2027, 3, 6)
