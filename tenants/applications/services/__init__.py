"""The only writers of applications."""

from tenants.applications.services.channels import add_channel, add_introducer, change_channel, change_introducer
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
    "add_channel",
    "add_introducer",
    "change_channel",
    "change_introducer",
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
