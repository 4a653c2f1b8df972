"""The embedded engines: PostgreSQL and NATS from their Python wheels, under our own set-up.

It lays down their folders and passwords, starts and stops their servers, and prepares what the
services connect to. It never holds application data structures: those are migrations.
"""
