"""An independent decoder reads what an independent renderer shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.plugins.labels.samples import (
    LABEL,
    codes_of,
    document,
    goods,
    hostile_label,
    printed,
    random_label,
    scanned,
)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("dpi", [203, 300])
def test_every_code_is_read_however_the_parcel_lies(dpi: int, turn: int) -> None:
    """Number, QR text and waybill come back exactly, at both print resolutions and in all four positions."""
    assert scanned(printed(document(LABEL)[0], dpi), turn=turn) == codes_of(LABEL)


def test_sixty_random_labels_scan() -> None:
    """Whatever digits and lengths occur, every code of every label in one file is read, and on its own page."""
    labels = [random_label(seed) for seed in range(60)]
    pages = document(*labels)
    assert len(pages) == len(labels)
    for number, (page, label) in enumerate(zip(pages, labels, strict=True)):
        picture = printed(page, (203, 300)[number % 2])
        assert scanned(picture, turn=number % 4 * 90) == codes_of(label), label


@pytest.mark.parametrize("waybill", ["ABCDEFGHIJKLMNOPQRSTUVWXY", "SF-1A2B3C4D5E6F7G8H9"])
def test_a_long_waybill_in_narrow_bars_scans(waybill: str) -> None:
    """A waybill too long for modules of three dots is drawn with two, and is still read at 203 dpi."""
    label = replace(LABEL, waybill=waybill)
    assert scanned(printed(document(label)[0], 203), blur=0.6) == codes_of(label)


def test_a_long_shop_name_in_the_qr_code_scans() -> None:
    """The QR code grows with its text, and its Chinese comes back as it went in."""
    label = replace(LABEL, qr=f"ASCTL1|{LABEL.rma}|{'4' * 30}|{'晨光家居旗舰店' * 4}")
    assert scanned(printed(document(label)[0], 203)) == codes_of(label)


def test_hostile_text_leaves_the_codes_alone() -> None:
    """No text on a label disturbs its codes, on any of its pages."""
    label = hostile_label()
    first, *others = document(label)
    assert scanned(printed(first, 203)) == codes_of(label)
    assert others
    for page in others:
        assert scanned(printed(page, 203)) == sorted([label.rma, label.qr])


def test_later_pages_carry_the_number_as_code_too() -> None:
    """Pages that got apart are brought together again by a scan."""
    pages = document(replace(LABEL, goods=goods(40)))
    assert [scanned(printed(page, 203)) for page in list(pages)[1:]] == [sorted([LABEL.rma, LABEL.qr])] * (
        len(pages) - 1
    )
