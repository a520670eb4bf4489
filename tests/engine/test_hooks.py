"""Plugins: how they register, and every way in which one is refused or skipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType

import attrs
import pytest

from duban_flow.domain.case import Case
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.policies.words import condition
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.engine.extensions import POINTS, Register, Renderer
from duban_flow.engine.hooks import (
    Handed,
    Hooks,
    Options,
    gather,
    hookimpl,
)
from duban_flow.engine.ports import Channel, Message, OutcomeOfSending, Sent
from duban_flow.errors import Invalid


class Pager:
    """A channel that sends nothing anywhere."""

    def __init__(self, name: str = "pager") -> None:
        self.name = name

    def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
        return [Sent() for _ in batch]


CHANNEL = """
    from duban_flow.engine.hooks import hookimpl
    from duban_flow.engine.ports import Sent

    class Named:
        def __init__(self, name):
            self.name = name

        def send(self, batch):
            return [Sent() for _ in batch]

    @hookimpl
    def duban_register_channels(register):
        register(Named("{name}"))
"""


def test_what_is_handed_over_is_found_by_name() -> None:
    """Objects of every kind are found under their names; policies by name@version."""

    @condition("funded centrally", needs=["labels"])
    def funded(case: Case, unit: str | None) -> bool | None:
        return "中央资金" in case.item.labels

    pager, policy = Pager(), Policy(name="district", version="2026.1")
    calendar = WorkCalendar.china()
    found = gather(
        Handed(
            channels=[pager],
            policies=[policy],
            conditions=[funded],
            workflows=[Supervision],
            calendars=[calendar],
        )
    )
    assert found.channels == {"pager": pager}
    assert found.policies == {"district@2026.1": policy}
    assert found.conditions == {"funded centrally": funded}
    assert found.workflows == {"supervision": Supervision}
    assert found.calendars == {calendar.name: calendar}
    assert found.origin("channels", "pager") == "given"
    assert not found.origin("channels", "fax")


def test_functions_are_registered_under_a_given_name() -> None:
    """A storage, a ledger format and a renderer have the name they are given."""

    class Plugin:
        @hookimpl
        def duban_register_renderers(self, register: Register[Renderer]) -> None:
            register(str, name="text")

    assert gather(Plugin()).renderers == {"text": str}


def test_settings_reach_the_plugin_that_asks_for_them() -> None:
    """A hook that names options gets what the host said."""

    class Plugin:
        @hookimpl
        def duban_register_channels(
            self, register: Register[Channel], options: Options
        ) -> None:
            for name in options.get("pagers", {}).get("names", []):
                register(Pager(name))

    found = gather(Plugin(), options={"pagers": {"names": ["a", "b"]}})
    assert sorted(found.channels) == ["a", "b"]
    assert not gather(Plugin()).channels


def test_every_plugin_has_a_row() -> None:
    """Rows list plugin, hook, name and origin, and a plugin that brought nothing."""

    class Idle:
        @hookimpl
        def duban_register_channels(self, register: Register[Channel]) -> None:
            pass

    rows = gather(Idle(), builtins=[Handed(channels=[Pager()])]).rows()
    told = [(row.hook, row.name, row.origin) for row in rows]
    assert told == [
        ("duban_register_channels", "pager", "built-in"),
        ("", "", "given"),
    ]
    assert rows[1].plugin.endswith("Idle")


def test_what_is_given_replaces_what_is_built_in() -> None:
    """A host's channel stands in for the built-in one of its name."""
    own = Pager()
    found = gather(Handed(channels=[own]), builtins=[Handed(channels=[Pager()])])
    assert found.channels["pager"] is own
    assert [row.origin for row in found.rows()] == ["given"]


def test_a_name_given_twice_is_refused_with_both_origins() -> None:
    """Two plugins with one name are both named in the refusal."""

    class Other:
        @hookimpl
        def duban_register_channels(self, register: Register[Channel]) -> None:
            register(Pager())

    with pytest.raises(Invalid) as caught:
        gather(Handed(channels=[Pager()]), Other())
    said = str(caught.value)
    assert caught.value.code == "plugin.duplicate"
    assert "Other" in said
    assert "Handed" in said
    assert "pager" in caught.value.text("zh")


def test_one_plugin_may_not_give_a_name_twice() -> None:
    """A name given twice by the same plugin is refused as well."""
    with pytest.raises(Invalid, match="already registered"):
        gather(Handed(channels=[Pager(), Pager()]))


def test_a_thing_of_another_type_is_refused() -> None:
    """What is no channel is refused when it is registered."""
    with pytest.raises(Invalid, match=r"send\(batch\) was wanted"):
        gather(Handed(channels=["console"]))  # type: ignore[list-item]  # the point


@pytest.mark.parametrize("kind", sorted(POINTS))
def test_every_kind_refuses_what_is_nothing(kind: str) -> None:
    """No kind takes None."""
    assert not POINTS[kind].fits(None)


def test_a_nameless_thing_is_refused() -> None:
    """A function without a name cannot be found, so it is refused."""

    class Plugin:
        @hookimpl
        def duban_register_storages(self, register: Register[object]) -> None:
            register(str)

    with pytest.raises(Invalid, match="has no name"):
        gather(Plugin())


def test_a_misspelt_hook_is_refused_with_the_nearest() -> None:
    """pluggy alone would pass over a misspelt hook in silence."""

    class Plugin:
        @hookimpl
        def duban_register_chanels(self, register: Register[Channel]) -> None:
            raise AssertionError

    with pytest.raises(Invalid, match="duban_register_channels"):
        gather(Plugin())


def test_a_hook_without_its_mark_is_refused() -> None:
    """A hook that nobody would call is refused."""

    class Plugin:
        def duban_register_channels(self, register: Register[Channel]) -> None:
            raise AssertionError

    with pytest.raises(Invalid, match="not marked @hookimpl"):
        gather(Plugin())


def test_a_parameter_that_no_hook_offers_is_refused() -> None:
    """A hook that asks for what is not offered is refused when it is loaded."""

    class Plugin:
        @hookimpl
        def duban_register_channels(self, registry: Register[Channel]) -> None:
            raise AssertionError

    with pytest.raises(Invalid, match="registry"):
        gather(Plugin())


def test_a_wrapper_a_class_and_an_idler_are_refused() -> None:
    """Wrapped hooks, classes instead of instances and no hooks at all are refused."""

    class Wrapped:
        @hookimpl(wrapper=True)
        def duban_register_channels(self, register: Register[Channel]) -> object:
            return (yield)

    class Plain:
        @hookimpl
        def duban_register_channels(self, register: Register[Channel]) -> None:
            raise AssertionError

    with pytest.raises(Invalid) as caught:
        gather(Wrapped(), Plain, object())
    assert len(caught.value.reasons) == 3


def test_a_raising_plugin_does_not_stop_the_rest() -> None:
    """Every plugin is asked, and every fault is told at once."""
    asked: list[str] = []

    def plugin(name: str) -> object:
        class Plugin:
            @hookimpl
            def duban_register_channels(self, register: Register[Channel]) -> None:
                asked.append(name)
                if name != "good":
                    raise RuntimeError(name)

        return Plugin()

    with pytest.raises(Invalid) as caught:
        gather(plugin("first"), plugin("good"), plugin("last"))
    assert asked == ["first", "good", "last"]
    assert [reason.code for reason in caught.value.reasons] == ["plugin.raised"] * 2


def test_an_attribute_that_raises_is_the_plugins_own_fault() -> None:
    """No property of a plugin is run; what raises all the same is told as its fault."""

    class Odd:
        def __get__(self, plugin: object, owner: type) -> str:
            raise ValueError("not now")

    class Plugin:
        @property
        def modem(self) -> str:
            raise AssertionError

        @hookimpl
        def duban_register_channels(self, register: Register[Channel]) -> None:
            register(Pager())

    assert gather(Plugin()).channels
    Plugin.odd = Odd()  # type: ignore[attr-defined]  # the point of the test
    with pytest.raises(Invalid, match="not now"):
        gather(Plugin())


def test_equal_plugins_are_two_plugins() -> None:
    """Plugin objects that compare equal each register; the same object only once."""

    @attrs.define
    class Named:
        names: list[str] = attrs.field(eq=False)

        @hookimpl
        def duban_register_channels(self, register: Register[Channel]) -> None:
            register(Pager(self.names.pop()))

    one, other = Named(["a"]), Named(["b"])
    assert one == other
    assert sorted(gather(one, other, one).channels) == ["a", "b"]


def test_each_gathering_is_its_own() -> None:
    """Nothing is left over for the next office."""
    assert gather(Handed(channels=[Pager()])).channels
    assert not gather().channels


def test_installed_plugins_wait_to_be_asked_for(
    distribution: Callable[[str, str], None],
) -> None:
    """A distribution is loaded when all are, or when it is named, in any spelling."""
    distribution("duban-fax", CHANNEL.format(name="fax"))
    assert not gather().channels
    assert "fax" in gather(plugins="installed").channels
    found = gather(plugins=["Duban_Fax"])
    assert list(found.channels) == ["fax"]
    assert found.origin("channels", "fax") == "duban-fax 2.5"
    assert found.rows()[0].version == "2.5"


def test_a_distribution_that_is_not_there_is_refused(
    distribution: Callable[[str, str], None],
) -> None:
    """A list that names nothing installed is refused, with the nearest name."""
    distribution("duban-telex", CHANNEL.format(name="telex"))
    with pytest.raises(Invalid, match="nearest is 'duban-telex'"):
        gather(plugins=["duban-telexx"])
    with pytest.raises(Invalid, match="list of distributions"):
        gather(plugins="telex")


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("duban-bad-import", "raise OSError('no modem')", "no modem"),
        (
            "duban-bad-hook",
            """
            from duban_flow.engine.hooks import hookimpl

            @hookimpl
            def duban_register_pagers(register): ...
            """,
            "duban_register_pagers",
        ),
        (
            "duban-bad-call",
            CHANNEL.format(name="half") + "        raise OSError('no line')\n",
            "no line",
        ),
        ("duban-bad-name", CHANNEL.format(name="pager"), "already registered"),
    ],
)
def test_a_broken_distribution_is_named_and_skipped_whole(
    distribution: Callable[[str, str], None], name: str, source: str, said: str
) -> None:
    """What is broken is named; nothing of it stays, and everybody else registers."""
    distribution(name, source)
    distribution("duban-sound", CHANNEL.format(name="sound"))
    found = gather(Handed(channels=[Pager()]), plugins=[name, "duban-sound"])
    assert sorted(found.channels) == ["pager", "sound"]
    [problem] = found.problems
    assert name in problem.text("en")
    assert said in problem.text("en")
    assert name in problem.text("zh")


def test_a_plugin_given_and_installed_counts_once(
    distribution: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same module handed over and installed registers once."""
    distribution("duban-telegraph", CHANNEL.format(name="telegraph"))
    module = __import__("duban_telegraph")
    assert isinstance(module, ModuleType)
    found = gather(module, plugins=["duban-telegraph"])
    assert found.origin("channels", "telegraph") == "given"
    assert not found.problems


def test_every_hook_is_documented_and_has_its_point() -> None:
    """Hooks and kinds are the same set, and each hook says what it is for."""
    hooks = {name for name in vars(Hooks) if name.startswith("duban_")}
    assert hooks == {point.hook for point in POINTS.values()}
    assert all(getattr(Hooks, name).__doc__ for name in hooks)
