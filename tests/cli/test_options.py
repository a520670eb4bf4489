"""Options of every command: where they stand, what the environment says, languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from duban_flow.cli.app import duban as command
from tests.cli.conftest import Duban
from tests.cli.screens import too_wide


def lines(group: click.Group, above: str = "") -> Iterator[str]:
    """List every command and group there is."""
    for name, one in group.commands.items():
        yield f"{above}{name}"
        if isinstance(one, click.Group):
            yield from lines(one, f"{above}{name} ")


@pytest.mark.parametrize("line", ["", *lines(command)])
def test_every_command_says_what_it_does(duban: Duban, line: str) -> None:
    """Help is there for each command and for each of its options, and it fits."""
    done = duban(f"{line} --help", now=None)

    assert done.code == 0
    assert too_wide(done.out) == []
    one: click.Command = command
    for word in line.split():
        assert isinstance(one, click.Group)
        one = one.commands[word]
    options = [p for p in one.params if isinstance(p, click.Option)]
    assert one.help
    assert [p.name for p in options if not p.help] == []


def test_an_option_may_stand_before_or_after_the_command(filled: Duban) -> None:
    """The nearer one counts where both are given."""
    for line in ("--by czj mine", "mine --by czj", "--by zjj mine --by czj"):
        found = filled(f"{line} --json").data["items"]
        assert [item["code"] for item in found] == ["DB-004", "DB-001"], line


def test_the_environment_stands_behind_what_is_typed(filled: Duban) -> None:
    """DUBAN_BY and DUBAN_LANG count where nothing is typed, and only there."""
    assert filled("mine --json", DUBAN_BY="xfj").data["items"][0]["code"] == "DB-003"
    typed = filled("mine --json --by czj", DUBAN_BY="xfj")
    assert typed.data["items"][0]["code"] == "DB-004"
    assert filled("list", DUBAN_LANG="en").out.startswith("code")
    assert filled("list --lang zh", DUBAN_LANG="en").out.startswith("编号")


@pytest.mark.parametrize(
    ("told", "said"),
    [("zh_CN.UTF-8", "没有"), ("C.UTF-8", "没有"), ("en_US.UTF-8", "There is")],
)
def test_the_machines_language_counts_last(
    begun: Duban, tmp_path: Path, told: str, said: str
) -> None:
    """Where neither the call nor the configuration says, the machine does."""
    path = tmp_path / "duban.toml"
    path.write_text(path.read_text("utf-8").replace('lang = "zh"', ""), "utf-8")

    assert begun("show X", LANG=told).err.startswith(said)


def test_nobody_acts_unless_somebody_is_named(begun: Duban, tmp_path: Path) -> None:
    """Without --by and without `by` in the configuration it is usage, exit 2."""
    path = tmp_path / "duban.toml"
    path.write_text(path.read_text("utf-8").replace('by = "督查室"', ""), "utf-8")

    done = begun("list")

    assert done.code == 2
    assert "--by" in done.err
    assert begun("sweep").code == 0


def test_a_person_of_a_unit_acts_as_oneself(filled: Duban, tmp_path: Path) -> None:
    """person@unit is written down as that person, with the rights of the unit."""
    rows = "编号,动作,理由\nDB-004,办结,已拨付\n"
    (tmp_path / "closing.csv").write_text(rows, "utf-8")

    assert filled("import closing.csv -y --by 王某@督查室").code == 0

    event = filled("history DB-004 --json").data["events"][-1]
    assert (event["actor"], event["actor_unit"]) == ("王某", "dcs")


@pytest.mark.parametrize("now", ["2026-06-01", "2026-13-01T09:00", "now", "9:00"])
def test_now_is_an_instant(filled: Duban, now: str) -> None:
    """A day, or what is no date, is usage: exit 2."""
    assert filled("list", now=now).code == 2


def test_an_instant_without_a_zone_is_on_the_offices_clocks(filled: Duban) -> None:
    """09:00 is 09:00 in China; with a zone it is what it says."""
    assert filled("list --json").data["as_of"] == "2026-06-01T01:00:00Z"
    zoned = filled("list --json", now="2026-06-01T09:00+00:00").data["as_of"]
    assert zoned == "2026-06-01T09:00:00Z"


def test_where_there_is_no_office_one_is_asked_for(duban: Duban) -> None:
    """In an empty folder a command says how to begin, exit 2."""
    done = duban("list")

    assert done.code == 2
    assert "duban init" in done.err


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("nowhere_at_all:office", "没有模块nowhere_at_all"),
        ("json:office", "json中没有office"),
        ("json:JSONDecodeError.__name__", "不是Office"),
        ("json", "应为"),
    ],
)
def test_an_office_that_is_none_is_told(duban: Duban, where: str, said: str) -> None:
    """What stands behind --office is looked at before it is used."""
    done = duban(f"--office {where} list --by x")

    assert done.code == 1
    assert said in done.err


def test_an_office_of_a_host_is_used_as_it_is(duban: Duban, tmp_path: Path) -> None:
    """An Office that a module of the current folder holds is found there."""
    text = "from duban_flow import Office\nroom = Office.rehearsal()\n"
    (tmp_path / "hosting.py").write_text(text, "utf-8")

    assert duban("--office hosting:room list --by 督查室").out == "没有事项。\n"
    assert duban("--office hosting:room --config x.toml sweep").code == 2


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "请写明几点几分"), ("en", "say the time too")]
)
def test_a_day_where_an_instant_is_wanted_is_told(
    duban: Duban, lang: str, said: str
) -> None:
    """In the language of the call, exit 2."""
    done = duban(f"--lang {lang} --now 2026-06-01 list", now=None)

    assert done.code == 2
    assert said in " ".join(done.err.split())


def test_a_configuration_that_is_not_there_is_told_in_words(duban: Duban) -> None:
    """No class name and no system's message: that the file is missing."""
    done = duban("--config none.toml list")

    assert done.code == 1
    assert "没有这个文件" in done.err
