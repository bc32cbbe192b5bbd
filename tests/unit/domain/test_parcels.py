from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from asctl.domain.couriers import guess_courier
from asctl.domain.masking import mask_name, mask_phone, mask_receiver
from asctl.domain.money import from_fen, to_fen, yuan
from asctl.domain.orders import Receiver
from asctl.domain.parcels import Event, ParcelStatus, in_hand, in_time_order, status_of
from asctl.domain.times import CHINA

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=CHINA)
S = ParcelStatus


def scan(minutes: int, status: ParcelStatus, **more: object) -> Event:
    return Event(NOON + timedelta(minutes=minutes), status, f"{status}{minutes}", "c", **more)  # type: ignore[arg-type]


def test_events_are_put_in_order_and_told_once() -> None:
    """Late, repeated and newest-first tellings come out oldest first, each once."""
    one, two = scan(1, S.PICKED_UP), scan(2, S.IN_TRANSIT)
    assert in_time_order([two, one, two]) == (one, two)


def test_scans_of_one_second_follow_the_way_of_a_parcel() -> None:
    """Out for delivery and delivered in the same second end with delivered."""
    same = (scan(0, S.DELIVERED), scan(0, S.OUT_FOR_DELIVERY))
    assert status_of(in_time_order(same))[0] is S.DELIVERED


def test_a_scan_without_a_zone_is_no_event() -> None:
    """In silence it would be taken for UTC, and be eight hours off; who makes the event is told what puts a zone there."""
    with pytest.raises(ValueError, match=r"api\.china_time"):
        Event(NOON.replace(tzinfo=None), S.IN_TRANSIT, "left Jiaxing")


def test_informational_event_never_changes_the_status() -> None:
    """Rule b of the couriers' README."""
    assert status_of((scan(1, S.IN_TRANSIT), scan(2, S.DELIVERED, informational=True)))[0] is S.IN_TRANSIT


def test_signature_on_the_way_back_is_a_return() -> None:
    """Rule c: DELIVERED after RETURNING is RETURNED."""
    assert status_of((scan(1, S.RETURNING), scan(2, S.IN_TRANSIT), scan(3, S.DELIVERED)))[0] is S.RETURNED


def test_no_events_are_no_data() -> None:
    """An answer without events says that the courier knows nothing yet."""
    assert status_of(()) == (S.NO_DATA, "")


@pytest.mark.parametrize(
    ("waybill", "courier"),
    [
        ("SF1234567890123", "sf"),
        ("YT1234567890123", "yto"),
        ("JT1234567890123", "jt"),
        ("78123456789012", "zto"),
        ("771234567890123", "sto"),
        ("123456789012", None),
        ("7712345678901", None),
    ],
)
def test_only_unmistakable_shapes_are_guessed(waybill: str, courier: str | None) -> None:
    """Twelve digits may be three couriers', so nothing is guessed from them."""
    assert guess_courier(waybill) == courier


def test_personal_data_is_masked() -> None:
    """Name: first character. Phone: first three digits. Address: to the district."""
    masked = mask_receiver(Receiver("测试甲", "13800001234", "浙江省", "杭州市", "余杭区", "示例街道", "示例路1号"))
    assert masked == Receiver("测**", "138********", "浙江省", "杭州市", "余杭区", "", "***")
    assert (mask_name(""), mask_phone("")) == ("", "")


def test_money_is_exact() -> None:
    """Yuan text, fen and back, without a float in between."""
    assert yuan("218") == Decimal("218.00")
    assert yuan("0.005") == Decimal("0.01")
    assert (from_fen("12334"), to_fen(Decimal("123.34"))) == (Decimal("123.34"), 12334)
    with pytest.raises(ValueError, match="not an amount"):
        yuan("NaN")


def test_goods_in_the_couriers_hands() -> None:
    """What only goods that were fetched can meet; trouble that is told before the fetching as well proves nothing."""
    assert {status for status in S if in_hand(status)} == {
        S.PICKED_UP, S.IN_TRANSIT, S.CUSTOMS, S.OUT_FOR_DELIVERY, S.READY_FOR_PICKUP, S.REFUSED, S.DAMAGED, S.LOST,
        S.RETURNING, S.RETURNED, S.DELIVERED,
    }  # fmt: skip
