"""Tail laws (design.md 1.3): no file, function, template or folder grows beyond what a reader can hold."""

from __future__ import annotations

import ast
import subprocess
from collections import Counter
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
FILE, TEST_FILE, FUNCTION, TEMPLATE, FOLDER = 400, 600, 60, 200, 12
# The top of the house, the engines of the kernel and the folder of tests are the map itself.
_MAPS = {"", "tests", "platform/kernel"}


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, also those not committed yet."""
    out = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=CHECKOUT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return [CHECKOUT / name for name in out.split("\0") if name and (CHECKOUT / name).exists()]


def is_migration(path: Path) -> bool:
    return path.parent.name == "migrations" and path.name[:4].isdigit()


PYTHON = [path for path in tracked("*.py") if not is_migration(path)]


def test_no_file_is_too_long() -> None:
    long = {
        str(path.relative_to(CHECKOUT)): lines
        for path in PYTHON
        if (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > (TEST_FILE if "tests" in path.relative_to(CHECKOUT).parts else FILE)
    }
    assert long == {}


def test_no_function_is_too_long() -> None:
    long = {}
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION:
                    long[f"{path.relative_to(CHECKOUT)}:{node.name}"] = lines
    assert long == {}


def test_no_template_is_too_long() -> None:
    long = {
        str(path.relative_to(CHECKOUT)): lines
        for path in tracked("*.html")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > TEMPLATE
    }
    assert long == {}


def test_no_folder_is_too_full() -> None:
    children: Counter[str] = Counter()
    seen = set()
    for path in tracked():
        relative = path.relative_to(CHECKOUT)
        for depth in range(len(relative.parts)):
            parent, child = "/".join(relative.parts[:depth]), relative.parts[depth]
            if (parent, child) not in seen and child != "__init__.py":
                seen.add((parent, child))
                children[parent] += 1
    full = {
        folder: count
        for folder, count in children.items()
        if count > FOLDER and folder not in _MAPS and not folder.endswith(("migrations", "static", "icons"))
    }
    assert full == {}


@pytest.mark.parametrize("name", ["utils", "helpers", "misc", "common"])
def test_no_drawer_for_everything(name: str) -> None:
    assert [path for path in PYTHON if path.stem == name or path.parent.name == name] == []


def test_nothing_third_party_or_of_this_machine_is_kept() -> None:
    names = [str(path.relative_to(CHECKOUT)) for path in tracked()]
    assert not [name for name in names if name.endswith(("uv.lock", ".min.js", ".min.css"))]
    assert not [name for name in names if "node_modules/" in name or "/dist/" in name]
    assert not [name for name in names if name.startswith("platform/") and name.count("/") == 1]
