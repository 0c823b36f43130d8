"""Every sentence of the member's rooms is in the Chinese catalogue, with the same places to fill."""

from __future__ import annotations

import re
from pathlib import Path

import polib
from babel.messages.extract import extract_from_dir

TOP = Path(__file__).resolve().parents[2] / "tenants"
PLACE = re.compile(r"%\((\w+)\)s|%%")


def said() -> set[str]:
    words = {"_": None, "gettext_noop": None, "gettext_lazy": None}
    found = extract_from_dir(str(TOP), method_map=[("**.py", "python")], keywords=words)
    return {message for _, _, message, _, _ in found}


def test_the_catalogue_is_complete_and_fills_the_same_places():
    catalogue = polib.pofile(str(TOP / "locale/zh_Hans/LC_MESSAGES/django.po"))
    translated = {entry.msgid: entry.msgstr for entry in catalogue if entry.msgstr}
    assert said() - set(translated) == set()
    for message, chinese in translated.items():
        assert sorted(PLACE.findall(message)) == sorted(PLACE.findall(chinese)), message
