"""What can go wrong with measurements."""

from drover.platform.errors import DroverError, NotFoundError


class MalformedTelemetryError(DroverError):
    """A message on the telemetry subject is not one of ours; it is dropped and counted."""

    code = "telemetry.malformed"


class NoSuchDeviceError(NotFoundError):
    code = "device.not_found"


class NoSuchInterfaceError(NotFoundError):
    code = "interface.not_found"
