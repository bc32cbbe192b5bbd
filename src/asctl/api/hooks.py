"""The hooks, version 1 (pluggy, project ``asctl``). A plugin is a module with functions of these names, each marked with
:func:`hookimpl`; its distribution names the module under the entry point group ``asctl.plugins``::

    [project.entry-points."asctl.plugins"]
    swift = "asctl_swift"

Calls are by keyword, and an implementation takes only the arguments that it wants: more may be added. It gives them no
defaults. A hook of ours that is misspelt makes the plugin broken.

- List hooks (``asctl_couriers`` and the like) are called once, when the plugin is loaded: by a command that uses one of its
  accounts, or that lists plugins. They return records and import nothing heavy. A plugin whose hook raises is listed as broken,
  and stops nothing but itself.
- Review hooks are called before a write. One that raises stops the write. A plugin that cannot even be loaded is told on stderr
  and stops nothing, unless ``[plugins] allow`` is set: then every plugin that it names and that is installed must load before
  anything is written. Who relies on a house rule sets it.
- Event hooks are called after the store has committed; what they raise is told once on stderr and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from asctl.api.actions import Action
from asctl.capabilities.specs import ProviderSpec
from asctl.domain.parcels import Event, Parcel
from asctl.domain.rmas import Rma, RmaState

hookspec = pluggy.HookspecMarker("asctl")
hookimpl = pluggy.HookimplMarker("asctl")
"""Marks a function as the plugin's implementation of the hook of that name::

    @hookimpl
    def asctl_couriers() -> list[ProviderSpec]:
        return [
            ProviderSpec(id="swift", title="Swift Parcels", api_version=API_VERSION, factory="asctl_swift.provider:Swift")
        ]
"""


@hookspec
def asctl_order_sources() -> list[ProviderSpec]:  # type: ignore[empty-body]
    """List hook: the marketplaces whose orders and applications this plugin can read and change. Their accounts are shops,
    ``[shops.NAME]`` in the configuration. Returns a spec each, or none."""


@hookspec
def asctl_couriers() -> list[ProviderSpec]:  # type: ignore[empty-body]
    """List hook: couriers and aggregators. They track, change addresses, call parcels back, fetch returns. Their accounts are
    ``[couriers.NAME]`` in the configuration. Returns a spec each, or none."""


@hookspec
def asctl_invoice_providers() -> list[ProviderSpec]:  # type: ignore[empty-body]
    """List hook: who issues, reverses and delivers invoices. Their accounts are ``[invoices.NAME]`` in the configuration.
    Returns a spec each, or none."""


@hookspec
def asctl_label_renderers() -> list[ProviderSpec]:  # type: ignore[empty-body]
    """List hook: label renderers, one spec per file format. The spec's ``id`` is the format that ``--format`` names; it has
    neither account nor settings."""


@hookspec
def asctl_notifiers() -> list[ProviderSpec]:  # type: ignore[empty-body]
    """List hook: chat robots, mail. Their accounts are ``[notifiers.NAME]`` in the configuration. Returns a spec each, or none."""


@hookspec
def asctl_commands() -> list[tuple[str, str, str]]:  # type: ignore[empty-body]
    """List hook: the plugin's own commands, each as (name, ``module:attribute`` of a click command, one line of help). The
    module is imported only when the command is called. A name of ours, or of a plugin before it, is refused."""


@hookspec
def asctl_parcel_moved(parcel: Parcel, events: Sequence[Event]) -> None:
    """Event hook: new scans of a parcel were stored. ``parcel`` is as it stands now, ``events`` are the new ones in time order."""


@hookspec
def asctl_rma_changed(rma: Rma, before: RmaState | None, after: RmaState) -> None:
    """Event hook: an RMA was opened (``before`` is ``None``) or changed its state, and that is stored."""


@hookspec
def asctl_review_action(action: Action) -> str | None:
    """Review hook: a house rule may stop a write before it is sent. Returns the reason as one sentence for people, or ``None``.

    It is called before each write, also before one that is sent again. The first reason given stops it: the row is refused with
    the code ``house_rule``, and nothing was sent.
    """
