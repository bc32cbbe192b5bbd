"""Code 128 (ISO/IEC 15417), code sets B and C: printable ASCII into bar widths, with as few symbols as can be."""

from __future__ import annotations

_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 "
    "221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 "
    "221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 "
    "212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 "
    "231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 "
    "231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 "
    "112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 "
    "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 "
    "114131 311141 411131 211412 211214 211232 "
)
_PATTERNS = (*(_WIDTHS[at : at + 6] for at in range(0, len(_WIDTHS), 7)), "2331112")
_TO_C, _TO_B, _START_B, _START_C, _STOP = 99, 100, 104, 105, 106
_NEVER = float("inf")


def symbol_values(text: str) -> list[int]:
    """The symbols from start to stop, check symbol included.

    Raises :class:`ValueError` for an empty text and for anything but the ASCII characters 32 to 126.
    """
    if not text or not all(" " <= character <= "~" for character in text):
        raise ValueError("Code 128 here holds one or more of the ASCII characters 32 to 126")
    values = _data_symbols(text)
    check = values[0] + sum(place * value for place, value in enumerate(values))
    return [*values, check % 103, _STOP]


def element_widths(values: list[int]) -> str:
    """Widths in modules as digits: bar, space, bar, ... ending with a bar."""
    return "".join(_PATTERNS[value] for value in values)


def _data_symbols(text: str) -> list[int]:
    costs = _costs(text)
    in_c = costs[0][1] < costs[0][0]
    values = [_START_C if in_c else _START_B]
    at = 0
    while at < len(text):
        cost_b, cost_c = costs[at]
        if (cost_b if in_c else cost_c) + 1 < (cost_c if in_c else cost_b):
            in_c = not in_c
            values.append(_TO_C if in_c else _TO_B)
        values.append(int(text[at : at + 2]) if in_c else ord(text[at]) - 32)
        at += 2 if in_c else 1
    return values


def _costs(text: str) -> list[tuple[float, float]]:
    """For each position, how many symbols the rest takes when its first one is of set B, and when it is of set C."""
    costs: list[tuple[float, float]] = [(0, 0)] * (len(text) + 1)
    for at in range(len(text) - 1, -1, -1):
        next_b, next_c = costs[at + 1]
        cost_b, cost_c = 1 + min(next_b, next_c + 1), _NEVER
        if text[at : at + 2].isdigit() and at + 2 <= len(text):
            later_b, later_c = costs[at + 2]
            cost_c = 1 + min(later_c, later_b + 1)
        costs[at] = (cost_b, cost_c)
    return costs
