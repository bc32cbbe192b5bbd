from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from asctl.store.opening import HEAD, Store
from asctl.store.tables import metadata


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "asctl.store:migrations")
    return ScriptDirectory.from_config(config)


def test_head_is_the_newest_migration() -> None:
    """The schema that the code expects is what the migrations lead to, and there is one way there."""
    assert scripts().get_heads() == [HEAD]


def test_revisions_sort_as_they_follow() -> None:
    """Revisions are four digits, so that older and newer can be told apart by comparing them."""
    revisions = [script.revision for script in reversed(list(scripts().walk_revisions()))]
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]


def test_migrations_make_the_tables(store: Store) -> None:
    """A store made by the migrations has exactly the tables, columns, indexes and references of the code."""
    with store.read() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
