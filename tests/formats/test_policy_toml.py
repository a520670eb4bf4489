"""How a policy is loaded from TOML, and how every fault of a file is named."""

from pathlib import Path

import pytest

from duban_flow.domain.policies.model import Recipient
from duban_flow.domain.policies.vocabulary import STANDARD, condition
from duban_flow.domain.time.extension import ExtensionRule
from duban_flow.domain.time.offset import Offset
from duban_flow.domain.units import Directory, Role, Unit
from duban_flow.errors import Invalid, Problem
from duban_flow.formats.policy_toml import load_policy
from duban_flow.formats.toml_lines import Lines

EXAMPLES = Path(__file__).parents[2] / "examples"

WHOLE = """
name = "p"
version = "1"
sitting = "quarter end - 4 workdays"
account_for = ["late", "short"]
basis = "细则"
pause_overrun = "alarm"
rebaseline_moves_due = true

[extension]
by = ["supervising", "问责领导小组"]
window = "3 workdays"
max_count = 1
max_total = "30 days"

[kinds.yellow]
name = "黄牌"
level = 2
ladder = "cards"
moves = "warn"
approval = ["问责领导小组"]
points = -1
measures = ["约谈"]
rectify = "5 workdays"

[[rung]]
key = "a"
at = "sitting after yellow due + 1 month"
every = "1 month"
action = "yellow"
on = ["responsible", "lead"]
per = "unit"
at_least = 2
where = ["category is land"]
when = ["open", "count(yellow, matter) < 3"]
notify = ["lead/head", "督查室/head"]
via = ["sms"]
basis = ["第八条"]
reason = "[因“{excuse}”]未完成{title}"
catch_up = "each"
"""

DIRECTORY = Directory.of(
    [Unit("wz", "问责领导小组", kind="body"), Unit("dcs", "督查室", kind="supervisor")]
)


def faults(text, **given):
    """Load what is wrong, and give each fault as (row, column, code, said, wanted)."""
    with pytest.raises(Invalid) as refused:
        load_policy(text, **given)
    return [
        (p.row, p.column, p.code, p.said, p.wanted)
        for p in refused.value.problems
        if isinstance(p, Problem)
    ]


def with_line(text, line):
    """Give the whole policy with one line put in place of the one it replaces."""
    key = line.partition(" =")[0]
    lines = text.split("\n")
    at = max(n for n, said in enumerate(lines) if said.partition(" =")[0] == key)
    return "\n".join([*lines[:at], line, *lines[at + 1 :]]), at + 1


class TestReading:
    """What a file says, a policy has."""

    def test_every_field_is_read(self):
        """Nothing of what is written is lost."""
        policy = load_policy(WHOLE, directory=DIRECTORY, actions=["warn"])
        kind, (rung,) = policy.kinds["yellow"], policy.rung

        assert (policy.id, policy.pause_overrun) == ("p@1", "alarm")
        assert policy.rebaseline_moves_due
        assert policy.basis == ("细则",)
        assert policy.sitting is not None
        assert policy.sitting.offset == Offset(-4, "workday")
        assert [c.fact for c in policy.account_for] == ["late", "short"]
        assert policy.extension == ExtensionRule(
            by=("supervising", "问责领导小组"),
            window=Offset(3, "workday"),
            max_count=1,
            max_total=Offset(30, "day"),
        )
        assert (kind.key, kind.name, kind.level) == ("yellow", "黄牌", 2)
        assert (kind.ladder, kind.moves) == ("cards", "warn")
        assert (kind.approval, kind.points) == (("问责领导小组",), -1)
        assert (kind.measures, kind.rectify) == (("约谈",), Offset(5, "workday"))
        assert (rung.key, rung.line) == ("a", 26)
        assert (rung.at.anchor, rung.at.kind) == ("act due", "yellow")
        assert (rung.at.sitting, rung.at.offset) == (True, Offset(1, "month"))
        assert (rung.every, rung.action) == (Offset(1, "month"), "yellow")
        assert rung.on == (Role.RESPONSIBLE, Role.LEAD)
        assert (rung.per, rung.at_least, rung.catch_up) == ("unit", 2, "each")
        assert [c.text for c in rung.where] == ["category is land"]
        assert [c.text for c in rung.when] == ["open", "count(yellow, matter) < 3"]
        assert rung.notify == (
            Recipient(role=Role.LEAD, post="head"),
            Recipient(unit="督查室", post="head"),
        )
        assert (rung.via, rung.basis) == (("sms",), ("第八条",))
        assert rung.reason == "[因“{excuse}”]未完成{title}"

    @pytest.mark.parametrize(
        ("name", "rungs", "kinds"),
        [
            ("district/policy", 11, ["prompt", "warn"]),
            ("policies/guangyuan", 4, ["yellow", "letter", "red"]),
            ("policies/naive", 3, ["prompt", "warn"]),
            ("policies/p13710", 5, ["yellow"]),
            ("policies/sanming", 7, ["blue", "orange", "red"]),
            ("policies/sanya", 5, ["yellow", "red", "vice_mayor"]),
            ("policies/yinchuan", 6, ["yellow", "red"]),
            ("policies/zhanjiang", 3, ["yellow", "red"]),
        ],
    )
    def test_the_published_schemes_load(self, name, rungs, kinds):
        """Each rung knows the line on which it begins."""
        path = EXAMPLES / f"{name}.toml"
        policy = load_policy(path)
        lines = path.read_text(encoding="utf-8").splitlines()

        assert (len(policy.rung), list(policy.kinds)) == (rungs, kinds)
        for rung in policy.rung:
            row = rung.line or 0
            assert lines[row - 1 : row + 1] == ["[[rung]]", f'key = "{rung.key}"']

    def test_a_file_is_read_by_its_path_or_its_name(self, tmp_path):
        """A byte order mark is stepped over."""
        path = tmp_path / "p.toml"
        path.write_text(WHOLE, encoding="utf-8-sig")

        assert load_policy(path) == load_policy(str(path)) == load_policy(WHOLE)

    def test_a_hosts_word_is_known_where_it_is_given(self):
        """Without its vocabulary the same word is refused."""
        vocabulary = STANDARD.with_words(condition("funded")(lambda case, unit: True))
        text, row = with_line(WHOLE, 'when = ["funded"]')

        assert load_policy(text, vocabulary=vocabulary).rung[0].when[0].fact == "funded"
        assert faults(text)[0][:3] == (row, "rung 'a' when", "policy.condition")


class TestRefusing:
    """What a file says wrongly is named, with its line and what was meant."""

    @pytest.mark.parametrize(
        ("line", "column", "code", "said", "wanted"),
        [
            ("version = 1", "version", "policy.type", "1", ""),
            ('version = "a@b"', "version", "policy.name", "a@b", ""),
            ('sitting = "due"', "sitting", "policy.sitting", "due", ""),
            (
                'sitting = "month ende"',
                "sitting",
                "policy.time",
                "month ende",
                "month end",
            ),
            ('account_for = "lat"', "account_for", "policy.condition", "lat", "late"),
            (
                'account_for = "gap > 0"',
                "account_for",
                "policy.condition",
                "gap > 0",
                "",
            ),
            (
                'pause_overrun = "resum"',
                "pause_overrun",
                "policy.choice",
                "resum",
                "resume",
            ),
            (
                "rebaseline_moves_due = 1",
                "rebaseline_moves_due",
                "policy.type",
                "1",
                "",
            ),
            ('window = "0 days"', "extension window", "policy.offset", "0 days", ""),
            ("max_count = -1", "extension max_count", "policy.type", "-1", ""),
            (
                'by = "问责小组"',
                "extension by",
                "policy.body",
                "问责小组",
                "问责领导小组",
            ),
            ('moves = "wran"', "kind 'yellow' moves", "policy.action", "wran", "warn"),
            (
                'approval = ["问责小组"]',
                "kind 'yellow' approval",
                "policy.body",
                "问责小组",
                "问责领导小组",
            ),
            ("level = 0", "kind 'yellow' level", "policy.type", "0", ""),
            ('points = "1"', "kind 'yellow' points", "policy.type", "1", ""),
            (
                'rectify = "5 workday s"',
                "kind 'yellow' rectify",
                "policy.offset",
                "5 workday s",
                "",
            ),
            (
                'at = "yelow due"',
                "rung 'a' at",
                "policy.time",
                "yelow due",
                "yellow due",
            ),
            ('every = "0 months"', "rung 'a' every", "policy.offset", "0 months", ""),
            ('action = "yelow"', "rung 'a' action", "policy.kind", "yelow", "yellow"),
            ('on = ["led"]', "rung 'a' on", "policy.role", "led", "lead"),
            ('on = ["lead", "lead"]', "rung 'a' on", "policy.duplicate", "lead", ""),
            ("on = [1]", "rung 'a' on", "policy.type", "[1]", ""),
            ('per = "units"', "rung 'a' per", "policy.choice", "units", "unit"),
            ('per = "item"', "rung 'a' at_least", "policy.at_least", "2", ""),
            ("at_least = true", "rung 'a' at_least", "policy.type", "True", ""),
            (
                'where = ["category is lnd"]',
                "rung 'a' where",
                "policy.category",
                "lnd",
                "land",
            ),
            ('when = ["opne"]', "rung 'a' when", "policy.condition", "opne", "open"),
            (
                'when = ["count(yelow, matter) < 3"]',
                "rung 'a' when",
                "policy.kind",
                "yelow",
                "yellow",
            ),
            (
                'notify = ["督查处/head"]',
                "rung 'a' notify",
                "policy.unit",
                "督查处",
                "督查室",
            ),
            (
                'notify = ["led/head"]',
                "rung 'a' notify",
                "policy.recipient",
                None,
                "lead",
            ),
            (
                'reason = "{titel}"',
                "rung 'a' reason",
                "policy.reason",
                "{titel}",
                "{title}",
            ),
            ('reason = "[a"', "rung 'a' reason", "policy.reason", "[a", ""),
            ('catch_up = "all"', "rung 'a' catch_up", "policy.choice", "all", ""),
        ],
    )
    def test_each_fault_has_its_line_and_the_nearest_name(
        self, line, column, code, said, wanted
    ):
        """One thing wrong, one fault, at its line."""
        text, row = with_line(WHOLE, line)
        found = faults(
            text, directory=DIRECTORY, actions=["warn"], categories=["land", "revenue"]
        )
        expected_row = row if column != "rung 'a' at_least" or said == "True" else 33

        assert len(found) == 1
        assert found[0][0] == expected_row
        assert found[0][1:3] == (column, code)
        assert said is None or found[0][3] == said
        assert found[0][4] == wanted

    @pytest.mark.parametrize(
        ("before", "said", "wanted"),
        [
            ("[extension]", "sittings", "sitting"),
            ("[kinds.yellow]", "max_totl", "max_total"),
            ("[[rung]]", "levl", "level"),
        ],
    )
    def test_an_unknown_field_is_refused_at_every_level(self, before, said, wanted):
        """Of the policy, of the extension, of a kind; a rung's is below."""
        text = WHOLE.replace(before, f"{said} = 1\n\n{before}")

        (found,) = faults(text)
        assert found[2:] == ("policy.field", said, wanted)
        assert text.split("\n")[found[0] - 1] == f"{said} = 1"

    def test_an_unknown_field_of_a_rung(self):
        """Named with the rung it stands in."""
        assert faults(WHOLE + "whn = []\n") == [
            (41, "rung 'a' whn", "policy.field", "whn", "when")
        ]

    def test_everything_wrong_is_said_at_once_in_the_order_of_the_file(self):
        """One reading names every fault."""
        text = WHOLE.replace('"open"', '"opne"').replace('"sms"', "7")
        text = text.replace("level = 2", "levl = 2").replace('"late"', '"lat"')
        codes = [fault[2] for fault in faults(text)]

        assert codes == [
            "policy.condition",
            "policy.field",
            "policy.condition",
            "policy.type",
        ]

    def test_a_condition_in_a_list_over_several_lines_has_its_own_line(self):
        """The line is where the condition stands, not where the list begins."""
        text = WHOLE.replace('["open", ', '[\n  # how it stands\n  "opne",\n  ')
        row = faults(text)[0][0]

        assert text.split("\n")[row - 1] == '  "opne",'

    def test_a_key_is_its_rungs_alone(self):
        """Two rungs under one key could not be told apart."""
        assert [f[:3] for f in faults(WHOLE + WHOLE[WHOLE.index("[[rung]]") :])] == [
            (42, "rung 'a' key", "policy.duplicate")
        ]

    def test_what_waits_for_a_sitting_wants_one(self):
        """A rung cannot wait for a panel that never meets."""
        text = WHOLE.replace('sitting = "quarter end - 4 workdays"', "")

        assert [f[2] for f in faults(text)] == ["policy.sitting"]

    @pytest.mark.parametrize("key", ["due", "round", "none", "urge", '"a b"'])
    def test_a_kind_is_not_named_like_an_anchor_or_an_action(self, key):
        """Its name would mean two things."""
        text = WHOLE.replace(
            "[kinds.yellow]", f'[kinds.{key}]\nname = "x"\n[kinds.yellow]'
        )

        assert [f[2] for f in faults(text)] == ["policy.kind"]

    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("\n", ["policy.missing", "policy.missing"]),
            ('\nname = " "\nversion = "1"', ["policy.type"]),
            ('\nname = "p"\nversion = "1"\nrung = 3', ["policy.type"]),
            ('\nname = "p"\nversion = "1"\nkinds = 3', ["policy.type"]),
            ('\nname = "p"\nversion = "1"\nextension = 3', ["policy.type"]),
            (
                '\nname = "p"\nversion = "1"\n[[rung]]',
                ["policy.missing", "policy.missing", "policy.missing"],
            ),
        ],
    )
    def test_what_is_missing_or_of_another_shape(self, text, codes):
        """A name, a version, a key, an anchor and an action there must be."""
        assert [f[2] for f in faults(text)] == codes

    @pytest.mark.parametrize(
        ("text", "row"),
        [
            ('\nname = "p"\nname = "q"\n', 3),
            ("\nname = \n", 2),
            ("\n[[rung]\n", 2),
            ("a = 1\n" + "b = " + "[" * 5000, None),
        ],
    )
    def test_what_is_no_toml_is_one_fault_with_its_line(self, text, row):
        """The parser's own words, at its line."""
        (found,) = faults(text)

        assert found[2] == "policy.file"
        assert row is None or found[0] == row

    def test_a_file_that_cannot_be_read_is_refused(self, tmp_path):
        """Missing, not UTF-8, or far too large."""
        broken, large = tmp_path / "b.toml", tmp_path / "l.toml"
        broken.write_bytes("名".encode("gb18030"))
        large.write_text("#" * 1_000_001, encoding="utf-8")

        for path in (tmp_path / "none.toml", broken, large, tmp_path):
            assert [f[2] for f in faults(path)] == ["policy.file"]

    def test_a_fault_is_told_in_two_languages(self):
        """File, line, field, what was said and what is nearest."""
        with pytest.raises(Invalid) as refused:
            load_policy(with_line(WHOLE, 'when = ["opne"]')[0])

        assert refused.value.text("en") == (
            "policy, row 35, rung 'a' when: there is no fact 'opne' in the vocabulary; "
            "said 'opne'; the nearest is open"
        )
        assert refused.value.text("zh").startswith("policy 第35行 rung 'a' when：")


class TestLines:
    """Where headings and keys stand."""

    def test_values_are_stepped_over(self):
        """What looks like a heading or a key inside a value is none."""
        lines = Lines.of(
            'a = """\n[[rung]]\nb = 1 \\""" """\n'
            "c = '''\n[x]\n'''\n"
            "d = [ # ]\n  '[[rung]]', {e = \"]\"},\n]\n"
            "[[rung]] # one\n f.g = 1\n[[rung]]\n  f = 2\n"
            '[kinds."甲"]\n"k" = 3\n'
        )

        assert lines.line(("a",)) == 1
        assert lines.line(("c",)) == 4
        assert lines.line(("d",)) == 7
        assert lines.line(("rung", 0, "f", "g")) == 11
        assert lines.line(("rung", 1, "f")) == 13
        assert lines.line(("rung", 1, "missing")) == 12
        assert lines.line(("kinds", "甲", "k")) == 15
        assert lines.line(("b",)) is None
