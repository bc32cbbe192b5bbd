"""A sandbox with work for the kill test: parcels to call back, orders to readdress, and a store that can be read past the
command."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.command_support import PATIENCE_S, Command, Result
from tests.sandbox_support import SandboxSite, iso_before, running_sandbox
from tests.store_support import fresh_store_url

TOTAL_TIMEOUT_S = 2
LATE_S = 8
CHANGE = "taobao.trade.shippingaddress.update"
REMARK = "taobao.trade.memo.update"
OPERATIONS = {"intercept": "intercept", "change_receiver": CHANGE, "remark": REMARK}
"""Kind of an action -> what the ledger calls it; whose ledger that is follows from the account."""
_LOST_ANSWERS: tuple[dict[str, object], ...] = (
    {"fault": "late", "seconds": LATE_S, "probability": 0.3},
    {"fault": "close_after", "probability": 0.08},
    {"fault": "close_before", "probability": 0.08},
    {"fault": "status", "code": 500, "applied": True, "probability": 0.08},
    {"fault": "html", "probability": 0.08},
)
_WRITES = ("sf:intercept", "zto:intercept", f"taobao:{CHANGE}")
_HIDDEN = ("zto:interception_status", "taobao:taobao.trade.fullinfo.get")


@dataclass(frozen=True, slots=True)
class Kept:
    """An action as the store keeps it; ``about`` is the waybill or order as the ledger names it."""

    number: str
    kind: str
    account: str
    about: str
    state: str
    attempt: int
    effect: str
    batch: int

    @property
    def operation(self) -> tuple[str, str, str]:
        """Plugin, operation and target, as in the ledger."""
        return "taobao" if self.account == "flagship" else self.account, OPERATIONS[self.kind], self.about


@dataclass(frozen=True, slots=True)
class Scene:
    """What one seed works on: ``waybills`` are to be called back, ``orders`` to be readdressed."""

    site: SandboxSite
    asctl: Command
    folder: Path
    waybills: tuple[str, ...]
    orders: tuple[str, ...]

    @property
    def targets(self) -> tuple[str, ...]:
        """All that was asked for."""
        return self.waybills + self.orders

    def verb(self, which: str) -> tuple[str, ...]:
        """The command line that asks for everything of a kind: ``intercept`` or ``address``."""
        verb = ("intercept", "request") if which == "intercept" else ("address", "change")
        return *verb, "--from", str(self.folder / f"{which}.csv")

    def run(self, *line: str) -> Result:
        """A command from start to end; it may take the longer, the more there is to do."""
        return self.asctl.process(*line, seconds=PATIENCE_S + len(self.targets))

    def kept(self) -> list[Kept]:
        """Every action in the store."""
        asked = (
            "SELECT id, kind, account, CASE kind WHEN 'intercept' THEN waybill ELSE order_id END, state, attempt, effect,"
            " batch_id FROM actions ORDER BY id"
        )
        return [Kept(f"A{row[0]}", *row[1:]) for row in self._rows(asked)]

    def last_batch(self, which: str) -> int:
        """The batch of that kind that was begun last; 0 where none was."""
        found = self._rows(f"SELECT max(id) FROM batches WHERE verb LIKE '{which} %'")
        return int(found[0][0] or 0)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "asctl.db", timeout=30)) as store:
            rows: list[tuple[Any, ...]] = store.execute(query).fetchall()
        return rows


@contextmanager
def scene(folder: Path, items: int, sabotage: Path | None = None) -> Iterator[Scene]:
    """A fresh world in ``folder``, which is made, with ``items`` things to do: half parcels of SF and ZTO in turn, half
    orders before shipping. With ``sabotage`` the commands run code that was spoilt on purpose."""
    folder.mkdir()
    with running_sandbox(folder / "world") as site, fresh_store_url("sqlite", folder) as url:
        env = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder / "home"), "ASCTL_OUTPUT": "ndjson",
            "ASCTL_CONFIG": str(site.info.config), "ASCTL_STORE__URL": url, "PYTHONPATH": str(sabotage or ""),
        }  # fmt: skip
        asctl = Command(env, lambda: site.now().isoformat() if site.rehearsing else None)
        site.configure(f'[network]\ntotal_timeout = "{TOTAL_TIMEOUT_S}s"')
        for account in ("sf", "zto"):
            site.reconfigure(f"[couriers.{account}]\n", f'[couriers.{account}]\nbusy_pause = "1s"\n')
        waybills = parcels_under_way(site, items - items // 2)
        orders = _orders_before_shipping(site, items // 2)
        _write(folder / "intercept.csv", "waybill,reason", [f"{waybill},发错货" for waybill in waybills])
        _write(
            folder / "address.csv",
            "order,detail,reason",
            [f"{order},新华路{at}号,客户要求" for at, order in enumerate(orders, 1)],
        )
        made = Scene(site, asctl, folder, tuple(waybills), tuple(orders))
        assert made.run("order", "sync").code == 0
        site.forget()
        yield made


def post_faults(site: SandboxSite, items: int, seed: int) -> None:
    """Lost answers on every writing route, a wait and a lock-out of each account, and looks that find nothing."""
    times = max(8, items // 50)
    for number, route in enumerate(_WRITES):
        chance = {"seed": seed * 10 + number}
        for fault in _LOST_ANSWERS:
            site.control("POST", "faults", {"route": route, "times": times, **chance, **fault})
        plugin = {"route": route.partition(":")[0], "probability": 0.01, **chance}
        site.control("POST", "faults", {**plugin, "fault": "throttle", "seconds": 1})
        site.control("POST", "faults", {**plugin, "fault": "auth"})
    for route in _HIDDEN:
        site.fault(route, "hide", seconds=2, times=times, probability=0.05, seed=seed)


def parcels_under_way(site: SandboxSite, count: int) -> list[str]:
    """The waybills of new parcels, of SF and ZTO in turn: under way for hours, and old enough for a sync to fetch them."""
    with _an_hour_ago(site):
        made = site.orders(count, couriers=["sf", "zto"], paid_at=iso_before(site.now(), 7))
    return [order["waybills"][0] for order in made]


def _orders_before_shipping(site: SandboxSite, count: int) -> list[str]:
    with _an_hour_ago(site):
        made = site.orders(count, status="WAIT_SELLER_SEND_GOODS")
    return [order["order_id"] for order in made]


@contextmanager
def _an_hour_ago(site: SandboxSite) -> Iterator[None]:
    site.control("POST", "clock", {"advance_s": -3600})
    yield
    site.control("POST", "clock", {"advance_s": 3600})


def _write(file: Path, header: str, rows: list[str]) -> None:
    file.write_text("\n".join([header, *rows]) + "\n", "utf-8")
