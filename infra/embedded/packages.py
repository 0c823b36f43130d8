"""Files of installed packages, found without importing the package (its own start code is not what we want)."""

from __future__ import annotations

import shutil
import sysconfig
from importlib.util import find_spec
from pathlib import Path

# Set-up runs on the machine's own Python, which does not see what it has just installed.
_VENV = Path(__file__).resolve().parents[2] / ".venv"


def folder(name: str) -> Path | None:
    """The folder of an installed package."""
    spec = find_spec(name)
    if spec is not None and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    return next(_VENV.glob(f"lib/python3*/site-packages/{name}"), None)


def program(name: str) -> Path | None:
    """A program that a package put beside this interpreter, else one on the PATH."""
    for scripts in (Path(sysconfig.get_path("scripts")), _VENV / "bin"):
        if (scripts / name).exists():
            return scripts / name
    found = shutil.which(name)
    return Path(found) if found else None
