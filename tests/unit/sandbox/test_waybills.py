"""Waybills have their courier's shape and are never given twice."""

from __future__ import annotations

from random import Random

import pytest

from asctl.domain.couriers import NAMES, guess_courier
from asctl.domain.identifiers import clean_waybill
from asctl.sandbox.waybills import COURIERS, waybill


@pytest.mark.parametrize("courier", sorted(set(COURIERS) - {"post", "best"}))
def test_a_waybill_has_the_unmistakable_shape_of_its_courier(courier: str) -> None:
    """Our own recogniser knows it again."""
    rng = Random(1)
    assert {guess_courier(waybill(courier, serial, rng)) for serial in range(1, 200)} == {courier}


@pytest.mark.parametrize("courier", [*COURIERS, "pigeon"])
def test_no_two_serials_share_a_waybill(courier: str) -> None:
    """Also for a courier that nobody knows; all are waybills to us."""
    rng = Random(1)
    numbers = {waybill(courier, serial, rng) for serial in range(2_000)}
    assert len(numbers) == 2_000
    assert {clean_waybill(number) for number in numbers} == numbers


def test_postal_numbers_carry_their_check_digit() -> None:
    """The digits of the example number EE123456785CN give its check digit."""

    class Fixed(Random):
        def randrange(self, *_range: int) -> int:  # type: ignore[override]
            return 12

    assert waybill("ems", 345678, Fixed()) == "EA123456785CN"


def test_every_courier_we_name_has_waybills() -> None:
    """None is forgotten when one is added."""
    assert set(COURIERS) == set(NAMES)
