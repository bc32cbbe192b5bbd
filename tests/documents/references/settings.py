"""The reference of settings: those of the core, of every account, and of the plugins that come with asctl."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asctl.capabilities.specs import ProviderKind, ProviderSpec, Setting
from asctl.host.plugins import Host
from asctl.settings.declared import ACCOUNT_SECTIONS, CORE, ROUTE, ROUTED_VERBS, ROUTING, common_settings
from tests.documents.references.markup import fill, item, page, prose

_INTRODUCTION = """\
The configuration is a TOML file: `asctl help configuration`. What is in force, and why, is told by
`asctl config explain KEY`. Each setting can come from a variable in place of the file: its key in
capitals, with two underscores for each dot and one for each dash. Durations are written as `30m`, `24h` or `7d`; a secret
is `{ env = "NAME" }`, `{ file = "path" }` or `{ keyring = "service/name" }`; a list in a variable is
separated by commas. One section alone: `asctl help settings watch`.
"""


def settings_reference() -> str:
    """Every section and key."""
    parts = [part for name, settings in CORE.items() for part in _section(name, settings, name)]
    return page(
        "# Settings",
        prose(_INTRODUCTION, ()),
        *parts,
        *_routing(),
        *(part for section in ACCOUNT_SECTIONS for part in _accounts(section)),
    )


def _section(title: str, settings: Iterable[Setting], prefix: str) -> Iterator[str]:
    yield f"## {title}"
    yield _list(settings, prefix)


def _routing() -> Iterator[str]:
    yield f"## {ROUTING}"
    verbs = ", ".join(f"`{verb}`" for verb in ROUTED_VERBS)
    yield fill(f'{ROUTE.help} The key is the courier: `sf = "sf-main"`, or `sf.VERB`, with one of {verbs}.')


def _accounts(section: str) -> Iterator[str]:
    """What an account of a section may hold: common settings, then each plugin's own."""
    kind = ACCOUNT_SECTIONS[section]
    yield f"## {section}"
    yield fill(f"An account is a table `[{section}.NAME]`. What every one of them may hold:")
    yield _list(common_settings(section), f"{section}.NAME")
    for name, spec in _specs(kind):
        yield f"### {section}: {name}"
        yield fill(f'{spec.title}, with `plugin = "{name}"`:')
        yield _list(spec.settings, f"{section}.NAME")


def _specs(kind: ProviderKind) -> Iterator[tuple[str, ProviderSpec]]:
    """The specs of the plugins that come with asctl."""
    ours = [plugin for plugin in Host(None, _complain).plugins() if plugin.distribution == "asctl"]
    yield from sorted((spec.id, spec) for plugin in ours for spec in plugin.specs.get(kind, ()))


def _complain(message: str) -> None:
    raise RuntimeError(message)


def _list(settings: Iterable[Setting], prefix: str) -> str:
    return "\n".join(_setting(setting, prefix) for setting in settings)


def _setting(setting: Setting, prefix: str) -> str:
    variable = f"ASCTL_{prefix}.{setting.name}".replace(".", "__").upper()
    choices = f": {', '.join(setting.choices)}" if setting.choices else ""
    told = "required" if setting.required else f"default `{_written(setting.default)}`" if _has_default(setting) else ""
    kind = ", ".join(filter(None, (f"{setting.type.value}{choices}", told)))
    return item(f"- `{setting.name}` ({kind}): {setting.help} `{variable}`")


def _has_default(setting: Setting) -> bool:
    return setting.default not in (None, "", ())


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, tuple) else str(value)
