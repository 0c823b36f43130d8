"""manage.py write_docs: the documents that the program itself knows best; --check compares instead of writing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from infra.management import features
from infra.management.commands import states
from kernel.letters import LETTERS
from reguarantee.treaties.engine import TERMS_SCHEMA


def _letters() -> str:
    lines = [
        "# Letters",
        "",
        "What the houses tell each other (design: acts travel as letters). Written by `manage.py write_docs`.",
    ]
    for kind, letter in LETTERS.items():
        lines += [
            "",
            f"## {kind} · version {letter.version}",
            "",
            (letter.__doc__ or "").strip(),
            "",
            "| field | type |",
            "|---|---|",
        ]
        lines += [f"| `{field.name}` | {field.type} |" for field in fields(letter)]
    return "\n".join(lines) + "\n"


def _openapi() -> str:
    out = StringIO()
    call_command("spectacular", urlconf="infra.doors.urls_api", validate=True, fail_on_warn=True, stdout=out)
    return out.getvalue()


def _terms() -> str:
    return json.dumps(TERMS_SCHEMA, indent=1, ensure_ascii=False) + "\n"


DOCUMENTS: dict[str, Callable[[], str]] = {
    "states.md": states.render,
    "letters.md": _letters,
    "features.md": features.render,
    "openapi.yaml": _openapi,
    "terms.schema.json": _terms,
}


class Command(BaseCommand):
    help = "Write what docs/ says about the program (states, letters, features, API, terms), or compare it with the program."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = []
        for name, render in DOCUMENTS.items():
            path, text = settings.BASE_DIR / "docs" / name, render()
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            if options["check"]:
                stale.append(name)
            else:
                path.write_text(text, encoding="utf-8")
                self.stdout.write(f"wrote docs/{name}")
        if stale:
            raise SystemExit(f"Not what the program says: {', '.join(stale)}. Run manage.py write_docs.")
