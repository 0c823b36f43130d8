"""`manage.py replay`: files in, a stable answer out, and errors that name line and field."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from reguarantee.treaties.engine import BadTerms, cli
from tests.reguarantee.engine.terms import N_4222, document, member_to_group, quota

HEADER = "loss_id,date,guaranteed_fen,principal_fen,interest_fen,released_base_fen"
Files = Callable[..., tuple[Path, Path]]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Write terms and losses; both may be given as text."""

    def write(terms: Any, *lines: str, header: str = HEADER) -> tuple[Path, Path]:
        terms_path, losses_path = tmp_path / "terms.json", tmp_path / "losses.csv"
        terms_path.write_text(terms if isinstance(terms, str) else json.dumps(terms), encoding="utf-8")
        losses_path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return terms_path, losses_path

    return write


def test_the_answer_has_the_published_form(files: Files) -> None:
    terms = document(quota(**N_4222), member_to_group("EXCESS", 2, attachment_fen=150_000_000))
    answer = cli.replay(*files(terms, "L1,2026-03-01,400000000,400000000,6000000,", "L2,2026-03-02,,,,"))
    assert set(answer) == {"losses", "totals"}
    first, second = answer["losses"]
    assert first["loss_id"] == "L1"
    assert first["shares"] == {"bank": 80_000_000, "member": 150_000_000, "group": 90_000_000, "nfgf": 80_000_000, "gov": 0}
    assert first["layers"][-1] == {
        "order": 2,
        "kind": "EXCESS",
        "from": "member",
        "to": "group",
        "fen": 10_000_000,
        "why": "member holds 1,600,000.00, of which 100,000.00 is above 1,500,000.00; group takes 100% of it: 100,000.00.",
    }
    assert [one["to"] for one in first["layers"]] == ["bank", "group", "nfgf", "group"]
    assert set(second["shares"].values()) == {0}
    assert answer["totals"] == first["shares"]
    assert json.loads(json.dumps(answer)) == answer


def test_several_treaties_name_themselves_in_the_reason(files: Files) -> None:
    both = [document(quota(**N_4222)), document(member_to_group("EXCESS", attachment_fen=0), code="X")]
    answer = cli.replay(*files(both, "L1,2026-03-01,0,1000,0,0"))
    assert answer["losses"][0]["layers"][-1]["why"].startswith("X/1: member holds 4.00")
    assert answer["totals"] == {"bank": 200, "member": 0, "group": 600, "nfgf": 200, "gov": 0}


def test_columns_of_the_scope_in_any_order(files: Files) -> None:
    terms = document(quota(bank="1"), scope={"products": ["P,1"], "term_max_months": 12, "obligor_total_max_fen": 900})
    header = "product,term_months,obligor_id," + HEADER
    lines = ['"P,1",12,a,L1,2026-03-01,500,100,,', '"P,1",13,a,L2,2026-03-01,1,100,,', '"P,1",1,a,L3,2026-03-01,500,100,,']
    answer = cli.replay(*files(terms, *lines, header=header))
    assert [loss["shares"]["bank"] for loss in answer["losses"]] == [100, 0, 0]


SCOPED = document(quota(bank="1"), scope={"products": ["P"], "term_max_months": 12, "obligor_total_max_fen": 900})
SOUND = "L1,2026-03-01,1,1,1,1"


@pytest.mark.parametrize(
    ("lines", "line", "field", "complaint"),
    [
        ([SOUND, "L2,2026-03-01,1,x,1,1"], 3, "principal_fen", "“x” is not a whole number"),
        (["L1,2026-03-01,-1,1,1,1"], 2, "guaranteed_fen", "“-1” is not a whole number"),
        (["L1,2026-03-01,1,1,1.0,1"], 2, "interest_fen", "“1.0” is not a whole number"),
        (["L1,2026-03-01,1,1,1,１"], 2, "released_base_fen", "is not a whole number"),
        (["L1,2026-03-01,1,1000000000000000000,1,1"], 2, "principal_fen", "is not a whole number"),
        (["L1,2026-02-30,1,1,1,1"], 2, "date", "“2026-02-30” is not a day"),
        (["L1,20260301,1,1,1,1"], 2, "date", "“20260301” is not a day"),
        (["L1,,1,1,1,1"], 2, "date", "“” is not a day"),
        ([SOUND, "", ",2026-03-01,1,1,1,1"], 4, "loss_id", "may not be blank"),
        ([SOUND, SOUND], 3, "loss_id", "“L1” occurs twice"),
        ([SOUND, "L2,2026-03-01,1,1,1"], 3, "released_base_fen", "the header has 6 columns, this line 5"),
        (['L1,2026-03-01,1,"1,1,1'], 2, "-", "is not CSV"),
    ],
)
def test_a_bad_row_is_named_by_line_and_field(files: Files, lines: list[str], line: int, field: str, complaint: str) -> None:
    with pytest.raises(cli.BadFile, match=complaint) as refused:
        cli.replay(*files(document(quota(bank="1")), *lines))
    assert (refused.value.facts["line"], refused.value.field) == (line, field)
    assert f"losses.csv, line {line}, field {field}: " in str(refused.value)


@pytest.mark.parametrize(
    ("header", "row", "field", "complaint"),
    [
        (HEADER.replace("principal_fen", "principle_fen"), SOUND, "principle_fen", "not known"),
        (HEADER + ",date", SOUND, "date", "occurs twice"),
        (HEADER.replace(",interest_fen", ""), SOUND, "interest_fen", "is missing"),
        ("", SOUND, "loss_id", "is missing"),
        (HEADER + ",product,term_months", SOUND, "obligor_id", "is missing"),
        (HEADER + ",product,term_months,obligor_id", SOUND + ",P,,a", "term_months", "may not be blank"),
        (HEADER + ",product,term_months,obligor_id", SOUND + ",P,5,", "obligor_id", "may not be blank"),
    ],
)
def test_columns_that_the_terms_need_must_be_there(files: Files, header: str, row: str, field: str, complaint: str) -> None:
    with pytest.raises(cli.BadFile, match=complaint) as refused:
        cli.replay(*files(SCOPED, row, header=header))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("terms", "field", "complaint"),
    [
        ("{", None, "not JSON: line 1, column 2"),
        ("[" * 100_000, None, "nested too deeply"),
        ('{"code": ' + "9" * 5000 + "}", None, "number is too long"),
        ('{"code": "A", "code": "B"}', "code", "“code” is given twice"),
        ({**SCOPED, "residual": "x"}, "residual", "terms.json, field residual: “x” is not among"),
        ([SCOPED, {**SCOPED, "layers": [quota(bank="0.5")], "version": 2}], "[1].layers[0].shares", "they sum to 0.5"),
        ([], "", "There is no treaty in the list"),
        ([SCOPED, SCOPED], "[1].code", "in the list twice"),
        ({**SCOPED, "remark": "x"}, "remark", "not known here"),
        ({**SCOPED, "layers": [{**quota(bank="1"), "cap": 1}]}, "layers[0].cap", "not known here"),
        ({**SCOPED, "layers": [quota(bank="1.0\n")]}, "layers[0].shares.bank", "is not written as"),
        ({**SCOPED, "code": "A\n"}, "code", "is not written as"),
        ({**SCOPED, "scope": {"term_max_months": 1.5}}, "scope.term_max_months", "A whole number"),
        ({**SCOPED, "attaches": {"from": "2026-02-30"}}, "attaches.from", "is not a day"),
    ],
)
def test_bad_terms_are_named_by_their_place(files: Files, terms: Any, field: str | None, complaint: str) -> None:
    with pytest.raises(BadTerms, match=complaint) as refused:
        cli.replay(*files(terms))
    assert refused.value.field == field


def test_files_that_cannot_be_read(files: Files, tmp_path: Path) -> None:
    terms, losses = files(SCOPED)
    with pytest.raises(cli.BadFile, match="cannot be read"):
        cli.replay(tmp_path / "none.json", losses)
    with pytest.raises(cli.BadFile, match="cannot be read"):
        cli.replay(terms, tmp_path)


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_another_encoding_is_named_by_its_line(files: Files, encoding: str) -> None:
    """A list saved by a Chinese office program is GBK: the first byte that is no UTF-8 says where."""
    terms, losses = files(SCOPED)
    losses.write_bytes(f"{HEADER}\n{SOUND}\n第二笔,2026-03-01,1,1,1,1\n".encode(encoding))
    with pytest.raises(cli.BadFile, match="not UTF-8") as refused:
        cli.replay(terms, losses)
    line = 3 if encoding == "gbk" else 1
    assert f"losses.csv, line {line}, field -: " in str(refused.value)
    terms.write_bytes('{\n"code": "协议"}'.encode("gbk"))
    with pytest.raises(cli.BadFile, match="terms.json, line 2, field -: this is not UTF-8"):
        cli.replay(terms, losses)


def test_a_record_is_named_by_its_first_line(files: Files) -> None:
    """A quoted cell may hold line ends; blank lines, also of commas alone, are no records but count as lines."""
    with pytest.raises(cli.BadFile, match="line 5, field date: "):
        cli.replay(*files(document(quota(bank="1")), SOUND, "", ",,,,,", '"L2\n\n",x,1,1,1,1'))
    with pytest.raises(cli.BadFile, match="line 3, field -: the line is not CSV"):
        cli.replay(*files(document(quota(bank="1")), SOUND, 'L2,"2026-03-01,1,1,1,1', "L3,2026-03-01,1,1,1,1"))


def test_a_byte_order_mark_and_line_ends_of_windows_are_no_matter(files: Files) -> None:
    terms, losses = files(document(quota(bank="1")))
    losses.write_bytes("\ufeff".encode() + f"{HEADER}\r\nL1,2026-03-01,,7,,\r\n".encode())
    assert cli.replay(terms, losses)["totals"]["bank"] == 7


def command(*arguments: Any) -> str:
    out = StringIO()
    call_command("replay", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_command_prints_json_or_a_table(files: Files) -> None:
    paths = files(document(quota(**N_4222)), "L1,2026-03-01,,1000,,")
    assert json.loads(command(*paths, "--json")) == cli.replay(*paths)
    assert command(*paths).splitlines()[-1] == "=  bank 2.00  member 4.00  group 2.00  nfgf 2.00  gov 0.00"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "line 2, field date: “x” is not a day"), ("zh-hans", "第 2 行，字段 date：“x”不是")],
)
def test_the_command_ends_with_2_and_a_sentence_in_either_language(files: Files, language: str, sentence: str) -> None:
    with override(language), pytest.raises(CommandError, match=sentence) as refused:
        command(*files(SCOPED, "L1,x,,,,,P,1,a", header=HEADER + ",product,term_months,obligor_id"))
    assert refused.value.returncode == 2
