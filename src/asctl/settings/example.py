"""The commented configuration that `asctl init` writes, made from the declarations.

Lines of prose begin with ``# ``, settings that are commented out with ``#`` alone.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator

from asctl.capabilities.specs import ProviderKind, ProviderSpec, Setting, SettingType
from asctl.settings.declared import ACCOUNT_SECTIONS, CORE, OWN_PHONES, ROUTE, ROUTING, common_settings

_INTRODUCTION = """\
# Configuration of asctl. What is commented out shows the default, or an example where there is none.
# A variable wins over this file: ASCTL_WATCH__SLOW_AFTER=36h, ASCTL_SHOPS__FLAGSHIP__APP_KEY=...
# Durations are written as "30m", "24h" or "7d". Secrets are best kept elsewhere: { env = "NAME" },
# { file = "path" } (readable by you alone) or { keyring = "service/name" }.
# `asctl config check` tells what is wrong here, all of it at once.
"""
_SECTION_OF = {kind: section for section, kind in ACCOUNT_SECTIONS.items()}


def example_text(specs: Iterable[tuple[ProviderKind, ProviderSpec]]) -> str:
    """Every declared setting with help, type and default, and a commented block for each spec that has accounts."""
    blocks = [_INTRODUCTION]
    blocks.extend("\n".join(_core_section(name, settings)) for name, settings in CORE.items())
    blocks.append("\n".join(_routing()))
    names: set[str] = set()
    for kind, spec in specs:
        if kind in _SECTION_OF:
            section = _SECTION_OF[kind]
            name = spec.id if spec.id not in names else f"{spec.id}-{section}"
            names.add(name)
            blocks.append("\n".join(_account(section, name, spec)))
    return "\n\n".join(block.strip() for block in blocks) + "\n"


def _core_section(name: str, settings: Iterable[Setting]) -> Iterator[str]:
    yield f"[{name}]"
    for setting in settings:
        yield from _setting(setting, _example(setting, name))


def _routing() -> Iterator[str]:
    yield f"[{ROUTING}]"
    yield from _prose(f'{ROUTE.help} For example sf = "sf-main".')


def _account(section: str, name: str, spec: ProviderSpec) -> Iterator[str]:
    yield from _prose(spec.title)
    yield f"#[{section}.{name}]"
    for setting in (*common_settings(section), *spec.settings):
        value = spec.id if setting.name == "plugin" else _example(setting, name)
        yield from _setting(setting, value)


def _setting(setting: Setting, value: object) -> Iterator[str]:
    kind = ", ".join((setting.type.value, *(["required"] if setting.required else [])))
    choices = ": " + ", ".join(setting.choices) if setting.choices else ""
    yield from _prose(f"{setting.help} ({kind}{choices})")
    yield f"#{setting.name} = {_toml(value)}"


def _prose(text: str) -> Iterator[str]:
    yield from textwrap.wrap(text, 110, initial_indent="# ", subsequent_indent="# ")


def _example(setting: Setting, owner: str) -> object:
    """The default, else a value of the right type that shows the form."""
    if setting.default is not None:
        return setting.default
    if setting.name in OWN_PHONES:
        return "13800000000"
    return {
        SettingType.SECRET: {"env": f"{owner}_{setting.name}".upper().replace("-", "_")},
        SettingType.INTEGER: 1,
        SettingType.NUMBER: 1.0,
        SettingType.BOOLEAN: True,
        SettingType.DURATION: "1h",
        SettingType.CHOICE: setting.choices[0] if setting.choices else "",
        SettingType.URL: "http://127.0.0.1:8080",
        SettingType.LIST: ("...",),
    }.get(setting.type, "...")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
