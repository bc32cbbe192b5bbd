"""The catalogues of texts for people: what the code says, and the files that hold it in English and Chinese.

``python -m tests.documents.messages`` writes them anew: new texts come in without a translation, texts that are gone go, and the
compiled files are made. Translate in ``asctl.po``, run it again, commit both.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from asctl.host.plugins import LIST_HOOKS, Host
from asctl.settings.declared import CORE, common_settings
from tests.documents.click_words import WORDS

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "src" / "asctl" / "locale"
SOURCE = "en"
"""The language of the code: its catalogue is what translators begin with, and is never loaded."""
LANGUAGES = (SOURCE, "zh_CN")
_KEYWORDS = {"_": None, "translate": None}
_ACCOUNT_SECTIONS = ("shops", "couriers", "invoices", "notifiers")
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
Words = str | tuple[str, str]


def told_by_the_code() -> set[Words]:
    """Every text that may be shown to a person: marked in the source, help of settings, and what click says by itself."""
    return {*_marked(), *_helps(), *WORDS}


def _marked() -> Iterator[str]:
    for folder in ("src/asctl", "plugins"):
        for _file, _line, message, _comments, _context in extract_from_dir(ROOT / folder, keywords=_KEYWORDS):
            assert isinstance(message, str), message
            yield message


def _helps() -> Iterator[str]:
    for settings in (*CORE.values(), *map(common_settings, _ACCOUNT_SECTIONS)):
        yield from (setting.help for setting in settings)
    for plugin in Host(None, _fail).plugins():
        if plugin.distribution == "asctl":
            for kind in LIST_HOOKS:
                yield from (setting.help for spec in plugin.specs.get(kind, ()) for setting in spec.settings)


def _fail(warning: str) -> None:
    raise AssertionError(warning)


def po_file(language: str) -> Path:
    """Where people translate."""
    return LOCALE / language / "LC_MESSAGES" / "asctl.po"


def mo_file(language: str) -> Path:
    """What the tool reads."""
    return po_file(language).with_suffix(".mo")


def catalogue(language: str) -> Catalog:
    """The catalogue as it is kept."""
    if not po_file(language).exists():
        return Catalog(locale=language)
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(kept: Catalog) -> bytes:
    """A catalogue as the tool reads it; its dates are nobody's business, and would make each file another."""
    kept.creation_date = kept.revision_date = _NO_DATE
    out = BytesIO()
    write_mo(out, kept)
    return out.getvalue()


def renewed(language: str) -> Catalog:
    """The catalogue with just the texts of the code; English ones say themselves."""
    kept = catalogue(language)
    fresh = Catalog(locale=language, domain="asctl", project="asctl", charset="utf-8", fuzzy=False)
    for words in sorted(told_by_the_code(), key=str):
        told = kept.get(words if isinstance(words, str) else words[0])
        string = told.string if told is not None else ""
        fresh.add(words, _own(words, fresh) if language == SOURCE else string)
    return fresh


def _own(words: Words, fresh: Catalog) -> str | tuple[str, ...]:
    return words if isinstance(words, str) else tuple(words[: fresh.num_plurals])


def write(language: str) -> list[Words]:
    """Write both files of a language; answers what has no translation yet."""
    fresh = renewed(language)
    out = BytesIO()
    write_po(out, fresh, width=0, no_location=True, omit_header=False, sort_output=True)
    lines = [line for line in out.getvalue().decode("utf-8").splitlines() if not line.startswith(_DATED)]
    po_file(language).parent.mkdir(parents=True, exist_ok=True)
    po_file(language).write_text("\n".join(lines) + "\n", "utf-8")
    if language != SOURCE:
        mo_file(language).write_bytes(compiled(catalogue(language)))
    return [message.id for message in fresh if message.id and not any(_strings(message.string))]


_DATED = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Generated-By',
    '"Last-Translator',
    '"Report-Msgid',
    '"Language-Team',
    "# ",
)


def _strings(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else string


if __name__ == "__main__":
    for name in LANGUAGES:
        missing = write(name)
        print(f"{name}: {len(missing)} texts without a translation")
        print(*(f"  {words}" for words in missing), sep="\n", file=sys.stderr)
