"""Every act that the trail keeps has a name in the words of the face that shows it: an auditor reads no codes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from desks import words
from kernel.flow import Flow
from member_portal.tables.words import WORDS as PORTAL
from reguarantee.admission.flow import CASE
from reguarantee.console.words import WORDS as CONSOLE
from reguarantee.partners.flow import PARTNER
from tests.laws.test_shape import CHECKOUT
from tests.laws.test_sources import PRODUCT

FACES = {"tenants": (PORTAL,), "reguarantee": (CONSOLE,), "platform": (PORTAL, CONSOLE)}


def _acts(path: Path) -> Iterator[str]:
    """The acts that a file leaves in the trail under a name written out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "leave":
            for given in node.keywords:
                if given.arg == "act":
                    yield from (one.value for one in ast.walk(given.value) if isinstance(one, ast.Constant) and "." in one.value)


@pytest.mark.parametrize("top", FACES)
def test_every_act_has_a_name(top: str) -> None:
    acts = {act for path in PRODUCT if path.relative_to(CHECKOUT).parts[0] == top for act in _acts(path) if act[-1] != "."}
    assert len(acts) > 20
    assert {(face is PORTAL, act) for face in FACES[top] for act in acts if face.act_label(act) == act} == set()


@pytest.mark.parametrize(("room", "flow"), [("admission", CASE), ("partners", PARTNER)], ids=["admission", "partners"])
def test_every_event_that_is_an_act_has_a_name(room: str, flow: Flow) -> None:
    names = {f"{room}.{move.event}" for move in flow.moves}
    assert {act for act in names if CONSOLE.act_label(act) == act} == set()


def test_a_person_is_named_and_a_machine_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words.institutions, "name", {"HXYH": "华星银行"}.__getitem__)
    assert words.actor_label("王建国") == "王建国"
    assert words.actor_label("FREE:text") == "FREE:text"
    assert "华星银行" in words.actor_label("BANK:HXYH/demo") and "demo" not in words.actor_label("BANK:HXYH/demo")
    assert words.actor_label("SYSTEM") == words.actor_label("SYSTEM:zaidan")


@pytest.mark.parametrize(
    ("code", "shown"), [("340000", "安徽"), ("34", "安徽"), ("340100", "安徽 340100"), ("OWN-7", "OWN-7"), ("990000", "990000")]
)
def test_a_region_is_shown_by_its_province(code: str, shown: str) -> None:
    assert words.region_label(code) == shown
