"""What every result of an analysis has: the claims it rests on, a text that explains it, the command that repeats it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agikg.model.record import Record
from agikg.model.scope import Scope


class Result(Record):
    """Mix-in for the results of analyses."""

    __slots__ = ()

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Ids of all claims the result rests on, each once, in the order in which it names them."""
        return tuple(dict.fromkeys(_claims(self)))

    def explain(self) -> str:
        """The result in sentences, made of graph labels and templates only."""
        raise NotImplementedError

    def command(self) -> str:
        """The command line that repeats the result on the same snapshot."""
        raise NotImplementedError


def _claims(value: Any) -> Iterator[str]:
    if isinstance(value, Record):
        for name in value.__dataclass_fields__:  # type: ignore[attr-defined]
            inner = getattr(value, name)
            if name in ("claims", "barred_by", "rests_on"):
                yield from inner
            else:
                yield from _claims(inner)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _claims(item)


def command_line(verb: str, *words: str, scope: Scope | None = None, options: Mapping[str, Any] | None = None) -> str:
    """A command: words quoted where a shell needs it, lists as repeated options, None and False left out."""
    parts = ["agikg", verb, *map(quoted, words)]
    given = dict(options or {})
    if scope is not None:
        given |= {"as-of": scope.as_of, "known-at": scope.known_at, "source": scope.sources, "min-confidence": scope.min_confidence}
    for name, value in given.items():
        for one in value if isinstance(value, tuple | list) else (value,):
            if one is True:
                parts.append(f"--{name}")
            elif one is not None and one is not False:
                parts += [f"--{name}", *map(quoted, one if isinstance(one, tuple | list) else (str(one),))]
    return " ".join(parts)


def quoted(word: str) -> str:
    """A word as a POSIX shell takes it."""
    plain = word and all(character.isalnum() or character in "-_./:=+@%," for character in word)
    return word if plain else "'" + word.replace("'", "'\"'\"'") + "'"


def listed(names: list[str] | tuple[str, ...], most: int = 12) -> str:
    """Names as a sentence has them: a, b and c; "and n more" past ``most``."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return " and ".join(", ".join(shown).rsplit(", ", 1)) if len(shown) > 1 else "".join(shown)


def counted(number: int, one: str, many: str) -> str:
    """A number with the words that go with it: "1 stops", "7 stop"."""
    return f"{number} {one if number == 1 else many}"
