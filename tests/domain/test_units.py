"""Units, posts and actors: found by code, name or alias, and never by guessing."""

from __future__ import annotations

from datetime import date

import pytest

from duban_flow.domain.units import Actor, Directory, Post, Role, Unit
from duban_flow.errors import Invalid, NotFound

DAY = date(2026, 6, 1)
UNITS = [
    Unit("qw", "区委"),
    Unit("zjj", "住建局", parent="qw", aliases=("建设局", "房管局")),
    Unit("zjs", "住建所", parent="zjj"),
    Unit("jj", "交警队", valid_from=DAY, valid_until=date(2026, 6, 30)),
]
DIRECTORY = Directory.of(UNITS, [Post(unit="zjj", name="局长", officer="王")])


@pytest.mark.parametrize("name", ["zjj", "住建局", "建设局", "房管局"])
def test_a_unit_is_found_by_code_name_or_alias(name):
    """Whatever it is declared under, it is the same unit."""
    assert DIRECTORY.get(name).code == "zjj"


def test_what_is_not_declared_is_not_found_but_the_nearest_is_named():
    """A name that is nearly right is refused, and the right one told."""
    assert DIRECTORY.find("房管处局") is None
    with pytest.raises(NotFound, match="房管局") as refused:
        DIRECTORY.get("房管处局")
    assert refused.value.code == "unit.unknown"
    with pytest.raises(NotFound, match=r"'xyz123'\.$"):
        DIRECTORY.get("xyz123")


@pytest.mark.parametrize(
    ("units", "code"),
    [
        ([Unit("a", "甲"), Unit("a", "乙")], "unit.duplicate"),
        ([Unit("a", "甲"), Unit("b", "甲")], "unit.duplicate"),
        ([Unit("a", "甲"), Unit("b", "乙", aliases=("甲",))], "unit.duplicate"),
        ([Unit("a", "甲"), Unit("甲", "乙")], "unit.duplicate"),
        ([Unit("a", "甲", parent="b"), Unit("b", "乙", parent="a")], "unit.circle"),
        ([Unit("a", "甲", parent="a")], "unit.circle"),
    ],
)
def test_a_directory_that_contradicts_itself_is_refused(units, code):
    """Two meanings of one word and circles of parents are refused by name."""
    with pytest.raises(Invalid) as refused:
        Directory.of(units)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "units", [[Unit("a", "甲", parent="b")], [Unit("a", "甲", successor="b")]]
)
def test_a_unit_leads_to_units_that_are_there(units):
    """Parents and successors must be declared."""
    with pytest.raises(NotFound):
        Directory.of(units)


def test_a_post_is_in_a_unit_that_is_there():
    """A post of nobody is refused."""
    with pytest.raises(NotFound, match="局长"):
        Directory.of(UNITS, [Post(unit="nobody", name="局长")])


@pytest.mark.parametrize("code", ["", " ", "a/b", "a\0"])
def test_a_code_that_would_break_keys_is_refused(code):
    """A code is a word that fits into a key."""
    with pytest.raises(Invalid):
        Unit(code, "甲")


def test_one_text_is_no_list_of_names():
    """A bare text for several words is a slip, not its characters."""
    with pytest.raises(Invalid, match="list"):
        Unit("a", "甲", aliases="乙丙")


def test_who_stands_above_and_below():
    """Nearest first upwards; downwards with oneself."""
    assert DIRECTORY.above("zjs") == ("zjj", "qw")
    assert DIRECTORY.above("unknown") == ()
    assert DIRECTORY.below("zjj") == {"zjj", "zjs"}
    assert DIRECTORY.below("unknown") == {"unknown"}


def test_names_and_kinds_of_units():
    """An undeclared code stands for itself and is of no kind."""
    assert (DIRECTORY.name("zjj"), DIRECTORY.name("x")) == ("住建局", "x")
    assert (DIRECTORY.kind("zjj"), DIRECTORY.kind(None)) == ("department", "")
    assert str(DIRECTORY.get("zjj")) == "住建局"


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2026, 5, 31), False),
        (DAY, True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_a_unit_and_a_post_stand_from_their_first_to_their_last_day(day, there):
    """Both ends are included."""
    post = Post(unit="jj", name="队长", since=DAY, until=date(2026, 6, 30))
    directory = DIRECTORY.with_posts([post])
    assert DIRECTORY.get("jj").valid_on(day) is there
    assert (directory.holder("jj", "队长", day) is post) is there
    assert DIRECTORY.get("zjj").valid_on(day)


def test_a_post_nobody_holds_has_no_holder():
    """Another unit's officer is not taken for ours."""
    assert DIRECTORY.holder("zjs", "局长", DAY) is None


def test_a_post_since_the_same_day_is_replaced():
    """Who follows in the same post from the same day takes its place."""
    after = DIRECTORY.with_posts([Post(unit="zjj", name="局长", officer="李")])
    assert [post.officer for post in after.posts] == ["李"]


def test_a_renamed_unit_stays_itself():
    """The code is what a unit is; its name only finds it."""
    renamed = Unit("zjj", "城建局", parent="qw", aliases=("住建局",))
    after = DIRECTORY.with_units(renamed)
    assert after.get("住建局") is after.get("城建局")
    assert after.name("zjj") == "城建局"


class TestActor:
    """Who acts."""

    def test_a_text_is_a_unit_acting_as_such(self):
        """It has the posts of nobody."""
        who = Actor.of("zjj")
        assert (who.id, who.unit, who.posts) == ("zjj", "zjj", ())
        assert Actor.of(who) is who

    def test_an_act_is_held_against_oneself_and_ones_principal(self):
        """Acting for somebody does not hide either."""
        assert Actor("li", acting_for="wang").persons == {"li", "wang"}
        assert Actor("li").persons == {"li"}

    def test_a_unit_is_meant_by_code_however_it_was_named(self):
        """A name is read as the unit; an unknown one stays as it was written."""
        assert DIRECTORY.meant(Actor.of("建设局")).unit == "zjj"
        assert DIRECTORY.meant(Actor.of("外地")).unit == "外地"
        assert DIRECTORY.meant(Actor("li")).unit is None


def test_every_role_has_its_chinese_word():
    """No role is printed as a code."""
    assert [role.zh for role in Role] == [
        "牵头单位",
        "责任单位",
        "协办单位",
        "督促单位",
        "接收单位",
    ]
