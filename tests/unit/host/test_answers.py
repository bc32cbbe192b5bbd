"""Answers at the border: no value of a wrong type gets through, whatever it is, and no right one is turned away."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl import api
from asctl.api import (
    CHINA,
    AsctlError,
    Capability,
    Event,
    Evidence,
    Finding,
    FormState,
    FormTold,
    HttpAnswer,
    HttpRequest,
    InvoiceFinding,
    InvoiceState,
    InvoiceTold,
    NotFound,
    PluginBroken,
    ProviderSpec,
    Push,
    Refused,
    Submission,
    Throttled,
    Token,
    TrackAnswer,
    Unavailable,
    WriteContract,
)
from asctl.host.answers import Answers, held_to
from asctl.host.calls import Whose
from asctl.host.checks import check_of
from asctl.host.handed import CountedHttp, CountedTokens
from asctl.host.warden import Warden
from tests.unit.host.odd_values import ODD, QUERY

WHOSE = Whose("alpha", "a1")
MOMENT = datetime(2026, 11, 20, 9, tzinfo=CHINA)


def answers(name: str, **writes: WriteContract) -> Answers:
    """What a provider may answer that declares one capability."""
    return Answers(
        WHOSE, ProviderSpec("alpha", "Alpha", 1, "alpha:Provider", capabilities=(Capability(name, None, writes),))
    )


def tracked(told: object) -> Any:
    """What is made of an answer to one question about a parcel."""
    return answers("Tracker").returned("track", told, ((QUERY,),))


def spoilt(record: Any, **members: object) -> Any:
    for name, value in members.items():
        object.__setattr__(record, name, value)
    return record


def methods() -> Iterator[tuple[str, Any]]:
    """Every method that a capability has, with what it returns."""
    for name in api.__all__:
        protocol = getattr(api, name)
        if (
            inspect.isclass(protocol)
            and getattr(protocol, "_is_protocol", False)
            and name not in ("HttpClient", "Clock")
        ):
            for method in (each for each in vars(protocol).values() if inspect.isfunction(each)):
                yield f"{name}.{method.__name__}", get_type_hints(method).get("return")


@pytest.mark.parametrize(("method", "kind"), [each for each in methods() if "._" not in each[0]])
def test_every_method_can_be_checked(method: str, kind: Any) -> None:
    """No capability promises what there is no check for."""
    assert callable(check_of(get_args(kind)[0] if get_origin(kind) is Iterator else kind))


def right(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type as the capabilities name it."""
    plain: dict[Any, st.SearchStrategy[Any]] = {
        str: st.text(st.characters(exclude_categories=["C"])),
        bool: st.booleans(),
        int: st.integers(-9, 9999),
        datetime: st.datetimes(datetime(1990, 1, 1), datetime(2199, 12, 31), timezones=st.sampled_from([UTC, CHINA])),  # noqa: DTZ001
        AsctlError | None: st.sampled_from([None, Unavailable("down"), NotFound("no", code="no")]),
    }
    if kind in plain:
        return plain[kind]
    if get_origin(kind) is tuple:
        return st.lists(right(get_args(kind)[0]), max_size=3).map(tuple)
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    hints = get_type_hints(kind)
    return st.builds(kind, **{each.name: right(hints[each.name]) for each in dataclasses.fields(kind)})


WHICH = st.integers(0, len(ODD) - 1)
"""Which odd value: hypothesis itself would touch them."""
PLACES = [
    *(("query", name) for name in ("courier", "waybill", "phone_tail", "order_id")),
    *(("events", each.name) for each in dataclasses.fields(Event)),
    *(("", each.name) for each in dataclasses.fields(TrackAnswer)),
]


def is_right(value: Any, kind: Any) -> bool:
    """Whether a value is exactly of a type; written without what it is to judge."""
    if kind == AsctlError | None:
        return value is None or type(value) in (Unavailable, NotFound, PluginBroken)
    if get_origin(kind) is tuple:
        return type(value) is tuple and all(is_right(each, get_args(kind)[0]) for each in value)
    if type(value) is not kind:
        return False
    if kind is datetime:
        return type(value.tzinfo) is timezone and 1990 <= value.year <= 2199
    if kind is str:
        value.encode("utf-8")
    hints = get_type_hints(kind) if dataclasses.is_dataclass(kind) else {}
    return all(is_right(getattr(value, name), hint) for name, hint in hints.items())


@given(right(TrackAnswer))
def test_a_right_answer_is_handed_on_as_it_is(told: TrackAnswer) -> None:
    """Nothing is made anew where all is as it should be."""
    (row,) = tracked((told,))
    assert row is told


@given(right(TrackAnswer), right(Event), st.sampled_from(PLACES), WHICH)
def test_no_wrong_field_gets_through(told: TrackAnswer, scan: Event, place: tuple[str, str], which: int) -> None:
    """Whatever stands in a field: the row that comes out is right in all its parts, or an error of the plugin in its stead."""
    record = spoilt(TrackAnswer(dataclasses.replace(told.query), (*told.events, dataclasses.replace(scan))), error=None)
    whole = {"query": record.query, "events": record.events[-1], "": record}
    spoilt(whole[place[0]], **{place[1]: ODD[which]})
    (row,) = tracked([record])
    assert is_right(row, TrackAnswer)
    assert row.error is None or type(row.error) in (PluginBroken, Unavailable)


@given(WHICH, WHICH)
def test_no_wrong_answer_gets_through(first: int, second: int) -> None:
    """The same for what stands in place of rows, and of all of them."""
    one, other = ODD[first], ODD[second]
    for told in (one, (one,), [one, other], (TrackAnswer(QUERY), one)):
        try:
            rows = tracked(told)
        except PluginBroken as error:
            assert (error.code, error.provider, error.account) == ("plugin_failed", "alpha", "a1")
        else:
            assert is_right(rows, tuple[TrackAnswer, ...])


@given(
    st.sampled_from([Unavailable, Throttled, Refused, NotFound]),
    st.sampled_from(
        ["message", "code", "hint", "retry_at", "of_write", "reason", "retry_after", "passing", "whole_account"]
    ),
    WHICH,
)
def test_no_wrong_error_gets_through(family: Callable[..., AsctlError], name: str, which: int) -> None:
    """An error has fields of the right types, or is the plugin's fault."""
    error = family("no", code="no", **({"retry_after": timedelta(1)} if family is Throttled else {}))
    if not hasattr(error, name):
        return
    setattr(error, name, ODD[which])

    def work() -> None:
        raise error

    with pytest.raises(AsctlError) as caught:
        held_to(Any, WHOSE, "track()", work)()
    told = caught.value
    assert all(type(text) is str for text in (told.message, told.code, told.hint))
    assert is_right(told.retry_at, datetime) or told.retry_at is None
    assert not isinstance(told, Throttled) or timedelta() <= told.retry_after <= timedelta(30)


class Own(Refused, Throttled):
    """A plugin's own error, of two families."""


@pytest.mark.parametrize("error", [Own("no", reason="other", retry_after=timedelta.max), AsctlError("no", code="no")])
def test_an_error_is_all_of_its_families(error: AsctlError) -> None:
    """One with a wrong field of any of its families, or of none, is the plugin's fault."""

    def work() -> None:
        raise error

    with pytest.raises(PluginBroken, match="must be"):
        held_to(Any, WHOSE, "track()", work)()


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Decimal, 1.5),
        (Decimal, Decimal("Infinity")),
        (Decimal, Decimal("1E+999999")),
        (Decimal, Decimal("1E-999999")),
        (int, 2**63),
        (float | None, float("nan")),
        (float | None, "1"),
        (bytes, bytearray(b"x")),
        (InvoiceTold, InvoiceTold(InvoiceState.ISSUED, files={"pdf": 5})),  # type: ignore[dict-item]
        (InvoiceTold, InvoiceTold(InvoiceState.ISSUED, files=("pdf",))),  # type: ignore[arg-type]
        (InvoiceTold, InvoiceTold(InvoiceState.ISSUED, gross=Decimal("NaN"))),
        (FormTold, FormTold(FormState.CONFIRMED, red=FormTold(FormState.VOID))),  # type: ignore[arg-type]
        (Push, Push("pickup", more=(Push("pickup", effect="done"),))),  # type: ignore[arg-type]
        (frozenset[str], frozenset({"a", 1})),
        (Token, Token("x", datetime(2026, 1, 1), MOMENT)),  # noqa: DTZ001
    ],
)
def test_wrong_values_of_the_other_types(kind: Any, told: object) -> None:
    """Numbers nobody counts, addresses that are none, records within records."""
    with pytest.raises(PluginBroken, match="must be"):
        held_to(kind, WHOSE, "fetch()", lambda: told)()


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Decimal, Decimal("-12.00")),
        (Decimal, Decimal(0)),
        (float | None, 3),
        (frozenset[str], {"a"}),
        (Push, Push("pickup", more=(Push("pickup"),), at=MOMENT)),
        (InvoiceTold, InvoiceTold(InvoiceState.ISSUED, files={"pdf": "https://a.example/1"})),
        (bytes, b""),
    ],
)
def test_right_values_of_the_other_types(kind: Any, told: object) -> None:
    """They stay what they are."""
    assert held_to(kind, WHOSE, "fetch()", lambda: told)() == told


def test_a_look_is_known_by_its_contract() -> None:
    """A method that only a contract names returns a finding; of invoices one that tells of them."""
    stops = answers("Interceptor", intercept=WriteContract(find="found"))
    issuer = answers("InvoiceIssuer", issue_invoice=WriteContract(find="found", status="told"))
    invoice = InvoiceFinding(Evidence.ABSENT)
    assert issuer.returned("told", invoice, ()) is invoice
    assert issuer.returned("found", Finding(Evidence.ABSENT), ()) == Finding(Evidence.ABSENT)
    with pytest.raises(PluginBroken, match="must be Finding, and is InvoiceFinding"):
        stops.returned("found", invoice, ())
    with pytest.raises(PluginBroken, match=r"found\(\)\.effect must be Effect, and is str"):
        stops.returned("found", Finding(Evidence.PRESENT, "done"), ())  # type: ignore[arg-type]


def test_nobody_reads_what_promises_nothing() -> None:
    """A write that is done is done, whatever its method returns besides."""
    assert answers("RemarkWriter").returned("write_remark", 5, ("1", "text", 0)) is None
    assert answers("InvoiceDeliverer").returned("deliver_invoice", Submission("R1"), (5,)) == Submission("R1")


def test_a_wrong_row_of_a_decision_is_not_known() -> None:
    """Of several applications that were agreed to only the one with the wrong row is open."""
    told = (api.AfterSaleOutcome("1"), api.AfterSaleOutcome("2", needs_person="no"))  # type: ignore[arg-type]
    sales = [spoilt(object.__new__(api.AfterSale), after_sale_id=number) for number in ("1", "2")]
    first, second = answers("AfterSaleDesk").returned("agree_after_sales", told, (sales, ""))
    assert (first, second.after_sale_id) == (told[0], "2")
    assert isinstance(second.error, PluginBroken)
    with pytest.raises(PluginBroken, match=r"agree_after_sales\(\) must be tuple, and is NoneType"):
        answers("AfterSaleDesk").returned("agree_after_sales", None, (sales, ""))


def test_what_is_handed_to_services_is_checked_there() -> None:
    """The function that reads an answer, and the one that fetches a token, are held to the same."""

    def read(_answer: HttpAnswer) -> None:
        raise Unavailable("down", hint=7)

    http: Any = SimpleNamespace(call=lambda make, read: read(make()))
    with pytest.raises(PluginBroken, match=r"read\(\): Unavailable\.hint must be str, and is int"):
        CountedHttp(http, WHOSE, Warden()).call(lambda: HttpRequest("GET", "", ""), read)
    tokens: Any = SimpleNamespace(token=lambda fetch: fetch(None).value)
    with pytest.raises(PluginBroken, match=r"fetch\(\)\.value must be str, and is int"):
        CountedTokens(tokens, WHOSE, Warden()).token(lambda _last: Token(5, MOMENT, MOMENT))  # type: ignore[arg-type]


def test_pages_are_checked_one_by_one() -> None:
    """What comes page by page is held to the type of a page, each time."""
    orders = answers("OrderSource")
    assert orders.page("changed_orders", [api.OrderRef("1", MOMENT)]) == (api.OrderRef("1", MOMENT),)
    with pytest.raises(
        PluginBroken, match=r"changed_orders\(\)\[0\] must be Order \| OrderRef \| Unreadable, and is str"
    ):
        orders.page("changed_orders", ("1",))
