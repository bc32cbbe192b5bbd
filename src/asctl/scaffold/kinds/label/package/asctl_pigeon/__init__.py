"""Pigeon: return labels as plain text, for receipt printers.

This file says what the plugin offers. It is read whenever plugins are listed, so it imports nothing but ``asctl.api``.
"""

from asctl.api import Capability, LabelLimits, ProviderSpec, hookimpl

COLUMNS = {"58mm": 32, "80mm": 48}
"""The sizes of paper, and how many narrow characters stand in a line of each; Chinese ones count for two."""


@hookimpl
def asctl_label_renderers() -> list[ProviderSpec]:
    """The one spec: its id is what ``--format`` says. A renderer has no account, no settings and no far side."""
    limits = LabelLimits(sizes=tuple(COLUMNS), suffix=".txt")
    return [
        ProviderSpec(
            id="pigeon",
            title="Return labels as plain text",
            api_version=1,
            factory="asctl_pigeon.provider:PigeonLabels",
            capabilities=(Capability("LabelRenderer", limits),),
        )
    ]
