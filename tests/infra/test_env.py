"""Typed readers of the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.env import BadEnvironment, env_bool, env_int, env_list, env_str


def test_text_comes_from_the_variable_or_the_file_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from the file\n")
    monkeypatch.setenv("ZD_X_FILE", str(secret))
    assert env_str("ZD_X") == "from the file"
    monkeypatch.setenv("ZD_X", "direct")
    assert env_str("ZD_X") == "direct"


def test_what_is_missing_or_malformed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadEnvironment, match="Set ZD_X"):
        env_str("ZD_X")
    monkeypatch.setenv("ZD_X_FILE", str(tmp_path / "none"))
    with pytest.raises(BadEnvironment, match="ZD_X_FILE names"):
        env_str("ZD_X", "default")
    monkeypatch.setenv("ZD_X", "maybe")
    with pytest.raises(BadEnvironment, match="ZD_X must be on or off"):
        env_bool("ZD_X", False)
    with pytest.raises(BadEnvironment, match="ZD_X must be a whole number"):
        env_int("ZD_X", 1)


def test_defaults_and_values(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (env_str("ZD_X", ""), env_bool("ZD_X", True), env_int("ZD_X", 7), env_list("ZD_X", ["a"])) == ("", True, 7, ["a"])
    for text, meant in (("on", True), ("TRUE", True), ("0", False), ("", False)):
        monkeypatch.setenv("ZD_X", text)
        assert env_bool("ZD_X", not meant) is meant
    monkeypatch.setenv("ZD_X", "12")
    assert env_int("ZD_X", 0) == 12
    monkeypatch.setenv("ZD_X", " a, ,b ")
    assert env_list("ZD_X", []) == ["a", "b"]
