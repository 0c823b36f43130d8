"""manage.py demo: a group, three members and their story; --rest goes on with it; --credentials prints log-ins."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from infra.demo import stage


class Command(BaseCommand):
    help = "Open the demo's houses and play their story through the services that users press."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rest", action="store_true", help="play the whole story, not only its beginning")
        parser.add_argument("--credentials", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["credentials"]:
            self.stdout.write(json.dumps(stage.credentials(), ensure_ascii=False))
            return
        start = time.perf_counter()
        today = stage.story_day()
        stage.set_stage(self._tell, today)
        told = stage.tell_story(self._tell, today=today, cases=None if options["rest"] else stage.FIRST_CASES)
        if options["rest"]:
            told += stage.go_on(self._tell, today=today)
        if told:
            self._tell(f"{told} cases in {time.perf_counter() - start:.1f} s")

    def _tell(self, text: str) -> None:
        self.stderr.write(f"demo: {text}")
