"""What is wrong with a spec, word by word: checked whole when its plugin is loaded, so that nothing behind it meets a surprise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from asctl import api
from asctl.capabilities.specs import Capability, ProviderSpec, Setting, SettingType, WriteContract
from asctl.domain.errors import BadInput
from asctl.domain.slips import did_you_mean
from asctl.domain.times import parse_duration
from asctl.host.checks import name_of
from asctl.text import _

LIMITS: dict[str, type] = {
    "OrderSource": api.ChangesLimits,
    "AfterSaleSource": api.ChangesLimits,
    "AfterSaleDesk": api.DeskLimits,
    "RemarkWriter": api.RemarkLimits,
    "Tracker": api.TrackerLimits,
    "Interceptor": api.InterceptorLimits,
    "ReverseShipper": api.PickupLimits,
    "InvoiceIssuer": api.InvoiceLimits,
    "LabelRenderer": api.LabelLimits,
}
"""The record in which a capability's limits stand; all others have none."""
_DEFAULTS: dict[SettingType, tuple[type, ...]] = {
    SettingType.INTEGER: (int,),
    SettingType.NUMBER: (int, float),
    SettingType.BOOLEAN: (bool,),
    SettingType.LIST: (tuple,),
}
"""As what a default is written; all others are text."""
_LARGEST: dict[Any, Any] = {int: 2**31 - 1, timedelta: timedelta(days=14_600)}
"""No moment is reckoned from, and nothing counted, that no calendar and no store can hold."""
_SHORTEST_WINDOW = timedelta(minutes=1)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_METHOD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_PATH = re.compile(r"\w+(\.\w+)*:\w+")
_CAPABILITIES = "asctl.capabilities"
_SHOWN = (str, int, float, bool, type(None))
_MOST_SHOWN = 40


def faults(spec: ProviderSpec) -> list[str]:
    """Everything that is wrong with a spec, a sentence each: where, what was given, what is wanted."""
    return list(_of_type(spec, ProviderSpec, "")) or [
        *_of_words(spec),
        *_twice((one.name for one in spec.settings), "settings"),
        *_twice((one.name for one in spec.capabilities), "capabilities"),
        *(fault for setting in spec.settings for fault in _of_setting(setting)),
        *(fault for capability in spec.capabilities for fault in _of_capability(capability)),
    ]


def _of_type(told: object, kind: Any, place: str) -> Iterator[str]:
    """What is not of the type that its record names. Types are exact: a class of a plugin's own brings code of its own."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind == object | None:  # looked at with the capability that it belongs to
        return
    if isinstance(kind, UnionType):
        part = next((part for part in parts if _is_a(told, part)), None)
        if part is None or list(_of_type(told, part, place)):
            yield _fault(place, told, str(kind))
    elif not _is_a(told, kind):
        yield _fault(place, told, _wanted(told, kind))
    elif kind in _LARGEST and not -_LARGEST[kind] <= told <= _LARGEST[kind]:
        yield _fault(place, told, _("at most {largest}").format(largest=_LARGEST[kind]))
    elif origin is dict:
        for name, value in told.items():  # type: ignore[attr-defined]
            yield from _of_type(name, parts[0], f"{place}: a name")
            yield from _of_type(value, parts[1], f"{place}[{_shown(name)}]")
    elif origin in (tuple, frozenset):
        for index, value in enumerate(told):  # type: ignore[arg-type]
            yield from _of_type(value, parts[0], _place_of(value, f"{place}[{index}]"))
    elif is_dataclass(kind):
        for name, part in _parts_of(kind):  # type: ignore[arg-type]
            yield from _of_type(getattr(told, name), part, _part_of(place, name))


@cache
def _parts_of(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a record of ours, each with its type. To read those takes longer than to check them."""
    types = get_type_hints(kind)
    return tuple((field.name, types[field.name]) for field in fields(kind))


def _is_a(told: object, kind: Any) -> bool:
    return type(told) is (get_origin(kind) or kind)


def _place_of(told: object, index: str) -> str:
    """Where something stands, by its name where it has one."""
    if not isinstance(told, (Setting, Capability)) or type(told.name) is not str:
        return index
    return f"{'setting' if isinstance(told, Setting) else 'capability'} {_clipped(told.name)}:"


def _part_of(place: str, name: str) -> str:
    return f"{place}{' ' if place.endswith(':') else '.' if place else ''}{name}"


def _wanted(told: object, kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, Enum):
        meant = next((each for each in kind if type(told) is str and each.value == told.lower()), None)
        return f"api.{kind.__name__}.{meant.name}" if meant else f"an api.{kind.__name__}"
    if get_origin(kind) is tuple:
        return f"a tuple of {_plain_name(get_args(kind)[0])}"
    return _plain_name(get_origin(kind) or kind)


def _plain_name(kind: type) -> str:
    return f"{'api.' if is_dataclass(kind) else ''}{kind.__name__}"


def _of_words(spec: ProviderSpec) -> Iterator[str]:
    """Names, import paths, numbers."""
    if not _ID.fullmatch(spec.id):
        yield _fault("id", spec.id, _("letters, digits and _ . - alone"))
    if spec.api_version < 1:
        yield _fault("api_version", spec.api_version, "api.API_VERSION")
    for name in ("factory", "sandbox", "conformance"):
        path = getattr(spec, name)
        if not _PATH.fullmatch(path) and (path or name == "factory"):
            yield _fault(name, path, "module:callable")
    pace = spec.pace
    for name in ("calls", "at_once"):
        if getattr(pace, name) < 1:
            yield _fault(f"pace.{name}", getattr(pace, name), _("1 or more"))
    if pace.per <= timedelta():
        yield _fault("pace.per", pace.per, _("more than nothing"))


def _twice(names: Iterable[str], place: str) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield _("{place}: {name} stands there twice").format(place=place, name=_clipped(name))
        seen.add(name)


def _of_setting(setting: Setting) -> Iterator[str]:
    place, default = f"setting {_clipped(setting.name)}", setting.default
    if not _NAME.fullmatch(setting.name):
        yield _fault(f"{place}: name", setting.name, _("letters, digits and _ alone"))
    if setting.type is SettingType.CHOICE and not setting.choices:
        yield _fault(f"{place}: choices", (), _("the values of which one is chosen"))
    if default is None:
        return
    if type(default) not in _DEFAULTS.get(setting.type, (str,)):
        wanted = " | ".join(kind.__name__ for kind in _DEFAULTS.get(setting.type, (str,)))
        yield _fault(f"{place}: default", default, wanted)
    elif setting.type is SettingType.CHOICE and setting.choices and default not in setting.choices:
        yield _fault(f"{place}: default", default, _("one of its choices"))
    elif setting.type is SettingType.DURATION and not _is_duration(str(default)):
        yield _fault(f"{place}: default", default, _('such as "30m", "24h" or "7d"'))


def _is_duration(text: str) -> bool:
    try:
        parse_duration(text)
    except BadInput:
        return False
    return True


def _of_capability(capability: Capability) -> Iterator[str]:
    place, wanted = f"capability {_clipped(capability.name)}", LIMITS.get(capability.name)
    if capability.name not in _known():
        hint = did_you_mean(capability.name, _known()) or _("see: asctl help api")
        yield _("there is no {place}; {hint}").format(place=place, hint=hint)
    elif capability.limits is not None:
        if wanted is None:
            yield _fault(f"{place}: limits", capability.limits, "None")
        else:
            yield from _of_limits(capability.limits, wanted, f"{place}: limits")
    for method, contract in capability.writes.items():
        yield from _of_contract(contract, f"{place}: writes[{_shown(method)}]")


def _of_contract(contract: WriteContract, place: str) -> Iterator[str]:
    for name in ("find", "status"):
        look = getattr(contract, name)
        if look and not _METHOD.fullmatch(look):
            yield _fault(f"{place}.{name}", look, _("the name of a method"))
    for name in ("key_window", "visibility_lag", "late_window"):
        if getattr(contract, name) < timedelta():
            yield _fault(f"{place}.{name}", getattr(contract, name), _("no time before now"))


def _of_limits(limits: object, kind: type, place: str) -> Iterator[str]:
    wrong = list(_of_type(limits, kind, place))
    yield from wrong
    if wrong:
        return
    for field in fields(kind):
        value = getattr(limits, field.name)
        least = 1 if field.name in ("batch", "at_once", "lines", "max_bytes") else 0
        if type(value) is int and value < least:
            yield _fault(f"{place}.{field.name}", value, _("{least} or more").format(least=least))
        if type(value) is timedelta and value < timedelta():
            yield _fault(f"{place}.{field.name}", value, _("no time before now"))
        elif field.name == "window" and type(value) is timedelta and value < _SHORTEST_WINDOW:
            yield _fault(f"{place}.{field.name}", value, _("a minute or more"))
        if type(value) is Decimal and not (value.is_finite() and value > 0):
            yield _fault(f"{place}.{field.name}", value, _("more than nothing"))


@cache
def _known() -> tuple[str, ...]:
    """The capabilities that there are."""
    offered = {name: getattr(api, name) for name in api.__all__}
    protocols = (name for name, one in offered.items() if getattr(one, "_is_protocol", False))
    return tuple(name for name in protocols if _CAPABILITIES in offered[name].__module__)


def _fault(place: str, told: object, wanted: str) -> str:
    return _("{place} is {found}, should be {wanted}").format(place=place, found=_shown(told), wanted=wanted)


def _shown(told: object) -> str:
    """What was given: a plain value as it is, anything else by its class. Nobody's own ``repr`` is asked."""
    if type(told) in _SHOWN:
        return _clipped(repr(told))
    if isinstance(told, type):
        return _("the class itself")
    if type(told) in (tuple, timedelta, Decimal) and not told:
        return repr(told)
    return _("a {kind}").format(kind=name_of(told))


def _clipped(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
