"""Laws of the policy grammar and of three-valued logic."""

from decimal import Decimal
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.policies.grammar import (
    ANCHORS,
    GrammarFault,
    parse_condition,
    parse_offset,
    parse_recipient,
    parse_time,
)
from duban_flow.domain.policies.logic import all_of, any_of, compared, negation
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.quantities import Interval
from duban_flow.domain.time.offset import Offset

UNITS = st.sampled_from(["day", "workday", "month"])
SPACES = st.sampled_from([" ", "  ", "\t"])
TRUTHS = st.sampled_from([True, False, None])
OPERATORS = st.sampled_from(["<", "<=", ">", ">="])
NAMES = st.text("abcdefgh甲乙丙_", min_size=1, max_size=8)
NUMBERS = st.decimals(-1000, 1000, places=2)


@st.composite
def conditions(draw):
    """Write a condition as a person might, spaces and all."""
    word = STANDARD[draw(st.sampled_from(sorted(STANDARD)))]
    arguments = [
        draw(st.sampled_from(p.choices) if p.choices else NAMES)
        for p in word.parameters
        if not p.optional or draw(st.booleans())
    ]
    name = f"{word.name}({','.join(arguments)})" if arguments else word.name
    space = draw(SPACES)
    if word.kind == "flag":
        return f"not{space}{name}" if draw(st.booleans()) else name
    if word.kind == "word":
        words = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
        comma = draw(st.sampled_from([",", ", ", "，"]))
        return f"{name}{space}in{space}{comma.join(words)}"
    unit = draw(st.sampled_from(word.units))
    said = f"{name}{space}{draw(OPERATORS)}{space}{draw(NUMBERS)}{unit}"
    if word.runs and draw(st.booleans()):
        said += f" for {draw(st.integers(1, 12))} {word.runs}s"
    return said


@given(conditions())
def test_a_condition_written_out_means_the_same(said):
    """What a condition is written as reads as the same condition."""
    made = parse_condition(said, STANDARD)

    assert parse_condition(made.text, STANDARD) == made


@given(
    st.sampled_from([*ANCHORS, "yellow", "yellow due"]),
    st.booleans(),
    st.none() | st.tuples(st.sampled_from("+-"), st.integers(0, 9999), UNITS),
    SPACES,
)
def test_a_time_written_out_means_the_same(anchor, sitting, offset, space):
    """The parts come back, however it was spaced, and again from its own text."""
    said = ("sitting after " if sitting else "") + anchor
    expected = None
    if offset is not None:
        sign, n, unit = offset
        said += f"{space}{sign}{space}{n}{space}{unit}s"
        expected = Offset(-n if sign == "-" else n, unit)
    made = parse_time(said.replace(" ", space), ["yellow"])

    assert parse_time(made.text, ["yellow"]) == made
    assert (made.sitting, made.offset) == (sitting, expected)


@given(st.integers(0, 9999), UNITS)
def test_a_distance_reads_as_it_is_printed(n, unit):
    """The printed form of a distance is in the grammar."""
    assert parse_offset(str(Offset(n, unit))) == Offset(n, unit)


@given(
    st.text(max_size=60) | st.text("notpeduiswhgarkcl <>=%+-()0123456789", max_size=60)
)
def test_any_other_text_is_a_fault_and_nothing_else(said):
    """Whatever is written, it is read or refused; nothing else is raised."""
    for reads in (
        parse_time,
        parse_offset,
        parse_recipient,
        lambda text: parse_condition(text, STANDARD),
    ):
        fault = refusal(reads, said)
        assert fault is None or (fault.wanted and fault.zh)


def refusal(reads, said):
    """Give the fault with which a text is refused, if it is."""
    try:
        reads(said)
    except GrammarFault as fault:
        return fault
    return None


@given(st.lists(TRUTHS, max_size=5))
def test_unknown_is_what_every_completion_would_not_agree_on(answers):
    """An answer is given where, and only where, every way to learn more keeps it."""
    ways = list(product(*([a] if a is not None else [True, False] for a in answers)))

    for joined, plainly in ((all_of, all), (any_of, any)):
        outcomes = {plainly(way) for way in ways}
        assert joined(answers) == (outcomes.pop() if len(outcomes) == 1 else None)


@given(st.lists(TRUTHS, max_size=5))
def test_the_two_are_each_others_mirror(answers):
    """De Morgan holds with three values."""
    assert negation(any_of(answers)) == all_of(map(negation, answers))


@given(NUMBERS, NUMBERS, NUMBERS, OPERATORS)
def test_an_interval_decides_only_where_all_its_values_agree(one, two, limit, operator):
    """The answer for an interval is that of every number in it, or none."""
    low, high = min(one, two), max(one, two)
    answers = {
        compared(value, operator, limit)
        for value in (low, high, *([limit] if low <= limit <= high else []))
    }
    found = compared(Interval(low, high), operator, limit)

    assert found in (None, *answers)
    assert (found is None) == (
        len({compared(v, operator, limit) for v in (low, high)}) > 1
    )
    assert compared(None, operator, Decimal(0)) is None
