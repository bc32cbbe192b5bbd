"""What a plugin tells the conformance kit about itself, beside its spec; read by ``asctl plugin check`` and its own tests only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSample:
    """A callback as the far side would send it, rightly signed: what :meth:`PushReceiver.receive` is called with.

    ``kind`` is the :class:`Push` kind that must come out.
    """

    headers: Mapping[str, str]
    body: bytes
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """``ProviderSpec.conformance`` names a callable without arguments that makes one. All of it may be left out.

    ``settings`` are added to those that the sandbox app writes (with a recorded far side they are all there is).
    ``waybills`` are numbers in a shape that the courier accepts, for plugins that check it, of 6 to 40 letters, digits and
    dashes, since asctl accepts no others; otherwise thirteen digits are used.
    ``pushes`` makes rightly signed callbacks for an account with the given settings.
    ``refusal_reason`` is the marketplace's own number of a reason for refusing an application, for those that want one.
    ``recorded`` is a folder with real answers, a JSON file each (see ``asctl help authors``).
    ``exempt`` names rules that this provider need not keep, each with the reason: a sentence that its users may read.
    """

    settings: Mapping[str, object] = field(default_factory=dict)
    waybills: tuple[str, ...] = ()
    pushes: Callable[[Mapping[str, object]], tuple[PushSample, ...]] | None = None
    refusal_reason: str = ""
    recorded: Path | None = None
    exempt: Mapping[str, str] = field(default_factory=dict)
