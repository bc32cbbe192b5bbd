"""Label renderers at work: the renderer of a format, how it is to draw, and the layouts that a shop can change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from asctl.api.context import Context, HttpAnswer, HttpRequest
from asctl.api.tokens import OwnTokens
from asctl.capabilities.labels import LabelForm, LabelLimits
from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.domain.errors import BadInput, NotOffered, PluginBroken
from asctl.domain.times import Clock
from asctl.host.guard import Guarded, make_provider
from asctl.host.plugins import Host
from asctl.services.desk import Desk
from asctl.text import _
from asctl.transport.logs import RedactingLog

LAYOUT_MOST = 64 * 1024
"""No layout is larger, in bytes."""


@dataclass(frozen=True, slots=True)
class Renderer:
    """A label renderer at work: its format, how it is to draw, its files' suffix, whether one file holds many labels."""

    format: str
    form: LabelForm
    suffix: str
    many: bool
    provider: Guarded


def renderer_of(desk: Desk, format: str, size: str, dpi: int = 0, layout: Path | None = None) -> Renderer:
    """The renderer of a format, made once for many labels. Without ``dpi`` it is the first that the format knows; without
    ``layout`` the shop's own of that size in the folder ``label.layouts``, else the renderer's.

    Raises :class:`NotOffered` for an unknown format, :class:`BadInput` for an unknown size or resolution, or a layout that
    cannot be read, :class:`PluginBroken`.
    """
    spec = desk.host.spec(ProviderKind.LABEL, format)
    limits = _limits(spec, size)
    if dpi and dpi not in limits.dpis:
        raise BadInput(
            _("{format} labels are not drawn at {dpi} dots per inch").format(format=format, dpi=dpi),
            code="unknown_dpi",
            hint=_("known are {dpis}").format(dpis=" ".join(map(str, limits.dpis)) or _("none: leave --dpi out")),
        )
    own, name = _own_layout(desk, size, layout)
    form = LabelForm(size, dpi or next(iter(limits.dpis), 0), own, name)
    return Renderer(spec.id, form, limits.suffix, limits.many, make_renderer(desk.host, spec, desk.clock))


def make_renderer(host: Host, spec: ProviderSpec, clock: Clock) -> Guarded:
    """The :class:`LabelRenderer` of a spec. Raises :class:`PluginBroken`."""
    return make_provider(spec, renderer_context(spec, clock), host.warden)


def renderer_context(spec: ProviderSpec, clock: Clock) -> Context:
    """What a renderer is handed: it has no account, hence neither settings of one nor a way out to the network."""
    return Context("", {}, _NoWayOut(spec.id), clock, RedactingLog(spec.id, ()), OwnTokens(clock))


def standard_layout(host: Host, clock: Clock, format: str, size: str) -> str:
    """The text of a renderer's own layout of a size.

    Raises :class:`NotOffered` for an unknown format and for a renderer whose layout is fixed, :class:`BadInput` for a size
    that it does not know, :class:`PluginBroken`.
    """
    spec = host.spec(ProviderKind.LABEL, format)
    if spec.capability("LabelLayouts") is None:
        raise NotOffered(
            _("the layout of {format} labels cannot be changed").format(format=format),
            code="layout_fixed",
            hint=_("see which formats there are: asctl plugin list"),
        )
    _limits(spec, size)
    return str(make_renderer(host, spec, clock).layout(size))


@dataclass(frozen=True, slots=True)
class _NoWayOut:
    """The HTTP client of a renderer: a label is drawn on this machine alone."""

    provider: str

    def call(self, make: Callable[[], HttpRequest], read: Callable[[HttpAnswer], object]) -> NoReturn:
        """Raises :class:`PluginBroken`, whatever is asked."""
        raise PluginBroken(
            _("plugin {id} wants to call out while it draws labels; labels are drawn without a network").format(
                id=self.provider
            ),
            code="no_network",
            hint=_("tell the plugin's author; see the other formats: asctl plugin list"),
            provider=self.provider,
        )


def _limits(spec: ProviderSpec, size: str) -> LabelLimits:
    """The limits of a format, which must know the size. Raises :class:`BadInput` (``unknown_size``)."""
    declared = spec.capability("LabelRenderer")
    limits = (
        declared.limits if declared and isinstance(declared.limits, LabelLimits) else LabelLimits((), f".{spec.id}")
    )
    if limits.sizes and size not in limits.sizes:
        raise BadInput(
            _("{format} labels have no size {size!r}").format(format=spec.id, size=size),
            code="unknown_size",
            hint=_("known are {sizes}").format(sizes=" ".join(limits.sizes)),
        )
    return limits


def _own_layout(desk: Desk, size: str, layout: Path | None) -> tuple[str, str]:
    """The text of the shop's layout for a size and where it came from; empty where there is none."""
    if layout is None:
        folder = desk.settings.value("label.layouts")
        layout = Path(str(folder)).expanduser() / f"{size}.toml" if folder else None
        if layout is None or not layout.exists():
            return "", ""
    try:
        if layout.exists() and not layout.is_file():
            raise ValueError(_("it is no ordinary file"))
        with layout.open("rb") as file:
            content = file.read(LAYOUT_MOST + 1)
        if not content.strip():
            raise ValueError(_("it is empty"))
        if len(content) > LAYOUT_MOST:
            raise ValueError(_("it is too large for a layout"))
        return content.decode("utf-8"), str(layout)
    except (OSError, ValueError) as error:
        raise BadInput(
            _("the layout {file} cannot be read: {reason}").format(
                file=layout, reason=getattr(error, "strerror", None) or error
            ),
            code="layout_unreadable",
            hint=_("a layout is a TOML file in UTF-8; a first one: asctl label layout {size}").format(size=size),
        ) from None
