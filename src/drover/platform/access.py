"""The four roles and what each may do: one table, checked on the server at every request.

`super_admin` here means: a super_admin who has entered the tenant with a reason. Without entering, only the
`platform.*` rows hold.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"


class Permission(StrEnum):
    DEVICES_READ = "devices.read"
    DEVICES_WRITE = "devices.write"
    DEVICES_DELETE = "devices.delete"
    DEVICES_ORGANISE = "devices.organise"
    BACKUPS_READ = "backups.read"
    BACKUPS_TAKE = "backups.take"
    JOBS_READ = "jobs.read"
    JOBS_CANCEL = "jobs.cancel"
    PEOPLE_READ = "people.read"
    PEOPLE_MANAGE = "people.manage"
    AUDIT_READ = "audit.read"
    PLATFORM_TENANTS = "platform.tenants"
    PLATFORM_ENTER = "platform.enter"
    PLATFORM_AUDIT = "platform.audit"


_VIEWER = frozenset({Permission.DEVICES_READ, Permission.BACKUPS_READ, Permission.JOBS_READ})
_OPERATOR = _VIEWER | {
    Permission.DEVICES_WRITE,
    Permission.DEVICES_ORGANISE,
    Permission.BACKUPS_TAKE,
    Permission.JOBS_CANCEL,
    Permission.PEOPLE_READ,
    Permission.AUDIT_READ,
}
_ADMIN = _OPERATOR | {Permission.DEVICES_DELETE, Permission.PEOPLE_MANAGE}

TENANT_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.OPERATOR: _OPERATOR,
    Role.ADMIN: _ADMIN,
    Role.SUPER_ADMIN: _ADMIN,
}

PLATFORM_PERMISSIONS = frozenset(
    {Permission.PLATFORM_TENANTS, Permission.PLATFORM_ENTER, Permission.PLATFORM_AUDIT}
)


def grants(role: str, permission: Permission) -> bool:
    """Whether a role in a tenant has a permission; an unknown role has none."""
    return role in TENANT_PERMISSIONS and permission in TENANT_PERMISSIONS[Role(role)]


def permissions_of(role: str) -> list[str]:
    """A role's permissions, sorted, for the UI to hide what the server would refuse."""
    return sorted(TENANT_PERMISSIONS[Role(role)])


def minimum_role(permission: Permission) -> Role:
    """The lowest role that has a tenant permission: what a job asked for under it requires when it starts."""
    for role in (Role.VIEWER, Role.OPERATOR, Role.ADMIN):
        if permission in TENANT_PERMISSIONS[role]:
            return role
    raise ValueError(f"{permission} is no tenant permission")
