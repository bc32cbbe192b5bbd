"""What a plugin's module and its specs must be for it to be used; what is wrong is said with what was given and what is wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from asctl.api import (
    Capability,
    ChangesLimits,
    DeskLimits,
    InvoiceLimits,
    Pace,
    ProviderSpec,
    Setting,
    SettingType,
    TrackerLimits,
    WriteContract,
    hookimpl,
)
from asctl.host.fitness import PluginState, Unfit, check_hooks, check_spec, check_specs

TEXT, CHOICE = SettingType.TEXT, SettingType.CHOICE
SPEC = ProviderSpec("alpha", "Alpha", 1, "alpha:Provider")


class Text(str):
    """Looks like text, and is code of a plugin's own."""

    def __hash__(self) -> int:
        raise SystemExit(3)

    def __eq__(self, _other: object) -> bool:
        raise SystemExit(3)

    def __repr__(self) -> str:
        raise SystemExit(3)


def said(**wrong: Any) -> str:
    """What is said of a spec with these fields."""
    with pytest.raises(Unfit) as caught:
        check_spec(replace(SPEC, **wrong), "asctl_couriers")
    assert caught.value.state is PluginState.BROKEN
    return caught.value.words.removeprefix("in its ProviderSpec: ")


def setting(*given: Any, **named: Any) -> tuple[Setting, ...]:
    return (Setting(*given, **named),)


def capability(*given: Any, **named: Any) -> tuple[Capability, ...]:
    return (Capability(*given, **named),)


@pytest.mark.parametrize("name", ["id", "title", "factory", "sandbox", "conformance"])
def test_what_must_be_text(name: str) -> None:
    """A field that names something is text, and no class of the plugin's own."""
    assert check_spec(SPEC, "asctl_couriers") is SPEC
    assert said(**{name: 7}) == f"{name} is 7, should be str"
    assert said(**{name: Text("alpha")}) == f"{name} is a Text, should be str"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"settings": None}, "settings is None, should be a tuple of api.Setting"),
        ({"settings": [Setting("a", TEXT, "A.")]}, "settings is a list, should be a tuple of api.Setting"),
        ({"settings": ("a",)}, "settings[0] is 'a', should be api.Setting"),
        (
            {"settings": setting("secret", "secret", "S.")},
            "setting secret: type is 'secret', should be api.SettingType.SECRET",
        ),
        ({"settings": setting("a", "texts", "A.")}, "setting a: type is 'texts', should be an api.SettingType"),
        ({"settings": setting(5, TEXT, "A.")}, "settings[0].name is 5, should be str"),
        ({"settings": setting("a b", TEXT, "A.")}, "setting a b: name is 'a b', should be letters, digits and _ alone"),
        ({"settings": setting("a", TEXT, "A.", 5)}, "setting a: default is 5, should be str"),
        ({"settings": setting("a", SettingType.BOOLEAN, "A.", 1)}, "setting a: default is 1, should be bool"),
        ({"settings": setting("a", SettingType.NUMBER, "A.", "1")}, "setting a: default is '1', should be int | float"),
        (
            {"settings": setting("a", SettingType.DURATION, "A.", "soon")},
            "setting a: default is 'soon', should be such as",
        ),
        (
            {"settings": setting("a", SettingType.LIST, "A.", (1, 2))},
            "setting a: default is a tuple, should be str | int",
        ),
        (
            {"settings": setting("a", CHOICE, "A.")},
            "setting a: choices is (), should be the values of which one is chosen",
        ),
        ({"settings": setting("a", CHOICE, "A.", choices=5)}, "setting a: choices is 5, should be a tuple of str"),
        ({"settings": setting("a", CHOICE, "A.", choices=(1,))}, "setting a: choices[0] is 1, should be str"),
        (
            {"settings": setting("a", CHOICE, "A.", "z", choices=("b",))},
            "setting a: default is 'z', should be one of its",
        ),
        ({"settings": setting("a", TEXT, "A.") * 2}, "settings: a stands there twice"),
        ({"capabilities": capability("Tracker") * 2}, "capabilities: Tracker stands there twice"),
        ({"capabilities": capability("Traker")}, "there is no capability Traker; did you mean Tracker?"),
        ({"capabilities": capability("HttpClient")}, "there is no capability HttpClient"),
        (
            {"capabilities": capability("Tracker", TrackerLimits)},
            "limits is the class itself, should be api.TrackerLimits",
        ),
        (
            {"capabilities": capability("Tracker", InvoiceLimits())},
            "limits is a InvoiceLimits, should be api.TrackerLimits",
        ),
        ({"capabilities": capability("ClaimDesk", TrackerLimits())}, "limits is a TrackerLimits, should be None"),
        ({"capabilities": capability("Tracker", TrackerLimits(0))}, "limits.batch is 0, should be 1 or more"),
        ({"capabilities": capability("Tracker", TrackerLimits("x"))}, "limits.batch is 'x', should be int"),  # type: ignore[arg-type]
        (
            {"capabilities": capability("Tracker", TrackerLimits(1, frozenset({1})))},  # type: ignore[arg-type]
            "limits.phone_tail[0] is 1, should be str",
        ),
        (
            {"capabilities": capability("AfterSaleDesk", DeskLimits(1, Decimal("NaN")))},
            "limits.total is a Decimal, should be more than nothing",
        ),
        ({"capabilities": capability("Tracker", writes=None)}, "capability Tracker: writes is None, should be dict"),
        (
            {"capabilities": capability("Interceptor", writes={"intercept": 5})},
            "capability Interceptor: writes['intercept'] is 5, should be api.WriteContract",
        ),
        (
            {"capabilities": capability("Interceptor", writes={3: WriteContract()})},
            "writes: a name is 3, should be str",
        ),
        (
            {"capabilities": capability("Interceptor", writes={"intercept": WriteContract("keyed")})},  # type: ignore[arg-type]
            "writes['intercept'].write is 'keyed', should be api.WriteClass.KEYED",
        ),
        ({"pace": 5}, "pace is 5, should be api.Pace"),
        ({"pace": Pace(-1)}, "pace.calls is -1, should be 1 or more"),
        ({"pace": Pace(float("nan"))}, "pace.calls is nan, should be int"),  # type: ignore[arg-type]
        ({"pace": Pace(1, timedelta())}, "pace.per is datetime.timedelta(0), should be more than nothing"),
        ({"pace": Pace(2**63)}, "pace.calls is 9223372036854775808, should be at most 2147483647"),
        ({"pace": Pace(1, timedelta.max)}, "pace.per is a timedelta, should be at most 14600 days"),
        (
            {"capabilities": capability("OrderSource", ChangesLimits(history=timedelta(days=999_999)))},
            "limits.history is a timedelta, should be at most 14600 days",
        ),
        (
            {"capabilities": capability("OrderSource", ChangesLimits(window=timedelta()))},
            "limits.window is datetime.timedelta(0), should be a minute or more",
        ),
        (
            {"capabilities": capability("Interceptor", writes={"intercept": WriteContract(late_window=timedelta.max)})},
            "writes['intercept'].late_window is a timedelta, should be at most 14600 days",
        ),
        (
            {"capabilities": capability("Interceptor", writes={"intercept": WriteContract(find="__init__")})},
            "writes['intercept'].find is '__init__', should be the name of a method",
        ),
        (
            {"capabilities": capability("Interceptor", writes={"cancel": WriteContract(key_window=-timedelta(1))})},
            "writes['cancel'].key_window is a timedelta, should be no time before now",
        ),
        ({"api_version": "1"}, "api_version is '1', should be int"),
        ({"api_version": 0}, "api_version is 0, should be api.API_VERSION"),
        ({"id": "a b"}, "id is 'a b', should be letters, digits and _ . - alone"),
        ({"factory": "alpha.Provider"}, "factory is 'alpha.Provider', should be module:callable"),
        ({"sandbox": "alpha"}, "sandbox is 'alpha', should be module:callable"),
        ({"couriers": ("sto", 5)}, "couriers[1] is 5, should be str"),
        ({"aggregator": 1}, "aggregator is 1, should be bool"),
    ],
)
def test_what_is_wrong_is_said(wrong: dict[str, Any], words: str) -> None:
    """Where it stands, what was given, what should be there."""
    assert words in said(**wrong)


def test_all_that_is_wrong_is_said() -> None:
    """An author mends it in one go."""
    words = said(title=5, settings=(*setting("a", "text", "A."), *setting("b", "secret", "B.")))
    assert [part.partition(" is ")[0] for part in words.split("; ")] == ["title", "setting a: type", "setting b: type"]


def test_a_newer_one_is_not_looked_into() -> None:
    """What another version of the plugin API means by its fields, nobody here knows."""
    with pytest.raises(Unfit) as caught:
        check_spec(replace(SPEC, api_version=2, settings=None), "asctl_couriers")  # type: ignore[arg-type]
    assert caught.value.state is PluginState.NEWER_API


@pytest.mark.parametrize("answer", [SPEC, 5, ["sf"], [SPEC, None]])
def test_what_a_hook_must_return(answer: object) -> None:
    """A list, or any other run, of specs: one alone is no list."""
    assert check_specs(iter([SPEC]), "asctl_couriers") == (SPEC,)
    with pytest.raises(Unfit, match="asctl_couriers must return a list of ProviderSpec"):
        check_specs(answer, "asctl_couriers")


def test_what_is_meant_as_a_hook() -> None:
    """A hook without its mark would be silent for ever, and so would one whose name is mistyped."""

    def hook() -> list[ProviderSpec]:
        return []

    module = ModuleType("asctl_alpha")
    module.asctl_helper = lambda: None  # type: ignore[attr-defined]
    check_hooks(module)
    module.asctl_couriers = hook  # type: ignore[attr-defined]
    with pytest.raises(Unfit, match="asctl_couriers lacks @hookimpl"):
        check_hooks(module)
    hookimpl(hook)
    check_hooks(module)
    module.asctl_notifier = hook  # type: ignore[attr-defined]
    with pytest.raises(Unfit, match="there is no hook asctl_notifier; did you mean asctl_notifiers"):
        check_hooks(module)
