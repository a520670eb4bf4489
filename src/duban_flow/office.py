"""The office 办公室: configuration in one place, and what runs the day.

The composition root: the only module that knows engine, storage, formats and
channels. One Office per process and tenant; it is thread-safe, holds no clock and
starts no thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from os import getpid
from pathlib import Path
from platform import node
from threading import get_ident
from typing import Any, Final, Literal, Self, TypeGuard, cast

from attrs import frozen

from duban_flow.domain.batch import batch_of
from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.circular_words import CIRCULAR
from duban_flow.domain.circular.outline import Outline
from duban_flow.domain.instants import aware
from duban_flow.domain.policies.model import PolicyLike, whole
from duban_flow.domain.policies.plain import PLAIN
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.policies.words import Vocabulary, Word
from duban_flow.domain.rows import meta_rows
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.statutory import StatutoryTerm, Terms, statutory_term
from duban_flow.domain.units import ENGINE, Actor
from duban_flow.domain.workflow import Workflow
from duban_flow.engine import delivery
from duban_flow.engine.audit import Audit, Auditor
from duban_flow.engine.binding import Binding
from duban_flow.engine.delivery import DeliveryResult
from duban_flow.engine.desk import Desk
from duban_flow.engine.editions import keep_opened
from duban_flow.engine.extensions import (
    Extensions,
    LedgerFormat,
    Register,
    Registration,
    Renderer,
    StorageOpener,
)
from duban_flow.engine.hooks import Handed, Options, gather, hookimpl
from duban_flow.engine.intake.acts import fields_of
from duban_flow.engine.ports import Channel, Progress, Storage, Work
from duban_flow.engine.settings import Guard, Permit, Settings
from duban_flow.engine.sweep import BATCH, Sweep, SweepResult
from duban_flow.engine.transactions import Transactions
from duban_flow.errors import Conflict, Invalid, NotFound, Reason
from duban_flow.formats import html, markdown
from duban_flow.formats.circular_toml import load_circular
from duban_flow.formats.ledger_choice import ledger_reader
from duban_flow.formats.ledger_csv import read_ledger
from duban_flow.formats.policy_toml import load_policy
from duban_flow.formats.terms_toml import statutory
from duban_flow.storage.memory import MemoryStorage
from duban_flow.storage.sql import Address, SqlStorage

GUARD: Final = Guard()
"""The guard of an office that names none: it is never without one in earnest."""

PURPOSE: Final = "purpose"
EVERYBODY: Final = "*"
"""The tenant of the words about a database as a whole."""

REHEARSAL: Final = "rehearsal"
EARNEST: Final = "earnest"
SCHEMES: Final = ("sqlite", "postgresql", "mysql", "mariadb")


class BuiltIn:
    """What comes with the library, registered through the same hooks as a plugin."""

    @hookimpl
    def duban_register_storages(self, register: Register[StorageOpener]) -> None:
        """Register SQL, under the schemes it knows."""
        for scheme in SCHEMES:
            register(SqlStorage, name=scheme)

    @hookimpl
    def duban_register_policies(self, register: Register[PolicyLike]) -> None:
        """Register the policy ``plain``, which reminds and urges."""
        register(PLAIN)

    @hookimpl
    def duban_register_workflows(self, register: Register[type[Workflow]]) -> None:
        """Register the workflow of supervision."""
        register(Supervision)

    @hookimpl
    def duban_register_calendars(self, register: Register[WorkCalendar]) -> None:
        """Register the working calendar of China."""
        register(WorkCalendar.china())

    @hookimpl
    def duban_register_ledger_formats(self, register: Register[LedgerFormat]) -> None:
        """Register ledgers as comma-separated text."""
        register(read_ledger, name="csv")

    @hookimpl
    def duban_register_renderers(self, register: Register[Renderer]) -> None:
        """Register circulars as Markdown and as HTML."""
        register(markdown.render, name="markdown")
        register(html.render, name="html")


@frozen(kw_only=True)
class RunResult:
    """What a run came to: a sweep, then a delivery 巡检并发送."""

    sweep: SweepResult
    delivery: DeliveryResult

    @property
    def exit_code(self) -> int:
        """The graver of the two: 5 dead or unknown, 3 stopped, 4 run again, 0 done."""
        codes = {self.sweep.exit_code, self.delivery.exit_code}
        return next((code for code in (5, 3, 4) if code in codes), 0)


class Office:
    """An office: open it once, then ask it for desks.

    >>> from datetime import datetime, UTC
    >>> office = Office.rehearsal()
    >>> desk = office.desk(by="督查室", now=datetime(2026, 6, 1, 1, tzinfo=UTC))
    """

    def __init__(
        self, settings: Settings, storage: Storage, extensions: Extensions
    ) -> None:
        self.settings = settings
        self.storage = storage
        self.extensions = extensions

    @classmethod
    def open(  # noqa: PLR0913  # each names one thing an office may be given
        cls,
        at: Address | Storage,
        *,
        tenant: str = "default",
        policies: Iterable[PolicyLike] = (),
        channels: Iterable[Channel] = (),
        workflows: Iterable[type[Workflow]] = (),
        conditions: Iterable[Word] = (),
        calendars: Iterable[WorkCalendar] = (),
        terms: Terms | None = None,
        plugins: Literal["installed"] | Iterable[str] = (),
        options: Options | None = None,
        permit: Permit | None = None,
        guard: Guard = GUARD,
        lang: str = "zh",
        create: bool = False,
    ) -> Self:
        """Open an office in earnest, on a database whose schema is there.

        ``create`` makes the schema where it is absent. ``terms`` are the statutory
        ones (``load_terms``); without any, those of the library. Plugins that are
        installed are used only when ``plugins`` says so; ``options`` tells each of
        them, by its own name, what it wants to know.

        Raises:
            SchemaMismatch: the schema is absent, older or newer.
            Conflict: a calendar or a policy says something else than the edition of
                that name and version that items rest on.
            Invalid: something handed over does not fit, or the database is a
                rehearsal's.
        """
        handed = Handed(
            policies=tuple(policies),
            channels=tuple(channels),
            workflows=tuple(workflows),
            conditions=tuple(conditions),
            calendars=tuple(calendars),
        )
        return cls._opened(
            at,
            handed,
            plugins,
            options,
            create=create,
            terms=terms,
            tenant=tenant,
            permit=permit,
            guard=guard,
            lang=lang,
        )

    @classmethod
    def rehearsal(  # noqa: PLR0913  # as open, for a rehearsal
        cls,
        url: Address | Storage | None = None,
        *,
        tenant: str = "default",
        policies: Iterable[PolicyLike] = (),
        channels: Iterable[Channel] = (),
        workflows: Iterable[type[Workflow]] = (),
        conditions: Iterable[Word] = (),
        calendars: Iterable[WorkCalendar] = (),
        terms: Terms | None = None,
        plugins: Literal["installed"] | Iterable[str] = (),
        options: Options | None = None,
        permit: Permit | None = None,
        lang: str = "zh",
    ) -> Self:
        """Open a rehearsal 演练: time is what you say, nothing leaves the machine.

        Without a URL it lives in memory. Its verbs may invent units; its database is
        marked so for ever.

        Raises:
            Invalid: something handed over does not fit, or the database is in
                earnest use.
        """
        handed = Handed(
            policies=tuple(policies),
            channels=tuple(channels),
            workflows=tuple(workflows),
            conditions=tuple(conditions),
            calendars=tuple(calendars),
        )
        return cls._opened(
            MemoryStorage() if url is None else url,
            handed,
            plugins,
            options,
            create=True,
            terms=terms,
            tenant=tenant,
            permit=permit,
            guard=None,
            lang=lang,
            rehearsal=True,
        )

    @classmethod
    def _opened(
        cls,
        at: Address | Storage,
        handed: Handed,
        plugins: Literal["installed"] | Iterable[str],
        options: Options | None,
        *,
        create: bool,
        terms: Terms | None,
        **about: Any,
    ) -> Self:
        extensions = gather(
            handed, builtins=[BuiltIn()], plugins=plugins, options=options
        )
        known = statutory() if terms is None else terms
        settings = _settings(extensions, handed, terms=known, **about)
        storage = _storage(at, extensions)
        office = cls(settings, storage, extensions)
        try:
            if create:
                storage.create()
            storage.verify()
            office._check_purpose()
            office._keep_editions()
        except BaseException:
            if storage is not at:  # what was lent is the caller's to let go of
                storage.close()
            raise
        return office

    def _check_purpose(self) -> None:
        """Keep a rehearsal and earnest use from ever sharing a database."""
        wanted = REHEARSAL if self.settings.rehearsal else EARNEST
        with self.storage.begin(EVERYBODY) as work:
            found = work.meta(PURPOSE)
            if found is None:
                day = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
                work.write(batch_of([], now=day, rows=[meta_rows({PURPOSE: wanted})]))
            elif found != wanted:
                raise Invalid(
                    f"This database is for {found}; it was opened for {wanted}.",
                    zh=f"该数据库用于{_PURPOSES[found]}，不能用于{_PURPOSES[wanted]}。",
                    code="office.purpose",
                )

    def _keep_editions(self) -> None:
        """Write down once which calendars and policies items are about to rest on."""
        settings = self.settings
        transactions = Transactions(self.storage, settings.tenant, shelf=settings.shelf)

        def job(work: Work) -> None:
            keep_opened(work, settings.calendars.values(), settings.policies.values())

        try:
            transactions.run(job)
        except Conflict:
            # Another process was opened at the same moment; what it wrote is there now.
            transactions.run(job)
        transactions.run(lambda work: None)

    def desk(self, by: Actor | str, *, now: datetime, on: Any = None) -> Desk:
        """Give a desk: who acts, when, and in whose transaction.

        ``by`` as a string is that unit, with the posts of nobody. ``on`` is a
        Connection or a Session of the caller's: then nothing is ever committed,
        rolled back or created here.

        Raises:
            Invalid: ``now`` has no zone, or somebody goes by the sweep's own name.
        """
        settings = self.settings
        transactions = Transactions(self.storage, settings.tenant, on, settings.shelf)
        return Desk(
            Binding(
                settings=self.settings,
                transactions=transactions,
                actor=_person(Actor.of(by)),
                now=aware(now, "desk: now"),
            )
        )

    def sweep(
        self,
        *,
        now: datetime,
        batch: int = BATCH,
        limit: int | None = None,
        released: str = "",
        progress: Progress | None = None,
    ) -> SweepResult:
        """Judge everything that is due by now 巡检, as often as you like.

        ``released`` is a person's reason to go on where the guard stopped for a long
        gap or a large crowd; it is never a way past a wrong clock.
        """
        return Sweep(
            settings=self.settings,
            storage=self.storage,
            now=now,
            batch=batch,
            limit=limit,
            released=released,
            progress=progress,
        ).run()

    def deliver(
        self,
        *,
        now: datetime,
        limit: int | None = None,
        worker: str | None = None,
        progress: Progress | None = None,
    ) -> DeliveryResult:
        """Send what may go out by now 发送; delivered twice sends nothing twice.

        ``worker`` is the name under which notices are held while they are sent: two
        that may run at once need two. Without one it is that of this thread.
        """
        return delivery.deliver(
            self.storage,
            self.settings,
            channels=self.extensions.channels,
            now=now,
            limit=limit,
            worker=worker or _this_thread(),
            progress=progress,
        )

    def run(self, *, now: datetime, progress: Progress | None = None) -> RunResult:
        """Sweep, then deliver."""
        return RunResult(
            sweep=self.sweep(now=now, progress=progress),
            delivery=self.deliver(now=now, progress=progress),
        )

    def audit(self, *, now: datetime, progress: Progress | None = None) -> Audit:
        """Hold what is stored against what follows from the facts 核验; it only reads.

        It proves for every item that the instant at which it is judged next, its
        deadline and its certificate are those that are worked out again.

        Raises:
            Invalid: ``now`` has no zone, or lies before the last sweep.
        """
        return Auditor(
            settings=self.settings, storage=self.storage, now=now, progress=progress
        ).run()

    def term(self, said: str) -> StatutoryTerm:
        """Find a statutory term 法定时限 by its key or its name, for a new item.

        Raises:
            NotFound: there is none; the nearest is named.

        >>> print(Office.rehearsal().term("licence_decide").term)
        20个工作日
        """
        return statutory_term(self.settings.terms, said)

    def render(self, circular: Circular, to: str = "markdown") -> str:
        """Print a circular as ``markdown``, ``html``, or what a plugin offers."""
        if to not in self.extensions.renderers:
            there = ", ".join(self.extensions.renderers)
            raise NotFound(
                f"Nothing prints {to!r}; there are {there}.",
                zh=f"没有输出格式“{to}”，只有{there}。",
                code="renderer.unknown",
            )
        return self.extensions.renderers[to](circular)

    def plugins(self) -> tuple[Registration, ...]:
        """List everything the office can use, with who brought it."""
        return self.extensions.rows()

    @property
    def problems(self) -> tuple[Reason, ...]:
        """Distributions that were skipped, and why."""
        return self.extensions.problems

    def close(self) -> None:
        """Let go of connections."""
        self.storage.close()

    @contextmanager
    def closing(self) -> Iterator[Self]:
        """Use the office, and let go of its connections at the end."""
        try:
            yield self
        finally:
            self.close()


def _this_thread() -> str:
    """Name this thread among all that may deliver, on whatever machine."""
    return f"{node()[:50]}/{getpid()}/{get_ident()}"


def _person(actor: Actor) -> Actor:
    """Refuse the name under which the sweep acts, which no right stops."""
    if ENGINE in actor.persons:
        raise Invalid(
            f"The actor {ENGINE!r} is the sweep's own; nobody else goes by it.",
            zh=f"“{ENGINE}”是系统自身的行为人，不得使用。",
            code="actor.reserved",
        )
    return actor


_PURPOSES: Final = {REHEARSAL: "演练", EARNEST: "正式工作"}


def _settings(extensions: Extensions, handed: Handed, **about: Any) -> Settings:
    """Put what was gathered into settings; what was handed over comes first."""
    words = tuple(extensions.conditions.values())
    vocabulary = STANDARD.with_words(*words)
    policies = {
        key: whole(policy)
        for key, policy in _first(extensions.policies, handed.policies)
    }
    workflows = dict(_first(extensions.workflows, handed.workflows))
    for workflow in workflows.values():
        workflow.check()
    return Settings(
        workflows=workflows,
        policies=policies,
        calendars=dict(_first(extensions.calendars, handed.calendars)),
        vocabulary=vocabulary,
        circular_vocabulary=CIRCULAR.with_words(*words),
        channels=tuple(extensions.channels),
        read_ledger=ledger_reader(
            extensions.ledger_formats, fields_of(tuple(workflows.values()))
        ),
        read_outline=_read_outline,
        read_policy=partial(load_policy, vocabulary=vocabulary),
        **about,
    )


def _first(there: Mapping[str, Any], handed: Sequence[Any]) -> list[tuple[str, Any]]:
    own = [(key, thing) for key, thing in there.items() if thing in handed]
    return [*own, *((k, t) for k, t in there.items() if t not in handed)]


def _read_outline(source: str | Path, vocabulary: Vocabulary) -> Outline:
    return load_circular(source, vocabulary=vocabulary)


def _is_storage(at: object) -> TypeGuard[Storage]:
    """Whether this opens units of work itself; a host's may delegate to another."""
    return hasattr(at, "begin") and hasattr(at, "bound")


def _storage(at: Address | Storage, extensions: Extensions) -> Storage:
    """Open a storage by URL or Engine; a Storage is taken as it is."""
    if isinstance(at, str):
        scheme = at.partition(":")[0].partition("+")[0]
        opener = extensions.storages.get(scheme)
        if opener is None:
            there = ", ".join(extensions.storages)
            raise NotFound(
                f"Nothing opens {scheme!r}; there are {there}.",
                zh=f"不能打开“{scheme}”，只有{there}。",
                code="storage.unknown",
            )
        return opener(at)
    return at if _is_storage(at) else SqlStorage(cast("Address", at))
