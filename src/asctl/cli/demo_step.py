"""One step of the demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from asctl.cli.demo_scene import Scene
from asctl.cli.exits import OK


@dataclass(frozen=True, slots=True)
class Step:
    """``command`` is typed after ``asctl``; its placeholders are taken from the scene when its turn comes.

    ``holds`` looks at the scene after the command ended, and says whether ``claim`` is true. ``first`` is what happens
    outside before.
    """

    shows: str
    command: str
    claim: str
    holds: Callable[[Scene], bool]
    exit_code: int = OK
    first: Callable[[Scene], None] = lambda _scene: None

    def words(self, scene: Scene) -> list[str]:
        """The command's arguments."""
        return [word.format(scene=scene) for word in self.command.split()]
