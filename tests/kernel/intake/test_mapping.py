"""A mapping is checked against its form and its target before any row is read; mistakes are named by path."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from kernel.intake import services
from kernel.intake.mapping import load
from kernel.intake.refusals import BadMapping, MissingColumns, NoFile, Refused, TwiceInHeading

SBA = json.loads((Path(settings.INTAKE_MAPPINGS) / "sba.json").read_text(encoding="utf-8"))


def test_every_shipped_mapping_is_sound() -> None:
    paths = sorted(Path(settings.INTAKE_MAPPINGS).glob("*.json"))
    assert [load(path).name for path in paths] == [path.stem for path in paths]


MISTAKES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "an unknown target": (lambda d: d.update(target="nothing"), "target"),
    "an unknown field": (lambda d: d["fields"].update(colour={"value": "red"}), "fields.colour"),
    "a field the target needs": (lambda d: d["fields"].pop("loan_fen"), "fields.loan_fen"),
    "a borrower to invent from": (lambda d: d["fields"].pop("borrower"), "fields.borrower"),
    "an unknown converter": (lambda d: d["fields"]["loan_fen"].update({"as": "cash"}), "fields.loan_fen.as"),
    "a converter of another kind": (lambda d: d["fields"]["loan_fen"].update({"as": "integer"}), "fields.loan_fen.as"),
    "an unknown option": (lambda d: d["fields"]["loan_fen"].update(currency="$"), "fields.loan_fen"),
    "a constant of another kind": (lambda d: d["fields"].update(term_months={"value": "x"}), "fields.term_months.value"),
    "a year of two digits without pivot": (lambda d: d["fields"]["approved_on"].pop("latest_year"), "fields.approved_on"),
    "a form without a year": (lambda d: d["fields"]["approved_on"].update(formats=["D-M"]), "fields.approved_on.formats"),
    "a pattern that is none": (lambda d: d["fields"]["member"].update(pattern="["), "fields.member.pattern"),
    "an option of the target": (lambda d: d["options"].update(customers="REAL"), "options.customers"),
    "a name for the institutions": (lambda d: d["houses"].update(name="one name"), "houses.name"),
    "a name of its own": (lambda d: d.update(name="No Good"), "name"),
    "nothing at all": (lambda d: d.clear(), "(top)"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_named_by_their_path(mistake: str) -> None:
    spoil, path = MISTAKES[mistake]
    document = copy.deepcopy(SBA)
    spoil(document)
    with pytest.raises(BadMapping) as caught:
        load(document)
    assert caught.value.field == path
    assert path in str(caught.value)


def test_files_that_are_no_mapping(tmp_path: Path) -> None:
    with pytest.raises(NoFile):
        load(tmp_path / "none.json")
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadMapping):
        load(tmp_path / "a.json")
    for name in ("../settings", "none", "SBA", "sba.json"):
        with pytest.raises(services.NoSuchMapping):
            services.mapping_named(name)


def test_headings() -> None:
    mapping = services.mapping_named("sba")
    needed = [spec["column"] for spec in SBA["fields"].values()] + ["ApprovalFY"]
    with pytest.raises(MissingColumns) as caught:
        mapping.compile([name for name in needed if name != "GrAppv"])
    assert "GrAppv" in str(caught.value)
    heading = list(dict.fromkeys(needed))
    mapping.compile([*heading, "more", "more"])
    with pytest.raises(TwiceInHeading):
        mapping.compile([*heading, "Term"])


def test_order_of_columns_does_not_matter_and_the_year_is_compared() -> None:
    mapping = services.mapping_named("sba")
    cells = {
        "State": "ak", "LoanNr_ChkDgt": "1000000001", "Name": "A", "Bank": "", "NAICS": "722110", "ApprovalDate": "28-feb-97",
        "ApprovalFY": "1997", "DisbursementDate": "", "Term": "60", "GrAppv": "$300.00 ", "SBA_Appv": "$225.00 ",
        "MIS_Status": "", "ChgOffDate": "", "ChgOffPrinGr": "",
    }  # fmt: skip

    def convert(changed: dict[str, str], *, backwards: bool = False) -> dict[str, Any]:
        row = {**cells, **changed}
        heading = list(reversed(row)) if backwards else list(row)
        values = mapping.compile(heading)([row[name] for name in heading])
        return dict(zip((field.name for field in mapping.target.fields), values, strict=True))

    found = convert({})
    assert found == convert({}, backwards=True)
    assert (found["member"], found["bank_name"], found["industry"], found["outcome"]) == ("AK", "(blank)", "H", "LAPSED")
    assert (found["loan_fen"], found["start_on"], found["loss_fen"], found["customer_name"]) == (30_000, None, 0, None)
    # A fiscal year starts in October of the year before; anything else is a mistake, such as a wrong century.
    convert({"ApprovalFY": "1998"})
    convert({"ApprovalFY": "1997A"})
    for year in ("1996", "1999", "2097", "", "FY97"):
        with pytest.raises(Refused) as caught:
            convert({"ApprovalFY": year})
        assert (caught.value.code, caught.value.column) == ("YEAR_MISMATCH", "ApprovalDate")
