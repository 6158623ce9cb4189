"""Base of all records: a frozen dataclass with pydantic's methods.

Defining pydantic models costs 100 ms at start, more than a whole warm ``agikg ask`` may take. So records are standard
dataclasses; pydantic validates, serialises and describes them through a ``TypeAdapter`` built when first asked for.
"""

from __future__ import annotations

import json
from typing import Any, Self

_ADAPTERS: dict[type, Any] = {}


class Record:
    """Mix-in for frozen dataclasses: ``model_dump``, ``model_dump_json``, ``model_validate``, ``model_json_schema``."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Equal records are of one class and have equal fields (one method for all: generated ones cost start-up)."""
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._values()))

    def __repr__(self) -> str:
        names = self.__dataclass_fields__  # type: ignore[attr-defined]
        pairs = ", ".join(f"{name}={value!r}" for name, value in zip(names, self._values(), strict=True))
        return f"{type(self).__name__}({pairs})"

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)  # type: ignore[attr-defined]

    def model_dump(self) -> dict[str, Any]:
        """The record as plain dicts, lists and scalars, keys in field order."""
        return {_key(name): _plain(getattr(self, name)) for name in self.__dataclass_fields__}  # type: ignore[attr-defined]

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """The record as JSON, Chinese as it is."""
        return json.dumps(self.model_dump(), ensure_ascii=False, indent=indent)

    @classmethod
    def model_validate(cls, data: object) -> Self:
        """A record from plain data, checked by pydantic.

        Raises:
            pydantic.ValidationError: a field is missing, unknown or of the wrong type.
        """
        validated: Self = _adapter(cls).validate_python(_renamed(data))
        return validated

    @classmethod
    def model_json_schema(cls) -> dict[str, Any]:
        """JSON Schema of the record, by pydantic, with the names that ``model_dump`` writes."""
        schema: dict[str, Any] = _with_keys(_adapter(cls).json_schema())
        return schema


def _adapter(cls: type) -> Any:
    if cls not in _ADAPTERS:
        from pydantic import TypeAdapter

        _ADAPTERS[cls] = TypeAdapter(cls)
    return _ADAPTERS[cls]


def _key(name: str) -> str:
    """``from_`` is ``from`` in JSON: a keyword in Python only."""
    return name.rstrip("_")


def _with_keys(schema: Any) -> Any:
    """A schema with the keys of the JSON in place of the names of the fields."""
    if isinstance(schema, list):
        return [_with_keys(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _with_keys(value) for name, value in schema.items()}
    if isinstance(found.get("properties"), dict):
        found["properties"] = {_key(name): value for name, value in found["properties"].items()}
    if isinstance(found.get("required"), list):
        found["required"] = [_key(name) for name in found["required"]]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.model_dump()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _renamed(data: object) -> object:
    if isinstance(data, dict):
        return {("from_" if key == "from" else key): _renamed(value) for key, value in data.items()}
    return [_renamed(item) for item in data] if isinstance(data, list) else data
