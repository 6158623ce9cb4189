"""Makes src/agikg/ask/everyday.bin: checksums of everyday Chinese words.

    pip install jieba
    python -m benchmarks.everyday

The words are those of the dictionary of jieba (MIT licence) that are common enough and no names of people, places, bodies or others.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from agikg.ask.everyday import LENGTHS, TABLE
from agikg.meaning import checksum
from agikg.packed import packed_numbers

COMMON = 50
"""How often a word stands in the texts that the dictionary counts, at least."""
NAMES = ("nr", "ns", "nt", "nz")
"""How the kinds of names begin."""


def words() -> list[str]:
    """The everyday words of the dictionary."""
    found = importlib.util.find_spec("jieba")
    if found is None or found.origin is None:
        raise SystemExit("pip install jieba")
    rows = (line.split() for line in Path(found.origin).with_name("dict.txt").read_text(encoding="utf-8").splitlines())
    return [word for word, count, kind in rows if len(word) in LENGTHS and int(count) >= COMMON and not kind.startswith(NAMES)]


def main() -> None:
    found = sorted({checksum(word) for word in words()})
    TABLE.write_bytes(packed_numbers(found))
    print(f"{len(found)} words, {TABLE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
