"""The shell's pages and the rules that hold for every template of the program."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polib
import pytest
from django.template.loader import render_to_string
from django.test import Client

from design import answers
from design.policy import CSP
from design.templatetags.assets import DIST

ROOT = Path(__file__).parents[2]
DESIGN = ROOT / "platform" / "design"
TOPS = ("platform", "tenants", "reguarantee", "member_portal", "api", "infra")
TEMPLATES = sorted(path for top in TOPS for path in (ROOT / top).rglob("templates/**/*.html"))
PAGES = ["", "todo/", "list/", "detail/", "form/", "parts/", "states/", "dialog/"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_guide_stands(guide: Client, page: str) -> None:
    answer = guide.get(f"/styleguide/{page}")
    assert answer.status_code == 200
    for name, sources in CSP["DIRECTIVES"].items():
        assert f"{name} {' '.join(sources)}" in answer["Content-Security-Policy"]


def test_forms_inside_components_carry_the_token(guide: Client) -> None:
    page = guide.get("/styleguide/detail/").content.decode()
    form = page[page.index('data-confirm="') :]
    assert "csrfmiddlewaretoken" in form[: form.index("</form>")]


def test_a_bad_form_is_422_and_keeps_what_was_typed(guide: Client) -> None:
    answer = guide.post("/styleguide/form/", {"customer": "皖南机械", "amount": "12"})
    assert answer.status_code == 422
    assert "皖南机械" in answer.content.decode()


def test_dialogs_answer_htmx_with_a_redirect(guide: Client) -> None:
    answer = guide.post("/styleguide/dialog/", {"to": "1", "why": "出差"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/styleguide/parts/")


@pytest.mark.parametrize("code", ["400", "403", "404", "500"])
def test_error_pages_need_no_context(code: str) -> None:
    page = render_to_string(f"{code}.html")
    assert f">{code}<" in page and "<script type=" in page


def test_unit_and_language_are_chosen_by_post_and_lead_back_only_to_ourselves(guide: Client) -> None:
    answer = guide.post("/look/unit/", {"unit": "YUAN", "next": "/styleguide/list/"})
    assert answer["Location"] == "/styleguide/list/" and answer.cookies["unit"].value == "YUAN"
    assert "担保金额 (元)" in guide.get("/styleguide/list/").content.decode()
    answer = guide.post("/look/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/" and answer.cookies["django_language"].value == "en"
    assert "Guarantee business" in guide.get("/styleguide/").content.decode()
    assert guide.get("/look/unit/").status_code == 405
    assert "unit" not in guide.post("/look/unit/", {"unit": "DOLLAR"}).cookies


def test_the_service_worker_keeps_the_shell_and_no_business(guide: Client) -> None:
    script = guide.get("/sw.js").content.decode()
    kept = re.search(r"const shell = (\[.*?\]);", script)
    assert kept and all(path == "/offline/" or path.startswith("/static/dist/") for path in json.loads(kept[1]))
    assert json.loads(guide.get("/manifest.webmanifest").content)["display"] == "standalone"
    assert "没有网络连接" in guide.get("/offline/").content.decode()


def test_charts_are_checked_before_they_are_drawn() -> None:
    with pytest.raises(ValueError, match="2 figures for 1"):
        answers.chart(kind="bar", categories=["a"], series=[{"name": "x", "data": [1, 2]}])
    with pytest.raises(ValueError, match="one series"):
        answers.chart(kind="pie", categories=[], series=[])
    with pytest.raises(ValueError, match="none of"):
        answers.chart(kind="radar", categories=[], series=[])


_INLINE = re.compile(
    r"""\sstyle\s*=\s*["'] | <style\b | \son[a-z]+\s*=\s*["'] | \shx-on[:-] | hx-vals\s*=\s*["']js: | javascript:
    | <script(?![^>]*\bsrc=)(?![^>]*type="application/json")[^>]*>""",
    re.VERBOSE,
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_anything_inline(path: Path) -> None:
    """The CSP would refuse it, silently for the reader (ui.md 1.2)."""
    found = _INLINE.findall(path.read_text())
    assert not found, found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_is_longer_than_two_hundred_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 200


def test_every_icon_that_is_named_exists() -> None:
    listing = DIST / "assets.json"
    assert listing.exists(), "npm run build has not run"
    assert json.loads(listing.read_text())["missing_icons"] == []


def test_the_chinese_catalogue_is_complete() -> None:
    catalogue = polib.pofile(str(DESIGN / "locale/zh_Hans/LC_MESSAGES/django.po"))
    said = {entry.msgid: entry.msgstr for entry in catalogue}
    assert not catalogue.fuzzy_entries() and all(said.values())
    wanted: set[str] = set()
    for path in DESIGN.rglob("*.html"):
        source = path.read_text()
        wanted |= set(re.findall(r"""\{% translate ["'](.+?)["'] %\}""", source)) | set(re.findall(r'_\("(.+?)"\)', source))
    for path in DESIGN.rglob("*.py"):
        wanted |= set(re.findall(r"""\b(?:gettext|_)\("(.+?)"\)""", path.read_text()))
    assert wanted and not wanted - set(said), wanted - set(said)
