from __future__ import annotations

from asctl.services.budget import DEADLINE, MAX_ITEMS, SIGNAL, Budget


def test_items_that_were_taken_may_begin() -> None:
    """With the last item taken nothing more can be, but what was taken is not called off and nothing was left out."""
    budget = Budget(max_items=3)
    assert budget.take(3) == 3
    assert (budget.spent, budget.over, budget.cut_by) == (MAX_ITEMS, "", "")


def test_work_that_was_left_out_is_told() -> None:
    """Who wanted more than was left learns it, and the run knows that it did not do everything."""
    budget = Budget(max_items=3)
    assert (budget.take(5), budget.cut_by) == (3, MAX_ITEMS)
    assert budget.take() == 0


def test_without_limits_everything_is_granted() -> None:
    """No option, no limit."""
    budget = Budget()
    assert (budget.take(10_000), budget.spent, budget.cut_by) == (10_000, "", "")


def test_the_deadline_calls_off_what_was_taken() -> None:
    """Past the deadline nothing may begin, taken or not."""
    moment = 100.0
    budget = Budget(deadline_s=5, steady=lambda: moment)
    assert budget.take(2) == 2
    moment = 105.0
    assert (budget.over, budget.spent, budget.cut_by, budget.take()) == (DEADLINE, DEADLINE, DEADLINE, 0)


def test_a_signal_comes_first() -> None:
    """A signal stops everything, whatever else was reached."""
    budget = Budget(deadline_s=0, max_items=0, stopped=lambda: True)
    assert budget.over == SIGNAL
