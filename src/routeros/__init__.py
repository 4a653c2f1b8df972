"""The RouterOS library: the API protocol, SSH and configuration exports of MikroTik routers.

`errors`, `sentences`, `codec`, `exchange`, `values` and `export` do no I/O; `transport`, `client` and
`ssh` do, on asyncio. Nothing here knows of devices, tenants or databases.
"""
