"""``asctl help [TOPIC [NAME]]``."""

from __future__ import annotations

import click

from asctl.cli.help_topics import ABOUT, REFERENCES, TOPICS
from asctl.cli.options import pass_run
from asctl.cli.run import Run
from asctl.cli.table import overview
from asctl.domain.errors import BadInput
from asctl.domain.slips import did_you_mean
from asctl.text import _


@click.command("help", help=_("Show a topic; of a reference also the parts about names. Without a topic: the list."))
@click.argument("topic", required=False)
@click.argument("name", nargs=-1, metavar="[NAME]")
@pass_run
def help_(run: Run, topic: str | None, name: tuple[str, ...]) -> None:
    """Print a topic on stdout; without one, the overview and the topics there are."""
    run.stdout.write((_told(topic, name) if topic else _contents()) + "\n")


def _contents() -> str:
    width = max(map(len, TOPICS))
    lines = [f"  {name.ljust(width)}  {ABOUT[name]}" for name in TOPICS]
    return "\n".join((overview(), _("Topics, shown by asctl help TOPIC:"), *lines))


def _told(topic: str, names: tuple[str, ...]) -> str:
    if topic not in TOPICS:
        raise BadInput(
            _("there is no help topic {topic!r}").format(topic=topic[:40]),
            code="unknown_topic",
            hint=did_you_mean(topic, TOPICS)
            or _elsewhere(topic)
            or _("see: asctl help; about a command: asctl COMMAND --help"),
        )
    text = TOPICS[topic]()
    if not names:
        return text
    if topic not in REFERENCES:
        raise BadInput(
            _("the topic {topic} has no parts").format(topic=topic),
            code="no_parts",
            hint=_("show it whole: asctl help {topic}").format(topic=topic),
        )
    return _parts(topic, text, names)


def _parts(topic: str, text: str, names: tuple[str, ...]) -> str:
    """The words as one name, such as ``order sync``, or else each as a name of its own."""
    from asctl.cli.help_parts import known_names, part

    whole = " ".join(names)
    if found := part(text, whole):
        return found
    found_parts = {name: part(text, name) for name in names}
    if all(found_parts.values()):
        return "\n\n".join(found_parts.values())
    unknown = whole if topic == "commands" else next(name for name, found in found_parts.items() if not found)
    raise BadInput(
        _("the reference {topic} has nothing about {name!r}").format(topic=topic, name=unknown[:40]),
        code="unknown_name",
        hint=did_you_mean(unknown, sorted(known_names(text)))
        or _("show it whole: asctl help {topic}").format(topic=topic),
    )


def _elsewhere(word: str) -> str:
    """The hint for a word that is no topic, but something that one tells of: the part of a reference (a command is what most people
    mean), else the text that uses it most, and the authors' guide. Empty where none does."""
    from asctl.cli.help_parts import entry, uses

    told = [
        f"{topic} {found}"
        for topic in sorted(REFERENCES, key=lambda topic: (topic != "commands", topic))
        if (found := entry(TOPICS[topic](), word))
    ]
    counted = {topic: uses(TOPICS[topic](), word) for topic in TOPICS if topic not in REFERENCES}
    most = max(counted, key=lambda topic: counted[topic])
    telling = dict.fromkeys(topic for topic in (most, "authors") if counted[topic])
    likely = told[:1] or list(telling)
    return _("see: {commands}").format(commands=", ".join(f"asctl help {one}" for one in likely)) if likely else ""
