"""Words brought to a common form, so that "investments" meets "invested". Knows no graph and no question."""

from __future__ import annotations

from collections.abc import Iterable

_ENDINGS = (
    "isations", "izations", "isation", "ization", "ations", "ation", "ments", "ment", "ings", "ing", "ities", "ity", "ions", "ion", "iers",
    "ier", "ies", "ied", "ers", "er", "ors", "or", "ised", "ized", "ises", "izes", "ise", "ize", "ances", "ance", "encies", "ences", "ence",
    "ency", "ents", "ent", "ively", "ive", "ally", "ly", "als", "al", "ed", "es", "s", "e", "y",
)  # fmt: skip
_TAILS = ("at", "it", "ic", "or", "e", "i", "t")
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
    "lowest": "low", "chose": "choose", "chosen": "choose", "sought": "seek", "taught": "teach", "shown": "show", "known": "know",
}  # fmt: skip


def stem(word: str) -> str:
    """A word without its commonest endings; irregular forms and spellings of one word meet.

    Crude on purpose: it only has to bring the same words together, not to find a root.
    """
    word = _IRREGULAR.get(word, word)
    if not word.isascii() or any(map(str.isdigit, word)):
        return word
    for endings, least in ((_ENDINGS, 4), (_TAILS, 5)):
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= least:
                word = word[: -len(ending)]
                break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiou" else word


def stems(words: Iterable[str]) -> list[str]:
    """Stems of words, in order."""
    return [stem(word) for word in words]
