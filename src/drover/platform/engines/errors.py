"""Why an embedded engine could not be set up or started."""


class EngineError(Exception):
    """An engine can't be set up, started or stopped; the message says what to do, without secrets."""
