"""The answer to a shell that asks how a line may go on, in the protocol of click's completion.

``_ASCTL_COMPLETE`` says which shell asks, ``COMP_WORDS`` is the line up to the cursor (where ``COMP_CWORD`` is a number, the
line up to that word). Every answer ends with exit 0, and nothing is said on stderr: somebody is typing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from asctl.cli.completing.following import following
from asctl.cli.completing.lines import standing_before, words_of

_SAFE = frozenset("-_.:,@+/=%")


def answer(shell: str, environ: Mapping[str, str]) -> None:
    """Print what may come next, and end the process."""
    told = _alone()
    try:
        os.write(told, answered(shell, environ).encode())
    finally:  # whatever was raised: the line stays as it is
        os._exit(0)


def answered(shell: str, environ: Mapping[str, str]) -> str:
    """The answer as text. Raises whatever configuration, store and plugins raise."""
    words = words_of(environ.get("COMP_WORDS", ""))
    if (index := environ.get("COMP_CWORD", "")).isdecimal():
        words = [*words, ""][: int(index) + 1]
    kind, found = following(words, environ)
    begun = words[-1]
    kept = standing_before(begun, environ.get("_ASCTL_BREAKS", ""))
    lines = [_line(shell, word[kept:], about) for word, about in dict(found).items() if _fits(word, begun)]
    return "".join(lines if kind == "plain" else [_line(shell, "", "", kind)])


def _alone() -> int:
    """Keep stdout for the answer, and let the streams of the process lead nowhere: a plugin may talk, or wait for input."""
    told = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    return told


def _fits(word: str, begun: str) -> bool:
    """Whether a word goes on from what stands there. One that a shell would read otherwise is never put on a line."""
    plain = all(character.isalnum() or character in _SAFE for character in word)
    return plain and word.casefold().startswith(begun.casefold())


def _line(shell: str, word: str, about: str, kind: str = "plain") -> str:
    about = "".join(filter(str.isprintable, " ".join(about.split())))
    if shell == "zsh_complete":
        return f"{kind}\n{word}\n{about or '_'}\n"
    tail = f"\t{about}" if shell == "fish_complete" and about else ""
    return f"{kind},{word}{tail}\n"
