"""Remarks on orders of the sandbox's shop, and what the journal keeps of them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import text as sql

from asctl.store.audit import audit_about
from asctl.store.opening import Store, open_store
from tests.command_support import Command, Result
from tests.sandbox_support import SandboxSite, wait_for

READ, WRITE = "taobao.trade.get", "taobao.trade.memo.update"
TEXT = "已联系快递，等待回复"
LOOKED_FOR_LATER = 0.1
"""So many hours after its sending a remark that was lost is surely not there."""


def line(sandbox: SandboxSite) -> str:
    """What a remark becomes today."""
    return f"{TEXT} 8012 {sandbox.now():%Y-%m-%d}"


def unmarked(sandbox: SandboxSite, count: int) -> list[str]:
    """Orders that nobody has written on."""
    return [str(order["order_id"]) for order in sandbox.state()["orders"] if not order["remark"]][:count]


def remark(asctl: Command, *orders: str) -> Result:
    """Append the usual line."""
    return asctl("order", "remark", *orders, "--text", TEXT, "--yes", "--jobs", "1")


def arrived_unseen(sandbox: SandboxSite, asctl: Command, order_id: str) -> Result:
    """A remark that the marketplace has while neither its answer nor a look tells us so."""
    sandbox.fault(f"taobao:{WRITE}", "close_after")
    sandbox.latency(400)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(remark, asctl, order_id)
        wait_for(lambda: sandbox.ledger(READ))
        sandbox.fault(f"taobao:{READ}", "hide", times=0, seconds=600)
        result = running.result()
    sandbox.mend()
    sandbox.latency(0)
    return result


def action_of(asctl: Command, order_id: str) -> dict[str, Any]:
    """The newest action about an order, as the journal shows it."""
    return asctl("action", "list", "--order", order_id).records[0]


def trail(store_url: str, subject: str) -> list[tuple[str, str | None]]:
    """What the audit says of an action, oldest first: what was done, and the state it led to."""
    with closing(open_store(store_url)) as store, store.read() as tx:
        return [(entry.what, entry.detail.get("state")) for entry in reversed(list(audit_about(tx, subject)))]


@contextmanager
def store_without_room_for(table: str, column: str, value: str, store_url: str) -> Iterator[None]:
    """A store that takes everything but rows with this value, as one does that runs full at that very moment."""
    with closing(open_store(store_url)) as store:
        if store_url.startswith("sqlite"):
            events = ("INSERT", "UPDATE")
            refuse = [
                f"CREATE TRIGGER full_disk_{event} BEFORE {event} ON {table} WHEN NEW.{column} = '{value}'"
                " BEGIN SELECT RAISE(FAIL, ''); END"
                for event in events
            ]
            again = [f"DROP TRIGGER full_disk_{event}" for event in events]
        else:
            refuse = [f"ALTER TABLE {table} ADD CONSTRAINT full_disk CHECK ({column} <> '{value}') NOT VALID"]
            again = [f"ALTER TABLE {table} DROP CONSTRAINT full_disk"]
        _run(store, refuse)
        yield
        _run(store, again)


def _run(store: Store, statements: list[str]) -> None:
    with store.write() as tx:
        for statement in statements:
            tx.execute(sql(statement))
