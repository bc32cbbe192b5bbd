"""The console entry. ``--version`` and plain help answer before click, or anything else that is slow, is imported."""

from __future__ import annotations

import gc
import os
import sys

from asctl import __version__

_COMPLETION = "_ASCTL_COMPLETE"
_COLLECT_AFTER = 50_000


def main() -> None:
    """Run ``asctl`` with the arguments of this process, and exit with one of the documented codes."""
    _open_streams()
    # The search for garbage among freshly imported modules, and at the very end, is a fifth of a short run and finds none.
    gc.set_threshold(_COLLECT_AFTER)
    try:
        _answer(sys.argv[1:])
    finally:
        gc.freeze()


def _answer(arguments: list[str]) -> None:
    if arguments == ["--version"]:
        _print(f"asctl {__version__}\n")
    elif arguments in ([], ["-h"], ["--help"]) and _COMPLETION not in os.environ:
        from asctl.cli.table import overview

        _print(overview())
    else:
        from asctl.cli.app import app

        app.main(arguments)


def _open_streams() -> None:
    """UTF-8 whatever the locale says; a stream that the caller closed leads nowhere."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+"))  # noqa: SIM115 - open until the process ends
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]


def _print(text: str) -> None:
    from asctl.cli.streams import put

    trouble = put(sys.stdout, text)
    if trouble is not None and not isinstance(trouble, BrokenPipeError):
        from asctl.cli.exits import STORE

        sys.stderr.write(f"asctl: {trouble.strerror}\n")
        sys.exit(STORE)
