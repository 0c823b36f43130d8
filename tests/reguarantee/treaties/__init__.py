"""Agreements on their way."""
