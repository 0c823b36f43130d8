"""docs/features.tsv: every feature of the group's areas is there once, and what it names exists."""

from __future__ import annotations

import ast
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from infra.management import features
from tests.laws.test_shape import CHECKOUT

FEATURES = features.read()
REQUIRED = (
    [f"PAR-{number:02d}" for number in range(1, 38)]
    + [f"AGR-{number:02d}" for number in range(1, 24)]
    + [f"BUS-{number:02d}" for number in (*range(1, 14), 47, 65, 66)]
    + [f"CLM-{number:02d}" for number in (5, 6, 7)]
    + ["REC-10"]
    + [f"FEE-{number:02d}" for number in (*range(10, 18), 38, 41)]
)
"""All of the areas PAR and AGR; of BUS, CLM, REC and FEE those of the group."""


@cache
def _tests(file: str) -> frozenset[str]:
    path = CHECKOUT / file
    if not path.is_file():
        return frozenset()
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(node.name for node in found if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


@cache
def _pages() -> frozenset[str]:
    names: set[str] = set()

    def walk(resolver: Any, space: str) -> None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern, pattern.namespace or space)
            elif isinstance(pattern, URLPattern) and pattern.name:
                names.add(f"{space}:{pattern.name}")

    for urlconf in settings.DOOR_URLCONFS.values():
        walk(get_resolver(urlconf), "")
    return frozenset(names)


def _exists(place: str) -> bool:
    """A page (`console:partners`), a thing of the program (`reguarantee.claims.services.approve`), or a file."""
    if ":" in place:
        return place in _pages()
    if "/" in place:
        return (CHECKOUT / place).exists()
    module, _, name = place.rpartition(".")
    try:
        return hasattr(import_module(module), name) or import_module(place) is not None
    except ModuleNotFoundError:
        return False


def test_each_feature_stands_there_once_and_in_order() -> None:
    assert [feature.id for feature in FEATURES] == REQUIRED


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.id)
def test_what_a_feature_names_exists(feature: features.Feature) -> None:
    assert feature.where, "a feature lies somewhere, or its row says what is missing and where it would lie"
    assert [place for place in feature.where if not _exists(place)] == []
    if feature.state == "done":
        assert feature.tests, "what no test would miss is not done"
    for test in feature.tests:
        file, _, name = test.partition("::")
        assert name in _tests(file), test


def test_a_line_that_is_no_feature_is_named(tmp_path: Path) -> None:
    path = tmp_path / "features.tsv"
    for line in ("XYZ-01\ta\tb\tc\td\tdone", "PAR-01\ta\tb\tc\td", "PAR-01\ta\tb\tc\td\tpartly:", "PAR-01\ta\tb\tc\td\tyes"):
        path.write_text(f"head\n{line}\n", encoding="utf-8")
        with pytest.raises(ValueError, match="line 2"):
            features.read(path)
