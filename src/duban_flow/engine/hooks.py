"""The hooks of duban_flow, and how plugins are gathered; the only user of pluggy.

A plugin is any object with methods marked :data:`hookimpl`: a module, or an instance
of a class. Every hook receives a ``register`` to be called once for each thing, and
may ask for ``options`` (a mapping by plugin, as the host gave it) as well.

Plugins are explicit: none that is merely installed is loaded unless it was asked for.
A fault in what the host handed over is raised; a distribution with a fault is named
among the problems and skipped whole, and the others go on.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from inspect import getattr_static, isroutine, signature
from typing import Any, Final, Literal, TypeVar

import pluggy
from attrs import evolve, frozen

from duban_flow.domain.policies.model import PolicyLike
from duban_flow.domain.policies.words import Word
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.workflow import Workflow
from duban_flow.engine.extensions import (
    POINTS,
    Entry,
    Extensions,
    LedgerFormat,
    Register,
    Registration,
    Renderer,
    StorageOpener,
    twice,
)
from duban_flow.engine.ports import Channel
from duban_flow.errors import DubanError, Invalid, Reason

GROUP: Final = "duban_flow"
"""The entry-point group in which a distribution names its plugin."""

BUILT_IN: Final = "built-in"
GIVEN: Final = "given"

Options = Mapping[str, Mapping[str, Any]]
"""What the host tells its plugins: by plugin, then by the plugin's own words."""

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)
"""Marks a function or method of a plugin as its answer to a hook."""


class Hooks:
    """Every hook there is 钩子; each is called once for each office, as it opens."""

    @hookspec
    def duban_register_storages(
        self, register: Register[StorageOpener], options: Options
    ) -> None:
        """Register functions that open a storage by URL, under the URL's scheme.

        ``register(open_oracle, name="oracle")`` makes ``Office.open("oracle://…")``
        call ``open_oracle(url)``.
        """

    @hookspec
    def duban_register_channels(
        self, register: Register[Channel], options: Options
    ) -> None:
        """Register channels that are ready to send.

        A channel that wants an address or a password takes it from ``options``; a
        plugin that finds none registers nothing.
        """

    @hookspec
    def duban_register_policies(
        self, register: Register[PolicyLike], options: Options
    ) -> None:
        """Register policies; several versions under one name may stand together."""

    @hookspec
    def duban_register_conditions(
        self, register: Register[Word], options: Options
    ) -> None:
        """Register words for conditions of policies, as ``@condition`` makes them."""

    @hookspec
    def duban_register_workflows(
        self, register: Register[type[Workflow]], options: Options
    ) -> None:
        """Register workflows, as classes."""

    @hookspec
    def duban_register_calendars(
        self, register: Register[WorkCalendar], options: Options
    ) -> None:
        """Register working calendars, under the name items refer to."""

    @hookspec
    def duban_register_ledger_formats(
        self, register: Register[LedgerFormat], options: Options
    ) -> None:
        """Register readers of ledgers, under the ending of their files (``ods``)."""

    @hookspec
    def duban_register_renderers(
        self, register: Register[Renderer], options: Options
    ) -> None:
        """Register printers of circulars, under the name of what they print."""


T = TypeVar("T")


@frozen(eq=False, kw_only=True)
class Handed:
    """Objects that a host handed over, as a plugin like any other.

    ``Handed(channels=[Pager()])`` answers ``duban_register_channels`` with the pager.
    """

    channels: Sequence[Channel] = ()
    policies: Sequence[PolicyLike] = ()
    conditions: Sequence[Word] = ()
    workflows: Sequence[type[Workflow]] = ()
    calendars: Sequence[WorkCalendar] = ()

    @hookimpl
    def duban_register_channels(self, register: Register[Channel]) -> None:
        """Register the channels handed over."""
        _each(register, self.channels)

    @hookimpl
    def duban_register_policies(self, register: Register[PolicyLike]) -> None:
        """Register the policies handed over."""
        _each(register, self.policies)

    @hookimpl
    def duban_register_conditions(self, register: Register[Word]) -> None:
        """Register the conditions handed over."""
        _each(register, self.conditions)

    @hookimpl
    def duban_register_workflows(self, register: Register[type[Workflow]]) -> None:
        """Register the workflows handed over."""
        _each(register, self.workflows)

    @hookimpl
    def duban_register_calendars(self, register: Register[WorkCalendar]) -> None:
        """Register the calendars handed over."""
        _each(register, self.calendars)


def _each(register: Register[T], things: Iterable[T]) -> None:
    for thing in things:
        register(thing)


@frozen(eq=False)
class _Seat:
    """A plugin with where it came from, and the methods of it that may be hooks."""

    plugin: object
    source: Registration

    def methods(self) -> Mapping[str, Any]:
        """Find what is marked, and what is called like a hook; runs no property."""
        found = {}
        for name in dir(self.plugin):
            if isinstance(getattr_static(self.plugin, name, None), property):
                continue
            made = getattr(self.plugin, name, None)
            hooked = _mark(made) is not None or name.startswith("duban_register_")
            if isroutine(made) and hooked:
                found[name] = made
        return found


class _Face:
    """Stands in for a plugin before pluggy, which compares plugins by ``==``."""

    def __init__(self, methods: Mapping[str, Any]) -> None:
        vars(self).update(methods)


def gather(
    *given: object,
    builtins: Iterable[object] = (),
    plugins: Literal["installed"] | Iterable[str] = (),
    options: Options | None = None,
) -> Extensions:
    """Ask built-ins, the plugins given and those installed what they bring.

    ``plugins`` opens the entry points of all distributions (``"installed"``) or of
    those named. What is given may replace what is built in; any other name that is
    taken is refused.

    Raises:
        Invalid: with every fault of what was given, or for a named distribution
            that is not installed.
    """
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(Hooks)
    entries: dict[tuple[str, str], Entry] = {}
    idle: list[Registration] = []
    faults: list[Reason] = []
    seats = [*_seats(builtins, BUILT_IN), *_seats(given, GIVEN)]
    found, problems = _installed(plugins)
    for seat in _once([*seats, *found]):
        brought, wrong = _ask(manager, seat, options or {})
        wrong += _taken(entries, brought)
        if wrong:
            explicit = seat.source.origin in {BUILT_IN, GIVEN}
            (faults if explicit else problems).extend(wrong)
            continue
        entries |= {(entry.kind, entry.name): entry for entry in brought}
        if not brought:
            idle.append(seat.source)
    if faults:
        raise Invalid("", *faults)
    return Extensions.of(list(entries.values()), idle=idle, problems=problems)


def _seats(plugins: Iterable[object], origin: str) -> Iterator[_Seat]:
    for plugin in plugins:
        version = str(getattr(plugin, "__version__", ""))
        yield _Seat(
            plugin,
            Registration(plugin=_called(plugin), version=version, origin=origin),
        )


def _called(plugin: object) -> str:
    """Give a module's name, else that of the class, with its module."""
    own = getattr(plugin, "__name__", "")
    if own:
        return str(own)
    kind = type(plugin)
    return f"{kind.__module__}.{kind.__qualname__}"


def _once(seats: Iterable[_Seat]) -> Iterator[_Seat]:
    """Leave out a plugin that has been seen: handed over and installed as well."""
    seen: set[int] = set()
    for seat in seats:
        if id(seat.plugin) not in seen:
            seen.add(id(seat.plugin))
            yield seat


def _ask(
    manager: pluggy.PluginManager, seat: _Seat, options: Options
) -> tuple[list[Entry], list[Reason]]:
    """Call each hook of one plugin by itself, and keep what it registers."""
    try:
        methods = seat.methods()
    except Exception as fault:  # noqa: BLE001 # a plugin's attributes are its own code
        return [], [_raised(seat, "register", fault)]
    face = _Face(methods)
    wrong = list(_misnamed(seat, methods)) or _seated(manager, seat, face)
    if wrong:
        return [], wrong
    brought: list[Entry] = []
    for caller in manager.get_hookcallers(face) or ():
        point = POINTS[caller.name.removeprefix("duban_register_")]
        register = Register(point, seat.source)
        offered = {"register": register, "options": options}
        for made in caller.get_hookimpls():
            if made.plugin is face:
                wrong += _call(seat, made, offered)
        brought += register.entries
    return brought, wrong


def _call(
    seat: _Seat, made: pluggy.HookImpl, offered: Mapping[str, Any]
) -> list[Reason]:
    try:
        made.function(*[offered[name] for name in made.argnames])
    except DubanError as refused:
        return [_about(seat, reason) for reason in refused.reasons]
    except Exception as fault:  # noqa: BLE001 # a plugin may raise anything
        return [_raised(seat, made.function.__name__, fault)]
    return []


def _seated(manager: pluggy.PluginManager, seat: _Seat, face: _Face) -> list[Reason]:
    """Register a plugin with pluggy, unless its hooks want what none offers."""
    try:
        manager.register(face, name=str(id(face)))
    except pluggy.PluginValidationError as fault:
        said = str(fault).replace("\n", " ")
        return [_refused(seat, said, f"钩子的参数不符：{said}")]
    manager.check_pending()
    return []


def _misnamed(seat: _Seat, methods: Mapping[str, Any]) -> Iterator[Reason]:
    """Find hooks that pluggy would pass over in silence, or find only when called."""
    for name, made in methods.items():
        marked = _mark(made)
        if not hasattr(Hooks, name):
            yield _no_hook(seat, name)
        elif marked is None:
            en, zh = f"{name} is not marked @hookimpl.", f"{name}没有标注@hookimpl。"
            yield _refused(seat, en, zh)
        elif marked.get("wrapper") or marked.get("hookwrapper"):
            en = f"{name}: a hook that registers is not wrapped."
            yield _refused(seat, en, f"{name}：登记用的钩子不能包装。")
        elif isinstance(seat.plugin, type) and "self" in signature(made).parameters:
            en = f"{name}: an instance was wanted, not the class."
            yield _refused(seat, en, f"{name}：应给实例，不是类。")
    if not methods:
        yield _refused(seat, "it answers no hook.", "没有实现任何钩子。")


def _mark(made: object) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = getattr(made, f"{GROUP}_impl", None)
    return found


def _no_hook(seat: _Seat, name: str) -> Reason:
    hooks = [point.hook for point in POINTS.values()]
    near = difflib.get_close_matches(name, hooks, n=1)
    tail = (f"; the nearest is {near[0]!r}.", f"，最接近的是“{near[0]}”。")
    en, zh = tail if near else (".", "。")
    return _refused(seat, f"there is no hook {name!r}{en}", f"没有钩子“{name}”{zh}")


def _taken(
    entries: Mapping[tuple[str, str], Entry], brought: list[Entry]
) -> list[Reason]:
    """Refuse names that are taken; what is given may replace what is built in."""
    wrong: list[Reason] = []
    for entry in brought:
        earlier = entries.get((entry.kind, entry.name))
        if earlier is None:
            continue
        origins = earlier.registration.origin, entry.registration.origin
        if origins != (BUILT_IN, GIVEN):
            wrong += twice(earlier, entry).reasons
    return wrong


def _installed(
    plugins: Literal["installed"] | Iterable[str],
) -> tuple[list[_Seat], list[Reason]]:
    """Load the entry points asked for; a distribution that cannot be is a problem."""
    points = sorted(entry_points(group=GROUP), key=lambda p: (_owner(p), p.name))
    if isinstance(plugins, str):
        if plugins != "installed":
            raise Invalid("", _no_list(plugins))
    else:
        allowed = {_normal(name): name for name in plugins}
        there = {_owner(point) for point in points}
        missing = [said for name, said in allowed.items() if name not in there]
        if missing:
            raise Invalid("", *(_missing(said, there) for said in missing))
        points = [point for point in points if _owner(point) in allowed]
    seats: list[_Seat] = []
    problems: list[Reason] = []
    for point in points:
        try:
            seats.append(_loaded(point))
        except Exception as fault:  # noqa: BLE001 # importing it runs its code
            problems.append(_broken(point, fault))
    return seats, problems


def _loaded(point: EntryPoint) -> _Seat:
    plugin = point.load()
    version = point.dist.version if point.dist else ""
    origin = f"{_owner(point)} {version}".strip()
    source = Registration(plugin=_called(plugin), version=version, origin=origin)
    return _Seat(plugin, source)


def _owner(point: EntryPoint) -> str:
    return _normal(point.dist.name) if point.dist else ""


def _normal(distribution: str) -> str:
    """Write a distribution's name as all its spellings compare."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _no_list(said: str) -> Reason:
    return Reason(
        code="plugin.list",
        en=f'plugins: {said!r} was given; "installed" or a list of distributions '
        "was wanted.",
        zh=f"plugins：给的是“{said}”，应为“installed”或发行包名称的列表。",
    )


def _missing(said: str, there: Iterable[str]) -> Reason:
    near = difflib.get_close_matches(_normal(said), list(there), n=1)
    tail = (f"; the nearest is {near[0]!r}.", f"，最接近的是“{near[0]}”。")
    en, zh = tail if near else (".", "。")
    return Reason(
        code="plugin.missing",
        en=f"plugins: no installed distribution {said!r} has a plugin{en}",
        zh=f"plugins：没有安装带插件的发行包“{said}”{zh}",
    )


def _broken(point: EntryPoint, fault: Exception) -> Reason:
    what = f"{type(fault).__name__}: {fault}"
    return Reason(
        code="plugin.broken",
        en=f"{_owner(point)}: {point.value} cannot be loaded, skipped: {what}",
        zh=f"{_owner(point)}：{point.value}无法加载，已跳过：{what}",
    )


def _refused(seat: _Seat, en: str, zh: str) -> Reason:
    return _about(seat, Reason(code="plugin.hook", en=en, zh=zh))


def _raised(seat: _Seat, hook: str, fault: Exception) -> Reason:
    what = f"{type(fault).__name__}: {fault}"
    said = Reason(
        code="plugin.raised",
        en=f"{hook} raised {what}",
        zh=f"{hook}抛出异常：{what}",
    )
    return _about(seat, said)


def _about(seat: _Seat, reason: Reason) -> Reason:
    """Say which plugin a reason is about, and where that came from."""
    who = f"{seat.source.plugin} ({seat.source.origin})"
    zh = f"{who}：{reason.zh}" if reason.zh else ""
    return evolve(reason, en=f"{who}: {reason.en}", zh=zh)
