"""Devices: what is managed, how one comes in (enrolment), groups and tags.

It never talks to a router: the gateway does, and hands what it found to this slice's service.
"""
