"""Who the institutions are, and which banks may knock (public schema)."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.tenancy.bases import DomainMixin, TenantMixin


class Institution(TenantMixin):
    """The public house, the group, or a member guarantee company; each is one schema."""

    class Kind(models.TextChoices):
        PUBLIC = "public", _("Front door")
        GROUP = "group", _("Re-guarantee group")
        MEMBER = "member", _("Member guarantee company")

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", _("Active")
        CLOSED = "CLOSED", _("Closed")

    class ReportingScope(models.TextChoices):
        CEDED = "CEDED", _("Ceded business only")
        ALL_BUSINESS = "ALL_BUSINESS", _("All business")

    class Category(models.TextChoices):
        """What a guarantee company was founded for (features BUS-65, BUS-66); the codes are those of products."""

        AGRICULTURE = "AGRICULTURE", _("Agricultural-credit guarantee company")
        SME = "SME", _("Guarantee company for small and medium enterprises")

    # The schema is opened by registry.services, never as a side effect of a save.
    auto_create_schema = False
    auto_drop_schema = False

    code = models.CharField(
        max_length=20, unique=True, validators=[RegexValidator(r"^[A-Z][A-Z0-9]{1,19}$")], help_text=_("Upper case")
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    region_code = models.CharField(max_length=12, blank=True, help_text=_("GB/T 2260, or the partner's own code"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    reporting_scope = models.CharField(
        max_length=20, choices=ReportingScope.choices, default=ReportingScope.CEDED, help_text=_("As agreed with the group")
    )
    # The group's word, published so that the member's own house knows it: its fees have a cap (domain.md 3.5).
    is_policy = models.BooleanField(default=False, help_text=_("Policy institution: not for profit"))
    category = models.CharField(max_length=12, choices=Category.choices, blank=True)
    migrated = models.CharField(max_length=64, blank=True, help_text=_("Digest of the migrations this schema has"))
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["public", "group", "member"]), name="registry_institution_kind"),
            # One deployment serves one group (design.md 2).
            models.UniqueConstraint(fields=["kind"], condition=models.Q(kind="group"), name="registry_one_group"),
            models.CheckConstraint(
                condition=models.Q(category__in=["", "AGRICULTURE", "SME"]), name="registry_institution_category"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_tenant_type(self) -> str:
        return self.kind


class Domain(DomainMixin):
    """A host name and the door behind it."""

    class Door(models.TextChoices):
        FRONT = "FRONT", _("Front door")
        API = "API", _("Banks' API")
        CONSOLE = "CONSOLE", _("Group console")
        PORTAL = "PORTAL", _("Member portal")

    door = models.CharField(max_length=10, choices=Door.choices)


class Bank(models.Model):
    """A partner bank. It lends; it sees only what it lends on."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200, unique=True)
    is_active = models.BooleanField(default=True)
    # The group's word, published so that a member sees it before it chooses the bank (features PAR-27, PAR-28).
    grade = models.CharField(max_length=1, blank=True, help_text=_("A to D, given by the group"))
    graded_on = models.DateField(null=True, blank=True)
    below_minimum = models.BooleanField(default=False, help_text=_("The grade is below the lowest that the group accepts"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(grade="", graded_on=None, below_minimum=False)
                | models.Q(grade__in=["A", "B", "C", "D"], graded_on__isnull=False),
                name="registry_bank_graded",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartnerKey(models.Model):
    """An API key of a bank. Only its SHA-256 is stored; the secret is shown once."""

    class Mode(models.TextChoices):
        LIVE = "LIVE", _("Live")
        SANDBOX = "SANDBOX", _("Sandbox")

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="keys")
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    label = models.CharField(max_length=100, blank=True)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.LIVE)
    scopes = models.JSONField(default=list, help_text=_("For example applications:write"))
    institutions = models.JSONField(default=list, help_text=_("Member codes this key may reach; empty means all"))
    allowed_ips = models.JSONField(default=list, help_text=_("Networks; empty means any"))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)


class Template(models.Model):
    """The text of the members' template schema, ready to be executed under another name."""

    digest = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
