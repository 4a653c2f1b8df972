"""Fixtures for every test."""

# from tests.api_fixture import api, worker
from tests.engines_fixture import engines

__all__ = ["engines"]
