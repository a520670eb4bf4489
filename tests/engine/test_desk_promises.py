"""What a desk promises who calls it: versions, repeats, all or nothing, old facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from duban_flow import (
    Conflict,
    NotFound,
    Stale,
    Supervision,
)
from duban_flow.domain.items import Source
from tests.engine.house import DCS, ZJJ, at, matter


class TestVersions:
    """Who read an old version is told."""

    def test_an_item_as_it_was_read_is_an_expectation(self, house):
        """Given the item, a verb refuses if it has changed since."""
        read = house.assign()
        house.desk().note("A-1", "先到一步")
        with pytest.raises(Stale):
            house.desk().close(read, reason="完成")
        assert house.desk().close("A-1", reason="完成").state == "closed"

    def test_a_version_may_be_expected(self, house):
        """The right version passes, another does not."""
        house.assign()
        assert house.desk().note("A-1", "一", expect=1).version == 2
        with pytest.raises(Stale):
            house.desk().note("A-1", "二", expect=1)

    def test_the_one_told_goes_before_the_one_read(self, house):
        """An explicit version is what counts."""
        read = house.assign()
        house.desk().note("A-1", "一")
        assert house.desk().note(read, "二", expect=2).version == 3


class TestRequests:
    """The same request twice is done once."""

    def test_a_repeat_gives_the_first_answer(self, house):
        """Even after the item has changed again."""
        first = house.desk().assign(matter(), request_id="r-1")
        assert house.desk().assign(matter(), request_id="r-1") == first
        noted = house.desk().note("A-1", "一", request_id="r-2")
        house.desk().note("A-1", "二")
        assert house.desk().note("A-1", "一", request_id="r-2") == noted
        assert house.actions() == ["assign", "note", "note"]

    def test_a_repeat_at_a_later_now_is_the_same(self, house):
        """A day that was told is the same day when it is asked again."""
        house.assign()
        given = {"on": date(2026, 6, 2), "text": "迟到", "request_id": "r"}
        first = house.desk(when="06-02 09:00").find_fault("A-1", **given)
        assert house.desk(when="06-02 09:05").find_fault("A-1", **given) == first

    @pytest.mark.parametrize("other", ["data", "item", "actor", "action", "time"])
    def test_anything_else_under_its_id_is_a_conflict(self, house, other):
        """Other data, another item, actor, action or time is another request."""
        for code in ("A-1", "A-2"):
            house.assign(code)
        house.desk(when="06-02 09:00").note("A-1", "一", request_id="r")
        desk = house.desk(ZJJ if other == "actor" else DCS, "06-02 09:00")
        code = "A-2" if other == "item" else "A-1"
        about: dict[str, Any] = {"request_id": "r"}
        if other == "time":
            about["effective_at"] = at("06-01 10:00")
        text = "二" if other == "data" else "一"
        hold, note = Supervision.hold(reason=text), Supervision.note(text=text)
        with pytest.raises(Conflict):
            desk.act(code, hold if other == "action" else note, **about)

    def test_a_repeat_hides_what_the_first_answer_hid(self, house):
        """The first answer told a handling unit nothing of who complained."""
        house.assign(source=Source("信访", complainant="张三"))
        for _ in range(2):
            item = house.desk(ZJJ).report("A-1", progress=1, request_id="r")
            assert item.source is not None
            assert item.source.complainant == ""

    def test_several_acts_under_one_request_are_each_done_once(self, house):
        """Members that could be done are done, the rest reported, and again nothing."""
        house.assign("A-1")
        acts = [
            ("A-1", Supervision.note(text="一")),
            ("A-9", Supervision.note(text="二")),
        ]
        for _ in range(2):
            done = house.desk().act_many(acts, request_id="r")
            assert [one.item is not None for one in done] == [True, False]
            assert isinstance(done[1].error, NotFound)
        assert house.actions() == ["assign", "note"]

    def test_two_acts_on_one_item_under_one_request_are_both_done(self, house):
        """Each member is a request of its own."""
        item = house.assign("A-1")
        acts = [(item.code, Supervision.note(text=text)) for text in "一二"]
        done = house.desk().act_many(acts, request_id="r")
        assert [one.error for one in done] == [None, None]
        assert house.actions() == ["assign", "note", "note"]


class TestAtomic:
    """Several verbs as one transaction."""

    def test_all_are_kept_together(self, house):
        """At the end everything is there."""
        with house.desk().atomic() as desk:
            desk.assign(matter("A-1"))
            desk.assign(matter("A-2"))
            assert desk.note("A-1", "一").version == 2
        assert [item.code for item in house.desk().find()] == ["A-1", "A-2"]

    def test_or_none_is(self, house):
        """What is raised takes away what was done before it."""

        def two():
            with house.desk().atomic() as desk:
                desk.assign(matter("A-1"))
                desk.note("A-9", "一")

        with pytest.raises(NotFound):
            two()
        assert len(house.desk().find()) == 0

    def test_one_inside_another_is_the_same_transaction(self, house):
        """Nesting opens nothing of its own."""

        def nested():
            desk = house.desk()
            with desk.atomic():
                with desk.atomic():
                    desk.assign(matter("A-1"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            nested()
        assert len(house.desk().find()) == 0

    def test_a_refusal_that_is_caught_leaves_the_rest(self, house):
        """A verb that was refused wrote nothing; what stands around it is kept."""
        with house.desk().atomic() as desk:
            desk.assign(matter("A-1"))
            with pytest.raises(Conflict):
                desk.assign(matter("A-1", title="另一件"))
            desk.assign(matter("A-2"))
        assert [item.title for item in house.desk().find()] == ["事项A-1", "事项A-2"]


class TestBackDating:
    """Facts that were so before they were written down."""

    def test_delivered_in_time_typed_late_is_on_time(self, house):
        """Delivered on Friday at 17:00, typed and accepted on Monday: not late."""
        house.assign()
        house.sweep("06-06 09:00")
        house.desk(ZJJ, "06-08 09:00").submit("A-1", effective_at=at("06-05 17:00"))
        item = house.desk(when="06-08 10:00").close("A-1", reason="已完成")
        assert item.closing is not None
        assert item.closing.late is False
        seen = house.desk(when="06-08 10:00").as_of(at("06-06 12:00")).get("A-1")
        assert (seen.state, seen.started) == ("in_progress", True)
        assert house.actions() == ["assign", "lapse", "urge", "submit", "close"]

    def test_delivered_in_time_but_sent_back_is_judged_by_the_closing(self, house):
        """A submit that was refused does not save the date."""
        house.assign()
        house.sweep("06-06 09:00")
        house.desk(ZJJ, "06-08 09:00").submit("A-1", effective_at=at("06-05 17:00"))
        house.desk(when="06-08 10:00").send_back("A-1", reason="不合格")
        item = house.desk(when="06-08 11:00").close("A-1", reason="已完成")
        assert item.closing is not None
        assert item.closing.late is True

    def test_a_bare_day_is_its_close_of_business(self, house):
        """A day of last week ended at 17:30; of today it is now."""
        house.assign()
        desk = house.desk(when="06-03 09:00")
        for day in (1, 3):
            desk.note("A-1", "一", effective_at=date(2026, 6, day))
        when = [event.effective_at for event in desk.history("A-1")[1:]]
        assert when == [at("06-01 17:30"), at("06-03 09:00")]

    def test_what_is_given_out_in_hindsight_is_armed_from_now(self, house):
        """Rungs that had passed before anybody knew of the matter do not fire."""
        item = house.desk(when="06-10 09:00").assign(
            matter(), effective_at=at("06-01 09:00")
        )
        assert item.armed_from == at("06-10 09:00")
        assert house.sweep("06-10 10:00").fired == 0
        assert house.desk().get("A-1").state == "overdue"
