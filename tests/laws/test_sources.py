"""Laws that the source text itself keeps: who imports what, who opens houses, who writes SQL."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.laws.test_shape import CHECKOUT, PYTHON

PRODUCT = [path for path in PYTHON if path.relative_to(CHECKOUT).parts[0] != "tests"]


def test_import_contracts_hold() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout[-4000:]


def test_pythons_own_platform_module_is_not_shadowed() -> None:
    assert not (CHECKOUT / "platform" / "__init__.py").exists()
    run = subprocess.run(
        [sys.executable, "-c", "import platform, uuid; print(platform.python_implementation())"],
        cwd=CHECKOUT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert run.stdout.strip()


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_error_is_swallowed_and_no_amount_is_a_float(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
            silent = all(isinstance(line, ast.Pass) for line in node.body)
            assert not (broad and silent), f"line {node.lineno} swallows an error"
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id.endswith("_fen"):
            assert "float" not in ast.unparse(node.annotation), f"line {node.lineno}: money is integer fen"
        if isinstance(node, ast.Attribute) and node.attr == "FloatField":
            raise AssertionError(f"line {node.lineno}: no FloatField in this house")


def test_only_the_door_switches_houses() -> None:
    """`with tenant:` and set_tenant are not thread-safe or bypass the role; only registry.tenancy may use them."""
    found = []
    for path in PRODUCT:
        if "registry/tenancy" in str(path):
            continue
        text = path.read_text(encoding="utf-8")
        found += [
            f"{path.relative_to(CHECKOUT)}: {word}"
            for word in ("set_tenant(", "set_schema(", "schema_context(", "tenant_context(")
            if word in text
        ]
    assert found == []


_POST = "platform/kernel/outbox/services.py"
"""It gives each reader of a letter the day on which it is opened."""


def test_the_domain_reads_no_clock() -> None:
    """Verbs take `today`; only faces, commands, tasks and the roof know what day it is (design.md 1.3)."""
    found = []
    for path in PRODUCT:
        relative = str(path.relative_to(CHECKOUT))
        if not relative.startswith(("tenants/", "reguarantee/", "platform/kernel/")) or relative == _POST:
            continue
        if "/management/" in relative or "/migrations/" in relative or path.name == "tasks.py":
            continue
        text = path.read_text(encoding="utf-8")
        found += [f"{relative}: {word}" for word in ("date.today(", "localdate(", "datetime.now(") if word in text]
    assert found == []
