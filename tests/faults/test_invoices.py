"""``invoice issue`` and ``invoice settle`` killed at random instants, with lost answers: the tax bureau's own books are the judge.

A longer run by hand, at other instants::

    ASCTL_KILL_REVERSALS=500 ASCTL_KILL_FEW=100 ASCTL_KILL_SEED=7 .venv/bin/pytest tests/faults/test_invoices.py
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.faults.invoice_scene import ISSUE, InvoiceScene, invoice_scene
from tests.faults.invoice_verdict import Entry, blue, judged, red
from tests.faults.verdict import Verdict
from tests.settlement_sums import Bill, anew, bill_of, goods_off, less

REVERSALS = int(os.environ.get("ASCTL_KILL_REVERSALS", "50"))
SEED = int(os.environ.get("ASCTL_KILL_SEED", "1"))
FEW = int(os.environ.get("ASCTL_KILL_FEW", "6"))
SABOTAGE = Path(__file__).parent / "sabotage"
SPECIAL = ("--kind", "digital_special", "--tax-id", "91990000MA0BUYER1T")

Expected = dict[str, tuple[Entry, ...]]
"""What the bureau should have of each order."""


def several(order: dict[str, Any]) -> dict[str, Any]:
    """The line of which one unit is returned."""
    return next(line for line in order["lines"] if int(line["quantity"]) > 1)


def unit(order: dict[str, Any]) -> Bill:
    """What that unit comes to."""
    return goods_off(bill_of(order), several(order)["line_id"], 1)


def one_unit(scene: InvoiceScene) -> dict[str, str]:
    """What is returned of each order, where it is a part."""
    return {order["order_id"]: f"{several(order)['sku']}=1" for order in scene.orders}


def sold(scene: InvoiceScene) -> Expected:
    """Each order is billed once."""
    return {order["order_id"]: (blue(bill_of(order)),) for order in scene.orders}


def taken_back(scene: InvoiceScene) -> Expected:
    """Each order is billed once, and that is reversed once."""
    return {order["order_id"]: (blue(bill_of(order)), red(bill_of(order))) for order in scene.orders}


def billed_less(scene: InvoiceScene) -> Expected:
    """Each order is billed, that is reversed, and what the customer kept is billed anew."""
    return {
        order["order_id"]: (blue(bill_of(order)), red(bill_of(order)), blue(anew(less(bill_of(order), unit(order)))))
        for order in scene.orders
    }


def taken_in_part(scene: InvoiceScene) -> Expected:
    """Each order is billed, and one unit of it reversed."""
    return {order["order_id"]: (blue(bill_of(order)), red(unit(order))) for order in scene.orders}


@pytest.mark.parametrize(("account", "orders"), [("nuonuo", REVERSALS), ("baiwang", FEW)])
def test_every_sale_is_billed_once_and_reversed_once(tmp_path: Path, account: str, orders: int) -> None:
    """Whatever instant a run is killed at and whatever answer is lost, each order has one blue invoice; after its goods came back
    one red one over the same sums, from one form; and the store says the same."""
    with invoice_scene(tmp_path / account, account, orders) as scene:
        scene.apply_for_all()
        kills = scene.drive("issue", ISSUE, SEED)
        assert judged(scene, sold(scene)) == Verdict()
        kills += scene.drive("reverse", scene.return_goods({}, "--freight"), SEED + 1)
        assert judged(scene, taken_back(scene)) == Verdict()
        assert kills > 0


def test_what_is_kept_is_billed_anew_once(tmp_path: Path) -> None:
    """Of an order that comes back in part, the invoice is reversed once, and one new one bills what stays, to the cent."""
    with invoice_scene(tmp_path / "part", "nuonuo", FEW) as scene:
        scene.apply_for_all()
        scene.finish(ISSUE)
        assert scene.drive("reverse", scene.return_goods(one_unit(scene)), SEED) > 0
        assert judged(scene, billed_less(scene)) == Verdict()


def reversed_in_part(folder: Path, sabotage: str = "") -> Verdict:
    """Some used invoices of which one unit is reversed, and the buyers confirm whatever waits for them."""
    with invoice_scene(folder, "nuonuo", FEW, SABOTAGE / sabotage if sabotage else None) as scene:
        scene.apply_for_all(*SPECIAL)
        scene.finish(ISSUE)
        scene.use_all()
        line = scene.return_goods(one_unit(scene), "--used")
        scene.drive("reverse", line, SEED)
        scene.confirm_all()
        scene.finish(line)
        return judged(scene, taken_in_part(scene))


def test_a_used_invoice_is_reversed_in_part_once(tmp_path: Path) -> None:
    """The bureau would take a part twice, as long as something is left: one form, one red invoice."""
    assert reversed_in_part(tmp_path / "used") == Verdict()


def test_a_number_of_its_own_for_each_attempt_is_found_out(tmp_path: Path) -> None:
    """The judge has teeth: sent again unseen under another number, reversals come twice."""
    assert reversed_in_part(tmp_path / "spoilt", "new_number").duplicates


def test_our_number_alone_keeps_doubles_away(tmp_path: Path) -> None:
    """Even where all looks are left out, what is sent again under the same number is refused: nothing comes twice."""
    verdict = reversed_in_part(tmp_path / "unseen", "resend_unseen")
    assert not verdict.duplicates + verdict.lost + verdict.unexpected
