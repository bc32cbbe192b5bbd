"""What all tables have in common: they belong to one schema, and text is never absent."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Text

metadata = MetaData()


def text(name: str, *, key: bool = False) -> Column[str]:
    """A text that is empty where there is nothing to say."""
    return Column(name, Text, primary_key=key, nullable=False)


def texts(names: str) -> list[Column[str]]:
    """Several of them, their names separated by blanks."""
    return [text(name) for name in names.split()]
