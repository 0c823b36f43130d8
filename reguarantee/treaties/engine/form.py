"""The form of a terms document: the published schema, walked, with a sentence and a path for the first mistake."""

import re
from collections.abc import Mapping
from typing import Any

from kernel.errors import Invalid, gettext_noop

from .schema import LAYERS, TERMS_SCHEMA


class BadTerms(Invalid):
    """Terms that cannot be executed. `field` is the path to the mistake, such as `layers[1].share`."""

    code = "BAD_TERMS"


def check_form(document: Any) -> None:
    """Check that `document` has the form of TERMS_SCHEMA. Raises BadTerms."""
    _walk(document, TERMS_SCHEMA, "")


_TYPES: Mapping[str, Any] = {
    "object": lambda v: isinstance(v, Mapping),
    "array": lambda v: isinstance(v, list | tuple),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}
_TYPE_SENTENCES = {
    "object": gettext_noop("An object is needed here."),
    "array": gettext_noop("A list is needed here."),
    "string": gettext_noop('Text is needed here (rates too: "0.20").'),
    "integer": gettext_noop("A whole number is needed here."),
    "boolean": gettext_noop("true or false is needed here."),
}


def _walk(value: Any, schema: Mapping[str, Any], path: str) -> None:
    """Check `value` against the parts of JSON Schema that the published schema uses."""
    if "oneOf" in schema:
        return _walk_layer(value, path)
    types = schema.get("type", ())
    types = (types,) if isinstance(types, str) else types
    if types and not any(_TYPES[name](value) for name in types):
        raise BadTerms(_TYPE_SENTENCES[types[0]], field=path)
    allowed = schema.get("enum") or ([schema["const"]] if "const" in schema else None)
    if allowed is not None and value not in allowed:
        raise BadTerms(gettext_noop("“%(value)s” is not one of %(allowed)s."), field=path, value=value, allowed=allowed)
    # JSON Schema's `$` is the end of the text; Python's also lets a line end after it pass.
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"].replace("$", r"\Z"), value):
        raise BadTerms(
            gettext_noop("“%(value)s” is not written as %(pattern)s asks."),
            field=path,
            value=value,
            pattern=schema["pattern"],
        )
    if "minimum" in schema and isinstance(value, int) and value < schema["minimum"]:
        raise BadTerms(gettext_noop("%(value)s is less than %(least)s."), field=path, value=value, least=schema["minimum"])
    if isinstance(value, Mapping):
        _walk_object(value, schema, path)
    elif isinstance(value, list | tuple):
        if len(value) < schema.get("minItems", 0):
            raise BadTerms(gettext_noop("The list may not be empty."), field=path)
        for n, item in enumerate(value):
            _walk(item, schema.get("items", {}), f"{path}[{n}]")
    return None


def _walk_object(value: Mapping[str, Any], schema: Mapping[str, Any], path: str) -> None:
    if len(value) < schema.get("minProperties", 0):
        raise BadTerms(gettext_noop("At least one entry is needed here."), field=path)
    for name in schema.get("required", ()):
        if name not in value:
            raise BadTerms(gettext_noop("This field is missing."), field=_below(path, name))
    properties, other = schema.get("properties", {}), schema.get("additionalProperties", {})
    for name, item in value.items():
        if "propertyNames" in schema:
            _walk(name, schema["propertyNames"], _below(path, name))
        if name in properties:
            _walk(item, properties[name], _below(path, name))
        elif other is False:
            raise BadTerms(gettext_noop("This field is not known here."), field=_below(path, name))
        else:
            _walk(item, other, _below(path, name))


def _walk_layer(value: Any, path: str) -> None:
    """A layer is one of several records; its kind says which, so that the message is about that one."""
    _walk(value, {"type": "object", "required": ["kind"]}, path)
    _walk(value["kind"], {"type": "string", "enum": list(LAYERS)}, _below(path, "kind"))
    _walk(value, LAYERS[value["kind"]], path)


def _below(path: str, name: Any) -> str:
    return f"{path}.{name}" if path else str(name)
