"""What words about measures answer, and when they do not know."""

from datetime import date

import pytest

from duban_flow.domain.case import Facts
from duban_flow.domain.quantities import Measure, Reading
from duban_flow.domain.time.term import Term
from tests.domain.policies.asked import (
    CALENDAR,
    answer,
    at,
    case,
    item,
)


def read(actual, as_of="2009-11-30T18:00", name="面积", **fields):
    """Take a reading of the area."""
    return Reading(
        name=name, actual=actual, measure_unit="亩", as_of=at(as_of), **fields
    )


AREA = Measure("面积", "亩", target="1200", decisive=True)


class TestMeasures:
    """Met, short, behind and shortfall."""

    def measured(self, *readings, now="2009-12-15", due=date(2009, 12, 31), **fields):
        made = item(
            due=Term.until(due).deadline(at("2009-01-05"), CALENDAR),
            **{"measures": (AREA,), **fields},
        )
        return case(now=now, made=made, facts={"readings": readings})

    @pytest.mark.parametrize(
        ("actual", "met", "short", "behind", "shortfall"),
        [
            ("1200", True, False, "0", "0%"),
            ("1100", False, False, "0", "0%"),
            ("1040", False, True, "5", "5.45%"),
            ("550", False, True, "45.83", "50%"),
        ],
    )
    def test_before_the_end_pace_is_asked(self, actual, met, short, behind, shortfall):
        """By the end of November eleven twelfths, 1100 of 1200, are asked for."""
        asked_of = self.measured(read(actual))
        points = "point" if behind == "1" else "points"

        assert answer("met", asked_of) == (met, f"面积 {actual} of 1200")
        assert answer("short", asked_of)[0] is short
        assert answer("behind > 0", asked_of)[1] == f"behind {behind} {points}"
        assert answer("shortfall > 0%", asked_of)[1] == f"shortfall {shortfall}"

    def test_exactly_half_short_is_not_more_than_half(self):
        """The arithmetic is exact at the threshold."""
        asked_of = self.measured(read("550"))

        assert answer("shortfall > 50%", asked_of)[0] is False
        assert answer("shortfall <= 50%", asked_of)[0] is True

    def test_a_reading_is_held_against_its_own_month(self):
        """Judged in December, a reading of November is not asked for December's."""
        assert answer("short", self.measured(read("1100")))[0] is False
        asked_of = self.measured(read("1100", as_of="2009-12-01"))
        assert answer("short", asked_of)[0] is True

    def test_24_hundred_belongs_to_the_month_it_closes(self):
        """30 November, 24:00, is November."""
        asked_of = self.measured(read("1100", as_of="2009-12-01T00:00"))

        assert answer("short", asked_of)[0] is False

    def test_a_plan_says_what_was_scheduled(self):
        """Where a plan says so, months do not count."""
        assert answer("short", self.measured(read("550", scheduled="500")))[0] is False

    def test_past_due_the_target_itself_is_asked(self):
        """The final value is held against the whole."""
        asked_of = self.measured(read("1100"), due=date(2009, 12, 1))

        assert answer("short", asked_of)[0] is True
        assert answer("shortfall > 0%", asked_of)[1] == "shortfall 8.33%"

    def test_without_a_reading_it_is_unknown(self):
        """A measure never read is neither met nor short."""
        asked_of = self.measured()

        assert answer("met", asked_of) == (None, "面积 unknown of 1200")
        assert answer("short", asked_of)[0] is None
        assert answer("behind > 0", asked_of) == (None, "behind unknown")

    def test_a_target_said_with_a_reading_goes_before_the_measures(self):
        """A goal that moved is held against what it is now."""
        asked_of = self.measured(read("1200", target="1300"), due=date(2009, 12, 1))

        assert answer("met", asked_of) == (False, "面积 1200 of 1300")

    def test_a_measure_without_a_target_decides_nothing(self):
        """Whether it has been met nobody can say, and nothing is asked of its pace."""
        measures = (Measure("面积", "亩", decisive=True),)
        asked_of = self.measured(read("1200"), measures=measures)

        assert answer("met", asked_of) == (None, "nothing is measured")
        assert answer("short", asked_of)[0] is False

    def test_a_reading_from_after_the_instant_does_not_count(self):
        """Judged as of an instant, the future is not known."""
        asked_of = self.measured(read("1200", as_of="2009-12-20"))

        assert answer("met", asked_of)[0] is None

    def test_nothing_measured_is_neither_met_nor_behind(self):
        """A matter without measures hides behind none."""
        asked_of = case()

        assert answer("met", asked_of) == (False, "nothing is measured")
        assert answer("short", asked_of)[0] is False
        assert answer("behind > 0", asked_of)[0] is False

    def test_a_part_is_judged_by_its_parents_measures(self):
        """A parcel has no area goal; its parent's has been met."""
        parent = item(id="p", code="P", measures=(AREA,))
        asked_of = case(parent=parent, parent_facts=Facts(readings=(read("1270.5"),)))

        assert answer("met", asked_of) == (True, "面积 1270.5 of 1200")

    def test_a_whole_that_lags_does_not_make_its_parts_lag(self):
        """Being short is asked of the item's own measures alone."""
        parent = item(id="p", code="P", measures=(AREA,))
        asked_of = case(parent=parent, parent_facts=Facts(readings=(read("5"),)))

        assert answer("short", asked_of) == (False, "nothing is measured")
        assert answer("behind > 0", asked_of)[0] is False

    def test_only_what_is_decisive_has_to_be_met(self):
        """By count it falls short, by area it is done."""
        measures = (AREA, Measure("宗数", "宗", target="18"))
        asked_of = self.measured(
            read("1270.5"), read("11", name="宗数"), measures=measures
        )

        assert answer("met", asked_of)[0] is True
        assert answer("short", asked_of)[0] is True

    def test_the_worst_of_several_speaks(self):
        """Of two measures, one never read, the other sets the least it can be."""
        measures = (AREA, Measure("宗数", "宗", target="18"))
        asked_of = self.measured(read("500"), measures=measures)

        assert answer("behind > 40", asked_of) == (True, "behind 50~100 points")
        assert answer("behind > 60", asked_of)[0] is None
        assert answer("short", asked_of)[0] is True

    def test_a_month_is_told_by_its_own_readings(self):
        """Short in October and in November; a month without a reading is unknown."""
        october = read("500", as_of="2009-10-31T18:00")
        said = "shortfall > 0% for 2 months"

        assert answer(said, self.measured(october, read("550"))) == (
            True,
            "shortfall 50%, 50%",
        )
        assert answer(said, self.measured(read("550")))[0] is None
        assert answer(said, self.measured(october, read("1100")))[0] is False

    def test_a_month_counts_from_the_instant_it_ends(self):
        """Judged at 24:00 of 30 November, November is the last month."""
        readings = read("500", as_of="2009-10-31T18:00"), read("550")
        said = "shortfall > 0% for 2 months"
        ending = self.measured(*readings, now="2009-12-01T00:00")
        before = self.measured(*readings, now="2009-11-30T23:59")

        assert answer(said, ending)[0] is True
        assert answer(said, before)[0] is None
