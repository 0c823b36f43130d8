"""The built files by their hashed names. `npm run build` writes the list; without a build the plain name is used."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"


def _read() -> dict[str, str]:
    listing = DIST / "assets.json"
    return json.loads(listing.read_text())["assets"] if listing.exists() else {}


_kept = lru_cache(maxsize=1)(_read)


def asset(name: str) -> str:
    """URL of `app.js`, `style.css`, `drawing.css`, `sprite.svg`, `china.json` or `mark.svg`."""
    known = _read() if settings.DEBUG else _kept()
    return static(known.get(name, f"dist/{name}"))
