"""QR codes (ISO/IEC 18004): a text as UTF-8 bytes, error correction level M, always under the same mask.

A symbol of one size differs from the next only in its data, so the rest is prepared once for each size. General
encoders, which try all eight masks, take as long for one code as everything else on a label takes together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain, product, zip_longest
from operator import itemgetter
from typing import NamedTuple

Cells = dict[tuple[int, int], int]
"""1 for dark, 0 for light, by (x, y) in modules."""

_CHECKS = (10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28)
"""Check codewords in a block, for version 1 and up, at level M (table 9); larger symbols have no room on a label."""
_BLOCKS = (1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21)
_FORMAT = 0b101101101001011  # level M, mask 3 (annex C)
_VERSION_CHECK = 0x1F25  # annex D
_BYTES = 0b0100  # mode indicator
_PADDING = b"\xec\x11"
_FIELD = 0x11D  # the field of 256 elements, 7.5.2


class _Frame(NamedTuple):
    """All of a symbol that its text does not change. ``pick`` takes from the data bits followed by "01" those of each cell."""

    size: int
    bits: int
    mask: int
    pick: Callable[[str], tuple[str, ...]]


def symbol(text: str) -> list[str]:
    """The rows of the smallest symbol that holds ``text``: "1" is dark. Raises :class:`ValueError` if it is too long."""
    data = text.encode()
    version = next((version for version in range(1, len(_BLOCKS) + 1) if len(data) <= _capacity(version)), None)
    if version is None:
        raise ValueError(f"{len(data)} bytes")
    frame = _frame(version)
    words = _with_checks(_data_words(data, version), version)
    bits = int.from_bytes(words) << frame.bits - 8 * len(words) ^ frame.mask
    cells = "".join(frame.pick(f"{bits:0{frame.bits}b}01"))
    return [cells[begin : begin + frame.size] for begin in range(0, len(cells), frame.size)]


def _data_room(version: int) -> int:
    """Codewords for data."""
    return _frame(version).bits // 8 - _CHECKS[version - 1] * _BLOCKS[version - 1]


def _count_bits(version: int) -> int:
    return 8 if version < 10 else 16


def _capacity(version: int) -> int:
    return _data_room(version) - (4 + _count_bits(version) + 4) // 8


def _data_words(data: bytes, version: int) -> bytes:
    """Mode, length, text and terminator, filled up with padding."""
    head = _BYTES << _count_bits(version) | len(data)
    length = (4 + _count_bits(version) + 4) // 8 + len(data)
    words = (head << 8 * len(data) | int.from_bytes(data)) << 4
    room = _data_room(version) - length
    return words.to_bytes(length) + (_PADDING * room)[:room]


def _with_checks(words: bytes, version: int) -> bytes:
    """The codewords of all blocks in turn: first the data, then the checks (7.6)."""
    count, degree = _BLOCKS[version - 1], _CHECKS[version - 1]
    short, longer = divmod(len(words), count)
    lengths = [short + (number >= count - longer) for number in range(count)]
    ends = [sum(lengths[: number + 1]) for number in range(count)]
    blocks = [words[end - length : end] for end, length in zip(ends, lengths, strict=True)]
    data = (word for turn in zip_longest(*blocks) for word in turn if word is not None)
    return bytes(chain(data, *zip(*(_checks(block, degree) for block in blocks), strict=True)))


def _checks(block: bytes, degree: int) -> bytes:
    """The remainder of a block divided by the generator polynomial of a degree (7.5.2)."""
    multiples, shift = _multiples(degree), 8 * (degree - 1)
    rest, keep = 0, (1 << shift) - 1
    for word in block:
        rest = (rest & keep) << 8 ^ multiples[word ^ rest >> shift]
    return rest.to_bytes(degree)


@cache
def _multiples(degree: int) -> list[int]:
    """The generator polynomial without its first term, times each element of the field."""
    generator, root = [1], 1
    for _ in range(degree):
        generator = [low ^ _times(high, root) for low, high in zip([*generator, 0], [0, *generator], strict=True)]
        root = _times(root, 2)
    return [int.from_bytes(bytes(_times(term, factor) for term in generator[1:])) for factor in range(256)]


def _times(one: int, other: int) -> int:
    """The product of two elements of the field."""
    result = 0
    while other:
        result ^= one * (other & 1)
        one, other = one << 1 ^ _FIELD * (one >> 7), other >> 1
    return result


@cache
def _frame(version: int) -> _Frame:
    size = 17 + 4 * version
    fixed = _fixed(version, size)
    order = [cell for cell in _zigzag(size) if cell not in fixed]
    mask = int("".join("01"[(x + y) % 3 == 0] for x, y in order), 2)
    places = {cell: place for place, cell in enumerate(order)}
    places.update({cell: len(order) + dark for cell, dark in fixed.items()})
    by_rows = [places[x, y] for y in range(size) for x in range(size)]
    return _Frame(size, len(order), mask, itemgetter(*by_rows))


def _zigzag(size: int) -> Iterator[tuple[int, int]]:
    """Cells in the order in which data fills them: pairs of columns from the right, up and down in turn (7.7.3)."""
    columns = [column for column in range(size - 1, -1, -1) if column != 6]
    for turn, (right, left) in enumerate(zip(columns[::2], columns[1::2], strict=True)):
        rows = range(size) if turn % 2 else range(size - 1, -1, -1)
        for y in rows:
            yield from ((right, y), (left, y))


def _fixed(version: int, size: int) -> Cells:
    """What is not data: patterns that find, time and align, the format and the version (6.3, 7.9, 7.10)."""
    cells: Cells = {}
    for along in range(size):
        cells[along, 6] = cells[6, along] = (along + 1) % 2
    for x, y in _alignments(version, size):
        for right, down in product(range(-2, 3), repeat=2):
            cells[x + right, y + down] = int(max(abs(right), abs(down)) != 1)
    for x, y in ((3, 3), (size - 4, 3), (3, size - 4)):
        for right, down in product(range(-4, 5), repeat=2):
            if 0 <= x + right < size and 0 <= y + down < size:
                cells[x + right, y + down] = int(max(abs(right), abs(down)) not in (2, 4))
    return cells | _format(size) | (_version(version, size) if version >= 7 else {})


def _alignments(version: int, size: int) -> list[tuple[int, int]]:
    """The middles of the alignment patterns (annex E)."""
    if version == 1:
        return []
    gaps = version // 7 + 1
    step = -(-(size - 13) // (2 * gaps)) * 2
    lines = [6, *(size - 7 - step * number for number in range(gaps - 1, -1, -1))]
    found_there = {(6, 6), (6, size - 7), (size - 7, 6)}
    return [(x, y) for x, y in product(lines, repeat=2) if (x, y) not in found_there]


def _format(size: int) -> Cells:
    """Two copies, and the module that is always dark."""
    upright = [(8, y) for y in (0, 1, 2, 3, 4, 5, 7, 8)] + [(8, size - 15 + bit) for bit in range(8, 15)]
    level = [(size - 1 - bit, 8) for bit in range(8)] + [(x, 8) for x in (7, 5, 4, 3, 2, 1, 0)]
    bits = [_FORMAT >> bit & 1 for bit in range(15)]
    return dict(zip(upright, bits, strict=True)) | dict(zip(level, bits, strict=True)) | {(8, size - 8): 1}


def _version(version: int, size: int) -> Cells:
    rest = version
    for _ in range(12):
        rest = rest << 1 ^ (rest >> 11) * _VERSION_CHECK
    bits = version << 12 | rest
    cells = {(bit // 3, size - 11 + bit % 3): bits >> bit & 1 for bit in range(18)}
    return cells | {(y, x): dark for (x, y), dark in cells.items()}
