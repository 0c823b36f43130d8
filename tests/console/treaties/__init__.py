"""Agreements on the console."""
