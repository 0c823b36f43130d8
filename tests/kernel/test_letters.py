"""Letters keep their own name and version: a field of that name would hide them."""

from dataclasses import fields

import pytest

from kernel.letters import LETTERS, Letter


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_no_field_hides_kind_or_version(letter: type[Letter]) -> None:
    assert {"kind", "version"} & {field.name for field in fields(letter)} == set()
