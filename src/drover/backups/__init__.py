"""Configuration snapshots: captured whole, taken apart into masked text and secret values, kept once per content.

The API opens masked texts only; the values are sealed for the worker, which alone can join the two again.
"""
