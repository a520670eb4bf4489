"""How a ledger is read from CSV, and written so that no spreadsheet runs it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.ledger import COLUMNS, code_key
from duban_flow.domain.units import Role
from duban_flow.errors import Invalid
from duban_flow.formats.decoding import decode
from duban_flow.formats.ledger_csv import read_ledger
from duban_flow.formats.ledger_rows import Limits
from duban_flow.formats.ledger_writing import write_ledger

GOOD = "编号,事项,责任单位\nA-1,修路,住建局\nA-2,架桥,城管局\n"


def codes(ledger):
    """Give row, column and code of every problem."""
    return [(p.row, p.column, p.code) for p in ledger.problems]


class TestSources:
    """Bytes, text and paths."""

    def test_a_path_is_read_under_its_name(self, tmp_path):
        """A file's name is the ledger's, and stands in its problems."""
        path = tmp_path / "台账.csv"
        path.write_bytes("编号,事由\nA-1,修路\n".encode("gb18030"))

        ledger = read_ledger(path)

        assert ledger.name == "台账.csv"
        assert [(p.sheet, p.code) for p in ledger.problems] == [
            ("台账.csv", "column.unknown")
        ]
        assert read_ledger(str(path)).digest == ledger.digest

    def test_a_missing_file_is_a_problem(self, tmp_path):
        """Nothing is raised for a file that is not there."""
        ledger = read_ledger(tmp_path / "无.csv")

        assert codes(ledger) == [(None, "", "file.unreadable")]
        assert "Error" not in ledger.problems[0].text("en")

    def test_a_file_too_large_is_not_read(self):
        """Size and rows have limits that name themselves."""
        assert codes(read_ledger(GOOD, limits=Limits(size=20)))[0][2] == "file.size"
        assert codes(read_ledger(GOOD, limits=Limits(rows=2)))[0][2] == "file.rows"

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"\xff\xfe\x00\x00", "UTF-32, byte 0"),
            (b"\xef\xbb\xbfab\xff", "UTF-8, byte 5"),
            (b"\xff\xfea\x00\x00\xd8", "UTF-16-LE, byte 4"),
            ("编号\n".encode() + "编号".encode("gb18030") + b"\n", "UTF-8, byte 7"),
            (b"ab\xff\xff\n", "UTF-8, byte 2"),
        ],
    )
    def test_wrong_bytes_are_named_by_their_place(self, data, said):
        """No byte is replaced and no encoding is guessed."""
        decoded = decode(data)

        assert decoded.problem is not None
        assert (decoded.problem.said, decoded.text) == (said, "")


class TestHeadings:
    """Which column is which."""

    def test_names_and_headings_mean_the_same(self):
        """English names, Chinese headings and width make no difference."""
        ledger = read_ledger("Code, 标 题 ,ｒｅｓｐｏｎｓｉｂｌｅ\nA-1,修路,住建局\n")

        assert dict(ledger.rows[0].cells) == {
            "code": "A-1",
            "title": "修路",
            "responsible": "住建局",
        }

    def test_a_host_names_columns_of_its_own(self):
        """A mapping renames columns, leaves some out, and names fields."""
        ledger = read_ledger(
            "单号,市民诉求,内部批注\nH-1,漏水,勿外传\n",
            columns={"单号": "code", "市民诉求": "complaint", "内部批注": ""},
            fields=["complaint"],
        )

        assert ledger.problems == ()
        assert dict(ledger.rows[0].cells) == {"code": "H-1", "complaint": "漏水"}

    def test_every_fault_of_a_heading_is_named(self):
        """Unknown, doubled and empty headings, with the nearest name there is."""
        ledger = read_ledger("编号,责任单位,承办单位,,目标直\n1,2,3,4,5\n")

        assert [(p.column, p.code, p.wanted) for p in ledger.problems] == [
            ("承办单位", "column.twice", ""),
            ("", "column.unnamed", ""),
            ("目标直", "column.unknown", "目标值"),
        ]

    def test_a_mapping_is_held_to_the_ledger(self):
        """What a host maps must be in the ledger, and to a column there is."""
        ledger = read_ledger(GOOD, columns={"单位名": "responsible", "事项": "titel"})

        assert {(p.column, p.code, p.wanted) for p in ledger.problems} == {
            ("事项", "column.target", "title"),
            ("单位名", "column.absent", "单位名"),
        }

    def test_without_codes_there_is_no_ledger(self):
        """A ledger names its items."""
        assert (1, "", "column.missing") in codes(read_ledger("事项\n修路\n"))
        assert codes(read_ledger("\n\n")) == [(None, "", "column.missing")]

    def test_no_heading_stands_for_two_columns(self):
        """Built-in headings are told apart."""
        words = [word for column in COLUMNS.values() for word in column.headings]

        assert len(words) == len(set(words))


class TestRows:
    """What becomes of each row."""

    def test_titles_totals_and_repeated_headings_are_left_out(self):
        """They are told as warnings, and rows keep the spreadsheet's numbers."""
        ledger = read_ledger(
            "督办台账,,\n编号,事项,目标值\nA-1,修路,1\n编号,事项,目标值\n\nA-2,桥,2\n"
            "合 计,,3\n"
        )

        assert ledger.problems == ()
        assert [row.number for row in ledger.rows] == [3, 6]
        assert [(w.row, w.code) for w in ledger.warnings] == [
            (1, "row.title"),
            (4, "row.heading"),
            (7, "row.total"),
        ]
        assert [row.get("target") for row in ledger.totals] == ["3"]

    def test_an_open_quote_does_not_swallow_what_follows(self):
        """It is named on its row, and the next rows are read."""
        ledger = read_ledger('编号,事项\nA-1,"修路\nA-2,架桥\nA-3,"他说""好"""\n')

        assert codes(ledger) == [(2, "事项", "csv.quote")]
        assert [row.get("title") for row in ledger.rows] == ["", "架桥", '他说"好"']

    def test_a_cell_may_hold_lines_where_text_is_free(self):
        """A break in a note is a break; in a name it is refused."""
        ledger = read_ledger('编号,事项,说明\nA-1,"修\n路","一\r\n二"\n')

        assert codes(ledger) == [(2, "事项", "cell.control")]
        assert ledger.rows[0].get("note") == "一\n二"

    def test_lines_that_end_in_cr_alone_are_refused(self):
        """Once for the whole file."""
        assert codes(read_ledger(GOOD.replace("\n", "\r").encode())) == [
            (1, "", "csv.lone_cr")
        ]

    def test_what_cannot_be_seen_is_taken_out_of_names(self):
        """Zero-width and bidirectional marks go with a warning; in a note they stay."""
        ledger = read_ledger("编号,责任单位,说明\nA\u200b-1,\u202e住建局,甲\u200d乙\n")

        row = ledger.rows[0]
        assert (row.get("code"), row.get("responsible")) == ("A-1", "住建局")
        assert row.get("note") == "甲\u200d乙"
        assert [(w.column, w.said) for w in ledger.warnings] == [
            ("编号", "U+200B"),
            ("责任单位", "U+202E"),
            ("说明", "U+200D"),
        ]

    def test_a_character_of_private_use_is_kept_and_named(self):
        """Rare names are written with them."""
        ledger = read_ledger("编号,事项\nA-1,\ue000某\n")

        assert ledger.rows[0].get("title") == "\ue000某"
        assert [w.code for w in ledger.warnings] == ["cell.private_use"]

    def test_raw_cells_are_kept_as_written(self):
        """What was written stands beside what was made of it."""
        assert read_ledger(GOOD).rows[0].raw == ("A-1", "修路", "住建局")


class TestWriting:
    """Text that no spreadsheet runs."""

    @pytest.mark.parametrize(
        "text", ["=1+1", "+1-1", "-A1", "@SUM(1)", "\t=1", "＝1", "＋甲", " =1", "'=1"]
    )
    def test_a_text_that_could_run_is_guarded(self, text):
        """An apostrophe stands before it, full-width forms included."""
        written = write_ledger([{"note": text}], ["note"]).splitlines()[1]

        assert written.strip('"') == f"'{text}"

    def test_numbers_stay_numbers(self):
        """Below zero too; a float is refused."""
        rows = [{"actual": Decimal("-1.50"), "rank": -3, "progress": 40}]

        assert write_ledger(rows, ["actual", "rank", "progress"], "en") == (
            "actual,rank,progress\n-1.50,-3,40\n"
        )
        with pytest.raises(Invalid):
            write_ledger([{"actual": 0.1}], ["actual"])

    def test_words_follow_the_language(self):
        """Headings, flags and roles are Chinese or English; lists are parted by 、."""
        row = {"role": Role.LEAD, "at_risk": True, "labels": ("甲", "乙"), "own": None}
        columns = ["role", "at_risk", "labels", "own"]

        assert write_ledger([row], columns, bom=True) == (
            "\ufeff角色,难以完成,标签,own\n牵头单位,是,甲、乙,\n"
        )
        assert write_ledger([row], columns, "en").endswith("\nlead,yes,甲、乙,\n")

    @given(
        st.lists(
            st.text(
                st.characters(exclude_categories=["Cc", "Cs", "Cf", "Cn", "Zl", "Zp"])
                | st.sampled_from("=+-@'\",;\n＝"),
                max_size=20,
            ).map(str.strip),
            max_size=5,
        )
    )
    def test_what_is_written_is_read_back(self, notes):
        """Whatever a note says, it comes back as it was."""
        notes = [note for note in notes if "\ufffd" not in note]
        rows = [{"code": f"A-{n}", "note": note} for n, note in enumerate(notes)]

        ledger = read_ledger(write_ledger(rows, ["code", "note"]))

        assert ledger.problems == ()
        assert [row.get("note") for row in ledger.rows] == notes


@given(st.text(max_size=30))
def test_a_code_key_is_its_own_key(code):
    """Comparing twice compares the same."""
    key = code_key(code)

    assert code_key(f" {key}\u200b") == code_key(key)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_whatever_is_in_a_file_nothing_is_raised(source):
    """Every fault is a problem, none an exception."""
    source = source + "\n" if isinstance(source, str) else source

    ledger = read_ledger(source)

    assert ledger.problems or ledger.headings
