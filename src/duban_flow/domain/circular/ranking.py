"""A ranking 排名: standard competition ranks, 1, 2, 3, 3, 5.

Equal scores share a rank and the next rank is left out. Ranks are checked against each
other, and against the scores where the circular prints them.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal

from attrs import field, frozen

from duban_flow.domain.circular.fault import Fault
from duban_flow.domain.circular.figure import Figures
from duban_flow.domain.circular.relations import Operand, twice
from duban_flow.domain.quantities import optional_number
from duban_flow.errors import Invalid


@frozen
class Place:
    """One subject's rank, and its score where that is printed 名次."""

    rank: int
    who: str
    score: Decimal | None = field(default=None, converter=optional_number)

    def __str__(self) -> str:
        return f"第{self.rank}名{self.who}"


def competition_ranks(
    scores: Iterable[Decimal], *, ascending: bool = False
) -> tuple[int, ...]:
    """Rank scores, the highest first unless *ascending*; ties share a rank.

    >>> competition_ranks([Decimal(s) for s in (90, 80, 70, 70, 60)])
    (1, 2, 3, 3, 5)
    """
    several = [score if ascending else -score for score in scores]
    return tuple(1 + sum(other < one for other in several) for one in several)


def _places(given: Iterable[Any]) -> tuple[Place, ...]:
    """Read places as people write them: ``(rank, who)`` or ``(rank, who, score)``.

    ``who`` may be several, who share the rank and the score.

    Raises:
        Invalid: for a rank that is no whole number from 1 on.
    """
    made = []
    for entry in given:
        rank, who, *score = (
            (entry.rank, entry.who, entry.score) if isinstance(entry, Place) else entry
        )
        if not isinstance(rank, int) or isinstance(rank, bool) or rank < 1:
            raise Invalid(
                f"A rank is a whole number from 1 on; {rank!r} was given for {who!r}.",
                zh=f"名次应为正整数，{who}的名次写作{rank!r}。",
                code="ranking.rank",
            )
        several = [who] if isinstance(who, str) else who
        made += [Place(rank, one, *score) for one in several]
    return tuple(made)


@frozen
class Ranking:
    """Ranks, each with who holds it and perhaps the score 排名.

    ``cohort`` says how many were ranked where only some are printed.
    """

    name: str
    entries: tuple[Place, ...] = field(converter=_places)
    cohort: int | None = field(default=None, kw_only=True)
    order: Literal["highest", "lowest"] = field(default="highest", kw_only=True)

    @property
    def named(self) -> tuple[Operand, ...]:
        """It speaks of no figure by name."""
        return ()

    def check(self, figures: Figures) -> tuple[Fault, ...]:
        """Compare every rank with those before it, and with the scores."""
        del figures  # what a ranking must hold stands in its own entries
        by_score = self._wanted_by_score()
        wanted = by_score or self._wanted_by_rank()
        faults = [
            self._fault(place, want, by_score=bool(by_score))
            for place, want in zip(self.entries, wanted, strict=True)
            if place.rank != want
        ]
        return (*faults, *twice(self.name, (place.who for place in self.entries)))

    def _wanted_by_score(self) -> tuple[int, ...]:
        """Give the ranks that the scores ask for; none where one has no score."""
        scores = [place.score for place in self.entries if place.score is not None]
        if len(scores) < len(self.entries) or self.cohort is not None:
            return ()
        return competition_ranks(scores, ascending=self.order == "lowest")

    def _wanted_by_rank(self) -> tuple[int, ...]:
        """Give the ranks that the number of those before asks for.

        In part of a cohort ranks may be left out, but not taken by those before.
        """
        wanted: dict[int, int] = {}
        taken = 0
        for rank in sorted({place.rank for place in self.entries}):
            tied = sum(place.rank == rank for place in self.entries)
            first = taken + 1
            if self.cohort is not None:
                first = max(first, min(rank, self.cohort - tied + 1))
            wanted[rank] = first
            taken = first + tied - 1
        return tuple(wanted[place.rank] for place in self.entries)

    def _fault(self, place: Place, want: int, *, by_score: bool) -> Fault:
        score = f"（得分{place.score}）" if by_score else ""
        scored = f", whose score is {place.score}," if by_score else ""
        before = f"其前有{want - 1}个"
        return Fault(
            code="ranking.rank",
            figure=self.name,
            said=str(place.rank),
            follows=str(want),
            en=f"{self.name}: {place.who}{scored} is said to be number {place.rank}, "
            f"but {want - 1} stand before it, so it is number {want}.",
            zh=f"“{self.name}”：{place.who}{score}写作第{place.rank}名，而{before}，应为第{want}名。",
        )

    def __str__(self) -> str:
        return f"{self.name}：{len(self.entries)}个名次"
