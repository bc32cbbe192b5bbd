"""A rule that nobody can break proves nothing: for each there is somebody who does."""

from __future__ import annotations

import pytest

from asctl.testing.catalogue import CAPABILITIES, rules_for, rules_of
from asctl.testing.rules import Rule
from tests.kit import (
    test_couriers,
    test_discretion,
    test_invoices,
    test_orders,
    test_recorded_rules,
    test_specs,
    test_tracking,
    test_troubles,
)
from tests.kit.good import offering

pytestmark = pytest.mark.storeless
TABLES = (
    test_couriers,
    test_discretion,
    test_invoices,
    test_orders,
    test_recorded_rules,
    test_specs,
    test_tracking,
    test_troubles,
)
BROKEN = {name for table in TABLES for name in table.BROKEN}
NOTHING_INSIDE = {"InvoiceFiles.invoice_file.odd_inside", "InvoiceFiles.invoice_file.new_error"}
"""A file is no JSON, nor is what says that there is none, so there is nothing to be odd or new; the rule is kept by whoever reads
none."""


def test_somebody_breaks_each_rule() -> None:
    """Beside are the promises about writes that no good provider at hand has made of that method."""
    names = {name for several in CAPABILITIES.values() for name in several}
    every = {one.id: one for name in names for one in rules_of(name)}
    every |= {one.id: one for one in rules_for(offering("Tracker").spec) if not one.capability}
    assert BROKEN - every.keys() == set()
    unbroken = every.keys() - BROKEN - NOTHING_INSIDE
    assert {name for name in unbroken if not _promised_by_nobody(every[name])} == set()


def _promised_by_nobody(rule: Rule) -> bool:
    return bool(rule.capability) and bool(rule.beside(offering(rule.capability).spec))
