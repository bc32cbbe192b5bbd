"""The console entry. ``--version``, plain help and completion answer before click, or anything else that is slow, is imported."""

import gc
import os
import sys

from asctl import __version__

_COLLECT_AFTER = 50_000
_ZIPPED = f"python{sys.version_info.major}{sys.version_info.minor}.zip"


def main() -> None:
    """Run ``asctl`` with the arguments of this process, and exit with one of the documented codes."""
    _forget_current_directory()
    _open_streams()
    # The search for garbage among freshly imported modules, and at the very end, is a fifth of a short run and finds none.
    gc.set_threshold(_COLLECT_AFTER)
    try:
        _answer(sys.argv[1:])
    finally:
        gc.freeze()


def _answer(arguments: list[str]) -> None:
    shell = os.environ.get("_ASCTL_COMPLETE")
    if shell:
        from asctl.cli.completing.answer import answer

        answer(shell, os.environ)
    elif arguments == ["--version"]:
        _print(f"asctl {__version__}\n")
    elif arguments in ([], ["-h"], ["--help"]):
        from asctl.cli.table import overview

        _print(overview())
    else:
        from asctl.cli.app import be_the_process

        be_the_process(arguments)


def _forget_current_directory() -> None:
    """Nothing is loaded because of where somebody stands: neither through ``python -m`` nor through a ``PYTHONPATH`` with an entry
    that is empty or relative. What stands behind the standard library was installed, wherever it is.
    """
    given = [] if sys.flags.ignore_environment else os.environ.get("PYTHONPATH", "").split(os.pathsep)
    here = {"", *map(_absolute, ["", *(path for path in given if not os.path.isabs(path))])}
    here -= {_absolute(path) for path in given if os.path.isabs(path)}
    library = os.path.dirname(os.__file__)
    end = next((n for n, path in enumerate(sys.path) if path in (library, f"{os.path.dirname(library)}/{_ZIPPED}")), 0)
    sys.path[:end] = [path for path in sys.path[:end] if path not in here]


def _absolute(path: str) -> str:
    try:
        return os.path.abspath(path)
    except OSError:  # the directory was removed
        return ""


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
