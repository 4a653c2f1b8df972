"""HTTP shapes that every slice shares: the error body, pages and identifiers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """Base of all HTTP shapes: unknown fields in a request are an error, not silence."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class ErrorBody(Shape):
    code: str = Field(
        description="Stable, dotted: `device.duplicate_serial`. Switch on this, never on the message."
    )
    message: str = Field(description="Safe to show; says what to do.")
    fields: dict[str, str] = Field(default_factory=dict, description="Field name to what is wrong with it.")
    request_id: str


class ErrorReply(Shape):
    error: ErrorBody


Slug = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$", examples=["alder-finch"])]
Name = Annotated[str, Field(min_length=1, max_length=120)]
