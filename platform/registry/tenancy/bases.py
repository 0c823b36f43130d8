"""What the registry's models inherit from django_tenants."""

from django_tenants.models import DomainMixin, TenantMixin

__all__ = ["DomainMixin", "TenantMixin"]
