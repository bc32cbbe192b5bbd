"""How TOP signs a call (reference/taobao-top.md section 1.3). Client and sandbox share it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

METHODS = ("hmac-sha256", "md5", "hmac")


def without_empties(parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters that have a name and a value: empty ones are neither signed nor sent."""
    return {name: value for name, value in parameters.items() if name and value}


def signed_text(parameters: Mapping[str, str]) -> str:
    """Names and values with nothing between, sorted by the names' bytes; raw text, ``sign`` left out."""
    filled = without_empties(parameters)
    names = sorted((name for name in filled if name != "sign"), key=lambda name: name.encode())
    return "".join(name + filled[name] for name in names)


def signature(parameters: Mapping[str, str], secret: str, method: str) -> str:
    """Upper-case hex over the text parameters; ``method`` is one of :data:`METHODS`, else ``ValueError``."""
    key, text = secret.encode(), signed_text(parameters).encode()
    if method == "hmac-sha256":
        return hmac.new(key, text, hashlib.sha256).hexdigest().upper()
    if method == "hmac":
        return hmac.new(key, text, hashlib.md5).hexdigest().upper()
    if method == "md5":
        return hashlib.md5(key + text + key).hexdigest().upper()
    raise ValueError(f"not a way to sign: {method}")
