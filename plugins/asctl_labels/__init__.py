"""Return labels: the specs of their renderers. Drawing libraries are imported only when a label is drawn."""

from __future__ import annotations

from asctl.api import API_VERSION, Capability, LabelLimits, ProviderSpec, hookimpl

LABEL_SIZES = ("100x150", "100x180", "76x130", "a6")
SIZES = (*LABEL_SIZES, "a4")
"""With that of a sheet of labels, for which label printers are too narrow."""
DPIS = (203, 300)
"""Resolutions of label printers; where a file is made of dots, it is made for one of them."""


@hookimpl
def asctl_label_renderers() -> list[ProviderSpec]:
    """One renderer per file format; a spec's id is the format."""
    return [
        _renderer("pdf", "Return labels as PDF", "asctl_labels.pdf:PdfLabels", LabelLimits(SIZES, ".pdf")),
        _renderer(
            "png",
            "A return label as a picture in printer's dots",
            "asctl_labels.png:PngLabels",
            LabelLimits(SIZES, ".png", DPIS, many=False),
        ),
        _renderer(
            "zpl",
            "Return labels for Zebra's printers and their like",
            "asctl_labels.zpl:ZplLabels",
            LabelLimits(LABEL_SIZES, ".zpl", DPIS),
        ),
    ]


def _renderer(format: str, title: str, factory: str, limits: LabelLimits) -> ProviderSpec:
    return ProviderSpec(
        id=format,
        title=title,
        api_version=API_VERSION,
        factory=factory,
        capabilities=(Capability("LabelRenderer", limits), Capability("LabelLayouts")),
    )
