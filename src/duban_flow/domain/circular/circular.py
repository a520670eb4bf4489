"""A circular 通报 as a value: what its readers, its renderers and its check need.

It asks nobody. Its text names its figures in braces: a number typed into it by hand
is found by :meth:`Circular.reconcile`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property

from attrs import field, frozen

from duban_flow.domain.circular.contents import (
    BLOCKS,
    RELATIONS,
    Content,
    Relation,
    Section,
    figures_of,
    gathered,
    names_in,
    walk,
)
from duban_flow.domain.circular.fault import Reconciliation
from duban_flow.domain.circular.figure import Figure, Figures
from duban_flow.domain.circular.reconcile import Printed, reconcile
from duban_flow.domain.circular.relations import texts
from duban_flow.domain.circular.shares import Shares
from duban_flow.domain.codec import Value
from duban_flow.domain.policies.words import nearest
from duban_flow.errors import Invalid, Problem

_CONTENTS = (Figure, Section, *RELATIONS, *BLOCKS)


@frozen
class Circular(Value):
    """A circular 通报: a title, and figures, relations, blocks and sections under it.

    ``quoted`` are words taken from the record as they are, such as titles of matters:
    a number inside them is no figure.

    Raises:
        Invalid: for two figures of one name, or a relation, text or bar that names
            a figure which is not there; every such problem at once.

    >>> from duban_flow.domain.circular.relations import Sum
    >>> told = Circular("通报", [
    ...     Figure("all", 43, "件"), Figure("done", 16, "件"), Figure("open", 28, "件"),
    ...     Sum("all", ["done", "open"]),
    ... ])
    >>> [(fault.said, fault.follows) for fault in told.reconcile()]
    [('43件', '44件')]
    """

    title: str
    contents: tuple[Content, ...] = field(default=(), converter=gathered)
    issuer: str = field(default="", kw_only=True)
    number: str = field(default="", kw_only=True)
    addressee: str = field(default="", kw_only=True)
    issued_on: date | None = field(default=None, kw_only=True)
    closing: str = field(default="", kw_only=True)
    quoted: tuple[str, ...] = field(default=(), converter=texts, kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = list(_problems(self.contents))
        if problems:
            raise Invalid("", *problems)

    @cached_property
    def figures(self) -> Figures:
        """Its figures by name: ``figures["done"]``, ``figures.done``."""
        return Figures(figures_of(self.contents))

    @property
    def relations(self) -> tuple[Relation, ...]:
        """What must hold between its figures, in the order of its sections."""
        found = (content for content, _ in walk(self.contents))
        return tuple(content for content in found if isinstance(content, RELATIONS))

    @property
    def sections(self) -> tuple[Section, ...]:
        """Its sections, without those inside them."""
        return tuple(c for c in self.contents if isinstance(c, Section))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must be told beside the text: rounding, and what is unsure."""
        closed = [r.note for r in self.relations if isinstance(r, Shares) and r.note]
        unsure = [
            f"{f.label or f.name}另有{f.unsure}件事实不明，未计入。"
            for f in self.figures.values()
            if f.unsure
        ]
        return (*closed, *unsure)

    def reconcile(self, text: str | None = None) -> Reconciliation:
        """Check every relation, every figure, the text, and a text it was printed in.

        Without *text* its own paragraphs, tables and bars are read: a number typed
        into them, with a unit that the circular counts in, must be a figure's. With
        *text*, Markdown or HTML, the same is asked of that, and where the text says
        what the circular says, each number must be the very figure that belongs there.
        """
        return reconcile(self._printed, text)

    @property
    def _printed(self) -> Printed:
        words = [self.title, self.issuer, self.addressee, self.closing]
        return Printed(
            figures=self.figures,
            contents=self.contents,
            words=tuple(filter(None, words)),
            quoted=self.quoted,
        )


def _problems(contents: Iterable[Content]) -> Iterator[Problem]:
    """Name contents that are none, figures of one name, and names of no figure."""
    every = [content for content, _ in walk(contents)]
    names: set[str] = set()
    for content in every:
        if not isinstance(content, _CONTENTS):
            yield Problem(
                code="circular.content",
                en=f"{content!r} is not something that stands in a circular.",
                zh=f"通报内容不能是{content!r}。",
            )
        elif isinstance(content, Figure):
            if content.name in names:
                yield Problem(
                    code="figure.duplicate",
                    en=f"Two figures are called {content.name!r}.",
                    zh=f"有两个数字都叫“{content.name}”。",
                )
            names.add(content.name)
    for content in every:
        if isinstance(content, _CONTENTS):
            yield from _unknown(content, names)


def _unknown(content: Content, names: set[str]) -> Iterator[Problem]:
    for name in names_in(content):
        if name in names:
            continue
        near = nearest(name, names)
        what = type(content).__name__
        yield Problem(
            code="figure.unknown",
            en=f"{what} names {name!r}, which is no figure of this circular"
            + (f"; the nearest is {near!r}" if near else ""),
            zh=f"{what}提到的“{name}”不是本通报的数字"
            + (f"，最接近的是“{near}”" if near else ""),
        )
