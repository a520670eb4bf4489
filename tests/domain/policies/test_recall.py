"""What an item had settled by an instant: its marks, as of then."""

from __future__ import annotations

from datetime import date

from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.policies.recall import recalled
from duban_flow.domain.sanctions import Citation
from tests.domain.policies.cases import act, at, item

DAY = date(2009, 12, 25)


def fired(rung: str) -> Event:
    """Make the event of a rung that fired on the item."""
    when = at("2009-12-01")
    return Event(
        subject=Subject(SubjectKind.ITEM, "id-A-1"),
        seq=2,
        action="urge",
        actor="engine",
        rung=rung,
        effective_at=when,
        recorded_at=when,
    )


def test_a_rung_bears_as_many_marks_as_it_fired_by_then() -> None:
    """Of two firings the first alone had happened, and of another rung none."""
    one = item(fired=("urge@-:due:1", "urge@-:due:2", "call@-:due:1"))
    assert recalled(one, [fired("urge")], (), DAY) == ("urge@-:due:1",)


def test_an_act_bears_the_mark_of_the_rung_that_it_cites() -> None:
    """Cited or overtaken in it, a rung is settled; of other items it says nothing."""
    one = item(fired=("task@lead:due:1", "soft@lead:due:1", "hard@lead:due:1"))
    made = act(
        one,
        citations=(
            Citation(item=one.id, rung="task", cycle="due:1"),
            Citation(item="id-B-1", rung="hard", cycle="due:1"),
        ),
        overtaken=(Citation(item=one.id, rung="soft", cycle="due:1"),),
    )
    known = recalled(one, (), (made,), DAY)
    assert known == ("task@lead:due:1", "soft@lead:due:1")


def test_what_was_overtaken_is_always_remembered() -> None:
    """No event tells of it, so its mark stands by itself."""
    one = item(fired=("urge@-:due:1~", "urge@-:due:2"))
    assert recalled(one, (), (), DAY) == ("urge@-:due:1~",)


def test_a_mark_of_a_day_is_known_from_that_day_on() -> None:
    """A sitting of the day itself is remembered, one of the next day is not yet."""
    one = item(fired=("sitting:2009-12-25", "sitting:2009-12-26"))
    assert recalled(one, (), (), DAY) == ("sitting:2009-12-25",)
