"""Polling: which device is read when, over one lasting session each, and what of it goes to the bus.

It never writes to the database but for the record that credentials were read, and never decides a device's state: that is
what ingest makes of the results.
"""
