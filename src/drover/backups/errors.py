"""What can go wrong with snapshots."""

from drover.platform.errors import ConflictError, NotFoundError


class NoSuchSnapshotError(NotFoundError):
    code = "snapshot.not_found"


class NoHostKeyError(ConflictError):
    code = "backups.no_host_key"


class DeviceDisabledError(ConflictError):
    code = "backups.device_disabled"


class TimelineMovedError(ConflictError):
    """Another capture of the device was faster; what was compared with the newest version has to be compared again."""

    code = "snapshot.timeline_moved"
