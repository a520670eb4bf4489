"""What the actions of supervision carry, and what each does to the item.

A payload is a frozen value. ``effect`` gives the item after the event; ``facts``
gives the facts after it. Both are pure: the same events always fold to the same item.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Final, Literal

from attrs import Attribute, evolve, field, frozen

from duban_flow.domain.case import Facts
from duban_flow.domain.codec import Value
from duban_flow.domain.events import Event
from duban_flow.domain.instants import earliest, latest
from duban_flow.domain.items import (
    Act,
    Item,
    NewItem,
    Party,
    Source,
    Submission,
)
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Actor, Role
from duban_flow.errors import Invalid


def not_empty(payload: object, attribute: Attribute[str], value: str) -> None:
    """Insist on a text that says something; for a payload's field.

    Raises:
        Invalid: where it is empty, naming the payload and the field.
    """
    if not value.strip():
        what = f"{type(payload).__name__.lower()}: {attribute.name}"
        zh = f"缺少{_FIELDS.get(attribute.name, what)}。"
        raise Invalid(f"{what} is wanted.", zh=zh, code="payload.empty")


_FIELDS: Final = {"reason": "理由", "text": "内容"}


@frozen
class Acknowledge(Value):
    """A unit takes the matter in hand 签收."""

    def effect(self, item: Item, event: Event) -> Item:
        """Mark the item as started."""
        return evolve(item, started=True)


@frozen(kw_only=True)
class Report(Value):
    """A unit reports progress 反馈; ``content`` names what came in, as ``plan``."""

    progress: int | None = None
    note: str = ""
    at_risk: bool | None = None
    content: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.progress is not None and not 0 <= self.progress <= 100:
            raise Invalid(
                f"report: progress is 0 to 100 percent; {self.progress} was given.",
                zh=f"反馈进度应为0至100，不能是{self.progress}。",
                code="report.progress",
            )

    def effect(self, item: Item, event: Event) -> Item:
        """Keep the progress, note and forecast of the latest time told of."""
        told = latest(event.effective_at)
        if item.reported_at is not None and told < item.reported_at:
            return evolve(item, started=True)
        return evolve(
            item,
            started=True,
            reported_at=told,
            progress=item.progress if self.progress is None else self.progress,
            note=self.note or item.note,
            at_risk=item.at_risk if self.at_risk is None else self.at_risk,
        )

    def facts(self, facts: Facts, event: Event) -> Facts:
        """Keep which content has come in."""
        said = ["progress"] if self.progress is not None else []
        said += [self.content] if self.content else []
        new = tuple(word for word in said if word not in facts.received)
        return evolve(facts, received=(*facts.received, *new))


@frozen(kw_only=True)
class Submit(Value):
    """A unit says it is done 报结 and asks for closing."""

    note: str = ""

    def effect(self, item: Item, event: Event) -> Item:
        """Keep who submitted and when, until it is answered."""
        unit = event.actor_unit or event.actor
        return evolve(
            item,
            started=True,
            submitted=Submission(unit=unit, at=event.effective_at),
        )


@frozen(kw_only=True)
class SendBack(Value):
    """A submit is not accepted 退回重办; each round has a limit of its own.

    ``term`` is the new round's, else the unit's own term runs anew; the item's due
    stays where it is.
    """

    starts_clock: ClassVar[bool] = True

    reason: str = field(validator=not_empty)
    term: Term | None = None

    def effect(self, item: Item, event: Event) -> Item:
        """Answer the submit, count the return and start the unit's clock again.

        Told late, it does not set back a clock that was started since.
        """
        unit = item.submitted.unit if item.submitted else ""
        at = latest(event.effective_at)
        parties = {
            role: tuple(
                evolve(p, rework=self.term, runs_from=at)
                if p.unit == unit and (p.runs_from is None or p.runs_from <= at)
                else p
                for p in several
            )
            for role, several in item.parties.items()
        }
        return evolve(item, submitted=None, returned=item.returned + 1, parties=parties)


@frozen(kw_only=True)
class Decline(Value):
    """A unit says the matter is not its duty 退回(非本单位职责)."""

    reason: str = field(validator=not_empty)

    def effect(self, item: Item, event: Event) -> Item:
        """Keep who declined, until the supervising unit rules."""
        return evolve(item, declined_by=event.actor_unit or event.actor)


@frozen(kw_only=True)
class Reassign(Value):
    """Another unit takes a role 改派; ``ruled`` forbids it to decline.

    The party that leaves keeps its time: when it came and when it went. Of several in
    the role ``replacing`` says which one leaves; with ``adding`` none does.
    """

    starts_clock: ClassVar[bool] = True

    unit: str
    role: Role = Role.RESPONSIBLE
    replacing: str | None = None
    term: Term | None = None
    ruled: bool = False
    adding: bool = False
    reason: str = ""

    def given_to(self, item: Item, facts: Facts, actor: Actor) -> Reassign:
        """Insist on knowing who leaves the role, and that there is somebody to come.

        Raises:
            Invalid: several are in the role and none is named, one that is there
                already is added, or one is both added and to take a place.
        """
        there = item.units(self.role)
        if self.adding and (self.replacing is not None or self.unit in there):
            raise Invalid(
                f"Item {item.code}: reassign: {self.unit} is added to "
                f"{', '.join(there)}; it replaces nobody and is not there yet.",
                zh=f"事项{item.code}：增加{self.role.zh}时不得同时替换，"
                f"也不得重复增加{self.unit}。",
                code="reassign.adding",
            )
        if not self.adding and self.replacing is None and len(there) > 1:
            raise Invalid(
                f"Item {item.code}: reassign: {self.role} are {', '.join(there)}; "
                "replacing= or adding= says which of them is meant.",
                zh=f"事项{item.code}有{len(there)}个{self.role.zh}"
                f"（{'、'.join(there)}），请注明替换哪一个，或注明为增加。",
                code="reassign.which",
            )
        return self

    def effect(self, item: Item, event: Event) -> Item:
        """Put the new party in the old one's place, or beside the others."""
        at = earliest(event.effective_at)
        now_in = item.parties.get(self.role, ())
        gone = [
            p for p in now_in if not self.adding and self.replacing in (None, p.unit)
        ]
        if self.replacing is not None and not gone:
            raise Invalid(
                f"Item {item.code}: reassign: {self.replacing!r} is not {self.role}.",
                zh=f"事项{item.code}：{self.replacing}不是{self.role.zh}。",
                code="reassign.replacing",
            )
        stayed = tuple(p for p in now_in if p not in gone and p.unit != self.unit)
        new = Party(self.unit, term=self.term, since=at, ruled=self.ruled)
        past = tuple((self.role, evolve(p, until=at)) for p in gone)
        return evolve(
            item,
            parties={**item.parties, self.role: (*stayed, new)},
            past_parties=(*item.past_parties, *past),
            declined_by="",
        )


@frozen(kw_only=True)
class TransferOut(Value):
    """The matter goes to another authority 移交."""

    to: str
    reason: str = ""


@frozen(kw_only=True)
class Hold(Value):
    """The matter is kept stable instead of solved 稳控."""

    reason: str = field(validator=not_empty)

    def effect(self, item: Item, event: Event) -> Item:
        """Mark the item as held."""
        return evolve(item, held=True)


@frozen(kw_only=True)
class Release(Value):
    """Holding ends 解除稳控."""

    reason: str = ""

    def effect(self, item: Item, event: Event) -> Item:
        """Unmark the item."""
        return evolve(item, held=False)


@frozen(kw_only=True)
class Withdraw(Value):
    """The matter is taken back 撤销."""

    reason: str = field(validator=not_empty)


@frozen(kw_only=True)
class Close(Value):
    """The matter is closed 办结/销号; a submit that waits is thereby accepted."""

    reason: str = field(validator=not_empty)


@frozen(kw_only=True)
class Reopen(Value):
    """A closed matter is taken up again 重新办理; what it is due by does not change.

    Only where its calendar has a later edition by now, which moves open matters alone,
    is due reckoned by that.
    """

    moves: ClassVar[bool] = True

    reason: str = field(validator=not_empty)

    def effect(self, item: Item, event: Event) -> Item:
        """Forget the closing; the log keeps it."""
        return evolve(item, closing=None, submitted=None)


def _several(given: Iterable[NewItem]) -> tuple[NewItem, ...]:
    return tuple(given)


@frozen(kw_only=True)
class Decompose(Value):
    """The matter is split into parts 分解; ``needs`` says how many must be done."""

    items: tuple[NewItem, ...] = field(converter=_several)
    needs: Literal["all"] | int = "all"

    def __attrs_post_init__(self) -> None:
        codes = [new.code for new in self.items]
        if not codes or len(set(codes)) != len(codes):
            raise Invalid(
                f"decompose wants parts with codes of their own; {codes} were given.",
                zh=f"分解须列出编号各不相同的子项：{codes}。",
                code="decompose.parts",
            )
        if isinstance(self.needs, int) and not 1 <= self.needs <= len(codes):
            raise Invalid(
                f"decompose: {self.needs} of {len(codes)} parts is not possible.",
                zh=f"分解：{len(codes)}个子项中须办结{self.needs}个，不合理。",
                code="decompose.needs",
            )

    def effect(self, item: Item, event: Event) -> Item:
        """Keep how many parts must be done."""
        return evolve(item, needs=self.needs, started=True)


@frozen(kw_only=True)
class Amend(Value):
    """A slip of the pen is put right 更正, with its reason; never a date or a party."""

    reason: str = field(validator=not_empty)
    title: str | None = None
    category: str | None = None
    source: Source | None = None
    priority: str | None = None
    labels: tuple[str, ...] | None = None
    subject: str | None = None

    def effect(self, item: Item, event: Event) -> Item:
        """Replace what was given."""
        return evolve(
            item,
            title=item.title if self.title is None else self.title,
            category=item.category if self.category is None else self.category,
            source=self.source or item.source,
            priority=item.priority if self.priority is None else self.priority,
            labels=item.labels if self.labels is None else self.labels,
            subject=item.subject if self.subject is None else self.subject,
        )


@frozen(kw_only=True)
class Note(Value):
    """Something worth writing down 备注."""

    text: str = field(validator=not_empty)


@frozen(kw_only=True)
class Lapse(Value):
    """The deadline has passed 逾期: recorded by the sweep, effective when due."""


@frozen(kw_only=True)
class Sanctioned(Value):
    """A sanction was issued that cites the item 下发问责措施."""

    sanction: str
    kind: str
    kind_name: str = ""
    unit: str = ""

    def effect(self, item: Item, event: Event) -> Item:
        """Let it stand on the item."""
        return evolve(
            item, acts=(*item.acts, Act(sanction=self.sanction, action=event.action))
        )


@frozen(kw_only=True)
class Revoke(Value):
    """A sanction that cites the item was revoked 撤销问责措施."""

    sanction: str
    reason: str = field(validator=not_empty)

    def effect(self, item: Item, event: Event) -> Item:
        """Let it stand no longer."""
        left = tuple(a for a in item.acts if a.sanction != self.sanction)
        return evolve(item, acts=left)


@frozen(kw_only=True)
class Quarantine(Value):
    """The item could not be judged 隔离: set aside with what was raised."""

    error: str
    until: datetime
    times: int

    def effect(self, item: Item, event: Event) -> Item:
        """Count how often it was set aside."""
        return evolve(item, quarantined=self.times)


@frozen(kw_only=True)
class Unquarantine(Value):
    """A person lets the item be judged again 解除隔离."""

    reason: str = field(validator=not_empty)

    def effect(self, item: Item, event: Event) -> Item:
        """Forget the count."""
        return evolve(item, quarantined=0)
