"""The desk 办公桌: who, when and in whose transaction. Verbs and reads hang on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Unpack

from attrs import evolve, frozen

from duban_flow.domain.batch import batch_of
from duban_flow.domain.case import Case
from duban_flow.domain.codec import unstructure
from duban_flow.domain.instants import When
from duban_flow.domain.items import Item, NewItem
from duban_flow.domain.payloads import Unquarantine
from duban_flow.domain.rights import GIVING, shown
from duban_flow.domain.rows import post_rows
from duban_flow.domain.units import Actor, Directory, Post, Role, Unit
from duban_flow.domain.workflow import Command
from duban_flow.engine.binding import outsider
from duban_flow.engine.draft import Draft
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.extension_desk import ExtensionDesk
from duban_flow.engine.naming import (
    command_codes,
    command_units,
    command_with_codes,
    invent,
    named_units,
    unit_event,
    with_codes,
)
from duban_flow.engine.permitting import ask_permit
from duban_flow.engine.plan_desk import Plans
from duban_flow.engine.ports import Work
from duban_flow.engine.reading import Reads
from duban_flow.engine.recourse import Recourse, recourse
from duban_flow.engine.requests import first_answer, once, write_answered
from duban_flow.engine.road import Step, give_birth, let_go, perform
from duban_flow.engine.sanction_desk import SanctionDesk
from duban_flow.engine.verbs import About, Verbs
from duban_flow.errors import Conflict, DubanError, Invalid


@frozen(kw_only=True)
class Done:
    """What became of one member of ``act_many``: the item, or the error."""

    code: str
    item: Item | None = None
    error: DubanError | None = None


class Desk(Verbs, Plans, Reads):
    """A desk: cheap, made for one request, bound to an actor and an instant."""

    @property
    def actor(self) -> Actor:
        """Who acts at this desk."""
        return self._binding.actor

    @property
    def sanctions(self) -> SanctionDesk:
        """The verbs and reads of sanctions."""
        return SanctionDesk(self._binding)

    @property
    def extensions(self) -> ExtensionDesk:
        """The verbs of extensions."""
        return ExtensionDesk(self)

    @contextmanager
    def atomic(self) -> Iterator[Desk]:
        """Let several verbs be one transaction: all of them or none."""
        with self._binding.transactions.shared():
            yield self

    def act(self, item: Item | str, command: Command, **about: Unpack[About]) -> Item:
        """Do what a command says to an item.

        Raises:
            NotFound, Forbidden, Refused, Invalid, Stale, Conflict, Busy.
        """
        return self._carry(item, command, about, perform)

    def unquarantine(
        self, item: Item | str, *, reason: str, **about: Unpack[About]
    ) -> Item:
        """Let an item be judged again that was set aside 解除隔离; at the next sweep.

        Raises:
            Forbidden: only supervising units and deciding bodies may.
            Refused: it is not set aside.
        """
        command = Command("", "unquarantine", Unquarantine(reason=reason))
        return self._carry(item, command, about, let_go)

    def _carry(
        self, item: Item | str, command: Command, about: Mapping[str, Any], step: Step
    ) -> Item:
        code = item if isinstance(item, str) else item.code
        expect = None if isinstance(item, str) else item.version

        def job(work: Work) -> Item:
            directory = work.directory()
            envelope = self._envelope(directory, about, expect)
            what = [
                code,
                command.workflow,
                command.action,
                unstructure(command.payload),
            ]
            if (first := first_answer(work, envelope, what)) is not None:
                return shown(Item.from_json(first), envelope.actor)
            draft = Draft()
            directory = self._invent(directory, draft, command_units(command), envelope)
            envelope = evolve(envelope, actor=directory.meant(envelope.actor))
            meant = command_with_codes(command, lambda name: directory.get(name).code)
            case = self._binding.case(work, item, directory, lock=True)
            envelope = self._binding.dated(envelope, case.item.calendar)
            _check_free(work, command_codes(command))
            made = step(self._binding.settings, directory, draft, case, meant, envelope)
            self._write(work, draft, envelope, what, made.item)
            return shown(made.item, envelope.actor)

        return once(self._binding.transactions, job, about.get("request_id"))

    def assign(
        self,
        new: NewItem,
        *,
        parent: str | None = None,
        effective_at: When | date | None = None,
        request_id: str | None = None,
    ) -> Item:
        """Give a matter out 交办: the birth of an item.

        Raises:
            Conflict: the code is taken.
            Forbidden: only supervising units and deciding bodies give out matters.
            NotFound: a unit, workflow, policy or calendar that does not exist.
        """
        about = About(effective_at=effective_at, request_id=request_id)

        def job(work: Work) -> Item:
            directory = work.directory()
            envelope = self._envelope(directory, about)
            what = [new.code, "assign", unstructure(new), parent]
            if (first := first_answer(work, envelope, what)) is not None:
                return shown(Item.from_json(first), envelope.actor)
            draft = Draft()
            directory = self._invent(
                directory, draft, named_units(new), envelope, gives=True
            )
            envelope = evolve(envelope, actor=directory.meant(envelope.actor))
            above = (
                None if parent is None else self._binding.case(work, parent, directory)
            )
            calendar = new.calendar or (above.item.calendar if above else "")
            envelope = self._binding.dated(envelope, calendar)
            self._may_give(directory, envelope.actor, above)
            _check_free(work, [new.code])
            made = give_birth(
                self._binding.settings,
                draft,
                with_codes(new, lambda name: directory.get(name).code),
                envelope,
                parent=None if above is None else above.item,
            )
            ask_permit(self._binding.settings, envelope.actor, "assign", made.item)
            self._write(work, draft, envelope, what, made.item)
            return made.item

        return once(self._binding.transactions, job, request_id)

    def act_many(
        self, acts: Iterable[tuple[Item | str, Command]], **about: Unpack[About]
    ) -> tuple[Done, ...]:
        """Do each of several things that can be done, and report the rest.

        A ``request_id`` makes each member's own: again, none is done twice.
        """
        done: list[Done] = []
        request = about.get("request_id")
        for item, command in acts:
            code = item if isinstance(item, str) else item.code
            own = About(**about)
            if request is not None:
                place = sum(one.code == code for one in done)
                own["request_id"] = f"{request}/{code}" + f"/{place}" * bool(place)
            try:
                done.append(Done(code=code, item=self.act(item, command, **own)))
            except DubanError as refused:
                done.append(Done(code=code, error=refused))
        return tuple(done)

    def register(self, *things: Unit | Post | Directory) -> Directory:
        """Register units and posts 登记单位: a unit under the same code is replaced.

        Raises:
            Forbidden: once there are units, only those that give out matters may.
            Invalid: two units under one name, an unknown parent, a circle.
        """
        units, posts = _spread(things)

        def job(work: Work) -> Directory:
            before = work.directory()
            actor = before.meant(self._binding.actor)
            settings = self._binding.settings
            gives = before.kind(actor.unit) in GIVING
            if before.units and not gives and not settings.rehearsal:
                raise outsider(actor, "register units")
            after = Directory.of(
                {**before.units, **{u.code: u for u in units}}.values(), before.posts
            ).with_posts(posts)
            draft = Draft()
            envelope = Envelope(actor=actor, now=self._binding.now)
            changed = [u for u in units if before.units.get(u.code) != u]
            logged = work.events([u.code for u in changed])
            for unit in changed:
                version = len(logged.get(unit.code, ()))
                draft.unit(unit, version, [unit_event(unit, envelope)])
            rows = [post_rows(posts)] if posts else []
            work.write(batch_of(draft.changes(), now=self._binding.now, rows=rows))
            return after

        return self._binding.run(job)

    def recourse(
        self, item: Item | str, lang: str | None = None
    ) -> tuple[Recourse, ...]:
        """List which lawful step stops what is about to follow 救济途径, until when.

        Submitting, giving a reason, asking for more time, objecting: by whom, whether
        this actor may now, and which pending rungs it stops.

        Raises:
            NotFound: there is none, or the actor may not see it.
        """
        settings = self._binding.settings

        def job(work: Work) -> tuple[Recourse, ...]:
            directory = work.directory()
            actor = directory.meant(self._binding.actor)
            case = self._binding.case(work, item, directory)
            return recourse(settings, directory, case, actor, lang or settings.lang)

        return self._binding.run(job)

    def end_of(self, item: Item | str, day: date) -> datetime:
        """Give the 24:00 of a day, by the item's calendar; of today, now."""
        name = self._calendar_of(item) if isinstance(item, str) else item.calendar
        calendar = self._binding.settings.calendar(name)
        today = day == calendar.date_of(self.now)
        return self.now if today else calendar.midnight_after(day)

    def _calendar_of(self, code: str) -> str:
        def job(work: Work) -> str:
            nothing: frozenset[str] = frozenset()
            case = self._binding.case(work, code, work.directory(), nothing)
            return case.item.calendar

        return self._binding.run(job)

    def _write(
        self, work: Work, draft: Draft, envelope: Envelope, what: Any, item: Item
    ) -> None:
        """Write a draft; the item as it then is answers a repeat."""
        write_answered(
            self._binding, work, draft, envelope, what=what, result=item.to_dict()
        )

    def _envelope(
        self, directory: Directory, about: Mapping[str, Any], read: int | None = None
    ) -> Envelope:
        """Gather what surrounds a command; its day is read once its item is known."""
        expect = about.get("expect")
        return Envelope(
            actor=directory.meant(self._binding.actor),
            now=self._binding.now,
            told=about.get("effective_at"),
            request_id=about.get("request_id"),
            expect=read if expect is None else expect,
        )

    def _invent(
        self,
        directory: Directory,
        draft: Draft,
        names: Sequence[str],
        envelope: Envelope,
        *,
        gives: bool = False,
    ) -> Directory:
        """Let a rehearsal's verb invent the units it names; in earnest none is."""
        if not self._binding.settings.rehearsal:
            return directory
        actor = envelope.actor.unit
        wanted = [(name, "department") for name in names if name != actor]
        if actor:
            wanted.insert(0, (actor, "supervisor" if gives else "department"))
        return invent(directory, draft, wanted, envelope)

    def _may_give(self, directory: Directory, actor: Actor, above: Case | None) -> None:
        leads = above is not None and actor.unit in above.item.units(Role.LEAD)
        if directory.kind(actor.unit) not in GIVING and not leads:
            raise outsider(actor, "assign")


def _check_free(work: Work, codes: Sequence[str]) -> None:
    """Refuse codes that are taken, before anything is born under them.

    Raises:
        Conflict: naming them.
    """
    taken = sorted(work.ids_of(codes))
    if taken:
        raise Conflict(
            f"There is an item {', '.join(map(repr, taken))} already.",
            zh=f"事项编号{'、'.join(taken)}已存在。",
            code="item.code_taken",
        )


def _spread(
    things: Iterable[Unit | Post | Directory],
) -> tuple[list[Unit], list[Post]]:
    units: list[Unit] = []
    posts: list[Post] = []
    for thing in things:
        if isinstance(thing, Directory):
            units += thing.units.values()
            posts += thing.posts
        elif isinstance(thing, Unit):
            units.append(thing)
        elif isinstance(thing, Post):
            posts.append(thing)
        else:
            raise Invalid(
                f"register takes units, posts and directories, not {thing!r}.",
                zh=f"只能登记单位、岗位或名录：{thing!r}。",
                code="register.type",
            )
    return units, posts
