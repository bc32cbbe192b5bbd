"""Receivers of orders that are not shipped yet: what is given is changed, whole, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from asctl.capabilities.orders import ReceiverChange
from asctl.domain.errors import BadInput, NotFound, Refused
from asctl.domain.orders import OrderStatus, Receiver
from asctl.domain.refusals import RefusalReason
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.rules import Rule, expect
from asctl.testing.shop import put_order, shop_rules
from asctl.testing.site import CUSTOMER, NEW_PLACE, Outcome, Site
from asctl.testing.submissions import KEY, key_of, request_rules

_STRANGERS_PLACE = Receiver("宋知夏", "13511112222", "四川省", "成都市", "锦江区", "", "春熙路77号1栋301室")


def _arrange(site: Site) -> Arguments:
    order = put_order(site, OrderStatus.TO_SHIP)
    return (ReceiverChange(KEY, order.order_id, NEW_PLACE),)


def _stranger(arguments: Arguments) -> Arguments:
    return (replace(arguments[0], key=key_of(1), receiver=_STRANGERS_PLACE),)


CHANGE_RECEIVER = Exercise("OrderAddressChanger", "change_receiver", _arrange, write=True, stranger=_stranger)
_CHECK_RECEIVER = Exercise("OrderAddressChanger", "check_receiver", lambda _site: (NEW_PLACE,))
EXERCISES = (CHANGE_RECEIVER,)


def order_address_changer_rules() -> Iterator[Rule]:
    """All rules for ``OrderAddressChanger``."""
    yield from shop_rules(
        _CHECK_RECEIVER,
        ("good", "a usual receiver is taken, and so is a part of one; nothing is sent", _good),
        ("masked", "a field with stars is BadInput, since it would be written over the real one", _masked),
        ("too_long", "a field that nobody could print is BadInput, without saying what stands in it", _too_long),
    )
    yield from request_rules(CHANGE_RECEIVER)
    yield from shop_rules(
        CHANGE_RECEIVER,
        ("whole", "name, phone and address stand at the order as they were given", _whole),
        ("part", "what is not given stays as it was", _part),
        ("shipped", "an order that is shipped is Refused as TOO_LATE, and stays as it was", _shipped),
        ("bad", "a receiver that the check would not take is BadInput, and nothing is sent", _bad),
        ("unknown", "a number that nobody knows is NotFound or Refused", _unknown),
    )


def _checked(site: Site, receiver: Receiver) -> Outcome:
    outcome = site.call("check_receiver", receiver)
    expect(not site.far_side.requests(), "the check sent something")
    return outcome


def _good(site: Site) -> None:
    for receiver in (NEW_PLACE, CUSTOMER, Receiver(phone=NEW_PLACE.phone)):
        outcome = _checked(site, receiver)
        expect(outcome.error is None, f"should have been taken, but there was {outcome.seen}")


def _must_be_bad(site: Site, receiver: Receiver, why: str) -> None:
    outcome = _checked(site, receiver)
    expect(isinstance(outcome.error, BadInput), f"{why}: should be BadInput, but there was {outcome.seen}")
    clean(site, outcome)


def _masked(site: Site) -> None:
    _must_be_bad(site, replace(NEW_PLACE, name="顾**"), "a name with stars")
    _must_be_bad(site, replace(NEW_PLACE, phone="1368765****"), "a phone with stars")
    _must_be_bad(site, replace(NEW_PLACE, detail="平**199号云**元"), "an address with stars")


def _too_long(site: Site) -> None:
    _must_be_bad(site, replace(NEW_PLACE, detail=NEW_PLACE.detail * 200), "an address of thousands of characters")
    _must_be_bad(site, replace(NEW_PLACE, name=NEW_PLACE.name * 200), "a name of hundreds of characters")


def _whole(site: Site) -> None:
    arguments = CHANGE_RECEIVER.prepared(site)
    CHANGE_RECEIVER.done(site, arguments)
    _stands(site, arguments[0].order_id, NEW_PLACE)


def _part(site: Site) -> None:
    (request,) = CHANGE_RECEIVER.prepared(site)
    CHANGE_RECEIVER.done(site, (replace(request, receiver=Receiver(phone=NEW_PLACE.phone)),))
    _stands(site, request.order_id, replace(CUSTOMER, phone=NEW_PLACE.phone))


def _stands(site: Site, order_id: str, wanted: Receiver) -> None:
    stands = site.world.orders[order_id].receiver
    for name in ("name", "phone", "province", "city", "district", "town", "detail"):
        expect(getattr(stands, name) == getattr(wanted, name), f"the {name} at the order is not what it should be")


def _shipped(site: Site) -> None:
    order = put_order(site, OrderStatus.SHIPPED)
    outcome = CHANGE_RECEIVER.outcome(site, (ReceiverChange(KEY, order.order_id, NEW_PLACE),))
    _stands(site, order.order_id, CUSTOMER)
    error = outcome.error
    kept = isinstance(error, Refused) and error.reason == RefusalReason.TOO_LATE.value
    expect(kept, f"should be Refused as TOO_LATE, but there was {outcome.seen} {getattr(error, 'reason', '')}")
    clean(site, outcome)


def _bad(site: Site) -> None:
    (request,) = CHANGE_RECEIVER.prepared(site)
    masked = replace(request, receiver=replace(NEW_PLACE, phone="1368765****"))
    outcome = CHANGE_RECEIVER.outcome(site, (masked,))
    expect(isinstance(outcome.error, BadInput), f"should be BadInput, but there was {outcome.seen}")
    expect(not site.far_side.writes(), "it was sent all the same")
    clean(site, outcome)


def _unknown(site: Site) -> None:
    (request,) = CHANGE_RECEIVER.prepared(site)
    del site.world.orders[request.order_id]
    outcome = CHANGE_RECEIVER.outcome(site, (request,))
    no = isinstance(outcome.error, NotFound | Refused)
    expect(no, f"should be NotFound or Refused, but there was {outcome.seen}")
    clean(site, outcome)
