"""People: sign-in, sessions, one-time links, and who has which role in a tenant.

The only slice that touches credentials of people, through a database login of its own (`drover_auth`). It never decides
by itself who may enter a tenant: the database does, from sessions and memberships.
"""
