from __future__ import annotations

import subprocess
import sys

from tests.plugins.labels.printers import PAPERS, limits, specs

FORMATS = ("pdf", "png", "zpl")


def test_renderers_are_declared_by_their_formats() -> None:
    """A spec's id is its format, and the suffix of its files."""
    assert tuple(specs()) == FORMATS
    assert [limits(format).suffix for format in FORMATS] == [".pdf", ".png", ".zpl"]


def test_sizes_resolutions_and_labels_a_file() -> None:
    """Every paper comes in every format but sheets in ZPL; dots are for two resolutions; a picture is of one label."""
    assert set(limits("pdf").sizes) == set(limits("png").sizes) == set(PAPERS)
    assert set(limits("zpl").sizes) == set(PAPERS) - {"a4"}
    assert [limits(format).dpis for format in FORMATS] == [(), (203, 300), (203, 300)]
    assert [limits(format).many for format in FORMATS] == [True, False, True]


def test_the_common_courier_label_is_the_default() -> None:
    """Whoever names no size gets 100x150 mm."""
    assert {limits(format).sizes[0] for format in FORMATS} == {"100x150"}


def test_listing_the_plugin_loads_no_drawing_library() -> None:
    """Only a label that is drawn costs the import of fonts, barcodes, pictures and PDF."""
    program = (
        "import sys, asctl_labels; asctl_labels.asctl_label_renderers(); "
        "heavy = {'fpdf', 'segno', 'fontTools', 'PIL', 'pylopdf_fonts_zh_cn', 'asctl_labels.pdf'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
