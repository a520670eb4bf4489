"""What an office can be extended with: named things of each kind, and who gave them.

A name means one thing. Two things under one name are refused with both origins; a
thing of another type is refused at the door, not when it is first used. Nothing here
loads, finds or calls a plugin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar, final

from attrs import field, frozen

from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.ledger import Ledger
from duban_flow.domain.policies.model import PolicyLike
from duban_flow.domain.policies.words import Word
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.workflow import Workflow
from duban_flow.engine.ports import Channel, Storage
from duban_flow.errors import Invalid, Reason

T = TypeVar("T")

StorageOpener = Callable[[str], Storage]
"""Opens a storage by its URL; registered under the URL's scheme."""

LedgerFormat = Callable[..., Ledger]
"""Reads a ledger; registered under the ending of its files, without the dot.

It is called as ``read(source, columns=…, fields=…)``: a path, bytes or text, headings
of the host's own with the columns they mean, and the columns that are fields of its
workflows.
"""

Renderer = Callable[[Circular], str]
"""Prints a circular; registered under the name of what it prints (html, markdown)."""


@frozen(kw_only=True)
class Point(Generic[T]):
    """A point of extension 扩展点: its hook, what fits, how a thing is called.

    ``named`` gives a thing's own name, or nothing where it has none.
    """

    kind: str
    wanted: str
    fits: Callable[[object], bool]
    named: Callable[[Any], str]

    @property
    def hook(self) -> str:
        """The hook through which things come."""
        return f"duban_register_{self.kind}"


@frozen(kw_only=True)
class Registration:
    """One thing that was registered, for `duban plugins`: by whom, how, from where.

    A plugin that registered nothing has one without ``hook`` and ``name``.
    """

    plugin: str
    hook: str = ""
    name: str = ""
    version: str = ""
    origin: str = ""


@frozen(kw_only=True)
class Entry:
    """A registered thing with its registration."""

    kind: str
    name: str
    thing: Any = field(eq=False)
    registration: Registration


@final
class Register(Generic[T]):
    """What a hook receives: call it once for each thing the plugin brings 登记.

    >>> from duban_flow.engine.ports import Sent
    >>> class Pager:
    ...     name = "pager"
    ...     def send(self, batch):
    ...         return [Sent() for _ in batch]
    >>> register = Register(POINTS["channels"], Registration(plugin="pagers"))
    >>> register(Pager())
    >>> [entry.name for entry in register.entries]
    ['pager']
    """

    def __init__(self, point: Point[T], source: Registration) -> None:
        self._point = point
        self._source = source
        self.entries: list[Entry] = []

    def __call__(self, thing: T, *, name: str = "") -> None:
        """Register a thing under its own name, or under *name*.

        Raises:
            Invalid: for a thing of another type, one without a name, or a name
                that the same plugin has given already.
        """
        point = self._point
        if not point.fits(thing):
            raise _refusal(
                "type",
                f"{point.hook}: {thing!r} was given, {point.wanted} was wanted.",
                f"{point.hook}：给的是{thing!r}，应为{point.wanted}。",
            )
        called = name or point.named(thing)
        if not called:
            raise _refusal(
                "name",
                f"{point.hook}: {thing!r} has no name; register(thing, name=…).",
                f"{point.hook}：{thing!r}没有名称，请用register(thing, name=…)。",
            )
        source = self._source
        made = Registration(
            plugin=source.plugin,
            hook=point.hook,
            name=called,
            version=source.version,
            origin=source.origin,
        )
        entry = Entry(kind=point.kind, name=called, thing=thing, registration=made)
        for earlier in self.entries:
            if earlier.name == called:
                raise twice(earlier, entry)
        self.entries.append(entry)


def _refusal(code: str, en: str, zh: str) -> Invalid:
    return Invalid(en, zh=zh, code=f"plugin.{code}")


def twice(earlier: Entry, later: Entry) -> Invalid:
    """Say that a name is taken, with both origins."""
    first, second = _source(earlier), _source(later)
    return _refusal(
        "duplicate",
        f"{later.registration.hook}: {later.name!r} of {second} "
        f"is already registered by {first}.",
        f"{later.registration.hook}：{second}的“{later.name}”已由{first}登记。",
    )


def _source(entry: Entry) -> str:
    made = entry.registration
    return f"{made.plugin} ({made.origin})" if made.origin else made.plugin


def _offers(thing: object, *methods: str) -> bool:
    return all(callable(getattr(thing, name, None)) for name in methods)


def _has_name(thing: object) -> bool:
    name = getattr(thing, "name", None)
    return isinstance(name, str) and bool(name)


def _name(thing: Any) -> str:
    return str(getattr(thing, "name", ""))


def _policy(thing: object) -> bool:
    version = getattr(thing, "version", None)
    return _has_name(thing) and isinstance(version, str) and _offers(thing, "rungs")


def _workflow(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, Workflow)


POINTS: Final[Mapping[str, Point[Any]]] = {
    point.kind: point
    for point in (
        Point[StorageOpener](
            kind="storages",
            wanted="a function from a URL to a Storage, with its scheme as name",
            fits=callable,
            named=lambda _: "",
        ),
        Point[Channel](
            kind="channels",
            wanted="an object with a name and send(batch)",
            fits=lambda thing: (
                _has_name(thing)
                and _offers(thing, "send")
                and not isinstance(thing, type)
            ),
            named=_name,
        ),
        Point[PolicyLike](
            kind="policies",
            wanted="an object with name, version and rungs(item, facts)",
            fits=lambda thing: _policy(thing) and not isinstance(thing, type),
            named=lambda policy: f"{policy.name}@{policy.version}",
        ),
        Point[Word](
            kind="conditions",
            wanted="a word made by @condition",
            fits=lambda thing: isinstance(thing, Word),
            named=_name,
        ),
        Point[type[Workflow]](
            kind="workflows",
            wanted="a subclass of Workflow",
            fits=_workflow,
            named=_name,
        ),
        Point[WorkCalendar](
            kind="calendars",
            wanted="a WorkCalendar",
            fits=lambda thing: isinstance(thing, WorkCalendar),
            named=_name,
        ),
        Point[LedgerFormat](
            kind="ledger_formats",
            wanted="a function that reads a ledger, with the files' ending as name",
            fits=callable,
            named=lambda _: "",
        ),
        Point[Renderer](
            kind="renderers",
            wanted="a function that prints a circular, with a name",
            fits=callable,
            named=lambda _: "",
        ),
    )
}
"""Every point of extension, by kind."""


@frozen(kw_only=True)
class Extensions:
    """Everything an office can use, by kind and name 扩展.

    Policies are under ``name@version``, as items pin them. ``problems`` names each
    distribution that was skipped, and why.
    """

    storages: Mapping[str, StorageOpener] = field(factory=dict)
    channels: Mapping[str, Channel] = field(factory=dict)
    policies: Mapping[str, PolicyLike] = field(factory=dict)
    conditions: Mapping[str, Word] = field(factory=dict)
    workflows: Mapping[str, type[Workflow]] = field(factory=dict)
    calendars: Mapping[str, WorkCalendar] = field(factory=dict)
    ledger_formats: Mapping[str, LedgerFormat] = field(factory=dict)
    renderers: Mapping[str, Renderer] = field(factory=dict)
    registrations: tuple[Registration, ...] = ()
    problems: tuple[Reason, ...] = ()

    @classmethod
    def of(
        cls,
        entries: Sequence[Entry],
        *,
        idle: Sequence[Registration] = (),
        problems: Sequence[Reason] = (),
    ) -> Extensions:
        """Sort entries by kind; of each kind and name there is one by now."""
        by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in POINTS}
        for entry in entries:
            by_kind[entry.kind][entry.name] = entry.thing
        return cls(
            registrations=(*(entry.registration for entry in entries), *idle),
            problems=tuple(problems),
            **by_kind,
        )

    def rows(self) -> tuple[Registration, ...]:
        """List every plugin with its hooks, names, version and origin."""
        return self.registrations

    def origin(self, kind: str, name: str) -> str:
        """Say where a thing came from, or nothing where there is none."""
        hook = POINTS[kind].hook
        for made in self.registrations:
            if (made.hook, made.name) == (hook, name):
                return made.origin
        return ""
