"""Reads of the consolidated book, for the group's house. All money in fen; `as_of` is the day in-force figures are for."""

from reguarantee.monitoring.queries.book import NoSuchDimension, consolidated
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
    "INDUSTRIES",
    "STATES",
    "BadFilter",
    "Freshness",
    "Line",
    "NoSuchDimension",
    "NoSuchGuarantee",
    "Overview",
    "Page",
    "Wanted",
    "breaks",
    "comparisons",
    "consolidated",
    "coverage_label",
    "freshness",
    "guarantee",
    "guarantees",
    "industry_label",
    "lines",
    "members",
    "overview",
    "state_label",
    "totals",
]
