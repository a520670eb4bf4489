"""What each word of the vocabulary answers, and when it does not know."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from attrs import evolve

from duban_flow.domain.calendar import WorkCalendar
from duban_flow.domain.case import Case, Entry, Facts, Finding, Justification, Round
from duban_flow.domain.instants import TICK, Span
from duban_flow.domain.items import Closing, Item, Source
from duban_flow.domain.policies.grammar import parse_condition, parse_time
from duban_flow.domain.policies.model import Policy, Rung
from duban_flow.domain.policies.vocabulary import (
    STANDARD,
    condition,
    ground,
    needs_of,
)
from duban_flow.domain.quantities import Interval, Measure, Reading
from duban_flow.domain.sanctions import Citation, Sanction, Stage
from duban_flow.domain.term import Term
from duban_flow.domain.units import Role
from duban_flow.errors import Invalid

CALENDAR = WorkCalendar.china()


def at(text):
    """Read an instant of the calendar's zone; without a clock, nine in the morning."""
    said = text if "T" in text else f"{text}T09:00"
    return datetime.fromisoformat(f"{said}+08:00").astimezone(UTC)


def item(**fields):
    """Make an item given out in October and due on 30 November."""
    return Item(
        **{
            "id": "i",
            "code": "A-1",
            "title": "环境整治",
            "state": "in_progress",
            "version": 1,
            "assigned_at": at("2009-10-09"),
            "entered_at": at("2009-10-09"),
            "due": Term.until(date(2009, 11, 30)).deadline(at("2009-10-09"), CALENDAR),
            **fields,
        }
    )


def case(now="2009-12-25", facts=None, made=None, **fields):
    """Make a case of an item, with facts by name."""
    return Case(
        item=made or item(),
        at=at(now) if isinstance(now, str) else now,
        calendar=CALENDAR,
        facts=Facts(**(facts or {})),
        **fields,
    )


def answer(said, asked_of, unit="城投公司"):
    """Ask a case one condition, and give whether it holds and what was found."""
    made = ground(parse_condition(said, STANDARD), asked_of, unit, STANDARD)
    return made.holds, made.found


def ended(when, action="close"):
    """Make an item that was closed then."""
    made = item()
    return evolve(made, state="closed", closing=Closing.of(action, when, made.due))


MID_DECEMBER = Span(at("2009-12-11T00:00"), at("2009-12-21T00:00") - TICK, "12月中旬")


class TestColumns:
    """What stands on the item itself."""

    @pytest.mark.parametrize(
        ("said", "holds", "found"),
        [
            ("category is petition", True, "category petition"),
            ("category in land, revenue", False, "category petition"),
            ("source is 信访", True, "source 信访"),
            ("priority is major", False, "priority none"),
            ("state is in_progress", True, "state in_progress"),
            ("held", True, "held"),
            ("not held", False, "held"),
            ("at_risk", False, "not at_risk"),
            ("paused", False, "not paused"),
            ("extending", False, "not extending"),
            ("rebaselined >= 3", True, "rebaselined 3"),
            ("received(plan)", True, "received(plan)"),
            ("not received(progress)", True, "not received(progress)"),
        ],
    )
    def test_columns(self, said, holds, found):
        """Each is read as it stands."""
        made = item(
            category="petition", source=Source("信访"), held=True, rebaselined=3
        )

        assert answer(said, case(made=made, facts={"received": ("plan",)})) == (
            holds,
            found,
        )


class TestTime:
    """Open, closed, late and by how much."""

    def test_an_open_item_past_due(self):
        """铁佛新居: 25 natural and 19 working days on 25 December."""
        asked_of = case()

        assert answer("open", asked_of) == (True, "open")
        assert answer("late", asked_of) == (True, "late 25 days")
        assert answer("overrun >= 25 days", asked_of) == (True, "overrun 25 days")
        assert answer("overrun > 19 workdays", asked_of) == (
            False,
            "overrun 19 workdays",
        )

    def test_at_the_due_instant_nothing_is_late(self):
        """Due is inclusive; a tick later it is late."""
        due = item().due.at

        assert answer("late", case(now=due))[0] is False
        assert answer("late", case(now=due + TICK))[0] is True

    def test_closed_late_stays_late(self):
        """Finished late is late all the same, by the days it was."""
        asked_of = case(made=ended(at("2009-12-02")))

        assert answer("late", asked_of) == (True, "late 2 days")
        assert answer("not open", asked_of) == (True, "closed 2009-12-02")
        assert answer("closed", asked_of)[0] is True

    def test_closed_in_time_is_not_late(self):
        """However long ago due has passed."""
        asked_of = case(made=ended(at("2009-11-30")))

        assert answer("late", asked_of) == (False, "not late")
        assert answer("overrun > 0 days", asked_of) == (False, "overrun 0 days")

    @pytest.mark.parametrize(
        ("now", "is_open"),
        [("2009-12-10", True), ("2009-12-15", None), ("2009-12-25", False)],
    )
    def test_a_closing_known_as_a_range(self, now, is_open):
        """Inside 11-20 December nobody knows whether it is open."""
        asked_of = case(now=now, made=ended(MID_DECEMBER))

        assert answer("open", asked_of)[0] is is_open
        assert answer("closed", asked_of)[0] == (
            None if is_open is None else not is_open
        )
        assert answer("late", asked_of)[0] is True

    def test_days_late_of_a_range_are_an_interval(self):
        """A threshold inside the interval leaves the condition undecided."""
        asked_of = case(made=ended(MID_DECEMBER))

        assert answer("overrun > 10 days", asked_of) == (True, "overrun 11~20 days")
        assert answer("overrun > 15 days", asked_of)[0] is None
        assert answer("overrun > 20 days", asked_of)[0] is False

    def test_past_the_latest_reading_of_due_only(self):
        """A due known as mid-December is late after the 20th."""
        due = Term.until(MID_DECEMBER).deadline(at("2009-10-09"), CALENDAR)

        assert answer("late", case(now="2009-12-15", made=item(due=due)))[0] is False
        assert answer("late", case(now="2009-12-21", made=item(due=due)))[0] is True

    def test_closed_around_a_due_known_as_a_range_is_unknown(self):
        """Whether that was late is for a person to say."""
        due = Term.until(MID_DECEMBER).deadline(at("2009-10-09"), CALENDAR)
        made = item(due=due)
        done = evolve(made, closing=Closing.of("close", MID_DECEMBER, due))

        assert answer("late", case(made=done))[0] is None
        assert answer("late", case(made=done))[1].startswith("perhaps late")

    def test_without_a_due_date_nothing_is_late(self):
        """An evaluation is never past due."""
        asked_of = case(made=item(due=None))

        assert answer("late", asked_of)[0] is False
        assert answer("overrun > 0 days", asked_of)[0] is False

    def test_past_due_at_each_of_the_last_months(self):
        """Late on 30 November's evening and before is not: one month end of two."""
        asked_of = case(now="2010-01-04")

        assert answer("overrun > 0 days for 2 months", asked_of) == (
            False,
            "overrun 0 days, 31 days",
        )
        assert (
            answer("overrun > 0 days for 2 months", case(now="2010-02-01"))[0] is True
        )


class TestExcused:
    """A reason accepted for a unit shields that unit alone."""

    @pytest.mark.parametrize(
        ("unit", "status", "decided_by", "holds"),
        [
            ("城投公司", "accepted", "督查室", True),
            (None, "accepted", "督查室", True),
            ("五花办", "accepted", "督查室", False),
            ("城投公司", "accepted", "城投公司", False),
            ("城投公司", "given", "", False),
            ("城投公司", "refused", "督查室", False),
        ],
    )
    def test_who_is_excused(self, unit, status, decided_by, holds):
        """Of this unit or of the item, accepted, and by somebody else."""
        reason = Justification(
            unit=unit,
            reason="燃气管道",
            given_by="城投公司",
            status=status,
            decided_by=decided_by,
            effective_at=at("2009-12-01"),
        )
        found = "excused: 燃气管道" if holds else "not excused"

        assert answer("excused", case(facts={"justifications": (reason,)})) == (
            holds,
            found,
        )

    def test_nobody_is_shielded_by_anothers_reason(self):
        """A decision without a unit looks at reasons of the item alone."""
        reason = Justification(
            unit="城投公司",
            reason="x",
            given_by="城投公司",
            status="accepted",
            decided_by="督查室",
            effective_at=at("2009-12-01"),
        )

        asked_of = case(facts={"justifications": (reason,)})
        assert answer("excused", asked_of, unit=None)[0] is False


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
        assert answer("short", asked_of)[0] is False

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


def evaluated(*rounds, subject="环境整治", **fields):
    """Make a case with rounds given as (ordinal, rank, score, mean)."""
    made = tuple(
        Round(
            ordinal=ordinal,
            on=date(2009, 10, ordinal),
            entries=(Entry(subject, rank=rank, score=score),),
            mean=mean,
            cohort=6,
            effective_at=at("2009-11-01"),
        )
        for ordinal, rank, score, mean in rounds
    )
    return case(facts={"rounds": made}, made=item(due=None), **fields)


class TestRounds:
    """Gap, rank and what is made of them."""

    def test_rank_counts_from_nought_to_a_hundred(self):
        """Fifth of six is 80 %, fourth 60 %."""
        asked_of = evaluated((3, 5, "50.74", None), (4, 4, "53.75", None))

        assert answer("rank > 50% for 2 rounds", asked_of) == (True, "rank 80%, 60%")
        assert answer("rank > 60%", asked_of) == (False, "rank 60%")

    def test_the_third_of_six_is_in_the_upper_half(self):
        """40 % of the way down is no low rank."""
        asked_of = evaluated((3, 5, None, None), (4, 3, None, None))

        assert answer("rank > 50% for 2 rounds", asked_of)[0] is False

    def test_rounds_must_follow_one_another(self):
        """Rounds two and four are not two in a row."""
        asked_of = evaluated((2, 5, None, None), (4, 5, None, None))

        assert answer("rank > 50% for 2 rounds", asked_of) == (
            False,
            "rounds 2, 4, not 2 in a row",
        )

    def test_one_round_is_not_two(self):
        """What has been seen once has not happened twice."""
        asked_of = evaluated((1, 5, None, None))

        assert answer("rank > 50% for 2 rounds", asked_of)[0] is False
        assert answer("rank > 50%", case()) == (False, "no round yet")

    def test_a_gap_may_be_an_interval(self):
        """Thirteen points, printed without decimals, is 12.5 to 13.5."""
        mean = Interval("40.63", "41.63")
        asked_of = evaluated((3, None, "28.13", mean), (4, None, "32", "42.28"))

        assert answer("gap > 0 for 2 rounds", asked_of) == (
            True,
            "gap 12.5~13.5 points, 10.28 points",
        )

    def test_a_threshold_inside_an_interval_is_unsure(self):
        """More than thirteen points? Nobody knows."""
        asked_of = evaluated((3, None, "28.13", Interval("40.63", "41.63")))

        assert answer("gap > 13 points", asked_of)[0] is None

    def test_a_score_never_given_is_unknown(self):
        """A round with a mean and no score decides nothing."""
        asked_of = evaluated((3, None, None, "41.13"))

        assert answer("gap > 0", asked_of) == (None, "gap unknown")

    @pytest.mark.parametrize(
        ("rank", "score", "mean", "holds"),
        [
            (5, None, None, True),
            (3, None, None, False),
            (3, "40", "41", True),
            (None, "42", "41", False),
            (None, "40", Interval("39", "41"), None),
        ],
    )
    def test_poor(self, rank, score, mean, holds):
        """Below the mean, or in the lower half, in the last round."""
        assert answer("poor", evaluated((1, rank, score, mean)))[0] is holds

    def test_without_rounds_nothing_is_poor(self):
        """Neither ranked nor averaged."""
        for said in ("poor", "ranked", "averaged"):
            assert answer(said, case())[0] is False

    def test_ranked_and_averaged(self):
        """Each is told by what its rounds carry."""
        assert answer("ranked", evaluated((1, 5, None, None)))[0] is True
        assert answer("averaged", evaluated((1, 5, None, None)))[0] is False
        assert answer("averaged", evaluated((1, None, "28", "41")))[0] is True

    def test_a_finding_concerns_its_unit_or_all(self):
        """A finding without a unit is against whoever is asked about."""
        finding = Finding(
            on=date(2009, 12, 1),
            text="窗口无人",
            unit="五花办",
            effective_at=at("2009-12-01"),
            seq=3,
        )

        asked_of = case(facts={"findings": (finding,)})
        assert answer("faulted", asked_of, "五花办") == (True, "2009-12-01 窗口无人")
        assert answer("faulted", asked_of, "城投公司") == (False, "no finding")
        anyone = case(facts={"findings": (evolve(finding, unit=None),)})
        assert answer("faulted", anyone, "城投公司")[0] is True


def act(number, issued, cycle="due:1", cited="i", **fields):
    """Make a sanction that was issued then."""
    return Sanction(
        **{
            "id": f"s{number}",
            "version": 1,
            "kind": "yellow",
            "kind_name": "黄牌",
            "unit": "城投公司",
            "role": Role.RESPONSIBLE,
            "citations": (Citation(item=cited, rung="r", cycle=cycle),),
            "policy": "p@1",
            "stage": Stage.ISSUED,
            "proposed_at": at(issued),
            "issued_at": at(issued),
            **fields,
        }
    )


class TestActs:
    """Level, count and streak."""

    def test_the_highest_that_stands_on_the_party(self):
        """Revoked ones, later ones and those on another unit do not count."""
        acts = (
            act(1, "2009-12-01"),
            act(2, "2009-12-02", level=3, revoked_at=at("2009-12-03")),
            act(3, "2009-12-30", level=3),
            act(4, "2009-12-02", level=3, unit="五花办"),
            act(5, "2009-12-02", level=3, issued_at=None, stage=Stage.PROPOSED),
        )

        assert answer("level < 2", case(acts=acts)) == (True, "level 1")
        assert answer("level < 2", case(acts=acts), "五花办") == (False, "level 3")

    def test_acts_on_a_matter_and_on_a_unit(self):
        """The matter counts its own, the unit those on any matter."""
        mine, other = act(1, "2009-12-01"), act(2, "2009-12-02", cited="j")
        asked_of = case(acts=(mine,), history=(mine, other))

        assert answer("count(yellow, matter) >= 2", asked_of) == (
            False,
            "count(yellow, matter) 1",
        )
        assert answer("count(yellow, unit) >= 2", asked_of)[0] is True
        assert answer("count(red, unit) >= 1", asked_of)[0] is False

    def test_a_year_is_the_calendars(self):
        """Two in a year, not one in each of two; 24:00 of 31 December is December."""
        acts = (act(1, "2008-12-31"), act(2, "2010-01-01T00:00"), act(3, "2009-03-01"))
        asked_of = case(history=acts)

        assert answer("count(yellow, unit, year) >= 2", asked_of)[0] is False
        later = case(now="2010-01-01T00:00", history=acts)
        assert answer("count(yellow, unit, year) >= 2", later)[0] is True

    @pytest.mark.parametrize(
        ("cycles", "expected"),
        [
            (["month:2009-10", "month:2009-11"], 2),
            (["month:2009-09", "month:2009-11"], 1),
            (["month:2009-08", "month:2009-09"], 0),
            (["month:2008-12", "month:2009-01"], 0),
            (["quarter:2009-2", "quarter:2009-3"], 2),
            (["due:1/1", "due:1/2", "due:1/3"], 3),
            (["act:abc"], 0),
            ([], 0),
        ],
    )
    def test_a_streak_runs_over_consecutive_cycles_up_to_now(self, cycles, expected):
        """On 25 December the last month end was November's."""
        acts = tuple(act(n, "2009-12-01", cycle) for n, cycle in enumerate(cycles))

        assert answer("streak(yellow, matter) >= 0", case(acts=acts))[1] == (
            f"streak(yellow, matter) {expected}"
        )

    def test_a_units_months_run_across_its_matters(self):
        """One matter in October and another in November are two months running."""
        acts = (
            act(1, "2009-11-01", "month:2009-10"),
            act(2, "2009-12-01", "month:2009-11", cited="j"),
        )
        asked_of = case(acts=acts[:1], history=acts)

        assert answer("streak(yellow, unit) >= 2", asked_of)[0] is True
        assert answer("streak(yellow, matter) >= 2", asked_of)[0] is False

    def test_rounds_are_counted_by_their_numbers(self):
        """Rounds three and four follow one another."""
        acts = (act(1, "2009-11-01", "round:3"), act(2, "2009-12-01", "round:4"))
        asked_of = evaluated((3, 5, None, None), (4, 5, None, None), acts=acts)

        assert answer("streak(yellow, matter) >= 2", asked_of)[0] is True


class TestVocabulary:
    """The set of words, and words of a host's own."""

    def test_every_word_of_the_language_is_there(self):
        """The vocabulary is closed; this is all of it."""
        assert set(STANDARD) == {
            *("category", "source", "priority", "state", "open", "closed", "late"),
            *("held", "paused", "extending", "excused", "met", "short", "at_risk"),
            *("poor", "faulted", "ranked", "averaged", "received", "overrun", "gap"),
            *("rank", "behind", "shortfall", "rebaselined", "level"),
            *("count", "streak"),
        }

    def test_harmless_is_nought_where_more_is_worse(self):
        """The values at which nothing is wrong."""
        assert {n for n, w in STANDARD.items() if w.harmless == Decimal(0)} == {
            *("overrun", "gap", "behind", "shortfall"),
        }

    def test_a_host_adds_a_word(self):
        """Its flag is read like any other, unknown included."""

        @condition("funded centrally", needs=["labels", "parent"])
        def funded(asked_of, unit):
            return None if not asked_of.item.labels else "中央" in asked_of.item.labels

        words = STANDARD.with_words(funded)
        made = parse_condition("not funded centrally", words)

        assert ground(made, case(), None, words).holds is None
        asked_of = case(made=item(labels=("中央",)))
        assert ground(made, asked_of, None, words).holds is False
        assert ground(made, asked_of, None, words).found == "funded centrally"

    @pytest.mark.parametrize("name", ["open", "", "not mine", "a > b", "f(x)", "a, b"])
    def test_a_word_that_could_not_be_said_is_refused(self, name):
        """A name taken, or one that reads as something else."""
        with pytest.raises(Invalid):
            STANDARD.with_words(condition(name)(lambda asked_of, unit: True))

    def test_needs_are_gathered_from_all_a_policy_asks(self):
        """Conditions, flags to account for, anchors and reasons."""

        def policy(at_, *when, **fields):
            rung = Rung(
                key="r",
                at=parse_time(at_),
                action="urge",
                when=tuple(parse_condition(w, STANDARD) for w in when),
            )
            return Policy(name="p", version="1", rung=(evolve(rung, **fields),))

        assert needs_of(policy("due", "open", "late")) == frozenset()
        assert needs_of(policy("due", "not excused")) == {"events"}
        assert needs_of(policy("due", reason="因{excuse}")) == {"events"}
        assert needs_of(policy("round")) == {"events"}
        assert needs_of(policy("yellow", "level < 1")) == {"acts"}
        flagged = evolve(
            policy("due"), account_for=(parse_condition("short", STANDARD),)
        )
        assert needs_of(flagged) == {"events", "parent"}

    def test_a_ground_says_which_list_asked(self):
        """What the rung is about is told from what must hold."""
        made = ground(
            parse_condition("open", STANDARD), case(), None, STANDARD, scope="where"
        )

        assert (made.condition, made.scope) == ("open", "where")
