"""The database: tables, the transaction boundary, and what is read and written through it.

Only `transaction.Database` commits. Everything else gets the open transaction it works in.
"""
