"""What the conformance kit must be told: how a callback looks, and what cannot be asked of one that nobody signs."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from asctl.api import Conformance, PushSample, compact_json

_UNSIGNED = "Nuonuo signs no callbacks: one is only a hint whom to ask about, and what it claims is never believed."


def conformance() -> Conformance:
    """Callbacks about an invoice and about a red-letter form (sections 5.8 and 5.12)."""
    return Conformance(
        pushes=_pushes,
        exempt=dict.fromkeys(("PushReceiver.receive.changed", "PushReceiver.receive.forged"), _UNSIGNED),
    )


def _pushes(_settings: Mapping[str, object]) -> tuple[PushSample, ...]:
    invoice = {"c_status": "1", "c_fpqqlsh": "26112010000000000001", "c_orderno": "B261120QK4M2ZP01"}
    form = {"billId": "R261120QK4M2ZP01", "billStatus": "02"}
    return (
        _push("callback", "B261120QK4M2ZP01", invoice),
        _push("redConfirmCallback", "R261120QK4M2ZP01", form),
        _push("somethingNew", "B261120QK4M2ZP01", {}, kind="other"),
    )


def _push(operater: str, orderno: str, content: Mapping[str, str], kind: str = "invoice") -> PushSample:
    form = {"operater": operater, "orderno": orderno, "content": compact_json(content)}
    return PushSample(headers={}, body=urlencode(form).encode("ascii"), kind=kind)
