"""The shop's own list of how its goods are taxed, by SKU: kept right, so that no invoice is refused for it later."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from asctl.domain.billing import GoodsTax
from asctl.domain.errors import BadInput, NotFound
from asctl.domain.invoice_flaws import refuse_flaws
from asctl.domain.line_rules import flaws_of_goods
from asctl.services.desk import Desk
from asctl.store import audit as stored_audit
from asctl.store import settlements as stored_settlements
from asctl.text import _


def note_goods(desk: Desk, goods: GoodsTax) -> bool:
    """Note how a SKU is taxed, in place of what was noted before; ``False`` where that stood there already. Raises
    :class:`BadInput` for what no invoice may say (rules V07 to V09 and V25)."""
    flaws = flaws_of_goods(goods, desk.settings.invoice_policy())
    refuse_flaws(flaws, _("SKU {sku}").format(sku=goods.sku))
    with desk.store.write() as tx:
        if stored_settlements.get_goods(tx, [goods.sku]).get(goods.sku) == goods:
            return False
        stored_settlements.put_goods(tx, goods)
        told = {"code": goods.code, "rate": str(goods.rate), "name": goods.name}
        stored_audit.write_audit(tx, desk.clock.now(), desk.staff_no, "goods set", goods.sku, told)
    return True


def forget_goods(desk: Desk, sku: str) -> None:
    """Take a SKU from the list: it is taxed as the account's other goods from then on. Raises :class:`NotFound`."""
    with desk.store.write() as tx:
        if not stored_settlements.drop_goods(tx, sku):
            raise NotFound(
                _("nothing is noted of SKU {sku}").format(sku=sku[:60]),
                code="unknown_goods",
                hint=_("see what is: asctl goods list"),
            )
        stored_audit.write_audit(tx, desk.clock.now(), desk.staff_no, "goods forget", sku, {})


def rate_of(text: str) -> Decimal:
    """A tax rate as people write it: ``0.13``. Raises :class:`BadInput`."""
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or not 0 <= rate < 1:
        raise BadInput(
            _("{text!r} is no tax rate").format(text=text[:20]),
            code="bad_rate",
            hint=_("write it as 0.13"),
        )
    return rate
