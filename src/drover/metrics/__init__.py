"""Measurements: takes poll results off the bus into the database, decides states, and answers charts and dashboards.

It never talks to routers, and it never makes up a value: a gap stays a gap.
"""
