"""Links between the documents lead somewhere."""

from __future__ import annotations

import pytest

from tests.documents.markdown import ROOT, links, read

DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for path in [
        *ROOT.glob("*.md"),
        *ROOT.glob("src/**/*.md"),
        *ROOT.glob("plugins/**/*.md"),
        *ROOT.glob("config/*.md"),
    ]
    if "scaffold" not in path.parts
)
"""All but those that are written into the plugins of others."""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_resolve(document: str) -> None:
    """Each link to a file of the checkout names one that is there."""
    targets = [link.partition("#")[0] for link in links(read(document)) if "://" not in link]
    assert [target for target in targets if target and not (ROOT / document).parent.joinpath(target).exists()] == []


def test_every_document_is_reachable_from_the_readme() -> None:
    """Whoever begins at the README finds every room's and every plugin's own document."""
    seen: set[str] = set()
    todo = ["README.md"]
    while todo:
        document = todo.pop()
        if document not in seen and document.endswith(".md"):
            seen.add(document)
            folder = (ROOT / document).parent
            todo += [
                str((folder / link).resolve().relative_to(ROOT)) for link in links(read(document)) if "://" not in link
            ]
    assert set(DOCUMENTS) <= seen
