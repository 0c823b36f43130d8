"""Filings on the console beyond list and decision: stages, banks' lists, coverage, figures, what happens now."""
