"""Where on a command line the cursor stands: in which command, and what may come next."""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]
"""A command of ``commands.json`` with its ``options``, and with ``verbs`` or ``arguments``; or one of the latter three."""


class Place:
    """What the words before the cursor come to.

    ``node`` is the command, ``None`` where it is none of ours. ``awaited`` is the option whose value comes next.
    ``config`` is the configuration that the line names, ``given`` the arguments that stand there already.
    """

    def __init__(self, nodes: dict[str, Node], words: list[str]) -> None:
        self._nodes = nodes
        self.path = ""
        self.awaited: Node | None = None
        self.config = ""
        self.options_end = False
        self._given: set[str] = set()
        self.given: list[str] = []
        for word in words:
            self._pass(word)

    @property
    def node(self) -> Node | None:
        return self._nodes.get(self.path)

    def verbs(self) -> list[tuple[str, str]]:
        """The verbs of the command, each with its help."""
        names = (self.node or {}).get("verbs", ())
        return [(name, self._nodes[f"{self.path} {name}".strip()]["help"]) for name in names]

    def option(self, name: str) -> Node | None:
        """The option of that name which the command has."""
        options = (self.node or {}).get("options", ())
        return next((option for option in options if name in option["names"]), None)

    def options(self) -> list[Node]:
        """The options that may still be given."""
        options = (self.node or {}).get("options", ())
        return [option for option in options if option.get("many") or option["names"][0] not in self._given]

    def argument(self) -> Node | None:
        """The argument that comes next, if any may."""
        arguments: list[Node] = (self.node or {}).get("arguments", [])
        if len(self.given) < len(arguments):
            return arguments[len(self.given)]
        return arguments[-1] if arguments and arguments[-1].get("many") else None

    def _pass(self, word: str) -> None:
        if self.awaited:
            self._value(self.awaited, word)
            self.awaited = None
        elif word == "--" and not self.options_end:
            self.options_end = True
        elif word.startswith("-") and word != "-" and not self.options_end:
            self._option(word)
        elif self.node and "verbs" in self.node:
            self.path = f"{self.path} {word}".strip()
            self._given.clear()
        else:
            self.given.append(word)

    def _option(self, word: str) -> None:
        long = word.startswith("--")
        name, equals, value = word.partition("=") if long else (word[:2], word[2:], word[2:])
        option = self.option(name)
        if option is None:
            return
        self._given.add(option["names"][0])
        if "takes" in option:
            if equals:
                self._value(option, value)
            else:
                self.awaited = option

    def _value(self, option: Node, value: str) -> None:
        if "--config" in option["names"]:
            self.config = value
