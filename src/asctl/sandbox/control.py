"""The control door under ``/_sandbox/``: ledger, state, clock, faults, latency, and things to put into the world."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from threading import Lock
from typing import Any

from asctl.domain.errors import BadInput
from asctl.sandbox import arrivals, invoice_arrivals
from asctl.sandbox.bodies import Body
from asctl.sandbox.builders import Builder
from asctl.sandbox.fault_bodies import fault_record, read_fault
from asctl.sandbox.faults import Faults
from asctl.sandbox.ledger import Ledger
from asctl.sandbox.provider_door import ProviderDoor
from asctl.sandbox.records import entry_record, state_record
from asctl.sandbox.wire import Answer, Incoming
from asctl.sandbox.world import World

_TEN_YEARS = 10 * 366 * 86_400.0


class ControlDoor:
    """Answers ``METHOD name``; every fault in a body is a 400 with a sentence that names it."""

    def __init__(
        self,
        world: World,
        builder: Builder,
        ledger: Ledger,
        faults: Faults,
        provider_door: ProviderDoor,
        plugins: Collection[str],
    ) -> None:
        self._world = world
        self._builder = builder
        self._building = Lock()
        self._ledger = ledger
        self._faults = faults
        self._provider_door = provider_door
        self._plugins = plugins
        self._calls: Mapping[tuple[str, str], Callable[[Body], Any]] = {
            ("GET", "ledger"): self._get_ledger,
            ("DELETE", "ledger"): self._delete_ledger,
            ("GET", "state"): self._get_state,
            ("POST", "orders"): self._post_orders,
            ("POST", "parcels"): self._post_parcels,
            ("POST", "aftersales"): self._post_after_sales,
            ("POST", "invoices"): self._post_invoices,
            ("POST", "applications"): self._post_applications,
            ("POST", "clock"): self._post_clock,
            ("POST", "faults"): self._post_faults,
            ("DELETE", "faults"): self._delete_faults,
            ("GET", "latency"): self._get_latency,
            ("POST", "latency"): self._post_latency,
        }

    def __call__(self, name: str, incoming: Incoming) -> Answer:
        """Answer one call; ``name`` is the path below ``/_sandbox/``."""
        call = self._calls.get((incoming.method, name.strip("/")))
        if call is None:
            offered = [" ".join(known) for known in self._calls]
            return Answer.of({"error": f"there is no call {incoming.method} {name}", "calls": offered}, 404)
        try:
            body = Body.parse(incoming.body)
            answer = call(body)
            body.finish()
        except BadInput as bad:
            return Answer.of({"error": bad.message, "code": bad.code, "hint": bad.hint}, 400)
        return Answer.of(answer)

    def _get_ledger(self, body: Body) -> list[dict[str, Any]]:
        return [entry_record(entry) for entry in self._ledger.entries()]

    def _delete_ledger(self, body: Body) -> dict[str, int]:
        return {"removed": self._ledger.clear()}

    def _get_state(self, body: Body) -> dict[str, Any]:
        return state_record(self._world)

    def _post_orders(self, body: Body) -> list[dict[str, Any]]:
        with self._building:
            return arrivals.make_orders(self._world, self._builder, body)

    def _post_parcels(self, body: Body) -> dict[str, Any]:
        return arrivals.put_parcel(self._world, body)

    def _post_after_sales(self, body: Body) -> dict[str, Any]:
        with self._building:
            return arrivals.make_after_sale(self._world, self._builder, body)

    def _post_invoices(self, body: Body) -> dict[str, Any]:
        return invoice_arrivals.change_invoices(self._world, body)

    def _post_applications(self, body: Body) -> dict[str, Any]:
        return invoice_arrivals.make_application(self._world, body)

    def _post_clock(self, body: Body) -> dict[str, str]:
        step = body.number("advance_s", low=-_TEN_YEARS, high=_TEN_YEARS)
        body.finish()
        return {"now": self._world.advance(timedelta(seconds=step)).isoformat(timespec="seconds")}

    def _post_faults(self, body: Body) -> dict[str, Any]:
        fault = read_fault(body, self._plugins)
        self._faults.add(fault)
        return fault_record(fault)

    def _delete_faults(self, body: Body) -> dict[str, int]:
        return {"removed": self._faults.clear()}

    def _get_latency(self, body: Body) -> dict[str, float]:
        return {"ms": self._provider_door.latency * 1000}

    def _post_latency(self, body: Body) -> dict[str, float]:
        milliseconds = body.number("ms", high=600_000)
        body.finish()
        self._provider_door.latency = milliseconds / 1000
        return {"ms": milliseconds}
