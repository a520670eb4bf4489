"""Calendars and notices from TOML: what is read, and every fault at its line."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.errors import Invalid
from duban_flow.formats.calendar_toml import load_calendar, load_notice
from duban_flow.formats.toml_file import LARGEST

DATA = Path(__file__).parent.parent / "data" / "calendars"
OWN = 'name = "own"\nversion = "1"\n'


def _told(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, int | None]]:
    return [(p.code, getattr(p, "row", None)) for p in refused.value.problems]


class TestNotice:
    """A notice as a clerk writes it."""

    def test_the_notice_of_a_year_makes_its_edition(self):
        """China's days of 2025 and the notice of 2026 are its days of 2026."""
        made = WorkCalendar.china(2025).load(load_notice(DATA / "notice-2026.toml"))

        assert made == WorkCalendar.china(2026)

    def test_a_county_loads_a_flood_over_its_own_days(self):
        """A later notice closes days, gives one back and shortens another."""
        county = load_calendar(DATA / "county.toml", base=WorkCalendar.china(2026))
        flooded = county.load(load_notice(DATA / "flood.toml"))

        assert [flooded.is_workday(date(2026, 7, day)) for day in (20, 21, 25)] == [
            False,
            False,
            True,
        ]
        assert flooded.is_workday(date(2026, 8, 18))
        assert flooded.closes(date(2026, 7, 22)) == datetime(2026, 7, 22, 4, tzinfo=UTC)
        assert flooded.name_of(date(2026, 7, 20)) == "防汛停工"
        assert flooded.over == WorkCalendar.china(2026).edition

    def test_every_form_of_a_day_is_read(self):
        """A date of TOML, a text, Chinese words, a run and a list mean the same."""
        forms = [
            "2026-07-20",
            '"2026-07-20"',
            '"2026年7月20日"',
            '"2026-07-20~2026-07-20"',
            '["2026-07-20 至 2026-07-20"]',
        ]
        read = [load_notice(f'{OWN}[holidays]\n"x" = {form}\n') for form in forms]

        assert {tuple(notice.holidays) for notice in read} == {(date(2026, 7, 20),)}

    def test_every_fault_stands_at_its_line(self):
        """What cannot be read and what contradicts itself are named together."""
        text = """
            name = 3
            version = "2027"
            known_untill = 2027-12-31
            withdrawn = ["2026-10-01", 5]
            [holidays]
            "元旦" = "2027-01-03~2027-01-01"
            "春节" = ["2027-02-31~2027-02-12",
                "2027-02-30",
                "2月中旬", 2027-01-01T00:00:00]
            "甲" = "2027-03-01"
            "乙" = "2027-03-01"
            [make_up_days]
            "春节" = ["2027-01-30",
                "2027-03-01"]
            [half_days]
            2027-02-04 = "09:00-25:00"
            2027-02-05 = ["09:00-12:00", "11:00-13:00"]
            """
        with pytest.raises(Invalid) as refused:
            load_notice(text)

        assert _told(refused) == [
            ("calendar.type", 2),
            ("calendar.field", 4),
            ("calendar.not_a_date", 5),
            ("calendar.run", 7),
            ("date.no_such_day", 8),
            ("calendar.not_a_date", 8),
            ("date.no_such_day", 9),
            ("date.no_year", 10),
            ("calendar.duplicate", 12),
            ("calendar.rest_and_make_up", 15),
            ("calendar.hours", 17),
            ("calendar.hours_overlap", 18),
        ]
        assert all(problem.zh for problem in refused.value.problems)

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            (f'{OWN}[half_days]\n2026-02-30 = "09:00-12:00"', "no_such_day"),
            (f'{OWN}[half_days]\n2026-02-13 = "morning"', "calendar.hours"),
            (OWN, "notice.empty"),
            ('name = "x"\nversion = "1@2"\nknown_until = 2027-12-31', "version"),
            (f"{OWN}withdrawn = []\nknown_from = 2027-01-01\n", "notice.no_end"),
            (f'{OWN}[holidays]\n"x" = "2026-01-01~2028-01-01"', "calendar.run"),
            (f"{OWN}holidays = 3\n", "calendar.type"),
            (f"{OWN}known_until = 2027-01-01T00:00:00Z\n", "calendar.not_a_date"),
            ("name = \n", "calendar.file"),
        ],
    )
    def test_each_fault_has_its_code(self, text, code):
        """An empty notice, a version with an @ and the rest have names."""
        with pytest.raises(Invalid) as refused:
            load_notice(text)

        assert any(told.endswith(code) for told, _ in _told(refused))

    def test_a_file_that_cannot_be_read_says_why(self, tmp_path):
        """A file that is missing, or far too large, is named."""
        large = tmp_path / "large.toml"
        large.write_bytes(b"#" * (LARGEST + 1))
        for path, said in ((tmp_path / "none.toml", "no such"), (large, "larger")):
            with pytest.raises(Invalid) as refused:
                load_notice(path)
            assert refused.value.code == "calendar.file"
            assert said in str(refused.value)


class TestCalendar:
    """A calendar of its own, and one laid over another."""

    def test_a_county_has_the_days_of_china_and_its_own(self):
        """Its summer has its own hours; what it does not say is its base's."""
        county = load_calendar(DATA / "county.toml")

        assert county.over == WorkCalendar.china().edition
        assert county.closes(date(2026, 7, 1)) == datetime(2026, 7, 1, 10, tzinfo=UTC)
        assert county.closes(date(2026, 11, 2)) == datetime(2026, 11, 2, 9, tzinfo=UTC)
        assert not county.is_workday(date(2026, 8, 18))
        assert not county.is_workday(date(2026, 10, 1))
        assert len(county.hours_of(date(2026, 2, 13))) == 1

    def test_a_calendar_of_anywhere_is_read_from_data(self):
        """Zone, week, hours till midnight and what is known come from the file."""
        made = load_calendar("""
            name = "cairo"
            version = "1"
            zone = "Africa/Cairo"
            office_hours = ["08:00-12:00", "20:00-24:00"]
            rest_weekdays = ["星期五", "saturday"]
            known_from = 2026-01-01
            known_until = 2026-12-31
            [holidays]
            "Sinai" = 2026-04-25
            """)

        assert made.rest_weekdays == (4, 5)
        assert made.office_hours[1] == (time(20), time(0))
        assert made.is_workday(date(2026, 4, 26))
        assert not made.known(date(2027, 1, 1))
        assert load_calendar(OWN) == WorkCalendar(name="own", version="1")

    def test_a_base_is_known_by_its_name_or_its_edition(self):
        """A file may name an edition of its base; another is refused."""
        base = WorkCalendar.china(2020)
        named = load_calendar(f'{OWN}over = "china@2020"', base=base)

        assert named.over == base.edition
        with pytest.raises(Invalid) as refused:
            load_calendar(f'{OWN}over = "chna"\nzone = "UTC"\n')
        assert _told(refused) == [("calendar.base", 3), ("calendar.of_base", 4)]
        with pytest.raises(Invalid) as refused:
            load_calendar(OWN, base=base)
        assert _told(refused) == [("calendar.missing", None)]

    def test_every_fault_stands_at_its_line(self):
        """Faults of seasons, of the week and of the zone are named together."""
        text = """
            name = "x"
            version = "1"
            zone = "Mars/X"
            office_hours = "9:00-12:00"
            rest_weekdays = ["周六", "sunda"]
            withdrawn = [2026-10-01]
            [[season]]
            first = "05-01"
            last = "09-31"
            hours = "09:00-10:00"
            [[season]]
            first = "9月1日"
            last = "tomorrow"
            hours = []
            [[season]]
            first = "11-01"
            last = "12-31"
            hours = ["12:00-09:00"]
            [[season]]
            last = "10-31"
            hours = ["09:00-12:00"]
            """
        with pytest.raises(Invalid) as refused:
            load_calendar(text)

        assert _told(refused) == [
            ("calendar.zone", 4),
            ("calendar.weekday", 6),
            ("calendar.no_base", 7),
            ("calendar.no_such_day", 8),
            ("calendar.turn", 14),
            ("calendar.hours_order", 16),
            ("calendar.missing", 20),
        ]

    def test_a_season_that_is_no_table_is_refused(self):
        """One season alone may be a table; a text is neither."""
        single = '[season]\nfirst = "05-01"\nlast = "09-30"\nhours = "08:00-12:00"\n'
        (season,) = load_calendar(OWN + single).seasons

        assert season.hours == ((time(8), time(12)),)
        with pytest.raises(Invalid) as refused:
            load_calendar(OWN + 'season = "summer"')
        assert "calendar.type" in {code for code, _ in _told(refused)}
