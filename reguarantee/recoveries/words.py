"""Sentences with figures in them are put into words where they arise, in the language in which the houses write to each other."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext


def said(sentence: str, **facts: object) -> str:
    """The sentence in the houses' language, its places filled."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext(sentence) % facts
