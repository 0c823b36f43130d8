"""Reads of the consolidated book, for the group's house. All money in fen; `as_of` is the day in-force figures are for."""

from reguarantee.monitoring.queries.book import NoSuchDimension, consolidated
from reguarantee.monitoring.queries.coverage import REASONS as COVER_REASONS
from reguarantee.monitoring.queries.coverage import Reasoned, by_member, by_reason, coverage, covers
from reguarantee.monitoring.queries.freshness import Freshness, breaks, comparisons, freshness
from reguarantee.monitoring.queries.guarantees import (
    BadFilter,
    NoSuchGuarantee,
    Page,
    Wanted,
    guarantee,
    guarantees,
    members,
    totals,
)
from reguarantee.monitoring.queries.history import compensations, released
from reguarantee.monitoring.queries.labels import (
    COVERAGES,
    INDUSTRIES,
    STATES,
    coverage_label,
    industry_label,
    state_label,
)
from reguarantee.monitoring.queries.overview import Line, Overview, lines, overview

__all__ = [
    "COVERAGES",
    "COVER_REASONS",
    "INDUSTRIES",
    "STATES",
    "BadFilter",
    "Freshness",
    "Line",
    "NoSuchDimension",
    "NoSuchGuarantee",
    "Overview",
    "Page",
    "Reasoned",
    "Wanted",
    "breaks",
    "by_member",
    "by_reason",
    "comparisons",
    "compensations",
    "consolidated",
    "coverage",
    "coverage_label",
    "covers",
    "freshness",
    "guarantee",
    "guarantees",
    "industry_label",
    "lines",
    "members",
    "overview",
    "released",
    "state_label",
    "totals",
]
