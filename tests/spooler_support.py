"""A print spooler of the tests' own, and labels to be printed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pypdfium2

from tests.command_support import Command, Result

LP = """#!/bin/sh
# Keeps its arguments and the files it is given, then does as the test wants.
number=$(ls "{kept}" | wc -l)
mkdir "{kept}/$number"
for argument in "$@"; do
    printf '%s\\n' "$argument" >> "{kept}/$number/arguments"
    if [ -f "$argument" ]; then
        cp "$argument" "{kept}/$number/"
        ls -l "$argument" >> "{kept}/$number/modes"
        ls -ld "$(dirname "$argument")" >> "{kept}/$number/modes"
    fi
done
{then}
"""
LPSTAT = "#!/bin/sh\nprintf 'printer Office is idle.  enabled since ...\\nprinter Zebra now printing Zebra-11.\\n'\n"
REPRINT = "补打"
"""The mark of a label that was handed out before."""
TAKEN = "echo 'request id is Zebra-12 (1 file(s))'"
"""What ``lp`` says of a job."""


@dataclass
class Spooler:
    """A fake ``lp`` and ``lpstat`` that come first on the path."""

    folder: Path
    command: Command

    def will(self, then: str) -> None:
        """What ``lp`` does after it took its arguments, in the words of a shell."""
        self._write("lp", LP.format(kept=self.kept, then=then))

    def knows_printers(self) -> None:
        """Let there be an ``lpstat`` that knows Office and Zebra."""
        self._write("lpstat", LPSTAT)

    @property
    def kept(self) -> Path:
        """Where its jobs are kept."""
        return self.folder / "kept"

    def jobs(self) -> list[Path]:
        """The folders of the jobs that came in."""
        return sorted(self.kept.iterdir())

    def arguments(self) -> list[str]:
        """The arguments of the only job."""
        (job,) = self.jobs()
        return (job / "arguments").read_text("utf-8").splitlines()

    def files(self) -> list[Path]:
        """The files of the only job, in the order in which they were handed over."""
        (job,) = self.jobs()
        return [job / Path(argument).name for argument in self.arguments() if argument.startswith("/")]

    def option(self, name: str) -> list[str]:
        """The values of an option of the only job."""
        given = self.arguments()
        return [value for option, value in pairwise(given) if option == name]

    def __call__(self, *arguments: str, **more: str) -> Result:
        path = f"{self.folder / 'bin'}{os.pathsep}{self.command.env['PATH']}"
        return self.command("label", "print", *arguments, env={"PATH": path, "TMPDIR": str(self.tmp), **more})

    @property
    def tmp(self) -> Path:
        """The folder for the run's temporary files."""
        return self.folder / "tmp"

    def _write(self, name: str, text: str) -> None:
        program = self.folder / "bin" / name
        program.write_text(text, "utf-8")
        program.chmod(0o755)


def pdf_pages(file: Path) -> list[pypdfium2.PdfPage]:
    return list(pypdfium2.PdfDocument(file.read_bytes()))


def labels(asctl: Command, *options: str) -> list[dict[str, object]]:
    return asctl("label", "list", *options).records
