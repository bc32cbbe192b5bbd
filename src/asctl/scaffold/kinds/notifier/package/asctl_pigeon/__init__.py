"""Pigeon Chat: messages to colleagues.

This file says what the plugin offers. It is read whenever plugins are listed, so it imports nothing but ``asctl.api``.
"""

from asctl.api import Capability, ProviderSpec, Setting, SettingType, WriteClass, WriteContract, hookimpl

SETTINGS = (
    Setting("base_url", SettingType.URL, "Where Pigeon answers.", default="https://api.chat.example"),
    Setting("customer", SettingType.TEXT, "The customer number that Pigeon gave you.", required=True),
    Setting("secret", SettingType.SECRET, "Signs every call.", required=True),
    Setting("room", SettingType.TEXT, "The room to write into.", required=True),
)


@hookimpl
def asctl_notifiers() -> list[ProviderSpec]:
    """The one spec. A message twice is a nuisance and no harm: that is what its contract says."""
    contract = WriteContract(WriteClass.NOTIFY)
    return [
        ProviderSpec(
            id="pigeon",
            title="Pigeon Chat",
            api_version=1,
            factory="asctl_pigeon.provider:PigeonChat",
            settings=SETTINGS,
            capabilities=(Capability("Notifier", writes={"notify": contract}), Capability("AccountChecker")),
            sandbox="asctl_pigeon.sandbox:PigeonSandbox",
        )
    ]
