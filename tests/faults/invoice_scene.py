"""Sales whose invoices are issued and reversed by commands that are killed, while answers get lost."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.command_support import Command, Result
from tests.faults.scene import TOTAL_TIMEOUT_S
from tests.invoice_support import SOON, billed_by, buyer, requested
from tests.sandbox_support import SandboxSite, running_sandbox, wait_for
from tests.store_support import fresh_store_url

LATE_S = 1
LOOK_AGAIN_H = 0.1
"""Past deadline and visibility lag of every contract: from then on a look can prove absence."""
ISSUE = ("invoice", "issue", "--yes")
_LOST_ANSWERS: tuple[dict[str, object], ...] = (
    {"fault": "close_after"},
    {"fault": "close_before"},
    {"fault": "late", "seconds": LATE_S},
    {"fault": "status", "code": 500, "applied": True},
)
_LOST_EACH, _LOST_CHANCE = 2, 0.3
_LATENCY_MS = 80
"""While runs are killed: then a kill finds calls that were carried out and are not answered yet."""
_ROUNDS, _LIVES = 2, 4
_BLINDLY, _KILLED_AFTER_S = 0.4, (0.4, 2.0)
_TRIES = 6
_MOVING = frozenset({"queued", "waiting", "sending", "issuing"})
_TOLD = {0, 3, 4, 5, 7}
"""Exit codes of runs that tell what is left, and why."""


@dataclass(frozen=True, slots=True)
class InvoiceScene:
    """A shop and its invoice account; ``orders`` are those of the sandbox, paid and sent out."""

    site: SandboxSite
    asctl: Command
    account: str
    folder: Path
    orders: tuple[dict[str, Any], ...]

    def apply_for_all(self, *more: str) -> None:
        """Each order's invoice stands in the queue; ``more`` are options of the request."""
        requested(self.asctl, *[order["order_id"] for order in self.orders], more=more)

    def return_goods(self, units: Mapping[str, str], *more: str) -> tuple[str, ...]:
        """A case for each order whose goods are back: of the units (``SKU=1``) that are named by order, else of all. What comes
        back is the command that settles them; ``more`` are options of it."""
        rows = [f"{order['order_id']},return,quality,{units.get(order['order_id'], '')}" for order in self.orders]
        opened = self._done("rma", "open", "--from", self._file("orders.csv", "order,kind,reason,line", rows))
        cases = [str(record["rma"]) for record in opened.records]
        self._done("rma", "approve", *cases)
        self._done("rma", "scan", *cases, "--receive")
        return "invoice", "settle", "--from", self._file("cases.csv", "rma", cases), *more, "--yes"

    def drive(self, operation: str, line: tuple[str, ...], seed: int) -> int:
        """Begin a command and kill it at random instants while answers of ``operation`` get lost; then finish it. How often it was
        still at work when it was killed."""
        self.site.latency(_LATENCY_MS)
        for at, fault in enumerate(_LOST_ANSWERS):
            told = {"times": _LOST_EACH, "probability": _LOST_CHANCE, "seed": seed * 10 + at, **fault}
            self.site.control("POST", "faults", {"route": f"{self.account}:{operation}", **told})
        chance, kills = Random(seed), 0
        for _round in range(_ROUNDS):
            kills += sum(self._killed(chance, line) for _life in range(_LIVES))
            time.sleep(LATE_S)
            self.site.travel(LOOK_AGAIN_H)
        self.site.mend()
        self.site.latency(0)
        self.finish(line)
        return kills

    def finish(self, line: tuple[str, ...]) -> None:
        """As an operator would: the same command, the queue, a look once that can prove something; again, as long as it helps."""
        books = self.books()
        for _try in range(_TRIES):
            for each in dict.fromkeys((line, ISSUE, ("action", "reconcile", "--yes"))):
                result = self.asctl.process(*each, seconds=120)
                assert result.code in _TOLD, (each, result)
                self.site.travel(SOON)
            before, books = books, self.books()
            moving = [each for each in books if each["state"] in _MOVING and each["form_state"] != "wait_buyer"]
            if not moving or books == before:
                return
            self.site.travel(LOOK_AGAIN_H)

    def use_all(self) -> None:
        """The buyers enter every invoice."""
        for number in [each["number"] for each in self.site.state()["invoices"]]:
            buyer(self.site, "use", number)

    def confirm_all(self) -> None:
        """The buyers confirm every form that waits for them."""
        for form in self.site.state()["forms"]:
            if form["code"] == "02":
                buyer(self.site, "confirm", form["blue_number"])
        self.site.travel(1)

    def books(self) -> list[dict[str, Any]]:
        """The invoices as the store has them."""
        return self.asctl("invoice", "queue", "--all").records

    def _killed(self, chance: Random, line: tuple[str, ...]) -> bool:
        """At whatever instant, or while one of the next writes is received and not answered yet."""
        awaited = len(self.site.writes()) + chance.randint(1, 5)
        process = self.asctl.start(*line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if chance.random() < _BLINDLY:
            time.sleep(chance.uniform(*_KILLED_AFTER_S))
        else:
            wait_for(lambda: len(self.site.writes()) >= awaited or process.poll() is not None)
        alive = process.poll() is None
        process.kill()
        process.wait()
        return alive

    def _file(self, name: str, header: str, rows: list[str]) -> str:
        path = self.folder / name
        path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
        return str(path)

    def _done(self, *line: str) -> Result:
        result = self.asctl(*line)
        assert result.code == 0, result
        return result


@contextmanager
def invoice_scene(folder: Path, account: str, items: int, sabotage: Path | None = None) -> Iterator[InvoiceScene]:
    """A fresh world in ``folder``, which is made, with so many orders of several units, whose invoices ``account`` issues. With
    ``sabotage`` the commands that are driven run code that was spoilt on purpose."""
    folder.mkdir()
    with running_sandbox(folder / "world") as site, fresh_store_url("sqlite", folder) as url:
        env = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder / "home"), "ASCTL_OUTPUT": "ndjson",
            "ASCTL_CONFIG": str(site.info.config), "ASCTL_STORE__URL": url, "PYTHONPATH": str(sabotage or ""),
        }  # fmt: skip
        asctl = Command(env, lambda: site.now().isoformat() if site.rehearsing else None)
        site.configure(f'[network]\ntotal_timeout = "{TOTAL_TIMEOUT_S}s"')
        billed_by(asctl, account)
        orders = _orders(site, items)
        site.travel(SOON)
        assert asctl("order", "sync").code == 0
        yield InvoiceScene(site, asctl, account, folder, orders)


def _orders(site: SandboxSite, items: int) -> tuple[dict[str, Any], ...]:
    """Some that can be returned in part; what orders hold is left to chance."""
    found: list[dict[str, Any]] = []
    while len(found) < items:
        made = {str(order["order_id"]) for order in site.orders(min(2 * items, 100), couriers=["yto"])}
        new = [order for order in site.state()["orders"] if order["order_id"] in made]
        found += [order for order in new if any(int(line["quantity"]) > 1 for line in order["lines"])]
    return tuple(found[:items])
