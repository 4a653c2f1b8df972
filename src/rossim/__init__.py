"""A simulator of MikroTik routers on the wire: API over TLS, SSH and SFTP, thousands in one process.

It is for tests and demonstrations of whatever manages routers, and knows nothing of who that is.
"""
