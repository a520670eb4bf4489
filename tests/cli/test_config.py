"""``duban.toml``: what it says is taken at its word, what it cannot say is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from duban_flow.cli.config import load_config
from duban_flow.errors import Invalid, Problem


def written(tmp_path: Path, text: str) -> Path:
    """Write a configuration into a folder of its own."""
    path = tmp_path / "duban.toml"
    path.write_text(text, "utf-8")
    return path


def problems(tmp_path: Path, text: str) -> list[tuple[int | None, str, str]]:
    """Give line, key and nearest name of each fault."""
    with pytest.raises(Invalid) as refused:
        load_config(written(tmp_path, text))
    found = [p for p in refused.value.reasons if isinstance(p, Problem)]
    assert all(p.sheet == "duban.toml" for p in found)
    return [(p.row, p.column, p.wanted) for p in found]


def test_paths_begin_at_the_folder_of_the_file(tmp_path: Path) -> None:
    """Files and a relative SQLite database lie beside the configuration."""
    config = load_config(
        written(
            tmp_path,
            'database = "sqlite:///a/b.db"\npolicies = "p.toml"\ndirectory = "u.toml"\n'
            'terms = "t.toml"\ncalendars = ["c.toml"]\n'
            '[channels.jsonlines]\npath = "n.jsonl"\n',
        )
    )

    assert config.url == f"sqlite:///{tmp_path.resolve() / 'a/b.db'}"
    assert config.policies == (tmp_path / "p.toml",)
    assert config.directory == tmp_path / "u.toml"
    assert config.terms == tmp_path / "t.toml"
    assert config.calendars == (tmp_path / "c.toml",)
    assert config.channels == {"jsonlines": {"path": str(tmp_path / "n.jsonl")}}


def test_what_plugins_are_told_is_theirs(tmp_path: Path) -> None:
    """A table a plugin, whose keys are the plugin's own."""
    told = '[options.email]\nhost = "127.0.0.1"\nport = 25\n'
    config = load_config(written(tmp_path, f'database = "sqlite://"\n{told}'))
    assert config.options == {"email": {"host": "127.0.0.1", "port": 25}}


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:////tmp/x.db", "postgresql://h/db", "sqlite:///:memory:"],
)
def test_another_url_stays_as_it_is(tmp_path: Path, url: str) -> None:
    """Only a relative file of SQLite is looked for beside the configuration."""
    assert load_config(written(tmp_path, f'database = "{url}"\n')).url == url


def test_every_unknown_key_is_named_with_its_line(tmp_path: Path) -> None:
    """All faults at once, each with its line and the nearest key there is."""
    text = """\
databse = "sqlite:///x.db"
lang = "zn"
policy = ["p.toml"]
[channels.consol]
[channels.jsonlines]
pth = "n"
"""

    assert problems(tmp_path, text) == [
        (None, "database", ""),
        (1, "databse", "database"),
        (2, "lang", "zh"),
        (3, "policy", "policies"),
        (4, "channels.consol", "console"),
        (5, "channels.jsonlines", ""),
        (6, "channels.jsonlines.pth", "path"),
    ]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("rehearsal = 1", "rehearsal"),
        ("policies = [1]", "policies"),
        ('channels = "console"', "channels"),
        ("by = 7", "by"),
        ("plugins = true", "plugins"),
        ("options = 1", "options"),
        ("options.email = 1", "options.email"),
    ],
)
def test_a_value_of_another_type_is_refused(
    tmp_path: Path, line: str, key: str
) -> None:
    """What is wanted is said, at the line where something else stands."""
    found = problems(tmp_path, f'database = "sqlite:///x.db"\n{line}\n')

    assert [(row, column) for row, column, _ in found] == [(2, key)]


def test_what_is_no_toml_has_its_line(tmp_path: Path) -> None:
    """The parser's complaint is told with file and line."""
    assert problems(tmp_path, 'database = "x"\nlang = zh\n') == [(2, "", "")]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Its name and the system's reason stand in the error."""
    with pytest.raises(Invalid, match=r"other\.toml"):
        load_config(tmp_path / "other.toml")
