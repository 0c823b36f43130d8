"""The committee: 审保会 in a member's house, 评审会 in the group's (domain.md 7.2). A meeting, its agenda, named ballots, a
decision that can be recounted, minutes as PDF.

A room whose matters come before a committee registers in its AppConfig.ready():

    from kernel.approval import committee
    committee.register("admission", on_decided=services.decided, page=lambda subject: "/admissions/12/")

`on_decided(*, subject, outcome, conditions, actor, today)` runs inside the transaction in which the item is closed: `outcome` is
PASSED, PASSED_WITH_CONDITIONS, DEFERRED, REJECTED, VETOED or INVALID, `conditions` a tuple of texts, `actor` who closed the
item. `waiting()`, optional, lists what the room has for the secretary of the committee `rule` ("GROUP", "REVIEW"), as
`committee.Matter`s.
A running approval whose open task is a committee's (zd:meeting in the drawing) is carried on by itself: such a
room needs no registration.
"""

from kernel.approval.committee.listeners import Matter, register

__all__ = ["Matter", "register"]
