"""New addresses for tests, and the orders and parcels that get them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.command_support import Command, Result
from tests.sandbox_support import SandboxSite, iso_before

UPDATE = "taobao.trade.shippingaddress.update"
NEW = {
    "name": "陈青",
    "phone": "13800001111",
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "town": "北山街道",
    "detail": "文三路90号3单元",
}


def options(**fields: str) -> list[str]:
    """The options of ``address change`` for these parts of a receiver; empty ones are left out."""
    return [word for name, value in fields.items() for word in (f"--{name}", value) if value]


def change(asctl: Command, *targets: str, more: Sequence[str] = ("--yes",), **fields: str) -> Result:
    """Change to :data:`NEW`; ``fields`` replace parts of it, empty ones leave them out."""
    return asctl("address", "change", *targets, *options(**(NEW | fields)), *more)


def orders_to_ship(sandbox: SandboxSite, asctl: Command) -> list[str]:
    """Sync everything; the orders that wait for shipping. The ledger is empty again."""
    assert asctl("order", "sync").code == 0
    sandbox.forget()
    return [str(order["order_id"]) for order in sandbox.state()["orders"] if order["status"] == "to_ship"]


def order_under_way(sandbox: SandboxSite, asctl: Command, courier: str = "yto", **told: object) -> tuple[str, str]:
    """Make and sync an order whose parcel moves; its number and waybill. The ledger is empty again."""
    made = sandbox.orders(1, couriers=[courier], paid_at=iso_before(sandbox.now(), 8), **told)[0]
    sandbox.travel(0.02)
    assert asctl("order", "sync", "--since", iso_before(sandbox.now(), 0.1)).code == 0
    sandbox.forget()
    return made["order_id"], made["waybills"][0]


def write_rows(folder: Path, *rows: str) -> str:
    """A CSV file of these lines; its name."""
    path = folder / "rows.csv"
    path.write_text("".join(f"{row}\n" for row in rows), "utf-8")
    return str(path)
