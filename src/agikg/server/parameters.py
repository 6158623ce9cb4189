"""What a parameter of the JSON API may be: declared once, read from query strings and JSON bodies, described as JSON Schema.

Knows texts and numbers; nothing of HTTP, of operations, or of the graph.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from agikg.dates import period
from agikg.errors import BadInput

LONGEST_NAME, LONGEST_TEXT, MOST_VALUES = 300, 2_000, 50
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")
_ARROW = "->"
# For descriptions; the readers below decide.
_PATTERNS = {
    "pair": r"^[^>]*\S[^>]*->[^>]*\S[^>]*$",
    "assignment": r"^.*\S.*=[-+]?[0-9]{1,9}(\.[0-9]{1,9})?$",
    "date": r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?|-H[12]|-Q[1-4])?$",
}


class Parameter(NamedTuple):
    """A declared parameter.

    Attributes:
        name: as it stands in the query string and in JSON bodies.
        help: one line.
        kind: text, name, date, choice, whole (a number), flag, pair (``A->B``) or assignment (``NAME=NUMBER``).
        required: whether it has to be given.
        many: whether it may be given several times.
        choices: of a choice.
        least, most: bounds of a whole number.
        default: what holds where it is not given.
        longest: characters a text may have.
        times: how often it may be given at most, where it may be given several times.
        listed: the closed list of the graph whose words it takes: sources, layers, modalities ...; the library checks them.
    """

    name: str
    help: str
    kind: str = "text"
    required: bool = False
    many: bool = False
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    default: Any = None
    longest: int = LONGEST_NAME
    times: int = MOST_VALUES
    listed: str = ""

    def read(self, texts: Sequence[str]) -> Any:
        """The value of a query string's texts.

        Raises:
            BadInput: there are too many, or one is not what is declared.
        """
        most = self.times if self.many else 1
        if len(texts) > most:
            raise BadInput(f"{self.name} is given {len(texts)} times, at most {most} are read")
        values = [self._read_one(text) for text in texts]
        if self.kind == "assignment":
            return self._assigned(values)
        return tuple(values) if self.many else values[0]

    def read_json(self, value: Any) -> Any:
        """The value of a JSON body's member: as in the query string, but with numbers, lists, pairs and objects as such.

        Raises:
            BadInput: it is not what is declared.
        """
        if self.kind == "assignment":
            if not isinstance(value, Mapping) or any(
                isinstance(number, bool) or not isinstance(number, int | float) for number in value.values()
            ):
                raise BadInput(f"{self.name} is no object of names and numbers", hint=self.help)
            return self.read([f"{name}={number}" for name, number in value.items()])
        if self.many and not isinstance(value, list):
            raise BadInput(f"{self.name} is no list", hint=self.help)
        rows = value if self.many else [value]
        return self.read([self._text(row) for row in rows]) if rows else self.nothing

    @property
    def nothing(self) -> Any:
        """The value where it is not given."""
        if self.kind == "assignment":
            return {}
        return () if self.many else self.default

    def _text(self, value: Any) -> str:
        """One value of a body as the query string would spell it; types are not guessed."""
        wanted: type = {"flag": bool, "whole": int}.get(self.kind, str)
        if isinstance(value, wanted) and isinstance(value, bool) == (wanted is bool):
            return str(value).lower() if wanted is bool else str(value)
        if self.kind == "pair" and isinstance(value, list) and len(value) == 2 and all(isinstance(end, str) for end in value):
            return _ARROW.join(value)
        raise BadInput(f"{self.name} cannot be {_short(json.dumps(value))}", hint=self.help)

    def _read_one(self, text: str) -> Any:
        if not text.strip():
            raise BadInput(f"{self.name} is empty", hint=f"give {self.help}, or leave it out")
        if len(text) > self.longest:
            raise BadInput(f"{self.name} has {len(text)} characters, at most {self.longest} are read")
        reader = {"whole": self._whole, "flag": self._flag, "choice": self._choice, "pair": self._pair, "assignment": self._assignment}
        if self.kind == "date":
            period(text)
        return reader[self.kind](text) if self.kind in reader else text

    def _whole(self, text: str) -> int:
        # int() reads digits of every script and underscores; an address should have one spelling.
        digits = text.removeprefix("-")
        number = int(text) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
        if number is None or not self.least <= number <= self.most:
            raise BadInput(f"{self.name}={_short(text)} is not a whole number from {self.least} to {self.most}")
        return number

    def _flag(self, text: str) -> bool:
        if text.lower() not in _TRUE + _FALSE:
            raise BadInput(f"{self.name}={_short(text)} is neither true nor false")
        return text.lower() in _TRUE

    def _choice(self, text: str) -> str:
        if text not in self.choices:
            raise BadInput(f"{self.name}={_short(text)} is none of {', '.join(self.choices)}")
        return text

    def _pair(self, text: str) -> tuple[str, str]:
        first, arrow, second = (part.strip() for part in text.partition(_ARROW))
        if not (first and arrow and second) or _ARROW in second:
            raise BadInput(f"{self.name}={_short(text)} is not two names with {_ARROW} between them")
        return first, second

    def _assignment(self, text: str) -> tuple[str, float]:
        # The last equals sign parts them, so that names may hold one.
        name, _, digits = text.rpartition("=")
        try:
            number = float(digits)
        except ValueError:
            number = math.nan
        if not name.strip() or not math.isfinite(number):
            raise BadInput(f"{self.name}={_short(text)} is not a name and a number, as in SMIC=0.4")
        return name.strip(), number

    def _assigned(self, pairs: Sequence[tuple[str, float]]) -> dict[str, float]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise BadInput(f"{self.name} gives a name two numbers", hint="give each name one number")
        return found

    def schema(self, *, body: bool = False) -> dict[str, Any]:
        """JSON Schema of the value: as the query string spells it, or as a JSON body has it."""
        one = self._schema_of_one(body=body)
        if self.kind == "assignment" and body:
            return {"type": "object", "additionalProperties": {"type": "number"}, "maxProperties": self.times}
        if self.many:
            return {"type": "array", "items": one, "maxItems": self.times}
        return one if self.default is None else {**one, "default": self.default}

    def _schema_of_one(self, *, body: bool) -> dict[str, Any]:
        if self.kind == "whole":
            return {"type": "integer", "minimum": self.least, "maximum": self.most}
        if self.kind == "flag":
            return {"type": "boolean"}
        if self.kind == "choice":
            return {"type": "string", "enum": list(self.choices)}
        if self.kind == "pair" and body:
            return {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 2, "maxItems": 2}
        # At least one character that is not white space: what the reader calls empty.
        pattern = _PATTERNS.get(self.kind, r"\S")
        return {"type": "string", "maxLength": self.longest, "pattern": pattern}


def read_query(declared: Sequence[Parameter], given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Values of all declared parameters from a query string.

    Raises:
        BadInput: one is unknown, missing, repeated, or not what is declared.
    """
    _known(declared, given)
    return {p.name: p.read(given[p.name]) if given.get(p.name) else _absent(p) for p in declared}


def read_body(declared: Sequence[Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Values of all declared parameters from a JSON object; null is as good as left out.

    Raises:
        BadInput: one is unknown, missing, or not what is declared.
    """
    _known(declared, given)
    return {p.name: _absent(p) if given.get(p.name) is None else p.read_json(given[p.name]) for p in declared}


def _absent(parameter: Parameter) -> Any:
    if parameter.required:
        raise BadInput(f"{parameter.name} is missing", hint=f"{parameter.name}: {parameter.help}")
    return parameter.nothing


def _known(declared: Sequence[Parameter], given: Mapping[str, Any]) -> None:
    names = [parameter.name for parameter in declared]
    for name in given:
        if name not in names:
            near = get_close_matches(name[:60], names, n=1)
            raise BadInput(
                f"no parameter is called {_short(name)}",
                hint=f"did you mean {near[0]}?" if near else f"there are: {', '.join(names) or 'none'}",
            )


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}…")
