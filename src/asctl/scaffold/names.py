"""The names that a plugin goes by, all made from the one that its author gives."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass

from asctl.domain.errors import BadInput
from asctl.text import _

LONGEST = 30
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*([_-][A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class PluginName:
    """``id`` is the plugin's, its provider's and, of a courier, our code for it: small, with ``_`` between its parts."""

    id: str

    @classmethod
    def of(cls, text: str) -> PluginName:
        """The name that somebody gave. Raises :class:`BadInput`: ``bad_plugin_name``."""
        name = cls(text.lower().replace("-", "_"))
        if reason := _fault(text, name):
            raise BadInput(
                _("{name!r} cannot be a plugin's name: {reason}").format(name=text[:40], reason=reason),
                code="bad_plugin_name",
                hint=_("take the courier's or shop's own name, such as swift or swift-parcels"),
            )
        return name

    @property
    def module(self) -> str:
        """The name of the module, or of the package."""
        return f"asctl_{self.id}"

    @property
    def distribution(self) -> str:
        """The name of the distribution, as on PyPI."""
        return "asctl-" + self.id.replace("_", "-")

    @property
    def words(self) -> str:
        """The beginning of the names of its classes."""
        return "".join(part[0].upper() + part[1:] for part in self.id.split("_"))

    def taken(self, by: str) -> BadInput:
        """The error (``plugin_name_taken``) where something else has the name; ``by`` says what, in words."""
        return BadInput(
            _("the name {name} is taken: {by}").format(name=self.id, by=by),
            code="plugin_name_taken",
            hint=_("choose another one; what is installed: asctl plugin list"),
        )


def _fault(text: str, name: PluginName) -> str:
    """Why it can be no name; empty where it can."""
    if not text:
        return _("it is empty")
    if not _NAME.fullmatch(text):
        return _("it begins with a letter a to z, and has letters, digits and single - or _ between them")
    if len(text) > LONGEST:
        return _("it has more than {count} characters").format(count=LONGEST)
    if keyword.iskeyword(name.id) or keyword.iskeyword(name.words):
        return _("it is a word of Python")
    if name.id.split("_")[0] == "asctl":
        return _("asctl is put in front of it anyway")
    return ""
