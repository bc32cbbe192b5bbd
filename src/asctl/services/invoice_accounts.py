"""Who issues a shop's invoices, as whom, and what is known of its goods' taxes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from asctl.capabilities.invoices import InvoiceLimits
from asctl.capabilities.specs import ProviderKind
from asctl.domain.billing import GoodsTax
from asctl.domain.errors import BadConfiguration, BadInput, NotOffered
from asctl.domain.invoices import Seller
from asctl.domain.orders import Order, OrderLine
from asctl.services.desk import Desk
from asctl.settings import Account
from asctl.store import settlements as stored_settlements
from asctl.text import _


def invoice_account(desk: Desk, shop: str, preferred: str = "") -> Account:
    """The account that issues the invoices of a shop: the named one, the one that the shop's ``invoices`` names, or the only one.

    Raises :class:`BadInput` for one that issues none, :class:`NotOffered` where there is none, :class:`BadConfiguration`
    (``which_invoices``) where there are several and nothing says which.
    """
    named = preferred or str(desk.settings.common(shop, "invoices") or "")
    if named:
        account = desk.accounts.named(named)
        if account.kind is not ProviderKind.INVOICE:
            raise BadInput(
                _("{name} issues no invoices").format(name=named),
                code="no_invoice_account",
                hint=_("see which accounts do: asctl account list"),
            )
        return account
    accounts = desk.accounts.of_kind(ProviderKind.INVOICE)
    if not accounts:
        raise NotOffered(
            _("no account that issues invoices is configured"),
            code="no_invoice_account",
            hint=_("add an [invoices.NAME] section; see: asctl plugin list"),
        )
    if len(accounts) > 1:
        raise BadConfiguration(
            _("several accounts issue invoices: {names}").format(names=", ".join(each.name for each in accounts)),
            code="which_invoices",
            hint=_('say which one in [shops.{shop}], as: invoices = "{name}"').format(shop=shop, name=accounts[0].name),
        )
    return accounts[0]


def seller_of(desk: Desk, account: Account) -> Seller:
    """As whom the account issues. Raises :class:`BadConfiguration` for what is not set."""
    told = {name: str(desk.settings.common(account.name, name) or "") for name in _SELLER}
    lacking = [name for name in ("tax_no", "seller_name", "drawer") if not told[name]]
    if lacking:
        raise BadConfiguration(
            _("{key} lacks {names}").format(key=account.key, names=", ".join(lacking)),
            code="seller_incomplete",
            hint=_("an invoice names its seller and its drawer (开票员): set them in [{key}]").format(key=account.key),
            account=account.name,
        )
    return Seller(**{part: told[name] for name, part in _SELLER.items()})


_SELLER = {
    "tax_no": "tax_id",
    "seller_name": "name",
    "drawer": "drawer",
    "seller_phone": "phone",
    "seller_address": "address",
    "seller_bank": "bank",
    "seller_bank_account": "bank_account",
}


def tax_of_goods(desk: Desk, account: Account, order: Order) -> Callable[[OrderLine], GoodsTax | None]:
    """What tells the tax category of an order's lines: the shop's own list, else the account's one for everything."""
    with desk.store.read() as tx:
        known = stored_settlements.get_goods(tx, [line.sku for line in order.lines])
    usual = usual_goods(desk, account)
    return lambda line: known.get(line.sku) or usual


def usual_goods(desk: Desk, account: Account) -> GoodsTax | None:
    """``goods_code`` and ``tax_rate`` of an account; ``None`` where they are not set."""
    return _told(desk, account, "goods_code", "tax_rate")


def freight_goods(desk: Desk, account: Account) -> GoodsTax | None:
    """``freight_code`` and ``freight_rate`` of an account; ``None`` where freight is billed with the goods."""
    return _told(desk, account, "freight_code", "freight_rate", _("运费"))


def known_goods(desk: Desk, account: Account, sku: str, named: bool) -> GoodsTax | None:
    """What is known of one SKU; of all goods, where there is none, or its name is told (``named``). Raises :class:`BadInput`
    (``goods_unknown``) for a SKU that nobody noted."""
    with desk.store.read() as tx:
        found = stored_settlements.get_goods(tx, [sku]).get(sku)
    if found is None and sku and not named:
        raise BadInput(
            _("nothing is noted of {sku}").format(sku=sku[:60]),
            code="goods_unknown",
            hint=_(
                "note it (asctl goods set {sku} --code 19-DIGITS --rate 0.13 --name NAME), or add --goods NAME"
            ).format(sku=sku[:60]),
        )
    return found or usual_goods(desk, account)


def limits_of(desk: Desk, account: Account) -> InvoiceLimits:
    """What the account's provider takes."""
    declared = desk.accounts.capability(account, "InvoiceIssuer")
    limits = declared.limits if declared else None
    return limits if isinstance(limits, InvoiceLimits) else InvoiceLimits()


def _told(desk: Desk, account: Account, code: str, rate: str, name: str = "") -> GoodsTax | None:
    category, written = (str(desk.settings.common(account.name, each) or "") for each in (code, rate))
    if not category or not written:
        return None
    try:
        return GoodsTax("", category, Decimal(written), name)
    except InvalidOperation:
        raise BadConfiguration(
            _("{key}.{name} is {value!r}, which is no tax rate").format(key=account.key, name=rate, value=written[:20]),
            code="bad_rate",
            hint=_("write it as 0.13"),
            account=account.name,
        ) from None
