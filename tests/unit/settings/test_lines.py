"""Lines of keys."""

from __future__ import annotations

from asctl.settings.lines import key_lines, line_of

TEXT = '''\
# [watch] in a comment
[watch]
slow_after = "24h"   # a = b
  "lost_after"="72h"
[ shops . "旗舰店" ]
note = """
inside = 1
[not.a.table]
"""
after.dotted = 1
inline = { deep = 1 }
list = [
  "a = b",
]
last = 'x'
'''


def test_keys_are_found_in_ordinary_layouts() -> None:
    """Headers, quoted and dotted keys; nothing inside comments and long texts."""
    lines = key_lines(TEXT)
    assert {
        ("watch",): 2,
        ("watch", "slow_after"): 3,
        ("watch", "lost_after"): 4,
        ("shops", "旗舰店", "note"): 6,
        ("shops", "旗舰店", "after", "dotted"): 10,
        ("shops", "旗舰店", "last"): 15,
    }.items() <= lines.items()
    assert not any("inside" in path or "not" in path for path in lines)


def test_a_key_without_a_line_of_its_own_gets_its_tables() -> None:
    """Inline tables point to the line they stand in; what is nowhere points to the first."""
    lines = key_lines(TEXT)
    assert line_of(lines, ("shops", "旗舰店", "inline", "deep")) == 11
    assert line_of(lines, ("nowhere", "x")) == 1
