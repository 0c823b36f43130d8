"""The only writers of applications."""

from tenants.applications.services.review import (
    closed,
    decline,
    mark_issued,
    resumed,
    returned,
    submit,
    take_up,
    withdraw,
)
from tenants.applications.services.writing import Applicant, draft, receive, revise

__all__ = [
    "Applicant",
    "closed",
    "decline",
    "draft",
    "mark_issued",
    "receive",
    "resumed",
    "returned",
    "revise",
    "submit",
    "take_up",
    "withdraw",
]
