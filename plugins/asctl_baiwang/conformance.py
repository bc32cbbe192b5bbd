"""What the conformance kit must be told: how a callback looks, and what cannot be asked of one that nobody signs."""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api import Conformance, PushSample, compact_json

_UNSIGNED = "Baiwang signs no callbacks: one is only a hint whom to ask about, and what it claims is never believed."


def conformance() -> Conformance:
    """Callbacks about an invoice and about a red-letter form (section 6.8), whose ``data`` is JSON or the text of it."""
    return Conformance(
        pushes=_pushes,
        exempt=dict.fromkeys(("PushReceiver.receive.changed", "PushReceiver.receive.forged"), _UNSIGNED),
    )


def _pushes(_settings: Mapping[str, object]) -> tuple[PushSample, ...]:
    invoice = {"orderNo": "B261120QK4M2ZP01", "serialNo": "26112010000000000001", "status": "01"}
    form = {"orderNo": "R261120QK4M2ZP01", "redConfirmSerialNo": "26112010000000000002", "redConfirmStatus": "02"}
    return (
        _push({"method": "baiwang.s.callback.invoice", "data": invoice}),
        _push({"method": "baiwang.s.callback.redconfirm", "data": compact_json(form)}),
    )


def _push(told: Mapping[str, object]) -> PushSample:
    return PushSample(headers={}, body=compact_json(told).encode("utf-8"), kind="invoice")
