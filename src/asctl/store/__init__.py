"""What the shop knows, kept for good: SQLAlchemy Core tables and queries, SQLite by default, PostgreSQL by URL.

Functions take an open transaction and return records of :mod:`asctl.domain`, never rows.
"""
