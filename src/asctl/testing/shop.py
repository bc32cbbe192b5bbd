"""A shop's orders and applications, as the kit puts them into the world of a site, and rules that look at them there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from asctl.api.sandbox import SandboxParcel
from asctl.domain.aftersales import AfterSale, AfterSaleKind, AfterSaleStatus
from asctl.domain.orders import Order, OrderStatus
from asctl.domain.parcels import Event, ParcelStatus
from asctl.sandbox.builders import Wish
from asctl.sandbox.claims import claim
from asctl.sandbox.marketplace import order_word
from asctl.testing.exercises import Exercise
from asctl.testing.rules import Rule, Tier
from asctl.testing.site import CUSTOMER, Site
from asctl.testing.subject import ACCOUNT
from asctl.testing.submissions import rule

COURIER = "yto"
"""Who carries the shop's parcels."""
_EARLIER = timedelta(hours=1)
Check = Callable[[Site], None]


def shop_rules(exercise: Exercise, *rows: tuple[str, str, Check]) -> Iterator[Rule]:
    """Bronze rules about one method: name, what it says, how it is tried on the world."""
    for name, says, check in rows:
        yield rule(exercise, name, Tier.BRONZE, says, lambda site, _exercise, check=check: check(site))  # type: ignore[misc]


def shop_of(site: Site) -> str:
    """What the sandbox app calls the shop; its orders in the world bear this name."""
    shops = site.app.accounts("http://127.0.0.1").get("shops", {})
    return next((name for name, account in shops.items() if account.get("plugin") == site.spec.id), ACCOUNT)


def now_of(site: Site) -> datetime:
    """Now, to the second, as marketplaces tell times."""
    return site.world.now().replace(microsecond=0)


def put_order(
    site: Site, status: OrderStatus = OrderStatus.SHIPPED, *, changed: datetime | None = None, parcels: int = 1
) -> Order:
    """An order of the kit's customer, last changed an hour ago if nothing else is said; two parcels mean two lines at least."""
    word = order_word(status.value)
    assert word is not None
    now = now_of(site)
    made = site.builder.order(Wish(shop_of(site), word, COURIER, parcels=parcels), now)
    order = replace(made.order, receiver=CUSTOMER, modified_at=changed or now - _EARLIER)
    site.world.add_order(order, made.parcels)
    return order


def put_order_in(site: Site, courier: str, waybill: str) -> Order:
    """An order that went out in this very parcel."""
    order = put_order(site)
    lines = tuple(replace(line, courier=courier, waybill=waybill) for line in order.lines)
    site.world.orders[order.order_id] = sent = replace(order, lines=lines)
    return sent


def put_application(
    site: Site,
    kind: AfterSaleKind = AfterSaleKind.RETURN,
    status: AfterSaleStatus = AfterSaleStatus.APPLIED,
    *,
    changed: datetime | None = None,
) -> AfterSale:
    """An application on an order of its own, whose parcels can still be stopped; changed an hour ago if nothing else is said."""
    order = put_order(site)
    now = now_of(site)
    made = claim(site.builder, order, kind, status, changed or now - _EARLIER, now)
    site.world.add_order(made.order, [*made.parcels, *(_on_its_way(site, *key) for key in order.waybills)])
    site.world.add_after_sale(made.after_sale)
    return made.after_sale


def change_application(site: Site, after_sale_id: str, **news: object) -> None:
    """Somebody changes an application now: it has another version."""
    standing = site.world.after_sales[after_sale_id]
    version = str(int(standing.version) + 1000)
    changed = replace(standing, version=version, modified_at=now_of(site), **news)  # type: ignore[arg-type]
    site.world.add_after_sale(changed)


def _on_its_way(site: Site, courier: str, waybill: str) -> SandboxParcel:
    now = now_of(site)
    script = [
        Event(now - timedelta(hours=30), ParcelStatus.PICKED_UP, "【杭州市】快件已揽收", location="杭州市"),
        Event(now - timedelta(hours=10), ParcelStatus.IN_TRANSIT, "快件到达【嘉兴市转运中心】", location="嘉兴市"),
        Event(now + timedelta(hours=40), ParcelStatus.DELIVERED, "快件已签收", location="上海市"),
    ]
    return SandboxParcel(courier, waybill, phone_tail=CUSTOMER.phone[-4:], script=script)
