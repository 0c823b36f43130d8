"""Compiles every message catalogue whose source is newer; needs no gettext on the machine.

`python -m infra.bootstrap.catalogues --check` compiles all of them anew and fails on one that cannot be read.
"""

from __future__ import annotations

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
_SKIPPED = {".venv", ".embedded", "node_modules", ".git"}


def stale(*, every: bool = False) -> list[Path]:
    """The .po files whose .mo is missing or older."""
    found = []
    for top in sorted(CHECKOUT.iterdir()):
        if top.name in _SKIPPED or not top.is_dir():
            continue
        for source in sorted(top.rglob("locale/*/LC_MESSAGES/*.po")):
            built = source.with_suffix(".mo")
            if every or not built.exists() or built.stat().st_mtime < source.stat().st_mtime:
                found.append(source)
    return found


def compile_stale(*, every: bool = False) -> list[Path]:
    """Compile them (needs polib); return what was compiled."""
    sources = stale(every=every)
    if sources:
        import polib

        for source in sources:
            draft = source.with_suffix(".mo.new")
            try:
                polib.pofile(str(source), check_for_duplicates=True).save_as_mofile(str(draft))
            except (OSError, ValueError) as error:
                raise ValueError(f"{source.relative_to(CHECKOUT)} cannot be compiled: {error}") from error
            draft.replace(source.with_suffix(".mo"))  # whole or not at all: another process may be reading
    return sources


if __name__ == "__main__":
    try:
        compile_stale(every="--check" in sys.argv)
    except ValueError as error:
        sys.exit(str(error))
