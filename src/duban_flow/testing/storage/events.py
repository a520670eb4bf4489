"""Events: append-only, numbered without gaps, read back as they were."""

from __future__ import annotations

from duban_flow.domain.batch import Change
from duban_flow.domain.columns import item_columns
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.instants import Span
from duban_flow.engine.ports import Storage
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground

SUBJECT = Subject(SubjectKind.ITEM, "item:A-1")


class Events(Ground):
    """What happened is written once and never changed."""

    def events(self, store: Storage) -> tuple[Event, ...]:
        """Read the events of the item."""
        with store.begin(s.ONE) as work:
            return work.events([SUBJECT.id])[SUBJECT.id]

    def test_events_are_numbered_without_gaps(self, store: Storage) -> None:
        """Over several writes the sequence is 1, 2, 3 and so on, as the version."""
        s.put(store, s.birth(s.item()))
        s.put(store, s.act("A-1", 1, "report", "submit"))
        s.put(store, s.act("A-1", 3))
        s.put(store, s.act("A-1", 3, "close"))
        told = [(e.seq, e.action) for e in self.events(store)]
        wanted = ["assign", "report", "submit", "close"]
        assert told == list(enumerate(wanted, 1))
        assert s.read(store).version == 4

    def test_a_later_write_changes_no_event(self, store: Storage) -> None:
        """What was recorded reads the same after whatever follows."""
        s.put(store, s.birth(s.item()))
        before = self.events(store)
        for version in range(1, 4):
            later = s.MONDAY + version * s.HOUR
            s.put(store, s.act("A-1", version, "note", state="x"), now=later)
        assert self.events(store)[:1] == before

    def test_an_event_keeps_everything_it_says(self, store: Storage) -> None:
        """Every field comes back, instants to the microsecond, a range as a range."""
        told = Event(
            subject=SUBJECT,
            seq=1,
            action="report",
            actor="user:7",
            actor_unit="zjj",
            recorder="user:8",
            effective_at=Span(s.MONDAY - s.HOUR, s.MONDAY - s.TICK, "六月初"),
            recorded_at=s.MONDAY,
            state="in_progress",
            since=s.MONDAY - s.HOUR,
            rung="逾期",
            cycle="due:1",
            overtakes=(2, 3),
            data={"note": "已进场𠮷", "progress": 40, "parts": ["a", None, True]},
        )
        columns = item_columns(s.item())
        s.put(
            store, Change(subject=SUBJECT, version=0, events=(told,), columns=columns)
        )
        assert self.events(store) == (told,)

    def test_an_event_is_recorded_when_the_batch_says(self, store: Storage) -> None:
        """``recorded_at`` is the batch's now, whenever it was so."""
        s.put(store, s.birth(s.item()), now=s.MONDAY + s.HOUR)
        (found,) = self.events(store)
        assert (found.effective_at, found.recorded_at) == (s.MONDAY, s.MONDAY + s.HOUR)

    def test_a_subject_without_events_has_none(self, store: Storage) -> None:
        """Whoever is asked for is answered, in the order asked."""
        s.put(store, s.birth(s.item()))
        with store.begin(s.ONE) as work:
            found = work.events(["nobody", SUBJECT.id])
        assert [(name, len(several)) for name, several in found.items()] == [
            ("nobody", 0),
            (SUBJECT.id, 1),
        ]
