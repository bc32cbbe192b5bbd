"""The capabilities: ``Notifier`` and ``AccountChecker``. What they must do: asctl help api Notifier"""

from asctl.api import CheckResult, Context, Notice
from asctl_pigeon.client import Client

SEVERITIES = {"info": "quiet", "warning": "loud", "alarm": "everybody"}
"""How urgent it is, in their words."""


class PigeonChat:
    """One account."""

    def __init__(self, context: Context) -> None:
        self._client = Client(context)
        self._room = context.text("room")

    def notify(self, notice: Notice) -> None:
        """A write: sent once, and on doubt (Unclear) never again."""
        said = {"room": self._room, "title": notice.title, "text": notice.text, "how": SEVERITIES[notice.severity]}
        self._client.ask("send", said, lambda told: told["room"], write=True)

    def check(self) -> CheckResult:
        """One harmless signed call."""
        self._client.ask("room", {"room": self._room}, lambda told: told["room"])
        return CheckResult(f"room {self._room}")
