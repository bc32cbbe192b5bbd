"""The log, with secrets and phone numbers taken out. One line per call; never a body."""

from __future__ import annotations

import logging
from collections.abc import Collection

from asctl.transport.redact import Redactor

LOGGER = "asctl.http"

# urllib3 logs whole addresses, and an address may carry a signature.
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)
logging.getLogger("asctl").addHandler(logging.NullHandler())


class RedactingLog:
    """The Logger that an account's client and provider write to."""

    def __init__(self, account: str, secrets: Collection[str]) -> None:
        self._logger = logging.getLogger(LOGGER)
        self.redactor = Redactor(secrets)
        self._account = account

    def debug(self, message: str, *args: object) -> None:
        self._write(logging.DEBUG, message, args)

    def info(self, message: str, *args: object) -> None:
        self._write(logging.INFO, message, args)

    def warning(self, message: str, *args: object) -> None:
        self._write(logging.WARNING, message, args)

    def _write(self, level: int, message: str, args: tuple[object, ...]) -> None:
        if self._logger.isEnabledFor(level):
            text = message % args if args else message
            self._logger.log(level, "%s: %s", self._account, self.redactor.text(text))
