"""The router simulator."""
