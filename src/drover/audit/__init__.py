"""The audit trail: reading it, proving it, and the checkpoints that leave the database.

Entries are written by the transactions themselves (platform.db.Transaction.record); nothing here can change one.
"""
