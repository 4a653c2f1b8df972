"""HTTP shapes of sign-in, sessions and people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from drover.platform.schemas import Name, Shape, Slug

Role = Literal["admin", "operator", "viewer"]
EffectiveRole = Literal["super_admin", "admin", "operator", "viewer"]
Email = Annotated[str, Field(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
NewPassword = Annotated[SecretStr, Field(min_length=12, max_length=256)]


class SignIn(Shape):
    email: Email
    password: SecretStr = Field(max_length=256)


class SessionUser(Shape):
    id: int
    email: str
    name: str
    is_super_admin: bool


class SessionTenant(Shape):
    """A tenant that this session may open now: by membership, or entered by a super_admin."""

    tenant_id: int
    slug: Slug
    name: str
    colour: str = Field(description="CSS colour of the client's mark, `#rrggbb`.")
    role: EffectiveRole
    permissions: list[str]
    entered_until: datetime | None = Field(
        description="Set when a super_admin entered with a reason; else null."
    )


class SessionInfo(Shape):
    user: SessionUser
    csrf_token: str = Field(description="Send as `X-CSRF-Token` with every request that is not GET.")
    tenants: list[SessionTenant]
    platform_permissions: list[str]
    expires_at: datetime


class LinkInfo(Shape):
    """What a one-time link is for, before it is used."""

    purpose: Literal["setup", "invitation"]
    email: str | None
    name: str | None
    has_login: bool = Field(description="True: the person proves their own password instead of choosing one.")
    expires_at: datetime


class LinkUse(Shape):
    email: Email | None = Field(default=None, description="Asked for `setup` only.")
    name: Name
    password: NewPassword


class Person(Shape):
    user_id: int
    email: str
    name: str
    role: Role
    invited: bool = Field(description="True until the invitation link was used; no member yet.")
    last_sign_in_at: datetime | None
    added_at: datetime


class PersonAdd(Shape):
    email: Email
    name: Name
    role: Role


class PersonAdded(Shape):
    person: Person
    invitation_url: str = Field(
        description="One-time link (48 hours) to hand over: its use makes the membership."
    )


class PersonChange(Shape):
    role: Role
