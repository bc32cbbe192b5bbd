"""The hooks, version 1 (pluggy, project ``asctl``). Calls are by keyword; an implementation takes only what it wants.

List hooks are called when providers of their kind are listed or used; a plugin whose hook raises is listed as broken.
Review hooks are called before a write. One that raises stops the write. A plugin that cannot even be loaded is told on
stderr and stops nothing, unless ``[plugins] allow`` is set: then every plugin that it names and that is installed must load
before anything is written. Who relies on a house rule sets it.
Event hooks are called after the store has committed; what they raise is told once on stderr and changes nothing.
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


@hookspec
def asctl_order_sources() -> list[ProviderSpec]:  # type: ignore[empty-body]
    """Marketplaces that this plugin can read orders from."""


@hookspec
def asctl_couriers() -> list[ProviderSpec]:  # type: ignore[empty-body]
    """Trackers, address changers, interceptors, reverse shippers."""


@hookspec
def asctl_invoice_providers() -> list[ProviderSpec]:  # type: ignore[empty-body]
    """Invoice providers."""


@hookspec
def asctl_label_renderers() -> list[ProviderSpec]:  # type: ignore[empty-body]
    """Label renderers, one per format; the spec's id is the format."""


@hookspec
def asctl_notifiers() -> list[ProviderSpec]:  # type: ignore[empty-body]
    """Chat robots, mail."""


@hookspec
def asctl_commands() -> list[tuple[str, str, str]]:  # type: ignore[empty-body]
    """The plugin's own commands as (name, ``module:click command``, one line of help); a name of ours is refused."""


@hookspec
def asctl_parcel_moved(parcel: Parcel, events: Sequence[Event]) -> None:
    """New events of a parcel were stored."""


@hookspec
def asctl_rma_changed(rma: Rma, before: RmaState | None, after: RmaState) -> None:
    """An RMA was opened (``before`` is ``None``) or changed its state, and that is stored."""


@hookspec
def asctl_review_action(action: Action) -> str | None:
    """A house rule may stop a write before it is sent: return the reason as one sentence, or ``None``.

    The first reason given stops it.
    """
