"""Messages to colleagues: ``Notifier``."""

from __future__ import annotations

from asctl.api import Notice
from asctl_demo.account import Account


class Notices(Account):
    """A chat robot."""

    def notify(self, notice: Notice) -> None:
        """Raises :class:`Refused`, :class:`Throttled` and :class:`Unclear`; on doubt nobody sends it again."""
        members = {"title": notice.title, "text": notice.text, "severity": notice.severity}
        self.client.ask("notice", members, lambda row: row.needed("number"), write=True)
