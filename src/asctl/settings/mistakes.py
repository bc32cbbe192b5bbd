"""The sentences for wrong configuration: each names the key, where it stands and what was expected."""

from __future__ import annotations

from collections.abc import Iterable

from asctl.domain.errors import BadConfiguration
from asctl.domain.slips import nearest
from asctl.settings.origin import Found, KeyPath, Origin, dotted
from asctl.text import _


def unknown_key(path: KeyPath, origin: Origin, known: Iterable[str]) -> BadConfiguration:
    """``path`` is no setting; ``known`` are the words that may stand in place of its last part."""
    words = sorted(known)
    likely = nearest(path[-1], words)
    hint = _("did you mean {word}?").format(word=dotted((*path[:-1], likely[0]))) if likely else _known_words(words)
    return BadConfiguration(
        _("{key} ({where}) is not a setting").format(key=dotted(path), where=origin), code="unknown_key", hint=hint
    )


def _known_words(words: list[str]) -> str:
    return _("known here: {words}").format(words=", ".join(words))


def wrong_type(path: KeyPath, found: Found, expected: str, given: str = "") -> BadConfiguration:
    """``given`` is what to show of the value; empty for a secret."""
    sentence = (
        _("{key} ({where}) must be {expected}, not {given}") if given else _("{key} ({where}) must be {expected}")
    )
    return BadConfiguration(
        sentence.format(key=dotted(path), where=found.origin, expected=expected, given=given),
        code="wrong_type",
        hint=_("correct the value; `asctl config explain {key}` tells about it").format(key=dotted(path)),
    )


def missing_key(path: KeyPath, purpose: str) -> BadConfiguration:
    """A required setting has no value; ``purpose`` is its help sentence."""
    variable = "ASCTL_" + "__".join(path).upper().replace("-", "_")
    return BadConfiguration(
        _("{key} is not set: {purpose}").format(key=dotted(path), purpose=purpose),
        code="missing_key",
        hint=_("set {name} in [{section}] of the configuration, or the variable {variable}").format(
            name=path[-1], section=dotted(path[:-1]), variable=variable
        ),
    )
