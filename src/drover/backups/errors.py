"""What can go wrong with snapshots."""

from drover.platform.errors import ConflictError, NotFoundError


class NoSuchSnapshotError(NotFoundError):
    code = "snapshot.not_found"


class NoHostKeyError(ConflictError):
    code = "backups.no_host_key"


class NoVersionError(ConflictError):
    code = "backups.version_unknown"
