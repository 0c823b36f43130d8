"""Admission cases, standards and yearly evaluations."""
