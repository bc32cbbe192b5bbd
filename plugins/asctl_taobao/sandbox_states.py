"""Where the sandbox's applications stand and how they move on (reference/taobao-top.md sections 4.7 and 5.2).

Sub-codes that begin with ``isv.sandbox-`` are ours: the real ones are not published.
"""

from __future__ import annotations

from dataclasses import replace

from asctl.api import AfterSale, AfterSaleKind, AfterSaleStatus
from asctl.api.sandbox import SandboxWorld
from asctl_taobao.sandbox_gate import Asked, Declined, service_error
from asctl_taobao.sandbox_shapes import Member
from asctl_taobao.words import EXCHANGE_NUMBERS, EXCHANGE_STATUS, REFUND_STATUS, usual_words

OVER = frozenset({AfterSaleStatus.DONE, AfterSaleStatus.CLOSED})
STALE = "退款版本已变更，请刷新后重试"
WRONG_STATUS = "当前退款状态不允许操作"
_REFUND_WORD = usual_words(REFUND_STATUS)
_EXCHANGE_WORD = usual_words(EXCHANGE_STATUS)
_EXCHANGE_LABELS = frozenset(EXCHANGE_NUMBERS.values())


def is_refund(sale: AfterSale, shop: str) -> bool:
    """Whether it is the shop's, and no exchange."""
    return sale.shop == shop and sale.kind is not AfterSaleKind.EXCHANGE


def is_exchange(sale: AfterSale, shop: str) -> bool:
    """Whether it is an exchange of the shop's."""
    return sale.shop == shop and sale.kind is AfterSaleKind.EXCHANGE


def refund_of(world: SandboxWorld, shop: str, refund_id: str) -> AfterSale:
    """The shop's refund or return of that number. Raises :class:`TopError`."""
    sale = world.after_sales.get(refund_id)
    if sale is None or not is_refund(sale, shop):
        raise service_error("isv.sandbox-refund-not-found", "退款不存在")
    return sale


def exchange_of(world: SandboxWorld, shop: str, dispute_id: str) -> AfterSale:
    """The shop's exchange of that number. Raises :class:`Declined`."""
    sale = world.after_sales.get(dispute_id)
    if sale is None or not is_exchange(sale, shop):
        raise Declined(no_such_exchange())
    return sale


def no_such_exchange() -> Member:
    """What an unknown dispute number gives."""
    return {"result": {"success": False, "msg_code": "DISPUTE_NOT_EXIST", "message": "换货单不存在"}}


def refund_word(sale: AfterSale) -> str:
    """A refund's status as TOP says it."""
    return sale.raw_status if sale.raw_status in REFUND_STATUS else _REFUND_WORD.get(sale.status, sale.raw_status)


def exchange_word(sale: AfterSale) -> str:
    """Always the Chinese label: the numbers and names of the other tables are only asked with."""
    known = sale.raw_status in _EXCHANGE_LABELS
    return sale.raw_status if known else _EXCHANGE_WORD.get(sale.status, sale.raw_status)


def version_of(sale: AfterSale) -> int:
    """The number that a write must send back."""
    return int(sale.version) if sale.version.isdecimal() else int(sale.modified_at.timestamp() * 1000)


def check_version(sale: AfterSale, asked: Asked) -> None:
    """Raises :class:`TopError` where the version sent is not the one that stands."""
    if asked.text("refund_version") != str(version_of(sale)):
        raise service_error("isv.sandbox-version-stale", STALE)


def check_status(allowed: bool) -> None:
    """Raises :class:`TopError` where the application's status does not allow the call."""
    if not allowed:
        raise service_error("isv.sandbox-status-not-allowed", WRONG_STATUS)


def changed(world: SandboxWorld, sale: AfterSale, status: AfterSaleStatus) -> AfterSale:
    """Put ``sale`` into the world in another state: modified now and, except for a refusal, of a new version."""
    words = _EXCHANGE_WORD if sale.kind is AfterSaleKind.EXCHANGE else _REFUND_WORD
    version = version_of(sale)
    if status is not AfterSaleStatus.REFUSED:
        version = max(int(world.now().timestamp() * 1000), version + 1)
    moved = replace(
        sale,
        status=status,
        raw_status=sale.raw_status if status is sale.status else words[status],
        modified_at=world.now(),
        version=str(version),
        deadline=None if status is AfterSaleStatus.DONE else sale.deadline,
    )
    world.after_sales[sale.after_sale_id] = moved
    return moved
