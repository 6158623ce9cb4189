"""Keeps results of tools to a size that an assistant can take, and says what was cut. Knows JSON values, nothing of the graph."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_CHAINS = frozenset({"because", "chain"})
"""Lists that mean nothing when cut: the links of one chain."""
_LONG = 2_000
"""Characters of a text that are kept when a result is too large without its lists."""

SCHEMA: dict[str, Any] = {
    "anyOf": [
        {
            "type": "object",
            "properties": {
                "lists": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "list": {"type": "string"},
                            "first": {"type": "integer"},
                            "shown": {"type": "integer"},
                            "total": {"type": "integer"},
                        },
                        "required": ["list", "first", "shown", "total"],
                    },
                },
                "advice": {"type": "string"},
            },
            "required": ["lists", "advice"],
        },
        {"type": "null"},
    ],
    "description": "What was cut to keep the result small: the total counts, of lists within items the longest; null where nothing was.",
}
"""JSON Schema of ``truncated``."""


def compact(value: Any) -> str:
    """A value as JSON without spaces, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def bounded(result: Mapping[str, Any], limit: int, size: float, main: str | None = None, offset: int = 0) -> dict[str, Any]:
    """A result with its lists cut, and ``truncated`` that says which.

    Args:
        result: as JSON values.
        limit: most items of each list of objects or rows; of lists within items, most members of any kind.
        size: most bytes of the whole as JSON.
        main: the list that the offset moves along.
        offset: items of it that are left out first.
    """
    cut = _Cut(result, limit, main, offset)
    made = cut.made()
    while len(compact(made).encode("utf-8", "surrogatepass")) > size and cut.tighten(made):
        made = cut.made()
    made["truncated"] = cut.told()
    return made


class _Cut:
    """One result and how far it is cut at present."""

    def __init__(self, result: Mapping[str, Any], limit: int, main: str | None, offset: int) -> None:
        self._result, self._main, self._offset, self._limit = result, main, offset, limit
        self._tops = {name: limit for name, value in result.items() if _objects(value)}
        self._inner = limit
        self._shortened = False
        self._seen: dict[str, tuple[int, int]] = {}

    def made(self) -> dict[str, Any]:
        """The result as it is cut now."""
        self._seen = {}
        return {name: self._top(name, value) for name, value in self._result.items()}

    def tighten(self, made: Mapping[str, Any]) -> bool:
        """Cuts one step further: the largest list, then lists within items, then long texts, at last whole lists; False at the end."""
        sizes = {name: len(compact(made[name])) for name in self._tops if made[name]}
        several = [name for name in sizes if len(made[name]) > 1]
        if several:
            widest = max(several, key=sizes.__getitem__)
            self._tops[widest] = len(made[widest]) // 2
        elif self._inner > 1:
            self._inner //= 2
        elif not self._shortened:
            self._shortened = True
        elif sizes:
            self._tops[max(sizes, key=sizes.__getitem__)] = 0
        else:
            return False
        return True

    def told(self) -> dict[str, Any] | None:
        """What was cut, or None."""
        lists: list[dict[str, Any]] = [
            {"list": name, "first": self._offset if name == self._main else 0, "shown": shown, "total": total}
            for name, (shown, total) in self._seen.items()
        ]
        if not lists:
            return None
        more = [entry["first"] + entry["shown"] for entry in lists if entry["list"] == self._main]
        further = f"go on with offset={more[0]}, " if more and more[0] < len(self._result[str(self._main)]) else ""
        return {"lists": lists, "advice": f"this is not all: {further}raise limit (at most 200), or ask for less at once"}

    def _top(self, name: str, value: Any) -> Any:
        if name not in self._tops:
            return self._value(name, value, 0)
        start = self._offset if name == self._main else 0
        kept = value[start : start + self._tops[name]]
        if len(kept) < len(value):
            self._seen[name] = (len(kept), len(value))
        return [self._value(name, item, 1) for item in kept]

    def _value(self, path: str, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            return {name: self._under(f"{path}.{name}", name, item, depth) for name, item in value.items()}
        if isinstance(value, list):
            return [self._value(path, item, depth) for item in value]
        if isinstance(value, str) and self._shortened and len(value) > _LONG:
            self._seen[path] = (_LONG, max(len(value), self._seen.get(path, (0, 0))[1]))
            return value[:_LONG] + "…"
        return value

    def _under(self, path: str, name: str, value: Any, depth: int) -> Any:
        """A field of an object: its list is cut, if it is one within an item."""
        if isinstance(value, list) and depth and name not in _CHAINS and len(value) > self._inner:
            self._seen[path] = (self._inner, max(len(value), self._seen.get(path, (0, 0))[1]))
            value = value[: self._inner]
        return self._value(path, value, depth)


def _objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict | list)
