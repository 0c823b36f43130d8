"""People of one institution, and what they may do. Every table lives in that institution's schema."""

from __future__ import annotations

from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """Reference data with a stable code and a label in two languages."""

    code = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if (get_language() or "zh").startswith("en") else self.name_zh


class Department(Named):
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")

    class Meta(Named.Meta):
        abstract = False


class Post(Named):
    """岗位: where a task is sent. A person may hold several."""

    class Meta(Named.Meta):
        abstract = False


class Role(Named):
    """角色: what its holders may do, and on whose rows."""

    class Scope(models.TextChoices):
        OWN = "OWN", _("Own")
        DEPARTMENT = "DEPARTMENT", _("Department")
        ALL = "ALL", _("All")

    permissions = models.JSONField(default=list, help_text=_("Permission codes"))
    scope = models.CharField(max_length=12, choices=Scope.choices, default=Scope.OWN)
    # System, security and audit administrators check each other: nobody may hold two (domain.md 9.1).
    administers = models.CharField(
        max_length=10,
        blank=True,
        choices=[("SYSTEM", _("System")), ("SECURITY", _("Security")), ("AUDIT", _("Audit"))],
    )

    class Meta(Named.Meta):
        abstract = False


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in at one institution. The same e-mail may exist in another one: that is another user."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=60)
    mobile = models.CharField(max_length=20, blank=True)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="users")
    roles = models.ManyToManyField(Role, related_name="users", blank=True)
    posts = models.ManyToManyField(Post, related_name="users", blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    money_unit = models.CharField(max_length=4, default="WAN", choices=[("YUAN", _("yuan")), ("WAN", _("10k yuan"))])
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.name

    # The three below are read once per request each: a user object lives for one request.
    @cached_property
    def held_roles(self) -> list[Role]:
        return list(self.roles.all())

    @cached_property
    def permission_codes(self) -> frozenset[str]:
        return frozenset(code for role in self.held_roles for code in role.permissions)

    @cached_property
    def post_codes(self) -> frozenset[str]:
        return frozenset(self.posts.values_list("code", flat=True))
