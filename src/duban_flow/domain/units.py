"""Who there is: units, posts, the roles they bear, and who acts.

A unit is meant by its code; names and former names only find it. Nothing here
guesses: a name that is not declared is not found, however near it lies.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from attrs import evolve, field, frozen

from duban_flow.domain.codec import Value
from duban_flow.errors import Invalid, NotFound

ENGINE: Final = "engine"
"""The actor under whose name the sweep acts; it may lapse, remind, urge, propose."""


def words(given: Iterable[str]) -> tuple[str, ...]:
    """Keep several words in their order; one bare text is refused as a slip.

    Raises:
        Invalid: for a bare text, which would fall apart into its characters.
    """
    if isinstance(given, str):
        raise Invalid(
            f"Several words are wanted, in a list; the text {given!r} was given.",
            zh=f"应给出列表，不能是文本“{given}”。",
            code="words.text",
        )
    return tuple(given)


class Role(StrEnum):
    """What a unit is to an item 单位在事项中的角色."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    ASSISTING = "assisting"
    SUPERVISING = "supervising"
    COUNTERPARTY = "counterparty"

    @classmethod
    def of(cls, word: str) -> Role:
        """Read a role by its word.

        Raises:
            Invalid: naming the roles there are.
        """
        try:
            return cls(word)
        except ValueError as fault:
            raise Invalid(
                f"There is no role {word!r}; there are {', '.join(cls)}.",
                zh=f"没有角色“{word}”，只有{'、'.join(cls)}。",
                code="role.unknown",
            ) from fault

    @property
    def zh(self) -> str:
        """Give the Chinese word."""
        return _ROLE_ZH[self]


_ROLE_ZH: Final[Mapping[Role, str]] = {
    Role.LEAD: "牵头单位",
    Role.RESPONSIBLE: "责任单位",
    Role.ASSISTING: "协办单位",
    Role.SUPERVISING: "督促单位",
    Role.COUNTERPARTY: "接收单位",
}


@frozen(kw_only=True)
class Post(Value):
    """A post in a unit 岗位, held by an officer and deputies for a time."""

    unit: str
    name: str
    officer: str = ""
    deputies: tuple[str, ...] = field(default=(), converter=words)
    addresses: Mapping[str, str] = field(factory=dict)
    since: date | None = None
    until: date | None = None

    def held_on(self, day: date) -> bool:
        """Say whether the post is filled on that day, first and last included."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@frozen
class Unit(Value):
    """A unit 单位; a deciding body such as 问责领导小组 is a unit of kind ``body``.

    Kinds that matter to rights: ``supervisor`` (gives and follows matters),
    ``body`` (approves), ``auditor`` (reads everything); any other word is a
    unit that handles matters.
    """

    code: str = field()
    name: str
    kind: str = field(default="department", kw_only=True)
    parent: str | None = field(default=None, kw_only=True)
    aliases: tuple[str, ...] = field(default=(), converter=words, kw_only=True)
    valid_from: date | None = field(default=None, kw_only=True)
    valid_until: date | None = field(default=None, kw_only=True)
    successor: str | None = field(default=None, kw_only=True)

    @code.validator
    def _check_code(self, _: object, value: str) -> None:
        if not value.strip() or "\0" in value or "/" in value:
            raise Invalid(
                f"A unit's code is a non-empty text without '/'; {value!r} was given.",
                zh=f"单位编码不能为空或含“/”：{value!r}。",
                code="unit.code",
            )
        if value == ENGINE:
            raise Invalid(
                f"No unit goes by the code {ENGINE!r}: the sweep acts under it.",
                zh=f"单位编码不得为“{ENGINE}”，那是系统自身的行为人。",
                code="actor.reserved",
            )

    def valid_on(self, day: date) -> bool:
        """Say whether the unit exists on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def __str__(self) -> str:
        return self.name


@frozen
class Actor(Value):
    """Who acts 行为人: a person of a unit, in posts, perhaps for somebody else."""

    id: str
    unit: str | None = field(default=None, kw_only=True)
    posts: tuple[str, ...] = field(default=(), converter=words, kw_only=True)
    acting_for: str | None = field(default=None, kw_only=True)

    @classmethod
    def of(cls, who: Actor | str) -> Actor:
        """Read a string as that unit, with the posts of nobody."""
        return who if isinstance(who, Actor) else cls(who, unit=who)

    @property
    def persons(self) -> frozenset[str]:
        """Everyone this act must be held against: oneself and one's principal."""
        return frozenset(filter(None, (self.id, self.acting_for)))


@frozen
class Directory:
    """Units and posts 单位名录, found by code, name or declared alias."""

    units: Mapping[str, Unit] = field(factory=dict)
    posts: tuple[Post, ...] = ()
    _names: Mapping[str, str] = field(init=False, eq=False, repr=False)

    @_names.default
    def _index(self) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for unit in self.units.values():
            for name in (unit.name, *unit.aliases):
                names.setdefault(name, unit.code)
        return {**names, **{code: code for code in self.units}}

    @classmethod
    def of(cls, units: Iterable[Unit], posts: Iterable[Post] = ()) -> Directory:
        """Gather units and posts, refusing what contradicts itself.

        Raises:
            Invalid: two units under one code or name, an unknown parent or
                successor, a post in no unit, a circle of parents.
        """
        by_code: dict[str, Unit] = {}
        owners: dict[str, str] = {}
        for unit in units:
            for name in {unit.code, unit.name, *unit.aliases}:
                other = owners.setdefault(name, unit.code)
                if other != unit.code or (name == unit.code and name in by_code):
                    raise Invalid(
                        f"Unit {unit.code!r}: {name!r} already means {other!r}.",
                        zh=f"单位{unit.code}：“{name}”已指{other}。",
                        code="unit.duplicate",
                    )
            by_code[unit.code] = unit
        made = cls(by_code, tuple(posts))
        made._check_links()
        return made

    def _check_links(self) -> None:
        for unit in self.units.values():
            for what, other in (("parent", unit.parent), ("successor", unit.successor)):
                if other is not None:
                    self.get(other, what=f"unit {unit.code!r}, {what}")
            seen = [unit.code]
            while (above := self.units[seen[-1]].parent) is not None:
                if above in seen:
                    circle = " → ".join([*seen, above])
                    raise Invalid(
                        f"Units stand above themselves: {circle}.",
                        zh=f"上级单位成环：{circle}。",
                        code="unit.circle",
                    )
                seen.append(above)
        for post in self.posts:
            self.get(post.unit, what=f"post {post.name!r}")

    def find(self, name: str) -> Unit | None:
        """Find a unit by code, name or alias."""
        code = self._names.get(name)
        return None if code is None else self.units[code]

    def get(self, name: str, *, what: str = "unit") -> Unit:
        """Find a unit, or say which name comes nearest.

        Raises:
            NotFound: with the nearest declared name.
        """
        unit = self.find(name)
        if unit is not None:
            return unit
        near = self.nearest(name)
        raise NotFound(
            f"{what}: there is no unit {name!r}"
            + (f"; the nearest is {near!r}." if near else "."),
            zh=f"没有单位“{name}”" + (f"，最接近的是“{near}”。" if near else "。"),
            code="unit.unknown",
        )

    def meant(self, actor: Actor) -> Actor:
        """Give an actor with its unit meant by code, however it was named."""
        unit = self.find(actor.unit) if actor.unit else None
        return actor if unit is None else evolve(actor, unit=unit.code)

    def nearest(self, name: str) -> str | None:
        """Name the declared word that lies nearest, for an error message only."""
        found = difflib.get_close_matches(name, self._names, n=1, cutoff=0.4)
        return found[0] if found else None

    def name(self, code: str) -> str:
        """Give the unit's name, or the code itself where it is not declared."""
        unit = self.units.get(code)
        return code if unit is None else unit.name

    def kind(self, code: str | None) -> str:
        """Give the unit's kind, or nothing."""
        unit = self.units.get(code or "")
        return "" if unit is None else unit.kind

    def above(self, code: str) -> tuple[str, ...]:
        """List the units over this one, nearest first."""
        found: list[str] = []
        unit = self.units.get(code)
        while unit is not None and unit.parent is not None and unit.parent not in found:
            found.append(unit.parent)
            unit = self.units.get(unit.parent)
        return tuple(found)

    def below(self, code: str) -> frozenset[str]:
        """Give this unit and every unit under it."""
        return frozenset(
            {code} | {u.code for u in self.units.values() if code in self.above(u.code)}
        )

    def holder(self, unit: str, post: str, day: date) -> Post | None:
        """Find who holds a post of a unit on a day."""
        for candidate in self.posts:
            if (candidate.unit, candidate.name) == (unit, post) and candidate.held_on(
                day
            ):
                return candidate
        return None

    def with_units(self, *units: Unit) -> Directory:
        """Give a directory in which these units stand as given."""
        return Directory.of(
            {**self.units, **{u.code: u for u in units}}.values(), self.posts
        )

    def with_posts(self, posts: Sequence[Post]) -> Directory:
        """Give a directory with these posts besides those it has."""
        names = {(p.unit, p.name, p.since) for p in posts}
        kept = [p for p in self.posts if (p.unit, p.name, p.since) not in names]
        return Directory.of(self.units.values(), [*kept, *posts])
