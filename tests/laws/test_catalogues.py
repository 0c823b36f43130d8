"""Chinese is complete and speaks with one voice: every sentence in the sources has one translation."""

from __future__ import annotations

from collections import defaultdict
from io import BytesIO
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

from tests.laws.test_shape import CHECKOUT, PYTHON, tracked

TOPS = (
    "platform/kernel", "platform/registry", "platform/design", "platform/desks", "tenants", "reguarantee", "member_portal", "api",
)  # fmt: skip
KEYWORDS = dict.fromkeys(
    ("gettext", "gettext_lazy", "gettext_noop", "_", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy")
)


def catalogue(top: str) -> polib.POFile:
    return polib.pofile(str(CHECKOUT / top / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))


def sentences(path: Path) -> set[str]:
    """The message ids that a Python file or a template marks for translation."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    found = set()
    for _line, function, message, _comments in extract_python(BytesIO(text.encode()), KEYWORDS, [], {"encoding": "utf-8"}):
        first = message[0] if isinstance(message, tuple) else message
        if function and function.startswith("pgettext") and isinstance(message, tuple):
            first = message[1]
        if isinstance(first, str) and first:
            found.add(first)
    return found


def sources() -> list[Path]:
    return [
        path
        for path in [*PYTHON, *tracked("*.html")]
        if path.relative_to(CHECKOUT).parts[0] != "tests" and "/bench/" not in str(path)
    ]


@pytest.mark.parametrize("top", TOPS)
def test_a_catalogue_has_no_gap(top: str) -> None:
    entries = [entry for entry in catalogue(top) if not entry.obsolete]
    gaps = [entry.msgid for entry in entries if not (entry.msgstr or all(entry.msgstr_plural.values() or [""]))]
    assert gaps == []
    assert [entry.msgid for entry in entries if entry.fuzzy] == []


def test_every_sentence_of_the_sources_has_its_chinese() -> None:
    known = {entry.msgid for top in TOPS for entry in catalogue(top) if not entry.obsolete}
    missing: dict[str, list[str]] = defaultdict(list)
    for path in sources():
        for sentence in sentences(path) - known:
            missing[str(path.relative_to(CHECKOUT))].append(sentence)
    assert dict(missing) == {}


def test_one_sentence_has_one_translation() -> None:
    """All catalogues are merged when the program runs: two translations would depend on their order."""
    said: dict[tuple[str | None, str], set[str]] = defaultdict(set)
    for top in TOPS:
        for entry in catalogue(top):
            if not entry.obsolete:
                said[entry.msgctxt, entry.msgid].add(entry.msgstr)
    assert {key: texts for key, texts in said.items() if len(texts) > 1} == {}


def test_places_of_a_sentence_survive_translation() -> None:
    """%(name)s in English must stand in Chinese, or a face would fail while it refuses."""
    import re

    places = re.compile(r"%\((\w+)\)[sd]")
    broken = [
        entry.msgid
        for top in TOPS
        for entry in catalogue(top)
        if not entry.obsolete and entry.msgstr and set(places.findall(entry.msgid)) != set(places.findall(entry.msgstr))
    ]
    assert broken == []
