"""Permission codes of this room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("reguarantee_claims.view", _("See members' claims")),
    ("reguarantee_claims.check", _("Check claims, return them and send them to approval")),
    ("reguarantee_claims.pay", _("Prepare and confirm payments of claims")),
    ("reguarantee_claims.fuse", _("Release a blown fuse")),
    ("reguarantee_claims.outward", _("Claim from funds and keep members' liquid funds")),
)
