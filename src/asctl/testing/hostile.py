"""Texts that people write, and programs stumble over; each by what is odd about it."""

from __future__ import annotations

from collections.abc import Mapping

HOSTILE: Mapping[str, str] = {
    "nothing": "",
    "blanks": " \t\u3000 ",
    "control characters": "a\x00\x07\x1b[31m\x0b\x0c\x1c\x85\u2028\u2029b",
    "line ends": "a\r\nb\nc\r",
    "a very long word": "W" * 2_000,
    "very long Chinese": "字" * 2_000,
    "another direction": "\u202e\u2066\u2067\u200f倒过来\u2069 مرحبا بالعالم",
    "invisible characters": "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u3164",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈1️⃣",
    "piled marks": "Z" + "\u0301\u0334\u20dd\u0e47" * 40 + "algo",
    "rare characters": "𠮷䶮\U000323af﷽⸻",
    "code points of nobody": "\U0010ffff\ue000\ufdd0\ufffe",
    "half characters": "\ud800 and \udc00",
    "braces": "{rma} {0} {{ %s %n ${HOME}",
    "markup": "<script>alert(1)</script>&lt; ]]> <!-- --",
    "a printer's commands": "^XZ^XA^FO0,0^FD ~JA \x1bE",
    "a path": "../../etc/passwd",
}
