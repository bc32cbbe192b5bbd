"""What a reference can be asked about."""

from __future__ import annotations

from collections.abc import Iterator

from asctl.cli.help_parts import headings, known_names
from asctl.cli.help_topics import REFERENCES, TOPICS


def parts_of(topic: str, begun: str) -> Iterator[tuple[str, str]]:
    """The headings of a reference; who has begun a word may go on with any name in it. Of other topics there are no parts."""
    if topic in REFERENCES:
        text = TOPICS[topic]()
        yield from ((name, "") for name in sorted(known_names(text) if begun else headings(text)))
