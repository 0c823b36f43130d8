"""Approval drawings: read safely, checked before they are published, walked. Plain Python, no Django, no database."""
