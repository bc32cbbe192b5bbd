from __future__ import annotations

import importlib
import subprocess
import sys

import asctl_labels
from asctl.api import LabelLimits


def test_the_renderer_is_declared_by_its_format() -> None:
    """The spec names the format, its sizes and its suffix, and its factory can be imported."""
    (spec,) = asctl_labels.asctl_label_renderers()
    capability = spec.capability("LabelRenderer")
    assert spec.id == "pdf"
    assert capability is not None
    assert capability.limits == LabelLimits(sizes=("100x150",), suffix=".pdf")
    module, name = spec.factory.split(":")
    assert callable(getattr(importlib.import_module(module), name))


def test_listing_the_plugin_loads_no_drawing_library() -> None:
    """Only a label that is drawn costs the import of fonts, barcodes and PDF."""
    program = (
        "import sys, asctl_labels; asctl_labels.asctl_label_renderers(); "
        "print(sorted({'fpdf', 'segno', 'fontTools', 'pylopdf_fonts_zh_cn', 'asctl_labels.pdf'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
