"""The rules about shops, each on a provider that breaks just that one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asctl.testing.examination import State
from asctl.testing.subject import subjects_in
from tests.kit import wrong_orders, wrong_sales
from tests.kit.conftest import Judge
from tests.kit.good import offering, rule
from tests.kit.wrong import misbehaving, with_spec
from tests.kit.wrong_couriers import Wrong

WRONGS = (*wrong_orders.WRONGS, *wrong_sales.WRONGS)
BROKEN = {wrong.rule for wrong in WRONGS}
pytestmark = pytest.mark.storeless


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: f"{wrong.rule}: {wrong.told}")
def test_who_breaks_a_rule_is_told_so(judge: Judge, wrong: Wrong) -> None:
    """The good provider keeps the rule; the wrong one does not, and is told what was seen."""
    subject, tried = offering(wrong.rule.partition(".")[0]), rule(wrong.rule)
    assert wrong.told in judge.told(subject, tried, misbehaving(subject, wrong.culprit, wrong.behaviour))


def test_a_reason_must_be_given_where_one_is_wanted(judge: Judge) -> None:
    """Only the author knows the number of one."""
    (shop,) = subjects_in("asctl_taobao")
    silent = replace(shop, conformance=replace(shop.conformance, refusal_reason=""))
    assert "BadInput" in judge(silent, rule("AfterSaleDesk.refuse_after_sale.done")).why


def test_who_agrees_to_one_at_a_time_has_no_rows(judge: Judge) -> None:
    """What is not declared is not examined."""
    desk = offering("AfterSaleDesk")
    one_by_one = tuple(
        replace(one, limits=None) if one.name == "AfterSaleDesk" else one for one in desk.spec.capabilities
    )
    standing = judge(with_spec(desk, capabilities=one_by_one), rule("AfterSaleDesk.agree_after_sales.row_by_row"))
    assert standing.state is State.BESIDE
