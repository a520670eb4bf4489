"""What a policy file may refer to: words, kinds, and what the office knows of.

Where the office says nothing of its units, actions or categories, those are not
checked; where it does, a name it does not have is refused with the nearest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from attrs import field, frozen

from duban_flow.domain.policies.grammar import parse_condition
from duban_flow.domain.policies.model import Condition
from duban_flow.domain.policies.vocabulary import STANDARD, Vocabulary
from duban_flow.domain.units import Directory
from duban_flow.formats.toml_table import Table


@frozen(kw_only=True)
class Known:
    """What a policy may refer to: words, kinds, and what the office knows of."""

    vocabulary: Vocabulary = STANDARD
    kinds: Mapping[str, Any] = field(factory=dict)
    directory: Directory | None = None
    actions: Collection[str] | None = None
    categories: Collection[str] | None = None

    def unit(self, table: Table, key: str, name: str, code: str) -> None:
        """Refuse a unit or body that the directory does not have."""
        if self.directory is not None and self.directory.find(name) is None:
            table.fault(
                code,
                key,
                f"the directory has no unit {name!r}",
                f"单位名录中没有“{name}”",
                said=name,
                wanted=self.directory.nearest(name),
            )

    def condition(self, table: Table, key: str, said: str) -> Condition | None:
        """Read a condition, and refuse a kind or category in it that there is not."""
        made = table.parsed(
            key,
            said,
            partial(parse_condition, vocabulary=self.vocabulary),
            "policy.condition",
        )
        if made is None:
            return None
        word = self.vocabulary[made.fact]
        fits = True
        for parameter, argument in zip(word.parameters, made.arguments, strict=False):
            if parameter.content == "kind":
                fits &= table.known(key, argument, self.kinds, "policy.kind", "kind")
        if made.fact == "category" and self.categories is not None:
            for category in made.words:
                fits &= table.known(
                    key, category, self.categories, "policy.category", "category"
                )
        return made if fits else None
