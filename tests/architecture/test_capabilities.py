"""The capabilities as a whole: one class may implement several."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest

import asctl.capabilities


def protocols() -> Iterator[type]:
    """Every Protocol among the capabilities."""
    for module in pkgutil.iter_modules(asctl.capabilities.__path__, "asctl.capabilities."):
        for _name, found in inspect.getmembers(import_module(module.name), inspect.isclass):
            if getattr(found, "_is_protocol", False) and found.__module__ == module.name:
                yield found


def methods(protocol: type) -> set[str]:
    return {name for name in vars(protocol) if not name.startswith("_")}


@pytest.mark.parametrize("protocol", list(protocols()))
def test_no_two_share_a_method(protocol: type) -> None:
    """A marketplace that is its own courier can do for both what each of them asks for: no method means two things."""
    others = [other for other in protocols() if other is not protocol]
    assert len(others) > 10
    assert {other.__name__: shared for other in others if (shared := methods(protocol) & methods(other))} == {}
