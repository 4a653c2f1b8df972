"""Devices are added from an office."""

from tests.office_fixture import Office, office

__all__ = ["Office", "office"]
