"""Access tokens that processes share. ``stands_for`` is a hash of the credentials that they were given for: changed credentials
have no token yet."""

from __future__ import annotations

from sqlalchemy import delete, select

from asctl.api.tokens import Token
from asctl.store.invoice_tables import tokens
from asctl.store.opening import Transaction
from asctl.store.rows import insert_into


def kept_token(tx: Transaction, account: str, stands_for: str) -> Token | None:
    """The token that was kept last."""
    row = tx.execute(
        select(tokens.c.value, tokens.c.given_at, tokens.c.ends_at, tokens.c.refresh).where(
            tokens.c.account == account, tokens.c.stands_for == stands_for
        )
    ).first()
    return None if row is None else Token(*row)


def keep_token(tx: Transaction, account: str, stands_for: str, token: Token) -> None:
    """Keep a new one; those of earlier credentials of the account are forgotten."""
    tx.execute(delete(tokens).where(tokens.c.account == account, tokens.c.stands_for != stands_for))
    values = {
        "account": account,
        "stands_for": stands_for,
        "value": token.value,
        "refresh": token.refresh,
        "given_at": token.given_at,
        "ends_at": token.ends_at,
    }
    statement = insert_into(tx, tokens).values(values)
    news = {name: statement.excluded[name] for name in ("value", "refresh", "given_at", "ends_at")}
    tx.execute(statement.on_conflict_do_update(index_elements=["account", "stands_for"], set_=news))
