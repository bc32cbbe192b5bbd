"""From the JSON of ``POST faults`` to a fault: which parameters each kind takes, and their limits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from asctl.domain.errors import BadInput
from asctl.sandbox.bodies import Body
from asctl.sandbox.faults import Ban, Fault, Hiding
from asctl.text import _

_DAY = 86_400
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "refuse_connect": (),
    "close_before": (),
    "close_after": (),
    "status": ("code", "applied"),
    "throttle": ("seconds",),
    "auth": (),
    "refuse": ("reason",),
    "html": (),
    "garbage": (),
    "truncate": ("bytes",),
    "slow": ("seconds",),
    "late": ("seconds",),
    "hide": ("seconds",),
    "big": ("mib",),
}
_READERS: Mapping[str, Callable[[Body], Any]] = {
    "seconds": lambda body: body.number("seconds", high=_DAY),
    "code": lambda body: body.whole("code", low=200, high=599),
    "applied": lambda body: body.truth("applied", default=False),
    "reason": lambda body: body.text("reason", "refused"),
    "bytes": lambda body: body.whole("bytes", high=1 << 30),
    "mib": lambda body: body.number("mib", high=1024),
}
_CLASSES: Mapping[str, type[Fault]] = {"throttle": Ban, "hide": Hiding}


def read_fault(body: Body, plugins: Collection[str]) -> Fault:
    """The fault that ``body`` asks for. Raises :class:`BadInput` (``bad_body``, ``unknown_fault``, ``unknown_route``)."""
    kind = body.text("fault")
    if kind not in PARAMETERS:
        raise BadInput(
            _("there is no fault {kind!r}").format(kind=kind[:60]),
            code="unknown_fault",
            hint=_("use one of: {kinds}").format(kinds=", ".join(PARAMETERS)),
        )
    fault = _CLASSES.get(kind, Fault)(
        kind=kind,
        route=_route(body.text("route"), plugins),
        times=body.whole("times", 1, high=1_000_000),
        match=body.text("match", ""),
        probability=body.number("probability", 1, high=1),
        seed=body.whole("seed", 0, high=1 << 53),
        **{name: _READERS[name](body) for name in PARAMETERS[kind]},
    )
    body.finish()
    return fault


def fault_record(fault: Fault) -> dict[str, Any]:
    """The fault as it was understood, defaults filled in."""
    names = ("route", "times", "match", "probability", "seed", *PARAMETERS[fault.kind])
    return {"fault": fault.kind} | {name: getattr(fault, name) for name in names}


def _route(route: str, plugins: Collection[str]) -> str:
    if route.partition(":")[0] not in plugins:
        raise BadInput(
            _("no sandbox app serves the route {route!r}").format(route=route[:60]),
            code="unknown_route",
            hint=_("begin it with one of: {plugins}").format(plugins=", ".join(sorted(plugins))),
        )
    return route
