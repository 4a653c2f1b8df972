"""What can go wrong with devices."""

from drover.platform.errors import ConflictError, InvalidInputError, NotFoundError


class NoSuchDeviceError(NotFoundError):
    code = "device.not_found"


class NoSuchGroupError(NotFoundError):
    code = "group.not_found"


class GroupNameTakenError(ConflictError):
    code = "group.name_taken"


class NoSuchEnrolmentError(NotFoundError):
    code = "enrolment.not_found"


class EnrolmentOverError(ConflictError):
    code = "enrolment.over"


class EnrolmentMovedOnError(NotFoundError):
    """A job that runs again finds that its part was done, or that nobody wants it any more."""

    code = "enrolment.moved_on"


class FingerprintDiffersError(ConflictError):
    code = "enrolment.fingerprint_differs"


class NoSuchImportError(NotFoundError):
    code = "import.not_found"


class ImportStartedError(ConflictError):
    code = "import.started"


class BadCsvError(InvalidInputError):
    code = "import.bad_csv"


class BadAddressError(InvalidInputError):
    code = "device.bad_address"


class AddressOutsideError(InvalidInputError):
    code = "device.outside_networks"


class DuplicateAddressError(ConflictError):
    code = "device.duplicate_address"


class DuplicateSerialError(ConflictError):
    code = "device.duplicate_serial"
