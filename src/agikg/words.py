"""Words brought to a common form, so that "investments" meets "invested". Knows no graph and no question."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

_ENDINGS = (
    "isations", "izations", "isation", "ization", "ations", "ation", "ments", "ment", "ings", "ing", "ities", "ity", "ions", "ion", "iers",
    "ier", "ies", "ied", "ers", "er", "ors", "or", "ised", "ized", "ises", "izes", "ise", "ize", "ances", "ance", "encies", "ences", "ence",
    "ency", "ents", "ent", "ively", "ive", "ally", "ly", "als", "al", "ed", "es", "s", "e", "y",
)  # fmt: skip
_TAILS = ("at", "it", "ic", "or", "e", "i", "t")
_ENDING, _TAIL = frozenset(_ENDINGS), frozenset(_TAILS)
_LONGEST, _LEAST, _LEAST_TAIL = max(map(len, _ENDINGS)), 4, 5
"""Letters of the longest ending; letters that have to be left of a word without its ending, and without its tail."""
_IRREGULAR = {
    "owned": "own", "owns": "own", "owner": "own", "owners": "own", "owning": "own", "aims": "aim", "aimed": "aim", "aiming": "aim",
    "buys": "buy", "buying": "buy", "buyer": "buy", "buyers": "buy", "runs": "run", "running": "run", "bars": "bar", "barred": "bar",
    "bans": "ban", "banned": "ban", "banning": "ban", "sets": "set", "asks": "ask", "asked": "ask", "lags": "lag", "lagged": "lag",
    "used": "use", "uses": "use", "using": "use", "user": "use", "users": "use", "usage": "use", "rely": "reli", "models": "model",
    "built": "build", "bought": "buy", "led": "lead", "spent": "spend", "grew": "grow", "grown": "grow", "sold": "sell", "made": "make",
    "held": "hold", "gave": "give", "given": "give", "took": "take", "taken": "take", "ran": "run", "rose": "rise", "risen": "rise",
    "fell": "fall", "fallen": "fall", "kept": "keep", "said": "say", "told": "tell", "won": "win", "lost": "lose", "began": "begin",
    "begun": "begin", "found": "find", "founded": "founder", "founders": "founder", "founding": "founder", "paid": "pay", "drew": "draw",
    "drawn": "draw", "set": "set", "better": "good", "best": "good", "men": "man", "women": "woman", "people": "person",
    "centres": "center",
    "centre": "center", "labour": "labor", "programme": "program", "programmes": "program", "licence": "license", "licences": "license",
    "behaviour": "behavior", "data": "data", "analyses": "analysis", "bigger": "big", "biggest": "big", "larger": "large",
    "largest": "large", "faster": "fast", "fastest": "fast", "cheaper": "cheap", "higher": "high", "highest": "high", "lower": "low",
    "lowest": "low", "drove": "drive", "driven": "drive", "went": "go", "gone": "go", "goes": "go", "came": "come", "got": "get",
    "saw": "see", "brought": "bring", "caught": "catch", "thought": "think", "wrote": "write", "written": "write", "met": "meet",
    "meant": "mean", "stood": "stand", "fought": "fight", "broke": "break", "broken": "break", "shrank": "shrink", "shrunk": "shrink",
    "overtook": "overtake", "withdrew": "withdraw", "forbade": "forbid", "forbidden": "forbid", "overcame": "overcome", "froze": "freeze",
    "frozen": "freeze", "dealt": "deal", "laid": "lay", "felt": "feel", "smaller": "small", "smallest": "small", "newer": "new",
    "newest": "new", "stronger": "strong", "strongest": "strong", "weakest": "weak", "cheapest": "cheap", "greater": "great",
    "greatest": "great", "longer": "long", "longest": "long", "shorter": "short", "shortest": "short", "busiest": "busy",
    "strictest": "strict", "tightest": "tight", "slowest": "slow", "easier": "easy", "easiest": "easy", "worse": "bad", "worst": "bad",
    "older": "old", "oldest": "old", "latest": "late", "latter": "late", "closest": "close", "nearest": "near", "hardest": "hard",
    "richest": "rich", "chose": "choose", "chosen": "choose", "sought": "seek", "taught": "teach", "shown": "show", "known": "know",
}  # fmt: skip


@lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """A word without its commonest endings; irregular forms and spellings of one word meet.

    Crude on purpose: it only has to bring the same words together, not to find a root.
    """
    word = _IRREGULAR.get(word, word)
    if not word.isascii() or any(map(str.isdigit, word)):
        return word
    for length in range(min(_LONGEST, len(word) - _LEAST), 0, -1):
        if word[-length:] in _ENDING:
            word = word[:-length]
            break
    for length in range(min(2, len(word) - _LEAST_TAIL), 0, -1):
        if word[-length:] in _TAIL:
            word = word[:-length]
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiou" else word


def stems(words: Iterable[str]) -> list[str]:
    """Stems of words, in order."""
    return [stem(word) for word in words]


def thesaurus() -> dict[str, list[str]]:
    """Stem -> stems that may stand for it: in each line of the thesaurus, the first word for each of the others, and they for it."""
    found: dict[str, set[str]] = {}
    for line in Path(__file__).with_name("thesaurus.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            head, *others = map(stem, line.split())
            found.setdefault(head, set()).update(others)
            for other in others:
                found.setdefault(other, set()).add(head)
    return {word: sorted(others - {word}) for word, others in sorted(found.items())}
