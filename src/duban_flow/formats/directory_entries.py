"""Units and posts as a file tells them, put together into a Directory.

Every fault is noted with the line it stands on; a name that no unit of the file
bears is refused with the nearest one. A unit above or after another may be meant by
its name in the file; in the Directory it is meant by its code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal

from attrs import evolve, field, frozen

from duban_flow.domain.units import Directory, Post, Unit
from duban_flow.engine.intake.checks import circles
from duban_flow.errors import Invalid, Problem
from duban_flow.formats.cells import shown
from duban_flow.formats.ledger_heading import nearest

UNIT_FIELDS: Final[Mapping[str, str]] = {
    "code": "text",
    "name": "text",
    "kind": "text",
    "parent": "text",
    "aliases": "texts",
    "valid_from": "date",
    "valid_until": "date",
    "successor": "text",
}
POST_FIELDS: Final[Mapping[str, str]] = {
    "unit": "text",
    "name": "text",
    "officer": "text",
    "deputies": "texts",
    "addresses": "table",
    "since": "date",
    "until": "date",
}
_LINKS: Final = ("parent", "successor")


@frozen(kw_only=True)
class Entry:
    """One unit or post of a file: its values by field, and where each stands."""

    what: Literal["unit", "post"]
    row: int | None
    values: Mapping[str, Any]
    rows: Mapping[str, int | None] = field(factory=dict)
    columns: Mapping[str, str] = field(factory=dict)

    def text(self, name: str) -> str:
        """Give a text, empty where there is none."""
        return str(self.values.get(name) or "")


@frozen
class Notes:
    """The faults found in one file so far."""

    sheet: str
    found: list[Problem] = field(factory=list)

    def place(self, entry: Entry, name: str) -> tuple[int | None, str]:
        """Say on which line a field stands, and what it is called there."""
        row = entry.rows.get(name, entry.row)
        return row, entry.columns.get(name, f"{entry.what}.{name}")

    def add(
        self,
        entry: Entry,
        name: str,
        code: str,
        en: str,
        zh: str,
        *,
        said: str = "",
        wanted: str = "",
    ) -> None:
        """Note a fault of a field of an entry."""
        row, column = self.place(entry, name)
        self.found.append(
            Problem(
                code=code,
                en=en,
                zh=zh,
                sheet=self.sheet,
                row=row,
                column=column,
                said=shown(said),
                wanted=wanted,
            )
        )


def assemble(entries: Sequence[Entry], notes: Notes) -> Directory:
    """Put a directory together.

    Raises:
        Invalid: with every fault noted here or before, in the order of the lines.
    """
    units = [entry for entry in entries if entry.what == "unit"]
    posts = [entry for entry in entries if entry.what == "post"]
    if not entries and not notes.found:
        notes.found.append(_nothing(notes.sheet))
    for entry in entries:
        _check_own(entry, notes)
    owners = _owners(units, notes)
    links = {
        (id(entry), name): _resolved(entry, name, owners, notes)
        for entry in entries
        for name in (_LINKS if entry.what == "unit" else ("unit",))
    }
    _check_circles(units, links, notes)
    _check_posts(posts, links, notes)
    if notes.found:
        raise Invalid("", *sorted(notes.found, key=lambda p: p.row or 0))
    made = [_unit(e, {n: links[id(e), n] for n in _LINKS}) for e in units]
    held = [Post(**{**e.values, "unit": links[id(e), "unit"] or ""}) for e in posts]
    return Directory.of(made, held)


def _nothing(sheet: str) -> Problem:
    return Problem(
        code="directory.empty",
        en="It names no unit.",
        zh="没有任何单位",
        sheet=sheet,
        wanted="[[unit]]",
    )


def _check_own(entry: Entry, notes: Notes) -> None:
    """Judge one entry by itself: what must be there, and that periods run forwards."""
    wanted = ("code", "name") if entry.what == "unit" else ("unit", "name")
    for name in wanted:
        if not entry.text(name).strip() and not _told(entry, name, notes):
            en, zh = f"A {entry.what} wants its {name}.", "不能为空"
            notes.add(entry, name, "directory.missing", en, zh, wanted=name)
    if entry.what == "unit" and entry.text("code").strip():
        try:
            Unit(entry.text("code"), entry.text("name"))
        except Invalid as fault:
            reason = fault.reasons[0]
            said = entry.text("code")
            notes.add(entry, "code", reason.code, reason.en, reason.zh, said=said)
    ends = ("valid_from", "valid_until") if entry.what == "unit" else ("since", "until")
    first, last = (entry.values.get(name) for name in ends)
    if isinstance(first, date) and isinstance(last, date) and last < first:
        notes.add(
            entry,
            ends[1],
            "directory.period",
            f"It ends before it begins on {first.isoformat()}.",
            f"早于起始日期{first.isoformat()}",
            said=last.isoformat(),
            wanted=f"≥ {first.isoformat()}",
        )


def _told(entry: Entry, name: str, notes: Notes) -> bool:
    """Whether something has been said of a field already."""
    place = notes.place(entry, name)
    return any((p.row, p.column) == place for p in notes.found)


def _owners(units: Iterable[Entry], notes: Notes) -> Mapping[str, str]:
    """Say which code each code, name and alias means; each means one."""
    owners: dict[str, str] = {}
    codes: dict[str, Entry] = {}
    for entry in units:
        code = entry.text("code")
        if code and code in codes:
            _taken(entry, "code", code, codes[code], notes)
            continue
        codes[code] = entry
        names = {code: "code", entry.text("name"): "name"}
        names |= dict.fromkeys(entry.values.get("aliases") or (), "aliases")
        for name, where in names.items():
            other = owners.setdefault(name, code) if name else code
            if other != code:
                _taken(entry, where, name, codes[other], notes)
    return owners


def _taken(entry: Entry, name: str, said: str, first: Entry, notes: Notes) -> None:
    en = f"It already means the unit on line {first.row}."
    zh = f"已指第{first.row}行的单位"
    notes.add(entry, name, "unit.duplicate", en, zh, said=said)


def _resolved(
    entry: Entry, name: str, owners: Mapping[str, str], notes: Notes
) -> str | None:
    said = entry.text(name)
    if not said:
        return None
    if said not in owners:
        near = nearest(said, owners) or ""
        en, zh = "There is no such unit.", "没有这个单位"
        notes.add(entry, name, "unit.unknown", en, zh, said=said, wanted=near)
    return owners.get(said)


def _check_circles(
    units: Iterable[Entry], links: Mapping[tuple[int, str], str | None], notes: Notes
) -> None:
    by_code = {entry.text("code"): entry for entry in units}
    for name in _LINKS:
        above = {code: links[id(e), name] or "" for code, e in by_code.items()}
        for circle in circles(above):
            entry = by_code[circle[0]]
            way = " → ".join([*circle, circle[0]])
            en, zh = f"Units go round in a circle: {way}.", f"单位成环：{way}"
            notes.add(entry, name, "unit.circle", en, zh, said=entry.text(name))


def _check_posts(
    posts: Iterable[Entry], links: Mapping[tuple[int, str], str | None], notes: Notes
) -> None:
    """Refuse a post that is told twice for one beginning."""
    seen: dict[tuple[str | None, str, Any], Entry] = {}
    for entry in posts:
        key = links[id(entry), "unit"], entry.text("name"), entry.values.get("since")
        first = seen.setdefault(key, entry)
        if first is not entry and key[0] is not None and key[1]:
            en = f"The post is told already, on line {first.row}."
            zh = f"该岗位已见第{first.row}行"
            notes.add(entry, "name", "post.duplicate", en, zh, said=key[1])


def _unit(entry: Entry, links: Mapping[str, str | None]) -> Unit:
    values = {
        n: v for n, v in entry.values.items() if n not in {"code", "name", *_LINKS}
    }
    made = Unit(entry.text("code"), entry.text("name"), **values)
    return evolve(made, parent=links["parent"], successor=links["successor"])
