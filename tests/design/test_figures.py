"""How figures, states and personal data are written."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from design.templatetags import amounts
from design.templatetags.states import TONES, tone_of

TOKENS = Path(__file__).parents[2] / "platform/design/frontend/css/tokens.css"


def shown(source: str, **facts: object) -> str:
    return Template("{% load design %}" + source).render(Context(facts))


@pytest.mark.parametrize(
    ("fen", "unit", "text"),
    [
        (123_456_789, "WAN", "123.46"),
        (123_456_789, "YUAN", "1,234,567.89"),
        (-50, "YUAN", "-0.50"),
        (0, "WAN", "0.00"),
        (None, "WAN", "-"),
        ("", "YUAN", "-"),
    ],
)
def test_amounts_in_the_unit_of_the_reader(fen: int | None, unit: str, text: str) -> None:
    assert amounts.amount(fen, unit) == text


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (490_500_000_000, "49.05 亿元", "¥4,905 M"),
        (3_120_000_000, "3,120 万元", "¥31.20 M"),
        (98_000, "980 元", "¥980"),
        (-490_500_000_000, "-49.05 亿元", "¥-4,905 M"),
        (None, "-", "-"),
    ],
)
def test_headline_figures_choose_their_unit(fen: int | None, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert amounts.big(fen) == chinese
    with translation.override("en"):
        assert amounts.big(fen) == english


def test_money_tag_follows_the_context_and_tells_the_exact_yuan() -> None:
    with translation.override("zh-hans"):
        assert (
            shown("{% money fen %}", fen=123_456_789, unit="WAN") == '<span class="money" title="1,234,567.89 元">123.46</span>'
        )
        assert ">1,234,567.89<" in shown("{% money fen %}", fen=123_456_789, unit="YUAN")
        assert ">123.46 万元<" in shown("{% money fen unit=True %}", fen=123_456_789, unit="WAN")
        assert ">+1.00<" in shown("{% money fen signed=True %}", fen=1_000_000, unit="WAN")
        assert 'class="money negative"' in shown("{% money fen %}", fen=-1, unit="YUAN")
        assert shown("{% money fen %}", fen=None) == "-"
    with translation.override("en"):
        assert ">¥1,234,567.89<" in shown("{% money fen unit=True %}", fen=123_456_789, unit="WAN")


@pytest.mark.parametrize(
    ("rate", "digits", "text"),
    [
        (Decimal("0.0125"), 2, "1.25%"),
        (Decimal("0.012345"), 2, "1.23%"),
        (Decimal("0.012345"), 3, "1.235%"),
        (Decimal("-0.00005"), 2, "-0.01%"),
        (Decimal("12.5"), 0, "1,250%"),
        (1, 2, "100.00%"),
        (None, 2, "-"),
    ],
)
def test_rates(rate: Decimal | None, digits: int, text: str) -> None:
    assert amounts.percent(rate, digits) == text


def test_a_float_is_no_rate() -> None:
    with pytest.raises(TypeError):
        amounts.percent(0.0125)


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ v|mask_id }}", "11010519491231002X", "110105********002X"),
        ("{{ v|mask_mobile }}", "13812341234", "138****1234"),
        ("{{ v|mask_name }}", "张三", "张*"),
        ("{{ v|mask_name }}", "张三丰", "张**"),
        ("{{ v|mask_name }}", "张", "张*"),
        ("{{ v|mask_card }}", "6222 0000 1111 2345", "**** 2345"),
        ("{{ v|mask_id }}", "12345", "1****"),
        ("{{ v|mask_mobile }}", None, "-"),
        ("{{ v|day }}", datetime.date(2026, 1, 2), "2026-01-02"),
        ("{{ v|day }}", datetime.datetime(2026, 1, 1, 17, tzinfo=datetime.UTC), "2026-01-02"),
        ("{{ v|minute }}", datetime.datetime(2026, 1, 1, 17, 5, tzinfo=datetime.UTC), "2026-01-02 01:05"),
        ("{{ v|day }}", None, "-"),
        ("{{ v|capitals }}", 32_504, "叁佰贰拾伍元零肆分"),
    ],
)
def test_personal_data_is_masked_and_days_are_local(source: str, value: object, text: str) -> None:
    assert shown(source, v=value) == text


def test_a_state_wears_its_tone_and_the_unknown_is_grey() -> None:
    assert shown('{% state_badge "OVERDUE" "逾期" %}') == '<span class="tag tone-red">逾期</span>'
    assert shown('{% state_badge "in_force" %}') == '<span class="tag tone-green">in_force</span>'
    assert tone_of("NEVER_HEARD_OF") == "grey"
    assert shown("{% state_badge code label %}", code="DRAFT", label="<b>") == '<span class="tag tone-grey">&lt;b&gt;</span>'


def test_query_strings_change_one_key() -> None:
    request = RequestFactory().get("/", {"q": "安徽", "page": "3"})
    made = Template("{% load design %}{% querystring_replace page=None sort='-id' %}").render(Context({"request": request}))
    assert made == "?q=%E5%AE%89%E5%BE%BD&amp;sort=-id"


def test_every_tone_can_be_read() -> None:
    """WCAG AA: text on its ground, and white on the solid, 4.5:1 or better."""

    def light(hexed: str) -> float:
        channels = [int(hexed[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def ratio(one: str, other: str) -> float:
        low, high = sorted((light(one), light(other)))
        return (high + 0.05) / (low + 0.05)

    found = re.findall(r"\.tone-(\w+)\s*\{ --tone: (#\w{6}); --ground: (#\w{6}); --solid: (#\w{6})", TOKENS.read_text())
    assert {name for name, *_ in found} == set(TONES)
    for name, tone, ground, solid in found:
        assert ratio(tone, ground) >= 4.5, name
        assert ratio("#ffffff", solid) >= 4.5, name
