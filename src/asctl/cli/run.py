"""One invocation: its streams, choices, settings and store, each made when it is first asked for."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, cast

from asctl.cli.signals import Interruption
from asctl.cli.streams import own_streams
from asctl.cli.tally import Tally
from asctl.domain.errors import AsctlError, BadInput, StoreTrouble
from asctl.host.streams import Unclosable
from asctl.output.safety import visible
from asctl.text import _

if TYPE_CHECKING:
    from datetime import timedelta

    from asctl.cli.report import Report
    from asctl.domain.times import Clock
    from asctl.host.commands import FoundCommand
    from asctl.host.plugins import Host
    from asctl.output.records import RecordShape
    from asctl.services.accounts import Accounts
    from asctl.services.budget import Budget
    from asctl.services.desk import Desk
    from asctl.settings import Settings
    from asctl.store.opening import Store


class Choices:
    """The options that many commands share; each attribute is the default."""

    config: Path | None = None
    verbose: int = 0
    format: str = "table"
    columns: tuple[str, ...] = ()
    fail_if_empty: bool = False
    reveal: bool = False
    dry_run: bool = False
    yes: bool = False
    jobs: int = 8
    deadline: float | None = None
    max_items: int | None = None


class Run:
    """What a command is handed. No command reads ``sys``, the environment or the time for itself.

    ``limit_hit`` is set by a command that a deadline or ``--max-items`` ended early, ``batch_id`` by one that made or
    resumed a batch, ``unfinished`` where some of it is still to be sent. ``findings`` are the troubles that a
    command was asked to look for: its exit code follows from them, as if each had ended a run of its own. ``warned`` are the
    lines that :meth:`warn` told. ``plugin_command`` is the command of a plugin that the run was called for.
    """

    def __init__(self, environ: Mapping[str, str], stdin: TextIO, stdout: TextIO, stderr: TextIO) -> None:
        self.environ = environ
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self.choices = Choices()
        self.tally = Tally(lambda: self.clock.now())
        self.interruption = Interruption()
        self.limit_hit = False
        self.batch_id: str | None = None
        self.unfinished = False
        self.findings: list[AsctlError] = []
        self.warned: set[str] = set()
        self.plugin_command: FoundCommand | None = None
        self._log_handler: logging.Handler | None = None

    @property
    def stdin_bytes(self) -> BinaryIO:
        """stdin before decoding: batch input finds out the encoding by itself."""
        return self.stdin.buffer

    @cached_property
    def settings(self) -> Settings:
        """The configuration. Raises :class:`BadConfiguration`."""
        from asctl.settings import load

        return load(self.choices.config, self.environ, {})

    @cached_property
    def clock(self) -> Clock:
        """The clock, or the fixed moment of ``ASCTL_NOW``."""
        from asctl.settings.clock import clock_from

        return clock_from(self.environ)

    @cached_property
    def store(self) -> Store:
        """The store of the configuration. Raises :class:`StoreTrouble`."""
        from asctl.store.opening import open_store

        return open_store(str(self.settings.value("store.url")))

    @cached_property
    def store_if_any(self) -> Store | None:
        """The store, or ``None`` where none was made yet: for commands that can do without. Raises :class:`StoreTrouble`."""
        try:
            return self.store
        except StoreTrouble as error:
            if error.code != "store_missing":
                raise
            return None

    @cached_property
    def host(self) -> Host:
        """The plugins that the configuration allows."""
        limits = (self.settings.value(f"plugins.{name}_timeout") for name in ("load", "call"))
        return self.host_of(self.settings.value("plugins.allow"), *limits)

    def host_of(self, allow: Any, load: timedelta | None = None, call: timedelta | None = None) -> Host:
        """The plugins that ``allow`` names, or all, whatever the configuration says; a broken one is told once on stderr.
        ``load`` and ``call`` are how long their code may take, where that is not as usual."""
        from asctl.cli.table import commands
        from asctl.host.plugins import Host
        from asctl.host.warden import Patience

        own = {name: span.total_seconds() for name, span in (("load", load), ("call", call)) if span}
        patience = Patience(**own, stopped=lambda: self.interruption.signum != 0)
        return Host(allow, self.warn, patience, frozenset(commands()))

    @cached_property
    def desk(self) -> Desk:
        """All that the use cases need, around this run's store."""
        from asctl.services.desk import Desk

        return Desk(self.store, self.accounts(lambda: self.store), self.host, self.settings, self.clock)

    def accounts(self, store: Callable[[], Store | None]) -> Accounts:
        """The configured accounts; ``store`` remembers which of them must rest."""
        from asctl.services.accounts import Accounts

        return Accounts(self.settings, self.host, self.clock, store, "ASCTL_NOW" in self.environ)

    @cached_property
    def budget(self) -> Budget:
        """What ``--deadline``, ``--max-items`` and signals leave this run; the deadline counts from the first use."""
        from asctl.services.budget import Budget

        return Budget(self.choices.deadline, self.choices.max_items, self.stopping)

    def stopping(self) -> bool:
        """Whether a signal asked the run to stop. A command that asks is trusted to stop soon and in a safe place."""
        return self.interruption.came()

    def report(self, shape: RecordShape) -> Report:
        """Begin the rows of this run. Raises :class:`BadInput` for columns that ``shape`` does not have."""
        from asctl.cli.report import Report
        from asctl.output.writer import open_writer

        writer = open_writer(shape, self.choices.format, self.choices.columns, self.stdout)
        return Report(shape, writer, self.tally)

    def confirm(self, question: str) -> None:
        """Ask on a terminal before anything goes out; elsewhere ``--yes`` is needed. Raises :class:`BadInput`."""
        if self.choices.yes:
            return
        if not self.stdin.isatty():
            raise BadInput(
                _("this would act on the outside world, and there is no terminal to ask; nothing was sent"),
                code="needs_yes",
                hint=_("look at it with --dry-run, then run it with --yes"),
            )
        self.stderr.write(visible(question) + _(" [y/N] "))
        self.stderr.flush()
        if self.stdin.readline().strip().lower() not in ("y", "yes", "是"):
            raise BadInput(_("not confirmed; nothing was sent"), code="not_confirmed")

    def say(self, message: str) -> None:
        """One line to the operator, on stderr."""
        self.stderr.write(f"asctl: {visible(message)}\n")

    def warn(self, message: str) -> None:
        """One line to the operator, told once in a run."""
        if message not in self.warned:
            self.warned.add(message)
            self.say(message)

    def start_log(self) -> None:
        """Let ``asctl``'s log appear on stderr: what is done, with ``-vv`` in detail."""
        self._log_handler = self._log_handler or _LogLines(self)
        log = logging.getLogger("asctl")
        log.setLevel(logging.DEBUG if self.choices.verbose > 1 else logging.INFO)
        if self._log_handler not in log.handlers:
            log.addHandler(self._log_handler)

    def close(self) -> None:
        """Let go of the store and the log."""
        if self._log_handler is not None:
            log = logging.getLogger("asctl")
            log.removeHandler(self._log_handler)
            log.setLevel(logging.NOTSET)
        if "store" in self.__dict__:
            self.store.close()


class _LogLines(logging.Handler):
    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run

    def emit(self, record: logging.LogRecord) -> None:
        self._run.say(f"{record.name} {record.getMessage()}")


def run_of_process(environ: Mapping[str, str]) -> Run:
    """The run of this process, on its own streams. What plugins find in their place they cannot close."""
    stdout, stderr = own_streams(sys.stdout, sys.stderr)
    sys.stdout = stdout
    if stderr is not sys.stderr:
        sys.stderr = cast(TextIO, Unclosable(sys.stderr))
    return Run(environ, sys.stdin, stdout, stderr)
