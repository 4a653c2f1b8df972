"""The RouterOS library."""
