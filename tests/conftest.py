"""Fixtures for every test."""

from tests.engines_fixture import engines

__all__ = ["engines"]
