"""Tenants: the isolation boundary, how one is made, and the jobs that run inside it.

It never reads a tenant's devices, people or history: those belong to the slices above, each in an entered context.
"""
