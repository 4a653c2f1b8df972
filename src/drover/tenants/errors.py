"""What can go wrong with tenants and jobs."""

from drover.platform.errors import ConflictError, InvalidInputError, NotFoundError


class NoSuchTenantError(NotFoundError):
    code = "tenant.not_found"


class SlugTakenError(ConflictError):
    code = "tenant.slug_taken"


class BadNetworkError(InvalidInputError):
    code = "tenant.bad_network"


class NoSuchJobError(NotFoundError):
    code = "job.not_found"


class JobOverError(ConflictError):
    code = "job.over"
