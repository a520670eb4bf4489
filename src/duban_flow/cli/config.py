"""The file ``duban.toml`` 配置文件: which database, which rules, which channels.

Nothing is guessed: an unknown key is refused with file, line and the nearest name
there is, and every fault is named at once. Paths are from the folder of the file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from attrs import field, frozen

from duban_flow.domain.policies.words import nearest
from duban_flow.errors import Invalid, Problem
from duban_flow.formats.decoding import why_unread
from duban_flow.formats.toml_lines import Lines, Place

NAME: Final = "duban.toml"
LANGS: Final = ("zh", "en")
CHANNELS: Final[Mapping[str, tuple[str, ...]]] = {
    "console": (),
    "jsonlines": ("path",),
}
_AT_LINE: Final = re.compile(r"\s*\(at line (\d+), column \d+\)")
_KEYS: Final = (
    *("database", "tenant", "lang", "by", "rehearsal"),
    *("policies", "calendars", "directory", "terms", "plugins", "options"),
    "channels",
)


@frozen(kw_only=True)
class Config:
    """What a ``duban.toml`` says 配置.

    ``database`` is a URL; a relative SQLite file lies beside the configuration.
    ``by`` is who acts where nobody is named.
    """

    path: Path
    database: str
    tenant: str = "default"
    lang: str | None = None
    by: str = ""
    rehearsal: bool = False
    policies: tuple[Path, ...] = ()
    directory: Path | None = None
    terms: Path | None = None
    calendars: tuple[Path, ...] = ()
    plugins: Literal["installed"] | tuple[str, ...] = ()
    options: Mapping[str, Any] = field(factory=dict)
    channels: Mapping[str, Mapping[str, str]] = field(factory=dict)

    @property
    def folder(self) -> Path:
        """Where relative paths begin."""
        return self.path.parent

    @property
    def url(self) -> str:
        """The database's URL, a relative SQLite file found from the folder."""
        scheme, slashes, rest = self.database.partition(":///")
        is_file = slashes and rest and not rest.startswith((":", "file:"))
        if not scheme.startswith("sqlite") or not is_file or Path(rest).is_absolute():
            return self.database
        return f"{scheme}:///{self.folder.resolve() / rest}"


def load_config(path: Path) -> Config:
    """Read a configuration.

    Raises:
        Invalid: with every fault at once, each with its line and the nearest name.
    """
    try:
        text = path.read_text("utf-8-sig")
        data = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as fault:
        raise _unread(path, fault) from fault
    reading = _Reading(path, Lines.of(text), data)
    config = reading.config()
    if reading.found:
        raise Invalid("", *sorted(reading.found, key=lambda p: p.row or 0))
    return config


def _unread(path: Path, fault: Exception) -> Invalid:
    at = _AT_LINE.search(str(fault))
    plain = _AT_LINE.sub("", str(fault))
    unread = isinstance(fault, OSError | UnicodeError)
    en, zh = why_unread(fault) if unread else (plain, plain)
    return Invalid(
        "",
        Problem(
            code="config.file",
            en=f"it cannot be read: {en}",
            zh=f"无法读取：{zh}",
            sheet=path.name,
            row=int(at[1]) if at else None,
        ),
    )


@frozen
class _Reading:
    """A configuration being read, with the faults found so far."""

    path: Path
    lines: Lines
    data: Mapping[str, Any]
    found: list[Problem] = field(factory=list)

    def config(self) -> Config:
        self._only((), self.data, _KEYS)
        directory, terms = self._text("directory", ""), self._text("terms", "")
        return Config(
            path=self.path,
            database=self._text("database", None),
            tenant=self._text("tenant", "default"),
            lang=self._lang(),
            by=self._text("by", ""),
            rehearsal=self._get(
                "rehearsal", False, bool, "true or false", "true或false"
            ),
            policies=tuple(self._file(p) for p in self._texts("policies")),
            directory=self._file(directory) if directory else None,
            terms=self._file(terms) if terms else None,
            calendars=tuple(self._file(p) for p in self._texts("calendars")),
            plugins=self._plugins(),
            options=self._options(),
            channels=self._channels(),
        )

    def _file(self, name: str) -> Path:
        return self.path.parent / name

    def _lang(self) -> str | None:
        said = self._text("lang", "")
        if said and said not in LANGS:
            self._fault(
                ("lang",),
                "zh or en was wanted",
                "应为zh或en",
                said,
                nearest(said, LANGS),
            )
        return said or None

    def _plugins(self) -> Literal["installed"] | tuple[str, ...]:
        if self.data.get("plugins") == "installed":
            return "installed"
        return self._texts("plugins")

    def _channels(self) -> Mapping[str, Mapping[str, str]]:
        given = self._get("channels", {}, dict, "a table", "表")
        self._only(("channels",), given, CHANNELS)
        made: dict[str, Mapping[str, str]] = {}
        for name in given:
            if name not in CHANNELS:
                continue
            place = ("channels", name)
            options = given[name]
            if not isinstance(options, dict):
                self._fault(place, "a table was wanted", "应为表", options)
                continue
            self._only(place, options, CHANNELS[name])
            made[name] = {
                key: self._option(place, options, key) for key in CHANNELS[name]
            }
        return made

    def _option(self, place: Place, options: Mapping[str, Any], key: str) -> str:
        said = options.get(key)
        if isinstance(said, str) and said.strip():
            return str(self._file(said))
        where = (*place, key) if key in options else place
        self._fault(where, f"{key}: a text was wanted", f"{key}应为文本", said or "")
        return ""

    def _text(self, key: str, default: str | None) -> str:
        if default is None and not str(self.data.get(key, "")).strip():
            self._fault((key,), "it is missing", "缺少此项")
            return ""
        text: str = self._get(key, default, str, "a text", "带引号的文本")
        return text

    def _texts(self, key: str) -> tuple[str, ...]:
        given = self._get(key, [], list | str, "a list of texts", "文本列表")
        several: Sequence[Any] = [given] if isinstance(given, str) else given
        if all(isinstance(one, str) and one.strip() for one in several):
            return tuple(several)
        self._fault((key,), "a list of texts was wanted", "应为文本列表", given)
        return ()

    def _get(self, key: str, default: Any, kind: Any, en: str, zh: str) -> Any:
        value = self.data.get(key, default)
        if isinstance(value, kind):
            return value
        self._fault((key,), f"{en} was wanted", f"应为{zh}", value)
        return default

    def _options(self) -> Mapping[str, Any]:
        """Take what plugins are told: a table each, whose keys are the plugin's own."""
        given: Mapping[str, Any] = self._get(
            "options", {}, dict, "a table a plugin", "每个插件一张表"
        )
        for name, told in given.items():
            if not isinstance(told, dict):
                self._fault(("options", name), "a table was wanted", "应为表", told)
        return given

    def _only(
        self, place: Place, given: Mapping[str, Any], known: Collection[str]
    ) -> None:
        for key in given:
            if key not in known:
                self._fault(
                    (*place, key),
                    f"there is no {key!r} here",
                    f"此处没有“{key}”",
                    key,
                    nearest(key, known),
                )

    def _fault(
        self, place: Place, en: str, zh: str, said: object = "", near: str | None = ""
    ) -> None:
        self.found.append(
            Problem(
                code="config.key",
                en=en,
                zh=zh,
                sheet=self.path.name,
                row=self.lines.line(place),
                column=".".join(map(str, place)),
                said=str(said)[:100],
                wanted=near or "",
            )
        )
