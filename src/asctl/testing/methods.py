"""The methods of each capability, read off its Protocol; which of them change something."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

import asctl.api
from asctl.services.contracts import WRITES as _JOURNALLED

_NO_CAPABILITIES = frozenset({"Clock", "HttpClient", "Logger", "Tokens"})
_PROTOCOLS = {
    name: value
    for name in asctl.api.__all__
    if inspect.isclass(value := getattr(asctl.api, name))
    and getattr(value, "_is_protocol", False)
    and name not in _NO_CAPABILITIES
}
METHODS: Mapping[str, tuple[str, ...]] = {
    name: tuple(method for method in vars(protocol) if not method.startswith("_"))
    for name, protocol in _PROTOCOLS.items()
}
"""Capability -> the methods that whoever declares it must have."""
STREAMED: frozenset[str] = frozenset(
    method
    for name, protocol in _PROTOCOLS.items()
    for method in METHODS[name]
    if str(vars(protocol)[method].__annotations__["return"]).startswith("Iterator")
)
"""The methods that answer page by page: every step of them may fail."""
WRITES: frozenset[tuple[str, str]] = frozenset(
    {*_JOURNALLED.values(), ("ClaimDesk", "file_claim"), ("Notifier", "notify")}
)
"""(capability, method) of every write that a contract may stand for."""
