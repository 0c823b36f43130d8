"""The form of a mapping document (JSON Schema 2020-12)."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_COMMON: dict[str, Any] = {
    "column": {"type": "string", "minLength": 1, "description": "The heading in the file"},
    "blank": {"type": ["string", "integer", "null"], "description": "What an empty cell means; without it, a refusal"},
}


def _converter(name: str, required: tuple[str, ...] = (), **options: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"as": {"const": name}, **_COMMON, **options},
        "required": ["as", "column", *required],
        "additionalProperties": False,
    }


_WORDS: dict[str, Any] = {
    "trim": {"type": "boolean", "description": "Cut blanks at both ends; true unless said otherwise"},
    "pattern": {"type": "string", "format": "regex", "description": "The whole text must match"},
}
CONVERTERS: dict[str, dict[str, Any]] = {
    "text": _converter("text", **_WORDS),
    "upper": _converter("upper", **_WORDS),
    "raw": _converter("raw"),
    "money": _converter("money", unit={"enum": ["FEN", "YUAN", "WAN"]}),
    "integer": _converter("integer"),
    "decimal": _converter("decimal", percent={"type": "boolean"}),
    "date": _converter(
        "date",
        ("formats",),
        formats={"type": "array", "minItems": 1, "items": _TEXT},
        latest_year={"type": "integer", "minimum": 1999, "maximum": 2199},
        year_in={
            "type": "object",
            "properties": {"column": _TEXT, "back": {"type": "integer", "minimum": 0, "maximum": 1}},
            "required": ["column"],
            "additionalProperties": False,
        },
    ),
    "code": _converter(
        "code",
        ("codes",),
        codes={"type": "object", "minProperties": 1, "additionalProperties": _TEXT},
        first={"type": "integer", "minimum": 1},
    ),
}
_VALUE = {
    "type": "object",
    "properties": {"value": {"type": ["string", "integer"]}},
    "required": ["value"],
    "additionalProperties": False,
}
MAPPING_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z][a-z0-9_]{1,39}$"},
        "title": {"type": "object", "additionalProperties": _TEXT, "description": "By language"},
        "target": _TEXT,
        "options": {"type": "object", "description": "What the target itself understands"},
        "houses": {
            "type": "object",
            "description": "Institutions that the import may open",
            "properties": {
                "name": {"type": "string", "pattern": "%\\(place\\)s"},
                "places": {"type": "object", "additionalProperties": _TEXT},
            },
            "required": ["name", "places"],
            "additionalProperties": False,
        },
        "fields": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "object"}},
    },
    "required": ["name", "target", "fields"],
    "additionalProperties": False,
}
FIELD_SCHEMAS = {**CONVERTERS, "value": _VALUE}
