"""The one tree of errors that a user may read.

A `DomainError` carries a stable `code` (for programs), a `status` (for HTTP faces) and a `sentence`
(for people). The sentence is an English message id with named places, `"%(name)s is closed"`; the
values are in `facts`. Faces translate it: `gettext(e.sentence) % e.facts`. The subclass that names a
particular refusal lives beside the function that raises it and only sets `code` and `sentence`.
"""

from typing import Any


def gettext_noop(sentence: str) -> str:
    """Return `sentence` unchanged; marks it for the message catalogue without importing Django."""
    return sentence


class DomainError(Exception):
    """A refusal with a reason. `field` names the input at fault, when there is one."""

    code = "DOMAIN_ERROR"
    status = 422
    sentence = gettext_noop("This is not possible.")

    def __init__(self, sentence: str | None = None, /, *, field: str | None = None, **facts: Any) -> None:
        if sentence is not None:
            self.sentence = sentence
        self.field = field
        self.facts = facts
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return self.sentence % self.facts if self.facts else self.sentence.replace("%%", "%")


class Invalid(DomainError):
    """The input breaks a rule."""

    code = "INVALID"
    status = 422
    sentence = gettext_noop("The input is not valid.")


class NotAllowed(DomainError):
    """The actor may not do this."""

    code = "NOT_ALLOWED"
    status = 403
    sentence = gettext_noop("You may not do this.")


class NotFound(DomainError):
    """There is no such thing, or none that the actor may see."""

    code = "NOT_FOUND"
    status = 404
    sentence = gettext_noop("There is no such record.")


class Conflict(DomainError):
    """The input is sound, but the present state of things does not permit it."""

    code = "CONFLICT"
    status = 409
    sentence = gettext_noop("The present state does not permit this.")
