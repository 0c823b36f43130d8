"""Typed readers of the environment. A value that is missing or malformed stops the start with a sentence naming it."""

from __future__ import annotations

import os
from typing import overload

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


class BadEnvironment(RuntimeError):
    """An environment variable is missing or says something that cannot be read."""


def _raw(name: str) -> str | None:
    """The value of NAME, or the content of the file that NAME_FILE names (secrets mounted as files)."""
    value = os.environ.get(name)
    if value is not None:
        return value
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return None
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except OSError as error:
        raise BadEnvironment(f"{name}_FILE names {path}, which cannot be read: {error.strerror}") from error


@overload
def env_str(name: str) -> str: ...
@overload
def env_str(name: str, default: str) -> str: ...
def env_str(name: str, default: str | None = None) -> str:
    """Text of NAME (or of the file NAME_FILE). Without a default it must be set and not empty."""
    value = _raw(name)
    if value:
        return value
    if default is None:
        raise BadEnvironment(f"Set {name} (or {name}_FILE to a file that holds it).")
    return default if value is None else value


def env_bool(name: str, default: bool) -> bool:
    value = _raw(name)
    if value is None:
        return default
    if value.strip().lower() in _TRUE:
        return True
    if value.strip().lower() in _FALSE:
        return False
    raise BadEnvironment(f"{name} must be on or off, not {value!r}.")


def env_int(name: str, default: int) -> int:
    value = _raw(name)
    if value is None or not value.strip():
        return default
    try:
        return int(value)
    except ValueError:
        raise BadEnvironment(f"{name} must be a whole number, not {value!r}.") from None


def env_list(name: str, default: list[str]) -> list[str]:
    """Comma-separated texts; blanks around and between the commas do not count."""
    value = _raw(name)
    if value is None:
        return list(default)
    return [part.strip() for part in value.split(",") if part.strip()]
